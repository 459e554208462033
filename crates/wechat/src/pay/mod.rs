//! WeChat Pay API v3, as a direct merchant or as a service provider (服务商) for sub-merchants.
//!
//! [`Pay`] holds who we are; [`Pay::sub_merchant`] or [`Pay::own`] gives a [`Payee`], for whom orders are made,
//! queried, closed and refunded. [`Pay::open_notice`] checks and opens what WeChat Pay sends by itself.
//!
//! Every call that has an effect returns an [`crate::Outcome`]. When it is unknown: query by the same number,
//! or repeat with the same number and the same parameters; never invent a new number.
//!
//! Sources: `pay.weixin.qq.com/doc/v3/`, `github.com/wechatpay-apiv3/wechatpay-skills`.

mod client;
mod error;
mod keys;
mod merchant;
mod notice;
mod number;
mod order;
mod payee;
mod refund;
mod transaction;
mod verify;

pub use crate::crypto::KeyError;
pub use client::Pay;
pub use error::{ApiError, Class, Code};
pub use keys::PlatformKeys;
pub use merchant::{ApiV3Key, Merchant, Mode};
pub use notice::{Content, Notice, failure_body};
pub use number::{NumberError, OutRefundNo, OutTradeNo};
pub use order::{JsapiOrder, PageParams, Payer, PrepayId};
pub use payee::{Payee, PayeeError};
pub use refund::{Refund, RefundAmount, RefundNotice, RefundOrder, RefundStatus};
pub use transaction::{Amount, PayerIds, TradeState, Transaction};
pub use verify::Rejected;
