//! A customer deletes the account: first what is still to be settled, then the person goes and the business stays.

use db::Tx;
use kernel::{Customer, Cx, Id, Money, Result};

use super::withdraw_from_waitlist;
use crate::{model::Refusal, store, words};

/// What stands between a customer and the end of their account.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Obstacles {
    /// So many bookings are to be served or called off.
    pub bookings: usize,
    /// So many other orders are to be fetched, paid or called off.
    pub orders: usize,
    /// What the customer still owes.
    pub owed: Money,
    /// What is on its way back to the customer.
    pub coming: Money,
    /// So many cases about bookings wait for a decision.
    pub cases: usize,
}

impl Obstacles {
    /// Whether nothing is left to settle.
    pub fn is_none(&self) -> bool {
        *self == Obstacles::default()
    }
}

/// What is still to be settled with the customer who asks.
///
/// # Errors
/// Forbidden for everybody who is no customer.
pub fn obstacles(cx: &Cx, tx: &mut Tx) -> Result<Obstacles> {
    let customer = cx.customer()?;
    let unsettled = order::unsettled_with(tx, customer)?;
    let mut found = Obstacles {
        owed: unsettled.owed,
        coming: unsettled.coming,
        ..Obstacles::default()
    };
    for order in unsettled.open {
        let live = store::of_order(tx, order)?;
        match live.iter().filter(|booking| booking.state.is_live()).count() {
            0 => found.orders += 1,
            live => found.bookings += live,
        }
    }
    found.cases = store::open_cases_of(tx, customer)?;
    Ok(found)
}

/// Deletes the account of the customer who asks: they wait for nothing any more, and everything that says who they were is
/// forgotten, here at once and by the other parts in a moment. Orders, money and reviews stay without a person.
///
/// # Errors
/// `booking.not_settled` while something is to be settled.
pub fn delete_account(cx: &Cx, tx: &mut Tx) -> Result<()> {
    let customer = cx.customer()?;
    if !obstacles(cx, tx)?.is_none() {
        return Err(Refusal::NotSettled.into());
    }
    for entry in store::live_of(tx, customer)? {
        withdraw_from_waitlist(cx, tx, entry.id)?;
    }
    forget_customer(tx, customer)?;
    identity::leave(cx, tx)
}

/// Forgets who booked. Asked again it finds nothing.
pub(crate) fn forget_customer(tx: &mut Tx, customer: Id<Customer>) -> Result<()> {
    store::forget_customer(tx, customer, &words::gone())
}
