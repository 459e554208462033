//! Mandarin as people in Beijing say it: for the live region, for the loudspeaker, and for whoever reads aloud.
//!
//! All functions return hanzi without digits, so that no voice has to guess. 两 or 二: 两 before measure words and
//! before 千 万 亿, 二 in ordinals, dates, floors and digit strings. Digits are read one by one with 幺 for 1.

mod numbers;
mod people;
mod read;
mod times;

pub use numbers::{cardinal, code, count, digits, distance, money, numbered, ordinal, phone, tail};
pub use people::{Sex, customer, teacher, therapist};
pub use read::read;
pub(crate) use times::{clock_parts, named_day, weekday};
pub use times::{date, day, duration, relative_day, time, when, year};

pub(crate) use numbers::{code_groups, phone_groups, rounded_distance};
pub(crate) use people::{last_digits, titled};

#[cfg(test)]
mod tests;
