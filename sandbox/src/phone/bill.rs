//! 账单: what a person paid and got back, as the phone lists it.

use serde_json::{Value, json};

use crate::state::{Sandbox, World};

/// The payments of `person` with their refunds, newest first. Amounts in fen, moments in milliseconds since 1970.
pub fn of(sandbox: &Sandbox, world: &World, person: &str) -> Vec<Value> {
    let paid = world
        .pay
        .orders
        .iter()
        .rev()
        .filter(|order| order.person.as_deref() == Some(person) && order.paid_ms.is_some());
    let bill = |order: &crate::pay::Order| {
        let refunds = world
            .pay
            .refunds
            .iter()
            .filter(|refund| order.transaction_id.as_ref() == Some(&refund.transaction_id));
        let refunds: Vec<Value> = refunds
            .map(|refund| {
                json!({
                    "number": refund.refund_id, "amount": refund.refund, "reason": refund.reason,
                    "status": refund.status, "at": refund.done_ms.unwrap_or(refund.created_ms),
                })
            })
            .collect();
        json!({
            "number": order.out_trade_no, "transaction": order.transaction_id, "title": order.description,
            "payee": order.sub_mchid.as_ref().unwrap_or(&sandbox.credentials.direct.mchid),
            "total": order.total, "at": order.paid_ms, "refunds": refunds,
        })
    };
    paid.map(bill).collect()
}
