//! A customer deletes the account. What the person is called and how they are reached is gone at once; the parts of the
//! program that keep some of it themselves hear [`CustomerLeft`] and forget it in a moment.

use db::{Event, Tx};
use kernel::{Actor, Customer, Cx, Id, Result};
use serde::{Deserialize, Serialize};

use crate::store;

/// Event `identity.customer_left`: a customer deleted the account. Whoever keeps something of the person forgets it now.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CustomerLeft {
    /// Who. The row stays, without a person.
    pub customer: Id<Customer>,
    /// As the official account knew them, for those who keep nothing else.
    pub openid: String,
}

impl Event for CustomerLeft {
    const NAME: &'static str = "identity.customer_left";
}

/// Deletes the account of the customer who asks, on all their devices. That nothing is owed any more is the caller's to know.
/// The same WeChat user who comes again is somebody new.
///
/// # Errors
/// Forbidden for everybody who is no customer.
pub fn leave(cx: &Cx, tx: &mut Tx) -> Result<()> {
    let id = cx.customer()?;
    let Some(openid) = store::openid_of(tx, id)? else {
        return Ok(());
    };
    store::anonymise(tx, id, cx.now())?;
    web::sessions::end_all_of_customer(tx, id)?;
    tx.forget_answers(Actor::Customer(id))?;
    let left = CustomerLeft { customer: id, openid };
    tx.emit(cx, &left)
}
