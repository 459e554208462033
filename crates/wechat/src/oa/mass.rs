//! Messages to many: `doc/service/guide/product/message/Batch_Sends.html`. A follower of a service account receives at
//! most four a month; the interface takes 100 calls a day and 60 a minute. With API protection switched on an administrator
//! has to confirm within 30 minutes. The end comes as [`super::Event::MassSendFinished`].

use serde::Deserialize;
use serde_json::{Value, json};

use super::request::Request;
use super::{Account, Error, lenient};
use crate::At;

/// What is sent to many.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MassMessage {
    /// Articles, from [`Account::add_draft`].
    Articles {
        /// The draft.
        media_id: String,
    },
    /// Text.
    Text(String),
    /// A voice message.
    Voice {
        /// From the permanent media.
        media_id: String,
    },
    /// Pictures with a sentence.
    Images {
        /// From the permanent media, at least one.
        media_ids: Vec<String>,
        /// The sentence; may be empty.
        recommend: String,
        /// Whether comments are possible, and if so whether for followers only.
        comments: Comments,
    },
    /// A video, from [`Account::mass_video`].
    Video {
        /// What [`Account::mass_video`] returned.
        media_id: String,
    },
    /// A coupon. The kind stands in the document although WeChat's own coupons have ended.
    Card {
        /// The coupon.
        card_id: String,
    },
}

/// Who may comment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Comments {
    /// Nobody.
    #[default]
    Closed,
    /// Everybody.
    Open,
    /// Those who follow the account.
    Followers,
}

impl Comments {
    /// `need_open_comment` and `only_fans_can_comment`.
    pub(super) fn numbers(self) -> (u8, u8) {
        match self {
            Self::Closed => (0, 0),
            Self::Open => (1, 0),
            Self::Followers => (1, 1),
        }
    }
}

/// Who gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MassAudience {
    /// Every follower: once a day and four times a month, and it enters the account's history.
    All,
    /// Those with a tag.
    Tag(i64),
    /// These, 2 to 10 000.
    People(Vec<String>),
}

/// How it is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MassOptions {
    /// With the same number WeChat sends only once within 24 hours, also when we call twice. 1 to 64 bytes. Without it
    /// WeChat makes one of the contents and the audience.
    pub client_msg_id: Option<String>,
    /// Goes on when an article turns out to be a permitted reprint, instead of stopping.
    pub even_reprints: bool,
}

/// What became of the order to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MassSending {
    /// WeChat took it. It does not mean that anybody got it yet.
    Accepted(MassReceipt),
    /// It had been taken before under the same client_msg_id (45065): nothing is sent again, and this is the old one's
    /// number.
    Repeated(MassReceipt),
}

impl MassSending {
    /// The numbers, whichever call brought them about.
    pub fn receipt(&self) -> &MassReceipt {
        match self {
            Self::Accepted(receipt) | Self::Repeated(receipt) => receipt,
        }
    }
}

/// The numbers of a mass message.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct MassReceipt {
    /// Returns with [`super::Event::MassSendFinished`].
    #[serde(deserialize_with = "lenient::text")]
    pub msg_id: String,
    /// In the figures about articles: the first part of their `msgid`.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub msg_data_id: Option<String>,
}

/// How far a mass message is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MassStatus {
    /// `SEND_SUCCESS`
    Sent,
    /// `SENDING`
    Sending,
    /// `SEND_FAIL`
    Failed,
    /// `DELETE`
    Deleted,
    /// Another text.
    Other(String),
}

/// Whom a preview is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PreviewFor {
    /// An openid.
    Openid(String),
    /// A WeChat name; it goes before an openid.
    WeChatName(String),
}

/// How fast mass messages go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct MassSpeed {
    /// 0 to 4: 800 000, 600 000, 450 000, 300 000, 100 000 a minute.
    pub speed: u8,
    /// Ten thousand a minute.
    #[serde(rename = "realspeed")]
    pub real: i64,
}

impl Account {
    /// Sends to many.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an audience, a text or a number that breaks its rule; 45066 the same number again within a
    /// minute, 45028 no more this month, 40008 a kind that is not allowed.
    pub fn send_mass(
        &self,
        at: At,
        audience: &MassAudience,
        message: &MassMessage,
        options: &MassOptions,
    ) -> Result<MassSending, Error> {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(default)]
            errcode: i64,
            #[serde(flatten)]
            receipt: MassReceipt,
        }
        options.check()?;
        let mut body = message.to_json(false)?;
        let path = match audience {
            MassAudience::All => {
                body["filter"] = json!({"is_to_all": true});
                "/cgi-bin/message/mass/sendall"
            }
            MassAudience::Tag(id) => {
                body["filter"] = json!({"is_to_all": false, "tag_id": id});
                "/cgi-bin/message/mass/sendall"
            }
            MassAudience::People(openids) => {
                if !(2..=10_000).contains(&openids.len()) {
                    return Err(Error::Invalid("a mass message goes to 2 to 10000 people"));
                }
                body["touser"] = json!(openids);
                "/cgi-bin/message/mass/send"
            }
        };
        body["send_ignore_reprint"] = json!(u8::from(options.even_reprints));
        if let Some(id) = &options.client_msg_id {
            body["clientmsgid"] = json!(id);
        }
        let answer: Answer = self.call(at, &Request::post(path, body).accepting(&[REPEATED]))?;
        Ok(if answer.errcode == REPEATED {
            MassSending::Repeated(answer.receipt)
        } else {
            MassSending::Accepted(answer.receipt)
        })
    }

    /// Sends it to one person only, to look at; 100 a day.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an empty text or several pictures; 43004 the person does not follow.
    pub fn preview_mass(&self, at: At, person: &PreviewFor, message: &MassMessage) -> Result<(), Error> {
        let mut body = message.to_json(true)?;
        match person {
            PreviewFor::Openid(openid) => body["touser"] = json!(openid),
            PreviewFor::WeChatName(name) => body["towxname"] = json!(name),
        }
        self.order(at, &Request::post("/cgi-bin/message/mass/preview", body))
    }

    /// How far a mass message is.
    ///
    /// # Errors
    /// As every call.
    pub fn mass_status(&self, at: At, msg_id: &str) -> Result<MassStatus, Error> {
        #[derive(Deserialize)]
        struct Answer {
            msg_status: String,
        }
        self.call::<Answer>(
            at,
            &Request::post("/cgi-bin/message/mass/get", json!({"msg_id": msg_id})),
        )
        .map(|answer| match answer.msg_status.as_str() {
            "SEND_SUCCESS" => MassStatus::Sent,
            "SENDING" => MassStatus::Sending,
            "SEND_FAIL" => MassStatus::Failed,
            "DELETE" => MassStatus::Deleted,
            _ => MassStatus::Other(answer.msg_status),
        })
    }

    /// Makes the articles or the video of a mass message unreadable; the card that people got stays. `article` is counted
    /// from 1; `None` takes all. Cannot be undone.
    ///
    /// # Errors
    /// [`Error::Invalid`] unless `msg_id` is a number.
    pub fn delete_mass(&self, at: At, msg_id: &str, article: Option<u8>) -> Result<(), Error> {
        let msg_id: u64 = msg_id
            .parse()
            .map_err(|_| Error::Invalid("the number of a mass message has digits only"))?;
        let mut body = json!({"msg_id": msg_id});
        if let Some(article) = article {
            body["article_idx"] = json!(article);
        }
        self.order(at, &Request::post("/cgi-bin/message/mass/delete", body))
    }

    /// How fast mass messages go out.
    ///
    /// # Errors
    /// As every call.
    pub fn mass_speed(&self, at: At) -> Result<MassSpeed, Error> {
        self.call(at, &Request::post("/cgi-bin/message/mass/speed/get", json!({})))
    }

    /// Sets how fast they go: see [`MassSpeed::speed`].
    ///
    /// # Errors
    /// [`Error::Invalid`] beyond 4.
    pub fn set_mass_speed(&self, at: At, speed: u8) -> Result<(), Error> {
        if speed > 4 {
            return Err(Error::Invalid("the speed of mass messages is 0 to 4"));
        }
        self.order(
            at,
            &Request::post("/cgi-bin/message/mass/speed/set", json!({"speed": speed})),
        )
    }

    /// Makes a video fit for [`MassMessage::Video`]; `media_id` is from the permanent media.
    ///
    /// # Errors
    /// 40007 no such video.
    pub fn mass_video(
        &self,
        at: At,
        media_id: &str,
        title: &str,
        description: &str,
    ) -> Result<String, Error> {
        #[derive(Deserialize)]
        struct Answer {
            media_id: String,
        }
        let body = json!({"media_id": media_id, "title": title, "description": description});
        self.call::<Answer>(at, &Request::post("/cgi-bin/media/uploadvideo", body))
            .map(|answer| answer.media_id)
    }
}

/// A mass message with this clientmsgid was sent already; the answer holds its number.
const REPEATED: i64 = 45065;

impl MassOptions {
    fn check(&self) -> Result<(), Error> {
        match &self.client_msg_id {
            Some(id) if !(1..=64).contains(&id.len()) => {
                Err(Error::Invalid("a clientmsgid has 1 to 64 bytes"))
            }
            _ => Ok(()),
        }
    }
}

impl MassMessage {
    /// Kind and contents. A preview shows one picture only and writes it in the old way.
    fn to_json(&self, preview: bool) -> Result<Value, Error> {
        let media = |media_id: &str| json!({"media_id": media_id});
        let (kind, name, content) = match self {
            Self::Articles { media_id } => ("mpnews", "mpnews", media(media_id)),
            Self::Text(text) if text.is_empty() => return Err(Error::Invalid("a text message is not empty")),
            Self::Text(text) => ("text", "text", json!({"content": text})),
            Self::Voice { media_id } => ("voice", "voice", media(media_id)),
            Self::Images { media_ids, .. } if media_ids.is_empty() => {
                return Err(Error::Invalid("a message of pictures has a picture"));
            }
            Self::Images { media_ids, .. } if preview => match media_ids.as_slice() {
                [one] => ("image", "image", media(one)),
                _ => return Err(Error::Invalid("a preview shows one picture")),
            },
            Self::Images {
                media_ids,
                recommend,
                comments,
            } => {
                let (open, followers) = comments.numbers();
                let content = json!({
                    "media_ids": media_ids, "recommend": recommend, "need_open_comment": open,
                    "only_fans_can_comment": followers
                });
                ("image", "images", content)
            }
            Self::Video { media_id } => ("mpvideo", "mpvideo", media(media_id)),
            Self::Card { card_id } => ("wxcard", "wxcard", json!({"card_id": card_id})),
        };
        Ok(json!({"msgtype": kind, name: content}))
    }
}
