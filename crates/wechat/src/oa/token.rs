use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::Secret;

/// A token of WeChat and when it ends.
#[derive(Clone, Debug)]
pub struct StoredToken {
    /// The token, up to 512 characters and more.
    pub value: Secret<String>,
    /// Seconds since 1970-01-01 UTC.
    pub expires_at_s: i64,
}

/// Keeps access tokens and tickets, at best for all nodes of a platform together, and says which node may fetch.
///
/// A store that fails returns `None` from [`get`](Self::get), ignores [`put`](Self::put) and grants every lease: the
/// worst that follows is one more call, since `stable_token` gives every caller the same token.
pub trait TokenStore: Send + Sync {
    /// The token under this key, expired or not. May wait for a database.
    fn get(&self, key: &str) -> Option<StoredToken>;

    /// Keeps a token, replacing what was there. May wait for a database.
    fn put(&self, key: &str, token: StoredToken);

    /// The token under this key as far as this process knows, without any waiting; the one method that may be called where
    /// a thread must not block. A store in memory gives what [`get`](Self::get) gives; one beyond the process gives its
    /// last copy, and may see to a newer one in the background.
    fn at_hand(&self, key: &str) -> Option<StoredToken>;

    /// Takes the right to fetch what belongs under this key, from `now_s` until `until_s` (seconds since 1970-01-01
    /// UTC): `true` for exactly one of all that ask while nobody holds it. A lease ends by [`release`](Self::release), or
    /// by itself at `until_s`, so that a holder that died holds nobody up. A holder that asks again while it holds is
    /// refused like any other.
    fn try_lease(&self, key: &str, holder: &str, now_s: i64, until_s: i64) -> bool;

    /// Gives the lease back, if this holder still has it.
    fn release(&self, key: &str, holder: &str);
}

/// A store in memory, for one process.
#[derive(Debug, Default)]
pub struct MemoryTokens {
    tokens: Mutex<HashMap<String, StoredToken>>,
    /// Holder and end by key.
    leases: Mutex<HashMap<String, (String, i64)>>,
}

impl TokenStore for MemoryTokens {
    fn get(&self, key: &str) -> Option<StoredToken> {
        lock(&self.tokens).get(key).cloned()
    }

    fn put(&self, key: &str, token: StoredToken) {
        lock(&self.tokens).insert(key.to_owned(), token);
    }

    fn at_hand(&self, key: &str) -> Option<StoredToken> {
        self.get(key)
    }

    fn try_lease(&self, key: &str, holder: &str, now_s: i64, until_s: i64) -> bool {
        let mut leases = lock(&self.leases);
        if leases.get(key).is_some_and(|(_, until)| *until > now_s) {
            return false;
        }
        leases.insert(key.to_owned(), (holder.to_owned(), until_s));
        true
    }

    fn release(&self, key: &str, holder: &str) {
        let mut leases = lock(&self.leases);
        if leases.get(key).is_some_and(|(held_by, _)| held_by == holder) {
            leases.remove(key);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
