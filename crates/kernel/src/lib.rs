//! The values every part of Tuina shares: identifiers, money, time, who asks, and how an answer says no.
//!
//! Nothing here does I/O: time and chance come in through a [`World`] that the program builds once. Every
//! action receives a [`Cx`] made from it, so the same action replays exactly in tests and simulation.

mod coded;
mod cx;
mod error;
mod id;
mod money;
mod time;

pub use coded::UnknownCode;
pub use cx::{Actor, Cx, Role, ShopScope, World};
pub use error::{Error, Refused, Result};
pub use id::{BadId, Customer, Id, Shop, Staff};
pub use money::Money;
#[doc(hidden)]
pub use serde;
pub use time::{Day, HOUR_MS, Instant, MINUTE_MS, Minutes};

/// A language of the surfaces. Chinese comes first; English stands beside it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, PartialOrd, Ord)]
pub enum Lang {
    /// Simplified Chinese as written and spoken in Beijing.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Every language, the default first.
    pub const ALL: [Lang; 2] = [Lang::Zh, Lang::En];

    /// The BCP 47 tag, as in `<html lang>`.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    /// The language of a BCP 47 tag or `Accept-Language` head; `None` when it is neither Chinese nor English.
    pub fn from_tag(tag: &str) -> Option<Lang> {
        let tag = tag.trim().to_ascii_lowercase();
        if tag.starts_with("zh") {
            Some(Lang::Zh)
        } else if tag.starts_with("en") {
            Some(Lang::En)
        } else {
            None
        }
    }
}

/// A value that must not be seen: it has no `Display`, and `Debug` prints stars.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Hides a value.
    pub fn new(value: T) -> Self {
        Secret(value)
    }

    /// The value itself, for the one place that needs it.
    pub fn reveal(&self) -> &T {
        &self.0
    }
}

impl<T> std::fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl<'de, T: serde::Deserialize<'de>> serde::Deserialize<'de> for Secret<T> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        T::deserialize(from).map(Secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_cannot_be_printed() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "***");
    }

    #[test]
    fn languages_are_recognised_by_their_tags() {
        assert_eq!(Lang::from_tag("zh-Hans-CN"), Some(Lang::Zh));
        assert_eq!(Lang::from_tag("en-GB,en;q=0.9"), Some(Lang::En));
        assert_eq!(Lang::from_tag("fr"), None);
    }
}
