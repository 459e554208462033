use serde::Deserialize;
use serde_json::{Value, json};

use super::super::{ApiError, Payee, SharingNo};
use super::order::check_description;
use crate::{At, Cause, Outcome, Verified, url};

/// A wish to take a part back, within 180 days, up to 50 times. Only merchants can give back, and must have allowed it.
#[derive(Clone, Debug)]
pub struct ReturnOrder {
    /// Our number of the wish.
    pub out_return_no: SharingNo,
    /// Which sharing.
    pub of: SharingRef,
    /// The merchant that gives back.
    pub return_mchid: String,
    /// How much, in fen.
    pub fen: i64,
    /// Why: 1 to 80 bytes.
    pub description: String,
}

/// Which sharing, by either number.
#[derive(Clone, Debug)]
pub enum SharingRef {
    /// By our number.
    Ours(SharingNo),
    /// By WeChat Pay's number.
    WeChats(String),
}

/// A return as WeChat Pay knows it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Return {
    /// WeChat Pay's number of the sharing.
    #[serde(default)]
    pub order_id: String,
    /// Our number of the sharing.
    #[serde(default)]
    pub out_order_no: String,
    /// Our number of the return.
    pub out_return_no: String,
    /// WeChat Pay's number of the return.
    #[serde(default)]
    pub return_id: String,
    /// The merchant that gives back.
    #[serde(default)]
    pub return_mchid: String,
    /// How much, in fen.
    pub amount: i64,
    /// How it went.
    pub result: ReturnState,
    /// Why it failed.
    #[serde(default)]
    pub fail_reason: Option<ReturnFailure>,
    /// When it ended, RFC 3339.
    #[serde(default)]
    pub finish_time: Option<String>,
}

/// How a return went.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ReturnState {
    /// Worked on: query it.
    Processing,
    /// The money is back.
    Success,
    /// It failed; another wish needs another number.
    Failed,
    /// A state that this crate does not know.
    #[serde(untagged)]
    Other(String),
}

/// Why a return failed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReturnFailure {
    /// The giver's account is abnormal.
    AccountAbnormal,
    /// The giver has not enough.
    BalanceNotEnough,
    /// It took too long.
    TimeOutClosed,
    /// A reason that this crate does not know.
    #[serde(untagged)]
    Other(String),
}

impl Payee<'_> {
    /// Takes a part back. After an unknown outcome, and while it is `Processing`: the same again, or a query.
    pub fn take_back(&self, at: At, nonce: &str, wish: &ReturnOrder) -> Outcome<Verified<Return>> {
        if wish.fen < 1 {
            return Outcome::Refused(ApiError::local("a return is at least one fen"));
        }
        if let Err(wrong) = check_description(&wish.description) {
            return Outcome::Refused(ApiError::local(wrong));
        }
        let mut body = self.sharing_body();
        let mut set = |name: &str, value: Value| drop(body.insert(name.to_owned(), value));
        match &wish.of {
            SharingRef::Ours(number) => set("out_order_no", json!(number.as_str())),
            SharingRef::WeChats(number) => set("order_id", json!(number)),
        }
        set("out_return_no", json!(wish.out_return_no.as_str()));
        set("return_mchid", json!(wish.return_mchid));
        set("amount", json!(wish.fen));
        set("description", json!(wish.description));
        self.pay
            .post(at, nonce, "/v3/profitsharing/return-orders", &Value::Object(body))
            .and_then(|found| same_return(found, &wish.out_return_no))
    }

    /// Finds a return by our numbers of it and of its sharing.
    ///
    /// Refused with `RESOURCE_NOT_EXISTS` if there is none.
    pub fn query_return(
        &self,
        at: At,
        nonce: &str,
        number: &SharingNo,
        sharing: &SharingNo,
    ) -> Outcome<Verified<Return>> {
        let mut pairs = vec![("out_order_no", sharing.as_str())];
        pairs.extend(self.sub_mchid().map(|sub_mchid| ("sub_mchid", sub_mchid)));
        let path = format!(
            "/v3/profitsharing/return-orders/{}?{}",
            url::encode(number.as_str()),
            url::query(&pairs)
        );
        self.pay
            .get(at, nonce, &path)
            .and_then(|found| same_return(found, number))
    }
}

fn same_return(found: Verified<Return>, number: &SharingNo) -> Outcome<Verified<Return>> {
    if found.out_return_no == number.as_str() {
        Outcome::Done(found)
    } else {
        Outcome::Unknown(Cause::Mismatch("return"))
    }
}
