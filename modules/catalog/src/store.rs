//! All the SQL of what shops offer.

mod goods;

use std::collections::HashMap;

use db::{Row, Tx, params};
use kernel::{Id, Money, Result, Shop};

pub use goods::{all_goods_of, attributes, goods, prepay};
pub(crate) use goods::{
    delete_attribute, delete_attributes, goods_under, insert_attribute, insert_goods, save_prepay,
    update_attribute, update_goods, update_goods_listed,
};

use crate::{Category, CategoryKind, NewService, Service};

/// The service, listed or not, or `NotFound`.
pub fn service(tx: &mut Tx, id: Id<Service>) -> Result<Service> {
    tx.one(
        "SELECT id, shop_id, category_id, name, minutes, price, before_minutes, after_minutes, kind, introduction, listed,
                version
         FROM service WHERE id = $1",
        params![id],
        read_service,
    )
}

/// What a customer can book at a shop by itself, in the shop's order.
pub fn services_of(tx: &mut Tx, shop: Id<Shop>) -> Result<Vec<Service>> {
    tx.all(
        "SELECT id, shop_id, category_id, name, minutes, price, before_minutes, after_minutes, kind, introduction, listed,
                version
         FROM service WHERE shop_id = $1 AND listed = 1 AND kind NOT IN ('add_on', 'home_visit') ORDER BY position, id",
        params![shop],
        read_service,
    )
}

/// Everything a shop offers: add-ons, home visits and what is not listed too.
pub fn all_of(tx: &mut Tx, shop: Id<Shop>) -> Result<Vec<Service>> {
    tx.all(
        "SELECT id, shop_id, category_id, name, minutes, price, before_minutes, after_minutes, kind, introduction, listed,
                version
         FROM service WHERE shop_id = $1 ORDER BY listed DESC, position, id",
        params![shop],
        read_service,
    )
}

fn read_service(row: &Row) -> Result<Service> {
    Ok(Service {
        id: row.get(0)?,
        shop: row.get(1)?,
        category: row.get(2)?,
        name: row.get(3)?,
        minutes: row.get(4)?,
        price: row.get(5)?,
        before: row.get(6)?,
        after: row.get(7)?,
        kind: row.code(8)?,
        introduction: row.get(9)?,
        listed: row.get(10)?,
        version: row.get(11)?,
    })
}

/// The lowest price that can be booked by itself at each shop.
pub fn lowest_prices(tx: &mut Tx) -> Result<HashMap<Id<Shop>, Money>> {
    let rows = tx.all(
        "SELECT shop_id, MIN(price) FROM service WHERE listed = 1 AND kind NOT IN ('add_on', 'home_visit')
         GROUP BY shop_id",
        &[],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(rows.into_iter().collect())
}

/// Whether another service of the shop has this name.
pub(crate) fn name_used(
    tx: &mut Tx,
    shop: Id<Shop>,
    name: &str,
    except: Option<Id<Service>>,
) -> Result<bool> {
    let found = tx.all(
        "SELECT id FROM service WHERE shop_id = $1 AND name = $2 AND listed = 1",
        params![shop, name],
        |row| row.get::<Id<Service>>(0),
    )?;
    Ok(found.into_iter().any(|id| Some(id) != except))
}

pub(crate) fn insert(tx: &mut Tx, id: Id<Service>, shop: Id<Shop>, new: &NewService) -> Result<()> {
    tx.run(
        "INSERT INTO service (id, shop_id, category_id, name, minutes, price, before_minutes, after_minutes, kind,
                              introduction, listed, position, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1,
                 (SELECT CAST(COALESCE(MAX(position), 0) AS BIGINT) + 1 FROM service WHERE shop_id = $2), 1)",
        params![
            id,
            shop,
            new.category,
            &new.name,
            new.minutes,
            new.price,
            new.before,
            new.after,
            new.kind.code(),
            &new.introduction
        ],
    )?;
    Ok(())
}

pub(crate) fn update(tx: &mut Tx, id: Id<Service>, version: i64, new: &NewService) -> Result<u64> {
    tx.run(
        "UPDATE service SET category_id = $3, name = $4, minutes = $5, price = $6, before_minutes = $7,
                after_minutes = $8, kind = $9, introduction = $10, version = version + 1
         WHERE id = $1 AND version = $2",
        params![
            id,
            version,
            new.category,
            &new.name,
            new.minutes,
            new.price,
            new.before,
            new.after,
            new.kind.code(),
            &new.introduction
        ],
    )
}

pub(crate) fn update_listed(tx: &mut Tx, id: Id<Service>, version: i64, listed: bool) -> Result<u64> {
    tx.run(
        "UPDATE service SET listed = $3, version = version + 1 WHERE id = $1 AND version = $2",
        params![id, version, listed],
    )
}

/// The headings over services that a shop may use: the centre's first, then its own.
pub fn categories(tx: &mut Tx, shop: Id<Shop>) -> Result<Vec<Category>> {
    let mut headings = headings(tx, shop)?;
    headings.retain(|heading| heading.kind == CategoryKind::Service);
    Ok(headings)
}

/// All headings a shop may use, whatever stands under them: the centre's first, then its own.
pub fn headings(tx: &mut Tx, shop: Id<Shop>) -> Result<Vec<Category>> {
    tx.all(
        "SELECT id, shop_id, name, kind FROM service_category WHERE shop_id IS NULL OR shop_id = $1
         ORDER BY CASE WHEN shop_id IS NULL THEN 0 ELSE 1 END, position, id",
        params![shop],
        read_category,
    )
}

pub(crate) fn insert_category(
    tx: &mut Tx,
    id: Id<Category>,
    shop: Option<Id<Shop>>,
    over: CategoryKind,
    name: &str,
) -> Result<()> {
    tx.run(
        "INSERT INTO service_category (id, shop_id, name, kind, position)
         VALUES ($1, $2, $3, $4, (SELECT CAST(COALESCE(MAX(position), 0) AS BIGINT) + 1 FROM service_category))",
        params![id, shop, name, over.code()],
    )?;
    Ok(())
}

/// The centre's headings, which every shop may use.
pub(crate) fn common_categories(tx: &mut Tx) -> Result<Vec<Category>> {
    tx.all(
        "SELECT id, shop_id, name, kind FROM service_category WHERE shop_id IS NULL ORDER BY position, id",
        &[],
        read_category,
    )
}

/// The heading, or `NotFound`.
pub(crate) fn category(tx: &mut Tx, id: Id<Category>) -> Result<Category> {
    tx.one(
        "SELECT id, shop_id, name, kind FROM service_category WHERE id = $1",
        params![id],
        read_category,
    )
}

fn read_category(row: &Row) -> Result<Category> {
    Ok(Category {
        id: row.get(0)?,
        shop: row.get(1)?,
        name: row.get(2)?,
        kind: row.code(3)?,
    })
}

pub(crate) fn services_under(tx: &mut Tx, id: Id<Category>) -> Result<i64> {
    tx.one(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM service WHERE category_id = $1",
        params![id],
        |row| row.get(0),
    )
}

pub(crate) fn delete_category(tx: &mut Tx, id: Id<Category>) -> Result<u64> {
    tx.run("DELETE FROM service_category WHERE id = $1", params![id])
}
