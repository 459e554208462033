//! People, tags, the blacklist, and the menus that tags decide.

use serde_json::{Value, json};

use super::*;

#[test]
fn followers_come_in_pages_and_carry_remarks() {
    let bench = Bench::start_with(|config| {
        config.followers = ["zhangli", "wangjianguo", "liu"].map(str::to_owned).to_vec();
    });
    let api = Api::open(&bench);
    let all = api.get("/cgi-bin/user/get", "");
    let list = all["data"]["openid"].as_array().unwrap().clone();
    assert_eq!((&all["total"], list.len()), (&json!(3), 3));
    let rest = api.get(
        "/cgi-bin/user/get",
        &format!("next_openid={}", list[0].as_str().unwrap()),
    );
    assert_eq!((&rest["total"], &rest["count"]), (&json!(3), &json!(2)));
    assert_eq!(rest["data"]["openid"], json!(list[1..]));
    let end = api.get(
        "/cgi-bin/user/get",
        &format!("next_openid={}", list[2].as_str().unwrap()),
    );
    assert_eq!((&end["count"], &end["data"]), (&json!(0), &Value::Null));
    assert_eq!(
        api.get("/cgi-bin/user/get", "next_openid=nobody")["errcode"],
        40003
    );

    let liu = bench.openid("liu");
    let remark = |openid: &str, remark: &str| {
        api.post(
            "/cgi-bin/user/info/updateremark",
            json!({"openid": openid, "remark": remark}),
        )["errcode"]
            .clone()
    };
    assert_eq!(remark(&liu, "老板"), 0);
    assert_eq!(remark(&liu, &"长".repeat(31)), 40035);
    assert_eq!(remark(&bench.openid("chenchen"), "x"), 43004);
    let asked = json!({"user_list": [{"openid": liu}, {"openid": bench.openid("chenchen")}]});
    let people = api.post("/cgi-bin/user/info/batchget", asked)["user_info_list"].clone();
    assert_eq!(
        (&people[0]["remark"], &people[1]["subscribe"]),
        (&json!("老板"), &json!(0))
    );
    let many = vec![json!({"openid": liu}); 101];
    let refused = api.post("/cgi-bin/user/info/batchget", json!({"user_list": many}));
    assert_eq!(refused["errcode"], 40032);
}

#[test]
fn tags_have_their_limits_and_leave_with_the_follower() {
    let bench = Bench::start();
    let api = Api::open(&bench);
    let create = |name: &str| api.post("/cgi-bin/tags/create", json!({"tag": {"name": name}}));
    let vip = create("会员")["tag"]["id"].as_u64().unwrap();
    assert_eq!(create("会员")["errcode"], 45157);
    assert_eq!(create("")["errcode"], 45157);
    assert_eq!(create(&"一".repeat(11))["errcode"], 45158);
    let change = |id: u64, name: &str| {
        api.post("/cgi-bin/tags/update", json!({"tag": {"id": id, "name": name}}))["errcode"].clone()
    };
    assert_eq!(
        [change(2, "星"), change(vip, "老会员"), change(999, "无")],
        [json!(45058), json!(0), json!(45159)]
    );

    let liu = bench.openid("liu");
    let tag = |id: u64, list: Value| {
        let body = json!({"tagid": id, "openid_list": list});
        api.post("/cgi-bin/tags/members/batchtagging", body)["errcode"].clone()
    };
    assert_eq!(tag(vip, json!([liu])), 0);
    assert_eq!(tag(999, json!([liu])), 45159);
    assert_eq!(tag(vip, json!(vec![liu.clone(); 51])), 40032);
    assert_eq!(tag(vip, json!([bench.openid("zhangli")])), 49003);
    let tags: Vec<u64> = (0..99)
        .map(|at| create(&format!("t{at}"))["tag"]["id"].as_u64().unwrap())
        .collect();
    assert_eq!(create("多")["errcode"], 45056);
    for id in &tags[..19] {
        assert_eq!(tag(*id, json!([liu])), 0);
    }
    assert_eq!(tag(tags[19], json!([liu])), 45059);
    let of = || api.post("/cgi-bin/tags/getidlist", json!({"openid": liu}))["tagid_list"].clone();
    assert_eq!(of().as_array().unwrap().len(), 20);
    let members = api.post("/cgi-bin/user/tag/get", json!({"tagid": vip}));
    assert_eq!(members["data"]["openid"], json!([liu]));
    let off = json!({"tagid": vip, "openid_list": [liu]});
    assert_eq!(
        api.post("/cgi-bin/tags/members/batchuntagging", off)["errcode"],
        0
    );
    assert_eq!(
        api.post("/cgi-bin/user/tag/get", json!({"tagid": vip}))["count"],
        0
    );
    let gone = api.post("/cgi-bin/tags/delete", json!({"tag": {"id": tags[0]}}));
    assert_eq!(gone["errcode"], 0);
    assert_eq!(of().as_array().unwrap().len(), 18);
    bench.post("/control/people/liu/unfollow", json!({}));
    assert_eq!(of(), json!([]));
}

#[test]
fn the_blacklist_silences_the_account_for_a_person() {
    let bench = Bench::start();
    let api = Api::open(&bench);
    let liu = bench.openid("liu");
    bench.post("/control/people/liu/text", json!({"text": "在吗"}));
    let list = |n: usize| json!({"openid_list": vec![liu.clone(); n]});
    let block = "/cgi-bin/tags/members/batchblacklist";
    assert_eq!(api.post(block, list(21))["errcode"], 40032);
    assert_eq!(api.post(block, list(1))["errcode"], 0);
    let black = api.post("/cgi-bin/tags/members/getblacklist", json!({"begin_openid": ""}));
    assert_eq!(black["data"]["openid"], json!([liu]));
    let say = || {
        let body = json!({"touser": liu, "msgtype": "text", "text": {"content": "您好"}});
        api.post("/cgi-bin/message/custom/send", body)["errcode"].clone()
    };
    assert_eq!(say(), 43019);
    api.post("/cgi-bin/tags/members/batchunblacklist", list(1));
    assert_eq!(say(), 0);
}

fn menu_of(name: &str, url: &str) -> Value {
    json!([{"name": name, "type": "view", "url": url}])
}

#[test]
fn the_menu_of_a_person_is_the_newest_that_fits_the_last_tag() {
    let bench = Bench::start();
    let api = Api::open(&bench);
    let liu = bench.openid("liu");
    let tag = |name: &str| {
        api.post("/cgi-bin/tags/create", json!({"tag": {"name": name}}))["tag"]["id"]
            .as_u64()
            .unwrap()
    };
    let (a, b) = (tag("甲"), tag("乙"));
    let add = |rule: Value, name: &str, url: &str| {
        let body = json!({"button": menu_of(name, url), "matchrule": rule});
        api.post("/cgi-bin/menu/addconditional", body)
    };
    let url = "http://127.0.0.1:8700/";
    assert_eq!(add(json!({"tag_id": a}), "甲", url)["errcode"], 65303);
    api.post("/cgi-bin/menu/create", json!({"button": menu_of("众", url)}));
    assert_eq!(add(json!({"tag_id": a, "sex": "1"}), "甲", url)["errcode"], 65320);
    assert_eq!(add(json!({}), "甲", url)["errcode"], 65304);
    assert_eq!(add(json!({"tag_id": 999}), "甲", url)["errcode"], 45159);
    for (id, name) in [(a, "旧"), (a, "新"), (b, "乙")] {
        let menu = add(json!({"tag_id": id.to_string()}), name, url);
        assert!(menu["menuid"].is_string(), "{menu}");
    }
    let seen = || {
        let shown = api.post("/cgi-bin/menu/trymatch", json!({"user_id": liu}));
        let phone = bench.get("/phone/state?person=liu").json()["menu"][0]["name"].clone();
        assert_eq!(shown["button"][0]["name"], phone);
        phone
    };
    let put = |id: u64| {
        let body = json!({"tagid": id, "openid_list": [liu]});
        api.post("/cgi-bin/tags/members/batchtagging", body);
    };
    assert_eq!(seen(), "众");
    put(a);
    assert_eq!(seen(), "新");
    put(b);
    assert_eq!(seen(), "乙");
    put(a);
    assert_eq!(seen(), "新", "the tag put on last decides");

    let menus = api.get("/cgi-bin/menu/get", "");
    let newest = menus["conditionalmenu"][1]["menuid"].clone();
    assert_eq!(
        api.post("/cgi-bin/menu/delconditional", json!({"menuid": newest}))["errcode"],
        0
    );
    assert_eq!(
        api.post("/cgi-bin/menu/delconditional", json!({"menuid": newest}))["errcode"],
        65301
    );
    assert_eq!(seen(), "旧");
    assert_eq!(
        api.post("/cgi-bin/menu/trymatch", json!({"user_id": "x"}))["errcode"],
        65302
    );
    for domain in ["http://b.example/", "http://c.example/"] {
        assert!(add(json!({"tag_id": a}), "外", domain)["menuid"].is_string());
    }
    assert_eq!(
        add(json!({"tag_id": a}), "外", "http://d.example/")["errcode"],
        65316
    );
    api.get("/cgi-bin/menu/delete", "");
    assert_eq!(
        api.get("/cgi-bin/get_current_selfmenu_info", "")["is_menu_open"],
        0
    );
}

#[test]
fn every_limit_of_a_menu_has_its_code() {
    let bench = Bench::start();
    let api = Api::open(&bench);
    let create =
        |buttons: Value| api.post("/cgi-bin/menu/create", json!({"button": buttons}))["errcode"].clone();
    let click = |name: &str, key: &str| json!({"name": name, "type": "click", "key": key});
    let below = |button: Value| json!([{"name": "我的", "sub_button": [button]}]);
    let many = |n: usize| Value::Array(vec![click("一", "k"); n]);
    let cases = [
        (many(4), 40016),
        (json!([{"name": "我的", "sub_button": many(6)}]), 40023),
        (json!([click("", "k")]), 40018),
        (json!([click("一", &"k".repeat(129))]), 40019),
        (
            json!([{"name": "一", "type": "view", "url": format!("http://x/{}", "u".repeat(1024))}]),
            40020,
        ),
        (json!([{"name": "一", "type": "view", "url": "ftp://x"}]), 40055),
        (json!([{"name": "一", "type": "dance"}]), 40017),
        (below(click(&"一".repeat(21), "k")), 40025),
        (below(click("一", "")), 40026),
        (below(json!({"name": "一", "type": "view"})), 40027),
        (below(json!({"name": "一"})), 40024),
        (below(json!({"name": "一", "sub_button": many(1)})), 40022),
        (
            json!([{"name": "一", "type": "media_id", "media_id": "none"}]),
            40007,
        ),
        (
            json!([{"name": "一", "type": "article_id", "article_id": "none"}]),
            53600,
        ),
        (
            json!([{"name": "附近", "sub_button": many(5)}, click("我的", "k"), click("一", "k")]),
            0,
        ),
    ];
    for (buttons, code) in cases {
        assert_eq!(create(buttons.clone()), code, "{buttons}");
    }
    let shown = api.get("/cgi-bin/get_current_selfmenu_info", "");
    let list = &shown["selfmenu_info"]["button"][0]["sub_button"]["list"];
    assert_eq!(list.as_array().unwrap().len(), 5);
}
