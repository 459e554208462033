use serde::Deserialize;
use serde_json::json;

use super::request::Request;
use super::{Account, Error};
use crate::At;

/// What a QR code leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scene {
    /// A number for a while. Never zero.
    Number {
        /// 1 to 4294967295.
        id: u32,
        /// 1 to 2592000 (30 days).
        seconds: u32,
    },
    /// A text for a while.
    Text {
        /// 1 to 64 characters.
        id: String,
        /// 1 to 2592000 (30 days).
        seconds: u32,
    },
    /// A number for ever; an account has 100 000 permanent codes.
    PermanentNumber(u32),
    /// A text for ever, 1 to 64 characters.
    PermanentText(String),
}

/// A QR code that was made.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct QrCode {
    /// To fetch the picture from WeChat.
    pub ticket: String,
    /// What the code says, to draw it ourselves.
    pub url: String,
    /// How long it lives; none for permanent ones.
    #[serde(default)]
    pub expire_seconds: Option<i64>,
}

impl Account {
    /// Makes a QR code with a scene (`doc/service/api/qrcode/qrcodes/api_createqrcode`).
    ///
    /// # Errors
    /// [`Error::Invalid`] if the scene breaks a rule.
    pub fn create_qr(&self, at: At, scene: &Scene) -> Result<QrCode, Error> {
        scene.check()?;
        let body = match scene {
            Scene::Number { id, seconds } => json!({
                "expire_seconds": seconds, "action_name": "QR_SCENE", "action_info": {"scene": {"scene_id": id}}
            }),
            Scene::Text { id, seconds } => json!({
                "expire_seconds": seconds, "action_name": "QR_STR_SCENE",
                "action_info": {"scene": {"scene_str": id}}
            }),
            Scene::PermanentNumber(id) => {
                json!({"action_name": "QR_LIMIT_SCENE", "action_info": {"scene": {"scene_id": id}}})
            }
            Scene::PermanentText(id) => {
                json!({"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": id}}})
            }
        };
        self.call(at, &Request::post("/cgi-bin/qrcode/create", body))
    }
}

impl Scene {
    fn check(&self) -> Result<(), Error> {
        match self {
            Self::Number { seconds, .. } | Self::Text { seconds, .. }
                if !(1..=2_592_000).contains(seconds) =>
            {
                Err(Error::Invalid("a QR code lives 1 to 2592000 seconds"))
            }
            Self::Number { id: 0, .. } => Err(Error::Invalid("a scene number is not zero")),
            Self::PermanentNumber(id) if !(1..=100_000).contains(id) => {
                Err(Error::Invalid("a permanent scene number is 1 to 100000"))
            }
            Self::Text { id, .. } | Self::PermanentText(id) if !(1..=64).contains(&id.chars().count()) => {
                Err(Error::Invalid("a scene text has 1 to 64 characters"))
            }
            _ => Ok(()),
        }
    }
}
