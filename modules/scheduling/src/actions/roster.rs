//! Who works when: every week, and on one date.

use db::Tx;
use kernel::{Cx, Day, Id, Minutes, Result, Shop};
use therapist::Therapist;

use super::shop_of;
use crate::{
    Freed, Shift, Taken,
    model::{DAY_END, Refusal, slot_of},
    store,
};

/// Replaces one therapist's week.
///
/// # Errors
/// `scheduling.bad_time`, `scheduling.backwards`, `scheduling.overlap`; not found for a therapist of another shop.
pub fn set_shifts(cx: &Cx, tx: &mut Tx, therapist: Id<Therapist>, week: &[Shift]) -> Result<()> {
    let shop = shop_of(cx, tx, therapist)?;
    Shift::check_week(week)?;
    store::clear_shifts(tx, shop, therapist)?;
    for shift in week {
        store::add_shift(tx, shop, therapist, shift)?;
    }
    tx.emit(cx, &Freed { shop })?;
    tx.announce("shops")
}

/// Gives one date its own working times in place of the week's: other hours, an extra shift, or a day off when there are
/// none. Bookings outside of them stay; somebody must decide on each, so the person has to be `sure`.
///
/// # Errors
/// `scheduling.day_over`, `scheduling.day_hits_bookings`, and those of [`set_shifts`].
pub fn set_day(
    cx: &Cx,
    tx: &mut Tx,
    therapist: Id<Therapist>,
    day: Day,
    times: &[(Minutes, Minutes)],
    sure: bool,
) -> Result<()> {
    let shop = shop_of(cx, tx, therapist)?;
    // Yesterday's business day may still run.
    if day < cx.now().day().plus(-1) {
        return Err(Refusal::DayOver.into());
    }
    let weekday = day.weekday();
    let shifts: Vec<Shift> = times
        .iter()
        .map(|(starts, ends)| Shift {
            weekday,
            starts: *starts,
            ends: *ends,
        })
        .collect();
    Shift::check_week(&shifts)?;
    let count = outside(cx, tx, shop, therapist, day, times)?.len();
    if count > 0 && !sure {
        return Err(Refusal::DayHitsBookings { count }.into());
    }
    store::clear_day(tx, shop, therapist, day)?;
    let off = [(0, 0)];
    for (starts, ends) in if times.is_empty() { &off } else { times } {
        store::add_day(tx, shop, therapist, day, (*starts, *ends))?;
    }
    tx.emit(cx, &Freed { shop })?;
    tx.announce("shops")
}

/// What of a business day's bookings does not lie wholly within these times. What is kept free around a booking counts:
/// rather one too many is looked at than one overlooked.
pub(crate) fn outside(
    cx: &Cx,
    tx: &mut Tx,
    shop: Id<Shop>,
    therapist: Id<Therapist>,
    day: Day,
    times: &[(Minutes, Minutes)],
) -> Result<Vec<Taken>> {
    // A business day begins at six, when the one before has ended at the latest.
    let (from, to) = (day.at(DAY_END - 1440).max(cx.now()), day.at(DAY_END));
    let hits = store::taken(tx, shop, therapist.raw(), slot_of(from), slot_of(to))?;
    let inside = |taken: &Taken| {
        times
            .iter()
            .any(|(starts, ends)| day.at(*starts) <= taken.from && taken.to <= day.at(*ends))
    };
    Ok(hits.into_iter().filter(|taken| !inside(taken)).collect())
}

/// Gives a date the week's times back; a date without its own is fine.
pub fn usual_day(cx: &Cx, tx: &mut Tx, therapist: Id<Therapist>, day: Day) -> Result<()> {
    let shop = shop_of(cx, tx, therapist)?;
    store::clear_day(tx, shop, therapist, day)?;
    tx.emit(cx, &Freed { shop })?;
    tx.announce("shops")
}
