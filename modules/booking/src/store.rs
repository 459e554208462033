//! All the SQL of this module: bookings here; changes, tickets and the waitlist in their files.

// Before the files that read bookings too: a macro is known from here on.
macro_rules! bookings {
    ($rest:literal) => {
        concat!(
            "SELECT id, order_id, shop_id, customer_id, service_id, service_name, therapist_id, bed_id, day, starts_at,
                    minutes, before_minutes, after_minutes, price, state, reason, code, name, phone, strength, note,
                    declared_at, answer_by, version
               FROM booking ",
            $rest
        )
    };
}

mod change;
mod closing;
mod ends;
mod farewell;
mod home;
mod ticket;
mod waitlist;

use db::{Row, Tx, params};
use kernel::{Customer, Cx, Day, Id, Instant, Result, Shop, ShopScope};
use order::Order;
use scheduling::{Bed, Length};
use therapist::Therapist;

pub(crate) use home::*;

pub(crate) use closing::{add_met, closings_of, is_closed, live_between, met};

pub(crate) use farewell::{forget_customer, open_cases_of};

pub(crate) use change::{
    add_change, change, end_change, last_change, maybe_change, open_changes, save_terms,
};

pub(crate) use ends::*;

use crate::{
    StepTaken,
    model::{Booking, Contact, Refusal, State, Step, Why, Wishes},
};

pub(crate) use ticket::{
    bind_ticket, called_ticket_of, insert_ticket, next_number, save_ticket, ticket, ticket_by_token,
    ticket_steps, tickets_of,
};
pub(crate) use waitlist::{
    anybody_waits, entry, insert as insert_entry, known as known_entry, live_at, live_of,
    of_customer as entries_of, save as save_entry, waiting_at,
};

/// The booking, if there is one of this identifier: other things hold claims too.
pub(crate) fn known(tx: &mut Tx, id: Id<Booking>) -> Result<Option<Booking>> {
    match find(tx, id) {
        Ok(booking) => Ok(Some(booking)),
        Err(kernel::Error::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}

pub(crate) fn find(tx: &mut Tx, id: Id<Booking>) -> Result<Booking> {
    tx.one(bookings!("WHERE id = $1"), params![id], booking)
}

pub(crate) fn insert(cx: &Cx, tx: &mut Tx, new: &Booking) -> Result<()> {
    tx.run(
        "INSERT INTO booking
             (id, order_id, shop_id, customer_id, service_id, service_name, therapist_id, bed_id, day, starts_at,
              minutes, before_minutes, after_minutes, price, state, reason, code, name, phone, strength, note,
              declared_at, answer_by, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                 $22, $23, $24)",
        params![
            new.id,
            new.order,
            new.shop,
            new.customer,
            new.service,
            &new.service_name,
            new.therapist,
            new.bed.map_or(0, Id::raw),
            new.day,
            new.starts_at,
            new.length.minutes,
            new.length.before,
            new.length.after,
            new.price,
            new.state.code(),
            new.reason.code(),
            &new.code,
            &new.contact.name,
            &new.contact.phone,
            new.wishes.strength.code(),
            &new.wishes.note,
            new.declared_at,
            new.answer_by,
            new.version
        ],
    )?;
    add_step(cx, tx, new, Step::Hold, None)
}

/// Keeps what a step has made of a booking, if it is still as it was, and records the step. Therapist and bed may have
/// changed with it.
///
/// # Errors
/// `booking.changed` when somebody was faster.
pub(crate) fn save(cx: &Cx, tx: &mut Tx, after: &Booking, step: Step, why: Option<Why>) -> Result<()> {
    let saved = tx.run(
        "UPDATE booking SET state = $3, therapist_id = $4, bed_id = $5, answer_by = $6, reason = $7, version = $2
         WHERE id = $1 AND version = $2 - 1",
        params![
            after.id,
            after.version,
            after.state.code(),
            after.therapist,
            after.bed.map_or(0, Id::raw),
            after.answer_by,
            after.reason.code()
        ],
    )?;
    if saved == 0 {
        return Err(Refusal::Changed.into());
    }
    add_step(cx, tx, after, step, why)
}

fn add_step(cx: &Cx, tx: &mut Tx, after: &Booking, step: Step, why: Option<Why>) -> Result<()> {
    tx.run(
        "INSERT INTO booking_step (id, booking_id, version, step, actor, why, at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            cx.id::<StepTaken>(),
            after.id,
            after.version,
            step.code(),
            cx.actor().to_string(),
            why.map(Why::code),
            cx.now()
        ],
    )?;
    Ok(())
}

/// What has happened to a booking, the latest first.
pub(crate) fn steps(tx: &mut Tx, id: Id<Booking>) -> Result<Vec<StepTaken>> {
    tx.all(
        "SELECT s.step, s.actor, s.why, s.at, w.words FROM booking_step s
           LEFT JOIN booking_step_words w ON w.booking_id = s.booking_id AND w.version = s.version
          WHERE s.booking_id = $1 ORDER BY s.version DESC",
        params![id],
        |row| {
            Ok(StepTaken {
                step: row.code(0)?,
                actor: row.get(1)?,
                why: row.code_opt(2)?,
                at: row.get(3)?,
                words: row.get::<Option<String>>(4)?.unwrap_or_default(),
            })
        },
    )
}

/// The bookings of an order.
pub(crate) fn of_order(tx: &mut Tx, order: Id<Order>) -> Result<Vec<Booking>> {
    tx.all(
        bookings!("WHERE order_id = $1 ORDER BY starts_at, id"),
        params![order],
        booking,
    )
}

/// The last bookings of a customer, the latest start first.
pub(crate) fn of_customer(tx: &mut Tx, customer: Id<Customer>, most: i64) -> Result<Vec<Booking>> {
    tx.all(
        bookings!("WHERE customer_id = $1 ORDER BY starts_at DESC, id DESC LIMIT $2"),
        params![customer, most],
        booking,
    )
}

/// The bookings of a shop's business day that were placed, the earliest first.
pub(crate) fn on_day(tx: &mut Tx, shop: ShopScope, day: Day) -> Result<Vec<Booking>> {
    tx.all(
        bookings!("WHERE shop_id = $1 AND day = $2 AND state NOT IN ($3, $4) ORDER BY starts_at, id"),
        params![shop.id(), day, State::Held.code(), State::Expired.code()],
        booking,
    )
}

/// The placed bookings of a therapist in some business days, the end exclusive, the earliest first.
pub(crate) fn of_therapist(
    tx: &mut Tx,
    shop: ShopScope,
    therapist: Id<Therapist>,
    (from, to): (Day, Day),
) -> Result<Vec<Booking>> {
    tx.all(
        bookings!(
            "WHERE shop_id = $1 AND day >= $2 AND day < $3 AND therapist_id = $4 AND state NOT IN ($5, $6)
         ORDER BY starts_at, id"
        ),
        params![
            shop.id(),
            from,
            to,
            therapist,
            State::Held.code(),
            State::Expired.code()
        ],
        booking,
    )
}

/// The bookings that the shop is asked about from this day on, the soonest answer first; of those with an open proposal
/// it is the customer's turn.
pub(crate) fn waiting(tx: &mut Tx, shop: ShopScope, from: Day) -> Result<Vec<Booking>> {
    tx.all(
        bookings!(
            "b WHERE shop_id = $1 AND day >= $2 AND state = $3
           AND NOT EXISTS (SELECT 1 FROM booking_change c WHERE c.booking_id = b.id AND c.state = 'proposed')
         ORDER BY answer_by, starts_at, id"
        ),
        params![shop.id(), from, State::Requested.code()],
        booking,
    )
}

/// The bookings of a shop with this code that start after `from`.
pub(crate) fn with_code(tx: &mut Tx, shop: Id<Shop>, code: &str, from: Instant) -> Result<Vec<Booking>> {
    tx.all(
        bookings!("WHERE shop_id = $1 AND code = $2 AND starts_at > $3 ORDER BY starts_at, id"),
        params![shop, code, from],
        booking,
    )
}

/// How many unpaid bookings a customer holds; a group counts as one.
pub(crate) fn held_by(tx: &mut Tx, customer: Id<Customer>, now: Instant) -> Result<i64> {
    tx.one(
        "SELECT CAST(COUNT(DISTINCT order_id) AS BIGINT) FROM booking
         WHERE customer_id = $1 AND starts_at > $2 AND state = $3",
        params![customer, now, State::Held.code()],
        |row| row.get(0),
    )
}

fn booking(row: &Row) -> Result<Booking> {
    Ok(Booking {
        id: row.get(0)?,
        order: row.get(1)?,
        shop: row.get(2)?,
        customer: row.get(3)?,
        service: row.get(4)?,
        service_name: row.get(5)?,
        therapist: row.get(6)?,
        // Nothing has this number: the therapist goes to the customer.
        bed: Some(row.get::<Id<Bed>>(7)?).filter(|bed| bed.raw() != 0),
        day: row.get(8)?,
        starts_at: row.get(9)?,
        length: Length {
            minutes: row.get(10)?,
            before: row.get(11)?,
            after: row.get(12)?,
        },
        price: row.get(13)?,
        state: row.code(14)?,
        reason: row.code(15)?,
        code: row.get(16)?,
        contact: Contact {
            name: row.get(17)?,
            phone: row.get(18)?,
        },
        wishes: Wishes {
            strength: row.code(19)?,
            note: row.get(20)?,
        },
        declared_at: row.get(21)?,
        answer_by: row.get(22)?,
        version: row.get(23)?,
    })
}
