//! Menus for some people only (个性化菜单). Only tags decide: conditions about a person's privacy are refused.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};

use super::super::call::number;
use super::super::ticket::host;
use super::super::{Answer, Call, Fail, Interface, ok};
use super::button;
use crate::state::Sandbox;

/// To how many domains all these menus together may lead.
const DOMAINS: usize = 3;
/// What may not be asked any more.
const PRIVATE: [&str; 5] = ["sex", "country", "province", "city", "language"];

/// The addresses of this file.
pub const INTERFACES: &[Interface] = &[
    Interface::post("/cgi-bin/menu/addconditional", add).daily(2000),
    Interface::post("/cgi-bin/menu/delconditional", delete).daily(2000),
    Interface::post("/cgi-bin/menu/trymatch", try_match).daily(20_000),
];

/// A menu for the people with a tag.
#[derive(Serialize)]
pub struct Rule {
    /// Its number.
    pub id: u32,
    /// Whom it is for.
    pub tag: u32,
    /// The buttons.
    pub buttons: Value,
}

impl Rule {
    /// As `/cgi-bin/menu/get` tells it.
    pub fn described(&self) -> Value {
        json!({"button": self.buttons, "matchrule": {"tag_id": self.tag.to_string()}, "menuid": self.id})
    }
}

/// `POST /cgi-bin/menu/addconditional`.
fn add(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let asked = &call.body["matchrule"];
    let set = |name: &str| match &asked[name] {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        _ => true,
    };
    if PRIVATE.iter().any(|name| set(name)) {
        return Err(Fail(65320, "matchrule with private information is not supported"));
    }
    if !set("tag_id") {
        return Err(Fail(65304, "match rule empty"));
    }
    let unknown = Fail(45159, "invalid tag id");
    let tag = number(&asked["tag_id"])
        .and_then(|id| u32::try_from(id).ok())
        .ok_or(unknown)?;
    sandbox.change(|world| {
        if world.account.menu.default.is_none() {
            return Err(Fail(65303, "there is no selfmenu, please create selfmenu first"));
        }
        if !world.account.tags.has(tag) {
            return Err(unknown);
        }
        let buttons = button::check(world, &call.body["button"])?;
        let menus = &world.account.menu;
        let all = menus.rules.iter().map(|rule| &rule.buttons).chain([&buttons]);
        let domains: BTreeSet<&str> = all.flat_map(button::addresses).filter_map(host).collect();
        if domains.len() > DOMAINS {
            return Err(Fail(65316, "too many domains in conditional menus"));
        }
        let id: u32 = format!("2{}", world.digits(8)).parse().expect("nine digits");
        world.account.menu.rules.push(Rule { id, tag, buttons });
        Ok(json!({"menuid": id.to_string()}))
    })
}

/// `POST /cgi-bin/menu/delconditional`.
fn delete(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let id = call.number("menuid");
    sandbox.change(|world| {
        let rules = &mut world.account.menu.rules;
        let at = rules.iter().position(|rule| Some(i64::from(rule.id)) == id);
        rules.remove(at.ok_or(Fail(65301, "this menuid is not exist"))?);
        Ok(ok())
    })
}

/// `POST /cgi-bin/menu/trymatch`: the menu that a person sees.
fn try_match(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let openid = call.text("user_id").unwrap_or_default();
    sandbox.look(|world| {
        let person = world.people.iter().find(|person| person.openid == openid);
        let person = person.ok_or(Fail(65302, "there is no such user"))?;
        if world.account.menu.default.is_none() {
            return Err(Fail(46003, "menu no exist"));
        }
        Ok(json!({"button": world.account.menu.of(person).1}))
    })
}
