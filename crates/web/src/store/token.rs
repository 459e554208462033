use db::{Row, Tx, params};
use kernel::{Actor, Cx, Id, Instant, Result, Shop, Staff};

use crate::tokens::{PER_MINUTE, Token};

pub(crate) fn insert_token(tx: &mut Tx, hash: &str, token: &Token, staff: Id<Staff>) -> Result<()> {
    tx.run(
        "INSERT INTO api_token (id, token_hash, head, name, staff_id, shop_id, role, scopes, per_minute, made_at,
                                expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![
            token.id,
            hash,
            &token.head,
            &token.name,
            staff,
            token.shop,
            token.role.code(),
            token.scopes.join(" "),
            i64::from(token.per_minute),
            token.made_at,
            token.expires_at
        ],
    )?;
    Ok(())
}

pub(crate) fn token_by_hash(tx: &mut Tx, hash: &str, now: Instant) -> Result<Option<Token>> {
    tx.maybe(
        "SELECT id, head, name, staff_id, shop_id, role, scopes, per_minute, made_at, expires_at, seen_at, revoked_at
           FROM api_token WHERE token_hash = $1 AND revoked_at IS NULL AND expires_at > $2",
        params![hash, now],
        read,
    )
}

pub(crate) fn token(tx: &mut Tx, id: Id<Token>) -> Result<Token> {
    tx.one(
        "SELECT id, head, name, staff_id, shop_id, role, scopes, per_minute, made_at, expires_at, seen_at, revoked_at
           FROM api_token WHERE id = $1",
        params![id],
        read,
    )
}

/// The newest 200 tokens of a shop.
pub(crate) fn tokens_of_shop(tx: &mut Tx, shop: Id<Shop>) -> Result<Vec<Token>> {
    tx.all(
        "SELECT id, head, name, staff_id, shop_id, role, scopes, per_minute, made_at, expires_at, seen_at, revoked_at
           FROM api_token WHERE shop_id = $1 ORDER BY id DESC LIMIT 200",
        params![shop],
        read,
    )
}

/// The newest 200 tokens of the centre.
pub(crate) fn tokens_of_centre(tx: &mut Tx) -> Result<Vec<Token>> {
    tx.all(
        "SELECT id, head, name, staff_id, shop_id, role, scopes, per_minute, made_at, expires_at, seen_at, revoked_at
           FROM api_token WHERE shop_id IS NULL ORDER BY id DESC LIMIT 200",
        params![],
        read,
    )
}

pub(crate) fn see_token(tx: &mut Tx, id: Id<Token>, now: Instant) -> Result<()> {
    tx.run(
        "UPDATE api_token SET seen_at = $2 WHERE id = $1",
        params![id, now],
    )?;
    Ok(())
}

pub(crate) fn revoke_token(cx: &Cx, tx: &mut Tx, id: Id<Token>) -> Result<()> {
    tx.run(
        "UPDATE api_token SET revoked_at = $2, revoked_by = $3 WHERE id = $1 AND revoked_at IS NULL",
        params![id, cx.now(), cx.actor().to_string()],
    )?;
    Ok(())
}

pub(crate) fn delete_tokens_of_staff(tx: &mut Tx, staff: Id<Staff>) -> Result<u64> {
    tx.run("DELETE FROM api_token WHERE staff_id = $1", params![staff])
}

fn read(row: &Row) -> Result<Token> {
    let (shop, role) = (row.get(4)?, row.code(5)?);
    Ok(Token {
        id: row.get(0)?,
        head: row.get(1)?,
        name: row.get(2)?,
        actor: Actor::Staff {
            id: row.get(3)?,
            shop,
            role,
        },
        shop,
        role,
        scopes: row
            .get::<String>(6)?
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
        per_minute: u32::try_from(row.get::<i64>(7)?).unwrap_or(PER_MINUTE),
        made_at: row.get(8)?,
        expires_at: row.get(9)?,
        seen_at: row.get(10)?,
        revoked_at: row.get(11)?,
    })
}
