//! What happens after an event, or when a time has come. Each calls an action.

use std::sync::Arc;

use db::{Job, Tx, Work};
use kernel::{Cx, HOUR_MS, Result};
use ledger::Unsound;
use payment::{BillDiffers, RefundTrouble, RefundWaits, Refunded};

use crate::{
    OfficialAccount, actions,
    events::{self, Connection, LimitNear, LookAtMenu, Moved, Overdue, Prune, Quiet, Remind, Send},
    menu, message, store, trouble,
};

/// Nobody asks for news or repeats a push that is older.
const KEPT_MS: i64 = 48 * HOUR_MS;

pub(crate) fn jobs(account: &Arc<OfficialAccount>) -> Vec<Job> {
    let (sender, publisher) = (account.clone(), account.clone());
    vec![
        Job::new(events::FOLLOW, |work, moved: Moved| {
            write(work, move |cx, tx| {
                actions::follow(cx, tx, moved.booking, moved.version)
            })
        }),
        Job::new(events::OFFERED, |work, offered: booking::Offered| {
            write(work, move |cx, tx| message::queue_offer(cx, tx, &offered))
        }),
        Job::new(events::WAIT_CLOSED, |work, closed: booking::WaitClosed| {
            write(work, move |cx, tx| message::queue_wait_closed(cx, tx, &closed))
        }),
        Job::new(events::CLOSED, |work, closed: booking::ShopClosed| {
            write(work, move |cx, tx| message::queue_closing(cx, tx, &closed))
        }),
        Job::new(events::FORGET, |work, left: identity::CustomerLeft| {
            write(work, move |_, tx| actions::forget_customer(tx, &left))
        }),
        Job::new(events::REFUNDED, |work, refunded: Refunded| {
            write(work, move |cx, tx| message::queue_refund(cx, tx, &refunded))
        }),
        Job::new(events::CONNECTION, |work, turned: Connection| {
            write(work, move |cx, tx| actions::follow_connection(cx, tx, &turned))
        }),
        Job::new(events::REFUND_WAITS, |work, waits: RefundWaits| {
            write(work, move |cx, tx| trouble::refund_waits(cx, tx, &waits))
        }),
        Job::new(events::REFUND_TROUBLE, |work, troubled: RefundTrouble| {
            write(work, move |cx, tx| trouble::refund_trouble(cx, tx, &troubled))
        }),
        Job::new(events::BILL, |work, differs: BillDiffers| {
            write(work, move |cx, tx| trouble::bill_differs(cx, tx, &differs))
        }),
        Job::new(events::BOOKS, |work, unsound: Unsound| {
            write(work, move |cx, tx| trouble::books_unsound(cx, tx, &unsound))
        }),
        Job::new(events::LIMIT, |work, near: LimitNear| {
            write(work, move |cx, tx| actions::warn_of_limit(cx, tx, &near))
        }),
        Job::new(events::OVERDUE, |work, overdue: Overdue| {
            write(work, move |cx, tx| actions::warn_of_overdue(cx, tx, &overdue))
        }),
        Job::new(events::QUIET, |work, quiet: Quiet| {
            write(work, move |cx, tx| actions::fall_silent(cx, tx, quiet.alert))
        }),
        Job::new(events::REMIND, |work, remind: Remind| {
            write(work, move |cx, tx| message::queue_reminder(cx, tx, &remind))
        }),
        Job::new(events::SEND, move |work, Send { message }| {
            message::send(work, &sender, message)
        }),
        Job::new(events::MENU, move |work, _: LookAtMenu| {
            menu::publish_menu(&publisher.account, &publisher.base_url, work.cx.now().seconds()).map(drop)
        }),
        Job::new(events::PRUNE, |work, _: Prune| {
            write(work, |cx, tx| {
                store::prune(tx, cx.now() + -KEPT_MS)?;
                events::plan_pruning(cx, tx, cx.now() + 6 * HOUR_MS)
            })
        }),
    ]
}

/// Which events wake which job.
pub(crate) fn listens() -> Vec<(&'static str, &'static str)> {
    let bookings = [
        "booking.requested",
        "booking.extended",
        "booking.confirmed",
        "booking.declined",
        "booking.cancelled",
        "booking.checked_in",
        "booking.departed",
        "booking.arrived",
        "booking.called",
        "booking.started",
        "booking.completed",
        "booking.missed",
        "booking.reassigned",
        "booking.late",
        "booking.lengthened",
        "booking.handed_over",
        "booking.reopened",
        "booking.aborted",
        "booking.fee_decided",
        "booking.disputed",
        "booking.ruled",
        "booking.change_asked",
        "booking.change_dropped",
        "booking.changed",
    ];
    let mut listens: Vec<_> = bookings
        .into_iter()
        .map(|event| (event, events::FOLLOW))
        .collect();
    listens.push(("payment.refunded", events::REFUNDED));
    listens.push(("payment.refund_waits", events::REFUND_WAITS));
    listens.push(("payment.refund_failed", events::REFUND_TROUBLE));
    listens.push(("payment.bill_differs", events::BILL));
    listens.push(("ledger.unsound", events::BOOKS));
    listens.push(("booking.offered", events::OFFERED));
    listens.push(("booking.wait_closed", events::WAIT_CLOSED));
    listens.push(("identity.customer_left", events::FORGET));
    listens.push(("booking.shop_closed", events::CLOSED));
    listens.push(("integration.hook_turned", events::CONNECTION));
    listens
}

fn write(
    work: &Work,
    mut f: impl FnMut(&Cx, &mut Tx) -> Result<()> + std::marker::Send + 'static,
) -> Result<()> {
    let cx = work.cx.clone();
    work.db.write(move |tx| f(&cx, tx)).wait()
}
