use db::{Tx, params};
use kernel::{Cx, Id, Instant, Result, Shop};

use super::{Told, told};
use crate::TurnMoved;

/// Records a change of the line, with the turns before and after.
pub(crate) fn add_turn_step(
    cx: &Cx,
    tx: &mut Tx,
    shop: Id<Shop>,
    moved: &TurnMoved,
    (before, after): (i64, i64),
) -> Result<()> {
    tx.run(
        "INSERT INTO scheduling_turn_step
             (id, shop_id, therapist_id, step, turn_before, turn_after, reason, actor, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            cx.id::<TurnMoved>(),
            shop,
            moved.therapist,
            moved.step.code(),
            before,
            after,
            &moved.reason,
            &moved.actor,
            moved.at
        ],
    )?;
    Ok(())
}

/// The shop's assignments that were decided from `from` until `to`, the earliest first.
pub(crate) fn assigned_between(tx: &mut Tx, shop: Id<Shop>, from: Instant, to: Instant) -> Result<Vec<Told>> {
    tx.all(
        "SELECT a.at, a.holder_id, a.therapist_id, COALESCE(b.name, ''), a.reason, a.actor, a.note,
                CAST((SELECT COUNT(*) FROM span s WHERE s.holder_id = a.holder_id) AS BIGINT)
         FROM assignment a LEFT JOIN bed b ON b.id = a.bed_id
         WHERE a.shop_id = $1 AND a.at >= $2 AND a.at < $3 ORDER BY a.at, a.id",
        params![shop, from, to],
        told,
    )
}

/// How the line was changed by hand from `from` until `to`, the earliest first.
pub(crate) fn turn_steps_between(
    tx: &mut Tx,
    shop: Id<Shop>,
    from: Instant,
    to: Instant,
) -> Result<Vec<TurnMoved>> {
    tx.all(
        "SELECT at, therapist_id, step, reason, actor FROM scheduling_turn_step
         WHERE shop_id = $1 AND at >= $2 AND at < $3 ORDER BY at, id",
        params![shop, from, to],
        |row| {
            Ok(TurnMoved {
                at: row.get(0)?,
                therapist: row.get(1)?,
                step: row.code(2)?,
                reason: row.get(3)?,
                actor: row.get(4)?,
            })
        },
    )
}
