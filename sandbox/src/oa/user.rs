//! What the account may know of people.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Answer, Call, Fail, Interface, NO_SUCH_PERSON, ok};
use crate::person::Person;
use crate::state::{Sandbox, World};

/// How many OpenIDs one page holds.
pub const PAGE: usize = 10_000;
/// How many people may be asked for at once.
const BATCH: usize = 100;
/// Longest remark, in characters.
const REMARK: usize = 30;

/// The addresses of this file.
pub const INTERFACES: &[Interface] = &[
    Interface::get("/cgi-bin/user/info", info).daily(5_000_000),
    Interface::post("/cgi-bin/user/info/batchget", batch).daily(500_000),
    Interface::post("/cgi-bin/user/info/updateremark", remark).daily(10_000),
    Interface::get("/cgi-bin/user/get", followers).daily(500),
];

/// `GET /cgi-bin/user/info`. Nickname and picture are empty since the end of 2021.
fn info(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let openid = call.parameter("openid").ok_or(NO_SUCH_PERSON)?;
    sandbox.look(|world| person(world, openid).map(described))
}

/// `POST /cgi-bin/user/info/batchget`.
fn batch(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let list = call.body["user_list"]
        .as_array()
        .ok_or(Fail(40031, "invalid openid list"))?;
    if list.is_empty() || list.len() > BATCH {
        return Err(Fail(40032, "invalid openid list size"));
    }
    sandbox.look(|world| {
        let one = |asked: &Value| person(world, asked["openid"].as_str().unwrap_or_default()).map(described);
        let people: Result<Vec<Value>, Fail> = list.iter().map(one).collect();
        Ok(json!({"user_info_list": people?}))
    })
}

/// `POST /cgi-bin/user/info/updateremark`.
fn remark(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let openid = call.text("openid").ok_or(NO_SUCH_PERSON)?;
    let remark = call.body["remark"]
        .as_str()
        .filter(|remark| remark.chars().count() <= REMARK)
        .ok_or(Fail(40035, "invalid remark"))?;
    sandbox.change(|world| {
        let person = world.person_by_openid(openid).ok_or(NO_SUCH_PERSON)?;
        if person.following_since_ms.is_none() {
            return Err(Fail(43004, "require subscribe"));
        }
        remark.clone_into(&mut person.remark);
        Ok(ok())
    })
}

/// `GET /cgi-bin/user/get?next_openid=…`: the followers behind that one, in the order in which they came.
fn followers(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    sandbox.look(|world| {
        let mut people: Vec<&Person> = world.people.iter().collect();
        people.retain(|person| person.following_since_ms.is_some());
        people.sort_by_key(|person| person.following_since_ms);
        page(&people, call.parameter("next_openid"), true)
    })
}

/// One page of `people`, those behind the OpenID `after`. Only the list of followers tells the number of all.
///
/// # Errors
/// 40003 when `after` is not among them.
pub fn page(people: &[&Person], after: Option<&str>, total: bool) -> Answer {
    let start = match after {
        None => 0,
        Some(after) => {
            let at = people.iter().position(|person| person.openid == after);
            at.ok_or(NO_SUCH_PERSON)? + 1
        }
    };
    let shown = people[start..].iter().take(PAGE);
    let openids: Vec<&str> = shown.map(|person| person.openid.as_str()).collect();
    let mut answer = json!({"count": openids.len(), "next_openid": openids.last().unwrap_or(&"")});
    if total {
        answer["total"] = people.len().into();
    }
    // An empty page has no list at all.
    if !openids.is_empty() {
        answer["data"] = json!({"openid": openids});
    }
    Ok(answer)
}

fn person<'a>(world: &'a World, openid: &str) -> Result<&'a Person, Fail> {
    let found = world.people.iter().find(|person| person.openid == openid);
    found.ok_or(NO_SUCH_PERSON)
}

fn described(person: &Person) -> Value {
    let Some(since_ms) = person.following_since_ms else {
        return json!({"subscribe": 0, "openid": person.openid, "unionid": person.unionid});
    };
    let by_code = !person.scene.is_empty();
    json!({
        "subscribe": 1, "openid": person.openid, "nickname": "", "sex": 0, "language": "zh_CN", "city": "",
        "province": "", "country": "", "headimgurl": "", "subscribe_time": since_ms / 1000,
        "unionid": person.unionid, "remark": person.remark, "groupid": person.tags.first().unwrap_or(&0),
        "tagid_list": person.tags,
        "subscribe_scene": if by_code { "ADD_SCENE_QR_CODE" } else { "ADD_SCENE_SEARCH" },
        "qr_scene": person.scene.parse::<u32>().unwrap_or(0), "qr_scene_str": person.scene,
    })
}
