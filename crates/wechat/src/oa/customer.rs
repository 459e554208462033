use serde_json::{Value, json};

use super::request::Request;
use super::{Account, Article, Error};
use crate::At;

/// What opens the time in which messages of customer service may be sent
/// (`doc/offiaccount/Message_Management/Service_Center_messages.html`, with the limits of 2023). When the time is over the
/// error is 45015, when the messages are used up 45047; both are refusals: there is no use in trying again before the
/// person does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CustomerWindow {
    /// The person sent a message.
    Message,
    /// The person tapped a menu entry of kind click or scan.
    MenuClick,
    /// The person began to follow the account.
    Follow,
    /// The person scanned a QR code of the account.
    Scan,
    /// The person paid through WeChat Pay.
    Payment,
}

impl CustomerWindow {
    /// How long messages may be sent, in seconds from the moment of the event.
    pub const fn seconds(self) -> i64 {
        match self {
            Self::Message | Self::Payment => 48 * 3600,
            Self::MenuClick | Self::Follow | Self::Scan => 60,
        }
    }

    /// How many messages may be sent; `None` without a limit.
    pub const fn messages(self) -> Option<u32> {
        match self {
            Self::Message => Some(5),
            Self::MenuClick | Self::Follow | Self::Scan => Some(3),
            Self::Payment => None,
        }
    }

    /// Whether a window that opened at `opened_s` and was used for `sent` messages lets another one through at `now_s`.
    pub fn is_open(self, opened_s: i64, sent: u32, now_s: i64) -> bool {
        (opened_s..opened_s + self.seconds()).contains(&now_s)
            && self.messages().is_none_or(|most| sent < most)
    }
}

/// A message of customer service (`doc/service/api/kf/message/api_sendcustommessage`), within a [`CustomerWindow`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CustomerMessage {
    /// Text; may hold `<a href="…">`.
    Text(String),
    /// A picture that was uploaded before.
    Image {
        /// From the media interface.
        media_id: String,
    },
    /// A voice message that was uploaded before.
    Voice {
        /// From the media interface.
        media_id: String,
    },
    /// A video that was uploaded before.
    Video {
        /// From the media interface.
        media_id: String,
        /// Thumbnail, from the media interface.
        thumb_media_id: String,
        /// Title.
        title: String,
        /// Description.
        description: String,
    },
    /// Music from an address.
    Music {
        /// Title.
        title: String,
        /// Description.
        description: String,
        /// Address.
        url: String,
        /// Address for Wi-Fi.
        hq_url: String,
        /// Thumbnail, from the media interface.
        thumb_media_id: String,
    },
    /// One card that leads to a page.
    News(Article),
    /// A published article.
    PublishedArticle {
        /// From publishing.
        article_id: String,
    },
    /// A question with choices. The choice comes back as a text message with a menu id.
    Menu {
        /// Before the choices.
        head: String,
        /// The choices.
        choices: Vec<MenuChoice>,
        /// After the choices.
        tail: String,
    },
    /// A coupon. The kind stands in the document although WeChat's own coupons have ended.
    Card {
        /// The coupon.
        card_id: String,
    },
    /// A card of a mini program.
    MiniProgram {
        /// Which; it must be linked to the account.
        appid: String,
        /// Its page.
        pagepath: String,
        /// Title.
        title: String,
        /// Picture, from the media interface.
        thumb_media_id: String,
    },
}

/// A choice of [`CustomerMessage::Menu`].
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct MenuChoice {
    /// What comes back.
    pub id: String,
    /// What the person reads.
    pub content: String,
}

impl Account {
    /// Sends a message of customer service, optionally in the name of an agent.
    ///
    /// There is no dedup number: after an error for which [`Error::may_have_happened`] says yes, sending
    /// again may send twice.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an empty text or a menu without choices; 45015 the window is closed, 45047 the number is
    /// used up.
    pub fn send_customer_message(
        &self,
        at: At,
        openid: &str,
        message: &CustomerMessage,
        agent: Option<&str>,
    ) -> Result<(), Error> {
        message.check()?;
        let (kind, content) = message.to_json();
        let mut body = json!({"touser": openid, "msgtype": kind, kind: content});
        if let Some(agent) = agent {
            body["customservice"] = json!({"kf_account": agent});
        }
        self.order(at, &Request::post("/cgi-bin/message/custom/send", body))
    }

    /// Shows that somebody is typing (for 15 seconds at most), or ends that
    /// (`doc/service/api/kf/message/api_typing`).
    ///
    /// # Errors
    /// 45080 the person has not written within 30 seconds, 45081 it is shown already.
    pub fn show_typing(&self, at: At, openid: &str, typing: bool) -> Result<(), Error> {
        let command = if typing { "Typing" } else { "CancelTyping" };
        let body = json!({"touser": openid, "command": command});
        self.order(at, &Request::post("/cgi-bin/message/custom/typing", body))
    }
}

impl CustomerMessage {
    fn check(&self) -> Result<(), Error> {
        match self {
            // Longer ones are refused by 45002; the document gives no number.
            Self::Text(text) if text.is_empty() => Err(Error::Invalid("a text message is not empty")),
            Self::Menu { choices, .. } if choices.is_empty() => {
                Err(Error::Invalid("a menu message has a choice"))
            }
            _ => Ok(()),
        }
    }

    fn to_json(&self) -> (&'static str, Value) {
        match self {
            Self::Text(content) => ("text", json!({"content": content})),
            Self::Image { media_id } => ("image", json!({"media_id": media_id})),
            Self::Voice { media_id } => ("voice", json!({"media_id": media_id})),
            Self::Video {
                media_id,
                thumb_media_id,
                title,
                description,
            } => (
                "video",
                json!({
                    "media_id": media_id, "thumb_media_id": thumb_media_id,
                    "title": title, "description": description
                }),
            ),
            Self::Music {
                title,
                description,
                url,
                hq_url,
                thumb_media_id,
            } => (
                "music",
                json!({
                    "title": title, "description": description, "musicurl": url, "hqmusicurl": hq_url,
                    "thumb_media_id": thumb_media_id
                }),
            ),
            Self::News(article) => ("news", json!({"articles": [article]})),
            Self::Card { card_id } => ("wxcard", json!({"card_id": card_id})),
            Self::PublishedArticle { article_id } => ("mpnewsarticle", json!({"article_id": article_id})),
            Self::Menu { head, choices, tail } => (
                "msgmenu",
                json!({"head_content": head, "list": choices, "tail_content": tail}),
            ),
            Self::MiniProgram {
                appid,
                pagepath,
                title,
                thumb_media_id,
            } => (
                "miniprogrampage",
                json!({
                    "appid": appid, "pagepath": pagepath, "title": title, "thumb_media_id": thumb_media_id
                }),
            ),
        }
    }
}
