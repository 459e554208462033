use std::sync::{Arc, PoisonError, RwLock};

use http::Method;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::verify::verify;
use super::{ApiError, Code, Merchant, PlatformKeys};
use crate::{At, Cause, Endpoints, Outcome, Transport, TransportError, Verified};

/// WeChat Pay for one calling merchant. One per merchant and process, shared by all threads.
pub struct Pay {
    pub(super) merchant: Merchant,
    keys: RwLock<Arc<PlatformKeys>>,
    base: String,
    transport: Arc<dyn Transport>,
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
            keys: RwLock::new(Arc::new(keys)),
            base: endpoints.pay.clone(),
            transport,
        }
    }

    /// Puts other platform keys in place, without a restart; calls that are under way keep the old ones.
    pub fn replace_keys(&self, keys: PlatformKeys) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
    }

    pub(super) fn keys(&self) -> Arc<PlatformKeys> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// A GET whose verified answer is JSON.
    pub(crate) fn get<T: DeserializeOwned>(&self, at: At, nonce: &str, path: &str) -> Outcome<Verified<T>> {
        self.exchange(at, nonce, (Method::GET, path), Vec::new())
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
        self.exchange(at, nonce, (Method::POST, path), body.to_string().into_bytes())
            .and_then(|body| parse(&body))
    }

    /// Signs, sends and verifies. The verified body is raw, and empty for 204.
    ///
    /// The freshness of the answer is judged by the time of the call; a deadline of some seconds is far
    /// within the five minutes that are allowed.
    pub(super) fn exchange(
        &self,
        at: At,
        nonce: &str,
        (method, path): (Method, &str),
        body: Vec<u8>,
    ) -> Outcome<Verified<Vec<u8>>> {
        let keys = self.keys();
        let mut builder = http::Request::builder()
            .method(&method)
            .uri(format!("{}{path}", self.base))
            .header(http::header::ACCEPT, "application/json");
        if let Some(serial) = keys.preferred() {
            builder = builder.header("Wechatpay-Serial", serial);
        }
        if method != Method::GET {
            builder = builder.header(http::header::CONTENT_TYPE, "application/json");
        }
        let Ok(mut request) = builder.body(body) else {
            return Outcome::Unknown(TransportError::NotSent("bad address".to_owned()).into());
        };
        let authorization = self.merchant.authorization(&request, at.now_s, nonce);
        match http::HeaderValue::try_from(authorization) {
            Ok(value) => request.headers_mut().insert(http::header::AUTHORIZATION, value),
            Err(_) => return Outcome::Refused(ApiError::local("the merchant's number is not ASCII")),
        };
        match self.transport.send(request, at.deadline) {
            Ok(answer) => judge(&keys, at.now_s, &answer),
            Err(error) => Outcome::Unknown(error.into()),
        }
    }
}

/// What an answer means (wechatpay-skills, 签名与验签规则.md): a 2xx counts only with a valid signature, a 4xx
/// with a code is a refusal and need not be signed, everything else is unknown.
fn judge(keys: &PlatformKeys, now_s: i64, answer: &http::Response<Vec<u8>>) -> Outcome<Verified<Vec<u8>>> {
    let status = answer.status().as_u16();
    if status == 200 || status == 204 {
        return match verify(keys, now_s, answer.headers(), answer.body()) {
            Ok(body) => Outcome::Done(body),
            Err(rejected) => Outcome::Unknown(rejected.into()),
        };
    }
    match ApiError::read(answer) {
        Some(error) if status >= 500 || matches!(error.code, Code::SystemError | Code::BankError) => {
            Outcome::Unknown(Cause::Server(error))
        }
        Some(error) if (400..500).contains(&status) => Outcome::Refused(error),
        _ => Outcome::Unknown(Cause::Unreadable {
            status,
            what: "no error of WeChat Pay".to_owned(),
        }),
    }
}

fn parse<T: DeserializeOwned>(body: &Verified<Vec<u8>>) -> Outcome<Verified<T>> {
    match serde_json::from_slice(body) {
        Ok(value) => Outcome::Done(Verified::vouch(value)),
        Err(error) => {
            let what = format!("line {}, column {}", error.line(), error.column());
            Outcome::Unknown(Cause::Unreadable { status: 200, what })
        }
    }
}
