//! Asking for a time: what is free, and taking it while the customer pays.

use catalog::Service;
use db::Tx;
use kernel::{Customer, Cx, Error, Id, Instant, Minutes, Money, Result};
use order::{Answer, NewLine, NewOrder, Policy};
use scheduling::{Choice, Claimed, FreeDay, FreeQuery, FreeTime, Length, Reason, Wanted};
use serde::Serialize;
use therapist::Therapist;

use super::home;
use crate::{
    model::{Address, Booking, Contact, HomeVisit, MOST_HELD, Refusal, State, Wishes, lead_minutes},
    store, topic,
};

/// What a customer asks for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Wish {
    /// What.
    pub service: Id<Service>,
    /// Who; whoever comes next in turn when it does not matter.
    pub therapist: Option<Id<Therapist>>,
    /// When.
    pub starts_at: Instant,
    /// How the customer is addressed and reached.
    pub contact: Contact,
    /// What the customer would like.
    pub wishes: Wishes,
    /// Whether the customer declares to be well enough.
    pub declared: bool,
}

/// Claims the time and opens the order: the booking is held while the customer pays. The same key with the same wish
/// again is the same booking, so a form sent twice books once.
///
/// # Errors
/// `scheduling.time_taken`, `scheduling.past`, `scheduling.too_soon`, `scheduling.too_far`, `scheduling.closed`; `booking.not_declared`, `booking.not_offered`,
/// `booking.too_many_held`; `db.key_reused` for another wish under the key.
pub fn request(cx: &Cx, tx: &mut Tx, key: &str, wish: &Wish) -> Result<Booking> {
    request_with(cx, tx, key, wish, &[])
}

/// The same, with what the customer typed to what the service's category asks, in the order of [`catalog::asked`].
///
/// # Errors
/// As [`request`]; `catalog.not_answered`, `catalog.bad_answer`.
pub fn request_with(cx: &Cx, tx: &mut Tx, key: &str, wish: &Wish, typed: &[String]) -> Result<Booking> {
    let id = tx.once(cx, key, &fingerprint(wish, typed)?, |tx| {
        hold(cx, tx, wish, typed, None, None)
    })?;
    store::find(tx, id)
}

/// What tells one wish from another under the same key.
pub(super) fn fingerprint(wish: &Wish, typed: &[String]) -> Result<String> {
    let mut fingerprint = serde_json::to_string(wish)?;
    if !typed.is_empty() {
        fingerprint.push_str(&serde_json::to_string(typed)?);
    }
    Ok(fingerprint)
}

/// Claims the time and opens the order: in the shop, or at an address. `kept` is who was kept for the customer, where the
/// time was.
pub(super) fn hold(
    cx: &Cx,
    tx: &mut Tx,
    wish: &Wish,
    typed: &[String],
    kept: Option<Id<Therapist>>,
    address: Option<&Address>,
) -> Result<Id<Booking>> {
    let service = catalog::service(tx, wish.service)?;
    let visit = address
        .map(|address| home::visit(tx, &service, address))
        .transpose()?;
    let service = check(cx, tx, wish, visit.map_or(0, |visit| visit.trip.travel))?;
    let answers = answers(tx, &service, wish, typed)?;
    // The way is paid in advance, however the service is.
    let fare = visit.map_or(Money::ZERO, |visit| visit.trip.fare);
    let due_now = catalog::prepay(tx, service.id)?.due_now(service.price) + fare;
    let customer = cx.customer()?;
    let held = reserve(
        cx,
        tx,
        Reservation {
            customer,
            service,
            therapist: wish.therapist,
            kept,
            starts_at: wish.starts_at,
            contact: &wish.contact,
            wishes: &wish.wishes,
            due_now,
            answers: &answers,
            home: visit.zip(address),
        },
    )?;
    identity::remember_contact(cx, tx, customer, &held.contact.name, &held.contact.phone)?;
    Ok(held.id)
}

/// What is wished for can be had from this shop by this customer, if the time is free; `travel` is the way that somebody must
/// have before it. Answers the service.
pub(super) fn check(cx: &Cx, tx: &mut Tx, wish: &Wish, travel: Minutes) -> Result<Service> {
    let customer = cx.customer()?;
    if !wish.declared {
        return Err(Refusal::NotDeclared.into());
    }
    let service = catalog::service(tx, wish.service)?;
    let shop = shop::shop(tx, service.shop)?;
    offered(tx, &service, wish.therapist)?;
    if store::held_by(tx, customer, cx.now())? >= MOST_HELD {
        return Err(Refusal::TooManyHeld { most: MOST_HELD }.into());
    }
    if wish.starts_at < cx.now().plus_minutes(lead_minutes(shop.accepts) + travel) {
        return Err(scheduling::Refusal::Past.into());
    }
    scheduling::check_window(cx, tx, service.shop, wish.starts_at)?;
    Ok(service)
}

/// Whoever was asked for, or all who offer the service.
pub(super) fn choice(tx: &mut Tx, service: &Service, named: Option<Id<Therapist>>) -> Result<Choice> {
    Ok(match named {
        Some(named) => Choice::Named(named),
        None => Choice::Rotation(candidates(tx, service, None)?),
    })
}

/// A time that is to be claimed and ordered, for a customer who asks or for one whom the desk enters.
pub(super) struct Reservation<'a> {
    /// For whom.
    pub customer: Id<Customer>,
    /// What.
    pub service: Service,
    /// Who, where the customer asks for somebody.
    pub therapist: Option<Id<Therapist>>,
    /// Who was kept for the customer, where the time was: in turn, but nobody else.
    pub kept: Option<Id<Therapist>>,
    /// When.
    pub starts_at: Instant,
    /// How the customer is addressed and reached.
    pub contact: &'a Contact,
    /// What the customer would like.
    pub wishes: &'a Wishes,
    /// What must be paid before the time is promised.
    pub due_now: Money,
    /// The answers to what the service's category asks.
    pub answers: &'a [Answer],
    /// The way and the address, where the therapist goes to the customer.
    pub home: Option<(HomeVisit, &'a Address)>,
}

/// Claims the time, opens the order and lays down the booking. Who may ask, and how soon, is the caller's to say.
pub(super) fn reserve(cx: &Cx, tx: &mut Tx, asked: Reservation<'_>) -> Result<Booking> {
    let Reservation { service, .. } = asked;
    let id: Id<Booking> = cx.id();
    let (length, choice) = match asked.home {
        Some((visit, _)) => {
            let candidates = home::candidates_at_home(tx, &service, asked.therapist)?;
            let choice = asked
                .therapist
                .map_or(Choice::Rotation(candidates), Choice::Named);
            (visit.trip.around(length(&service)), choice)
        }
        None => {
            let choice = match asked.kept {
                Some(kept) if asked.therapist.is_none() => Choice::Rotation(vec![kept]),
                _ => choice(tx, &service, asked.therapist)?,
            };
            (length(&service), choice)
        }
    };
    let wanted = Wanted {
        shop: service.shop,
        choice,
        starts_at: asked.starts_at,
        length,
        holder: id.of(),
    };
    let claimed = match asked.home {
        Some(_) => scheduling::claim_away(cx, tx, &wanted)?,
        None => scheduling::claim(cx, tx, &wanted)?,
    };
    let mut new = new_order(cx, id, &service, (asked.customer, asked.starts_at));
    if let Some((visit, _)) = asked.home {
        home::add_fare(cx, &mut new, id, visit.trip);
    }
    let order = order::open_due(cx, tx, &new, asked.due_now)?;
    order::record_answers(tx, order.id, (crate::MODULE, id.raw()), asked.answers)?;
    let person = (asked.customer, asked.contact, asked.wishes);
    let claims = (id, asked.starts_at, claimed);
    let booking = Booking {
        length,
        ..booking_of(cx, tx, order.id, &service, person, claims)?
    };
    store::insert(cx, tx, &booking)?;
    if let Some((visit, address)) = asked.home {
        home::keep_visit(cx, tx, &booking, &visit, address)?;
    }
    tx.announce(&topic(booking.shop))?;
    Ok(booking)
}

/// The booking of a time that is claimed, in an order that is open.
pub(super) fn booking_of(
    cx: &Cx,
    tx: &mut Tx,
    order: Id<order::Order>,
    service: &Service,
    (customer, contact, wishes): (Id<Customer>, &Contact, &Wishes),
    (id, starts_at, claimed): (Id<Booking>, Instant, Claimed),
) -> Result<Booking> {
    Ok(Booking {
        id,
        order,
        shop: service.shop,
        customer,
        service: service.id,
        service_name: service.name.clone(),
        therapist: claimed.therapist,
        bed: claimed.bed,
        day: business_day(tx, service.shop, starts_at)?,
        starts_at,
        length: length(service),
        price: service.price,
        state: State::Held,
        reason: claimed.reason,
        code: new_code(cx, tx, service.shop)?,
        contact: contact.clone(),
        wishes: wishes.clone(),
        declared_at: cx.now(),
        answer_by: None,
        version: 1,
    })
}

/// Whether a service can be had at all, from this therapist where one is named.
///
/// # Errors
/// `booking.not_offered`.
pub(super) fn offered(tx: &mut Tx, service: &Service, named: Option<Id<Therapist>>) -> Result<()> {
    candidates(tx, service, named)?;
    if !service.listed || !shop::shop(tx, service.shop)?.is_active() {
        return Err(Refusal::NotOffered.into());
    }
    Ok(())
}

pub(super) fn answers(tx: &mut Tx, service: &Service, wish: &Wish, typed: &[String]) -> Result<Vec<Answer>> {
    let asked = catalog::asked(tx, service, wish.therapist.is_some())?;
    let read = catalog::read_answers(&asked, |place| typed.get(place).map_or("", String::as_str))?;
    Ok(read
        .into_iter()
        .map(|(name, value)| Answer { name, value })
        .collect())
}

fn new_order(
    cx: &Cx,
    id: Id<Booking>,
    service: &Service,
    (customer, starts_at): (Id<Customer>, Instant),
) -> NewOrder {
    let line = NewLine {
        module: "booking",
        thing: id.raw(),
        title: service.name.clone(),
        starts_at: Some(starts_at),
        minutes: service.minutes,
        amount: service.price,
    };
    NewOrder {
        shop: service.shop,
        customer,
        title: service.name.clone(),
        page: format!("/bookings/{id}"),
        lines: vec![line],
        deadline: order::pay_by(starts_at, cx.now()),
        policy: Policy::default(),
    }
}

/// Six digits that no other booking of the shop has these days.
fn new_code(cx: &Cx, tx: &mut Tx, shop: Id<kernel::Shop>) -> Result<String> {
    for _ in 0..50 {
        let code = cx.digits(6);
        if store::with_code(tx, shop, &code, cx.now().plus_minutes(-48 * 60))?.is_empty() {
            return Ok(code);
        }
    }
    Err(Error::Fault(anyhow::anyhow!(
        "no free check-in code after fifty tries"
    )))
}

pub(super) fn business_day(tx: &mut Tx, shop: Id<kernel::Shop>, starts_at: Instant) -> Result<kernel::Day> {
    let before = shop::hours_between(tx, shop, starts_at.day().plus(-1), 1)?
        .into_iter()
        .next()
        .flatten();
    Ok(scheduling::business_day(starts_at, before).0)
}

/// Who may serve: the one asked for, or all who offer the service.
///
/// # Errors
/// `booking.not_offered` when the one asked for does not offer it, or nobody does.
pub fn candidates(
    tx: &mut Tx,
    service: &Service,
    named: Option<Id<Therapist>>,
) -> Result<Vec<Id<Therapist>>> {
    let offering = therapist::who_offers(tx, service.id)?;
    match named {
        Some(named) if offering.contains(&named) => Ok(vec![named]),
        None if !offering.is_empty() => Ok(offering),
        _ => Err(Refusal::NotOffered.into()),
    }
}

/// The free times of a service for as many days as the shop can be booked ahead, with one therapist or with any.
pub fn free_times(
    tx: &mut Tx,
    now: Instant,
    service: &Service,
    named: Option<Id<Therapist>>,
) -> Result<Vec<FreeDay>> {
    let mut query = query(tx, now, service)?;
    query.therapists = candidates(tx, service, named)?;
    scheduling::free_times(tx, &query)
}

/// What is asked of a shop's diary for a service; by whom is still to be said.
pub(super) fn query(tx: &mut Tx, now: Instant, service: &Service) -> Result<FreeQuery> {
    let window = scheduling::window(tx, service.shop)?;
    Ok(FreeQuery {
        shop: service.shop,
        length: length(service),
        therapists: Vec::new(),
        now,
        lead_minutes: lead_minutes(shop::shop(tx, service.shop)?.accepts).max(window.lead),
        days: window.days,
        step: scheduling::STEP,
    })
}

/// The three free times nearest to one that cannot be had, the earliest first.
pub fn alternatives(
    tx: &mut Tx,
    now: Instant,
    service: &Service,
    named: Option<Id<Therapist>>,
    wanted: Instant,
) -> Result<Vec<FreeTime>> {
    Ok(nearest(free_times(tx, now, service, named)?, wanted))
}

/// The three times nearest to one, the earliest first.
pub(super) fn nearest(days: Vec<FreeDay>, wanted: Instant) -> Vec<FreeTime> {
    let mut times: Vec<FreeTime> = days.into_iter().flat_map(|day| day.times).collect();
    times.sort_by_key(|time| ((time.starts_at - wanted).abs(), time.starts_at));
    times.truncate(3);
    times.sort_by_key(|time| time.starts_at);
    times
}

/// The same time with the same therapist, for a booking that is paid late.
pub(super) fn wanted_again(booking: &Booking) -> Wanted {
    let choice = match booking.reason {
        Reason::Requested | Reason::Extension | Reason::Manual => Choice::Named(booking.therapist),
        Reason::Rotation => Choice::Rotation(vec![booking.therapist]),
    };
    Wanted {
        shop: booking.shop,
        choice,
        starts_at: booking.starts_at,
        length: booking.length,
        holder: booking.id.of(),
    }
}

pub(super) fn length(service: &Service) -> Length {
    Length {
        minutes: service.minutes,
        before: service.before,
        after: service.after,
    }
}
