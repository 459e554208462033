//! The desk's live news, as `desk.js` understands them.

use db::Tx;
use kernel::{Instant, Result, ShopScope};
use serde_json::json;
use web::Message;

use crate::{
    model::{Alert, State},
    store::{self, News},
};

/// What a desk has not heard: from the news after `last`, or, for a desk that has just opened or was away for long,
/// everything that is still open since `from`.
pub(crate) fn unheard(
    tx: &mut Tx,
    shop: ShopScope,
    last: Option<i64>,
    from: Instant,
) -> Result<Vec<Message>> {
    let newest = store::last_news(tx, shop)?;
    if let Some(last) = last.filter(|last| (0..=newest).contains(last)) {
        let news = store::news_after(tx, shop, last)?;
        // A first number that does not follow means that some were forgotten meanwhile.
        if last == newest || news.first().is_some_and(|first| first.seq == last + 1) {
            return Ok(news.iter().map(told).collect());
        }
    }
    let open = store::open_at_shop(tx, shop, from)?;
    let mut messages: Vec<Message> = open.iter().map(|alert| spoken(None, alert)).collect();
    // A beat that carries the number from which the stream goes on.
    messages.push(Message {
        id: Some(newest.to_string()),
        event: "beat",
        data: json!({}),
    });
    Ok(messages)
}

fn told(news: &News) -> Message {
    let id = Some(news.seq.to_string());
    match (&news.alert, news.event.as_str()) {
        (Some(alert), "settled") => Message {
            id,
            event: "settled",
            data: json!({ "id": alert.id.to_string() }),
        },
        (Some(alert), _) if must_be_said(alert) => spoken(id, alert),
        // What has passed meanwhile is not said any more, but the stream goes on from here.
        (Some(_), _) => Message {
            id,
            event: "beat",
            data: json!({}),
        },
        (None, _) => Message {
            id,
            event: "refresh",
            data: json!({ "target": "#now" }),
        },
    }
}

fn must_be_said(alert: &Alert) -> bool {
    alert.state == State::Queued || alert.state.is_open() && alert.kind.repeats()
}

fn spoken(id: Option<String>, alert: &Alert) -> Message {
    let data = json!({
        "id": alert.id.to_string(),
        "text": alert.text,
        "speech": alert.speech,
        "heard": format!("/desk/alerts/{}/heard", alert.id),
    });
    Message {
        id,
        event: alert.kind.event(),
        data,
    }
}
