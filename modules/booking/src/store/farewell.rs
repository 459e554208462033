use db::{Tx, params};
use kernel::{Customer, Id, Instant, Result};

use crate::model::CaseState;

/// How many cases about a customer's bookings wait for a decision.
pub(crate) fn open_cases_of(tx: &mut Tx, customer: Id<Customer>) -> Result<usize> {
    let count: i64 = tx.one(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM booking b JOIN booking_case c ON c.booking_id = b.id
          WHERE b.customer_id = $1 AND c.state IN ($2, $3)",
        params![customer, CaseState::Undecided.code(), CaseState::Referred.code()],
        |row| row.get(0),
    )?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Takes a customer's name, number, wishes, declarations, addresses and words out of everything that they booked. What was
/// said about their bookings by others goes too: nobody knows whom it names.
pub(crate) fn forget_customer(tx: &mut Tx, customer: Id<Customer>, name: &str) -> Result<()> {
    tx.run(
        "DELETE FROM booking_step_words WHERE booking_id IN (SELECT id FROM booking WHERE customer_id = $1)",
        params![customer],
    )?;
    tx.run(
        "UPDATE booking_change SET note = '' WHERE booking_id IN (SELECT id FROM booking WHERE customer_id = $1)",
        params![customer],
    )?;
    tx.run(
        "DELETE FROM booking_address WHERE customer_id = $1",
        params![customer],
    )?;
    tx.run(
        "UPDATE booking SET name = $2, phone = '', note = '', declared_at = $3 WHERE customer_id = $1",
        params![customer, name, Instant(0)],
    )?;
    Ok(())
}
