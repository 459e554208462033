//! Passive replies (被动回复消息): opened, checked and put into the chat.

use super::Mode;
use crate::crypto;
use crate::message::{Author, Body, Thread};
use crate::oa::content;
use crate::state::Sandbox;
use crate::xml::Element;

/// Puts a reply into the chat of `person`; the reply to an event that belongs to nobody only has to be one. `false` when it
/// is none that WeChat would accept.
pub fn take(sandbox: &Sandbox, person: Option<&str>, openid: &str, reply: &str) -> bool {
    match open(sandbox, openid, reply) {
        Ok(body) => {
            if let Some((person, body)) = person.zip(body) {
                let now = sandbox.clock.now_ms();
                sandbox.change(|world| world.say(person, Thread::Account, Author::Account, now, body));
            }
            true
        }
        Err(problem) => {
            tracing::warn!(problem, "sandbox: passive reply refused");
            false
        }
    }
}

fn open(sandbox: &Sandbox, openid: &str, reply: &str) -> Result<Option<Body>, &'static str> {
    let outer = Element::parse(reply).ok_or("not XML")?;
    let mode = sandbox.look(|world| world.account.push_mode);
    let clear = outer.child("Encrypt").is_none();
    if clear && mode == Mode::Safe {
        return Err("the reply is not encrypted");
    }
    if !clear && mode == Mode::Plain {
        return Err("the reply is encrypted, and the account expects clear text");
    }
    if clear {
        return read(sandbox, openid, &outer);
    }
    let inner = decrypt(sandbox, &outer)?;
    if matches!(inner.trim(), "" | "success") {
        return Ok(None);
    }
    let message = Element::parse(&inner).ok_or("decrypted reply is not XML")?;
    read(sandbox, openid, &message)
}

fn decrypt(sandbox: &Sandbox, outer: &Element) -> Result<String, &'static str> {
    let field = |name: &'static str| {
        outer
            .text_of(name)
            .ok_or("a field of the encrypted reply is missing")
    };
    let encrypted = field("Encrypt")?;
    let token = &sandbox.credentials.callback_token;
    let expected = crypto::push_signature(&[token, field("TimeStamp")?, field("Nonce")?, encrypted]);
    if field("MsgSignature")? != expected {
        return Err("MsgSignature is wrong");
    }
    sandbox.cipher.decrypt(encrypted)
}

fn read(sandbox: &Sandbox, openid: &str, message: &Element) -> Result<Option<Body>, &'static str> {
    if message.text_of("ToUserName") != Some(openid) {
        return Err("reply is addressed to somebody else");
    }
    if message.text_of("MsgType") == Some("transfer_customer_service") {
        return Ok(None);
    }
    sandbox
        .look(|world| content::reply(sandbox, world, message))
        .map(Some)
}
