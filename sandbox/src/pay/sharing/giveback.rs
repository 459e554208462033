//! Giving a share back (分账回退): from a merchant who received it, at once.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::{Extension, Json};
use serde_json::{Value, json};

use super::SharingOrder;
use crate::clock::beijing;
use crate::pay::funds::{self, Cause};
use crate::pay::merchant::named_sub_merchant;
use crate::pay::{Merchant, Refused, read_json, required, required_number};
use crate::state::{Sandbox, World};

/// How many times one sharing order is given back.
const AT_MOST: usize = 50;
/// For how long, in WeChat's seconds.
const RETURNABLE_S: u32 = 180 * 86_400;

/// One giving back.
pub struct Return {
    merchant: Merchant,
    order_id: String,
    out_order_no: String,
    out_return_no: String,
    return_mchid: String,
    amount: i64,
    succeeded: bool,
    answer: Value,
    request: Value,
}

/// `POST /v3/profitsharing/return-orders`.
pub async fn create(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    body: Bytes,
) -> Result<Json<Value>, Refused> {
    let request = read_json(&body)?;
    let number = required_number(&request, "out_return_no")?;
    required(&request, "description", 80)?;
    sandbox.change(|world| {
        let sub = named_sub_merchant(world, &merchant, request["sub_mchid"].as_str())?;
        let same = |one: &&Return| one.merchant == merchant && one.out_return_no == number;
        if let Some(old) = world.pay.sharing.returns.iter().find(same) {
            if old.request == request {
                return Ok(Json(old.answer.clone()));
            }
            return Err(Refused::invalid("回退参数与原请求不一致"));
        }
        let sharing = find(world, &merchant, &request)?.clone();
        if sub.is_some_and(|sub| sub != sharing.payer) {
            return Err(Refused::invalid("分账单与特约商户号不匹配"));
        }
        let amount = check(&sandbox, world, &sharing, &request)?;
        let done = give_back(&sandbox, world, &sharing, &request, amount);
        let answer = done.answer.clone();
        world.pay.sharing.returns.push(done);
        Ok(Json(answer))
    })
}

/// `GET /v3/profitsharing/return-orders/{out_return_no}`.
pub async fn query(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    Path(number): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Json<Value>, Refused> {
    let out_order_no = query
        .get("out_order_no")
        .ok_or_else(|| Refused::parameter("/out_order_no", "为必填参数"))?;
    sandbox.look(|world| {
        named_sub_merchant(world, &merchant, query.get("sub_mchid").map(String::as_str))?;
        let wanted = |one: &&Return| {
            one.merchant == merchant && one.out_return_no == number && one.out_order_no == *out_order_no
        };
        let found = world.pay.sharing.returns.iter().find(wanted);
        let found = found.ok_or_else(|| Refused::new(404, "RESOURCE_NOT_EXISTS", "记录不存在"))?;
        Ok(Json(found.answer.clone()))
    })
}

fn find<'a>(world: &'a World, merchant: &Merchant, request: &Value) -> Result<&'a SharingOrder, Refused> {
    let (id, number) = (request["order_id"].as_str(), request["out_order_no"].as_str());
    if id.is_none() && number.is_none() {
        return Err(Refused::parameter("/order_id", "与 out_order_no 二选一必填"));
    }
    let wanted = |one: &&SharingOrder| {
        one.merchant == *merchant
            && id.is_none_or(|id| one.order_id == id)
            && number.is_none_or(|number| one.out_order_no == number)
    };
    let found = world.pay.sharing.orders.iter().find(wanted);
    found.ok_or_else(|| Refused::new(404, "RESOURCE_NOT_EXISTS", "分账单不存在"))
}

/// The amount, when it may be given back.
fn check(sandbox: &Sandbox, world: &World, sharing: &SharingOrder, request: &Value) -> Result<i64, Refused> {
    let amount = request["amount"].as_i64().filter(|&fen| fen > 0);
    let amount = amount.ok_or_else(|| Refused::parameter("/amount", "必须为大于零的整数（分）"))?;
    let account = required(request, "return_mchid", 32)?;
    let received = sharing
        .parts
        .iter()
        .find(|part| part.kind == "MERCHANT_ID" && part.account == account && part.result == "SUCCESS");
    let received = received.filter(|_| sharing.is_finished() && account != sharing.payer);
    let received = received.ok_or_else(|| Refused::invalid("只能对分账成功的商户接收方发起回退"))?;
    if received
        .finished_ms
        .is_some_and(|at| sandbox.clock.passed(at, RETURNABLE_S))
    {
        return Err(Refused::invalid("分账回退的时限是180天"));
    }
    let earlier = world
        .pay
        .sharing
        .returns
        .iter()
        .filter(|one| one.order_id == sharing.order_id);
    if earlier.clone().count() >= AT_MOST {
        return Err(Refused::new(403, "RULE_LIMIT", "同一笔分账单最多回退 50 次"));
    }
    let given: i64 = earlier
        .filter(|one| one.return_mchid == account && one.succeeded)
        .map(|one| one.amount)
        .sum();
    if given + amount > received.amount {
        return Err(Refused::invalid("回退金额超过分账金额"));
    }
    Ok(amount)
}

/// Gives back, or fails for want of money.
fn give_back(
    sandbox: &Sandbox,
    world: &mut World,
    sharing: &SharingOrder,
    request: &Value,
    amount: i64,
) -> Return {
    let now_ms = sandbox.clock.now_ms();
    let text = |name: &str| request[name].as_str().unwrap_or_default().to_owned();
    let (account, description) = (text("return_mchid"), text("description"));
    let succeeded = funds::available(world, &sandbox.clock, &account) >= amount;
    let return_id = format!("3708{}", world.digits(24));
    let mut answer = json!({
        "order_id": sharing.order_id, "out_order_no": sharing.out_order_no, "out_return_no": text("out_return_no"),
        "return_id": return_id, "return_mchid": account, "amount": amount, "description": description,
        "result": if succeeded { "SUCCESS" } else { "FAILED" },
        "create_time": beijing(now_ms), "finish_time": beijing(now_ms),
    });
    if sharing.merchant.is_provider() {
        answer["sub_mchid"] = sharing.payer.clone().into();
    }
    if succeeded {
        for (mchid, fen) in [(&account, -amount), (&sharing.payer, amount)] {
            let cause = Cause {
                name: "分账回退",
                kind: "分账回退",
                number: &return_id,
                applicant: "system",
                remark: description.clone(),
                voucher: &text("out_return_no"),
            };
            funds::post(world, mchid, now_ms, fen, cause);
        }
    } else {
        answer["fail_reason"] = "BALANCE_NOT_ENOUGH".into();
    }
    Return {
        merchant: sharing.merchant.clone(),
        order_id: sharing.order_id.clone(),
        out_order_no: sharing.out_order_no.clone(),
        out_return_no: text("out_return_no"),
        return_mchid: account,
        amount,
        succeeded,
        answer,
        request: request.clone(),
    }
}
