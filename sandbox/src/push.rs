//! The message push (消息推送): what people do, delivered to the program in safe mode, and what it replies.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Bytes;
use serde::Serialize;

use crate::crypto;
use crate::fault::Kind;
use crate::message::{Author, Body, Thread};
use crate::person::Trigger;
use crate::state::Sandbox;
use crate::traffic::{self, Exchange};
use crate::xml::{self, Element, Field};

/// Original id of the account, `ToUserName` of every push.
const ACCOUNT_ID: &str = "gh_7a9b2c41d8e0";
/// How often a push is delivered before the account counts as out of order.
const ATTEMPTS: u32 = 3;
/// What a person reads when the program does not answer properly.
const OUT_OF_ORDER: &str = "该公众号提供的服务出现故障，请稍后再试";

/// What became of a push.
#[derive(Clone, Debug, Serialize)]
pub struct Delivery {
    /// Whether the program took it.
    pub delivered: bool,
    /// How often it was sent.
    pub attempts: u32,
}

/// Something a person does that the program hears of.
#[derive(Clone, Debug)]
pub enum Act {
    /// Follows, perhaps by a QR code (scene, ticket).
    Follow(Option<(String, String)>),
    /// Stops following.
    Unfollow,
    /// Scans a QR code as a follower (scene, ticket).
    Scan(String, String),
    /// Taps a click button.
    Click(String),
    /// Taps a view button.
    View(String),
    /// Sends words.
    Text(String),
    /// Sends a picture at an address.
    Image(String),
    /// Sends a voice at an address.
    Voice(String),
    /// Sends a place in GCJ-02 with its name.
    Location(f64, f64, String),
}

/// Pushes `act` of `person` and puts the reply into the chat.
pub async fn act(sandbox: &Arc<Sandbox>, person: &str, act: Act) -> Delivery {
    let openid = sandbox
        .look(|world| world.person(person).map(|p| p.openid.clone()))
        .unwrap_or_default();
    let mut fields = fields_of(sandbox, &act);
    let is_message = matches!(
        act,
        Act::Text(_) | Act::Image(_) | Act::Voice(_) | Act::Location(..)
    );
    if is_message {
        let id = sandbox.change(|world| format!("24{}", world.digits(15)));
        fields.push(("MsgId", Field::Number(id)));
    }
    begin(sandbox, person, &act);
    let delivery = deliver(sandbox, person, &openid, fields).await;
    let visible = is_message || matches!(act, Act::Click(_));
    if !delivery.delivered && visible {
        let now = sandbox.clock.now_ms();
        let body = Body::text(OUT_OF_ORDER);
        sandbox.change(|world| world.say(person, Thread::Account, Author::System, now, body));
    }
    delivery
}

/// Tells the program, a moment later, that a template message arrived.
pub fn template_finished(sandbox: &Arc<Sandbox>, person: &str, msgid: i64) {
    let (sandbox, person) = (sandbox.clone(), person.to_owned());
    tokio::spawn(async move {
        let openid = sandbox
            .look(|world| world.person(&person).map(|p| p.openid.clone()))
            .unwrap_or_default();
        let mut fields = event("TEMPLATESENDJOBFINISH", None);
        fields.push(("MsgID", Field::Number(msgid.to_string())));
        fields.push(("Status", Field::Words("success".into())));
        deliver(&sandbox, &person, &openid, fields).await;
    });
}

/// The check that WeChat makes when a server address is saved: whether the program returns `echostr`.
pub async fn verify_address(sandbox: &Arc<Sandbox>) -> Result<(), String> {
    let (timestamp, nonce) = stamp(sandbox);
    let echo = sandbox.change(|world| world.digits(19));
    let token = &sandbox.credentials.callback_token;
    let signature = crypto::push_signature(&[token, &timestamp, &nonce]);
    let query = format!("signature={signature}&echostr={echo}&timestamp={timestamp}&nonce={nonce}");
    let url = with_query(&sandbox.config.callback, &query);
    let reply = exchange(sandbox, url, None, "server address check").await?;
    if reply.0 == 200 && reply.1 == echo {
        Ok(())
    } else {
        Err(format!("{} {}", reply.0, reply.1))
    }
}

/// What changes on WeChat's own side when a person acts, whether or not the program hears of it.
fn begin(sandbox: &Sandbox, id: &str, act: &Act) {
    let now = sandbox.clock.now_ms();
    sandbox.change(|world| {
        let Some(person) = world.person_mut(id) else {
            return;
        };
        let said = match act {
            Act::Follow(code) => {
                person.following_since_ms = Some(now);
                person.scene = code.as_ref().map(|(scene, _)| scene.clone()).unwrap_or_default();
                person.allow(Trigger::Follow, now);
                if code.is_some() {
                    person.allow(Trigger::Scan, now);
                }
                None
            }
            Act::Unfollow => {
                person.following_since_ms = None;
                person.allowances.clear();
                None
            }
            Act::Scan(..) => {
                person.allow(Trigger::Scan, now);
                None
            }
            Act::Click(_) => {
                person.allow(Trigger::Menu, now);
                None
            }
            Act::View(_) => None,
            Act::Text(text) => Some(Body::text(text)),
            Act::Image(url) => Some(Body::Image {
                url: url.clone(),
                text: "我发的图片".into(),
            }),
            Act::Voice(url) => Some(Body::Voice {
                url: url.clone(),
                text: "我发的语音".into(),
            }),
            Act::Location(lat, lng, label) => Some(Body::Location {
                lat: *lat,
                lng: *lng,
                text: label.clone(),
            }),
        };
        if let Some(body) = said {
            person.allow(Trigger::Message, now);
            world.say(id, Thread::Account, Author::Me, now, body);
        }
    });
}

fn fields_of(sandbox: &Sandbox, act: &Act) -> Vec<(&'static str, Field)> {
    let words = |text: &str| Field::Words(text.to_owned());
    let message = |kind: &str| vec![("MsgType", words(kind))];
    match act {
        Act::Follow(code) => {
            let key = code
                .as_ref()
                .map(|(scene, _)| format!("qrscene_{scene}"))
                .unwrap_or_default();
            let mut fields = event("subscribe", Some(&key));
            if let Some((_, ticket)) = code {
                fields.push(("Ticket", words(ticket)));
            }
            fields
        }
        Act::Unfollow => event("unsubscribe", Some("")),
        Act::Scan(scene, ticket) => {
            let mut fields = event("SCAN", Some(scene));
            fields.push(("Ticket", words(ticket)));
            fields
        }
        Act::Click(key) => event("CLICK", Some(key)),
        Act::View(url) => {
            let mut fields = event("VIEW", Some(url));
            fields.push(("MenuId", Field::Number("425932800".into())));
            fields
        }
        Act::Text(text) => {
            let mut fields = message("text");
            fields.push(("Content", words(text)));
            fields
        }
        Act::Image(url) => {
            let mut fields = message("image");
            fields.push(("PicUrl", words(url)));
            fields.push(("MediaId", words(&media_id(sandbox, url))));
            fields
        }
        Act::Voice(url) => {
            let mut fields = message("voice");
            fields.push(("Format", words("wav")));
            fields.push(("MediaId", words(&media_id(sandbox, url))));
            fields
        }
        Act::Location(lat, lng, label) => {
            let mut fields = message("location");
            fields.push(("Location_X", Field::Number(format!("{lat:.6}"))));
            fields.push(("Location_Y", Field::Number(format!("{lng:.6}"))));
            fields.push(("Scale", Field::Number("15".into())));
            fields.push(("Label", words(label)));
            fields
        }
    }
}

/// The id of a file of the album; of anything else a new one.
fn media_id(sandbox: &Sandbox, url: &str) -> String {
    match url.rsplit_once("/phone/files/") {
        Some((_, id)) => id.to_owned(),
        None => sandbox.change(|world| world.word(64)),
    }
}

fn event(name: &str, key: Option<&str>) -> Vec<(&'static str, Field)> {
    let mut fields = vec![
        ("MsgType", Field::Words("event".into())),
        ("Event", Field::Words(name.into())),
    ];
    fields.extend(key.map(|key| ("EventKey", Field::Words(key.into()))));
    fields
}

/// Three deliveries of the same message, five seconds each, every one with a signature of its own.
async fn deliver(
    sandbox: &Arc<Sandbox>,
    person: &str,
    openid: &str,
    mut fields: Vec<(&'static str, Field)>,
) -> Delivery {
    if sandbox
        .change(|world| world.faults.take(Kind::PushesLost))
        .is_some()
    {
        return Delivery {
            delivered: false,
            attempts: 0,
        };
    }
    let head = [
        ("ToUserName", Field::Words(ACCOUNT_ID.into())),
        ("FromUserName", Field::Words(openid.to_owned())),
        ("CreateTime", Field::Number(sandbox.clock.now_s().to_string())),
    ];
    fields.splice(0..0, head);
    let message = xml::document(&fields);
    for attempt in 1..=ATTEMPTS {
        let (url, body) = seal(sandbox, openid, &message);
        match exchange(sandbox, url, Some(body), &message).await {
            Ok((200, reply)) if matches!(reply.trim(), "" | "success") => {
                return Delivery {
                    delivered: true,
                    attempts: attempt,
                };
            }
            Ok((200, reply)) => {
                let delivered = take_reply(sandbox, person, openid, &reply);
                return Delivery {
                    delivered,
                    attempts: attempt,
                };
            }
            Ok(_) | Err(_) => {}
        }
    }
    Delivery {
        delivered: false,
        attempts: ATTEMPTS,
    }
}

fn seal(sandbox: &Sandbox, openid: &str, message: &str) -> (String, String) {
    let (timestamp, nonce) = stamp(sandbox);
    let random: [u8; 16] = sandbox
        .change(|world| world.word(16))
        .into_bytes()
        .try_into()
        .expect("16 digits");
    let encrypted = sandbox.cipher.encrypt(&random, message);
    let token = &sandbox.credentials.callback_token;
    let signature = crypto::push_signature(&[token, &timestamp, &nonce]);
    let msg_signature = crypto::push_signature(&[token, &timestamp, &nonce, &encrypted]);
    let query = format!(
        "signature={signature}&timestamp={timestamp}&nonce={nonce}&openid={openid}&encrypt_type=aes\
         &msg_signature={msg_signature}"
    );
    let body = xml::document(&[
        ("ToUserName", Field::Words(ACCOUNT_ID.into())),
        ("Encrypt", Field::Words(encrypted)),
    ]);
    (with_query(&sandbox.config.callback, &query), body)
}

/// Puts an encrypted passive reply into the chat. `false` when it is none that WeChat would accept.
fn take_reply(sandbox: &Sandbox, person: &str, openid: &str, reply: &str) -> bool {
    let opened = open_reply(sandbox, openid, reply);
    let problem = match opened {
        Ok(Some(body)) => {
            let now = sandbox.clock.now_ms();
            sandbox.change(|world| world.say(person, Thread::Account, Author::Account, now, body));
            return true;
        }
        Ok(None) => return true,
        Err(problem) => problem,
    };
    tracing::warn!(problem, "sandbox: passive reply refused");
    false
}

fn open_reply(sandbox: &Sandbox, openid: &str, reply: &str) -> Result<Option<Body>, &'static str> {
    let outer = Element::parse(reply).ok_or("not XML")?;
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
    let inner = sandbox.cipher.decrypt(encrypted)?;
    if matches!(inner.trim(), "" | "success") {
        return Ok(None);
    }
    let message = Element::parse(&inner).ok_or("decrypted reply is not XML")?;
    if message.text_of("ToUserName") != Some(openid) {
        return Err("reply is addressed to somebody else");
    }
    if message.text_of("MsgType") == Some("transfer_customer_service") {
        return Ok(None);
    }
    Body::from_reply(&message)
        .map(Some)
        .ok_or("MsgType or its content is unknown")
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

/// One call to the program (GET without a body), written into the log with `plain` in place of the cipher text.
async fn exchange(
    sandbox: &Arc<Sandbox>,
    url: String,
    body: Option<String>,
    plain: &str,
) -> Result<(u16, String), String> {
    let started = Instant::now();
    let agent = sandbox.agent.clone();
    let what = format!("{} {url}", if body.is_some() { "POST" } else { "GET" });
    let request = body.clone().unwrap_or_default();
    let result = tokio::task::spawn_blocking(move || {
        let response = match body {
            Some(body) => agent.post(&url).header("Content-Type", "text/xml").send(body),
            None => agent.get(&url).call(),
        };
        let mut response = response.map_err(|error| error.to_string())?;
        let text = response
            .body_mut()
            .read_to_string()
            .map_err(|error| error.to_string())?;
        Ok::<_, String>((response.status().as_u16(), text))
    })
    .await
    .expect("a call to the program does not panic");
    let (status, response) = match &result {
        Ok((status, text)) => (*status, traffic::shown(&Bytes::from(text.clone()))),
        Err(error) => (0, error.clone()),
    };
    let exchange = Exchange {
        seq: 0,
        at: sandbox.clock.now_ms(),
        inbound: false,
        what: traffic::mask(&what),
        note: plain.to_owned(),
        request: traffic::shown(&Bytes::from(request)),
        status,
        response,
        millis: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
    };
    sandbox.change(|world| world.record(exchange));
    result
}
