//! The message push (消息推送): what people do, delivered to the program, and what it replies.

mod act;
mod delivery;
mod event;
mod reply;
mod seal;

use serde::{Deserialize, Serialize};

pub use act::{Act, act};
pub use delivery::Delivery;
pub use event::{announce, announce_of, send_event};
pub use seal::verify_address;

use crate::xml::Field;

/// Original id of the account, `ToUserName` of every push.
const ACCOUNT_ID: &str = "gh_7a9b2c41d8e0";

/// The fields of a message, in order.
type Fields = Vec<(&'static str, Field)>;

/// How messages are encrypted (消息加解密方式).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Clear text (明文模式).
    Plain,
    /// Clear and cipher text side by side (兼容模式).
    Compatible,
    /// Cipher text only (安全模式).
    #[default]
    Safe,
}
