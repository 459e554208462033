//! What WeChat pushes: people following and leaving, messages, and whether ours arrived
//! (developers.weixin.qq.com/doc/service/guide/dev/push). WeChat waits five seconds and asks three times.

use std::sync::Arc;

use db::Tx;
use kernel::{Cx, Instant, Result};
use text::args;
use web::{Allow, Answer, Ask, Bytes, IntoResponse, Query, Response, Routes, StatusCode};
use wechat::oa::{Body, CallbackQuery, Event, Kind, Push, Refused, Reply, TemplateStatus};

use crate::{OfficialAccount, model::MessageState, store, words};

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get("/wechat/callback", Allow::Outside, verify)
        .post("/wechat/callback", Allow::Outside, receive)
}

/// WeChat's first look at the address: the signed text goes back as it is.
async fn verify(ask: Ask, Query(query): Query<CallbackQuery>) -> Answer {
    match account(&ask).callback.echo(&query) {
        Ok(echo) => Ok(plain(
            StatusCode::OK,
            "text/plain; charset=utf-8",
            echo.to_owned(),
        )),
        Err(refused) => Ok(refuse(&refused)),
    }
}

async fn receive(ask: Ask, Query(query): Query<CallbackQuery>, body: Bytes) -> Answer {
    let account = account(&ask);
    let push = match account.callback.open(&query, &body) {
        Ok(push) => push,
        Err(refused) => return Ok(refuse(&refused)),
    };
    let (key, news) = (push.dedup_key(), Heard::of(&push));
    ask.write(move |cx, tx| hear(cx, tx, &key, &news)).await?;
    // The same push again gets the same answer: WeChat shows the one that reaches it in time.
    let reply = reply(&push.kind, &account.base_url);
    let (nonce, random) = (ask.cx.token()[..16].to_owned(), random(&ask.cx));
    let answer = account
        .callback
        .answer(&query, &push, &reply, (ask.cx.now().seconds(), &nonce, &random))?;
    let kind = if reply == Reply::Nothing {
        "text/plain; charset=utf-8"
    } else {
        "text/xml; charset=utf-8"
    };
    Ok(plain(StatusCode::OK, kind, answer))
}

fn account(ask: &Ask) -> Arc<OfficialAccount> {
    ask.app.plug::<Arc<OfficialAccount>>().clone()
}

fn plain(status: StatusCode, kind: &'static str, body: String) -> Response {
    (status, [("content-type", kind)], body).into_response()
}

/// Nothing of the push is believed, nothing is written.
fn refuse(refused: &Refused) -> Response {
    tracing::warn!("a push was refused: {refused}");
    let status = if *refused == Refused::Signature {
        StatusCode::UNAUTHORIZED
    } else {
        StatusCode::BAD_REQUEST
    };
    plain(status, "text/plain; charset=utf-8", refused.to_string())
}

/// What of a push is written down.
enum Heard {
    Follows {
        openid: String,
        follows: bool,
        at: Instant,
    },
    Message {
        msg_id: String,
        state: MessageState,
        trouble: Option<&'static str>,
    },
    Nothing,
}

impl Heard {
    fn of(push: &Push) -> Heard {
        let follower = |follows| Heard::Follows {
            openid: push.from.clone(),
            follows,
            at: Instant(push.create_time.saturating_mul(1000)),
        };
        match &push.kind {
            Kind::Event(Event::Subscribe { .. }) => follower(true),
            Kind::Event(Event::Unsubscribe) => follower(false),
            Kind::Event(Event::TemplateSendFinished { msg_id, status }) => {
                let (state, trouble) = match status {
                    TemplateStatus::Success => (MessageState::Delivered, None),
                    TemplateStatus::UserBlocked => (MessageState::Refused, Some("user_block")),
                    TemplateStatus::TooMany => (MessageState::Refused, Some("freq_limit")),
                    TemplateStatus::SystemFailed | TemplateStatus::Other(_) => {
                        (MessageState::Refused, Some("system_failed"))
                    }
                };
                Heard::Message {
                    msg_id: msg_id.clone(),
                    state,
                    trouble,
                }
            }
            _ => Heard::Nothing,
        }
    }
}

/// Acts upon a push once, however often it comes.
fn hear(cx: &Cx, tx: &mut Tx, key: &str, heard: &Heard) -> Result<()> {
    if !store::first_push(tx, key, cx.now())? {
        return Ok(());
    }
    match heard {
        Heard::Follows { openid, follows, at } => store::set_follower(tx, openid, *follows, *at),
        Heard::Message {
            msg_id,
            state,
            trouble,
        } => store::message_arrived(tx, msg_id, *state, *trouble),
        Heard::Nothing => Ok(()),
    }
}

/// What the account answers, in words and links that a screen reader reads well.
fn reply(kind: &Kind, base_url: &str) -> Reply {
    let say = |key: &str| Reply::Text(words::say(key, &args![base => base_url]));
    match kind {
        Kind::Event(Event::Subscribe { .. }) => say("alert-welcome"),
        Kind::Event(Event::Scan { .. } | Event::Click { .. }) => say("alert-reply"),
        Kind::Message(message) => match &message.body {
            Body::Location {
                latitude, longitude, ..
            } => {
                let (lat, lng) = (format!("{latitude:.6}"), format!("{longitude:.6}"));
                Reply::Text(words::say(
                    "alert-reply-place",
                    &args![base => base_url, lat => lat, lng => lng],
                ))
            }
            Body::Text { content, .. } if is_about_bookings(content) => say("alert-reply-bookings"),
            _ => say("alert-reply"),
        },
        Kind::Event(_) => Reply::Nothing,
    }
}

fn is_about_bookings(content: &str) -> bool {
    ["我的预约", "订单", "取消", "退款", "改时间", "核销"]
        .iter()
        .any(|word| content.contains(word))
}

/// Sixteen fresh bytes for the envelope of an encrypted answer.
fn random(cx: &Cx) -> [u8; 16] {
    let mut bytes = [0; 16];
    for (byte, pair) in bytes.iter_mut().zip(cx.token().as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).unwrap_or("0"), 16).unwrap_or(0);
    }
    bytes
}
