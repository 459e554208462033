//! Several service providers with their sub-merchants.

use serde_json::{Value, json};

use super::payment::{PREPAY, call, call_as, order, pay, prepay};
use super::*;
use crate::{MerchantCredentials, MerchantSetup, Role};

/// A second provider with a sub-merchant that signs.
fn two_providers(bench: &Bench) -> (MerchantCredentials, MerchantCredentials) {
    let add = |setup: Value| {
        let answer = bench.post("/control/merchants", setup);
        assert_eq!(answer.status, 200, "{}", answer.text());
        serde_json::from_value(answer.json()["credentials"].clone()).unwrap()
    };
    (
        add(json!({"mchid": "1230000111", "name": "另一服务商", "role": "provider", "signs": true})),
        add(json!({
            "mchid": "1710000001", "name": "清风堂", "role": "sub", "provider": "1230000111", "signs": true,
            "app_ids": ["wxqingfengtang0000"],
        })),
    )
}

#[test]
fn a_provider_acts_for_its_own_sub_merchants_alone() {
    let bench = Bench::start();
    let (other, sub) = two_providers(&bench);
    let mut body = order(&bench, "BOOKING1");
    body["sub_mchid"] = json!("1710000001");
    let foreign = prepay(&bench, &body);
    assert_eq!(
        (foreign.status, foreign.json()["code"].clone()),
        (403, json!("NO_AUTH"))
    );
    body["sp_mchid"] = json!(other.mchid);
    let own = call_as(&bench, &other, "POST", PREPAY, &body.to_string());
    assert_eq!(own.status, 200, "{}", own.text());
    assert!(verifies(&bench.credentials, &own.headers, &own.body));
    body["out_trade_no"] = json!("BOOKING2");
    body["sub_mchid"] = json!("1900000109");
    let implicit = call_as(&bench, &other, "POST", PREPAY, &body.to_string());
    assert_eq!(
        implicit.json()["code"],
        "NO_AUTH",
        "numbers beginning with 19 are the first provider's"
    );
    body["sub_mchid"] = json!("1710000001");
    body["sub_appid"] = json!("wxsomebodyelse0000");
    let app = call_as(&bench, &other, "POST", PREPAY, &body.to_string());
    assert_eq!(app.json()["code"], "APPID_MCHID_NOT_MATCH");
    assert_eq!(
        call_as(&bench, &sub, "POST", PREPAY, &body.to_string()).json()["code"],
        "NO_AUTH",
        "a sub-merchant is no provider"
    );
    let path = "/v3/refund/domestic/refunds/R1?sub_mchid=1710000001";
    assert_eq!(call(&bench, "GET", path, "").unwrap().json()["code"], "NO_AUTH");
}

#[test]
fn every_merchant_is_told_of_its_own_orders_under_its_own_key() {
    let bench = Bench::start();
    let (other, _) = two_providers(&bench);
    let mut body = order(&bench, "BOOKING1");
    body["sub_mchid"] = json!("1710000001");
    body["sp_mchid"] = json!(other.mchid);
    call_as(&bench, &other, "POST", PREPAY, &body.to_string());
    pay(&bench, "BOOKING1", "paid");
    let notice: Value = serde_json::from_slice(&bench.wait_received(1)[0].body).unwrap();
    let plain: Value =
        serde_json::from_slice(&super::payment::open_resource(&other, &notice["resource"])).unwrap();
    assert_eq!(
        (&plain["sp_mchid"], &plain["sub_mchid"]),
        (&json!("1230000111"), &json!("1710000001"))
    );
    // Both providers may use the same number.
    assert_eq!(prepay(&bench, &order(&bench, "BOOKING1")).status, 200);
}

#[test]
fn merchants_stand_in_the_configuration_too_and_are_never_made_twice() {
    let bench = Bench::start_with(|config| {
        config.merchants = vec![MerchantSetup {
            mchid: "1230000111".into(),
            name: "另一服务商".into(),
            role: Role::Provider,
            app_ids: Vec::new(),
            signs: true,
        }];
    });
    let other = bench.credentials.merchants[0].clone();
    assert_eq!(
        call_as(&bench, &other, "GET", "/v3/certificates", "").json()["code"],
        "RESOURCE_NOT_EXISTS",
        "it is known and its signature is good"
    );
    let add = |setup: Value| bench.post("/control/merchants", setup).status;
    assert_eq!(
        add(json!({"mchid": "1230000111", "name": "x", "role": "direct"})),
        409
    );
    assert_eq!(add(json!({"mchid": "12", "name": "x", "role": "direct"})), 409);
    assert_eq!(
        add(json!({"mchid": "1710000009", "name": "x", "role": "sub", "provider": "1230000110"})),
        404
    );
}
