//! The official account (服务号): what WeChat pushes to us, and what we ask of WeChat.
//!
//! Inwards: [`Callback`] checks and opens a push, [`Push`] is what it says, [`Reply`] answers it.
//! Outwards: [`Account`] holds the credentials and makes the calls; each family of calls has its own file.
//!
//! Sources: `developers.weixin.qq.com/doc/service/`.

mod account;
mod article;
mod callback;
mod conditional_menu;
mod customer;
mod draft;
mod error;
mod error_code;
mod event;
mod jssdk;
mod lenient;
mod mass;
mod material;
mod media;
mod menu;
mod message_crypto;
mod network;
mod notice;
mod oauth;
mod publish;
mod push;
mod qr;
mod quota;
mod renewal;
mod reply;
mod request;
mod short_key;
mod tag;
mod template;
mod template_library;
mod token;
mod user;
mod xml;

pub use account::{Account, Credentials};
pub use article::{
    ArticleImage, DraftArticle, ImageInfo, PictureArticle, StoredArticle, StoredArticles, TextArticle,
};
pub use callback::{Callback, CallbackQuery, Mode, Refused};
pub use conditional_menu::{ConditionalMenu, CurrentMenu, MatchRule, Menus};
pub use customer::{CustomerMessage, CustomerWindow, MenuChoice};
pub use draft::{Draft, Page};
pub use error::{Class, Error};
pub use error_code::ErrorCode;
pub use event::{
    CardEvent, Event, MassArticle, MassResult, NoticeResult, PhotoSource, Popup, PopupScene, PublishResult,
    TemplateStatus,
};
pub use jssdk::{PageConfig, page_signature};
pub use mass::{
    Comments, MassAudience, MassMessage, MassOptions, MassReceipt, MassSending, MassSpeed, MassStatus,
    PreviewFor,
};
pub use material::{Material, MaterialCount, MaterialItem, StoredMaterial, VideoWords};
pub use media::{Media, MediaFile, MediaKind, TemporaryMedia, Upload};
pub use menu::{Action, Button, Item, Menu};
pub use message_crypto::{CryptoError, MessageCrypto};
pub use network::{DnsAnswer, NetworkCheck, NetworkReport, Operator, PingAnswer};
pub use notice::{NoticeCategory, NoticeKeyword, NoticeTemplate, NoticeTitle, SubscriptionNotice};
pub use oauth::{OauthGrant, OauthProfile, Scope, SignIn};
pub use publish::{Publication, PublishStatus, Published, PublishedAddress, PublishedArticles};
pub use push::{Body, Fields, Kind, Message, Push, PushError};
pub use qr::{QrCode, Scene};
pub use quota::{DailyQuota, Quota, RateLimit, RefusedCall};
pub use reply::{Article, Reply, ReplyError};
pub use short_key::LongData;
pub use tag::Tag;
pub use template::{MiniProgram, TemplateMessage};
pub use template_library::{Industries, Industry, Template};
pub use token::{MemoryTokens, StoredToken, TokenStore};
pub use user::{OpenidPage, UserInfo};
pub use xml::XmlError;
