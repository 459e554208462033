//! The line at the desk: taking a number, calling it, and what becomes of it.

use catalog::Service;
use db::Tx;
use kernel::{Cx, Day, Error, Id, Instant, Minutes, Result, Shop, ShopScope};
use scheduling::FreeTime;

use super::{
    cancel,
    counter::{self, Entry},
    request,
};
use crate::{
    events,
    model::{Booking, Refusal, State, Step, Ticket, TicketState, TicketStep, Waits, Why, expected},
    store, topic,
};

/// Numbers are given out so many minutes before the shop opens, not sooner.
const BEFORE_OPENING: Minutes = 60;

/// One ticket of a line, and how long it waits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The ticket.
    pub ticket: Ticket,
    /// So many wait before it.
    pub before: usize,
    /// When it can be expected to be called; `None` where the day has no time for it.
    pub expected: Option<Instant>,
}

/// Somebody takes a number (取号). The same key with the same entry again is the same ticket.
///
/// # Errors
/// `scheduling.closed` when the shop is not open and does not open within the hour; `booking.not_asked`,
/// `booking.not_offered`; `db.key_reused`; not found for another shop's service.
pub fn take_ticket(cx: &Cx, tx: &mut Tx, key: &str, entry: &Entry) -> Result<Ticket> {
    let fingerprint = format!("ticket {}", serde_json::to_string(entry)?);
    let id = tx.once(cx, key, &fingerprint, |tx| join(cx, tx, entry))?;
    store::ticket(tx, id)
}

pub(super) fn join(cx: &Cx, tx: &mut Tx, entry: &Entry) -> Result<Id<Ticket>> {
    let service = counter::checked(cx, tx, entry)?;
    let shop = service.shop;
    let day = today(tx, shop, cx.now())?;
    let hours = shop::hours_on(tx, shop, day)?.map(|(opens, closes)| (day.at(opens), day.at(closes)));
    let open =
        hours.filter(|(opens, closes)| opens.plus_minutes(-BEFORE_OPENING) <= cx.now() && cx.now() < *closes);
    let (_, until) = open.ok_or(scheduling::Refusal::Closed)?;
    let ticket = Ticket {
        id: cx.id(),
        shop,
        day,
        number: store::next_number(tx, shop, day)?,
        token: cx.token(),
        customer: counter::customer(cx, tx, &service, entry)?,
        service: service.id,
        therapist: entry.therapist,
        contact: entry.contact.clone(),
        state: TicketState::Waiting,
        booking: None,
        taken_at: cx.now(),
        version: 1,
    };
    store::insert_ticket(cx, tx, &ticket)?;
    let lapses = events::TicketLapses { ticket: ticket.id };
    tx.schedule(cx, "booking.ticket_lapses", &lapses, until, None)?;
    tx.announce(&topic(shop))?;
    Ok(ticket.id)
}

/// The business day that runs now.
pub(crate) fn today(tx: &mut Tx, shop: Id<Shop>, now: Instant) -> Result<Day> {
    request::business_day(tx, shop, now)
}

/// Calls a ticket (叫号): therapist and bed are claimed from the next slot on, and the order is placed with nothing due now.
/// Of two desks that call one ticket, one is refused. The same key again is the same booking.
///
/// # Errors
/// `booking.ticket_not_now`, `booking.ticket_changed`; `booking.nobody_free`, and the others of [`super::walk_in`]; not
/// found for another shop's ticket.
pub fn call(cx: &Cx, tx: &mut Tx, key: &str, id: Id<Ticket>, seen: i64) -> Result<Booking> {
    let fingerprint = format!("call {id} {seen}");
    let booking = tx.once(cx, key, &fingerprint, |tx| {
        let ticket = at_desk(cx, tx, id)?;
        check_seen(&ticket, seen)?;
        let Some(called) = ticket.after(TicketStep::Call)? else {
            return Err(Error::fault("a call is never so already"));
        };
        // The ticket first: whoever loses the race for it claims nothing.
        store::save_ticket(cx, tx, &called, TicketStep::Call)?;
        let booking = counter::promise_from_line(cx, tx, &called)?;
        store::bind_ticket(tx, id, booking.id)?;
        Ok(booking.id)
    })?;
    store::find(tx, booking)
}

/// Nobody came when the ticket was called (过号): the time is free again. The customer may be called once more.
///
/// # Errors
/// `booking.ticket_not_now`, `booking.ticket_changed`; not found for another shop's ticket.
pub fn skip(cx: &Cx, tx: &mut Tx, id: Id<Ticket>, seen: i64) -> Result<Ticket> {
    end(cx, tx, id, seen, TicketStep::Skip)
}

/// The customer goes, as the desk hears.
///
/// # Errors
/// As [`skip`].
pub fn leave(cx: &Cx, tx: &mut Tx, id: Id<Ticket>, seen: i64) -> Result<Ticket> {
    end(cx, tx, id, seen, TicketStep::Leave)
}

fn end(cx: &Cx, tx: &mut Tx, id: Id<Ticket>, seen: i64, step: TicketStep) -> Result<Ticket> {
    let ticket = at_desk(cx, tx, id)?;
    if ticket.after(step)?.is_none() {
        return Ok(ticket);
    }
    check_seen(&ticket, seen)?;
    if ticket.state == TicketState::Called {
        free_again(cx, tx, &ticket)?;
    }
    // Calling the booking off has moved the ticket on.
    let ticket = store::ticket(tx, id)?;
    take(cx, tx, ticket, step)
}

/// The customer looks at their own ticket and goes. Who knows the token is the customer. Only who still waits can go by
/// themselves: for a called one therapist and bed are ready, and the desk must hear it.
///
/// # Errors
/// `booking.ticket_not_now`; not found for an unknown token.
pub fn leave_by_token(cx: &Cx, tx: &mut Tx, token: &str) -> Result<Ticket> {
    let ticket = store::ticket_by_token(tx, token)?;
    match ticket.state {
        TicketState::Waiting | TicketState::Left | TicketState::Skipped => {
            take(cx, tx, ticket, TicketStep::Leave)
        }
        state => Err(Refusal::TicketNotNow {
            ticket: ticket.name(),
            state,
        }
        .into()),
    }
}

/// The business day is over: who still waits has gone.
pub fn lapse(cx: &Cx, tx: &mut Tx, id: Id<Ticket>) -> Result<()> {
    let ticket = store::ticket(tx, id)?;
    match ticket.state {
        TicketState::Waiting | TicketState::Skipped => take(cx, tx, ticket, TicketStep::Leave).map(drop),
        _ => Ok(()),
    }
}

/// Nobody of the line is called any more.
pub(super) fn end_ticket(cx: &Cx, tx: &mut Tx, ticket: Ticket) -> Result<()> {
    take(cx, tx, ticket, TicketStep::Leave).map(drop)
}

/// Calls off the booking that a called ticket has become.
fn free_again(cx: &Cx, tx: &mut Tx, ticket: &Ticket) -> Result<()> {
    let id = ticket
        .booking
        .ok_or_else(|| Error::fault("a called ticket has a booking"))?;
    let booking = store::find(tx, id)?;
    if booking.state == State::Confirmed {
        cancel(cx, tx, id, booking.version, Why::NotThere)?;
    }
    Ok(())
}

/// A booking took a step: the ticket that it was goes with it.
pub(super) fn follow(cx: &Cx, tx: &mut Tx, booking: Id<Booking>, step: Step) -> Result<()> {
    let step = match step {
        Step::CheckIn => TicketStep::Serve,
        Step::Cancel | Step::NoShow => TicketStep::Skip,
        _ => return Ok(()),
    };
    match store::called_ticket_of(tx, booking)? {
        Some(ticket) => take(cx, tx, ticket, step).map(drop),
        None => Ok(()),
    }
}

/// Takes a step, unless it has been taken already.
fn take(cx: &Cx, tx: &mut Tx, ticket: Ticket, step: TicketStep) -> Result<Ticket> {
    let Some(after) = ticket.after(step)? else {
        return Ok(ticket);
    };
    store::save_ticket(cx, tx, &after, step)?;
    tx.announce(&topic(after.shop))?;
    Ok(after)
}

fn check_seen(ticket: &Ticket, seen: i64) -> Result<()> {
    if ticket.version == seen {
        return Ok(());
    }
    Err(Refusal::TicketChanged {
        ticket: ticket.name(),
    }
    .into())
}

fn at_desk(cx: &Cx, tx: &mut Tx, id: Id<Ticket>) -> Result<Ticket> {
    let ticket = store::ticket(tx, id)?;
    cx.shop_named(ticket.shop)?;
    Ok(ticket)
}

/// The line of a shop's present business day, the first in line first, with how long each will wait.
pub fn line(tx: &mut Tx, shop: ShopScope, now: Instant) -> Result<Vec<Line>> {
    let day = today(tx, shop.id(), now)?;
    let waiting = store::tickets_of(tx, shop.id(), day, TicketState::Waiting)?;
    estimated(tx, waiting, now)
}

/// One ticket with its place in the line of its day.
pub(crate) fn in_line(tx: &mut Tx, ticket: &Ticket, now: Instant) -> Result<Option<Line>> {
    let waiting = store::tickets_of(tx, ticket.shop, ticket.day, TicketState::Waiting)?;
    let line = estimated(tx, waiting, now)?;
    Ok(line.into_iter().find(|one| one.ticket.id == ticket.id))
}

fn estimated(tx: &mut Tx, waiting: Vec<Ticket>, now: Instant) -> Result<Vec<Line>> {
    let mut known: Vec<(Service, Vec<FreeTime>)> = Vec::new();
    for ticket in &waiting {
        if known.iter().any(|(service, _)| service.id == ticket.service) {
            continue;
        }
        let service = catalog::service(tx, ticket.service)?;
        let days = match counter::free_at_desk(tx, now, &service, None, 2) {
            Ok(days) => days,
            // Nobody offers it any more: the desk tells the customer.
            Err(Error::Refused(_)) => Vec::new(),
            Err(other) => return Err(other),
        };
        let of_day = days.into_iter().filter(|day| day.day == ticket.day);
        known.push((service, of_day.flat_map(|day| day.times).collect()));
    }
    let wishes: Vec<Waits<'_>> = waiting
        .iter()
        .filter_map(|ticket| {
            let (service, free) = known.iter().find(|(service, _)| service.id == ticket.service)?;
            Some(Waits {
                free,
                therapist: ticket.therapist,
                length: request::length(service),
            })
        })
        .collect();
    let moments = expected(&wishes);
    let lines = waiting.into_iter().zip(moments).enumerate();
    Ok(lines
        .map(|(before, (ticket, expected))| Line {
            ticket,
            before,
            expected,
        })
        .collect())
}
