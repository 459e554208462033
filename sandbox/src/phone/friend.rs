//! What people say to each other. WeChat carries it, and the account hears nothing of it.

use serde::Serialize;

use crate::state::World;

/// Something one person sent another.
#[derive(Clone, Debug, Serialize)]
pub struct Letter {
    /// Place in the sequence of everything that happened.
    pub seq: u64,
    /// Id of the sender.
    pub from: String,
    /// Id of the receiver.
    pub to: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// What it says.
    #[serde(flatten)]
    pub content: Content,
}

/// What can be sent.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    /// Words.
    Text {
        /// The words.
        text: String,
    },
    /// A page as a card, with what the page gave to `wx.updateAppMessageShareData`.
    Link {
        /// Headline.
        title: String,
        /// Lines below it.
        description: String,
        /// What a tap opens.
        url: String,
        /// Small picture, empty without one.
        picture: String,
    },
}

/// Sends `content`.
///
/// # Errors
/// Why it cannot be sent, in words.
pub fn send(world: &mut World, from: &str, to: &str, at: i64, content: Content) -> Result<Letter, String> {
    if from == to || world.person(to).is_none() {
        return Err("the friend is one of the other people".into());
    }
    match &content {
        Content::Text { text } if text.trim().is_empty() || text.chars().count() > 2000 => {
            return Err("a message has between 1 and 2000 characters".into());
        }
        Content::Link { url, .. } if !(url.starts_with("http://") || url.starts_with("https://")) => {
            return Err("a card opens an address that begins with http:// or https://".into());
        }
        Content::Text { .. } | Content::Link { .. } => {}
    }
    let letter = Letter {
        seq: world.next_seq(),
        from: from.to_owned(),
        to: to.to_owned(),
        at,
        content,
    };
    world.phone.letters.push(letter.clone());
    Ok(letter)
}

/// Everything that `person` sent or got.
pub fn of<'a>(world: &'a World, person: &str) -> Vec<&'a Letter> {
    let mine = |letter: &&Letter| letter.from == person || letter.to == person;
    world.phone.letters.iter().filter(mine).collect()
}
