//! How refunds end.

use std::sync::Arc;
use std::time::Duration;

use super::{Refund, Status, rules};
use crate::fault::Kind;
use crate::message::{Author, Body, Thread};
use crate::pay::notice;
use crate::state::{Sandbox, World};

/// Ends the refund a little later, the way the waiting faults demand.
pub fn complete_later(sandbox: &Arc<Sandbox>, refund_id: String) {
    let sandbox = sandbox.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(sandbox.config.refund_delay_ms)).await;
        let ends = [
            (Kind::RefundStuck, None),
            (Kind::RefundAbnormal, Some(Status::Abnormal)),
            (Kind::RefundClosed, Some(Status::Closed)),
        ];
        let wanted = sandbox.change(|world| {
            let mut taken = ends
                .into_iter()
                .filter(|(kind, _)| world.faults.take(*kind).is_some());
            taken.next().map_or(Some(Status::Success), |(_, status)| status)
        });
        if let Some(status) = wanted {
            settle(&sandbox, &refund_id, status);
        }
    });
}

/// Ends a refund that is under way or abnormal, and sends its notice. `None` when there is none such.
pub fn settle(sandbox: &Arc<Sandbox>, number: &str, status: Status) -> Option<Refund> {
    let refund = sandbox.change(|world| end(sandbox, world, number, status))?;
    if !refund.notify_url.is_empty() && refund.status != Status::Processing {
        notice::refunded(sandbox, &refund);
    }
    Some(refund)
}

fn end(sandbox: &Sandbox, world: &mut World, number: &str, status: Status) -> Option<Refund> {
    let now_ms = sandbox.clock.now_ms();
    let open = |refund: &&mut Refund| {
        (refund.refund_id == number || refund.out_refund_no == number)
            && matches!(refund.status, Status::Processing | Status::Abnormal)
    };
    let refund = world.pay.refunds.iter_mut().find(open)?;
    refund.status = status;
    refund.done_ms = Some(now_ms);
    let refund = refund.clone();
    let order = world
        .pay
        .orders
        .iter_mut()
        .find(|order| order.transaction_id.as_ref() == Some(&refund.transaction_id))?;
    if status == Status::Closed {
        order.refunded -= refund.refund;
    }
    let person = order.person.clone();
    match (status, person) {
        (Status::Closed, _) => rules::book(world, &refund, 1, now_ms),
        (Status::Success, Some(person)) => {
            world.say(&person, Thread::WechatPay, Author::Account, now_ms, card(&refund));
        }
        _ => {}
    }
    Some(refund)
}

fn card(refund: &Refund) -> Body {
    Body::Card {
        title: "退款到账通知".into(),
        rows: vec![
            ("退款金额".into(), yuan(refund.refund)),
            ("退款原因".into(), refund.reason.clone()),
            ("退款方式".into(), "退回零钱".into()),
        ],
        url: String::new(),
    }
}

/// Fen as people read them, such as `¥128.50`.
pub fn yuan(fen: i64) -> String {
    format!("¥{}.{:02}", fen / 100, fen % 100)
}
