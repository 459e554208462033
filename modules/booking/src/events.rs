//! What others hear of bookings, and the clocks that bookings set.

use db::{Event, Tx};
use kernel::{Cx, Id, Result};
use serde::{Deserialize, Serialize};

use crate::model::{Booking, Change, Step, Ticket};

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
        Step::Start => tx.emit(cx, &Started { booking, version }),
        Step::Complete => tx.emit(cx, &Completed { booking, version }),
        Step::NoShow => tx.emit(cx, &Missed { booking, version }),
        Step::Expire => tx.emit(cx, &Expired { booking, version }),
        Step::Reassign => tx.emit(cx, &Reassigned { booking, version }),
        Step::ProposeMove => tx.emit(cx, &ChangeAsked { booking, version }),
        Step::DropMove => tx.emit(cx, &ChangeDropped { booking, version }),
        Step::Move => tx.emit(cx, &Changed { booking, version }),
        // Nobody need know of a time that is merely held.
        Step::Hold | Step::Revive => Ok(()),
    }
}
