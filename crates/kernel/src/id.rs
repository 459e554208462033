use std::{cmp::Ordering, fmt, hash, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Marks identifiers of customers. The table belongs to `identity`.
#[derive(Debug)]
pub enum Customer {}
/// Marks identifiers of staff accounts. The table belongs to `identity`.
#[derive(Debug)]
pub enum Staff {}
/// Marks identifiers of shops. The table belongs to `shop`.
#[derive(Debug)]
pub enum Shop {}

/// The identifier of a `T`: 63 bits, ordered by the time it was made.
///
/// The upper 41 bits are milliseconds since 2024-01-01 UTC, the lower 22 are random, so identifiers are made
/// without asking the database and cannot be guessed from one another within a few tries. People and addresses see
/// 13 characters of Crockford's base 32, which survives being read aloud.
pub struct Id<T>(i64, PhantomData<fn() -> T>);

const EPOCH_MS: i64 = 1_704_067_200_000;
const RANDOM_BITS: u32 = 22;
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 13;

impl<T> Id<T> {
    /// An identifier for a thing made at `now_ms` (milliseconds UTC), with the random bits given.
    pub fn new(now_ms: i64, random: u64) -> Self {
        let time = (now_ms - EPOCH_MS).max(1) << RANDOM_BITS;
        Id(time | (random & ((1 << RANDOM_BITS) - 1)) as i64, PhantomData)
    }

    /// The identifier stored as `raw`.
    pub const fn from_raw(raw: i64) -> Self {
        Id(raw, PhantomData)
    }

    /// The number as the database stores it.
    pub const fn raw(self) -> i64 {
        self.0
    }

    /// The same number as the identifier of something else, where two things share one key.
    pub const fn of<U>(self) -> Id<U> {
        Id(self.0, PhantomData)
    }
}

/// A text that is no identifier.
#[derive(Debug, PartialEq, Eq)]
pub struct BadId;

impl fmt::Display for BadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an identifier")
    }
}

impl std::error::Error for BadId {}

impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0u8; LENGTH];
        let mut rest = self.0 as u64;
        for place in text.iter_mut().rev() {
            *place = ALPHABET[(rest & 31) as usize];
            rest >>= 5;
        }
        f.write_str(std::str::from_utf8(&text).expect("the alphabet is ASCII"))
    }
}

impl<T> FromStr for Id<T> {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        if text.len() != LENGTH {
            return Err(BadId);
        }
        let mut raw: u64 = 0;
        for byte in text.bytes() {
            let digit = ALPHABET
                .iter()
                .position(|a| *a == byte.to_ascii_lowercase())
                .ok_or(BadId)?;
            raw = raw.checked_mul(32).ok_or(BadId)? | digit as u64;
        }
        i64::try_from(raw).map(Self::from_raw).map_err(|_| BadId)
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> hash::Hash for Id<T> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn text_and_number_are_the_same_identifier(raw in 0..i64::MAX) {
            let id = Id::<Shop>::from_raw(raw);
            prop_assert_eq!(id.to_string().parse(), Ok(id));
        }

        #[test]
        fn later_identifiers_are_larger(ms in 0..4_000_000_000_000i64, a: u64, b: u64) {
            prop_assume!(ms > EPOCH_MS);
            prop_assert!(Id::<Shop>::new(ms, a) < Id::<Shop>::new(ms + 1, b));
        }
    }

    #[test]
    fn what_is_no_identifier_is_refused() {
        for text in [
            "",
            "7",
            "zzzzzzzzzzzzz",
            "../../etc/pas",
            "0000000000u00",
            "00000000000000",
        ] {
            assert_eq!(text.parse::<Id<Shop>>(), Err(BadId), "{text}");
        }
    }
}
