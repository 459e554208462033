//! The official account: `api.weixin.qq.com` and `open.weixin.qq.com`.

mod authorize;
pub mod menu;
pub mod oauth;
pub mod qrcode;
mod send;
mod template;
pub mod ticket;
pub mod token;
mod user;

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any};
use axum::{Json, Router, middleware};
use serde_json::{Value, json};

use crate::fault::Kind;
use crate::state::Sandbox;
use crate::traffic;

pub use qrcode::Scene;

/// What the account's API remembers.
#[derive(Default)]
pub struct AccountState {
    /// Tokens given out, of both interfaces.
    pub tokens: token::Tokens,
    /// The JS-SDK tickets.
    pub tickets: Vec<ticket::Ticket>,
    /// OAuth codes and what became of them.
    pub codes: HashMap<String, oauth::Code>,
    /// OAuth access tokens.
    pub user_tokens: HashMap<String, oauth::UserToken>,
    /// The menu as it was created.
    pub menu: Option<Value>,
    /// QR codes.
    pub scenes: Vec<Scene>,
    /// `client_msg_id`s of template messages with the message number each got.
    pub client_msg_ids: HashMap<String, i64>,
    /// Ids of templates that were deleted.
    pub deleted_templates: Vec<String>,
}

/// All addresses of the account.
pub fn routes(sandbox: &Arc<Sandbox>) -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/cgi-bin/token", open(Method::GET, token::classic))
        .route("/cgi-bin/stable_token", open(Method::POST, token::stable))
        .route(
            "/cgi-bin/get_api_domain_ip",
            guarded(Method::GET, user::domain_ip),
        )
        .route("/cgi-bin/ticket/getticket", guarded(Method::GET, ticket::get))
        .route("/cgi-bin/menu/create", guarded(Method::POST, menu::create))
        .route("/cgi-bin/menu/get", guarded(Method::GET, menu::get))
        .route("/cgi-bin/menu/delete", guarded(Method::GET, menu::delete))
        .route("/cgi-bin/user/info", guarded(Method::GET, user::info))
        .route("/cgi-bin/user/get", guarded(Method::GET, user::followers))
        .route(
            "/cgi-bin/message/custom/send",
            guarded(Method::POST, send::customer_service),
        )
        .route(
            "/cgi-bin/message/template/send",
            guarded(Method::POST, template::send),
        )
        .route(
            "/cgi-bin/template/get_all_private_template",
            guarded(Method::GET, template::list),
        )
        .route(
            "/cgi-bin/template/del_private_template",
            guarded(Method::POST, template::delete),
        )
        .route("/cgi-bin/qrcode/create", guarded(Method::POST, qrcode::create))
        .route("/cgi-bin/showqrcode", axum::routing::get(qrcode::show))
        .route("/sns/oauth2/access_token", open(Method::GET, oauth::access_token))
        .route(
            "/sns/oauth2/refresh_token",
            open(Method::GET, oauth::refresh_token),
        )
        .route("/sns/userinfo", open(Method::GET, oauth::userinfo))
        .route("/sns/auth", open(Method::GET, oauth::check_token))
        .route(
            "/connect/oauth2/authorize",
            axum::routing::get(authorize::authorize),
        )
        .route("/connect/oauth2/consent", axum::routing::post(authorize::consent))
        .layer(middleware::from_fn_with_state(sandbox.clone(), traffic::log))
}

/// One call to the API.
pub struct Call {
    /// Parameters of the address.
    pub query: HashMap<String, String>,
    /// JSON of the body, null when there is none.
    pub body: Value,
}

impl Call {
    /// A parameter of the address.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// A string of the body.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.body[name].as_str().filter(|value| !value.is_empty())
    }
}

/// An `errcode` with its `errmsg`; HTTP says 200 all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fail(pub i64, pub &'static str);

/// What a handler answers.
pub type Answer = Result<Value, Fail>;

type Handler = fn(&Arc<Sandbox>, &Call) -> Answer;

/// The plain success of calls that have nothing to tell.
pub fn ok() -> Value {
    json!({"errcode": 0, "errmsg": "ok"})
}

/// An address that needs no access token.
fn open(method: Method, handler: Handler) -> MethodRouter<Arc<Sandbox>> {
    endpoint(method, handler, false)
}

/// An address that needs a living access token.
fn guarded(method: Method, handler: Handler) -> MethodRouter<Arc<Sandbox>> {
    endpoint(method, handler, true)
}

fn endpoint(method: Method, handler: Handler, token: bool) -> MethodRouter<Arc<Sandbox>> {
    any(
        async move |State(sandbox): State<Arc<Sandbox>>,
                    asked: Method,
                    Query(query): Query<HashMap<String, String>>,
                    bytes: Bytes| {
            let answer = check_call(&sandbox, &method, &asked, &query, token).and_then(|()| {
                let body = match serde_json::from_slice(&bytes) {
                    Ok(body) => body,
                    Err(_) if method == Method::GET || bytes.is_empty() => Value::Null,
                    Err(_) => return Err(Fail(47001, "data format error")),
                };
                handler(&sandbox, &Call { query, body })
            });
            respond(&sandbox, answer)
        },
    )
}

fn check_call(
    sandbox: &Sandbox,
    method: &Method,
    asked: &Method,
    query: &HashMap<String, String>,
    token: bool,
) -> Result<(), Fail> {
    if method != asked {
        return Err(if *method == Method::GET {
            Fail(43001, "require GET method")
        } else {
            Fail(43002, "require POST method")
        });
    }
    sandbox.change(|world| {
        if world.faults.take(Kind::OaBusy).is_some() {
            return Err(Fail(-1, "system error"));
        }
        if world.faults.take(Kind::OaQuota).is_some() {
            return Err(Fail(45009, "reach max api daily quota limit"));
        }
        if !token {
            return Ok(());
        }
        if world.faults.take(Kind::TokenRevoked).is_some() {
            world.account.tokens.revoke_all();
        }
        world
            .account
            .tokens
            .check(&sandbox.clock, query.get("access_token").map(String::as_str))
    })
}

fn respond(sandbox: &Sandbox, answer: Answer) -> Response {
    let value = answer.unwrap_or_else(|Fail(code, message)| {
        let rid = sandbox.change(|world| world.word(24));
        json!({"errcode": code, "errmsg": format!("{message} rid: {}-{}-{}", &rid[..8], &rid[8..16], &rid[16..])})
    });
    Json(value).into_response()
}
