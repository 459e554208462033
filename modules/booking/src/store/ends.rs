//! What belongs to the end of a visit: words of steps, extensions, who was relieved, cases.

use db::{Row, Tx, params};
use kernel::{Cx, Day, Id, Instant, Minutes, Result, Shop, ShopScope};
use therapist::Therapist;

use super::booking;
use crate::model::{Booking, Case, CaseState, Extension, Step};

/// Keeps what was said with the step that led to the booking's version.
pub(crate) fn add_words(tx: &mut Tx, after: &Booking, words: &str) -> Result<()> {
    if words.is_empty() {
        return Ok(());
    }
    tx.run(
        "INSERT INTO booking_step_words (booking_id, version, words) VALUES ($1, $2, $3)",
        params![after.id, after.version, words],
    )?;
    Ok(())
}

/// When the last step of a kind was taken, if it was.
pub(crate) fn last_step(tx: &mut Tx, id: Id<Booking>, step: Step) -> Result<Option<Instant>> {
    tx.maybe(
        "SELECT at FROM booking_step WHERE booking_id = $1 AND step = $2 ORDER BY version DESC LIMIT 1",
        params![id, step.code()],
        |row| row.get(0),
    )
}

/// Keeps length and price of a booking whose version was saved in the same transaction, and what was added.
pub(crate) fn add_extension(cx: &Cx, tx: &mut Tx, longer: &Booking, new: &Extension) -> Result<()> {
    tx.run(
        "UPDATE booking SET minutes = $2, price = $3 WHERE id = $1",
        params![longer.id, longer.length.minutes, longer.price],
    )?;
    tx.run(
        "INSERT INTO booking_extension (id, booking_id, title, minutes, amount, actor, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            new.id,
            longer.id,
            &new.title,
            new.minutes,
            new.amount,
            cx.actor().to_string(),
            cx.now()
        ],
    )?;
    Ok(())
}

/// What was added to a booking, the first first.
pub(crate) fn extensions(tx: &mut Tx, id: Id<Booking>) -> Result<Vec<Extension>> {
    tx.all(
        "SELECT id, title, minutes, amount FROM booking_extension WHERE booking_id = $1 ORDER BY id",
        params![id],
        |row| {
            Ok(Extension {
                id: row.get(0)?,
                title: row.get(1)?,
                minutes: row.get(2)?,
                amount: row.get(3)?,
            })
        },
    )
}

pub(crate) fn add_relief(
    cx: &Cx,
    tx: &mut Tx,
    id: Id<Booking>,
    (who, minutes): (Id<Therapist>, Minutes),
) -> Result<()> {
    tx.run(
        "INSERT INTO booking_relief (id, booking_id, therapist_id, minutes, actor, at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        params![
            cx.id::<Therapist>(),
            id,
            who,
            minutes,
            cx.actor().to_string(),
            cx.now()
        ],
    )?;
    Ok(())
}

/// Who was relieved after how many minutes, the first first.
pub(crate) fn reliefs(tx: &mut Tx, id: Id<Booking>) -> Result<Vec<(Id<Therapist>, Minutes)>> {
    tx.all(
        "SELECT therapist_id, minutes FROM booking_relief WHERE booking_id = $1 ORDER BY id",
        params![id],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// The bookings of some business days, the end exclusive, in which a therapist was relieved, the earliest first.
pub(crate) fn relieved_in(
    tx: &mut Tx,
    shop: ShopScope,
    therapist: Id<Therapist>,
    (from, to): (Day, Day),
) -> Result<Vec<Booking>> {
    tx.all(
        bookings!(
            "WHERE shop_id = $1 AND day >= $2 AND day < $3
           AND id IN (SELECT booking_id FROM booking_relief WHERE therapist_id = $4)
         ORDER BY starts_at, id"
        ),
        params![shop.id(), from, to, therapist],
        booking,
    )
}

/// Keeps by how much the customer says that they will be late.
pub(crate) fn set_late(tx: &mut Tx, id: Id<Booking>, minutes: Minutes) -> Result<()> {
    tx.run(
        "INSERT INTO booking_late (booking_id, minutes) VALUES ($1, $2)
         ON CONFLICT (booking_id) DO UPDATE SET minutes = excluded.minutes",
        params![id, minutes],
    )?;
    Ok(())
}

pub(crate) fn late(tx: &mut Tx, id: Id<Booking>) -> Result<Option<Minutes>> {
    tx.maybe(
        "SELECT minutes FROM booking_late WHERE booking_id = $1",
        params![id],
        |row| row.get(0),
    )
}

/// Notes that a booking cannot be opened again.
pub(crate) fn seal(cx: &Cx, tx: &mut Tx, id: Id<Booking>) -> Result<()> {
    tx.run(
        "INSERT INTO booking_sealed (booking_id, at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        params![id, cx.now()],
    )?;
    Ok(())
}

pub(crate) fn is_sealed(tx: &mut Tx, id: Id<Booking>) -> Result<bool> {
    let sealed: Option<i64> = tx.maybe(
        "SELECT at FROM booking_sealed WHERE booking_id = $1",
        params![id],
        |row| row.get(0),
    )?;
    Ok(sealed.is_some())
}

pub(crate) fn add_case(tx: &mut Tx, new: &Case) -> Result<()> {
    tx.run(
        "INSERT INTO booking_case (booking_id, shop_id, kind, state, most, kept, opened_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            new.booking,
            new.shop,
            new.kind.code(),
            new.state.code(),
            new.most,
            new.kept,
            new.opened_at
        ],
    )?;
    Ok(())
}

/// Keeps where a case stands; the version of its booking was saved in the same transaction.
pub(crate) fn save_case(tx: &mut Tx, case: &Case) -> Result<()> {
    tx.run(
        "UPDATE booking_case SET state = $2, kept = $3 WHERE booking_id = $1",
        params![case.booking, case.state.code(), case.kept],
    )?;
    Ok(())
}

pub(crate) fn case(tx: &mut Tx, id: Id<Booking>) -> Result<Option<Case>> {
    tx.maybe(
        "SELECT booking_id, shop_id, kind, state, most, kept, opened_at FROM booking_case WHERE booking_id = $1",
        params![id],
        read_case,
    )
}

/// The cases of a shop that are not over, the oldest first.
pub(crate) fn open_cases(tx: &mut Tx, shop: Id<Shop>) -> Result<Vec<Case>> {
    tx.all(
        "SELECT booking_id, shop_id, kind, state, most, kept, opened_at FROM booking_case
         WHERE shop_id = $1 AND state IN ($2, $3) ORDER BY opened_at, booking_id",
        params![shop, CaseState::Undecided.code(), CaseState::Referred.code()],
        read_case,
    )
}

/// The cases of all shops that were referred to the centre, or that nobody has decided since `before`; the oldest first.
pub(crate) fn cases_for_centre(tx: &mut Tx, before: Instant) -> Result<Vec<Case>> {
    tx.all(
        "SELECT booking_id, shop_id, kind, state, most, kept, opened_at FROM booking_case
         WHERE state = $1 OR (state = $2 AND opened_at <= $3) ORDER BY opened_at, booking_id LIMIT 500",
        params![CaseState::Referred.code(), CaseState::Undecided.code(), before],
        read_case,
    )
}

fn read_case(row: &Row) -> Result<Case> {
    Ok(Case {
        booking: row.get(0)?,
        shop: row.get(1)?,
        kind: row.code(2)?,
        state: row.code(3)?,
        most: row.get(4)?,
        kept: row.get(5)?,
        opened_at: row.get(6)?,
    })
}
