//! Claiming and releasing time; what is free; the roster.

use std::collections::HashMap;

use db::Tx;
use kernel::{Cx, Error, Id, Instant, Minutes, Result, Shop};
use therapist::Therapist;

use crate::{
    Assignment, Bed, Holder, Leave,
    model::{Diary, FreeDay, FreeTime, Length, Reason, Refusal, Shift, next_in_turn, slot_of},
    store::{self, Span},
};

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
    /// Where.
    pub bed: Id<Bed>,
    /// Why this therapist.
    pub reason: Reason,
}

/// Claims therapist and bed for a time. The rules are asked again here, in the transaction; what two transactions want
/// at once, the key of the claims gives to one of them.
///
/// # Errors
/// `scheduling.past`, `scheduling.closed` (hours, shift or leave), `scheduling.time_taken`.
pub fn claim(cx: &Cx, tx: &mut Tx, wanted: &Wanted) -> Result<Claimed> {
    if wanted.starts_at <= cx.now() {
        return Err(Refusal::Past.into());
    }
    let candidates = wanted.choice.candidates();
    let (starts_at, length) = (wanted.starts_at, wanted.length);
    // The day before is needed too: its business day may still run.
    let diary = diary(tx, wanted.shop, candidates, starts_at.day().plus(-1), 2)?;
    if !diary.works_at(starts_at, length) {
        return Err(Refusal::Closed.into());
    }
    let free = diary.therapists_at(starts_at, length);
    let turns = store::turns(tx, wanted.shop)?;
    let turn_of = |therapist| turns.get(&therapist).copied().unwrap_or(0);
    let therapist = next_in_turn(&free, turn_of).ok_or(Refusal::TimeTaken)?;
    let bed = diary.bed_at(starts_at, length).ok_or(Refusal::TimeTaken)?;

    let (from, to) = length.claimed(slot_of(starts_at));
    for resource in [therapist.raw(), bed.raw()] {
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
        Reason::Requested => turn_before,
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
    store::add_assignment(cx, tx, &given)?;
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
    let yesterday = query.now.day().plus(-1);
    let diary = diary(tx, query.shop, &query.therapists, yesterday, query.days + 1)?;
    let earliest = query.now.plus_minutes(query.lead_minutes);
    let mut days = diary.free_days(query.length, earliest, query.step);
    if days.first().is_some_and(|day| day.times.is_empty()) {
        days.remove(0);
    }
    Ok(days)
}

/// The first free time, if there is one within the days asked for.
pub fn next_free(tx: &mut Tx, query: &FreeQuery) -> Result<Option<FreeTime>> {
    Ok(free_times(tx, query)?
        .into_iter()
        .flat_map(|day| day.times)
        .next())
}

/// The shop's diary for `days` business days from `first_day` on.
fn diary(
    tx: &mut Tx,
    shop: Id<Shop>,
    candidates: &[Id<Therapist>],
    first_day: kernel::Day,
    days: i64,
) -> Result<Diary> {
    let mut diary = Diary::new(first_day, shop::hours_between(tx, shop, first_day, days)?);
    let shifts = store::shifts(tx, shop)?;
    let leaves = store::leaves(tx, shop, first_day.at(0))?;
    for therapist in candidates {
        let of_therapist = leaves.iter().filter(|leave| leave.therapist == *therapist);
        let leaves: Vec<(i64, i64)> = of_therapist.map(Leave::slots).collect();
        diary.add_therapist(
            *therapist,
            shifts.get(therapist).map_or(&[], Vec::as_slice),
            &leaves,
        );
    }
    for bed in store::beds(tx, shop)? {
        diary.add_bed(bed.id);
    }
    let (from, to) = diary.covers();
    for span in store::spans(tx, shop, from, to)? {
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

// ---- the roster

/// Replaces one therapist's week.
///
/// # Errors
/// `scheduling.bad_time`, `scheduling.backwards`, `scheduling.overlap`; not found for a therapist of another shop.
pub fn set_shifts(cx: &Cx, tx: &mut Tx, therapist: Id<Therapist>, week: &[Shift]) -> Result<()> {
    let shop = shop_of(cx, tx, therapist)?;
    Shift::check_week(week)?;
    store::clear_shifts(tx, shop, therapist)?;
    for shift in week {
        store::add_shift(tx, shop, therapist, shift)?;
    }
    tx.announce("shops")
}

/// Grants a leave. Bookings that stand in it stay; somebody must decide on each, so the person has to be `sure`.
///
/// # Errors
/// `scheduling.backwards`, `scheduling.leave_hits_bookings`; not found for a therapist of another shop.
pub fn grant_leave(cx: &Cx, tx: &mut Tx, leave: NewLeave, sure: bool) -> Result<Id<Leave>> {
    let shop = shop_of(cx, tx, leave.therapist)?;
    if leave.from >= leave.to {
        return Err(Refusal::Backwards.into());
    }
    let NewLeave {
        therapist,
        from,
        to,
        reason,
    } = leave;
    let leave = Leave {
        id: cx.id(),
        therapist,
        from,
        to,
        reason: reason.trim().to_owned(),
    };
    let (from, to) = leave.slots();
    let spans = store::spans(tx, shop, from, to)?;
    let count = spans
        .iter()
        .filter(|span| span.resource == therapist.raw())
        .count();
    if count > 0 && !sure {
        return Err(Refusal::LeaveHitsBookings { count }.into());
    }
    store::add_leave(tx, shop, &leave)?;
    tx.announce("shops")?;
    Ok(leave.id)
}

/// A leave to be granted.
#[derive(Clone, Debug)]
pub struct NewLeave {
    /// Whose.
    pub therapist: Id<Therapist>,
    /// From when.
    pub from: Instant,
    /// Until when.
    pub to: Instant,
    /// Why, in a few words; may be empty.
    pub reason: String,
}

/// Takes a leave back: the therapist works again.
pub fn withdraw_leave(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, leave: Id<Leave>) -> Result<()> {
    let shop = cx.shop_named(shop)?.id();
    if store::withdraw_leave(tx, shop, leave)? == 0 {
        return Err(Error::NotFound);
    }
    tx.announce("shops")
}

/// Adds a bed at the end of the line.
///
/// # Errors
/// `scheduling.bed_name`, `scheduling.bed_name_used`.
pub fn add_bed(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, name: &str) -> Result<Id<Bed>> {
    let shop = cx.shop_named(shop)?.id();
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 20 {
        return Err(Refusal::BedName.into());
    }
    if store::beds(tx, shop)?.iter().any(|bed| bed.name == name) {
        return Err(Refusal::BedNameUsed.into());
    }
    let id = cx.id();
    store::add_bed(tx, shop, id, name)?;
    Ok(id)
}

/// Takes a bed out of use. What is booked on it stays.
pub fn retire_bed(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, bed: Id<Bed>) -> Result<()> {
    let shop = cx.shop_named(shop)?.id();
    if store::retire_bed(tx, shop, bed)? == 0 {
        Err(Error::NotFound)
    } else {
        Ok(())
    }
}

fn shop_of(cx: &Cx, tx: &mut Tx, therapist: Id<Therapist>) -> Result<Id<Shop>> {
    let therapist = therapist::therapist(tx, therapist)?;
    Ok(cx.shop_named(therapist.shop)?.id())
}
