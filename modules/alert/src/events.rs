//! What this module hears from others, and the clocks that it sets itself.

use booking::Booking;
use db::{Event, Tx};
use kernel::{Cx, Id, Instant, Result, Shop};
use serde::{Deserialize, Serialize};

use crate::{
    message::Message,
    model::{Alert, MessageKind},
};

pub(crate) const FOLLOW: &str = "alert.follow";
pub(crate) const OFFERED: &str = "alert.offered";
pub(crate) const WAIT_CLOSED: &str = "alert.wait_closed";
pub(crate) const REFUNDED: &str = "alert.refunded";
pub(crate) const CLOSED: &str = "alert.closed";
pub(crate) const FORGET: &str = "alert.forget_customer";
pub(crate) const CONNECTION: &str = "alert.connection";
pub(crate) const REFUND_WAITS: &str = "alert.refund_waits";
pub(crate) const REFUND_TROUBLE: &str = "alert.refund_trouble";
pub(crate) const BILL: &str = "alert.bill_differs";
pub(crate) const BOOKS: &str = "alert.books_unsound";
pub(crate) const SEND: &str = "alert.send";
pub(crate) const LIMIT: &str = "alert.limit_near";
pub(crate) const OVERDUE: &str = "alert.overdue";
pub(crate) const QUIET: &str = "alert.quiet";
pub(crate) const REMIND: &str = "alert.remind";
pub(crate) const MENU: &str = "alert.menu";
pub(crate) const PRUNE: &str = "alert.prune";

/// A booking came to a version. Reads what all events of bookings share.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Moved {
    pub booking: Id<Booking>,
    pub version: i64,
}

impl Event for Moved {
    const NAME: &'static str = FOLLOW;
}

/// The address of another program was switched off, switched on again, or removed.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Connection {
    pub hook: Id<Connection>,
    pub shop: Id<Shop>,
    pub version: i64,
    pub off: bool,
    /// The name of the machine; the whole address may hold a secret.
    pub host: String,
}

impl Event for Connection {
    const NAME: &'static str = CONNECTION;
}

/// A message is to be sent.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Send {
    pub message: Id<Message>,
}

impl Event for Send {
    const NAME: &'static str = SEND;
}

/// The shop's time to answer is nearly over.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LimitNear {
    pub booking: Id<Booking>,
    pub version: i64,
}

impl Event for LimitNear {
    const NAME: &'static str = LIMIT;
}

/// A service should have ended half an hour ago.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Overdue {
    pub booking: Id<Booking>,
    pub version: i64,
}

impl Event for Overdue {
    const NAME: &'static str = OVERDUE;
}

/// An alert was repeated long enough.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Quiet {
    pub alert: Id<Alert>,
}

impl Event for Quiet {
    const NAME: &'static str = QUIET;
}

/// The customer is to be reminded.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Remind {
    pub booking: Id<Booking>,
    pub version: i64,
    pub kind: MessageKind,
}

impl Event for Remind {
    const NAME: &'static str = REMIND;
}

/// The account's menu is to be looked at.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LookAtMenu {}

impl Event for LookAtMenu {
    const NAME: &'static str = MENU;
}

/// Old news are to be forgotten.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Prune {}

impl Event for Prune {
    const NAME: &'static str = PRUNE;
}

pub(crate) fn plan_limit(cx: &Cx, tx: &mut Tx, booking: &Booking, due: Instant) -> Result<()> {
    let near = LimitNear {
        booking: booking.id,
        version: booking.version,
    };
    tx.schedule(
        cx,
        LIMIT,
        &near,
        due,
        Some(&format!("{}:{}", booking.id, booking.version)),
    )
}

pub(crate) fn plan_overdue(cx: &Cx, tx: &mut Tx, booking: &Booking, due: Instant) -> Result<()> {
    let overdue = Overdue {
        booking: booking.id,
        version: booking.version,
    };
    tx.schedule(
        cx,
        OVERDUE,
        &overdue,
        due,
        Some(&format!("{}:{}", booking.id, booking.version)),
    )
}

pub(crate) fn plan_reminder(
    cx: &Cx,
    tx: &mut Tx,
    booking: &Booking,
    kind: MessageKind,
    due: Instant,
) -> Result<()> {
    let remind = Remind {
        booking: booking.id,
        version: booking.version,
        kind,
    };
    tx.schedule(
        cx,
        REMIND,
        &remind,
        due,
        Some(&format!("{}:{}:{kind}", booking.id, booking.version)),
    )
}

pub(crate) fn plan_quiet(cx: &Cx, tx: &mut Tx, alert: Id<Alert>, due: Instant) -> Result<()> {
    tx.schedule(cx, QUIET, &Quiet { alert }, due, Some(&alert.to_string()))
}

pub(crate) fn plan_sending(cx: &Cx, tx: &mut Tx, message: Id<Message>) -> Result<()> {
    tx.schedule(cx, SEND, &Send { message }, cx.now(), Some(&message.to_string()))
}

/// Old news are forgotten every six hours; who asks for them starts anew.
pub(crate) fn plan_pruning(cx: &Cx, tx: &mut Tx, due: Instant) -> Result<()> {
    const SIX_HOURS_MS: i64 = 6 * kernel::HOUR_MS;
    // The window is part of the key: the run that plans the next one is itself still queued.
    let key = format!("{}", due.ms() / SIX_HOURS_MS);
    tx.schedule(cx, PRUNE, &Prune {}, due, Some(&key))
}

/// What the program plans once at its start: the account's menu is published where it differs, old news are forgotten.
pub fn at_start(cx: &Cx, tx: &mut Tx) -> Result<()> {
    tx.schedule(cx, MENU, &LookAtMenu {}, cx.now(), Some("menu"))?;
    plan_pruning(cx, tx, cx.now())
}
