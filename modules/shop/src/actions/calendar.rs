//! Days that are not like their weekday: the shop's own, and the calendar's.

use db::Tx;
use kernel::{Cx, Day, Error, Id, Refused, Result};

use super::{centre, kept, touched};
use crate::{
    DayKind, HolidayRule, Refusal, Span,
    model::{check_span, publishable},
    store,
};

/// So many days at most are given other hours at once.
const MOST_DAYS: i64 = 62;
/// Characters of a reason.
const REASON: usize = 60;
/// Characters of a holiday's name.
const NAME: usize = 20;

/// Days in a row with other hours.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SpecialDays {
    /// The first.
    pub first: Day,
    /// The last, which may be the first.
    pub last: Day,
    /// Their hours; `None`: closed.
    pub hours: Option<Span>,
    /// Why, in words for customers; may be empty.
    pub reason: String,
}

/// Gives days other hours, with a reason said to customers. What is booked on them stays booked.
///
/// # Errors
/// `shop.bad_hours`, `shop.past_day`, `shop.bad_range`, `shop.too_long`, and `shop.claim…` for words the shop may not use.
pub fn set_special_days(cx: &Cx, tx: &mut Tx, id: Id<kernel::Shop>, days: &SpecialDays) -> Result<()> {
    let shop = kept(cx, tx, id)?;
    let reason = days.reason.trim();
    if days.first < cx.now().day() {
        return Err(Refusal::PastDay.into());
    }
    if !(days.first..days.first.plus(MOST_DAYS)).contains(&days.last) {
        return Err(Refusal::BadRange { most: MOST_DAYS }.into());
    }
    if let Some(span) = days.hours {
        check_span(span)?;
    }
    if reason.chars().count() > REASON {
        return Err(Refused::from(Refusal::TooLong { most: REASON })
            .on("reason")
            .into());
    }
    publishable(shop.kind, "reason", reason)?;
    let mut day = days.first;
    while day <= days.last {
        store::put_exception(tx, id, day, days.hours, reason)?;
        day = day.plus(1);
    }
    touched(cx, tx, id)
}

/// Gives one day other hours without a word; `None` closes it.
///
/// # Errors
/// Those of [`set_special_days`].
pub fn set_exception(
    cx: &Cx,
    tx: &mut Tx,
    id: Id<kernel::Shop>,
    day: Day,
    hours: Option<Span>,
) -> Result<()> {
    let days = SpecialDays {
        first: day,
        last: day,
        hours,
        reason: String::new(),
    };
    set_special_days(cx, tx, id, &days)
}

/// Gives a day its usual hours back; a day without an exception is fine.
pub fn lift_exception(cx: &Cx, tx: &mut Tx, id: Id<kernel::Shop>, day: Day) -> Result<()> {
    kept(cx, tx, id)?;
    if store::delete_exception(tx, id, day)? == 0 {
        return Ok(());
    }
    touched(cx, tx, id)
}

/// Says what a shop does on holidays and on make-up working days.
///
/// # Errors
/// `shop.bad_hours`.
pub fn set_holiday_rule(cx: &Cx, tx: &mut Tx, id: Id<kernel::Shop>, rule: HolidayRule) -> Result<()> {
    kept(cx, tx, id)?;
    rule.check()?;
    store::put_rule(tx, id, rule)?;
    touched(cx, tx, id)
}

/// Enters a day into the calendar of all shops, over whatever the state's list says of it. The centre's to do.
///
/// # Errors
/// `shop.past_day`, `shop.bad_holiday`.
pub fn enter_holiday(cx: &Cx, tx: &mut Tx, day: Day, kind: DayKind, name: &str) -> Result<()> {
    centre(cx)?;
    let name = name.trim();
    if day < cx.now().day() {
        return Err(Refusal::PastDay.into());
    }
    if name.is_empty() || name.chars().count() > NAME {
        return Err(Refusal::BadHoliday.into());
    }
    store::put_holiday(cx, tx, day, kind, name)?;
    tx.announce("shops")
}

/// Takes a day that was entered by hand out again; what the state's list says of it counts.
pub fn lift_holiday(cx: &Cx, tx: &mut Tx, day: Day) -> Result<()> {
    centre(cx)?;
    if store::delete_holiday(tx, day)? == 0 {
        return Err(Error::NotFound);
    }
    tx.announce("shops")
}
