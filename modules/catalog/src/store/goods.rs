//! The SQL of goods, of what is asked, and of what is paid in advance.

use db::{Row, Tx, params};
use kernel::{Id, Result, Shop};

use crate::{Attribute, Category, Goods, NewAttribute, NewGoods, Prepay, Service};

/// The goods, listed or not, or `NotFound`.
pub fn goods(tx: &mut Tx, id: Id<Goods>) -> Result<Goods> {
    tx.one(
        "SELECT id, shop_id, category_id, name, price, introduction, listed, version FROM catalog_goods WHERE id = $1",
        params![id],
        read_goods,
    )
}

/// What a shop sells, in its order; what is not listed too.
pub fn all_goods_of(tx: &mut Tx, shop: Id<Shop>) -> Result<Vec<Goods>> {
    tx.all(
        "SELECT id, shop_id, category_id, name, price, introduction, listed, version
         FROM catalog_goods WHERE shop_id = $1 ORDER BY listed DESC, position, id",
        params![shop],
        read_goods,
    )
}

fn read_goods(row: &Row) -> Result<Goods> {
    Ok(Goods {
        id: row.get(0)?,
        shop: row.get(1)?,
        category: row.get(2)?,
        name: row.get(3)?,
        price: row.get(4)?,
        introduction: row.get(5)?,
        listed: row.get(6)?,
        version: row.get(7)?,
    })
}

pub(crate) fn insert_goods(tx: &mut Tx, id: Id<Goods>, shop: Id<Shop>, new: &NewGoods) -> Result<()> {
    tx.run(
        "INSERT INTO catalog_goods (id, shop_id, category_id, name, price, introduction, listed, position, version)
         VALUES ($1, $2, $3, $4, $5, $6, 1,
                 (SELECT CAST(COALESCE(MAX(position), 0) AS BIGINT) + 1 FROM catalog_goods WHERE shop_id = $2), 1)",
        params![id, shop, new.category, &new.name, new.price, &new.introduction],
    )?;
    Ok(())
}

pub(crate) fn update_goods(tx: &mut Tx, id: Id<Goods>, version: i64, new: &NewGoods) -> Result<u64> {
    tx.run(
        "UPDATE catalog_goods SET category_id = $3, name = $4, price = $5, introduction = $6, version = version + 1
         WHERE id = $1 AND version = $2",
        params![id, version, new.category, &new.name, new.price, &new.introduction],
    )
}

pub(crate) fn update_goods_listed(tx: &mut Tx, id: Id<Goods>, version: i64, listed: bool) -> Result<u64> {
    tx.run(
        "UPDATE catalog_goods SET listed = $3, version = version + 1 WHERE id = $1 AND version = $2",
        params![id, version, listed],
    )
}

pub(crate) fn goods_under(tx: &mut Tx, id: Id<Category>) -> Result<i64> {
    tx.one(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM catalog_goods WHERE category_id = $1",
        params![id],
        |row| row.get(0),
    )
}

/// What is asked under a category, in its order.
pub fn attributes(tx: &mut Tx, category: Id<Category>) -> Result<Vec<Attribute>> {
    tx.all(
        "SELECT id, category_id, name, kind, required, choices, version FROM catalog_attribute
         WHERE category_id = $1 ORDER BY position, id",
        params![category],
        |row| {
            Ok(Attribute {
                id: row.get(0)?,
                category: row.get(1)?,
                name: row.get(2)?,
                kind: row.code(3)?,
                required: row.get(4)?,
                choices: serde_json::from_str(&row.get::<String>(5)?)?,
                version: row.get(6)?,
            })
        },
    )
}

pub(crate) fn insert_attribute(
    tx: &mut Tx,
    id: Id<Attribute>,
    category: Id<Category>,
    new: &NewAttribute,
) -> Result<()> {
    tx.run(
        "INSERT INTO catalog_attribute (id, category_id, name, kind, required, choices, position)
         VALUES ($1, $2, $3, $4, $5, $6,
                 (SELECT CAST(COALESCE(MAX(position), 0) AS BIGINT) + 1 FROM catalog_attribute WHERE category_id = $2))",
        params![
            id,
            category,
            &new.name,
            new.kind.code(),
            new.required,
            serde_json::to_string(&new.choices)?
        ],
    )?;
    Ok(())
}

/// Keeps what an attribute has become; how many rows stood at that version.
pub(crate) fn update_attribute(
    tx: &mut Tx,
    id: Id<Attribute>,
    version: i64,
    new: &NewAttribute,
) -> Result<u64> {
    tx.run(
        "UPDATE catalog_attribute SET name = $3, kind = $4, required = $5, choices = $6, version = version + 1
         WHERE id = $1 AND version = $2",
        params![
            id,
            version,
            &new.name,
            new.kind.code(),
            new.required,
            serde_json::to_string(&new.choices)?
        ],
    )
}

pub(crate) fn delete_attribute(tx: &mut Tx, category: Id<Category>, id: Id<Attribute>) -> Result<u64> {
    tx.run(
        "DELETE FROM catalog_attribute WHERE id = $1 AND category_id = $2",
        params![id, category],
    )
}

pub(crate) fn delete_attributes(tx: &mut Tx, category: Id<Category>) -> Result<u64> {
    tx.run(
        "DELETE FROM catalog_attribute WHERE category_id = $1",
        params![category],
    )
}

/// What of a service's price is paid in advance.
pub fn prepay(tx: &mut Tx, service: Id<Service>) -> Result<Prepay> {
    let found = tx.maybe(
        "SELECT how, amount FROM catalog_prepay WHERE service_id = $1",
        params![service],
        |row| Ok(Prepay::read(&row.get::<String>(0)?, row.get(1)?)),
    )?;
    Ok(found.unwrap_or_default())
}

pub(crate) fn save_prepay(tx: &mut Tx, service: Id<Service>, prepay: Prepay) -> Result<()> {
    let (how, number) = prepay.stored();
    tx.run(
        "INSERT INTO catalog_prepay (service_id, how, amount) VALUES ($1, $2, $3)
         ON CONFLICT (service_id) DO UPDATE SET how = excluded.how, amount = excluded.amount",
        params![service, how, number],
    )?;
    Ok(())
}
