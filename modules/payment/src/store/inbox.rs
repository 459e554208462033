use db::{Row, Tx, params};
use kernel::{Cx, Id, Instant, Result};

use crate::{
    inbox::{Kind, Notice},
    model::Suspect,
};

/// A notice as it lies in the inbox.
pub(crate) struct NoticeRow {
    pub kind: Kind,
    pub body: String,
    pub done_at: Option<Instant>,
}

/// Puts a notice into the inbox; `None` when it lies there already.
pub(crate) fn put_notice(
    cx: &Cx,
    tx: &mut Tx,
    notice_id: &str,
    kind: Kind,
    body: &str,
) -> Result<Option<Id<Notice>>> {
    tx.maybe(
        "INSERT INTO payment_notice (id, notice_id, kind, body, taken_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING RETURNING id",
        params![cx.id::<Notice>(), notice_id, kind.code(), body, cx.now()],
        |row| row.get(0),
    )
}

/// WeChat Pay's numbers of all notices in the inbox.
pub(crate) fn notice_numbers(tx: &mut Tx) -> Result<Vec<String>> {
    tx.all("SELECT notice_id FROM payment_notice", params![], |row| {
        row.get(0)
    })
}

pub(crate) fn notice(tx: &mut Tx, id: Id<Notice>) -> Result<NoticeRow> {
    tx.one(
        "SELECT kind, body, done_at FROM payment_notice WHERE id = $1",
        params![id],
        |row| {
            Ok(NoticeRow {
                kind: row.code(0)?,
                body: row.get(1)?,
                done_at: row.get(2)?,
            })
        },
    )
}

pub(crate) fn finish_notice(cx: &Cx, tx: &mut Tx, id: Id<Notice>, outcome: &str, body: &str) -> Result<()> {
    tx.run(
        "UPDATE payment_notice SET done_at = $2, outcome = $3, body = $4 WHERE id = $1",
        params![id, cx.now(), outcome, body],
    )?;
    Ok(())
}

/// Sets something aside for a person; false when it is there already.
pub(crate) fn quarantine(tx: &mut Tx, suspect: &Suspect) -> Result<bool> {
    let added = tx.run(
        "INSERT INTO payment_quarantine (id, doubt, source, out_trade_no, transaction_id, payment_id, amount, body,
                                         found_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT DO NOTHING",
        params![
            suspect.id,
            suspect.doubt.code(),
            suspect.source.code(),
            &suspect.out_trade_no,
            &suspect.transaction_id,
            suspect.payment,
            suspect.amount,
            &suspect.body,
            suspect.found_at
        ],
    )?;
    Ok(added == 1)
}

macro_rules! suspects {
    ($rest:literal) => {
        concat!(
            "SELECT id, doubt, source, out_trade_no, transaction_id, payment_id, amount, body, found_at, looked_at,
                    looked_by, note
               FROM payment_quarantine ",
            $rest
        )
    };
}

pub(crate) fn suspect(tx: &mut Tx, id: Id<Suspect>) -> Result<Suspect> {
    tx.one(suspects!("WHERE id = $1"), params![id], read)
}

/// What is set aside: first what nobody has dealt with, then the newest.
pub(crate) fn quarantined(tx: &mut Tx) -> Result<Vec<Suspect>> {
    tx.all(
        suspects!("ORDER BY CASE WHEN looked_at IS NULL THEN 0 ELSE 1 END, id DESC LIMIT 200"),
        params![],
        read,
    )
}

/// Notes that a person dealt with it; false when somebody did before.
pub(crate) fn look_at(cx: &Cx, tx: &mut Tx, id: Id<Suspect>, note: &str) -> Result<bool> {
    let looked = tx.run(
        "UPDATE payment_quarantine SET looked_at = $2, looked_by = $3, note = $4 WHERE id = $1 AND looked_at IS NULL",
        params![id, cx.now(), cx.actor().to_string(), note],
    )?;
    Ok(looked == 1)
}

fn read(row: &Row) -> Result<Suspect> {
    let looked_at: Option<Instant> = row.get(9)?;
    let looked_by: Option<String> = row.get(10)?;
    let note: Option<String> = row.get(11)?;
    Ok(Suspect {
        id: row.get(0)?,
        doubt: row.code(1)?,
        source: row.code(2)?,
        out_trade_no: row.get(3)?,
        transaction_id: row.get(4)?,
        payment: row.get(5)?,
        amount: row.get(6)?,
        body: row.get(7)?,
        found_at: row.get(8)?,
        looked: looked_at.map(|at| (at, looked_by.unwrap_or_default(), note.unwrap_or_default())),
    })
}
