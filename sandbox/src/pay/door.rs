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

use super::platform::{self, Signer};
use super::{Merchant, Refused, bill, media};
use crate::crypto;
use crate::fault::{Fault, Kind};
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
    let call = Call {
        path: parts.uri.path().to_owned(),
        serial: text(&parts, "wechatpay-serial").map(str::to_owned),
    };
    let merchant = match authenticate(&sandbox, &parts, &bytes).await {
        Ok(merchant) => merchant,
        Err(refused) => return sign(&sandbox, &call, refused.into_response()).await,
    };
    let (refused, lost, slow) = sandbox.change(|world| {
        let mut take = |kind| world.faults.take_at(kind, &call.path);
        let refused = refusal(&mut take);
        let lost = refused.is_none() && take(Kind::ResponseLost).is_some();
        (refused, lost, take(Kind::ResponseSlow))
    });
    let response = match refused {
        Some(refused) => refused.into_response(),
        None => {
            parts.extensions.insert(merchant);
            next.run(Request::from_parts(parts, Body::from(bytes))).await
        }
    };
    if lost {
        tokio::time::sleep(LOST_AFTER).await;
        return StatusCode::GATEWAY_TIMEOUT.into_response();
    }
    if let Some(slow) = slow {
        tokio::time::sleep(Duration::from_millis(slow.delay_ms)).await;
    }
    sign(&sandbox, &call, response).await
}

/// What the answer depends on.
struct Call {
    path: String,
    serial: Option<String>,
}

/// The refusal that a waiting fault demands.
fn refusal(take: &mut impl FnMut(Kind) -> Option<Fault>) -> Option<Refused> {
    let faults = [
        (Kind::PaySystemError, 500, "SYSTEM_ERROR", "系统异常，请稍后重试"),
        (Kind::PayRateLimited, 429, "FREQUENCY_LIMITED", "频率超限"),
        (
            Kind::PayUserPaying,
            202,
            "USER_PAYING",
            "用户支付中，需要输入密码",
        ),
    ];
    let wanted = faults.into_iter().find(|(kind, ..)| take(*kind).is_some());
    wanted.map(|(_, status, code, words)| Refused::new(status, code, words))
}

fn text<'a>(parts: &'a Parts, name: &str) -> Option<&'a str> {
    parts.headers.get(name).and_then(|value| value.to_str().ok())
}

async fn authenticate(sandbox: &Sandbox, parts: &Parts, body: &Bytes) -> Result<Merchant, Refused> {
    if text(parts, "accept").is_none() || text(parts, "user-agent").is_none() {
        return Err(Refused::new(400, "PARAM_ERROR", "Http头缺少Accept或User-Agent"));
    }
    sandbox.look(|world| platform::check_serial(world, sandbox, text(parts, "wechatpay-serial")))?;
    let authorization = text(parts, "authorization").ok_or_else(|| failed("Authorization 缺失"))?;
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
    let merchant = sandbox.look(|world| world.pay.merchant(mchid).cloned());
    let merchant = merchant.ok_or_else(|| failed("商户号不存在"))?;
    let api = merchant.api.as_ref().ok_or_else(|| failed("商户未设置API证书"))?;
    if field("serial_no")? != api.credentials.serial {
        return Err(failed("商户证书序列号有误"));
    }
    let (timestamp, nonce) = (field("timestamp")?, field("nonce_str")?);
    let fresh = timestamp
        .parse::<i64>()
        .is_ok_and(|at| (sandbox.clock.now_s() - at).abs() <= FRESH_S);
    if !fresh || nonce.is_empty() {
        return Err(failed("时间戳过期或随机串缺失"));
    }
    // An upload is signed over its description alone, not over the picture (doc 4012760432).
    let signed = if parts.uri.path() == media::PATH {
        media::meta(parts, body).await?
    } else {
        body.clone()
    };
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let mut message = format!("{}\n{path}\n{timestamp}\n{nonce}\n", parts.method).into_bytes();
    message.extend_from_slice(&signed);
    message.push(b'\n');
    if crypto::rsa_verify(&api.key, &message, field("signature")?) {
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

fn failed(why: &str) -> Refused {
    Refused::new(401, "SIGN_ERROR", format!("签名错误：{why}"))
}

/// Signs `timestamp\nnonce\nbody\n`, for an empty body too.
async fn sign(sandbox: &Sandbox, call: &Call, response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(mut body) = axum::body::to_bytes(body, BODY_LIMIT).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let (skew_s, signtest, unsigned, broken) = sandbox.change(|world| {
        let mut take = |kind| world.faults.take_at(kind, &call.path).is_some();
        let ahead = if take(Kind::ClockSkew) { 360 } else { 0 };
        let behind = if take(Kind::ClockBehind) { 360 } else { 0 };
        let broken = parts.status == StatusCode::OK && take(Kind::ResponseBroken);
        (
            ahead - behind,
            take(Kind::ResponseSigntest),
            take(Kind::ResponseUnsigned),
            broken,
        )
    });
    if broken {
        body = body.slice(..body.len() / 2);
        parts.headers.remove("content-length");
    }
    let (nonce, id) = sandbox.change(|world| (world.word(32), world.word(32)));
    insert(
        &mut parts.headers,
        "request-id",
        &format!("08{}", id.to_uppercase()),
    );
    // A bill's bytes come without a signature; their hash was told before.
    let is_file = call.path == bill::DOWNLOAD_PATH && parts.status == StatusCode::OK;
    if !unsigned && !is_file {
        let signer = sandbox.look(|world| world.pay.platform.answers(sandbox, call.serial.as_deref()));
        let over = Stamp {
            signer,
            at_s: sandbox.clock.now_s() + skew_s,
            nonce: &nonce,
            body: &body,
            signtest,
        };
        stamp(&mut parts.headers, &over);
    }
    Response::from_parts(parts, Body::from(body))
}

/// What a signature is made over.
pub struct Stamp<'a> {
    /// By which key.
    pub signer: Signer,
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
pub fn stamp(headers: &mut HeaderMap, stamp: &Stamp<'_>) {
    let mut message = format!("{}\n{}\n", stamp.at_s, stamp.nonce).into_bytes();
    message.extend_from_slice(stamp.body);
    message.push(b'\n');
    let genuine = crypto::rsa_sign(&stamp.signer.key, &message);
    let signature = if stamp.signtest {
        // The probe has the shape of a signature and verifies with no key.
        format!("WECHATPAY/SIGNTEST/{}", &genuine[19..])
    } else {
        genuine
    };
    insert(headers, "wechatpay-timestamp", &stamp.at_s.to_string());
    insert(headers, "wechatpay-nonce", stamp.nonce);
    insert(headers, "wechatpay-signature", &signature);
    insert(headers, "wechatpay-serial", &stamp.signer.serial);
    insert(headers, "wechatpay-signature-type", "WECHATPAY2-SHA256-RSA2048");
}

fn insert(headers: &mut HeaderMap, name: &'static str, value: &str) {
    let value = HeaderValue::from_str(value).expect("signatures and numbers are visible ASCII");
    headers.insert(HeaderName::from_static(name), value);
}
