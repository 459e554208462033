//! Tokens, quotas, short keys, and what the account answers when it is out of order.

use serde_json::{Value, json};

use super::*;

fn classic(bench: &Bench) -> Value {
    let c = &bench.credentials;
    let path = "/cgi-bin/token?grant_type=client_credential";
    bench
        .get(&format!("{path}&appid={}&secret={}", c.app_id, c.app_secret))
        .json()
}

fn stable(bench: &Bench, force: bool) -> Value {
    let c = &bench.credentials;
    let body = json!({"grant_type": "client_credential", "appid": c.app_id, "secret": c.app_secret,
        "force_refresh": force});
    bench.post("/cgi-bin/stable_token", body).json()
}

fn works(bench: &Bench, answer: &Value) -> bool {
    let token = answer["access_token"].as_str().unwrap();
    let ips = bench
        .get(&format!("/cgi-bin/get_api_domain_ip?access_token={token}"))
        .json();
    ips["ip_list"].is_array()
}

fn forward(bench: &Bench, minutes: i64) {
    bench.post("/control/time", json!({"forward_minutes": minutes}));
}

#[test]
fn a_classic_token_dies_five_minutes_after_the_next_and_the_stable_one_is_renewed_at_the_end() {
    let bench = Bench::start();
    let (old, new) = (classic(&bench), classic(&bench));
    assert!(works(&bench, &old) && works(&bench, &new));
    let first = stable(&bench, false);
    forward(&bench, 5);
    assert!(!works(&bench, &old) && works(&bench, &new));
    forward(&bench, 109);
    assert_eq!(stable(&bench, false)["access_token"], first["access_token"]);
    forward(&bench, 2);
    let second = stable(&bench, false);
    assert_ne!(second["access_token"], first["access_token"]);
    assert!(
        works(&bench, &first) && works(&bench, &second),
        "both live for the last minutes"
    );
    forward(&bench, 5);
    assert!(!works(&bench, &first) && works(&bench, &second));
}

#[test]
fn a_refresh_is_forced_twenty_times_a_day_half_a_minute_apart() {
    let bench = Bench::start();
    for _ in 0..19 {
        assert!(stable(&bench, true)["access_token"].is_string());
        assert_eq!(stable(&bench, true)["errcode"], 45011);
        forward(&bench, 1);
    }
    assert!(stable(&bench, true)["access_token"].is_string());
    assert_eq!(stable(&bench, true)["errcode"], 45009);
    forward(&bench, 24 * 60);
    assert!(stable(&bench, true)["access_token"].is_string());
}

#[test]
fn a_frozen_secret_and_a_strange_address_get_no_token() {
    let bench = Bench::start();
    bench.post("/control/secret", json!({"frozen": true}));
    assert_eq!(
        (
            classic(&bench)["errcode"].clone(),
            stable(&bench, false)["errcode"].clone()
        ),
        (json!(40243), json!(40243))
    );
    bench.post("/control/secret", json!({"frozen": false}));
    bench.post("/control/whitelist", json!({"ips": ["10.0.0.1"]}));
    assert_eq!(
        (
            classic(&bench)["errcode"].clone(),
            stable(&bench, false)["errcode"].clone()
        ),
        (json!(40164), json!(40164))
    );
    bench.post("/control/whitelist", json!({"ips": ["127.0.0.1"]}));
    assert!(works(&bench, &classic(&bench)));
    bench.post("/control/whitelist", json!({"ips": null}));
    assert!(works(&bench, &stable(&bench, false)));
}

#[test]
fn calls_are_counted_by_day_and_minute_and_the_counters_are_cleared_ten_times_a_month() {
    let bench = Bench::start();
    let api = Api::open(&bench);
    let path = "/cgi-bin/tags/get";
    let quota = |path: &str| api.post("/cgi-bin/openapi/quota/get", json!({"cgi_path": path}));
    let call = || api.get(path, "")["errcode"].clone();
    call();
    assert_eq!(
        quota(path)["quota"],
        json!({"daily_limit": 1000, "used": 1, "remain": 999})
    );
    let mass = quota("/cgi-bin/message/mass/sendall");
    assert_eq!(
        mass["rate_limit"],
        json!({"call_count": 60, "refresh_second": 60})
    );
    assert_eq!(quota("cgi-bin/tags/get")["errcode"], 76003);
    assert_eq!(quota("/cgi-bin/nothing")["errcode"], 76021);
    assert_eq!(quota("/sns/userinfo")["errcode"], 76022);

    bench.post(
        "/control/quota",
        json!({"path": path, "daily": 4, "per_minute": 2}),
    );
    assert_eq!((call(), call()), (Value::Null, json!(45011)));
    forward(&bench, 1);
    assert_eq!((call(), call(), call()), (Value::Null, Value::Null, json!(45009)));
    let app_id = &bench.credentials.app_id;
    let clear = || api.post("/cgi-bin/clear_quota", json!({"appid": app_id}))["errcode"].clone();
    assert_eq!(
        api.post("/cgi-bin/clear_quota", json!({"appid": "wx"}))["errcode"],
        40013
    );
    assert_eq!((clear(), call()), (json!(0), Value::Null));
    for _ in 0..8 {
        assert_eq!(clear(), 0);
    }
    let secret = &bench.credentials.app_secret;
    let v2 = || {
        let path = format!("/cgi-bin/clear_quota/v2?appid={app_id}&appsecret={secret}");
        bench.post(&path, json!({})).json()["errcode"].clone()
    };
    assert_eq!((v2(), v2(), clear()), (json!(0), json!(48006), json!(48006)));
    bench.post(
        "/control/quota",
        json!({"path": path, "daily": 1, "per_minute": null}),
    );
    assert_eq!(call(), Value::Null);
    assert_eq!(call(), 45009);
    forward(&bench, 24 * 60);
    let api = Api::open(&bench);
    assert!(api.get(path, "")["tags"].is_array(), "a new day");
}

#[test]
fn a_refusal_can_be_asked_for_by_its_number() {
    let bench = Bench::start();
    let api = Api::open(&bench);
    let refused = api.get("/cgi-bin/user/info", "openid=nobody");
    let (_, rid) = refused["errmsg"].as_str().unwrap().split_once(" rid: ").unwrap();
    let ask = |rid: &str| api.post("/cgi-bin/openapi/rid/get", json!({"rid": rid}));
    let told = ask(rid)["request"].clone();
    assert!(
        told["request_url"].as_str().unwrap().contains("openid=nobody"),
        "{told}"
    );
    assert!(
        told["response_body"].as_str().unwrap().contains("40003"),
        "{told}"
    );
    assert!(!told.to_string().contains(&api.token));
    assert_eq!(
        (ask("x")["errcode"].clone(), ask("")["errcode"].clone()),
        (json!(76001), json!(76002))
    );
    let rid = rid.to_owned();
    forward(&bench, 8 * 24 * 60);
    let late = Api::open(&bench).post("/cgi-bin/openapi/rid/get", json!({"rid": rid}));
    assert_eq!(late["errcode"], 76004);
}

#[test]
fn long_texts_wait_behind_short_keys() {
    let bench = Bench::start();
    let api = Api::open(&bench);
    let make = |body: Value| api.post("/cgi-bin/shorten/gen", body);
    assert_eq!(make(json!({"expire_seconds": 60}))["errcode"], 47003);
    assert_eq!(make(json!({"long_data": "x".repeat(4097)}))["errcode"], 9_410_010);
    assert_eq!(
        make(json!({"long_data": "x", "expire_seconds": 2_592_001}))["errcode"],
        9_410_011
    );
    let key = make(json!({"long_data": "x".repeat(4096), "expire_seconds": 120}))["short_key"].clone();
    assert_eq!(key.as_str().unwrap().len(), 15);
    let fetch = |key: &Value| api.post("/cgi-bin/shorten/fetch", json!({"short_key": key}));
    assert_eq!(fetch(&key)["long_data"].as_str().unwrap().len(), 4096);
    assert!(fetch(&key)["expire_seconds"].as_u64().unwrap() <= 120);
    assert_eq!(fetch(&json!("nothing"))["errcode"], 9_410_012);
    forward(&bench, 2);
    assert_eq!(fetch(&key)["errcode"], 9_410_012);
}

#[test]
fn the_callback_is_resolved_and_reached() {
    let bench = Bench::start();
    let api = Api::open(&bench);
    let check = |body: Value| api.post("/cgi-bin/callback/check", body);
    let all = check(json!({"action": "all", "check_operator": "DEFAULT"}));
    assert_eq!(
        (&all["dns"][0]["ip"], &all["ping"][0]["package_loss"]),
        (&json!("127.0.0.1"), &json!("0%"))
    );
    assert_eq!(check(json!({"action": "dns"}))["ping"], Value::Null);
    assert_eq!(check(json!({"action": "look"}))["errcode"], 40202);
    assert_eq!(
        check(json!({"action": "dns", "check_operator": "X"}))["errcode"],
        40203
    );
    assert!(api.get("/cgi-bin/getcallbackip", "")["ip_list"].is_array());
}

#[test]
fn any_path_fails_as_wanted_with_status_200() {
    let bench = Bench::start();
    let api = Api::open(&bench);
    let fault = |body: Value| assert_eq!(bench.post("/control/faults", body).status, 200);
    fault(json!({"kind": "oa_error", "path": "/cgi-bin/tags/get", "errcode": 48001}));
    assert!(
        api.get("/cgi-bin/user/get", "")["total"].is_number(),
        "another path"
    );
    let refused = bench.get(&api.path("/cgi-bin/tags/get"));
    assert_eq!((refused.status, &refused.json()["errcode"]), (200, &json!(48001)));
    assert!(refused.json()["errmsg"].as_str().unwrap().contains(" rid: "));
    assert!(api.get("/cgi-bin/tags/get", "")["tags"].is_array(), "once");
    let strange = bench.get(&api.path("/cgi-bin/nothing"));
    assert_eq!((strange.status, &strange.json()["errcode"]), (200, &json!(40066)));
    fault(json!({"kind": "oa_ip"}));
    assert_eq!(api.get("/cgi-bin/tags/get", "")["errcode"], 40164);
    fault(json!({"kind": "oa_slow", "delay_ms": 300}));
    let started = Instant::now();
    assert!(api.get("/cgi-bin/tags/get", "")["tags"].is_array());
    assert!(started.elapsed() >= Duration::from_millis(300));
}

#[test]
fn a_refreshed_web_token_is_prolonged_while_it_lives_and_replaced_afterwards() {
    let bench = Bench::start();
    let c = &bench.credentials;
    let url = format!(
        "{}/connect/oauth2/authorize?appid={}&redirect_uri=http%3A%2F%2F127.0.0.1%2F&response_type=code\
         &scope=snsapi_base&state=s",
        c.open, c.app_id
    );
    let code = || {
        let granted = bench
            .post("/control/people/liu/authorize", json!({"url": url}))
            .json();
        let location = granted["location"].as_str().unwrap().to_owned();
        location
            .split("code=")
            .nth(1)
            .unwrap()
            .split('&')
            .next()
            .unwrap()
            .to_owned()
    };
    let exchange = |code: &str| {
        let path = "/sns/oauth2/access_token?grant_type=authorization_code";
        bench
            .get(&format!(
                "{path}&appid={}&secret={}&code={code}",
                c.app_id, c.app_secret
            ))
            .json()
    };
    let late = code();
    let grant = exchange(&code());
    let refresh = |kind: &str| {
        let token = grant["refresh_token"].as_str().unwrap();
        let path = format!(
            "/sns/oauth2/refresh_token?appid={}&grant_type={kind}&refresh_token={token}",
            c.app_id
        );
        bench.get(&path).json()
    };
    forward(&bench, 5);
    assert_eq!(exchange(&late)["errcode"], 42003);
    assert_eq!(refresh("code")["errcode"], 40002);
    forward(&bench, 100);
    assert_eq!(refresh("refresh_token")["access_token"], grant["access_token"]);
    forward(&bench, 100);
    let auth = format!(
        "/sns/auth?access_token={}&openid={}",
        grant["access_token"].as_str().unwrap(),
        grant["openid"].as_str().unwrap()
    );
    assert_eq!(bench.get(&auth).json()["errcode"], 0, "prolonged");
    forward(&bench, 30);
    assert_eq!(bench.get(&auth).json()["errcode"], 42001);
    assert_ne!(refresh("refresh_token")["access_token"], grant["access_token"]);
    forward(&bench, 30 * 24 * 60);
    assert_eq!(refresh("refresh_token")["errcode"], 42002);
}
