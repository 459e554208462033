//! The official account: `api.weixin.qq.com` and `open.weixin.qq.com`.

pub mod article;
mod authorize;
pub mod blocklist;
mod call;
pub mod content;
mod customer;
pub mod draft;
pub mod mass;
pub mod material;
pub mod media;
pub mod menu;
pub mod oauth;
pub mod publish;
pub mod qrcode;
pub mod quota;
mod server;
mod shorten;
pub mod subscription;
mod tag;
mod template;
mod template_library;
mod template_value;
pub mod ticket;
pub mod token;
mod upload;
mod user;

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::routing::any;
use axum::{Router, middleware};
use serde_json::{Value, json};

use crate::push;
use crate::state::Sandbox;
use crate::traffic;

pub use call::{Call, Interface};
pub use qrcode::Scene;

/// What the account's API remembers.
#[derive(Default)]
pub struct AccountState {
    /// Tokens given out, of both interfaces.
    pub tokens: token::Tokens,
    /// The JS-SDK tickets.
    pub tickets: Vec<ticket::Ticket>,
    /// OAuth codes and what became of them.
    pub codes: HashMap<String, oauth::Code>,
    /// OAuth access tokens.
    pub user_tokens: HashMap<String, oauth::UserToken>,
    /// The menu and its variants.
    pub menu: menu::Menus,
    /// QR codes.
    pub scenes: Vec<Scene>,
    /// Tags of people.
    pub tags: tag::Tags,
    /// Templates of template messages.
    pub templates: template_library::Templates,
    /// Templates of subscription notices.
    pub notices: subscription::Notices,
    /// Temporary and permanent material.
    pub media: media::Shelf,
    /// Drafts of articles.
    pub drafts: Vec<draft::Draft>,
    /// Published articles and the jobs that publish them.
    pub press: publish::Press,
    /// Messages to many.
    pub mass: mass::Mass,
    /// Long texts behind short keys.
    pub short_keys: HashMap<String, shorten::Kept>,
    /// How often each interface was called.
    pub quota: quota::Quota,
    /// How the message push is encrypted.
    pub push_mode: push::Mode,
}

/// Every address of the API that answers JSON.
pub fn interfaces() -> impl Iterator<Item = &'static Interface> {
    let nouns: [&[Interface]; 21] = [
        token::INTERFACES,
        ticket::INTERFACES,
        server::INTERFACES,
        quota::INTERFACES,
        menu::INTERFACES,
        menu::rule::INTERFACES,
        user::INTERFACES,
        tag::INTERFACES,
        blocklist::INTERFACES,
        customer::INTERFACES,
        template::INTERFACES,
        template_library::INTERFACES,
        subscription::INTERFACES,
        mass::INTERFACES,
        media::INTERFACES,
        material::INTERFACES,
        draft::INTERFACES,
        publish::INTERFACES,
        shorten::INTERFACES,
        qrcode::INTERFACES,
        oauth::INTERFACES,
    ];
    nouns.into_iter().flatten()
}

/// All addresses of the account.
pub fn routes(sandbox: &Arc<Sandbox>) -> Router<Arc<Sandbox>> {
    let router = interfaces().fold(Router::new(), |router, interface| {
        let answer = async move |State(sandbox): State<Arc<Sandbox>>, request: Request| {
            call::answer(sandbox, interface, request).await
        };
        router.route(interface.path, any(answer))
    });
    router
        .route("/cgi-bin/{*unknown}", any(call::unknown))
        .route("/wxaapi/{*unknown}", any(call::unknown))
        .route("/cgi-bin/showqrcode", axum::routing::get(qrcode::show))
        .route(
            "/connect/oauth2/authorize",
            axum::routing::get(authorize::authorize),
        )
        .route("/connect/oauth2/consent", axum::routing::post(authorize::consent))
        // The call limits its own body, by the kind of what is uploaded.
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(sandbox.clone(), traffic::log))
        // What people look at is no conversation of the program.
        .route("/s/{article}", axum::routing::get(article::show))
        .route("/mmbiz/{media}", axum::routing::get(media::show))
}

/// An `errcode` with its `errmsg`; HTTP says 200 all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fail(pub i64, pub &'static str);

/// What a handler answers.
pub type Answer = Result<Value, Fail>;

/// The plain success of calls that have nothing to tell.
pub fn ok() -> Value {
    json!({"errcode": 0, "errmsg": "ok"})
}

/// The code that refuses an OpenID that is none of the account's.
pub const NO_SUCH_PERSON: Fail = Fail(40003, "invalid openid");
