use serde::Deserialize;
use serde_json::{Value, json};

use super::request::Request;
use super::{Account, Error, ErrorCode, Menu, lenient};
use crate::At;

/// A menu that those with a certain tag see in place of the default one. The newest that fits wins.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ConditionalMenu {
    /// Its number.
    #[serde(rename = "menuid", deserialize_with = "lenient::text")]
    pub id: String,
    /// What is shown.
    #[serde(flatten)]
    pub menu: Menu,
    /// Who sees it.
    #[serde(rename = "matchrule")]
    pub rule: MatchRule,
}

/// Who sees a conditional menu. Private attributes (sex, region, language, system) can no longer be matched: 65320.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct MatchRule {
    /// The tag's number. WeChat answers with the old name `group_id` for some menus.
    #[serde(default, alias = "group_id", deserialize_with = "lenient::maybe_text")]
    pub tag_id: Option<String>,
}

/// All menus that were made by the API.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Menus {
    /// What everybody sees whom no conditional menu fits.
    pub menu: Menu,
    /// The conditional ones.
    #[serde(default, rename = "conditionalmenu")]
    pub conditional: Vec<ConditionalMenu>,
}

/// The menu that is in force, whoever made it (`doc/service/api/custommenu/api_getcurrentselfmenuinfo`).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct CurrentMenu {
    /// Whether the menu is switched on.
    #[serde(rename = "is_menu_open", deserialize_with = "lenient::flag")]
    pub open: bool,
    /// The buttons as WeChat gives them, which differs between menus made by the API and on its website: `type` and
    /// `name`, then one of `key`, `url`, `value`, `news_info`; a list is `sub_button.list`.
    #[serde(default, rename = "selfmenu_info", deserialize_with = "buttons")]
    pub buttons: Vec<Value>,
}

fn buttons<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<Value>, D::Error> {
    #[derive(Default, Deserialize)]
    struct Info {
        #[serde(default)]
        button: Vec<Value>,
    }
    Ok(Option::<Info>::deserialize(from)?.unwrap_or_default().button)
}

impl Account {
    /// Adds a menu for those with a tag and returns its number. A default menu must be there first
    /// (`doc/service/api/custommenu/api_addconditionalmenu`).
    ///
    /// # Errors
    /// [`Error::Invalid`] if the menu breaks a rule; 65303 no default menu, 65305 too many, 65316 too many domains.
    pub fn add_conditional_menu(&self, at: At, menu: &Menu, tag_id: i64) -> Result<String, Error> {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(rename = "menuid", deserialize_with = "lenient::text")]
            id: String,
        }
        menu.check()?;
        let body = json!({"button": menu.button, "matchrule": {"tag_id": tag_id.to_string()}});
        self.call::<Answer>(at, &Request::post("/cgi-bin/menu/addconditional", body))
            .map(|answer| answer.id)
    }

    /// Removes a conditional menu.
    ///
    /// # Errors
    /// 65301 there is none with this number.
    pub fn delete_conditional_menu(&self, at: At, id: &str) -> Result<(), Error> {
        self.order(
            at,
            &Request::post("/cgi-bin/menu/delconditional", json!({"menuid": id})),
        )
    }

    /// The menu that a person sees, by openid or WeChat name.
    ///
    /// # Errors
    /// 65302 no such person, 46003 no menu.
    pub fn menu_for(&self, at: At, person: &str) -> Result<Menu, Error> {
        self.call(
            at,
            &Request::post("/cgi-bin/menu/trymatch", json!({"user_id": person})),
        )
    }

    /// The default menu and the conditional ones; `None` if there is no menu (46003).
    ///
    /// # Errors
    /// As every call.
    pub fn menus(&self, at: At) -> Result<Option<Menus>, Error> {
        match self.call(at, &Request::get("/cgi-bin/menu/get", &[])) {
            Ok(menus) => Ok(Some(menus)),
            Err(Error::Api {
                code: ErrorCode::NoMenuData,
                ..
            }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The menu in force, also when it was made on WeChat's website.
    ///
    /// # Errors
    /// As every call.
    pub fn current_menu(&self, at: At) -> Result<CurrentMenu, Error> {
        self.call(at, &Request::get("/cgi-bin/get_current_selfmenu_info", &[]))
    }
}
