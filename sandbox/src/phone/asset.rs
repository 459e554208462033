//! What the phone is made of: scripts, style, pictures, and the JS-SDK that pages load.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::html;

use crate::state::Sandbox;

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// A file of the folder `assets` with its type.
macro_rules! asset {
    ($file:literal, $kind:expr) => {
        ($file, $kind, include_str!(concat!("../../assets/", $file)))
    };
}

/// Address, type, content.
const ASSETS: [(&str, &str, &str); 16] = [
    asset!("phone.css", "text/css; charset=utf-8"),
    asset!("picture.svg", "image/svg+xml"),
    asset!("bills.js", SCRIPT),
    asset!("bridge.js", SCRIPT),
    asset!("chat.js", SCRIPT),
    asset!("compose.js", SCRIPT),
    asset!("control.js", SCRIPT),
    asset!("dom.js", SCRIPT),
    asset!("friends.js", SCRIPT),
    asset!("log.js", SCRIPT),
    asset!("phone.js", SCRIPT),
    asset!("scan.js", SCRIPT),
    asset!("sheet.js", SCRIPT),
    asset!("state.js", SCRIPT),
    asset!("voice.js", SCRIPT),
    asset!("webview.js", SCRIPT),
];

/// `GET /phone/{file}`.
pub async fn asset(Path(file): Path<String>) -> Response {
    let found = ASSETS.iter().find(|(name, ..)| *name == file);
    let Some((_, kind, content)) = found else {
        return StatusCode::NOT_FOUND.into_response();
    };
    (
        [(header::CONTENT_TYPE, *kind), (header::CACHE_CONTROL, "no-cache")],
        *content,
    )
        .into_response()
}

/// `GET /jssdk/jweixin.js`. A page that loads it is as slow as the phone it stands on.
pub async fn jssdk(State(sandbox): State<Arc<Sandbox>>, headers: HeaderMap) -> Response {
    super::wait_if_slow(&sandbox, &headers).await;
    let kind = [
        (header::CONTENT_TYPE, SCRIPT),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (kind, include_str!("../../assets/jweixin.js")).into_response()
}

/// A person's picture: the first character of the name on a colour of their own.
pub async fn avatar(State(sandbox): State<Arc<Sandbox>>, Path(file): Path<String>) -> Response {
    let id = file.trim_end_matches(".svg");
    let at = sandbox.look(|world| world.people.iter().position(|person| person.id == id));
    let Some(at) = at else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let initial = sandbox
        .look(|world| world.people[at].name.chars().next())
        .unwrap_or('人');
    let colour = ["#9c4630", "#2f5d8c", "#256849", "#694680"][at % 4];
    let picture = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96" {
            rect width="96" height="96" rx="12" fill=(colour) {}
            text x="48" y="64" font-size="46" text-anchor="middle" fill="#fff" font-family="sans-serif" { (initial) }
        }
    };
    ([(header::CONTENT_TYPE, "image/svg+xml")], picture.into_string()).into_response()
}

/// `GET /phone/account-code.svg`: the account's own QR code, without a scene.
pub async fn account_code(State(sandbox): State<Arc<Sandbox>>) -> Response {
    let content = account_code_content(&sandbox);
    let code = ::qrcode::QrCode::new(content.as_bytes()).expect("a short address fits a QR code");
    let picture = code
        .render::<::qrcode::render::svg::Color<'_>>()
        .min_dimensions(240, 240)
        .build();
    ([(header::CONTENT_TYPE, "image/svg+xml")], picture).into_response()
}

/// What stands in the account's own QR code.
pub fn account_code_content(sandbox: &Sandbox) -> String {
    format!("http://weixin.qq.com/r/{}", sandbox.credentials.app_id)
}
