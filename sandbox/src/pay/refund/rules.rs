//! What a request for a refund must fulfil (doc 4013163605).

use serde_json::Value;

use super::{Refund, Status};
use crate::clock::beijing_digits;
use crate::pay::funds::{self, Cause};
use crate::pay::order::{Order, OrderState};
use crate::pay::{Merchant, Refused, asked, required_number};
use crate::state::{Sandbox, World};

/// How many refunds one order may have.
const PER_ORDER: usize = 50;
/// How long an order may be refunded, in WeChat's seconds.
const REFUNDABLE_S: u32 = 365 * 86_400;

/// The answer, and the id of the refund when it is a new one.
///
/// # Errors
/// The documented refusal of the first rule that is broken.
pub fn accept(
    sandbox: &Sandbox,
    world: &mut World,
    merchant: &Merchant,
    sub: Option<String>,
    request: &Value,
) -> Result<(Value, Option<String>), Refused> {
    let out_refund_no = required_number(request, "out_refund_no")?;
    if let Some(url) = request["notify_url"].as_str() {
        asked::check_notify_url(url)?;
    }
    let same = |refund: &&Refund| refund.merchant == *merchant && refund.out_refund_no == out_refund_no;
    if let Some(old) = world.pay.refunds.iter().find(same) {
        if old.request == *request {
            return Ok((old.answer(), None));
        }
        return Err(Refused::invalid(
            "订单金额或退款金额与之前请求不一致，请核实后再试",
        ));
    }
    let now_ms = sandbox.clock.now_ms();
    let order = find_order(world, merchant, sub.as_deref(), request)?.clone();
    if order
        .paid_ms
        .is_some_and(|paid_ms| sandbox.clock.passed(paid_ms, REFUNDABLE_S))
    {
        return Err(Refused::invalid(
            "订单已经超过可退款的最大期限（支付后一年内可退款）",
        ));
    }
    let (total, fen) = amounts(&order, request)?;
    let transaction_id = order.transaction_id.clone().expect("a paid order has its number");
    check_pace(sandbox, world, &transaction_id)?;
    let fee_back = funds::fee_back(&order, fen);
    check_funds(sandbox, world, &order, fen - fee_back)?;
    let refund = Refund {
        refund_id: format!("5030{}{}", &beijing_digits(now_ms)[..8], world.digits(17)),
        out_refund_no: out_refund_no.to_owned(),
        out_trade_no: order.out_trade_no.clone(),
        transaction_id,
        sub_mchid: sub,
        total,
        refund: fen,
        fee_back,
        reason: request["reason"]
            .as_str()
            .unwrap_or_default()
            .chars()
            .take(80)
            .collect(),
        status: Status::Processing,
        received_by: "支付用户零钱".to_owned(),
        created_ms: now_ms,
        done_ms: None,
        notify_url: request["notify_url"].as_str().unwrap_or_default().to_owned(),
        merchant: merchant.clone(),
        request: request.clone(),
    };
    let order = world
        .pay
        .orders
        .iter_mut()
        .find(|one| one.transaction_id == order.transaction_id);
    let order = order.expect("found a moment ago");
    order.state = OrderState::Refund;
    order.refunded += fen;
    book(world, &refund, -1, now_ms);
    let answer = (refund.answer(), Some(refund.refund_id.clone()));
    world.pay.refunds.push(refund);
    Ok(answer)
}

/// Books the money that leaves with a refund (`sign` -1), or comes back from a closed one (+1). The words of the remark
/// are those of real fund bills.
pub fn book(world: &mut World, refund: &Refund, sign: i64, at_ms: i64) {
    let yuan = |fen: i64| format!("{}.{:02}", fen / 100, fen % 100);
    let remark = format!(
        "退款总金额{}元;含手续费{}元",
        yuan(refund.refund),
        yuan(refund.fee_back)
    );
    let applicant = format!("{}API", refund.merchant.mchid);
    let kind = if sign < 0 { "退款" } else { "退款关闭退回" };
    let cause = Cause {
        name: "退款",
        kind,
        number: &refund.refund_id,
        applicant: &applicant,
        remark,
        voucher: &refund.out_refund_no,
    };
    funds::post(
        world,
        refund.payee(),
        at_ms,
        sign * (refund.refund - refund.fee_back),
        cause,
    );
}

/// At most fifty refunds of one order, a minute apart.
fn check_pace(sandbox: &Sandbox, world: &World, transaction_id: &str) -> Result<(), Refused> {
    let mut earlier = world
        .pay
        .refunds
        .iter()
        .filter(|refund| refund.transaction_id == transaction_id);
    if earlier.clone().count() >= PER_ORDER {
        return Err(Refused::invalid("同一笔订单最多退款 50 次"));
    }
    let last = earlier.next_back();
    if last.is_some_and(|last| !sandbox.clock.passed(last.created_ms, 60)) {
        return Err(Refused::new(
            429,
            "FREQUENCY_LIMITED",
            "单笔订单请求频率过高，请于1分钟后重试",
        ));
    }
    Ok(())
}

/// An order whose money waits to be shared is refunded out of what is frozen of it; any other out of what is available.
fn check_funds(sandbox: &Sandbox, world: &World, order: &Order, needed: i64) -> Result<(), Refused> {
    let frozen = funds::frozen(world, &sandbox.clock, order);
    let usable = if frozen > 0 {
        frozen
    } else {
        funds::available(world, &sandbox.clock, order.payee())
    };
    if needed <= usable {
        return Ok(());
    }
    Err(Refused::new(
        403,
        "NOT_ENOUGH",
        "基本账户余额不足，请充值后重新发起",
    ))
}

fn find_order<'a>(
    world: &'a World,
    merchant: &Merchant,
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
        order.merchant == *merchant
            && order.sub_mchid.as_deref() == sub
            && number.is_none_or(|number| order.out_trade_no == number)
            && transaction.is_none_or(|id| order.transaction_id.as_deref() == Some(id))
    };
    let order = world.pay.orders.iter().find(wanted);
    let order = order.ok_or_else(|| Refused::new(404, "RESOURCE_NOT_EXISTS", "订单不存在"))?;
    match order.state {
        OrderState::Success | OrderState::Refund => Ok(order),
        OrderState::NotPay | OrderState::Closed => Err(Refused::invalid("订单未支付，不能退款")),
    }
}

fn amounts(order: &Order, request: &Value) -> Result<(i64, i64), Refused> {
    let amount = &request["amount"];
    let fen = |name: &str| {
        let value = amount[name].as_i64().filter(|&fen| fen > 0);
        value.ok_or_else(|| Refused::parameter(&format!("/amount/{name}"), "必须为大于零的整数（分）"))
    };
    let (refund, total) = (fen("refund")?, fen("total")?);
    if amount["currency"].as_str() != Some("CNY") {
        return Err(Refused::parameter("/amount/currency", "只支持 CNY"));
    }
    if total != order.total {
        return Err(Refused::invalid("订单金额与原订单不一致"));
    }
    if order.refunded + refund > order.total {
        return Err(Refused::invalid("累计退款金额大于支付金额"));
    }
    Ok((total, refund))
}
