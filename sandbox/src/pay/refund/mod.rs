//! Refunds: what they are, asking for one, querying.

mod abnormal;
mod outcome;
mod rules;

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::merchant::named_sub_merchant;
use super::{Merchant, Refused, read_json};
use crate::clock::beijing;
use crate::state::Sandbox;

pub use outcome::{settle, yuan};

/// One refund.
#[derive(Clone, Serialize)]
pub struct Refund {
    /// WeChat Pay's number.
    pub refund_id: String,
    /// The merchant's number.
    pub out_refund_no: String,
    /// The order.
    pub out_trade_no: String,
    /// WeChat Pay's number of the payment.
    pub transaction_id: String,
    /// Sub-merchant, for a service provider's orders.
    pub sub_mchid: Option<String>,
    /// Fen of the order.
    pub total: i64,
    /// Fen given back.
    pub refund: i64,
    /// Fen of the fee that go back to the merchant with it.
    pub fee_back: i64,
    /// Why.
    pub reason: String,
    /// State.
    pub status: Status,
    /// Where the money went.
    pub received_by: String,
    /// When it was asked for, milliseconds since 1970.
    pub created_ms: i64,
    /// When it came to an end.
    pub done_ms: Option<i64>,
    /// Where the notice goes, empty for nowhere.
    pub notify_url: String,
    #[serde(skip)]
    pub(super) merchant: Merchant,
    #[serde(skip)]
    request: Value,
}

/// The state of a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// Under way.
    Processing,
    /// The money is back.
    Success,
    /// The payer's card is dead; the merchant must apply again.
    Abnormal,
    /// Given up; the money stays with the merchant.
    Closed,
}

impl Refund {
    /// Who gives the money back.
    pub fn payee(&self) -> &str {
        self.sub_mchid.as_deref().unwrap_or(&self.merchant.mchid)
    }

    fn answer(&self) -> Value {
        let mut body = json!({
            "refund_id": self.refund_id, "out_refund_no": self.out_refund_no,
            "transaction_id": self.transaction_id, "out_trade_no": self.out_trade_no,
            "channel": "ORIGINAL", "user_received_account": self.received_by,
            "create_time": beijing(self.created_ms), "status": self.status,
            "funds_account": "UNSETTLED", "promotion_detail": [],
            "amount": {
                "total": self.total, "refund": self.refund, "payer_total": self.total, "payer_refund": self.refund,
                "settlement_refund": self.refund, "settlement_total": self.total, "discount_refund": 0,
                "currency": "CNY", "from": [],
            },
        });
        if let (Some(done_ms), Status::Success) = (self.done_ms, self.status) {
            body["success_time"] = beijing(done_ms).into();
        }
        body
    }

    /// What the notice's resource says.
    pub fn resource(&self) -> Value {
        let mut body = json!({
            "out_trade_no": self.out_trade_no, "transaction_id": self.transaction_id,
            "out_refund_no": self.out_refund_no, "refund_id": self.refund_id, "refund_status": self.status,
            "user_received_account": self.received_by,
            "amount": {
                "total": self.total, "refund": self.refund, "payer_total": self.total, "payer_refund": self.refund,
            },
        });
        if let (Some(done_ms), Status::Success) = (self.done_ms, self.status) {
            body["success_time"] = beijing(done_ms).into();
        }
        let mchid = &self.merchant.mchid;
        match &self.sub_mchid {
            Some(sub) => {
                body["sp_mchid"] = mchid.clone().into();
                body["sub_mchid"] = sub.clone().into();
            }
            None => body["mchid"] = mchid.clone().into(),
        }
        body
    }
}

/// The addresses of refunds.
pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/v3/refund/domestic/refunds", post(create))
        .route("/v3/refund/domestic/refunds/{number}", get(query))
        .route(
            "/v3/refund/domestic/refunds/{number}/apply-abnormal-refund",
            post(abnormal::apply),
        )
}

/// `POST /v3/refund/domestic/refunds`. 200 means accepted; the money goes back a little later.
async fn create(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    body: Bytes,
) -> Result<Json<Value>, Refused> {
    let request = read_json(&body)?;
    let (answer, new) = sandbox.change(|world| {
        let sub = named_sub_merchant(world, &merchant, request["sub_mchid"].as_str())?;
        rules::accept(&sandbox, world, &merchant, sub, &request)
    })?;
    if let Some(refund_id) = new {
        outcome::complete_later(&sandbox, refund_id);
    }
    Ok(Json(answer))
}

/// `GET /v3/refund/domestic/refunds/{out_refund_no}`.
async fn query(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    Path(number): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Json<Value>, Refused> {
    sandbox.look(|world| {
        let sub = named_sub_merchant(world, &merchant, query.get("sub_mchid").map(String::as_str))?;
        let mine = |refund: &&Refund| {
            refund.merchant == merchant && refund.sub_mchid == sub && refund.out_refund_no == number
        };
        let refund = world.pay.refunds.iter().find(mine);
        let refund = refund.ok_or_else(|| Refused::new(404, "RESOURCE_NOT_EXISTS", "退款单不存在"))?;
        Ok(Json(refund.answer()))
    })
}
