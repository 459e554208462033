//! One verb, one transaction.

mod absence;
mod counter;
mod desk;
mod leave;
mod request;
mod service;
mod ticket;

use db::Tx;
use kernel::{Actor, Cx, Error, Id, Instant, Money, Result, Role, Shop};
use order::By;

pub use absence::{
    Back, abort, cases_for_centre, cost_of_aborting, decide_fee, dispute, no_show, open_cases, rule, say_late,
};
#[cfg(test)]
pub(crate) use counter::promise_from_line as promise_unguarded;
pub use counter::{Entry, earliest, nearest, phone_booking, walk_in};
pub(crate) use desk::at_desk;
pub use desk::{
    check_in, check_in_by_code, complete, confirm, decline, decline_unanswered, extend, finish_overrun, start,
};
pub use leave::{Decided, Decision, approve_leave, give_to, hit_by, substitutes};
pub use request::{Wish, alternatives, candidates, free_times, request, request_with};
pub use service::{
    EXTENSION, Extra, Offer, Room, could_take_over, hand_over, lengthen, offers, planned_end, reopen,
    room_after, seal, shares_of,
};
pub use ticket::{Line, call, leave, leave_by_token, line, skip, take_ticket};
pub(crate) use ticket::{in_line, lapse, today};

use crate::{
    events,
    model::{Booking, Refusal, State, Step, Why, answer_by},
    store, topic,
};

/// The order is paid: the booking is confirmed where the shop accepts by itself, else the shop is asked.
pub fn place(cx: &Cx, tx: &mut Tx, id: Id<Booking>) -> Result<Booking> {
    let booking = store::find(tx, id)?;
    // What the desk enters is promised by the desk; news come at least once.
    if booking.state != State::Held {
        return Ok(booking);
    }
    match shop::shop(tx, booking.shop)?.accepts {
        shop::Accepts::Automatic => take(cx, tx, booking, Step::Confirm, None),
        shop::Accepts::Manual => submit(cx, tx, booking),
    }
}

fn submit(cx: &Cx, tx: &mut Tx, booking: Booking) -> Result<Booking> {
    let Some(mut asked) = booking.after(Step::Submit, cx.now())? else {
        return Ok(booking);
    };
    let opening = opening(tx, asked.shop, cx.now())?;
    asked.answer_by = Some(answer_by(cx.now(), opening, asked.starts_at));
    keep(cx, tx, &asked, Step::Submit, None)?;
    ask_until(cx, tx, &asked)?;
    Ok(asked)
}

/// Sets the clock that declines for a shop that does not answer.
fn ask_until(cx: &Cx, tx: &mut Tx, asked: &Booking) -> Result<()> {
    let due = asked.answer_by.unwrap_or(asked.starts_at);
    let limit = events::AnswerDue {
        booking: asked.id,
        version: asked.version,
    };
    tx.schedule(cx, "booking.unanswered", &limit, due, None)
}

/// The present or next opening of the shop within a week.
fn opening(tx: &mut Tx, shop: Id<Shop>, now: Instant) -> Result<Option<(Instant, Instant)>> {
    let yesterday = now.day().plus(-1);
    let hours = shop::hours_between(tx, shop, yesterday, 8)?;
    let moments = (0..).zip(hours).filter_map(|(index, hours)| {
        let (day, (opens, closes)) = (yesterday.plus(index), hours?);
        Some((day.at(opens), day.at(closes)))
    });
    Ok(moments.into_iter().find(|(_, closes)| *closes > now))
}

/// Calls a booking off. A customer pays what the order's policy says, once the shop has promised; the shop and the centre
/// give everything back. One that is not paid yet is let go with its order.
///
/// # Errors
/// `booking.begun` for a customer after the start, `booking.changed`, `booking.not_now`.
pub fn cancel(cx: &Cx, tx: &mut Tx, id: Id<Booking>, seen: i64, why: Why) -> Result<Booking> {
    let booking = store::find(tx, id)?;
    let by = party(cx, &booking)?;
    if booking.state == State::Held {
        order::abandon(cx, tx, booking.order)?;
        return Ok(booking);
    }
    if booking.state == State::Cancelled {
        return Ok(booking);
    }
    if by == By::Customer && cx.now() >= booking.starts_at {
        return Err(Refusal::Begun.into());
    }
    check_seen(&booking, seen)?;
    let kept = match by {
        By::Customer => cost_of_cancelling(cx, tx, &booking)?,
        By::Shop | By::Centre => Money::ZERO,
    };
    let cancelled = take(cx, tx, booking, Step::Cancel, Some(why))?;
    let_go(cx, tx, &cancelled, by, kept, why)?;
    Ok(cancelled)
}

/// What the shop would keep if the customer called off now.
pub fn cost_of_cancelling(cx: &Cx, tx: &mut Tx, booking: &Booking) -> Result<Money> {
    let order = order::order(tx, booking.order)?;
    Ok(booking.kept(&order.policy, order.due_now, cx.now()))
}

/// The order closed without being paid: the time is free again. Does nothing when the order lives again meanwhile: news come
/// at least once, and may come late.
pub fn expire(cx: &Cx, tx: &mut Tx, id: Id<Booking>, withdrawn: bool) -> Result<Booking> {
    let booking = store::find(tx, id)?;
    if order::order(tx, booking.order)?.state != order::State::Closed {
        return Ok(booking);
    }
    let (step, why) = if withdrawn {
        (Step::Cancel, Why::CustomersPlans)
    } else {
        (Step::Expire, Why::Unpaid)
    };
    let expired = take(cx, tx, booking, step, Some(why))?;
    scheduling::release(tx, expired.id.of())?;
    Ok(expired)
}

/// Money came after the order had closed: claims the same time with the same therapist again and revives the order. The
/// caller gives the money back when this is refused.
///
/// # Errors
/// The refusals of [`scheduling::claim`]; `booking.not_now` when the customer had withdrawn.
pub fn revive(cx: &Cx, tx: &mut Tx, id: Id<Booking>) -> Result<Booking> {
    let booking = store::find(tx, id)?;
    let Some(mut held) = booking.after(Step::Revive, cx.now())? else {
        return Ok(booking);
    };
    let claimed = scheduling::claim(cx, tx, &request::wanted_again(&booking))?;
    held.bed = claimed.bed;
    keep(cx, tx, &held, Step::Revive, None)?;
    order::revive(cx, tx, held.order)?;
    Ok(held)
}

/// Takes a step, unless it has been taken already.
fn take(cx: &Cx, tx: &mut Tx, booking: Booking, step: Step, why: Option<Why>) -> Result<Booking> {
    let Some(after) = booking.after(step, cx.now())? else {
        return Ok(booking);
    };
    keep(cx, tx, &after, step, why)?;
    Ok(after)
}

/// Saves what a step has made of a booking and tells those who listen.
fn keep(cx: &Cx, tx: &mut Tx, after: &Booking, step: Step, why: Option<Why>) -> Result<()> {
    store::save(cx, tx, after, step, why)?;
    ticket::follow(cx, tx, after.id, step)?;
    events::tell(cx, tx, after, step)?;
    tx.announce(&topic(after.shop))
}

/// Frees the time and ends the order of a booking that will not take place.
fn let_go(cx: &Cx, tx: &mut Tx, booking: &Booking, by: By, kept: Money, why: Why) -> Result<()> {
    scheduling::release(tx, booking.id.of())?;
    order::cancel(cx, tx, booking.order, by, kept, why.code())?;
    Ok(())
}

/// Refuses whoever looked at the booking before it last changed.
fn check_seen(booking: &Booking, seen: i64) -> Result<()> {
    if booking.version == seen {
        Ok(())
    } else {
        Err(Refusal::Changed.into())
    }
}

/// In whose name somebody acts on a booking; to strangers it does not exist.
fn party(cx: &Cx, booking: &Booking) -> Result<By> {
    match cx.actor() {
        Actor::Customer(own) if own == booking.customer => Ok(By::Customer),
        Actor::Staff {
            role: Role::Centre, ..
        }
        | Actor::System(_) => Ok(By::Centre),
        Actor::Staff { shop: Some(own), .. } if own == booking.shop => Ok(By::Shop),
        _ => Err(Error::NotFound),
    }
}
