//! One call to the API: who may make it, what is in it, and how the answer is written.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::quota::Failure;
use super::upload::{self, Upload};
use super::{Answer, Fail};
use crate::fault::Kind;
use crate::state::Sandbox;
use crate::traffic::{self, BODY_LIMIT};

/// The daily quota of interfaces for which the table of call limits names none.
const DAILY: u32 = 100_000;

/// One address of the API.
pub struct Interface {
    /// The path, from the first slash.
    pub path: &'static str,
    /// How often it may be called on a day of Beijing; 0 is without limit.
    pub daily: u32,
    /// How often it may be called in a minute.
    pub per_minute: Option<u32>,
    verb: Verb,
    open: bool,
    handler: Handler,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    Get,
    Post,
    Either,
}

enum Handler {
    Json(fn(&Arc<Sandbox>, &Call) -> Answer),
    File(fn(&Arc<Sandbox>, &Call) -> Result<Response, Fail>),
}

impl Interface {
    /// A question.
    pub const fn get(path: &'static str, handler: fn(&Arc<Sandbox>, &Call) -> Answer) -> Self {
        Self::new(path, Verb::Get, Handler::Json(handler))
    }

    /// An order.
    pub const fn post(path: &'static str, handler: fn(&Arc<Sandbox>, &Call) -> Answer) -> Self {
        Self::new(path, Verb::Post, Handler::Json(handler))
    }

    /// An address that takes both methods.
    pub const fn either(path: &'static str, handler: fn(&Arc<Sandbox>, &Call) -> Answer) -> Self {
        Self::new(path, Verb::Either, Handler::Json(handler))
    }

    /// An address that may answer a file; GET or POST.
    pub const fn file(
        path: &'static str,
        handler: fn(&Arc<Sandbox>, &Call) -> Result<Response, Fail>,
    ) -> Self {
        Self::new(path, Verb::Either, Handler::File(handler))
    }

    /// The same, for callers without an access token.
    pub const fn open(mut self) -> Self {
        self.open = true;
        self
    }

    /// The same with its quota a day (接口调用频次限制说明); 0 is without limit.
    pub const fn daily(mut self, calls: u32) -> Self {
        self.daily = calls;
        self
    }

    /// The same with its quota a minute.
    pub const fn per_minute(mut self, calls: u32) -> Self {
        self.per_minute = Some(calls);
        self
    }

    const fn new(path: &'static str, verb: Verb, handler: Handler) -> Self {
        Self {
            path,
            daily: DAILY,
            per_minute: None,
            verb,
            open: false,
            handler,
        }
    }
}

/// What the program asks.
pub struct Call {
    /// Parameters of the address.
    pub query: HashMap<String, String>,
    /// JSON of the body, null when there is none. Of a form, its fields.
    pub body: Value,
    /// The file of a form.
    pub upload: Option<Upload>,
    /// Where the call comes from.
    pub ip: String,
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

    /// A number of the body, also when it is written as a string.
    pub fn number(&self, name: &str) -> Option<i64> {
        number(&self.body[name])
    }

    /// The strings of a list of the body.
    pub fn texts(&self, name: &str) -> Option<Vec<&str>> {
        let list = self.body[name].as_array()?;
        list.iter().map(Value::as_str).collect()
    }
}

/// A whole number, also when it is written as a string, as several interfaces allow.
pub fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// Answers one call.
pub async fn answer(sandbox: Arc<Sandbox>, interface: &'static Interface, request: Request) -> Response {
    let started = Instant::now();
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
    let slow = sandbox.change(|world| world.faults.take_at(Kind::OaSlow, interface.path));
    if let Some(slow) = slow {
        tokio::time::sleep(Duration::from_millis(slow.delay_ms)).await;
    }
    let outcome = match admit(&sandbox, interface, &parts) {
        Ok(()) => match read(&parts, interface, bytes.clone()).await {
            Ok(call) => handle(&sandbox, interface, &call),
            Err(fail) => Err(fail),
        },
        Err(fail) => Err(fail),
    };
    let value = match outcome {
        Ok(Reply::File(response)) => return response,
        Ok(Reply::Json(value)) => value,
        Err(Fail(code, message)) => json!({"errcode": code, "errmsg": message}),
    };
    write(&sandbox, &parts, &bytes, started, value)
}

/// An address that there is not: HTTP says 200 here too.
pub async fn unknown(State(sandbox): State<Arc<Sandbox>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let value = json!({"errcode": 40066, "errmsg": "invalid url"});
    write(&sandbox, &parts, &Bytes::new(), Instant::now(), value)
}

enum Reply {
    Json(Value),
    File(Response),
}

fn handle(sandbox: &Arc<Sandbox>, interface: &Interface, call: &Call) -> Result<Reply, Fail> {
    match interface.handler {
        Handler::Json(handler) => handler(sandbox, call).map(Reply::Json),
        Handler::File(handler) => handler(sandbox, call).map(Reply::File),
    }
}

/// Every refusal carries the number under which `/cgi-bin/openapi/rid/get` tells what was asked.
fn write(sandbox: &Sandbox, parts: &Parts, bytes: &Bytes, started: Instant, mut value: Value) -> Response {
    if value["errcode"].as_i64().is_none_or(|code| code == 0) {
        return Json(value).into_response();
    }
    let now_s = sandbox.clock.now_s();
    sandbox.change(|world| {
        let word = world.word(16);
        let rid = format!("{now_s:08x}-{}-{}", &word[..8], &word[8..]);
        let message = value["errmsg"].as_str().unwrap_or_default();
        value["errmsg"] = format!("{message} rid: {rid}").into();
        let failure = Failure {
            invoke_time: now_s,
            cost_in_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            request_url: traffic::mask(&parts.uri.to_string()),
            request_body: traffic::shown(bytes),
            response_body: value.to_string(),
            client_ip: client_ip(parts),
        };
        world.account.quota.remember(rid, failure);
    });
    Json(value).into_response()
}

fn client_ip(parts: &Parts) -> String {
    let connection = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    connection.map_or_else(|| "127.0.0.1".into(), |info| info.0.ip().to_string())
}

fn query(parts: &Parts) -> HashMap<String, String> {
    Query::try_from_uri(&parts.uri)
        .map(|Query(query)| query)
        .unwrap_or_default()
}

/// Whether the call may be made at all: method, faults, token, quota, in WeChat's order.
fn admit(sandbox: &Sandbox, interface: &'static Interface, parts: &Parts) -> Result<(), Fail> {
    match interface.verb {
        Verb::Get if parts.method != Method::GET => return Err(Fail(43001, "require GET method")),
        Verb::Post if parts.method != Method::POST => return Err(Fail(43002, "require POST method")),
        _ => {}
    }
    let path = interface.path;
    sandbox.change(|world| {
        if let Some(fault) = world.faults.take_at(Kind::OaError, path) {
            return Err(Fail(fault.errcode, "the wanted error"));
        }
        if world.faults.take_at(Kind::OaBusy, path).is_some() {
            return Err(Fail(-1, "system error"));
        }
        if world.faults.take_at(Kind::OaIp, path).is_some() {
            return Err(Fail(40164, "invalid ip, not in whitelist"));
        }
        if world.faults.take_at(Kind::OaQuota, path).is_some() {
            return Err(Fail(45009, "reach max api daily quota limit"));
        }
        if !interface.open {
            if world.faults.take_at(Kind::TokenRevoked, path).is_some() {
                world.account.tokens.revoke_all();
            }
            let token = query(parts).remove("access_token");
            world.account.tokens.check(&sandbox.clock, token.as_deref())?;
        }
        world.account.quota.count(interface, sandbox.clock.now_ms())
    })
}

async fn read(parts: &Parts, interface: &Interface, bytes: Bytes) -> Result<Call, Fail> {
    let mut call = Call {
        query: query(parts),
        body: Value::Null,
        upload: None,
        ip: client_ip(parts),
    };
    let kind = parts.headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        let request = Request::from_parts(parts.clone(), Body::from(bytes));
        (call.body, call.upload) = upload::read(request).await?;
        return Ok(call);
    }
    call.body = match serde_json::from_slice(&bytes) {
        Ok(body) => body,
        Err(_) if kind.starts_with("application/x-www-form-urlencoded") && !bytes.is_empty() => form(&bytes)?,
        Err(_) if interface.verb == Verb::Get || bytes.is_empty() => Value::Null,
        Err(_) => return Err(Fail(47001, "data format error")),
    };
    Ok(call)
}

/// The fields of a form without a file, which the template library of subscription notices asks for. A name that stands
/// there several times becomes a list.
fn form(bytes: &Bytes) -> Result<Value, Fail> {
    let broken = Fail(47001, "data format error");
    let text = std::str::from_utf8(bytes).map_err(|_| broken)?;
    let uri = format!("/?{text}").parse().map_err(|_| broken)?;
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&uri).map_err(|_| broken)?;
    let mut fields = serde_json::Map::new();
    for (name, value) in pairs {
        match fields.get_mut(&name) {
            None => drop(fields.insert(name, value.into())),
            Some(Value::Array(list)) => list.push(value.into()),
            Some(one) => *one = json!([one.take(), value]),
        }
    }
    Ok(Value::Object(fields))
}
