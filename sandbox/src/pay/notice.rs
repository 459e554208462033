//! Notices (回调通知): encrypted, signed, and repeated on the documented schedule.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::HeaderMap;
use serde::Serialize;
use serde_json::{Value, json};

use super::door::{Stamp, stamp};
use super::order::Order;
use super::refund::Refund;
use crate::clock::beijing;
use crate::crypto;
use crate::fault::{Fault, Kind};
use crate::state::Sandbox;
use crate::traffic::{self, Exchange};

/// Seconds before each repetition: 15 of them, over a day.
const SCHEDULE_S: [u32; 15] = [
    15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10_800, 10_800, 10_800, 21_600, 21_600,
];

/// One notice.
#[derive(Clone, Debug, Serialize)]
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
        key: &order.merchant.credentials(sandbox).api_v3_key,
        resource: transaction,
    };
    send(sandbox, event);
}

/// Sends the notice of a finished refund.
pub fn refunded(sandbox: &Arc<Sandbox>, refund: &Refund) {
    let event = Event {
        kind: "REFUND.SUCCESS",
        summary: "退款成功",
        original: "refund",
        out_trade_no: &refund.out_trade_no,
        url: &refund.notify_url,
        key: &refund.merchant.credentials(sandbox).api_v3_key,
        resource: refund.resource(sandbox),
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
    key: &'a str,
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
        let key: [u8; 32] = event
            .key
            .as_bytes()
            .try_into()
            .expect("APIv3 keys are 32 characters");
        let nonce_bytes: [u8; 12] = nonce.as_bytes().try_into().expect("twelve digits");
        let plain = event.resource.to_string();
        let body = json!({
            "id": id, "create_time": beijing(sandbox.clock.now_ms()), "resource_type": "encrypt-resource",
            "event_type": event.kind, "summary": event.summary,
            "resource": {
                "original_type": event.original, "algorithm": "AEAD_AES_256_GCM",
                "ciphertext": crypto::seal_resource(&key, &nonce_bytes, event.original, plain.as_bytes()),
                "associated_data": event.original, "nonce": nonce,
            },
        });
        let mut take = |kind| world.faults.take(kind);
        let suffering = Suffering {
            lost: take(Kind::NoticeLost).is_some(),
            delay: take(Kind::NoticeDelayed)
                .map_or(Duration::ZERO, |f: Fault| Duration::from_millis(f.delay_ms)),
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

async fn deliver(sandbox: &Arc<Sandbox>, notice: &Notice, spoil: Spoil) -> u16 {
    let started = Instant::now();
    let nonce = sandbox.change(|world| world.word(32));
    let mut headers = HeaderMap::new();
    let over: &[u8] = if spoil == Spoil::Forge {
        b"another body"
    } else {
        notice.body.as_bytes()
    };
    let signed = Stamp {
        at_s: sandbox.clock.now_s(),
        nonce: &nonce,
        body: over,
        signtest: spoil == Spoil::SignTest,
    };
    stamp(sandbox, &mut headers, &signed);
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
