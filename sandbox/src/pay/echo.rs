//! The self-test of signatures and encryption (商户签名验签/加解密测试, doc 4015139289).
//!
//! The document names the request and the callback's envelope, not what comes back. Assumed here: the answer repeats
//! `echo_message`, and carries the secret one encrypted for the merchant's API certificate; the callback's resource
//! says the same.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::{Extension, Json};
use serde_json::{Value, json};

use super::platform::Opener;
use super::{Merchant, Refused, asked, notice, read_json, required};
use crate::state::Sandbox;

/// `POST /v3/security/echo`.
pub async fn echo(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Refused> {
    let request = read_json(&body)?;
    let message = required(&request, "echo_message", 1024)?;
    let serial = headers
        .get("wechatpay-serial")
        .and_then(|value| value.to_str().ok());
    if serial.is_none() {
        return Err(Refused::new(400, "PARAM_ERROR", "请求头缺少 Wechatpay-Serial"));
    }
    let mut answer = json!({"echo_message": message});
    if let Some(sealed) = request["encrypted_echo_message"].as_str() {
        let opener = Opener::new(&sandbox, &headers);
        let plain = opener.open("/encrypted_echo_message", sealed)?;
        let api = merchant.api.as_ref().expect("who signed has a certificate");
        let sealed = sandbox.change(|world| world.seal_sensitive(&api.key, plain.as_bytes()));
        let sealed = sealed.ok_or_else(|| Refused::parameter("/encrypted_echo_message", "过长"))?;
        answer["encrypted_echo_message"] = sealed.into();
    }
    if let Some(url) = request["notify_url"].as_str().filter(|url| !url.is_empty()) {
        asked::check_notify_url(url)?;
        let signer = sandbox.look(|world| world.pay.platform.answers(&sandbox, serial));
        notice::echoed(&sandbox, &merchant, url, signer, answer.clone());
    }
    Ok(Json(answer))
}
