//! The pay sheet: what a page asks for with `getBrandWCPayRequest`, checked, and what the person decides.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::order::{self, Order, OrderState, Product};
use super::refund::yuan;
use super::{funds, notice};
use crate::clock::beijing_digits;
use crate::crypto;
use crate::message::{Author, Body, Thread};
use crate::person::Trigger;
use crate::state::{Sandbox, World};

/// The parameters that a page hands to `WeixinJSBridge.invoke('getBrandWCPayRequest', …)`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SheetRequest {
    app_id: String,
    time_stamp: String,
    nonce_str: String,
    package: String,
    sign_type: String,
    pay_sign: String,
}

/// What the sheet shows.
#[derive(Clone, Debug, Serialize)]
pub struct Sheet {
    /// The order.
    pub prepay_id: String,
    /// What is bought.
    pub description: String,
    /// Amount in fen.
    pub total: i64,
    /// Who is paid.
    pub payee: String,
}

/// What the person does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// Pays.
    Paid,
    /// Goes away.
    Cancel,
    /// Has not enough money.
    Insufficient,
}

/// Checks the page's parameters and opens the sheet for `person`.
///
/// # Errors
/// The words that WeChat shows instead of a sheet.
pub fn open_sheet(sandbox: &Sandbox, person: &str, request: &SheetRequest) -> Result<Sheet, String> {
    let prepay_id = request
        .package
        .strip_prefix("prepay_id=")
        .ok_or("缺少参数 package")?;
    if request.sign_type != "RSA" {
        return Err("支付验证签名失败：signType 须为 RSA".into());
    }
    sandbox.change(|world| {
        order::settle_deadlines(world, sandbox.clock.now_ms());
        let order = payable(sandbox, world, person, prepay_id)?;
        if order.product != Product::Jsapi {
            return Err("当前商户该支付方式存在异常，暂时无法支付".into());
        }
        // With a sub_appid in the prepay, that is the app which signs.
        let app_id = order.sub_appid.as_ref().unwrap_or(&order.appid);
        if *app_id != request.app_id {
            return Err("支付验证签名失败：appId 与下单时不一致".into());
        }
        let message = format!(
            "{}\n{}\n{}\n{}\n",
            request.app_id, request.time_stamp, request.nonce_str, request.package
        );
        let api = order.merchant.api.as_ref();
        if !api.is_some_and(|api| crypto::rsa_verify(&api.key, message.as_bytes(), &request.pay_sign)) {
            return Err("支付验证签名失败".into());
        }
        Ok(sheet(order, prepay_id))
    })
}

/// Opens the sheet behind a code that `person` scanned (Native), or behind the prepay id of an H5 page.
///
/// # Errors
/// The words that WeChat shows instead of a sheet.
pub fn scan(sandbox: &Sandbox, person: &str, code: &str) -> Result<Sheet, String> {
    sandbox.change(|world| {
        order::settle_deadlines(world, sandbox.clock.now_ms());
        let order = payable(sandbox, world, person, code)?;
        if !matches!(order.product, Product::Native | Product::H5) {
            return Err("当前商户该支付方式存在异常，暂时无法支付".into());
        }
        Ok(sheet(order, code))
    })
}

fn sheet(order: &Order, prepay_id: &str) -> Sheet {
    Sheet {
        prepay_id: prepay_id.to_owned(),
        description: order.description.clone(),
        total: order.total,
        payee: order.payee().to_owned(),
    }
}

/// Carries out what `person` decided on the order that `wanted` picks, and sends the notice of a payment.
///
/// # Errors
/// The words that WeChat shows when the order cannot be paid any more.
pub fn finish(
    sandbox: &Arc<Sandbox>,
    person: &str,
    wanted: &str,
    decision: Finish,
) -> Result<&'static str, String> {
    match decision {
        Finish::Cancel => return Ok("get_brand_wcpay_request:cancel"),
        Finish::Insufficient => return Ok("get_brand_wcpay_request:fail"),
        Finish::Paid => {}
    }
    let (order, transaction) = sandbox.change(|world| {
        let now_ms = sandbox.clock.now_ms();
        order::settle_deadlines(world, now_ms);
        payable(sandbox, world, person, wanted)?;
        let id = format!("4200001234{}{}", &beijing_digits(now_ms)[..8], world.digits(10));
        let order = world.pay.orders.iter_mut().find(|order| matches(order, wanted));
        let order = order.expect("found a moment ago");
        order.state = OrderState::Success;
        order.paid_ms = Some(now_ms);
        order.transaction_id = Some(id);
        order.person = Some(person.to_owned());
        let order = order.clone();
        funds::paid(world, &order);
        if let Some(person) = world.person_mut(person) {
            person.allow(Trigger::Paid, now_ms);
        }
        let card = Body::Card {
            title: "支付凭证".into(),
            rows: vec![
                ("付款金额".into(), yuan(order.total)),
                ("商品".into(), order.description.clone()),
                ("支付方式".into(), "零钱".into()),
                ("交易状态".into(), "支付成功".into()),
            ],
            url: String::new(),
        };
        world.say(person, Thread::WechatPay, Author::Account, now_ms, card);
        let transaction = order.transaction(sandbox, world);
        Ok::<_, String>((order, transaction))
    })?;
    notice::paid(sandbox, &order, transaction);
    Ok("get_brand_wcpay_request:ok")
}

/// By prepay id from the sheet, by number from the control API.
fn matches(order: &Order, wanted: &str) -> bool {
    order.out_trade_no == wanted || order.prepay_ids.iter().any(|(id, _)| id == wanted)
}

fn payable<'a>(sandbox: &Sandbox, world: &'a World, person: &str, wanted: &str) -> Result<&'a Order, String> {
    let order = world
        .pay
        .orders
        .iter()
        .find(|order| matches(order, wanted))
        .ok_or("订单不存在")?;
    match order.state {
        OrderState::NotPay => {}
        OrderState::Closed => return Err("订单已过期或已关闭".into()),
        OrderState::Success | OrderState::Refund => return Err("该订单已支付".into()),
    }
    if world.person(person).is_none() {
        return Err("没有这个人".into());
    }
    if order.person.as_ref().is_some_and(|known| known != person) {
        return Err("支付者与下单时的微信号不一致".into());
    }
    if order.out_trade_no != wanted && !order.opens(&sandbox.clock, wanted) {
        return Err("支付请求已失效，请重新发起支付".into());
    }
    Ok(order)
}
