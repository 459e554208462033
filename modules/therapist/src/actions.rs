//! What people do about therapists: each verb is one transaction.

use catalog::Service;
use db::Tx;
use kernel::{Actor, Cx, Error, Id, Result, Role, Shop, ShopScope, Staff};

use crate::{NewTherapist, Refusal, Therapist, store};

/// Takes a therapist on.
///
/// # Errors
/// Those of [`NewTherapist::checked`]; `therapist.number_used`.
pub fn create(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, new: &NewTherapist) -> Result<Therapist> {
    kept(cx, shop)?;
    let new = new.checked(shop::shop(tx, shop)?.kind)?;
    let id = cx.id();
    let blind_shown = new.shows_blind.then(|| cx.now().day());
    if store::insert(tx, id, shop, &new, blind_shown)? == 0 {
        return Err(Refusal::NumberUsed.into());
    }
    announce(tx, shop)?;
    store::therapist(tx, id)
}

/// Changes what is said about a therapist. A consent that stands keeps its day.
///
/// # Errors
/// `therapist.changed` when `version` is not the present one; those of [`create`].
pub fn edit(cx: &Cx, tx: &mut Tx, id: Id<Therapist>, version: i64, new: &NewTherapist) -> Result<Therapist> {
    let before = store::therapist(tx, id)?;
    kept(cx, before.shop)?;
    let new = new.checked(shop::shop(tx, before.shop)?.kind)?;
    if store::number_used(tx, before.shop, new.number, id)? {
        return Err(Refusal::NumberUsed.into());
    }
    let blind_shown = new
        .shows_blind
        .then(|| before.blind_shown.unwrap_or(cx.now().day()));
    if store::update(tx, id, version, &new, blind_shown)? == 0 {
        return Err(Refusal::Stale.into());
    }
    announce(tx, before.shop)?;
    store::therapist(tx, id)
}

/// Takes the consent to show "blind therapist" back, at once and without a question.
pub fn take_back(cx: &Cx, tx: &mut Tx, id: Id<Therapist>) -> Result<()> {
    let shop = store::therapist(tx, id)?.shop;
    kept(cx, shop)?;
    store::clear_blind_shown(tx, id)?;
    announce(tx, shop)
}

/// The services that a therapist offers; none: all of the shop's.
///
/// # Errors
/// `therapist.bad_service` for another shop's.
pub fn offer_only(cx: &Cx, tx: &mut Tx, id: Id<Therapist>, services: &[Id<Service>]) -> Result<()> {
    let shop = store::therapist(tx, id)?.shop;
    kept(cx, shop)?;
    let offered = catalog::all_of(tx, shop)?;
    if !services
        .iter()
        .all(|wanted| offered.iter().any(|service| service.id == *wanted))
    {
        return Err(Refusal::BadService.into());
    }
    store::replace_offered(tx, id, services)?;
    announce(tx, shop)
}

/// Says with which account the therapist signs in: one of the shop's for therapists, and no other therapist's.
///
/// # Errors
/// `therapist.bad_account`, `therapist.account_used`; `therapist.changed` when `version` is not the present one.
pub fn tie(
    cx: &Cx,
    tx: &mut Tx,
    id: Id<Therapist>,
    version: i64,
    account: Option<Id<Staff>>,
) -> Result<Therapist> {
    let therapist = store::therapist(tx, id)?;
    let scope = kept(cx, therapist.shop)?;
    if let Some(account) = account {
        let fits = identity::staff_of(tx, scope)?
            .iter()
            .any(|one| one.id == account && one.role == Role::Therapist && one.active);
        if !fits {
            return Err(Refusal::BadAccount.into());
        }
        if let Some(other) = store::of_account(tx, account)?.filter(|other| other.id != id) {
            return Err(Refusal::AccountUsed { who: other.name }.into());
        }
    }
    if store::update_account(tx, id, version, account)? == 0 {
        return Err(Refusal::Stale.into());
    }
    store::therapist(tx, id)
}

/// The therapist no longer works here. What is booked stays booked; somebody has to decide on it.
///
/// # Errors
/// `therapist.changed`.
pub fn let_go(cx: &Cx, tx: &mut Tx, id: Id<Therapist>, version: i64) -> Result<Therapist> {
    set_active(cx, tx, id, version, false)
}

/// The therapist works here again.
///
/// # Errors
/// `therapist.changed`.
pub fn welcome_back(cx: &Cx, tx: &mut Tx, id: Id<Therapist>, version: i64) -> Result<Therapist> {
    set_active(cx, tx, id, version, true)
}

fn set_active(cx: &Cx, tx: &mut Tx, id: Id<Therapist>, version: i64, active: bool) -> Result<Therapist> {
    let therapist = store::therapist(tx, id)?;
    kept(cx, therapist.shop)?;
    if therapist.active == active {
        return Ok(therapist);
    }
    if store::update_active(tx, id, version, active)? == 0 {
        return Err(Refusal::Stale.into());
    }
    announce(tx, therapist.shop)?;
    store::therapist(tx, id)
}

/// The centre, the program, or the shop's owner or clerk.
fn kept(cx: &Cx, shop: Id<Shop>) -> Result<ShopScope> {
    let scope = cx.shop_named(shop)?;
    match cx.actor() {
        Actor::Staff {
            role: Role::Therapist,
            ..
        } => Err(Error::Forbidden),
        _ => Ok(scope),
    }
}

fn announce(tx: &mut Tx, shop: Id<Shop>) -> Result<()> {
    tx.announce("shops")?;
    tx.announce(&format!("shop/{shop}"))
}
