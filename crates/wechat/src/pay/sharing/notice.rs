use serde::Deserialize;

use super::super::transaction::instant_ms;

/// What a receiver is told about money that came by a sharing, or went back (分账动账通知;
/// pay.weixin.qq.com, apiv3_partner/apis/chapter8_1_10.shtml).
///
/// The document names the events `PROFITSHARING.SUCCESS` and `PROFITSHARING.RETURN`, yet WeChat Pay has been seen to send
/// `TRANSACTION.SUCCESS` for both, so the numbers have to say which it is. It is no final result: query the sharing.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct SharingNotice {
    /// The direct merchant.
    #[serde(default)]
    pub mchid: Option<String>,
    /// The provider.
    #[serde(default)]
    pub sp_mchid: Option<String>,
    /// The sub-merchant.
    #[serde(default)]
    pub sub_mchid: Option<String>,
    /// WeChat Pay's number of the order.
    pub transaction_id: String,
    /// WeChat Pay's number of the sharing or of the return.
    pub order_id: String,
    /// The other side's number of it.
    pub out_order_no: String,
    /// Who, how much and why.
    pub receiver: Moved,
    /// When, RFC 3339.
    #[serde(default)]
    pub success_time: Option<String>,
}

/// Whose money moved.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Moved {
    /// `MERCHANT_ID`, `PERSONAL_OPENID`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The merchant's number or the openid.
    pub account: String,
    /// How much, in fen.
    pub amount: i64,
    /// Why.
    #[serde(default)]
    pub description: String,
}

impl SharingNotice {
    /// When it happened, in milliseconds since 1970-01-01 UTC.
    pub fn success_at_ms(&self) -> Option<i64> {
        instant_ms(self.success_time.as_deref()?)
    }
}
