use serde::{Deserialize, Serialize};

use super::account::Request;
use super::{Account, Error, StoredToken};
use crate::{At, Secret, crypto};

/// What `wx.config` of the JS-SDK wants, named as it wants it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PageConfig {
    /// The account.
    pub app_id: String,
    /// Seconds since 1970-01-01 UTC.
    pub timestamp: i64,
    /// The nonce that was signed.
    pub nonce_str: String,
    /// SHA-1, hex.
    pub signature: String,
}

impl Account {
    /// The signature that lets a page call the JS-SDK. `url` is the address as the browser shows it; what
    /// follows `#` is left out. On iOS that is the address at which the web view was entered.
    ///
    /// # Errors
    /// As every call; the ticket is fetched when it is not stored.
    pub fn page_config(&self, at: At, nonce: &str, url: &str) -> Result<PageConfig, Error> {
        let ticket = self.jsapi_ticket(at)?;
        Ok(PageConfig {
            app_id: self.credentials.appid.clone(),
            timestamp: at.now_s,
            nonce_str: nonce.to_owned(),
            signature: page_signature(&ticket, nonce, at.now_s, url),
        })
    }

    /// The JS-SDK ticket, good for two hours, from the store or fetched.
    ///
    /// # Errors
    /// As every call.
    pub fn jsapi_ticket(&self, at: At) -> Result<Secret<String>, Error> {
        #[derive(Deserialize)]
        struct Answer {
            ticket: Secret<String>,
            expires_in: i64,
        }
        let key = format!("jsapi_ticket:{}", self.credentials.appid);
        if let Some(ticket) = self.stored(&key, at) {
            return Ok(ticket);
        }
        // Fetched outside the lock that the access token needs: two tickets side by side are both valid.
        let answer: Answer = self.call(
            at,
            &Request::get("/cgi-bin/ticket/getticket", &[("type", "jsapi")]),
        )?;
        let ticket = StoredToken {
            value: answer.ticket.clone(),
            expires_at_s: at.now_s + answer.expires_in,
        };
        self.keep(&key, ticket);
        Ok(answer.ticket)
    }
}

/// `sha1("jsapi_ticket=T&noncestr=N&timestamp=S&url=U")`, with the address raw and without its fragment
/// (`doc/service/guide/h5/jssdk.html`, appendix 1).
pub fn page_signature(ticket: &Secret<String>, nonce: &str, timestamp: i64, url: &str) -> String {
    let page = url.split('#').next().unwrap_or_default();
    let text = format!(
        "jsapi_ticket={}&noncestr={nonce}&timestamp={timestamp}&url={page}",
        ticket.expose()
    );
    crypto::sha1_hex(text.as_bytes())
}
