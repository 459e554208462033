//! People whom the desk of a shop enters: callers and walk-in customers, who are not known by WeChat.
//!
//! A record made at a desk is never joined to one made by WeChat: what a person types into a form is no proof that the
//! number is theirs, and joined records would show somebody else's visits to whoever typed it.

use db::Tx;
use kernel::{Customer, Cx, Id, Result, ShopScope};

use crate::store;

/// Who stands at the desk or is on the telephone.
#[derive(Debug, Clone, Copy)]
pub struct Caller<'a> {
    /// How they want to be called.
    pub name: &'a str,
    /// Mobile number, 11 digits; empty where they gave none.
    pub phone: &'a str,
    /// Whether they agreed that the shop remembers name and number for the next time.
    pub agreed: bool,
}

/// The customer's record at the shop, found or made by the number. Whoever did not agree to be remembered, now or before,
/// is the shop's one record of passers-by: their name and number stand with their booking alone.
pub fn customer_at_desk(cx: &Cx, tx: &mut Tx, shop: ShopScope, caller: &Caller<'_>) -> Result<Id<Customer>> {
    let known = store::desk_customer(tx, shop, caller.phone)?.filter(|_| !caller.phone.is_empty());
    match known {
        Some((id, _)) if !caller.agreed => Ok(id),
        _ if caller.agreed && !caller.phone.is_empty() => {
            store::remember_at_desk(tx, cx.id(), shop, caller, cx.now())
        }
        _ => store::passer_by(tx, cx.id(), shop, cx.now()),
    }
}

/// The name of a caller whom the shop remembers by the number.
pub fn known_at_desk(tx: &mut Tx, shop: ShopScope, phone: &str) -> Result<Option<String>> {
    let known = store::desk_customer(tx, shop, phone)?.filter(|_| !phone.is_empty());
    Ok(known.map(|(_, name)| name))
}

/// Whether the shop remembers this customer by name and number.
pub fn is_remembered(tx: &mut Tx, shop: ShopScope, customer: Id<Customer>) -> Result<bool> {
    store::is_remembered(tx, shop, customer)
}

/// The customer takes the consent back: the shop forgets name and number. Bookings keep what they need. A second time is
/// success without effect.
pub fn forget_at_desk(tx: &mut Tx, shop: ShopScope, customer: Id<Customer>) -> Result<()> {
    store::forget_at_desk(tx, shop, customer)
}
