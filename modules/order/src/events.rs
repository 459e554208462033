use db::Event;
use kernel::{Id, Money};
use serde::{Deserialize, Serialize};

use crate::model::{By, Ending, Line, Order, Tender};

/// A thing of an order: the module it belongs to and its raw identifier.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Thing {
    /// The module.
    pub module: String,
    /// The thing's raw identifier.
    pub id: i64,
}

impl From<&Line> for Thing {
    fn from(line: &Line) -> Thing {
        Thing {
            module: line.module.clone(),
            id: line.thing,
        }
    }
}

/// The amount due is covered: the things are to be promised. Also told when a closed order lives again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Placed {
    /// The order.
    pub order: Id<Order>,
    /// Its things.
    pub lines: Vec<Thing>,
}

impl Event for Placed {
    const NAME: &'static str = "order.placed";
}

/// It was never paid: the things are free.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Closed {
    /// The order.
    pub order: Id<Order>,
    /// Its things.
    pub lines: Vec<Thing>,
    /// Why.
    pub reason: Ending,
}

impl Event for Closed {
    const NAME: &'static str = "order.closed";
}

/// A closed order got its money: whoever owns the things answers with [`crate::revive`] or [`crate::give_back`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PaidLate {
    /// The order.
    pub order: Id<Order>,
    /// Its things.
    pub lines: Vec<Thing>,
    /// How much came.
    pub paid: Money,
}

impl Event for PaidLate {
    const NAME: &'static str = "order.paid_late";
}

/// A placed order was cancelled.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Cancelled {
    /// The order.
    pub order: Id<Order>,
    /// Its things.
    pub lines: Vec<Thing>,
    /// Who cancelled.
    pub by: By,
    /// What the shop keeps.
    pub kept: Money,
    /// What goes back to the customer: not what a coupon paid.
    pub refund: Money,
}

impl Event for Cancelled {
    const NAME: &'static str = "order.cancelled";
}

/// Stored value or points went back to the account that they came from, or a coupon is whole again: their module answers by
/// what it keeps besides, such as the points themselves.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Returned {
    /// The order.
    pub order: Id<Order>,
    /// By which tender they had paid.
    pub tender: Tender,
    /// Whose account it is: the kind of thing.
    pub owner_kind: String,
    /// Whose account it is: the raw identifier.
    pub owner: i64,
    /// How much.
    pub amount: Money,
}

impl Event for Returned {
    const NAME: &'static str = "order.returned";
}
