//! Pushes of the official account: the XML, and the cipher around it.

use std::sync::OnceLock;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha1::{Digest as _, Sha1};
use wechat::{
    Secret, Verified,
    oa::{Callback, CallbackQuery, MessageCrypto, Mode, Push, Refused, Reply},
};

const TOKEN: &str = "AAAAA";
const APPID: &str = "wxba5fad812f8e6fb9";
/// As deep as a push is read.
const MAX_DEPTH: usize = 8;

struct Door {
    plain: Callback,
    safe: Callback,
    crypto: MessageCrypto,
}

fn door() -> &'static Door {
    static DOOR: OnceLock<Door> = OnceLock::new();
    DOOR.get_or_init(|| {
        let token = || Secret::new(TOKEN.to_owned());
        let crypto = MessageCrypto::new(&"A".repeat(43), APPID).expect("43 letters");
        Door {
            plain: Callback::plain(token()),
            safe: Callback::encrypted(token(), Mode::Safe, crypto.clone()),
            crypto,
        }
    })
}

/// The first byte says how the rest comes: as a plain push, well encrypted, as cipher text, or as the envelope itself.
pub(crate) fn push(input: &[u8]) {
    let Some((kind, rest)) = input.split_first() else {
        return;
    };
    match kind % 4 {
        0 => open_plain(rest),
        1 => {
            let encrypted = door().crypto.encrypt(b"0123456789abcdef", rest);
            assert_eq!(door().crypto.decrypt(&encrypted).as_deref(), Ok(rest));
            let plainly = open(&door().plain, rest, "");
            let safely = open_encrypted(&encrypted);
            assert_eq!(plainly, safely, "one push, read in two modes");
        }
        2 => {
            let _ = open_encrypted(&BASE64_STANDARD.encode(rest));
        }
        _ => {
            let _ = open(&door().safe, rest, "");
        }
    }
}

fn open_plain(body: &[u8]) {
    let callback = &door().plain;
    let Ok(push) = open(callback, body, "") else {
        return;
    };
    let text = str::from_utf8(body).expect("what is taken is UTF-8");
    check_shape(text);
    let again = open(callback, body, "").expect("it was taken a moment ago");
    assert_eq!(push.dedup_key(), again.dedup_key());
    let fresh = (1_790_000_000, "nonce", b"0123456789abcdef");
    if let Ok(answer) = callback.answer(&query(""), &push, &Reply::Text("好".to_owned()), fresh) {
        // The answer names the person with the words of the push: it must stay one well-formed document.
        assert!(
            open(callback, answer.as_bytes(), "").is_err_and(|no| matches!(no, Refused::Push(_))),
            "{answer}"
        );
    }
}

/// Whether a plain push is taken.
#[cfg(test)]
pub(crate) fn is_taken(body: &[u8]) -> bool {
    open(&door().plain, body, "").is_ok()
}

fn open_encrypted(encrypted: &str) -> Result<Verified<Push>, Refused> {
    let body = format!("<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>");
    open(&door().safe, body.as_bytes(), encrypted)
}

fn open(callback: &Callback, body: &[u8], encrypted: &str) -> Result<Verified<Push>, Refused> {
    callback.open(&query(encrypted), body)
}

/// The query that WeChat would send, with valid signatures.
fn query(encrypted: &str) -> CallbackQuery {
    let sign = |parts: &[&str]| {
        let mut parts = parts.to_vec();
        parts.sort_unstable();
        let digest = Sha1::digest(parts.concat());
        digest
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let (timestamp, nonce) = ("1714112445", "415670741");
    CallbackQuery {
        signature: sign(&[TOKEN, timestamp, nonce]),
        timestamp: timestamp.to_owned(),
        nonce: nonce.to_owned(),
        echostr: String::new(),
        encrypt_type: if encrypted.is_empty() { "" } else { "aes" }.to_owned(),
        msg_signature: sign(&[TOKEN, timestamp, nonce, encrypted]),
    }
}

/// What was taken holds no document type, no processing instruction, no entity but those of every XML, and is not deep.
fn check_shape(text: &str) {
    let (mut rest, mut depth) = (text, 0usize);
    while let Some(at) = rest.find(['<', '&']) {
        rest = &rest[at..];
        if let Some(inside) = rest.strip_prefix("<![CDATA[") {
            rest = after(inside, "]]>");
        } else if let Some(inside) = rest.strip_prefix("<!--") {
            rest = after(inside, "-->");
        } else if let Some(inside) = rest.strip_prefix("<?") {
            assert!(
                inside.starts_with("xml"),
                "a processing instruction was taken: {text}"
            );
            rest = after(inside, "?>");
        } else if let Some(inside) = rest.strip_prefix('&') {
            let name = inside.split(';').next().unwrap_or_default();
            let known = name.starts_with('#') || ["lt", "gt", "amp", "apos", "quot"].contains(&name);
            assert!(known, "an entity was taken: {text}");
            rest = inside;
        } else {
            assert!(!rest.starts_with("<!"), "a declaration was taken: {text}");
            let tag = rest.split('>').next().unwrap_or_default();
            if tag.starts_with("</") {
                depth -= 1;
            } else if tag.ends_with('/') {
                assert!(depth < MAX_DEPTH, "too deep: {text}");
            } else {
                depth += 1;
                assert!(depth <= MAX_DEPTH, "too deep: {text}");
            }
            rest = after(rest, ">");
        }
    }
}

fn after<'t>(text: &'t str, mark: &str) -> &'t str {
    text.split_once(mark).map_or("", |(_, rest)| rest)
}
