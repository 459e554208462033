//! Profit sharing: who may receive, how much, when, and the way back.

use serde_json::{Value, json};

use super::keys::{call_with_serial, sealed};
use super::payment::{order, pay, prepay, refund_body};
use super::refunds::refund;
use super::*;

const SUB: &str = "1900000109";

fn post(bench: &Bench, path: &str, body: &Value) -> Answer {
    call_with_serial(
        bench,
        "POST",
        &format!("/v3/profitsharing/{path}"),
        &body.to_string(),
    )
}

fn get(bench: &Bench, path: &str) -> Answer {
    call_with_serial(bench, "GET", &format!("/v3/profitsharing/{path}"), "")
}

/// A paid order with the flag, a receiver, and a clock on which a minute is 12 ms. The number of the payment.
fn paid() -> (Bench, String) {
    let bench = Bench::start_with(|config| {
        config.time_scale = 5000.0;
        config.refund_delay_ms = 5;
    });
    let mut body = order(&bench, "BOOKING1");
    body["settle_info"] = json!({"profit_sharing": true});
    prepay(&bench, &body);
    pay(&bench, "BOOKING1", "paid");
    bench.wait_received(1);
    let receiver = json!({
        "sub_mchid": SUB, "type": "MERCHANT_ID", "account": bench.credentials.partner.mchid,
        "name": sealed(&bench, "京城盲人按摩服务中心"), "relation_type": "SERVICE_PROVIDER",
    });
    let added = post(&bench, "receivers/add", &receiver);
    assert_eq!(added.status, 200, "{}", added.text());
    std::thread::sleep(Duration::from_millis(30));
    let order = bench.get("/control/payments/BOOKING1").json();
    (bench, order["transaction_id"].as_str().unwrap().to_owned())
}

fn share(bench: &Bench, transaction: &str, number: &str, fen: i64, unfreeze: bool) -> Answer {
    let body = json!({
        "sub_mchid": SUB, "transaction_id": transaction, "out_order_no": number, "unfreeze_unsplit": unfreeze,
        "receivers": [{
            "type": "MERCHANT_ID", "account": bench.credentials.partner.mchid, "amount": fen, "description": "服务费",
        }],
    });
    post(bench, "orders", &body)
}

fn finished(bench: &Bench, transaction: &str, number: &str) -> Value {
    let path = format!("orders/{number}?sub_mchid={SUB}&transaction_id={transaction}");
    wait_for(|| get(bench, &path).json()["state"] == "FINISHED");
    get(bench, &path).json()
}

fn unsplit(bench: &Bench, transaction: &str) -> Value {
    get(bench, &format!("transactions/{transaction}/amounts")).json()["unsplit_amount"].clone()
}

#[test]
fn a_share_is_taken_on_then_done_and_what_is_left_is_unfrozen() {
    let (bench, transaction) = paid();
    assert_eq!(unsplit(&bench, &transaction), 12_850 - 77);
    let available = || bench.get(&format!("/control/merchants/{SUB}/balance")).json()["available"].clone();
    assert_eq!(available(), 0, "all of it is frozen");
    let first = share(&bench, &transaction, "P1", 1000, false);
    assert_eq!(
        (first.json()["state"].clone(), first.status),
        (json!("PROCESSING"), 200),
        "{}",
        first.text()
    );
    assert_eq!(first.json()["receivers"][0]["result"], "PENDING");
    let done = finished(&bench, &transaction, "P1");
    assert_eq!(done["receivers"][0]["result"], "SUCCESS");
    assert_eq!(unsplit(&bench, &transaction), 11_773);
    assert_eq!(
        share(&bench, &transaction, "P1", 1000, false).json()["order_id"],
        done["order_id"],
        "the same number is the same request"
    );
    assert_eq!(
        share(&bench, &transaction, "P1", 1001, false).json()["code"],
        "INVALID_REQUEST"
    );
    let rest = json!({
        "sub_mchid": SUB, "transaction_id": transaction, "out_order_no": "U1", "description": "解冻全部剩余资金",
    });
    assert_eq!(post(&bench, "orders/unfreeze", &rest).status, 200);
    let done = finished(&bench, &transaction, "U1");
    assert_eq!(
        (&done["receivers"][0]["amount"], &done["receivers"][0]["account"]),
        (&json!(11_773), &json!(SUB))
    );
    assert_eq!(
        (unsplit(&bench, &transaction), available()),
        (json!(0), json!(11_773))
    );
    let late = share(&bench, &transaction, "P2", 1, false);
    assert!(late.text().contains("已完结"), "{}", late.text());
}

#[test]
fn shares_keep_the_ratio_the_money_the_minute_and_the_relation() {
    let (bench, transaction) = paid();
    let code = |answer: Answer| {
        (
            answer.status,
            answer.json()["code"].as_str().unwrap_or("").to_owned(),
        )
    };
    let config = get(&bench, &format!("merchant-configs/{SUB}")).json();
    assert_eq!(config["max_ratio"], 3000);
    assert_eq!(
        code(share(&bench, &transaction, "P1", 3856, false)),
        (403, "RULE_LIMIT".into())
    );
    assert_eq!(
        code(share(&bench, &transaction, "P2", 12_774, false)),
        (403, "NOT_ENOUGH".into())
    );
    assert_eq!(
        share(&bench, &transaction, "P3", 3855, false).status,
        200,
        "30 % to the fen"
    );
    finished(&bench, &transaction, "P3");
    assert_eq!(
        code(share(&bench, &transaction, "P4", 1, false)),
        (403, "RULE_LIMIT".into()),
        "all shares together"
    );

    prepay(&bench, &order(&bench, "BOOKING2"));
    pay(&bench, "BOOKING2", "paid");
    let plain = bench.get("/control/payments/BOOKING2").json()["transaction_id"]
        .as_str()
        .unwrap()
        .to_owned();
    std::thread::sleep(Duration::from_millis(20));
    assert!(
        share(&bench, &plain, "P5", 1, false)
            .text()
            .contains("非分账订单")
    );
}

#[test]
fn a_request_names_known_receivers_once_and_waits_a_minute() {
    let (bench, transaction) = paid();
    let mut two = json!({
        "sub_mchid": SUB, "transaction_id": transaction, "out_order_no": "P7", "unfreeze_unsplit": false,
        "receivers": [{"type": "MERCHANT_ID", "account": "1230000110", "amount": 1, "description": "x"}],
    });
    assert!(post(&bench, "orders", &two).text().contains("关系不存在"));
    let own = json!({
        "type": "MERCHANT_ID", "account": bench.credentials.partner.mchid, "amount": 1, "description": "x",
    });
    two["receivers"] = json!([own, own]);
    assert_eq!(
        post(&bench, "orders", &two).json()["code"],
        "PARAM_ERROR",
        "nobody twice"
    );
    two["receivers"] = json!(vec![own; 51]);
    assert_eq!(
        post(&bench, "orders", &two).json()["code"],
        "PARAM_ERROR",
        "fifty at most"
    );

    bench.post("/control/time", json!({"scale": 1.0}));
    let mut body = order(&bench, "BOOKING3");
    body["settle_info"] = json!({"profit_sharing": true});
    prepay(&bench, &body);
    pay(&bench, "BOOKING3", "paid");
    let young = bench.get("/control/payments/BOOKING3").json()["transaction_id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        share(&bench, &young, "P6", 1, false).text().contains("处理中"),
        "not before a minute"
    );
}

#[test]
fn receivers_are_named_under_encryption_and_can_be_taken_away() {
    let (bench, transaction) = paid();
    let mut person = json!({
        "sub_mchid": SUB, "appid": bench.credentials.app_id, "type": "PERSONAL_OPENID",
        "account": bench.openid("liu"), "relation_type": "STAFF", "name": sealed(&bench, "不是他"),
    });
    assert!(
        post(&bench, "receivers/add", &person)
            .text()
            .contains("实名不一致")
    );
    person["name"] = json!("刘洋");
    assert!(post(&bench, "receivers/add", &person).text().contains("密文"));
    person.as_object_mut().unwrap().remove("name");
    assert_eq!(post(&bench, "receivers/add", &person).status, 200);
    assert_eq!(
        post(&bench, "receivers/add", &person).status,
        200,
        "once more changes nothing"
    );
    person["account"] = json!("o-nobody");
    assert_eq!(
        post(&bench, "receivers/add", &person).json()["code"],
        "INVALID_REQUEST"
    );
    let partner =
        json!({"sub_mchid": SUB, "type": "MERCHANT_ID", "account": bench.credentials.partner.mchid});
    assert_eq!(post(&bench, "receivers/delete", &partner).status, 200);
    assert!(
        share(&bench, &transaction, "P1", 1, false)
            .text()
            .contains("关系不存在")
    );
}

#[test]
fn what_fails_stays_frozen_and_what_was_given_comes_back() {
    let (bench, transaction) = paid();
    bench.fault("sharing_failed", 1, 0);
    share(&bench, &transaction, "P1", 1000, false);
    let failed = finished(&bench, &transaction, "P1");
    assert_eq!(
        (
            &failed["receivers"][0]["result"],
            &failed["receivers"][0]["fail_reason"]
        ),
        (&json!("CLOSED"), &json!("ACCOUNT_ABNORMAL"))
    );
    assert_eq!(unsplit(&bench, &transaction), 12_773);
    share(&bench, &transaction, "P2", 1000, true);
    let done = finished(&bench, &transaction, "P2");
    assert_eq!(
        done["receivers"][1]["amount"], 11_773,
        "the rest is unfrozen along with it"
    );

    let mut back = json!({
        "sub_mchid": SUB, "out_order_no": "P2", "out_return_no": "B1",
        "return_mchid": bench.credentials.partner.mchid, "amount": 600, "description": "客户退款",
    });
    let given = post(&bench, "return-orders", &back).json();
    assert_eq!(given["result"], "SUCCESS", "{given}");
    assert_eq!(
        post(&bench, "return-orders", &back).json(),
        given,
        "the same number is the same giving back"
    );
    back["out_return_no"] = json!("B2");
    assert_eq!(
        post(&bench, "return-orders", &back).json()["code"],
        "INVALID_REQUEST",
        "more than was given"
    );
    let found = get(
        &bench,
        &format!("return-orders/B1?sub_mchid={SUB}&out_order_no=P2"),
    )
    .json();
    assert_eq!(found, given);
    let mchid = bench.credentials.partner.mchid.clone();
    bench.post(
        &format!("/control/merchants/{mchid}/balance"),
        json!({"fen": -400}),
    );
    back["out_return_no"] = json!("B3");
    back["amount"] = json!(400);
    let poor = post(&bench, "return-orders", &back).json();
    assert_eq!(
        (&poor["result"], &poor["fail_reason"]),
        (&json!("FAILED"), &json!("BALANCE_NOT_ENOUGH"))
    );
    let balance = bench.get(&format!("/control/merchants/{SUB}/balance")).json();
    assert_eq!(balance["available"], 11_773 + 600);
}

#[test]
fn a_refund_comes_out_of_what_is_frozen_and_after_thirty_days_nothing_is() {
    let (bench, transaction) = paid();
    share(&bench, &transaction, "P1", 3000, false);
    finished(&bench, &transaction, "P1");
    let whole = refund(&bench, &refund_body("R1", 12_850));
    assert_eq!(
        (whole.status, whole.json()["code"].clone()),
        (403, json!("NOT_ENOUGH"))
    );
    assert_eq!(
        refund(&bench, &refund_body("R1", 2850)).status,
        200,
        "{transaction}"
    );
    // 10000 are kept: 60 of fee, 3000 shared.
    assert_eq!(unsplit(&bench, &transaction), 6940);
    bench.post("/control/time", json!({"scale": 1_000_000.0}));
    std::thread::sleep(Duration::from_millis(2700));
    assert_eq!(unsplit(&bench, &transaction), 0, "unfrozen by time");
    let balance = bench.get(&format!("/control/merchants/{SUB}/balance")).json();
    assert_eq!(
        (&balance["available"], &balance["balance"]),
        (&json!(6940), &json!(6940))
    );
}
