use db::{Row, Tx, params};
use kernel::{Cx, Id, Instant, Result, Shop};
use therapist::Therapist;

use crate::{
    Leave,
    model::{LeaveState, LeaveStep},
};

/// The granted leaves of the shop's people that end after `after`.
pub(crate) fn leaves(tx: &mut Tx, shop: Id<Shop>, after: Instant) -> Result<Vec<Leave>> {
    in_state(tx, shop, after, LeaveState::Granted)
}

/// The same in any state.
pub(crate) fn in_state(tx: &mut Tx, shop: Id<Shop>, after: Instant, state: LeaveState) -> Result<Vec<Leave>> {
    tx.all(
        "SELECT id, shop_id, therapist_id, from_at, to_at, reason, state, answer, version FROM leave
         WHERE shop_id = $1 AND to_at > $2 AND state = $3 ORDER BY from_at, id",
        params![shop, after, state.code()],
        read_leave,
    )
}

/// All leaves of one therapist that end after `after`, whatever became of them.
pub(crate) fn leaves_of(
    tx: &mut Tx,
    shop: Id<Shop>,
    therapist: Id<Therapist>,
    after: Instant,
) -> Result<Vec<Leave>> {
    tx.all(
        "SELECT id, shop_id, therapist_id, from_at, to_at, reason, state, answer, version FROM leave
         WHERE shop_id = $1 AND therapist_id = $2 AND to_at > $3 ORDER BY from_at, id",
        params![shop, therapist, after],
        read_leave,
    )
}

pub(crate) fn leave(tx: &mut Tx, id: Id<Leave>) -> Result<Leave> {
    tx.one(
        "SELECT id, shop_id, therapist_id, from_at, to_at, reason, state, answer, version FROM leave WHERE id = $1",
        params![id],
        read_leave,
    )
}

fn read_leave(row: &Row) -> Result<Leave> {
    Ok(Leave {
        id: row.get(0)?,
        shop: row.get(1)?,
        therapist: row.get(2)?,
        from: row.get(3)?,
        to: row.get(4)?,
        reason: row.get(5)?,
        state: row.code(6)?,
        answer: row.get(7)?,
        version: row.get(8)?,
    })
}

pub(crate) fn add_leave(tx: &mut Tx, leave: &Leave) -> Result<()> {
    tx.run(
        "INSERT INTO leave (id, therapist_id, shop_id, from_at, to_at, state, reason, answer, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            leave.id,
            leave.therapist,
            leave.shop,
            leave.from,
            leave.to,
            leave.state.code(),
            &leave.reason,
            &leave.answer,
            leave.version
        ],
    )?;
    Ok(())
}

/// Keeps what a step has made of a leave, if it is still as it was.
pub(crate) fn save_leave(tx: &mut Tx, after: &Leave) -> Result<u64> {
    tx.run(
        "UPDATE leave SET state = $3, from_at = $4, to_at = $5, answer = $6, version = $2
         WHERE id = $1 AND version = $2 - 1",
        params![
            after.id,
            after.version,
            after.state.code(),
            after.from,
            after.to,
            &after.answer
        ],
    )
}

pub(crate) fn add_leave_step(
    cx: &Cx,
    tx: &mut Tx,
    after: &Leave,
    step: LeaveStep,
    reason: &str,
) -> Result<()> {
    tx.run(
        "INSERT INTO scheduling_leave_step (id, leave_id, version, step, actor, reason, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            cx.id::<LeaveStep>(),
            after.id,
            after.version,
            step.code(),
            cx.actor().to_string(),
            reason,
            cx.now()
        ],
    )?;
    Ok(())
}

/// What has happened to a leave and by whom, the latest first.
pub(crate) fn leave_steps(tx: &mut Tx, id: Id<Leave>) -> Result<Vec<(LeaveStep, String)>> {
    tx.all(
        "SELECT step, actor FROM scheduling_leave_step WHERE leave_id = $1 ORDER BY version DESC",
        params![id],
        |row| Ok((row.code(0)?, row.get(1)?)),
    )
}
