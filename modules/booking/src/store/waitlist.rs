//! The waitlist's rows.

use db::{Row, Tx, params};
use kernel::{Customer, Cx, Day, Id, Result, Shop, ShopScope};

use crate::model::{Offer, Refusal, WaitEntry, WaitState, WaitStep};

pub(crate) fn entry(tx: &mut Tx, id: Id<WaitEntry>) -> Result<WaitEntry> {
    known(tx, id)?.ok_or(kernel::Error::NotFound)
}

/// The entry, if there is one of this identifier.
pub(crate) fn known(tx: &mut Tx, id: Id<WaitEntry>) -> Result<Option<WaitEntry>> {
    tx.maybe(
        "SELECT id, shop_id, customer_id, service_id, therapist_id, day, from_minute, to_minute, state,
                offered_start, offered_therapist, offered_until, booking_id, joined_at, version
         FROM booking_wait WHERE id = $1",
        params![id],
        read,
    )
}

pub(crate) fn insert(cx: &Cx, tx: &mut Tx, new: &WaitEntry) -> Result<()> {
    tx.run(
        "INSERT INTO booking_wait
             (id, shop_id, customer_id, service_id, therapist_id, day, from_minute, to_minute, state, joined_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![
            new.id,
            new.shop,
            new.customer,
            new.service,
            new.therapist,
            new.day,
            new.from,
            new.to,
            new.state.code(),
            new.joined_at,
            new.version
        ],
    )?;
    add_step(cx, tx, new, WaitStep::Join)
}

/// Keeps what a step has made of an entry, if it is still as it was, and records the step.
///
/// # Errors
/// `booking.offer_over` when somebody was faster.
pub(crate) fn save(cx: &Cx, tx: &mut Tx, after: &WaitEntry, step: WaitStep) -> Result<()> {
    let offer = after.offer;
    let saved = tx.run(
        "UPDATE booking_wait SET state = $3, offered_start = $4, offered_therapist = $5, offered_until = $6,
                booking_id = $7, version = $2
         WHERE id = $1 AND version = $2 - 1",
        params![
            after.id,
            after.version,
            after.state.code(),
            offer.map(|offer| offer.starts_at),
            offer.map(|offer| offer.therapist),
            offer.map(|offer| offer.until),
            after.booking
        ],
    )?;
    if saved == 0 {
        return Err(Refusal::OfferOver.into());
    }
    add_step(cx, tx, after, step)
}

fn add_step(cx: &Cx, tx: &mut Tx, after: &WaitEntry, step: WaitStep) -> Result<()> {
    tx.run(
        "INSERT INTO booking_wait_step (id, wait_id, version, step, actor, at) VALUES ($1, $2, $3, $4, $5, $6)",
        params![
            cx.id::<WaitStep>(),
            after.id,
            after.version,
            step.code(),
            cx.actor().to_string(),
            cx.now()
        ],
    )?;
    Ok(())
}

/// Whether anybody waits at a shop.
pub(crate) fn anybody_waits(tx: &mut Tx, shop: Id<Shop>) -> Result<bool> {
    let first = tx.maybe(
        "SELECT id FROM booking_wait WHERE shop_id = $1 AND state = 'waiting' ORDER BY id LIMIT 1",
        params![shop],
        |row| row.get::<i64>(0),
    )?;
    Ok(first.is_some())
}

/// Who waits at a shop, the first who came first.
pub(crate) fn waiting_at(tx: &mut Tx, shop: Id<Shop>) -> Result<Vec<WaitEntry>> {
    tx.all(
        "SELECT id, shop_id, customer_id, service_id, therapist_id, day, from_minute, to_minute, state,
                offered_start, offered_therapist, offered_until, booking_id, joined_at, version
         FROM booking_wait WHERE shop_id = $1 AND state = 'waiting' ORDER BY id",
        params![shop],
        read,
    )
}

/// What a customer waits for or is offered.
pub(crate) fn live_of(tx: &mut Tx, customer: Id<Customer>) -> Result<Vec<WaitEntry>> {
    tx.all(
        "SELECT id, shop_id, customer_id, service_id, therapist_id, day, from_minute, to_minute, state,
                offered_start, offered_therapist, offered_until, booking_id, joined_at, version
         FROM booking_wait WHERE customer_id = $1 AND state IN ('offered', 'waiting') ORDER BY id",
        params![customer],
        read,
    )
}

/// The last entries of a customer, the newest first.
pub(crate) fn of_customer(tx: &mut Tx, customer: Id<Customer>, most: i64) -> Result<Vec<WaitEntry>> {
    tx.all(
        "SELECT id, shop_id, customer_id, service_id, therapist_id, day, from_minute, to_minute, state,
                offered_start, offered_therapist, offered_until, booking_id, joined_at, version
         FROM booking_wait WHERE customer_id = $1 ORDER BY id DESC LIMIT $2",
        params![customer, most],
        read,
    )
}

/// Who waits at a shop or is offered a time on this day or a later one, by day.
pub(crate) fn live_at(tx: &mut Tx, shop: ShopScope, from: Day) -> Result<Vec<WaitEntry>> {
    tx.all(
        "SELECT id, shop_id, customer_id, service_id, therapist_id, day, from_minute, to_minute, state,
                offered_start, offered_therapist, offered_until, booking_id, joined_at, version
         FROM booking_wait WHERE shop_id = $1 AND state IN ('offered', 'waiting') AND day >= $2 ORDER BY day, id",
        params![shop.id(), from],
        read,
    )
}

fn read(row: &Row) -> Result<WaitEntry> {
    let (starts_at, therapist, until) = (row.get(9)?, row.get(10)?, row.get(11)?);
    let offer = match (starts_at, therapist, until) {
        (Some(starts_at), Some(therapist), Some(until)) => Some(Offer {
            starts_at,
            therapist,
            until,
        }),
        _ => None,
    };
    Ok(WaitEntry {
        id: row.get(0)?,
        shop: row.get(1)?,
        customer: row.get(2)?,
        service: row.get(3)?,
        therapist: row.get(4)?,
        day: row.get(5)?,
        from: row.get(6)?,
        to: row.get(7)?,
        state: row.code::<WaitState>(8)?,
        offer,
        booking: row.get(12)?,
        joined_at: row.get(13)?,
        version: row.get(14)?,
    })
}
