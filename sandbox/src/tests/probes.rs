//! Probes and failures that are limited to a path, and what a wrong signature is told.

use serde_json::{Value, json};

use super::payment::{PREPAY, call, order, pay, prepay, query_path, signed};
use super::*;

fn fault_at(bench: &Bench, kind: &str, path: &str) {
    let answer = bench.post("/control/faults", json!({"kind": kind, "path": path}));
    assert_eq!(answer.status, 200, "{}", answer.text());
}

fn query(bench: &Bench) -> Answer {
    call(bench, "GET", &query_path(bench, "BOOKING1"), "").unwrap()
}

#[test]
fn a_fault_for_one_path_spares_the_others() {
    let bench = Bench::start();
    fault_at(&bench, "pay_system_error", "/out-trade-no/");
    assert_eq!(prepay(&bench, &order(&bench, "BOOKING1")).status, 200);
    assert_eq!(query(&bench).status, 500);
    assert_eq!(query(&bench).status, 200);
    fault_at(&bench, "notice_lost", "REFUND");
    pay(&bench, "BOOKING1", "paid");
    assert_eq!(bench.wait_received(1).len(), 1, "a payment is no refund");
}

#[test]
fn answers_come_unsigned_broken_slow_behind_or_not_yet_decided() {
    let bench = Bench::start();
    prepay(&bench, &order(&bench, "BOOKING1"));
    bench.fault("response_unsigned", 1, 0);
    let unsigned = query(&bench);
    assert_eq!(
        (unsigned.status, unsigned.header("wechatpay-signature")),
        (200, "")
    );
    bench.fault("response_broken", 1, 0);
    let broken = query(&bench);
    assert_eq!((broken.status, broken.json()), (200, Value::Null));
    assert!(
        verifies(&bench.credentials, &broken.headers, &broken.body),
        "broken, and signed all the same"
    );
    bench.fault("response_slow", 1, 300);
    let started = Instant::now();
    assert_eq!(query(&bench).status, 200);
    assert!(started.elapsed() >= Duration::from_millis(300));
    bench.fault("clock_behind", 1, 0);
    let behind = query(&bench);
    assert!(verifies(&bench.credentials, &behind.headers, &behind.body));
    assert!(behind.header("wechatpay-timestamp").parse::<i64>().unwrap() <= now_s() - 355);
    bench.fault("pay_user_paying", 1, 0);
    let undecided = query(&bench);
    assert_eq!(
        (undecided.status, undecided.json()["code"].clone()),
        (202, json!("USER_PAYING"))
    );
}

#[test]
fn a_notice_is_overtaken_by_a_later_one_on_demand() {
    let bench = Bench::start();
    bench.fault("notice_reordered", 1, 0);
    for number in ["BOOKING1", "BOOKING2"] {
        prepay(&bench, &order(&bench, number));
        pay(&bench, number, "paid");
    }
    bench.wait_received(2);
    let told: Vec<String> = bench
        .received()
        .iter()
        .map(|one| {
            super::payment::open_notice(&bench, one).1["out_trade_no"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(told, ["BOOKING2", "BOOKING1"]);
}

#[test]
fn a_wrong_signature_is_told_what_it_should_have_been_made_over() {
    let bench = Bench::start();
    let body = order(&bench, "BOOKING1").to_string();
    // The same JSON with other blanks is not the same bytes.
    let mut request = signed(&bench, "POST", PREPAY, &body, now_s());
    *request.body_mut() = body.replace(':', ": ").into_bytes();
    let refused = bench.send(request).unwrap();
    assert_eq!(refused.status, 401);
    let told = &refused.json()["detail"]["sign_information"];
    assert_eq!((&told["method"], &told["url"]), (&json!("POST"), &json!(PREPAY)));
    let message = told["truncated_sign_message"].as_str().unwrap();
    assert!(message.starts_with(&format!("POST\n{PREPAY}\n")), "{message}");
    assert!(verifies(&bench.credentials, &refused.headers, &refused.body));
}

#[test]
fn a_notice_is_tried_sixteen_times_and_then_given_up() {
    // A day and more of the schedule in about a third of a second.
    let bench = Bench::start_with(|config| config.time_scale = 300_000.0);
    for _ in 0..20 {
        bench.answer_next(500, r#"{"code":"SUCCESS"}"#);
    }
    prepay(&bench, &order(&bench, "BOOKING1"));
    pay(&bench, "BOOKING1", "paid");
    wait_for(|| bench.received().len() >= 16);
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(
        bench.received().len(),
        16,
        "once and fifteen times more, whatever the body says"
    );
}
