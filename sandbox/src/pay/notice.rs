//! Notices (回调通知): encrypted, signed, and repeated on the documented schedule.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::HeaderMap;
use serde::Serialize;
use serde_json::{Value, json};

use super::door::{Stamp, stamp};
use super::merchant::Account;
use super::order::Order;
use super::platform::Signer;
use super::refund::{Refund, Status};
use crate::clock::beijing;
use crate::crypto;
use crate::fault::{Fault, Kind};
use crate::state::{Sandbox, World};
use crate::traffic::{self, Exchange};

/// Seconds before each repetition: 15 of them, over a day.
const SCHEDULE_S: [u32; 15] = [
    15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10_800, 10_800, 10_800, 21_600, 21_600,
];

/// How long a notice waits to be overtaken.
const HELD: Duration = Duration::from_secs(10);

/// One notice.
#[derive(Clone, Serialize)]
pub struct Notice {
    /// Its id, the same in every delivery.
    pub id: String,
    /// Such as `TRANSACTION.SUCCESS`.
    pub event_type: String,
    /// The order it speaks of.
    pub out_trade_no: String,
    /// Where it goes.
    pub url: String,
    /// Whether the program took it (200 or 204).
    pub accepted: bool,
    /// Whether a fault swallowed it for good.
    pub lost: bool,
    /// HTTP status of every delivery, 0 when no answer came.
    pub attempts: Vec<u16>,
    #[serde(skip)]
    signer: Option<Signer>,
    #[serde(skip)]
    body: String,
    #[serde(skip)]
    plain: String,
}

/// Sends the notice of a payment.
pub fn paid(sandbox: &Arc<Sandbox>, order: &Order, transaction: Value) {
    let event = Event {
        kind: "TRANSACTION.SUCCESS",
        summary: "支付成功",
        original: "transaction",
        out_trade_no: &order.out_trade_no,
        url: &order.notify_url,
        key: order.merchant.api_v3_key(),
        signer: None,
        resource: transaction,
    };
    send(sandbox, event);
}

/// Sends the notice of a refund that has come to an end.
pub fn refunded(sandbox: &Arc<Sandbox>, refund: &Refund) {
    let (kind, summary) = match refund.status {
        Status::Abnormal => ("REFUND.ABNORMAL", "退款异常"),
        Status::Closed => ("REFUND.CLOSED", "退款关闭"),
        Status::Success | Status::Processing => ("REFUND.SUCCESS", "退款成功"),
    };
    let event = Event {
        kind,
        summary,
        original: "refund",
        out_trade_no: &refund.out_trade_no,
        url: &refund.notify_url,
        key: refund.merchant.api_v3_key(),
        signer: None,
        resource: refund.resource(),
    };
    send(sandbox, event);
}

/// Sends the callback of the self-test (doc 4019605946), signed by the key that the call named.
pub fn echoed(sandbox: &Arc<Sandbox>, merchant: &Account, url: &str, signer: Signer, resource: Value) {
    let event = Event {
        kind: "SECURITY_ECHO.SUCCESS",
        summary: "回调通知成功",
        original: "security",
        out_trade_no: "",
        url,
        key: merchant.api_v3_key(),
        signer: Some(signer),
        resource,
    };
    send(sandbox, event);
}

/// Delivers a notice once more, whatever became of it. The HTTP status, 0 without an answer; `None` for an unknown id.
pub async fn resend(sandbox: &Arc<Sandbox>, id: &str) -> Option<u16> {
    let notice = sandbox.look(|world| world.pay.notices.iter().find(|notice| notice.id == id).cloned())?;
    Some(deliver(sandbox, &notice, Spoil::Nothing).await)
}

struct Event<'a> {
    kind: &'static str,
    summary: &'static str,
    original: &'static str,
    out_trade_no: &'a str,
    url: &'a str,
    key: &'a [u8; 32],
    /// Set when it is not for WeChat Pay to choose.
    signer: Option<Signer>,
    resource: Value,
}

/// How a delivery is made untrustworthy.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spoil {
    Nothing,
    Forge,
    SignTest,
}

/// The faults that this notice suffers.
struct Suffering {
    lost: bool,
    delay: Duration,
    held: bool,
    copies: u32,
    spoil: Spoil,
}

fn send(sandbox: &Arc<Sandbox>, event: Event<'_>) {
    let (notice, suffering) = sandbox.change(|world| {
        let word = world.word(32);
        let id = [
            &word[..8],
            &word[8..12],
            &word[12..16],
            &word[16..20],
            &word[20..],
        ]
        .join("-");
        // The nonce is written as text, so its bytes must be characters.
        let nonce = world.word(12);
        let nonce_bytes: [u8; 12] = nonce.as_bytes().try_into().expect("twelve digits");
        let plain = event.resource.to_string();
        let body = json!({
            "id": id, "create_time": beijing(sandbox.clock.now_ms()), "resource_type": "encrypt-resource",
            "event_type": event.kind, "summary": event.summary,
            "resource": {
                "original_type": event.original, "algorithm": "AEAD_AES_256_GCM",
                "ciphertext": crypto::seal_resource(event.key, &nonce_bytes, event.original, plain.as_bytes()),
                "associated_data": event.original, "nonce": nonce,
            },
        });
        let target = format!("{} {}", event.kind, event.url);
        let mut take = |kind| world.faults.take_at(kind, &target);
        let suffering = Suffering {
            lost: take(Kind::NoticeLost).is_some(),
            delay: take(Kind::NoticeDelayed)
                .map_or(Duration::ZERO, |f: Fault| Duration::from_millis(f.delay_ms)),
            held: take(Kind::NoticeReordered).is_some(),
            copies: take(Kind::NoticeDuplicated).map_or(0, |fault| fault.times),
            spoil: match (take(Kind::NoticeForged), take(Kind::NoticeSigntest)) {
                (Some(_), _) => Spoil::Forge,
                (None, Some(_)) => Spoil::SignTest,
                (None, None) => Spoil::Nothing,
            },
        };
        let notice = Notice {
            id,
            event_type: event.kind.to_owned(),
            out_trade_no: event.out_trade_no.to_owned(),
            url: event.url.to_owned(),
            accepted: false,
            lost: suffering.lost,
            attempts: Vec::new(),
            signer: event.signer,
            body: body.to_string(),
            plain,
        };
        world.pay.notices.push(notice.clone());
        (notice, suffering)
    });
    if !suffering.lost {
        tokio::spawn(follow_schedule(sandbox.clone(), notice, suffering));
    }
}

async fn follow_schedule(sandbox: Arc<Sandbox>, notice: Notice, suffering: Suffering) {
    tokio::time::sleep(suffering.delay).await;
    if suffering.held {
        wait_for_later(&sandbox, &notice.id).await;
    }
    for _ in 0..suffering.copies {
        let (sandbox, notice) = (sandbox.clone(), notice.clone());
        tokio::spawn(async move { deliver(&sandbox, &notice, Spoil::Nothing).await });
    }
    let mut status = deliver(&sandbox, &notice, suffering.spoil).await;
    for wait_s in SCHEDULE_S {
        if matches!(status, 200 | 204) {
            return;
        }
        tokio::time::sleep(sandbox.clock.scaled(wait_s)).await;
        // A copy or a person's resend may have been taken meanwhile.
        let taken = sandbox.look(|world| world.pay.notices.iter().any(|n| n.id == notice.id && n.accepted));
        if taken {
            return;
        }
        status = deliver(&sandbox, &notice, Spoil::Nothing).await;
    }
    tracing::warn!(
        id = notice.id,
        "sandbox: notice given up after its last repetition"
    );
}

/// Waits until a notice that was made after the one named has been delivered.
async fn wait_for_later(sandbox: &Sandbox, id: &str) {
    let until = Instant::now() + HELD;
    let overtaken = |world: &World| {
        let mut later = world
            .pay
            .notices
            .iter()
            .skip_while(|notice| notice.id != id)
            .skip(1);
        (later.any(|notice| !notice.attempts.is_empty()), world.seq())
    };
    let (mut done, mut seq) = sandbox.look(overtaken);
    while !done && Instant::now() < until {
        sandbox.changed_since(seq, Duration::from_millis(100)).await;
        (done, seq) = sandbox.look(overtaken);
    }
}

async fn deliver(sandbox: &Arc<Sandbox>, notice: &Notice, spoil: Spoil) -> u16 {
    let started = Instant::now();
    let (nonce, chance) = sandbox.change(|world| (world.word(32), world.digits(3)));
    let chance = chance.parse().expect("three digits");
    let chosen = || sandbox.look(|world| world.pay.platform.calls_back(sandbox, chance));
    let mut headers = HeaderMap::new();
    let over: &[u8] = if spoil == Spoil::Forge {
        b"another body"
    } else {
        notice.body.as_bytes()
    };
    let signed = Stamp {
        signer: notice.signer.clone().unwrap_or_else(chosen),
        at_s: sandbox.clock.now_s(),
        nonce: &nonce,
        body: over,
        signtest: spoil == Spoil::SignTest,
    };
    stamp(&mut headers, &signed);
    let (agent, url, body) = (sandbox.agent.clone(), notice.url.clone(), notice.body.clone());
    let result = tokio::task::spawn_blocking(move || {
        let mut request = agent
            .post(&url)
            .header("Content-Type", "application/json; charset=utf-8");
        for (name, value) in &headers {
            request = request.header(name, value);
        }
        let mut response = request.send(body).map_err(|error| error.to_string())?;
        let text = response.body_mut().read_to_string().unwrap_or_default();
        Ok::<_, String>((response.status().as_u16(), text))
    })
    .await
    .expect("a call to the program does not panic");
    let (status, answer) = result.unwrap_or_else(|error| (0, error));
    let exchange = Exchange {
        seq: 0,
        at: sandbox.clock.now_ms(),
        inbound: false,
        what: format!("POST {}", notice.url),
        note: format!("{} {}", notice.event_type, notice.plain),
        request: notice.body.clone(),
        status,
        response: traffic::shown(&Bytes::from(answer)),
        millis: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
    };
    sandbox.change(|world| {
        world.record(exchange);
        if let Some(kept) = world.pay.notices.iter_mut().find(|kept| kept.id == notice.id) {
            kept.attempts.push(status);
            kept.accepted |= matches!(status, 200 | 204);
        }
    });
    status
}
