//! Repetitions and faults, and what the log shows of it all.

use serde_json::json;

use super::payment::{PREPAY, order, pay, prepay, signed};
use super::*;

#[test]
fn a_notice_is_repeated_until_it_is_taken() {
    let bench = Bench::start_with(|config| config.time_scale = 500.0);
    prepay(&bench, &order(&bench, "BOOKING1"));
    bench.answer_next(500, "{}");
    bench.answer_next(302, "");
    pay(&bench, "BOOKING1", "paid");
    let received = bench.wait_received(3);
    assert!(received.windows(2).all(|pair| pair[0].body == pair[1].body));
    assert!(
        received
            .iter()
            .all(|one| verifies(&bench.credentials, &one.headers, &one.body))
    );
    wait_for(|| bench.get("/control/notices").json()["notices"][0]["accepted"] == json!(true));
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(bench.received().len(), 3, "no more once it is taken");
    let id = bench.get("/control/notices").json()["notices"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    bench.post(&format!("/control/notices/{id}/resend"), json!({}));
    assert_eq!(bench.received().len(), 4);
}

#[test]
fn notices_are_lost_doubled_forged_and_probed_on_demand() {
    let bench = Bench::start_with(|config| config.time_scale = 1000.0);
    bench.fault("notice_lost", 1, 0);
    prepay(&bench, &order(&bench, "BOOKING1"));
    pay(&bench, "BOOKING1", "paid");
    let notices = bench.get("/control/notices").json();
    assert_eq!(
        (&notices["notices"][0]["lost"], &notices["notices"][0]["attempts"]),
        (&json!(true), &json!([]))
    );

    for (kind, number) in [("notice_forged", "BOOKING2"), ("notice_signtest", "BOOKING3")] {
        let before = bench.received().len();
        bench.fault(kind, 1, 0);
        prepay(&bench, &order(&bench, number));
        bench.answer_next(401, "{}");
        pay(&bench, number, "paid");
        let received = bench.wait_received(before + 2);
        let genuine: Vec<bool> = received[before..]
            .iter()
            .map(|one| verifies(&bench.credentials, &one.headers, &one.body))
            .collect();
        assert_eq!(genuine, [false, true], "{kind}");
        let signature = received[before].headers["wechatpay-signature"].to_str().unwrap();
        assert_eq!(
            signature.starts_with("WECHATPAY/SIGNTEST/"),
            kind == "notice_signtest"
        );
    }

    let before = bench.received().len();
    bench.fault("notice_duplicated", 4, 0);
    bench.fault("notice_delayed", 1, 100);
    prepay(&bench, &order(&bench, "BOOKING4"));
    pay(&bench, "BOOKING4", "paid");
    let received = bench.wait_received(before + 5);
    assert!(
        received[before..]
            .iter()
            .all(|one| one.body == received[before].body)
    );
}

#[test]
fn responses_fail_in_the_documented_ways_on_demand() {
    let bench = Bench::start();
    let body = order(&bench, "BOOKING1");
    for (kind, status, code) in [
        ("pay_system_error", 500, "SYSTEM_ERROR"),
        ("pay_rate_limited", 429, "FREQUENCY_LIMITED"),
    ] {
        bench.fault(kind, 1, 0);
        let answer = prepay(&bench, &body);
        assert_eq!(
            (answer.status, answer.json()["code"].clone()),
            (status, json!(code))
        );
    }
    assert_eq!(
        bench.get("/control/payments").json()["payments"],
        json!([]),
        "nothing was done"
    );

    bench.fault("prepay_timeout", 1, 0);
    let lost = bench.send(signed(&bench, "POST", PREPAY, &body.to_string(), now_s()));
    assert!(lost.is_none(), "no answer within eight seconds");
    assert_eq!(
        bench.get("/control/payments").json()["payments"][0]["state"],
        "NOTPAY",
        "done all the same"
    );

    bench.fault("response_signtest", 1, 0);
    let probed = prepay(&bench, &body);
    assert!(!verifies(&bench.credentials, &probed.headers, &probed.body));
    assert!(
        probed
            .header("wechatpay-signature")
            .starts_with("WECHATPAY/SIGNTEST/")
    );
    bench.fault("clock_skew", 1, 0);
    let ahead = prepay(&bench, &body);
    assert!(verifies(&bench.credentials, &ahead.headers, &ahead.body));
    assert!(ahead.header("wechatpay-timestamp").parse::<i64>().unwrap() >= now_s() + 355);
}

#[test]
fn the_log_shows_the_traffic_and_no_secret() {
    let bench = Bench::start();
    let c = &bench.credentials;
    bench.get(&format!(
        "/cgi-bin/token?grant_type=client_credential&appid={}&secret={}",
        c.app_id, c.app_secret
    ));
    prepay(&bench, &order(&bench, "BOOKING1"));
    let log = bench.get("/control/traffic").text();
    assert!(log.contains("/cgi-bin/token") && log.contains(PREPAY) && log.contains("BOOKING1"));
    assert!(!log.contains(&c.app_secret));
}
