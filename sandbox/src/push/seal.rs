//! The three ways to write a push: clear, both, encrypted; and the check of the program's address.

use std::sync::Arc;

use super::delivery::exchange;
use super::{ACCOUNT_ID, Mode};
use crate::crypto;
use crate::state::Sandbox;
use crate::xml::{self, Field};

/// Address and body of a push, by the mode that is set.
pub fn seal(sandbox: &Sandbox, openid: &str, fields: &[(&str, Field)]) -> (String, String) {
    let (timestamp, nonce) = stamp(sandbox);
    let token = &sandbox.credentials.callback_token;
    let signature = crypto::push_signature(&[token, &timestamp, &nonce]);
    let mut query = format!("signature={signature}&timestamp={timestamp}&nonce={nonce}&openid={openid}");
    let mode = sandbox.look(|world| world.account.push_mode);
    if mode == Mode::Plain {
        return (
            with_query(&sandbox.config.callback, &query),
            xml::document(fields),
        );
    }
    let random: [u8; 16] = sandbox
        .change(|world| world.word(16))
        .into_bytes()
        .try_into()
        .expect("16 digits");
    let encrypted = sandbox.cipher.encrypt(&random, &xml::document(fields));
    let msg_signature = crypto::push_signature(&[token, &timestamp, &nonce, &encrypted]);
    query.push_str(&format!("&encrypt_type=aes&msg_signature={msg_signature}"));
    let encrypted = ("Encrypt", Field::Words(encrypted));
    let body = if mode == Mode::Compatible {
        let both: Vec<_> = fields.iter().cloned().chain([encrypted]).collect();
        xml::document(&both)
    } else {
        xml::document(&[("ToUserName", Field::words(ACCOUNT_ID)), encrypted])
    };
    (with_query(&sandbox.config.callback, &query), body)
}

/// The check that WeChat makes when a server address is saved: whether the program returns `echostr`.
///
/// # Errors
/// What the program answered instead.
pub async fn verify_address(sandbox: &Arc<Sandbox>) -> Result<(), String> {
    let (timestamp, nonce) = stamp(sandbox);
    let echo = sandbox.change(|world| world.digits(19));
    let token = &sandbox.credentials.callback_token;
    let signature = crypto::push_signature(&[token, &timestamp, &nonce]);
    let query = format!("signature={signature}&echostr={echo}&timestamp={timestamp}&nonce={nonce}");
    let url = with_query(&sandbox.config.callback, &query);
    let (status, answer) = exchange(sandbox, url, None, "server address check").await?;
    // Byte for byte: a line break behind it is another answer.
    if status == 200 && answer == echo {
        Ok(())
    } else {
        Err(format!("{status} {answer}"))
    }
}

fn stamp(sandbox: &Sandbox) -> (String, String) {
    (
        sandbox.clock.now_s().to_string(),
        sandbox.change(|world| world.digits(10)),
    )
}

fn with_query(url: &str, query: &str) -> String {
    format!("{url}{}{query}", if url.contains('?') { '&' } else { '?' })
}
