use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::order::{JsapiOrder, check_notify_url};
use super::{ApiError, OutTradeNo, Payee};
use crate::{At, Outcome, Verified};

/// WeChat Pay takes no expiry later than 90 days; some pages for platforms say 15.
const LONGEST_S: i64 = 90 * 86_400;

/// An order that names no payer: paid by scanning a code (Native; `/v3/pay/transactions/native`) or in a browser outside
/// WeChat (H5; `/v3/pay/transactions/h5`). The rules are those of [`JsapiOrder`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenOrder {
    /// Our number.
    pub out_trade_no: OutTradeNo,
    /// What the person reads when paying: 1 to 127 bytes.
    pub description: String,
    /// The amount in fen, at least 1.
    pub total_fen: i64,
    /// Where notices go: https (http in a test environment), at most 255 bytes, no query.
    pub notify_url: String,
    /// Seconds since 1970-01-01 UTC after which nobody can pay.
    pub time_expire_s: Option<i64>,
    /// Comes back in queries and notices: at most 128 bytes.
    pub attach: Option<String>,
    /// Whether the money is held back to be shared.
    pub profit_sharing: bool,
}

/// Where a person pays in a browser (`scene_info` of H5 orders).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct H5Scene {
    /// The person's address as our server saw it; WeChat compares it with the one it sees itself.
    pub payer_client_ip: std::net::IpAddr,
    /// The kind of page.
    pub kind: H5Kind,
}

/// The kind of page or program that an H5 order is paid from (`h5_info.type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum H5Kind {
    /// A page in a browser.
    Wap,
    /// A page in an iOS program.
    Ios,
    /// A page in an Android program.
    Android,
}

/// What to draw as a QR code; good for two hours.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CodeUrl {
    /// `weixin://wxpay/bizpayurl?…`
    pub code_url: String,
}

/// Where to send the browser; good for five minutes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct H5Url {
    /// `https://wx.tenpay.com/…`
    pub h5_url: String,
}

impl Payee<'_> {
    /// Makes an order that is paid by scanning, or finds the same one again.
    pub fn prepay_native(&self, at: At, nonce: &str, order: &OpenOrder) -> Outcome<CodeUrl> {
        match self.order_body(&order.terms(), at.now_s) {
            Ok(body) => self.prepay(at, nonce, "native", &Value::Object(body)),
            Err(wrong) => Outcome::Refused(ApiError::local(wrong)),
        }
    }

    /// Makes an order that is paid in a browser outside WeChat, or finds the same one again.
    pub fn prepay_h5(&self, at: At, nonce: &str, order: &OpenOrder, scene: &H5Scene) -> Outcome<H5Url> {
        match self.order_body(&order.terms(), at.now_s) {
            Ok(mut body) => {
                body.insert("scene_info".to_owned(), scene.json());
                self.prepay(at, nonce, "h5", &Value::Object(body))
            }
            Err(wrong) => Outcome::Refused(ApiError::local(wrong)),
        }
    }

    pub(super) fn prepay<T: serde::de::DeserializeOwned>(
        &self,
        at: At,
        nonce: &str,
        kind: &str,
        body: &Value,
    ) -> Outcome<T> {
        let path = format!("{}/{kind}", self.orders());
        self.pay.post(at, nonce, &path, body).map(Verified::into_inner)
    }

    /// What the bodies of all kinds of orders share.
    pub(super) fn order_body(
        &self,
        terms: &Terms<'_>,
        now_s: i64,
    ) -> Result<Map<String, Value>, &'static str> {
        terms.check(now_s)?;
        let mut body = self.appids();
        body.extend(self.mchids());
        let mut set = |name: &str, value: Value| drop(body.insert(name.to_owned(), value));
        set("description", json!(terms.description));
        set("out_trade_no", json!(terms.out_trade_no.as_str()));
        set("notify_url", json!(terms.notify_url));
        set("amount", json!({"total": terms.total_fen, "currency": "CNY"}));
        if let Some(seconds) = terms.time_expire_s {
            set(
                "time_expire",
                json!(rfc3339(seconds).ok_or("the expiry is no time")?),
            );
        }
        if let Some(attach) = terms.attach {
            set("attach", json!(attach));
        }
        if terms.profit_sharing {
            set("settle_info", json!({"profit_sharing": true}));
        }
        Ok(body)
    }
}

/// What all kinds of orders have in common.
pub(super) struct Terms<'a> {
    out_trade_no: &'a OutTradeNo,
    description: &'a str,
    total_fen: i64,
    notify_url: &'a str,
    time_expire_s: Option<i64>,
    attach: Option<&'a str>,
    profit_sharing: bool,
}

impl OpenOrder {
    fn terms(&self) -> Terms<'_> {
        Terms {
            out_trade_no: &self.out_trade_no,
            description: &self.description,
            total_fen: self.total_fen,
            notify_url: &self.notify_url,
            time_expire_s: self.time_expire_s,
            attach: self.attach.as_deref(),
            profit_sharing: self.profit_sharing,
        }
    }
}

impl JsapiOrder {
    pub(super) fn terms(&self) -> Terms<'_> {
        Terms {
            out_trade_no: &self.out_trade_no,
            description: &self.description,
            total_fen: self.total_fen,
            notify_url: &self.notify_url,
            time_expire_s: self.time_expire_s,
            attach: self.attach.as_deref(),
            profit_sharing: self.profit_sharing,
        }
    }
}

impl Terms<'_> {
    fn check(&self, now_s: i64) -> Result<(), &'static str> {
        // The documents say characters in one place and bytes in another; bytes are the safe reading.
        if self.description.trim().is_empty() || self.description.len() > 127 {
            return Err("a description has 1 to 127 bytes");
        }
        if self
            .attach
            .is_some_and(|attach| attach.is_empty() || attach.len() > 128)
        {
            return Err("an attachment has 1 to 128 bytes");
        }
        if self.total_fen < 1 {
            return Err("an amount is at least one fen");
        }
        if self
            .time_expire_s
            .is_some_and(|expire_s| expire_s.saturating_sub(now_s) > LONGEST_S)
        {
            return Err("an order ends within 90 days");
        }
        check_notify_url(self.notify_url)
    }
}

impl H5Scene {
    fn json(&self) -> Value {
        let kind = match self.kind {
            H5Kind::Wap => "Wap",
            H5Kind::Ios => "iOS",
            H5Kind::Android => "Android",
        };
        json!({"payer_client_ip": self.payer_client_ip.to_string(), "h5_info": {"type": kind}})
    }
}

/// As `2018-06-08T10:34:56+08:00`, the form that every page of the document shows.
fn rfc3339(seconds: i64) -> Option<String> {
    let beijing = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    let time = jiff::Timestamp::from_second(seconds).ok()?.to_zoned(beijing);
    Some(time.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
}
