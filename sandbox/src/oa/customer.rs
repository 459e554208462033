//! Customer-service messages (客服消息) with their windows.

use std::sync::Arc;

use super::{Answer, Call, Fail, Interface, NO_SUCH_PERSON, blocklist, content, ok};
use crate::message::{Author, Thread};
use crate::person::Silence;
use crate::state::Sandbox;

/// How long "typing" is shown, in milliseconds, and how recent the talk must be.
const TYPING_MS: i64 = 15_000;
const TALK_MS: i64 = 30_000;

const CLOSED: Fail = Fail(45015, "response out of time limit or subscription is canceled");

/// The addresses of this file.
pub const INTERFACES: &[Interface] = &[
    Interface::post("/cgi-bin/message/custom/send", send).daily(500_000),
    Interface::post("/cgi-bin/message/custom/typing", typing).daily(500_000),
];

/// `POST /cgi-bin/message/custom/send`.
fn send(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let openid = call.text("touser").ok_or(NO_SUCH_PERSON)?;
    if !call.body["customservice"].is_null() {
        // The account has no staff of its own: it answers through the program.
        return Err(Fail(65401, "invalid custom service account"));
    }
    sandbox.change(|world| {
        let body = content::customer_service(sandbox, world, &call.body)?;
        let now_ms = sandbox.clock.now_ms();
        let person = world.person_by_openid(openid).ok_or(NO_SUCH_PERSON)?;
        if person.blocked {
            return Err(blocklist::BLOCKED);
        }
        if person.refuses {
            return Err(Fail(48002, "api forbidden: the user refuses messages"));
        }
        person
            .spend_message(&sandbox.clock)
            .map_err(|silence| match silence {
                Silence::WindowClosed => CLOSED,
                Silence::UsedUp => Fail(45047, "out of response count limit"),
            })?;
        person.typing_until_ms = 0;
        person.talked_ms = now_ms;
        let id = person.id.clone();
        world.say(&id, Thread::Account, Author::Account, now_ms, body);
        Ok(ok())
    })
}

/// `POST /cgi-bin/message/custom/typing`: shows for 15 seconds that somebody writes (客服输入状态).
fn typing(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let openid = call.text("touser").ok_or(NO_SUCH_PERSON)?;
    let begins = match call.text("command") {
        Some("Typing") => true,
        Some("CancelTyping") => false,
        _ => return Err(Fail(45072, "invalid command")),
    };
    let now_ms = sandbox.clock.now_ms();
    sandbox.change(|world| {
        let person = world.person_by_openid(openid).ok_or(NO_SUCH_PERSON)?;
        if !begins {
            person.typing_until_ms = 0;
            return Ok(ok());
        }
        if !person.may_hear(&sandbox.clock) {
            return Err(CLOSED);
        }
        if now_ms - person.talked_ms > TALK_MS {
            return Err(Fail(45080, "need sending message to user before typing"));
        }
        if person.typing_until_ms > now_ms {
            return Err(Fail(45081, "user is already in typing"));
        }
        person.typing_until_ms = now_ms + TYPING_MS;
        Ok(ok())
    })
}
