//! Proposed changes.

use db::{Row, Tx, params};
use kernel::{Cx, Id, Result, ShopScope};
use scheduling::{Bed, Length};

use crate::model::{Booking, Change, ChangeState, HomeVisit, Terms, Trip};

macro_rules! changes {
    ($rest:literal) => {
        concat!(
            "SELECT id, booking_id, shop_id, side, state, service_id, service_name, therapist_id, bed_id, day, starts_at,
                    minutes, before_minutes, after_minutes, price, reason, note, asked_at, answer_by, version, proposed_as,
                    district, metres, travel_minutes, fare
               FROM booking_change ",
            $rest
        )
    };
}

/// Adds a proposal; false when the booking has an open one.
pub(crate) fn add_change(tx: &mut Tx, new: &Change) -> Result<bool> {
    let added = tx.run(
        "INSERT INTO booking_change
             (id, booking_id, shop_id, side, state, service_id, service_name, therapist_id, bed_id, day, starts_at, minutes,
              before_minutes, after_minutes, price, reason, note, asked_at, answer_by, version, proposed_as,
              district, metres, travel_minutes, fare)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                 $23, $24, $25)
         ON CONFLICT DO NOTHING",
        params![
            new.id,
            new.booking,
            new.shop,
            new.by.code(),
            new.state.code(),
            new.to.service,
            &new.to.service_name,
            new.to.therapist,
            new.to.bed.map_or(0, Id::raw),
            new.to.day,
            new.to.starts_at,
            new.to.length.minutes,
            new.to.length.before,
            new.to.length.after,
            new.to.price,
            new.to.reason.code(),
            &new.note,
            new.asked_at,
            new.answer_by,
            new.version,
            new.proposed_as,
            new.visit.map(|visit| visit.district.code()),
            new.visit.map(|visit| visit.trip.metres),
            new.visit.map(|visit| visit.trip.travel),
            new.visit.map(|visit| visit.trip.fare)
        ],
    )?;
    Ok(added == 1)
}

/// Ends a proposal; false when somebody was faster.
pub(crate) fn end_change(cx: &Cx, tx: &mut Tx, change: &Change, state: ChangeState) -> Result<bool> {
    let ended = tx.run(
        "UPDATE booking_change SET state = $3, ended_at = $4, version = version + 1
         WHERE id = $1 AND version = $2 AND state = $5",
        params![
            change.id,
            change.version,
            state.code(),
            cx.now(),
            ChangeState::Proposed.code()
        ],
    )?;
    Ok(ended == 1)
}

pub(crate) fn change(tx: &mut Tx, id: Id<Change>) -> Result<Change> {
    tx.one(changes!("WHERE id = $1"), params![id], read)
}

/// The same, if it is one.
pub(crate) fn maybe_change(tx: &mut Tx, id: Id<Change>) -> Result<Option<Change>> {
    tx.maybe(changes!("WHERE id = $1"), params![id], read)
}

/// The last proposal about a booking, open or not.
pub(crate) fn last_change(tx: &mut Tx, booking: Id<Booking>) -> Result<Option<Change>> {
    tx.maybe(
        changes!("WHERE booking_id = $1 ORDER BY proposed_as DESC LIMIT 1"),
        params![booking],
        read,
    )
}

/// The open proposals at a shop, the soonest answer first.
pub(crate) fn open_changes(tx: &mut Tx, shop: ShopScope) -> Result<Vec<Change>> {
    tx.all(
        changes!("WHERE shop_id = $1 AND state = 'proposed' ORDER BY answer_by, id"),
        params![shop.id()],
        read,
    )
}

/// Keeps what an agreed change has made of a booking, in the transaction that counts its version.
pub(crate) fn save_terms(tx: &mut Tx, after: &Booking) -> Result<()> {
    tx.run(
        "UPDATE booking SET service_id = $2, service_name = $3, day = $4, starts_at = $5, minutes = $6,
                before_minutes = $7, after_minutes = $8, price = $9
         WHERE id = $1",
        params![
            after.id,
            after.service,
            &after.service_name,
            after.day,
            after.starts_at,
            after.length.minutes,
            after.length.before,
            after.length.after,
            after.price
        ],
    )?;
    Ok(())
}

fn read(row: &Row) -> Result<Change> {
    Ok(Change {
        id: row.get(0)?,
        booking: row.get(1)?,
        shop: row.get(2)?,
        by: row.code(3)?,
        state: row.code(4)?,
        to: Terms {
            service: row.get(5)?,
            service_name: row.get(6)?,
            therapist: row.get(7)?,
            bed: Some(row.get::<Id<Bed>>(8)?).filter(|bed| bed.raw() != 0),
            day: row.get(9)?,
            starts_at: row.get(10)?,
            length: Length {
                minutes: row.get(11)?,
                before: row.get(12)?,
                after: row.get(13)?,
            },
            price: row.get(14)?,
            reason: row.code(15)?,
        },
        visit: visit(row)?,
        note: row.get(16)?,
        asked_at: row.get(17)?,
        answer_by: row.get(18)?,
        version: row.get(19)?,
        proposed_as: row.get(20)?,
    })
}

/// The new way, where the address is to be another one.
fn visit(row: &Row) -> Result<Option<HomeVisit>> {
    let Some(district) = row.code_opt(21)? else {
        return Ok(None);
    };
    Ok(Some(HomeVisit {
        district,
        trip: Trip {
            metres: row.get(22)?,
            travel: row.get(23)?,
            fare: row.get(24)?,
        },
    }))
}
