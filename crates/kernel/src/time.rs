use std::{
    fmt,
    ops::{Add, Sub},
};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One minute in milliseconds.
pub const MINUTE_MS: i64 = 60_000;
/// One hour in milliseconds.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
/// Beijing is eight hours ahead of UTC all year: China has had no summer time since 1991.
const BEIJING_MS: i64 = 8 * HOUR_MS;

/// Minutes, for durations and for times within a business day (0 ..= 1800: 26:00 is two at night).
pub type Minutes = i64;

/// A moment: milliseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(pub i64);

impl Instant {
    /// Milliseconds since 1970-01-01 UTC.
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970-01-01 UTC, as WeChat's protocols count.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The moment `minutes` later (earlier when negative).
    pub const fn plus_minutes(self, minutes: Minutes) -> Instant {
        Instant(self.0 + minutes * MINUTE_MS)
    }

    /// The calendar day in Beijing.
    pub const fn day(self) -> Day {
        Day((self.0 + BEIJING_MS).div_euclid(DAY_MS))
    }

    /// Minutes since midnight in Beijing, 0 ..= 1439.
    pub const fn minute_of_day(self) -> Minutes {
        (self.0 + BEIJING_MS).rem_euclid(DAY_MS) / MINUTE_MS
    }

    /// Minutes from `earlier` to `self`, rounded down.
    pub const fn minutes_since(self, earlier: Instant) -> Minutes {
        (self.0 - earlier.0).div_euclid(MINUTE_MS)
    }
}

/// Adds milliseconds.
impl Add<i64> for Instant {
    type Output = Instant;
    fn add(self, ms: i64) -> Instant {
        Instant(self.0 + ms)
    }
}

/// The difference in milliseconds.
impl Sub for Instant {
    type Output = i64;
    fn sub(self, earlier: Instant) -> i64 {
        self.0 - earlier.0
    }
}

/// RFC 3339 in Beijing's offset with seconds, as WeChat Pay writes times: `2026-11-22T15:00:00+08:00`.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minute = self.minute_of_day();
        let second = (self.0.div_euclid(1000)).rem_euclid(60);
        write!(
            f,
            "{}T{:02}:{:02}:{:02}+08:00",
            self.day(),
            minute / 60,
            minute % 60,
            second
        )
    }
}

/// A calendar or business day in Beijing: days since 1970-01-01. A business day may run past midnight; a time in it is
/// [`Minutes`] from its own midnight, up to 1800.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub i64);

impl Day {
    /// The day of a civil date; `None` when there is no such date.
    pub fn from_ymd(year: i16, month: i8, day: i8) -> Option<Day> {
        Date::new(year, month, day).ok().map(Day::from_date)
    }

    /// Parses `2026-11-22`.
    pub fn parse(text: &str) -> Option<Day> {
        text.parse::<Date>().ok().map(Day::from_date)
    }

    /// The moment `minute` minutes after this day's midnight in Beijing; `minute` may pass 1440.
    pub const fn at(self, minute: Minutes) -> Instant {
        Instant(self.0 * DAY_MS - BEIJING_MS + minute * MINUTE_MS)
    }

    /// The day `days` later.
    pub const fn plus(self, days: i64) -> Day {
        Day(self.0 + days)
    }

    /// 1 (Monday) ..= 7 (Sunday), as ISO 8601 counts.
    pub fn weekday(self) -> i64 {
        // 1970-01-01 was a Thursday.
        (self.0 + 3).rem_euclid(7) + 1
    }

    /// Year, month (1 ..= 12) and day of the month.
    pub fn ymd(self) -> (i16, i8, i8) {
        let date = self.date();
        (date.year(), date.month(), date.day())
    }

    fn from_date(date: Date) -> Day {
        let epoch = Date::constant(1970, 1, 1);
        Day((date - epoch).get_days().into())
    }

    fn date(self) -> Date {
        let epoch = Date::constant(1970, 1, 1);
        epoch.saturating_add(jiff::Span::new().days(self.0.clamp(-700_000, 2_900_000)))
    }
}

/// `2026-11-22`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_shows_in_beijing_time() {
        let moment = Instant(1_795_244_400_000);
        assert_eq!(moment.to_string(), "2026-11-21T15:00:00+08:00");
        assert_eq!(
            (moment.day(), moment.minute_of_day()),
            (Day::parse("2026-11-21").unwrap(), 900)
        );
        assert_eq!(moment.day().at(900), moment);
    }

    #[test]
    fn a_business_day_runs_past_midnight() {
        let day = Day::parse("2026-12-31").unwrap();
        assert_eq!(day.at(1500).to_string(), "2027-01-01T01:00:00+08:00");
    }

    #[test]
    fn weekdays_agree_with_the_calendar() {
        assert_eq!(Day::parse("2026-11-22").unwrap().weekday(), 7);
        assert_eq!(Day(0).weekday(), 4);
        assert_eq!(Day::from_ymd(2026, 2, 29), None);
    }
}
