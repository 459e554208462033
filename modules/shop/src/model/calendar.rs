//! The state's holidays and make-up working days, and what a shop does on them.

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use kernel::{Day, Result};
use serde::Deserialize;

use super::{Refusal, Span, check_span};

/// Days off and make-up working days of 2024 to 2026, from the notices of the State Council. Later years are entered by
/// hand until a later list is built in. Source and licence: `data/LICENCES.md`.
static STATE: LazyLock<BTreeMap<Day, Holiday>> =
    LazyLock::new(|| read_list(include_str!("../../data/cn_holidays_2024_2026.json")));

kernel::coded! {
    /// What kind of day it is.
    pub enum DayKind {
        /// A holiday: people have the day off.
        Off = "off",
        /// A weekend day on which people work, to make up for a holiday.
        Work = "work",
        /// A day like any other, whatever the state's list says.
        Usual = "usual",
    }
}

/// A day that the calendar names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Holiday {
    /// Which.
    pub day: Day,
    /// Day off, make-up working day, or usual after all.
    pub kind: DayKind,
    /// What it belongs to: 国庆节.
    pub name: String,
    /// Whether the centre entered it, rather than the state's list.
    pub by_hand: bool,
}

/// The days that matter to hours: the state's, with those entered by hand in their place.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Calendar {
    by_hand: BTreeMap<Day, Holiday>,
}

impl Calendar {
    /// The state's list with these days put over it.
    pub fn with(by_hand: impl IntoIterator<Item = Holiday>) -> Calendar {
        Calendar {
            by_hand: by_hand.into_iter().map(|day| (day.day, day)).collect(),
        }
    }

    /// What the calendar says of a day; nothing of an ordinary one.
    pub fn on(&self, day: Day) -> Option<&Holiday> {
        self.by_hand.get(&day).or_else(|| STATE.get(&day))
    }

    /// The named days of `days` days from `from` on, in order.
    pub fn between(&self, from: Day, days: i64) -> Vec<&Holiday> {
        (0..days).filter_map(|ahead| self.on(from.plus(ahead))).collect()
    }
}

/// The last day that the state's list knows anything of.
pub fn known_until() -> Day {
    STATE.keys().next_back().copied().unwrap_or_default()
}

/// What a shop does on holidays.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum OnHolidays {
    /// As on any day.
    #[default]
    Usual,
    /// Closed.
    Closed,
    /// These hours.
    Other(Span),
}

/// What a shop does on the days that the calendar names.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct HolidayRule {
    /// On days off.
    pub holidays: OnHolidays,
    /// A make-up working day has the hours of this weekday, 1 ..= 7; `None`: of its own.
    pub work_like: Option<i64>,
}

impl HolidayRule {
    /// Refuses hours and weekdays that cannot be.
    pub(crate) fn check(&self) -> Result<()> {
        if let OnHolidays::Other(span) = self.holidays {
            check_span(span)?;
        }
        match self.work_like {
            Some(weekday) if !(1..=7).contains(&weekday) => Err(Refusal::BadHours.into()),
            _ => Ok(()),
        }
    }

    /// Whether the shop simply keeps its week.
    pub fn is_usual(&self) -> bool {
        *self == HolidayRule::default()
    }
}

#[derive(Deserialize)]
struct List {
    years: HashMap<String, Year>,
}

#[derive(Deserialize)]
struct Year {
    off: HashMap<String, String>,
    work: HashMap<String, String>,
}

fn read_list(json: &str) -> BTreeMap<Day, Holiday> {
    let list: List = serde_json::from_str(json).expect("the list is built in and a test reads it");
    let mut days = BTreeMap::new();
    for year in list.years.into_values() {
        for (kind, named) in [(DayKind::Off, year.off), (DayKind::Work, year.work)] {
            for (day, name) in named {
                let day = Day::parse(&day).expect("a day of the built-in list");
                let holiday = Holiday {
                    day,
                    kind,
                    name,
                    by_hand: false,
                };
                days.insert(day, holiday);
            }
        }
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn kind(calendar: &Calendar, on: &str) -> Option<DayKind> {
        calendar.on(day(on)).map(|holiday| holiday.kind)
    }

    #[test]
    fn the_states_list_is_read_whole() {
        assert_eq!(STATE.len(), 28 + 8 + 28 + 5 + 33 + 6);
        assert_eq!(known_until(), day("2026-10-10"));
        let calendar = Calendar::default();
        assert_eq!(kind(&calendar, "2026-02-17"), Some(DayKind::Off));
        assert_eq!(kind(&calendar, "2026-02-28"), Some(DayKind::Work));
        assert_eq!(kind(&calendar, "2026-11-24"), None);
        let national = calendar.between(day("2026-09-28"), 14);
        let names: Vec<&str> = national.iter().map(|holiday| holiday.name.as_str()).collect();
        assert_eq!(names, ["国庆节"; 8]);
    }

    #[test]
    fn what_is_entered_by_hand_comes_first() {
        let by_hand = |on: &str, kind, name: &str| Holiday {
            day: day(on),
            kind,
            name: name.to_owned(),
            by_hand: true,
        };
        let calendar = Calendar::with([
            by_hand("2026-10-07", DayKind::Usual, "照常"),
            by_hand("2027-01-01", DayKind::Off, "元旦"),
        ]);
        assert_eq!(kind(&calendar, "2026-10-07"), Some(DayKind::Usual));
        assert_eq!(kind(&calendar, "2026-10-06"), Some(DayKind::Off));
        assert_eq!(kind(&calendar, "2027-01-01"), Some(DayKind::Off));
    }
}
