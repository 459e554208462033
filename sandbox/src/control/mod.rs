//! The control desk: a page and a JSON API by which tests and people make things happen, or go wrong.

mod account;
mod chat;
mod merchants;
mod page;
mod people;

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::beijing;
use crate::fault::Fault;
use crate::oa::{Call, Fail, qrcode};
use crate::pay::{self, Finish};
use crate::push;
use crate::state::Sandbox;

/// All addresses of the control desk.
pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/control", get(page::show))
        .route("/control/state", get(state))
        .route("/control/traffic", get(traffic))
        .route("/control/time", get(time).post(set_time))
        .route("/control/credentials", get(credentials))
        .route("/control/qrcodes", post(make_code))
        .route("/control/faults", post(add_fault).delete(clear_faults))
        .route("/control/token/revoke", post(revoke_tokens))
        .route("/control/callback/verify", post(verify_callback))
        .route("/control/payments", get(payments))
        .route("/control/payments/{number}", get(payment).post(decide_payment))
        .route("/control/refunds", get(refunds))
        .route("/control/notices", get(notices))
        .route("/control/notices/{id}/resend", post(resend))
        .merge(account::routes())
        .merge(merchants::routes())
        .merge(people::routes())
        .merge(chat::routes())
}

/// A refusal of the control API.
pub struct Unable(StatusCode, String);

impl Unable {
    /// 404.
    pub fn unknown(what: &str) -> Self {
        Self(StatusCode::NOT_FOUND, format!("no such {what}"))
    }

    /// 409 with the reason.
    pub fn because(why: impl Into<String>) -> Self {
        Self(StatusCode::CONFLICT, why.into())
    }
}

impl IntoResponse for Unable {
    fn into_response(self) -> Response {
        (self.0, Json(json!({"error": self.1}))).into_response()
    }
}

async fn state(State(sandbox): State<Arc<Sandbox>>) -> Json<Value> {
    Json(sandbox.look(|world| {
        json!({
            "seq": world.seq(), "time_scale": sandbox.clock.scale(), "faults": world.faults.waiting(),
            "program": sandbox.config.program, "callback": sandbox.config.callback,
            "app_id": sandbox.credentials.app_id, "menu": world.account.menu.default, "qrcodes": world.account.scenes,
        })
    }))
}

async fn traffic(
    State(sandbox): State<Arc<Sandbox>>,
    Query(query): Query<HashMap<String, String>>,
) -> Json<Value> {
    let after = query
        .get("after")
        .and_then(|after| after.parse().ok())
        .unwrap_or(0);
    Json(sandbox.look(|world| {
        let exchanges: Vec<_> = world
            .traffic
            .iter()
            .filter(|exchange| exchange.seq > after)
            .collect();
        json!({"traffic": exchanges})
    }))
}

#[derive(Deserialize)]
struct Time {
    scale: Option<f64>,
    forward_minutes: Option<i64>,
}

async fn set_time(State(sandbox): State<Arc<Sandbox>>, Json(time): Json<Time>) -> Json<Value> {
    if let Some(scale) = time.scale {
        sandbox.clock.set_scale(scale);
    }
    if let Some(minutes) = time.forward_minutes {
        sandbox.clock.turn(minutes);
    }
    now(&sandbox)
}

async fn time(State(sandbox): State<Arc<Sandbox>>) -> Json<Value> {
    now(&sandbox)
}

fn now(sandbox: &Sandbox) -> Json<Value> {
    Json(json!({"scale": sandbox.clock.scale(), "now": beijing(sandbox.clock.now_ms())}))
}

/// What a program must be configured with, the same as `credentials.json`.
async fn credentials(State(sandbox): State<Arc<Sandbox>>) -> Json<Value> {
    Json(json!(sandbox.credentials))
}

#[derive(Deserialize)]
struct NewCode {
    scene: String,
    seconds: Option<u32>,
}

/// A QR code that the account did not ask for: for a poster that somebody wants to scan.
async fn make_code(
    State(sandbox): State<Arc<Sandbox>>,
    Json(new): Json<NewCode>,
) -> Result<Json<Value>, Unable> {
    let action = if new.seconds.is_some() {
        "QR_STR_SCENE"
    } else {
        "QR_LIMIT_STR_SCENE"
    };
    let body = json!({
        "action_name": action, "expire_seconds": new.seconds, "action_info": {"scene": {"scene_str": new.scene}},
    });
    let call = Call {
        query: HashMap::new(),
        body,
        upload: None,
        ip: String::new(),
    };
    let code = qrcode::create(&sandbox, &call);
    code.map(Json).map_err(|Fail(_, words)| Unable::because(words))
}

async fn add_fault(State(sandbox): State<Arc<Sandbox>>, Json(fault): Json<Fault>) -> Json<Value> {
    sandbox.change(|world| world.faults.add(fault));
    waiting_faults(&sandbox)
}

async fn clear_faults(State(sandbox): State<Arc<Sandbox>>) -> Json<Value> {
    sandbox.change(|world| world.faults.clear());
    waiting_faults(&sandbox)
}

fn waiting_faults(sandbox: &Sandbox) -> Json<Value> {
    Json(sandbox.look(|world| json!({"faults": world.faults.waiting()})))
}

async fn revoke_tokens(State(sandbox): State<Arc<Sandbox>>) -> Json<Value> {
    sandbox.change(|world| world.account.tokens.revoke_all());
    Json(json!({"revoked": true}))
}

async fn verify_callback(State(sandbox): State<Arc<Sandbox>>) -> Json<Value> {
    let outcome = push::verify_address(&sandbox).await;
    Json(json!({"verified": outcome.is_ok(), "problem": outcome.err()}))
}

async fn payments(State(sandbox): State<Arc<Sandbox>>) -> Json<Value> {
    Json(sandbox.change(|world| {
        pay::settle_deadlines(world, sandbox.clock.now_ms());
        json!({"payments": world.pay.orders})
    }))
}

async fn payment(
    State(sandbox): State<Arc<Sandbox>>,
    Path(number): Path<String>,
) -> Result<Json<Value>, Unable> {
    sandbox.look(|world| {
        let order = world.pay.orders.iter().find(|order| order.out_trade_no == number);
        order
            .map(|order| Json(json!(order)))
            .ok_or_else(|| Unable::unknown("payment"))
    })
}

#[derive(Deserialize)]
struct Decision {
    person: Option<String>,
    outcome: Finish,
}

async fn decide_payment(
    State(sandbox): State<Arc<Sandbox>>,
    Path(number): Path<String>,
    Json(decision): Json<Decision>,
) -> Result<Json<Value>, Unable> {
    let owner = sandbox.look(|world| {
        let order = world.pay.orders.iter().find(|order| order.out_trade_no == number);
        order.and_then(|order| order.person.clone())
    });
    let person = decision
        .person
        .or(owner)
        .ok_or_else(|| Unable::unknown("payment"))?;
    let result = pay::finish(&sandbox, &person, &number, decision.outcome).map_err(Unable::because)?;
    Ok(Json(json!({"err_msg": result})))
}

async fn refunds(State(sandbox): State<Arc<Sandbox>>) -> Json<Value> {
    Json(sandbox.look(|world| json!({"refunds": world.pay.refunds})))
}

async fn notices(State(sandbox): State<Arc<Sandbox>>) -> Json<Value> {
    Json(sandbox.look(|world| json!({"notices": world.pay.notices})))
}

async fn resend(State(sandbox): State<Arc<Sandbox>>, Path(id): Path<String>) -> Result<Json<Value>, Unable> {
    let status = pay::resend(&sandbox, &id)
        .await
        .ok_or_else(|| Unable::unknown("notice"))?;
    Ok(Json(json!({"status": status})))
}
