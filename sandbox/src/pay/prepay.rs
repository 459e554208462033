//! Prepay: an order is made, and what opens the pay sheet is given out.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::{Extension, Json};
use serde_json::{Value, json};

use super::order::{OrderState, Product, check_side, settle_deadlines};
use super::{Merchant, Order, Refused, asked, read_json};
use crate::clock::beijing_digits;
use crate::state::{Sandbox, World};

/// `POST …/transactions/{jsapi,native,h5,app}`.
pub async fn prepay(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    Path(product): Path<String>,
    uri: Uri,
    body: Bytes,
) -> Result<Json<Value>, Refused> {
    let product = match product.as_str() {
        "jsapi" => Product::Jsapi,
        "native" => Product::Native,
        "h5" => Product::H5,
        "app" => Product::App,
        _ => return Err(Refused::new(404, "RESOURCE_NOT_EXISTS", "接口不存在")),
    };
    check_side(&merchant, &uri)?;
    let asked = asked::read_order(&sandbox, &merchant, product, &read_json(&body)?)?;
    sandbox.change(|world| {
        let now_ms = sandbox.clock.now_ms();
        settle_deadlines(world, now_ms);
        let (id, answer) = opener(&sandbox, world, product);
        let same =
            |order: &&mut Order| order.merchant == merchant && order.out_trade_no == asked.out_trade_no;
        match world.pay.orders.iter_mut().find(same) {
            Some(old) => {
                check_repeated(old, &asked)?;
                old.prepay_ids.push((id, now_ms));
            }
            None => world.pay.orders.push(Order {
                prepay_ids: vec![(id, now_ms)],
                ..asked
            }),
        }
        Ok(Json(answer))
    })
}

/// What opens the sheet, and how the answer says it.
fn opener(sandbox: &Sandbox, world: &mut World, product: Product) -> (String, Value) {
    let prepay_id = format!("wx{}{}", beijing_digits(sandbox.clock.now_ms()), world.word(20));
    match product {
        Product::Jsapi | Product::App => (prepay_id.clone(), json!({"prepay_id": prepay_id})),
        Product::Native => {
            let code_url = format!("weixin://wxpay/bizpayurl?pr={}", world.word(9));
            (code_url.clone(), json!({"code_url": code_url}))
        }
        Product::H5 => {
            let package = world.digits(10);
            let address = &sandbox.config.address;
            let url =
                format!("{address}/cgi-bin/mmpayweb-bin/checkmweb?prepay_id={prepay_id}&package={package}");
            (prepay_id, json!({"h5_url": url}))
        }
    }
}

/// A number asked for again wants the very same order, unpaid. Its deadline stays the first one's.
fn check_repeated(old: &Order, asked: &Order) -> Result<(), Refused> {
    match old.state {
        OrderState::Closed => Err(Refused::new(400, "ORDER_CLOSED", "订单已关闭")),
        OrderState::Success | OrderState::Refund => {
            Err(Refused::new(403, "OUT_TRADE_NO_USED", "商户订单号重复"))
        }
        OrderState::NotPay if old.product != asked.product || old.essence() != asked.essence() => Err(
            Refused::invalid("请求重入时，参数与首次请求时不一致，请检查参数后重试"),
        ),
        OrderState::NotPay => Ok(()),
    }
}

impl Order {
    /// What must be the same when it is asked for again.
    fn essence(&self) -> Value {
        let mut request = self.request.clone();
        if let Some(fields) = request.as_object_mut() {
            fields.remove("time_expire");
        }
        request
    }
}
