//! Times of day, dates, durations.

use super::numbers::{DIGITS, cardinal, count};
use kernel::{Day, Minutes};

/// A time of day: 下午三点, 上午九点半, 晚上七点四十五分.
///
/// `minutes` are counted from the midnight of the business day: 1440 is 夜里十二点, 1500 is 次日凌晨一点.
pub fn time(minutes: Minutes) -> String {
    let (part, hour, minute) = clock_parts(minutes);
    let minute = match minute {
        0 => String::new(),
        15 => "一刻".to_owned(),
        30 => "半".to_owned(),
        1..=9 => format!("零{}分", cardinal(minute)),
        _ => format!("{}分", cardinal(minute)),
    };
    format!("{part}{}{minute}", count(hour, "点"))
}

/// A date without its year: 十一月二十二日，星期日.
pub fn date(day: Day) -> String {
    let (_, month, of_month) = day.ymd();
    let word = |number: i8| cardinal(number.unsigned_abs().into());
    format!("{}月{}日，星期{}", word(month), word(of_month), weekday(day))
}

/// 二零二六年.
pub fn year(year: i16) -> String {
    let digits = year.unsigned_abs().to_string();
    digits
        .bytes()
        .map(|digit| DIGITS[usize::from(digit - b'0')])
        .chain(['年'])
        .collect()
}

/// 前天, 昨天, 今天, 明天, 后天; nothing farther away.
pub fn relative_day(day: Day, today: Day) -> Option<&'static str> {
    match day.0 - today.0 {
        -2 => Some("前天"),
        -1 => Some("昨天"),
        0 => Some("今天"),
        1 => Some("明天"),
        2 => Some("后天"),
        _ => None,
    }
}

/// The day as one would say it today: 明天, or 十二月二日，星期三.
pub fn day(day: Day, today: Day) -> String {
    relative_day(day, today).map_or_else(|| date(day), str::to_owned)
}

/// Day and time: 今天下午三点. After one at night the calendar's day is named: business day 1500 is 明天凌晨一点.
pub fn when(business_day: Day, minutes: Minutes, today: Day) -> String {
    let (named, minutes) = named_day(business_day, minutes);
    let comma = if relative_day(named, today).is_some() {
        ""
    } else {
        "，"
    };
    format!("{}{comma}{}", day(named, today), time(minutes))
}

/// A length of time: 六十分钟, 两小时, 两个半小时. Under two hours in minutes, as the trade counts.
pub fn duration(minutes: Minutes) -> String {
    let minutes = minutes.unsigned_abs();
    let (hours, rest) = (minutes / 60, minutes % 60);
    match rest {
        _ if hours < 2 => count(minutes, "分钟"),
        0 => count(hours, "小时"),
        30 => count(hours, "个半小时"),
        1..=9 => format!("{}零{}分钟", count(hours, "小时"), cardinal(rest)),
        _ => format!("{}{}分钟", count(hours, "小时"), cardinal(rest)),
    }
}

/// 一 … 六, 日.
pub(crate) fn weekday(day: Day) -> char {
    ['一', '二', '三', '四', '五', '六', '日'][(day.weekday() - 1) as usize]
}

/// Part of the day, hour (0 ..= 12) and minute as they are named.
pub(crate) fn clock_parts(minutes: Minutes) -> (&'static str, u64, u64) {
    let minutes = minutes.max(0).unsigned_abs();
    let (hour, minute) = (minutes / 60, minutes % 60);
    let (part, hour) = match hour {
        0..5 => ("凌晨", hour),
        5..8 => ("早上", hour),
        8..12 => ("上午", hour),
        12 => ("中午", 12),
        13..18 => ("下午", hour - 12),
        18..24 => ("晚上", hour - 12),
        24 => ("夜里", 12),
        25..29 => ("次日凌晨", hour - 24),
        _ => ("次日早上", (hour - 24) % 12),
    };
    (part, hour, minute)
}

/// The hour after midnight still belongs to the evening; what is later belongs to the next day of the calendar.
pub(crate) fn named_day(business_day: Day, minutes: Minutes) -> (Day, Minutes) {
    if minutes < 1500 {
        (business_day, minutes)
    } else {
        (business_day.plus(minutes / 1440), minutes % 1440)
    }
}
