use db::{Event, Job, Tx};
use identity::CustomerLeft;
use kernel::{Cx, Id, Instant, Result};
use payment::Purpose;
use serde::{Deserialize, Serialize};

use crate::{actions, model::Order};

const DEADLINE: &str = "order.deadline";
const SETTLE: &str = "order.settle";
const FORGET: &str = "order.forget_customer";

/// Which events of others this module follows, and by which job.
pub const LISTENS: [(&str, &str); 4] = [
    ("payment.settled", SETTLE),
    ("payment.ended", SETTLE),
    ("payment.refund_rejected", SETTLE),
    ("identity.customer_left", FORGET),
];

/// The jobs of this module.
pub fn jobs() -> Vec<Job> {
    vec![
        Job::new(DEADLINE, |work, Deadline { order, version }| {
            let cx = work.cx.clone();
            work.db
                .write(move |tx| actions::expire(&cx, tx, order, version))
                .wait()
        }),
        Job::new(FORGET, |work, left: CustomerLeft| {
            work.db
                .write(move |tx| actions::forget_customer(tx, left.customer))
                .wait()
        }),
        Job::new(SETTLE, |work, Money { purpose }| {
            if purpose.module != "order" {
                return Ok(());
            }
            let cx = work.cx.clone();
            work.db
                .write(move |tx| actions::settle(&cx, tx, Id::from_raw(purpose.id)))
                .wait()
        }),
    ]
}

#[derive(Debug, Serialize, Deserialize)]
struct Deadline {
    order: Id<Order>,
    version: i64,
}

impl Event for Deadline {
    const NAME: &'static str = DEADLINE;
}

pub(crate) fn plan_deadline(cx: &Cx, tx: &mut Tx, order: &Order) -> Result<()> {
    let deadline = Deadline {
        order: order.id,
        version: order.version,
    };
    tx.schedule(cx, DEADLINE, &deadline, order.deadline, None)
}

/// Something about the money of a purpose changed. Reads what several events of payments share.
#[derive(Debug, Serialize, Deserialize)]
struct Money {
    purpose: Purpose,
}

impl Event for Money {
    const NAME: &'static str = SETTLE;
}

/// Looks at the money of an order again at `due`.
pub(crate) fn plan_settling(cx: &Cx, tx: &mut Tx, order: Id<Order>, due: Instant) -> Result<()> {
    let purpose = actions::purpose(order);
    tx.schedule(cx, SETTLE, &Money { purpose }, due, Some(&order.to_string()))
}
