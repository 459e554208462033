//! WeChat Pay v3: `api.mch.weixin.qq.com`.

mod asked;
mod door;
mod notice;
mod order;
mod refund;
mod sheet;

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use serde_json::{Value, json};

use crate::state::Sandbox;
use crate::traffic;

pub use notice::{Notice, resend};
pub use order::Order;
pub use refund::Refund;
pub use sheet::{Finish, SheetRequest, finish, open_sheet};

/// What WeChat Pay remembers.
#[derive(Default)]
pub struct PayState {
    /// Orders of all merchants.
    pub orders: Vec<Order>,
    /// Refunds of all merchants.
    pub refunds: Vec<Refund>,
    /// Notices with every attempt to deliver them.
    pub notices: Vec<Notice>,
}

/// All addresses of WeChat Pay.
pub fn routes(sandbox: &Arc<Sandbox>) -> Router<Arc<Sandbox>> {
    let orders = |prefix: &str| {
        Router::new()
            .route(&format!("{prefix}/jsapi"), post(order::prepay))
            .route(
                &format!("{prefix}/out-trade-no/{{number}}"),
                get(order::query_by_out_trade_no),
            )
            .route(
                &format!("{prefix}/out-trade-no/{{number}}/close"),
                post(order::close),
            )
            .route(
                &format!("{prefix}/id/{{number}}"),
                get(order::query_by_transaction_id),
            )
    };
    orders("/v3/pay/transactions")
        .merge(orders("/v3/pay/partner/transactions"))
        .route("/v3/refund/domestic/refunds", post(refund::create))
        .route("/v3/refund/domestic/refunds/{number}", get(refund::query))
        .route("/v3/certificates", get(certificates))
        .route("/v3/{*unknown}", axum::routing::any(unknown))
        .layer(middleware::from_fn_with_state(sandbox.clone(), door::guard))
        .layer(middleware::from_fn_with_state(sandbox.clone(), traffic::log))
}

/// Which of the two merchants asks; put into the request by the door after the signature is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merchant {
    /// The service provider, acting for its sub-merchants.
    Partner,
    /// The merchant that is paid directly.
    Direct,
}

impl Merchant {
    /// Its number.
    pub fn mchid(self, sandbox: &Sandbox) -> &str {
        &self.credentials(sandbox).mchid
    }

    /// Its account.
    pub fn credentials(self, sandbox: &Sandbox) -> &crate::config::MerchantCredentials {
        match self {
            Self::Partner => &sandbox.credentials.partner,
            Self::Direct => &sandbox.credentials.direct,
        }
    }

    /// Its public key.
    pub fn key(self, sandbox: &Sandbox) -> &rsa::RsaPublicKey {
        match self {
            Self::Partner => &sandbox.keys.partner,
            Self::Direct => &sandbox.keys.direct,
        }
    }
}

/// A documented refusal of WeChat Pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    status: StatusCode,
    code: &'static str,
    message: String,
    detail: Value,
}

impl Refused {
    /// A refusal with its HTTP status.
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        let status = StatusCode::from_u16(status).expect("only statuses of the documentation are used");
        Self {
            status,
            code,
            message: message.into(),
            detail: Value::Null,
        }
    }

    /// 400 PARAM_ERROR naming the parameter.
    pub fn parameter(field: &str, issue: &str) -> Self {
        let detail = json!({"field": field, "issue": issue, "location": "body"});
        Self {
            detail,
            ..Self::new(400, "PARAM_ERROR", format!("输入源“/body{field}”{issue}"))
        }
    }

    /// The same with details.
    pub fn detailed(self, detail: Value) -> Self {
        Self { detail, ..self }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut body = json!({"code": self.code, "message": self.message});
        if !self.detail.is_null() {
            body["detail"] = self.detail;
        }
        (self.status, Json(body)).into_response()
    }
}

/// Whether `number` belongs to a sub-merchant of the service provider: ten digits beginning with 19.
pub fn is_sub_merchant(number: &str) -> bool {
    number.len() == 10 && number.starts_with("19") && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// A merchant in public-key mode has no platform certificates.
async fn certificates() -> Refused {
    Refused::new(
        404,
        "RESOURCE_NOT_EXISTS",
        "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。",
    )
}

async fn unknown() -> Refused {
    Refused::new(404, "RESOURCE_NOT_EXISTS", "接口不存在")
}
