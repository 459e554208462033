//! Web authorisation and the account's other answers: what comes back from the network, and what goes into an address.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use http::{Request, Response};
use serde_json::Value;
use wechat::{
    At, Endpoints, Secret, Transport, TransportError,
    oa::{Account, Credentials, MemoryTokens, Scope, SignIn},
};

/// Answers everything with the same bytes.
struct Echo(Mutex<Vec<u8>>);

impl Transport for Echo {
    fn send(&self, request: Request<Vec<u8>>, _: Duration) -> Result<Response<Vec<u8>>, TransportError> {
        assert!(
            request.uri().host() == Some("api.weixin.qq.com"),
            "{}",
            request.uri()
        );
        Ok(Response::new(self.0.lock().expect("nobody panics here").clone()))
    }
}

fn account(answer: &[u8]) -> Account {
    let credentials = Credentials {
        appid: "wx2421b1c4370ec43b".to_owned(),
        secret: Secret::new("app-secret".to_owned()),
    };
    let echo = Echo(Mutex::new(answer.to_vec()));
    Account::new(
        credentials,
        Endpoints::default(),
        Arc::new(echo),
        Arc::new(MemoryTokens::default()),
    )
}

/// The first byte says whether the rest is an answer of WeChat, or the parameters of a sign-in: state, line break, the rest.
pub(crate) fn oauth(input: &[u8]) {
    match input.split_first() {
        Some((first, rest)) if first % 2 == 0 => answer(rest),
        Some((_, rest)) => parameters(rest),
        None => {}
    }
}

fn answer(body: &[u8]) {
    let (account, at) = (account(body), At::now(1_790_000_000));
    let value = serde_json::from_slice::<Value>(body).unwrap_or_default();
    match account.oauth_sign_in(at, "code") {
        Ok(SignIn::Person(grant)) => {
            assert_eq!(value["openid"].as_str(), Some(grant.openid.as_str()));
            assert_ne!(
                value["is_snapshotuser"].as_i64(),
                Some(1),
                "a snapshot is no person"
            );
            assert!(
                value["errcode"].as_i64().unwrap_or(0) == 0,
                "a refusal is no person"
            );
            let _ = account.oauth_profile(at, &grant);
            let _ = account.oauth_refresh(at, &grant.refresh_token);
        }
        Ok(SignIn::Snapshot) => assert_eq!(value["is_snapshotuser"].as_i64(), Some(1)),
        Err(error) => assert!(!error.to_string().contains("app-secret"), "{error}"),
    }
    let _ = account.access_token(at);
    let _ = account.user_info(at, "openid");
    let _ = account.menu(at);
    let _ = account.page_config(at, "nonce", "https://shop.example/");
}

fn parameters(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let (state, redirect) = text.split_once('\n').unwrap_or((text, ""));
    let _ = account(b"{}").oauth_sign_in(At::now(1_790_000_000), text);
    let Ok(url) = account(b"{}").authorize_url(redirect, Scope::Base, state) else {
        return;
    };
    let uri: http::Uri = url
        .split('#')
        .next()
        .expect("a first part")
        .parse()
        .expect("an address");
    assert_eq!(uri.host(), Some("open.weixin.qq.com"));
    assert_eq!(url.matches('#').count(), 1, "{url}");
    let pairs: Vec<(&str, &str)> = uri
        .query()
        .expect("there are parameters")
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .collect();
    assert_eq!(pairs.len(), 5, "{url}");
    assert_eq!(decoded(pairs[1].1), redirect.as_bytes(), "{url}");
    assert_eq!(pairs[4], ("state", state));
}

fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        if byte == b'%' {
            let digits = str::from_utf8(&after[..2]).expect("ASCII");
            bytes.push(u8::from_str_radix(digits, 16).expect("two hexadecimal digits"));
            rest = &after[2..];
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    bytes
}
