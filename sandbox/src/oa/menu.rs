//! The menu at the foot of the chat.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};

use super::{Answer, Call, Fail, ok};
use crate::state::{Sandbox, World};

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
    /// The buttons that it opens.
    pub sub_button: Vec<Button>,
}

/// `POST /cgi-bin/menu/create`.
pub fn create(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let buttons = call.body["button"]
        .as_array()
        .ok_or(Fail(40016, "invalid button size"))?;
    if buttons.is_empty() || buttons.len() > 3 {
        return Err(Fail(40016, "invalid button size"));
    }
    for button in buttons {
        check_name(button, 16, Fail(40018, "invalid button name size"))?;
        match button["sub_button"].as_array().filter(|list| !list.is_empty()) {
            Some(list) if list.len() > 5 => return Err(Fail(40023, "invalid sub button size")),
            Some(list) => {
                for button in list {
                    check_name(button, 60, Fail(40025, "invalid sub button name size"))?;
                    check_action(button)?;
                }
            }
            None => check_action(button)?,
        }
    }
    sandbox.change(|world| world.account.menu = Some(json!({"button": buttons})));
    Ok(ok())
}

/// `GET /cgi-bin/menu/get`.
pub fn get(sandbox: &Arc<Sandbox>, _call: &Call) -> Answer {
    let menu = sandbox
        .look(|world| world.account.menu.clone())
        .ok_or(Fail(46003, "menu no exist"))?;
    Ok(json!({"menu": menu}))
}

/// `GET /cgi-bin/menu/delete`.
pub fn delete(sandbox: &Arc<Sandbox>, _call: &Call) -> Answer {
    sandbox.change(|world| world.account.menu = None);
    Ok(ok())
}

/// The menu as buttons.
pub fn buttons(world: &World) -> Vec<Button> {
    world
        .account
        .menu
        .as_ref()
        .map_or_else(Vec::new, |menu| read(&menu["button"]))
}

fn read(list: &Value) -> Vec<Button> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let button = |value: &Value| Button {
        name: text(&value["name"]),
        kind: text(&value["type"]),
        key: text(&value["key"]),
        url: text(&value["url"]),
        sub_button: read(&value["sub_button"]),
    };
    list.as_array()
        .map_or_else(Vec::new, |list| list.iter().map(button).collect())
}

fn check_name(button: &Value, bytes: usize, fail: Fail) -> Result<(), Fail> {
    let name = button["name"].as_str().unwrap_or_default();
    if name.is_empty() || name.len() > bytes {
        Err(fail)
    } else {
        Ok(())
    }
}

fn check_action(button: &Value) -> Result<(), Fail> {
    let field = |name: &str| button[name].as_str().unwrap_or_default().len();
    match button["type"].as_str() {
        Some("view") => match field("url") {
            1..=1024 if button["url"].as_str().is_some_and(|url| url.starts_with("http")) => Ok(()),
            1..=1024 => Err(Fail(40055, "invalid button url domain")),
            _ => Err(Fail(40020, "invalid button url size")),
        },
        Some("miniprogram") if field("appid") > 0 && field("pagepath") > 0 && field("url") > 0 => Ok(()),
        Some("media_id" | "article_id" | "article_view_limited" | "view_limited") => Ok(()),
        Some(
            "click" | "scancode_push" | "scancode_waitmsg" | "pic_sysphoto" | "pic_photo_or_album"
            | "pic_weixin" | "location_select",
        ) => match field("key") {
            1..=128 => Ok(()),
            _ => Err(Fail(40019, "invalid button key size")),
        },
        _ => Err(Fail(40017, "invalid button type")),
    }
}
