//! The menu at the foot of the chat, and its variants for people with a tag.

mod button;
pub mod rule;

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};

use super::{Answer, Call, Fail, Interface, ok};
use crate::person::Person;
use crate::state::{Sandbox, World};
use rule::Rule;

/// The addresses of this file.
pub const INTERFACES: &[Interface] = &[
    Interface::post("/cgi-bin/menu/create", create).daily(1000),
    Interface::get("/cgi-bin/menu/get", get).daily(10_000),
    Interface::get("/cgi-bin/menu/delete", delete).daily(1000),
    Interface::get("/cgi-bin/get_current_selfmenu_info", current).daily(10_000),
];

/// Number of the menu for everybody, as events of its buttons name it.
pub const DEFAULT_ID: u32 = 425_932_800;

/// The menu for everybody, and those for some, the oldest first.
#[derive(Default, Serialize)]
pub struct Menus {
    /// Buttons as they were created; nothing without a menu.
    pub default: Option<Value>,
    rules: Vec<Rule>,
}

impl Menus {
    /// The buttons that `person` sees, with the number of their menu: the newest variant that fits, else the menu for
    /// everybody. Of several tags the one put on last decides.
    pub fn of(&self, person: &Person) -> (u32, &Value) {
        let fits = |rule: &&Rule| person.tags.last() == Some(&rule.tag);
        match (&self.default, self.rules.iter().rev().find(fits)) {
            (None, _) => (DEFAULT_ID, &Value::Null),
            (Some(_), Some(rule)) => (rule.id, &rule.buttons),
            (Some(buttons), None) => (DEFAULT_ID, buttons),
        }
    }
}

/// One button of the menu.
#[derive(Clone, Debug, Serialize)]
pub struct Button {
    /// What stands on it.
    pub name: String,
    /// `click`, `view`, or another kind; empty for a button that opens others.
    #[serde(rename = "type")]
    pub kind: String,
    /// Event key of a click.
    pub key: String,
    /// Address of a view.
    pub url: String,
    /// Material that a tap sends.
    pub media_id: String,
    /// Published article that a tap sends or opens.
    pub article_id: String,
    /// Page of a mini program.
    pub pagepath: String,
    /// The buttons that it opens.
    pub sub_button: Vec<Button>,
}

/// The menu that `person` sees.
pub fn buttons(world: &World, person: &Person) -> Vec<Button> {
    read(world.account.menu.of(person).1)
}

fn read(list: &Value) -> Vec<Button> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let button = |value: &Value| Button {
        name: text(&value["name"]),
        kind: text(&value["type"]),
        key: text(&value["key"]),
        url: text(&value["url"]),
        media_id: text(&value["media_id"]),
        article_id: text(&value["article_id"]),
        pagepath: text(&value["pagepath"]),
        sub_button: read(&value["sub_button"]),
    };
    list.as_array()
        .map_or_else(Vec::new, |list| list.iter().map(button).collect())
}

/// `POST /cgi-bin/menu/create`.
fn create(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    sandbox.change(|world| {
        let buttons = button::check(world, &call.body["button"])?;
        world.account.menu.default = Some(buttons);
        Ok(ok())
    })
}

/// `GET /cgi-bin/menu/get`.
fn get(sandbox: &Arc<Sandbox>, _call: &Call) -> Answer {
    sandbox.look(|world| {
        let menus = &world.account.menu;
        let buttons = menus.default.as_ref().ok_or(Fail(46003, "menu no exist"))?;
        let mut answer = json!({"menu": {"button": buttons}});
        if !menus.rules.is_empty() {
            answer["menu"]["menuid"] = DEFAULT_ID.into();
            answer["conditionalmenu"] = menus.rules.iter().map(Rule::described).collect();
        }
        Ok(answer)
    })
}

/// `GET /cgi-bin/menu/delete`: with all variants.
fn delete(sandbox: &Arc<Sandbox>, _call: &Call) -> Answer {
    sandbox.change(|world| world.account.menu = Menus::default());
    Ok(ok())
}

/// `GET /cgi-bin/get_current_selfmenu_info`: the menu as it is shown, where lists below a button have a level more.
fn current(sandbox: &Arc<Sandbox>, _call: &Call) -> Answer {
    sandbox.look(|world| {
        let Some(buttons) = &world.account.menu.default else {
            return Ok(json!({"is_menu_open": 0, "selfmenu_info": {"button": []}}));
        };
        let mut shown = buttons.clone();
        for button in shown.as_array_mut().into_iter().flatten() {
            let below = button["sub_button"].take();
            if let Some(button) = button.as_object_mut() {
                button.remove("sub_button");
            }
            if below.as_array().is_some_and(|list| !list.is_empty()) {
                let mut list = below;
                for button in list.as_array_mut().into_iter().flatten() {
                    button.as_object_mut().map(|button| button.remove("sub_button"));
                }
                button["sub_button"] = json!({"list": list});
            }
        }
        Ok(json!({"is_menu_open": 1, "selfmenu_info": {"button": shown}}))
    })
}
