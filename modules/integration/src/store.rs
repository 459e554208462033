//! All the SQL of this module.

use db::{Row, Tx, params};
use kernel::{Cx, Id, Instant, Result, Secret, Shop, ShopScope};
use therapist::Therapist;

use crate::model::{Delivery, Hook, HookState, HookStep};

pub(crate) fn add_step(cx: &Cx, tx: &mut Tx, thing: i64, step: HookStep) -> Result<()> {
    tx.run(
        "INSERT INTO integration_step (id, thing_id, step, actor, at) VALUES ($1, $2, $3, $4, $5)",
        params![
            cx.id::<HookStep>(),
            thing,
            step.code(),
            cx.actor().to_string(),
            cx.now()
        ],
    )?;
    Ok(())
}

pub(crate) fn add_hook(tx: &mut Tx, new: &Hook) -> Result<()> {
    tx.run(
        "INSERT INTO integration_hook (id, shop_id, url, secret, events, state, made_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            new.id,
            new.shop,
            &new.url,
            new.secret.reveal(),
            new.events.join(" "),
            new.state.code(),
            new.made_at,
            new.version
        ],
    )?;
    Ok(())
}

pub(crate) fn hook(tx: &mut Tx, id: Id<Hook>) -> Result<Hook> {
    tx.one(
        "SELECT id, shop_id, url, secret, old_secret, old_until, events, state, failing_since, made_at, version
           FROM integration_hook WHERE id = $1",
        params![id],
        read_hook,
    )
}

/// The addresses of a shop that were not removed, the first first.
pub(crate) fn hooks_of(tx: &mut Tx, shop: Id<Shop>) -> Result<Vec<Hook>> {
    tx.all(
        "SELECT id, shop_id, url, secret, old_secret, old_until, events, state, failing_since, made_at, version
           FROM integration_hook WHERE shop_id = $1 AND state <> $2 ORDER BY id",
        params![shop, HookState::Removed.code()],
        read_hook,
    )
}

/// Keeps a changed address if it is still as it was; false when somebody was faster.
pub(crate) fn save_hook(tx: &mut Tx, after: &Hook) -> Result<bool> {
    let (old, until) = match &after.old {
        Some((old, until)) => (Some(old.reveal().clone()), Some(*until)),
        None => (None, None),
    };
    let saved = tx.run(
        "UPDATE integration_hook SET secret = $3, old_secret = $4, old_until = $5, state = $6, failing_since = $7,
                version = $2
          WHERE id = $1 AND version = $2 - 1",
        params![
            after.id,
            after.version,
            after.secret.reveal(),
            old,
            until,
            after.state.code(),
            after.failing_since
        ],
    )?;
    Ok(saved == 1)
}

/// Since when an address fails; nothing when something arrived.
pub(crate) fn set_failing(tx: &mut Tx, id: Id<Hook>, since: Option<Instant>) -> Result<()> {
    tx.run(
        "UPDATE integration_hook SET failing_since = $2 WHERE id = $1",
        params![id, since],
    )?;
    Ok(())
}

fn read_hook(row: &Row) -> Result<Hook> {
    let (old, until): (Option<String>, Option<Instant>) = (row.get(4)?, row.get(5)?);
    Ok(Hook {
        id: row.get(0)?,
        shop: row.get(1)?,
        url: row.get(2)?,
        secret: Secret::new(row.get(3)?),
        old: old.map(Secret::new).zip(until),
        events: row
            .get::<String>(6)?
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
        state: row.code(7)?,
        failing_since: row.get(8)?,
        made_at: row.get(9)?,
        version: row.get(10)?,
    })
}

/// Adds a delivery; false when this address has heard of the cause before.
pub(crate) fn add_delivery(tx: &mut Tx, new: &Delivery, cause: &str) -> Result<bool> {
    let added = tx.run(
        "INSERT INTO integration_delivery (id, hook_id, cause, event, body, state, attempts, made_at, next_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        params![
            new.id,
            new.hook,
            cause,
            &new.event,
            &new.body,
            new.state.code(),
            new.attempts,
            new.made_at,
            new.next_at
        ],
    )?;
    Ok(added == 1)
}

pub(crate) fn delivery(tx: &mut Tx, id: Id<Delivery>) -> Result<Delivery> {
    tx.one(
        "SELECT id, hook_id, event, body, state, attempts, status, trouble, made_at, next_at, ended_at
           FROM integration_delivery WHERE id = $1",
        params![id],
        read_delivery,
    )
}

/// The deliveries to an address before one of them, the newest first.
pub(crate) fn deliveries(
    tx: &mut Tx,
    hook: Id<Hook>,
    before: Option<Id<Delivery>>,
    limit: i64,
) -> Result<Vec<Delivery>> {
    tx.all(
        "SELECT id, hook_id, event, body, state, attempts, status, trouble, made_at, next_at, ended_at
           FROM integration_delivery WHERE hook_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        params![hook, before.map_or(i64::MAX, Id::raw), limit],
        read_delivery,
    )
}

/// Keeps what an attempt has made of a delivery, if nobody else counted that attempt.
pub(crate) fn save_delivery(tx: &mut Tx, after: &Delivery, attempts_before: i64) -> Result<bool> {
    let saved = tx.run(
        "UPDATE integration_delivery SET state = $3, attempts = $4, status = $5, trouble = $6, next_at = $7,
                ended_at = $8
          WHERE id = $1 AND attempts = $2",
        params![
            after.id,
            attempts_before,
            after.state.code(),
            after.attempts,
            after.status,
            after.trouble.as_deref(),
            after.next_at,
            after.ended_at
        ],
    )?;
    Ok(saved == 1)
}

/// Forgets up to 500 deliveries that ended before `before`; how many.
pub(crate) fn forget_deliveries(tx: &mut Tx, before: Instant) -> Result<u64> {
    tx.run(
        "DELETE FROM integration_delivery WHERE id IN
             (SELECT id FROM integration_delivery WHERE ended_at < $1 ORDER BY ended_at LIMIT 500)",
        params![before],
    )
}

fn read_delivery(row: &Row) -> Result<Delivery> {
    Ok(Delivery {
        id: row.get(0)?,
        hook: row.get(1)?,
        event: row.get(2)?,
        body: row.get(3)?,
        state: row.code(4)?,
        attempts: row.get(5)?,
        status: row.get(6)?,
        trouble: row.get(7)?,
        made_at: row.get(8)?,
        next_at: row.get(9)?,
        ended_at: row.get(10)?,
    })
}

/// The secret address of a therapist's calendar, without the secret.
#[derive(Clone, Copy, Debug)]
pub struct Feed {
    /// Whose.
    pub therapist: Id<Therapist>,
    /// At which shop.
    pub shop: Id<Shop>,
    /// When it was made.
    pub made_at: Instant,
    /// When it was last read, to the hour.
    pub seen_at: Option<Instant>,
}

/// Gives a therapist's calendar a new address; the one before is dead.
pub(crate) fn put_feed(tx: &mut Tx, feed: &Feed, hash: &str) -> Result<()> {
    tx.run(
        "INSERT INTO integration_feed (therapist_id, shop_id, token_hash, made_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (therapist_id) DO UPDATE
            SET shop_id = excluded.shop_id, token_hash = excluded.token_hash, made_at = excluded.made_at, seen_at = NULL",
        params![feed.therapist, feed.shop, hash, feed.made_at],
    )?;
    Ok(())
}

pub(crate) fn remove_feed(tx: &mut Tx, therapist: Id<Therapist>) -> Result<u64> {
    tx.run(
        "DELETE FROM integration_feed WHERE therapist_id = $1",
        params![therapist],
    )
}

pub(crate) fn feed_by_hash(tx: &mut Tx, hash: &str) -> Result<Feed> {
    tx.one(
        "SELECT therapist_id, shop_id, made_at, seen_at FROM integration_feed WHERE token_hash = $1",
        params![hash],
        read_feed,
    )
}

pub(crate) fn feeds_of(tx: &mut Tx, shop: ShopScope) -> Result<Vec<Feed>> {
    tx.all(
        "SELECT therapist_id, shop_id, made_at, seen_at FROM integration_feed WHERE shop_id = $1",
        params![shop.id()],
        read_feed,
    )
}

pub(crate) fn see_feed(tx: &mut Tx, therapist: Id<Therapist>, now: Instant) -> Result<()> {
    tx.run(
        "UPDATE integration_feed SET seen_at = $2 WHERE therapist_id = $1",
        params![therapist, now],
    )?;
    Ok(())
}

fn read_feed(row: &Row) -> Result<Feed> {
    Ok(Feed {
        therapist: row.get(0)?,
        shop: row.get(1)?,
        made_at: row.get(2)?,
        seen_at: row.get(3)?,
    })
}
