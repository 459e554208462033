use db::{Tx, params};
use kernel::{Customer, Id, Instant, Result, ShopScope};

use crate::Caller;

/// The record of a number at a shop, with its name.
pub(crate) fn desk_customer(
    tx: &mut Tx,
    shop: ShopScope,
    phone: &str,
) -> Result<Option<(Id<Customer>, String)>> {
    tx.maybe(
        "SELECT id, name FROM desk_customer WHERE shop_id = $1 AND phone = $2",
        params![shop.id(), phone],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Makes the record of a number, or renews its name and consent; the record that stands then.
pub(crate) fn remember_at_desk(
    tx: &mut Tx,
    new: Id<Customer>,
    shop: ShopScope,
    caller: &Caller<'_>,
    now: Instant,
) -> Result<Id<Customer>> {
    tx.one(
        "INSERT INTO desk_customer (id, shop_id, phone, name, agreed_at, created_at) VALUES ($1, $2, $3, $4, $5, $5)
         ON CONFLICT (shop_id, phone) DO UPDATE SET name = excluded.name, agreed_at = excluded.agreed_at
         RETURNING id",
        params![new, shop.id(), caller.phone, caller.name, now],
        |row| row.get(0),
    )
}

/// The record of all who pass by and are not remembered.
pub(crate) fn passer_by(
    tx: &mut Tx,
    new: Id<Customer>,
    shop: ShopScope,
    now: Instant,
) -> Result<Id<Customer>> {
    tx.run(
        "INSERT INTO desk_customer (id, shop_id, phone, name, agreed_at, created_at)
         VALUES ($1, $2, '', '', NULL, $3) ON CONFLICT (shop_id, phone) DO NOTHING",
        params![new, shop.id(), now],
    )?;
    tx.one(
        "SELECT id FROM desk_customer WHERE shop_id = $1 AND phone = ''",
        params![shop.id()],
        |row| row.get(0),
    )
}

pub(crate) fn is_remembered(tx: &mut Tx, shop: ShopScope, id: Id<Customer>) -> Result<bool> {
    let found = tx.maybe(
        "SELECT id FROM desk_customer WHERE id = $1 AND shop_id = $2 AND agreed_at IS NOT NULL",
        params![id, shop.id()],
        |row| row.get::<i64>(0),
    )?;
    Ok(found.is_some())
}

pub(crate) fn forget_at_desk(tx: &mut Tx, shop: ShopScope, id: Id<Customer>) -> Result<()> {
    tx.run(
        "DELETE FROM desk_customer WHERE id = $1 AND shop_id = $2 AND agreed_at IS NOT NULL",
        params![id, shop.id()],
    )?;
    Ok(())
}
