use serde::Deserialize;

use super::Payee;

/// A payment order as WeChat Pay knows it: the answer to a query and the contents of a payment notice
/// (doc 4012791902, 4012791882; provider 4012085802, 4012085774).
///
/// Before acting: the state must be [`TradeState::Success`], and the amount that of our own order.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Transaction {
    /// The direct merchant.
    #[serde(default)]
    pub mchid: Option<String>,
    /// The direct merchant's official account.
    #[serde(default)]
    pub appid: Option<String>,
    /// The provider.
    #[serde(default)]
    pub sp_mchid: Option<String>,
    /// The provider's official account.
    #[serde(default)]
    pub sp_appid: Option<String>,
    /// The sub-merchant.
    #[serde(default)]
    pub sub_mchid: Option<String>,
    /// The sub-merchant's official account.
    #[serde(default)]
    pub sub_appid: Option<String>,
    /// Our number.
    pub out_trade_no: String,
    /// WeChat Pay's number; there once something was paid.
    #[serde(default)]
    pub transaction_id: Option<String>,
    /// `JSAPI`, `NATIVE` …
    #[serde(default)]
    pub trade_type: Option<String>,
    /// The state.
    pub trade_state: TradeState,
    /// The state in words.
    #[serde(default)]
    pub trade_state_desc: String,
    /// The bank, by WeChat Pay's codes.
    #[serde(default)]
    pub bank_type: Option<String>,
    /// What we attached to the order.
    #[serde(default)]
    pub attach: Option<String>,
    /// When it was paid, RFC 3339 with the offset +08:00.
    #[serde(default)]
    pub success_time: Option<String>,
    /// Who paid.
    #[serde(default)]
    pub payer: Option<PayerIds>,
    /// How much. Missing in queries of orders that were never paid.
    #[serde(default)]
    pub amount: Option<Amount>,
}

/// The state of an order.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TradeState {
    /// Paid.
    Success,
    /// Paid, then refunded in part or whole.
    Refund,
    /// Not paid yet.
    NotPay,
    /// Closed without payment.
    Closed,
    /// Taken back (payment codes only).
    Revoked,
    /// The person is paying (payment codes only).
    UserPaying,
    /// The payment failed (payment codes only).
    PayError,
    /// Accepted, to be debited (debt collection only).
    Accept,
    /// A state that this crate does not know.
    #[serde(untagged)]
    Other(String),
}

/// The payer's openids. Which are there depends on the mode.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct PayerIds {
    /// Within the direct merchant's account.
    pub openid: Option<String>,
    /// Within the provider's account.
    pub sp_openid: Option<String>,
    /// Within the sub-merchant's account.
    pub sub_openid: Option<String>,
}

/// Amounts of an order, in fen.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Amount {
    /// What the order asked for.
    pub total: i64,
    /// What the person paid, after WeChat's own coupons.
    #[serde(default)]
    pub payer_total: Option<i64>,
    /// `CNY`
    #[serde(default)]
    pub currency: Option<String>,
}

impl Transaction {
    /// When it was paid, in milliseconds since 1970-01-01 UTC.
    pub fn success_at_ms(&self) -> Option<i64> {
        instant_ms(self.success_time.as_deref()?)
    }

    /// Whether money is in hand: paid, and perhaps partly returned.
    pub fn was_paid(&self) -> bool {
        matches!(self.trade_state, TradeState::Success | TradeState::Refund)
    }

    /// The number of who called: provider or direct merchant.
    pub(super) fn caller_mchid(&self) -> Option<&str> {
        self.sp_mchid.as_deref().or(self.mchid.as_deref())
    }

    pub(super) fn belongs_to(&self, payee: &Payee<'_>) -> bool {
        self.caller_mchid() == Some(payee.pay.merchant.mchid())
            && self.sub_mchid.as_deref() == payee.sub_mchid()
    }
}

/// Reads RFC 3339 as milliseconds since 1970-01-01 UTC.
pub(super) fn instant_ms(text: &str) -> Option<i64> {
    text.parse::<jiff::Timestamp>()
        .ok()
        .map(jiff::Timestamp::as_millisecond)
}
