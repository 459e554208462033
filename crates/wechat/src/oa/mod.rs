//! The official account (服务号): what WeChat pushes to us, and what we ask of WeChat.
//!
//! Inwards: [`Callback`] checks and opens a push, [`Push`] is what it says, [`Reply`] answers it.
//! Outwards: [`Account`] holds the credentials and makes the calls; each family of calls has its own file.
//!
//! Sources: `developers.weixin.qq.com/doc/service/`.

mod account;
mod callback;
mod customer;
mod error;
mod event;
mod jssdk;
mod menu;
mod message_crypto;
mod oauth;
mod push;
mod qr;
mod reply;
mod template;
mod token;
mod user;
mod xml;

pub use account::{Account, Credentials};
pub use callback::{Callback, CallbackQuery, Mode, Refused};
pub use customer::{CustomerMessage, MenuChoice};
pub use error::{Class, Error, ErrorCode};
pub use event::{Event, PhotoSource, Popup, TemplateStatus};
pub use jssdk::{PageConfig, page_signature};
pub use menu::{Action, Button, Item, Menu};
pub use message_crypto::{CryptoError, MessageCrypto};
pub use oauth::{OauthGrant, OauthProfile, Scope, SignIn};
pub use push::{Body, Fields, Kind, Message, Push, PushError};
pub use qr::{QrCode, Scene};
pub use reply::{Article, Reply, ReplyError};
pub use template::{MiniProgram, TemplateMessage};
pub use token::{MemoryTokens, StoredToken, TokenStore};
pub use user::UserInfo;
pub use xml::XmlError;
