use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::order::{check_notify_url, mismatch};
use super::transaction::instant_ms;
use super::{ApiError, OutRefundNo, OutTradeNo, Payee};
use crate::{At, Outcome, Verified, url};

/// A wish to give money back (doc 4012791862, provider 4012085819): within a year of the payment, at most 50
/// parts, a minute apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundOrder {
    /// Our number of the refund.
    pub out_refund_no: OutRefundNo,
    /// Our number of the order.
    pub out_trade_no: OutTradeNo,
    /// What to give back, in fen.
    pub refund_fen: i64,
    /// What the order asked for, in fen.
    pub total_fen: i64,
    /// What the person reads: at most 80 bytes.
    pub reason: Option<String>,
    /// Where notices go; without it no notice comes.
    pub notify_url: Option<String>,
}

/// A refund as WeChat Pay knows it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Refund {
    /// WeChat Pay's number of the refund.
    pub refund_id: String,
    /// Our number of the refund.
    pub out_refund_no: String,
    /// WeChat Pay's number of the order.
    pub transaction_id: String,
    /// Our number of the order.
    pub out_trade_no: String,
    /// `ORIGINAL`, `BALANCE` …
    #[serde(default)]
    pub channel: Option<String>,
    /// Where the money went, in words.
    #[serde(default)]
    pub user_received_account: Option<String>,
    /// When the money arrived, RFC 3339.
    #[serde(default)]
    pub success_time: Option<String>,
    /// When the refund was accepted, RFC 3339.
    #[serde(default)]
    pub create_time: Option<String>,
    /// The state.
    pub status: RefundStatus,
    /// How much.
    pub amount: RefundAmount,
}

/// The state of a refund. Accepting it (HTTP 200) is not yet `Success`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RefundStatus {
    /// The money arrived.
    Success,
    /// Closed without effect; a new number is needed to try again.
    Closed,
    /// Under way.
    Processing,
    /// The bank cannot take it: a person has to decide (abnormal refund).
    Abnormal,
    /// A state that this crate does not know.
    #[serde(untagged)]
    Other(String),
}

/// Amounts of a refund, in fen.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RefundAmount {
    /// Of the order.
    pub total: i64,
    /// Of the refund.
    pub refund: i64,
    /// What the person had paid.
    #[serde(default)]
    pub payer_total: Option<i64>,
    /// What the person gets.
    #[serde(default)]
    pub payer_refund: Option<i64>,
    /// What is taken from the merchant's balance.
    #[serde(default)]
    pub settlement_refund: Option<i64>,
}

/// The contents of a refund notice (doc 4012791865, provider 4012085823).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RefundNotice {
    /// The direct merchant.
    #[serde(default)]
    pub mchid: Option<String>,
    /// The provider.
    #[serde(default)]
    pub sp_mchid: Option<String>,
    /// The sub-merchant.
    #[serde(default)]
    pub sub_mchid: Option<String>,
    /// Our number of the order.
    pub out_trade_no: String,
    /// WeChat Pay's number of the order.
    pub transaction_id: String,
    /// Our number of the refund.
    pub out_refund_no: String,
    /// WeChat Pay's number of the refund.
    pub refund_id: String,
    /// The state.
    pub refund_status: RefundStatus,
    /// When the money arrived, RFC 3339.
    #[serde(default)]
    pub success_time: Option<String>,
    /// Where the money went, in words.
    #[serde(default)]
    pub user_received_account: Option<String>,
    /// How much.
    pub amount: RefundAmount,
}

impl Payee<'_> {
    /// Asks for a refund. After an unknown outcome: the same order again, same number and amounts.
    pub fn refund(&self, at: At, nonce: &str, order: &RefundOrder) -> Outcome<Verified<Refund>> {
        match self.refund_body(order) {
            Ok(body) => self
                .pay
                .post(at, nonce, "/v3/refund/domestic/refunds", &body)
                .and_then(|refund| same_refund(refund, &order.out_refund_no)),
            Err(wrong) => Outcome::Refused(ApiError::local(wrong)),
        }
    }

    /// Finds a refund by our number (doc 4012791863, provider 4012085820).
    ///
    /// Refused with `RESOURCE_NOT_EXISTS` if there is none.
    pub fn query_refund(&self, at: At, nonce: &str, number: &OutRefundNo) -> Outcome<Verified<Refund>> {
        let mut path = format!("/v3/refund/domestic/refunds/{}", url::encode(number.as_str()));
        if let Some(sub_mchid) = self.sub_mchid() {
            path = format!("{path}?{}", url::query(&[("sub_mchid", sub_mchid)]));
        }
        self.pay
            .get(at, nonce, &path)
            .and_then(|refund| same_refund(refund, number))
    }

    fn refund_body(&self, order: &RefundOrder) -> Result<Value, &'static str> {
        if order.refund_fen < 1 || order.refund_fen > order.total_fen {
            return Err("a refund is at least one fen and at most the order's amount");
        }
        if order
            .reason
            .as_ref()
            .is_some_and(|reason| reason.is_empty() || reason.len() > 80)
        {
            return Err("a reason has 1 to 80 bytes");
        }
        let mut body = Map::new();
        if let Some(sub_mchid) = self.sub_mchid() {
            body.insert("sub_mchid".to_owned(), json!(sub_mchid));
        }
        body.insert("out_trade_no".to_owned(), json!(order.out_trade_no.as_str()));
        body.insert("out_refund_no".to_owned(), json!(order.out_refund_no.as_str()));
        let amount = json!({"refund": order.refund_fen, "total": order.total_fen, "currency": "CNY"});
        body.insert("amount".to_owned(), amount);
        if let Some(reason) = &order.reason {
            body.insert("reason".to_owned(), json!(reason));
        }
        if let Some(notify_url) = &order.notify_url {
            check_notify_url(notify_url)?;
            body.insert("notify_url".to_owned(), json!(notify_url));
        }
        Ok(Value::Object(body))
    }
}

impl Refund {
    /// When the money arrived, in milliseconds since 1970-01-01 UTC.
    pub fn success_at_ms(&self) -> Option<i64> {
        instant_ms(self.success_time.as_deref()?)
    }
}

impl RefundNotice {
    /// When the money arrived, in milliseconds since 1970-01-01 UTC.
    pub fn success_at_ms(&self) -> Option<i64> {
        instant_ms(self.success_time.as_deref()?)
    }

    /// The number of who called: provider or direct merchant.
    pub(super) fn caller_mchid(&self) -> Option<&str> {
        self.sp_mchid.as_deref().or(self.mchid.as_deref())
    }
}

fn same_refund(refund: Verified<Refund>, number: &OutRefundNo) -> Outcome<Verified<Refund>> {
    if refund.out_refund_no == number.as_str() {
        Outcome::Done(refund)
    } else {
        mismatch("refund")
    }
}
