//! The phone in the browser: who holds it, what it shows, and the JS-SDK that pages load.

mod page;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, State};
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
/// What the phone is made of: address, type, content.
const ASSETS: [(&str, &str, &str); 7] = [
    (
        "phone.css",
        "text/css; charset=utf-8",
        include_str!("../../assets/phone.css"),
    ),
    (
        "phone.js",
        "text/javascript; charset=utf-8",
        include_str!("../../assets/phone.js"),
    ),
    (
        "chat.js",
        "text/javascript; charset=utf-8",
        include_str!("../../assets/chat.js"),
    ),
    (
        "webview.js",
        "text/javascript; charset=utf-8",
        include_str!("../../assets/webview.js"),
    ),
    (
        "sheet.js",
        "text/javascript; charset=utf-8",
        include_str!("../../assets/sheet.js"),
    ),
    (
        "control.js",
        "text/javascript; charset=utf-8",
        include_str!("../../assets/control.js"),
    ),
    (
        "picture.svg",
        "image/svg+xml",
        include_str!("../../assets/picture.svg"),
    ),
];

/// All addresses of the phone.
pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/", get(async || Redirect::to("/phone")))
        .route("/phone", get(show))
        .route("/phone/state", get(news))
        .route("/phone/config", post(check_config))
        .route("/phone/pay", post(decide))
        .route("/phone/avatar/{file}", get(avatar))
        .route("/phone/{file}", get(asset))
        .route("/jssdk/jweixin.js", get(jssdk))
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
            "seq": world.seq(), "following": person.following_since_ms.is_some(), "place": person.place,
            "gcj02": person.place.gcj02(), "location_allowed": person.location_allowed, "name": person.name,
            "account": sandbox.config.account_name, "menu": menu::buttons(world, person), "messages": messages,
            "qrcodes": world.account.scenes, "traffic": traffic,
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

async fn asset(Path(file): Path<String>) -> Response {
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

async fn jssdk() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, include_str!("../../assets/jweixin.js")).into_response()
}

/// A person's picture: the first character of the name on a colour of their own.
async fn avatar(State(sandbox): State<Arc<Sandbox>>, Path(file): Path<String>) -> Response {
    let id = file.trim_end_matches(".svg");
    let at = sandbox.look(|world| world.people.iter().position(|person| person.id == id));
    let Some(at) = at else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let initial = sandbox
        .look(|world| world.people[at].name.chars().next())
        .unwrap_or('人');
    let colour = ["#b4543a", "#3a6ea5", "#2f7d5b", "#7a5195"][at % 4];
    let picture = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96" {
            rect width="96" height="96" rx="12" fill=(colour) {}
            text x="48" y="64" font-size="46" text-anchor="middle" fill="#fff" font-family="sans-serif" { (initial) }
        }
    };
    ([(header::CONTENT_TYPE, "image/svg+xml")], picture.into_string()).into_response()
}
