use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::Secret;

/// A token of WeChat and when it ends.
#[derive(Clone, Debug)]
pub struct StoredToken {
    /// The token, up to 512 characters and more.
    pub value: Secret<String>,
    /// Seconds since 1970-01-01 UTC.
    pub expires_at_s: i64,
}

/// Keeps access tokens and tickets, at best for all nodes of a platform together.
///
/// A store that fails returns `None` from `get` and ignores `put`: the worst that follows is one more call.
pub trait TokenStore: Send + Sync {
    /// The token under this key, expired or not.
    fn get(&self, key: &str) -> Option<StoredToken>;
    /// Keeps a token, replacing what was there.
    fn put(&self, key: &str, token: StoredToken);
}

/// A store in memory, for one process.
#[derive(Debug, Default)]
pub struct MemoryTokens(Mutex<HashMap<String, StoredToken>>);

impl TokenStore for MemoryTokens {
    fn get(&self, key: &str) -> Option<StoredToken> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(key)
            .cloned()
    }

    fn put(&self, key: &str, token: StoredToken) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(key.to_owned(), token);
    }
}
