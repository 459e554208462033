//! A therapist's leave over bookings: a decision on each, then the leave.
//!
//! The leave belongs to `scheduling`, which sees only that time is claimed. Here it is known what the claims are, so here
//! they are decided on, in the transaction that grants the leave.

use db::Tx;
use kernel::{Cx, Id, Result};
use scheduling::{Holder, Leave, LeaveState, Reason, Reassigned};
use therapist::Therapist;

use super::{
    at_desk, call_offer_back, cancel, candidates, candidates_at_home,
    change::{claim_anew, drop_it, open_change},
    check_seen, home_terms, keep,
};
use crate::{
    model::{Booking, Change, ChangeState, Refusal, Side, State, Step, Why},
    store,
};

/// What becomes of a booking that stands in a leave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decision {
    /// The therapist serves it: this part of the leave is not granted.
    Keep,
    /// Called off by the shop: everything goes back to the customer.
    Cancel,
    /// Another therapist serves it, at the same time.
    Swap(Id<Therapist>),
    /// The booking stays as it is; the change that is proposed for it, and would stand in the leave, is off the table.
    DropChange,
}

/// A decision on one booking, by somebody who saw this version of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Decided {
    /// Which.
    pub booking: Id<Booking>,
    /// Its version when it was shown.
    pub seen: i64,
    /// What becomes of it.
    pub decision: Decision,
}

/// The bookings that stand in a leave and are not over, or would stand in it after a change that is proposed, the
/// earliest first.
pub fn hit_by(cx: &Cx, tx: &mut Tx, leave: &Leave) -> Result<Vec<Booking>> {
    let hits = scheduling::hits(cx, tx, leave)?;
    let mut bookings: Vec<Booking> = Vec::new();
    for hit in hits {
        // A change claims its time under its own name.
        let change = store::maybe_change(tx, hit.holder.of())?;
        let id = change.map_or(hit.holder.of(), |change| change.booking);
        // An extension is a second stretch of the same booking; what is offered to the waitlist is no booking yet.
        if !bookings.iter().any(|known| known.id == id) {
            bookings.extend(store::known(tx, id)?);
        }
    }
    Ok(bookings)
}

/// Grants a leave that was asked for, with a decision on every booking in it: all of it, or nothing. Answers what was
/// granted: several leaves where bookings are kept in between, none when everything is kept.
///
/// # Errors
/// `booking.undecided` when a booking came in that nobody has decided on; `booking.requested` for a swap where the
/// customer chose the therapist; `booking.changed`, `booking.not_now`; those of [`scheduling::reassign`] and
/// [`scheduling::approve_leave`].
pub fn approve_leave(
    cx: &Cx,
    tx: &mut Tx,
    id: Id<Leave>,
    seen: i64,
    decided: &[Decided],
) -> Result<Vec<Leave>> {
    let leave = scheduling::leave_named(cx, tx, id)?;
    if leave.state != LeaveState::Asked {
        return scheduling::approve_leave(cx, tx, id, seen, &[]);
    }
    let hit = hit_by(cx, tx, &leave)?;
    let decision_on = |booking: &Booking| decided.iter().find(|decided| decided.booking == booking.id);
    let count = hit
        .iter()
        .filter(|booking| decision_on(booking).is_none())
        .count();
    if count > 0 {
        return Err(Refusal::Undecided { count }.into());
    }
    let mut kept: Vec<Id<Holder>> = Vec::new();
    for booking in hit {
        let Some(decided) = decision_on(&booking) else {
            continue;
        };
        check_seen(&booking, decided.seen)?;
        match decided.decision {
            Decision::Keep => {
                kept.push(booking.id.of());
                kept.extend(open_change(tx, booking.id)?.map(|change| change.id.of()));
            }
            Decision::DropChange => {
                let change = open_change(tx, booking.id)?.ok_or(Refusal::NoChange)?;
                drop_change(cx, tx, booking, &change)?;
            }
            Decision::Cancel => drop(cancel(cx, tx, booking.id, decided.seen, Why::TherapistAway)?),
            Decision::Swap(to) => {
                let swapped = give_to(cx, tx, booking.id, decided.seen, to, &leave.reason)?;
                drop_change_in(cx, tx, swapped, &leave)?;
            }
        }
    }
    for hit in scheduling::hits(cx, tx, &leave)? {
        call_offer_back(cx, tx, hit.holder.of())?;
    }
    scheduling::approve_leave(cx, tx, id, seen, &kept)
}

/// A change that is proposed for a booking and would stand in the leave is off the table; one at another time waits on.
fn drop_change_in(cx: &Cx, tx: &mut Tx, booking: Booking, leave: &Leave) -> Result<()> {
    let Some(change) = open_change(tx, booking.id)? else {
        return Ok(());
    };
    if change.stands_in(leave) {
        drop_change(cx, tx, booking, &change)?;
    }
    Ok(())
}

pub(super) fn drop_change(cx: &Cx, tx: &mut Tx, booking: Booking, change: &Change) -> Result<()> {
    let state = match change.by {
        Side::Customer => ChangeState::Refused,
        Side::Shop => ChangeState::Withdrawn,
    };
    drop_it(cx, tx, booking, change, state).map(drop)
}

/// The shop gives a booking to another therapist, at the same time and on the same bed. Where the customer asked for the
/// therapist it is the customer's to agree, so it is refused here.
///
/// # Errors
/// `booking.requested`, `booking.not_offered`, `booking.changed`, `booking.not_now`; those of [`scheduling::reassign`].
pub fn give_to(
    cx: &Cx,
    tx: &mut Tx,
    id: Id<Booking>,
    seen: i64,
    to: Id<Therapist>,
    note: &str,
) -> Result<Booking> {
    let booking = at_desk(cx, tx, id)?;
    if booking.therapist == to {
        return Ok(booking);
    }
    check_seen(&booking, seen)?;
    if booking.reason == Reason::Requested {
        return Err(Refusal::Requested.into());
    }
    let service = catalog::service(tx, booking.service)?;
    match booking.is_at_home() {
        true => candidates_at_home(tx, &service, Some(to))?,
        false => candidates(tx, &service, Some(to))?,
    };
    let note = match note.trim() {
        "" => Step::Reassign.code(),
        note => note,
    };
    let Some(mut given) = booking.after(Step::Reassign, cx.now())? else {
        return Ok(booking);
    };
    let new = Reassigned {
        holder: booking.id.of(),
        to,
        starts_at: booking.starts_at,
        length: booking.length,
        note: note.chars().take(60).collect(),
    };
    let assignment = scheduling::reassign(cx, tx, &new)?;
    given.therapist = assignment.therapist;
    given.reason = assignment.reason;
    keep(cx, tx, &given, Step::Reassign, Some(Why::TherapistAway))?;
    claim_anew(cx, tx, given, booking.therapist)
}

/// Who could serve a booking instead of its therapist, by work number; nobody where the customer chose the therapist or
/// the booking is not promised.
pub fn substitutes(tx: &mut Tx, booking: &Booking) -> Result<Vec<Id<Therapist>>> {
    if booking.reason == Reason::Requested || booking.state != State::Confirmed {
        return Ok(Vec::new());
    }
    let mut others = therapist::who_offers(tx, booking.service)?;
    others.retain(|other| *other != booking.therapist);
    free_instead(tx, booking, others)
}

/// Who of these is free at the time of a booking; of a home visit among those who go.
pub(super) fn free_instead(
    tx: &mut Tx,
    booking: &Booking,
    mut others: Vec<Id<Therapist>>,
) -> Result<Vec<Id<Therapist>>> {
    let (shop, starts_at, length) = (booking.shop, booking.starts_at, booking.length);
    if booking.is_at_home() {
        let going = home_terms(tx, shop)?.therapists;
        others.retain(|other| going.contains(other));
        return scheduling::free_therapists_away(tx, shop, &others, starts_at, length);
    }
    scheduling::free_therapists(tx, shop, &others, starts_at, length)
}
