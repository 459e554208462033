//! JS-SDK tickets, and the check of what a page says to `wx.config`.

use std::sync::Arc;

use serde_json::json;

use super::{Answer, Call, Fail, Interface};
use crate::crypto;
use crate::state::{Sandbox, World};

const LIFETIME_S: u32 = 7200;

/// The addresses of this file.
pub const INTERFACES: &[Interface] = &[Interface::get("/cgi-bin/ticket/getticket", get).daily(1_000_000)];

/// One jsapi ticket.
pub struct Ticket {
    value: String,
    issued_ms: i64,
}

/// `GET /cgi-bin/ticket/getticket?type=jsapi`: the same ticket while it lives.
fn get(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    match call.parameter("type") {
        Some("jsapi" | "wx_card") => {}
        _ => return Err(Fail(40097, "invalid args")),
    }
    let clock = &sandbox.clock;
    sandbox.change(|world| {
        world
            .account
            .tickets
            .retain(|ticket| !clock.passed(ticket.issued_ms, LIFETIME_S));
        let old = world
            .account
            .tickets
            .last()
            .map(|t| (t.value.clone(), clock.left(t.issued_ms, LIFETIME_S)));
        let (value, left) = match old {
            Some((value, left)) if left > 300 => (value, left),
            _ => {
                let value = format!("sM4AOVdWfPE4DxkXGEs8V{}", world.word(65));
                world.account.tickets.push(Ticket {
                    value: value.clone(),
                    issued_ms: clock.now_ms(),
                });
                (value, LIFETIME_S)
            }
        };
        Ok(json!({"errcode": 0, "errmsg": "ok", "ticket": value, "expires_in": left}))
    })
}

/// What a page handed to `wx.config`, with the address it stands at.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageSignature {
    /// AppID named by the page.
    #[serde(default)]
    pub app_id: String,
    /// Seconds, as number or string in the page; a string here.
    pub timestamp: String,
    /// The page's nonce.
    pub nonce_str: String,
    /// The page's signature.
    pub signature: String,
    /// Address of the page without its fragment.
    pub url: String,
}

/// Whether `page` may use the JS-SDK.
///
/// # Errors
/// The `errMsg` that WeChat gives to `wx.error`.
pub fn check_page(sandbox: &Sandbox, world: &World, page: &PageSignature) -> Result<(), String> {
    if page.app_id != sandbox.credentials.app_id {
        return Err("config:invalid appId".into());
    }
    if !sandbox
        .config
        .domains
        .iter()
        .any(|domain| Some(domain.as_str()) == host(&page.url))
    {
        return Err(format!(
            "config:invalid url domain ({})",
            host(&page.url).unwrap_or("none")
        ));
    }
    let signed = |ticket: &Ticket| {
        let text = format!(
            "jsapi_ticket={}&noncestr={}&timestamp={}&url={}",
            ticket.value, page.nonce_str, page.timestamp, page.url
        );
        !sandbox.clock.passed(ticket.issued_ms, LIFETIME_S)
            && crypto::sha1_hex(&text).eq_ignore_ascii_case(&page.signature)
    };
    if world.account.tickets.iter().any(signed) {
        Ok(())
    } else {
        Err("config:invalid signature".into())
    }
}

/// The host of an http address, without port.
pub fn host(url: &str) -> Option<&str> {
    let rest = url
        .strip_prefix("http://")
        .or_else(|| url.strip_prefix("https://"))?;
    let authority = rest.split(['/', '?', '#']).next()?;
    if authority.contains('@') {
        return None;
    }
    authority.split(':').next().filter(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_signature_is_reproduced() {
        let text = "jsapi_ticket=sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg\
                    &noncestr=Wm3WZYTPz0wzccnW&timestamp=1414587457&url=http://mp.weixin.qq.com?params=value";
        assert_eq!(crypto::sha1_hex(text), "0f9de62fce790f9a083d5c99e95740ceb90c27ed");
    }

    #[test]
    fn the_host_is_what_stands_before_port_and_path() {
        assert_eq!(host("http://127.0.0.1:8700/a?b"), Some("127.0.0.1"));
        assert_eq!(host("https://example.com?x"), Some("example.com"));
        for wrong in [
            "",
            "ftp://x",
            "http://",
            "http://good@evil/",
            "javascript:alert(1)",
        ] {
            assert_eq!(host(wrong), None, "{wrong}");
        }
    }
}
