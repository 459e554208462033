//! What stands in the chats on a phone.

use serde::Serialize;

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
    /// A recording.
    Voice {
        /// Where it is.
        url: String,
        /// What is said, as far as it is known.
        text: String,
    },
    /// A film.
    Video {
        /// Where it is.
        url: String,
        /// Headline.
        title: String,
        /// Lines below it.
        description: String,
        /// Headline again, for phones that only name it.
        text: String,
    },
    /// A piece of music.
    Music {
        /// Where it plays.
        url: String,
        /// Headline.
        title: String,
        /// Lines below it.
        description: String,
        /// Headline again, for phones that only name it.
        text: String,
    },
    /// Answers to choose from; a tap sends the answer with its id.
    Menu {
        /// Words above.
        head: String,
        /// The answers.
        answers: Vec<Choice>,
        /// Words below.
        tail: String,
        /// Everything as lines, for phones that cannot tap.
        text: String,
    },
    /// A page of a mini program.
    MiniProgram {
        /// Headline.
        title: String,
        /// The mini program.
        appid: String,
        /// Its page.
        pagepath: String,
        /// Picture, empty without one.
        picture: String,
        /// Headline again, for phones that only name it.
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

/// One answer of a menu message.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    /// What comes back as `bizmsgmenuid`.
    pub id: String,
    /// What it says.
    pub content: String,
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
}
