//! Template messages (模板消息).

use std::sync::Arc;

use serde_json::json;

use super::template_library::library;
use super::template_value::fill;
use super::{Answer, Call, Fail, Interface, NO_SUCH_PERSON, blocklist};
use crate::fault::Kind;
use crate::message::{Author, Body, Thread};
use crate::push;
use crate::state::Sandbox;
use crate::xml::Field;

/// For how long the same `client_msg_id` sends nothing more to the same person, in seconds.
const DEDUPLICATED_S: u32 = 600;

/// The addresses of this file.
pub const INTERFACES: &[Interface] =
    &[Interface::post("/cgi-bin/message/template/send", send).daily(100_000)];

/// `POST /cgi-bin/message/template/send`. The outcome follows as the event TEMPLATESENDJOBFINISH.
fn send(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let openid = call.text("touser").ok_or(NO_SUCH_PERSON)?;
    let wanted = call
        .text("template_id")
        .ok_or(Fail(40037, "invalid template_id"))?;
    let repeated = call
        .text("client_msg_id")
        .map(|id| (openid.to_owned(), id.to_owned()));
    let now_ms = sandbox.clock.now_ms();
    let (outcome, msgid) = sandbox.change(|world| {
        let template = library(sandbox, world)
            .into_iter()
            .find(|template| template.template_id == wanted)
            .ok_or(Fail(40037, "invalid template_id"))?;
        let person = world.person_by_openid(openid).ok_or(NO_SUCH_PERSON)?;
        if person.following_since_ms.is_none() {
            return Err(Fail(43004, "require subscribe"));
        }
        if person.blocked {
            return Err(blocklist::BLOCKED);
        }
        let (person, refuses) = (person.id.clone(), person.refuses);
        let rows = fill(&template.keys, &call.body["data"])?;
        let sent = &world.account.templates.sent;
        if let Some(&(msgid, at)) = repeated.as_ref().and_then(|key| sent.get(key))
            && !sandbox.clock.passed(at, DEDUPLICATED_S)
        {
            return Ok((None, msgid));
        }
        let msgid = format!("4{}", world.digits(17));
        let msgid: i64 = msgid.parse().expect("eighteen digits fit an i64");
        if let Some(key) = repeated {
            world.account.templates.sent.insert(key, (msgid, now_ms));
        }
        let status = if world.faults.take(Kind::TemplateFailed).is_some() {
            "failed: system failed"
        } else if refuses {
            "failed:user block"
        } else {
            let card = Body::Card {
                title: template.title,
                rows,
                url: call.text("url").unwrap_or_default().to_owned(),
            };
            world.say(&person, Thread::Account, Author::Account, now_ms, card);
            "success"
        };
        Ok((Some((person, status)), msgid))
    })?;
    if let Some((person, status)) = outcome {
        let fields = vec![("MsgID", Field::number(msgid)), ("Status", Field::words(status))];
        push::announce_of(sandbox, &person, "TEMPLATESENDJOBFINISH", fields);
    }
    Ok(json!({"errcode": 0, "errmsg": "ok", "msgid": msgid}))
}
