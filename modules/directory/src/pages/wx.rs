//! What WeChat's JS-SDK needs on a page.

use serde_json::{Value, json};
use web::{
    Ask,
    ui::{Page, wechat},
};

use crate::Index;

/// What a page gives to `wechat.js`.
pub(super) struct Sdk {
    address: Option<String>,
    block: Value,
}

/// How a page looks when it is shared.
pub(super) struct Share<'a> {
    pub title: &'a str,
    pub words: &'a str,
    pub picture: &'a str,
}

/// Asks WeChat for the page's signature. When WeChat does not answer the page works without it.
pub(super) async fn prepare(ask: &Ask, share: Option<Share<'_>>) -> Sdk {
    let settings = &ask.app.settings;
    let mut block = json!({ "words": wechat::words(ask.tr()) });
    let index = ask.app.plug::<Index>();
    let now = ask.cx.now();
    let known = ask.app.plug_maybe::<identity::WeChat>().is_some();
    if settings.jssdk_url.is_empty() || !known || !index.wechat_answers(now) {
        return Sdk { address: None, block };
    }
    let url = format!("{}{}", settings.base_url, ask.address());
    if let Some(share) = share {
        block["share"] = json!({
            "title": share.title,
            "desc": share.words,
            "link": url,
            "imgUrl": format!("{}{}", settings.base_url, share.picture),
        });
    }
    let at_hand = ask
        .app
        .plug::<identity::WeChat>()
        .page_config_at_hand(&ask.cx, &url);
    let config = match at_hand {
        Some(config) => Ok(config),
        // A thread that may wait is spent only where WeChat has to be asked: once in two hours.
        None => {
            ask.blocking(move |app, cx| app.plug::<identity::WeChat>().page_config(cx, &url))
                .await
        }
    };
    match config {
        Ok(config) => {
            block["config"] = config;
            Sdk {
                address: Some(settings.jssdk_url.clone()),
                block,
            }
        }
        Err(error) => {
            tracing::warn!("no signature for a page: {error}");
            index.wechat_is_away(now);
            Sdk { address: None, block }
        }
    }
}

impl Sdk {
    /// Adds scripts and data to a page.
    pub fn on<'p>(&self, page: Page<'p>) -> Page<'p> {
        let page = match &self.address {
            Some(address) => page.script_src(address),
            None => page,
        };
        page.script("js/wechat.js").data("wx", &self.block)
    }
}
