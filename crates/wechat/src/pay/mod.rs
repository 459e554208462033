//! WeChat Pay API v3, as a direct merchant or as a service provider (服务商) for sub-merchants.
//!
//! [`Pay`] holds who we are; [`Pay::sub_merchant`] or [`Pay::own`] gives a [`Payee`], for whom orders are made,
//! queried, closed, refunded and shared. [`Pay::open_notice`] checks and opens what WeChat Pay sends by itself. [`bill`]
//! reads bills, [`sharing`] shares what was paid, [`applyment`] brings shops to WeChat Pay as sub-merchants.
//!
//! Every call that has an effect returns an [`crate::Outcome`]. When it is unknown: query by the same number,
//! or repeat with the same number and the same parameters ([`Retry`] does so); never invent a new number.
//!
//! Sources: `pay.weixin.qq.com/doc/v3/`, `github.com/wechatpay-apiv3/wechatpay-skills`.

mod abnormal_refund;
pub mod applyment;
pub mod bill;
mod certificates;
mod client;
mod echo;
mod error;
mod key_ring;
mod keys;
mod media;
mod merchant;
mod notice;
mod number;
mod order;
mod payee;
mod refund;
mod retry;
pub mod sharing;
mod terms;
mod transaction;
mod verify;

pub use crate::crypto::KeyError;
pub use abnormal_refund::{AbnormalReceiver, AbnormalRefund};
pub use certificates::Renewal;
pub use client::Pay;
pub use echo::Echo;
pub use error::{ApiError, Class, Code};
pub use keys::PlatformKeys;
pub use media::{MediaId, Picture, PictureError};
pub use merchant::{ApiV3Key, Merchant, Mode, Signer};
pub use notice::{Content, Notice, failure_body};
pub use number::{NumberError, OutRefundNo, OutTradeNo, SharingNo};
pub use order::{JsapiOrder, PageParams, Payer, PrepayId};
pub use payee::{Payee, PayeeError};
pub use refund::{
    FundsAccount, Refund, RefundAmount, RefundDetails, RefundGoods, RefundNotice, RefundOrder, RefundSource,
    RefundStatus,
};
pub use retry::Retry;
pub use terms::{CodeUrl, H5Kind, H5Scene, H5Url, OpenOrder};
pub use transaction::{Amount, PayerIds, TradeState, Transaction};
pub use verify::Rejected;
