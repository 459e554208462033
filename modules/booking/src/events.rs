//! What others hear of bookings, and the clocks that bookings set.

use db::{Event, Tx};
use kernel::{Cx, Id, Result};
use serde::{Deserialize, Serialize};

use crate::model::{Booking, Step, Ticket};

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
        Step::Late => tx.emit(cx, &Late { booking, version }),
        Step::Lengthen => tx.emit(cx, &Lengthened { booking, version }),
        Step::HandOver => tx.emit(cx, &HandedOver { booking, version }),
        Step::Reopen => tx.emit(cx, &Reopened { booking, version }),
        Step::Abort => tx.emit(cx, &Aborted { booking, version }),
        Step::Fee => tx.emit(cx, &FeeDecided { booking, version }),
        Step::Dispute => tx.emit(cx, &Disputed { booking, version }),
        Step::Rule => tx.emit(cx, &Ruled { booking, version }),
        // Nobody need know of a time that is merely held.
        Step::Hold | Step::Revive => Ok(()),
    }
}
