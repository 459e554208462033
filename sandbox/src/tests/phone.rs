//! The phone: files, letters between friends, bills, slow networks, and what its page is told.

use std::time::Instant;

use serde_json::json;

use super::payment::{order, pay, prepay, signed};
use super::person::open_push;
use super::*;

fn news(bench: &Bench, person: &str) -> Value {
    bench.get(&format!("/phone/state?person={person}")).json()
}

fn act(bench: &Bench, person: &str, verb: &str, body: Value) -> Answer {
    bench.post(&format!("/control/people/{person}/{verb}"), body)
}

fn keep(bench: &Bench, kind: &str, bytes: &[u8]) -> Answer {
    let request = bench
        .request("POST", "/phone/files")
        .header("content-type", kind)
        .body(bytes.to_vec());
    bench.send(request.unwrap()).unwrap()
}

/// The last push as the program reads it.
fn last_push(bench: &Bench) -> String {
    open_push(bench, bench.received().last().unwrap())
}

#[test]
fn a_chosen_picture_is_pushed_with_the_address_where_it_can_be_fetched() {
    let bench = Bench::start();
    act(&bench, "zhangli", "follow", json!({}));
    let jpeg = b"\xff\xd8\xff\xe0 a picture";
    let kept = keep(&bench, "image/jpeg", jpeg).json();
    let id = kept["id"].as_str().unwrap();
    assert_eq!(act(&bench, "zhangli", "image", json!({"file": id})).status, 200);
    let push = last_push(&bench);
    let address = kept["url"].as_str().unwrap();
    assert!(
        push.contains(&format!("<PicUrl><![CDATA[{address}]]></PicUrl>")),
        "{push}"
    );
    let media = push
        .split("<MediaId><![CDATA[")
        .nth(1)
        .and_then(|rest| rest.split(']').next());
    let material = bench.get(&format!("/mmbiz/{}", media.unwrap()));
    assert_eq!(material.body.as_slice(), &jpeg[..], "what the program fetches");
    let fetched = bench.get(&format!("/phone/files/{id}"));
    assert_eq!(
        (fetched.body.as_slice(), fetched.header("content-type")),
        (&jpeg[..], "image/jpeg")
    );
    assert_eq!(keep(&bench, "text/html", b"<script>").status, 415);
    assert_eq!(keep(&bench, "image/png", b"").status, 400);
    assert_eq!(
        keep(&bench, "image/png", &vec![0; 10 * 1024 * 1024 + 1]).status,
        413
    );
    assert_eq!(
        act(&bench, "zhangli", "voice", json!({"file": id})).status,
        409,
        "a picture is no voice"
    );
    assert_eq!(
        act(&bench, "zhangli", "image", json!({"file": "none"})).status,
        409
    );
}

#[test]
fn a_voice_is_pushed_as_a_voice_message_and_plays_on_the_phone() {
    let bench = Bench::start();
    assert_eq!(
        act(&bench, "zhangli", "voice", json!({})).status,
        409,
        "strangers cannot speak"
    );
    act(&bench, "zhangli", "follow", json!({}));
    let said = act(&bench, "zhangli", "voice", json!({})).json();
    let message = &said["messages"][0];
    assert_eq!(
        (&message["kind"], &message["from"]),
        (&json!("voice"), &json!("me"))
    );
    let path = message["url"]
        .as_str()
        .unwrap()
        .strip_prefix(&bench.credentials.api)
        .unwrap();
    let sound = bench.get(path);
    assert_eq!(sound.header("content-type"), "audio/wav");
    assert_eq!(&sound.body[..4], b"RIFF");
    let length = u32::from_le_bytes(sound.body[40..44].try_into().unwrap());
    assert_eq!(sound.body.len(), 44 + length as usize);
    let push = last_push(&bench);
    assert!(
        push.contains("<MsgType><![CDATA[voice]]></MsgType>") && push.contains("<Format>"),
        "{push}"
    );
    assert!(push.contains("<MsgId>"), "{push}");
}

#[test]
fn a_place_is_picked_by_its_station() {
    let bench = Bench::start();
    act(&bench, "zhangli", "follow", json!({}));
    assert_eq!(
        act(&bench, "zhangli", "location", json!({"station": "国贸"})).status,
        200
    );
    let push = last_push(&bench);
    assert!(push.contains("<Label><![CDATA[国贸]]></Label>"), "{push}");
    // 国贸 is at 39.9070, 116.4556 in WGS-84; GCJ-02 lies some 600 m to the north-east.
    assert!(
        push.contains("<Location_X>39.909") && push.contains("<Location_Y>116.46"),
        "{push}"
    );
    assert_eq!(
        act(&bench, "zhangli", "location", json!({"station": "人民广场"})).status,
        404
    );
}

#[test]
fn a_card_reaches_the_friend_and_nobody_else() {
    let bench = Bench::start();
    let card = json!({"to": "liu", "title": "清和堂", "desc": "离我 300 米", "link": "http://127.0.0.1:1/shops/1", "imgUrl": ""});
    assert_eq!(act(&bench, "zhangli", "letters", card).status, 200);
    assert_eq!(
        act(
            &bench,
            "zhangli",
            "letters",
            json!({"to": "liu", "text": "这家好"})
        )
        .status,
        200
    );
    for (person, count) in [("zhangli", 2), ("liu", 2), ("chenchen", 0)] {
        assert_eq!(
            news(&bench, person)["letters"].as_array().unwrap().len(),
            count,
            "{person}"
        );
    }
    let got = &news(&bench, "liu")["letters"][0];
    assert_eq!(
        (&got["kind"], &got["from"], &got["title"]),
        (&json!("link"), &json!("zhangli"), &json!("清和堂"))
    );
    assert_eq!(bench.received().len(), 0, "the account hears nothing of it");
    for wrong in [
        json!({"to": "zhangli", "text": "myself"}),
        json!({"to": "nobody", "text": "x"}),
        json!({"to": "liu", "text": " "}),
        json!({"to": "liu", "link": "javascript:alert(1)"}),
        json!({"to": "liu"}),
    ] {
        assert_eq!(
            act(&bench, "zhangli", "letters", wrong.clone()).status,
            409,
            "{wrong}"
        );
    }
}

#[test]
fn the_bills_show_what_was_paid_and_what_came_back() {
    let bench = Bench::start();
    prepay(&bench, &order(&bench, "BOOKING1"));
    assert_eq!(news(&bench, "zhangli")["bills"], json!([]));
    assert_eq!(pay(&bench, "BOOKING1", "paid").status, 200);
    let refund = json!({
        "sub_mchid": "1900000109", "out_trade_no": "BOOKING1", "out_refund_no": "R1", "reason": "客户取消",
        "amount": {"refund": 2850, "total": 12_850, "currency": "CNY"},
    });
    let asked = signed(
        &bench,
        "POST",
        "/v3/refund/domestic/refunds",
        &refund.to_string(),
        now_s(),
    );
    assert_eq!(bench.send(asked).unwrap().status, 200);
    let bill = || news(&bench, "zhangli")["bills"][0].clone();
    wait_for(|| bill()["refunds"][0]["status"] == "SUCCESS");
    assert_eq!(
        (&bill()["total"], &bill()["payee"]),
        (&json!(12_850), &json!("1900000109"))
    );
    assert_eq!(
        (&bill()["refunds"][0]["amount"], &bill()["refunds"][0]["reason"]),
        (&json!(2850), &json!("客户取消"))
    );
    assert_eq!(news(&bench, "liu")["bills"], json!([]), "bills are private");
}

#[test]
fn a_slow_network_delays_the_pages_of_that_phone_alone() {
    let bench = Bench::start();
    act(&bench, "zhangli", "network", json!({"slow": true}));
    assert_eq!(news(&bench, "zhangli")["slow"], true);
    let took = |person: &str| {
        let request = bench
            .request("GET", "/jssdk/jweixin.js")
            .header("cookie", format!("sandbox_person={person}"));
        let started = Instant::now();
        assert_eq!(bench.send(request.body(Vec::new()).unwrap()).unwrap().status, 200);
        started.elapsed()
    };
    assert!(took("zhangli") >= Duration::from_secs(4));
    assert!(took("liu") < Duration::from_secs(2));
    act(&bench, "zhangli", "network", json!({"slow": false}));
    assert!(took("zhangli") < Duration::from_secs(2));
}

#[test]
fn a_poster_made_at_the_control_desk_can_be_followed() {
    let bench = Bench::start();
    let made = bench.post("/control/qrcodes", json!({"scene": "poster"})).json();
    let url = made["url"].as_str().unwrap();
    assert_eq!(act(&bench, "zhangli", "follow", json!({"url": url})).status, 200);
    assert!(last_push(&bench).contains("<EventKey><![CDATA[qrscene_poster]]></EventKey>"));
    let short = bench
        .post("/control/qrcodes", json!({"scene": "door", "seconds": 60}))
        .json();
    assert_eq!(short["expire_seconds"], 60);
    assert_eq!(bench.post("/control/qrcodes", json!({"scene": ""})).status, 409);
}

#[test]
fn the_control_desk_tells_the_time_and_the_credentials() {
    let bench = Bench::start();
    bench.post("/control/time", json!({"scale": 3600}));
    assert_eq!(bench.get("/control/time").json()["scale"], 3600.0);
    let told = bench.get("/control/credentials").json();
    assert_eq!(told["app_id"], json!(bench.credentials.app_id));
    assert_eq!(
        told["partner"]["private_key_pem"],
        json!(bench.credentials.partner.private_key_pem)
    );
    let page = bench.get("/control").text();
    assert!(page.contains(&bench.credentials.platform.public_key_id));
    assert!(
        !page.contains("PRIVATE KEY") && !page.contains(&bench.credentials.app_secret),
        "secrets are not on the page"
    );
}
