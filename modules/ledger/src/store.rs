mod books;
mod journal;

use db::{Row, Tx, params};
use kernel::{Cx, Error, Id, Instant, Money, Result};

pub(crate) use books::*;
pub use books::{Book, ShopAccount};
pub(crate) use journal::*;

use crate::model::{Account, End, Phase, Side, Standing, State, Transfer, Unit};

/// Marks identifiers of transfers.
#[derive(Debug)]
pub enum Moved {}

/// A row of the books as it opens a key: a direct or a pending transfer.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub id: Id<Moved>,
    pub phase: Phase,
    pub debit: i64,
    pub credit: i64,
    pub unit: Unit,
    pub amount: Money,
    pub due: Option<Instant>,
}

/// What a row adds to the sums of its two accounts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effect {
    pub posted: i64,
    pub pending: i64,
}

/// The account's key, if any transfer has named it.
pub(crate) fn account(tx: &mut Tx, account: Account) -> Result<Option<i64>> {
    tx.maybe(
        "SELECT id FROM ledger_account WHERE owner_kind = $1 AND owner_id = $2 AND kind = $3 AND unit = $4",
        params![
            account.owner_kind,
            account.owner_id,
            account.kind.code(),
            account.unit.code()
        ],
        |row| row.get(0),
    )
}

/// The account's key; opens the account with an empty balance when it is new. Like a key it is not looked for first.
pub(crate) fn account_opened(cx: &Cx, tx: &mut Tx, named: Account) -> Result<i64> {
    let new: Option<i64> = tx.maybe(
        "INSERT INTO ledger_account (id, owner_kind, owner_id, kind, unit) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING RETURNING id",
        params![
            cx.id::<Account>(),
            named.owner_kind,
            named.owner_id,
            named.kind.code(),
            named.unit.code()
        ],
        |row| row.get(0),
    )?;
    let Some(id) = new else {
        return account(tx, named)?.ok_or_else(|| Error::fault("two accounts were given one identifier"));
    };
    let (covered, side) = (named.kind.covered(), named.kind.side());
    tx.run(
        "INSERT INTO ledger_balance (account_id, credits_cover, debits_cover, allowance,
                                     debits_posted, credits_posted, debits_pending, credits_pending)
         VALUES ($1, $2, $3, $4, 0, 0, 0, 0)",
        params![
            id,
            covered && side == Side::Credit,
            covered && side == Side::Debit,
            named.kind.allowance()
        ],
    )?;
    Ok(id)
}

/// What was opened for this cause and key before.
pub(crate) fn opened(tx: &mut Tx, cause: (&str, i64), key: &str) -> Result<Option<Opened>> {
    tx.maybe(
        "SELECT id, phase, debit_id, credit_id, unit, amount, due_at FROM ledger_transfer
          WHERE cause = $1 AND cause_id = $2 AND key = $3 AND pending_id IS NULL",
        params![cause.0, cause.1, key],
        opened_row,
    )
}

/// The row itself, if it is one that opens a key.
pub(crate) fn opened_by_id(tx: &mut Tx, id: Id<Moved>) -> Result<Option<Opened>> {
    tx.maybe(
        "SELECT id, phase, debit_id, credit_id, unit, amount, due_at FROM ledger_transfer
          WHERE id = $1 AND pending_id IS NULL",
        params![id],
        opened_row,
    )
}

fn opened_row(row: &Row<'_>) -> Result<Opened> {
    Ok(Opened {
        id: row.get(0)?,
        phase: row.code(1)?,
        debit: row.get(2)?,
        credit: row.get(3)?,
        unit: row.code(4)?,
        amount: row.get(5)?,
        due: row.get(6)?,
    })
}

/// The row that ended a pending transfer, and how much it moved or freed.
pub(crate) fn ended(tx: &mut Tx, pending: Id<Moved>) -> Result<Option<(Id<Moved>, State, Money)>> {
    tx.maybe(
        "SELECT id, phase, amount FROM ledger_transfer WHERE pending_id = $1",
        params![pending],
        |row| {
            let state = match row.code(1)? {
                Phase::Post => State::Posted,
                _ => State::Voided,
            };
            Ok((row.get(0)?, state, row.get(2)?))
        },
    )
}

/// Writes the row that opens a key, and lets it wait for its place in the journal; false when the key is taken. It is
/// not looked for first: on PostgreSQL two that look side by side and then write would count as having met.
pub(crate) fn open(cx: &Cx, tx: &mut Tx, transfer: &Transfer, opened: &Opened) -> Result<bool> {
    let written = tx.run(
        "INSERT INTO ledger_transfer (id, phase, debit_id, credit_id, unit, amount, cause, cause_id, key, due_at, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        params![
            opened.id,
            opened.phase.code(),
            opened.debit,
            opened.credit,
            opened.unit.code(),
            opened.amount,
            transfer.cause.0,
            transfer.cause.1,
            transfer.key,
            opened.due,
            cx.now()
        ],
    )?;
    if written == 0 {
        return Ok(false);
    }
    let_wait(tx, opened.id)?;
    Ok(true)
}

/// Writes the row that ends a pending transfer; it carries the same cause and key.
pub(crate) fn end(cx: &Cx, tx: &mut Tx, pending: &Opened, end: End, amount: Money) -> Result<Id<Moved>> {
    let (id, phase) = match end {
        End::Post => (cx.id(), Phase::Post),
        End::Void | End::Lapse => (cx.id(), Phase::Void),
    };
    tx.run(
        "INSERT INTO ledger_transfer (id, phase, debit_id, credit_id, unit, amount, cause, cause_id, key,
                                      pending_id, pending_phase, pending_amount, made_at)
         SELECT CAST($1 AS BIGINT), CAST($2 AS TEXT), debit_id, credit_id, unit, CAST($3 AS BIGINT), cause, cause_id,
                key, id, phase, amount, CAST($4 AS BIGINT)
           FROM ledger_transfer WHERE id = $5",
        params![id, phase.code(), amount, cx.now(), pending.id],
    )?;
    let_wait(tx, id)?;
    Ok(id)
}

/// Adds to the sums of one account, on the side given; false when its sign forbids it.
pub(crate) fn add(tx: &mut Tx, account: i64, side: Side, effect: Effect) -> Result<bool> {
    let (debits, credits) = match side {
        Side::Debit => (
            effect,
            Effect {
                posted: 0,
                pending: 0,
            },
        ),
        Side::Credit => (
            Effect {
                posted: 0,
                pending: 0,
            },
            effect,
        ),
    };
    let changed = tx.run(
        "UPDATE ledger_balance
            SET debits_posted = debits_posted + $2, debits_pending = debits_pending + $3,
                credits_posted = credits_posted + $4, credits_pending = credits_pending + $5
          WHERE account_id = $1
            AND (credits_cover = 0
                 OR debits_posted + $2 + debits_pending + $3 <= credits_posted + $4 + allowance)
            AND (debits_cover = 0
                 OR credits_posted + $4 + credits_pending + $5 <= debits_posted + $2 + allowance)",
        params![
            account,
            debits.posted,
            debits.pending,
            credits.posted,
            credits.pending
        ],
    )?;
    Ok(changed == 1)
}

/// The sums of one account.
pub(crate) fn standing(tx: &mut Tx, account: i64) -> Result<Standing> {
    tx.one(
        "SELECT debits_posted, credits_posted, debits_pending, credits_pending FROM ledger_balance
          WHERE account_id = $1",
        params![account],
        |row| standing_from(row, 0),
    )
}

pub(crate) fn standing_from(row: &Row<'_>, first: usize) -> Result<Standing> {
    Ok(Standing {
        debits_posted: row.get(first)?,
        credits_posted: row.get(first + 1)?,
        debits_pending: row.get(first + 2)?,
        credits_pending: row.get(first + 3)?,
    })
}

fn let_wait(tx: &mut Tx, id: Id<Moved>) -> Result<()> {
    tx.run(
        "INSERT INTO ledger_unchained (transfer_id) VALUES ($1)",
        params![id],
    )
    .map(drop)
}
