//! The protocols of WeChat for a service provider: the official account (公众平台, [`oa`]) and WeChat Pay
//! API v3 ([`pay`]).
//!
//! The crate does no hidden I/O: requests leave through a [`Transport`], time and nonces are given by the
//! caller, access tokens are kept in a [`oa::TokenStore`]. It is synchronous.
//!
//! Words defined here:
//! - [`Outcome`]: what is known after a call that moves money or an order. *Unknown* is an outcome of its own.
//! - [`Verified`]: a value whose signature was checked; only this crate can make one.
//! - [`Secret`]: a value that cannot be printed.
//! - [`At`]: the moment of a call and the time it may take.

mod crypto;
mod der;
pub mod oa;
mod outcome;
pub mod pay;
mod secret;
#[cfg(test)]
mod tests;
mod transport;
mod url;
mod verified;

use std::time::Duration;

/// Compiles the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub use outcome::{Cause, Outcome};
pub use secret::Secret;
pub use transport::{BodyLimit, HttpTransport, Transport, TransportError};
pub use verified::Verified;

/// The base addresses of the three hosts, without a trailing slash.
///
/// The defaults are the real ones; a test environment puts its own addresses here.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Endpoints {
    /// The official account's API, `https://api.weixin.qq.com`.
    pub api: String,
    /// The page that asks a person for consent, `https://open.weixin.qq.com`.
    pub open: String,
    /// WeChat Pay, `https://api.mch.weixin.qq.com`.
    pub pay: String,
}

impl Default for Endpoints {
    fn default() -> Self {
        Self {
            api: "https://api.weixin.qq.com".to_owned(),
            open: "https://open.weixin.qq.com".to_owned(),
            pay: "https://api.mch.weixin.qq.com".to_owned(),
        }
    }
}

/// The moment of a call, and how long it may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// Seconds since 1970-01-01 UTC by the caller's clock.
    pub now_s: i64,
    /// From the first byte to the last; after it the outcome is unknown.
    pub deadline: Duration,
}

impl At {
    /// A call at this moment with the usual deadline of ten seconds.
    pub fn now(now_s: i64) -> Self {
        Self {
            now_s,
            deadline: Duration::from_secs(10),
        }
    }
}
