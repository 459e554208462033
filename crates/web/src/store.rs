//! All the SQL of the doors: sessions and kept forms.

mod token;

use db::{Row, Tx, params};
use kernel::{Actor, Customer, Error, Id, Instant, Result, Role, Shop, Staff};

pub(crate) use token::*;

use crate::sessions::Session;

/// Marks identifiers of kept forms.
pub(crate) enum KeptForm {}

pub(crate) fn insert_session(tx: &mut Tx, hash: &str, session: &Session, now: Instant) -> Result<()> {
    let (customer, staff, shop, role) = match session.actor {
        Actor::Customer(id) => (Some(id.raw()), None, None, None),
        Actor::Staff { id, shop, role } => (None, Some(id.raw()), shop.map(Id::raw), Some(role.code())),
        Actor::Guest | Actor::System(_) => return Err(Error::Forbidden),
    };
    tx.run(
        "INSERT INTO session (token_hash, customer_id, staff_id, shop_id, role, name, created_at, seen_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)",
        params![hash, customer, staff, shop, role, &session.name, now, session.expires_at],
    )?;
    Ok(())
}

pub(crate) fn session(tx: &mut Tx, hash: &str, now: Instant) -> Result<Option<Session>> {
    tx.maybe(
        "SELECT customer_id, staff_id, shop_id, role, name, expires_at, seen_at FROM session
         WHERE token_hash = $1 AND expires_at > $2",
        params![hash, now],
        read_session,
    )
}

fn read_session(row: &Row) -> Result<Session> {
    let customer: Option<Id<Customer>> = row.get(0)?;
    let staff: Option<Id<Staff>> = row.get(1)?;
    let shop: Option<Id<Shop>> = row.get(2)?;
    let role: Option<Role> = row.code_opt(3)?;
    let actor = match (customer, staff, role) {
        (Some(id), None, None) => Actor::Customer(id),
        (None, Some(id), Some(role)) => Actor::Staff { id, shop, role },
        _ => Actor::Guest,
    };
    Ok(Session {
        actor,
        name: row.get(4)?,
        expires_at: row.get(5)?,
        seen_at: row.get(6)?,
    })
}

pub(crate) fn see_session(tx: &mut Tx, hash: &str, now: Instant, expires_at: Instant) -> Result<()> {
    tx.run(
        "UPDATE session SET seen_at = $2, expires_at = $3 WHERE token_hash = $1",
        params![hash, now, expires_at],
    )?;
    Ok(())
}

pub(crate) fn delete_session(tx: &mut Tx, hash: &str) -> Result<()> {
    tx.run("DELETE FROM session WHERE token_hash = $1", params![hash])?;
    Ok(())
}

pub(crate) fn delete_sessions_of_staff(tx: &mut Tx, staff: Id<Staff>) -> Result<u64> {
    tx.run("DELETE FROM session WHERE staff_id = $1", params![staff])
}

pub(crate) fn delete_sessions_of_customer(tx: &mut Tx, customer: Id<Customer>) -> Result<u64> {
    tx.run("DELETE FROM session WHERE customer_id = $1", params![customer])
}

pub(crate) fn delete_expired(tx: &mut Tx, now: Instant) -> Result<()> {
    tx.run("DELETE FROM session WHERE expires_at <= $1", params![now])?;
    tx.run("DELETE FROM kept_form WHERE kept_until <= $1", params![now])?;
    Ok(())
}

pub(crate) fn keep_form(
    tx: &mut Tx,
    id: Id<KeptForm>,
    browser_hash: &str,
    body: &str,
    until: Instant,
) -> Result<()> {
    tx.run(
        "INSERT INTO kept_form (id, browser_hash, body, kept_until) VALUES ($1, $2, $3, $4)",
        params![id, browser_hash, body, until],
    )?;
    Ok(())
}

pub(crate) fn kept_form(
    tx: &mut Tx,
    id: Id<KeptForm>,
    browser_hash: &str,
    now: Instant,
) -> Result<Option<String>> {
    tx.maybe(
        "SELECT body FROM kept_form WHERE id = $1 AND browser_hash = $2 AND kept_until > $3",
        params![id, browser_hash, now],
        |row| row.get(0),
    )
}
