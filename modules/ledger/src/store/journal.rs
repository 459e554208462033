use db::{Row, Tx, params};
use kernel::{Id, Result};

use crate::{
    model::{Chain, Entry, Line, Phase, Unit},
    store::Moved,
};

/// The end of the journal.
pub(crate) fn chain(tx: &mut Tx) -> Result<Chain> {
    let last = tx.maybe(
        "SELECT place, hash FROM ledger_journal ORDER BY place DESC LIMIT 1",
        params![],
        |row| {
            Ok(Chain {
                place: row.get(0)?,
                hash: row.get(1)?,
            })
        },
    )?;
    Ok(last.unwrap_or_default())
}

/// Up to `most` transfers that wait for their place, the oldest first; their place is still 0.
pub(crate) fn unchained(tx: &mut Tx, most: i64) -> Result<Vec<(Id<Moved>, Entry)>> {
    tx.all(
        "SELECT t.id, t.phase, t.unit, t.amount, t.cause, t.cause_id, t.key, t.pending_id, t.pending_amount, t.due_at,
                t.made_at, d.owner_kind, d.owner_id, d.kind, d.unit, c.owner_kind, c.owner_id, c.kind, c.unit
           FROM ledger_unchained w
           JOIN ledger_transfer t ON t.id = w.transfer_id
           JOIN ledger_account d ON d.id = t.debit_id
           JOIN ledger_account c ON c.id = t.credit_id
          ORDER BY w.transfer_id LIMIT $1",
        params![most],
        |row| Ok((row.get(0)?, entry(row, 0)?)),
    )
}

/// Gives a transfer its place.
pub(crate) fn place(tx: &mut Tx, id: Id<Moved>, line: &Line) -> Result<()> {
    tx.run(
        "INSERT INTO ledger_journal (place, transfer_id, hash) VALUES ($1, $2, $3)",
        params![line.entry.place, id, &line.hash],
    )?;
    tx.run("DELETE FROM ledger_unchained WHERE transfer_id = $1", params![id])?;
    Ok(())
}

/// Up to `most` lines of the journal after a place, with their places. A line whose transfer is gone is `None`.
pub(crate) fn lines(tx: &mut Tx, after: i64, most: i64) -> Result<Vec<(i64, Option<Line>)>> {
    tx.all(
        "SELECT t.id, t.phase, t.unit, t.amount, t.cause, t.cause_id, t.key, t.pending_id, t.pending_amount, t.due_at,
                t.made_at, d.owner_kind, d.owner_id, d.kind, d.unit, c.owner_kind, c.owner_id, c.kind, c.unit,
                j.place, j.hash
           FROM ledger_journal j
           LEFT JOIN ledger_transfer t ON t.id = j.transfer_id
           LEFT JOIN ledger_account d ON d.id = t.debit_id
           LEFT JOIN ledger_account c ON c.id = t.credit_id
          WHERE j.place > $1
          ORDER BY j.place LIMIT $2",
        params![after, most],
        |row| {
            // An account that is gone takes its transfer's identity with it.
            let whole = row.get::<Option<String>>(11)?.is_some() && row.get::<Option<String>>(15)?.is_some();
            let place = row.get(19)?;
            if !whole {
                return Ok((place, None));
            }
            let line = Line {
                entry: entry(row, place)?,
                hash: row.get(20)?,
            };
            Ok((place, Some(line)))
        },
    )
}

fn entry(row: &Row<'_>, place: i64) -> Result<Entry> {
    Ok(Entry {
        v: 1,
        place,
        transfer: row.get::<Id<Moved>>(0)?.to_string(),
        phase: row.code::<Phase>(1)?,
        unit: row.code::<Unit>(2)?,
        amount: row.get(3)?,
        cause: row.get(4)?,
        cause_id: row.get::<Id<Moved>>(5)?.to_string(),
        key: row.get(6)?,
        pending: row.get::<Option<Id<Moved>>>(7)?.map(|id| id.to_string()),
        pending_amount: row.get(8)?,
        due_ms: row.get(9)?,
        made_ms: row.get(10)?,
        debit: account_name(row, 11)?,
        credit: account_name(row, 15)?,
    })
}

/// An account in one word: owner's kind, owner, kind, unit, with slashes.
pub(crate) fn account_name(row: &Row<'_>, first: usize) -> Result<String> {
    Ok(format!(
        "{}/{}/{}/{}",
        row.get::<String>(first)?,
        row.get::<Id<Moved>>(first + 1)?,
        row.get::<String>(first + 2)?,
        row.get::<String>(first + 3)?
    ))
}
