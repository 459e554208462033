//! A therapist's week as people type it and as it is said.

use kernel::{Minutes, Result};

use super::{DAY_END, Refusal, Shift};

/// Neighbouring days with the same working times.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Run {
    /// The first weekday, 1 (Monday) ..= 7.
    pub first: i64,
    /// The last, which may be the first.
    pub last: i64,
    /// The working times of each of them, earliest first; none: a day off.
    pub times: Vec<(Minutes, Minutes)>,
}

/// The week in runs of equal days, Monday first: what can be said in one sentence each.
pub fn runs(week: &[Shift]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for weekday in 1..=7 {
        let times = times_on(week, weekday);
        match runs.last_mut() {
            Some(run) if run.times == times => run.last = weekday,
            _ => runs.push(Run {
                first: weekday,
                last: weekday,
                times,
            }),
        }
    }
    runs
}

/// The working times of one weekday, earliest first.
pub fn times_on(week: &[Shift], weekday: i64) -> Vec<(Minutes, Minutes)> {
    let of_day = week.iter().filter(|shift| shift.weekday == weekday);
    let mut times: Vec<(Minutes, Minutes)> = of_day.map(|shift| (shift.starts, shift.ends)).collect();
    times.sort_unstable();
    times
}

/// One day as it stands in its field: `10:00-14:00，18:00-02:00`; nothing for a day off. [`read_day`] reads it back.
pub fn write_day(week: &[Shift], weekday: i64) -> String {
    let write = |(starts, ends): (Minutes, Minutes)| {
        let ends = if ends > 1440 && ends - 1440 < starts {
            ends - 1440
        } else {
            ends
        };
        format!("{}-{}", clock(starts), clock(ends))
    };
    times_on(week, weekday)
        .into_iter()
        .map(write)
        .collect::<Vec<_>>()
        .join("，")
}

/// Reads what somebody typed or dictated for one day: `12:00-22:00`, `10点到14点半，18:00－02:00`; nothing or 休息 for a day
/// off. An end before its start is taken for the night after.
///
/// # Errors
/// `scheduling.bad_time`, `scheduling.backwards`, `scheduling.overlap`.
pub fn read_day(weekday: i64, typed: &str) -> Result<Vec<Shift>, Refusal> {
    let plain = plain(typed);
    if matches!(plain.as_str(), "" | "休息" | "休" | "off") {
        return Ok(Vec::new());
    }
    let mut day = Vec::new();
    for stretch in plain.split(',').filter(|stretch| !stretch.is_empty()) {
        let (starts, ends) = stretch.split_once('-').ok_or(Refusal::BadTime)?;
        let (starts, ends) = read_clock(starts).zip(read_clock(ends)).ok_or(Refusal::BadTime)?;
        let night_after = ends + 1440;
        let ends = if ends < starts && night_after <= DAY_END {
            night_after
        } else {
            ends
        };
        day.push(Shift {
            weekday,
            starts,
            ends,
        });
    }
    Shift::check_week(&day)?;
    day.sort_unstable();
    Ok(day)
}

/// Reads a time of day as typed or dictated: `15:00`, `15`, `1530`, `15点半`. Up to 30:00, six in the morning after.
pub fn read_clock(typed: &str) -> Option<Minutes> {
    let plain = plain(typed);
    let (hours, minutes) = match plain.split_once(':') {
        Some((hours, minutes)) => (hours, minutes),
        None if plain.len() > 2 => plain.split_at_checked(plain.len() - 2)?,
        None => (plain.as_str(), ""),
    };
    let number = |digits: &str| -> Option<Minutes> {
        let digits_only = digits.len() <= 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits_only.then(|| digits.parse().ok()).flatten()
    };
    let minutes = if minutes.is_empty() { 0 } else { number(minutes)? };
    let time = number(hours)? * 60 + minutes;
    (minutes < 60 && time <= DAY_END).then_some(time)
}

/// The many ways to type one thing, made one.
fn plain(typed: &str) -> String {
    let simple = typed.trim().to_lowercase().replace("点半", ":30");
    simple
        .chars()
        .filter_map(|letter| match letter {
            '０'..='９' => char::from_digit(letter as u32 - '０' as u32, 10),
            '：' | '点' => Some(':'),
            '－' | '–' | '—' | '~' | '～' | '至' | '到' => Some('-'),
            '，' | '、' | ';' | '；' => Some(','),
            '分' => None,
            blank if blank.is_whitespace() => None,
            other => Some(other),
        })
        .collect()
}

fn clock(minutes: Minutes) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn times(typed: &str) -> Result<Vec<(Minutes, Minutes)>, Refusal> {
        Ok(times_on(&read_day(3, typed)?, 3))
    }

    #[test]
    fn a_day_is_read_as_people_type_it() {
        for typed in [
            "12:00-22:00",
            "12：00－22：00",
            "12 - 22",
            "1200到2200",
            "１２点至22点",
            " 12:00 – 22:00 ",
        ] {
            assert_eq!(times(typed), Ok(vec![(720, 1320)]), "{typed}");
        }
        assert_eq!(
            times("18:30-02:00，10点到14点半"),
            Ok(vec![(600, 870), (1110, 1560)])
        );
        assert_eq!(times("12:00-26:00"), times("12:00-02:00"));
        assert_eq!((times(""), times(" 休息 ")), (Ok(Vec::new()), Ok(Vec::new())));
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for typed in [
            "12:00",
            "12:00-",
            "a-b",
            "12:60-13:00",
            "12:01-13:00",
            "-1:00-2:00",
            "12:00-31:00",
            "中午到晚上",
        ] {
            assert_eq!(times(typed), Err(Refusal::BadTime), "{typed}");
        }
        assert_eq!(
            times("22:00-12:00"),
            Err(Refusal::Backwards),
            "no shift of 14 hours over midnight"
        );
        assert_eq!(times("12:00-12:00"), Err(Refusal::Backwards));
        assert_eq!(times("10:00-14:00,13:00-15:00"), Err(Refusal::Overlap));
    }

    #[test]
    fn equal_days_are_said_together() {
        let mut week: Vec<Shift> = (1..=5)
            .flat_map(|day| read_day(day, "12:00-22:00").unwrap())
            .collect();
        week.extend(read_day(7, "14:00-20:00").unwrap());
        let said: Vec<(i64, i64, usize)> = runs(&week)
            .into_iter()
            .map(|run| (run.first, run.last, run.times.len()))
            .collect();
        assert_eq!(said, [(1, 5, 1), (6, 6, 0), (7, 7, 1)]);
        assert_eq!(runs(&[]).len(), 1);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(starts in 0i64..359, length in 1i64..360) {
            let (starts, ends) = (starts * 5, (starts + length).min(360) * 5);
            let shift = Shift { weekday: 2, starts, ends };
            prop_assert_eq!(read_day(2, &write_day(&[shift], 2)), Ok(vec![shift]));
        }

        #[test]
        fn nothing_typed_breaks_the_reading(typed in ".{0,40}") {
            if let Ok(day) = read_day(1, &typed) {
                prop_assert_eq!(Shift::check_week(&day), Ok(()));
            }
        }
    }
}
