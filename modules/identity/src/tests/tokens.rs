//! The official account's tokens in the database: one refresher over all nodes, on both engines.

use std::{
    sync::{
        Arc, Barrier,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use db::{Db, Listeners, testing::TestDb};
use testkit::{Clock, START};
use wechat::{
    At, Endpoints, Secret, Transport, TransportError,
    oa::{Account, Credentials, StoredToken, TokenStore},
};

use crate::Tokens;

const KEY: &str = "access_token:wx0";
const NOW_S: i64 = START.seconds();

/// WeChat, which counts what it is asked for. The token `DEAD` was killed early.
#[derive(Default)]
struct WeChat {
    tokens: AtomicUsize,
    tickets: AtomicUsize,
}

impl Transport for WeChat {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
        _: Duration,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let answer = match request.uri().path() {
            "/cgi-bin/stable_token" => {
                thread::sleep(Duration::from_millis(30));
                let number = self.tokens.fetch_add(1, Ordering::SeqCst);
                format!(r#"{{"access_token":"TOKEN{number}","expires_in":7200}}"#)
            }
            _ if request.uri().query().unwrap_or_default().contains("DEAD") => {
                r#"{"errcode":40001,"errmsg":"invalid credential"}"#.to_owned()
            }
            "/cgi-bin/ticket/getticket" => {
                self.tickets.fetch_add(1, Ordering::SeqCst);
                r#"{"errcode":0,"errmsg":"ok","ticket":"TICKET","expires_in":7200}"#.to_owned()
            }
            _ => r#"{"subscribe":1,"openid":"o1"}"#.to_owned(),
        };
        Ok(http::Response::new(answer.into_bytes()))
    }
}

struct Node {
    account: Account,
    tokens: Tokens,
}

fn node(db: &Db, wechat: &Arc<WeChat>) -> Node {
    let tokens = Tokens::default();
    tokens.keep_in(db);
    let credentials = Credentials {
        appid: "wx0".to_owned(),
        secret: Secret::new("s".to_owned()),
    };
    let account = Account::new(
        credentials,
        Endpoints::default(),
        wechat.clone(),
        Arc::new(tokens.clone()),
    );
    Node { account, tokens }
}

/// Runs a test with three nodes over one database, on each engine.
fn on_three_nodes(test: impl Fn(&[Node], &WeChat)) {
    for engine in db::testing::engines() {
        println!("on {:?}", engine.engine());
        let wechat = Arc::new(WeChat::default());
        let nodes: Vec<Node> = (0..3).map(|_| node(&open(&engine), &wechat)).collect();
        test(&nodes, &wechat);
    }
}

fn open(engine: &TestDb) -> Db {
    let db = engine.open(Clock::new().world(1), Listeners::default()).unwrap();
    db.migrate(crate::module().migrations).unwrap();
    db
}

fn stored(value: &str) -> StoredToken {
    StoredToken {
        value: Secret::new(value.to_owned()),
        expires_at_s: NOW_S + 7200,
    }
}

fn value(token: Option<StoredToken>) -> Option<String> {
    token.map(|token| token.value.expose().clone())
}

#[test]
fn nodes_that_meet_a_dead_token_bring_one_new_one() {
    on_three_nodes(|nodes, wechat| {
        nodes[0].tokens.put(KEY, stored("DEAD"));
        let start = Barrier::new(nodes.len() * 2);
        thread::scope(|scope| {
            for node in nodes {
                for _ in 0..2 {
                    scope.spawn(|| {
                        start.wait();
                        let info = node.account.user_info(At::now(NOW_S), "o1").unwrap();
                        assert!(info.follows());
                    });
                }
            }
        });
        assert_eq!(wechat.tokens.load(Ordering::SeqCst), 1);
        for node in nodes {
            assert_eq!(value(node.tokens.get(KEY)).as_deref(), Some("TOKEN0"));
        }
    });
}

#[test]
fn a_lease_has_one_holder_over_all_nodes_until_it_ends() {
    on_three_nodes(|nodes, _| {
        let [a, b, _] = nodes else { panic!("three nodes") };
        assert!(a.tokens.try_lease("k", "a", 100, 110));
        assert!(!b.tokens.try_lease("k", "b", 109, 120), "held");
        assert!(
            !a.tokens.try_lease("k", "a", 109, 120),
            "not even by its holder again"
        );
        b.tokens.release("k", "b");
        assert!(
            !b.tokens.try_lease("k", "b", 109, 120),
            "only the holder gives it back"
        );
        assert!(
            b.tokens.try_lease("k", "b", 110, 120),
            "a holder that died holds nobody up"
        );
        a.tokens.release("k", "a");
        assert!(
            !a.tokens.try_lease("k", "a", 115, 130),
            "a late release harms nobody"
        );
        b.tokens.release("k", "b");
        assert!(a.tokens.try_lease("k", "a", 115, 130));
    });
}

#[test]
fn of_many_that_want_a_lease_at_once_one_gets_it() {
    on_three_nodes(|nodes, _| {
        let start = Barrier::new(nodes.len() * 4);
        let taken = AtomicUsize::new(0);
        thread::scope(|scope| {
            for (number, node) in nodes.iter().enumerate() {
                for thread in 0..4 {
                    let (start, taken) = (&start, &taken);
                    scope.spawn(move || {
                        start.wait();
                        let holder = format!("{number}-{thread}");
                        if node.tokens.try_lease("k", &holder, 100, 110) {
                            taken.fetch_add(1, Ordering::SeqCst);
                        }
                    });
                }
            }
        });
        assert_eq!(taken.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn another_nodes_ticket_is_at_hand_soon_after_it_was_first_asked_for() {
    on_three_nodes(|nodes, wechat| {
        let [first, second, _] = nodes else {
            panic!("three nodes")
        };
        let url = "https://a.example/";
        let config = first.account.page_config(At::now(NOW_S), "N", url).unwrap();
        let seen = (0..200).find_map(|_| {
            thread::sleep(Duration::from_millis(10));
            second.account.page_config_at_hand(NOW_S, "N", url)
        });
        assert_eq!(seen, Some(config));
        assert_eq!(wechat.tickets.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn without_a_database_the_tokens_stand_in_memory() {
    let closed = Tokens::default();
    let unprepared = Tokens::default();
    let engine = db::testing::sqlite();
    // Without its tables every statement fails, as on a database that is away.
    let db = engine.open(Clock::new().world(1), Listeners::default()).unwrap();
    unprepared.keep_in(&db);
    for tokens in [closed, unprepared] {
        tokens.put(KEY, stored("TOKEN"));
        assert_eq!(value(tokens.get(KEY)).as_deref(), Some("TOKEN"));
        assert_eq!(value(tokens.at_hand(KEY)).as_deref(), Some("TOKEN"));
        assert!(tokens.try_lease("k", "a", 100, 110));
        assert!(!tokens.try_lease("k", "b", 100, 110));
        tokens.release("k", "a");
        assert!(tokens.try_lease("k", "b", 100, 110));
    }
}

#[test]
fn a_token_is_not_printed() {
    let printed = format!("{:?}", stored("TOKEN"));
    assert!(!printed.contains("TOKEN"), "{printed}");
}
