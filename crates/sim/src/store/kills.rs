//! What the harness that kills the real program asks of its tables.

use std::collections::HashSet;

use booking::Booking;
use db::{Tx, params};
use kernel::{Id, Money, Result, Shop};
use order::Order;

use super::{AT_THE_END, NEVER, broken};

/// What the tables say, read in one view.
pub struct Tables {
    /// The first invariant that does not hold, in words.
    pub broken: Option<String>,
    /// Every booking.
    pub bookings: Vec<BookingRow>,
    /// The orders, by identifier, with state, what is due before the visit, and what is kept.
    pub orders: Vec<(String, String, Money, Money)>,
    /// Bookings with a step of confirmation.
    pub confirmed: HashSet<String>,
    /// WeChat Pay's numbers of the notices in the inbox.
    pub notices: HashSet<String>,
    /// Attempts to pay: our number, the order, the amount, the state.
    pub payments: Vec<(String, String, Money, String)>,
    /// Refunds: our number, the amount, the state.
    pub refunds: Vec<(String, Money, String)>,
}

/// One booking.
pub struct BookingRow {
    /// Its identifier.
    pub id: String,
    /// Its order.
    pub order: String,
    /// Its state.
    pub state: String,
}

/// Reads everything that is compared.
pub fn tables(tx: &mut Tx) -> Result<Tables> {
    Ok(Tables {
        broken: broken(tx, NEVER)?,
        bookings: bookings(tx)?,
        orders: orders(tx)?,
        confirmed: confirmed(tx)?,
        notices: notices(tx)?,
        payments: payments(tx)?,
        refunds: super::refunds(tx)?,
    })
}

/// What must not be once all that was begun has had its time, though visits are still to come.
pub fn unsettled(tx: &mut Tx) -> Result<Option<String>> {
    const OPEN: &[(&str, &str)] = &[(
        "an order is neither placed nor ended",
        "SELECT id, version FROM order_order WHERE state IN ('open', 'closing')",
    )];
    // Visits lie in the future: orders stand, and reminders wait.
    const LATER: [&str; 3] = [
        "an order hangs",
        "a booking does not end as its order does",
        "a message was never sent nor dropped",
    ];
    if let Some(open) = broken(tx, OPEN)? {
        return Ok(Some(open));
    }
    for rule in AT_THE_END.chunks(1).filter(|rule| !LATER.contains(&rule[0].0)) {
        if let Some(words) = broken(tx, rule)? {
            return Ok(Some(words));
        }
    }
    Ok(None)
}

/// The owners' sign-in names and shops; those whose shops accept bookings without a person come first.
pub fn owners(tx: &mut Tx) -> Result<Vec<(String, String)>> {
    tx.all(
        "SELECT staff.login, shop.id FROM staff JOIN shop ON shop.id = staff.shop_id
         WHERE staff.role = 'owner' ORDER BY shop.accepts, staff.id",
        params![],
        |row| Ok((row.get(0)?, row.get::<Id<Shop>>(1)?.to_string())),
    )
}

fn bookings(tx: &mut Tx) -> Result<Vec<BookingRow>> {
    tx.all(
        "SELECT id, order_id, state FROM booking ORDER BY id",
        params![],
        |row| {
            Ok(BookingRow {
                id: row.get::<Id<Booking>>(0)?.to_string(),
                order: row.get::<Id<Order>>(1)?.to_string(),
                state: row.get(2)?,
            })
        },
    )
}

fn orders(tx: &mut Tx) -> Result<Vec<(String, String, Money, Money)>> {
    tx.all(
        "SELECT id, state, due_now, kept FROM order_order ORDER BY id",
        params![],
        |row| {
            let id = row.get::<Id<Order>>(0)?.to_string();
            Ok((id, row.get(1)?, row.get(2)?, row.get(3)?))
        },
    )
}

fn confirmed(tx: &mut Tx) -> Result<HashSet<String>> {
    let found = tx.all(
        "SELECT booking_id FROM booking_step WHERE step = 'confirm'",
        params![],
        |row| Ok(row.get::<Id<Booking>>(0)?.to_string()),
    )?;
    Ok(found.into_iter().collect())
}

fn notices(tx: &mut Tx) -> Result<HashSet<String>> {
    let found = tx.all("SELECT notice_id FROM payment_notice", params![], |row| {
        row.get(0)
    })?;
    Ok(found.into_iter().collect())
}

fn payments(tx: &mut Tx) -> Result<Vec<(String, String, Money, String)>> {
    tx.all(
        "SELECT out_trade_no, thing_id, amount, state FROM payment_payment WHERE module = 'order' ORDER BY id",
        params![],
        |row| {
            let order = row.get::<Id<Order>>(1)?.to_string();
            Ok((row.get(0)?, order, row.get(2)?, row.get(3)?))
        },
    )
}
