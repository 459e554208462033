use serde::Deserialize;
use serde_json::{Value, json};

use super::super::{ApiError, Payee, SharingNo};
use super::Receiver;
use crate::{At, Cause, Outcome, Verified, url};

/// A wish to share what an order brought.
#[derive(Clone, Debug)]
pub struct SharingOrder {
    /// Our number of the wish.
    pub out_order_no: SharingNo,
    /// WeChat Pay's number of the order.
    pub transaction_id: String,
    /// Who gets what: 1 to 50, each receiver once.
    pub shares: Vec<Share>,
    /// Whether the rest is released; then nothing more can be shared.
    pub unfreeze_unsplit: bool,
}

/// What one receiver gets.
#[derive(Clone, Debug)]
pub struct Share {
    /// Who.
    pub receiver: Receiver,
    /// How much, in fen.
    pub fen: i64,
    /// Why: 1 to 80 bytes; stands in the bill.
    pub description: String,
}

/// A wish to release what is left of an order.
#[derive(Clone, Debug)]
pub struct Unfreeze {
    /// Our number of the wish, another one than those of sharings.
    pub out_order_no: SharingNo,
    /// WeChat Pay's number of the order.
    pub transaction_id: String,
    /// Why: 1 to 80 bytes.
    pub description: String,
}

/// A sharing as WeChat Pay knows it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Sharing {
    /// WeChat Pay's number of the order.
    pub transaction_id: String,
    /// Our number of the wish.
    pub out_order_no: String,
    /// WeChat Pay's number of the wish.
    pub order_id: String,
    /// Whether it is still worked on. `Finished` does not say that it succeeded: look at each part.
    pub state: SharingState,
    /// What each receiver gets. The released rest appears as a part of the merchant's own.
    #[serde(default)]
    pub receivers: Vec<Part>,
}

/// Whether a sharing is still worked on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum SharingState {
    /// Worked on: query again.
    Processing,
    /// Every part came to an end.
    Finished,
    /// A state that this crate does not know.
    #[serde(untagged)]
    Other(String),
}

/// What one receiver gets, and how that went.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Part {
    /// How much, in fen.
    pub amount: i64,
    /// Why.
    #[serde(default)]
    pub description: String,
    /// `MERCHANT_ID`, `PERSONAL_OPENID`, `PERSONAL_SUB_OPENID`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The merchant's number or the openid.
    pub account: String,
    /// How it went.
    pub result: PartResult,
    /// Why it failed.
    #[serde(default)]
    pub fail_reason: Option<PartFailure>,
    /// WeChat Pay's number of the part.
    #[serde(default)]
    pub detail_id: Option<String>,
    /// When it ended, RFC 3339.
    #[serde(default)]
    pub finish_time: Option<String>,
}

/// How a part went.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum PartResult {
    /// Worked on.
    Pending,
    /// The receiver has it.
    Success,
    /// It failed.
    Closed,
    /// A result that this crate does not know.
    #[serde(untagged)]
    Other(String),
}

/// Why a part failed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PartFailure {
    /// The receiver's account is abnormal.
    AccountAbnormal,
    /// The receiver is not added, or no longer.
    NoRelation,
    /// The receiver is a risk.
    ReceiverHighRisk,
    /// The receiver has not proved the real name.
    ReceiverRealNameNotVerified,
    /// The merchant may not share.
    NoAuth,
    /// The receiver got as much as is allowed.
    ReceiverReceiptLimit,
    /// The merchant's account is abnormal.
    PayerAccountAbnormal,
    /// A reason that this crate does not know.
    #[serde(untagged)]
    Other(String),
}

#[derive(Deserialize)]
struct Left {
    transaction_id: String,
    unsplit_amount: i64,
}

#[derive(Deserialize)]
struct Ratio {
    sub_mchid: String,
    max_ratio: i64,
}

impl Payee<'_> {
    /// Asks for a sharing. It is accepted first and worked on later: query it. After an unknown outcome: the same again,
    /// or a query.
    pub fn share(&self, at: At, nonce: &str, order: &SharingOrder) -> Outcome<Verified<Sharing>> {
        let answer = self
            .pay
            .post_sealed(at, nonce, "/v3/profitsharing/orders", |sealer| {
                order.check().map_err(ApiError::local)?;
                let mut receivers = Vec::new();
                for share in &order.shares {
                    let mut receiver = share.receiver.json(self)?;
                    share.receiver.seal_name(&mut receiver, sealer)?;
                    receiver.insert("amount".to_owned(), json!(share.fen));
                    receiver.insert("description".to_owned(), json!(share.description));
                    receivers.push(Value::Object(receiver));
                }
                let mut body = self.sharing_body();
                body.extend(self.sharing_appids());
                let mut set = |name: &str, value: Value| drop(body.insert(name.to_owned(), value));
                set("transaction_id", json!(order.transaction_id));
                set("out_order_no", json!(order.out_order_no.as_str()));
                set("receivers", Value::Array(receivers));
                set("unfreeze_unsplit", json!(order.unfreeze_unsplit));
                Ok(Value::Object(body))
            });
        answer.and_then(|found| same_sharing(found, &order.out_order_no))
    }

    /// Releases what is left of an order, also of one that was never shared. Worked on later: query it.
    pub fn unfreeze(&self, at: At, nonce: &str, wish: &Unfreeze) -> Outcome<Verified<Sharing>> {
        if let Err(wrong) = check_description(&wish.description) {
            return Outcome::Refused(ApiError::local(wrong));
        }
        let mut body = self.sharing_body();
        let mut set = |name: &str, value: &str| drop(body.insert(name.to_owned(), json!(value)));
        set("transaction_id", &wish.transaction_id);
        set("out_order_no", wish.out_order_no.as_str());
        set("description", &wish.description);
        let path = "/v3/profitsharing/orders/unfreeze";
        self.pay
            .post(at, nonce, path, &Value::Object(body))
            .and_then(|found| same_sharing(found, &wish.out_order_no))
    }

    /// Finds a sharing, or a release, by our number.
    ///
    /// Refused with `RESOURCE_NOT_EXISTS` if there is none.
    pub fn query_sharing(
        &self,
        at: At,
        nonce: &str,
        number: &SharingNo,
        transaction_id: &str,
    ) -> Outcome<Verified<Sharing>> {
        let mut pairs = vec![("transaction_id", transaction_id)];
        pairs.extend(self.sub_mchid().map(|sub_mchid| ("sub_mchid", sub_mchid)));
        let path = format!(
            "/v3/profitsharing/orders/{}?{}",
            url::encode(number.as_str()),
            url::query(&pairs)
        );
        self.pay
            .get(at, nonce, &path)
            .and_then(|found| same_sharing(found, number))
    }

    /// What of an order can still be shared, in fen.
    pub fn left_to_share(&self, at: At, nonce: &str, transaction_id: &str) -> Outcome<i64> {
        let path = format!(
            "/v3/profitsharing/transactions/{}/amounts",
            url::encode(transaction_id)
        );
        self.pay.get(at, nonce, &path).and_then(|left: Verified<Left>| {
            if left.transaction_id == transaction_id {
                Outcome::Done(left.unsplit_amount)
            } else {
                Outcome::Unknown(Cause::Mismatch("order"))
            }
        })
    }

    /// How much of an order a provider may share, in ten-thousandths: 3000 is 30 %. Refused for a direct merchant.
    pub fn max_share(&self, at: At, nonce: &str) -> Outcome<i64> {
        let Some(sub_mchid) = self.sub_mchid() else {
            return Outcome::Refused(ApiError::local("only a provider's sub-merchant has a ratio"));
        };
        let path = format!("/v3/profitsharing/merchant-configs/{}", url::encode(sub_mchid));
        self.pay.get(at, nonce, &path).and_then(|ratio: Verified<Ratio>| {
            if ratio.sub_mchid == sub_mchid {
                Outcome::Done(ratio.max_ratio)
            } else {
                Outcome::Unknown(Cause::Mismatch("merchant"))
            }
        })
    }
}

impl Sharing {
    /// Whether every part reached its receiver.
    pub fn succeeded(&self) -> bool {
        self.state == SharingState::Finished
            && self
                .receivers
                .iter()
                .all(|part| part.result == PartResult::Success)
    }
}

impl SharingOrder {
    fn check(&self) -> Result<(), &'static str> {
        if !(1..=50).contains(&self.shares.len()) {
            return Err("a sharing has 1 to 50 receivers");
        }
        for (at, share) in self.shares.iter().enumerate() {
            if share.fen < 1 {
                return Err("a part is at least one fen");
            }
            check_description(&share.description)?;
            let same = |other: &Share| {
                other.receiver.kind == share.receiver.kind && other.receiver.account == share.receiver.account
            };
            if self.shares[..at].iter().any(same) {
                return Err("a receiver gets one part of a sharing");
            }
        }
        Ok(())
    }
}

pub(super) fn check_description(text: &str) -> Result<(), &'static str> {
    if (1..=80).contains(&text.len()) {
        Ok(())
    } else {
        Err("a description has 1 to 80 bytes")
    }
}

fn same_sharing(found: Verified<Sharing>, number: &SharingNo) -> Outcome<Verified<Sharing>> {
    if found.out_order_no == number.as_str() {
        Outcome::Done(found)
    } else {
        Outcome::Unknown(Cause::Mismatch("sharing"))
    }
}
