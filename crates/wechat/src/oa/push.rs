use std::collections::BTreeMap;

use super::Event;
use super::xml::Node;

/// What WeChat pushed: a message of a person, or an event.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Push {
    /// The account's original id (`gh_…`).
    pub to: String,
    /// The person's openid; for a few events, the system's.
    pub from: String,
    /// Seconds since 1970-01-01 UTC by WeChat's clock.
    pub create_time: i64,
    /// What it is.
    pub kind: Kind,
    /// What of the contents tells this push from another of the same person and second.
    discriminator: String,
}

/// Message or event.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A person sent something.
    Message(Message),
    /// Something happened.
    Event(Event),
}

/// A message of a person.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// MsgId, unique over messages.
    pub id: u64,
    /// The contents.
    pub body: Body,
}

/// The contents of a message (`doc/service/guide/product/message/Receiving_standard_messages`).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Body {
    /// Text, emoji included.
    Text {
        /// As typed.
        content: String,
        /// Set when the person chose from a menu message: the choice's id.
        menu_id: Option<String>,
    },
    /// A picture.
    Image {
        /// Where WeChat keeps it.
        url: String,
        /// To fetch it by the media interface, for three days.
        media_id: String,
    },
    /// A voice message.
    Voice {
        /// To fetch it by the media interface, for three days.
        media_id: String,
        /// `amr`, `speex` …
        format: String,
        /// The recognised words, where WeChat still gives them.
        recognition: Option<String>,
    },
    /// A video, or a short video.
    Video {
        /// To fetch it.
        media_id: String,
        /// To fetch its thumbnail.
        thumb_media_id: String,
        /// MsgType `shortvideo`.
        short: bool,
    },
    /// A place that the person chose. The document does not name the datum; WeChat's maps use GCJ-02.
    Location {
        /// Degrees, `Location_X`.
        latitude: f64,
        /// Degrees, `Location_Y`.
        longitude: f64,
        /// The map's zoom.
        scale: i64,
        /// Address in words.
        label: String,
    },
    /// A shared link.
    Link {
        /// Title.
        title: String,
        /// Description.
        description: String,
        /// Address.
        url: String,
    },
    /// A kind that this crate does not know, or a known one with parts missing.
    Other {
        /// MsgType.
        msg_type: String,
        /// Everything in it.
        fields: Fields,
    },
}

/// The elements of a push by name. Inner ones as `Outer.Inner`, repeated ones as `Outer.Inner#2` from the
/// second on.
pub type Fields = BTreeMap<String, String>;

/// XML that is not a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the push has no usable {0}")]
pub struct PushError(pub &'static str);

impl Push {
    /// The key that is the same for each delivery of one push, and differs between pushes. To be stored in a
    /// unique column before anything is done.
    ///
    /// WeChat's document proposes MsgId, or FromUserName and CreateTime; each alone collides, so all are in.
    pub fn dedup_key(&self) -> String {
        format!("{}|{}|{}", self.from, self.create_time, self.discriminator)
    }

    pub(super) fn from_xml(root: &Node) -> Result<Self, PushError> {
        let required = |name| {
            root.text_of(name)
                .filter(|text| !text.is_empty())
                .ok_or(PushError(name))
        };
        let msg_type = required("MsgType")?;
        let kind = if msg_type == "event" {
            Kind::Event(Event::from_xml(required("Event")?, root))
        } else {
            let id = required("MsgId")?
                .trim()
                .parse()
                .map_err(|_| PushError("MsgId"))?;
            Kind::Message(Message {
                id,
                body: Body::from_xml(msg_type, root),
            })
        };
        Ok(Self {
            to: required("ToUserName")?.to_owned(),
            from: required("FromUserName")?.to_owned(),
            create_time: required("CreateTime")?
                .trim()
                .parse()
                .map_err(|_| PushError("CreateTime"))?,
            discriminator: discriminator(&kind, root),
            kind,
        })
    }
}

fn discriminator(kind: &Kind, root: &Node) -> String {
    match kind {
        Kind::Message(message) => message.id.to_string(),
        Kind::Event(_) => {
            // Two templates can finish for one person in one second: their MsgID tells them apart.
            let own = ["Event", "EventKey", "MsgID", "Ticket", "CardId", "UserCardCode"]
                .map(|name| root.text_of(name).unwrap_or_default())
                .join("+");
            // Publications and notices keep their numbers one level down.
            let inner = root
                .children
                .iter()
                .filter_map(|child| child.text_of("publish_id"))
                .chain(notices(root))
                .collect::<Vec<_>>()
                .join("+");
            format!("{own}+{inner}")
        }
    }
}

/// The numbers of the notices in a `subscribe_msg_sent_event`.
fn notices(root: &Node) -> impl Iterator<Item = &str> {
    root.child("SubscribeMsgSentEvent")
        .map_or(&[][..], |list| &list.children)
        .iter()
        .filter_map(|notice| notice.text_of("MsgID"))
}

impl Body {
    fn from_xml(msg_type: &str, root: &Node) -> Self {
        Self::known(msg_type, root).unwrap_or_else(|| Self::Other {
            msg_type: msg_type.to_owned(),
            fields: fields(root),
        })
    }

    fn known(msg_type: &str, root: &Node) -> Option<Self> {
        let text = |name| root.text_of(name).map(str::to_owned);
        Some(match msg_type {
            "text" => Self::Text {
                content: text("Content")?,
                menu_id: text("bizmsgmenuid"),
            },
            "image" => Self::Image {
                url: text("PicUrl")?,
                media_id: text("MediaId")?,
            },
            "voice" => Self::Voice {
                media_id: text("MediaId")?,
                format: text("Format").unwrap_or_default(),
                recognition: text("Recognition").filter(|words| !words.is_empty()),
            },
            "video" | "shortvideo" => Self::Video {
                media_id: text("MediaId")?,
                thumb_media_id: text("ThumbMediaId")?,
                short: msg_type == "shortvideo",
            },
            "location" => Self::Location {
                latitude: degrees(root, "Location_X")?,
                longitude: degrees(root, "Location_Y")?,
                scale: text("Scale")
                    .and_then(|scale| scale.parse().ok())
                    .unwrap_or_default(),
                label: text("Label").unwrap_or_default(),
            },
            "link" => Self::Link {
                title: text("Title")?,
                description: text("Description").unwrap_or_default(),
                url: text("Url")?,
            },
            _ => return None,
        })
    }
}

/// A finite number of degrees.
pub(super) fn degrees(node: &Node, name: &str) -> Option<f64> {
    node.text_of(name)?
        .trim()
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite())
}

/// Everything in a push, for kinds that are not known.
pub(super) fn fields(root: &Node) -> Fields {
    let mut out = Fields::new();
    collect("", root, &mut out);
    out
}

fn collect(prefix: &str, node: &Node, out: &mut Fields) {
    for child in &node.children {
        let name = format!("{prefix}{}", child.name);
        let mut unique = name.clone();
        let mut number = 1;
        while out.contains_key(&unique) {
            number += 1;
            unique = format!("{name}#{number}");
        }
        if child.children.is_empty() {
            out.insert(unique, child.text.clone());
        } else {
            collect(&format!("{unique}."), child, out);
        }
    }
}
