use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Class, Error, StoredToken, TokenStore};
use crate::{At, Endpoints, Secret, Transport, url};

/// A token is renewed this long before its end, in seconds: `stable_token` gives a new one only in the last
/// five minutes of the old.
const RENEW_BEFORE_S: i64 = 240;

/// What identifies an official account to the API.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// `wx…`
    pub appid: String,
    /// The app secret.
    pub secret: Secret<String>,
}

/// An official account: its credentials, its token and the way out.
///
/// One per account and process, shared by all threads. Several processes share a [`TokenStore`].
pub struct Account {
    pub(super) credentials: Credentials,
    pub(super) endpoints: Endpoints,
    transport: Arc<dyn Transport>,
    tokens: Arc<dyn TokenStore>,
    /// Held while a token or ticket is fetched, so that one thread fetches and the others wait for it.
    fetching: Mutex<()>,
}

/// One call: what differs between the interfaces.
pub(super) struct Request<'a> {
    pub(super) path: &'a str,
    pub(super) query: Vec<(&'a str, &'a str)>,
    /// `None` makes it a GET.
    pub(super) body: Option<Value>,
}

impl<'a> Request<'a> {
    pub(super) fn get(path: &'a str, query: &[(&'a str, &'a str)]) -> Self {
        Self {
            path,
            query: query.to_vec(),
            body: None,
        }
    }

    pub(super) fn post(path: &'a str, body: Value) -> Self {
        Self {
            path,
            query: Vec::new(),
            body: Some(body),
        }
    }
}

impl Account {
    /// An account that calls through this transport and keeps its token in this store.
    pub fn new(
        credentials: Credentials,
        endpoints: Endpoints,
        transport: Arc<dyn Transport>,
        tokens: Arc<dyn TokenStore>,
    ) -> Self {
        Self {
            credentials,
            endpoints,
            transport,
            tokens,
            fetching: Mutex::new(()),
        }
    }

    /// The account's appid.
    pub fn appid(&self) -> &str {
        &self.credentials.appid
    }

    /// A call with the access token. If WeChat says that the token is dead (40001, 40014, 42001), fetches a
    /// new one and tries once more, exactly once.
    pub(super) fn call<T: DeserializeOwned>(&self, at: At, request: &Request<'_>) -> Result<T, Error> {
        let token = self.access_token(at)?;
        match self.call_with(at, request, &token) {
            Err(error @ Error::Api { .. }) if error.class() == Class::RefreshToken => {
                let fresh = self.replace_token(at, &token)?;
                self.call_with(at, request, &fresh)
            }
            answer => answer,
        }
    }

    /// The access token, from the store or fetched.
    ///
    /// # Errors
    /// As every call; a wrong appid or secret or an address that is not whitelisted has the class `Alarm`.
    pub fn access_token(&self, at: At) -> Result<Secret<String>, Error> {
        let key = self.token_key();
        if let Some(token) = self.stored(&key, at) {
            return Ok(token);
        }
        let _fetching = self.begin_fetching();
        match self.stored(&key, at) {
            Some(token) => Ok(token),
            None => self.fetch_token(at, false),
        }
    }

    /// A token other than `dead`. Threads that arrive while another one fetches take what it brought.
    fn replace_token(&self, at: At, dead: &Secret<String>) -> Result<Secret<String>, Error> {
        let _fetching = self.begin_fetching();
        if let Some(token) = self.stored(&self.token_key(), at)
            && token.expose() != dead.expose()
        {
            return Ok(token);
        }
        let token = self.fetch_token(at, false)?;
        if token.expose() == dead.expose() {
            // The normal mode repeats a living token; only force brings another (20 a day, 30 s apart).
            return self.fetch_token(at, true);
        }
        Ok(token)
    }

    /// `doc/service/api/base/api_getstableaccesstoken`.
    fn fetch_token(&self, at: At, force: bool) -> Result<Secret<String>, Error> {
        #[derive(serde::Deserialize)]
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
        let token = StoredToken {
            value: answer.access_token.clone(),
            expires_at_s: at.now_s + answer.expires_in,
        };
        self.tokens.put(&self.token_key(), token);
        Ok(answer.access_token)
    }

    fn call_with<T: DeserializeOwned>(
        &self,
        at: At,
        request: &Request<'_>,
        token: &Secret<String>,
    ) -> Result<T, Error> {
        let mut query = vec![("access_token", token.expose().as_str())];
        query.extend_from_slice(&request.query);
        self.exchange(
            at,
            &Request {
                path: request.path,
                query,
                body: request.body.clone(),
            },
        )
    }

    /// One exchange without a token of its own: sends, and tells an error code from an answer.
    pub(super) fn exchange<T: DeserializeOwned>(&self, at: At, request: &Request<'_>) -> Result<T, Error> {
        let address = format!(
            "{}{}?{}",
            self.endpoints.api,
            request.path,
            url::query(&request.query)
        );
        let builder = http::Request::builder().uri(address.trim_end_matches('?'));
        let request = match &request.body {
            None => builder.method(http::Method::GET).body(Vec::new()),
            Some(body) => builder
                .method(http::Method::POST)
                .header(http::header::CONTENT_TYPE, "application/json; charset=utf-8")
                .body(body.to_string().into_bytes()),
        }
        .map_err(|_| Error::Invalid("the base address is not an address"))?;
        read_answer(&self.transport.send(request, at.deadline)?)
    }

    pub(super) fn begin_fetching(&self) -> MutexGuard<'_, ()> {
        self.fetching.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn stored(&self, key: &str, at: At) -> Option<Secret<String>> {
        let token = self.tokens.get(key)?;
        (token.expires_at_s - RENEW_BEFORE_S > at.now_s).then_some(token.value)
    }

    pub(super) fn keep(&self, key: &str, token: StoredToken) {
        self.tokens.put(key, token);
    }

    fn token_key(&self) -> String {
        format!("access_token:{}", self.credentials.appid)
    }
}

fn read_answer<T: DeserializeOwned>(answer: &http::Response<Vec<u8>>) -> Result<T, Error> {
    let status = answer.status().as_u16();
    let unreadable = |what: &str| Error::Unreadable {
        status,
        what: what.to_owned(),
    };
    if status != 200 {
        return Err(unreadable("status is not 200"));
    }
    let value: Value = serde_json::from_slice(answer.body()).map_err(|_| unreadable("not JSON"))?;
    if let Some(code) = value.get("errcode").and_then(Value::as_i64)
        && code != 0
    {
        return Err(Error::api(
            code,
            value.get("errmsg").and_then(Value::as_str).unwrap_or_default(),
        ));
    }
    // The message of serde would quote a value when a type is wrong; the values may be secret.
    serde_json::from_value(value).map_err(|_| unreadable("a field is missing or of another type"))
}
