//! When a shop is open.

use std::{collections::BTreeMap, sync::Arc};

use kernel::{Day, Instant, Minutes, Result};

use super::{
    Refusal,
    calendar::{Calendar, DayKind, HolidayRule, OnHolidays},
    closing::Closing,
};

/// Opening and closing, in minutes of the business day.
pub type Span = (Minutes, Minutes);

/// The latest closing: six in the morning after.
const LATEST: Minutes = 1800;
/// Closing later than this reaches into the next calendar day.
const MIDNIGHT: Minutes = 1440;

/// One weekday's hours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Opening {
    /// 1 (Monday) ..= 7.
    pub weekday: i64,
    /// Minutes of the business day.
    pub opens: Minutes,
    /// Minutes of the business day; past 1440 it is the night after.
    pub closes: Minutes,
}

/// A day with other hours than its weekday's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exception {
    /// Which.
    pub day: Day,
    /// The hours of that day; `None`: closed.
    pub hours: Option<Span>,
    /// Why, in words for customers: 装修, 国庆节. May be empty.
    pub reason: String,
}

/// Refuses hours that cannot be.
pub(crate) fn check_span((opens, closes): Span) -> Result<()> {
    let fits =
        0 <= opens && opens < closes && opens < MIDNIGHT && closes <= LATEST && closes - opens <= MIDNIGHT;
    if fits {
        Ok(())
    } else {
        Err(Refusal::BadHours.into())
    }
}

/// Refuses a week that cannot be.
pub(crate) fn check_week(week: &[Opening]) -> Result<()> {
    let mut seen = [false; 7];
    for opening in week {
        check_span((opening.opens, opening.closes))?;
        let day = usize::try_from(opening.weekday - 1)
            .ok()
            .and_then(|at| seen.get_mut(at));
        match day {
            Some(seen) if !*seen => *seen = true,
            _ => return Err(Refusal::BadHours.into()),
        }
    }
    Ok(())
}

/// The hours of one shop.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Hours {
    week: [Option<Span>; 7],
    exceptions: BTreeMap<Day, Exception>,
    rule: HolidayRule,
    calendar: Arc<Calendar>,
    /// What closes the shop against all that, the earliest first.
    closings: Vec<Closing>,
}

/// So many days the next opening is looked for.
const LOOKED: i64 = 14;

/// What the hours say of this moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Today {
    /// Open until then.
    Open {
        /// The business day that runs.
        day: Day,
        /// Minutes of that business day.
        closes: Minutes,
    },
    /// Closed; opens then.
    Opens {
        /// The business day.
        day: Day,
        /// Minutes of that business day.
        at: Minutes,
    },
    /// Closed for the next two weeks at least.
    Closed,
}

impl Today {
    /// Whether the shop is open.
    pub fn is_open(self) -> bool {
        matches!(self, Today::Open { .. })
    }
}

impl Hours {
    /// Puts one weekday (1 ..= 7) in; others are ignored.
    pub(crate) fn put_weekday(&mut self, weekday: i64, span: Span) {
        if let Some(place) = usize::try_from(weekday - 1)
            .ok()
            .and_then(|at| self.week.get_mut(at))
        {
            *place = Some(span);
        }
    }

    /// Puts an exception in.
    pub(crate) fn put_exception(&mut self, exception: Exception) {
        self.exceptions.insert(exception.day, exception);
    }

    /// Puts in what the shop does on holidays, and which they are.
    pub(crate) fn put_rule(&mut self, rule: HolidayRule, calendar: Arc<Calendar>) {
        self.rule = rule;
        self.calendar = calendar;
    }

    /// Puts in what closes the shop.
    pub(crate) fn put_closing(&mut self, closing: Closing) {
        self.closings.push(closing);
        self.closings.sort_by_key(|closing| closing.from);
    }

    /// What closes the shop against its hours, the earliest first.
    pub fn closings(&self) -> &[Closing] {
        &self.closings
    }

    /// What the shop does on holidays.
    pub fn rule(&self) -> HolidayRule {
        self.rule
    }

    /// The hours of a business day, seen from their ends; `None`: closed. What closes the shop suddenly comes before
    /// an exception, an exception before the calendar, the calendar before the week.
    pub fn on(&self, day: Day) -> Option<Span> {
        let planned = self.planned(day)?;
        let leaves = |left: Span, closing: &Closing| closing.leaves_of(day, left);
        self.closings.iter().try_fold(planned, leaves)
    }

    /// The hours of a business day as if nothing had come up.
    fn planned(&self, day: Day) -> Option<Span> {
        match self.exceptions.get(&day) {
            Some(exception) => exception.hours,
            None => self
                .by_calendar(day)
                .unwrap_or_else(|| self.on_weekday(day.weekday())),
        }
    }

    /// The hours that the calendar gives a day; `None` where it changes nothing.
    fn by_calendar(&self, day: Day) -> Option<Option<Span>> {
        if self.rule.is_usual() {
            return None;
        }
        match (self.calendar.on(day)?.kind, self.rule) {
            (DayKind::Off, rule) => match rule.holidays {
                OnHolidays::Usual => None,
                OnHolidays::Closed => Some(None),
                OnHolidays::Other(span) => Some(Some(span)),
            },
            (DayKind::Work, rule) => rule.work_like.map(|weekday| self.on_weekday(weekday)),
            (DayKind::Usual, _) => None,
        }
    }

    /// The days from `from` on, within `days` days, whose hours are not those of their weekday, with the reason: the
    /// shop's own words, or the holiday's name.
    pub fn special_days(&self, from: Day, days: i64) -> Vec<Exception> {
        let special = |day: Day| {
            if let Some(closed) = self.closed_part(day) {
                return Some(closed);
            }
            match self.exceptions.get(&day) {
                Some(exception) => Some(exception.clone()),
                None => {
                    let hours = self.by_calendar(day)?;
                    let reason = self.calendar.on(day)?.name.clone();
                    (hours != self.on_weekday(day.weekday())).then_some(Exception { day, hours, reason })
                }
            }
        };
        (0..days).filter_map(|ahead| special(from.plus(ahead))).collect()
    }

    /// What a closing has left of a day, with its reason.
    fn closed_part(&self, day: Day) -> Option<Exception> {
        let planned = self.planned(day)?;
        let takes = |closing: &&Closing| closing.leaves_of(day, planned) != Some(planned);
        let closing = self.closings.iter().find(takes)?;
        Some(Exception {
            day,
            hours: self.on(day),
            reason: closing.reason.clone(),
        })
    }

    /// The usual hours of a weekday, 1 ..= 7.
    pub fn on_weekday(&self, weekday: i64) -> Option<Span> {
        usize::try_from(weekday - 1)
            .ok()
            .and_then(|at| self.week.get(at).copied().flatten())
    }

    /// The days that the shop itself gave other hours, in order.
    pub fn exceptions(&self) -> impl Iterator<Item = &Exception> {
        self.exceptions.values()
    }

    /// Whether any weekday is open.
    pub fn any(&self) -> bool {
        self.week.iter().any(Option::is_some)
    }

    /// What the hours say of a moment. Yesterday's business day may still run.
    pub fn at(&self, now: Instant) -> Today {
        if let Some(closing) = self.closings.iter().find(|closing| closing.contains(now)) {
            return self.after_closing(now, closing.until);
        }
        let today = now.day();
        for day in [today.plus(-1), today] {
            if let Some((opens, closes)) = self.on(day)
                && (day.at(opens)..day.at(closes)).contains(&now)
            {
                let next = self.closings.iter().find(|closing| closing.from > now);
                let until = next.map_or(closes, |next| closes.min(next.from.minutes_since(day.at(0))));
                return Today::Open { day, closes: until };
            }
        }
        for day in (0..LOOKED).map(|ahead| today.plus(ahead)) {
            if let Some((opens, _)) = self.on(day)
                && day.at(opens) > now
            {
                return Today::Opens { day, at: opens };
            }
        }
        Today::Closed
    }

    /// What the hours say while the shop is closed until then.
    fn after_closing(&self, now: Instant, until: Instant) -> Today {
        if until > now.day().plus(LOOKED).at(0) {
            return Today::Closed;
        }
        match self.at(until) {
            Today::Open { day, .. } => Today::Opens {
                day,
                at: until.minutes_since(day.at(0)),
            },
            later => later,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 12:00–26:00 every day but Monday; closed on 2026-11-25 (a Wednesday).
    fn late() -> Hours {
        let mut hours = Hours::default();
        (2..=7).for_each(|weekday| hours.put_weekday(weekday, (720, 1560)));
        hours.put_exception(Exception {
            day: day("2026-11-25"),
            hours: None,
            reason: "装修".to_owned(),
        });
        hours
    }

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn a_night_belongs_to_the_day_before() {
        // Monday, 01:30: Sunday's business day still runs.
        let sunday = day("2026-11-22");
        assert_eq!(
            late().at(sunday.at(1530)),
            Today::Open {
                day: sunday,
                closes: 1560
            }
        );
        assert_eq!(
            late().at(sunday.at(1560)),
            Today::Opens {
                day: day("2026-11-24"),
                at: 720
            }
        );
    }

    #[test]
    fn an_exception_closes_a_day() {
        let wednesday = day("2026-11-25");
        assert_eq!(late().on(wednesday), None);
        assert_eq!(
            late().at(wednesday.at(900)),
            Today::Opens {
                day: wednesday.plus(1),
                at: 720
            }
        );
        assert_eq!(Hours::default().at(wednesday.at(0)), Today::Closed);
    }

    #[test]
    fn holidays_and_make_up_days_follow_the_shops_rule() {
        let mut hours = late();
        let (new_year, make_up) = (day("2026-02-17"), day("2026-02-28"));
        assert_eq!(
            (hours.on(new_year), hours.special_days(new_year, 14)),
            (Some((720, 1560)), Vec::new())
        );
        let rule = HolidayRule {
            holidays: OnHolidays::Other((600, 1080)),
            work_like: Some(1),
        };
        hours.put_rule(rule, Arc::new(Calendar::default()));
        assert_eq!((hours.on(new_year), hours.on(make_up)), (Some((600, 1080)), None));
        let special = hours.special_days(new_year, 14);
        assert_eq!(special.len(), 8, "seven days off and one make-up day");
        assert!(special.iter().all(|day| day.reason == "春节"));
        // The shop's own word comes before the rule.
        hours.put_exception(Exception {
            day: new_year,
            hours: Some((900, 1200)),
            reason: "家庭聚会".to_owned(),
        });
        assert_eq!(hours.on(new_year), Some((900, 1200)));
        assert_eq!(hours.special_days(new_year, 1)[0].reason, "家庭聚会");
        // Closed on holidays: the next opening is told across all of them.
        hours.put_rule(
            HolidayRule {
                holidays: OnHolidays::Closed,
                work_like: None,
            },
            Arc::new(Calendar::default()),
        );
        let told = hours.at(day("2026-02-18").at(900));
        assert_eq!(
            told,
            Today::Opens {
                day: day("2026-02-24"),
                at: 720
            }
        );
    }

    #[test]
    fn what_comes_up_closes_the_shop_against_its_hours() {
        let mut hours = late();
        let today = day("2026-11-22");
        let closed = |from: i64, until: i64| Closing {
            id: kernel::Id::from_raw(from + 1),
            shop: kernel::Id::from_raw(1),
            kind: crate::ClosingKind::Sudden,
            from: today.at(from),
            until: today.at(until),
            reason: "停电".to_owned(),
            lifted_at: None,
        };
        // Two hours in the middle of Sunday.
        hours.put_closing(closed(900, 1020));
        assert_eq!(hours.on(today), Some((720, 1560)));
        let before = Today::Open {
            day: today,
            closes: 900,
        };
        assert_eq!(hours.at(today.at(800)), before);
        let during = Today::Opens { day: today, at: 1020 };
        assert_eq!(hours.at(today.at(950)), during);
        assert!(hours.at(today.at(1020)).is_open());
        // And from ten in the evening to the end; Monday is closed anyway.
        hours.put_closing(closed(1320, 1560));
        assert_eq!(hours.on(today), Some((720, 1320)));
        let tuesday = day("2026-11-24");
        let next = Today::Opens {
            day: tuesday,
            at: 720,
        };
        assert_eq!(hours.at(today.at(1400)), next);
        let special = hours.special_days(today, 1);
        assert_eq!(
            (special[0].hours, special[0].reason.as_str()),
            (Some((720, 1320)), "停电")
        );
        // Without an end in sight.
        hours.put_closing(closed(1560, 999_999));
        assert_eq!(hours.at(today.at(1600)), Today::Closed);
        assert_eq!(hours.on(tuesday), None);
    }

    #[test]
    fn hours_that_cannot_be_are_refused() {
        for span in [
            (600, 600),
            (700, 600),
            (-1, 600),
            (600, 1801),
            (1440, 1500),
            (0, 1500),
        ] {
            assert!(check_span(span).is_err(), "{span:?}");
        }
        assert!(check_span((0, 1440)).is_ok() && check_span((720, 1800)).is_ok());
        let monday = Opening {
            weekday: 1,
            opens: 540,
            closes: 1320,
        };
        assert!(check_week(&[monday]).is_ok());
        assert!(check_week(&[monday, monday]).is_err());
        assert!(check_week(&[Opening { weekday: 8, ..monday }]).is_err());
    }

    proptest! {
        #[test]
        fn open_means_inside_a_span(minute in 0..20_000i64) {
            let now = day("2026-11-20").at(minute);
            match late().at(now) {
                Today::Open { day, closes } => {
                    let (opens, ends) = late().on(day).unwrap();
                    prop_assert_eq!(ends, closes);
                    prop_assert!(day.at(opens) <= now && now < day.at(closes));
                }
                Today::Opens { day, at } => {
                    prop_assert_eq!(late().on(day).unwrap().0, at);
                    prop_assert!(now < day.at(at));
                }
                Today::Closed => prop_assert!(false, "it is never closed for long"),
            }
        }
    }
}
