//! The settings of the official account, and what people do with it beyond talking.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Unable;
use super::people::{Reply, Shared, act, must_follow};
use crate::oa::quota::Limit;
use crate::oa::subscription;
use crate::push::{self, Act, Delivery, Mode};
use crate::state::Sandbox;

/// Addresses below `/control` that concern the account.
pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/control/push", get(push_mode).post(set_push_mode))
        .route("/control/whitelist", post(set_whitelist))
        .route("/control/secret", post(freeze_secret))
        .route("/control/quota", post(set_quota))
        .route("/control/subscriptions/{template}", get(subscription_title))
        .route("/control/people/{person}/subscribe", post(subscribe))
        .route("/control/people/{person}/event", post(event))
        .route("/control/people/{person}/refusal", post(refuse))
        .route("/control/people/{person}/message", post(message))
}

async fn push_mode(State(sandbox): Shared) -> Json<Value> {
    Json(json!({"mode": sandbox.look(|world| world.account.push_mode)}))
}

#[derive(Deserialize)]
struct Pushes {
    mode: Mode,
}

/// How the message push is encrypted from now on.
async fn set_push_mode(State(sandbox): Shared, Json(pushes): Json<Pushes>) -> Json<Value> {
    sandbox.change(|world| world.account.push_mode = pushes.mode);
    Json(json!({"mode": pushes.mode}))
}

#[derive(Deserialize)]
struct Whitelist {
    /// Addresses; everybody without a list.
    ips: Option<Vec<String>>,
}

/// Who may ask for tokens (IP白名单).
async fn set_whitelist(State(sandbox): Shared, Json(list): Json<Whitelist>) -> Json<Value> {
    sandbox.change(|world| world.account.tokens.whitelist = list.ips.clone());
    Json(json!({"ips": list.ips}))
}

#[derive(Deserialize)]
struct Secret {
    frozen: bool,
}

/// Freezes the AppSecret, or thaws it.
async fn freeze_secret(State(sandbox): Shared, Json(secret): Json<Secret>) -> Json<Value> {
    sandbox.change(|world| world.account.tokens.frozen = secret.frozen);
    Json(json!({"frozen": secret.frozen}))
}

#[derive(Deserialize)]
struct Quota {
    path: String,
    daily: u32,
    per_minute: Option<u32>,
}

/// Another limit for one interface.
async fn set_quota(State(sandbox): Shared, Json(quota): Json<Quota>) -> Json<Value> {
    let limit = Limit {
        daily: quota.daily,
        per_minute: quota.per_minute,
    };
    sandbox.change(|world| world.account.quota.set_limit(quota.path, limit));
    Json(json!({"daily": limit.daily, "per_minute": limit.per_minute}))
}

/// What a subscription template is called, for the question to the person.
async fn subscription_title(State(sandbox): Shared, Path(template): Path<String>) -> Reply {
    let title = sandbox.look(|world| world.account.notices.title(&template));
    let title = title.ok_or_else(|| Unable::unknown("template"))?;
    Ok(Json(json!({"title": title})))
}

#[derive(Deserialize)]
struct Consent {
    template_id: String,
    accept: bool,
}

/// The answer to the question for a subscription notice.
async fn subscribe(
    State(sandbox): Shared,
    Path(person): Path<String>,
    Json(consent): Json<Consent>,
) -> Reply {
    let left = subscription::consent(&sandbox, &person, &consent.template_id, consent.accept)
        .map_err(Unable::because)?;
    Ok(Json(json!({"accepted": consent.accept, "left": left})))
}

/// Any event of the person, by its name and fields.
async fn event(
    State(sandbox): Shared,
    Path(person): Path<String>,
    Json(body): Json<Map<String, Value>>,
) -> Reply {
    if sandbox.look(|world| world.person(&person).is_none()) {
        return Err(Unable::unknown("person"));
    }
    let Delivery { delivered, attempts } = push::send_event(&sandbox, &person, &body)
        .await
        .map_err(Unable::because)?;
    Ok(Json(json!({"delivered": delivered, "attempts": attempts})))
}

#[derive(Deserialize)]
struct Refusal {
    refuses: bool,
}

/// Switches the account's messages off on the person's phone, or on again (接收消息).
async fn refuse(State(sandbox): Shared, Path(person): Path<String>, Json(refusal): Json<Refusal>) -> Reply {
    sandbox.change(|world| {
        let person = world
            .person_mut(&person)
            .ok_or_else(|| Unable::unknown("person"))?;
        person.refuses = refusal.refuses;
        Ok(Json(json!({"refuses": refusal.refuses})))
    })
}

/// A message that is more than words, a picture or a place.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Said {
    Voice {
        #[serde(default)]
        text: String,
    },
    Video,
    ShortVideo,
    Link {
        title: String,
        #[serde(default)]
        description: String,
        url: String,
    },
    Choice {
        id: String,
        text: String,
    },
}

async fn message(State(sandbox): Shared, Path(person): Path<String>, Json(said): Json<Said>) -> Reply {
    must_follow(&sandbox, &person)?;
    let said = match said {
        Said::Voice { text } => Act::Voice(None, text),
        Said::Video => Act::Video(false),
        Said::ShortVideo => Act::Video(true),
        Said::Link {
            title,
            description,
            url,
        } => Act::Link(title, description, url),
        Said::Choice { id, text } => Act::Choose(id, text),
    };
    act(&sandbox, &person, said).await
}
