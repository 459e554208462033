//! One refresher for all nodes of a platform: several accounts over one store, threads in parallel.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use serde_json::json;

use super::support::*;
use crate::oa::{Account, Class, Credentials, Error, MemoryTokens, StoredToken, TokenStore};
use crate::{At, Endpoints, Secret, TransportError};

const STABLE: &str = "/cgi-bin/stable_token";
const TICKET: &str = "/cgi-bin/ticket/getticket";
const KEY: &str = "access_token:wx2421b1c4370ec43b";

fn node(wire: &Arc<Wire>, store: &Arc<dyn TokenStore>) -> Account {
    let credentials = Credentials {
        appid: "wx2421b1c4370ec43b".into(),
        secret: Secret::new("app-secret".into()),
    };
    Account::new(credentials, Endpoints::default(), wire.clone(), store.clone())
}

fn store() -> Arc<dyn TokenStore> {
    Arc::new(MemoryTokens::default())
}

fn stored(value: &str, expires_at_s: i64) -> StoredToken {
    StoredToken {
        value: Secret::new(value.to_owned()),
        expires_at_s,
    }
}

/// WeChat with one token at a time: `TOKEN<n>` after `n` renewals, of which the first was killed early. A fetch takes
/// a while, so that the others arrive meanwhile.
fn wechat() -> Arc<Wire> {
    let fetched = AtomicUsize::new(0);
    Wire::new(move |_, request| match request.uri() {
        uri if uri.path() == STABLE => {
            thread::sleep(Duration::from_millis(30));
            let number = fetched.fetch_add(1, Ordering::SeqCst);
            json_answer(&json!({"access_token": format!("TOKEN{number}"), "expires_in": 7200}))
        }
        uri if uri.query().unwrap().contains("DEAD") => {
            json_answer(&json!({"errcode": 40001, "errmsg": "invalid credential rid: 1-2"}))
        }
        uri if uri.path() == TICKET => {
            thread::sleep(Duration::from_millis(30));
            json_answer(&json!({"errcode": 0, "errmsg": "ok", "ticket": "TICKET", "expires_in": 7200}))
        }
        _ => json_answer(&json!({"subscribe": 1, "openid": "o1"})),
    })
}

/// Runs `call` on `nodes` nodes with three threads each, all at the same moment.
fn on_all(wire: &Arc<Wire>, store: &Arc<dyn TokenStore>, nodes: usize, call: impl Fn(&Account) + Sync) {
    let nodes: Vec<_> = (0..nodes).map(|_| node(wire, store)).collect();
    let start = Barrier::new(nodes.len() * 3);
    thread::scope(|scope| {
        for node in &nodes {
            for _ in 0..3 {
                scope.spawn(|| {
                    start.wait();
                    call(node);
                });
            }
        }
    });
}

#[test]
fn many_nodes_without_a_token_fetch_it_once() {
    let (wire, store) = (wechat(), store());
    on_all(&wire, &store, 5, |node| {
        assert_eq!(node.access_token(at()).unwrap().expose(), "TOKEN0");
    });
    assert_eq!(wire.count(STABLE), 1);
}

#[test]
fn a_token_killed_early_is_renewed_once_over_all_nodes() {
    let (wire, store) = (wechat(), store());
    store.put(KEY, stored("DEAD", NOW_S + 7200));
    on_all(&wire, &store, 5, |node| {
        assert!(node.user_info(at(), "o1").unwrap().follows());
    });
    assert_eq!(wire.count(STABLE), 1, "one passive refresh, not one a node");
    assert_eq!(store.get(KEY).unwrap().value.expose(), "TOKEN0");
}

/// The negative twin: a store that grants every lease lets every node refresh.
#[test]
fn without_the_lease_every_node_would_refresh() {
    #[derive(Default)]
    struct Generous(MemoryTokens);
    impl TokenStore for Generous {
        fn get(&self, key: &str) -> Option<StoredToken> {
            self.0.get(key)
        }
        fn put(&self, key: &str, token: StoredToken) {
            self.0.put(key, token);
        }
        fn at_hand(&self, key: &str) -> Option<StoredToken> {
            self.0.at_hand(key)
        }
        fn try_lease(&self, _: &str, _: &str, _: i64, _: i64) -> bool {
            true
        }
        fn release(&self, _: &str, _: &str) {}
    }
    let wire = wechat();
    let store: Arc<dyn TokenStore> = Arc::new(Generous::default());
    store.put(KEY, stored("DEAD", NOW_S + 7200));
    on_all(&wire, &store, 5, |node| {
        node.user_info(at(), "o1").unwrap();
    });
    assert!(wire.count(STABLE) > 1, "the race is real");
}

#[test]
fn the_ticket_too_is_fetched_once_for_all() {
    let (wire, store) = (wechat(), store());
    on_all(&wire, &store, 4, |node| {
        assert_eq!(node.jsapi_ticket(at()).unwrap().expose(), "TICKET");
    });
    assert_eq!((wire.count(STABLE), wire.count(TICKET)), (1, 1));
}

#[test]
fn a_holder_that_died_is_waited_for_until_its_lease_ends() {
    let (wire, store) = (wechat(), store());
    assert!(store.try_lease(KEY, "dead node", NOW_S - 60, NOW_S + 1));
    let at = At {
        now_s: NOW_S,
        deadline: Duration::from_secs(3),
    };
    assert_eq!(node(&wire, &store).access_token(at).unwrap().expose(), "TOKEN0");
    assert_eq!(wire.count(STABLE), 1);
}

#[test]
fn a_call_waits_no_longer_than_it_may() {
    let (wire, store) = (wechat(), store());
    assert!(store.try_lease(KEY, "slow node", NOW_S, NOW_S + 60));
    let at = At {
        now_s: NOW_S,
        deadline: Duration::from_millis(200),
    };
    let error = node(&wire, &store).access_token(at).unwrap_err();
    assert!(
        matches!(error, Error::Transport(TransportError::NotSent(_))),
        "{error:?}"
    );
    assert_eq!((error.class(), error.may_have_happened()), (Class::Retry, false));
    assert_eq!(wire.count(STABLE), 0);
}

#[test]
fn what_the_holder_brought_meanwhile_is_taken() {
    let (wire, store) = (wechat(), store());
    assert!(store.try_lease(KEY, "other node", NOW_S, NOW_S + 60));
    thread::scope(|scope| {
        let waiting = scope.spawn(|| node(&wire, &store).access_token(at()).unwrap());
        thread::sleep(Duration::from_millis(100));
        store.put(KEY, stored("BROUGHT", NOW_S + 7200));
        assert_eq!(waiting.join().unwrap().expose(), "BROUGHT");
    });
    assert_eq!(wire.count(STABLE), 0);
}

#[test]
fn a_fetch_that_failed_gives_the_lease_back() {
    let fails = Arc::new(AtomicBool::new(true));
    let failing = fails.clone();
    let wire = Wire::new(move |_, _| {
        if failing.swap(false, Ordering::SeqCst) {
            Err(TransportError::NotSent("host not found".into()))
        } else {
            json_answer(&json!({"access_token": "TOKEN", "expires_in": 7200}))
        }
    });
    let store = store();
    node(&wire, &store).access_token(at()).unwrap_err();
    assert_eq!(node(&wire, &store).access_token(at()).unwrap().expose(), "TOKEN");
}

#[test]
fn a_token_is_forced_out_once_in_thirty_seconds_over_all_nodes() {
    let wire = Wire::new(|_, request| match request.uri() {
        uri if uri.path() == STABLE => json_answer(&json!({"access_token": "DEAD", "expires_in": 7200})),
        _ => json_answer(&json!({"errcode": 40001, "errmsg": ""})),
    });
    let forced = || {
        let seen = wire.seen.lock().unwrap();
        seen.iter()
            .filter(|request| String::from_utf8_lossy(request.body()).contains(r#""force_refresh":true"#))
            .count()
    };
    let store = store();
    for _ in 0..3 {
        node(&wire, &store).user_info(at(), "o1").unwrap_err();
    }
    assert_eq!(forced(), 1, "20 a day must not be gone in a second");
    node(&wire, &store)
        .user_info(At::now(NOW_S + 31), "o1")
        .unwrap_err();
    assert_eq!(forced(), 2);
}

#[test]
fn a_lease_has_one_holder_until_it_ends() {
    let store = MemoryTokens::default();
    assert!(store.try_lease("k", "a", 100, 110));
    assert!(!store.try_lease("k", "b", 109, 120), "held");
    assert!(
        !store.try_lease("k", "a", 109, 120),
        "not even by its holder again"
    );
    assert!(store.try_lease("other", "b", 109, 120));
    store.release("k", "b");
    assert!(
        !store.try_lease("k", "b", 109, 120),
        "only the holder gives it back"
    );
    assert!(store.try_lease("k", "b", 110, 120), "it ended");
    store.release("k", "a");
    assert!(
        !store.try_lease("k", "c", 115, 130),
        "a late release harms nobody"
    );
    store.release("k", "b");
    assert!(store.try_lease("k", "c", 115, 130));
}

#[test]
fn a_page_is_signed_from_the_ticket_at_hand_without_a_call() {
    let (wire, store) = (wechat(), store());
    let node = node(&wire, &store);
    let url = "https://a.example/shops?x=1#map";
    assert_eq!(node.page_config_at_hand(NOW_S, "N", url), None);
    assert!(wire.seen.lock().unwrap().is_empty(), "nothing is asked of WeChat");
    let config = node.page_config(at(), "N", url).unwrap();
    assert_eq!(node.page_config_at_hand(NOW_S, "N", url), Some(config));
    assert!(node.page_config_at_hand(NOW_S + 7199, "N", url).is_some());
    assert_eq!(
        node.page_config_at_hand(NOW_S + 7200, "N", url),
        None,
        "its time is over"
    );
    assert_eq!(wire.count(TICKET), 1);
}
