//! Another time for what is claimed already: claimed beside it while somebody decides, then taken in its place.

use db::Tx;
use kernel::{Cx, Error, Id, Result};
use therapist::Therapist;

use super::{Claimed, FreeQuery, Wanted, days_of, diary_of, diary_without, resources};
use crate::{
    Assignment, Bed, Holder,
    model::{FreeDay, Reason, Refusal, next_in_turn, slot_of},
    store::{self, Span},
};

/// What something has: who was given to it, and the time that is claimed.
struct Held {
    given: Assignment,
    spans: Vec<Span>,
}

impl Held {
    fn of(tx: &mut Tx, holder: Id<Holder>) -> Result<Held> {
        let given = store::last_assignment(tx, holder)?.ok_or(Error::NotFound)?;
        let spans = store::spans_of(tx, holder)?;
        match spans.is_empty() {
            true => Err(Error::NotFound),
            false => Ok(Held { given, spans }),
        }
    }

    /// Work at the customer's stays there: no bed, and the way is work.
    fn is_away(&self) -> bool {
        self.given.bed.is_none()
    }
}

/// Claims for the proposal `wanted.holder` what it needs besides what `of` has already: an hour that is to begin half an
/// hour later shares a half with itself. Nobody's turn is used for what may never come. What is done away from the shop
/// ([`super::claim_away`]) stays away from it, with the way that the wanted length has.
///
/// # Errors
/// Those of [`super::claim`]; not found when nothing is claimed for `of`.
pub fn claim_beside(
    cx: &Cx,
    tx: &mut Tx,
    wanted: &Wanted,
    of: Id<Holder>,
    prefer: (Id<Therapist>, Option<Id<Bed>>),
) -> Result<Claimed> {
    let own = Held::of(tx, of)?;
    let picked = pick(cx, tx, wanted, &own, prefer)?;
    let wish = wanted.length.claimed(slot_of(wanted.starts_at));
    for resource in resources(picked.therapist, picked.bed) {
        let of_resource = own.spans.iter().filter(|span| span.resource == resource);
        let held = of_resource.map(|span| (span.from, span.to)).collect();
        for (from, to) in without(wish, held) {
            claim_span(cx, tx, wanted, resource, (from, to))?;
        }
    }
    Ok(picked)
}

/// Takes another time in place of what is claimed for `wanted.holder`; what was claimed for the `proposed` change of it is
/// used for it. Whoever still serves keeps the turn that was used; for anybody else the old turn goes back, and a
/// new one is used where the `reason` is the rotation. `prefer` says who and where is best, if there is a choice.
///
/// # Errors
/// Those of [`super::claim`]; not found when nothing is claimed.
pub fn take_instead(
    cx: &Cx,
    tx: &mut Tx,
    wanted: &Wanted,
    proposed: Option<Id<Holder>>,
    (prefer, reason): ((Id<Therapist>, Option<Id<Bed>>), Reason),
) -> Result<Claimed> {
    let mut own = Held::of(tx, wanted.holder)?;
    if let Some(proposed) = proposed {
        own.spans.extend(store::spans_of(tx, proposed)?);
    }
    let picked = pick(cx, tx, wanted, &own, prefer)?;
    let Held { given, spans } = own;
    for span in &spans {
        store::release(tx, span)?;
    }
    let wish = wanted.length.claimed(slot_of(wanted.starts_at));
    for resource in resources(picked.therapist, picked.bed) {
        claim_span(cx, tx, wanted, resource, wish)?;
    }
    // Whom the shop has chosen stays its choice, whenever it is.
    let reason = match (given.reason, reason) {
        (Reason::Manual, Reason::Rotation) if picked.therapist == given.therapist => Reason::Manual,
        _ => reason,
    };
    let now = Claimed { reason, ..picked };
    record(cx, tx, &given, now)?;
    Ok(now)
}

/// The free times for something that is claimed already, as if what these hold were free; away from the shop for what is
/// done there.
pub fn free_times_beside(tx: &mut Tx, query: &FreeQuery, of: &[Id<Holder>]) -> Result<Vec<FreeDay>> {
    let (mut own, mut away) = (Vec::new(), false);
    for holder in of {
        own.extend(store::spans_of(tx, *holder)?);
        away |= store::last_assignment(tx, *holder)?.is_some_and(|given| given.bed.is_none());
    }
    let diary = diary_of(tx, query, &own)?;
    let diary = if away { diary.away() } else { diary };
    Ok(days_of(&diary, query))
}

/// Who serves and where, the preferred ones if they can; what is `own` counts as free.
fn pick(
    cx: &Cx,
    tx: &mut Tx,
    wanted: &Wanted,
    own: &Held,
    prefer: (Id<Therapist>, Option<Id<Bed>>),
) -> Result<Claimed> {
    let (starts_at, length) = (wanted.starts_at, wanted.length);
    if starts_at <= cx.now() {
        return Err(Refusal::Past.into());
    }
    let first_day = starts_at.day().plus(-1);
    let candidates = wanted.choice.candidates();
    let mut diary = diary_without(tx, (wanted.shop, candidates), first_day, 2, &own.spans)?;
    if own.is_away() {
        diary = diary.away();
    }
    if !diary.works_at(starts_at, length) {
        return Err(Refusal::Closed.into());
    }
    let free = diary.therapists_at(starts_at, length);
    let turns = store::turns(tx, wanted.shop)?;
    let turn_of = |therapist| turns.get(&therapist).copied().unwrap_or(0);
    let next = || next_in_turn(&free, turn_of);
    let therapist = free.iter().copied().find(|free| *free == prefer.0).or_else(next);
    let bed = |wanted: Option<Id<Bed>>| {
        let mut beds = diary.beds_at(starts_at, length);
        beds.find(|bed| wanted.is_none_or(|wanted| *bed == wanted))
    };
    let bed = match own.is_away() {
        true => None,
        false => {
            let preferred = prefer.1.and_then(|wanted| bed(Some(wanted)));
            Some(preferred.or_else(|| bed(None)).ok_or(Refusal::TimeTaken)?)
        }
    };
    Ok(Claimed {
        therapist: therapist.ok_or(Refusal::TimeTaken)?,
        bed,
        reason: wanted.choice.reason(),
    })
}

fn claim_span(cx: &Cx, tx: &mut Tx, wanted: &Wanted, resource: i64, (from, to): (i64, i64)) -> Result<()> {
    let span = Span {
        id: cx.id(),
        resource,
        from,
        to,
    };
    match store::claim(tx, wanted.shop, wanted.holder, &span)? {
        true => Ok(()),
        false => Err(Refusal::TimeTaken.into()),
    }
}

/// Records who was given what and why, and whose turn that was.
fn record(cx: &Cx, tx: &mut Tx, given: &Assignment, now: Claimed) -> Result<()> {
    let used = given.turn_after != given.turn_before;
    let keeps = used && now.therapist == given.therapist && now.reason != Reason::Requested;
    if used && !keeps {
        store::give_turn_back(tx, given)?;
    }
    let turns = store::turns(tx, given.shop)?;
    let place = turns.get(&now.therapist).copied().unwrap_or(0);
    let uses = now.reason == Reason::Rotation || (now.reason == Reason::Manual && used);
    let (turn_before, turn_after) = match (keeps, uses) {
        (true, _) => (given.turn_before, given.turn_after),
        (false, true) => (place, turns.values().copied().max().unwrap_or(0) + 1),
        (false, false) => (place, place),
    };
    if !keeps && turn_after != turn_before {
        store::set_turn(tx, given.shop, now.therapist, turn_after)?;
    }
    let assignment = Assignment {
        therapist: now.therapist,
        bed: now.bed,
        reason: now.reason,
        turn_before,
        turn_after,
        ..given.clone()
    };
    store::add_assignment(cx, tx, &assignment, "")
}

/// What of a stretch is in none of these.
fn without(wish: (i64, i64), mut held: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    held.sort_unstable();
    let (mut from, to) = wish;
    let mut pieces = Vec::new();
    for (starts, ends) in held {
        if from < starts.min(to) {
            pieces.push((from, starts.min(to)));
        }
        from = from.max(ends);
    }
    if from < to {
        pieces.push((from, to));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn a_stretch_less_what_is_held_already() {
        assert_eq!(without((10, 20), vec![]), [(10, 20)]);
        assert_eq!(without((10, 20), vec![(4, 14)]), [(14, 20)]);
        assert_eq!(without((10, 20), vec![(16, 26)]), [(10, 16)]);
        assert_eq!(without((10, 20), vec![(12, 15)]), [(10, 12), (15, 20)]);
        assert_eq!(without((10, 20), vec![(15, 17), (8, 12)]), [(12, 15), (17, 20)]);
        assert_eq!(without((10, 20), vec![(10, 20)]), []);
        assert_eq!(without((10, 20), vec![(30, 40)]), [(10, 20)]);
        assert_eq!(without((10, 20), vec![(0, 5)]), [(10, 20)]);
    }
}
