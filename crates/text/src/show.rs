//! The visible form of what [`speech`](crate::speech) says: short, plain, the same words for the same thing.

use crate::pinyin;
use crate::speech::{self, Sex};
use kernel::{Day, Lang, Minutes, Money};

/// `¥128.50`; whole yuan without fen: `¥128`.
pub fn money(amount: Money) -> String {
    amount.to_string()
}

/// `128.50 元`, `128.50 yuan`: where the sign ¥ may not stand, as in short messages.
pub fn money_words(lang: Lang, amount: Money) -> String {
    let number = amount.to_string().replace('¥', "");
    match lang {
        Lang::Zh => format!("{number} 元"),
        Lang::En => format!("{number} yuan"),
    }
}

/// `15:00`; the business day does not wrap: 1470 is `24:30`.
pub fn clock(minutes: Minutes) -> String {
    let minutes = minutes.max(0);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// `下午 3 点`, `下午 3 点半`, `下午 3 点 05 分`; `3 pm`, `3:05 pm`.
pub fn time(lang: Lang, minutes: Minutes) -> String {
    match lang {
        Lang::Zh => {
            let (part, hour, minute) = speech::clock_parts(minutes);
            match minute {
                0 => format!("{part} {hour} 点"),
                15 => format!("{part} {hour} 点一刻"),
                30 => format!("{part} {hour} 点半"),
                _ => format!("{part} {hour} 点 {minute:02} 分"),
            }
        }
        Lang::En => english_time(minutes),
    }
}

/// Opening hours: `12:00–24:00`; past midnight `12:00–次日 02:00`, `12:00–02:00 next day`.
pub fn hours(lang: Lang, opens: Minutes, closes: Minutes) -> String {
    let (opens, late) = (clock(opens), closes > 1440);
    let closes = clock(if late { closes - 1440 } else { closes });
    match lang {
        Lang::Zh if late => format!("{opens}–次日 {closes}"),
        Lang::En if late => format!("{opens}–{closes} next day"),
        _ => format!("{opens}–{closes}"),
    }
}

/// `11 月 22 日 星期日`, `Sun 22 Nov`.
pub fn date(lang: Lang, day: Day) -> String {
    let (_, month, of_month) = day.ymd();
    match lang {
        Lang::Zh => format!("{month} 月 {of_month} 日 星期{}", speech::weekday(day)),
        Lang::En => {
            let weekday = WEEKDAYS[(day.weekday() - 1) as usize];
            format!(
                "{weekday} {of_month} {}",
                MONTHS[usize::from(month.unsigned_abs()) - 1]
            )
        }
    }
}

/// `2026 年 11 月 22 日`, `22 Nov 2026`: where the year matters.
pub fn full_date(lang: Lang, day: Day) -> String {
    let (year, month, of_month) = day.ymd();
    match lang {
        Lang::Zh => format!("{year} 年 {month} 月 {of_month} 日"),
        Lang::En => format!(
            "{of_month} {} {year}",
            MONTHS[usize::from(month.unsigned_abs()) - 1]
        ),
    }
}

/// `明天`, `tomorrow`, else the date.
pub fn day(lang: Lang, day: Day, today: Day) -> String {
    let relative = match lang {
        Lang::Zh => speech::relative_day(day, today),
        Lang::En => match day.0 - today.0 {
            -1 => Some("yesterday"),
            0 => Some("today"),
            1 => Some("tomorrow"),
            _ => None,
        },
    };
    relative.map_or_else(|| date(lang, day), str::to_owned)
}

/// `今天下午 3 点`, `today 3 pm`. After one at night the calendar's day is named.
pub fn when(lang: Lang, business_day: Day, minutes: Minutes, today: Day) -> String {
    let (named, minutes) = speech::named_day(business_day, minutes);
    let near = lang == Lang::Zh && speech::relative_day(named, today).is_some();
    format!(
        "{}{}{}",
        day(lang, named, today),
        if near { "" } else { " " },
        time(lang, minutes)
    )
}

/// `60 分钟`, `2 小时`, `2 个半小时`; `60 min`, `2 h`, `2 h 30 min`.
pub fn duration(lang: Lang, minutes: Minutes) -> String {
    let minutes = minutes.max(0);
    let (hours, rest) = (minutes / 60, minutes % 60);
    match (lang, rest) {
        (Lang::Zh, _) if hours < 2 => format!("{minutes} 分钟"),
        (Lang::Zh, 0) => format!("{hours} 小时"),
        (Lang::Zh, 30) => format!("{hours} 个半小时"),
        (Lang::Zh, _) => format!("{hours} 小时 {rest} 分钟"),
        (Lang::En, _) if hours < 2 => format!("{minutes} min"),
        (Lang::En, 0) => format!("{hours} h"),
        (Lang::En, _) => format!("{hours} h {rest} min"),
    }
}

/// `约 950 米`, `约 1.2 公里`; `about 950 m`, `about 1.2 km`.
pub fn distance(lang: Lang, metres: f64) -> String {
    let (number, kilometres) = match speech::rounded_distance(metres) {
        (metres, None) => (metres.to_string(), false),
        (whole, Some(0)) => (whole.to_string(), true),
        (whole, Some(tenths)) => (format!("{whole}.{tenths}"), true),
    };
    match (lang, kilometres) {
        (Lang::Zh, false) => format!("约 {number} 米"),
        (Lang::Zh, true) => format!("约 {number} 公里"),
        (Lang::En, false) => format!("about {number} m"),
        (Lang::En, true) => format!("about {number} km"),
    }
}

/// A telephone number in groups: `138 1234 5678`, `010 6234 5678`.
pub fn phone(number: &str) -> String {
    speech::phone_groups(number).join(" ")
}

/// `138****5678`. Of a number that is no mobile number only the last four digits are shown.
pub fn masked_phone(number: &str) -> String {
    let digits: String = crate::phone::parse(number).map_or_else(|_| number.to_owned(), |phone| phone.number);
    let tail = speech::last_digits(&digits);
    if digits.len() == 11 && digits.starts_with('1') {
        format!("{}****{tail}", &digits[..3])
    } else if digits.len() > 6 {
        format!("****{tail}")
    } else {
        "****".to_owned()
    }
}

/// A code in groups of three: `802 117`.
pub fn code(code: &str) -> String {
    speech::code_groups(code).join(" ")
}

/// `张女士`, `Ms Zhang`; when the sex is not known `尾号 5678 的顾客`, `customer …5678`.
pub fn customer(lang: Lang, name: &str, sex: Sex, phone: &str) -> String {
    let tail = speech::last_digits(phone);
    match (lang, sex) {
        (Lang::Zh, _) => match speech::titled(name, sex) {
            Some(titled) => titled,
            None if tail.len() == 4 => format!("尾号 {tail} 的顾客"),
            None => speech::customer(name, sex, ""),
        },
        (Lang::En, Sex::Female) if !name.trim().is_empty() => format!("Ms {}", pinyin::surname_latin(name)),
        (Lang::En, Sex::Male) if !name.trim().is_empty() => format!("Mr {}", pinyin::surname_latin(name)),
        (Lang::En, _) if tail.len() == 4 => format!("customer …{tail}"),
        (Lang::En, _) => "customer".to_owned(),
    }
}

/// `刘师傅`, `Therapist Liu`.
pub fn therapist(lang: Lang, name: &str) -> String {
    match lang {
        Lang::Zh => speech::therapist(name),
        Lang::En => format!("Therapist {}", pinyin::surname_latin(name))
            .trim_end()
            .to_owned(),
    }
}

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

fn english_time(minutes: Minutes) -> String {
    let minutes = minutes.max(0);
    let (hour, minute, next) = (
        minutes / 60 % 24,
        minutes % 60,
        if minutes > 1440 { " next day" } else { "" },
    );
    let half = if hour < 12 { "am" } else { "pm" };
    match (hour, minute) {
        (0, 0) => "midnight".to_owned(),
        (12, 0) => "noon".to_owned(),
        (_, 0) => format!("{} {half}{next}", (hour + 11) % 12 + 1),
        _ => format!("{}:{minute:02} {half}{next}", (hour + 11) % 12 + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(show: impl Fn(Lang) -> String) -> [String; 2] {
        Lang::ALL.map(show)
    }

    #[test]
    fn times_and_hours() {
        assert_eq!(both(|lang| time(lang, 900)), ["下午 3 点", "3 pm"]);
        assert_eq!(both(|lang| time(lang, 905)), ["下午 3 点 05 分", "3:05 pm"]);
        assert_eq!(both(|lang| time(lang, 570)), ["上午 9 点半", "9:30 am"]);
        assert_eq!(both(|lang| time(lang, 720)), ["中午 12 点", "noon"]);
        assert_eq!(both(|lang| time(lang, 1440)), ["夜里 12 点", "midnight"]);
        assert_eq!([clock(900), clock(1470)], ["15:00", "24:30"]);
        assert_eq!(
            both(|lang| hours(lang, 720, 1440)),
            ["12:00–24:00", "12:00–24:00"]
        );
        assert_eq!(
            both(|lang| hours(lang, 720, 1560)),
            ["12:00–次日 02:00", "12:00–02:00 next day"]
        );
    }

    #[test]
    fn dates() {
        let today = Day::parse("2026-11-22").unwrap();
        assert_eq!(
            both(|lang| date(lang, today)),
            ["11 月 22 日 星期日", "Sun 22 Nov"]
        );
        assert_eq!(
            both(|lang| full_date(lang, today)),
            ["2026 年 11 月 22 日", "22 Nov 2026"]
        );
        assert_eq!(both(|lang| day(lang, today.plus(1), today)), ["明天", "tomorrow"]);
        assert_eq!(
            both(|lang| when(lang, today, 900, today)),
            ["今天下午 3 点", "today 3 pm"]
        );
        assert_eq!(
            both(|lang| when(lang, today, 1560, today)),
            ["明天凌晨 2 点", "tomorrow 2 am"]
        );
        let far = both(|lang| when(lang, today.plus(10), 900, today));
        assert_eq!(far, ["12 月 2 日 星期三 下午 3 点", "Wed 2 Dec 3 pm"]);
    }

    #[test]
    fn amounts_lengths_distances() {
        assert_eq!([money(Money(12_850)), money(Money(1200))], ["¥128.50", "¥12"]);
        assert_eq!(
            both(|lang| money_words(lang, Money(12_850))),
            ["128.50 元", "128.50 yuan"]
        );
        assert_eq!(both(|lang| duration(lang, 60)), ["60 分钟", "60 min"]);
        assert_eq!(both(|lang| duration(lang, 150)), ["2 个半小时", "2 h 30 min"]);
        assert_eq!(both(|lang| distance(lang, 950.0)), ["约 950 米", "about 950 m"]);
        assert_eq!(
            both(|lang| distance(lang, 1200.0)),
            ["约 1.2 公里", "about 1.2 km"]
        );
    }

    #[test]
    fn numbers_and_people() {
        assert_eq!(phone("13812345678"), "138 1234 5678");
        assert_eq!(phone("010-62345678"), "010 6234 5678");
        assert_eq!(masked_phone("+86 138-1234-5678"), "138****5678");
        assert_eq!(
            [masked_phone("01062345678"), masked_phone("12385")],
            ["****5678", "****"]
        );
        assert_eq!(code("802117"), "802 117");
        let shown = |sex| both(|lang| customer(lang, "曾丽", sex, "13812345678"));
        assert_eq!(shown(Sex::Female), ["曾女士", "Ms Zeng"]);
        assert_eq!(shown(Sex::Unknown), ["尾号 5678 的顾客", "customer …5678"]);
        assert_eq!(
            both(|lang| therapist(lang, "欧阳建国")),
            ["欧阳师傅", "Therapist Ouyang"]
        );
    }

    #[test]
    fn the_visible_chinese_reads_as_it_is_spoken() {
        let today = Day::parse("2026-11-22").unwrap();
        for minutes in (0..1620).step_by(5) {
            let spoken = speech::read(&time(Lang::Zh, minutes));
            assert_eq!(spoken.replace(' ', ""), speech::time(minutes), "{minutes}");
            let shown = when(Lang::Zh, today, minutes, today);
            assert_eq!(
                speech::read(&shown).replace(' ', ""),
                speech::when(today, minutes, today),
                "{minutes}"
            );
        }
        for metres in [80.0, 950.0, 1234.0, 2000.0, 2200.0] {
            assert_eq!(
                speech::read(&distance(Lang::Zh, metres)),
                speech::distance(metres)
            );
        }
        for minutes in [2, 30, 60, 120, 150, 135] {
            assert_eq!(
                speech::read(&duration(Lang::Zh, minutes)),
                speech::duration(minutes)
            );
        }
    }
}
