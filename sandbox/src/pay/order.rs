//! Orders: what they are, query, close.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, Uri};
use axum::{Extension, Json};
use serde::Serialize;
use serde_json::{Value, json};

use super::merchant::{Account, check_owner};
use super::{Merchant, Refused, read_json};
use crate::clock::{Clock, beijing};
use crate::keys;
use crate::state::{Sandbox, World};

/// How long a prepay id or a code opens the sheet, in WeChat's seconds.
const PREPAY_LIFETIME_S: u32 = 7200;
/// How long the address of an H5 payment leads anywhere.
const H5_LIFETIME_S: u32 = 300;

/// One order.
#[derive(Clone, Serialize)]
pub struct Order {
    /// The merchant's number of it.
    pub out_trade_no: String,
    /// WeChat Pay's number, once paid.
    pub transaction_id: Option<String>,
    /// How it is paid.
    pub product: Product,
    /// The prepay ids or codes given out, newest last, with the moment.
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
    /// Id of the person for whom it is; with codes and H5, of who paid.
    pub person: Option<String>,
    /// Whether its money is frozen for sharing (settle_info.profit_sharing).
    pub profit_sharing: bool,
    /// Whether what was left of it has been unfrozen.
    pub unfrozen: bool,
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

/// How an order is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Product {
    /// On a page inside WeChat.
    Jsapi,
    /// By scanning a code.
    Native,
    /// On a page in another browser.
    #[serde(rename = "MWEB")]
    H5,
    /// In another app.
    App,
}

impl Product {
    /// Its trade_type.
    pub fn trade_type(self) -> &'static str {
        match self {
            Self::Jsapi => "JSAPI",
            Self::Native => "NATIVE",
            Self::H5 => "MWEB",
            Self::App => "APP",
        }
    }
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
    /// Whether `prepay_id` still opens the sheet. Of the codes to scan only the newest lives.
    pub fn opens(&self, clock: &Clock, prepay_id: &str) -> bool {
        let lifetime_s = match self.product {
            Product::H5 => H5_LIFETIME_S,
            Product::Jsapi | Product::Native | Product::App => PREPAY_LIFETIME_S,
        };
        let newest = self.prepay_ids.last().map(|(id, _)| id.as_str());
        (self.product != Product::Native || newest == Some(prepay_id))
            && self
                .prepay_ids
                .iter()
                .any(|(id, at)| id == prepay_id && !clock.passed(*at, lifetime_s))
    }

    /// Who receives the money: the sub-merchant, or the merchant itself.
    pub fn payee(&self) -> &str {
        self.sub_mchid.as_deref().unwrap_or(&self.merchant.mchid)
    }

    /// The OpenID of who pays with the app `appid`; empty while nobody is known.
    pub fn payer_openid(&self, sandbox: &Sandbox, world: &World, appid: &str) -> String {
        let Some(id) = &self.person else {
            return String::new();
        };
        if appid != sandbox.credentials.app_id {
            return keys::openid(sandbox.config.seed, appid, id);
        }
        let person = world.person(id);
        person.map(|person| person.openid.clone()).unwrap_or_default()
    }

    /// The order as query and notice tell it.
    pub fn transaction(&self, sandbox: &Sandbox, world: &World) -> Value {
        let (state, words) = self.state.words();
        let mut body =
            json!({"out_trade_no": self.out_trade_no, "trade_state": state, "trade_state_desc": words});
        let openid = |appid: &str| self.payer_openid(sandbox, world, appid);
        match &self.sub_mchid {
            Some(sub_mchid) => {
                body["sp_appid"] = self.appid.clone().into();
                body["sp_mchid"] = self.merchant.mchid.clone().into();
                body["sub_mchid"] = sub_mchid.clone().into();
                body["payer"] = json!({"sp_openid": openid(&self.appid)});
                if let Some(sub_appid) = &self.sub_appid {
                    body["sub_appid"] = sub_appid.clone().into();
                    body["payer"]["sub_openid"] = openid(sub_appid).into();
                }
            }
            None => {
                body["appid"] = self.appid.clone().into();
                body["mchid"] = self.merchant.mchid.clone().into();
                body["payer"] = json!({"openid": openid(&self.appid)});
            }
        }
        if let (Some(id), Some(paid_ms)) = (&self.transaction_id, self.paid_ms) {
            body["transaction_id"] = id.clone().into();
            body["trade_type"] = self.product.trade_type().into();
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

/// `GET …/out-trade-no/{number}`.
pub async fn query_by_out_trade_no(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    Path(number): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    uri: Uri,
) -> Result<Json<Value>, Refused> {
    check_side(&merchant, &uri)?;
    find(&sandbox, &merchant, &query, |order| order.out_trade_no == number)
}

/// `GET …/id/{number}`.
pub async fn query_by_transaction_id(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    Path(number): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    uri: Uri,
) -> Result<Json<Value>, Refused> {
    check_side(&merchant, &uri)?;
    find(&sandbox, &merchant, &query, |order| {
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
    check_side(&merchant, &uri)?;
    let body = read_json(&body)?;
    let own = check_owner(&sandbox, &merchant, |name| body[name].as_str().map(str::to_owned))?;
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
    merchant: &Merchant,
    query: &HashMap<String, String>,
    wanted: impl Fn(&Order) -> bool,
) -> Result<Json<Value>, Refused> {
    let own = check_owner(sandbox, merchant, |name| query.get(name).cloned())?;
    sandbox.change(|world| settle_deadlines(world, sandbox.clock.now_ms()));
    sandbox.look(|world| {
        let mine = |order: &&Order| order.merchant == *merchant && order.sub_mchid == own && wanted(order);
        let order = world.pay.orders.iter().find(mine);
        let order = order.ok_or_else(|| Refused::new(404, "ORDER_NOT_EXIST", "订单不存在"))?;
        Ok(Json(order.transaction(sandbox, world)))
    })
}

/// Partner addresses are for service providers, the others for direct merchants.
pub fn check_side(merchant: &Account, uri: &Uri) -> Result<(), Refused> {
    let partner = uri.path().starts_with("/v3/pay/partner/");
    if partner == merchant.is_provider() {
        return Ok(());
    }
    Err(Refused::new(403, "NO_AUTH", "商户无权限"))
}
