use db::{Row, Tx, params};
use kernel::{Cx, Day, Id, Instant, Result, Shop};

use crate::model::{Booking, Contact, Refusal, Ticket, TicketState, TicketStep};

/// The next number of a shop's line; no number is given out twice.
pub(crate) fn next_number(tx: &mut Tx, shop: Id<Shop>, day: Day) -> Result<i64> {
    tx.one(
        "INSERT INTO booking_line (shop_id, day, last) VALUES ($1, $2, 1)
         ON CONFLICT (shop_id, day) DO UPDATE SET last = booking_line.last + 1 RETURNING last",
        params![shop, day],
        |row| row.get(0),
    )
}

pub(crate) fn insert_ticket(cx: &Cx, tx: &mut Tx, new: &Ticket) -> Result<()> {
    tx.run(
        "INSERT INTO booking_ticket (id, shop_id, day, number, token, customer_id, service_id, therapist_id, name, phone,
                                     state, booking_id, taken_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        params![
            new.id,
            new.shop,
            new.day,
            new.number,
            &new.token,
            new.customer,
            new.service,
            new.therapist,
            &new.contact.name,
            &new.contact.phone,
            new.state.code(),
            new.booking,
            new.taken_at,
            new.version
        ],
    )?;
    add_step(cx, tx, new, TicketStep::Take)
}

/// Keeps what a step has made of a ticket, if it is still as it was, and records the step.
///
/// # Errors
/// `booking.ticket_changed` when somebody was faster.
pub(crate) fn save_ticket(cx: &Cx, tx: &mut Tx, after: &Ticket, step: TicketStep) -> Result<()> {
    let saved = tx.run(
        "UPDATE booking_ticket SET state = $3, version = $2 WHERE id = $1 AND version = $2 - 1",
        params![after.id, after.version, after.state.code()],
    )?;
    if saved == 0 {
        return Err(Refusal::TicketChanged { ticket: after.name() }.into());
    }
    add_step(cx, tx, after, step)
}

/// What a ticket has become.
pub(crate) fn bind_ticket(tx: &mut Tx, id: Id<Ticket>, booking: Id<Booking>) -> Result<()> {
    tx.run(
        "UPDATE booking_ticket SET booking_id = $2 WHERE id = $1",
        params![id, booking],
    )?;
    Ok(())
}

fn add_step(cx: &Cx, tx: &mut Tx, after: &Ticket, step: TicketStep) -> Result<()> {
    tx.run(
        "INSERT INTO booking_ticket_step (id, ticket_id, version, step, actor, at) VALUES ($1, $2, $3, $4, $5, $6)",
        params![
            cx.id::<TicketStep>(),
            after.id,
            after.version,
            step.code(),
            cx.actor().to_string(),
            cx.now()
        ],
    )?;
    Ok(())
}

pub(crate) fn ticket_steps(tx: &mut Tx, id: Id<Ticket>) -> Result<Vec<(TicketStep, String, Instant)>> {
    tx.all(
        "SELECT step, actor, at FROM booking_ticket_step WHERE ticket_id = $1 ORDER BY version DESC",
        params![id],
        |row| Ok((row.code(0)?, row.get(1)?, row.get(2)?)),
    )
}

pub(crate) fn ticket(tx: &mut Tx, id: Id<Ticket>) -> Result<Ticket> {
    tx.one(
        "SELECT id, shop_id, day, number, token, customer_id, service_id, therapist_id, name, phone, state, booking_id,
                taken_at, version
         FROM booking_ticket WHERE id = $1",
        params![id],
        read,
    )
}

pub(crate) fn ticket_by_token(tx: &mut Tx, token: &str) -> Result<Ticket> {
    tx.one(
        "SELECT id, shop_id, day, number, token, customer_id, service_id, therapist_id, name, phone, state, booking_id,
                taken_at, version
         FROM booking_ticket WHERE token = $1",
        params![token],
        read,
    )
}

/// The tickets of a business day in one state, the lowest number first.
pub(crate) fn tickets_of(tx: &mut Tx, shop: Id<Shop>, day: Day, state: TicketState) -> Result<Vec<Ticket>> {
    tx.all(
        "SELECT id, shop_id, day, number, token, customer_id, service_id, therapist_id, name, phone, state, booking_id,
                taken_at, version
         FROM booking_ticket WHERE shop_id = $1 AND day = $2 AND state = $3 ORDER BY number",
        params![shop, day, state.code()],
        read,
    )
}

/// The called ticket that became this booking.
pub(crate) fn called_ticket_of(tx: &mut Tx, booking: Id<Booking>) -> Result<Option<Ticket>> {
    tx.maybe(
        "SELECT id, shop_id, day, number, token, customer_id, service_id, therapist_id, name, phone, state, booking_id,
                taken_at, version
         FROM booking_ticket WHERE booking_id = $1 AND state = $2",
        params![booking, TicketState::Called.code()],
        read,
    )
}

fn read(row: &Row) -> Result<Ticket> {
    Ok(Ticket {
        id: row.get(0)?,
        shop: row.get(1)?,
        day: row.get(2)?,
        number: row.get(3)?,
        token: row.get(4)?,
        customer: row.get(5)?,
        service: row.get(6)?,
        therapist: row.get(7)?,
        contact: Contact {
            name: row.get(8)?,
            phone: row.get(9)?,
        },
        state: row.code(10)?,
        booking: row.get(11)?,
        taken_at: row.get(12)?,
        version: row.get(13)?,
    })
}
