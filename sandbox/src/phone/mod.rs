//! The phone in the browser: who holds it, what it shows, and the JS-SDK that pages load.

pub mod album;
pub mod asset;
mod bill;
pub mod friend;
mod icon;
mod page;
mod view;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::oa::menu;
use crate::oa::ticket::{self, PageSignature};
use crate::pay::{self, Finish};
use crate::state::Sandbox;

/// The cookie that says who holds the phone in this browser.
pub const PERSON_COOKIE: &str = "sandbox_person";
/// How long a phone waits for news before it asks again.
const NEWS_WAIT: Duration = Duration::from_secs(20);
/// How much later everything comes on a slow network.
const SLOW: Duration = Duration::from_secs(4);

/// What the phones remember beside the chats with the account.
#[derive(Default)]
pub struct PhoneState {
    /// Pictures and voices, oldest first.
    pub files: Vec<album::File>,
    /// What people sent each other.
    pub letters: Vec<friend::Letter>,
    /// Ids of the people whose network is slow.
    pub slow: BTreeSet<String>,
}

/// All addresses of the phone.
pub fn routes() -> Router<Arc<Sandbox>> {
    let files = post(album::keep).layer(DefaultBodyLimit::max(album::FILE_LIMIT));
    Router::new()
        .route("/", get(async || Redirect::to("/phone")))
        .route("/phone", get(show))
        .route("/phone/state", get(news))
        .route("/phone/config", post(check_config))
        .route("/phone/pay", post(decide))
        .route("/phone/files", files)
        .route("/phone/files/{id}", get(album::fetch))
        .route("/phone/avatar/{file}", get(asset::avatar))
        .route("/phone/account-code.svg", get(asset::account_code))
        .route("/phone/{file}", get(asset::asset))
        .route("/jssdk/jweixin.js", get(asset::jssdk))
}

/// Waits as long as the network of the phone that asks is slow; not at all on a good one.
pub async fn wait_if_slow(sandbox: &Sandbox, headers: &HeaderMap) {
    let person = cookies(headers).remove(PERSON_COOKIE).unwrap_or_default();
    if sandbox.look(|world| world.phone.slow.contains(&person)) {
        tokio::time::sleep(SLOW).await;
    }
}

/// The cookies of a request.
pub fn cookies(headers: &HeaderMap) -> HashMap<String, String> {
    let lines = headers
        .get_all(header::COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok());
    let pairs = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// A page of WeChat's own, such as the question for consent.
pub fn small_page(title: &str, content: Markup) -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="icon" href="/phone/picture.svg";
                link rel="stylesheet" href="/phone/phone.css";
                script src="/jssdk/jweixin.js" {}
            }
            body.small { main { (content) } }
        }
    };
    Html(page.into_string())
}

#[derive(Deserialize)]
struct Holder {
    person: Option<String>,
}

/// `GET /phone`: puts the phone into somebody's hand. The program's session cookies go with their owner, since
/// cookies do not tell ports apart and one browser would otherwise be one customer for ever.
async fn show(
    State(sandbox): State<Arc<Sandbox>>,
    Query(holder): Query<Holder>,
    headers: HeaderMap,
) -> Response {
    let cookies = cookies(&headers);
    let before = cookies.get(PERSON_COOKIE).cloned();
    let person = holder
        .person
        .or_else(|| before.clone())
        .unwrap_or_else(|| "zhangli".into());
    if sandbox.look(|world| world.person(&person).is_none()) {
        return (StatusCode::NOT_FOUND, "no such person").into_response();
    }
    let mut set = vec![(
        header::SET_COOKIE,
        format!("{PERSON_COOKIE}={person}; Path=/; HttpOnly; SameSite=Lax"),
    )];
    if let Some(before) = before.filter(|before| *before != person) {
        set.extend(
            hand_over(&sandbox, &before, &person, &cookies)
                .into_iter()
                .map(|c| (header::SET_COOKIE, c)),
        );
    }
    (
        AppendHeaders(set),
        Html(page::phone(&sandbox, &person).into_string()),
    )
        .into_response()
}

fn hand_over(sandbox: &Sandbox, from: &str, to: &str, cookies: &HashMap<String, String>) -> Vec<String> {
    sandbox.change(|world| {
        let names = &sandbox.config.session_cookies;
        if let Some(person) = world.person_mut(from) {
            let own = names
                .iter()
                .filter_map(|name| Some((name.clone(), cookies.get(name)?.clone())));
            person.cookies = own.collect();
        }
        let kept = world
            .person(to)
            .map(|person| person.cookies.clone())
            .unwrap_or_default();
        let cookie = |name: &String| match kept.iter().find(|(kept, _)| kept == name) {
            Some((_, value)) => format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax"),
            None => format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"),
        };
        names.iter().map(cookie).collect()
    })
}

#[derive(Deserialize)]
struct News {
    person: String,
    #[serde(default)]
    after: u64,
}

/// What the phone shows, as soon as something changed after `after`.
async fn news(
    State(sandbox): State<Arc<Sandbox>>,
    Query(news): Query<News>,
) -> Result<Json<Value>, StatusCode> {
    if news.after > 0 && news.after <= sandbox.look(|world| world.seq()) {
        sandbox.changed_since(news.after, NEWS_WAIT).await;
    }
    sandbox.look(|world| {
        let person = world.person(&news.person).ok_or(StatusCode::NOT_FOUND)?;
        let messages: Vec<_> = world.messages.iter().filter(|m| m.person == person.id).collect();
        let traffic: Vec<_> = world
            .traffic
            .iter()
            .filter(|exchange| exchange.seq > news.after)
            .collect();
        Ok(Json(json!({
            "seq": world.seq(), "now": sandbox.clock.now_ms(), "name": person.name,
            "following": person.following_since_ms.is_some(), "place": person.place,
            "gcj02": person.place.gcj02(), "location_allowed": person.location_allowed,
            "slow": world.phone.slow.contains(&person.id), "account": sandbox.config.account_name,
            "account_code": asset::account_code_content(&sandbox), "menu": menu::buttons(world, person),
            "messages": messages, "letters": friend::of(world, &person.id),
            "bills": bill::of(&sandbox, world, &person.id), "qrcodes": world.account.scenes, "traffic": traffic,
        })))
    })
}

/// Checks what a page gave to `wx.config`.
async fn check_config(State(sandbox): State<Arc<Sandbox>>, Json(page): Json<PageSignature>) -> Json<Value> {
    let outcome = sandbox.look(|world| ticket::check_page(&sandbox, world, &page));
    Json(match outcome {
        Ok(()) => json!({"errMsg": "config:ok"}),
        Err(problem) => json!({"errMsg": problem}),
    })
}

#[derive(Deserialize)]
struct Decision {
    person: String,
    prepay_id: String,
    outcome: Finish,
}

/// A button of the pay sheet.
async fn decide(State(sandbox): State<Arc<Sandbox>>, Json(decision): Json<Decision>) -> Json<Value> {
    Json(
        match pay::finish(&sandbox, &decision.person, &decision.prepay_id, decision.outcome) {
            Ok(result) => json!({"err_msg": result}),
            Err(problem) => json!({"err_msg": "get_brand_wcpay_request:fail", "problem": problem}),
        },
    )
}
