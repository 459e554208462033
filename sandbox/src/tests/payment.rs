//! WeChat Pay: every response and every notice is verified with ring.

use ring::aead;
use serde_json::{Value, json};

use super::*;
use crate::MerchantCredentials;

/// A signed call as the service provider.
pub fn call(bench: &Bench, method: &str, path: &str, body: &str) -> Option<Answer> {
    bench.send(signed(bench, method, path, body, now_s()))
}

pub fn signed(bench: &Bench, method: &str, path: &str, body: &str, at_s: i64) -> http::Request<Vec<u8>> {
    signed_by(bench, &bench.credentials.partner, method, path, body, at_s)
}

/// A signed call as any merchant.
pub fn call_as(
    bench: &Bench,
    merchant: &MerchantCredentials,
    method: &str,
    path: &str,
    body: &str,
) -> Answer {
    bench
        .send(signed_by(bench, merchant, method, path, body, now_s()))
        .unwrap()
}

pub fn signed_by(
    bench: &Bench,
    merchant: &MerchantCredentials,
    method: &str,
    path: &str,
    body: &str,
    at_s: i64,
) -> http::Request<Vec<u8>> {
    bench
        .request(method, path)
        .header("authorization", authorization(merchant, method, path, body, at_s))
        .header("accept", "application/json")
        .header("user-agent", "test")
        .header("content-type", "application/json")
        .body(body.as_bytes().to_vec())
        .unwrap()
}

pub fn authorization(
    merchant: &MerchantCredentials,
    method: &str,
    path: &str,
    signed: &str,
    at_s: i64,
) -> String {
    let message = format!("{method}\n{path}\n{at_s}\nN0NCE\n{signed}\n");
    format!(
        "WECHATPAY2-SHA256-RSA2048 mchid=\"{}\",nonce_str=\"N0NCE\",timestamp=\"{at_s}\",serial_no=\"{}\",signature=\"{}\"",
        merchant.mchid,
        merchant.serial,
        sign(&merchant.private_key_pem, message.as_bytes())
    )
}

pub fn order(bench: &Bench, number: &str) -> Value {
    json!({
        "sp_appid": bench.credentials.app_id, "sp_mchid": bench.credentials.partner.mchid,
        "sub_mchid": "1900000109", "description": "全身推拿 60 分钟", "out_trade_no": number,
        "notify_url": format!("{}/pay/notice", bench.program_address), "amount": {"total": 12_850, "currency": "CNY"},
        "payer": {"sp_openid": bench.openid("zhangli")},
    })
}

pub const PREPAY: &str = "/v3/pay/partner/transactions/jsapi";

pub fn prepay(bench: &Bench, body: &Value) -> Answer {
    call(bench, "POST", PREPAY, &body.to_string()).unwrap()
}

pub fn query_path(bench: &Bench, number: &str) -> String {
    format!(
        "/v3/pay/partner/transactions/out-trade-no/{number}?sp_mchid={}&sub_mchid=1900000109",
        bench.credentials.partner.mchid
    )
}

pub fn pay(bench: &Bench, number: &str, outcome: &str) -> Answer {
    bench.post(
        &format!("/control/payments/{number}"),
        json!({"outcome": outcome}),
    )
}

/// A notice and its resource, decrypted with ring.
pub fn open_notice(bench: &Bench, received: &Received) -> (Value, Value) {
    let notice: Value = serde_json::from_slice(&received.body).unwrap();
    let plain = open_resource(&bench.credentials.partner, &notice["resource"]);
    (notice, serde_json::from_slice(&plain).unwrap())
}

/// What is under the APIv3 key of `merchant`, by ring.
pub fn open_resource(merchant: &MerchantCredentials, resource: &Value) -> Vec<u8> {
    let data = STANDARD.decode(resource["ciphertext"].as_str().unwrap()).unwrap();
    let associated = resource["associated_data"].as_str().unwrap();
    open_gcm(
        &merchant.api_v3_key,
        resource["nonce"].as_str().unwrap(),
        associated,
        data,
    )
}

pub fn open_gcm(key: &str, nonce: &str, associated: &str, mut data: Vec<u8>) -> Vec<u8> {
    let key = aead::UnboundKey::new(&aead::AES_256_GCM, key.as_bytes()).unwrap();
    let nonce = aead::Nonce::try_assume_unique_for_key(nonce.as_bytes()).unwrap();
    let aad = aead::Aad::from(associated.as_bytes());
    let plain = aead::LessSafeKey::new(key)
        .open_in_place(nonce, aad, &mut data)
        .unwrap();
    plain.to_vec()
}

pub fn refund_body(number: &str, refund: i64) -> Value {
    json!({
        "sub_mchid": "1900000109", "out_trade_no": "BOOKING1", "out_refund_no": number, "reason": "客户取消",
        "amount": {"refund": refund, "total": 12_850, "currency": "CNY"},
    })
}

#[test]
fn an_order_is_paid_told_and_found() {
    let bench = Bench::start();
    let answer = prepay(&bench, &order(&bench, "BOOKING1"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(verifies(&bench.credentials, &answer.headers, &answer.body));
    assert_eq!(
        answer.header("wechatpay-signature-type"),
        "WECHATPAY2-SHA256-RSA2048"
    );
    assert!(!answer.header("request-id").is_empty());
    let prepay_id = answer.json()["prepay_id"].as_str().unwrap().to_owned();

    let before = call(&bench, "GET", &query_path(&bench, "BOOKING1"), "").unwrap();
    assert_eq!(before.json()["trade_state"], "NOTPAY");

    let sheet = |app_id: &str| {
        let package = format!("prepay_id={prepay_id}");
        let message = format!("{app_id}\n1700000000\nabc\n{package}\n");
        let body = json!({
            "appId": app_id, "timeStamp": "1700000000", "nonceStr": "abc", "package": package, "signType": "RSA",
            "paySign": sign(&bench.credentials.partner.private_key_pem, message.as_bytes()),
        });
        bench.post("/control/people/zhangli/sheet", body)
    };
    let opened = sheet(&bench.credentials.app_id).json();
    assert_eq!(
        (&opened["total"], &opened["description"]),
        (&json!(12_850), &json!("全身推拿 60 分钟"))
    );
    assert_eq!(sheet("wxother").status, 409);

    let decide = |person: &str, outcome: &str| {
        let body = json!({"person": person, "prepay_id": prepay_id, "outcome": outcome});
        bench.post("/phone/pay", body).json()
    };
    assert_eq!(
        decide("zhangli", "cancel")["err_msg"],
        "get_brand_wcpay_request:cancel"
    );
    assert_eq!(
        decide("zhangli", "insufficient")["err_msg"],
        "get_brand_wcpay_request:fail"
    );
    assert!(
        decide("liu", "paid")["problem"].is_string(),
        "another person's order"
    );
    assert_eq!(decide("zhangli", "paid")["err_msg"], "get_brand_wcpay_request:ok");
    assert!(
        decide("zhangli", "paid")["problem"].is_string(),
        "nobody pays twice"
    );

    let received = bench.wait_received(1);
    assert!(verifies(
        &bench.credentials,
        &received[0].headers,
        &received[0].body
    ));
    let (notice, plain) = open_notice(&bench, &received[0]);
    assert_eq!(notice["event_type"], "TRANSACTION.SUCCESS");
    let query = call(&bench, "GET", &query_path(&bench, "BOOKING1"), "").unwrap();
    assert!(verifies(&bench.credentials, &query.headers, &query.body));
    assert_eq!(query.json(), plain, "notice and query tell the same");
    assert_eq!(plain["payer"]["sp_openid"], bench.openid("zhangli"));
    let by_id = format!(
        "/v3/pay/partner/transactions/id/{}?sp_mchid={}&sub_mchid=1900000109",
        plain["transaction_id"].as_str().unwrap(),
        bench.credentials.partner.mchid
    );
    assert_eq!(call(&bench, "GET", &by_id, "").unwrap().json(), plain);
    let voucher = bench.get("/control/people/zhangli/messages").json();
    assert_eq!(voucher["messages"][0]["title"], "支付凭证");
}

#[test]
fn requests_with_a_wrong_signature_clock_or_header_are_refused() {
    let bench = Bench::start();
    let body = order(&bench, "BOOKING1").to_string();
    let refused = |request: http::Request<Vec<u8>>| {
        let answer = bench.send(request).unwrap();
        (answer.status, answer.json()["code"].as_str().unwrap().to_owned())
    };
    let mut tampered = signed(&bench, "POST", PREPAY, &body, now_s());
    *tampered.body_mut() = body.replace("12850", "1").into_bytes();
    assert_eq!(refused(tampered), (401, "SIGN_ERROR".into()));
    assert_eq!(
        refused(signed(&bench, "POST", PREPAY, &body, now_s() - 301)),
        (401, "SIGN_ERROR".into())
    );
    let mut headless = signed(&bench, "POST", PREPAY, &body, now_s());
    headless.headers_mut().remove("authorization");
    assert_eq!(refused(headless), (401, "SIGN_ERROR".into()));
    let mut serial = signed(&bench, "POST", PREPAY, &body, now_s());
    serial
        .headers_mut()
        .insert("wechatpay-serial", "PUB_KEY_ID_0".parse().unwrap());
    assert_eq!(refused(serial), (400, "INVALID_REQUEST".into()));
    assert_eq!(
        refused(signed(&bench, "GET", "/v3/certificates", "", now_s())),
        (404, "RESOURCE_NOT_EXISTS".into())
    );
    let direct = body.replace("/partner", "");
    assert_eq!(
        refused(signed(
            &bench,
            "POST",
            "/v3/pay/transactions/jsapi",
            &direct,
            now_s()
        )),
        (403, "NO_AUTH".into())
    );
    assert_eq!(bench.get("/control/payments").json()["payments"], json!([]));
}

#[test]
fn orders_that_break_a_rule_are_refused_by_name() {
    let bench = Bench::start();
    let cases = [
        ("/out_trade_no", json!("short"), "PARAM_ERROR"),
        ("/out_trade_no", json!("bad number 1"), "PARAM_ERROR"),
        ("/out_trade_no", json!("x".repeat(33)), "PARAM_ERROR"),
        ("/amount/total", json!(1.5), "PARAM_ERROR"),
        ("/amount/total", json!(0), "PARAM_ERROR"),
        ("/notify_url", json!("http://127.0.0.1/n?x=1"), "PARAM_ERROR"),
        ("/time_expire", json!("tomorrow"), "PARAM_ERROR"),
        ("/description", json!(""), "PARAM_ERROR"),
        ("/payer/sp_openid", json!("o-unknown"), "PARAM_ERROR"),
        ("/sp_appid", json!("wx0000"), "APPID_MCHID_NOT_MATCH"),
        ("/sub_mchid", json!("1800000000"), "MCH_NOT_EXISTS"),
        ("/notify_url", json!("127.0.0.1/n"), "PARAM_ERROR"),
        ("/sp_mchid", json!("1230000110"), "INVALID_REQUEST"),
    ];
    for (pointer, value, code) in cases {
        let mut body = order(&bench, "BOOKING1");
        *body.pointer_mut(pointer).unwrap_or(&mut Value::Null) = value.clone();
        if pointer == "/time_expire" {
            body["time_expire"] = value.clone();
        }
        let answer = prepay(&bench, &body);
        assert_eq!(
            answer.json()["code"],
            code,
            "{pointer} {value}: {}",
            answer.text()
        );
        assert!(answer.status >= 400);
    }
}

#[test]
fn the_same_number_wants_the_same_order_and_a_closed_one_stays_closed() {
    let bench = Bench::start();
    let body = order(&bench, "BOOKING1");
    let first = prepay(&bench, &body).json();
    let second = prepay(&bench, &body).json();
    assert!(second["prepay_id"].is_string() && first != second);
    let mut dearer = body.clone();
    dearer["amount"]["total"] = json!(12_851);
    assert_eq!(prepay(&bench, &dearer).json()["code"], "INVALID_REQUEST");

    let path = "/v3/pay/partner/transactions/out-trade-no/BOOKING1/close";
    let own = json!({"sp_mchid": bench.credentials.partner.mchid, "sub_mchid": "1900000109"}).to_string();
    for _ in 0..2 {
        let closed = call(&bench, "POST", path, &own).unwrap();
        assert_eq!((closed.status, closed.body.len()), (204, 0));
        assert!(verifies(&bench.credentials, &closed.headers, b""));
    }
    assert_eq!(prepay(&bench, &body).json()["code"], "ORDER_CLOSED");
    assert_eq!(pay(&bench, "BOOKING1", "paid").status, 409);
    assert_eq!(
        call(&bench, "GET", &query_path(&bench, "BOOKING1"), "")
            .unwrap()
            .json()["trade_state"],
        "CLOSED"
    );

    prepay(&bench, &order(&bench, "BOOKING2"));
    assert_eq!(pay(&bench, "BOOKING2", "paid").status, 200);
    assert_eq!(
        prepay(&bench, &order(&bench, "BOOKING2")).json()["code"],
        "OUT_TRADE_NO_USED"
    );
    let late = call(&bench, "POST", &path.replace("BOOKING1", "BOOKING2"), &own).unwrap();
    assert_eq!(
        (late.status, late.json()["code"].clone()),
        (400, json!("ORDER_PAID"))
    );
    let foreign = query_path(&bench, "BOOKING2").replace("1900000109", "1900000110");
    assert_eq!(
        call(&bench, "GET", &foreign, "").unwrap().json()["code"],
        "ORDER_NOT_EXIST"
    );
}

#[test]
fn a_refund_is_accepted_then_done_then_told_and_never_exceeds_the_order() {
    let bench = Bench::start_with(|config| config.time_scale = 600.0);
    prepay(&bench, &order(&bench, "BOOKING1"));
    let path = "/v3/refund/domestic/refunds";
    let refund = |body: &Value| call(&bench, "POST", path, &body.to_string()).unwrap();
    assert_eq!(
        refund(&refund_body("R1", 100)).json()["code"],
        "INVALID_REQUEST",
        "not paid yet"
    );
    pay(&bench, "BOOKING1", "paid");
    bench.wait_received(1);

    let mut body = refund_body("R1", 12_000);
    body["notify_url"] = json!(format!("{}/refund/notice", bench.program_address));
    let first = refund(&body);
    assert_eq!(first.json()["status"], "PROCESSING");
    assert!(verifies(&bench.credentials, &first.headers, &first.body));
    assert_eq!(
        refund(&body).json()["refund_id"],
        first.json()["refund_id"],
        "the same number is the same refund"
    );
    assert_eq!(refund(&refund_body("R1", 5)).json()["code"], "INVALID_REQUEST");

    let received = bench.wait_received(2);
    let (notice, plain) = open_notice(&bench, &received[1]);
    assert_eq!(notice["event_type"], "REFUND.SUCCESS");
    assert_eq!(plain["amount"]["refund"], 12_000);
    let found = call(&bench, "GET", &format!("{path}/R1?sub_mchid=1900000109"), "")
        .unwrap()
        .json();
    assert_eq!(
        (&found["status"], &found["refund_id"]),
        (&json!("SUCCESS"), &plain["refund_id"])
    );
    assert_eq!(
        call(&bench, "GET", &query_path(&bench, "BOOKING1"), "")
            .unwrap()
            .json()["trade_state"],
        "REFUND"
    );

    assert_eq!(
        refund(&refund_body("R2", 851)).json()["code"],
        "INVALID_REQUEST",
        "more than what is left"
    );
    std::thread::sleep(Duration::from_millis(110));
    assert_eq!(refund(&refund_body("R3", 850)).status, 200);
    let missing = call(&bench, "GET", &format!("{path}/R9?sub_mchid=1900000109"), "").unwrap();
    assert_eq!(
        (missing.status, missing.json()["code"].clone()),
        (404, json!("RESOURCE_NOT_EXISTS"))
    );
}
