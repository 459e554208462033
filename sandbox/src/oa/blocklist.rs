//! People who hear nothing from the account any more (黑名单管理).

use std::sync::Arc;

use super::{Answer, Call, Fail, Interface, NO_SUCH_PERSON, ok, user};
use crate::person::Person;
use crate::state::Sandbox;

/// How many people one call may name.
const BATCH: usize = 20;

/// The addresses of this file.
pub const INTERFACES: &[Interface] = &[
    Interface::post("/cgi-bin/tags/members/getblacklist", list).daily(1000),
    Interface::post("/cgi-bin/tags/members/batchblacklist", block).daily(1000),
    Interface::post("/cgi-bin/tags/members/batchunblacklist", unblock).daily(1000),
];

/// The refusal of a message to somebody on the list.
pub const BLOCKED: Fail = Fail(43019, "require remove blacklist");

/// `POST /cgi-bin/tags/members/getblacklist`.
fn list(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    sandbox.look(|world| {
        let mut people: Vec<&Person> = world.people.iter().collect();
        people.retain(|person| person.blocked);
        user::page(&people, call.text("begin_openid"), true)
    })
}

/// `POST /cgi-bin/tags/members/batchblacklist`.
fn block(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    set(sandbox, call, true)
}

/// `POST /cgi-bin/tags/members/batchunblacklist`.
fn unblock(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    set(sandbox, call, false)
}

fn set(sandbox: &Sandbox, call: &Call, blocked: bool) -> Answer {
    let openids = call
        .texts("openid_list")
        .ok_or(Fail(40031, "invalid openid list"))?;
    if openids.is_empty() || openids.len() > BATCH {
        return Err(Fail(40032, "invalid openid list size"));
    }
    sandbox.change(|world| {
        for openid in &openids {
            world.person_by_openid(openid).ok_or(NO_SUCH_PERSON)?;
        }
        for person in &mut world.people {
            if openids.contains(&person.openid.as_str()) {
                person.blocked = blocked;
            }
        }
        Ok(ok())
    })
}
