//! Readings that forgive what WeChat's answers vary in: a number or its text, 0/1 or a truth value.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A text that some interfaces write as a number, such as message numbers beyond 2^53.
pub(super) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    match Value::deserialize(from)? {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(serde::de::Error::custom("neither a text nor a number")),
    }
}

/// The same for what may be missing.
pub(super) fn maybe_text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// A truth value written as 0 or 1.
pub(super) fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    match Value::deserialize(from)? {
        Value::Bool(flag) => Ok(flag),
        Value::Number(number) => Ok(number.as_i64() != Some(0)),
        _ => Err(serde::de::Error::custom("neither 0 nor 1")),
    }
}
