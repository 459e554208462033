//! Fetching tokens and tickets: one thread of a process at a time, and one process of a platform.

use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use super::account::Account;
use super::request::Request;
use super::{Error, StoredToken, TokenStore};
use crate::{At, Secret, TransportError};

/// A token is renewed this long before its end, in seconds: `stable_token` gives a new one only in the last
/// five minutes of the old.
const RENEW_BEFORE_S: i64 = 240;
/// A token may be forced out once in so many seconds (`doc/service/api/base/api_getstableaccesstoken`).
const FORCE_AGAIN_S: i64 = 30;
/// How often a node looks for what another one fetches.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Lets one thread of this process through at a time; the others wait, but no longer than they may.
#[derive(Default)]
pub(super) struct Turn {
    taken: Mutex<bool>,
    free: Condvar,
}

struct Taken<'a>(&'a Turn);

impl Turn {
    fn take(&self, patience: Duration) -> Option<Taken<'_>> {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut taken, _) = self
            .free
            .wait_timeout_while(taken, patience, |taken| *taken)
            .unwrap_or_else(PoisonError::into_inner);
        if *taken {
            return None;
        }
        *taken = true;
        Some(Taken(self))
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        *self.0.taken.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.0.free.notify_one();
    }
}

/// The lease of this node, given back when it is dropped, on an error too.
struct Lease<'a> {
    store: &'a dyn TokenStore,
    key: &'a str,
    holder: &'a str,
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        self.store.release(self.key, self.holder);
    }
}

impl Account {
    /// The access token, from the store or fetched.
    ///
    /// # Errors
    /// As every call; a wrong appid or secret or an address that is not whitelisted has the class `Alarm`. When
    /// another thread or node has been fetching for as long as this call may take, [`TransportError::NotSent`].
    pub fn access_token(&self, at: At) -> Result<Secret<String>, Error> {
        let key = self.token_key();
        if let Some(token) = self.stored(&key, at) {
            return Ok(token);
        }
        self.renewed(at, &self.token_turn, &key, None, || self.fetch_token(at, false))
    }

    /// A token other than `dead`. Whoever arrives while another thread or node fetches takes what it brought.
    pub(super) fn replace_token(&self, at: At, dead: &Secret<String>) -> Result<Secret<String>, Error> {
        let key = self.token_key();
        self.renewed(at, &self.token_turn, &key, Some(dead), || {
            let token = self.fetch_token(at, false)?;
            // The normal mode repeats a living token; only force brings another (20 a day, 30 s apart). The lease that
            // nobody gives back is what keeps the 30 seconds over all nodes.
            let force = format!("force:{key}");
            let may_force = token.value.expose() == dead.expose()
                && self
                    .tokens
                    .try_lease(&force, &self.holder, at.now_s, at.now_s + FORCE_AGAIN_S);
            if may_force {
                self.fetch_token(at, true)
            } else {
                Ok(token)
            }
        })
    }

    /// The JS-SDK ticket, good for two hours, from the store or fetched.
    ///
    /// # Errors
    /// As [`Self::access_token`].
    pub fn jsapi_ticket(&self, at: At) -> Result<Secret<String>, Error> {
        #[derive(Deserialize)]
        struct Answer {
            ticket: Secret<String>,
            expires_in: i64,
        }
        let key = self.ticket_key();
        if let Some(ticket) = self.stored(&key, at) {
            return Ok(ticket);
        }
        self.renewed(at, &self.ticket_turn, &key, None, || {
            let request = Request::get("/cgi-bin/ticket/getticket", &[("type", "jsapi")]);
            let answer: Answer = self.call(at, &request)?;
            Ok(StoredToken {
                value: answer.ticket,
                expires_at_s: at.now_s + answer.expires_in,
            })
        })
    }

    pub(super) fn ticket_key(&self) -> String {
        format!("jsapi_ticket:{}", self.credentials.appid)
    }

    fn token_key(&self) -> String {
        format!("access_token:{}", self.credentials.appid)
    }

    fn stored(&self, key: &str, at: At) -> Option<Secret<String>> {
        let token = self.tokens.get(key)?;
        (token.expires_at_s - RENEW_BEFORE_S > at.now_s).then_some(token.value)
    }

    /// What is stored under `key` and is not `dead`: fetched here, or brought by whoever is fetching already.
    fn renewed(
        &self,
        at: At,
        turn: &Turn,
        key: &str,
        dead: Option<&Secret<String>>,
        fetch: impl FnOnce() -> Result<StoredToken, Error>,
    ) -> Result<Secret<String>, Error> {
        let brought = || {
            self.stored(key, at)
                .filter(|token| dead.is_none_or(|dead| dead.expose() != token.expose()))
        };
        let _turn = turn.take(at.deadline).ok_or_else(somebody_else_fetches)?;
        let mut waited = Duration::ZERO;
        loop {
            if let Some(token) = brought() {
                return Ok(token);
            }
            if let Some(_lease) = self.lease(at, waited, key) {
                // Between the look and the lease another node may have finished.
                if let Some(token) = brought() {
                    return Ok(token);
                }
                let token = fetch()?;
                self.tokens.put(key, token.clone());
                return Ok(token.value);
            }
            if waited >= at.deadline {
                return Err(somebody_else_fetches());
            }
            thread::sleep(LOOK_AGAIN);
            waited += LOOK_AGAIN;
        }
    }

    /// Lasts longer than the slowest fetch: three calls (token, forced token; or token and ticket) and some for clocks
    /// that differ.
    fn lease<'a>(&'a self, at: At, waited: Duration, key: &'a str) -> Option<Lease<'a>> {
        let seconds = |time: Duration| i64::try_from(time.as_secs()).unwrap_or(i64::MAX / 8);
        let now_s = at.now_s + seconds(waited);
        let until_s = now_s + 3 * seconds(at.deadline) + 5;
        self.tokens
            .try_lease(key, &self.holder, now_s, until_s)
            .then_some(Lease {
                store: &*self.tokens,
                key,
                holder: &self.holder,
            })
    }

    /// `doc/service/api/base/api_getstableaccesstoken`.
    fn fetch_token(&self, at: At, force: bool) -> Result<StoredToken, Error> {
        #[derive(Deserialize)]
        struct Answer {
            access_token: Secret<String>,
            expires_in: i64,
        }
        let request = Request::post(
            "/cgi-bin/stable_token",
            json!({
                "grant_type": "client_credential",
                "appid": self.credentials.appid,
                "secret": self.credentials.secret.expose(),
                "force_refresh": force,
            }),
        );
        let answer: Answer = self.exchange(at, &request)?;
        Ok(StoredToken {
            value: answer.access_token,
            expires_at_s: at.now_s + answer.expires_in,
        })
    }
}

/// Nothing was sent, so the caller may try again.
fn somebody_else_fetches() -> Error {
    TransportError::NotSent("a token is being fetched elsewhere".to_owned()).into()
}
