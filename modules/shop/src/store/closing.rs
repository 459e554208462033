use db::{Row, Tx, params};
use kernel::{Cx, Id, Instant, Result};

use crate::{Closing, ClosingKind};

pub(crate) fn insert_closing(cx: &Cx, tx: &mut Tx, new: &Closing) -> Result<()> {
    tx.run(
        "INSERT INTO shop_closing (id, shop_id, kind, from_at, until_at, reason, actor, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            new.id,
            new.shop,
            new.kind.code(),
            new.from,
            new.until,
            &new.reason,
            cx.actor().to_string(),
            cx.now()
        ],
    )?;
    Ok(())
}

/// One closing, lifted or not.
pub fn closing(tx: &mut Tx, id: Id<Closing>) -> Result<Closing> {
    tx.one(
        "SELECT id, shop_id, kind, from_at, until_at, reason, lifted_at FROM shop_closing WHERE id = $1",
        params![id],
        read,
    )
}

/// What closes a shop within `from ..to`, the earliest first; what was lifted is not among it.
pub fn closings(tx: &mut Tx, shop: Id<kernel::Shop>, from: Instant, to: Instant) -> Result<Vec<Closing>> {
    tx.all(
        "SELECT id, shop_id, kind, from_at, until_at, reason, lifted_at FROM shop_closing
         WHERE shop_id = $1 AND until_at > $2 AND from_at < $3 AND lifted_at IS NULL ORDER BY from_at, id",
        params![shop, from, to],
        read,
    )
}

/// What closes any shop after a moment.
pub(crate) fn live_closings(tx: &mut Tx, after: Instant) -> Result<Vec<Closing>> {
    tx.all(
        "SELECT id, shop_id, kind, from_at, until_at, reason, lifted_at FROM shop_closing
         WHERE until_at > $1 AND lifted_at IS NULL ORDER BY from_at, id",
        params![after],
        read,
    )
}

/// The number of rows says whether it still counted.
pub(crate) fn lift(cx: &Cx, tx: &mut Tx, id: Id<Closing>) -> Result<u64> {
    tx.run(
        "UPDATE shop_closing SET lifted_at = $2, lifted_by = $3 WHERE id = $1 AND lifted_at IS NULL",
        params![id, cx.now(), cx.actor().to_string()],
    )
}

fn read(row: &Row) -> Result<Closing> {
    Ok(Closing {
        id: row.get(0)?,
        shop: row.get(1)?,
        kind: row.code::<ClosingKind>(2)?,
        from: row.get(3)?,
        until: row.get(4)?,
        reason: row.get(5)?,
        lifted_at: row.get(6)?,
    })
}
