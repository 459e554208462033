//! Time at a shop: beds, shifts, leave, claims, rotation, and what is therefore free.
//!
//! Words: a *slot* is five minutes; a [`Shift`] a weekly working time; a *claim* is one slot of one therapist or bed taken
//! for a [`Holder`] (a booking); the *rotation* (轮钟) says who comes next; an [`Assignment`] records why somebody was
//! chosen. Free is: the shop's hours, and the therapist's shift, less leave, less claims, with a bed, buffers included.
//!
//! A double booking cannot be written: the key of a claim is therapist or bed and slot.

mod actions;
mod model;
mod pages;
mod store;
#[cfg(test)]
mod tests;

use db::Tx;
use kernel::{Id, Instant, Lang, Result, Shop};
use std::collections::HashMap;
use therapist::Therapist;

pub use actions::{
    Choice, Claimed, DAYS, FreeQuery, NewLeave, STEP, Wanted, add_bed, claim, free_times, grant_leave,
    next_free, release, retire_bed, set_shifts, withdraw_leave,
};
pub use model::{
    DAY_END, FreeDay, FreeTime, Length, Reason, Refusal, SLOT_MINUTES, Shift, business_day, moment_of,
    slot_of,
};
pub use store::{Taken, Told};

/// A bed of a shop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bed {
    /// The bed.
    pub id: Id<Bed>,
    /// What it is called: 一号床.
    pub name: String,
}

/// Marks the identifier of whatever holds a claim, such as a booking.
#[derive(Debug)]
pub enum Holder {}

/// A stretch in which a therapist does not work.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Leave {
    /// The leave.
    pub id: Id<Leave>,
    /// Whose.
    pub therapist: Id<Therapist>,
    /// From when.
    pub from: Instant,
    /// Until when.
    pub to: Instant,
    /// Why, in a few words; may be empty.
    pub reason: String,
}

impl Leave {
    /// The slots it touches, the end exclusive.
    pub fn slots(&self) -> (i64, i64) {
        (
            slot_of(self.from),
            slot_of(self.to.plus_minutes(SLOT_MINUTES) + -1),
        )
    }
}

kernel::coded! {
    /// Where a leave stands.
    pub enum LeaveState {
        /// The therapist does not work.
        Granted = "granted",
        /// Taken back.
        Withdrawn = "withdrawn",
    }
}

/// Why somebody was chosen for a holder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Assignment {
    /// The shop.
    pub shop: Id<Shop>,
    /// For what.
    pub holder: Id<Holder>,
    /// Who.
    pub therapist: Id<Therapist>,
    /// Where.
    pub bed: Id<Bed>,
    /// Why.
    pub reason: Reason,
    /// The therapist's place in the rotation before.
    pub turn_before: i64,
    /// And after; the same when it was no rotation.
    pub turn_after: i64,
}

/// The beds in use, in the order they are filled.
pub fn beds(tx: &mut Tx, shop: Id<Shop>) -> Result<Vec<Bed>> {
    store::beds(tx, shop)
}

/// One bed, also one out of use.
pub fn bed(tx: &mut Tx, id: Id<Bed>) -> Result<Bed> {
    store::bed(tx, id)
}

/// The weekly shifts of a shop's therapists.
pub fn shifts(tx: &mut Tx, shop: Id<Shop>) -> Result<HashMap<Id<Therapist>, Vec<Shift>>> {
    store::shifts(tx, shop)
}

/// The leaves at a shop that are not over at `now`, the next first.
pub fn leaves(tx: &mut Tx, shop: Id<Shop>, now: Instant) -> Result<Vec<Leave>> {
    store::leaves(tx, shop, now)
}

/// The therapists' places in the rotation: the lowest comes next, who is missing has never had a turn.
pub fn turns(tx: &mut Tx, shop: Id<Shop>) -> Result<HashMap<Id<Therapist>, i64>> {
    store::turns(tx, shop)
}

/// Why who serves a holder now, the last word.
pub fn assignment(tx: &mut Tx, holder: Id<Holder>) -> Result<Option<Assignment>> {
    store::last_assignment(tx, holder)
}

/// What is taken of a therapist's time at a shop from `from` until `to`, the earliest first.
pub fn taken(
    tx: &mut Tx,
    shop: Id<Shop>,
    therapist: Id<Therapist>,
    from: Instant,
    to: Instant,
) -> Result<Vec<Taken>> {
    let to = slot_of(to.plus_minutes(SLOT_MINUTES) + -1);
    store::taken(tx, shop, therapist.raw(), slot_of(from), to)
}

/// The shop's last assignments with their reasons, the newest first.
pub fn last_assignments(tx: &mut Tx, shop: Id<Shop>, most: i64) -> Result<Vec<Told>> {
    store::last_assignments(tx, shop, most)
}

/// The tables of this module.
pub const MIGRATIONS: &[db::Migration] =
    db::migrations!("scheduling": "0001_scheduling", "0002_assignment_shop");

/// What this module hands to the program.
pub fn module() -> web::Module {
    web::Module {
        name: "scheduling",
        migrations: MIGRATIONS,
        texts: [
            (Lang::Zh, include_str!("../texts/zh-CN.ftl")),
            (Lang::En, include_str!("../texts/en.ftl")),
        ],
        routes: pages::routes(),
        jobs: Vec::new(),
        listens: Vec::new(),
        refusals: Refusal::CODES,
    }
}
