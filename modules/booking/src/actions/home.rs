//! Home visits: where a shop goes, booking one, and the way there.

use catalog::Service;
use db::Tx;
use kernel::{Actor, Customer, Cx, Error, Id, Instant, Money, Result, Role, Shop};
use order::{NewLine, NewOrder};
use scheduling::{FreeDay, FreeTime};
use therapist::Therapist;

use super::{
    at_desk,
    desk::step,
    request::{self, Wish},
};
use crate::{
    events,
    model::{
        ADDRESS_DAYS, ADDRESS_UNUSED_MINUTES, Address, Booking, HomeTerms, HomeVisit, KeptFor, Place,
        Refusal, State, Step, Trip, check_absence, home_policy,
    },
    store, words,
};

/// The module's name on the lines of an order that are fares: a booking has one such line at most.
pub(super) const FARE: &str = "booking_fare";

/// What a shop does at customers' homes; off where nothing was set.
pub fn home_terms(tx: &mut Tx, shop: Id<Shop>) -> Result<HomeTerms> {
    Ok(store::home_terms(tx, shop)?.unwrap_or_default())
}

/// The same of all shops that ever set it.
pub fn all_home_terms(tx: &mut Tx) -> Result<Vec<(Id<Shop>, HomeTerms)>> {
    store::all_home_terms(tx)
}

/// Sets where a shop goes, what the way costs and takes, what is done there and by whom. Bookings that are made stay as
/// they are. For the owner and the centre.
///
/// # Errors
/// Those of [`HomeTerms::check`]; `NotFound` for services or therapists of another shop.
pub fn set_home_terms(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, terms: &HomeTerms) -> Result<()> {
    let shop = cx.shop_named(shop)?.id();
    if let Actor::Staff {
        role: Role::Clerk | Role::Therapist,
        ..
    } = cx.actor()
    {
        return Err(Error::Forbidden);
    }
    terms.check()?;
    for service in &terms.services {
        if catalog::service(tx, *service)?.shop != shop {
            return Err(Error::NotFound);
        }
    }
    for therapist in &terms.therapists {
        if therapist::therapist(tx, *therapist)?.shop != shop {
            return Err(Error::NotFound);
        }
    }
    store::put_home_terms(cx, tx, shop, terms)?;
    tx.announce("shops")
}

/// The way from a shop to a place where a service is wanted.
///
/// # Errors
/// `booking.not_at_home`, `booking.outside_area`.
pub fn trip_to(tx: &mut Tx, service: &Service, place: Place) -> Result<Trip> {
    let terms = home_terms(tx, service.shop)?;
    if !terms.offers(service.id) {
        return Err(Refusal::NotAtHome.into());
    }
    Ok(terms.trip(shop::shop(tx, service.shop)?.point, place)?)
}

/// Keeps where the customer who asks wants a service, for the time of booking. It is never part of an address of a page.
///
/// # Errors
/// `booking.bad_street`, `booking.bad_house`, and those of [`trip_to`].
pub fn keep_address(
    cx: &Cx,
    tx: &mut Tx,
    service: &Service,
    place: Place,
    (street, house): (&str, &str),
) -> Result<Address> {
    let whose = (cx.customer()?, KeptFor::Choosing);
    keep_while_choosing(cx, tx, service, whose, place, (street, house))
}

/// Keeps an address as it was typed until something comes of it, a day at the most.
pub(super) fn keep_while_choosing(
    cx: &Cx,
    tx: &mut Tx,
    service: &Service,
    (customer, kept_for): (Id<Customer>, KeptFor),
    place: Place,
    (street, house): (&str, &str),
) -> Result<Address> {
    trip_to(tx, service, place)?;
    let (street, house) = Address::read(street, house)?;
    let address = Address {
        id: cx.id(),
        customer,
        kept_for,
        place,
        street,
        house,
    };
    let forget_at = cx.now().plus_minutes(ADDRESS_UNUSED_MINUTES);
    store::add_address(tx, &address, forget_at)?;
    plan_forgetting(cx, tx, address.id, forget_at)?;
    Ok(address)
}

/// When it is known is part of the key: what is kept for longer is looked at again.
pub(super) fn plan_forgetting(cx: &Cx, tx: &mut Tx, address: Id<Address>, due: Instant) -> Result<()> {
    tx.schedule(
        cx,
        events::FORGET,
        &events::AddressDue { address },
        due,
        Some(&format!("{address} {}", due.ms())),
    )
}

/// Until when the address of a visit at this time is known.
pub(super) fn known_until(starts_at: Instant) -> Instant {
    starts_at.plus_minutes(ADDRESS_DAYS * 24 * 60)
}

/// Deletes the addresses whose time has come.
pub fn forget_addresses(cx: &Cx, tx: &mut Tx) -> Result<u64> {
    store::forget_addresses(tx, cx.now())
}

/// An address of the customer who asks that no booking has yet; anybody else's does not exist.
pub fn own_address(cx: &Cx, tx: &mut Tx, id: Id<Address>) -> Result<Address> {
    let address = store::address(tx, id)?;
    if address.customer == cx.customer()? && address.kept_for == KeptFor::Choosing {
        Ok(address)
    } else {
        Err(Error::NotFound)
    }
}

/// The address that the customer who asks gave last, while it is known.
pub fn last_address(cx: &Cx, tx: &mut Tx) -> Result<Option<Address>> {
    store::last_address(tx, cx.customer()?)
}

/// Claims the time for a home visit, the way included, and opens the order with the fare as a line of its own; else as
/// [`super::request_with`].
///
/// # Errors
/// As [`super::request_with`]; `booking.not_at_home`, `booking.outside_area`.
pub fn request_at_home(
    cx: &Cx,
    tx: &mut Tx,
    key: &str,
    wish: &Wish,
    typed: &[String],
    address: Id<Address>,
) -> Result<Booking> {
    let fingerprint = format!("{} home {address}", request::fingerprint(wish, typed)?);
    let id = tx.once(cx, key, &fingerprint, |tx| {
        let address = own_address(cx, tx, address)?;
        request::hold(cx, tx, wish, typed, None, Some(&address))
    })?;
    store::find(tx, id)
}

/// What a service at an address means: the way, and who may go.
pub(super) fn visit(tx: &mut Tx, service: &Service, address: &Address) -> Result<HomeVisit> {
    Ok(HomeVisit {
        district: address.place.district,
        trip: trip_to(tx, service, address.place)?,
    })
}

/// The fare is a line of its own on the order, and a home visit has its own rules of cancellation.
pub(super) fn add_fare(cx: &Cx, order: &mut NewOrder, booking: Id<Booking>, trip: Trip) {
    order.policy = home_policy();
    if trip.fare > Money::ZERO {
        order.lines.push(NewLine {
            module: FARE,
            thing: booking.raw(),
            title: words::fare(cx.lang()),
            starts_at: order.lines.first().and_then(|line| line.starts_at),
            minutes: 0,
            amount: trip.fare,
        });
    }
}

/// The visit and its address belong to the booking that was made for them. The address is forgotten a month after it.
pub(super) fn keep_visit(
    cx: &Cx,
    tx: &mut Tx,
    booking: &Booking,
    visit: &HomeVisit,
    address: &Address,
) -> Result<()> {
    store::put_visit(tx, booking.id, visit)?;
    let bound = Address {
        id: cx.id(),
        kept_for: KeptFor::Booking(booking.id),
        ..address.clone()
    };
    let forget_at = known_until(booking.starts_at);
    store::add_address(tx, &bound, forget_at)?;
    plan_forgetting(cx, tx, bound.id, forget_at)
}

/// Who may go: the one asked for, or all who offer the service and go to customers.
///
/// # Errors
/// `booking.not_offered`, `booking.not_at_home`.
pub fn candidates_at_home(
    tx: &mut Tx,
    service: &Service,
    named: Option<Id<Therapist>>,
) -> Result<Vec<Id<Therapist>>> {
    let going = home_terms(tx, service.shop)?.therapists;
    let mut candidates = super::candidates(tx, service, named)?;
    candidates.retain(|candidate| going.contains(candidate));
    if candidates.is_empty() {
        return Err(Refusal::NotAtHome.into());
    }
    Ok(candidates)
}

/// The free times of a service at the customer's, with the way on both sides; else as [`super::free_times`].
pub fn free_times_at_home(
    tx: &mut Tx,
    now: Instant,
    service: &Service,
    named: Option<Id<Therapist>>,
    trip: Trip,
) -> Result<Vec<FreeDay>> {
    let mut query = request::query(tx, now, service)?;
    query.therapists = candidates_at_home(tx, service, named)?;
    query.length = trip.around(query.length);
    query.lead_minutes += trip.travel;
    scheduling::free_times_away(tx, &query)
}

/// The three free times at the customer's nearest to one that cannot be had, the earliest first.
pub fn alternatives_at_home(
    tx: &mut Tx,
    now: Instant,
    service: &Service,
    named: Option<Id<Therapist>>,
    (trip, wanted): (Trip, Instant),
) -> Result<Vec<FreeTime>> {
    let days = free_times_at_home(tx, now, service, named, trip)?;
    Ok(request::nearest(days, wanted))
}

/// What everybody of the shop may know of a home visit; `None` of a visit to the shop.
pub fn home_visit(tx: &mut Tx, booking: &Booking) -> Result<Option<HomeVisit>> {
    match booking.is_at_home() {
        true => store::visit(tx, booking.id),
        false => Ok(None),
    }
}

/// What the way costs; nothing when the customer comes to the shop.
pub fn fare(tx: &mut Tx, booking: &Booking) -> Result<Money> {
    Ok(home_visit(tx, booking)?.map_or(Money::ZERO, |visit| visit.trip.fare))
}

/// The address of a home visit: for its customer while it is known, for the shop from the departure to the end.
pub fn address_of(cx: &Cx, tx: &mut Tx, booking: &Booking) -> Result<Option<Address>> {
    let may_know = match cx.actor() {
        Actor::Customer(own) => own == booking.customer,
        Actor::Staff { shop: Some(own), .. } => own == booking.shop && booking.shows_contact(),
        _ => false,
    };
    match may_know && booking.is_at_home() {
        true => store::address_of(tx, booking.id),
        false => Ok(None),
    }
}

/// The therapist sets out: from now on the address is shown and the fare is kept.
///
/// # Errors
/// `booking.not_time_to_go`, `booking.changed`, `booking.not_now`.
pub fn depart(cx: &Cx, tx: &mut Tx, id: Id<Booking>, seen: i64) -> Result<Booking> {
    step(cx, tx, id, seen, Step::Depart, None)
}

/// The therapist is at the customer's.
pub fn arrive(cx: &Cx, tx: &mut Tx, id: Id<Booking>, seen: i64) -> Result<Booking> {
    step(cx, tx, id, seen, Step::Arrive, None)
}

/// Somebody of the shop rang the customer, who neither opens nor answers.
///
/// # Errors
/// `booking.changed`, `booking.not_now`.
pub fn log_call(cx: &Cx, tx: &mut Tx, id: Id<Booking>, seen: i64) -> Result<Booking> {
    step(cx, tx, id, seen, Step::Call, None)
}

/// Calls logged since the therapist arrived, and when that was; nothing before.
pub fn calls(cx: &Cx, tx: &mut Tx, id: Id<Booking>) -> Result<Option<(Instant, i64)>> {
    at_desk(cx, tx, id)?;
    store::arrival(tx, id)
}

/// Frees the time of a booking that does not take place. Whoever has set out goes back, which takes as long as the way.
pub(super) fn free_time(cx: &Cx, tx: &mut Tx, gone: &Booking) -> Result<()> {
    if let Some(visit) = home_visit(tx, gone)?
        && store::last_step(tx, gone.id, Step::Depart)?.is_some()
    {
        return scheduling::cut(cx, tx, gone.id.of(), visit.trip.travel);
    }
    scheduling::release(tx, gone.id.of())
}

/// Whether a customer at home may be called absent; of a visit to the shop the booking itself decides.
///
/// # Errors
/// `booking.not_late_yet`, `booking.not_called`.
pub(super) fn may_be_absent(cx: &Cx, tx: &mut Tx, booking: &Booking) -> Result<()> {
    if booking.state != State::Arrived {
        return Ok(());
    }
    let (arrived_at, calls) = store::arrival(tx, booking.id)?.ok_or(Error::NotFound)?;
    Ok(check_absence(arrived_at, calls, cx.now())?)
}
