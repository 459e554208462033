//! Refunds: pace, number, age, money, and the ways they end.

use serde_json::{Value, json};

use super::payment::{call, open_notice, order, pay, prepay, query_path, refund_body};
use super::*;

pub const REFUNDS: &str = "/v3/refund/domestic/refunds";

pub fn refund(bench: &Bench, body: &Value) -> Answer {
    call(bench, "POST", REFUNDS, &body.to_string()).unwrap()
}

fn paid(adjust: impl FnOnce(&mut Config)) -> Bench {
    let bench = Bench::start_with(adjust);
    prepay(&bench, &order(&bench, "BOOKING1"));
    pay(&bench, "BOOKING1", "paid");
    bench.wait_received(1);
    bench
}

fn found(bench: &Bench, number: &str) -> Value {
    call(
        bench,
        "GET",
        &format!("{REFUNDS}/{number}?sub_mchid=1900000109"),
        "",
    )
    .unwrap()
    .json()
}

#[test]
fn two_refunds_of_an_order_are_a_minute_apart_and_fifty_are_all() {
    let bench = paid(|config| config.refund_delay_ms = 1);
    assert_eq!(refund(&bench, &refund_body("R0", 1)).status, 200);
    let hasty = refund(&bench, &refund_body("R1", 1));
    assert_eq!(
        (hasty.status, hasty.json()["code"].clone()),
        (429, json!("FREQUENCY_LIMITED"))
    );
    bench.post("/control/time", json!({"scale": 1_000_000.0}));
    std::thread::sleep(Duration::from_millis(2));
    // With the clock that fast a year passes in half a minute.
    for number in 1..50 {
        let answer = refund(&bench, &refund_body(&format!("R{number}"), 1));
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    assert_eq!(
        refund(&bench, &refund_body("R50", 1)).json()["code"],
        "INVALID_REQUEST"
    );
}

#[test]
fn after_a_year_nothing_is_refunded() {
    let bench = paid(|config| config.time_scale = 1_000_000.0);
    // Nine minutes of a clock a million times faster are seventeen years of waiting.
    bench.post("/control/time", json!({"forward_minutes": 9}));
    let body = refund_body("R1", 1).to_string();
    let late = bench
        .send(super::payment::signed(
            &bench,
            "POST",
            REFUNDS,
            &body,
            now_s() + 540,
        ))
        .unwrap();
    assert_eq!(
        (late.status, late.json()["code"].clone()),
        (400, json!("INVALID_REQUEST"))
    );
    assert!(late.text().contains("期限"));
}

#[test]
fn a_merchant_without_money_cannot_refund() {
    let bench = paid(|_| {});
    let balance = bench.get("/control/merchants/1900000109/balance").json();
    assert_eq!(balance["balance"], 12_850 - 77, "0.6 % is 77.1 fen, rounded");
    bench.post("/control/merchants/1900000109/balance", json!({"fen": -12_000}));
    let poor = refund(&bench, &refund_body("R1", 12_850));
    assert_eq!(
        (poor.status, poor.json()["code"].clone()),
        (403, json!("NOT_ENOUGH"))
    );
    bench.post("/control/merchants/1900000109/balance", json!({"fen": 12_000}));
    assert_eq!(
        refund(&bench, &refund_body("R1", 12_850)).status,
        200,
        "the same number, once there is money"
    );
    let balance = bench.get("/control/merchants/1900000109/balance").json();
    assert_eq!(balance["balance"], 0, "a whole refund returns the whole fee");
}

#[test]
fn an_abnormal_refund_is_told_and_sent_another_way() {
    let bench = paid(|_| {});
    bench.fault("refund_abnormal", 1, 0);
    let mut body = refund_body("R1", 850);
    body["notify_url"] = json!(format!("{}/refund/notice", bench.program_address));
    let id = refund(&bench, &body).json()["refund_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let (notice, plain) = open_notice(&bench, &bench.wait_received(2)[1]);
    assert_eq!(
        (&notice["event_type"], &plain["refund_status"]),
        (&json!("REFUND.ABNORMAL"), &json!("ABNORMAL"))
    );
    assert!(plain.get("success_time").is_none());
    let path = format!("{REFUNDS}/{id}/apply-abnormal-refund");
    let mut again = json!({"sub_mchid": "1900000109", "out_refund_no": "R1", "type": "USER_BANK_CARD"});
    let apply = |body: &Value| super::keys::call_with_serial(&bench, "POST", &path, &body.to_string());
    assert_eq!(apply(&again).json()["code"], "PARAM_ERROR");
    again["bank_type"] = json!("ICBC_DEBIT");
    again["real_name"] = json!(super::keys::sealed(&bench, "刘洋"));
    again["bank_account"] = json!("6222020200112230000");
    assert!(apply(&again).text().contains("密文"), "a plain number is refused");
    again["bank_account"] = json!(super::keys::sealed(&bench, "6222020200112230000"));
    let accepted = apply(&again);
    assert_eq!(accepted.json()["status"], "PROCESSING", "{}", accepted.text());
    let (notice, plain) = open_notice(&bench, &bench.wait_received(3)[2]);
    assert_eq!(notice["event_type"], "REFUND.SUCCESS");
    assert_eq!(plain["user_received_account"], "银行卡0000");
    assert_eq!(
        apply(&again).json()["code"],
        "INVALID_REQUEST",
        "it is no longer abnormal"
    );
}

#[test]
fn a_closed_refund_leaves_the_money_and_a_stuck_one_waits_for_the_desk() {
    let bench = paid(|config| config.time_scale = 1000.0);
    bench.fault("refund_closed", 1, 0);
    refund(&bench, &refund_body("R1", 12_850));
    wait_for(|| found(&bench, "R1")["status"] == "CLOSED");
    std::thread::sleep(Duration::from_millis(80));
    bench.fault("refund_stuck", 1, 0);
    assert_eq!(
        refund(&bench, &refund_body("R2", 12_850)).status,
        200,
        "the money is free again"
    );
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(found(&bench, "R2")["status"], "PROCESSING");
    bench.post("/control/refunds/R2", json!({"status": "SUCCESS"}));
    assert_eq!(found(&bench, "R2")["status"], "SUCCESS");
    assert_eq!(
        bench
            .post("/control/refunds/R2", json!({"status": "CLOSED"}))
            .status,
        404
    );
    let order = call(&bench, "GET", &query_path(&bench, "BOOKING1"), "")
        .unwrap()
        .json();
    assert_eq!(order["trade_state"], "REFUND");
}
