use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use kernel::Instant;

/// Counts what one person or address does in a minute. In memory: a restart forgives.
#[derive(Default)]
pub struct Limiter(Mutex<HashMap<String, (i64, u32)>>);

/// So many keys are remembered at most; then the minutes that have passed are dropped.
const MOST: usize = 100_000;

impl Limiter {
    /// Counts one more for `key`; false when it is over `most` in this minute.
    pub fn pass(&self, key: &str, most: u32, now: Instant) -> bool {
        let minute = now.ms() / kernel::MINUTE_MS;
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST {
            counts.retain(|_, (at, _)| *at == minute);
        }
        let (at, count) = counts.entry(key.to_owned()).or_insert((minute, 0));
        if *at != minute {
            (*at, *count) = (minute, 0);
        }
        *count += 1;
        *count <= most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_is_stopped_until_the_next_minute() {
        let (limiter, now) = (Limiter::default(), Instant(1_000_000_000_000));
        assert_eq!((0..5).filter(|_| limiter.pass("a", 3, now)).count(), 3);
        assert!(limiter.pass("b", 3, now));
        assert!(limiter.pass("a", 3, now.plus_minutes(1)));
    }
}
