//! What the shop does with a booking. Each names the version it has seen; the same again is success without effect.

use db::Tx;
use kernel::{Cx, Id, Result, ShopScope};
use order::By;

use super::{
    ask_until, check_seen,
    group::{asked_with, end_with_the_last, let_go},
    keep,
    service::watch,
    take,
};
use crate::{
    events,
    model::{ANSWER_MINUTES, Booking, Refusal, Returned, State, Step, Why},
    store,
};

/// The shop accepts, all of a group at once.
pub fn confirm(cx: &Cx, tx: &mut Tx, id: Id<Booking>, seen: i64) -> Result<Booking> {
    let confirmed = step(cx, tx, id, seen, Step::Confirm, None)?;
    for other in asked_with(tx, &confirmed)? {
        take(cx, tx, other, Step::Confirm, None)?;
    }
    Ok(confirmed)
}

/// The shop says no, to all of a group at once: everything is given back.
pub fn decline(cx: &Cx, tx: &mut Tx, id: Id<Booking>, seen: i64, why: Why) -> Result<Booking> {
    let before = at_desk(cx, tx, id)?;
    let declined = step(cx, tx, id, seen, Step::Decline, Some(why))?;
    if before.state != State::Declined {
        decline_all(cx, tx, declined.clone(), By::Shop, why)?;
    }
    Ok(declined)
}

/// The others of its group are declined with one that was; what they are of the order goes back.
fn decline_all(cx: &Cx, tx: &mut Tx, declined: Booking, by: By, why: Why) -> Result<()> {
    let mut going = Vec::new();
    for other in asked_with(tx, &declined)? {
        going.push(take(cx, tx, other, Step::Decline, Some(why))?);
    }
    going.insert(0, declined);
    let_go(cx, tx, &going, by, Returned::ALL, why.code())
}

/// The limit has passed: declines for the shop, unless somebody acted on the booking meanwhile.
pub fn decline_unanswered(cx: &Cx, tx: &mut Tx, due: events::AnswerDue) -> Result<()> {
    let booking = store::find(tx, due.booking)?;
    if booking.state != State::Requested || booking.version != due.version {
        return Ok(());
    }
    let declined = take(cx, tx, booking, Step::Decline, Some(Why::Unanswered))?;
    decline_all(cx, tx, declined, By::Centre, Why::Unanswered)
}

/// The shop needs longer to answer: ten more minutes, as long as the customer still knows half an hour ahead. A group waits
/// as one.
///
/// # Errors
/// `booking.no_more_time`, `booking.changed`, `booking.not_now`.
pub fn extend(cx: &Cx, tx: &mut Tx, id: Id<Booking>, seen: i64) -> Result<Booking> {
    let booking = at_desk(cx, tx, id)?;
    check_seen(&booking, seen)?;
    let others = asked_with(tx, &booking)?;
    let latest = others
        .iter()
        .map(Booking::latest_answer)
        .fold(booking.latest_answer(), kernel::Instant::min);
    let before = booking.answer_by.unwrap_or(latest);
    let Some(mut asked) = booking.after(Step::Extend, cx.now())? else {
        return Ok(booking);
    };
    let answer_by = before.max(cx.now()).plus_minutes(ANSWER_MINUTES).min(latest);
    if answer_by <= before {
        return Err(Refusal::NoMoreTime.into());
    }
    asked.answer_by = Some(answer_by);
    keep(cx, tx, &asked, Step::Extend, None)?;
    ask_until(cx, tx, &asked)?;
    for other in others {
        if let Some(mut other) = other.after(Step::Extend, cx.now())? {
            other.answer_by = Some(answer_by);
            keep(cx, tx, &other, Step::Extend, None)?;
            ask_until(cx, tx, &other)?;
        }
    }
    Ok(asked)
}

/// The customer is here.
pub fn check_in(cx: &Cx, tx: &mut Tx, id: Id<Booking>, seen: i64) -> Result<Booking> {
    step(cx, tx, id, seen, Step::CheckIn, None)
}

/// The customer is here and says the six digits.
///
/// # Errors
/// `booking.unknown_code`; `booking.code_used` when the customer is in the shop already; `booking.too_early`;
/// `booking.not_now` when the booking was never promised.
pub fn check_in_by_code(cx: &Cx, tx: &mut Tx, shop: ShopScope, code: &str) -> Result<Booking> {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    // A day back: a customer may be late, but yesterday's code is no key to anything.
    let mut found = store::with_code(tx, shop.id(), &digits, cx.now().plus_minutes(-24 * 60))?;
    found.sort_by_key(|booking| (booking.state != State::Confirmed, booking.starts_at));
    let booking = found.into_iter().next().ok_or(Refusal::UnknownCode)?;
    match booking.state {
        State::CheckedIn | State::InService | State::Completed => Err(Refusal::CodeUsed {
            name: booking.contact.name,
        }
        .into()),
        _ => take(cx, tx, booking, Step::CheckIn, None),
    }
}

/// The service begins. Nobody has to remember to end it: two hours after its time it counts as ended.
pub fn start(cx: &Cx, tx: &mut Tx, id: Id<Booking>, seen: i64) -> Result<Booking> {
    let started = step(cx, tx, id, seen, Step::Start, None)?;
    watch(cx, tx, &started)?;
    Ok(started)
}

/// The service ends; the order is fulfilled when it was the last of it.
pub fn complete(cx: &Cx, tx: &mut Tx, id: Id<Booking>, seen: i64) -> Result<Booking> {
    let completed = step(cx, tx, id, seen, Step::Complete, None)?;
    end_with_the_last(cx, tx, completed.order)?;
    Ok(completed)
}

/// Nobody ended the service: it counts as ended, unless somebody did.
pub fn finish_overrun(cx: &Cx, tx: &mut Tx, overrun: events::Overrun) -> Result<()> {
    let booking = store::find(tx, overrun.booking)?;
    if booking.state == State::InService && booking.version == overrun.version {
        complete(cx, tx, booking.id, booking.version)?;
    }
    Ok(())
}

/// A step that the shop takes with a booking of its own.
pub(super) fn step(
    cx: &Cx,
    tx: &mut Tx,
    id: Id<Booking>,
    seen: i64,
    step: Step,
    why: Option<Why>,
) -> Result<Booking> {
    let booking = at_desk(cx, tx, id)?;
    if booking.state.is_after(step) {
        return Ok(booking);
    }
    check_seen(&booking, seen)?;
    take(cx, tx, booking, step, why)
}

/// A booking of the shop of whoever asks.
pub(crate) fn at_desk(cx: &Cx, tx: &mut Tx, id: Id<Booking>) -> Result<Booking> {
    let booking = store::find(tx, id)?;
    cx.shop_named(booking.shop)?;
    Ok(booking)
}
