//! What must hold when the faults have stopped and everything has had its time: nothing hangs, and every fen at WeChat is
//! where the order's state says.

use std::collections::BTreeMap;

use kernel::Result;
use payment::testing::{RefundThere, There};

use crate::{network::Network, program::Program, store, town::ByOrder};

/// The first thing that is not at its end, in words.
pub(crate) fn broken(program: &Program, network: &Network) -> Result<Option<String>> {
    let (left, payments, orders) = program
        .db
        .read(|tx| {
            Ok((
                // What was asked step by step, only as far as something was written, is asked once more as a whole.
                store::broken(tx, store::NEVER.iter().chain(store::AT_THE_END))?,
                store::payments(tx)?,
                store::orders(tx)?,
            ))
        })
        .wait()?;
    if left.is_some() {
        return Ok(left);
    }
    let held = network
        .wechat
        .look(|there, refunds| held(&payments, there, refunds));
    for (order, state, total, kept, refunded) in orders {
        let right = match state.as_str() {
            // Lines that were taken off gave back what was theirs.
            "fulfilled" => (total - refunded).fen(),
            "cancelled" => kept.fen(),
            _ => 0,
        };
        let is = held.get(&order).copied().unwrap_or(0);
        if is != right {
            return Ok(Some(format!(
                "WeChat holds {is} fen for an order that is {state} and should hold {right} ({order})"
            )));
        }
    }
    Ok(None)
}

/// What WeChat holds for each order.
fn held(
    payments: &[store::OurPayment],
    there: &BTreeMap<String, There>,
    refunds: &BTreeMap<String, RefundThere>,
) -> ByOrder {
    let mut held = ByOrder::new();
    for ours in payments.iter().filter(|ours| !ours.aside) {
        let Some(at_wechat) = there.get(&ours.number) else {
            continue;
        };
        if at_wechat.state == "SUCCESS" {
            let back: i64 = refunds
                .values()
                .filter(|refund| refund.order == ours.number && refund.status != "CLOSED")
                .map(|refund| refund.amount)
                .sum();
            *held.entry(ours.order).or_default() += at_wechat.total - back;
        }
    }
    held
}
