//! One verb, one transaction.

mod absence;
mod change;
mod closing;
mod counter;
mod desk;
mod farewell;
mod group;
mod home;
mod leave;
mod party;
mod request;
mod service;
mod ticket;
mod waitlist;

use db::Tx;
use kernel::{Actor, Cx, Error, Id, Instant, Money, Result, Role, Shop};
use order::By;

pub use absence::{
    Back, abort, cases_for_centre, cost_of_aborting, decide_fee, dispute, most_to_keep, no_show, open_cases,
    rule, say_late,
};
pub(crate) use change::expire_change;
pub use change::{
    Proposal, Who, address_for, address_proposed, agree, candidates_for, could_serve, free_to_move,
    keep_told_address, open_change, open_changes, propose, refuse_change, visit_after, withdraw_change,
};
pub use closing::{
    FOR_GOOD, Owed, Shown, close_shop, closing_at, day_ends, hit_by_closing, leave_platform, met_by,
    reopen_shop, served_until, still_owed, told_by_closing, would_close,
};
#[cfg(test)]
pub(crate) use counter::promise_from_line as promise_unguarded;
pub use counter::{Entry, earliest, nearest, phone_booking, phone_booking_at_home, walk_in};
pub(crate) use desk::at_desk;
pub use desk::{
    check_in, check_in_by_code, complete, confirm, decline, decline_unanswered, extend, finish_overrun, start,
};
pub(crate) use farewell::forget_customer;
pub use farewell::{Obstacles, delete_account, obstacles};
pub use group::{
    GroupWish, Item, Several, check_group_size, free_together, is_one_of_several, offsets, paid_for,
    request_together, speaks_for,
};
pub use home::{
    address_of, all_home_terms, alternatives_at_home, arrive, calls, candidates_at_home, depart, fare,
    forget_addresses, free_times_at_home, home_terms, home_visit, keep_address, last_address, log_call,
    own_address, request_at_home, set_home_terms, trip_to,
};
use leave::free_instead;
pub use leave::{Decided, Decision, approve_leave, give_to, hit_by, substitutes};
pub use party::{
    GroupEntry, earliest_together, fit_now, nearest_together, phone_booking_together, take_tickets,
    walk_in_together,
};
pub use request::{Wish, alternatives, candidates, free_times, request, request_with};
pub use service::{
    EXTENSION, Extra, Extras, Next, Room, Stretch, could_take_over, hand_over, lengthen, offers, planned_end,
    reopen, room_after, seal, shares_of, stretches,
};
use ticket::end_ticket;
pub use ticket::{Line, call, leave, leave_by_token, line, skip, take_ticket};
pub(crate) use ticket::{in_line, lapse, today};
use waitlist::end_entry;
pub use waitlist::{WaitWish, join_waitlist, offer_next, own_entry, take_offer, withdraw_from_waitlist};
pub(crate) use waitlist::{call_offer_back, end_waiting, lapse_offer, time_freed};

use crate::{
    events,
    model::{Booking, Refusal, Returned, State, Step, Why, answer_by},
    store, topic,
};

/// The order is paid: the booking is confirmed where the shop accepts by itself, else the shop is asked. Where the shop has
/// closed meanwhile, the booking is called off with all its money.
pub fn place(cx: &Cx, tx: &mut Tx, id: Id<Booking>) -> Result<Booking> {
    let booking = store::find(tx, id)?;
    // What the desk enters is promised by the desk; news come at least once.
    if booking.state != State::Held {
        return Ok(booking);
    }
    let placed = match shop::shop(tx, booking.shop)?.accepts {
        shop::Accepts::Automatic => take(cx, tx, booking, Step::Confirm, None)?,
        shop::Accepts::Manual => submit(cx, tx, booking)?,
    };
    closing::turn_away(cx, tx, placed)
}

fn submit(cx: &Cx, tx: &mut Tx, booking: Booking) -> Result<Booking> {
    let Some(mut asked) = booking.after(Step::Submit, cx.now())? else {
        return Ok(booking);
    };
    asked.answer_by = Some(limit(cx, tx, &asked)?);
    keep(cx, tx, &asked, Step::Submit, None)?;
    ask_until(cx, tx, &asked)?;
    Ok(asked)
}

/// Until when the shop must answer. A group is answered as one, so the first of it to begin says how long there is.
fn limit(cx: &Cx, tx: &mut Tx, asked: &Booking) -> Result<Instant> {
    let opening = opening(tx, asked.shop, cx.now())?;
    let group = store::of_order(tx, asked.order)?;
    let others = group
        .iter()
        .filter(|other| other.id != asked.id && matches!(other.state, State::Held | State::Requested));
    let first = others
        .map(|other| other.starts_at)
        .fold(asked.starts_at, Instant::min);
    Ok(answer_by(cx.now(), opening, first))
}

/// Those that are asked about together wait equally long: the clock that declines one declines all.
fn wait_as_one(cx: &Cx, tx: &mut Tx, asked: &Booking) -> Result<()> {
    if asked.state != State::Requested {
        return Ok(());
    }
    for other in group::asked_with(tx, asked)? {
        if other.answer_by != asked.answer_by
            && let Some(mut other) = other.after(Step::Extend, cx.now())?
        {
            other.answer_by = asked.answer_by;
            keep(cx, tx, &other, Step::Extend, None)?;
            ask_until(cx, tx, &other)?;
        }
    }
    Ok(())
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
/// give everything back. The others of a group stand. One that is not paid yet is let go with its order.
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
    let returned = match by {
        By::Customer => returned(cx, tx, &booking)?,
        By::Shop | By::Centre => Returned::ALL,
    };
    let cancelled = take(cx, tx, booking, Step::Cancel, Some(why))?;
    group::let_go(cx, tx, std::slice::from_ref(&cancelled), by, returned, why.code())?;
    Ok(cancelled)
}

/// What the shop would keep if the customer called off now.
pub fn cost_of_cancelling(cx: &Cx, tx: &mut Tx, booking: &Booking) -> Result<Money> {
    let returned = returned(cx, tx, booking)?;
    group::kept_of_one(tx, booking, returned)
}

/// Everything, in basis points.
const ALL: i64 = 10_000;

fn returned(cx: &Cx, tx: &mut Tx, booking: &Booking) -> Result<Returned> {
    let policy = order::order(tx, booking.order)?.policy;
    Ok(booking.returned(&policy, cx.now()))
}

/// The order closed without being paid: the time is free again. Does nothing when the order lives again meanwhile: news come
/// at least once, and may come late.
pub fn expire(cx: &Cx, tx: &mut Tx, id: Id<Booking>, withdrawn: bool) -> Result<Booking> {
    let booking = store::find(tx, id)?;
    if order::order(tx, booking.order)?.state != order::State::Closed {
        return Ok(booking);
    }
    let (step, why) = match withdrawn {
        true if closing::is_closed_at(tx, &booking)? => (Step::Cancel, Why::ShopClosed),
        true => (Step::Cancel, Why::CustomersPlans),
        false => (Step::Expire, Why::Unpaid),
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
    let wanted = request::wanted_again(&booking);
    let claimed = match booking.is_at_home() {
        true => scheduling::claim_away(cx, tx, &wanted)?,
        false => scheduling::claim(cx, tx, &wanted)?,
    };
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
    change::end_idle(cx, tx, after.id, step)?;
    events::tell(cx, tx, after, step)?;
    if step.frees_time() {
        time_freed(cx, tx, after.shop)?;
    }
    tx.announce(&topic(after.shop))
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
