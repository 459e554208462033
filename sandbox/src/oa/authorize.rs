//! The pages of web authorisation that a person sees.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::oauth::{Request, check, grant};
use crate::phone;
use crate::state::Sandbox;

/// `GET /connect/oauth2/authorize`: silent for `snsapi_base`, a question for `snsapi_userinfo`.
pub async fn authorize(
    State(sandbox): State<Arc<Sandbox>>,
    Query(request): Query<Request>,
    headers: HeaderMap,
) -> Response {
    phone::wait_if_slow(&sandbox, &headers).await;
    if let Err(problem) = check(&sandbox, &request) {
        let page = html! { h1 { "授权失败" } p { (problem) } };
        return phone::small_page("授权失败", page).into_response();
    }
    let Some(person) = asking_person(&sandbox, &headers) else {
        return phone::small_page("请在微信客户端打开链接", choose_person(&sandbox)).into_response();
    };
    if request.scope == "snsapi_base" {
        return redirect(&sandbox, &person, &request);
    }
    phone::small_page("微信授权", consent_page(&sandbox, &person, &request)).into_response()
}

/// The answer to the question of the consent page.
#[derive(Deserialize)]
pub struct Consent {
    person: String,
    answer: String,
    appid: String,
    redirect_uri: String,
    scope: String,
    #[serde(default)]
    state: String,
}

/// `POST /connect/oauth2/consent`: the buttons of the consent page.
pub async fn consent(State(sandbox): State<Arc<Sandbox>>, Form(consent): Form<Consent>) -> Response {
    let request = Request {
        appid: consent.appid,
        redirect_uri: consent.redirect_uri,
        response_type: "code".into(),
        scope: consent.scope,
        state: consent.state,
    };
    let known = sandbox.look(|world| world.person(&consent.person).is_some());
    if check(&sandbox, &request).is_err() || !known {
        return StatusCode::BAD_REQUEST.into_response();
    }
    if consent.answer == "allow" {
        return redirect(&sandbox, &consent.person, &request);
    }
    let page = html! { h1 { "已拒绝授权" } p { "点右上角关闭，返回公众号。" } };
    phone::small_page("已拒绝授权", page).into_response()
}

fn redirect(sandbox: &Sandbox, person: &str, request: &Request) -> Response {
    match grant(sandbox, person, request) {
        Ok(location) => (StatusCode::FOUND, [(header::LOCATION, location)]).into_response(),
        Err(problem) => {
            phone::small_page("授权失败", html! { h1 { "授权失败" } p { (problem) } }).into_response()
        }
    }
}

/// Who holds the phone that asks: a header for tests, the phone's cookie for browsers.
fn asking_person(sandbox: &Sandbox, headers: &HeaderMap) -> Option<String> {
    let header = headers
        .get("x-sandbox-person")
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let person = header.or_else(|| phone::cookies(headers).remove(phone::PERSON_COOKIE))?;
    sandbox.look(|world| world.person(&person).map(|person| person.id.clone()))
}

fn choose_person(sandbox: &Sandbox) -> Markup {
    let people = sandbox.look(|world| {
        world
            .people
            .iter()
            .map(|person| (person.id.clone(), person.name.clone()))
            .collect::<Vec<_>>()
    });
    html! {
        h1 { "请在微信客户端打开链接" }
        p { "这个浏览器里还没有人拿着手机。先选一个人，再打开这个页面。" }
        ul {
            @for (id, name) in people { li { a href={ "/phone?person=" (id) } { (name) "的手机" } } }
        }
    }
}

fn consent_page(sandbox: &Sandbox, person: &str, request: &Request) -> Markup {
    let name = sandbox
        .look(|world| world.person(person).map(|person| person.name.clone()))
        .unwrap_or_default();
    html! {
        h1 { (sandbox.config.account_name) " 申请获得" }
        p { "你的昵称和头像" }
        div.card { img src={ "/phone/avatar/" (person) ".svg" } alt="" width="48" height="48"; strong { (name) } }
        form method="post" action="/connect/oauth2/consent" {
            input type="hidden" name="person" value=(person);
            input type="hidden" name="appid" value=(request.appid);
            input type="hidden" name="redirect_uri" value=(request.redirect_uri);
            input type="hidden" name="scope" value=(request.scope);
            input type="hidden" name="state" value=(request.state);
            button.primary name="answer" value="allow" { "允许" }
            button name="answer" value="refuse" { "拒绝" }
        }
    }
}
