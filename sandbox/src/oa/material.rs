//! Permanent material (永久素材). Articles are drafts since 2022 and stand in a file of their own.

use std::sync::Arc;

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::media::{self, Kind, Media, UNKNOWN};
use super::{Answer, Call, Fail, Interface, ok};
use crate::state::Sandbox;

/// The addresses of this file.
pub const INTERFACES: &[Interface] = &[
    Interface::post("/cgi-bin/material/add_material", add).daily(1000),
    Interface::file("/cgi-bin/material/get_material", get),
    Interface::post("/cgi-bin/material/del_material", delete).daily(1000),
    Interface::get("/cgi-bin/material/get_materialcount", count),
    Interface::post("/cgi-bin/material/batchget_material", list),
];

/// `POST /cgi-bin/material/add_material?type=…`; a film comes with its headline and introduction.
fn add(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let kind = call
        .parameter("type")
        .and_then(Kind::named)
        .ok_or(Fail(40004, "invalid media type"))?;
    let (format, upload) = kind.check(call.upload.as_ref())?;
    let words = &call.body["description"];
    let word = |name: &str| words[name].as_str().unwrap_or_default().to_owned();
    if kind == Kind::Video && word("title").is_empty() {
        return Err(Fail(41005, "description of the video is missing"));
    }
    let media = Media {
        kind,
        format,
        bytes: upload.bytes.clone(),
        name: upload.name.clone(),
        words: (word("title"), word("introduction")),
        since_ms: sandbox.clock.now_ms(),
        permanent: true,
        inside: false,
    };
    let id = sandbox.change(|world| media::keep(world, media));
    let mut answer = json!({"media_id": id});
    if matches!(kind, Kind::Image | Kind::Thumb) {
        answer["url"] = media::address(sandbox, &id).into();
    }
    Ok(answer)
}

/// `POST /cgi-bin/material/get_material`: the file, or the description of a film.
fn get(sandbox: &Arc<Sandbox>, call: &Call) -> Result<Response, Fail> {
    let id = call.text("media_id").ok_or(UNKNOWN)?;
    sandbox.look(|world| {
        let media = world.account.media.permanent(id).ok_or(UNKNOWN)?;
        if media.kind == Kind::Video {
            let (title, description) = &media.words;
            let address = media::address(sandbox, id);
            let answer = json!({"title": title, "description": description, "down_url": address});
            return Ok(Json(answer).into_response());
        }
        Ok(media::file(id, media))
    })
}

/// `POST /cgi-bin/material/del_material`.
fn delete(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let id = call.text("media_id").ok_or(UNKNOWN)?;
    sandbox.change(|world| {
        world.account.media.permanent(id).ok_or(UNKNOWN)?;
        let menu = world.account.menu.default.as_ref().map(Value::to_string);
        if menu.is_some_and(|menu| menu.contains(id)) {
            return Err(Fail(
                48005,
                "api forbid to delete material used by auto-reply or menu",
            ));
        }
        world.account.media.remove(id);
        Ok(ok())
    })
}

/// `GET /cgi-bin/material/get_materialcount`.
fn count(sandbox: &Arc<Sandbox>, _call: &Call) -> Answer {
    sandbox.look(|world| {
        let all = world.account.media.all_permanent();
        let count = |kind: Kind| all.iter().filter(|(_, media)| media.kind == kind).count();
        Ok(json!({
            "voice_count": count(Kind::Voice), "video_count": count(Kind::Video),
            "image_count": count(Kind::Image) + count(Kind::Thumb), "news_count": 0,
        }))
    })
}

/// `POST /cgi-bin/material/batchget_material`.
fn list(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let kind = call
        .text("type")
        .and_then(Kind::named)
        .ok_or(Fail(40004, "invalid media type"))?;
    let (offset, count) = window(call)?;
    sandbox.look(|world| {
        let mut all = world.account.media.all_permanent();
        all.retain(|(_, media)| media.kind == kind);
        let shown = all.iter().skip(offset).take(count);
        let items: Vec<Value> = shown
            .map(|(id, media)| media::entry(sandbox, id, media))
            .collect();
        Ok(json!({"total_count": all.len(), "item_count": items.len(), "item": items}))
    })
}

/// `offset` and `count` of a list, the latter between 1 and 20.
///
/// # Errors
/// 40035 for anything else.
pub fn window(call: &Call) -> Result<(usize, usize), Fail> {
    let number = |name: &str| call.number(name).and_then(|number| usize::try_from(number).ok());
    let window = number("offset").zip(number("count"));
    window
        .filter(|(_, count)| (1..=20).contains(count))
        .ok_or(Fail(40035, "invalid parameter"))
}
