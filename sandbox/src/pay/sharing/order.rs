//! Sharing an order, unfreezing what is left of it, and how much that is.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::{Extension, Json};
use serde_json::{Value, json};

use super::receiver::max_ratio;
use crate::clock::beijing;
use crate::fault::Kind;
use crate::pay::funds::{self, Cause};
use crate::pay::merchant::named_sub_merchant;
use crate::pay::order::Order;
use crate::pay::platform::Opener;
use crate::pay::{Merchant, Refused, read_json, required, required_number};
use crate::state::{Sandbox, World};

/// How many requests one order takes, and how many receivers one request.
const AT_MOST: usize = 50;
/// How long after the payment money is shared at the earliest, in WeChat's seconds.
const SETTLED_S: u32 = 60;

/// One request to share, or to unfreeze.
#[derive(Clone)]
pub struct SharingOrder {
    /// WeChat Pay's number.
    pub order_id: String,
    /// The merchant's number.
    pub out_order_no: String,
    /// Of which payment.
    pub transaction_id: String,
    /// Whose money.
    pub payer: String,
    /// Who asked.
    pub merchant: Merchant,
    /// Who gets what.
    pub parts: Vec<Part>,
    finished: bool,
    request: Value,
}

/// What one receiver gets.
#[derive(Clone)]
pub struct Part {
    /// `MERCHANT_ID` …
    pub kind: String,
    /// Number or OpenID.
    pub account: String,
    /// Fen.
    pub amount: i64,
    /// `PENDING`, `SUCCESS` or `CLOSED`.
    pub result: &'static str,
    description: String,
    detail_id: String,
    created_ms: i64,
    /// When it was done.
    pub finished_ms: Option<i64>,
}

impl SharingOrder {
    /// Fen that it takes out of what is frozen. What failed stays there.
    pub fn taken(&self) -> i64 {
        let parts = self.parts.iter().filter(|part| part.result != "CLOSED");
        parts.map(|part| part.amount).sum()
    }

    /// Whether it is done.
    pub fn is_finished(&self) -> bool {
        self.finished
    }

    fn answer(&self) -> Value {
        let part = |part: &Part| {
            let mut told = json!({
                "amount": part.amount, "description": part.description, "type": part.kind,
                "account": part.account, "result": part.result, "detail_id": part.detail_id,
                "create_time": beijing(part.created_ms), "finish_time": beijing(part.finished_ms.unwrap_or(0)),
            });
            if part.result == "CLOSED" {
                told["fail_reason"] = "ACCOUNT_ABNORMAL".into();
            }
            told
        };
        let mut body = json!({
            "transaction_id": self.transaction_id, "out_order_no": self.out_order_no, "order_id": self.order_id,
            "state": if self.finished { "FINISHED" } else { "PROCESSING" },
            "receivers": self.parts.iter().map(part).collect::<Vec<_>>(),
        });
        if self.merchant.is_provider() {
            body["sub_mchid"] = self.payer.clone().into();
        }
        body
    }
}

/// `POST /v3/profitsharing/orders`.
pub async fn share(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Refused> {
    let request = read_json(&body)?;
    let opener = Opener::new(&sandbox, &headers);
    for receiver in request["receivers"].as_array().into_iter().flatten() {
        if let Some(sealed) = receiver["name"].as_str() {
            opener.open("/receivers/name", sealed)?;
        }
    }
    let unfreeze = request["unfreeze_unsplit"]
        .as_bool()
        .ok_or_else(|| Refused::parameter("/unfreeze_unsplit", "为必填参数"))?;
    begin(&sandbox, &merchant, &request, unfreeze, |world, order, now_ms| {
        let parts = read_parts(world, order.payee(), &request, now_ms)?;
        check_amounts(&sandbox, world, order, &parts)?;
        Ok(parts)
    })
}

/// `POST /v3/profitsharing/orders/unfreeze`: what is left goes to the payer for good.
pub async fn unfreeze(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    body: Bytes,
) -> Result<Json<Value>, Refused> {
    let request = read_json(&body)?;
    required(&request, "description", 80)?;
    begin(&sandbox, &merchant, &request, true, |_, _, _| Ok(Vec::new()))
}

/// `GET /v3/profitsharing/orders/{out_order_no}`.
pub async fn query(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    Path(number): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Json<Value>, Refused> {
    let transaction = query
        .get("transaction_id")
        .ok_or_else(|| Refused::parameter("/transaction_id", "为必填参数"))?;
    sandbox.look(|world| {
        named_sub_merchant(world, &merchant, query.get("sub_mchid").map(String::as_str))?;
        let wanted = |one: &&SharingOrder| {
            one.merchant == merchant && one.out_order_no == number && one.transaction_id == *transaction
        };
        let found = world.pay.sharing.orders.iter().find(wanted);
        let found = found.ok_or_else(|| Refused::new(404, "RESOURCE_NOT_EXISTS", "记录不存在"))?;
        Ok(Json(found.answer()))
    })
}

/// `GET /v3/profitsharing/transactions/{transaction_id}/amounts`.
pub async fn amounts(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    Path(transaction_id): Path<String>,
) -> Result<Json<Value>, Refused> {
    sandbox.look(|world| {
        let order = find_payment(world, &merchant, &transaction_id)?;
        let left = funds::frozen(world, &sandbox.clock, order);
        Ok(Json(
            json!({"transaction_id": transaction_id, "unsplit_amount": left}),
        ))
    })
}

/// Takes a request on and carries it out a little later. The same number again is the same request.
fn begin(
    sandbox: &Arc<Sandbox>,
    merchant: &Merchant,
    request: &Value,
    unfreeze: bool,
    parts: impl FnOnce(&mut World, &Order, i64) -> Result<Vec<Part>, Refused>,
) -> Result<Json<Value>, Refused> {
    let number = required_number(request, "out_order_no")?;
    let transaction = required(request, "transaction_id", 32)?;
    let (answer, new) = sandbox.change(|world| {
        let sub = named_sub_merchant(world, merchant, request["sub_mchid"].as_str())?;
        let same = |one: &&SharingOrder| one.merchant == *merchant && one.out_order_no == number;
        if let Some(old) = world.pay.sharing.orders.iter().find(same) {
            if old.request == *request {
                return Ok((old.answer(), false));
            }
            return Err(Refused::invalid("分账接收方与原请求不一致"));
        }
        let order = find_payment(world, merchant, transaction)?.clone();
        if sub.is_some() && order.sub_mchid != sub {
            return Err(Refused::invalid("微信订单号与特约商户号不匹配"));
        }
        check_sharable(sandbox, world, &order)?;
        let now_ms = sandbox.clock.now_ms();
        let parts = parts(world, &order, now_ms)?;
        let new = SharingOrder {
            order_id: format!("3008{}", world.digits(24)),
            out_order_no: number.to_owned(),
            transaction_id: transaction.to_owned(),
            payer: order.payee().to_owned(),
            merchant: merchant.clone(),
            parts,
            finished: false,
            request: request.clone(),
        };
        let answer = new.answer();
        world.pay.sharing.orders.push(new);
        Ok((answer, true))
    })?;
    if new {
        finish_later(sandbox, merchant.clone(), number.to_owned(), unfreeze);
    }
    Ok(Json(answer))
}

fn find_payment<'a>(world: &'a World, merchant: &Merchant, transaction: &str) -> Result<&'a Order, Refused> {
    let wanted =
        |order: &&Order| order.merchant == *merchant && order.transaction_id.as_deref() == Some(transaction);
    let order = world.pay.orders.iter().find(wanted);
    order.ok_or_else(|| Refused::new(404, "RESOURCE_NOT_EXISTS", "订单不存在"))
}

fn check_sharable(sandbox: &Sandbox, world: &World, order: &Order) -> Result<(), Refused> {
    if !order.profit_sharing {
        return Err(Refused::invalid("非分账订单不支持分账"));
    }
    if order
        .paid_ms
        .is_none_or(|at| !sandbox.clock.passed(at, SETTLED_S))
    {
        return Err(Refused::invalid("订单处理中，暂时无法分账，请稍后再试"));
    }
    if order.unfrozen {
        return Err(Refused::invalid("订单已完结分账，不支持分账"));
    }
    let earlier = world.pay.sharing.orders.iter();
    let earlier = earlier.filter(|one| Some(&one.transaction_id) == order.transaction_id.as_ref());
    if earlier.count() >= AT_MOST {
        return Err(Refused::new(403, "RULE_LIMIT", "同一笔订单最多发起 50 次分账"));
    }
    Ok(())
}

fn read_parts(world: &mut World, payer: &str, request: &Value, now_ms: i64) -> Result<Vec<Part>, Refused> {
    let listed = request["receivers"].as_array().filter(|list| !list.is_empty());
    let listed = listed.ok_or_else(|| Refused::parameter("/receivers", "为必填参数"))?;
    if listed.len() > AT_MOST {
        return Err(Refused::parameter("/receivers", "最多 50 个分账接收方"));
    }
    let mut parts: Vec<Part> = Vec::new();
    for entry in listed {
        let (kind, account) = (required(entry, "type", 32)?, required(entry, "account", 64)?);
        let amount = entry["amount"].as_i64().filter(|&fen| fen > 0);
        let amount =
            amount.ok_or_else(|| Refused::parameter("/receivers/amount", "必须为大于零的整数（分）"))?;
        if parts
            .iter()
            .any(|part| part.kind == kind && part.account == account)
        {
            return Err(Refused::parameter("/receivers", "同一接收方不能出现两次"));
        }
        let known = |one: &super::receiver::Receiver| {
            one.payer == payer && one.kind == kind && one.account == account
        };
        if !world.pay.sharing.receivers.iter().any(known) {
            return Err(Refused::invalid(
                "分账接收方关系不存在，请检查参数中每个接收方的关系",
            ));
        }
        let detail_id = format!("3601{}", world.digits(24));
        parts.push(Part {
            kind: kind.to_owned(),
            account: account.to_owned(),
            amount,
            result: "PENDING",
            description: required(entry, "description", 80)?.to_owned(),
            detail_id,
            created_ms: now_ms,
            finished_ms: None,
        });
    }
    Ok(parts)
}

/// All shares of an order together keep within its ratio, and within what is frozen of it.
fn check_amounts(sandbox: &Sandbox, world: &World, order: &Order, parts: &[Part]) -> Result<(), Refused> {
    let asked: i64 = parts.iter().map(|part| part.amount).sum();
    let earlier = world.pay.sharing.orders.iter();
    let earlier = earlier.filter(|one| Some(&one.transaction_id) == order.transaction_id.as_ref());
    let shared: i64 = earlier.map(SharingOrder::taken).sum();
    if asked > funds::frozen(world, &sandbox.clock, order) {
        return Err(Refused::new(403, "NOT_ENOUGH", "分账金额不足"));
    }
    if (asked + shared) * 10_000 > order.total * max_ratio(world, order.payee()) {
        return Err(Refused::new(403, "RULE_LIMIT", "分账金额超出最大分账比例"));
    }
    Ok(())
}

fn finish_later(sandbox: &Arc<Sandbox>, merchant: Merchant, number: String, unfreeze: bool) {
    let sandbox = sandbox.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(sandbox.config.refund_delay_ms)).await;
        sandbox.change(|world| finish(&sandbox, world, &merchant, &number, unfreeze));
    });
}

fn finish(sandbox: &Sandbox, world: &mut World, merchant: &Merchant, number: &str, unfreeze: bool) {
    let now_ms = sandbox.clock.now_ms();
    let orders = &world.pay.sharing.orders;
    let wanted = |one: &SharingOrder| one.merchant == *merchant && one.out_order_no == number;
    let Some(at) = orders.iter().position(wanted) else {
        return;
    };
    let mut sharing = orders[at].clone();
    for part in &mut sharing.parts {
        let failed = world.faults.take(Kind::SharingFailed).is_some();
        part.result = if failed { "CLOSED" } else { "SUCCESS" };
        part.finished_ms = Some(now_ms);
    }
    sharing.finished = true;
    for part in sharing.parts.iter().filter(|part| part.result == "SUCCESS") {
        let cause = |kind| Cause {
            name: "分账",
            kind,
            number: &sharing.order_id,
            applicant: "system",
            remark: part.description.clone(),
            voucher: &sharing.out_order_no,
        };
        funds::post(world, &sharing.payer, now_ms, -part.amount, cause("分账"));
        if part.kind == "MERCHANT_ID" {
            funds::post(world, &part.account, now_ms, part.amount, cause("分账"));
        }
    }
    if unfreeze {
        let detail_id = format!("3601{}", world.digits(24));
        release(sandbox, world, &mut sharing, detail_id);
    }
    world.pay.sharing.orders[at] = sharing;
}

/// Unfreezes what is left and writes it into the request that asked for it.
fn release(sandbox: &Sandbox, world: &mut World, sharing: &mut SharingOrder, detail_id: String) {
    let now_ms = sandbox.clock.now_ms();
    let number = Some(sharing.transaction_id.clone());
    let Some(at) = world
        .pay
        .orders
        .iter()
        .position(|order| order.transaction_id == number)
    else {
        return;
    };
    // Until it is stored, the world counts this request's parts as they were: pending ones are taken already.
    let left = funds::frozen(world, &sandbox.clock, &world.pay.orders[at]);
    let failed: i64 = sharing
        .parts
        .iter()
        .filter(|part| part.result == "CLOSED")
        .map(|part| part.amount)
        .sum();
    world.pay.orders[at].unfrozen = true;
    if left + failed > 0 {
        sharing.parts.push(Part {
            kind: "MERCHANT_ID".to_owned(),
            account: sharing.payer.clone(),
            amount: left + failed,
            result: "SUCCESS",
            description: "解冻给分账方".to_owned(),
            detail_id,
            created_ms: now_ms,
            finished_ms: Some(now_ms),
        });
    }
}
