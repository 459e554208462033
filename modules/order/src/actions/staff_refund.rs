//! Money that staff give back of a line because they decide so. Above the limits of payments it waits for a second person.

use db::Tx;
use kernel::{Cx, Id, Money, Result};
use payment::{NewRefund, RefundState};
use serde::{Deserialize, Serialize};

use super::{Refusal, back, line, purpose, tender};
use crate::{
    model::{AskedRefund, Line, Order, State, Tender},
    store,
};

/// How much of a line goes back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Portion {
    /// A share of what the customer can still get back, in basis points.
    Share(i64),
    /// So much.
    Amount(Money),
}

/// What was asked back.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AskedBack {
    /// How much comes back to the customer.
    pub amount: Money,
    /// Whether what WeChat gives back waits for a second person. Cash is handed over without.
    pub waits: bool,
}

/// A member of staff gives back a part of a line of a placed or fulfilled order; the line stands. Each tender gives back in
/// proportion to what it still pays of the line; a coupon stays used. The same key again gives it back once.
///
/// # Errors
/// `order.no_amount` for nothing, `order.too_much_back` for more than the customer can get back, `order.not_placed`; those of
/// [`payment::ask_refund`]; `NotFound` for another shop's order.
pub fn refund_line_at_desk(
    cx: &Cx,
    tx: &mut Tx,
    (id, line): (Id<Order>, Id<Line>),
    key: &str,
    portion: Portion,
    reason: &str,
) -> Result<AskedBack> {
    tender::at_desk(cx, tx, id)?;
    let fingerprint = format!("line {line} {portion:?} {reason}");
    tx.once(cx, key, &fingerprint, |tx| {
        ask(cx, tx, (id, line), portion, reason)
    })
}

fn ask(
    cx: &Cx,
    tx: &mut Tx,
    (id, line): (Id<Order>, Id<Line>),
    portion: Portion,
    reason: &str,
) -> Result<AskedBack> {
    let mut order = store::order(tx, id)?;
    line::found(tx, id, line)?;
    if !matches!(order.state, State::Placed | State::Fulfilled) {
        return Err(Refusal::NotPlaced.into());
    }
    let mut matrix = store::matrix(tx, id)?;
    let most = matrix.returnable_of(line);
    let amount = match portion {
        Portion::Share(share) => most.share(share.clamp(0, 10_000)),
        Portion::Amount(amount) => amount,
    };
    if amount <= Money::ZERO {
        return Err(Refusal::NoAmount.into());
    }
    if amount > most {
        return Err(Refusal::TooMuchBack.into());
    }
    let parts = matrix.return_to_customer(line, amount);
    line::keep_record(
        cx,
        tx,
        &mut order,
        (&matrix, line, &parts),
        ("refund_line", reason),
    )?;
    let mut waits = false;
    for (tender, part) in parts.into_iter().filter(|(_, part)| *part > Money::ZERO) {
        if tender != Tender::WeChat {
            back::give_back(cx, tx, &order, (tender, part), reason)?;
            continue;
        }
        let wanted = NewRefund {
            purpose: purpose(id),
            amount: part,
            reason: reason.to_owned(),
        };
        for refund in payment::ask_refund(cx, tx, &wanted)? {
            waits |= refund.waits();
            let asked = AskedRefund {
                refund: refund.id,
                order: id,
                line,
                amount: refund.amount,
            };
            store::add_asked(tx, &asked)?;
        }
    }
    Ok(AskedBack { amount, waits })
}

/// What a second person did not agree to give back pays for its line again. A line that does not stand any more gives it
/// back after all.
pub(super) fn put_back_rejected(cx: &Cx, tx: &mut Tx, id: Id<Order>) -> Result<()> {
    for asked in store::asked(tx, id)? {
        if payment::refund_state(tx, asked.refund)? == RefundState::Rejected
            && store::end_asked(cx, tx, asked.refund)?
        {
            put_back(cx, tx, &asked)?;
        }
    }
    Ok(())
}

fn put_back(cx: &Cx, tx: &mut Tx, asked: &AskedRefund) -> Result<()> {
    let line = line::found(tx, asked.order, asked.line)?;
    let mut order = store::order(tx, asked.order)?;
    if line.dropped_at.is_some() {
        let wanted = NewRefund {
            purpose: purpose(order.id),
            amount: asked.amount,
            reason: order.title,
        };
        return payment::refund(cx, tx, &wanted).map(drop);
    }
    let mut matrix = store::matrix(tx, order.id)?;
    matrix.put_back(asked.line, Tender::WeChat, asked.amount);
    store::save_matrix(tx, order.id, &matrix)?;
    order.refunded -= asked.amount;
    store::save_money(cx, tx, &mut order, "put_back", "")
}
