use super::Push;
use super::xml::cdata;

/// The longest text of a passive reply, in bytes.
const MAX_TEXT: usize = 2048;
const MAX_ARTICLES: usize = 8;

/// The answer to a push, within five seconds
/// (`doc/service/guide/product/message/Passive_user_reply_message`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Nothing to say. Written as `success`, which stops the repeated deliveries.
    Nothing,
    /// Text, at most 2048 bytes.
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
    /// Articles, at most eight; one only in answer to a message of a person.
    News(Vec<Article>),
    /// Hands the person over to customer service.
    ToCustomerService {
        /// A certain agent, or any.
        account: Option<String>,
    },
}

/// One entry of a news message.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Article {
    /// Title.
    pub title: String,
    /// Description.
    pub description: String,
    /// Where it leads.
    pub url: String,
    /// The picture's address.
    #[serde(rename = "picurl")]
    pub picture_url: String,
}

/// A reply that WeChat would refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    /// Empty, or more than 2048 bytes.
    #[error("a text reply has 1 to 2048 bytes")]
    Text,
    /// None, or more than eight.
    #[error("a news reply has 1 to 8 articles")]
    Articles,
}

impl Reply {
    /// The body before encryption: XML addressed to who sent the push, or `success`.
    pub(super) fn to_body(&self, push: &Push, now_s: i64) -> Result<String, ReplyError> {
        let (kind, content) = match self {
            Self::Nothing => return Ok("success".to_owned()),
            Self::Text(text) if text.is_empty() || text.len() > MAX_TEXT => return Err(ReplyError::Text),
            Self::Text(text) => ("text", element("Content", text)),
            Self::Image { media_id } => ("image", wrap("Image", &element("MediaId", media_id))),
            Self::Voice { media_id } => ("voice", wrap("Voice", &element("MediaId", media_id))),
            Self::Video {
                media_id,
                title,
                description,
            } => (
                "video",
                wrap(
                    "Video",
                    &elements(&[
                        ("MediaId", media_id),
                        ("Title", title),
                        ("Description", description),
                    ]),
                ),
            ),
            Self::Music {
                title,
                description,
                url,
                hq_url,
                thumb_media_id,
            } => (
                "music",
                wrap(
                    "Music",
                    &elements(&[
                        ("Title", title),
                        ("Description", description),
                        ("MusicUrl", url),
                        ("HQMusicUrl", hq_url),
                        ("ThumbMediaId", thumb_media_id),
                    ]),
                ),
            ),
            Self::News(articles) => ("news", news(articles)?),
            Self::ToCustomerService { account } => (
                "transfer_customer_service",
                account
                    .as_ref()
                    .map_or_else(String::new, |a| wrap("TransInfo", &element("KfAccount", a))),
            ),
        };
        Ok(wrap(
            "xml",
            &[
                elements(&[("ToUserName", &push.from), ("FromUserName", &push.to)]),
                format!("<CreateTime>{now_s}</CreateTime>"),
                element("MsgType", kind),
                content,
            ]
            .concat(),
        ))
    }
}

fn news(articles: &[Article]) -> Result<String, ReplyError> {
    if articles.is_empty() || articles.len() > MAX_ARTICLES {
        return Err(ReplyError::Articles);
    }
    let items: String = articles
        .iter()
        .map(|article| {
            wrap(
                "item",
                &elements(&[
                    ("Title", &article.title),
                    ("Description", &article.description),
                    ("PicUrl", &article.picture_url),
                    ("Url", &article.url),
                ]),
            )
        })
        .collect();
    Ok(format!(
        "<ArticleCount>{}</ArticleCount>{}",
        articles.len(),
        wrap("Articles", &items)
    ))
}

fn elements(pairs: &[(&str, &str)]) -> String {
    pairs.iter().map(|(name, text)| element(name, text)).collect()
}

fn element(name: &str, text: &str) -> String {
    wrap(name, &cdata(text))
}

fn wrap(name: &str, content: &str) -> String {
    format!("<{name}>{content}</{name}>")
}
