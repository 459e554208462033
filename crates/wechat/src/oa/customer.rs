use serde_json::{Value, json};

use super::account::Request;
use super::{Account, Article, Error};
use crate::At;

/// A message of customer service (`doc/service/api/kf/message/api_sendcustommessage`): five within 48 hours
/// after a message of the person, three within a minute after a menu click, a follow or a scan.
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
    /// 45015 the window is closed, 45047 the number is used up.
    pub fn send_customer_message(
        &self,
        at: At,
        openid: &str,
        message: &CustomerMessage,
        agent: Option<&str>,
    ) -> Result<(), Error> {
        let (kind, content) = message.to_json();
        let mut body = json!({"touser": openid, "msgtype": kind, kind: content});
        if let Some(agent) = agent {
            body["customservice"] = json!({"kf_account": agent});
        }
        self.call::<Value>(at, &Request::post("/cgi-bin/message/custom/send", body))
            .map(drop)
    }
}

impl CustomerMessage {
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
            Self::News(article) => ("news", json!({"articles": [article]})),
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
