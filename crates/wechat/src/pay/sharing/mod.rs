//! Profit sharing (分账): what was paid goes in parts to others.
//!
//! The order says `profit_sharing`, which freezes the money. From a minute after the payment and for 30 days it can be
//! shared, up to 50 times, with up to 50 receivers each, at most 30 % unless WeChat Pay raised it; the rest is released by
//! hand or by itself. Every wish has a number of ours; the same number again is the same wish
//! (wechatpay-skills, 分账接入指南.md; wechatpay-go, services/profitsharing).

mod notice;
mod order;
mod receiver;
mod take_back;

pub use notice::{Moved, SharingNotice};
pub use order::{Part, PartFailure, PartResult, Share, Sharing, SharingOrder, SharingState, Unfreeze};
pub use receiver::{Receiver, ReceiverKind, Relation};
pub use take_back::{Return, ReturnFailure, ReturnOrder, ReturnState, SharingRef};
