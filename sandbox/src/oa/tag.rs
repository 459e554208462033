//! Tags of people (用户标签管理).

use std::sync::Arc;

use serde_json::{Value, json};

use super::call::number;
use super::{Answer, Call, Fail, Interface, NO_SUCH_PERSON, ok, user};
use crate::person::Person;
use crate::state::{Sandbox, World};

/// How many tags an account may have.
const TAGS: usize = 100;
/// How many tags a person may carry.
const TAGS_OF_A_PERSON: usize = 20;
/// How many people one call may tag.
const BATCH: usize = 50;
/// Longest name, in bytes: the document speaks of 30 characters, its error code of 30 bytes.
const NAME: usize = 30;
/// The first number an account's own tag gets.
const FIRST: u32 = 100;

const UNKNOWN: Fail = Fail(45159, "invalid tag id");
const RESERVED: Fail = Fail(45058, "can't modify sys tag");

/// The addresses of this file.
pub const INTERFACES: &[Interface] = &[
    Interface::post("/cgi-bin/tags/create", create).daily(1000),
    Interface::get("/cgi-bin/tags/get", list).daily(1000),
    Interface::post("/cgi-bin/tags/update", update).daily(1000),
    Interface::post("/cgi-bin/tags/delete", delete).daily(1000),
    Interface::either("/cgi-bin/user/tag/get", people).daily(1000),
    Interface::post("/cgi-bin/tags/members/batchtagging", put_on),
    Interface::post("/cgi-bin/tags/members/batchuntagging", take_off),
    Interface::post("/cgi-bin/tags/getidlist", of_person).daily(500_000),
];

/// The tags of the account. 2 (星标组) is WeChat's own.
pub struct Tags {
    known: Vec<(u32, String)>,
    next: u32,
}

impl Default for Tags {
    fn default() -> Self {
        Self {
            known: vec![(2, "星标组".into())],
            next: FIRST,
        }
    }
}

impl Tags {
    /// Whether there is such a tag.
    pub fn has(&self, id: u32) -> bool {
        self.known.iter().any(|(known, _)| *known == id)
    }

    fn check_name(&self, name: &str, own: Option<u32>) -> Result<(), Fail> {
        if name.len() > NAME {
            return Err(Fail(45158, "tag name too long"));
        }
        let taken = |(id, known): &(u32, String)| known == name && Some(*id) != own;
        if name.trim().is_empty() || self.known.iter().any(taken) {
            return Err(Fail(45157, "invalid tag name"));
        }
        Ok(())
    }
}

fn id_of(value: &Value) -> Result<u32, Fail> {
    number(value).and_then(|id| u32::try_from(id).ok()).ok_or(UNKNOWN)
}

/// `POST /cgi-bin/tags/create`.
fn create(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let name = call.body["tag"]["name"].as_str().unwrap_or_default();
    sandbox.change(|world| {
        let tags = &mut world.account.tags;
        tags.check_name(name, None)?;
        if tags.known.iter().filter(|(id, _)| *id >= FIRST).count() >= TAGS {
            return Err(Fail(45056, "too many tag now, no need to add new"));
        }
        let id = tags.next;
        tags.next += 1;
        tags.known.push((id, name.to_owned()));
        Ok(json!({"tag": {"id": id, "name": name}}))
    })
}

/// `GET /cgi-bin/tags/get`.
fn list(sandbox: &Arc<Sandbox>, _call: &Call) -> Answer {
    sandbox.look(|world| {
        let entry = |(id, name): &(u32, String)| {
            let count = world
                .people
                .iter()
                .filter(|person| person.tags.contains(id))
                .count();
            json!({"id": id, "name": name, "count": count})
        };
        let tags: Vec<Value> = world.account.tags.known.iter().map(entry).collect();
        Ok(json!({"tags": tags}))
    })
}

/// `POST /cgi-bin/tags/update`.
fn update(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let id = id_of(&call.body["tag"]["id"])?;
    let name = call.body["tag"]["name"].as_str().unwrap_or_default();
    sandbox.change(|world| {
        let tags = &mut world.account.tags;
        if id < 3 {
            return Err(RESERVED);
        }
        tags.check_name(name, Some(id))?;
        let tag = tags.known.iter_mut().find(|(known, _)| *known == id);
        name.clone_into(&mut tag.ok_or(UNKNOWN)?.1);
        Ok(ok())
    })
}

/// `POST /cgi-bin/tags/delete`: everybody loses it.
fn delete(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let id = id_of(&call.body["tag"]["id"])?;
    sandbox.change(|world| {
        if id < 3 {
            return Err(RESERVED);
        }
        if !world.account.tags.has(id) {
            return Err(UNKNOWN);
        }
        world.account.tags.known.retain(|(known, _)| *known != id);
        for person in &mut world.people {
            person.tags.retain(|tag| *tag != id);
        }
        Ok(ok())
    })
}

/// `/cgi-bin/user/tag/get`: who carries a tag.
fn people(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let id = id_of(&call.body["tagid"])?;
    sandbox.look(|world| {
        if !world.account.tags.has(id) {
            return Err(UNKNOWN);
        }
        let mut people: Vec<&Person> = world.people.iter().collect();
        people.retain(|person| person.tags.contains(&id));
        user::page(&people, call.text("next_openid"), false)
    })
}

/// `POST /cgi-bin/tags/members/batchtagging`: all of them or none.
fn put_on(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    for_all(sandbox, call, |world, openids, id| {
        let full = |person: &Person| person.tags.len() >= TAGS_OF_A_PERSON && !person.tags.contains(&id);
        let meant = |person: &&mut Person| openids.contains(&person.openid.as_str());
        if world.people.iter_mut().filter(meant).any(|person| full(person)) {
            return Err(Fail(45059, "can't add more tag to somebody"));
        }
        for person in world.people.iter_mut().filter(meant) {
            person.tags.retain(|tag| *tag != id);
            person.tags.push(id);
        }
        Ok(ok())
    })
}

/// `POST /cgi-bin/tags/members/batchuntagging`.
fn take_off(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    for_all(sandbox, call, |world, openids, id| {
        for person in &mut world.people {
            if openids.contains(&person.openid.as_str()) {
                person.tags.retain(|tag| *tag != id);
            }
        }
        Ok(ok())
    })
}

fn for_all(sandbox: &Sandbox, call: &Call, then: impl FnOnce(&mut World, &[&str], u32) -> Answer) -> Answer {
    let openids = call
        .texts("openid_list")
        .ok_or(Fail(40031, "invalid openid list"))?;
    if openids.is_empty() || openids.len() > BATCH {
        return Err(Fail(40032, "invalid openid list size"));
    }
    let id = id_of(&call.body["tagid"])?;
    sandbox.change(|world| {
        if !world.account.tags.has(id) {
            return Err(UNKNOWN);
        }
        for openid in &openids {
            let person = world.person_by_openid(openid).ok_or(NO_SUCH_PERSON)?;
            if person.following_since_ms.is_none() {
                return Err(Fail(49003, "not a follower of this account"));
            }
        }
        then(world, &openids, id)
    })
}

/// `POST /cgi-bin/tags/getidlist`: the tags of one person.
fn of_person(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let openid = call.text("openid").ok_or(NO_SUCH_PERSON)?;
    sandbox.change(|world| {
        let person = world.person_by_openid(openid).ok_or(NO_SUCH_PERSON)?;
        Ok(json!({"tagid_list": person.tags}))
    })
}
