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
    /// Which of the merchant's accounts paid: `UNSETTLED`, `AVAILABLE`, `OPERATION` …
    #[serde(default)]
    pub funds_account: Option<String>,
}

/// What few refunds need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RefundDetails {
    /// Which account pays; without it the money that is not settled yet.
    pub funds_account: Option<FundsAccount>,
    /// How the amount is taken from two accounts; empty for the usual way. The parts must make up the refund.
    pub from: Vec<RefundSource>,
    /// Which goods are returned.
    pub goods: Vec<RefundGoods>,
}

/// An account that a refund is paid from (`funds_account`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FundsAccount {
    /// The available balance, `AVAILABLE`.
    Available,
    /// Money that is not settled yet, `UNSETTLED`.
    Unsettled,
}

/// A part of a refund, and the account that pays it (`amount.from`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefundSource {
    /// The account.
    pub account: FundsAccount,
    /// The part, in fen.
    pub fen: i64,
}

/// Goods that are returned (`goods_detail`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundGoods {
    /// Our number of the goods: 1 to 32 bytes.
    pub merchant_goods_id: String,
    /// Their name.
    pub goods_name: Option<String>,
    /// The price of one, in fen.
    pub unit_price_fen: i64,
    /// What is given back for them, in fen.
    pub refund_fen: i64,
    /// How many are returned.
    pub quantity: u32,
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
        self.refund_with(at, nonce, order, &RefundDetails::default())
    }

    /// Asks for a refund that says more than usual. To be repeated as [`Payee::refund`].
    pub fn refund_with(
        &self,
        at: At,
        nonce: &str,
        order: &RefundOrder,
        details: &RefundDetails,
    ) -> Outcome<Verified<Refund>> {
        match self.refund_body(order, details) {
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

    fn refund_body(&self, order: &RefundOrder, details: &RefundDetails) -> Result<Value, &'static str> {
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
        let mut amount = json!({"refund": order.refund_fen, "total": order.total_fen, "currency": "CNY"});
        if !details.from.is_empty() {
            amount["from"] = details.sources(order.refund_fen)?;
        }
        body.insert("amount".to_owned(), amount);
        if let Some(account) = details.funds_account {
            body.insert("funds_account".to_owned(), json!(account.as_str()));
        }
        if !details.goods.is_empty() {
            body.insert(
                "goods_detail".to_owned(),
                details.goods.iter().map(RefundGoods::json).collect(),
            );
        }
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

impl RefundDetails {
    fn sources(&self, refund_fen: i64) -> Result<Value, &'static str> {
        let sum = self
            .from
            .iter()
            .try_fold(0_i64, |sum, part| sum.checked_add(part.fen));
        if sum != Some(refund_fen) || self.from.iter().any(|part| part.fen < 1) {
            return Err("the parts of a refund make up its amount");
        }
        let parts = self.from.iter();
        Ok(parts
            .map(|part| json!({"account": part.account.as_str(), "amount": part.fen}))
            .collect())
    }
}

impl FundsAccount {
    fn as_str(self) -> &'static str {
        match self {
            Self::Available => "AVAILABLE",
            Self::Unsettled => "UNSETTLED",
        }
    }
}

impl RefundGoods {
    fn json(&self) -> Value {
        let mut goods = json!({
            "merchant_goods_id": self.merchant_goods_id, "unit_price": self.unit_price_fen,
            "refund_amount": self.refund_fen, "refund_quantity": self.quantity
        });
        if let Some(name) = &self.goods_name {
            goods["goods_name"] = json!(name);
        }
        goods
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

pub(super) fn same_refund(refund: Verified<Refund>, number: &OutRefundNo) -> Outcome<Verified<Refund>> {
    if refund.out_refund_no == number.as_str() {
        Outcome::Done(refund)
    } else {
        mismatch("refund")
    }
}
