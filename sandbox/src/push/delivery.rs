//! Three deliveries of five seconds, and what may go wrong with them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use serde::Serialize;

use super::{ACCOUNT_ID, Fields, reply, seal};
use crate::fault::Kind;
use crate::state::Sandbox;
use crate::traffic::{self, Exchange};
use crate::xml::{self, Field};

/// How often a push is delivered before the account counts as out of order.
const ATTEMPTS: u32 = 3;

/// What became of a push.
#[derive(Clone, Debug, Serialize)]
pub struct Delivery {
    /// Whether the program took it.
    pub delivered: bool,
    /// How often it was sent.
    pub attempts: u32,
}

/// The OpenID of `person`.
pub fn openid(sandbox: &Sandbox, person: &str) -> String {
    sandbox
        .look(|world| world.person(person).map(|p| p.openid.clone()))
        .unwrap_or_default()
}

/// Pushes a message; a reply goes into the chat of `person`.
pub async fn deliver(sandbox: &Arc<Sandbox>, person: Option<&str>, openid: &str, fields: Fields) -> Delivery {
    deliver_with(sandbox, person, openid, fields, Vec::new()).await
}

/// The same with fields whose names are not known beforehand.
pub async fn deliver_with(
    sandbox: &Arc<Sandbox>,
    person: Option<&str>,
    openid: &str,
    fields: Fields,
    more: Vec<(String, Field)>,
) -> Delivery {
    let faults = sandbox.change(|world| {
        [
            Kind::PushesLost,
            Kind::PushDelayed,
            Kind::PushDuplicated,
            Kind::PushParallel,
        ]
        .map(|kind| world.faults.take(kind))
    });
    let [lost, delayed, duplicated, parallel] = faults;
    if lost.is_some() {
        return Delivery {
            delivered: false,
            attempts: 0,
        };
    }
    let head = [
        ("ToUserName", Field::words(ACCOUNT_ID)),
        ("FromUserName", Field::words(openid)),
        ("CreateTime", Field::number(sandbox.clock.now_s())),
    ];
    let named = more.iter().map(|(name, field)| (name.as_str(), field.clone()));
    let all: Vec<(&str, Field)> = head.into_iter().chain(fields).chain(named).collect();
    if let Some(fault) = delayed {
        tokio::time::sleep(Duration::from_millis(fault.delay_ms)).await;
    }
    let copies: Vec<_> = (0..parallel.map_or(0, |fault| fault.times))
        .map(|_| {
            let (sandbox, openid, fields) = (sandbox.clone(), openid.to_owned(), all.clone());
            let fields: Vec<(String, Field)> = fields.into_iter().map(|(n, f)| (n.to_owned(), f)).collect();
            tokio::spawn(async move {
                let fields: Vec<(&str, Field)> =
                    fields.iter().map(|(n, f)| (n.as_str(), f.clone())).collect();
                attempt(&sandbox, None, &openid, &fields).await
            })
        })
        .collect();
    let delivery = attempt(sandbox, person, openid, &all).await;
    for copy in copies {
        copy.await.expect("a delivery does not panic");
    }
    for _ in 0..duplicated.map_or(0, |fault| fault.times) {
        // WeChat shows the answer to a repetition no second time.
        attempt(sandbox, None, openid, &all).await;
    }
    delivery
}

/// Up to three deliveries of the same message, every one with a signature of its own.
async fn attempt(
    sandbox: &Arc<Sandbox>,
    person: Option<&str>,
    openid: &str,
    fields: &[(&str, Field)],
) -> Delivery {
    let message = xml::document(fields);
    for attempts in 1..=ATTEMPTS {
        let (url, body) = seal::seal(sandbox, openid, fields);
        let Ok((200, answer)) = exchange(sandbox, url, Some(body), &message).await else {
            continue;
        };
        let delivered =
            matches!(answer.trim(), "" | "success") || reply::take(sandbox, person, openid, &answer);
        return Delivery { delivered, attempts };
    }
    Delivery {
        delivered: false,
        attempts: ATTEMPTS,
    }
}

/// One call to the program (GET without a body), written into the log with `plain` in place of the cipher text.
pub async fn exchange(
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
