use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::HeaderMap;

use super::PlatformKeys;
use crate::Verified;

/// How far WeChat Pay's clock and ours may differ, in seconds.
const MAX_SKEW_S: i64 = 300;
const SIGNATURE_TYPE: &str = "WECHATPAY2-SHA256-RSA2048";

/// Why a notice or an answer is not believed.
///
/// To be answered with HTTP 401 and nothing written; [`Rejected::is_probe`] says when it is no reason for alarm.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejected {
    /// A header is missing or not text.
    #[error("the header {0} is missing")]
    MissingHeader(&'static str),
    /// The time is not a number.
    #[error("the timestamp is not a number")]
    Timestamp,
    /// Too old, or from the future: a replay, or a clock that is wrong.
    #[error("the timestamp is {0} s off")]
    Stale(i64),
    /// Signed by another scheme.
    #[error("the signature type is not supported")]
    SignatureType,
    /// Signed by a key that we do not hold.
    #[error("the key {0} is not known")]
    UnknownSerial(String),
    /// A probe of WeChat Pay: it sends wrong signatures now and then to see whether they are refused
    /// (doc 4015139289).
    #[error("a probe with a test signature")]
    SignTest,
    /// The signature is not over these bytes.
    #[error("the signature does not hold")]
    Signature,
    /// Signed, but not a notice.
    #[error("the notice has no usable {0}")]
    Malformed(&'static str),
    /// Signed, but not encrypted with our key.
    #[error("the notice cannot be decrypted")]
    Decrypt,
    /// Signed and decrypted, but about another merchant.
    #[error("the notice is for another merchant")]
    ForeignMerchant,
}

impl Rejected {
    /// Whether it is WeChat Pay's own test: to be refused as any other, but not alarmed.
    pub fn is_probe(&self) -> bool {
        *self == Self::SignTest
    }

    /// The HTTP status to answer a notice with: 401 for what is not signed, 400 for what is signed but unusable.
    pub fn http_status(&self) -> u16 {
        match self {
            Self::Malformed(_) | Self::Decrypt | Self::ForeignMerchant => 400,
            _ => 401,
        }
    }
}

/// Checks `TIMESTAMP\nNONCE\nBODY\n` against the headers (doc 4013053420), on the raw bytes: of callbacks,
/// and of every 2xx answer, also of 204 with its empty body.
pub(super) fn verify(
    keys: &PlatformKeys,
    now_s: i64,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Verified<Vec<u8>>, Rejected> {
    let signature = header(headers, "Wechatpay-Signature")?;
    if signature.starts_with("WECHATPAY/SIGNTEST/") {
        return Err(Rejected::SignTest);
    }
    if headers
        .get("Wechatpay-Signature-Type")
        .is_some_and(|kind| kind != SIGNATURE_TYPE)
    {
        return Err(Rejected::SignatureType);
    }
    let timestamp = header(headers, "Wechatpay-Timestamp")?;
    let skew = timestamp
        .parse::<i64>()
        .map_err(|_| Rejected::Timestamp)?
        .saturating_sub(now_s);
    if !(-MAX_SKEW_S..=MAX_SKEW_S).contains(&skew) {
        return Err(Rejected::Stale(skew));
    }
    let nonce = header(headers, "Wechatpay-Nonce")?;
    let serial = header(headers, "Wechatpay-Serial")?;
    let key = keys
        .get(serial)
        .ok_or_else(|| Rejected::UnknownSerial(serial.to_owned()))?;
    let signature = BASE64_STANDARD
        .decode(signature)
        .map_err(|_| Rejected::Signature)?;
    let message = [timestamp.as_bytes(), b"\n", nonce.as_bytes(), b"\n", body, b"\n"].concat();
    if key.verifies(&message, &signature) {
        Ok(Verified::vouch(body.to_vec()))
    } else {
        Err(Rejected::Signature)
    }
}

/// The one value of a header; a repeated one could hide which was signed.
fn header<'h>(headers: &'h HeaderMap, name: &'static str) -> Result<&'h str, Rejected> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().map_err(|_| Rejected::MissingHeader(name)),
        _ => Err(Rejected::MissingHeader(name)),
    }
}
