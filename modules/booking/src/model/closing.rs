//! What a sudden closing of the shop meets. Pure.

use kernel::{Instant, Money};

use super::{Booking, State};

/// A booking that a closing meets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Met {
    /// The booking.
    pub booking: Booking,
    /// What goes back of it, in fen.
    pub amount: Money,
    /// Whether it is under way, and left alone.
    pub stays: bool,
}

/// What stands in a stretch that is to be closed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Hit {
    /// What is promised or asked, and what is under way: by order, the earliest first.
    pub met: Vec<Met>,
    /// What is not paid yet: it is let go with its order.
    pub held: Vec<Booking>,
}

impl Hit {
    /// How many bookings are called off.
    pub fn count(&self) -> usize {
        self.ends().count()
    }

    /// What goes back in all.
    pub fn money(&self) -> Money {
        self.ends().map(|met| met.amount).sum()
    }

    /// What is called off.
    pub fn ends(&self) -> impl Iterator<Item = &Met> {
        self.met.iter().filter(|met| !met.stays)
    }
}

impl Booking {
    /// Whether its service would take place, in part at least, within `from ..to`.
    pub fn meets(&self, from: Instant, to: Instant) -> bool {
        // A service that runs may run longer than it was booked.
        let ends_at = match self.state.is_under_way() {
            true => self.ends_at().max(from + 1),
            false => self.ends_at(),
        };
        self.starts_at < to && from < ends_at
    }
}

impl State {
    /// Whether a service runs, or somebody is on the way to the customer: a closing lets it end.
    pub const fn is_under_way(self) -> bool {
        matches!(self, State::InService | State::Departed | State::Arrived)
    }
}
