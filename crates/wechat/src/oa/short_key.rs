use serde::Deserialize;
use serde_json::json;

use super::request::Request;
use super::{Account, Error};
use crate::At;

/// What a short key stands for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct LongData {
    /// What was given.
    #[serde(rename = "long_data")]
    pub data: String,
    /// Seconds since 1970-01-01 UTC.
    pub create_time: i64,
    /// How many seconds it lives on.
    pub expire_seconds: i64,
}

impl Account {
    /// Keeps up to 4 KB for up to 30 days and returns a key of 15 characters, for the scene of a QR code and the like.
    /// It replaces the old short addresses (`doc/service/api/qrcode/shorten/api_genshorten`).
    ///
    /// # Errors
    /// [`Error::Invalid`] for data or a time that breaks its rule; 9410010, 9410011.
    pub fn shorten(&self, at: At, data: &str, seconds: u32) -> Result<String, Error> {
        #[derive(Deserialize)]
        struct Answer {
            short_key: String,
        }
        if !(1..=4096).contains(&data.len()) {
            return Err(Error::Invalid("a short key stands for 1 to 4096 bytes"));
        }
        if !(1..=2_592_000).contains(&seconds) {
            return Err(Error::Invalid("a short key lives 1 to 2592000 seconds"));
        }
        let body = json!({"long_data": data, "expire_seconds": seconds});
        self.call::<Answer>(at, &Request::post("/cgi-bin/shorten/gen", body))
            .map(|answer| answer.short_key)
    }

    /// What a key stands for (`doc/service/api/qrcode/shorten/api_fetchshorten`).
    ///
    /// # Errors
    /// 9410012 no such key, or its time is over.
    pub fn fetch_short(&self, at: At, short_key: &str) -> Result<LongData, Error> {
        self.call(
            at,
            &Request::post("/cgi-bin/shorten/fetch", json!({"short_key": short_key})),
        )
    }
}
