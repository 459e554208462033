use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::HeaderMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::sharing::SharingNotice;
use super::verify::verify;
use super::{Echo, Pay, RefundNotice, Rejected, Transaction};
use crate::Verified;

/// Something that WeChat Pay told by itself (doc 4012791861; wechatpay-skills, 回调通知处理.md).
///
/// The same notice comes up to 15 times, sometimes at once, in no certain order: keep the id in a unique column
/// and answer 200 or 204 within five seconds, before doing anything slow.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Notice {
    /// The notice's own number, the same in each repetition.
    pub id: String,
    /// When it was first made, RFC 3339.
    pub create_time: String,
    /// `TRANSACTION.SUCCESS`, `REFUND.SUCCESS`, `REFUND.ABNORMAL`, `REFUND.CLOSED` …
    pub event_type: String,
    /// What it is about.
    pub content: Content,
}

/// What a notice is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// An order was paid.
    Payment(Verified<Transaction>),
    /// A refund went through, failed or was closed.
    Refund(Verified<RefundNotice>),
    /// Something that this crate has no type for yet.
    Other {
        /// `original_type` of the notice.
        original_type: String,
        /// The decrypted JSON.
        value: Verified<Value>,
    },
}

impl Notice {
    /// What moved by a sharing, if the notice tells of one. It goes to receivers of a share.
    pub fn sharing(&self) -> Option<Verified<SharingNotice>> {
        self.other(SharingMark::is_of)
    }

    /// The answer to [`Pay::echo`], if the notice is one: the proof that notices reach us and can be opened.
    pub fn echo(&self) -> Option<Verified<Echo>> {
        self.other(|_| self.event_type == "SECURITY_ECHO.SUCCESS")
    }

    fn other<T: DeserializeOwned>(&self, is_one: impl Fn(&Value) -> bool) -> Option<Verified<T>> {
        match &self.content {
            Content::Other { value, .. } if is_one(value) => {
                T::deserialize(&**value).ok().map(Verified::vouch)
            }
            _ => None,
        }
    }
}

/// What only the contents of a sharing notice have.
struct SharingMark;

impl SharingMark {
    fn is_in(plain: &[u8]) -> bool {
        serde_json::from_slice(plain).is_ok_and(|value| Self::is_of(&value))
    }

    fn is_of(value: &Value) -> bool {
        value.get("receiver").is_some_and(Value::is_object)
            && value.get("order_id").is_some()
            && value.get("trade_state").is_none()
    }
}

#[derive(Deserialize)]
struct Envelope {
    id: String,
    #[serde(default)]
    create_time: String,
    event_type: String,
    resource: Resource,
}

#[derive(Deserialize)]
struct Resource {
    algorithm: String,
    #[serde(default)]
    original_type: String,
    ciphertext: String,
    nonce: String,
    #[serde(default)]
    associated_data: String,
}

impl Pay {
    /// Checks, decrypts and reads a notice. `body` must be the bytes as they arrived.
    ///
    /// # Errors
    /// [`Rejected`]: answer with its HTTP status and write nothing.
    pub fn open_notice(&self, now_s: i64, headers: &HeaderMap, body: &[u8]) -> Result<Notice, Rejected> {
        let body = verify(&self.keys(), now_s, headers, body).inspect_err(|rejected| self.note(rejected))?;
        let envelope: Envelope =
            serde_json::from_slice(&body).map_err(|_| Rejected::Malformed("envelope"))?;
        let plain = self.decrypt(&envelope.resource)?;
        Ok(Notice {
            id: envelope.id,
            create_time: envelope.create_time,
            content: self.content(&envelope.event_type, envelope.resource.original_type, &plain)?,
            event_type: envelope.event_type,
        })
    }

    fn decrypt(&self, resource: &Resource) -> Result<Vec<u8>, Rejected> {
        if resource.algorithm != "AEAD_AES_256_GCM" {
            return Err(Rejected::Malformed("algorithm"));
        }
        let sealed = BASE64_STANDARD
            .decode(&resource.ciphertext)
            .map_err(|_| Rejected::Decrypt)?;
        self.merchant
            .api_v3_key
            .open(
                resource.nonce.as_bytes(),
                resource.associated_data.as_bytes(),
                &sealed,
            )
            .ok_or(Rejected::Decrypt)
    }

    fn content(&self, event_type: &str, original_type: String, plain: &[u8]) -> Result<Content, Rejected> {
        // Notices of sharing come as `TRANSACTION.SUCCESS` too; the receiver tells them apart.
        let sharing = SharingMark::is_in(plain);
        if event_type.starts_with("TRANSACTION.") && !sharing {
            let transaction: Transaction = read(plain, "transaction")?;
            self.for_us(transaction.caller_mchid())?;
            Ok(Content::Payment(Verified::vouch(transaction)))
        } else if event_type.starts_with("REFUND.") {
            let refund: RefundNotice = read(plain, "refund")?;
            self.for_us(refund.caller_mchid())?;
            Ok(Content::Refund(Verified::vouch(refund)))
        } else {
            Ok(Content::Other {
                original_type,
                value: Verified::vouch(read(plain, "resource")?),
            })
        }
    }

    fn for_us(&self, mchid: Option<&str>) -> Result<(), Rejected> {
        if mchid == Some(self.merchant.mchid()) {
            Ok(())
        } else {
            Err(Rejected::ForeignMerchant)
        }
    }
}

fn read<T: DeserializeOwned>(plain: &[u8], what: &'static str) -> Result<T, Rejected> {
    serde_json::from_slice(plain).map_err(|_| Rejected::Malformed(what))
}

/// The body to answer a notice with when it could not be taken. Only the HTTP status counts, which must be 4xx or
/// 5xx then; for success answer 204 with no body.
pub fn failure_body(message: &str) -> String {
    json!({"code": "FAIL", "message": message}).to_string()
}
