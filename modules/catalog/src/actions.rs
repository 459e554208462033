//! What people do about services: each verb is one transaction.

mod goods;

use db::Tx;
use kernel::{Actor, Cx, Error, Id, Result, Role, Shop};

pub use goods::{
    add_attribute, asked, create_goods, edit_attribute, edit_goods, list_goods, remove_attribute, set_prepay,
};

use crate::{Category, CategoryKind, NewService, Refusal, Service, store};

/// Adds a service, listed, at the end of the shop's order.
///
/// # Errors
/// Those of [`NewService::checked`]; `catalog.name_used`, `catalog.bad_category`.
pub fn create(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, new: &NewService) -> Result<Service> {
    let new = fitting(cx, tx, shop, new, None)?;
    let id = cx.id();
    store::insert(tx, id, shop, &new)?;
    announce(tx, shop)?;
    store::service(tx, id)
}

/// Changes a service. What is booked keeps its old minutes and price.
///
/// # Errors
/// `catalog.changed` when `version` is not the present one; those of [`create`].
pub fn edit(cx: &Cx, tx: &mut Tx, id: Id<Service>, version: i64, new: &NewService) -> Result<Service> {
    let before = store::service(tx, id)?;
    let new = fitting(cx, tx, before.shop, new, Some(id))?;
    if store::update(tx, id, version, &new)? == 0 {
        return Err(Refusal::Stale.into());
    }
    announce(tx, before.shop)?;
    store::service(tx, id)
}

/// Shows a service to customers again.
///
/// # Errors
/// `catalog.changed`, `catalog.name_used`.
pub fn list(cx: &Cx, tx: &mut Tx, id: Id<Service>, version: i64) -> Result<Service> {
    set_listed(cx, tx, id, version, true)
}

/// Hides a service from customers. What is booked stays booked.
///
/// # Errors
/// `catalog.changed`.
pub fn unlist(cx: &Cx, tx: &mut Tx, id: Id<Service>, version: i64) -> Result<Service> {
    set_listed(cx, tx, id, version, false)
}

fn set_listed(cx: &Cx, tx: &mut Tx, id: Id<Service>, version: i64, listed: bool) -> Result<Service> {
    let service = store::service(tx, id)?;
    kept(cx, service.shop)?;
    if service.listed == listed {
        return Ok(service);
    }
    if listed && store::name_used(tx, service.shop, &service.name, Some(id))? {
        return Err(Refusal::NameUsed.into());
    }
    if store::update_listed(tx, id, version, listed)? == 0 {
        return Err(Refusal::Stale.into());
    }
    announce(tx, service.shop)?;
    store::service(tx, id)
}

/// Adds a heading over services; see [`create_heading`].
pub fn create_category(cx: &Cx, tx: &mut Tx, shop: Option<Id<Shop>>, name: &str) -> Result<Category> {
    create_heading(cx, tx, shop, CategoryKind::Service, name)
}

/// Adds a heading: a shop's own, or without a shop the centre's for all.
///
/// # Errors
/// `catalog.bad_name`, `catalog.heading_used`, `shop.claim…`.
pub fn create_heading(
    cx: &Cx,
    tx: &mut Tx,
    shop: Option<Id<Shop>>,
    over: CategoryKind,
    name: &str,
) -> Result<Category> {
    let kind = match shop {
        Some(shop) => {
            kept(cx, shop)?;
            shop::shop(tx, shop)?.kind
        }
        None => {
            centre(cx)?;
            shop::Kind::Health
        }
    };
    let name = name.trim();
    if !(2..=20).contains(&name.chars().count()) {
        return Err(Refusal::BadName.into());
    }
    shop::publishable(kind, "name", name)?;
    let known = match shop {
        Some(shop) => store::headings(tx, shop)?,
        None => store::common_categories(tx)?,
    };
    if known.iter().any(|heading| heading.name == name) {
        return Err(Refusal::HeadingUsed.into());
    }
    let id = cx.id();
    store::insert_category(tx, id, shop, over, name)?;
    Ok(Category {
        id,
        shop,
        name: name.to_owned(),
        kind: over,
    })
}

/// Removes a heading under which nothing stands.
///
/// # Errors
/// `catalog.category_in_use`.
pub fn remove_category(cx: &Cx, tx: &mut Tx, id: Id<Category>) -> Result<()> {
    match store::category(tx, id)?.shop {
        Some(shop) => kept(cx, shop)?,
        None => centre(cx)?,
    }
    if store::services_under(tx, id)? + store::goods_under(tx, id)? > 0 {
        return Err(Refusal::CategoryInUse.into());
    }
    store::delete_attributes(tx, id)?;
    store::delete_category(tx, id)?;
    Ok(())
}

/// What is said about a service, checked against its shop.
fn fitting(
    cx: &Cx,
    tx: &mut Tx,
    shop: Id<Shop>,
    new: &NewService,
    except: Option<Id<Service>>,
) -> Result<NewService> {
    kept(cx, shop)?;
    let new = new.checked(shop::shop(tx, shop)?.kind)?;
    if store::name_used(tx, shop, &new.name, except)? {
        return Err(Refusal::NameUsed.into());
    }
    if let Some(category) = new.category
        && !store::categories(tx, shop)?
            .iter()
            .any(|known| known.id == category)
    {
        return Err(Refusal::BadCategory.into());
    }
    Ok(new)
}

/// The centre, the program, or the shop's owner or clerk.
fn kept(cx: &Cx, shop: Id<Shop>) -> Result<()> {
    cx.shop_named(shop)?;
    match cx.actor() {
        Actor::Staff {
            role: Role::Therapist,
            ..
        } => Err(Error::Forbidden),
        _ => Ok(()),
    }
}

fn centre(cx: &Cx) -> Result<()> {
    match cx.actor() {
        Actor::System(_)
        | Actor::Staff {
            role: Role::Centre, ..
        } => Ok(()),
        _ => Err(Error::Forbidden),
    }
}

fn announce(tx: &mut Tx, shop: Id<Shop>) -> Result<()> {
    tx.announce("shops")?;
    tx.announce(&format!("shop/{shop}"))
}
