//! Messages to many.

use serde_json::{Value, json};

use super::material::article;
use super::talk::{last, push_with};
use super::*;

#[test]
fn messages_to_many_arrive_four_times_a_month_and_once_for_an_id() {
    let bench = Bench::start_with(|config| config.followers = vec!["zhangli".into(), "liu".into()]);
    let api = Api::open(&bench);
    let both = json!([bench.openid("zhangli"), bench.openid("liu")]);
    let send = |to: &Value, id: &str| {
        let body = json!({"touser": to, "msgtype": "text", "text": {"content": "开业"}, "clientmsgid": id});
        api.post("/cgi-bin/message/mass/send", body)
    };
    assert_eq!(send(&json!([bench.openid("liu")]), "x")["errcode"], 40130);
    assert_eq!(send(&json!(vec!["x"; 10_001]), "x")["errcode"], 40032);
    assert_eq!(send(&both, &"i".repeat(65))["errcode"], 45067);
    let first = send(&both, "1");
    assert_eq!(first["errcode"], 0);
    let again = send(&both, "1");
    assert_eq!(
        (&again["errcode"], &again["msg_id"]),
        (&json!(45065), &first["msg_id"])
    );
    for id in ["2", "3", "4", "5"] {
        assert_eq!(send(&both, id)["errcode"], 0);
    }
    let heard = bench.get("/control/people/liu/messages").json()["messages"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(heard, 4);
    let event = push_with(&bench, "<FilterCount>0</FilterCount>");
    assert!(
        event.contains("<TotalCount>2</TotalCount>") && event.contains("<SentCount>0</SentCount>"),
        "{event}"
    );
    push_with(&bench, "<SentCount>2</SentCount>");
    let status = api.post("/cgi-bin/message/mass/get", json!({"msg_id": first["msg_id"]}));
    assert_eq!(status["msg_status"], "SEND_SUCCESS");
    assert_eq!(
        api.post("/cgi-bin/message/mass/get", json!({"msg_id": 1}))["errcode"],
        40059
    );

    bench.post("/control/time", json!({"forward_minutes": 32 * 24 * 60}));
    let api = Api::open(&bench);
    let body = json!({"touser": both, "msgtype": "text", "text": {"content": "开业"}, "clientmsgid": "1"});
    assert_eq!(api.post("/cgi-bin/message/mass/send", body)["errcode"], 0);
    let heard = bench.get("/control/people/liu/messages").json();
    assert_eq!(
        heard["messages"].as_array().unwrap().len(),
        5,
        "a new month, and the id is forgotten after a day"
    );
}

#[test]
fn everybody_is_addressed_once_a_day_and_four_times_a_month() {
    let bench = Bench::start();
    // The days of one month, wherever today stands in it.
    let mut codes = Vec::new();
    for day in 0..12 {
        let api = Api::open(&bench);
        let all = |words: &str| {
            let body = json!({"filter": {"is_to_all": true}, "msgtype": "text", "text": {"content": words}});
            api.post("/cgi-bin/message/mass/sendall", body)["errcode"].clone()
        };
        let (first, second) = (format!("一{day}"), format!("二{day}"));
        let code = all(&first);
        if code == 0 {
            assert_eq!((all(&first), all(&second)), (json!(45065), json!(45028)));
        }
        codes.push(code);
        bench.post("/control/time", json!({"forward_minutes": 24 * 60}));
    }
    assert!(codes.contains(&json!(45028)), "{codes:?}");
    let sent = codes.iter().filter(|code| **code == 0).count();
    assert!(
        (4..=8).contains(&sent),
        "four in each of at most two months: {codes:?}"
    );
}

#[test]
fn a_review_refuses_and_speeds_are_set() {
    let bench = Bench::start();
    let api = Api::open(&bench);
    for (errcode, status) in [(0, "send fail"), (20_008, "err(20008)")] {
        let fault = json!({"kind": "mass_rejected", "errcode": errcode});
        assert_eq!(bench.post("/control/faults", fault).status, 200);
        let body = json!({"filter": {"tag_id": "2"}, "msgtype": "text", "text": {"content": status}});
        let id = api.post("/cgi-bin/message/mass/sendall", body)["msg_id"].clone();
        push_with(&bench, &format!("<Status><![CDATA[{status}]]></Status>"));
        let told = api.post("/cgi-bin/message/mass/get", json!({"msg_id": id}));
        assert_eq!(told["msg_status"], "SEND_FAIL");
    }
    let speed = |speed: Value| api.post("/cgi-bin/message/mass/speed/set", speed)["errcode"].clone();
    assert_eq!(
        [
            speed(json!({"speed": 5})),
            speed(json!({})),
            speed(json!({"speed": 3}))
        ],
        [json!(45083), json!(45084), json!(0)]
    );
    assert_eq!(
        api.post("/cgi-bin/message/mass/speed/get", json!({}))["realspeed"],
        30
    );
}

#[test]
fn articles_sent_to_many_open_as_pages_until_they_are_deleted() {
    let bench = Bench::start();
    let api = Api::open(&bench);
    let draft = api.post(
        "/cgi-bin/draft/add",
        json!({"articles": [article(&bench, &api, "夏日养生")]}),
    );
    let news = json!({"msgtype": "mpnews", "mpnews": {"media_id": draft["media_id"]}});
    let mut preview = news.clone();
    preview["touser"] = json!(bench.openid("liu"));
    assert_eq!(api.post("/cgi-bin/message/mass/preview", preview)["errcode"], 0);
    let mut body = news.clone();
    body["filter"] = json!({"is_to_all": false, "tag_id": 2});
    assert_eq!(
        api.post("/cgi-bin/message/mass/sendall", body.clone())["errcode"],
        0,
        "nobody has the tag"
    );
    assert_eq!(api.post("/cgi-bin/draft/count", json!({}))["errcode"], 43001);
    assert_eq!(
        api.get("/cgi-bin/draft/count", "")["total_count"],
        0,
        "a sent draft leaves the box"
    );

    let draft = api.post(
        "/cgi-bin/draft/add",
        json!({"articles": [article(&bench, &api, "秋日养生")]}),
    );
    let body = json!({"filter": {"is_to_all": true}, "msgtype": "mpnews",
        "mpnews": {"media_id": draft["media_id"]}});
    let sent = api.post("/cgi-bin/message/mass/sendall", body);
    let shown = last(&bench, "liu")["articles"][0].clone();
    let path = shown["url"].as_str().unwrap().replace(&bench.credentials.api, "");
    assert!(bench.get(&path).text().contains("<h1>秋日养生</h1>"));
    let gone = api.post("/cgi-bin/message/mass/delete", json!({"msg_id": sent["msg_id"]}));
    assert_eq!((&gone["errcode"], bench.get(&path).status), (&json!(0), 404));
    let status = api.post("/cgi-bin/message/mass/get", json!({"msg_id": sent["msg_id"]}));
    assert_eq!(status["msg_status"], "DELETE");
}
