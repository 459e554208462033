//! What happens to bookings when something happens elsewhere, or when a time has come. Each calls an action.

use db::{Job, Work};
use kernel::{Error, Id, Result, Shop};
use order::{Ending, Thing};

use crate::{Booking, MODULE, actions, events, store};

/// Which events of others this module follows, and by which job.
pub const LISTENS: [(&str, &str); 5] = [
    ("order.placed", "booking.order_placed"),
    ("order.closed", "booking.order_closed"),
    ("order.paid_late", "booking.order_paid_late"),
    ("scheduling.freed", events::LOOK),
    ("identity.customer_left", GONE),
];

/// The job that forgets who booked.
const GONE: &str = "booking.forget_customer";

/// The jobs of this module.
pub fn jobs() -> Vec<Job> {
    vec![
        Job::new("booking.order_placed", order_placed),
        Job::new("booking.order_closed", order_closed),
        Job::new("booking.order_paid_late", order_paid_late),
        Job::new("booking.unanswered", |work, due: events::AnswerDue| {
            let cx = work.cx.clone();
            work.db
                .write(move |tx| actions::decline_unanswered(&cx, tx, due))
                .wait()
        }),
        Job::new(events::FORGET, |work, _: events::AddressDue| {
            let cx = work.cx.clone();
            work.db
                .write(move |tx| actions::forget_addresses(&cx, tx).map(drop))
                .wait()
        }),
        Job::new("booking.change_due", |work, due: events::ChangeDue| {
            let cx = work.cx.clone();
            work.db
                .write(move |tx| actions::expire_change(&cx, tx, due))
                .wait()
        }),
        Job::new("booking.overrun", |work, overrun: events::Overrun| {
            let cx = work.cx.clone();
            work.db
                .write(move |tx| actions::finish_overrun(&cx, tx, overrun))
                .wait()
        }),
        Job::new("booking.ticket_lapses", |work, over: events::TicketLapses| {
            let cx = work.cx.clone();
            work.db
                .write(move |tx| actions::lapse(&cx, tx, over.ticket))
                .wait()
        }),
        Job::new(GONE, |work, left: identity::CustomerLeft| {
            work.db
                .write(move |tx| actions::forget_customer(tx, left.customer))
                .wait()
        }),
        Job::new(events::LOOK, |work, look: events::Look| {
            offer_all(work, look.shop)
        }),
        Job::new(events::SWEEP, sweep_waitlist),
        Job::new(events::OFFER_OVER, |work, due: events::EntryDue| {
            let cx = work.cx.clone();
            work.db.write(move |tx| actions::lapse_offer(&cx, tx, due)).wait()
        }),
        Job::new(events::WAIT_OVER, |work, due: events::EntryDue| {
            let cx = work.cx.clone();
            work.db.write(move |tx| actions::end_waiting(&cx, tx, due)).wait()
        }),
    ]
}

fn order_placed(work: &Work, placed: order::Placed) -> Result<()> {
    let cx = work.cx.clone();
    work.db
        .write(move |tx| ours(&placed.lines).try_for_each(|id| actions::place(&cx, tx, id).map(drop)))
        .wait()
}

fn order_closed(work: &Work, closed: order::Closed) -> Result<()> {
    let cx = work.cx.clone();
    let withdrawn = closed.reason == Ending::Withdrawn;
    work.db
        .write(move |tx| {
            ours(&closed.lines).try_for_each(|id| actions::expire(&cx, tx, id, withdrawn).map(drop))
        })
        .wait()
}

/// Revives the booking where its time is still free; else the money goes back. Two transactions, since a refused claim
/// leaves nothing behind.
fn order_paid_late(work: &Work, late: order::PaidLate) -> Result<()> {
    let (cx, lines) = (work.cx.clone(), late.lines);
    let revived = work
        .db
        .write(move |tx| ours(&lines).try_for_each(|id| actions::revive(&cx, tx, id).map(drop)))
        .wait();
    match revived {
        Err(Error::Refused(_)) => {
            let (cx, order) = (work.cx.clone(), late.order);
            work.db.write(move |tx| order::give_back(&cx, tx, order)).wait()
        }
        other => other,
    }
}

/// Offers what is free at a shop to those who wait there, one transaction for each: a claim that is refused leaves
/// nothing behind, and who was faster has the time.
fn offer_all(work: &Work, shop: Id<Shop>) -> Result<()> {
    loop {
        let cx = work.cx.clone();
        let offered = work.db.write(move |tx| actions::offer_next(&cx, tx, shop)).wait();
        match offered {
            Ok(Some(_)) => {}
            Ok(None) | Err(Error::Refused(_)) => return Ok(()),
            Err(other) => return Err(other),
        }
    }
}

/// Looks without a cause, as long as anybody waits.
fn sweep_waitlist(work: &Work, look: events::Look) -> Result<()> {
    offer_all(work, look.shop)?;
    let cx = work.cx.clone();
    work.db
        .write(move |tx| match store::anybody_waits(tx, look.shop)? {
            true => events::plan_sweep(&cx, tx, look.shop),
            false => Ok(()),
        })
        .wait()
}

/// The bookings among an order's lines.
fn ours(things: &[Thing]) -> impl Iterator<Item = Id<Booking>> {
    things
        .iter()
        .filter(|thing| thing.module == MODULE)
        .map(|thing| Id::from_raw(thing.id))
}
