//! What a menu may look like (自定义菜单创建接口).

use serde_json::{Value, json};

use super::super::Fail;
use crate::state::World;

/// The error codes of one level of the menu.
struct Codes {
    kind: Fail,
    name: Fail,
    name_bytes: usize,
    key: Fail,
    url: Fail,
}

const TOP: Codes = Codes {
    kind: Fail(40017, "invalid button type"),
    name: Fail(40018, "invalid button name size"),
    name_bytes: 16,
    key: Fail(40019, "invalid button key size"),
    url: Fail(40020, "invalid button url size"),
};
const BELOW: Codes = Codes {
    kind: Fail(40024, "invalid sub button type"),
    name: Fail(40025, "invalid sub button name size"),
    name_bytes: 60,
    key: Fail(40026, "invalid sub button key size"),
    url: Fail(40027, "invalid sub button url size"),
};

/// The buttons as WeChat gives them back, if they are as it wants them: one to three, each with an action or with one to
/// five buttons below it.
///
/// # Errors
/// The codes 40016 to 40027 and 40055 of the menu; 40007 and 53600 for material and articles that there are not.
pub fn check(world: &World, buttons: &Value) -> Result<Value, Fail> {
    let few = Fail(40016, "invalid button size");
    let buttons = buttons
        .as_array()
        .filter(|list| (1..=3).contains(&list.len()))
        .ok_or(few)?;
    let mut kept = Vec::new();
    for button in buttons {
        check_name(button, &TOP)?;
        let below = button["sub_button"].as_array().filter(|list| !list.is_empty());
        let mut button = button.clone();
        match below {
            Some(list) if list.len() > 5 => return Err(Fail(40023, "invalid sub button size")),
            Some(list) => {
                let mut lower = list.clone();
                for button in &mut lower {
                    check_name(button, &BELOW)?;
                    if button["sub_button"]
                        .as_array()
                        .is_some_and(|list| !list.is_empty())
                    {
                        return Err(Fail(40022, "invalid sub button level"));
                    }
                    check_action(world, button, &BELOW)?;
                    button["sub_button"] = json!([]);
                }
                button = json!({"name": button["name"], "sub_button": lower});
            }
            None => {
                check_action(world, &button, &TOP)?;
                button["sub_button"] = json!([]);
            }
        }
        kept.push(button);
    }
    Ok(Value::Array(kept))
}

/// The addresses to which the buttons lead.
pub fn addresses(buttons: &Value) -> Vec<&str> {
    let mut found = Vec::new();
    for button in buttons.as_array().into_iter().flatten() {
        found.extend(button["url"].as_str());
        found.extend(addresses(&button["sub_button"]));
    }
    found
}

fn check_name(button: &Value, codes: &Codes) -> Result<(), Fail> {
    let name = button["name"].as_str().unwrap_or_default();
    if name.is_empty() || name.len() > codes.name_bytes {
        Err(codes.name)
    } else {
        Ok(())
    }
}

fn check_action(world: &World, button: &Value, codes: &Codes) -> Result<(), Fail> {
    let field = |name: &str| button[name].as_str().unwrap_or_default();
    match button["type"].as_str() {
        Some("view") => check_url(field("url"), codes),
        Some("miniprogram") if !field("appid").is_empty() && !field("pagepath").is_empty() => {
            check_url(field("url"), codes)
        }
        Some("media_id" | "view_limited") => match world.account.media.permanent(field("media_id")) {
            Some(_) => Ok(()),
            None => Err(Fail(40007, "invalid media_id")),
        },
        Some("article_id" | "article_view_limited") => {
            match world.account.press.article(field("article_id")) {
                Some(_) => Ok(()),
                None => Err(Fail(53600, "invalid article_id")),
            }
        }
        Some(
            "click" | "scancode_push" | "scancode_waitmsg" | "pic_sysphoto" | "pic_photo_or_album"
            | "pic_weixin" | "location_select",
        ) => match field("key").len() {
            1..=128 => Ok(()),
            _ => Err(codes.key),
        },
        _ => Err(codes.kind),
    }
}

fn check_url(url: &str, codes: &Codes) -> Result<(), Fail> {
    match url.len() {
        1..=1024 if url.starts_with("http://") || url.starts_with("https://") => Ok(()),
        1..=1024 => Err(Fail(40055, "invalid button url domain")),
        _ => Err(codes.url),
    }
}
