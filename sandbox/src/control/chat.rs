//! What people say: to the account, which hears of it, and to each other.

use axum::extract::{Path, State};
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use std::sync::Arc;

use super::Unable;
use super::people::{Reply, Shared, Spot, act, known, must_follow};
use crate::phone::album::{self, File};
use crate::phone::friend::{self, Content};
use crate::place::{self, Place};
use crate::push::Act;
use crate::state::Sandbox;

/// Addresses below `/control/people` by which somebody says something.
pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/control/people/{person}/text", post(text))
        .route("/control/people/{person}/image", post(image))
        .route("/control/people/{person}/voice", post(voice))
        .route("/control/people/{person}/location", post(location))
        .route("/control/people/{person}/letters", post(letter))
}

#[derive(Deserialize)]
struct Words {
    text: String,
}

async fn text(State(sandbox): Shared, Path(person): Path<String>, Json(words): Json<Words>) -> Reply {
    must_follow(&sandbox, &person)?;
    if words.text.trim().is_empty() || words.text.len() > 6000 {
        return Err(Unable::because("a message has between 1 and 2000 characters"));
    }
    act(&sandbox, &person, Act::Text(words.text)).await
}

/// A file of the album by its id; without one the sample is meant.
#[derive(Deserialize)]
struct Chosen {
    file: Option<String>,
    /// What was said, as far as WeChat understood it.
    #[serde(default)]
    text: String,
}

async fn image(State(sandbox): Shared, Path(person): Path<String>, Json(chosen): Json<Chosen>) -> Reply {
    must_follow(&sandbox, &person)?;
    let file = chosen
        .file
        .map(|id| file_of(&sandbox, &id, "image/"))
        .transpose()?;
    act(&sandbox, &person, Act::Image(file)).await
}

async fn voice(State(sandbox): Shared, Path(person): Path<String>, Json(chosen): Json<Chosen>) -> Reply {
    must_follow(&sandbox, &person)?;
    let id = match chosen.file {
        Some(id) => id,
        None => sandbox.change(|world| album::put(world, "audio/wav", album::sample_voice())),
    };
    let file = file_of(&sandbox, &id, "audio/")?;
    act(&sandbox, &person, Act::Voice(Some(file), chosen.text)).await
}

/// The file, if it is of the wanted type.
fn file_of(sandbox: &Sandbox, id: &str, kind: &str) -> Result<File, Unable> {
    let file = sandbox.look(|world| album::find(world, id).cloned());
    file.filter(|file| file.kind.starts_with(kind)).ok_or_else(|| {
        Unable::because(format!(
            "no file of the type {kind}* has this id; POST it to /phone/files first"
        ))
    })
}

async fn location(State(sandbox): Shared, Path(person): Path<String>, Json(spot): Json<Spot>) -> Reply {
    must_follow(&sandbox, &person)?;
    let own = sandbox.look(|world| world.person(&person).map(|person| person.place.gcj02()));
    let own = own.ok_or_else(|| Unable::unknown("person"))?;
    let place = match &spot.station {
        Some(name) => place::station(name)
            .ok_or_else(|| Unable::unknown("station"))?
            .gcj02(),
        None => Place {
            lat: spot.lat.unwrap_or(own.lat),
            lng: spot.lng.unwrap_or(own.lng),
        },
    };
    let label = spot.label.or(spot.station).unwrap_or_else(|| "我的位置".into());
    act(&sandbox, &person, Act::Location(place.lat, place.lng, label)).await
}

/// Words for a friend, or a page as a card: named as `wx.updateAppMessageShareData` names it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Draft {
    to: String,
    text: Option<String>,
    link: Option<String>,
    #[serde(default)]
    title: String,
    #[serde(default)]
    desc: String,
    #[serde(default)]
    img_url: String,
}

async fn letter(State(sandbox): Shared, Path(person): Path<String>, Json(draft): Json<Draft>) -> Reply {
    known(&sandbox, &person)?;
    let content = match (draft.link, draft.text) {
        (Some(url), _) => Content::Link {
            title: if draft.title.is_empty() {
                url.clone()
            } else {
                draft.title
            },
            description: draft.desc,
            url,
            picture: draft.img_url,
        },
        (None, Some(text)) => Content::Text { text },
        (None, None) => return Err(Unable::because("a text or a link is wanted")),
    };
    let now = sandbox.clock.now_ms();
    let letter = sandbox.change(|world| friend::send(world, &person, &draft.to, now, content));
    letter
        .map(|letter| Json(json!({"letter": letter})))
        .map_err(Unable::because)
}
