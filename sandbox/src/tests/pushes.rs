//! The message push: its three modes, its replies, its events and its faults.

use serde_json::{Value, json};

use super::material::upload;
use super::person::{open_push, text_reply};
use super::*;

fn plain_reply(bench: &Bench, person: &str, kind: &str, inside: &str) -> String {
    format!(
        "<xml><ToUserName><![CDATA[{}]]></ToUserName><FromUserName>gh</FromUserName><CreateTime>1</CreateTime>\
         <MsgType><![CDATA[{kind}]]></MsgType>{inside}</xml>",
        bench.openid(person)
    )
}

fn set_mode(bench: &Bench, mode: &str) {
    assert_eq!(
        bench.post("/control/push", json!({"mode": mode})).json()["mode"],
        mode
    );
}

fn say(bench: &Bench) -> Value {
    bench
        .post("/control/people/liu/text", json!({"text": "在吗"}))
        .json()
}

#[test]
fn the_push_is_clear_both_or_encrypted_by_its_mode() {
    let bench = Bench::start();
    let clear = plain_reply(&bench, "liu", "text", "<Content>好</Content>");
    let sealed = text_reply(&bench, "liu", "好");
    // Which replies the modes take: clear, encrypted.
    for (mode, takes) in [
        ("plain", [true, false]),
        ("compatible", [true, true]),
        ("safe", [false, true]),
    ] {
        set_mode(&bench, mode);
        for (reply, taken) in [&clear, &sealed].into_iter().zip(takes) {
            bench.answer_next(200, reply);
            let done = say(&bench);
            assert_eq!(done["delivered"], taken, "{mode} {reply}");
            let last = done["messages"].as_array().unwrap().last().unwrap().clone();
            if taken {
                assert_eq!(last["text"], "好");
            } else {
                assert!(
                    last["text"]
                        .as_str()
                        .unwrap()
                        .contains("该公众号提供的服务出现故障")
                );
            }
        }
        let push = bench.received().last().unwrap().clone();
        let (query, body) = (
            push.uri.query().unwrap(),
            String::from_utf8(push.body.clone()).unwrap(),
        );
        assert_eq!(query.contains("encrypt_type=aes&msg_signature="), mode != "plain");
        assert_eq!(
            body.contains("<Content><![CDATA[在吗]]></Content>"),
            mode != "safe"
        );
        if mode == "plain" {
            assert!(!body.contains("<Encrypt>"));
        } else {
            assert!(open_push(&bench, &push).contains("<Content><![CDATA[在吗]]></Content>"));
        }
    }
}

#[test]
fn all_six_kinds_of_reply_stand_in_the_chat() {
    let bench = Bench::start();
    let api = Api::open(&bench);
    set_mode(&bench, "plain");
    let id = |kind: &str, name: &str| {
        let kept = upload(&bench, &api, "/cgi-bin/media/upload", kind, name);
        let id = kept["media_id"].as_str().or(kept["thumb_media_id"].as_str());
        id.unwrap().to_owned()
    };
    let (image, voice, video) = (id("image", "a.png"), id("voice", "a.amr"), id("video", "a.mp4"));
    let thumb = id("thumb", "a.jpg");
    let kinds = [
        ("text", "<Content>好</Content>".to_owned()),
        ("image", format!("<Image><MediaId>{image}</MediaId></Image>")),
        ("voice", format!("<Voice><MediaId>{voice}</MediaId></Voice>")),
        ("video", format!("<Video><MediaId>{video}</MediaId><Title>片</Title></Video>")),
        ("music", format!("<Music><Title>曲</Title><ThumbMediaId>{thumb}</ThumbMediaId></Music>")),
        ("news", "<ArticleCount>1</ArticleCount><Articles><item><Title>文</Title><Url>http://x/</Url></item></Articles>".into()),
    ];
    for (kind, inside) in kinds {
        bench.answer_next(200, &plain_reply(&bench, "liu", kind, &inside));
        let done = say(&bench);
        let last = done["messages"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(
            (&done["delivered"], &last["kind"], &last["from"]),
            (&json!(true), &json!(kind), &json!("account"))
        );
    }
    for (kind, inside) in [
        ("image", "<Image><MediaId>none</MediaId></Image>"),
        ("voice", "<Voice></Voice>"),
        ("music", "<Music><Title>曲</Title></Music>"),
        ("news", "<Articles></Articles>"),
        ("dance", ""),
    ] {
        bench.answer_next(200, &plain_reply(&bench, "liu", kind, inside));
        assert_eq!(say(&bench)["delivered"], false, "{kind}");
    }
    bench.answer_next(200, &plain_reply(&bench, "liu", "transfer_customer_service", ""));
    assert_eq!(say(&bench)["delivered"], true);
}

#[test]
fn people_send_recordings_films_links_and_pictures_that_can_be_fetched() {
    let bench = Bench::start();
    let api = Api::open(&bench);
    set_mode(&bench, "plain");
    let messages = [
        (
            json!({"kind": "voice", "text": "肩膀疼"}),
            "<Recognition><![CDATA[肩膀疼]]></Recognition>",
        ),
        (json!({"kind": "video"}), "<MsgType><![CDATA[video]]></MsgType>"),
        (
            json!({"kind": "shortvideo"}),
            "<MsgType><![CDATA[shortvideo]]></MsgType>",
        ),
        (
            json!({"kind": "link", "title": "文", "url": "http://x/"}),
            "<Url><![CDATA[http://x/]]></Url>",
        ),
    ];
    for (message, part) in messages {
        bench.post("/control/people/liu/message", message);
        let push = String::from_utf8(bench.received().last().unwrap().body.clone()).unwrap();
        assert!(push.contains(part) && push.contains("<MsgId>"), "{push}");
    }
    bench.post("/control/people/liu/image", json!({}));
    let push = String::from_utf8(bench.received().last().unwrap().body.clone()).unwrap();
    let id = push
        .split("<MediaId><![CDATA[")
        .nth(1)
        .unwrap()
        .split(']')
        .next()
        .unwrap();
    let file = bench.get(&api.path(&format!("/cgi-bin/media/get?media_id={id}")));
    assert!(file.body.starts_with(b"\x89PNG") && file.header("content-type") == "image/png");
}

#[test]
fn every_kind_of_button_has_its_event() {
    let bench = Bench::start();
    let api = Api::open(&bench);
    set_mode(&bench, "plain");
    let button = |kind: &str| json!({"name": kind, "type": kind, "key": "K"});
    let mini =
        json!({"name": "mini", "type": "miniprogram", "url": "http://x/", "appid": "wx1", "pagepath": "p"});
    let menu = json!({"button": [
        {"name": "扫", "sub_button": [button("scancode_push"), button("scancode_waitmsg")]},
        {"name": "拍", "sub_button": [button("pic_sysphoto"), button("pic_photo_or_album"), button("pic_weixin")]},
        {"name": "地", "sub_button": [button("location_select"), mini]},
    ]});
    assert_eq!(api.post("/cgi-bin/menu/create", menu)["errcode"], 0);
    let taps = [
        (
            "scancode_push",
            "<ScanCodeInfo><ScanType><![CDATA[qrcode]]></ScanType><ScanResult><![CDATA[7]]>",
            1,
        ),
        (
            "scancode_waitmsg",
            "<EventKey><![CDATA[K]]></EventKey><ScanCodeInfo>",
            1,
        ),
        (
            "pic_sysphoto",
            "<SendPicsInfo><Count>1</Count><PicList><item><PicMd5Sum>",
            2,
        ),
        ("pic_photo_or_album", "<Event><![CDATA[pic_photo_or_album]]>", 2),
        ("pic_weixin", "<Event><![CDATA[pic_weixin]]>", 2),
        ("location_select", "<SendLocationInfo><Location_X><![CDATA[39.", 2),
        (
            "mini",
            "<Event><![CDATA[view_miniprogram]]></Event><EventKey><![CDATA[p]]></EventKey><MenuId>",
            1,
        ),
    ];
    for (name, part, count) in taps {
        let before = bench.received().len();
        bench.post("/control/people/liu/menu", json!({"name": name, "scanned": "7"}));
        let all = bench.received();
        assert_eq!(all.len() - before, count, "{name}");
        let push = String::from_utf8(all[before].body.clone()).unwrap();
        assert!(push.contains(part), "{push}");
    }
}

#[test]
fn any_other_event_is_sent_on_demand() {
    let bench = Bench::start();
    set_mode(&bench, "plain");
    let send = |body: Value| bench.post("/control/people/liu/event", body);
    let done = send(json!({"Event": "LOCATION", "Latitude": 23.137466, "Precision": "119.3"}));
    assert_eq!(done.json()["delivered"], true);
    let lists = json!({"List": [{"TemplateId": "a"}, {"TemplateId": "b"}]});
    send(json!({"Event": "subscribe_msg_change_event", "SubscribeMsgChangeEvent": lists}));
    let pushes: Vec<String> = bench
        .received()
        .iter()
        .map(|one| String::from_utf8(one.body.clone()).unwrap())
        .collect();
    assert!(
        pushes[0].contains("<Event><![CDATA[LOCATION]]></Event><Latitude>23.137466</Latitude>"),
        "{}",
        pushes[0]
    );
    assert!(
        pushes[1].contains("<List><TemplateId><![CDATA[a]]></TemplateId></List><List><TemplateId>"),
        "{}",
        pushes[1]
    );
    assert_eq!(send(json!({"Event": "birthday"})).status, 409);
    assert_eq!(send(json!({"Event": "LOCATION", "a><b": 1})).status, 409);
    assert_eq!(
        bench
            .post("/control/people/nobody/event", json!({"Event": "LOCATION"}))
            .status,
        404
    );
}

#[test]
fn pushes_are_lost_late_doubled_and_parallel_on_demand() {
    let bench = Bench::start();
    set_mode(&bench, "plain");
    bench.fault("pushes_lost", 1, 0);
    assert_eq!(say(&bench)["delivered"], false);
    assert_eq!(bench.received().len(), 0);
    for (kind, count) in [("push_duplicated", 3), ("push_parallel", 4)] {
        let before = bench.received().len();
        bench.fault(kind, count, 0);
        bench.answer_next(200, "success");
        say(&bench);
        let all = bench.wait_received(before + 1 + count as usize);
        assert!(
            all[before..].iter().all(|one| one.body == all[before].body),
            "{kind}"
        );
        assert_eq!(all.len(), before + 1 + count as usize, "{kind}");
    }
    bench.fault("push_delayed", 1, 400);
    let started = Instant::now();
    assert_eq!(say(&bench)["delivered"], true);
    assert!(started.elapsed() >= Duration::from_millis(400));
}
