//! Who may receive a share: the relation comes first.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::{Extension, Json};
use serde_json::{Value, json};

use crate::keys;
use crate::pay::merchant::{check_sub_merchant, named_sub_merchant};
use crate::pay::platform::Opener;
use crate::pay::{Merchant, Refused, read_json, required};
use crate::state::{Sandbox, World};

/// How many receivers one payer may have.
const AT_MOST: usize = 20_000;
/// The relations there are (doc 4012466868).
const RELATIONS: [&str; 11] = [
    "SERVICE_PROVIDER",
    "STORE",
    "STAFF",
    "STORE_OWNER",
    "PARTNER",
    "HEADQUARTER",
    "BRAND",
    "DISTRIBUTOR",
    "USER",
    "SUPPLIER",
    "CUSTOM",
];

/// One receiver of one payer.
pub struct Receiver {
    /// Whose money is shared: the sub-merchant, or the merchant itself.
    pub payer: String,
    /// `MERCHANT_ID`, `PERSONAL_OPENID` or `PERSONAL_SUB_OPENID`.
    pub kind: String,
    /// Merchant number or OpenID.
    pub account: String,
}

/// `POST /v3/profitsharing/receivers/add`; once more for the same one changes nothing.
pub async fn add(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Refused> {
    let request = read_json(&body)?;
    let receiver = named(&sandbox, &merchant, &request)?;
    let relation = required(&request, "relation_type", 32)?;
    if !RELATIONS.contains(&relation) {
        return Err(Refused::parameter("/relation_type", "取值有误"));
    }
    let mut answer = json!({
        "type": receiver.kind, "account": receiver.account, "relation_type": relation,
    });
    if merchant.is_provider() {
        answer["sub_mchid"] = receiver.payer.clone().into();
    }
    if relation == "CUSTOM" {
        answer["custom_relation"] = required(&request, "custom_relation", 10)?.into();
    }
    match request["name"].as_str() {
        Some(sealed) => {
            check_name(&sandbox, &Opener::new(&sandbox, &headers), &receiver, sealed)?;
            answer["name"] = sealed.into();
        }
        None if receiver.kind == "MERCHANT_ID" => {
            return Err(Refused::parameter("/name", "接收方为商户时必填"));
        }
        None => {}
    }
    sandbox.change(|world| {
        let receivers = &mut world.pay.sharing.receivers;
        if receivers.iter().any(|one| one.is(&receiver)) {
            return Ok(Json(answer));
        }
        if receivers.iter().filter(|one| one.payer == receiver.payer).count() >= AT_MOST {
            return Err(Refused::new(403, "RULE_LIMIT", "分账接收方数量已达上限"));
        }
        receivers.push(receiver);
        Ok(Json(answer))
    })
}

/// `POST /v3/profitsharing/receivers/delete`.
pub async fn delete(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    body: Bytes,
) -> Result<Json<Value>, Refused> {
    let request = read_json(&body)?;
    let receiver = named(&sandbox, &merchant, &request)?;
    sandbox.change(|world| world.pay.sharing.receivers.retain(|one| !one.is(&receiver)));
    let mut answer = json!({"type": receiver.kind, "account": receiver.account});
    if merchant.is_provider() {
        answer["sub_mchid"] = receiver.payer.into();
    }
    Ok(Json(answer))
}

/// `GET /v3/profitsharing/merchant-configs/{sub_mchid}`: how much of an order may be shared, in ten-thousandths.
pub async fn ratio(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    Path(sub_mchid): Path<String>,
) -> Result<Json<Value>, Refused> {
    if !merchant.is_provider() {
        return Err(Refused::new(403, "NO_AUTH", "商户无权限"));
    }
    sandbox.look(|world| {
        check_sub_merchant(world, &merchant, &sub_mchid)?;
        let ratio = max_ratio(world, &sub_mchid);
        Ok(Json(json!({"sub_mchid": sub_mchid, "max_ratio": ratio})))
    })
}

/// How much of an order of `payer` may be shared, in ten-thousandths; 30 % unless agreed otherwise.
pub fn max_ratio(world: &World, payer: &str) -> i64 {
    world
        .pay
        .merchant(payer)
        .map_or(3000, |account| account.max_ratio)
}

impl Receiver {
    fn is(&self, other: &Self) -> bool {
        self.payer == other.payer && self.kind == other.kind && self.account == other.account
    }
}

fn named(sandbox: &Sandbox, merchant: &Merchant, request: &Value) -> Result<Receiver, Refused> {
    let sub = sandbox.look(|world| named_sub_merchant(world, merchant, request["sub_mchid"].as_str()))?;
    let kind = required(request, "type", 32)?;
    let account = required(request, "account", 64)?;
    let app = match kind {
        "MERCHANT_ID" => None,
        "PERSONAL_OPENID" => Some(required(request, "appid", 32)?),
        "PERSONAL_SUB_OPENID" => Some(required(request, "sub_appid", 32)?),
        _ => return Err(Refused::parameter("/type", "取值有误")),
    };
    if app.is_some_and(|app| person(sandbox, app, account).is_none()) {
        return Err(Refused::invalid("appid与openid不匹配"));
    }
    Ok(Receiver {
        payer: sub.unwrap_or_else(|| merchant.mchid.clone()),
        kind: kind.to_owned(),
        account: account.to_owned(),
    })
}

/// The id and name of who has this OpenID with the app.
fn person(sandbox: &Sandbox, app: &str, openid: &str) -> Option<(String, String)> {
    sandbox.look(|world| {
        let has =
            |person: &&crate::person::Person| keys::openid(sandbox.config.seed, app, &person.id) == openid;
        world
            .people
            .iter()
            .find(has)
            .map(|person| (person.id.clone(), person.name.clone()))
    })
}

/// A name is that of the merchant, or the real name of the person.
fn check_name(sandbox: &Sandbox, opener: &Opener, receiver: &Receiver, sealed: &str) -> Result<(), Refused> {
    let name = opener.open("/name", sealed)?;
    let real = if receiver.kind == "MERCHANT_ID" {
        let known = sandbox.look(|world| world.pay.merchant(&receiver.account).cloned());
        known.map(|account| account.name.clone())
    } else {
        let app = &sandbox.credentials.app_id;
        person(sandbox, app, &receiver.account).map(|(_, name)| name)
    };
    if real.is_none_or(|real| real == name) {
        return Ok(());
    }
    Err(Refused::invalid("分账接收方名称与实名不一致"))
}
