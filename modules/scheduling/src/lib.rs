//! Time at a shop: beds, shifts, leave, claims, rotation, and what is therefore free.
//!
//! Words: a *slot* is five minutes; a [`Shift`] a weekly working time; a *claim* is one slot of one therapist or bed taken
//! for a [`Holder`] (a booking); the *rotation* (轮钟) says who comes next; an [`Assignment`] records why somebody was
//! chosen; a *window* says how soon and how far ahead a shop can be booked; a [`Pause`] takes a bed out of use for a while;
//! an [`OwnDay`] is a date on which a therapist's times are not the week's. Free is: the shop's hours, and the therapist's shift, less leave, less claims, with a bed, buffers included.
//!
//! A double booking cannot be written: the key of a claim is therapist or bed and slot.

mod actions;
mod model;
mod pages;
mod store;
#[cfg(test)]
mod tests;

use db::Tx;
use kernel::{Day, Error, Id, Instant, Lang, Result, Shop, ShopScope};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use therapist::Therapist;

pub use actions::{
    After, Choice, Claimed, DAYS, FreeQuery, NewLeave, NewPause, Next, Reassigned, STEP, TakenOver,
    TogetherQuery, Wanted, add_bed, add_room, approve_leave, ask_leave, bounds, check_window, claim,
    claim_away, claim_beside, claim_in, claim_together, cut, free_therapists, free_therapists_away,
    free_times, free_times_away, free_times_beside, free_together, grant_leave, hits, leave_named, lengthen,
    lift_pause, most_together, move_turn, next_free, pause_bed, put_bed_in_room, reassign, refuse_leave,
    release, retire_bed, room_after, set_bounds, set_day, set_shifts, set_window, take_instead, take_over,
    usual_day, window, withdraw_leave,
};
pub use model::{
    Bounds, DAY_END, FreeDay, FreeTime, LeaveState, LeaveStep, Length, OwnDay, Part, Reason, Refusal,
    SLOT_MINUTES, Shift, TurnStep, Window, business_day, moment_of, read_clock, slot_of,
};
pub use store::{Taken, Told};

/// A bed of a shop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bed {
    /// The bed.
    pub id: Id<Bed>,
    /// What it is called: 一号床.
    pub name: String,
    /// The room that it stands in.
    pub room: Option<Id<Room>>,
}

/// A room of a shop, for people who come together or want to be alone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Room {
    /// The room.
    pub id: Id<Room>,
    /// What it is called: 双人间.
    pub name: String,
}

/// A stretch in which a bed is out of use.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pause {
    /// The pause.
    pub id: Id<Pause>,
    /// Of which bed.
    pub bed: Id<Bed>,
    /// From when.
    pub from: Instant,
    /// Until when.
    pub to: Instant,
    /// Why, in a few words; may be empty.
    pub reason: String,
}

/// A change of the line that no booking made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TurnMoved {
    /// When.
    pub at: Instant,
    /// Whose place.
    pub therapist: Id<Therapist>,
    /// What was done.
    pub step: TurnStep,
    /// Why, in words; may be empty for a missed turn.
    pub reason: String,
    /// Who did it: `owner:…`, `clerk:…`.
    pub actor: String,
}

/// Marks the identifier of whatever holds a claim, such as a booking.
#[derive(Debug)]
pub enum Holder {}

/// Time came free at a shop by a change of its roster, or may have: who waits for it can be looked after. What a holder
/// lets go its own module tells of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Freed {
    /// Where.
    pub shop: Id<Shop>,
}

impl db::Event for Freed {
    const NAME: &'static str = "scheduling.freed";
}

/// A stretch in which a therapist does not work.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Leave {
    /// The leave.
    pub id: Id<Leave>,
    /// At which shop.
    pub shop: Id<Shop>,
    /// Whose.
    pub therapist: Id<Therapist>,
    /// From when.
    pub from: Instant,
    /// Until when.
    pub to: Instant,
    /// Why, in a few words; may be empty.
    pub reason: String,
    /// Where it stands.
    pub state: LeaveState,
    /// What the shop answered, when it said no.
    pub answer: String,
    /// Counts the changes; whoever answers says which one they saw.
    pub version: i64,
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

/// Why somebody was chosen for a holder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Assignment {
    /// The shop.
    pub shop: Id<Shop>,
    /// For what.
    pub holder: Id<Holder>,
    /// Who.
    pub therapist: Id<Therapist>,
    /// Where in the shop; nowhere when the therapist goes to the customer.
    pub bed: Option<Id<Bed>>,
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

/// The dates of a shop's therapists that have their own times, from one business day until before another.
pub fn own_days(
    tx: &mut Tx,
    shop: Id<Shop>,
    from: Day,
    to: Day,
) -> Result<HashMap<Id<Therapist>, Vec<OwnDay>>> {
    store::own_days(tx, shop, from, to)
}

/// The leaves at a shop that are not over at `now`, the next first.
pub fn leaves(tx: &mut Tx, shop: Id<Shop>, now: Instant) -> Result<Vec<Leave>> {
    store::leaves(tx, shop, now)
}

/// One leave of a shop.
pub fn leave(tx: &mut Tx, shop: ShopScope, id: Id<Leave>) -> Result<Leave> {
    let leave = store::leave(tx, id)?;
    if leave.shop == shop.id() {
        Ok(leave)
    } else {
        Err(Error::NotFound)
    }
}

/// What has happened to a leave and who did it (`therapist:…`, `owner:…`), the latest first.
pub fn leave_steps(tx: &mut Tx, id: Id<Leave>) -> Result<Vec<(LeaveStep, String)>> {
    store::leave_steps(tx, id)
}

/// The leaves that are asked for at a shop and not over at `now`, the next first.
pub fn asked_leaves(tx: &mut Tx, shop: Id<Shop>, now: Instant) -> Result<Vec<Leave>> {
    store::leaves_in(tx, shop, now, LeaveState::Asked)
}

/// The rooms of a shop.
pub fn rooms(tx: &mut Tx, shop: Id<Shop>) -> Result<Vec<Room>> {
    store::rooms(tx, shop)
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
    db::migrations!("scheduling": "0001_scheduling", "0002_assignment_shop", "0003_whole_roster");

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
