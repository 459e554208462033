//! WeChat Pay v3: `api.mch.weixin.qq.com`.

mod applyment;
mod asked;
mod bill;
mod door;
mod echo;
mod funds;
mod h5;
mod media;
mod merchant;
mod notice;
mod order;
mod platform;
mod prepay;
mod refund;
mod sharing;
mod sheet;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router, middleware};
use serde_json::{Value, json};

use crate::config::{Config, Credentials, Error};
use crate::keys::Keys;
use crate::state::Sandbox;
use crate::traffic;

pub use applyment::{Decision as ApplymentDecision, SettlementDecision, decide, decide_settlement};
pub use bill::{BillFault, Format as BillFormat};
pub use funds::{Cause, Flow, available, balance, post as move_money};
pub use merchant::{Account, Merchant};
pub use notice::{Notice, resend};
pub use order::{Order, settle_deadlines};
pub use platform::{Platform, turn as turn_keys};
pub use refund::{Refund, Status as RefundStatus, settle as settle_refund};
pub use sheet::{Finish, SheetRequest, finish, open_sheet, scan};

/// What WeChat Pay remembers.
pub struct PayState {
    /// All merchants, the oldest first.
    pub merchants: Vec<Merchant>,
    /// WeChat Pay's own keys.
    pub platform: Platform,
    /// Orders of all merchants.
    pub orders: Vec<Order>,
    /// Refunds of all merchants.
    pub refunds: Vec<Refund>,
    /// Notices with every attempt to deliver them.
    pub notices: Vec<Notice>,
    /// Every movement of money.
    pub flows: Vec<Flow>,
    /// Bills: files made, planted differences.
    pub bills: bill::Bills,
    /// Profit sharing.
    pub sharing: sharing::Sharing,
    /// Uploaded pictures.
    pub pictures: Vec<media::Picture>,
    /// Applications of merchants to be.
    pub applyments: applyment::Applyments,
}

impl PayState {
    /// The state at start.
    ///
    /// # Errors
    /// [`Error`] when the key of a configured merchant cannot be made.
    pub fn new(config: &Config, keys: &Keys, credentials: &Credentials, now_ms: i64) -> Result<Self, Error> {
        Ok(Self {
            merchants: Account::all(keys, credentials, &config.merchants)?,
            platform: Platform::new(crate::config::KeyMode::PublicKey, now_ms),
            orders: Vec::new(),
            refunds: Vec::new(),
            notices: Vec::new(),
            flows: Vec::new(),
            bills: bill::Bills::default(),
            sharing: sharing::Sharing::default(),
            pictures: Vec::new(),
            applyments: applyment::Applyments::default(),
        })
    }

    /// The merchant with this number.
    pub fn merchant(&self, mchid: &str) -> Option<&Merchant> {
        self.merchants.iter().find(|account| account.mchid == mchid)
    }
}

/// All addresses of WeChat Pay.
pub fn routes(sandbox: &Arc<Sandbox>) -> Router<Arc<Sandbox>> {
    let orders = |prefix: &str| {
        Router::new()
            .route(&format!("{prefix}/{{product}}"), post(prepay::prepay))
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
        .merge(refund::routes())
        .merge(bill::routes())
        .merge(sharing::routes())
        .merge(applyment::routes())
        .route("/v3/merchant/media/upload", post(media::upload))
        .route("/v3/security/echo", post(echo::echo))
        .route("/v3/certificates", get(certificates))
        .route("/v3/{*unknown}", axum::routing::any(unknown))
        .layer(middleware::from_fn_with_state(sandbox.clone(), door::guard))
        .layer(middleware::from_fn_with_state(sandbox.clone(), traffic::log))
        .merge(h5::routes())
        .merge(applyment::sign::routes())
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

    /// 400 INVALID_REQUEST.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "INVALID_REQUEST", message)
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

/// The JSON object of a request.
fn read_json(body: &Bytes) -> Result<Value, Refused> {
    serde_json::from_slice(body)
        .ok()
        .filter(Value::is_object)
        .ok_or_else(|| Refused::new(400, "PARAM_ERROR", "请求的 JSON 格式不正确"))
}

/// A text of a request that must be there, of at most `limit` characters.
fn required<'a>(request: &'a Value, name: &str, limit: usize) -> Result<&'a str, Refused> {
    match request[name].as_str() {
        None | Some("") => Err(Refused::parameter(&format!("/{name}"), "为必填参数")),
        Some(text) if text.chars().count() > limit => Err(Refused::parameter(
            &format!("/{name}"),
            &format!("长度超过 {limit}"),
        )),
        Some(text) => Ok(text),
    }
}

/// A merchant's own number: 1 to 64 letters, digits or `_-|*@`.
fn required_number<'a>(request: &'a Value, name: &str) -> Result<&'a str, Refused> {
    let number = required(request, name, 64)?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-|*@".contains(&byte);
    if number.bytes().all(allowed) {
        return Ok(number);
    }
    Err(Refused::parameter(
        &format!("/{name}"),
        "只能是数字、大小写字母或 _-|*@",
    ))
}

/// `GET /v3/certificates`. A merchant in public-key mode has no platform certificates.
async fn certificates(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
) -> Result<Json<Value>, Refused> {
    let now_ms = sandbox.clock.now_ms();
    let nonces: Vec<String> = sandbox.change(|world| (0..8).map(|_| world.word(12)).collect());
    let mut nonces = nonces.into_iter().cycle();
    let list = sandbox.look(|world| {
        let nonce = || nonces.next().expect("it goes round");
        world.pay.platform.list(now_ms, merchant.api_v3_key(), nonce)
    });
    list.map(Json).ok_or_else(|| {
        Refused::new(
            404,
            "RESOURCE_NOT_EXISTS",
            "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。",
        )
    })
}

async fn unknown() -> Refused {
    Refused::new(404, "RESOURCE_NOT_EXISTS", "接口不存在")
}
