//! Reading any Chinese text with digits in it as a person would.

use super::numbers::{DIGITS, cardinal, code, count, digits, money, numbered, ordinal, phone};
use super::times::{date, time, year};
use kernel::{Day, Money};

/// The text with every number in words: `2 个待确认，15:00，¥128.50` becomes 两个待确认，下午三点，一百二十八元五角.
///
/// Times, dates, amounts, telephone numbers, codes, room numbers, percentages and counts are known by their shape
/// and by the word before or after them. What holds no digit comes back as it is.
pub fn read(text: &str) -> String {
    let signs: Vec<char> = text.chars().map(plain_digit).collect();
    let mut reading = Reading {
        signs: &signs,
        at: 0,
        words: String::with_capacity(text.len() * 2),
    };
    while let Some(&sign) = signs.get(reading.at) {
        let amount = matches!(sign, '¥' | '￥') && reading.digit_at(reading.at + 1);
        if amount {
            reading.at += 1;
        }
        if amount || sign.is_ascii_digit() {
            reading.number(amount);
        } else {
            reading.words.push(sign);
            reading.at += 1;
        }
    }
    reading.words
}

struct Reading<'a> {
    signs: &'a [char],
    at: usize,
    words: String,
}

impl Reading<'_> {
    /// Reads the number that begins here, whatever it is.
    fn number(&mut self, amount: bool) {
        let run = self.run(self.at, |c| c.is_ascii_digit());
        if !amount {
            // A space between hanzi and digits is for the eye.
            let before = self.words.trim_end_matches(' ');
            if before.ends_with(is_hanzi) {
                self.words.truncate(before.len());
            }
            if self.calendar_date() || self.time_of_day(&run) || self.telephone(&run) {
                return;
            }
        }
        let run = self.grouped(run);
        let fraction = self.fraction(&run);
        let spoken = self.spoken(&run, fraction.as_deref(), amount);
        self.words += &spoken;
        self.range();
        // A space between digits and hanzi, likewise.
        if self.signs.get(self.at) == Some(&' ') && self.signs.get(self.at + 1).copied().is_some_and(is_hanzi)
        {
            self.at += 1;
        }
    }

    /// `2026-11-22`.
    fn calendar_date(&mut self) -> bool {
        let text: String = self.signs[self.at..].iter().take(10).collect();
        let Some(day) = Day::parse(&text).filter(|_| text.len() == 10 && !self.digit_at(self.at + 10)) else {
            return false;
        };
        let spoken = date(day);
        let without_weekday = spoken.split('，').next().unwrap_or(&spoken);
        self.words += &year(day.ymd().0);
        self.words += without_weekday;
        self.at += 10;
        true
    }

    /// `15:00`, and the dash of `12:00–24:00`.
    fn time_of_day(&mut self, hour: &str) -> bool {
        let colon = self.at + hour.len();
        let minute = self.run(colon + 1, |c| c.is_ascii_digit());
        let is_time =
            hour.len() <= 2 && matches!(self.signs.get(colon), Some(':' | '：')) && minute.len() == 2;
        let (Ok(hour), Ok(minute)) = (hour.parse::<i64>(), minute.parse::<i64>()) else {
            return false;
        };
        if !is_time || hour > 30 || minute > 59 {
            return false;
        }
        self.words += &time(hour * 60 + minute);
        self.at = colon + 3;
        self.range();
        true
    }

    /// The dash of `1-2` and of `12:00–次日 02:00`.
    fn range(&mut self) {
        let goes_on = self.digit_at(self.at + 1) || self.signs.get(self.at + 1) == Some(&'次');
        if matches!(self.signs.get(self.at), Some('-' | '–' | '—' | '~' | '～')) && goes_on {
            self.words.push('到');
            self.at += 1;
        }
    }

    /// The digits of `1,200` without the commas, which are passed over; other runs as they are.
    fn grouped(&mut self, run: String) -> String {
        let long = self.run(self.at, |c| c.is_ascii_digit() || c == ',');
        let mut groups = long.split(',');
        let first = groups.next().is_some_and(|group| (1..=3).contains(&group.len()));
        if !first || !long.contains(',') || !groups.all(|group| group.len() == 3) {
            return run;
        }
        let digits = long.replace(',', "");
        self.at += long.len() - digits.len();
        digits
    }

    /// `13812345678`, `010-62345678`, `400-810-8888`, `138 1234 5678`, `138****5678`.
    fn telephone(&mut self, run: &str) -> bool {
        let masked = self.run(self.at + run.len(), |c| c == '*');
        if masked.len() >= 3 {
            let tail = self.run(self.at + run.len() + masked.len(), |c| c.is_ascii_digit());
            self.at += run.len() + masked.len() + tail.len();
            self.words = format!("{}尾号{}", self.words, digits(&tail));
            return true;
        }
        let dashed = self.run(self.at, |c| c.is_ascii_digit() || c == '-');
        let spaced = self.run(self.at, |c| c.is_ascii_digit() || c == ' ');
        for shape in [dashed, spaced] {
            let number = shape.trim_end_matches(['-', ' ']);
            let figures = number.chars().filter(char::is_ascii_digit).count();
            if figures >= 7 && crate::phone::parse(number).is_ok() && !self.follows_code_word() {
                self.words += &phone(number);
                self.at += number.len();
                return true;
            }
        }
        false
    }

    /// The digits behind a decimal point, if there is one; moves past the number.
    fn fraction(&mut self, run: &str) -> Option<String> {
        self.at += run.len();
        let fraction = self.run(self.at + 1, |c| c.is_ascii_digit());
        (self.signs.get(self.at) == Some(&'.') && !fraction.is_empty()).then(|| {
            self.at += 1 + fraction.len();
            fraction
        })
    }

    fn spoken(&mut self, run: &str, fraction: Option<&str>, amount: bool) -> String {
        let unit: String = self.signs[self.at..]
            .iter()
            .skip_while(|c| **c == ' ')
            .take(2)
            .collect();
        let first = unit.chars().next();
        if amount || first == Some('元') {
            return self.amount(run, fraction, amount).unwrap_or_else(|| digits(run));
        }
        let percent = matches!(first, Some('%' | '％'));
        if percent {
            self.at += 1;
        }
        let Some(number) = run.parse::<u64>().ok().filter(|_| run.len() <= 16) else {
            return digits(run);
        };
        let prefix = if percent { "百分之" } else { "" };
        if let Some(fraction) = fraction {
            return format!("{prefix}{}点{}", cardinal(number), one_by_one(fraction));
        }
        if percent {
            return format!("{prefix}{}", cardinal(number));
        }
        if self.words.ends_with('第') {
            self.words.pop();
            return ordinal(number);
        }
        self.counted(run, number, first)
    }

    /// A number known by the words around it.
    fn counted(&self, run: &str, number: u64, unit: Option<char>) -> String {
        if self.words.ends_with("尾号") {
            return digits(run);
        }
        if run.len() >= 4 && self.follows_code_word() {
            return code(run);
        }
        match unit {
            Some('年') if run.len() == 4 => one_by_one(run),
            Some('号') => numbered(number, ""),
            Some('分') if run.starts_with('0') && number > 0 => format!("零{}", cardinal(number)),
            Some(unit) if ORDINAL_UNITS.contains(unit) => cardinal(number),
            _ if run.len() > 1 && run.starts_with('0') => digits(run),
            Some(unit) if is_hanzi(unit) => count(number, ""),
            _ if run.len() >= 7 => code(run),
            _ if run.len() >= 5 => digits(run),
            _ => cardinal(number),
        }
    }

    /// `¥128.50` or `128.5 元`, with its unit; more than two decimals are no amount.
    fn amount(&mut self, run: &str, fraction: Option<&str>, sign: bool) -> Option<String> {
        let fen = match fraction.map(str::as_bytes) {
            None => 0,
            Some([jiao]) => i64::from(jiao - b'0') * 10,
            Some([jiao, fen]) => i64::from(jiao - b'0') * 10 + i64::from(fen - b'0'),
            Some(_) => return None,
        };
        let yuan: i64 = run.parse().ok()?;
        let rest = &self.signs[self.at..];
        let spaces = rest.iter().take_while(|c| **c == ' ').count();
        if rest.get(spaces) == Some(&'元') {
            self.at += spaces + 1;
        } else if !sign {
            return None;
        }
        Some(money(Money(yuan.checked_mul(100)?.checked_add(fen)?)))
    }

    /// Whether the number is a code or a serial number by the word before it.
    fn follows_code_word(&self) -> bool {
        let before = self.words.trim_end_matches([' ', ':', '：', '是', '为']);
        ["码", "编号", "订单", "订单号", "卡号", "单号"]
            .iter()
            .any(|word| before.ends_with(word))
            && !before.ends_with("号码")
    }

    fn run(&self, from: usize, belongs: impl Fn(char) -> bool) -> String {
        self.signs
            .iter()
            .skip(from)
            .copied()
            .take_while(|c| belongs(*c))
            .collect()
    }

    fn digit_at(&self, at: usize) -> bool {
        self.signs.get(at).is_some_and(char::is_ascii_digit)
    }
}

/// Units that follow an ordinal: 2 before them is 二.
const ORDINAL_UNITS: &str = "月日楼层级路期版届班线号度室栋座";

fn one_by_one(run: &str) -> String {
    run.bytes()
        .map(|digit| DIGITS[usize::from(digit - b'0')])
        .collect()
}

fn is_hanzi(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

fn plain_digit(c: char) -> char {
    match c {
        '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
        _ => c,
    }
}
