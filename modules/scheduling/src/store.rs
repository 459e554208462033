//! All the SQL of this module: beds, shifts, claims and the rotation here; leave, rooms, single days and windows in their files.

mod days;
mod leave;
mod rooms;
mod turns;

use std::collections::HashMap;

use db::{Tx, params};
use kernel::{Cx, Id, Instant, Result, Shop};
use therapist::Therapist;

use crate::{
    Assignment, Bed, Holder,
    model::{Reason, Shift, moment_of},
};

pub(crate) use days::{add_day, bounds, clear_day, own_days, put_bounds, put_window, window};
pub(crate) use leave::{
    add_leave, add_leave_step, in_state as leaves_in, leave, leave_steps, leaves, leaves_of, save_leave,
};
pub(crate) use rooms::{add_pause, add_room, beds_of_room, lift_pause, pauses, put_bed_in_room, rooms};
pub(crate) use turns::{add_turn_step, assigned_between, turn_steps_between};

/// A stretch of claimed slots, the end exclusive.
pub(crate) struct Span {
    pub id: Id<Span>,
    pub resource: i64,
    pub from: i64,
    pub to: i64,
}

/// Time of a therapist or bed that somebody has, with what is kept free around it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Taken {
    /// From when.
    pub from: Instant,
    /// Until when.
    pub to: Instant,
    /// For what.
    pub holder: Id<Holder>,
}

/// One assignment as the rotation board tells it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// When it was decided.
    pub at: Instant,
    /// For what.
    pub holder: Id<Holder>,
    /// Who.
    pub therapist: Id<Therapist>,
    /// What the bed is called; empty when the therapist goes to the customer.
    pub bed: String,
    /// Why.
    pub reason: Reason,
    /// Who decided: `customer:…`, `owner:…`.
    pub actor: String,
    /// Why in words, where somebody decided by hand; else empty.
    pub note: String,
    /// Whether the time was given up since.
    pub released: bool,
}

// ---- beds

pub(crate) fn beds(tx: &mut Tx, shop: Id<Shop>) -> Result<Vec<Bed>> {
    tx.all(
        "SELECT id, name, room_id FROM bed WHERE shop_id = $1 AND active = 1 ORDER BY position, id",
        params![shop],
        read_bed,
    )
}

pub(crate) fn bed(tx: &mut Tx, id: Id<Bed>) -> Result<Bed> {
    tx.one(
        "SELECT id, name, room_id FROM bed WHERE id = $1",
        params![id],
        read_bed,
    )
}

fn read_bed(row: &db::Row) -> Result<Bed> {
    Ok(Bed {
        id: row.get(0)?,
        name: row.get(1)?,
        room: row.get(2)?,
    })
}

pub(crate) fn add_bed(tx: &mut Tx, shop: Id<Shop>, id: Id<Bed>, name: &str) -> Result<()> {
    tx.run(
        "INSERT INTO bed (id, shop_id, name, position, active)
         SELECT $1, $2, $3, CAST(COALESCE(MAX(position), 0) AS BIGINT) + 1, 1 FROM bed WHERE shop_id = $2",
        params![id, shop, name],
    )?;
    Ok(())
}

pub(crate) fn retire_bed(tx: &mut Tx, shop: Id<Shop>, id: Id<Bed>) -> Result<u64> {
    tx.run(
        "UPDATE bed SET active = 0 WHERE id = $1 AND shop_id = $2",
        params![id, shop],
    )
}

// ---- shifts

/// The weekly shifts of everybody in the shop.
pub(crate) fn shifts(tx: &mut Tx, shop: Id<Shop>) -> Result<HashMap<Id<Therapist>, Vec<Shift>>> {
    let rows = tx.all(
        "SELECT therapist_id, weekday, starts, ends FROM shift WHERE shop_id = $1
         ORDER BY therapist_id, weekday, starts",
        params![shop],
        |row| {
            let shift = Shift {
                weekday: row.get(1)?,
                starts: row.get(2)?,
                ends: row.get(3)?,
            };
            Ok((row.get(0)?, shift))
        },
    )?;
    let mut shifts: HashMap<Id<Therapist>, Vec<Shift>> = HashMap::new();
    rows.into_iter()
        .for_each(|(therapist, shift)| shifts.entry(therapist).or_default().push(shift));
    Ok(shifts)
}

pub(crate) fn clear_shifts(tx: &mut Tx, shop: Id<Shop>, therapist: Id<Therapist>) -> Result<()> {
    tx.run(
        "DELETE FROM shift WHERE shop_id = $1 AND therapist_id = $2",
        params![shop, therapist],
    )?;
    Ok(())
}

pub(crate) fn add_shift(tx: &mut Tx, shop: Id<Shop>, therapist: Id<Therapist>, shift: &Shift) -> Result<()> {
    tx.run(
        "INSERT INTO shift (therapist_id, shop_id, weekday, starts, ends) VALUES ($1, $2, $3, $4, $5)",
        params![therapist, shop, shift.weekday, shift.starts, shift.ends],
    )?;
    Ok(())
}

// ---- claims

/// What is claimed at the shop within `from ..to`. No stretch is longer than a day, which lets the index do the work.
pub(crate) fn spans(tx: &mut Tx, shop: Id<Shop>, from: i64, to: i64) -> Result<Vec<Span>> {
    tx.all(
        "SELECT id, resource_id, from_slot, to_slot FROM span
         WHERE shop_id = $1 AND from_slot > $2 AND from_slot < $3 AND to_slot > $4",
        params![shop, from - 288, to, from],
        span,
    )
}

pub(crate) fn spans_of(tx: &mut Tx, holder: Id<Holder>) -> Result<Vec<Span>> {
    tx.all(
        "SELECT id, resource_id, from_slot, to_slot FROM span WHERE holder_id = $1",
        params![holder],
        span,
    )
}

/// What is claimed of one therapist or bed within slots `from ..to`, the earliest first.
pub(crate) fn taken(tx: &mut Tx, shop: Id<Shop>, resource: i64, from: i64, to: i64) -> Result<Vec<Taken>> {
    tx.all(
        "SELECT from_slot, to_slot, holder_id FROM span
         WHERE shop_id = $1 AND resource_id = $2 AND from_slot > $3 AND from_slot < $4 AND to_slot > $5
         ORDER BY from_slot",
        params![shop, resource, from - 288, to, from],
        |row| {
            Ok(Taken {
                from: moment_of(row.get(0)?),
                to: moment_of(row.get(1)?),
                holder: row.get(2)?,
            })
        },
    )
}

fn span(row: &db::Row) -> Result<Span> {
    Ok(Span {
        id: row.get(0)?,
        resource: row.get(1)?,
        from: row.get(2)?,
        to: row.get(3)?,
    })
}

/// Claims a stretch; `false` when any slot of it is claimed already, and then the transaction must not be kept.
pub(crate) fn claim(tx: &mut Tx, shop: Id<Shop>, holder: Id<Holder>, span: &Span) -> Result<bool> {
    tx.run(
        "INSERT INTO span (id, shop_id, resource_id, from_slot, to_slot, holder_id)
         VALUES ($1, $2, $3, $4, $5, $6)",
        params![span.id, shop, span.resource, span.from, span.to, holder],
    )?;
    let claimed = tx.run(
        "INSERT INTO claim (resource_id, slot, span_id)
         WITH RECURSIVE taken(slot) AS (
             SELECT CAST($2 AS BIGINT) UNION ALL SELECT slot + 1 FROM taken WHERE slot + 1 < $3
         )
         SELECT CAST($1 AS BIGINT), slot, CAST($4 AS BIGINT) FROM taken WHERE true
         ON CONFLICT DO NOTHING",
        params![span.resource, span.from, span.to, span.id],
    )?;
    Ok(claimed == (span.to - span.from).unsigned_abs())
}

pub(crate) fn release(tx: &mut Tx, span: &Span) -> Result<()> {
    tx.run(
        "DELETE FROM claim WHERE resource_id = $1 AND slot >= $2 AND slot < $3 AND span_id = $4",
        params![span.resource, span.from, span.to, span.id],
    )?;
    tx.run("DELETE FROM span WHERE id = $1", params![span.id])?;
    Ok(())
}

// ---- rotation

/// The turns of the shop's therapists; who is not in it has never had one.
pub(crate) fn turns(tx: &mut Tx, shop: Id<Shop>) -> Result<HashMap<Id<Therapist>, i64>> {
    let rows = tx.all(
        "SELECT therapist_id, turn FROM rotation WHERE shop_id = $1",
        params![shop],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(rows.into_iter().collect())
}

pub(crate) fn set_turn(tx: &mut Tx, shop: Id<Shop>, therapist: Id<Therapist>, turn: i64) -> Result<()> {
    tx.run(
        "INSERT INTO rotation (shop_id, therapist_id, turn) VALUES ($1, $2, $3)
         ON CONFLICT (shop_id, therapist_id) DO UPDATE SET turn = excluded.turn",
        params![shop, therapist, turn],
    )?;
    Ok(())
}

/// Gives a turn back, unless the therapist has had another since.
pub(crate) fn give_turn_back(tx: &mut Tx, given: &Assignment) -> Result<()> {
    tx.run(
        "UPDATE rotation SET turn = $3 WHERE shop_id = $1 AND therapist_id = $2 AND turn = $4",
        params![given.shop, given.therapist, given.turn_before, given.turn_after],
    )?;
    Ok(())
}

pub(crate) fn add_assignment(cx: &Cx, tx: &mut Tx, given: &Assignment, note: &str) -> Result<()> {
    tx.run(
        "INSERT INTO assignment
             (id, shop_id, holder_id, therapist_id, bed_id, reason, turn_before, turn_after, actor, at, note)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![
            cx.id::<Assignment>(),
            given.shop,
            given.holder,
            given.therapist,
            given.bed.map_or(0, Id::raw),
            given.reason.code(),
            given.turn_before,
            given.turn_after,
            cx.actor().to_string(),
            cx.now(),
            note
        ],
    )?;
    Ok(())
}

pub(crate) fn last_assignment(tx: &mut Tx, holder: Id<Holder>) -> Result<Option<Assignment>> {
    tx.maybe(
        "SELECT shop_id, holder_id, therapist_id, bed_id, reason, turn_before, turn_after
         FROM assignment WHERE holder_id = $1 ORDER BY id DESC LIMIT 1",
        params![holder],
        |row| {
            Ok(Assignment {
                shop: row.get(0)?,
                holder: row.get(1)?,
                therapist: row.get(2)?,
                bed: Some(row.get::<Id<Bed>>(3)?).filter(|bed| bed.raw() != 0),
                reason: row.code::<Reason>(4)?,
                turn_before: row.get(5)?,
                turn_after: row.get(6)?,
            })
        },
    )
}

/// The last assignments of the shop, the newest first.
pub(crate) fn last_assignments(tx: &mut Tx, shop: Id<Shop>, most: i64) -> Result<Vec<Told>> {
    tx.all(
        "SELECT a.at, a.holder_id, a.therapist_id, COALESCE(b.name, ''), a.reason, a.actor, a.note,
                CAST((SELECT COUNT(*) FROM span s WHERE s.holder_id = a.holder_id) AS BIGINT)
         FROM assignment a LEFT JOIN bed b ON b.id = a.bed_id
         WHERE a.shop_id = $1 ORDER BY a.id DESC LIMIT $2",
        params![shop, most],
        told,
    )
}

fn told(row: &db::Row) -> Result<Told> {
    Ok(Told {
        at: row.get(0)?,
        holder: row.get(1)?,
        therapist: row.get(2)?,
        bed: row.get(3)?,
        reason: row.code::<Reason>(4)?,
        actor: row.get(5)?,
        note: row.get(6)?,
        released: row.get::<i64>(7)? == 0,
    })
}
