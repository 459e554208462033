//! How people are addressed.

use super::numbers::tail;
use crate::pinyin;

/// What decides between 女士 and 先生.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sex {
    /// 女士.
    Female,
    /// 先生.
    Male,
    /// Neither is said; the customer is known by the tail of the phone number.
    #[default]
    Unknown,
}

/// A customer: 张女士, 欧阳先生; when the sex is not known 尾号五六七八的顾客. A name that brings its own title
/// (王阿姨) stays.
pub fn customer(name: &str, sex: Sex, phone: &str) -> String {
    titled(name, sex).unwrap_or_else(|| match last_digits(phone).len() {
        4 => format!("{}的顾客", tail(phone)),
        _ if name.trim().is_empty() => "顾客".to_owned(),
        _ => format!("{}顾客", name.trim()),
    })
}

/// A therapist of a health-massage shop: 刘师傅. Never 大夫 or 医生: those are medical titles.
pub fn therapist(name: &str) -> String {
    addressed(name, "师傅")
}

/// A therapist where the shop says 老师: 刘老师.
pub fn teacher(name: &str) -> String {
    addressed(name, "老师")
}

/// The customer's name with the title that goes with it, if any does.
pub(crate) fn titled(name: &str, sex: Sex) -> Option<String> {
    let name = name.trim();
    let has_title = TITLES
        .iter()
        .any(|title| name.strip_suffix(title).is_some_and(|rest| !rest.is_empty()));
    match sex {
        _ if name.is_empty() => None,
        _ if has_title => Some(name.to_owned()),
        Sex::Female => Some(addressed(name, "女士")),
        Sex::Male => Some(addressed(name, "先生")),
        Sex::Unknown => None,
    }
}

/// The last four digits of a number, fewer when it is shorter.
pub(crate) fn last_digits(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    digits[digits.len().saturating_sub(4)..].iter().collect()
}

const TITLES: [&str; 9] = [
    "女士", "先生", "小姐", "老师", "师傅", "阿姨", "大爷", "大妈", "叔叔",
];

fn addressed(name: &str, title: &str) -> String {
    let name = name.trim();
    if name.is_empty() || name.ends_with(title) {
        return if name.is_empty() {
            title.to_owned()
        } else {
            name.to_owned()
        };
    }
    let surname = pinyin::surname(name);
    let gap = if surname.is_ascii() { " " } else { "" };
    format!("{surname}{gap}{title}")
}
