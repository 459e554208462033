//! Orders: prepay, query, close.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, Uri};
use axum::{Extension, Json};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Merchant, Refused, asked, is_sub_merchant};
use crate::clock::{Clock, beijing, beijing_digits};
use crate::keys;
use crate::state::{Sandbox, World};

/// How long a prepay id opens the sheet, in WeChat's seconds.
const PREPAY_LIFETIME_S: u32 = 7200;

/// One order.
#[derive(Clone, Debug, Serialize)]
pub struct Order {
    /// The merchant's number of it.
    pub out_trade_no: String,
    /// WeChat Pay's number, once paid.
    pub transaction_id: Option<String>,
    /// The prepay ids given out, newest last.
    pub prepay_ids: Vec<(String, i64)>,
    /// Sub-merchant, for the service provider's orders.
    pub sub_mchid: Option<String>,
    /// The sub-merchant's app, when prepay named one.
    pub sub_appid: Option<String>,
    /// The merchant's app.
    pub appid: String,
    /// What is bought.
    pub description: String,
    /// The merchant's own note.
    pub attach: Option<String>,
    /// Amount in fen.
    pub total: i64,
    /// Id of the person for whom it is.
    pub person: String,
    /// Where the notice goes.
    pub notify_url: String,
    /// Deadline, milliseconds since 1970.
    pub expires_ms: i64,
    /// State.
    pub state: OrderState,
    /// When it was paid.
    pub paid_ms: Option<i64>,
    /// Fen given back, counting refunds under way.
    pub refunded: i64,
    #[serde(skip)]
    pub(super) merchant: Merchant,
    #[serde(skip)]
    pub(super) request: Value,
}

/// The state of an order (trade_state).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum OrderState {
    /// Not paid.
    NotPay,
    /// Paid.
    Success,
    /// Closed by the merchant or by its deadline.
    Closed,
    /// Paid and given back, wholly or in part.
    Refund,
}

impl OrderState {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::NotPay => ("NOTPAY", "订单未支付"),
            Self::Success => ("SUCCESS", "支付成功"),
            Self::Closed => ("CLOSED", "订单已关闭"),
            Self::Refund => ("REFUND", "订单发生过退款"),
        }
    }
}

impl Order {
    /// Whether `prepay_id` still opens the sheet.
    pub fn opens(&self, clock: &Clock, prepay_id: &str) -> bool {
        self.prepay_ids
            .iter()
            .any(|(id, at)| id == prepay_id && !clock.passed(*at, PREPAY_LIFETIME_S))
    }

    /// The order as query and notice tell it.
    pub fn transaction(&self, sandbox: &Sandbox, world: &World) -> Value {
        let (state, words) = self.state.words();
        let mut body =
            json!({"out_trade_no": self.out_trade_no, "trade_state": state, "trade_state_desc": words});
        let openid = |appid: &str| {
            if appid == sandbox.credentials.app_id {
                world
                    .person(&self.person)
                    .map(|person| person.openid.clone())
                    .unwrap_or_default()
            } else {
                keys::openid(sandbox.config.seed, appid, &self.person)
            }
        };
        match &self.sub_mchid {
            Some(sub_mchid) => {
                body["sp_appid"] = self.appid.clone().into();
                body["sp_mchid"] = self.merchant.mchid(sandbox).into();
                body["sub_mchid"] = sub_mchid.clone().into();
                body["payer"] = json!({"sp_openid": openid(&self.appid)});
                if let Some(sub_appid) = &self.sub_appid {
                    body["sub_appid"] = sub_appid.clone().into();
                    body["payer"]["sub_openid"] = openid(sub_appid).into();
                }
            }
            None => {
                body["appid"] = self.appid.clone().into();
                body["mchid"] = self.merchant.mchid(sandbox).into();
                body["payer"] = json!({"openid": openid(&self.appid)});
            }
        }
        if let (Some(id), Some(paid_ms)) = (&self.transaction_id, self.paid_ms) {
            body["transaction_id"] = id.clone().into();
            body["trade_type"] = "JSAPI".into();
            body["bank_type"] = "OTHERS".into();
            body["attach"] = self.attach.clone().unwrap_or_default().into();
            body["success_time"] = beijing(paid_ms).into();
            body["amount"] = json!({
                "total": self.total, "payer_total": self.total, "currency": "CNY", "payer_currency": "CNY",
            });
        } else {
            // An order that was never paid has neither payer nor trade type in its answer.
            body.as_object_mut()
                .expect("an object was just made")
                .remove("payer");
            body["amount"] = json!({"total": self.total, "currency": "CNY"});
        }
        body
    }
}

/// `POST …/transactions/jsapi`.
pub async fn prepay(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    uri: Uri,
    body: Bytes,
) -> Result<Json<Value>, Refused> {
    check_side(merchant, &uri)?;
    let request: Value = serde_json::from_slice(&body)
        .map_err(|_| Refused::new(400, "PARAM_ERROR", "请求的 JSON 格式不正确"))?;
    let asked = asked::read_order(&sandbox, merchant, &request)?;
    sandbox.change(|world| {
        settle_deadlines(world, sandbox.clock.now_ms());
        let prepay_id = format!("wx{}{}", beijing_digits(sandbox.clock.now_ms()), world.word(20));
        let now_ms = sandbox.clock.now_ms();
        let old = world
            .pay
            .orders
            .iter_mut()
            .find(|order| order.merchant == merchant && order.out_trade_no == asked.out_trade_no);
        if let Some(old) = old {
            match old.state {
                OrderState::Closed => return Err(Refused::new(400, "ORDER_CLOSED", "订单已关闭")),
                OrderState::Success | OrderState::Refund => {
                    return Err(Refused::new(403, "OUT_TRADE_NO_USED", "商户订单号重复"));
                }
                OrderState::NotPay if old.request != asked.request => {
                    let words = "请求重入时，参数与首次请求时不一致，请检查参数后重试";
                    return Err(Refused::new(400, "INVALID_REQUEST", words));
                }
                OrderState::NotPay => old.prepay_ids.push((prepay_id.clone(), now_ms)),
            }
        } else {
            world.pay.orders.push(Order {
                prepay_ids: vec![(prepay_id.clone(), now_ms)],
                ..asked
            });
        }
        Ok(Json(json!({"prepay_id": prepay_id})))
    })
}

/// `GET …/out-trade-no/{number}`.
pub async fn query_by_out_trade_no(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    Path(number): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    uri: Uri,
) -> Result<Json<Value>, Refused> {
    check_side(merchant, &uri)?;
    find(&sandbox, merchant, &query, |order| order.out_trade_no == number)
}

/// `GET …/id/{number}`.
pub async fn query_by_transaction_id(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    Path(number): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    uri: Uri,
) -> Result<Json<Value>, Refused> {
    check_side(merchant, &uri)?;
    find(&sandbox, merchant, &query, |order| {
        order.transaction_id.as_deref() == Some(&number)
    })
}

/// `POST …/out-trade-no/{number}/close`: 204, as often as one likes, unless it is paid.
pub async fn close(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    Path(number): Path<String>,
    uri: Uri,
    body: Bytes,
) -> Result<StatusCode, Refused> {
    check_side(merchant, &uri)?;
    let body: Value = serde_json::from_slice(&body)
        .map_err(|_| Refused::new(400, "PARAM_ERROR", "请求的 JSON 格式不正确"))?;
    let own = check_owner(&sandbox, merchant, |name| body[name].as_str().map(str::to_owned))?;
    sandbox.change(|world| {
        settle_deadlines(world, sandbox.clock.now_ms());
        let order = world.pay.orders.iter_mut().find(|order| {
            order.merchant == merchant && order.out_trade_no == number && order.sub_mchid == own
        });
        let order = order.ok_or_else(|| Refused::new(404, "ORDER_NOT_EXIST", "订单不存在"))?;
        match order.state {
            OrderState::Success | OrderState::Refund => Err(Refused::new(400, "ORDER_PAID", "该订单已支付")),
            OrderState::NotPay | OrderState::Closed => {
                order.state = OrderState::Closed;
                Ok(StatusCode::NO_CONTENT)
            }
        }
    })
}

/// Closes what nobody paid in time.
pub fn settle_deadlines(world: &mut World, now_ms: i64) {
    let late = |order: &&mut Order| order.state == OrderState::NotPay && order.expires_ms <= now_ms;
    world
        .pay
        .orders
        .iter_mut()
        .filter(late)
        .for_each(|order| order.state = OrderState::Closed);
}

fn find(
    sandbox: &Sandbox,
    merchant: Merchant,
    query: &HashMap<String, String>,
    wanted: impl Fn(&Order) -> bool,
) -> Result<Json<Value>, Refused> {
    let own = check_owner(sandbox, merchant, |name| query.get(name).cloned())?;
    sandbox.change(|world| settle_deadlines(world, sandbox.clock.now_ms()));
    sandbox.look(|world| {
        let mine = |order: &&Order| order.merchant == merchant && order.sub_mchid == own && wanted(order);
        let order = world.pay.orders.iter().find(mine);
        let order = order.ok_or_else(|| Refused::new(404, "ORDER_NOT_EXIST", "订单不存在"))?;
        Ok(Json(order.transaction(sandbox, world)))
    })
}

/// Partner addresses are for the service provider, the others for the direct merchant.
fn check_side(merchant: Merchant, uri: &Uri) -> Result<(), Refused> {
    let partner = uri.path().starts_with("/v3/pay/partner/");
    if partner == (merchant == Merchant::Partner) {
        return Ok(());
    }
    Err(Refused::new(403, "NO_AUTH", "商户无权限"))
}

/// Whether the numbers named in a request are the asker's own; the sub-merchant, for the service provider.
pub fn check_owner(
    sandbox: &Sandbox,
    merchant: Merchant,
    field: impl Fn(&str) -> Option<String>,
) -> Result<Option<String>, Refused> {
    let name = if merchant == Merchant::Partner {
        "sp_mchid"
    } else {
        "mchid"
    };
    let number = field(name).ok_or_else(|| Refused::parameter(&format!("/{name}"), "为必填参数"))?;
    if number != merchant.mchid(sandbox) {
        return Err(Refused::new(
            400,
            "INVALID_REQUEST",
            format!("{name} 与请求签名的商户号不一致"),
        ));
    }
    if merchant == Merchant::Direct {
        return Ok(None);
    }
    let sub = field("sub_mchid").ok_or_else(|| Refused::parameter("/sub_mchid", "为必填参数"))?;
    if is_sub_merchant(&sub) {
        return Ok(Some(sub));
    }
    Err(Refused::new(403, "NO_AUTH", "特约商户与服务商没有受理关系"))
}
