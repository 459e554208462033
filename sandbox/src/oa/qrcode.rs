//! QR codes with scenes (带参数二维码).

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

use super::{Answer, Call, Fail, Interface};
use crate::clock::Clock;
use crate::state::Sandbox;

/// How many codes without an end an account may have.
const PERMANENT: usize = 100_000;

/// The addresses of this file.
pub const INTERFACES: &[Interface] = &[Interface::post("/cgi-bin/qrcode/create", create).daily(100_000)];

/// One code.
#[derive(Clone, Debug, Serialize)]
pub struct Scene {
    /// What the picture is asked for with, and what the event carries.
    pub ticket: String,
    /// What stands in the picture.
    pub url: String,
    /// The account's own word for the code.
    pub scene: String,
    issued_ms: i64,
    /// Lifetime in seconds, none for a permanent code.
    expire_seconds: Option<u32>,
}

impl Scene {
    /// Whether it can still be scanned.
    pub fn lives(&self, clock: &Clock) -> bool {
        self.expire_seconds
            .is_none_or(|seconds| !clock.passed(self.issued_ms, seconds))
    }
}

/// `POST /cgi-bin/qrcode/create`.
pub fn create(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let scene = &call.body["action_info"]["scene"];
    let number = || {
        scene["scene_id"]
            .as_u64()
            .filter(|&id| id > 0)
            .map(|id| id.to_string())
    };
    let word = || {
        let word = scene["scene_str"].as_str()?;
        (1..=64).contains(&word.chars().count()).then(|| word.to_owned())
    };
    let wrong = Fail(40053, "invalid action info");
    let (scene, temporary) = match call.text("action_name") {
        Some("QR_SCENE") => (number().ok_or(wrong)?, true),
        Some("QR_STR_SCENE") => (word().ok_or(wrong)?, true),
        Some("QR_LIMIT_SCENE") => {
            let id = number().filter(|id| id.parse().is_ok_and(|id: u64| id <= 100_000));
            (id.ok_or(wrong)?, false)
        }
        Some("QR_LIMIT_STR_SCENE") => (word().ok_or(wrong)?, false),
        _ => return Err(Fail(40052, "invalid action name")),
    };
    let expire_seconds = temporary.then(|| {
        let asked = call.body["expire_seconds"]
            .as_u64()
            .unwrap_or(60)
            .clamp(1, 2_592_000);
        u32::try_from(asked).expect("clamped to 30 days")
    });
    sandbox.change(|world| {
        let permanent = world
            .account
            .scenes
            .iter()
            .filter(|scene| scene.expire_seconds.is_none());
        if expire_seconds.is_none() && permanent.count() >= PERMANENT {
            return Err(Fail(45029, "qrcode count out of limit"));
        }
        let ticket = format!("gQH{}", world.word(88));
        let url = format!("http://weixin.qq.com/q/{}", world.word(22));
        let mut answer = json!({"ticket": ticket, "url": url});
        if let Some(seconds) = expire_seconds {
            answer["expire_seconds"] = seconds.into();
        }
        let issued_ms = sandbox.clock.now_ms();
        world.account.scenes.push(Scene {
            ticket,
            url,
            scene,
            issued_ms,
            expire_seconds,
        });
        Ok(answer)
    })
}

/// `GET /cgi-bin/showqrcode?ticket=…`: the picture, as SVG where WeChat gives a JPEG.
pub async fn show(
    State(sandbox): State<Arc<Sandbox>>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let url = sandbox.look(|world| {
        let ticket = query.get("ticket")?;
        world
            .account
            .scenes
            .iter()
            .find(|scene| scene.ticket == *ticket)
            .map(|scene| scene.url.clone())
    });
    let Some(url) = url else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let code = ::qrcode::QrCode::new(url.as_bytes()).expect("a short address fits a QR code");
    let picture = code
        .render::<::qrcode::render::svg::Color<'_>>()
        .min_dimensions(430, 430)
        .build();
    ([(header::CONTENT_TYPE, "image/svg+xml")], picture).into_response()
}
