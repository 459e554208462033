//! The account's own affairs with the interface: `doc/service/api/apimanage/`.

use serde::Deserialize;
use serde_json::json;

use super::request::Request;
use super::{Account, Error};
use crate::At;

/// How often an interface may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Quota {
    /// Today's.
    #[serde(rename = "quota")]
    pub daily: DailyQuota,
    /// The limit of its rate, if there is one.
    #[serde(default)]
    pub rate_limit: Option<RateLimit>,
    /// The same for a platform that calls for the account.
    #[serde(default)]
    pub component_rate_limit: Option<RateLimit>,
}

/// What of a day's calls is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct DailyQuota {
    /// A day's calls; 0 without a limit.
    pub daily_limit: i64,
    /// Those made.
    pub used: i64,
    /// Those left.
    pub remain: i64,
}

/// A limit of rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RateLimit {
    /// Calls in a period.
    pub call_count: i64,
    /// The period, in seconds.
    pub refresh_second: i64,
}

/// What WeChat remembers of a refused call, for seven days.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RefusedCall {
    /// Seconds since 1970-01-01 UTC.
    pub invoke_time: i64,
    /// Milliseconds that it took.
    pub cost_in_ms: i64,
    /// The query of the request; WeChat masks the token.
    #[serde(default)]
    pub request_url: String,
    /// The body that was sent.
    #[serde(default)]
    pub request_body: String,
    /// The body that was answered.
    #[serde(default)]
    pub response_body: String,
    /// Where the call came from.
    #[serde(default)]
    pub client_ip: String,
}

impl Account {
    /// How often an interface may be called; `path` as `/cgi-bin/message/custom/send`.
    ///
    /// # Errors
    /// [`Error::Invalid`] unless the path begins with a slash; 76021 no such path, 76022 not this account's.
    pub fn quota(&self, at: At, path: &str) -> Result<Quota, Error> {
        if !path.starts_with('/') {
            return Err(Error::Invalid("the path of an interface begins with a slash"));
        }
        self.call(
            at,
            &Request::post("/cgi-bin/openapi/quota/get", json!({"cgi_path": path})),
        )
    }

    /// Sets the day's calls of all interfaces back to none, ten times a month.
    ///
    /// # Errors
    /// 48006 ten times already.
    pub fn clear_quota(&self, at: At) -> Result<(), Error> {
        let body = json!({"appid": self.credentials.appid});
        self.order(at, &Request::post("/cgi-bin/clear_quota", body))
    }

    /// The same with the app secret, for when not even a token can be had any more. Counts with [`Self::clear_quota`].
    ///
    /// # Errors
    /// As [`Self::clear_quota`]; 41004, 40125 the secret is wrong.
    pub fn clear_quota_by_secret(&self, at: At) -> Result<(), Error> {
        // The document's table says body, its example (and the older page in so many words) says query.
        let query = [
            ("appid", self.credentials.appid.as_str()),
            ("appsecret", self.credentials.secret.expose().as_str()),
        ];
        let request = Request::post("/cgi-bin/clear_quota/v2", json!({})).with_query(&query);
        self.exchange::<serde_json::Value>(at, &request).map(drop)
    }

    /// What WeChat remembers of a call, by the `rid` at the end of an error's message.
    ///
    /// # Errors
    /// 76001 no such rid, 76002 not this account's, 76003 no longer kept.
    pub fn refused_call(&self, at: At, rid: &str) -> Result<RefusedCall, Error> {
        #[derive(Deserialize)]
        struct Answer {
            request: RefusedCall,
        }
        self.call::<Answer>(
            at,
            &Request::post("/cgi-bin/openapi/rid/get", json!({"rid": rid})),
        )
        .map(|answer| answer.request)
    }
}

impl Error {
    /// WeChat's number of the refused call, for [`Account::refused_call`] and its support.
    pub fn rid(&self) -> Option<&str> {
        let Self::Api { message, .. } = self else {
            return None;
        };
        let (_, rest) = message.split_once("rid:")?;
        rest.split_whitespace().next()
    }
}
