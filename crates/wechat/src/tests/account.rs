//! The access token: one fetch for many callers, one renewal when WeChat takes it back.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::json;

use super::support::*;
use crate::oa::{Class, Error, ErrorCode};
use crate::{At, TransportError};

fn token(number: usize) -> Answer {
    json_answer(&json!({"access_token": format!("TOKEN{number}"), "expires_in": 7200}))
}

fn user() -> Answer {
    json_answer(&json!({"subscribe": 1, "openid": "o1", "tagid_list": []}))
}

fn errcode(code: i64) -> Answer {
    json_answer(&json!({"errcode": code, "errmsg": "invalid credential rid: 6543-1"}))
}

const STABLE: &str = "/cgi-bin/stable_token";

#[test]
fn the_token_is_fetched_once_and_renewed_before_its_end() {
    let wire = Wire::new(|n, request| {
        if request.uri().path() == STABLE {
            token(n)
        } else {
            user()
        }
    });
    let account = account(&wire);
    for _ in 0..3 {
        account.user_info(at(), "o1").unwrap();
    }
    assert_eq!(wire.count(STABLE), 1);
    assert_eq!(
        wire.body(0),
        json!({
            "grant_type": "client_credential", "appid": "wx2421b1c4370ec43b", "secret": "app-secret",
            "force_refresh": false
        })
    );
    assert_eq!(
        wire.path(1),
        "/cgi-bin/user/info?access_token=TOKEN0&openid=o1&lang=zh_CN"
    );
    account.user_info(At::now(NOW_S + 7200 - 300), "o1").unwrap();
    assert_eq!(wire.count(STABLE), 1, "still more than four minutes");
    account.user_info(At::now(NOW_S + 7200 - 200), "o1").unwrap();
    assert_eq!(wire.count(STABLE), 2, "within the last minutes");
}

#[test]
fn each_of_the_three_codes_brings_exactly_one_new_token() {
    for code in [40001, 40014, 42001] {
        let wire = Wire::new(move |n, request| match request.uri() {
            uri if uri.path() == STABLE => token(n),
            uri if uri.query().unwrap().contains("TOKEN0") => errcode(code),
            _ => user(),
        });
        assert!(account(&wire).user_info(at(), "o1").unwrap().follows());
        assert_eq!(wire.count(STABLE), 2, "{code}");
    }
}

#[test]
fn a_second_refusal_is_the_callers() {
    let wire = Wire::new(|n, request| {
        if request.uri().path() == STABLE {
            token(n)
        } else {
            errcode(40001)
        }
    });
    let error = account(&wire).user_info(at(), "o1").unwrap_err();
    assert_eq!(error.class(), Class::RefreshToken);
    assert_eq!(wire.count(STABLE), 2);
    assert_eq!(wire.count("/cgi-bin/user/info"), 2);
    assert!(
        error.to_string().contains("40001") && error.to_string().contains("rid: 6543-1"),
        "{error}"
    );
}

#[test]
fn the_same_token_again_is_forced_out() {
    let wire = Wire::new(|_, request| match request.uri() {
        uri if uri.path() == STABLE => {
            let forced = String::from_utf8_lossy(request.body()).contains(r#""force_refresh":true"#);
            token(usize::from(forced))
        }
        uri if uri.query().unwrap().contains("TOKEN0") => errcode(40001),
        _ => user(),
    });
    account(&wire).user_info(at(), "o1").unwrap();
    assert_eq!(wire.count(STABLE), 3);
    assert_eq!(wire.body(3)["force_refresh"], true);
}

#[test]
fn other_codes_do_not_touch_the_token() {
    let wire = Wire::new(|n, request| {
        if request.uri().path() == STABLE {
            token(n)
        } else {
            errcode(45009)
        }
    });
    let error = account(&wire).user_info(at(), "o1").unwrap_err();
    assert!(matches!(
        error,
        Error::Api {
            code: ErrorCode::DailyQuota,
            ..
        }
    ));
    assert_eq!(wire.count(STABLE), 1);
}

#[test]
fn eight_threads_with_a_dead_token_bring_one_new_token() {
    let fetched = AtomicUsize::new(0);
    let wire = Wire::new(move |_, request| match request.uri() {
        uri if uri.path() == STABLE => {
            thread::sleep(Duration::from_millis(20));
            token(fetched.fetch_add(1, Ordering::SeqCst))
        }
        uri if uri.query().unwrap().contains("TOKEN0") => errcode(40001),
        _ => user(),
    });
    let account = Arc::new(account(&wire));
    account.access_token(at()).unwrap();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| account.user_info(at(), "o1").unwrap());
        }
    });
    assert_eq!(wire.count(STABLE), 2);
}

#[test]
fn answers_that_are_no_answers() {
    let lost = Wire::new(|_, _| Err(TransportError::Unknown("timeout".into())));
    let error = account(&lost).access_token(at()).unwrap_err();
    assert!(error.may_have_happened() && error.class() == Class::Retry);

    let page = Wire::new(|_, _| Ok(http::Response::new(b"<html>".to_vec())));
    let error = account(&page).access_token(at()).unwrap_err();
    assert_eq!(error.class(), Class::Alarm);

    let down = Wire::new(|_, _| Ok(http::Response::builder().status(502).body(Vec::new()).unwrap()));
    assert_eq!(
        account(&down).access_token(at()).unwrap_err().class(),
        Class::Retry
    );

    let odd = Wire::new(|_, _| json_answer(&json!({"access_token": 7, "expires_in": "secret"})));
    let error = account(&odd).access_token(at()).unwrap_err();
    assert!(matches!(error, Error::Unreadable { status: 200, .. }));
    assert!(!error.to_string().contains("secret"), "{error}");
}

#[test]
fn codes_say_what_to_do() {
    for (number, class) in [
        (-1, Class::Retry),
        (40164, Class::Alarm),
        (40029, Class::Refuse),
        (40163, Class::Refuse),
        (43004, Class::Refuse),
        (45015, Class::Refuse),
        (45011, Class::Retry),
        (48001, Class::Alarm),
        (99999, Class::Alarm),
    ] {
        let code = ErrorCode::from_number(number);
        assert_eq!((code.number(), code.class()), (number, class), "{number}");
    }
}

#[test]
fn nothing_prints_a_secret() {
    let wire = Wire::new(|n, _| token(n));
    let token = account(&wire).access_token(at()).unwrap();
    assert_eq!(format!("{token:?}"), "***");
    let printed = format!("{:?} {:?}", merchant(partner()), both_keys().serials().count());
    assert!(
        !printed.contains("a7cde1") && printed.contains("***"),
        "{printed}"
    );
}
