//! QR codes, short keys, quotas, addresses and error codes.

use serde_json::{Value, json};

use super::calls::{get, ok, post, refused, sent, wire};
use super::support::*;
use crate::oa::{ErrorCode, NetworkCheck, Operator, Scene};

#[test]
fn qr_codes_of_every_kind() {
    let answer = json!({"ticket": "K", "url": "http://weixin.qq.com/q/k"});
    for (scene, name, seconds, inner) in [
        (
            Scene::Number { id: 7, seconds: 60 },
            "QR_SCENE",
            json!(60),
            json!({"scene_id": 7}),
        ),
        (
            Scene::PermanentNumber(100_000),
            "QR_LIMIT_SCENE",
            Value::Null,
            json!({"scene_id": 100_000}),
        ),
        (
            Scene::PermanentText("shop-7".into()),
            "QR_LIMIT_STR_SCENE",
            Value::Null,
            json!({"scene_str": "shop-7"}),
        ),
    ] {
        let (target, body) = sent(&answer, |a| {
            assert_eq!(a.create_qr(at(), &scene).unwrap().expire_seconds, None);
        });
        assert_eq!(target, "POST /cgi-bin/qrcode/create");
        assert_eq!(
            (
                &body["action_name"],
                &body["expire_seconds"],
                &body["action_info"]["scene"]
            ),
            (&json!(name), &seconds, &inner)
        );
    }
}

#[test]
fn short_keys() {
    assert_eq!(
        sent(
            &json!({"errcode": 0, "short_key": "3xRkb1tjBcAgWze"}),
            |a| assert_eq!(a.shorten(at(), "loooong", 86_400).unwrap(), "3xRkb1tjBcAgWze")
        ),
        post(
            "/cgi-bin/shorten/gen",
            json!({"long_data": "loooong", "expire_seconds": 86_400})
        )
    );
    let answer = json!({"long_data": "loooong", "create_time": 1_611_047_541, "expire_seconds": 86_300});
    assert_eq!(
        sent(&answer, |a| {
            let long = a.fetch_short(at(), "K").unwrap();
            assert_eq!((long.data.as_str(), long.expire_seconds), ("loooong", 86_300));
        }),
        post("/cgi-bin/shorten/fetch", json!({"short_key": "K"}))
    );
    refused(|a| a.shorten(at(), "", 1));
    refused(|a| a.shorten(at(), &"x".repeat(4097), 1));
    refused(|a| a.shorten(at(), "x", 2_592_001));
}

#[test]
fn quotas_and_refused_calls() {
    let answer = json!({
        "quota": {"daily_limit": 500_000, "used": 5, "remain": 499_995},
        "rate_limit": {"call_count": 100, "refresh_second": 60}
    });
    assert_eq!(
        sent(&answer, |a| {
            let quota = a.quota(at(), "/cgi-bin/message/custom/send").unwrap();
            assert_eq!(
                (quota.daily.remain, quota.rate_limit.unwrap().call_count),
                (499_995, 100)
            );
        }),
        post(
            "/cgi-bin/openapi/quota/get",
            json!({"cgi_path": "/cgi-bin/message/custom/send"})
        )
    );
    refused(|a| a.quota(at(), "https://api.weixin.qq.com/cgi-bin/x"));
    assert_eq!(
        sent(&ok(), |a| a.clear_quota(at()).unwrap()),
        post("/cgi-bin/clear_quota", json!({"appid": "wx2421b1c4370ec43b"}))
    );
    let wire = wire(ok());
    account(&wire).clear_quota_by_secret(at()).unwrap();
    assert_eq!(
        wire.path(0),
        "/cgi-bin/clear_quota/v2?appid=wx2421b1c4370ec43b&appsecret=app-secret",
        "without a token"
    );
    let answer = json!({"request": {
        "invoke_time": 1_635_927_298, "cost_in_ms": 100, "request_url": "access_token=50_xxx", "request_body": "",
        "response_body": "{}", "client_ip": "113.0.0.1"
    }});
    assert_eq!(
        sent(&answer, |a| assert_eq!(
            a.refused_call(at(), "61725984-6126f6f9-040f19c4")
                .unwrap()
                .cost_in_ms,
            100
        )),
        post(
            "/cgi-bin/openapi/rid/get",
            json!({"rid": "61725984-6126f6f9-040f19c4"})
        )
    );
}

#[test]
fn addresses_and_the_way_to_us() {
    let list = json!({"ip_list": ["101.226.103.0/25"]});
    assert_eq!(
        sent(&list, |a| assert_eq!(a.api_addresses(at()).unwrap().len(), 1)),
        get("/cgi-bin/get_api_domain_ip")
    );
    assert_eq!(
        sent(&list, |a| assert_eq!(
            a.callback_addresses(at()).unwrap().len(),
            1
        )),
        get("/cgi-bin/getcallbackip")
    );
    let report = json!({
        "dns": [{"ip": "111.161.64.40", "real_operator": "UNICOM"}],
        "ping": [{"ip": "111.161.64.40", "from_operator": "UNICOM", "package_loss": "0%", "time": "23.079ms"}]
    });
    assert_eq!(
        sent(&report, |a| {
            let report = a
                .check_network(at(), NetworkCheck::All, Operator::Default)
                .unwrap();
            assert_eq!(
                (report.dns.len(), report.ping[0].package_loss.as_str()),
                (1, "0%")
            );
        }),
        post(
            "/cgi-bin/callback/check",
            json!({"action": "all", "check_operator": "DEFAULT"})
        )
    );
    for (check, from, action, operator) in [
        (NetworkCheck::Dns, Operator::ChinaNet, "dns", "CHINANET"),
        (NetworkCheck::Ping, Operator::Unicom, "ping", "UNICOM"),
        (NetworkCheck::All, Operator::Cap, "all", "CAP"),
    ] {
        let (_, body) = sent(&report, |a| drop(a.check_network(at(), check, from).unwrap()));
        assert_eq!(body, json!({"action": action, "check_operator": operator}));
    }
}

#[test]
fn every_error_code_keeps_its_number() {
    let mut known = 0;
    for number in (-1..210_000).chain(9_410_000..9_410_020) {
        let code = ErrorCode::from_number(number);
        assert_eq!(code.number(), number);
        known += usize::from(!matches!(code, ErrorCode::Other(_)));
    }
    assert!(known > 150, "{known}");
}
