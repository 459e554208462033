//! The bank account to which a sub-merchant's money goes, and changing it.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::form::is_account_number;
use crate::clock::{beijing, beijing_digits};
use crate::pay::merchant::check_sub_merchant;
use crate::pay::platform::Opener;
use crate::pay::{Merchant, Refused, read_json, required};
use crate::state::Sandbox;

/// How many changes a sub-merchant may ask for in a day.
const PER_DAY: usize = 5;

/// A bank account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bank {
    /// `ACCOUNT_TYPE_BUSINESS` or `ACCOUNT_TYPE_PRIVATE`.
    pub account_type: String,
    /// The bank.
    pub account_bank: String,
    /// The bank with its branch.
    pub bank_name: Option<String>,
    /// The branch's number.
    pub bank_branch_id: Option<String>,
    /// The account's number.
    pub account_number: String,
    /// Whose it is.
    pub account_name: String,
}

/// Accounts of sub-merchants, and changes asked for.
#[derive(Default)]
pub struct Settlements {
    current: HashMap<String, Current>,
    changes: Vec<Change>,
}

struct Current {
    bank: Bank,
    /// The verification by a transfer of one fen; absent until the account is changed.
    verified: Option<&'static str>,
}

struct Change {
    number: String,
    sub_mchid: String,
    bank: Bank,
    result: Verdict,
    reason: Option<String>,
    asked_ms: i64,
    done_ms: Option<i64>,
}

/// What becomes of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Verdict {
    /// Looked at.
    Auditing,
    /// In force.
    AuditSuccess,
    /// Sent back.
    AuditFail,
}

/// What the control API decides.
#[derive(Debug, Deserialize)]
pub struct Decision {
    result: Verdict,
    reason: Option<String>,
}

impl Settlements {
    /// The account with which a sub-merchant begins.
    pub fn open(&mut self, mchid: &str, bank: &Bank) {
        let current = Current {
            bank: bank.clone(),
            verified: None,
        };
        self.current.insert(mchid.to_owned(), current);
    }
}

/// The addresses of bank accounts.
pub fn routes() -> Router<Arc<Sandbox>> {
    let base = "/v3/apply4sub/sub_merchants/{sub_mchid}";
    Router::new()
        .route(&format!("{base}/settlement"), get(show))
        .route(&format!("{base}/modify-settlement"), post(modify))
        .route(&format!("{base}/application/{{number}}"), get(application))
}

type Rule = Query<HashMap<String, String>>;

/// `GET …/settlement`.
async fn show(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    Path(sub_mchid): Path<String>,
    Query(rule): Rule,
) -> Result<Json<Value>, Refused> {
    sandbox.look(|world| {
        check_sub_merchant(world, &merchant, &sub_mchid)?;
        let current = world.pay.applyments.settlements.current.get(&sub_mchid);
        let current = current.ok_or_else(unknown)?;
        let mut body = describe(&current.bank, &rule);
        if let Some(result) = current.verified {
            body["verify_result"] = result.into();
        }
        Ok(Json(body))
    })
}

/// `POST …/modify-settlement`.
async fn modify(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    Path(sub_mchid): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Refused> {
    let request = read_json(&body)?;
    let opener = Opener::new(&sandbox, &headers);
    let account_type = required(&request, "account_type", 32)?;
    if !["ACCOUNT_TYPE_BUSINESS", "ACCOUNT_TYPE_PRIVATE"].contains(&account_type) {
        return Err(Refused::parameter("/account_type", "取值不在有效范围内"));
    }
    let account_number = opener.open("/account_number", required(&request, "account_number", 1024)?)?;
    if !is_account_number(&account_number) {
        return Err(Refused::parameter("/account_number", "格式有误"));
    }
    let name = request["account_name"].as_str();
    let name = name
        .map(|sealed| opener.open("/account_name", sealed))
        .transpose()?;
    let text = |field: &str| request[field].as_str().map(str::to_owned);
    let account_bank = required(&request, "account_bank", 128)?.to_owned();
    sandbox.change(|world| {
        check_sub_merchant(world, &merchant, &sub_mchid)?;
        let now_ms = sandbox.clock.now_ms();
        let number = format!("10{}", world.digits(14));
        let settlements = &mut world.pay.applyments.settlements;
        let current = settlements.current.get(&sub_mchid).ok_or_else(unknown)?;
        let bank = Bank {
            account_type: account_type.to_owned(),
            account_bank,
            bank_name: text("bank_name"),
            bank_branch_id: text("bank_branch_id"),
            account_number,
            account_name: name.unwrap_or_else(|| current.bank.account_name.clone()),
        };
        let own = settlements
            .changes
            .iter()
            .filter(|change| change.sub_mchid == sub_mchid);
        if own.clone().any(|change| change.result == Verdict::Auditing) {
            return Err(Refused::invalid("存在审核中的修改申请，请等待审核结果"));
        }
        let today = &beijing_digits(now_ms)[..8];
        if own
            .filter(|change| beijing_digits(change.asked_ms).starts_with(today))
            .count()
            >= PER_DAY
        {
            return Err(Refused::new(
                429,
                "FREQUENCY_LIMITED",
                "每天仅能提交5次修改申请，请次日再试",
            ));
        }
        settlements.changes.push(Change {
            number: number.clone(),
            sub_mchid,
            bank,
            result: Verdict::Auditing,
            reason: None,
            asked_ms: now_ms,
            done_ms: None,
        });
        Ok(Json(json!({"application_no": number})))
    })
}

/// `GET …/application/{application_no}`.
async fn application(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    Path((sub_mchid, number)): Path<(String, String)>,
    Query(rule): Rule,
) -> Result<Json<Value>, Refused> {
    sandbox.look(|world| {
        check_sub_merchant(world, &merchant, &sub_mchid)?;
        let changes = &world.pay.applyments.settlements.changes;
        let change = changes
            .iter()
            .find(|change| change.number == number && change.sub_mchid == sub_mchid);
        let change = change.ok_or_else(unknown)?;
        let mut body = describe(&change.bank, &rule);
        body["account_name"] = masked(&change.bank.account_name, 1, 0).into();
        body["verify_result"] = json!(change.result);
        if let Some(reason) = &change.reason {
            body["verify_fail_reason"] = reason.clone().into();
        }
        if let Some(done_ms) = change.done_ms {
            body["verify_finish_time"] = beijing(done_ms).into();
        }
        Ok(Json(body))
    })
}

/// Decides upon a change. `None` when there is none under way.
pub fn decide(sandbox: &Sandbox, number: &str, decision: Decision) -> Option<Value> {
    sandbox.change(|world| {
        let settlements = &mut world.pay.applyments.settlements;
        let open = |change: &&mut Change| change.number == number && change.result == Verdict::Auditing;
        let change = settlements.changes.iter_mut().find(open)?;
        change.result = decision.result;
        change.reason = decision.reason;
        change.done_ms = Some(sandbox.clock.now_ms());
        if change.result == Verdict::AuditSuccess {
            let current = Current {
                bank: change.bank.clone(),
                verified: Some("VERIFY_SUCCESS"),
            };
            settlements.current.insert(change.sub_mchid.clone(), current);
        }
        Some(json!({"application_no": number, "verify_result": decision.result}))
    })
}

fn describe(bank: &Bank, rule: &HashMap<String, String>) -> Value {
    let second = rule
        .get("account_number_rule")
        .is_some_and(|rule| rule == "ACCOUNT_NUMBER_RULE_MASK_V2");
    let (front, back) = if second { (6, 4) } else { (2, 2) };
    let mut body = json!({
        "account_type": bank.account_type, "account_bank": bank.account_bank,
        "account_number": masked(&bank.account_number, front, back),
    });
    for (name, value) in [
        ("bank_name", &bank.bank_name),
        ("bank_branch_id", &bank.bank_branch_id),
    ] {
        if let Some(value) = value {
            body[name] = value.clone().into();
        }
    }
    body
}

/// `text` with all but its ends behind asterisks.
fn masked(text: &str, front: usize, back: usize) -> String {
    let count = text.chars().count();
    let shown = |place: usize| place < front || place + back >= count;
    text.chars()
        .enumerate()
        .map(|(place, c)| if shown(place) { c } else { '*' })
        .collect()
}

fn unknown() -> Refused {
    Refused::new(404, "RESOURCE_NOT_EXISTS", "记录不存在")
}
