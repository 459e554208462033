use serde::{Deserialize, Serialize};
use serde_json::json;

use super::request::Request;
use super::{Account, Error, ErrorCode};
use crate::At;

/// The menu under a chat: one to three buttons (`doc/service/api/custommenu/api_createcustommenu`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Menu {
    /// From left to right.
    pub button: Vec<Button>,
}

/// An entry, or a group of one to five entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Button {
    /// An entry of the bar itself; its name has at most 16 bytes.
    Item(Item),
    /// A button that opens a list.
    Group {
        /// At most 16 bytes.
        name: String,
        /// From top to bottom.
        sub_button: Vec<Item>,
    },
}

/// What can be tapped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// At most 60 bytes in a group.
    pub name: String,
    /// What tapping does.
    #[serde(flatten)]
    pub action: Action,
}

/// What tapping an entry does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Action {
    /// Pushes `CLICK`.
    Click {
        /// At most 128 bytes.
        key: String,
    },
    /// Opens a page.
    View {
        /// At most 1024 bytes.
        url: String,
    },
    /// Opens a mini program.
    Miniprogram {
        /// For old clients.
        url: String,
        /// The mini program.
        appid: String,
        /// Its page.
        pagepath: String,
    },
    /// Scans, then shows the result.
    ScancodePush {
        /// At most 128 bytes.
        key: String,
    },
    /// Scans, then waits for our answer.
    ScancodeWaitmsg {
        /// At most 128 bytes.
        key: String,
    },
    /// Takes a picture.
    PicSysphoto {
        /// At most 128 bytes.
        key: String,
    },
    /// Takes or chooses a picture.
    PicPhotoOrAlbum {
        /// At most 128 bytes.
        key: String,
    },
    /// Chooses a picture.
    PicWeixin {
        /// At most 128 bytes.
        key: String,
    },
    /// Chooses a place.
    LocationSelect {
        /// At most 128 bytes.
        key: String,
    },
    /// Sends a stored picture, voice or video.
    MediaId {
        /// From the permanent media.
        media_id: String,
    },
    /// Sends a published article.
    ArticleId {
        /// From publishing.
        article_id: String,
    },
    /// Opens stored articles; old, replaced by [`Self::ArticleViewLimited`].
    ViewLimited {
        /// From the permanent media.
        media_id: String,
    },
    /// Opens a published article.
    ArticleViewLimited {
        /// From publishing.
        article_id: String,
    },
}

impl Account {
    /// Replaces the menu. Clients show it after re-entering the chat, within 24 hours.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the menu breaks a rule of length or number.
    pub fn create_menu(&self, at: At, menu: &Menu) -> Result<(), Error> {
        menu.check()?;
        self.order(at, &Request::post("/cgi-bin/menu/create", json!(menu)))
    }

    /// The menu as it stands; `None` if there is none (46003).
    ///
    /// # Errors
    /// As every call.
    pub fn menu(&self, at: At) -> Result<Option<Menu>, Error> {
        #[derive(Deserialize)]
        struct Answer {
            menu: Menu,
        }
        match self.call::<Answer>(at, &Request::get("/cgi-bin/menu/get", &[])) {
            Ok(answer) => Ok(Some(answer.menu)),
            Err(Error::Api {
                code: ErrorCode::NoMenuData,
                ..
            }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Removes the menu, conditional ones too.
    ///
    /// # Errors
    /// As every call.
    pub fn delete_menu(&self, at: At) -> Result<(), Error> {
        self.order(at, &Request::get("/cgi-bin/menu/delete", &[]))
    }
}

impl Menu {
    pub(super) fn check(&self) -> Result<(), Error> {
        if !(1..=3).contains(&self.button.len()) {
            return Err(Error::Invalid("a menu has one to three buttons"));
        }
        self.button.iter().try_for_each(|button| match button {
            Button::Item(item) => item.check(16),
            Button::Group { name, sub_button } => {
                if name.is_empty() || name.len() > 16 {
                    return Err(Error::Invalid("a button's name has 1 to 16 bytes"));
                }
                if !(1..=5).contains(&sub_button.len()) {
                    return Err(Error::Invalid("a menu list has one to five entries"));
                }
                sub_button.iter().try_for_each(|item| item.check(60))
            }
        })
    }
}

impl Item {
    fn check(&self, longest_name: usize) -> Result<(), Error> {
        if self.name.is_empty() || self.name.len() > longest_name {
            return Err(Error::Invalid(
                "a menu entry's name has 1 to 16 bytes, in a list to 60",
            ));
        }
        match &self.action {
            Action::View { url } | Action::Miniprogram { url, .. } if url.is_empty() || url.len() > 1024 => {
                Err(Error::Invalid("a menu entry's address has 1 to 1024 bytes"))
            }
            Action::Click { key }
            | Action::ScancodePush { key }
            | Action::ScancodeWaitmsg { key }
            | Action::PicSysphoto { key }
            | Action::PicPhotoOrAlbum { key }
            | Action::PicWeixin { key }
            | Action::LocationSelect { key }
                if key.is_empty() || key.len() > 128 =>
            {
                Err(Error::Invalid("a menu entry's key has 1 to 128 bytes"))
            }
            _ => Ok(()),
        }
    }
}
