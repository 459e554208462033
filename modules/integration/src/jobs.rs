//! What happens afterwards: telling other programs, and forgetting what was told long ago.

use std::sync::Arc;

use booking::Booking;
use db::{Event, Job, Tx, Work};
use kernel::{Cx, Id, Result, Shop};
use order::Order;
use serde::{Deserialize, Serialize};

use crate::{
    actions,
    model::{ANNOUNCED, Delivery, DeliveryState, Hook, HookState, News, Outcome, signature_header},
    post::{Letter, Post},
    store,
};

pub(crate) const DELIVER: &str = "integration.deliver";
const FORGET: &str = "integration.forget";

impl Event for News {
    const NAME: &'static str = "integration.news";
}

/// A delivery is to be sent, after so many attempts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Deliver {
    /// Which.
    pub delivery: Id<Delivery>,
    /// Attempts before this one. Whoever finds more does nothing.
    pub attempts: i64,
}

impl Event for Deliver {
    const NAME: &'static str = DELIVER;
}

/// An address was switched off, on again, or removed. Whoever must be told hears of it by this name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HookTurned {
    /// Which.
    pub hook: Id<Hook>,
    /// Whose.
    pub shop: Id<Shop>,
    /// Its version then.
    pub version: i64,
    /// Whether the program switched it off.
    pub off: bool,
    /// The name of the machine.
    pub host: String,
}

impl Event for HookTurned {
    const NAME: &'static str = "integration.hook_turned";
}

#[derive(Serialize, Deserialize)]
struct Forget {}

impl Event for Forget {
    const NAME: &'static str = FORGET;
}

/// The jobs of this module.
pub(crate) fn jobs(post: &Arc<Post>) -> Vec<Job> {
    let mut jobs: Vec<Job> = ANNOUNCED
        .iter()
        .map(|(event, job)| match event.split_once('.') {
            Some(("booking", _)) => announcing::<OfBooking>(event, job),
            Some(("order", _)) => announcing::<OfOrder>(event, job),
            _ => announcing::<News>(event, job),
        })
        .collect();
    let post = post.clone();
    jobs.push(Job::new(DELIVER, move |work, sent| deliver(work, &post, sent)));
    jobs.push(Job::new(FORGET, forget));
    jobs
}

/// What is read of a booking's event.
#[derive(Serialize, Deserialize)]
struct OfBooking {
    booking: Id<Booking>,
    version: i64,
}

impl Event for OfBooking {
    const NAME: &'static str = "integration.of_booking";
}

impl From<OfBooking> for News {
    fn from(of: OfBooking) -> News {
        News {
            booking: Some(of.booking),
            version: Some(of.version),
            ..News::default()
        }
    }
}

/// What is read of an order's event. Its other fields bear names that mean something else in a payment's: what goes back
/// is an amount here and a refund there.
#[derive(Serialize, Deserialize)]
struct OfOrder {
    order: Id<Order>,
}

impl Event for OfOrder {
    const NAME: &'static str = "integration.of_order";
}

impl From<OfOrder> for News {
    fn from(of: OfOrder) -> News {
        News {
            order: Some(of.order),
            ..News::default()
        }
    }
}

fn announcing<P: Event + Into<News>>(event: &'static str, job: &'static str) -> Job {
    Job::new(job, move |work, read: P| {
        let (cx, news) = (work.cx.clone(), read.into());
        work.db
            .write(move |tx| actions::announce(&cx, tx, event, &news))
            .wait()
    })
}

/// Sends one delivery, outside any transaction. A crash between sending and writing down sends it once more, with the
/// same id.
fn deliver(work: &Work, post: &Post, sent: Deliver) -> Result<()> {
    let (delivery, hook) = work
        .db
        .read(move |tx| {
            let delivery = store::delivery(tx, sent.delivery)?;
            let hook = store::hook(tx, delivery.hook)?;
            Ok((delivery, hook))
        })
        .wait()?;
    if delivery.state != DeliveryState::Pending || delivery.attempts != sent.attempts {
        return Ok(());
    }
    let outcome = if hook.state == HookState::Active {
        let (id, now) = (delivery.id.to_string(), work.cx.now());
        post.send(&Letter {
            url: &hook.url,
            id: &id,
            seconds: now.seconds(),
            signature: &signature_header(&hook, now, &id, &delivery.body),
            body: &delivery.body,
        })
    } else {
        Outcome::Unanswered(hook.state.code().to_owned())
    };
    let cx = work.cx.clone();
    work.db
        .write(move |tx| actions::record(&cx, tx, &sent, &outcome))
        .wait()
}

/// Plans the daily forgetting, unless it is planned.
pub fn at_start(cx: &Cx, tx: &mut Tx) -> Result<()> {
    let due = cx.now() + crate::model::DAY_MS;
    // The day is part of the key: the run that plans the next one is itself still queued.
    tx.schedule(cx, FORGET, &Forget {}, due, Some(&due.day().to_string()))
}

fn forget(work: &Work, _: Forget) -> Result<()> {
    loop {
        let cx = work.cx.clone();
        if work.db.write(move |tx| actions::forget(&cx, tx)).wait()? == 0 {
            break;
        }
    }
    let cx = work.cx.clone();
    work.db.write(move |tx| at_start(&cx, tx)).wait()
}

#[cfg(test)]
mod unit {
    use kernel::Money;

    use super::*;

    #[test]
    fn the_events_of_orders_are_read_as_they_are_written() {
        let order = Id::from_raw(7);
        let cancelled = order::Cancelled {
            order,
            lines: Vec::new(),
            by: order::By::Shop,
            kept: Money::ZERO,
            refund: Money(6_800),
        };
        let written = serde_json::to_string(&cancelled).unwrap();
        let read: OfOrder = serde_json::from_str(&written).unwrap();
        assert_eq!(News::from(read).order, Some(order));
    }
}
