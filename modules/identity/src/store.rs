//! All the SQL of people and sign-in.

mod at_desk;

use db::{Row, Tx, params};
use kernel::{Customer, Id, Instant, Result, Shop, ShopScope, Staff};

use crate::{
    CustomerRecord, Password, StaffAccount,
    wechat_door::{Purpose, SignInState},
};

pub(crate) use at_desk::{desk_customer, forget_at_desk, is_remembered, passer_by, remember_at_desk};

/// The customer, or `NotFound`.
pub fn customer(tx: &mut Tx, id: Id<Customer>) -> Result<CustomerRecord> {
    tx.one(
        "SELECT id, openid, name, phone, nickname FROM customer WHERE id = $1",
        params![id],
        read_customer,
    )
}

/// The customer with this openid, if the person has been here before.
pub fn customer_by_openid(tx: &mut Tx, openid: &str) -> Result<Option<CustomerRecord>> {
    tx.maybe(
        "SELECT id, openid, name, phone, nickname FROM customer WHERE openid = $1",
        params![openid],
        read_customer,
    )
}

/// Where WeChat messages to the customer go.
pub fn openid_of(tx: &mut Tx, id: Id<Customer>) -> Result<Option<String>> {
    tx.maybe(
        "SELECT openid FROM customer WHERE id = $1 AND left_at IS NULL",
        params![id],
        |row| row.get(0),
    )
}

/// Takes the person out of a customer's row: what is left is a number that nobody answers to.
pub(crate) fn anonymise(tx: &mut Tx, id: Id<Customer>, now: Instant) -> Result<()> {
    tx.run(
        "UPDATE customer SET openid = $2, name = NULL, phone = NULL, nickname = NULL, left_at = $3, version = version + 1
         WHERE id = $1 AND left_at IS NULL",
        params![id, format!("left:{id}"), now],
    )?;
    Ok(())
}

fn read_customer(row: &Row) -> Result<CustomerRecord> {
    Ok(CustomerRecord {
        id: row.get(0)?,
        openid: row.get(1)?,
        name: row.get(2)?,
        phone: row.get(3)?,
        nickname: row.get(4)?,
    })
}

pub(crate) fn insert_customer(tx: &mut Tx, id: Id<Customer>, openid: &str, now: Instant) -> Result<u64> {
    tx.run(
        "INSERT INTO customer (id, openid, created_at, version) VALUES ($1, $2, $3, 1) ON CONFLICT (openid) DO NOTHING",
        params![id, openid, now],
    )
}

pub(crate) fn update_contact(tx: &mut Tx, id: Id<Customer>, name: &str, phone: &str) -> Result<()> {
    tx.run(
        "UPDATE customer SET name = $2, phone = $3, version = version + 1 WHERE id = $1",
        params![id, name, phone],
    )?;
    Ok(())
}

pub(crate) fn update_nickname(tx: &mut Tx, id: Id<Customer>, nickname: &str) -> Result<()> {
    tx.run(
        "UPDATE customer SET nickname = $2, version = version + 1 WHERE id = $1",
        params![id, nickname],
    )?;
    Ok(())
}

/// The staff account, or `NotFound`.
pub fn staff_account(tx: &mut Tx, id: Id<Staff>) -> Result<StaffAccount> {
    tx.one(
        "SELECT id, shop_id, role, name, login, openid, active FROM staff WHERE id = $1",
        params![id],
        read_staff,
    )
}

/// The accounts of one shop, owners first.
pub fn staff_of(tx: &mut Tx, shop: ShopScope) -> Result<Vec<StaffAccount>> {
    tx.all(
        "SELECT id, shop_id, role, name, login, openid, active FROM staff WHERE shop_id = $1
         ORDER BY CASE role WHEN 'owner' THEN 0 WHEN 'clerk' THEN 1 ELSE 2 END, id",
        params![shop.id()],
        read_staff,
    )
}

/// The accounts of the centre.
pub(crate) fn staff_of_centre(tx: &mut Tx) -> Result<Vec<StaffAccount>> {
    tx.all(
        "SELECT id, shop_id, role, name, login, openid, active FROM staff WHERE shop_id IS NULL ORDER BY id",
        &[],
        read_staff,
    )
}

/// Where WeChat messages about a shop's orders go: the owners and clerks who bound their WeChat.
pub fn staff_openids(tx: &mut Tx, shop: Id<Shop>) -> Result<Vec<String>> {
    tx.all(
        "SELECT openid FROM staff
         WHERE shop_id = $1 AND active = 1 AND openid IS NOT NULL AND role IN ('owner', 'clerk') ORDER BY id",
        params![shop],
        |row| row.get(0),
    )
}

/// Where WeChat messages to the centre go: the officers who bound their WeChat.
pub fn officer_openids(tx: &mut Tx) -> Result<Vec<String>> {
    tx.all(
        "SELECT openid FROM staff WHERE shop_id IS NULL AND active = 1 AND openid IS NOT NULL ORDER BY id",
        params![],
        |row| row.get(0),
    )
}

fn read_staff(row: &Row) -> Result<StaffAccount> {
    Ok(StaffAccount {
        id: row.get(0)?,
        shop: row.get(1)?,
        role: row.code(2)?,
        name: row.get(3)?,
        login: row.get(4)?,
        openid: row.get(5)?,
        active: row.get(6)?,
    })
}

pub(crate) fn password_of(tx: &mut Tx, login: &str) -> Result<Option<(Id<Staff>, Password)>> {
    tx.maybe(
        "SELECT id, password_hash FROM staff WHERE login = $1 AND active = 1",
        params![login],
        |row| Ok((row.get(0)?, Password(row.get(1)?))),
    )
}

pub(crate) fn insert_staff(
    tx: &mut Tx,
    staff: &StaffAccount,
    password: &Password,
    now: Instant,
) -> Result<u64> {
    tx.run(
        "INSERT INTO staff (id, shop_id, role, name, login, password_hash, openid, active, created_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, 1) ON CONFLICT (login) DO NOTHING",
        params![
            staff.id,
            staff.shop,
            staff.role.code(),
            &staff.name,
            &staff.login,
            &password.0,
            &staff.openid,
            now
        ],
    )
}

pub(crate) fn update_password(tx: &mut Tx, id: Id<Staff>, password: &Password) -> Result<()> {
    tx.run(
        "UPDATE staff SET password_hash = $2, version = version + 1 WHERE id = $1",
        params![id, &password.0],
    )?;
    Ok(())
}

pub(crate) fn update_active(tx: &mut Tx, id: Id<Staff>, active: bool) -> Result<()> {
    tx.run(
        "UPDATE staff SET active = $2, version = version + 1 WHERE id = $1",
        params![id, active],
    )?;
    Ok(())
}

pub(crate) fn update_openid(tx: &mut Tx, id: Id<Staff>, openid: &str) -> Result<()> {
    tx.run(
        "UPDATE staff SET openid = $2, version = version + 1 WHERE id = $1",
        params![id, openid],
    )?;
    Ok(())
}

pub(crate) fn insert_sign_in(
    tx: &mut Tx,
    state: &str,
    sign_in: &SignInState,
    expires: Instant,
) -> Result<()> {
    let (purpose, staff) = match sign_in.purpose {
        Purpose::Customer => ("customer", None),
        Purpose::Profile => ("profile", None),
        Purpose::Bind(staff) => ("bind", Some(staff)),
    };
    tx.run(
        "INSERT INTO sign_in (state, browser, purpose, staff_id, back, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
        params![state, &sign_in.browser, purpose, staff, &sign_in.back, expires],
    )?;
    Ok(())
}

/// Takes a sign-in away: the second one to ask finds nothing.
pub(crate) fn take_sign_in(tx: &mut Tx, state: &str, now: Instant) -> Result<Option<SignInState>> {
    let found = tx.maybe(
        "DELETE FROM sign_in WHERE state = $1 AND expires_at > $2 RETURNING browser, purpose, staff_id, back",
        params![state, now],
        |row| {
            let (purpose, staff): (String, Option<Id<Staff>>) = (row.get(1)?, row.get(2)?);
            let purpose = match (purpose.as_str(), staff) {
                ("bind", Some(staff)) => Purpose::Bind(staff),
                ("profile", _) => Purpose::Profile,
                _ => Purpose::Customer,
            };
            Ok(SignInState {
                browser: row.get(0)?,
                purpose,
                back: row.get(3)?,
            })
        },
    )?;
    tx.run("DELETE FROM sign_in WHERE expires_at <= $1", params![now])?;
    Ok(found)
}

/// A token of WeChat and when it ends, in seconds since 1970.
pub(crate) fn token(tx: &mut Tx, key: &str) -> Result<Option<(String, i64)>> {
    tx.maybe(
        "SELECT value, expires_at_s FROM wechat_token WHERE key = $1",
        params![key],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

pub(crate) fn put_token(tx: &mut Tx, key: &str, value: &str, expires_at_s: i64) -> Result<()> {
    tx.run(
        "INSERT INTO wechat_token (key, value, expires_at_s) VALUES ($1, $2, $3)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at_s = excluded.expires_at_s",
        params![key, value, expires_at_s],
    )?;
    Ok(())
}

/// Takes the lease if nobody holds it at `now_s`; whether it was taken.
pub(crate) fn take_lease(tx: &mut Tx, key: &str, holder: &str, now_s: i64, until_s: i64) -> Result<bool> {
    let taken = tx.run(
        "INSERT INTO wechat_lease (key, holder, until_s) VALUES ($1, $2, $4)
         ON CONFLICT (key) DO UPDATE SET holder = excluded.holder, until_s = excluded.until_s
         WHERE wechat_lease.until_s <= $3",
        params![key, holder, now_s, until_s],
    )?;
    Ok(taken == 1)
}

pub(crate) fn give_lease_back(tx: &mut Tx, key: &str, holder: &str) -> Result<()> {
    tx.run(
        "DELETE FROM wechat_lease WHERE key = $1 AND holder = $2",
        params![key, holder],
    )?;
    Ok(())
}
