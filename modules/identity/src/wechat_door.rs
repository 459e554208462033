//! Sign-in through WeChat (OAuth of the official account).
//!
//! Source: developers.weixin.qq.com/doc/service/guide/h5/auth.html. A code is good once and for five minutes; our
//! state is good once, for five minutes, and only in the browser that began.

use std::sync::Arc;

use db::Tx;
use kernel::{Actor, Cx, Id, Result, Staff};
use serde::Deserialize;
use web::{Answer, Ask, Query};
use wechat::{
    At,
    oa::{Account, Scope, SignIn},
};

use crate::{Refusal, actions, store};

/// The official account, as the program was started with it.
#[derive(Clone)]
pub struct WeChat {
    /// The protocol's side.
    pub account: Arc<Account>,
}

impl WeChat {
    /// What `wx.config` needs on the page at `url` (whole address, without fragment), if this program knows WeChat's
    /// ticket already. Waits for nothing.
    pub fn page_config_at_hand(&self, cx: &Cx, url: &str) -> Option<serde_json::Value> {
        let nonce = &cx.token()[..16];
        let config = self.account.page_config_at_hand(cx.now().seconds(), nonce, url)?;
        serde_json::to_value(config).ok()
    }

    /// The same, fetching the ticket where it is not known. May wait for WeChat.
    pub fn page_config(&self, cx: &Cx, url: &str) -> Result<serde_json::Value> {
        let nonce = &cx.token()[..16];
        let config = self
            .account
            .page_config(At::now(cx.now().seconds()), nonce, url)
            .map_err(away)?;
        Ok(serde_json::to_value(config)?)
    }
}

/// What a sign-in through WeChat is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A customer becomes known, without a question.
    Customer,
    /// A customer agrees to show name and portrait.
    Profile,
    /// A staff account is bound to the WeChat of its person.
    Bind(Id<Staff>),
}

/// A sign-in on its way through WeChat.
#[derive(Debug, Clone)]
pub(crate) struct SignInState {
    pub browser: String,
    pub purpose: Purpose,
    pub back: String,
}

const STATE_MINUTES: i64 = 5;
/// The page that everybody may see.
const HOME: &str = "/";

#[derive(Deserialize)]
pub(crate) struct Begin {
    to: Option<String>,
    scope: Option<String>,
}

/// `GET /wechat/sign-in?to=/path`: sends a customer to WeChat, unless the customer is known already.
pub(crate) async fn begin(ask: Ask, Query(query): Query<Begin>) -> Answer {
    let purpose = match query.scope.as_deref() {
        Some("profile") => Purpose::Profile,
        _ => Purpose::Customer,
    };
    if let (Purpose::Customer, Actor::Customer(_)) = (purpose, ask.actor()) {
        let to = query.to.filter(|path| web::is_local(path));
        return Ok(ask.see(to.as_deref().unwrap_or(HOME)));
    }
    send(&ask, purpose, query.to).await
}

/// `GET /desk/wechat`: sends a staff member to WeChat, to bind the account.
pub(crate) async fn begin_binding(ask: Ask) -> Answer {
    let Actor::Staff { id, .. } = ask.actor() else {
        return Err(kernel::Error::Forbidden.into());
    };
    send(&ask, Purpose::Bind(id), Some("/desk".to_owned())).await
}

async fn send(ask: &Ask, purpose: Purpose, to: Option<String>) -> Answer {
    let back = to
        .filter(|path| web::is_local(path))
        .unwrap_or_else(|| HOME.to_owned());
    let sign_in = SignInState {
        browser: ask.browser().to_owned(),
        purpose,
        back,
    };
    let state = ask.cx.token();
    let stored = state.clone();
    let expires = ask.cx.now().plus_minutes(STATE_MINUTES);
    ask.write(move |_, tx| store::insert_sign_in(tx, &stored, &sign_in, expires))
        .await?;
    let scope = if purpose == Purpose::Profile {
        Scope::UserInfo
    } else {
        Scope::Base
    };
    let back = format!("{}/wechat/sign-in/return", ask.app.settings.base_url);
    let url = ask
        .app
        .plug::<WeChat>()
        .account
        .authorize_url(&back, scope, &state)?;
    Ok(ask.see(&url))
}

#[derive(Deserialize)]
pub(crate) struct Return {
    code: Option<String>,
    #[serde(default)]
    state: String,
}

/// `GET /wechat/sign-in/return?code=…&state=…`: WeChat sends the person back.
pub(crate) async fn finish(ask: Ask, Query(query): Query<Return>) -> Answer {
    let sign_in = ask
        .write(move |cx, tx| store::take_sign_in(tx, &query.state, cx.now()))
        .await?;
    let Some(sign_in) = sign_in.filter(|sign_in| sign_in.browser == ask.browser()) else {
        return Err(Refusal::StaleSignIn.into());
    };
    // Without a code the person said no; the page behind still shows what a guest may see.
    let Some(code) = query.code.filter(|code| !code.is_empty()) else {
        return Ok(ask.see(if sign_in.purpose == Purpose::Profile {
            &sign_in.back
        } else {
            HOME
        }));
    };
    let profile = sign_in.purpose == Purpose::Profile;
    let asked = ask
        .blocking(move |app, cx| {
            let account = &app.plug::<WeChat>().account;
            let at = At::now(cx.now().seconds());
            let grant = match account.oauth_sign_in(at, &code).map_err(away)? {
                SignIn::Person(grant) => grant,
                SignIn::Snapshot => return Err(Refusal::Snapshot.into()),
            };
            let nickname = match profile {
                true => Some(account.oauth_profile(at, &grant).map_err(away)?.nickname),
                false => None,
            };
            Ok((grant.openid, nickname))
        })
        .await;
    let (openid, nickname) = match asked {
        Ok(known) => known,
        // Who only wants to look round needs no name: not in a preview, not while WeChat is away.
        Err(_) if sign_in.purpose == Purpose::Customer && sign_in.back == HOME => return Ok(ask.see(HOME)),
        Err(error) => return Err(error.into()),
    };
    match sign_in.purpose {
        Purpose::Bind(staff) => {
            ask.write(move |cx, tx| {
                actions::bind_wechat(&cx.acting(Actor::System("wechat")), tx, staff, &openid)
            })
            .await?;
            Ok(ask.see_saying(&sign_in.back, &ask.label("identity-bound")))
        }
        Purpose::Customer | Purpose::Profile => {
            let begun = ask
                .write(move |cx, tx| welcome(cx, tx, &openid, nickname.as_deref()))
                .await?;
            Ok(begun.set(&ask.app, ask.see(&sign_in.back)))
        }
    }
}

fn welcome(cx: &Cx, tx: &mut Tx, openid: &str, nickname: Option<&str>) -> Result<web::sessions::Begun> {
    let customer = actions::greet_customer(cx, tx, openid)?;
    if let Some(nickname) = nickname {
        store::update_nickname(tx, customer.id, nickname)?;
    }
    let name = nickname.map(str::to_owned).or(customer.name).unwrap_or_default();
    web::sessions::begin(cx, tx, Actor::Customer(customer.id), &name)
}

/// A dead code is the person's to try again; everything else is WeChat being away.
fn away(error: wechat::oa::Error) -> kernel::Error {
    match error.class() {
        wechat::oa::Class::Refuse => Refusal::StaleSignIn.into(),
        _ => {
            tracing::error!("WeChat sign-in: {error}");
            Refusal::WeChatAway.into()
        }
    }
}
