//! What the desk enters itself: a customer who stands there, a customer on the telephone. Nothing is due before the service;
//! the desk takes the money, so the order is placed and the time promised at once.

use catalog::Service;
use db::Tx;
use identity::Caller;
use kernel::{Customer, Cx, Error, Id, Instant, Money, Result};
use scheduling::{FreeDay, FreeQuery, FreeTime, SLOT_MINUTES, moment_of, slot_of};
use serde::Serialize;
use therapist::Therapist;

use super::{
    home,
    request::{self, Reservation},
    take,
};
use crate::{
    model::{
        Address, Booking, CHECK_IN_MINUTES, Contact, HomeVisit, KeptFor, Place, Refusal, Step, Strength,
        Ticket, Wishes,
    },
    store,
};

/// Somebody whom the desk enters, and what they want.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Entry {
    /// What.
    pub service: Id<Service>,
    /// Who; whoever comes next in turn when it does not matter.
    pub therapist: Option<Id<Therapist>>,
    /// How the customer is addressed and reached.
    pub contact: Contact,
    /// Whether the customer agreed that the shop remembers name and number.
    pub remembered: bool,
    /// Whether the desk asked aloud about health, and the customer is well enough. What they have is never stored.
    pub asked: bool,
}

/// A customer stands at the desk (散客): served at the next slot, or at `at` where they would rather wait for a time. The
/// booking is promised, and checked in where the time is near: the customer is here. The same key with the same entry
/// again is the same booking.
///
/// # Errors
/// `booking.nobody_free`, `booking.not_asked`, `booking.not_offered`; `scheduling.closed`, `scheduling.past`,
/// `scheduling.too_far`;
/// `db.key_reused`; not found for another shop's service.
pub fn walk_in(cx: &Cx, tx: &mut Tx, key: &str, entry: &Entry, at: Option<Instant>) -> Result<Booking> {
    let fingerprint = format!("walk-in {} {at:?}", serde_json::to_string(entry)?);
    let id = tx.once(cx, key, &fingerprint, |tx| {
        let starts_at = at.unwrap_or(next_slot(cx.now()));
        let promised = promise(cx, tx, entry, starts_at).map_err(nobody_free)?;
        Ok(here(cx, tx, promised)?.id)
    })?;
    store::find(tx, id)
}

/// A customer books by telephone (电话预约): promised at once, paid at the shop.
///
/// # Errors
/// As [`walk_in`], but `scheduling.time_taken` for a time that is gone.
pub fn phone_booking(cx: &Cx, tx: &mut Tx, key: &str, entry: &Entry, at: Instant) -> Result<Booking> {
    let fingerprint = format!("phone {} {at:?}", serde_json::to_string(entry)?);
    let id = tx.once(cx, key, &fingerprint, |tx| Ok(promise(cx, tx, entry, at)?.id))?;
    store::find(tx, id)
}

/// A customer books a home visit by telephone: promised at once. Service and way are paid at the door, since a caller has no
/// WeChat to pay the way in advance. Who calls this sees to it that nobody is booked twice: what was asked holds an address,
/// and is kept nowhere else.
///
/// # Errors
/// As [`phone_booking`]; `booking.not_at_home`, `booking.outside_area`, `booking.bad_street`, `booking.bad_house`;
/// `scheduling.past` where nobody could be there in time.
pub fn phone_booking_at_home(
    cx: &Cx,
    tx: &mut Tx,
    entry: &Entry,
    at: Instant,
    (place, street, house): (Place, &str, &str),
) -> Result<Booking> {
    let service = checked(cx, tx, entry)?;
    check_days(cx, tx, &service, at)?;
    let (street, house) = Address::read(street, house)?;
    let customer = customer(cx, tx, &service, entry)?;
    let address = Address {
        id: cx.id(),
        customer,
        kept_for: KeptFor::Choosing,
        place,
        street,
        house,
    };
    let visit = home::visit(tx, &service, &address)?;
    if at < cx.now().plus_minutes(visit.trip.travel) {
        return Err(scheduling::Refusal::Past.into());
    }
    let (whom, when) = ((customer, &entry.contact), (entry.therapist, at));
    confirmed(cx, tx, service, whom, when, Some((visit, &address)))
}

/// Claims the time, places the order with nothing due now, and promises the booking in the desk's name.
fn promise(cx: &Cx, tx: &mut Tx, entry: &Entry, starts_at: Instant) -> Result<Booking> {
    let service = checked(cx, tx, entry)?;
    check_days(cx, tx, &service, starts_at)?;
    let customer = customer(cx, tx, &service, entry)?;
    let (whom, when) = ((customer, &entry.contact), (entry.therapist, starts_at));
    confirmed(cx, tx, service, whom, when, None)
}

/// The desk may promise at short notice, but no further ahead than the shop is booked; the night of the last day belongs
/// to it.
pub(super) fn check_days(cx: &Cx, tx: &mut Tx, service: &Service, starts_at: Instant) -> Result<()> {
    let days = scheduling::window(tx, service.shop)?.days;
    if starts_at.day() > cx.now().day().plus(days) {
        return Err(scheduling::Refusal::TooFar { days }.into());
    }
    Ok(())
}

/// A called ticket becomes a booking from the next slot on.
pub(crate) fn promise_from_line(cx: &Cx, tx: &mut Tx, ticket: &Ticket) -> Result<Booking> {
    let service = catalog::service(tx, ticket.service)?;
    request::offered(tx, &service, ticket.therapist)?;
    let (whom, when) = ((ticket.customer, &ticket.contact), next_slot(cx.now()));
    confirmed(cx, tx, service, whom, (ticket.therapist, when), None).map_err(nobody_free)
}

fn confirmed(
    cx: &Cx,
    tx: &mut Tx,
    service: Service,
    (customer, contact): (Id<Customer>, &Contact),
    (therapist, starts_at): (Option<Id<Therapist>>, Instant),
    home: Option<(HomeVisit, &Address)>,
) -> Result<Booking> {
    let wishes = unasked();
    let reservation = Reservation {
        customer,
        service,
        therapist,
        kept: None,
        starts_at,
        contact,
        wishes: &wishes,
        due_now: Money::ZERO,
        answers: &[],
        home,
    };
    let held = request::reserve(cx, tx, reservation)?;
    take(cx, tx, held, Step::Confirm, None)
}

/// What the desk does not ask: how firmly, and what else.
pub(super) fn unasked() -> Wishes {
    Wishes {
        strength: Strength::Medium,
        note: String::new(),
    }
}

/// The service, if whoever asks may enter somebody for it: the shop's own desk, or the centre in the shop's name.
pub(super) fn checked(cx: &Cx, tx: &mut Tx, entry: &Entry) -> Result<Service> {
    let service = catalog::service(tx, entry.service)?;
    cx.shop_named(service.shop)?;
    if !entry.asked {
        return Err(Refusal::NotAsked.into());
    }
    request::offered(tx, &service, entry.therapist)?;
    Ok(service)
}

/// The desk's record of whom it enters.
pub(super) fn customer(cx: &Cx, tx: &mut Tx, service: &Service, entry: &Entry) -> Result<Id<Customer>> {
    let caller = Caller {
        name: &entry.contact.name,
        phone: &entry.contact.phone,
        agreed: entry.remembered,
    };
    identity::customer_at_desk(cx, tx, cx.shop_named(service.shop)?, &caller)
}

/// Checks in whose time is near enough: who stands at the desk need not say a code.
pub(super) fn here(cx: &Cx, tx: &mut Tx, booking: Booking) -> Result<Booking> {
    if cx.now() < booking.starts_at.plus_minutes(-CHECK_IN_MINUTES) {
        return Ok(booking);
    }
    take(cx, tx, booking, Step::CheckIn, None)
}

/// Whoever stands at the desk has lost no time to somebody else: nobody is free.
fn nobody_free(error: Error) -> Error {
    match error {
        Error::Refused(no) if no.code == "scheduling.time_taken" => Refusal::NobodyFree.into(),
        other => other,
    }
}

/// The next slot that begins: now, as the diary counts.
pub(super) fn next_slot(now: Instant) -> Instant {
    moment_of(slot_of(now) + 1)
}

/// The free times of a service from the next slot on, for the desk: no lead is kept, so close to one another as slots are.
/// At most `days` business days from today's.
pub(super) fn free_at_desk(
    tx: &mut Tx,
    now: Instant,
    service: &Service,
    named: Option<Id<Therapist>>,
    days: i64,
) -> Result<Vec<FreeDay>> {
    let query = FreeQuery {
        shop: service.shop,
        length: request::length(service),
        therapists: request::candidates(tx, service, named)?,
        now: next_slot(now),
        lead_minutes: 0,
        days,
        step: SLOT_MINUTES,
    };
    scheduling::free_times(tx, &query)
}

/// The earliest time at which the desk can have somebody served, today or tomorrow.
pub fn earliest(
    tx: &mut Tx,
    now: Instant,
    service: &Service,
    named: Option<Id<Therapist>>,
) -> Result<Option<FreeTime>> {
    let days = free_at_desk(tx, now, service, named, 2)?;
    Ok(days.into_iter().flat_map(|day| day.times).next())
}

/// The three free times nearest to one that cannot be had, the earliest first, a quarter of an hour apart at least.
pub fn nearest(
    tx: &mut Tx,
    now: Instant,
    service: &Service,
    named: Option<Id<Therapist>>,
    wanted: Instant,
) -> Result<Vec<Instant>> {
    let days = scheduling::window(tx, service.shop)?.days;
    Ok(three_nearest(
        &free_at_desk(tx, now, service, named, days)?,
        wanted,
    ))
}

pub(super) fn three_nearest(free: &[FreeDay], wanted: Instant) -> Vec<Instant> {
    let mut times: Vec<Instant> = free
        .iter()
        .flat_map(|day| day.times.iter().map(|time| time.starts_at))
        .collect();
    times.sort_by_key(|at| ((*at - wanted).abs(), *at));
    let mut chosen: Vec<Instant> = Vec::new();
    let apart = scheduling::STEP * kernel::MINUTE_MS;
    for at in times {
        if chosen.len() < 3 && chosen.iter().all(|other| (at - *other).abs() >= apart) {
            chosen.push(at);
        }
    }
    chosen.sort();
    chosen
}
