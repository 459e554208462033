use kernel::{Id, Instant, Money};
use ledger::Kind;
use serde::{Deserialize, Serialize};

use super::{Line, Order, Tender};

kernel::coded! {
    /// How a taking stands.
    pub enum Taken {
        /// It waits for the order to be placed.
        Reserved = "reserved",
        /// It is the order's.
        Committed = "committed",
        /// It was taken off again before the order was placed: it never left its account.
        Released = "released",
        /// The order closed: it never left its account, and is taken again if late money revives the order.
        Lapsed = "lapsed",
        /// The order was called off with nothing kept: a coupon that is whole again.
        Restored = "restored",
    }
}

/// An amount that an order takes from an account of the ledger, apart from WeChat.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Taking {
    /// The taking.
    pub id: Id<Taking>,
    /// The order.
    pub order: Id<Order>,
    /// By which tender.
    pub tender: Tender,
    /// Whose account gives: the kind of thing.
    pub owner_kind: String,
    /// Whose account gives: the raw identifier.
    pub owner: i64,
    /// What the account is for.
    pub account: Kind,
    /// How much.
    pub amount: Money,
    /// How much of it went back or is to go back.
    pub returned: Money,
    /// How it stands.
    pub state: Taken,
    /// When.
    pub at: Instant,
}

impl Taken {
    /// Whether the order has, or had, what was taken.
    pub const fn is_taken(self) -> bool {
        matches!(self, Taken::Committed | Taken::Restored)
    }
}

impl Taking {
    /// What of it is the order's: reserved or committed, without what went back.
    pub fn left(&self) -> Money {
        match self.state {
            Taken::Reserved | Taken::Committed => self.amount - self.returned,
            Taken::Released | Taken::Lapsed | Taken::Restored => Money::ZERO,
        }
    }
}

/// What goes back of a taking: cash by a person who hands it over, all else at once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Return {
    /// The return.
    pub id: Id<Return>,
    /// The order.
    pub order: Id<Order>,
    /// Of which taking.
    pub taking: Id<Taking>,
    /// By which tender.
    pub tender: Tender,
    /// How much.
    pub amount: Money,
    /// Why, in a word.
    pub reason: String,
    /// When it was decided.
    pub asked_at: Instant,
    /// When it was handed over or went back, if it did.
    pub handed_at: Option<Instant>,
}

/// What a single line gave back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenBack {
    /// The line.
    pub line: Id<Line>,
    /// How much.
    pub amount: Money,
    /// What the shop kept of it.
    pub kept: Money,
    /// Why, in a word.
    pub reason: String,
    /// When.
    pub at: Instant,
}

/// A refund that staff asked for, and the line that it is of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct AskedRefund {
    /// The refund.
    pub refund: Id<payment::Refund>,
    /// The order.
    pub order: Id<Order>,
    /// The line.
    pub line: Id<Line>,
    /// How much.
    pub amount: Money,
}

/// What was asked about a line when it was ordered, and what the customer said: both as they read then.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// What was asked.
    pub name: String,
    /// What was said.
    pub value: String,
}
