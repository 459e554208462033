//! The door of WeChat Pay: requests are verified on their raw bytes, responses are signed.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::{Merchant, Refused};
use crate::crypto;
use crate::fault::Kind;
use crate::state::Sandbox;
use crate::traffic::BODY_LIMIT;

/// How far a request's clock may be off, in seconds.
const FRESH_S: i64 = 300;
/// How long a lost response keeps the caller waiting.
const LOST_AFTER: Duration = Duration::from_secs(30);

/// Verifies, lets the call through, signs the answer, and does what the waiting faults demand.
pub async fn guard(State(sandbox): State<Arc<Sandbox>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, BODY_LIMIT).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let merchant = match authenticate(&sandbox, &parts, &bytes) {
        Ok(merchant) => merchant,
        Err(refused) => return sign(&sandbox, refused.into_response()).await,
    };
    let (busy, limited, lost) = sandbox.change(|world| {
        let busy = world.faults.take(Kind::PaySystemError).is_some();
        let limited = !busy && world.faults.take(Kind::PayRateLimited).is_some();
        let lost = !busy && !limited && world.faults.take(Kind::ResponseLost).is_some();
        (busy, limited, lost)
    });
    let response = if busy {
        Refused::new(500, "SYSTEM_ERROR", "系统异常，请稍后重试").into_response()
    } else if limited {
        Refused::new(429, "FREQUENCY_LIMITED", "频率超限").into_response()
    } else {
        parts.extensions.insert(merchant);
        next.run(Request::from_parts(parts, Body::from(bytes))).await
    };
    if lost {
        tokio::time::sleep(LOST_AFTER).await;
        return StatusCode::GATEWAY_TIMEOUT.into_response();
    }
    sign(&sandbox, response).await
}

fn authenticate(sandbox: &Sandbox, parts: &Parts, body: &Bytes) -> Result<Merchant, Refused> {
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    if header("accept").is_none() || header("user-agent").is_none() {
        return Err(Refused::new(400, "PARAM_ERROR", "Http头缺少Accept或User-Agent"));
    }
    if header("wechatpay-serial").is_some_and(|serial| serial != sandbox.credentials.platform.public_key_id) {
        return Err(Refused::new(
            400,
            "INVALID_REQUEST",
            "请求头 Wechatpay-Serial 中的公钥ID或证书序列号有误",
        ));
    }
    let failed = |why: &str| Refused::new(401, "SIGN_ERROR", format!("签名错误：{why}"));
    let authorization = header("authorization").ok_or_else(|| failed("Authorization 缺失"))?;
    let fields = authorization
        .strip_prefix("WECHATPAY2-SHA256-RSA2048 ")
        .ok_or_else(|| failed("认证类型不是 WECHATPAY2-SHA256-RSA2048"))?;
    let field = |name: &'static str| {
        let value = fields
            .split(',')
            .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix("=\""));
        value
            .and_then(|value| value.strip_suffix('"'))
            .ok_or_else(|| failed(name))
    };
    let mchid = field("mchid")?;
    let merchant = [Merchant::Partner, Merchant::Direct]
        .into_iter()
        .find(|m| m.mchid(sandbox) == mchid);
    let merchant = merchant.ok_or_else(|| failed("商户号不存在"))?;
    if field("serial_no")? != merchant.credentials(sandbox).serial {
        return Err(failed("商户证书序列号有误"));
    }
    let (timestamp, nonce) = (field("timestamp")?, field("nonce_str")?);
    let fresh = timestamp
        .parse::<i64>()
        .is_ok_and(|at| (sandbox.clock.now_s() - at).abs() <= FRESH_S);
    if !fresh || nonce.is_empty() {
        return Err(failed("时间戳过期或随机串缺失"));
    }
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let mut message = format!("{}\n{path}\n{timestamp}\n{nonce}\n", parts.method).into_bytes();
    message.extend_from_slice(body);
    message.push(b'\n');
    if crypto::rsa_verify(merchant.key(sandbox), &message, field("signature")?) {
        return Ok(merchant);
    }
    let shown: String = String::from_utf8_lossy(&message).chars().take(120).collect();
    Err(failed("验证签名失败").detailed(json!({
        "field": "signature",
        "issue": "sign not match",
        "location": "authorization",
        "sign_information": {
            "method": parts.method.as_str(), "url": path, "truncated_sign_message": shown,
            "sign_message_length": message.len(),
        },
    })))
}

/// Signs `timestamp\nnonce\nbody\n`, for an empty body too.
async fn sign(sandbox: &Sandbox, response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(body) = axum::body::to_bytes(body, BODY_LIMIT).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let (skewed, signtest, nonce, id) = sandbox.change(|world| {
        let skewed = world.faults.take(Kind::ClockSkew).is_some();
        let signtest = world.faults.take(Kind::ResponseSigntest).is_some();
        (skewed, signtest, world.word(32), world.word(32))
    });
    let at_s = sandbox.clock.now_s() + if skewed { 360 } else { 0 };
    stamp(
        sandbox,
        &mut parts.headers,
        &Stamp {
            at_s,
            nonce: &nonce,
            body: &body,
            signtest,
        },
    );
    insert(
        &mut parts.headers,
        "request-id",
        &format!("08{}", id.to_uppercase()),
    );
    Response::from_parts(parts, Body::from(body))
}

/// What a signature is made over.
pub struct Stamp<'a> {
    /// Seconds since 1970.
    pub at_s: i64,
    /// Random word.
    pub nonce: &'a str,
    /// The raw body.
    pub body: &'a [u8],
    /// Whether to spoil it the way WeChat Pay does to probe its merchants (`WECHATPAY/SIGNTEST/`).
    pub signtest: bool,
}

/// Adds the five signature headers that stand on responses and on notices.
pub fn stamp(sandbox: &Sandbox, headers: &mut HeaderMap, stamp: &Stamp<'_>) {
    let mut message = format!("{}\n{}\n", stamp.at_s, stamp.nonce).into_bytes();
    message.extend_from_slice(stamp.body);
    message.push(b'\n');
    let genuine = crypto::rsa_sign(&sandbox.keys.platform, &message);
    let signature = if stamp.signtest {
        // The probe has the shape of a signature and verifies with no key.
        format!("WECHATPAY/SIGNTEST/{}", &genuine[19..])
    } else {
        genuine
    };
    insert(headers, "wechatpay-timestamp", &stamp.at_s.to_string());
    insert(headers, "wechatpay-nonce", stamp.nonce);
    insert(headers, "wechatpay-signature", &signature);
    insert(
        headers,
        "wechatpay-serial",
        &sandbox.credentials.platform.public_key_id,
    );
    insert(headers, "wechatpay-signature-type", "WECHATPAY2-SHA256-RSA2048");
}

fn insert(headers: &mut HeaderMap, name: &'static str, value: &str) {
    let value = HeaderValue::from_str(value).expect("signatures and numbers are visible ASCII");
    headers.insert(HeaderName::from_static(name), value);
}
