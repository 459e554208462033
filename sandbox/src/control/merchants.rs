//! The merchants' side: who they are, WeChat Pay's keys, money, refunds, bills, applications.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Unable;
use crate::config::{KeyMode, MerchantSetup, Role};
use crate::pay::{
    self, Account, ApplymentDecision, BillFault, BillFormat, Finish, RefundStatus, SettlementDecision,
};
use crate::state::Sandbox;

type Shared = State<Arc<Sandbox>>;
type Reply = Result<Json<Value>, Unable>;

/// Addresses of the merchants' side.
pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/control/merchants", get(merchants).post(add_merchant))
        .route(
            "/control/merchants/{mchid}/balance",
            get(balance).post(change_balance),
        )
        .route("/control/keys", get(keys).post(turn_keys))
        .route("/control/codes", post(scan_code))
        .route("/control/refunds/{number}", post(settle_refund))
        .route(
            "/control/bills/faults",
            get(bill_faults).post(add_bill_fault).delete(clear_bill_faults),
        )
        .route("/control/bills/format", post(set_bill_format))
        .route("/control/applyments", get(applyments))
        .route("/control/applyments/{code}", post(decide_applyment))
        .route("/control/settlements/{number}", post(decide_settlement))
}

async fn merchants(State(sandbox): Shared) -> Json<Value> {
    Json(sandbox.look(|world| {
        let all: Vec<_> = world
            .pay
            .merchants
            .iter()
            .map(|account| account.describe())
            .collect();
        json!({"merchants": all})
    }))
}

async fn add_merchant(State(sandbox): Shared, Json(setup): Json<MerchantSetup>) -> Reply {
    let digits = setup.mchid.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || !(8..=10).contains(&setup.mchid.len()) {
        return Err(Unable::because("a merchant number has eight to ten digits"));
    }
    sandbox.look(|world| {
        if world.pay.merchant(&setup.mchid).is_some() {
            return Err(Unable::because("this merchant exists"));
        }
        match &setup.role {
            Role::Sub { provider } if !world.pay.merchant(provider).is_some_and(|one| one.is_provider()) => {
                Err(Unable::unknown("service provider"))
            }
            _ => Ok(()),
        }
    })?;
    let maker = sandbox.clone();
    let account = tokio::task::spawn_blocking(move || Account::new(&maker.keys, &maker.credentials, &setup))
        .await
        .expect("making a key does not panic")
        .map_err(|error| Unable::because(error.to_string()))?;
    let told = account.describe();
    sandbox.change(|world| world.pay.merchants.push(Arc::new(account)));
    Ok(Json(told))
}

async fn balance(State(sandbox): Shared, Path(mchid): Path<String>) -> Json<Value> {
    Json(told_balance(&sandbox, &mchid))
}

#[derive(Deserialize)]
struct Change {
    fen: i64,
}

/// Money that comes in from the bank (充值), or goes there (提现).
async fn change_balance(
    State(sandbox): Shared,
    Path(mchid): Path<String>,
    Json(change): Json<Change>,
) -> Json<Value> {
    sandbox.change(|world| {
        let number = world.digits(20);
        let kind = if change.fen < 0 { "提现" } else { "充值" };
        let cause = pay::Cause {
            name: kind,
            kind,
            number: &number,
            applicant: "system",
            remark: String::new(),
            voucher: &number,
        };
        pay::move_money(world, &mchid, sandbox.clock.now_ms(), change.fen, cause);
    });
    Json(told_balance(&sandbox, &mchid))
}

fn told_balance(sandbox: &Sandbox, mchid: &str) -> Value {
    sandbox.look(|world| {
        json!({
            "mchid": mchid, "balance": pay::balance(world, mchid),
            "available": pay::available(world, &sandbox.clock, mchid),
        })
    })
}

async fn keys(State(sandbox): Shared) -> Json<Value> {
    Json(sandbox.look(|world| world.pay.platform.describe()))
}

#[derive(Deserialize)]
struct Turn {
    mode: Option<KeyMode>,
    #[serde(default)]
    rotate: bool,
}

async fn turn_keys(State(sandbox): Shared, Json(turn): Json<Turn>) -> Reply {
    let turned = sandbox.clone();
    tokio::task::spawn_blocking(move || pay::turn_keys(&turned, turn.mode, turn.rotate))
        .await
        .expect("making a key does not panic")
        .map_err(|error| Unable::because(error.to_string()))?;
    Ok(keys(State(sandbox)).await)
}

#[derive(Deserialize)]
struct Code {
    person: String,
    code_url: String,
    #[serde(default)]
    outcome: Option<Finish>,
}

/// A person scans a code; with an outcome, also decides.
async fn scan_code(State(sandbox): Shared, Json(code): Json<Code>) -> Reply {
    let sheet = pay::scan(&sandbox, &code.person, &code.code_url).map_err(Unable::because)?;
    let decided = code
        .outcome
        .map(|outcome| pay::finish(&sandbox, &code.person, &code.code_url, outcome))
        .transpose()
        .map_err(Unable::because)?;
    Ok(Json(json!({"sheet": sheet, "err_msg": decided})))
}

#[derive(Deserialize)]
struct Settled {
    status: RefundStatus,
}

async fn settle_refund(
    State(sandbox): Shared,
    Path(number): Path<String>,
    Json(settled): Json<Settled>,
) -> Reply {
    let refund = pay::settle_refund(&sandbox, &number, settled.status);
    let refund = refund.ok_or_else(|| Unable::unknown("open refund"))?;
    Ok(Json(json!(refund)))
}

async fn bill_faults(State(sandbox): Shared) -> Json<Value> {
    Json(sandbox.look(|world| json!({"faults": world.pay.bills.faults, "format": world.pay.bills.format})))
}

async fn add_bill_fault(State(sandbox): Shared, Json(fault): Json<BillFault>) -> Json<Value> {
    sandbox.change(|world| world.pay.bills.faults.push(fault));
    bill_faults(State(sandbox)).await
}

async fn clear_bill_faults(State(sandbox): Shared) -> Json<Value> {
    sandbox.change(|world| world.pay.bills.faults.clear());
    bill_faults(State(sandbox)).await
}

async fn set_bill_format(State(sandbox): Shared, Json(format): Json<BillFormat>) -> Json<Value> {
    sandbox.change(|world| world.pay.bills.format = format);
    bill_faults(State(sandbox)).await
}

async fn applyments(State(sandbox): Shared) -> Json<Value> {
    Json(sandbox.look(|world| json!({"applyments": world.pay.applyments.all})))
}

async fn decide_applyment(
    State(sandbox): Shared,
    Path(code): Path<String>,
    Json(decision): Json<ApplymentDecision>,
) -> Reply {
    let told = pay::decide(&sandbox, &code, decision).map_err(Unable::because)?;
    Ok(Json(told))
}

async fn decide_settlement(
    State(sandbox): Shared,
    Path(number): Path<String>,
    Json(decision): Json<SettlementDecision>,
) -> Reply {
    let told = pay::decide_settlement(&sandbox, &number, decision);
    Ok(Json(told.ok_or_else(|| Unable::unknown("change under way"))?))
}
