//! Encryption of pushes and replies, in every mode.

use proptest::prelude::*;

use crate::Secret;
use crate::oa::{
    Article, Callback, CallbackQuery, CryptoError, Event, Kind, MessageCrypto, Mode, Push, Refused, Reply,
    ReplyError,
};

const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
const APPID: &str = "wxb11529c136998cb6";
const RANDOM: &[u8; 16] = b"0123456789abcdef";
const SUBSCRIBE: &str = "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[oPerson]]></FromUserName>\
    <CreateTime>1790000000</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[subscribe]]></Event>\
    <EventKey><![CDATA[]]></EventKey></xml>";

fn crypto() -> MessageCrypto {
    MessageCrypto::new(KEY, APPID).unwrap()
}

fn callback(mode: Mode) -> Callback {
    Callback::encrypted(Secret::new("pamtest".to_owned()), mode, crypto())
}

fn query(callback: &Callback, encrypted: Option<&str>) -> CallbackQuery {
    let (timestamp, nonce) = ("1790000000", "1320562132");
    CallbackQuery {
        signature: callback.signature(&[timestamp, nonce]),
        timestamp: timestamp.into(),
        nonce: nonce.into(),
        encrypt_type: encrypted.map_or("", |_| "aes").into(),
        msg_signature: encrypted.map_or_else(String::new, |e| callback.signature(&[timestamp, nonce, e])),
        ..CallbackQuery::default()
    }
}

fn envelope(encrypted: &str, beside: &str) -> Vec<u8> {
    format!("<xml>{beside}<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>").into_bytes()
}

#[test]
fn every_length_from_1_to_300_survives() {
    let crypto = crypto();
    for length in 1..=300 {
        let ascii = "x".repeat(length);
        let chinese: String = "盲人按摩😀".chars().cycle().take(length).collect();
        for message in [ascii, chinese] {
            let sealed = crypto.encrypt(RANDOM, message.as_bytes());
            assert_eq!(crypto.decrypt(&sealed).unwrap(), message.as_bytes(), "{length}");
        }
    }
}

proptest! {
    #[test]
    fn any_message_survives(message in prop::collection::vec(any::<u8>(), 0..700), random in any::<[u8; 16]>()) {
        let crypto = crypto();
        prop_assert_eq!(crypto.decrypt(&crypto.encrypt(&random, &message)).unwrap(), message);
    }

    #[test]
    fn garbage_is_refused_and_never_panics(text in "[A-Za-z0-9+/=]{0,200}") {
        prop_assert!(crypto().decrypt(&text).is_err());
    }

    #[test]
    fn any_changed_character_breaks_the_signature(at in 0_usize..200, letter in "[A-Za-z0-9]") {
        let callback = callback(Mode::Safe);
        let sealed = crypto().encrypt(RANDOM, SUBSCRIBE.as_bytes());
        let query = query(&callback, Some(&sealed));
        let mut changed = sealed.clone();
        changed.replace_range(at..=at, &letter);
        prop_assume!(changed != sealed);
        prop_assert_eq!(callback.open(&query, &envelope(&changed, "")).unwrap_err(), Refused::Signature);
    }
}

#[test]
fn safe_mode_refuses_a_plain_push() {
    let callback = callback(Mode::Safe);
    let query = query(&callback, None);
    assert_eq!(
        callback.open(&query, SUBSCRIBE.as_bytes()).unwrap_err(),
        Refused::Mode
    );
}

#[test]
fn compatible_mode_believes_the_encrypted_part_only() {
    let callback = callback(Mode::Compatible);
    let sealed = crypto().encrypt(RANDOM, SUBSCRIBE.as_bytes());
    let beside = "<FromUserName>oForged</FromUserName><Event>unsubscribe</Event>";
    let push = callback
        .open(&query(&callback, Some(&sealed)), &envelope(&sealed, beside))
        .unwrap();
    assert_eq!(push.from, "oPerson");
    assert!(matches!(
        push.kind,
        Kind::Event(Event::Subscribe { scene: None, .. })
    ));
    let push = callback
        .open(&query(&callback, None), SUBSCRIBE.as_bytes())
        .unwrap();
    assert_eq!(push.from, "oPerson");
}

#[test]
fn plain_mode_checks_the_signature() {
    let callback = Callback::plain(Secret::new("pamtest".to_owned()));
    let mut query = query(&callback, None);
    assert!(callback.open(&query, SUBSCRIBE.as_bytes()).is_ok());
    query.nonce.push('1');
    assert_eq!(
        callback.open(&query, SUBSCRIBE.as_bytes()).unwrap_err(),
        Refused::Signature
    );
    query.signature.clear();
    assert_eq!(
        callback.open(&query, SUBSCRIBE.as_bytes()).unwrap_err(),
        Refused::Signature
    );
}

#[test]
fn another_accounts_message_is_refused() {
    let callback = callback(Mode::Safe);
    let foreign = MessageCrypto::new(KEY, "wxanother")
        .unwrap()
        .encrypt(RANDOM, SUBSCRIBE.as_bytes());
    let refused = callback
        .open(&query(&callback, Some(&foreign)), &envelope(&foreign, ""))
        .unwrap_err();
    assert_eq!(refused, Refused::Crypto(CryptoError::ForeignAppid));
}

#[test]
fn keys_of_the_wrong_form_are_refused() {
    for key in ["", "short", &"A".repeat(42), &"A".repeat(44), &"?".repeat(43)] {
        assert_eq!(
            MessageCrypto::new(key, APPID).unwrap_err(),
            CryptoError::Key,
            "{key}"
        );
    }
    assert!(
        !format!("{:?}", crypto()).contains("abcdef"),
        "a key shows in Debug"
    );
}

fn opened(callback: &Callback) -> (CallbackQuery, Push) {
    let sealed = crypto().encrypt(RANDOM, SUBSCRIBE.as_bytes());
    let query = query(callback, Some(&sealed));
    let push = callback
        .open(&query, &envelope(&sealed, ""))
        .unwrap()
        .into_inner();
    (query, push)
}

/// The reply, opened again as WeChat would.
fn reply_text(reply: &Reply) -> String {
    let callback = callback(Mode::Safe);
    let (query, push) = opened(&callback);
    let body = callback
        .answer(&query, &push, reply, (1_790_000_001, "n1", RANDOM))
        .unwrap();
    let between = |a: &str, b: &str| body.split_once(a).unwrap().1.split_once(b).unwrap().0.to_owned();
    let encrypted = between("<Encrypt><![CDATA[", "]]></Encrypt>");
    let signature = between("<MsgSignature><![CDATA[", "]]></MsgSignature>");
    assert_eq!(signature, callback.signature(&["1790000001", "n1", &encrypted]));
    assert_eq!(between("<TimeStamp>", "</TimeStamp>"), "1790000001");
    String::from_utf8(crypto().decrypt(&encrypted).unwrap()).unwrap()
}

#[test]
fn replies_go_to_who_wrote_and_stay_within_cdata() {
    let text = reply_text(&Reply::Text("欢迎 ]]> <b>".into()));
    assert!(
        text.starts_with("<xml><ToUserName><![CDATA[oPerson]]></ToUserName><FromUserName><![CDATA[gh_1]]>")
    );
    assert!(
        text.contains("<Content><![CDATA[欢迎 ]]]]><![CDATA[> <b>]]></Content>"),
        "{text}"
    );
    let news = reply_text(&Reply::News(vec![Article {
        title: "t".into(),
        description: "d".into(),
        url: "https://a".into(),
        picture_url: "https://p".into(),
    }]));
    assert!(
        news.contains("<ArticleCount>1</ArticleCount><Articles><item><Title>"),
        "{news}"
    );
    let handed = reply_text(&Reply::ToCustomerService { account: None });
    assert!(
        handed.ends_with("<MsgType><![CDATA[transfer_customer_service]]></MsgType></xml>"),
        "{handed}"
    );
    for (reply, part) in [
        (
            Reply::Image { media_id: "m".into() },
            "<Image><MediaId><![CDATA[m]]></MediaId></Image>",
        ),
        (
            Reply::Voice { media_id: "m".into() },
            "<Voice><MediaId><![CDATA[m]]></MediaId></Voice>",
        ),
        (
            Reply::Video {
                media_id: "m".into(),
                title: "t".into(),
                description: "d".into(),
            },
            "<Video><MediaId><![CDATA[m]]></MediaId><Title><![CDATA[t]]></Title>\
             <Description><![CDATA[d]]></Description></Video>",
        ),
        (
            Reply::Music {
                title: "t".into(),
                description: "d".into(),
                url: "u".into(),
                hq_url: "h".into(),
                thumb_media_id: "m".into(),
            },
            "<Music><Title><![CDATA[t]]></Title><Description><![CDATA[d]]></Description>\
             <MusicUrl><![CDATA[u]]></MusicUrl><HQMusicUrl><![CDATA[h]]></HQMusicUrl>\
             <ThumbMediaId><![CDATA[m]]></ThumbMediaId></Music>",
        ),
    ] {
        assert!(reply_text(&reply).contains(part));
    }
}

#[test]
fn nothing_is_success_and_never_encrypted() {
    let callback = callback(Mode::Safe);
    let (query, push) = opened(&callback);
    let body = callback
        .answer(&query, &push, &Reply::Nothing, (1, "n", RANDOM))
        .unwrap();
    assert_eq!(body, "success");
}

#[test]
fn impossible_replies_are_refused() {
    let callback = callback(Mode::Safe);
    let (query, push) = opened(&callback);
    let refusal = |reply: &Reply| {
        callback
            .answer(&query, &push, reply, (1, "n", RANDOM))
            .unwrap_err()
    };
    assert_eq!(refusal(&Reply::Text(String::new())), ReplyError::Text);
    assert_eq!(refusal(&Reply::Text("字".repeat(683))), ReplyError::Text);
    assert_eq!(refusal(&Reply::News(Vec::new())), ReplyError::Articles);
}
