use db::Event;
use kernel::{Id, Money};
use serde::{Deserialize, Serialize};

use crate::model::{By, Ending, Line, Order};

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
    /// What goes back to the customer.
    pub refund: Money,
}

impl Event for Cancelled {
    const NAME: &'static str = "order.cancelled";
}
