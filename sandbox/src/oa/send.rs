//! Customer-service messages (客服消息) with their windows.

use std::sync::Arc;

use super::{Answer, Call, Fail, ok};
use crate::message::{Author, Body, Thread};
use crate::person::Silence;
use crate::state::Sandbox;

/// `POST /cgi-bin/message/custom/send`.
pub fn customer_service(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let openid = call.text("touser").ok_or(Fail(40003, "invalid openid"))?;
    if call.text("msgtype").is_none() {
        return Err(Fail(40008, "invalid message type"));
    }
    let body = Body::from_customer_service(&call.body).ok_or(Fail(47003, "argument invalid!"))?;
    if let Body::Text { text } = &body {
        match text.len() {
            0 => return Err(Fail(44004, "empty content")),
            1..=2048 => {}
            _ => return Err(Fail(45002, "content size out of limit")),
        }
    }
    sandbox.change(|world| {
        let person = world
            .person_by_openid(openid)
            .ok_or(Fail(40003, "invalid openid"))?;
        person
            .spend_message(&sandbox.clock)
            .map_err(|silence| match silence {
                Silence::WindowClosed => {
                    Fail(45015, "response out of time limit or subscription is canceled")
                }
                Silence::UsedUp => Fail(45047, "out of response count limit"),
            })?;
        let id = person.id.clone();
        world.say(
            &id,
            Thread::Account,
            Author::Account,
            sandbox.clock.now_ms(),
            body,
        );
        Ok(ok())
    })
}
