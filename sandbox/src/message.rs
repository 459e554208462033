//! What stands in the chats on a phone.

use serde::Serialize;
use serde_json::Value;

use crate::xml::Element;

/// One bubble or card.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    /// Place in the sequence of everything that happened.
    pub seq: u64,
    /// Id of the person on whose phone it stands.
    pub person: String,
    /// Which chat.
    pub thread: Thread,
    /// Who says it.
    pub from: Author,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// What it says.
    #[serde(flatten)]
    pub body: Body,
}

/// A chat on the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Thread {
    /// The official account.
    Account,
    /// 微信支付, which sends vouchers of payments and refunds.
    WechatPay,
}

/// Who a bubble is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// The person holding the phone.
    Me,
    /// The account.
    Account,
    /// WeChat itself: grey lines between the bubbles.
    System,
}

/// The content of a message.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Body {
    /// Words; `<a href>` in an account's text is a link.
    Text {
        /// The words.
        text: String,
    },
    /// A picture.
    Image {
        /// Where it is.
        url: String,
        /// What it shows.
        text: String,
    },
    /// A voice.
    Voice {
        /// Where it is.
        url: String,
        /// What to call it.
        text: String,
    },
    /// A place in GCJ-02.
    Location {
        /// Latitude.
        lat: f64,
        /// Longitude.
        lng: f64,
        /// Name of the place.
        text: String,
    },
    /// One or more articles.
    News {
        /// The articles.
        articles: Vec<Article>,
    },
    /// A template message or a voucher.
    Card {
        /// Headline.
        title: String,
        /// Labels with their values.
        rows: Vec<(String, String)>,
        /// What a tap opens; empty when nothing.
        url: String,
    },
    /// A message of a kind that the phone only names.
    Other {
        /// The kind in words.
        text: String,
    },
}

/// One article of a news message.
#[derive(Clone, Debug, Serialize)]
pub struct Article {
    /// Headline.
    pub title: String,
    /// Lines below it.
    pub description: String,
    /// What a tap opens.
    pub url: String,
    /// Picture, empty without one.
    pub picture: String,
}

impl Body {
    /// A text body.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }

    /// The body of a passive reply (被动回复); `None` when the kind is none that WeChat knows or lacks its content.
    pub fn from_reply(reply: &Element) -> Option<Self> {
        Some(match reply.text_of("MsgType")? {
            "text" => Self::text(reply.text_of("Content")?),
            "image" => Self::Image {
                url: String::new(),
                text: "图片".into(),
            },
            "voice" => Self::Other {
                text: "[语音]".into(),
            },
            "video" => Self::Other {
                text: "[视频]".into(),
            },
            "music" => Self::Other {
                text: "[音乐]".into(),
            },
            "news" => {
                let items = reply
                    .child("Articles")?
                    .children
                    .iter()
                    .filter(|item| item.name == "item");
                let article = |item: &Element| Article {
                    title: item.text_of("Title").unwrap_or_default().into(),
                    description: item.text_of("Description").unwrap_or_default().into(),
                    url: item.text_of("Url").unwrap_or_default().into(),
                    picture: item.text_of("PicUrl").unwrap_or_default().into(),
                };
                Self::News {
                    articles: items.map(article).collect(),
                }
            }
            _ => return None,
        })
    }

    /// The body of a customer-service message (客服消息); `None` when it is malformed.
    pub fn from_customer_service(body: &Value) -> Option<Self> {
        let kind = body["msgtype"].as_str()?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Some(match kind {
            "text" => Self::text(body["text"]["content"].as_str()?),
            "image" if body["image"]["media_id"].is_string() => Self::Image {
                url: String::new(),
                text: "图片".into(),
            },
            "voice" if body["voice"]["media_id"].is_string() => Self::Other {
                text: "[语音]".into(),
            },
            "video" if body["video"]["media_id"].is_string() => Self::Other {
                text: "[视频]".into(),
            },
            "music" if body["music"].is_object() => Self::Other {
                text: "[音乐]".into(),
            },
            "mpnews" | "mpnewsarticle" => Self::Other {
                text: "[图文消息]".into(),
            },
            "wxcard" => Self::Other {
                text: "[卡券]".into(),
            },
            "miniprogrampage" => Self::Other {
                text: "[小程序]".into(),
            },
            "msgmenu" => {
                let menu = &body["msgmenu"];
                let items = menu["list"].as_array()?.iter().map(|item| text(&item["content"]));
                let mut lines = vec![text(&menu["head_content"])];
                lines.extend(items);
                lines.push(text(&menu["tail_content"]));
                Self::text(lines.join("\n"))
            }
            "news" => {
                let article = |item: &Value| Article {
                    title: text(&item["title"]),
                    description: text(&item["description"]),
                    url: text(&item["url"]),
                    picture: text(&item["picurl"]),
                };
                let articles: Vec<_> = body["news"]["articles"].as_array()?.iter().map(article).collect();
                // Since 2018 one article is the limit for 客服消息; more is refused.
                (articles.len() == 1).then_some(Self::News { articles })?
            }
            _ => return None,
        })
    }
}
