//! What a booking can be changed to: the times that are free, and who could serve.

use catalog::Service;
use db::Tx;
use kernel::{Actor, Cx, Id, Result};
use scheduling::{FreeDay, FreeQuery, Length, Reason};
use therapist::Therapist;

use super::{
    super::{candidates, candidates_at_home, request::length},
    Who, going, travel_of,
};
use crate::model::{Address, Booking, Step, Trip, lead_minutes};

/// A service as it is claimed: of a home visit with the way on both sides.
pub(super) fn length_with(service: &Service, trip: Option<Trip>) -> Length {
    match trip {
        Some(trip) => trip.around(length(service)),
        None => length(service),
    }
}

/// Who may serve a changed booking: of a home visit among those who go.
pub fn candidates_for(
    tx: &mut Tx,
    booking: &Booking,
    service: &Service,
    named: Option<Id<Therapist>>,
) -> Result<Vec<Id<Therapist>>> {
    match booking.is_at_home() {
        true => candidates_at_home(tx, service, named),
        false => candidates(tx, service, named),
    }
}

/// The times to which a booking can be moved, as if its own time were free; of a home visit with the way to the new address,
/// where there is one. The shop may move sooner than it is booked.
///
/// # Errors
/// `booking.not_offered`, `booking.not_at_home`, `booking.outside_area`.
pub fn free_to_move(
    cx: &Cx,
    tx: &mut Tx,
    booking: &Booking,
    service: &Service,
    (who, address): (Who, Option<Id<Address>>),
) -> Result<Vec<FreeDay>> {
    let named = match who {
        Who::AsBefore if booking.reason == Reason::Requested => Some(booking.therapist),
        Who::AsBefore | Who::Anyone => None,
        Who::Named(named) => Some(named),
    };
    let going = going(cx, tx, booking, service, address)?;
    let window = scheduling::window(tx, service.shop)?;
    let lead = match cx.actor() {
        Actor::Customer(_) => lead_minutes(shop::shop(tx, service.shop)?.accepts).max(window.lead),
        _ => 1,
    };
    let query = FreeQuery {
        shop: service.shop,
        length: length_with(service, going.as_ref().map(|going| going.visit.trip)),
        therapists: candidates_for(tx, booking, service, named)?,
        now: cx.now(),
        lead_minutes: lead + travel_of(going.as_ref()),
        days: window.days,
        step: scheduling::STEP,
    };
    let mut days = scheduling::free_times_beside(tx, &query, &[booking.id.of()])?;
    let same = booking.service == service.id && address.is_none();
    if same && !matches!(who, Who::Named(other) if other != booking.therapist) {
        // What it is already is no change.
        days.iter_mut()
            .for_each(|day| day.times.retain(|time| time.starts_at != booking.starts_at));
    }
    Ok(days)
}

/// Who could serve a promised booking instead of its therapist, at the same time, by work number; whether the customer
/// has to agree is another question.
pub fn could_serve(tx: &mut Tx, booking: &Booking) -> Result<Vec<Id<Therapist>>> {
    if booking.state.after(Step::ProposeMove).is_none() {
        return Ok(Vec::new());
    }
    let mut others = therapist::who_offers(tx, booking.service)?;
    others.retain(|other| *other != booking.therapist);
    super::super::free_instead(tx, booking, others)
}
