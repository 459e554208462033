//! What is left to settle with a customer who wants to go, and what is forgotten of one who has gone.

use super::{paid, purpose};
use crate::{
    model::{Order, State},
    store,
};
use db::Tx;
use kernel::{Customer, Id, Money, Result};

/// What stands between a customer and the end of their account.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Unsettled {
    /// Orders that are not paid, served or called off yet.
    pub open: Vec<Id<Order>>,
    /// What the customer still owes shops.
    pub owed: Money,
    /// What is on its way back to the customer.
    pub coming: Money,
}

/// No customer has more orders than that.
const ALL: i64 = 100_000;

/// What is not settled with a customer.
pub fn unsettled_with(tx: &mut Tx, customer: Id<Customer>) -> Result<Unsettled> {
    let mut unsettled = Unsettled::default();
    for order in store::of_customer(tx, customer, ALL)? {
        match order.state {
            State::Open | State::Closing | State::Placed => unsettled.open.push(order.id),
            State::Fulfilled => unsettled.owed += order.rest(paid(tx, order.id)?),
            State::Cancelled | State::Closed => {}
        }
        unsettled.coming += coming(tx, order.id)?;
    }
    Ok(unsettled)
}

/// What goes back of an order and has not arrived, be it that it failed and waits for a person.
fn coming(tx: &mut Tx, id: Id<Order>) -> Result<Money> {
    let refunds = payment::refunds(tx, &purpose(id))?;
    let by_wechat = refunds.iter().filter(|refund| refund.is_owed());
    let by_wechat: Money = by_wechat.map(|refund| refund.amount).sum();
    let by_hand = store::returns(tx, id)?;
    let by_hand = by_hand.iter().filter(|one| one.handed_at.is_none());
    Ok(by_wechat + by_hand.map(|one| one.amount).sum())
}

/// Forgets what a customer answered when ordering, and who paid. Orders and money stay.
pub(crate) fn forget_customer(tx: &mut Tx, customer: Id<Customer>) -> Result<()> {
    for order in store::of_customer(tx, customer, ALL)? {
        store::forget_answers(tx, order.id)?;
        payment::forget_payer(tx, &purpose(order.id))?;
    }
    Ok(())
}
