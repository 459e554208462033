//! Goods, what is asked under a category, and what is paid in advance.

use db::Tx;
use kernel::{Cx, Error, Id, Result, Shop};

use super::{announce, centre, kept};
use crate::{
    Attribute, Category, CategoryKind, Goods, NewAttribute, NewGoods, Prepay, Refusal, Service,
    model::FIELDS, store,
};

/// Adds goods, listed, at the end of the shop's order.
///
/// # Errors
/// Those of [`NewGoods::checked`]; `catalog.name_used`, `catalog.bad_category`.
pub fn create_goods(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, new: &NewGoods) -> Result<Goods> {
    let new = fitting(cx, tx, shop, new, None)?;
    let id = cx.id();
    store::insert_goods(tx, id, shop, &new)?;
    announce(tx, shop)?;
    store::goods(tx, id)
}

/// Changes goods. What is ordered keeps its old name and price.
///
/// # Errors
/// `catalog.changed` when `version` is not the present one; those of [`create_goods`].
pub fn edit_goods(cx: &Cx, tx: &mut Tx, id: Id<Goods>, version: i64, new: &NewGoods) -> Result<Goods> {
    let before = store::goods(tx, id)?;
    let new = fitting(cx, tx, before.shop, new, Some(id))?;
    if store::update_goods(tx, id, version, &new)? == 0 {
        return Err(Refusal::Stale.into());
    }
    announce(tx, before.shop)?;
    store::goods(tx, id)
}

/// Shows goods to customers, or hides them. What is ordered stays ordered.
///
/// # Errors
/// `catalog.changed`, `catalog.name_used`.
pub fn list_goods(cx: &Cx, tx: &mut Tx, id: Id<Goods>, version: i64, listed: bool) -> Result<Goods> {
    let goods = store::goods(tx, id)?;
    kept(cx, goods.shop)?;
    if goods.listed == listed {
        return Ok(goods);
    }
    if listed && name_used(tx, goods.shop, &goods.name, Some(id))? {
        return Err(Refusal::NameUsed.into());
    }
    if store::update_goods_listed(tx, id, version, listed)? == 0 {
        return Err(Refusal::Stale.into());
    }
    announce(tx, goods.shop)?;
    store::goods(tx, id)
}

/// Asks something from now on when a thing of a category is ordered.
///
/// # Errors
/// Those of [`NewAttribute::checked`]; `catalog.attribute_used`, `catalog.too_many_attributes`.
pub fn add_attribute(
    cx: &Cx,
    tx: &mut Tx,
    category: Id<Category>,
    new: &NewAttribute,
) -> Result<Vec<Attribute>> {
    keeper(cx, tx, category)?;
    let new = new.checked()?;
    let asked = store::attributes(tx, category)?;
    if asked.iter().any(|known| known.name == new.name) {
        return Err(Refusal::AttributeUsed.into());
    }
    if asked.len() >= FIELDS.len() {
        return Err(Refusal::TooManyAttributes { most: FIELDS.len() }.into());
    }
    store::insert_attribute(tx, cx.id(), category, &new)?;
    store::attributes(tx, category)
}

/// Asks it otherwise from now on. What was answered stays with its order, as it read then.
///
/// # Errors
/// `NotFound` for what another category asks; `catalog.changed` when `version` is not the present one; those of
/// [`add_attribute`].
pub fn edit_attribute(
    cx: &Cx,
    tx: &mut Tx,
    (category, id): (Id<Category>, Id<Attribute>),
    version: i64,
    new: &NewAttribute,
) -> Result<()> {
    keeper(cx, tx, category)?;
    let new = new.checked()?;
    let asked = store::attributes(tx, category)?;
    if !asked.iter().any(|known| known.id == id) {
        return Err(Error::NotFound);
    }
    if asked.iter().any(|known| known.name == new.name && known.id != id) {
        return Err(Refusal::AttributeUsed.into());
    }
    if store::update_attribute(tx, id, version, &new)? == 0 {
        return Err(Refusal::Stale.into());
    }
    Ok(())
}

/// Does not ask it any more. What was answered stays with its order.
pub fn remove_attribute(cx: &Cx, tx: &mut Tx, category: Id<Category>, id: Id<Attribute>) -> Result<()> {
    keeper(cx, tx, category)?;
    store::delete_attribute(tx, category, id)?;
    Ok(())
}

/// What is asked when a service is booked: what its category asks, and, where a therapist is asked for by name, what the
/// headings over therapists ask.
pub fn asked(tx: &mut Tx, service: &Service, named: bool) -> Result<Vec<Attribute>> {
    let mut asked = match service.category {
        Some(category) => store::attributes(tx, category)?,
        None => Vec::new(),
    };
    if named {
        for heading in store::headings(tx, service.shop)? {
            if heading.kind == CategoryKind::Therapist {
                asked.extend(store::attributes(tx, heading.id)?);
            }
        }
    }
    asked.truncate(FIELDS.len());
    Ok(asked)
}

/// Says what of a service's price is paid in advance, for bookings from now on.
///
/// # Errors
/// `catalog.bad_deposit`.
pub fn set_prepay(cx: &Cx, tx: &mut Tx, id: Id<Service>, prepay: Prepay) -> Result<()> {
    let service = store::service(tx, id)?;
    kept(cx, service.shop)?;
    store::save_prepay(tx, id, prepay.checked()?)?;
    announce(tx, service.shop)
}

/// Only who keeps a heading says what is asked under it.
fn keeper(cx: &Cx, tx: &mut Tx, category: Id<Category>) -> Result<()> {
    match store::category(tx, category)?.shop {
        Some(shop) => kept(cx, shop),
        None => centre(cx),
    }
}

fn fitting(
    cx: &Cx,
    tx: &mut Tx,
    shop: Id<Shop>,
    new: &NewGoods,
    except: Option<Id<Goods>>,
) -> Result<NewGoods> {
    kept(cx, shop)?;
    let new = new.checked(shop::shop(tx, shop)?.kind)?;
    if name_used(tx, shop, &new.name, except)? {
        return Err(Refusal::NameUsed.into());
    }
    if let Some(category) = new.category {
        let known = store::headings(tx, shop)?;
        let fits = |heading: &Category| heading.id == category && heading.kind == CategoryKind::Goods;
        if !known.iter().any(fits) {
            return Err(Refusal::BadCategory.into());
        }
    }
    Ok(new)
}

fn name_used(tx: &mut Tx, shop: Id<Shop>, name: &str, except: Option<Id<Goods>>) -> Result<bool> {
    let same = |goods: &Goods| goods.listed && goods.name == name && Some(goods.id) != except;
    Ok(store::all_goods_of(tx, shop)?.iter().any(same))
}
