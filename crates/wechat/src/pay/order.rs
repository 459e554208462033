use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::client::Call;
use super::{ApiError, OutTradeNo, Payee, Transaction};
use crate::{At, Cause, Outcome, Verified, url};

/// An order that a person pays inside WeChat (JSAPI; doc 4012791856, provider 4012085827).
///
/// Repeating it with the same number needs identical parameters, the time of expiry included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsapiOrder {
    /// Our number.
    pub out_trade_no: OutTradeNo,
    /// What the person reads when paying: 1 to 127 bytes.
    pub description: String,
    /// The amount in fen, at least 1.
    pub total_fen: i64,
    /// Who pays.
    pub payer: Payer,
    /// Where notices go: https (http in a test environment), at most 255 bytes, no query.
    pub notify_url: String,
    /// Seconds since 1970-01-01 UTC after which nobody can pay. WeChat Pay raises less than a minute to one
    /// minute, and takes seven days when none is given.
    pub time_expire_s: Option<i64>,
    /// Comes back in queries and notices: at most 128 bytes.
    pub attach: Option<String>,
    /// Whether the money is held back to be shared.
    pub profit_sharing: bool,
}

/// Who pays, by the openid that the order's account knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payer {
    /// In the account of the caller: `openid` of a direct merchant, `sp_openid` of a provider.
    Caller(String),
    /// In the sub-merchant's account: `sub_openid`; the payee must have a `sub_appid`.
    Sub(String),
}

/// An order that waits to be paid, good for two hours.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PrepayId {
    /// As WeChat Pay wrote it.
    pub prepay_id: String,
}

/// What `WeixinJSBridge.invoke('getBrandWCPayRequest', …)` wants, named as it wants it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PageParams {
    /// The sub-merchant's appid when the order carried it, else the caller's.
    pub app_id: String,
    /// Seconds since 1970-01-01 UTC, as text.
    pub time_stamp: String,
    /// The nonce that was signed.
    pub nonce_str: String,
    /// `prepay_id=…`
    pub package: String,
    /// `RSA`
    pub sign_type: &'static str,
    /// Base64.
    pub pay_sign: String,
}

impl Payee<'_> {
    /// Makes an order, or finds the same one again.
    pub fn prepay_jsapi(&self, at: At, nonce: &str, order: &JsapiOrder) -> Outcome<PrepayId> {
        match self.jsapi_body(order, at.now_s) {
            Ok(body) => self.prepay(at, nonce, "jsapi", &body),
            Err(wrong) => Outcome::Refused(ApiError::local(wrong)),
        }
    }

    /// What the page needs to open the payment sheet; signs `appId\ntimeStamp\nnonceStr\npackage\n`
    /// (doc 4012365339).
    pub fn page_params(&self, prepay: &PrepayId, now_s: i64, nonce: &str) -> PageParams {
        let app_id = self.page_appid().to_owned();
        let package = format!("prepay_id={}", prepay.prepay_id);
        let message = format!("{app_id}\n{now_s}\n{nonce}\n{package}\n");
        PageParams {
            app_id,
            time_stamp: now_s.to_string(),
            nonce_str: nonce.to_owned(),
            package,
            sign_type: "RSA",
            pay_sign: self.pay.merchant.sign(message.as_bytes()),
        }
    }

    /// Finds an order by our number.
    ///
    /// Refused with `ORDER_NOT_EXIST` if there is none.
    pub fn query(&self, at: At, nonce: &str, number: &OutTradeNo) -> Outcome<Verified<Transaction>> {
        let path = format!("{}?{}", self.order_path(number), url::query(&self.pairs()));
        self.pay
            .get(at, nonce, &path)
            .and_then(|found: Verified<Transaction>| {
                if found.out_trade_no == number.as_str() {
                    self.mine(found)
                } else {
                    mismatch("order")
                }
            })
    }

    /// Finds an order by WeChat Pay's number.
    ///
    /// Refused with `ORDER_NOT_EXIST` if there is none.
    pub fn query_by_id(&self, at: At, nonce: &str, transaction_id: &str) -> Outcome<Verified<Transaction>> {
        let path = format!(
            "{}/id/{}?{}",
            self.orders(),
            url::encode(transaction_id),
            url::query(&self.pairs())
        );
        self.pay
            .get(at, nonce, &path)
            .and_then(|found: Verified<Transaction>| {
                if found.transaction_id.as_deref() == Some(transaction_id) {
                    self.mine(found)
                } else {
                    mismatch("order")
                }
            })
    }

    /// Closes an order that is not paid; can be repeated.
    ///
    /// Refused with `ORDER_PAID` if it was paid meanwhile: query it then. `Done` means that WeChat Pay
    /// answered 204 with a valid signature.
    pub fn close(&self, at: At, nonce: &str, number: &OutTradeNo) -> Outcome<()> {
        let path = format!("{}/close", self.order_path(number));
        let body = Value::Object(self.mchids()).to_string().into_bytes();
        self.pay.exchange(at, nonce, &Call::post(&path, body)).map(drop)
    }

    fn order_path(&self, number: &OutTradeNo) -> String {
        format!("{}/out-trade-no/{}", self.orders(), url::encode(number.as_str()))
    }

    fn mine(&self, found: Verified<Transaction>) -> Outcome<Verified<Transaction>> {
        if found.belongs_to(self) {
            Outcome::Done(found)
        } else {
            mismatch("merchant")
        }
    }

    fn jsapi_body(&self, order: &JsapiOrder, now_s: i64) -> Result<Value, &'static str> {
        let mut body = self.order_body(&order.terms(), now_s)?;
        body.insert("payer".to_owned(), Value::Object(self.payer(&order.payer)?));
        Ok(Value::Object(body))
    }

    fn payer(&self, payer: &Payer) -> Result<Map<String, Value>, &'static str> {
        let (name, openid) = match payer {
            Payer::Caller(openid) if self.sub_mchid().is_none() => ("openid", openid),
            Payer::Caller(openid) => ("sp_openid", openid),
            Payer::Sub(openid) if self.sub_appid().is_some() => ("sub_openid", openid),
            Payer::Sub(_) => return Err("an openid of the sub-merchant needs its appid"),
        };
        if openid.is_empty() || openid.len() > 128 {
            return Err("an openid has 1 to 128 bytes");
        }
        Ok(Map::from_iter([(name.to_owned(), json!(openid))]))
    }
}

pub(super) fn check_notify_url(url: &str) -> Result<(), &'static str> {
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return Err("a notice address begins with https://");
    }
    if url.len() > 255 || url.contains(['?', '#']) {
        return Err("a notice address has at most 255 bytes and no query");
    }
    Ok(())
}

pub(super) fn mismatch<T>(what: &'static str) -> Outcome<T> {
    Outcome::Unknown(Cause::Mismatch(what))
}
