use std::sync::Arc;

use ring::rand::{self, SystemRandom};
use serde::de::DeserializeOwned;

use super::renewal::Turn;
use super::request::{Answer, Request};
use super::{Class, Error, TokenStore};
use crate::{At, Endpoints, Secret, Transport, crypto};

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
/// One per account and process, shared by all threads. Several processes share a [`TokenStore`]: then one of them fetches
/// a token and the others take it from the store.
pub struct Account {
    pub(super) credentials: Credentials,
    pub(super) endpoints: Endpoints,
    transport: Arc<dyn Transport>,
    pub(super) tokens: Arc<dyn TokenStore>,
    pub(super) token_turn: Turn,
    pub(super) ticket_turn: Turn,
    /// This account of this process, in leases.
    pub(super) holder: String,
}

impl Account {
    /// An account that calls through this transport and keeps its token in this store.
    pub fn new(
        credentials: Credentials,
        endpoints: Endpoints,
        transport: Arc<dyn Transport>,
        tokens: Arc<dyn TokenStore>,
    ) -> Self {
        let holder: rand::Random<[u8; 16]> =
            rand::generate(&SystemRandom::new()).expect("the system gives random bytes");
        Self {
            credentials,
            endpoints,
            transport,
            tokens,
            token_turn: Turn::default(),
            ticket_turn: Turn::default(),
            holder: crypto::hex(&holder.expose()),
        }
    }

    /// The account's appid.
    pub fn appid(&self) -> &str {
        &self.credentials.appid
    }

    /// A call with the access token that is answered with JSON.
    pub(super) fn call<T: DeserializeOwned>(&self, at: At, request: &Request<'_>) -> Result<T, Error> {
        self.ask(at, request)?.into_json()
    }

    /// A call whose answer says nothing but that it was done.
    pub(super) fn order(&self, at: At, request: &Request<'_>) -> Result<(), Error> {
        self.call::<serde_json::Value>(at, request).map(drop)
    }

    /// A call with the access token. If WeChat says that the token is dead (40001, 40014, 42001), fetches a
    /// new one and tries once more, exactly once.
    pub(super) fn ask(&self, at: At, request: &Request<'_>) -> Result<Answer, Error> {
        let token = self.access_token(at)?;
        match self.send(at, request, Some(&token)) {
            Err(error @ Error::Api { .. }) if error.class() == Class::RefreshToken => {
                let fresh = self.replace_token(at, &token)?;
                self.send(at, request, Some(&fresh))
            }
            answer => answer,
        }
    }

    /// One exchange without the access token.
    pub(super) fn exchange<T: DeserializeOwned>(&self, at: At, request: &Request<'_>) -> Result<T, Error> {
        self.send(at, request, None)?.into_json()
    }

    fn send(&self, at: At, request: &Request<'_>, token: Option<&Secret<String>>) -> Result<Answer, Error> {
        let sent = request.to_http(&self.endpoints.api, token)?;
        request.read(self.transport.send(sent, at.deadline)?)
    }
}
