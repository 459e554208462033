//! Orders by code, in other browsers and in apps; their deadlines; whose they are.

use serde_json::{Value, json};

use super::payment::{PREPAY, call, call_as, open_notice, order, pay, prepay, query_path};
use super::*;

fn product(bench: &Bench, product: &str, body: &Value) -> Answer {
    let path = format!("/v3/pay/partner/transactions/{product}");
    call(bench, "POST", &path, &body.to_string()).unwrap()
}

fn without_payer(bench: &Bench, number: &str) -> Value {
    let mut body = order(bench, number);
    body.as_object_mut().unwrap().remove("payer");
    body
}

fn state(bench: &Bench, number: &str) -> Value {
    call(bench, "GET", &query_path(bench, number), "").unwrap().json()
}

#[test]
fn a_code_is_scanned_and_paid_by_anyone_while_it_is_the_newest() {
    let bench = Bench::start();
    let body = without_payer(&bench, "NATIVE1");
    let code = |answer: Answer| answer.json()["code_url"].as_str().unwrap().to_owned();
    let first = code(product(&bench, "native", &body));
    assert!(first.starts_with("weixin://wxpay/bizpayurl?pr="));
    let second = code(product(&bench, "native", &body));
    let scan = |code: &str, outcome: Value| {
        bench.post(
            "/control/codes",
            json!({"person": "liu", "code_url": code, "outcome": outcome}),
        )
    };
    assert_eq!(
        scan(&first, Value::Null).status,
        409,
        "a newer code kills the older"
    );
    let sheet = scan(&second, Value::Null).json();
    assert_eq!(sheet["sheet"]["total"], 12_850);
    assert_eq!(state(&bench, "NATIVE1")["trade_state"], "NOTPAY");
    assert_eq!(
        scan(&second, json!("paid")).json()["err_msg"],
        "get_brand_wcpay_request:ok"
    );
    let (_, plain) = open_notice(&bench, &bench.wait_received(1)[0]);
    assert_eq!(
        (&plain["trade_type"], &plain["payer"]["sp_openid"]),
        (&json!("NATIVE"), &json!(bench.openid("liu")))
    );
    assert_eq!(scan(&second, json!("paid")).status, 409, "nobody pays twice");
}

#[test]
fn a_code_or_a_prepay_id_is_good_for_two_hours() {
    let bench = Bench::start_with(|config| config.time_scale = 36_000.0);
    let answer = product(&bench, "native", &without_payer(&bench, "NATIVE1")).json();
    std::thread::sleep(Duration::from_millis(250));
    let late = bench.post(
        "/control/codes",
        json!({"person": "liu", "code_url": answer["code_url"]}),
    );
    assert_eq!(late.status, 409);
}

#[test]
fn an_h5_link_wants_a_page_before_it_leads_to_the_sheet_and_dies_after_five_minutes() {
    let bench = Bench::start_with(|config| config.time_scale = 60.0);
    let mut body = without_payer(&bench, "H5ORDER1");
    assert_eq!(
        product(&bench, "h5", &body).json()["code"],
        "PARAM_ERROR",
        "no scene"
    );
    body["scene_info"] = json!({"payer_client_ip": "14.23.150.211", "h5_info": {"type": "Wap"}});
    let link = product(&bench, "h5", &body).json()["h5_url"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = link.strip_prefix(&bench.credentials.pay).unwrap().to_owned();
    assert_eq!(bench.get(&path).status, 400, "opened without a Referer");
    let open = || {
        let request = bench
            .request("GET", &path)
            .header("referer", "http://shop.example/pay");
        bench.send(request.body(Vec::new()).unwrap()).unwrap()
    };
    let page = open();
    assert!(
        page.status == 200 && page.text().contains("¥128.50"),
        "{}",
        page.text()
    );
    let prepay_id = path.split(['=', '&']).nth(1).unwrap();
    let form = format!("prepay_id={prepay_id}&redirect_url=http://shop.example/done&person=liu&outcome=paid");
    let post = || {
        let request = bench
            .request("POST", "/cgi-bin/mmpayweb-bin/checkmweb")
            .header("content-type", "application/x-www-form-urlencoded");
        bench
            .send(request.body(form.clone().into_bytes()).unwrap())
            .unwrap()
    };
    std::thread::sleep(Duration::from_millis(5100));
    assert_eq!(open().status, 400, "five minutes are over");
    assert_eq!(post().status, 400);
    // A new link for the same order, and at once.
    let link = product(&bench, "h5", &body).json()["h5_url"]
        .as_str()
        .unwrap()
        .to_owned();
    let fresh = link.split(['=', '&']).nth(1).unwrap();
    let request = bench
        .request("POST", "/cgi-bin/mmpayweb-bin/checkmweb")
        .header("content-type", "application/x-www-form-urlencoded");
    let paid = bench
        .send(request.body(form.replace(prepay_id, fresh).into_bytes()).unwrap())
        .unwrap();
    assert_eq!(
        (paid.status, paid.header("location")),
        (303, "http://shop.example/done")
    );
    assert_eq!(state(&bench, "H5ORDER1")["trade_type"], "MWEB");
}

#[test]
fn a_deadline_is_the_first_calls_and_at_least_a_minute_and_the_clock_enforces_it() {
    let bench = Bench::start();
    let mut body = order(&bench, "BOOKING1");
    let in_minutes = |minutes: i64| crate::clock::beijing((now_s() + minutes * 60) * 1000);
    body["time_expire"] = json!(in_minutes(0));
    assert_eq!(prepay(&bench, &body).status, 200);
    let expires = |number: &str| {
        bench.get(&format!("/control/payments/{number}")).json()["expires_ms"]
            .as_i64()
            .unwrap()
    };
    let first = expires("BOOKING1");
    assert!(first >= (now_s() + 55) * 1000, "raised to a minute");
    body["time_expire"] = json!(in_minutes(30));
    assert_eq!(
        prepay(&bench, &body).status,
        200,
        "another deadline is no other order"
    );
    assert_eq!(expires("BOOKING1"), first);
    bench.post("/control/time", json!({"forward_minutes": 2}));
    assert_eq!(pay(&bench, "BOOKING1", "paid").status, 409);
    assert_eq!(
        bench.get("/control/payments").json()["payments"][0]["state"],
        "CLOSED"
    );
}

#[test]
fn a_number_is_one_order_of_the_provider_over_all_its_sub_merchants_and_products() {
    let bench = Bench::start();
    let body = order(&bench, "BOOKING1");
    prepay(&bench, &body);
    let mut elsewhere = body.clone();
    elsewhere["sub_mchid"] = json!("1900000110");
    assert_eq!(prepay(&bench, &elsewhere).json()["code"], "INVALID_REQUEST");
    assert_eq!(product(&bench, "native", &body).json()["code"], "INVALID_REQUEST");
    pay(&bench, "BOOKING1", "paid");
    let used = prepay(&bench, &elsewhere);
    assert_eq!(
        (used.status, used.json()["code"].clone()),
        (403, json!("OUT_TRADE_NO_USED"))
    );
    assert_eq!(product(&bench, "face", &body).status, 404);
}

#[test]
fn a_direct_merchant_orders_queries_and_closes_at_its_own_addresses_alone() {
    let bench = Bench::start();
    let direct = bench.credentials.direct.clone();
    let body = json!({
        "appid": bench.credentials.app_id, "mchid": direct.mchid, "description": "足疗", "out_trade_no": "DIRECT01",
        "notify_url": format!("{}/pay/notice", bench.program_address), "amount": {"total": 100},
        "payer": {"openid": bench.openid("liu")},
    })
    .to_string();
    let path = "/v3/pay/transactions/jsapi";
    let made = call_as(&bench, &direct, "POST", path, &body);
    assert_eq!(made.status, 200, "{}", made.text());
    assert_eq!(
        call_as(&bench, &direct, "POST", PREPAY, &body).json()["code"],
        "NO_AUTH"
    );
    pay(&bench, "DIRECT01", "paid");
    let query = format!(
        "/v3/pay/transactions/out-trade-no/DIRECT01?mchid={}",
        direct.mchid
    );
    let found = call_as(&bench, &direct, "GET", &query, "").json();
    assert_eq!(
        (&found["trade_state"], &found["payer"]["openid"]),
        (&json!("SUCCESS"), &json!(bench.openid("liu")))
    );
}

#[test]
fn a_sub_merchants_app_names_its_own_openid() {
    let bench = Bench::start();
    let mut body = order(&bench, "BOOKING1");
    let openid = crate::keys::openid(1, "wxsubsubsubsubsub0", "liu");
    body["payer"] = json!({"sub_openid": openid});
    assert_eq!(
        prepay(&bench, &body).json()["code"],
        "PARAM_ERROR",
        "no sub_appid"
    );
    body["sub_appid"] = json!("wxsubsubsubsubsub0");
    assert_eq!(prepay(&bench, &body).status, 200);
    pay(&bench, "BOOKING1", "paid");
    let found = state(&bench, "BOOKING1");
    assert_eq!(found["payer"]["sub_openid"], json!(openid));
    assert_eq!(found["sub_appid"], "wxsubsubsubsubsub0");
}
