//! What others hear of bookings, and the clocks that bookings set.

use db::{Event, Tx};
use kernel::{Customer, Cx, HOUR_MS, Id, Instant, Result, Shop};
use serde::{Deserialize, Serialize};
use shop::Closing;

use crate::model::{Address, Booking, Change, Step, Ticket, WaitEntry};

macro_rules! events {
    ($($(#[$meta:meta])* $name:ident = $code:literal),+ $(,)?) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
            pub struct $name {
                /// Which booking.
                pub booking: Id<Booking>,
                /// Its version then. Whoever finds a later one drops what they were about to say.
                pub version: i64,
            }

            impl Event for $name {
                const NAME: &'static str = $code;
            }
        )+
    };
}

events! {
    /// Paid; the shop is asked whether it accepts.
    Requested = "booking.requested",
    /// The shop has more time to answer.
    Extended = "booking.extended",
    /// Promised.
    Confirmed = "booking.confirmed",
    /// The shop said no, or nothing in time.
    Declined = "booking.declined",
    /// Called off.
    Cancelled = "booking.cancelled",
    /// The customer is in the shop.
    CheckedIn = "booking.checked_in",
    /// The therapist is on the way to the customer.
    Departed = "booking.departed",
    /// The therapist is at the customer's.
    Arrived = "booking.arrived",
    /// A customer who does not open was rung.
    Called = "booking.called",
    /// The service began.
    Started = "booking.started",
    /// The service ended.
    Completed = "booking.completed",
    /// The customer did not come.
    Missed = "booking.missed",
    /// Not paid in time.
    Expired = "booking.expired",
    /// Given to another therapist by the shop.
    Reassigned = "booking.reassigned",
    /// The customer will be late.
    Late = "booking.late",
    /// The customer stays longer.
    Lengthened = "booking.lengthened",
    /// Another therapist took over during the service.
    HandedOver = "booking.handed_over",
    /// Called completed by mistake: the service goes on.
    Reopened = "booking.reopened",
    /// Broken off.
    Aborted = "booking.aborted",
    /// The shop said what it keeps of a no-show's money.
    FeeDecided = "booking.fee_decided",
    /// The customer objects to having been called a no-show.
    Disputed = "booking.disputed",
    /// The centre decided about a case.
    Ruled = "booking.ruled",
    /// Somebody wants it changed.
    ChangeAsked = "booking.change_asked",
    /// It stays as it is.
    ChangeDropped = "booking.change_dropped",
    /// It has another time, therapist or service.
    Changed = "booking.changed",
    /// A clock: the shop's time to answer is over.
    AnswerDue = "booking.answer_due",
    /// A clock: the service should have ended long ago.
    Overrun = "booking.overrun",
}

/// A clock: the business day of a ticket is over.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TicketLapses {
    /// Which ticket.
    pub ticket: Id<Ticket>,
}

impl Event for TicketLapses {
    const NAME: &'static str = "booking.ticket_lapses";
}

/// The job that forgets addresses.
pub(crate) const FORGET: &str = "booking.forget_address";

/// A clock: an address may be forgotten. It says which, never what.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct AddressDue {
    /// Which.
    pub address: Id<Address>,
}

impl Event for AddressDue {
    const NAME: &'static str = FORGET;
}

/// A clock: the time to answer a proposed change is over.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChangeDue {
    /// Which change.
    pub change: Id<Change>,
    /// Its version then.
    pub version: i64,
}

impl Event for ChangeDue {
    const NAME: &'static str = "booking.change_due";
}

/// Emits the event of a step that was just taken.
pub(crate) fn tell(cx: &Cx, tx: &mut Tx, after: &Booking, step: Step) -> Result<()> {
    let (booking, version) = (after.id, after.version);
    match step {
        Step::Submit => tx.emit(cx, &Requested { booking, version }),
        Step::Extend => tx.emit(cx, &Extended { booking, version }),
        Step::Confirm => tx.emit(cx, &Confirmed { booking, version }),
        Step::Decline => tx.emit(cx, &Declined { booking, version }),
        Step::Cancel => tx.emit(cx, &Cancelled { booking, version }),
        Step::CheckIn => tx.emit(cx, &CheckedIn { booking, version }),
        Step::Depart => tx.emit(cx, &Departed { booking, version }),
        Step::Arrive => tx.emit(cx, &Arrived { booking, version }),
        Step::Call => tx.emit(cx, &Called { booking, version }),
        Step::Start => tx.emit(cx, &Started { booking, version }),
        Step::Complete => tx.emit(cx, &Completed { booking, version }),
        Step::NoShow => tx.emit(cx, &Missed { booking, version }),
        Step::Expire => tx.emit(cx, &Expired { booking, version }),
        Step::Reassign => tx.emit(cx, &Reassigned { booking, version }),
        Step::Late => tx.emit(cx, &Late { booking, version }),
        Step::Lengthen => tx.emit(cx, &Lengthened { booking, version }),
        Step::HandOver => tx.emit(cx, &HandedOver { booking, version }),
        Step::Reopen => tx.emit(cx, &Reopened { booking, version }),
        Step::Abort => tx.emit(cx, &Aborted { booking, version }),
        Step::Fee => tx.emit(cx, &FeeDecided { booking, version }),
        Step::Dispute => tx.emit(cx, &Disputed { booking, version }),
        Step::Rule => tx.emit(cx, &Ruled { booking, version }),
        Step::ProposeMove => tx.emit(cx, &ChangeAsked { booking, version }),
        Step::DropMove => tx.emit(cx, &ChangeDropped { booking, version }),
        Step::Move => tx.emit(cx, &Changed { booking, version }),
        // Nobody need know of a time that is merely held.
        Step::Hold | Step::Revive => Ok(()),
    }
}

/// A closing of a shop called off bookings of a customer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ShopClosed {
    /// Which closing.
    pub closing: Id<Closing>,
    /// Whose bookings.
    pub customer: Id<Customer>,
}

impl Event for ShopClosed {
    const NAME: &'static str = "booking.shop_closed";
}

// ---- the waitlist

pub(crate) const LOOK: &str = "booking.waitlist_look";
pub(crate) const SWEEP: &str = "booking.waitlist_sweep";
pub(crate) const OFFER_OVER: &str = "booking.offer_over";
pub(crate) const WAIT_OVER: &str = "booking.wait_over";

/// A time is kept for somebody who waited.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Offered {
    /// Whose entry.
    pub entry: Id<WaitEntry>,
    /// Its version then.
    pub version: i64,
}

impl Event for Offered {
    const NAME: &'static str = "booking.offered";
}

/// Somebody waits in vain, since the shop closes at the time that they waited for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WaitClosed {
    /// Whose entry.
    pub entry: Id<WaitEntry>,
}

impl Event for WaitClosed {
    const NAME: &'static str = "booking.wait_closed";
}

/// Time may have come free at a shop. Reads what `scheduling.freed` says, too.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Look {
    pub shop: Id<Shop>,
}

impl Event for Look {
    const NAME: &'static str = LOOK;
}

/// A clock of an entry: its offer, or its span, is over.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct EntryDue {
    pub entry: Id<WaitEntry>,
    pub version: i64,
}

impl Event for EntryDue {
    const NAME: &'static str = OFFER_OVER;
}

pub(crate) fn plan_look(cx: &Cx, tx: &mut Tx, shop: Id<Shop>) -> Result<()> {
    // Without a key: one that runs already may have looked before the time came free.
    tx.schedule(cx, LOOK, &Look { shop }, cx.now(), None)
}

/// The next look at the shop's waitlist without a cause: at the full or half hour.
pub(crate) fn plan_sweep(cx: &Cx, tx: &mut Tx, shop: Id<Shop>) -> Result<()> {
    const HALF_HOUR_MS: i64 = HOUR_MS / 2;
    // The window is part of the key: the sweep that plans the next one is itself still queued.
    let window = cx.now().ms().div_euclid(HALF_HOUR_MS) + 1;
    let key = format!("{shop}:{window}");
    tx.schedule(
        cx,
        SWEEP,
        &Look { shop },
        Instant(window * HALF_HOUR_MS),
        Some(&key),
    )
}

pub(crate) fn plan_lapse(cx: &Cx, tx: &mut Tx, offered: &WaitEntry) -> Result<()> {
    let until = offered.offer.map_or(cx.now(), |offer| offer.until);
    tx.schedule(cx, OFFER_OVER, &due(offered), until, None)
}

pub(crate) fn plan_end(cx: &Cx, tx: &mut Tx, entry: &WaitEntry) -> Result<()> {
    tx.schedule(cx, WAIT_OVER, &due(entry), entry.ends_at(), None)
}

fn due(entry: &WaitEntry) -> EntryDue {
    EntryDue {
        entry: entry.id,
        version: entry.version,
    }
}
