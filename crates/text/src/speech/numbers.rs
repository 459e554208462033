//! Numbers, money, digit strings, distances.

use crate::phone::{self, Kind};
use kernel::Money;

/// A number as it is counted: 222 is 二百二十二, 1010 is 一千零一十, 2000 is 两千. A lone 2 is 二; with a measure
/// word use [`count`].
pub fn cardinal(number: u64) -> String {
    let mut words = String::new();
    push_cardinal(&mut words, number);
    words
}

/// So many of something: `count(2, "位")` is 两位.
pub fn count(number: u64, measure: &str) -> String {
    let number = if number == 2 {
        "两".to_owned()
    } else {
        cardinal(number)
    };
    number + measure
}

/// 第二.
pub fn ordinal(number: u64) -> String {
    format!("第{}", cardinal(number))
}

/// A thing known by its number: 二号床, 十二号手牌; from three figures on the digits are read: 幺零二号房.
pub fn numbered(number: u64, what: &str) -> String {
    let number = if number >= 100 {
        digits(&number.to_string())
    } else {
        cardinal(number)
    };
    number + what
}

/// Digits one by one, 幺 for 1. Latin letters stay; everything else is left out.
pub fn digits(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c.to_digit(10) {
            Some(1) => Some('幺'),
            Some(digit) => Some(DIGITS[digit as usize]),
            None => c.is_ascii_alphabetic().then(|| c.to_ascii_uppercase()),
        })
        .collect()
}

/// A telephone number in the groups people use: 幺三八，幺二三四，五六七八.
pub fn phone(number: &str) -> String {
    spoken_groups(phone_groups(number))
}

/// A code to be read out, in groups of three: 八零二，幺幺七. Up to five digits stay together.
pub fn code(code: &str) -> String {
    spoken_groups(code_groups(code))
}

/// 尾号五六七八, the last four digits of a number.
pub fn tail(number: &str) -> String {
    format!("尾号{}", digits(super::last_digits(number).as_str()))
}

/// An amount: 一百二十八元五角, 十元零五分. Below nothing begins with 负.
pub fn money(amount: Money) -> String {
    let fen = amount.fen().unsigned_abs();
    let (yuan, jiao, rest) = (fen / 100, fen / 10 % 10, fen % 10);
    let mut words = String::from(if amount.fen() < 0 { "负" } else { "" });
    if yuan > 0 || fen == 0 {
        words += &count(yuan, "元");
    }
    let mut part = |number: u64, unit: &str| {
        // After a larger unit 2 is 二: 五元二角, but 两角.
        let spoken = if yuan > 0 || unit == "分" && jiao > 0 {
            cardinal(number)
        } else {
            count(number, "")
        };
        words.push_str(&spoken);
        words.push_str(unit);
    };
    if jiao > 0 {
        part(jiao, "角");
    }
    if rest > 0 {
        if yuan > 0 && jiao == 0 {
            words.push('零');
            words += &format!("{}分", cardinal(rest));
        } else {
            part(rest, "分");
        }
    }
    words
}

/// A distance as one would tell it: 约九百五十米, 约一点二公里.
pub fn distance(metres: f64) -> String {
    match rounded_distance(metres) {
        (kilometres, Some(0)) => format!("约{}", count(kilometres, "公里")),
        (kilometres, Some(tenths)) => {
            format!("约{}点{}公里", cardinal(kilometres), DIGITS[tenths as usize])
        }
        (metres, None) => format!("约{}", count(metres, "米")),
    }
}

/// Metres rounded to tens, or from 995 m on kilometres and tenths (no tenths from 100 km on).
pub(crate) fn rounded_distance(metres: f64) -> (u64, Option<u64>) {
    let metres = metres.max(0.0);
    if metres < 995.0 {
        return (((metres / 10.0).round() as u64 * 10).max(10), None);
    }
    let tenths = (metres / 100.0).round() as u64;
    if tenths >= 1000 {
        ((metres / 1000.0).round() as u64, Some(0))
    } else {
        (tenths / 10, Some(tenths % 10))
    }
}

/// The groups in which a telephone number is read and written.
pub(crate) fn phone_groups(number: &str) -> Vec<String> {
    let Ok(known) = phone::parse(number) else {
        return code_groups(number);
    };
    let (main, extension) = known.number.split_once('-').unwrap_or((&known.number, ""));
    let lengths: &[usize] = match (known.kind, main.len()) {
        (Kind::Mobile, _) | (Kind::Landline, _) => &[3, 4, 4],
        (Kind::Service, 10) => &[3, 3, 4],
        (Kind::Service, length) => &[length],
    };
    let mut rest = main;
    let mut groups: Vec<String> = lengths
        .iter()
        .map(|&length| {
            let (group, behind) = rest.split_at(length.min(rest.len()));
            rest = behind;
            group.to_owned()
        })
        .collect();
    if !extension.is_empty() {
        groups.push(format!("转{extension}"));
    }
    groups
}

/// Groups of three; a last digit that would stand alone joins the group before it.
pub(crate) fn code_groups(code: &str) -> Vec<String> {
    let signs: Vec<char> = code.chars().filter(char::is_ascii_alphanumeric).collect();
    if signs.len() <= 5 {
        return vec![signs.into_iter().collect()];
    }
    let mut groups: Vec<String> = signs.chunks(3).map(|chunk| chunk.iter().collect()).collect();
    if signs.len() % 3 == 1 {
        let alone = groups.pop().expect("there are at least two groups");
        groups
            .last_mut()
            .expect("there are at least two groups")
            .push_str(&alone);
    }
    groups
}

pub(super) const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

fn spoken_groups(groups: Vec<String>) -> String {
    let spoken: Vec<String> = groups
        .iter()
        .map(|group| match group.strip_prefix('转') {
            Some(extension) => format!("转{}", digits(extension)),
            None => digits(group),
        })
        .collect();
    spoken.join("，")
}

fn push_cardinal(words: &mut String, number: u64) {
    for (size, unit) in [(100_000_000, '亿'), (10_000, '万')] {
        if number >= size {
            let (many, rest) = (number / size, number % size);
            if many == 2 {
                words.push('两')
            } else {
                push_cardinal(words, many)
            }
            words.push(unit);
            if rest > 0 {
                if rest < size / 10 {
                    words.push('零');
                }
                push_cardinal(words, rest);
            }
            return;
        }
    }
    if number == 0 {
        return words.push('零');
    }
    push_below_ten_thousand(words, number as usize);
}

fn push_below_ten_thousand(words: &mut String, number: usize) {
    let (mut rest, mut started, mut gap) = (number, false, false);
    for (size, unit) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = rest / size;
        rest %= size;
        if digit == 0 {
            gap = started;
            continue;
        }
        if gap {
            words.push('零');
        }
        match (digit, size) {
            (2, 1000) => words.push('两'),
            // Ten to nineteen begin with 十, inside a larger number with 一十.
            (1, 10) if words.is_empty() => {}
            _ => words.push(DIGITS[digit]),
        }
        words.push_str(unit);
        (started, gap) = (true, false);
    }
}
