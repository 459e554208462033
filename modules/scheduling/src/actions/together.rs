//! Several services in one visit: all of their time is claimed, or nothing.

use std::collections::HashMap;

use db::Tx;
use kernel::{Cx, Id, Instant, Minutes, Result, Shop};
use therapist::Therapist;

use super::{Claimed, Wanted, assign, diary};
use crate::{
    Bed,
    model::{FreeDay, Part, Place, Refusal, Together, slot_of},
    store::{self, Span},
};

/// At which times a visit of several services can begin.
#[derive(Clone, Debug)]
pub struct TogetherQuery {
    /// The shop.
    pub shop: Id<Shop>,
    /// The services, the first first.
    pub parts: Vec<Part>,
    /// Whether everybody wants to be in one room.
    pub one_room: bool,
    /// Now.
    pub now: Instant,
    /// The earliest start is so many minutes from now.
    pub lead_minutes: Minutes,
    /// So many business days, today's first.
    pub days: i64,
    /// Starts are multiples of so many minutes.
    pub step: Minutes,
}

/// The times at which a visit can begin, with who would serve each part; days as [`super::free_times`] has them.
pub fn free_together(tx: &mut Tx, query: &TogetherQuery) -> Result<Vec<FreeDay>> {
    let Some(first) = query.parts.first() else {
        return Ok(Vec::new());
    };
    let yesterday = query.now.day().plus(-1);
    let everybody = everybody(query.parts.iter().flat_map(|part| &part.therapists));
    // The last service may run into the day after the last.
    let diary = diary(tx, query.shop, &everybody, yesterday, query.days + 2)?;
    let earliest = query.now.plus_minutes(query.lead_minutes);
    let mut days = diary.free_days(first.length, earliest, query.step);
    days.truncate((query.days + 1).unsigned_abs() as usize);
    let mut found: Vec<FreeDay> = Vec::new();
    for beds in rooms(tx, query.shop, query.one_room)? {
        let together = Together::new(&diary, &query.parts, beds.as_deref());
        let narrowed = together.narrow(days.clone());
        if found.is_empty() {
            found = narrowed;
            continue;
        }
        for (known, more) in found.iter_mut().zip(narrowed) {
            for time in more.times {
                if !known.times.iter().any(|other| other.starts_at == time.starts_at) {
                    known.times.push(time);
                }
            }
            known.times.sort_by_key(|time| time.starts_at);
        }
    }
    if found.is_empty() {
        // No room at all: the days are there, without a time.
        days.iter_mut().for_each(|day| day.times.clear());
        found = days;
    }
    if found.first().is_some_and(|day| day.times.is_empty()) {
        found.remove(0);
    }
    Ok(found)
}

/// Claims therapists and beds for all of these, or nothing. Who is named serves whoever named them; of the others each has
/// who comes first in turn, unless another part needs them. In one room the smallest with beds enough is taken, so that
/// large ones stay for large groups.
///
/// # Errors
/// `scheduling.past`, `scheduling.closed`, `scheduling.time_taken`; `scheduling.no_room` when everybody would find a bed, but not in
/// one room.
///
/// # Panics
/// When the wishes are of several shops: a visit is to one.
pub fn claim_together(cx: &Cx, tx: &mut Tx, wanted: &[Wanted], one_room: bool) -> Result<Vec<Claimed>> {
    let Some(first) = wanted.first() else {
        return Ok(Vec::new());
    };
    assert!(
        wanted.iter().all(|one| one.shop == first.shop),
        "a visit is to one shop"
    );
    let starts_at = wanted
        .iter()
        .map(|one| one.starts_at)
        .min()
        .unwrap_or(first.starts_at);
    if starts_at <= cx.now() {
        return Err(Refusal::Past.into());
    }
    let places = places(tx, wanted, starts_at, one_room)?;
    wanted
        .iter()
        .zip(places)
        .map(|(one, place)| claim_place(cx, tx, one, place))
        .collect()
}

/// How many of these parts of a visit find somebody and a bed together, when it begins at `starts_at`: as many as can, and
/// all of them where the visit fits. Nothing is claimed.
pub fn most_together(tx: &mut Tx, shop: Id<Shop>, parts: &[Part], starts_at: Instant) -> Result<usize> {
    let everybody = everybody(parts.iter().flat_map(|part| &part.therapists));
    let diary = diary(tx, shop, &everybody, starts_at.day().plus(-1), 3)?;
    let works = |part: &&Part| diary.works_at(starts_at.plus_minutes(part.after), part.length);
    let parts: Vec<Part> = parts.iter().filter(works).cloned().collect();
    Ok(Together::new(&diary, &parts, None).most_at(starts_at))
}

fn places(tx: &mut Tx, wanted: &[Wanted], starts_at: Instant, one_room: bool) -> Result<Vec<Place>> {
    let shop = wanted[0].shop;
    let everybody = everybody(wanted.iter().flat_map(|one| one.choice.candidates()));
    let diary = diary(tx, shop, &everybody, starts_at.day().plus(-1), 3)?;
    if wanted
        .iter()
        .any(|one| !diary.works_at(one.starts_at, one.length))
    {
        return Err(Refusal::Closed.into());
    }
    let turns = store::turns(tx, shop)?;
    let part = |one: &Wanted| {
        let mut therapists = one.choice.candidates().to_vec();
        therapists.sort_by_key(|therapist| turns.get(therapist).copied().unwrap_or(0));
        Part {
            therapists,
            length: one.length,
            after: one.starts_at.minutes_since(starts_at),
        }
    };
    let parts: Vec<Part> = wanted.iter().map(part).collect();
    for beds in rooms(tx, shop, one_room)? {
        if let Some(places) = Together::new(&diary, &parts, beds.as_deref()).at(starts_at) {
            return Ok(places);
        }
    }
    let anywhere = Together::new(&diary, &parts, None).at(starts_at);
    Err(match anywhere {
        Some(_) => Refusal::NoRoom.into(),
        None => Refusal::TimeTaken.into(),
    })
}

fn claim_place(cx: &Cx, tx: &mut Tx, wanted: &Wanted, (therapist, bed): Place) -> Result<Claimed> {
    let (from, to) = wanted.length.claimed(slot_of(wanted.starts_at));
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
    // Read anew for each: the one before has moved the line.
    let turns: HashMap<Id<Therapist>, i64> = store::turns(tx, wanted.shop)?;
    let claimed = Claimed {
        therapist,
        bed: Some(bed),
        reason: wanted.choice.reason(),
    };
    assign(cx, tx, wanted, &turns, claimed)
}

/// The beds to look among: all of them, or room by room, the smallest first.
fn rooms(tx: &mut Tx, shop: Id<Shop>, one_room: bool) -> Result<Vec<Option<Vec<Id<Bed>>>>> {
    if !one_room {
        return Ok(vec![None]);
    }
    let mut rooms = Vec::new();
    for room in store::rooms(tx, shop)? {
        rooms.push(store::beds_of_room(tx, room.id)?);
    }
    rooms.sort_by_key(Vec::len);
    Ok(rooms.into_iter().map(Some).collect())
}

fn everybody<'a>(named: impl Iterator<Item = &'a Id<Therapist>>) -> Vec<Id<Therapist>> {
    let mut everybody: Vec<Id<Therapist>> = Vec::new();
    for therapist in named {
        if !everybody.contains(therapist) {
            everybody.push(*therapist);
        }
    }
    everybody
}
