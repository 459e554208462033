use serde::Serialize;

use super::{Account, Error};
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
        Ok(self.signed(&ticket, nonce, at.now_s, url))
    }

    /// The same from the ticket that is at hand, without any waiting: for pages that are made where a thread must not
    /// block. `None` when no living ticket is known here; [`Self::jsapi_ticket`], called now and then (every three
    /// minutes is enough), sees to one.
    pub fn page_config_at_hand(&self, now_s: i64, nonce: &str, url: &str) -> Option<PageConfig> {
        let ticket = self.tokens.at_hand(&self.ticket_key())?;
        (ticket.expires_at_s > now_s).then(|| self.signed(&ticket.value, nonce, now_s, url))
    }

    fn signed(&self, ticket: &Secret<String>, nonce: &str, timestamp: i64, url: &str) -> PageConfig {
        PageConfig {
            app_id: self.credentials.appid.clone(),
            timestamp,
            nonce_str: nonce.to_owned(),
            signature: page_signature(ticket, nonce, timestamp, url),
        }
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
