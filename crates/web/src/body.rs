//! Reading a request's body within its limit.

use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_util::StreamExt;
use kernel::Error;

use crate::failure::TooLarge;

/// How much more than its limit a body may bring and still get an answer in words: the largest photograph of a telephone.
const DISCARDED_BYTES: usize = 64 * 1024 * 1024;
/// How long the rest of such a body is waited for.
const DISCARDED_FOR: Duration = Duration::from_secs(10);

/// The whole body, of `limit` bytes at most.
///
/// What is too large is read to its end and thrown away before it is refused: a browser that is still sending when
/// the connection closes shows a broken connection instead of the refusal.
pub(crate) async fn within(limit: usize, body: Body) -> Result<Bytes, Error> {
    let mut chunks = body.into_data_stream();
    let mut kept = Vec::new();
    while let Some(chunk) = chunks.next().await {
        // A body that breaks off gets no answer that anybody could read.
        let chunk = chunk.map_err(|_| TooLarge)?;
        if kept.len() + chunk.len() > limit {
            drop(kept);
            let rest = discard(chunks);
            // Out of patience or at its end, the refusal is the same.
            let _ended = tokio::time::timeout(DISCARDED_FOR, rest).await;
            return Err(TooLarge.into());
        }
        kept.extend_from_slice(&chunk);
    }
    Ok(kept.into())
}

async fn discard(mut chunks: axum::body::BodyDataStream) {
    let mut left = DISCARDED_BYTES;
    while let Some(Ok(chunk)) = chunks.next().await {
        match left.checked_sub(chunk.len()) {
            Some(less) => left = less,
            None => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// A body of so many chunks of 1 KiB, and the count of those that were taken from it.
    fn chunks(count: usize) -> (Body, Arc<AtomicUsize>) {
        let taken = Arc::new(AtomicUsize::new(0));
        let counter = taken.clone();
        let stream = futures_util::stream::iter((0..count).map(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
            Ok::<_, Infallible>(Bytes::from_static(&[b'x'; 1024]))
        }));
        (Body::from_stream(stream), taken)
    }

    #[tokio::test]
    async fn a_body_up_to_its_limit_is_whole() {
        let (body, _) = chunks(4);
        let whole = within(4096, body).await.expect("it is as long as it may be");
        assert_eq!(whole.len(), 4096);
    }

    #[tokio::test]
    async fn a_larger_body_is_refused_after_its_last_byte() {
        let (body, taken) = chunks(40);
        assert!(within(4095, body).await.is_err());
        assert_eq!(taken.load(Ordering::Relaxed), 40);
    }

    #[tokio::test]
    async fn patience_with_a_larger_body_ends() {
        let (body, taken) = chunks(usize::MAX / 2);
        assert!(within(1024, body).await.is_err());
        assert!(taken.load(Ordering::Relaxed) <= 3 + DISCARDED_BYTES / 1024);
    }
}
