//! Long texts behind short keys (短key托管), the successor of short links.

use std::sync::Arc;

use serde_json::json;

use super::{Answer, Call, Fail, Interface, ok};
use crate::state::Sandbox;

/// The longest text, in bytes.
const LONGEST: usize = 4096;
/// The longest life, in seconds, and the one meant when none is named.
const LONGEST_S: u32 = 2_592_000;

/// The addresses of this file.
pub const INTERFACES: &[Interface] = &[
    Interface::post("/cgi-bin/shorten/gen", generate),
    Interface::post("/cgi-bin/shorten/fetch", fetch),
];

/// A text that is kept.
pub struct Kept {
    text: String,
    since_ms: i64,
    seconds: u32,
}

/// `POST /cgi-bin/shorten/gen`: a key of 15 letters and digits.
fn generate(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    if call.body.is_null() {
        return Err(Fail(44002, "empty post data"));
    }
    let text = call
        .text("long_data")
        .ok_or(Fail(47003, "argument invalid! long_data"))?;
    if text.len() > LONGEST {
        return Err(Fail(9_410_010, "long_data exceeds the limit"));
    }
    let seconds = match call.number("expire_seconds") {
        None if call.body["expire_seconds"].is_null() => Some(LONGEST_S),
        seconds => seconds.and_then(|seconds| u32::try_from(seconds).ok()),
    };
    let seconds = seconds
        .filter(|seconds| (1..=LONGEST_S).contains(seconds))
        .ok_or(Fail(9_410_011, "expire_seconds exceeds the limit"))?;
    let kept = Kept {
        text: text.to_owned(),
        since_ms: sandbox.clock.now_ms(),
        seconds,
    };
    let key = sandbox.change(|world| {
        let key = world.word(15);
        world.account.short_keys.insert(key.clone(), kept);
        key
    });
    Ok(json!({"errcode": 0, "errmsg": "ok", "short_key": key}))
}

/// `POST /cgi-bin/shorten/fetch`.
fn fetch(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    if call.body.is_null() {
        return Err(Fail(44002, "empty post data"));
    }
    let key = call.text("short_key").unwrap_or_default();
    sandbox.look(|world| {
        let kept = world.account.short_keys.get(key);
        let kept = kept
            .filter(|kept| !sandbox.clock.passed(kept.since_ms, kept.seconds))
            .ok_or(Fail(9_410_012, "short_key not exist or expired"))?;
        let mut answer = ok();
        answer["long_data"] = kept.text.clone().into();
        answer["create_time"] = (kept.since_ms / 1000).into();
        answer["expire_seconds"] = sandbox.clock.left(kept.since_ms, kept.seconds).into();
        Ok(answer)
    })
}
