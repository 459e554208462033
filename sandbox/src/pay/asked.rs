//! What a prepay asks for, checked against every documented rule.

use serde_json::Value;

use super::merchant::check_owner;
use super::order::{Order, OrderState, Product};
use super::{Merchant, Refused};
use crate::clock::{Clock, parse_rfc3339};
use crate::keys;
use crate::state::Sandbox;

/// How long an order may be paid when nothing is said, in milliseconds.
const DEFAULT_EXPIRY_MS: i64 = 7 * 86_400_000;

/// The order that a prepay asks for.
///
/// # Errors
/// The documented refusal of the first rule that is broken.
pub fn read_order(
    sandbox: &Sandbox,
    merchant: &Merchant,
    product: Product,
    request: &Value,
) -> Result<Order, Refused> {
    let sub_mchid = check_owner(sandbox, merchant, |name| {
        request[name].as_str().map(str::to_owned)
    })?;
    let text = |name: &str, limit: usize| match request[name].as_str() {
        Some(value) if value.len() <= limit * 3 && value.chars().count() <= limit => Ok(value.to_owned()),
        Some(_) => Err(Refused::parameter(
            &format!("/{name}"),
            &format!("长度超过 {limit}"),
        )),
        None => Ok(String::new()),
    };
    let required = |name: &str, limit: usize| match text(name, limit)? {
        value if value.is_empty() => Err(Refused::parameter(&format!("/{name}"), "为必填参数")),
        value => Ok(value),
    };
    let out_trade_no = required("out_trade_no", 32)?;
    check_out_trade_no(&out_trade_no)?;
    let appid = required(
        if merchant.is_provider() {
            "sp_appid"
        } else {
            "appid"
        },
        32,
    )?;
    let sub_appid = Some(text("sub_appid", 32)?).filter(|value| !value.is_empty() && sub_mchid.is_some());
    check_apps(
        sandbox,
        merchant,
        &appid,
        sub_mchid.as_deref().zip(sub_appid.as_deref()),
    )?;
    let notify_url = required("notify_url", 255)?;
    check_notify_url(&notify_url)?;
    let total = total(request)?;
    let person = match product {
        Product::Jsapi => Some(payer(sandbox, merchant, sub_appid.as_deref(), &request["payer"])?),
        Product::H5 => {
            check_scene(request)?;
            None
        }
        Product::Native | Product::App => None,
    };
    let expires_ms = deadline(&sandbox.clock, request["time_expire"].as_str())?;
    Ok(Order {
        out_trade_no,
        transaction_id: None,
        product,
        prepay_ids: Vec::new(),
        sub_mchid,
        sub_appid,
        appid,
        description: required("description", 127)?,
        attach: Some(text("attach", 128)?).filter(|value| !value.is_empty()),
        total,
        person,
        profit_sharing: request["settle_info"]["profit_sharing"]
            .as_bool()
            .unwrap_or(false),
        unfrozen: false,
        notify_url,
        expires_ms,
        state: OrderState::NotPay,
        paid_ms: None,
        refunded: 0,
        merchant: merchant.clone(),
        request: request.clone(),
    })
}

fn total(request: &Value) -> Result<i64, Refused> {
    let total = request["amount"]["total"]
        .as_i64()
        .filter(|&total| total > 0 && total <= 10_000_000_000);
    let total = total.ok_or_else(|| Refused::parameter("/amount/total", "必须为大于零的整数（分）"))?;
    if request["amount"]["currency"]
        .as_str()
        .is_some_and(|currency| currency != "CNY")
    {
        return Err(Refused::parameter("/amount/currency", "只支持 CNY"));
    }
    Ok(total)
}

/// An address for notices has no parameters.
///
/// # Errors
/// PARAM_ERROR otherwise.
pub fn check_notify_url(url: &str) -> Result<(), Refused> {
    if url.starts_with("http") && !url.contains(['?', '#']) {
        return Ok(());
    }
    Err(Refused::parameter("/notify_url", "必须为不带参数的完整网址"))
}

/// The apps must be bound to the merchants who name them.
fn check_apps(
    sandbox: &Sandbox,
    merchant: &Merchant,
    appid: &str,
    sub: Option<(&str, &str)>,
) -> Result<(), Refused> {
    let sub_bound = |(mchid, app): (&str, &str)| {
        let account = sandbox.look(|world| world.pay.merchant(mchid).cloned());
        account.is_none_or(|account| account.app_ids.is_empty() || account.app_ids.iter().any(|id| id == app))
    };
    if merchant.app_ids.iter().any(|id| id == appid) && sub.is_none_or(sub_bound) {
        return Ok(());
    }
    let words = "appid和mch_id不匹配，请检查后再试";
    Err(Refused::new(400, "APPID_MCHID_NOT_MATCH", words))
}

/// H5 wants the scene: the payer's own address, and what kind of page it is.
fn check_scene(request: &Value) -> Result<(), Refused> {
    let scene = &request["scene_info"];
    let address = scene["payer_client_ip"].as_str().unwrap_or_default();
    if address.parse::<std::net::IpAddr>().is_err() {
        return Err(Refused::parameter(
            "/scene_info/payer_client_ip",
            "必须为用户的 IP 地址",
        ));
    }
    if scene["h5_info"]["type"].as_str().is_none_or(str::is_empty) {
        return Err(Refused::parameter("/scene_info/h5_info/type", "为必填参数"));
    }
    Ok(())
}

fn check_out_trade_no(number: &str) -> Result<(), Refused> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-|*".contains(&byte);
    if (6..=32).contains(&number.len()) && number.bytes().all(allowed) {
        return Ok(());
    }
    Err(Refused::parameter(
        "/out_trade_no",
        "必须为 6 到 32 个字母、数字或 _-|*",
    ))
}

/// The person whom the payer's OpenID names.
fn payer(
    sandbox: &Sandbox,
    merchant: &Merchant,
    sub_appid: Option<&str>,
    payer: &Value,
) -> Result<String, Refused> {
    let own = &sandbox.credentials.app_id;
    let candidates = if merchant.is_provider() {
        let mut list = vec![(payer["sp_openid"].as_str(), own.as_str())];
        match (payer["sub_openid"].as_str(), sub_appid) {
            (Some(_), None) => return Err(Refused::parameter("/sub_appid", "传 sub_openid 时必填")),
            (openid, Some(app)) => list.push((openid, app)),
            (None, None) => {}
        }
        list
    } else {
        vec![(payer["openid"].as_str(), own.as_str())]
    };
    let (openid, appid) = candidates
        .into_iter()
        .find_map(|(openid, appid)| Some((openid?, appid)))
        .ok_or_else(|| Refused::parameter("/payer", "缺少支付者的 openid"))?;
    let found = sandbox.look(|world| {
        let own_id = |id: &str| keys::openid(sandbox.config.seed, appid, id);
        world
            .people
            .iter()
            .find(|person| own_id(&person.id) == openid)
            .map(|person| person.id.clone())
    });
    found.ok_or_else(|| Refused::new(400, "PARAM_ERROR", "无效的openid"))
}

fn deadline(clock: &Clock, text: Option<&str>) -> Result<i64, Refused> {
    let now_ms = clock.now_ms();
    let Some(text) = text else {
        return Ok(now_ms + DEFAULT_EXPIRY_MS);
    };
    let asked =
        parse_rfc3339(text).ok_or_else(|| Refused::parameter("/time_expire", "不符合 rfc3339 格式"))?;
    if asked > now_ms + 90 * 86_400_000 {
        return Err(Refused::parameter("/time_expire", "不能超过 90 天"));
    }
    // Less than a minute is raised to one.
    Ok(asked.max(now_ms + 60_000))
}
