//! Customer-service messages, templates and subscription notices.

use serde_json::{Value, json};

use super::material::upload;
use super::person::open_push;
use super::*;

pub fn last(bench: &Bench, person: &str) -> Value {
    let messages = bench
        .get(&format!("/control/people/{person}/messages?after=0"))
        .json();
    messages["messages"]
        .as_array()
        .unwrap()
        .last()
        .cloned()
        .unwrap_or_default()
}

/// The last push that holds `part`, opened.
pub fn push_with(bench: &Bench, part: &str) -> String {
    let mut found = String::new();
    wait_for(|| {
        let all: Vec<String> = bench.received().iter().map(|one| open_push(bench, one)).collect();
        found = all
            .into_iter()
            .rev()
            .find(|push| push.contains(part))
            .unwrap_or_default();
        !found.is_empty()
    });
    found
}

#[test]
fn customer_service_messages_of_every_kind_stand_in_the_chat() {
    let bench = Bench::start();
    let api = Api::open(&bench);
    let liu = bench.openid("liu");
    bench.post("/control/people/liu/text", json!({"text": "在吗"}));
    let image = upload(&bench, &api, "/cgi-bin/media/upload", "image", "a.png")["media_id"].clone();
    let voice = upload(&bench, &api, "/cgi-bin/media/upload", "voice", "a.amr")["media_id"].clone();
    let video = upload(&bench, &api, "/cgi-bin/media/upload", "video", "a.mp4")["media_id"].clone();
    let thumb = upload(&bench, &api, "/cgi-bin/media/upload", "thumb", "a.jpg")["thumb_media_id"].clone();
    let one = json!({"title": "文", "description": "述", "url": "http://127.0.0.1:8700/", "picurl": ""});
    let kinds = [
        ("text", json!({"content": "好"}), "text"),
        ("image", json!({"media_id": image}), "image"),
        ("voice", json!({"media_id": voice}), "voice"),
        (
            "video",
            json!({"media_id": video, "thumb_media_id": thumb, "title": "片"}),
            "video",
        ),
        (
            "music",
            json!({"musicurl": "http://m/", "hqmusicurl": "http://m/", "thumb_media_id": thumb}),
            "music",
        ),
        ("news", json!({"articles": [one]}), "news"),
        (
            "msgmenu",
            json!({"head_content": "满意吗", "tail_content": "谢谢",
            "list": [{"id": "101", "content": "满意"}, {"id": "102", "content": "不满意"}]}),
            "menu",
        ),
        (
            "miniprogrampage",
            json!({"title": "程", "appid": "wx1", "pagepath": "a", "thumb_media_id": thumb}),
            "mini_program",
        ),
        ("wxcard", json!({"card_id": "c"}), "other"),
    ];
    for (kind, part, shown) in kinds {
        // A word each time keeps the window of five open.
        bench.post("/control/people/liu/text", json!({"text": "?"}));
        let sent = api.post(
            "/cgi-bin/message/custom/send",
            json!({"touser": liu, "msgtype": kind, kind: part}),
        );
        assert_eq!(
            (&sent["errcode"], &last(&bench, "liu")["kind"]),
            (&json!(0), &json!(shown)),
            "{kind} {sent}"
        );
    }
    bench.post(
        "/control/people/liu/message",
        json!({"kind": "choice", "id": "102", "text": "不满意"}),
    );
    let answer = push_with(&bench, "bizmsgmenuid");
    assert!(
        answer.contains("<Content><![CDATA[不满意]]></Content>"),
        "{answer}"
    );
    assert!(
        answer.contains("<bizmsgmenuid><![CDATA[102]]></bizmsgmenuid>"),
        "{answer}"
    );
}

#[test]
fn customer_service_messages_that_lack_something_are_refused() {
    let bench = Bench::start();
    let api = Api::open(&bench);
    let liu = bench.openid("liu");
    bench.post("/control/people/liu/text", json!({"text": "在吗"}));
    let image = upload(&bench, &api, "/cgi-bin/media/upload", "image", "a.png")["media_id"].clone();
    let one = json!({"title": "文", "description": "述", "url": "http://127.0.0.1:8700/", "picurl": ""});
    let wrong = [
        ("image", json!({"media_id": "none"}), 40007),
        ("voice", json!({"media_id": image}), 40007),
        ("text", json!({"content": ""}), 44004),
        ("text", json!({"content": "长".repeat(683)}), 45002),
        ("news", json!({"articles": [one, one]}), 45008),
        ("mpnewsarticle", json!({"article_id": "none"}), 53600),
        ("mpnews", json!({"media_id": "none"}), 40007),
        ("dance", json!({}), 40008),
        ("msgmenu", json!({"list": []}), 47003),
    ];
    for (kind, part, code) in wrong {
        let body = json!({"touser": liu, "msgtype": kind, kind: part});
        assert_eq!(
            api.post("/cgi-bin/message/custom/send", body)["errcode"],
            code,
            "{kind} {part}"
        );
    }
    let staff = json!({"touser": liu, "msgtype": "text", "text": {"content": "好"},
        "customservice": {"kf_account": "a@b"}});
    assert_eq!(api.post("/cgi-bin/message/custom/send", staff)["errcode"], 65401);
}

#[test]
fn windows_close_by_the_clock_and_typing_follows_talk() {
    let bench = Bench::start();
    let api = Api::open(&bench);
    let liu = bench.openid("liu");
    let send = || {
        let body = json!({"touser": liu, "msgtype": "text", "text": {"content": "好"}});
        api.post("/cgi-bin/message/custom/send", body)["errcode"].clone()
    };
    let typing = |command: &str| {
        let body = json!({"touser": liu, "command": command});
        api.post("/cgi-bin/message/custom/typing", body)["errcode"].clone()
    };
    assert_eq!((send(), typing("Typing")), (json!(45015), json!(45015)));
    bench.post("/control/people/liu/text", json!({"text": "在吗"}));
    assert_eq!(typing("Dance"), 45072);
    assert_eq!((typing("Typing"), typing("Typing")), (json!(0), json!(45081)));
    assert_eq!(
        (send(), typing("Typing")),
        (json!(0), json!(0)),
        "a message ends the typing"
    );
    bench.post("/control/time", json!({"forward_minutes": 1}));
    assert_eq!(typing("Typing"), 45080);
    for _ in 0..4 {
        assert_eq!(send(), 0);
    }
    assert_eq!(send(), 45047);
    bench.post("/control/people/liu/text", json!({"text": "在吗"}));
    bench.post("/control/time", json!({"forward_minutes": 48 * 60}));
    let api = Api::open(&bench);
    let body = json!({"touser": liu, "msgtype": "text", "text": {"content": "好"}});
    assert_eq!(api.post("/cgi-bin/message/custom/send", body)["errcode"], 45015);
}

#[test]
fn template_messages_tell_their_outcome_and_repeat_after_ten_minutes() {
    let bench = Bench::start();
    let api = Api::open(&bench);
    let template = bench
        .credentials
        .templates
        .iter()
        .find(|t| t.title == "退款通知")
        .unwrap();
    let send = |id: &str| {
        let body = json!({
            "touser": bench.openid("liu"), "template_id": template.template_id, "client_msg_id": id,
            "data": {"character_string1": {"value": "T1"}, "amount2": {"value": "¥98.00"},
                "thing3": {"value": "改天"}, "time4": {"value": "2026-01-01 10:00"}},
        });
        api.post("/cgi-bin/message/template/send", body)["msgid"].clone()
    };
    let first = send("a");
    assert_eq!(send("a"), first);
    push_with(&bench, "<Status><![CDATA[success]]></Status>");
    bench.post("/control/time", json!({"forward_minutes": 11}));
    assert_ne!(send("a"), first);
    bench.fault("template_failed", 1, 0);
    let failed = send("b");
    let event = push_with(&bench, "failed: system failed");
    assert!(event.contains(&format!("<MsgID>{failed}</MsgID>")), "{event}");
    bench.post("/control/people/liu/refusal", json!({"refuses": true}));
    let cards = || {
        let all = bench.get("/control/people/liu/messages").json()["messages"].clone();
        let all = all.as_array().unwrap().iter();
        all.filter(|message| message["kind"] == "card").count()
    };
    let before = cards();
    send("c");
    push_with(&bench, "failed:user block");
    bench.post("/control/people/liu/text", json!({"text": "在吗"}));
    let body = json!({"touser": bench.openid("liu"), "msgtype": "text", "text": {"content": "好"}});
    assert_eq!(api.post("/cgi-bin/message/custom/send", body)["errcode"], 48002);
    assert_eq!(cards(), before, "nothing reaches who refuses");
}

#[test]
fn the_library_of_templates_has_room_for_twenty_five() {
    let bench = Bench::start();
    let api = Api::open(&bench);
    let add = |short: &str| {
        let body = json!({"template_id_short": short, "keyword_name_list": ["退款金额"]});
        api.post("/cgi-bin/template/api_add_template", body)
    };
    assert_eq!(add("1")["errcode"], 40036);
    let room = 25 - bench.credentials.templates.len();
    let added: Vec<Value> = (0..room).map(|_| add("43220")["template_id"].clone()).collect();
    let id = &added[room - 1];
    assert_eq!(add("43220")["errcode"], 45026);
    let delete = || {
        api.post(
            "/cgi-bin/template/del_private_template",
            json!({"template_id": id}),
        )["errcode"]
            .clone()
    };
    assert_eq!((delete(), delete()), (json!(0), json!(40037)));
    let wrong = json!({"template_id_short": "43220", "keyword_name_list": ["天气"]});
    assert_eq!(
        api.post("/cgi-bin/template/api_add_template", wrong)["errcode"],
        47003
    );

    let set = |a: i64| {
        let body = json!({"industry_id1": a.to_string(), "industry_id2": "24"});
        api.post("/cgi-bin/template/api_set_industry", body)["errcode"].clone()
    };
    assert_eq!(
        (set(42), set(23), set(23)),
        (json!(40102), json!(0), json!(43100))
    );
    let industry = api.get("/cgi-bin/template/get_industry", "");
    assert_eq!(industry["primary_industry"]["second_class"], "护理美容");
}

#[test]
fn one_consent_is_good_for_one_subscription_notice() {
    let bench = Bench::start();
    let api = Api::open(&bench);
    let add = |tid: i64, kids: Value| {
        let body = json!({"tid": tid, "kidList": kids, "sceneDesc": "预约"});
        api.post("/wxaapi/newtmpl/addtemplate", body)
    };
    assert_eq!(add(1, json!([1, 2]))["errcode"], 200_014);
    assert_eq!(add(12_001, json!([1]))["errcode"], 200_020);
    let id = add(12_001, json!([1, 2]))["priTmplId"]
        .as_str()
        .unwrap()
        .to_owned();
    let form = bench
        .request("POST", &api.path("/wxaapi/newtmpl/addtemplate"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(b"tid=12003&kidList=2&kidList=1&sceneDesc=%E9%80%80%E6%AC%BE".to_vec())
        .unwrap();
    assert_eq!(
        bench.send(form).unwrap().json()["errcode"],
        0,
        "the library takes forms"
    );
    let keywords = api.get("/wxaapi/newtmpl/getpubtemplatekeywords", "tid=12001");
    assert_eq!(
        (&keywords["count"], &keywords["data"][1]["rule"]),
        (&json!(4), &json!("time"))
    );
    let titles = api.get("/wxaapi/newtmpl/getpubtemplatetitles", "ids=612&start=0&limit=2");
    assert_eq!(
        (&titles["count"], titles["data"].as_array().unwrap().len()),
        (&json!(3), 2)
    );
    let own = api.get("/wxaapi/newtmpl/gettemplate", "");
    assert_eq!(
        own["data"][0]["content"],
        "门店名称:{{thing1.DATA}}\n预约时间:{{time2.DATA}}"
    );

    let send = |time: &str| {
        let body = json!({"touser": bench.openid("zhangli"), "template_id": id, "page": "http://127.0.0.1:8700/b",
            "data": {"thing1": {"value": "西单店"}, "time2": {"value": time}}});
        api.post("/cgi-bin/message/subscribe/bizsend", body)["errcode"].clone()
    };
    let answer = |accept: bool| {
        let body = json!({"template_id": id, "accept": accept});
        bench.post("/control/people/zhangli/subscribe", body).json()["left"].clone()
    };
    assert_eq!(send("2026-01-01 10:00"), 43101);
    assert_eq!(answer(false), 0);
    push_with(&bench, "<SubscribeStatusString><![CDATA[reject]]>");
    assert_eq!(send("2026-01-01 10:00"), 43101);
    assert_eq!(answer(true), 1);
    assert_eq!(send("明天"), 47003, "a refused notice uses nothing up");
    assert_eq!(send("2026-01-01 10:00"), 0);
    assert_eq!(send("2026-01-01 10:00"), 43101);
    assert_eq!(last(&bench, "zhangli")["title"], "预约成功通知");
    let event = push_with(&bench, "subscribe_msg_sent_event");
    assert!(
        event.contains("<SubscribeMsgSentEvent><List><TemplateId>"),
        "{event}"
    );
    assert!(
        event.contains("<ErrorStatus><![CDATA[success]]></ErrorStatus></List>"),
        "{event}"
    );
    api.post("/wxaapi/newtmpl/deltemplate", json!({"priTmplId": id}));
    assert_eq!(send("2026-01-01 10:00"), 40037);
}
