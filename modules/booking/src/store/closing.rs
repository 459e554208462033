use db::{Tx, params};
use kernel::{Customer, Day, Id, Money, Result, ShopScope};
use shop::Closing;

use super::{booking, find};
use crate::model::{Booking, Met, State};

/// The bookings of a shop from one business day to another, both included, that are not over: by order, the earliest first.
pub(crate) fn live_between(tx: &mut Tx, shop: ShopScope, (from, to): (Day, Day)) -> Result<Vec<Booking>> {
    let mut found = tx.all(
        bookings!(
            "WHERE shop_id = $1 AND day >= $2 AND day <= $3 AND state NOT IN ($4, $5, $6, $7, $8, $9)
         ORDER BY order_id, starts_at, id"
        ),
        params![
            shop.id(),
            from,
            to,
            State::Completed.code(),
            State::Expired.code(),
            State::Declined.code(),
            State::Cancelled.code(),
            State::NoShow.code(),
            State::Aborted.code()
        ],
        booking,
    )?;
    found.retain(|booking| booking.state.is_live());
    Ok(found)
}

/// Records what a closing met; once for each booking.
pub(crate) fn add_met(tx: &mut Tx, closing: Id<Closing>, met: &Met) -> Result<()> {
    tx.run(
        "INSERT INTO booking_closed (closing_id, booking_id, customer_id, amount, stays) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (closing_id, booking_id) DO NOTHING",
        params![
            closing,
            met.booking.id,
            met.booking.customer,
            met.amount,
            i64::from(met.stays)
        ],
    )?;
    Ok(())
}

/// What a closing met, the earliest first.
pub(crate) fn met(tx: &mut Tx, closing: Id<Closing>) -> Result<Vec<Met>> {
    let rows = tx.all(
        "SELECT booking_id, amount, stays FROM booking_closed WHERE closing_id = $1",
        params![closing],
        |row| Ok((row.get(0)?, row.get::<Money>(1)?, row.get::<i64>(2)?)),
    )?;
    let mut met = Vec::new();
    for (id, amount, stays) in rows {
        met.push(Met {
            booking: find(tx, id)?,
            amount,
            stays: stays == 1,
        });
    }
    met.sort_by_key(|met| (met.booking.starts_at, met.booking.id.raw()));
    Ok(met)
}

/// The closings that met a booking.
pub(crate) fn closings_of(tx: &mut Tx, id: Id<Booking>) -> Result<Vec<Id<Closing>>> {
    tx.all(
        "SELECT closing_id FROM booking_closed WHERE booking_id = $1",
        params![id],
        |row| row.get(0),
    )
}

/// Whether a closing called a booking off.
pub(crate) fn is_closed(tx: &mut Tx, id: Id<Booking>) -> Result<bool> {
    let found = tx.maybe(
        "SELECT customer_id FROM booking_closed WHERE booking_id = $1 AND stays = 0 LIMIT 1",
        params![id],
        |row| row.get::<Id<Customer>>(0),
    )?;
    Ok(found.is_some())
}
