use std::{convert::Infallible, future::Future, time::Duration};

use axum::{
    body::Body,
    http::header,
    response::{IntoResponse, Response},
};
use tokio::sync::mpsc;

use crate::Ask;

/// The watchdog of the page waits longer than this; see `desk.js`.
const BEAT: Duration = Duration::from_secs(10);
/// News from another node that was announced while its listener was away is seen after this at the latest.
const POLL: Duration = Duration::from_secs(5);

/// One event of a live stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Where the stream goes on after a lost connection; none for a passing one.
    pub id: Option<String>,
    /// The event's name.
    pub event: &'static str,
    /// Its data, without line breaks.
    pub data: serde_json::Value,
}

impl Message {
    fn text(&self) -> String {
        let id = self
            .id
            .as_ref()
            .map(|id| format!("id: {id}\n"))
            .unwrap_or_default();
        format!("{id}event: {}\ndata: {}\n\n", self.event, self.data)
    }
}

/// What a live stream has sent so far and where it listens.
#[derive(Debug, Clone)]
pub struct Live {
    /// Announced topic that means there is news.
    pub topic: String,
    /// The id of the last message the browser has.
    pub last: Option<String>,
}

/// Streams messages to the browser until it goes away: `news` is asked at the start, after every announcement of the topic
/// and every few seconds, with the id of the last message that was sent.
pub fn live<F, Fut>(ask: Ask, live: Live, news: F) -> Response
where
    F: Fn(std::sync::Arc<Ask>, Option<String>) -> Fut + Send + 'static,
    Fut: Future<Output = kernel::Result<Vec<Message>>> + Send + 'static,
{
    let (sender, receiver) = mpsc::channel::<String>(16);
    tokio::spawn(feed(ask, live, news, sender));
    let stream = futures_util::stream::unfold(receiver, async |mut receiver| {
        receiver
            .recv()
            .await
            .map(|text| (Ok::<_, Infallible>(text), receiver))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // Tells a reverse proxy not to collect the stream before passing it on.
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers, Body::from_stream(stream)).into_response()
}

async fn feed<F, Fut>(ask: Ask, mut live: Live, news: F, sender: mpsc::Sender<String>)
where
    F: Fn(std::sync::Arc<Ask>, Option<String>) -> Fut + Send,
    Fut: Future<Output = kernel::Result<Vec<Message>>> + Send + 'static,
{
    let ask = std::sync::Arc::new(ask);
    let mut changes = ask.app.db.changes();
    let mut beat = tokio::time::interval(BEAT);
    let mut poll = tokio::time::interval(POLL);
    if sender.send("retry: 2000\n\n".to_owned()).await.is_err() {
        return;
    }
    loop {
        let due = tokio::select! {
            () = sender.closed() => return,
            _ = beat.tick() => {
                if sender.send("event: beat\ndata: {}\n\n".to_owned()).await.is_err() { return }
                false
            }
            _ = poll.tick() => true,
            topic = changes.recv() => match topic {
                // `*`: something may have been missed.
                Ok(topic) => *topic == *live.topic || &*topic == "*",
                // Some were missed: look.
                Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => true,
                Err(tokio::sync::broadcast::error::RecvError::Closed) => return,
            },
        };
        if !due {
            continue;
        }
        match news(ask.clone(), live.last.clone()).await {
            Ok(messages) => {
                for message in messages {
                    if sender.send(message.text()).await.is_err() {
                        return;
                    }
                    live.last = message.id.or(live.last);
                }
            }
            // The browser keeps the stream; the next look may succeed.
            Err(error) => tracing::warn!("live stream: {error}"),
        }
    }
}
