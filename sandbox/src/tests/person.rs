//! What people do and what the program hears of it.

use serde_json::json;

use super::*;

/// Opens a push with the test's own AES-CBC, not the sandbox's, on the bare AES block.
pub fn open_push(bench: &Bench, received: &Received) -> String {
    let parameter = |name: &str| {
        let query = received.uri.query().unwrap();
        let pair = query
            .split('&')
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        pair.unwrap_or_default().to_owned()
    };
    let body = String::from_utf8(received.body.clone()).unwrap();
    let encrypted = between(&body, "<Encrypt><![CDATA[", "]]></Encrypt>");
    let c = &bench.credentials;
    let mut parts = [
        &c.callback_token,
        &parameter("timestamp"),
        &parameter("nonce"),
        encrypted,
    ];
    parts.sort_unstable();
    assert_eq!(sha1_hex(&parts.concat()), parameter("msg_signature"));
    let mut parts = [
        c.callback_token.clone(),
        parameter("timestamp"),
        parameter("nonce"),
    ];
    parts.sort_unstable();
    assert_eq!(sha1_hex(&parts.concat()), parameter("signature"));
    assert_eq!(parameter("encrypt_type"), "aes");
    let plain = cbc_decrypt(&aes_key(bench), &STANDARD.decode(encrypted).unwrap());
    let pad = usize::from(*plain.last().unwrap());
    let plain = &plain[..plain.len() - pad];
    let length = u32::from_be_bytes(plain[16..20].try_into().unwrap()) as usize;
    assert_eq!(&plain[20 + length..], c.app_id.as_bytes());
    String::from_utf8(plain[20..20 + length].to_vec()).unwrap()
}

fn aes_key(bench: &Bench) -> Vec<u8> {
    // 43 characters carry 258 bits; the last two are dropped.
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = bench
        .credentials
        .encoding_aes_key
        .chars()
        .map(|c| alphabet.find(c).unwrap());
    let bits: Vec<u8> = digits
        .flat_map(|digit| (0..6).rev().map(move |bit| u8::from(digit >> bit & 1 == 1)))
        .collect();
    bits.chunks(8)
        .take(32)
        .map(|byte| byte.iter().fold(0, |value, bit| value << 1 | bit))
        .collect()
}

fn cbc_decrypt(key: &[u8], data: &[u8]) -> Vec<u8> {
    use aes::cipher::{BlockCipherDecrypt, KeyInit};
    let cipher = aes::Aes256::new_from_slice(key).unwrap();
    let mut previous = key[..16].to_vec();
    let mut out = Vec::new();
    for chunk in data.chunks(16) {
        let mut block = aes::Block::try_from(chunk).unwrap();
        cipher.decrypt_block(&mut block);
        out.extend(block.iter().zip(&previous).map(|(a, b)| a ^ b));
        previous = chunk.to_vec();
    }
    out
}

fn cbc_encrypt(key: &[u8], data: &[u8]) -> Vec<u8> {
    use aes::cipher::{BlockCipherEncrypt, KeyInit};
    let cipher = aes::Aes256::new_from_slice(key).unwrap();
    let mut previous = key[..16].to_vec();
    let mut out = Vec::new();
    for chunk in data.chunks(16) {
        let mixed: Vec<u8> = chunk.iter().zip(&previous).map(|(a, b)| a ^ b).collect();
        let mut block = aes::Block::try_from(mixed.as_slice()).unwrap();
        cipher.encrypt_block(&mut block);
        previous = block.to_vec();
        out.extend(&previous);
    }
    out
}

/// An encrypted passive reply, as a program in safe mode must send it.
fn seal_reply(bench: &Bench, message: &str) -> String {
    let mut data = b"0123456789abcdef".to_vec();
    data.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
    data.extend(message.as_bytes());
    data.extend(bench.credentials.app_id.as_bytes());
    let pad = 32 - data.len() % 32;
    data.extend(vec![u8::try_from(pad).unwrap(); pad]);
    let encrypted = STANDARD.encode(cbc_encrypt(&aes_key(bench), &data));
    let mut parts = [
        bench.credentials.callback_token.as_str(),
        "1700000000",
        "77",
        &encrypted,
    ];
    parts.sort_unstable();
    format!(
        "<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt><MsgSignature>{}</MsgSignature>\
         <TimeStamp>1700000000</TimeStamp><Nonce>77</Nonce></xml>",
        sha1_hex(&parts.concat())
    )
}

pub fn text_reply(bench: &Bench, person: &str, text: &str) -> String {
    let message = format!(
        "<xml><ToUserName><![CDATA[{}]]></ToUserName><FromUserName>gh</FromUserName><CreateTime>1</CreateTime>\
         <MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content></xml>",
        bench.openid(person)
    );
    seal_reply(bench, &message)
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    text.split_once(start).unwrap().1.split_once(end).unwrap().0
}

#[test]
fn a_follower_is_announced_and_the_welcome_stands_in_the_chat() {
    let bench = Bench::start();
    bench.answer_next(200, &text_reply(&bench, "zhangli", "欢迎关注"));
    let done = bench.post("/control/people/zhangli/follow", json!({})).json();
    assert_eq!((&done["delivered"], &done["attempts"]), (&json!(true), &json!(1)));
    assert_eq!(done["messages"][0]["text"], "欢迎关注");
    let event = open_push(&bench, &bench.received()[0]);
    assert!(event.contains("<Event><![CDATA[subscribe]]></Event>"), "{event}");
    assert!(event.contains(&bench.openid("zhangli")));
    assert_eq!(
        bench.post("/control/people/zhangli/follow", json!({})).status,
        409
    );
    assert_eq!(bench.post("/control/people/nobody/follow", json!({})).status, 404);
}

#[test]
fn a_failing_program_is_asked_three_times_and_then_reported_to_the_person() {
    let bench = Bench::start();
    for _ in 0..3 {
        bench.answer_next(500, "");
    }
    let done = bench
        .post("/control/people/liu/text", json!({"text": "你好"}))
        .json();
    assert_eq!(
        (&done["delivered"], &done["attempts"]),
        (&json!(false), &json!(3))
    );
    let last = done["messages"].as_array().unwrap().last().unwrap().clone();
    assert!(last["text"].as_str().unwrap().contains("出现故障"));
    let pushes: Vec<String> = bench
        .received()
        .iter()
        .map(|one| open_push(&bench, one))
        .collect();
    assert!(
        pushes.windows(2).all(|pair| pair[0] == pair[1]),
        "the same message three times: {pushes:?}"
    );
    assert!(pushes[0].contains("<Content><![CDATA[你好]]></Content>") && pushes[0].contains("<MsgId>"));
}

#[test]
fn a_reply_that_is_not_encrypted_or_not_signed_is_no_reply() {
    let bench = Bench::start();
    let good = text_reply(&bench, "liu", "好");
    let forged = good.replace("<Nonce>77", "<Nonce>78");
    let foreign = text_reply(&bench, "zhangli", "好");
    for reply in [
        "hello",
        "<xml><MsgType>text</MsgType><Content>好</Content></xml>",
        &forged,
        &foreign,
    ] {
        bench.answer_next(200, reply);
        let done = bench
            .post("/control/people/liu/text", json!({"text": "?"}))
            .json();
        assert_eq!(done["delivered"], false, "{reply}");
    }
    bench.answer_next(200, &good);
    assert_eq!(
        bench
            .post("/control/people/liu/text", json!({"text": "?"}))
            .json()["delivered"],
        true
    );
}

#[test]
fn menus_and_codes_become_their_events() {
    let bench = Bench::start();
    let c = &bench.credentials;
    let body = json!({"grant_type": "client_credential", "appid": c.app_id, "secret": c.app_secret});
    let token = bench.post("/cgi-bin/stable_token", body).json()["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let menu = json!({"button": [
        {"name": "附近的店", "type": "view", "url": "http://127.0.0.1:8700/shops"},
        {"name": "我的", "sub_button": [{"name": "我的预约", "type": "click", "key": "MY"}]},
    ]});
    let short = json!({"button": [{"name": "附近", "type": "view", "url": "http://127.0.0.1:8700/shops"},
        menu["button"][1]]});
    assert_eq!(
        bench
            .post(&format!("/cgi-bin/menu/create?access_token={token}"), short)
            .json()["errcode"],
        0
    );
    let view = bench
        .post("/control/people/liu/menu", json!({"name": "附近"}))
        .json();
    assert_eq!(view["open"], "http://127.0.0.1:8700/shops");
    bench.post("/control/people/liu/menu", json!({"key": "MY"}));
    assert_eq!(
        bench
            .post("/control/people/liu/menu", json!({"name": "没有"}))
            .status,
        404
    );

    let body = json!({"action_name": "QR_STR_SCENE", "expire_seconds": 600,
        "action_info": {"scene": {"scene_str": "shop-7"}}});
    let code = bench
        .post(&format!("/cgi-bin/qrcode/create?access_token={token}"), body)
        .json();
    let ticket = code["ticket"].as_str().unwrap();
    let picture = bench.get(&format!("/cgi-bin/showqrcode?ticket={ticket}"));
    assert!(picture.text().contains("<svg"));
    bench.post("/control/people/liu/scan", json!({"ticket": ticket}));
    bench.post("/control/people/chenchen/scan", json!({"ticket": ticket}));
    bench.post(
        "/control/people/liu/location",
        json!({"lat": 39.9, "lng": 116.4, "label": "西单"}),
    );
    bench.post("/control/people/liu/image", json!({}));

    let pushes: Vec<String> = bench
        .received()
        .iter()
        .map(|one| open_push(&bench, one))
        .collect();
    let expected = [
        "<Event><![CDATA[VIEW]]></Event><EventKey><![CDATA[http://127.0.0.1:8700/shops]]>",
        "<Event><![CDATA[CLICK]]></Event><EventKey><![CDATA[MY]]>",
        "<Event><![CDATA[SCAN]]></Event><EventKey><![CDATA[shop-7]]>",
        "<Event><![CDATA[subscribe]]></Event><EventKey><![CDATA[qrscene_shop-7]]>",
        "<Location_X>39.900000</Location_X><Location_Y>116.400000</Location_Y>",
        "<PicUrl><![CDATA[",
    ];
    assert_eq!(pushes.len(), expected.len());
    for (push, part) in pushes.iter().zip(expected) {
        assert!(push.contains(part), "{push}");
    }
}

#[test]
fn the_server_address_is_checked_with_an_echo() {
    let bench = Bench::start();
    let wrong = bench.post("/control/callback/verify", json!({})).json();
    assert_eq!(wrong["verified"], false);
    let query = bench.received()[0].uri.query().unwrap().to_owned();
    assert!(
        query.contains("echostr=") && query.contains("signature="),
        "{query}"
    );
}

#[test]
fn the_phone_changes_hands_with_its_cookies() {
    let bench = Bench::start();
    let open = |person: &str, cookie: &str| {
        let request = bench
            .request("GET", &format!("/phone?person={person}"))
            .header("cookie", cookie);
        let answer = bench.send(request.body(Vec::new()).unwrap()).unwrap();
        let set = answer
            .headers
            .get_all("set-cookie")
            .iter()
            .map(|v| v.to_str().unwrap().to_owned());
        (answer.status, set.collect::<Vec<_>>())
    };
    let (status, set) = open("zhangli", "");
    assert_eq!(status, 200);
    assert!(set[0].starts_with("sandbox_person=zhangli;"));
    let (_, set) = open("liu", "sandbox_person=zhangli; tuina_customer=abc; tuina_staff=x");
    assert!(
        set.iter()
            .any(|c| c.starts_with("tuina_customer=;") && c.contains("Max-Age=0")),
        "{set:?}"
    );
    assert!(!set.iter().any(|c| c.starts_with("tuina_staff")));
    let (_, set) = open("zhangli", "sandbox_person=liu; tuina_customer=def");
    assert!(
        set.iter().any(|c| c.starts_with("tuina_customer=abc;")),
        "{set:?}"
    );
    assert_eq!(open("nobody", "").0, 404);
}

#[test]
fn news_wait_until_something_happens() {
    let bench = Bench::start();
    let seq = bench.get("/phone/state?person=liu").json()["seq"]
        .as_u64()
        .unwrap();
    let waiting = std::thread::scope(|scope| {
        let news = scope.spawn(|| bench.get(&format!("/phone/state?person=liu&after={seq}")).json());
        std::thread::sleep(Duration::from_millis(200));
        bench.post("/control/people/liu/place", json!({"station": "西单"}));
        news.join().unwrap()
    });
    let gcj = &waiting["gcj02"];
    assert!(waiting["seq"].as_u64().unwrap() > seq);
    assert!(gcj["lng"].as_f64().unwrap() > waiting["place"]["lng"].as_f64().unwrap());
}
