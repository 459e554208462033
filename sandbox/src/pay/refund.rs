//! Refunds.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::{Extension, Json};
use serde::Serialize;
use serde_json::{Value, json};

use super::order::{Order, OrderState};
use super::{Merchant, Refused, is_sub_merchant, notice};
use crate::clock::{beijing, beijing_digits};
use crate::message::{Author, Body, Thread};
use crate::state::{Sandbox, World};

/// How many refunds one order may have.
const PER_ORDER: usize = 50;

/// One refund.
#[derive(Clone, Debug, Serialize)]
pub struct Refund {
    /// WeChat Pay's number.
    pub refund_id: String,
    /// The merchant's number.
    pub out_refund_no: String,
    /// The order.
    pub out_trade_no: String,
    /// WeChat Pay's number of the payment.
    pub transaction_id: String,
    /// Sub-merchant, for the service provider's orders.
    pub sub_mchid: Option<String>,
    /// Fen of the order.
    pub total: i64,
    /// Fen given back.
    pub refund: i64,
    /// Why.
    pub reason: String,
    /// `PROCESSING` or `SUCCESS`.
    pub status: &'static str,
    /// When it was asked for, milliseconds since 1970.
    pub created_ms: i64,
    /// When it was done.
    pub done_ms: Option<i64>,
    /// Where the notice goes, empty for nowhere.
    pub notify_url: String,
    #[serde(skip)]
    pub(super) merchant: Merchant,
    #[serde(skip)]
    request: Value,
}

impl Refund {
    fn answer(&self) -> Value {
        let mut body = json!({
            "refund_id": self.refund_id, "out_refund_no": self.out_refund_no,
            "transaction_id": self.transaction_id, "out_trade_no": self.out_trade_no,
            "channel": "ORIGINAL", "user_received_account": "支付用户零钱", "create_time": beijing(self.created_ms),
            "status": self.status, "funds_account": "UNSETTLED", "promotion_detail": [],
            "amount": {
                "total": self.total, "refund": self.refund, "payer_total": self.total, "payer_refund": self.refund,
                "settlement_refund": self.refund, "settlement_total": self.total, "discount_refund": 0,
                "currency": "CNY", "from": [],
            },
        });
        if let Some(done_ms) = self.done_ms {
            body["success_time"] = beijing(done_ms).into();
        }
        body
    }

    /// What the notice's resource says.
    pub fn resource(&self, sandbox: &Sandbox) -> Value {
        let mut body = json!({
            "out_trade_no": self.out_trade_no, "transaction_id": self.transaction_id,
            "out_refund_no": self.out_refund_no, "refund_id": self.refund_id, "refund_status": self.status,
            "user_received_account": "支付用户零钱",
            "amount": {
                "total": self.total, "refund": self.refund, "payer_total": self.total, "payer_refund": self.refund,
            },
        });
        if let Some(done_ms) = self.done_ms {
            body["success_time"] = beijing(done_ms).into();
        }
        let mchid = self.merchant.mchid(sandbox);
        match &self.sub_mchid {
            Some(sub) => {
                body["sp_mchid"] = mchid.into();
                body["sub_mchid"] = sub.clone().into();
            }
            None => body["mchid"] = mchid.into(),
        }
        body
    }
}

/// `POST /v3/refund/domestic/refunds`. 200 means accepted; the money goes back a little later.
pub async fn create(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    body: Bytes,
) -> Result<Json<Value>, Refused> {
    let request: Value = serde_json::from_slice(&body)
        .map_err(|_| Refused::new(400, "PARAM_ERROR", "请求的 JSON 格式不正确"))?;
    let sub = sub_merchant(merchant, request["sub_mchid"].as_str())?;
    let (answer, new) = sandbox.change(|world| accept(&sandbox, world, merchant, sub, &request))?;
    if let Some(refund_id) = new {
        complete_later(&sandbox, refund_id);
    }
    Ok(Json(answer))
}

/// `GET /v3/refund/domestic/refunds/{out_refund_no}`.
pub async fn query(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    Path(number): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Json<Value>, Refused> {
    let sub = sub_merchant(merchant, query.get("sub_mchid").map(String::as_str))?;
    sandbox.look(|world| {
        let mine = |refund: &&Refund| {
            refund.merchant == merchant && refund.sub_mchid == sub && refund.out_refund_no == number
        };
        let refund = world.pay.refunds.iter().find(mine);
        let refund = refund.ok_or_else(|| Refused::new(404, "RESOURCE_NOT_EXISTS", "退款单不存在"))?;
        Ok(Json(refund.answer()))
    })
}

fn sub_merchant(merchant: Merchant, sub: Option<&str>) -> Result<Option<String>, Refused> {
    match (merchant, sub) {
        (Merchant::Direct, _) => Ok(None),
        (Merchant::Partner, Some(sub)) if is_sub_merchant(sub) => Ok(Some(sub.to_owned())),
        (Merchant::Partner, Some(_)) => Err(Refused::new(403, "NO_AUTH", "特约商户与服务商没有受理关系")),
        (Merchant::Partner, None) => Err(Refused::parameter("/sub_mchid", "为必填参数")),
    }
}

/// The answer, and the id of the refund when it is a new one.
fn accept(
    sandbox: &Sandbox,
    world: &mut World,
    merchant: Merchant,
    sub: Option<String>,
    request: &Value,
) -> Result<(Value, Option<String>), Refused> {
    let out_refund_no = request["out_refund_no"].as_str().unwrap_or_default();
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-|*@".contains(&byte);
    if out_refund_no.is_empty() || out_refund_no.len() > 64 || !out_refund_no.bytes().all(allowed) {
        return Err(Refused::parameter(
            "/out_refund_no",
            "必须为 1 到 64 个字母、数字或 _-|*@",
        ));
    }
    let old = world
        .pay
        .refunds
        .iter()
        .find(|r| r.merchant == merchant && r.out_refund_no == out_refund_no);
    if let Some(old) = old {
        if old.request == *request {
            return Ok((old.answer(), None));
        }
        let words = "订单金额或退款金额与之前请求不一致，请核实后再试";
        return Err(Refused::new(400, "INVALID_REQUEST", words));
    }
    let now_ms = sandbox.clock.now_ms();
    let order = find_order(world, merchant, sub.as_deref(), request)?;
    let (total, refund) = amounts(order, request)?;
    let (out_trade_no, transaction_id) = (order.out_trade_no.clone(), order.transaction_id.clone());
    let transaction_id = transaction_id.expect("a paid order has its number");
    check_pace(sandbox, world, &transaction_id)?;
    let refund = Refund {
        refund_id: format!("5030{}{}", &beijing_digits(now_ms)[..8], world.digits(17)),
        out_refund_no: out_refund_no.to_owned(),
        out_trade_no,
        transaction_id,
        sub_mchid: sub,
        total,
        refund,
        reason: request["reason"]
            .as_str()
            .unwrap_or_default()
            .chars()
            .take(80)
            .collect(),
        status: "PROCESSING",
        created_ms: now_ms,
        done_ms: None,
        notify_url: request["notify_url"].as_str().unwrap_or_default().to_owned(),
        merchant,
        request: request.clone(),
    };
    let order = world
        .pay
        .orders
        .iter_mut()
        .find(|order| order.transaction_id.as_deref() == Some(refund.transaction_id.as_str()));
    let order = order.expect("found a moment ago");
    order.state = OrderState::Refund;
    order.refunded += refund.refund;
    let answer = (refund.answer(), Some(refund.refund_id.clone()));
    world.pay.refunds.push(refund);
    Ok(answer)
}

/// At most fifty refunds of one order, a minute apart.
fn check_pace(sandbox: &Sandbox, world: &World, transaction_id: &str) -> Result<(), Refused> {
    let mut earlier = world
        .pay
        .refunds
        .iter()
        .filter(|refund| refund.transaction_id == transaction_id);
    if earlier.clone().count() >= PER_ORDER {
        return Err(Refused::new(400, "INVALID_REQUEST", "同一笔订单最多退款 50 次"));
    }
    if earlier
        .next_back()
        .is_some_and(|last| !sandbox.clock.passed(last.created_ms, 60))
    {
        return Err(Refused::new(
            429,
            "FREQUENCY_LIMITED",
            "同一笔订单的两次退款须间隔 1 分钟",
        ));
    }
    Ok(())
}

fn find_order<'a>(
    world: &'a World,
    merchant: Merchant,
    sub: Option<&str>,
    request: &Value,
) -> Result<&'a Order, Refused> {
    let number = request["out_trade_no"].as_str();
    let transaction = request["transaction_id"].as_str();
    if number.is_none() && transaction.is_none() {
        return Err(Refused::parameter(
            "/out_trade_no",
            "与 transaction_id 二选一必填",
        ));
    }
    let wanted = |order: &&Order| {
        order.merchant == merchant
            && order.sub_mchid.as_deref() == sub
            && number.is_none_or(|number| order.out_trade_no == number)
            && transaction.is_none_or(|id| order.transaction_id.as_deref() == Some(id))
    };
    let order = world.pay.orders.iter().find(wanted);
    let order = order.ok_or_else(|| Refused::new(404, "RESOURCE_NOT_EXISTS", "订单不存在"))?;
    match order.state {
        OrderState::Success | OrderState::Refund => Ok(order),
        OrderState::NotPay | OrderState::Closed => {
            Err(Refused::new(400, "INVALID_REQUEST", "订单未支付，不能退款"))
        }
    }
}

fn amounts(order: &Order, request: &Value) -> Result<(i64, i64), Refused> {
    let amount = &request["amount"];
    let fen = |name: &str| amount[name].as_i64().filter(|&fen| fen > 0);
    let refund =
        fen("refund").ok_or_else(|| Refused::parameter("/amount/refund", "必须为大于零的整数（分）"))?;
    let total =
        fen("total").ok_or_else(|| Refused::parameter("/amount/total", "必须为大于零的整数（分）"))?;
    if amount["currency"].as_str() != Some("CNY") {
        return Err(Refused::parameter("/amount/currency", "只支持 CNY"));
    }
    if total != order.total {
        return Err(Refused::new(400, "INVALID_REQUEST", "订单金额与原订单不一致"));
    }
    if order.refunded + refund > order.total {
        return Err(Refused::new(400, "INVALID_REQUEST", "累计退款金额大于支付金额"));
    }
    Ok((total, refund))
}

fn complete_later(sandbox: &Arc<Sandbox>, refund_id: String) {
    let sandbox = sandbox.clone();
    tokio::spawn(async move {
        tokio::time::sleep(std::time::Duration::from_millis(sandbox.config.refund_delay_ms)).await;
        let done = sandbox.change(|world| {
            let now_ms = sandbox.clock.now_ms();
            let refund = world
                .pay
                .refunds
                .iter_mut()
                .find(|refund| refund.refund_id == refund_id)?;
            refund.status = "SUCCESS";
            refund.done_ms = Some(now_ms);
            let refund = refund.clone();
            let person = world
                .pay
                .orders
                .iter()
                .find(|order| order.out_trade_no == refund.out_trade_no);
            let person = person.map(|order| order.person.clone())?;
            let card = Body::Card {
                title: "退款到账通知".into(),
                rows: vec![
                    ("退款金额".into(), yuan(refund.refund)),
                    ("退款原因".into(), refund.reason.clone()),
                    ("退款方式".into(), "退回零钱".into()),
                ],
                url: String::new(),
            };
            world.say(&person, Thread::WechatPay, Author::Account, now_ms, card);
            Some(refund)
        });
        if let Some(refund) = done.filter(|refund| !refund.notify_url.is_empty()) {
            notice::refunded(&sandbox, &refund);
        }
    });
}

/// Fen as people read them, such as `¥128.50`.
pub fn yuan(fen: i64) -> String {
    format!("¥{}.{:02}", fen / 100, fen % 100)
}
