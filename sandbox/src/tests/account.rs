//! Tokens, OAuth, the JS-SDK, menus, messages.

use serde_json::{Value, json};

use super::*;

fn stable_token(bench: &Bench, force: bool) -> Value {
    let c = &bench.credentials;
    bench
        .post(
            "/cgi-bin/stable_token",
            json!({
                "grant_type": "client_credential", "appid": c.app_id, "secret": c.app_secret,
                "force_refresh": force,
            }),
        )
        .json()
}

fn token(bench: &Bench) -> String {
    stable_token(bench, false)["access_token"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn code_of(location: &str) -> &str {
    location.split("code=").nth(1).unwrap().split('&').next().unwrap()
}

fn authorize_path(bench: &Bench, scope: &str, redirect: &str) -> String {
    format!(
        "/connect/oauth2/authorize?appid={}&redirect_uri={redirect}&response_type=code&scope={scope}&state=a%26b",
        bench.credentials.app_id
    )
}

fn exchange(bench: &Bench, code: &str) -> Value {
    let c = &bench.credentials;
    bench
        .get(&format!(
            "/sns/oauth2/access_token?appid={}&secret={}&code={code}&grant_type=authorization_code",
            c.app_id, c.app_secret
        ))
        .json()
}

#[test]
fn the_stable_token_stays_the_same_and_the_classic_one_changes() {
    let bench = Bench::start();
    let first = stable_token(&bench, false);
    assert_eq!(first["expires_in"], 7200);
    assert_eq!(stable_token(&bench, false)["access_token"], first["access_token"]);
    let forced = stable_token(&bench, true);
    assert_ne!(forced["access_token"], first["access_token"]);
    assert_eq!(stable_token(&bench, true)["errcode"], 45011);

    let old = first["access_token"].as_str().unwrap();
    assert_eq!(
        bench.get(&format!("/cgi-bin/user/get?access_token={old}")).json()["errcode"],
        40001
    );
    let c = &bench.credentials;
    let classic = format!(
        "/cgi-bin/token?grant_type=client_credential&appid={}&secret={}",
        c.app_id, c.app_secret
    );
    let (a, b) = (bench.get(&classic).json(), bench.get(&classic).json());
    assert_ne!(a["access_token"], b["access_token"]);
    for token in [&a, &b, &forced] {
        let path = format!(
            "/cgi-bin/user/get?access_token={}",
            token["access_token"].as_str().unwrap()
        );
        assert_eq!(bench.get(&path).json()["total"], 1);
    }
    assert_eq!(bench.get("/cgi-bin/user/get").json()["errcode"], 41001);
    assert_eq!(
        bench.get(&classic.replace(&c.app_secret, "wrong")).json()["errcode"],
        40125
    );
    assert_eq!(
        bench.get("/cgi-bin/menu/create?access_token=x").json()["errcode"],
        43002
    );
}

#[test]
fn faults_make_the_account_refuse() {
    let bench = Bench::start();
    let path = format!("/cgi-bin/user/get?access_token={}", token(&bench));
    for (kind, code) in [("oa_busy", -1), ("oa_quota", 45009), ("token_revoked", 40001)] {
        bench.fault(kind, 1, 0);
        let answer = bench.get(&path);
        assert_eq!((answer.status, &answer.json()["errcode"]), (200, &json!(code)));
    }
    assert_eq!(
        bench.get(&path).json()["errcode"],
        40001,
        "a revoked token stays dead"
    );
    let fresh = token(&bench);
    assert_eq!(
        bench
            .get(&format!("/cgi-bin/user/get?access_token={fresh}"))
            .json()["total"],
        1
    );
}

#[test]
fn a_code_is_good_once_and_belongs_to_the_person_with_the_phone() {
    let bench = Bench::start();
    let redirect = "http%3A%2F%2F127.0.0.1%3A8700%2Fwechat%2Fentry%3Fto%3D1";
    let path = authorize_path(&bench, "snsapi_base", redirect);
    let request = bench
        .request("GET", &path)
        .header("cookie", "sandbox_person=wangjianguo");
    let answer = bench.send(request.body(Vec::new()).unwrap()).unwrap();
    assert_eq!(answer.status, 302);
    let location = answer.header("location").to_owned();
    assert!(
        location.starts_with("http://127.0.0.1:8700/wechat/entry?to=1&code="),
        "{location}"
    );
    assert!(location.ends_with("&state=a%26b"), "{location}");

    let grant = exchange(&bench, code_of(&location));
    assert_eq!(grant["openid"], bench.openid("wangjianguo"));
    assert_eq!(grant["scope"], "snsapi_base");
    assert_eq!(exchange(&bench, code_of(&location))["errcode"], 40163);
    assert_eq!(exchange(&bench, "nonsense")["errcode"], 40029);
    let profile = format!(
        "/sns/userinfo?access_token={}&openid={}",
        grant["access_token"].as_str().unwrap(),
        grant["openid"].as_str().unwrap()
    );
    assert_eq!(bench.get(&profile).json()["errcode"], 48001);

    let refresh = format!(
        "/sns/oauth2/refresh_token?appid={}&grant_type=refresh_token&refresh_token={}",
        bench.credentials.app_id,
        grant["refresh_token"].as_str().unwrap()
    );
    assert_eq!(bench.get(&refresh).json()["openid"], grant["openid"]);
}

#[test]
fn the_profile_needs_consent() {
    let bench = Bench::start();
    let path = authorize_path(&bench, "snsapi_userinfo", "http%3A%2F%2F127.0.0.1%3A8700%2Fentry");
    let request = bench.request("GET", &path).header("x-sandbox-person", "zhangli");
    let page = bench.send(request.body(Vec::new()).unwrap()).unwrap();
    assert_eq!(page.status, 200);
    assert!(page.text().contains("允许") && page.text().contains("张丽"));

    let form = |answer: &str| {
        let body = format!(
            "person=zhangli&appid={}&redirect_uri=http%3A%2F%2F127.0.0.1%3A8700%2Fentry&scope=snsapi_userinfo\
             &state=s&answer={answer}",
            bench.credentials.app_id
        );
        let request = bench
            .request("POST", "/connect/oauth2/consent")
            .header("content-type", "application/x-www-form-urlencoded");
        bench.send(request.body(body.into_bytes()).unwrap()).unwrap()
    };
    assert_eq!(form("refuse").status, 200);
    let answer = form("allow");
    assert_eq!(answer.status, 302);
    let grant = exchange(&bench, code_of(answer.header("location")));
    let profile = format!(
        "/sns/userinfo?access_token={}&openid={}&lang=zh_CN",
        grant["access_token"].as_str().unwrap(),
        grant["openid"].as_str().unwrap()
    );
    assert_eq!(bench.get(&profile).json()["nickname"], "张丽");
}

#[test]
fn authorisation_refuses_foreign_domains_and_strangers() {
    let bench = Bench::start();
    for redirect in [
        "http%3A%2F%2Fevil.example%2F",
        "http%3A%2F%2F127.0.0.1%40evil.example%2F",
        "",
    ] {
        let path = authorize_path(&bench, "snsapi_base", redirect);
        let request = bench.request("GET", &path).header("x-sandbox-person", "zhangli");
        let answer = bench.send(request.body(Vec::new()).unwrap()).unwrap();
        assert_eq!((answer.status, answer.header("location")), (200, ""));
        assert!(answer.text().contains("10003"));
    }
    let stranger = bench.get(&authorize_path(
        &bench,
        "snsapi_base",
        "http%3A%2F%2F127.0.0.1%2F",
    ));
    assert!(stranger.text().contains("请在微信客户端打开链接"));
}

#[test]
fn a_snapshot_user_is_not_the_person() {
    let bench = Bench::start();
    bench.fault("snapshot_user", 1, 0);
    let url = format!(
        "{}{}",
        bench.credentials.open,
        authorize_path(&bench, "snsapi_userinfo", "http%3A%2F%2F127.0.0.1%2F")
    );
    let refused = bench.post("/control/people/zhangli/authorize", json!({"url": url}));
    assert_eq!(refused.status, 409);
    let allowed = bench
        .post(
            "/control/people/zhangli/authorize",
            json!({"url": url, "consent": true}),
        )
        .json();
    let grant = exchange(&bench, code_of(allowed["location"].as_str().unwrap()));
    assert_eq!(grant["is_snapshotuser"], 1);
    assert_ne!(grant["openid"], bench.openid("zhangli"));
}

#[test]
fn the_js_sdk_checks_signature_and_domain() {
    let bench = Bench::start();
    let access = token(&bench);
    let ticket = bench
        .get(&format!(
            "/cgi-bin/ticket/getticket?type=jsapi&access_token={access}"
        ))
        .json();
    let again = bench
        .get(&format!(
            "/cgi-bin/ticket/getticket?type=jsapi&access_token={access}"
        ))
        .json();
    assert_eq!(ticket["ticket"], again["ticket"]);
    let check = |url: &str, spoil: &str| {
        let text = format!(
            "jsapi_ticket={}&noncestr=abc&timestamp=1700000000&url={url}{spoil}",
            ticket["ticket"].as_str().unwrap()
        );
        let body = json!({
            "appId": bench.credentials.app_id, "timestamp": "1700000000", "nonceStr": "abc",
            "signature": sha1_hex(&text), "url": url,
        });
        bench.post("/phone/config", body).json()["errMsg"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(check("http://127.0.0.1:8700/shops?x=1", ""), "config:ok");
    assert_eq!(
        check("http://127.0.0.1:8700/shops?x=1", "#top"),
        "config:invalid signature"
    );
    assert!(check("http://evil.example/", "").starts_with("config:invalid url domain"));
}

#[test]
fn menus_are_checked_kept_and_deleted() {
    let bench = Bench::start();
    let access = token(&bench);
    let create = |menu: Value| {
        bench
            .post(&format!("/cgi-bin/menu/create?access_token={access}"), menu)
            .json()["errcode"]
            .clone()
    };
    assert_eq!(
        bench
            .get(&format!("/cgi-bin/menu/get?access_token={access}"))
            .json()["errcode"],
        46003
    );
    assert_eq!(create(json!({"button": []})), 40016);
    assert_eq!(
        create(json!({"button": [{"name": "附近的店", "type": "view"}]})),
        40020
    );
    assert_eq!(
        create(json!({"button": [{"name": "一二三四五六", "type": "click", "key": "k"}]})),
        40018
    );
    let menu = json!({"button": [
        {"name": "附近", "type": "view", "url": "http://127.0.0.1:8700/", "sub_button": []},
        {"name": "我的", "sub_button": [{"name": "我的预约", "type": "click", "key": "MY", "sub_button": []}]},
    ]});
    assert_eq!(create(menu.clone()), 0);
    assert_eq!(
        bench
            .get(&format!("/cgi-bin/menu/get?access_token={access}"))
            .json()["menu"],
        menu
    );
    assert_eq!(
        bench
            .get(&format!("/cgi-bin/menu/delete?access_token={access}"))
            .json()["errcode"],
        0
    );
}

#[test]
fn customer_service_messages_respect_their_windows() {
    let bench = Bench::start();
    let path = format!("/cgi-bin/message/custom/send?access_token={}", token(&bench));
    let send = || {
        let body = json!({
            "touser": bench.openid("zhangli"), "msgtype": "text", "text": {"content": "您好"},
        });
        bench.post(&path, body).json()["errcode"].clone()
    };
    assert_eq!(send(), 45015);
    bench.post("/control/people/zhangli/follow", json!({}));
    assert_eq!(
        [send(), send(), send(), send()],
        [json!(0), json!(0), json!(0), json!(45047)]
    );
    bench.post("/control/people/zhangli/text", json!({"text": "在吗"}));
    assert_eq!(send(), 0);
    bench.post("/control/people/zhangli/unfollow", json!({}));
    assert_eq!(send(), 45015);
    let messages = bench.get("/control/people/zhangli/messages?after=0").json();
    let texts: Vec<_> = messages["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["text"].clone())
        .collect();
    assert_eq!(texts, ["您好", "您好", "您好", "在吗", "您好"]);
}

#[test]
fn template_messages_need_a_follower_and_every_value() {
    let bench = Bench::start();
    let path = format!("/cgi-bin/message/template/send?access_token={}", token(&bench));
    let template = bench
        .credentials
        .templates
        .iter()
        .find(|t| t.title == "退款通知")
        .unwrap();
    let send = |person: &str, reason: &str, id: &str| {
        let body = json!({
            "touser": bench.openid(person), "template_id": template.template_id, "client_msg_id": id,
            "url": "http://127.0.0.1:8700/orders/1",
            "data": {
                "character_string1": {"value": "T202601010001"}, "amount2": {"value": "¥98.00"},
                "thing3": {"value": reason}, "time4": {"value": "2026-01-01 10:00"},
            },
        });
        bench.post(&path, body).json()
    };
    assert_eq!(send("zhangli", "时间不合适", "a")["errcode"], 43004);
    assert_eq!(send("liu", "", "b")["errcode"], 47003);
    assert_eq!(send("liu", &"长".repeat(21), "c")["errcode"], 47003);
    let sent = send("liu", "时间不合适", "d");
    assert_eq!(sent["errcode"], 0);
    assert_eq!(
        send("liu", "时间不合适", "d")["msgid"],
        sent["msgid"],
        "client_msg_id sends once"
    );

    let messages = bench.get("/control/people/liu/messages").json()["messages"].clone();
    assert_eq!(messages.as_array().unwrap().len(), 1);
    assert_eq!(messages[0]["title"], "退款通知");
    assert_eq!(messages[0]["rows"][2], json!(["退款原因", "时间不合适"]));
    let event = person::open_push(&bench, &bench.wait_received(1)[0]);
    assert!(
        event.contains("TEMPLATESENDJOBFINISH") && event.contains(&sent["msgid"].to_string()),
        "{event}"
    );
    let list = bench.get(&format!(
        "/cgi-bin/template/get_all_private_template?access_token={}",
        token(&bench)
    ));
    assert_eq!(list.json()["template_list"].as_array().unwrap().len(), 8);
}
