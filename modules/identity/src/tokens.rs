use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use db::{Db, Tx};
use kernel::Result;
use wechat::{
    Secret,
    oa::{MemoryTokens, StoredToken, TokenStore},
};

use crate::store;

/// The official account's tokens in the database, so that all nodes share them and one fetches for all.
///
/// The account is made before the database is open: until [`Tokens::keep_in`], and whenever the database fails, the tokens
/// stand in memory alone, and the worst that follows is a call more.
#[derive(Clone, Default)]
pub struct Tokens {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    db: OnceLock<Db>,
    /// What this node saw last.
    copies: MemoryTokens,
    /// The keys that are being looked up in the background.
    looking: Mutex<HashSet<String>>,
}

/// A copy is looked up anew from this long before its end, in seconds: the last minutes, in which another node renews it.
const LOOK_AGAIN_BEFORE_S: i64 = 300;

impl Tokens {
    /// Keeps the tokens in this database from now on. The first call counts.
    pub fn keep_in(&self, db: &Db) {
        // A second database in one process would be a mistake of the program's start; the first one stays.
        let _ = self.inner.db.set(db.clone());
    }

    /// Runs `f` in the database and waits for it; `None` without a database or when it fails.
    fn write<T: Send + 'static>(
        &self,
        f: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Option<T> {
        warned(self.inner.db.get()?.write(f).wait())
    }
}

impl TokenStore for Tokens {
    fn get(&self, key: &str) -> Option<StoredToken> {
        let Some(db) = self.inner.db.get() else {
            return self.inner.copies.get(key);
        };
        let asked = key.to_owned();
        match warned(db.read(move |tx| store::token(tx, &asked)).wait()) {
            Some(found) => self.inner.copied(key, found),
            None => self.inner.copies.get(key),
        }
    }

    fn put(&self, key: &str, token: StoredToken) {
        let (name, value) = (key.to_owned(), token.value.clone());
        let expires_at_s = token.expires_at_s;
        self.inner.copies.put(key, token);
        self.write(move |tx| store::put_token(tx, &name, value.expose(), expires_at_s));
    }

    fn at_hand(&self, key: &str) -> Option<StoredToken> {
        let copy = self.inner.copies.at_hand(key);
        if let Some(db) = self.inner.db.get() {
            let now_s = db.world().now().seconds();
            let fresh = |token: &StoredToken| token.expires_at_s - LOOK_AGAIN_BEFORE_S > now_s;
            if !copy.as_ref().is_some_and(fresh) {
                self.inner.look(db, key);
            }
        }
        copy
    }

    fn try_lease(&self, key: &str, holder: &str, now_s: i64, until_s: i64) -> bool {
        let (name, who) = (key.to_owned(), holder.to_owned());
        self.write(move |tx| store::take_lease(tx, &name, &who, now_s, until_s))
            .unwrap_or_else(|| self.inner.copies.try_lease(key, holder, now_s, until_s))
    }

    fn release(&self, key: &str, holder: &str) {
        self.inner.copies.release(key, holder);
        let (key, holder) = (key.to_owned(), holder.to_owned());
        self.write(move |tx| store::give_lease_back(tx, &key, &holder));
    }
}

impl Inner {
    /// Keeps a copy of what was found.
    fn copied(&self, key: &str, found: Option<(String, i64)>) -> Option<StoredToken> {
        let (value, expires_at_s) = found?;
        let token = StoredToken {
            value: Secret::new(value),
            expires_at_s,
        };
        self.copies.put(key, token.clone());
        Some(token)
    }

    /// Looks a key up without waiting; the copy is there for the next who asks.
    fn look(self: &Arc<Self>, db: &Db, key: &str) {
        if !self.lock_looking().insert(key.to_owned()) {
            return;
        }
        let looking = Looking {
            inner: self.clone(),
            key: key.to_owned(),
        };
        // The unit runs although nobody waits for it. It may run twice: the copy is the same.
        drop(db.read(move |tx| {
            let found = store::token(tx, &looking.key)?;
            looking.inner.copied(&looking.key, found);
            Ok(())
        }));
    }

    fn lock_looking(&self) -> MutexGuard<'_, HashSet<String>> {
        self.looking.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends with the unit, also when it was refused or failed.
struct Looking {
    inner: Arc<Inner>,
    key: String,
}

impl Drop for Looking {
    fn drop(&mut self) {
        self.inner.lock_looking().remove(&self.key);
    }
}

fn warned<T>(answer: Result<T>) -> Option<T> {
    answer
        .inspect_err(|error| tracing::warn!("the account's tokens are not in the database: {error}"))
        .ok()
}
