use std::sync::Arc;

use http::Method;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::key_ring::KeyRing;
use super::keys::Sealer;
use super::verify::verify;
use super::{ApiError, Merchant, PlatformKeys, Rejected};
use crate::{At, BodyLimit, Cause, Endpoints, Outcome, Transport, TransportError, Verified};

/// WeChat Pay for one calling merchant. One per merchant and process, shared by all threads.
pub struct Pay {
    pub(super) merchant: Merchant,
    pub(super) ring: KeyRing,
    base: String,
    transport: Arc<dyn Transport>,
}

/// One request, before it is signed.
pub(super) struct Call<'a> {
    method: Method,
    /// Path and query below the base address.
    path: &'a str,
    body: Vec<u8>,
    content_type: &'a str,
    /// What is signed in place of the body: only the description of an upload.
    pub(super) signed: Option<Vec<u8>>,
    pub(super) limit: BodyLimit,
}

impl<'a> Call<'a> {
    pub(super) fn get(path: &'a str) -> Self {
        Self {
            method: Method::GET,
            ..Self::post(path, Vec::new())
        }
    }

    pub(super) fn post(path: &'a str, body: Vec<u8>) -> Self {
        Self {
            method: Method::POST,
            path,
            body,
            content_type: "application/json",
            signed: None,
            limit: BodyLimit::USUAL,
        }
    }

    /// An upload: the body has a content type of its own, and only this part of it is signed.
    pub(super) fn upload(path: &'a str, (content_type, body): (&'a str, Vec<u8>), signed: Vec<u8>) -> Self {
        Self {
            content_type,
            signed: Some(signed),
            ..Self::post(path, body)
        }
    }
}

/// Why no answer can be judged.
pub(super) enum NoAnswer {
    /// The request cannot be written at all.
    Refused(ApiError),
    /// It was lost.
    Lost(TransportError),
}

impl NoAnswer {
    pub(super) fn unknown<T>(self) -> Outcome<T> {
        match self {
            Self::Refused(error) => Outcome::Refused(error),
            Self::Lost(error) => Outcome::Unknown(error.into()),
        }
    }
}

impl Pay {
    /// A client that calls through this transport.
    pub fn new(
        merchant: Merchant,
        keys: PlatformKeys,
        endpoints: &Endpoints,
        transport: Arc<dyn Transport>,
    ) -> Self {
        Self {
            merchant,
            ring: KeyRing::new(keys),
            base: endpoints.pay.clone(),
            transport,
        }
    }

    /// Puts other platform keys in place, without a restart; calls that are under way keep the old ones.
    pub fn replace_keys(&self, keys: PlatformKeys) {
        self.ring.replace(keys);
    }

    /// The platform keys at this moment.
    pub fn keys(&self) -> Arc<PlatformKeys> {
        self.ring.keys()
    }

    /// A GET whose verified answer is JSON.
    pub(crate) fn get<T: DeserializeOwned>(&self, at: At, nonce: &str, path: &str) -> Outcome<Verified<T>> {
        self.exchange(at, nonce, &Call::get(path))
            .and_then(|body| parse(&body))
    }

    /// A POST whose verified answer is JSON.
    pub(super) fn post<T: DeserializeOwned>(
        &self,
        at: At,
        nonce: &str,
        path: &str,
        body: &Value,
    ) -> Outcome<Verified<T>> {
        self.exchange(at, nonce, &Call::post(path, body.to_string().into_bytes()))
            .and_then(|body| parse(&body))
    }

    /// A POST with encrypted fields: the body is made by a function that gets the key, whose serial the request names.
    /// A refusal of that function is the outcome, and nothing is sent.
    pub(super) fn post_sealed<T: DeserializeOwned>(
        &self,
        at: At,
        nonce: &str,
        path: &str,
        body: impl FnOnce(&Sealer<'_>) -> Result<Value, ApiError>,
    ) -> Outcome<Verified<T>> {
        let keys = self.keys();
        let Some(sealer) = keys.sealer(at.now_s) else {
            return Outcome::Refused(ApiError::local("there is no platform key to encrypt with"));
        };
        let body = match body(&sealer) {
            Ok(body) => body.to_string().into_bytes(),
            Err(error) => return Outcome::Refused(error),
        };
        match self.send(at, nonce, &Call::post(path, body), Some(sealer.serial)) {
            Ok(answer) => self.judge(&keys, at.now_s, &answer).and_then(|body| parse(&body)),
            Err(cause) => cause.unknown(),
        }
    }

    /// Signs, sends and verifies. The verified body is raw, and empty for 204.
    ///
    /// The freshness of the answer is judged by the time of the call; a deadline of some seconds is far
    /// within the five minutes that are allowed.
    pub(super) fn exchange(&self, at: At, nonce: &str, call: &Call<'_>) -> Outcome<Verified<Vec<u8>>> {
        let keys = self.keys();
        match self.send(at, nonce, call, keys.preferred()) {
            Ok(answer) => self.judge(&keys, at.now_s, &answer),
            Err(cause) => cause.unknown(),
        }
    }

    /// Signs and sends; the answer is not judged yet. `serial` asks for an answer signed with that key.
    pub(super) fn send(
        &self,
        at: At,
        nonce: &str,
        call: &Call<'_>,
        serial: Option<&str>,
    ) -> Result<http::Response<Vec<u8>>, NoAnswer> {
        let mut builder = http::Request::builder()
            .method(&call.method)
            .uri(format!("{}{}", self.base, call.path))
            .extension(call.limit)
            .header(ACCEPT, "application/json");
        if let Some(serial) = serial {
            builder = builder.header("Wechatpay-Serial", serial);
        }
        if call.method != Method::GET {
            builder = builder.header(CONTENT_TYPE, call.content_type);
        }
        let mut request = builder
            .body(call.body.clone())
            .map_err(|_| NoAnswer::Lost(TransportError::NotSent("bad address".to_owned())))?;
        let signed = call.signed.as_deref().unwrap_or(&call.body);
        let authorization = self
            .merchant
            .authorization_over(&request, signed, at.now_s, nonce);
        let value = http::HeaderValue::try_from(authorization)
            .map_err(|_| NoAnswer::Refused(ApiError::local("the merchant's number is not ASCII")))?;
        request.headers_mut().insert(AUTHORIZATION, value);
        self.transport.send(request, at.deadline).map_err(NoAnswer::Lost)
    }

    /// What an answer means (wechatpay-skills, 签名与验签规则.md): a 2xx counts only with a valid signature, a 4xx
    /// with a code is a refusal and need not be signed, everything else is unknown.
    fn judge(
        &self,
        keys: &PlatformKeys,
        now_s: i64,
        answer: &http::Response<Vec<u8>>,
    ) -> Outcome<Verified<Vec<u8>>> {
        if !matches!(answer.status().as_u16(), 200 | 204) {
            return Self::judge_failure(answer);
        }
        match verify(keys, now_s, answer.headers(), answer.body()) {
            Ok(body) => Outcome::Done(body),
            Err(rejected) => {
                self.note(&rejected);
                Outcome::Unknown(rejected.into())
            }
        }
    }

    /// Remembers a key that is not known, so that certificates are looked for soon.
    pub(super) fn note(&self, rejected: &Rejected) {
        if let Rejected::UnknownSerial(serial) = rejected {
            self.ring.stranger(serial);
        }
    }

    /// What an answer means that is not 200 or 204.
    pub(super) fn judge_failure<T>(answer: &http::Response<Vec<u8>>) -> Outcome<T> {
        let status = answer.status().as_u16();
        match ApiError::read(answer) {
            Some(error) if status >= 500 || error.is_servers() => Outcome::Unknown(Cause::Server(error)),
            Some(error) if (400..500).contains(&status) => Outcome::Refused(error),
            _ => Outcome::Unknown(Cause::Unreadable {
                status,
                what: "no error of WeChat Pay".to_owned(),
            }),
        }
    }
}

pub(super) fn parse<T: DeserializeOwned>(body: &Verified<Vec<u8>>) -> Outcome<Verified<T>> {
    match serde_json::from_slice(body) {
        Ok(value) => Outcome::Done(Verified::vouch(value)),
        Err(error) => {
            let what = format!("line {}, column {}", error.line(), error.column());
            Outcome::Unknown(Cause::Unreadable { status: 200, what })
        }
    }
}
