//! Claiming and releasing time; what is free; and, each in its file, the roster, leave, rooms, turns and the window.

mod away;
mod during;
mod leave;
mod moves;
mod rooms;
mod roster;
mod together;
mod turns;
mod window;

use std::collections::HashMap;

use db::Tx;
use kernel::{Actor, Cx, Error, Id, Instant, Minutes, Result, Role, Shop};
use therapist::Therapist;

use crate::{
    Assignment, Bed, Holder, Leave, Room,
    model::{Diary, FreeDay, FreeTime, Length, Reason, Refusal, Work, next_in_turn, slot_of},
    store::{self, Span},
};

pub use away::{claim_away, free_therapists_away, free_times_away};
pub use during::{After, Next, TakenOver, cut, room_after, take_over};
pub use leave::{
    NewLeave, approve_leave, ask_leave, grant_leave, hits, leave_named, refuse_leave, withdraw_leave,
};
pub use moves::{claim_beside, free_times_beside, take_instead};
pub use rooms::{NewPause, add_bed, add_room, lift_pause, pause_bed, put_bed_in_room, retire_bed};
pub(crate) use roster::outside;
pub use roster::{set_day, set_shifts, usual_day};
pub use together::{TogetherQuery, claim_together, free_together, most_together};
pub use turns::{Reassigned, lengthen, move_turn, reassign};
pub use window::{bounds, check_window, set_bounds, set_window, window};

/// What somebody wants of a shop's time.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The shop.
    pub shop: Id<Shop>,
    /// Who may serve.
    pub choice: Choice,
    /// When the service starts.
    pub starts_at: Instant,
    /// How long it takes.
    pub length: Length,
    /// For what the time is claimed.
    pub holder: Id<Holder>,
}

/// Who may serve.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Choice {
    /// This therapist and nobody else (点钟).
    Named(Id<Therapist>),
    /// Whoever of these comes next in turn (轮钟).
    Rotation(Vec<Id<Therapist>>),
}

/// What was claimed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Claimed {
    /// Who serves.
    pub therapist: Id<Therapist>,
    /// Where in the shop; nowhere when the therapist goes to the customer.
    pub bed: Option<Id<Bed>>,
    /// Why this therapist.
    pub reason: Reason,
}

/// Claims therapist and bed for a time. The rules are asked again here, in the transaction; what two transactions want
/// at once, the key of the claims gives to one of them.
///
/// # Errors
/// `scheduling.past`, `scheduling.closed` (hours, shift or leave), `scheduling.time_taken`.
pub fn claim(cx: &Cx, tx: &mut Tx, wanted: &Wanted) -> Result<Claimed> {
    claim_in(cx, tx, wanted, None)
}

/// The same, in one room where the customer wants it.
///
/// # Errors
/// Those of [`claim`]; `scheduling.no_room` when no bed of the room is free.
pub fn claim_in(cx: &Cx, tx: &mut Tx, wanted: &Wanted, room: Option<Id<Room>>) -> Result<Claimed> {
    claim_at(cx, tx, wanted, room.map_or(Place::Shop, Place::Room))
}

/// What is claimed for something: the therapist, and the bed where one is needed.
fn resources(therapist: Id<Therapist>, bed: Option<Id<Bed>>) -> impl Iterator<Item = i64> {
    [Some(therapist.raw()), bed.map(Id::raw)].into_iter().flatten()
}

/// Where time is wanted.
#[derive(Clone, Copy)]
enum Place {
    /// Any bed of the shop.
    Shop,
    /// A bed of this room.
    Room(Id<Room>),
    /// At the customer's: no bed, and the way there and back is work.
    Away,
}

fn claim_at(cx: &Cx, tx: &mut Tx, wanted: &Wanted, place: Place) -> Result<Claimed> {
    if wanted.starts_at <= cx.now() {
        return Err(Refusal::Past.into());
    }
    let candidates = wanted.choice.candidates();
    let (starts_at, length) = (wanted.starts_at, wanted.length);
    // The day before is needed too: its business day may still run.
    let mut diary = diary(tx, wanted.shop, candidates, starts_at.day().plus(-1), 2)?;
    if let Place::Away = place {
        diary = diary.away();
    }
    if !diary.works_at(starts_at, length) {
        return Err(Refusal::Closed.into());
    }
    let free = diary.therapists_at(starts_at, length);
    let turns = store::turns(tx, wanted.shop)?;
    let turn_of = |therapist| turns.get(&therapist).copied().unwrap_or(0);
    let therapist = next_in_turn(&free, turn_of).ok_or(Refusal::TimeTaken)?;
    let bed = match place {
        Place::Away => None,
        Place::Shop => Some(
            diary
                .beds_at(starts_at, length)
                .next()
                .ok_or(Refusal::TimeTaken)?,
        ),
        Place::Room(room) => {
            let inside = store::beds_of_room(tx, room)?;
            let mut free = diary.beds_at(starts_at, length);
            Some(free.find(|bed| inside.contains(bed)).ok_or(Refusal::NoRoom)?)
        }
    };

    let (from, to) = length.claimed(slot_of(starts_at));
    for resource in resources(therapist, bed) {
        let span = Span {
            id: cx.id(),
            resource,
            from,
            to,
        };
        if !store::claim(tx, wanted.shop, wanted.holder, &span)? {
            return Err(Refusal::TimeTaken.into());
        }
    }
    let reason = wanted.choice.reason();
    assign(
        cx,
        tx,
        wanted,
        &turns,
        Claimed {
            therapist,
            bed,
            reason,
        },
    )
}

/// Records who was given what and why; a rotation moves the therapist to the end of the line.
fn assign(
    cx: &Cx,
    tx: &mut Tx,
    wanted: &Wanted,
    turns: &HashMap<Id<Therapist>, i64>,
    claimed: Claimed,
) -> Result<Claimed> {
    let turn_before = turns.get(&claimed.therapist).copied().unwrap_or(0);
    let turn_after = match claimed.reason {
        Reason::Requested | Reason::Extension | Reason::Manual => turn_before,
        Reason::Rotation => turns.values().copied().max().unwrap_or(0) + 1,
    };
    if turn_after != turn_before {
        store::set_turn(tx, wanted.shop, claimed.therapist, turn_after)?;
    }
    let given = Assignment {
        shop: wanted.shop,
        holder: wanted.holder,
        therapist: claimed.therapist,
        bed: claimed.bed,
        reason: claimed.reason,
        turn_before,
        turn_after,
    };
    store::add_assignment(cx, tx, &given, "")?;
    Ok(claimed)
}

/// Frees whatever is claimed for `holder`. A turn that was given for it and not served goes back to its therapist.
/// Nothing claimed is fine.
pub fn release(tx: &mut Tx, holder: Id<Holder>) -> Result<()> {
    let spans = store::spans_of(tx, holder)?;
    for span in &spans {
        store::release(tx, span)?;
    }
    match store::last_assignment(tx, holder)? {
        Some(given) if !spans.is_empty() && given.turn_after != given.turn_before => {
            store::give_turn_back(tx, &given)
        }
        _ => Ok(()),
    }
}

/// What free times somebody asks for.
#[derive(Clone, Debug)]
pub struct FreeQuery {
    /// The shop.
    pub shop: Id<Shop>,
    /// How long the service takes.
    pub length: Length,
    /// Who may serve.
    pub therapists: Vec<Id<Therapist>>,
    /// Now.
    pub now: Instant,
    /// The earliest start is so many minutes from now.
    pub lead_minutes: Minutes,
    /// So many business days, today's first.
    pub days: i64,
    /// Starts are multiples of so many minutes.
    pub step: Minutes,
}

/// Business days that can be booked ahead.
pub const DAYS: i64 = 14;
/// Starts are a quarter of an hour apart.
pub const STEP: Minutes = 15;

/// The free times, one entry for every business day from today's on. A shop still open from yesterday has yesterday's
/// business day first, when there is anything left of it.
pub fn free_times(tx: &mut Tx, query: &FreeQuery) -> Result<Vec<FreeDay>> {
    let diary = diary_of(tx, query, &[])?;
    Ok(days_of(&diary, query))
}

/// The diary that answers a query, as if these stretches were not claimed.
fn diary_of(tx: &mut Tx, query: &FreeQuery, own: &[Span]) -> Result<Diary> {
    let yesterday = query.now.day().plus(-1);
    let whose = (query.shop, query.therapists.as_slice());
    diary_without(tx, whose, yesterday, query.days + 1, own)
}

fn days_of(diary: &Diary, query: &FreeQuery) -> Vec<FreeDay> {
    let earliest = query.now.plus_minutes(query.lead_minutes);
    let mut days = diary.free_days(query.length, earliest, query.step);
    if days.first().is_some_and(|day| day.times.is_empty()) {
        days.remove(0);
    }
    days
}

/// The first free time, if there is one within the days asked for.
pub fn next_free(tx: &mut Tx, query: &FreeQuery) -> Result<Option<FreeTime>> {
    Ok(free_times(tx, query)?
        .into_iter()
        .flat_map(|day| day.times)
        .next())
}

/// Who of these works and is free for a service that starts then, beds left aside.
pub fn free_therapists(
    tx: &mut Tx,
    shop: Id<Shop>,
    candidates: &[Id<Therapist>],
    starts_at: Instant,
    length: Length,
) -> Result<Vec<Id<Therapist>>> {
    let diary = diary(tx, shop, candidates, starts_at.day().plus(-1), 2)?;
    Ok(diary.therapists_at(starts_at, length))
}

/// The shop's diary for `days` business days from `first_day` on.
fn diary(
    tx: &mut Tx,
    shop: Id<Shop>,
    candidates: &[Id<Therapist>],
    first_day: kernel::Day,
    days: i64,
) -> Result<Diary> {
    diary_without(tx, (shop, candidates), first_day, days, &[])
}

/// The same, as if these stretches were not claimed.
fn diary_without(
    tx: &mut Tx,
    (shop, candidates): (Id<Shop>, &[Id<Therapist>]),
    first_day: kernel::Day,
    days: i64,
    own: &[Span],
) -> Result<Diary> {
    let mut diary = Diary::new(first_day, shop::hours_between(tx, shop, first_day, days)?);
    let shifts = store::shifts(tx, shop)?;
    let own_days = store::own_days(tx, shop, first_day, first_day.plus(days))?;
    let leaves = store::leaves(tx, shop, first_day.at(0))?;
    // Nobody works while the shop is closed against its hours.
    let closings = shop::closings(tx, shop, first_day.at(0), first_day.plus(days + 1).at(0))?;
    let closed = closings
        .iter()
        .map(|closing| slots_of(closing.from, closing.until));
    let closed: Vec<(i64, i64)> = closed.collect();
    for therapist in candidates {
        let of_therapist = leaves.iter().filter(|leave| leave.therapist == *therapist);
        let leaves: Vec<(i64, i64)> = of_therapist
            .map(Leave::slots)
            .chain(closed.iter().copied())
            .collect();
        let work = Work {
            week: shifts.get(therapist).map_or(&[], Vec::as_slice),
            days: own_days.get(therapist).map_or(&[], Vec::as_slice),
        };
        diary.add_therapist(*therapist, &work, &leaves);
    }
    let pauses = store::pauses(tx, shop, first_day.at(0))?;
    for bed in store::beds(tx, shop)? {
        let of_bed = pauses.iter().filter(|pause| pause.bed == bed.id);
        let pauses: Vec<(i64, i64)> = of_bed.map(|pause| slots_of(pause.from, pause.to)).collect();
        diary.add_bed(bed.id, &pauses);
    }
    let (from, to) = diary.covers();
    let is_own = |span: &Span| own.iter().any(|own| own.id == span.id);
    let mut spans = store::spans(tx, shop, from, to)?;
    spans.retain(|span| !is_own(span));
    for span in spans {
        diary.take(span.resource, span.from, span.to);
    }
    Ok(diary)
}

impl Choice {
    fn candidates(&self) -> &[Id<Therapist>] {
        match self {
            Choice::Named(therapist) => std::slice::from_ref(therapist),
            Choice::Rotation(therapists) => therapists,
        }
    }

    fn reason(&self) -> Reason {
        match self {
            Choice::Named(_) => Reason::Requested,
            Choice::Rotation(_) => Reason::Rotation,
        }
    }
}

/// The slots that a stretch touches, the end exclusive.
fn slots_of(from: Instant, to: Instant) -> (i64, i64) {
    (slot_of(from), slot_of(to.plus_minutes(crate::SLOT_MINUTES) + -1))
}

/// The shop of a therapist, for whoever belongs to it.
fn shop_of(cx: &Cx, tx: &mut Tx, therapist: Id<Therapist>) -> Result<Id<Shop>> {
    let therapist = therapist::therapist(tx, therapist)?;
    Ok(cx.shop_named(therapist.shop)?.id())
}

/// Deciding about others is for owner, clerk and centre.
fn may_decide(cx: &Cx) -> Result<()> {
    match cx.actor() {
        Actor::Staff {
            role: Role::Therapist,
            ..
        } => Err(Error::Forbidden),
        _ => Ok(()),
    }
}
