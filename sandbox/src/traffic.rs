//! The log of what the program and WeChat say to each other, with secrets masked.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::state::Sandbox;

/// Largest body of a request, in bytes: a picture or film of ten megabytes in its form.
pub const BODY_LIMIT: usize = 11 * 1024 * 1024;
/// How much of a body the log shows, in characters.
const SHOWN: usize = 4000;
/// Names whose values never stand in the log.
const SECRET_NAMES: [&str; 8] = [
    "access_token",
    "refresh_token",
    "secret",
    "appsecret",
    "ticket",
    "msg_signature",
    "signature",
    "paySign",
];

/// One request with its response.
#[derive(Clone, Debug, Serialize)]
pub struct Exchange {
    /// Place in the sequence of everything that happened.
    pub seq: u64,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// `true` when the program asks WeChat, `false` when WeChat calls the program.
    pub inbound: bool,
    /// Method and address.
    pub what: String,
    /// Remarks: the headers that matter, or what is in an encrypted body.
    pub note: String,
    /// Body of the request.
    pub request: String,
    /// HTTP status, 0 when no answer came.
    pub status: u16,
    /// Body of the response.
    pub response: String,
    /// Duration in milliseconds.
    pub millis: u64,
}

/// Records an API call. The body is read whole, so that everything behind it works on the raw bytes.
pub async fn log(State(sandbox): State<Arc<Sandbox>>, request: Request, next: Next) -> Response {
    let started = std::time::Instant::now();
    let (parts, body) = request.into_parts();
    let what = format!("{} {}", parts.method, parts.uri);
    let Ok(bytes) = axum::body::to_bytes(body, BODY_LIMIT).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let response = next
        .run(Request::from_parts(parts, Body::from(bytes.clone())))
        .await;
    let (parts, body) = response.into_parts();
    let Ok(answer) = axum::body::to_bytes(body, BODY_LIMIT).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let exchange = Exchange {
        seq: 0,
        at: sandbox.clock.now_ms(),
        inbound: true,
        what: mask(&what),
        note: wechatpay_headers(&parts.headers),
        request: shown(&bytes),
        status: parts.status.as_u16(),
        response: shown(&answer),
        millis: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
    };
    sandbox.change(|world| world.record(exchange));
    Response::from_parts(parts, Body::from(answer))
}

/// A body for the log: text, masked and cut.
pub fn shown(body: &Bytes) -> String {
    if body.starts_with(b"\x89PNG") || body.starts_with(b"\xff\xd8") {
        return format!("({} bytes of picture)", body.len());
    }
    // Pictures being uploaded, and bills.
    if std::str::from_utf8(body).is_err() || body.contains(&0) {
        return format!("({} bytes)", body.len());
    }
    let text = String::from_utf8_lossy(body);
    mask(&text.chars().take(SHOWN).collect::<String>())
}

/// `text` with the values of secret names replaced, in queries and in JSON alike.
pub fn mask(text: &str) -> String {
    let query_end = |c| matches!(c, '&' | ' ' | '#' | '"' | ',');
    // In JSON `code` is the name of an error, which the log must show.
    let text = mask_values(text, "code=", query_end);
    SECRET_NAMES.iter().fold(text, |text, name| {
        let text = mask_values(&text, &format!("{name}="), query_end);
        let text = mask_values(&text, &format!("\"{name}\":\""), |c| c == '"');
        mask_values(&text, &format!("\"{name}\": \""), |c| c == '"')
    })
}

fn mask_values(text: &str, prefix: &str, ends: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(prefix) {
        let whole_name = !rest[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let value = &rest[at + prefix.len()..];
        let end = value.find(&ends).unwrap_or(value.len());
        out.push_str(&rest[..at + prefix.len()]);
        if whole_name && end > 0 {
            // Four characters tell one token from another and give nothing away.
            out.extend(value[..end].chars().take(if end > 12 { 4 } else { 0 }));
            out.push('…');
        } else {
            out.push_str(&value[..end]);
        }
        rest = &value[end..];
    }
    out.push_str(rest);
    out
}

fn wechatpay_headers(headers: &HeaderMap) -> String {
    let value = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let named = |name: &str| value(name).map(|value| format!("{name}: {value}"));
    ["Wechatpay-Serial", "Wechatpay-Timestamp", "Request-ID"]
        .iter()
        .filter_map(|name| named(name))
        .collect::<Vec<_>>()
        .join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_do_not_reach_the_log() {
        assert_eq!(
            mask("GET /cgi-bin/x?access_token=abcdefghijklmnop&openid=o1"),
            "GET /cgi-bin/x?access_token=abcd…&openid=o1"
        );
        assert_eq!(
            mask(r#"{"secret":"0123","appid":"wx1"}"#),
            r#"{"secret":"…","appid":"wx1"}"#
        );
        assert_eq!(
            mask(r#"{"errcode":0,"mycode":"a"}"#),
            r#"{"errcode":0,"mycode":"a"}"#
        );
        assert_eq!(mask("?code=0123456789abcdef&state=x"), "?code=0123…&state=x");
    }
}
