//! What happened, in words: the last lines to be read, all of it as one number to be compared.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use kernel::Instant;

const KEPT: usize = 30;

/// The record of one seed.
#[derive(Clone, Default)]
pub(crate) struct Trace(Arc<Mutex<Lines>>);

#[derive(Default)]
struct Lines {
    last: VecDeque<String>,
    hash: Option<u64>,
    all: bool,
}

impl Trace {
    /// A record that is shown while it is written where `all` is.
    pub fn new(all: bool) -> Trace {
        let lines = Lines {
            all,
            ..Lines::default()
        };
        Trace(Arc::new(Mutex::new(lines)))
    }

    /// Something happened.
    pub fn tell(&self, at: Instant, words: &str) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let line = format!("{at} {:03} {words}", at.ms().rem_euclid(1_000));
        if lines.all {
            println!("{line}");
        }
        // FNV-1a, 64 bits: small, and the same for ever.
        let begun = lines.hash.unwrap_or(0xcbf2_9ce4_8422_2325);
        let hash = line.bytes().chain(*b"\n").fold(begun, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        lines.hash = Some(hash);
        if lines.last.len() == KEPT {
            lines.last.pop_front();
        }
        lines.last.push_back(line);
    }

    /// All of it as one number.
    pub fn hash(&self) -> u64 {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .hash
            .unwrap_or_default()
    }

    /// The last lines, the oldest first.
    pub fn last(&self) -> Vec<String> {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.last.iter().cloned().collect()
    }
}
