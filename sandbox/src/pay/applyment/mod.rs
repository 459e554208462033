//! Applications of merchants to be (特约商户进件): handing in, asking, and being decided upon.

mod form;
mod settlement;
pub mod sign;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::merchant::Account;
use super::platform::Opener;
use super::{Merchant, Refused, media, read_json};
use crate::config::Role;
use crate::state::{Sandbox, World};

pub use settlement::{Decision as SettlementDecision, decide as decide_settlement};

/// Without confirmation of the account an application is rejected, in WeChat's seconds.
const CONFIRM_S: u32 = 10 * 86_400;
/// Unsigned it lapses.
const SIGN_S: u32 = 30 * 86_400;

/// What is remembered of applications.
#[derive(Default)]
pub struct Applyments {
    /// All of them.
    pub all: Vec<Applyment>,
    /// Bank accounts of sub-merchants, and changes of them.
    pub settlements: settlement::Settlements,
}

/// One application.
#[derive(Clone, Serialize)]
pub struct Applyment {
    /// The provider's number of it.
    pub business_code: String,
    /// WeChat Pay's number of it.
    pub applyment_id: u64,
    /// State.
    pub state: Stage,
    /// The merchant number that comes of it, once it is to be signed.
    pub sub_mchid: Option<String>,
    /// Why it was rejected.
    pub audit_detail: Vec<Objection>,
    /// Since when it is in its state.
    pub since_ms: i64,
    /// Short name and full name, for lists.
    pub name: String,
    #[serde(skip)]
    provider: Merchant,
    #[serde(skip)]
    form: form::Form,
    #[serde(skip)]
    sign: String,
}

/// The state of an application (applyment_state without its prefix).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Stage {
    /// Looked at.
    Auditing,
    /// Sent back.
    Rejected,
    /// The account must be confirmed.
    ToBeConfirmed,
    /// The contract must be signed.
    ToBeSigned,
    /// Rights are being opened.
    Signing,
    /// A merchant.
    Finished,
    /// Lapsed.
    Canceled,
}

/// One reason of a rejection.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Objection {
    /// The field's path.
    pub field: String,
    /// Its name.
    pub field_name: String,
    /// What is wrong with it.
    pub reject_reason: String,
}

/// What the control API decides.
#[derive(Debug, Deserialize)]
pub struct Decision {
    state: Stage,
    #[serde(default)]
    audit_detail: Vec<Objection>,
}

impl Stage {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Auditing => ("APPLYMENT_STATE_AUDITING", "审核中"),
            Self::Rejected => ("APPLYMENT_STATE_REJECTED", "已驳回"),
            Self::ToBeConfirmed => ("APPLYMENT_STATE_TO_BE_CONFIRMED", "待账户验证"),
            Self::ToBeSigned => ("APPLYMENT_STATE_TO_BE_SIGNED", "待签约"),
            Self::Signing => ("APPLYMENT_STATE_SIGNING", "开通权限中"),
            Self::Finished => ("APPLYMENT_STATE_FINISHED", "已完成"),
            Self::Canceled => ("APPLYMENT_STATE_CANCELED", "已作废"),
        }
    }

    /// Whether `next` may follow.
    fn leads_to(self, next: Self) -> bool {
        use Stage::{Auditing, Canceled, Finished, Rejected, Signing, ToBeConfirmed, ToBeSigned};
        matches!(
            (self, next),
            (Auditing, ToBeConfirmed | ToBeSigned | Rejected)
                | (ToBeConfirmed, ToBeSigned | Rejected)
                | (ToBeSigned, Signing | Finished | Canceled)
                | (Signing, Finished)
        )
    }
}

impl Applyment {
    fn answer(&self, sandbox: &Sandbox) -> Value {
        let (state, words) = self.state.words();
        let mut body = json!({
            "business_code": self.business_code, "applyment_id": self.applyment_id,
            "sign_url": format!(
                "{}{}?applymentId={}&sign={}",
                sandbox.config.address,
                sign::PATH,
                self.applyment_id,
                self.sign
            ),
            "applyment_state": state, "applyment_state_msg": words,
        });
        if self.state == Stage::Rejected {
            body["audit_detail"] = json!(self.audit_detail);
        }
        if matches!(self.state, Stage::ToBeSigned | Stage::Signing | Stage::Finished) {
            body["sub_mchid"] = json!(self.sub_mchid);
        }
        body
    }

    /// What time alone does to it.
    fn age(&mut self, sandbox: &Sandbox) {
        let passed = |seconds| sandbox.clock.passed(self.since_ms, seconds);
        if self.state == Stage::ToBeConfirmed && passed(CONFIRM_S) {
            self.state = Stage::Rejected;
            self.audit_detail = vec![Objection {
                field: "account".into(),
                field_name: "账户验证".into(),
                reject_reason: "超过10天未完成账户验证".into(),
            }];
        } else if self.state == Stage::ToBeSigned && passed(SIGN_S) {
            self.state = Stage::Canceled;
        }
    }
}

/// The addresses of applications and of bank accounts.
pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/v3/applyment4sub/applyment/", post(submit))
        .route("/v3/applyment4sub/applyment/business_code/{code}", get(by_code))
        .route("/v3/applyment4sub/applyment/applyment_id/{id}", get(by_id))
        .merge(settlement::routes())
}

/// `POST /v3/applyment4sub/applyment/`.
async fn submit(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Refused> {
    check_provider(&merchant)?;
    let request = read_json(&body)?;
    let opener = Opener::new(&sandbox, &headers);
    let knows = |id: &str| sandbox.look(|world| media::knows(world, &merchant.mchid, id));
    let form = form::read(&request, &opener, &knows)?;
    sandbox.change(|world| {
        let now_ms = sandbox.clock.now_ms();
        let same = |one: &&mut Applyment| one.provider == merchant && one.business_code == form.business_code;
        if let Some(old) = world.pay.applyments.all.iter_mut().find(same) {
            old.age(&sandbox);
            match old.state {
                Stage::Rejected => {
                    old.state = Stage::Auditing;
                    old.since_ms = now_ms;
                    old.audit_detail.clear();
                    old.name.clone_from(&form.full_name);
                    old.form = form;
                }
                _ if old.form == form => {}
                _ => return Err(Refused::invalid("存在流程进行中的申请单，请检查是否重入")),
            }
            return Ok(Json(json!({"applyment_id": old.applyment_id})));
        }
        let digits = world.digits(12);
        let applyment_id = 2_000_000_000_000_000 + digits.parse::<u64>().expect("twelve digits");
        let sign = world.word(32);
        world.pay.applyments.all.push(Applyment {
            business_code: form.business_code.clone(),
            applyment_id,
            state: Stage::Auditing,
            sub_mchid: None,
            audit_detail: Vec::new(),
            since_ms: now_ms,
            name: form.full_name.clone(),
            provider: merchant.clone(),
            form,
            sign,
        });
        Ok(Json(json!({"applyment_id": applyment_id})))
    })
}

/// `GET …/business_code/{business_code}`.
async fn by_code(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    Path(code): Path<String>,
) -> Result<Json<Value>, Refused> {
    find(&sandbox, &merchant, |one| one.business_code == code)
}

/// `GET …/applyment_id/{applyment_id}`.
async fn by_id(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    Path(id): Path<u64>,
) -> Result<Json<Value>, Refused> {
    find(&sandbox, &merchant, |one| one.applyment_id == id)
}

fn find(
    sandbox: &Sandbox,
    merchant: &Merchant,
    wanted: impl Fn(&Applyment) -> bool,
) -> Result<Json<Value>, Refused> {
    check_provider(merchant)?;
    sandbox.change(|world| {
        let mine = |one: &&mut Applyment| one.provider == *merchant && wanted(one);
        let found = world.pay.applyments.all.iter_mut().find(mine);
        let found = found.ok_or_else(|| Refused::new(404, "RESOURCE_NOT_EXISTS", "申请单不存在"))?;
        found.age(sandbox);
        Ok(Json(found.answer(sandbox)))
    })
}

fn check_provider(merchant: &Account) -> Result<(), Refused> {
    if merchant.is_provider() {
        return Ok(());
    }
    Err(Refused::new(403, "NO_AUTH", "暂无权限"))
}

/// Decides upon an application. A finished one is a sub-merchant from then on.
///
/// # Errors
/// In words why it cannot be so.
pub fn decide(sandbox: &Sandbox, code: &str, decision: Decision) -> Result<Value, String> {
    sandbox.change(|world| {
        let number = format!("17{}", world.digits(8));
        let wanted = |one: &&mut Applyment| one.business_code == code || one.applyment_id.to_string() == code;
        let found = world
            .pay
            .applyments
            .all
            .iter_mut()
            .find(wanted)
            .ok_or("no such application")?;
        found.age(sandbox);
        if !found.state.leads_to(decision.state) {
            return Err(format!("{:?} does not lead to {:?}", found.state, decision.state));
        }
        if decision.state == Stage::Rejected && decision.audit_detail.is_empty() {
            return Err("a rejection says why: audit_detail".to_owned());
        }
        found.state = decision.state;
        found.since_ms = sandbox.clock.now_ms();
        found.audit_detail = decision.audit_detail;
        if found.state == Stage::ToBeSigned {
            found.sub_mchid = Some(number);
        }
        let found = found.clone();
        if found.state == Stage::Finished {
            enrol(world, &found);
        }
        Ok(found.answer(sandbox))
    })
}

fn enrol(world: &mut World, done: &Applyment) {
    let Some(mchid) = done.sub_mchid.clone() else {
        return;
    };
    world.pay.applyments.settlements.open(&mchid, &done.form.bank);
    world.pay.merchants.push(Arc::new(Account {
        mchid,
        name: done.form.full_name.clone(),
        role: Role::Sub {
            provider: done.provider.mchid.clone(),
        },
        app_ids: Vec::new(),
        api: None,
        max_ratio: 3000,
    }));
}
