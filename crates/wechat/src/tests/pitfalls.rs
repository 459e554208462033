//! One test for each mistake that other clients made, by the number in the list of
//! pitfalls: 1 token races, 2 no certificate, 3 money moved but an exception, 4 rotation, 5 probes, 6 bytes
//! changed before the check, 7 signed is not sent, 8 bills, 9 acknowledgement, 10 duplicates, 11 floats, 12 OAuth codes
//! and snapshot people, 13 deduplication, 14 details of pushes, 15 the sub-merchant's appid, 16 page addresses.

use http::{HeaderValue, Response};
use serde_json::{Value, json};

use super::bills;
use super::support::*;
use crate::crypto::sha1_hex;
use crate::oa::{Callback, CallbackQuery, Error, ErrorCode, MessageCrypto, Mode, SignIn, page_signature};
use crate::pay::{
    Content, JsapiOrder, OutTradeNo, Pay, Payer, PlatformKeys, PrepayId, Rejected, Renewal, failure_body,
};
use crate::{At, Cause, Endpoints, Outcome, Secret};

fn payment() -> Vec<u8> {
    notice_body("TRANSACTION.SUCCESS", "transaction", &paid())
}

fn number() -> OutTradeNo {
    OutTradeNo::new("TN20261122000001").unwrap()
}

/// A dead token that another caller has replaced meanwhile is not replaced again: that would kill the new one.
#[test]
fn pitfall_01_token_refresh_race() {
    let wire = Wire::new(|n, request| match request.uri() {
        uri if uri.path() == "/cgi-bin/stable_token" => {
            json_answer(&json!({"access_token": format!("TOKEN{n}"), "expires_in": 7200}))
        }
        uri if uri.query().unwrap().contains("TOKEN0") => {
            json_answer(&json!({"errcode": 40001, "errmsg": ""}))
        }
        _ => json_answer(&json!({"subscribe": 1, "openid": "o"})),
    });
    let account = account(&wire);
    account.user_info(at(), "o").unwrap();
    account.user_info(at(), "o").unwrap();
    assert_eq!(wire.count("/cgi-bin/stable_token"), 2, "the new token is kept");
}

/// A new merchant has no platform certificate; nothing may ask for one.
#[test]
fn pitfall_02_public_key_alone_is_enough() {
    let wire = Wire::new(|_, _| signed(200, paid().to_string().as_bytes()));
    let keys = PlatformKeys::new()
        .with_public_key(PUB_KEY_ID, PLATFORM_PUBLIC)
        .unwrap();
    let pay = Pay::new(merchant(partner()), keys, &Endpoints::default(), wire.clone());
    let payee = pay.sub_merchant("1900000109", None).unwrap();
    assert!(matches!(payee.query(at(), NONCE, &number()), Outcome::Done(_)));
    assert_eq!(wire.count("/v3/certificates"), 0);

    let wire = Wire::new(|_, _| pay_error(404, "RESOURCE_NOT_EXISTS"));
    let keys = PlatformKeys::new()
        .with_public_key(PUB_KEY_ID, PLATFORM_PUBLIC)
        .unwrap();
    let pay = Pay::new(merchant(partner()), keys, &Endpoints::default(), wire);
    assert_eq!(
        pay.renew_certificates(at(), NONCE),
        Outcome::Done(Renewal::PublicKeyOnly),
        "no fault"
    );
}

/// An answer whose signature fails is not a failure: money may have moved.
#[test]
fn pitfall_03_unverifiable_success_is_unknown() {
    let forged = || {
        let mut answer = signed(200, br#"{"prepay_id":"wx1"}"#).unwrap();
        *answer.body_mut() = br#"{"prepay_id":"wx2"}"#.to_vec();
        Ok(answer)
    };
    let wire = Wire::new(move |_, _| forged());
    let pay = pay(partner(), &wire);
    let order = JsapiOrder {
        out_trade_no: number(),
        description: "推拿".into(),
        total_fen: 1,
        payer: Payer::Caller("o1".into()),
        notify_url: "https://a".into(),
        time_expire_s: None,
        attach: None,
        profit_sharing: false,
    };
    let outcome = pay
        .sub_merchant("1900000109", None)
        .unwrap()
        .prepay_jsapi(at(), NONCE, &order);
    assert_eq!(
        outcome,
        Outcome::Unknown(Cause::Unverifiable(Rejected::Signature))
    );
}

/// During a switch both keys sign, chosen by the header; later keys come without a restart.
#[test]
fn pitfall_04_rotation() {
    let body = payment();
    let pay = receiver();
    let by_certificate = headers_by(CERTIFICATE_PRIVATE, CERTIFICATE_SERIAL, NOW_S, &body);
    assert!(pay.open_notice(NOW_S, &by_certificate, &body).is_ok());
    assert!(
        pay.open_notice(NOW_S, &signed_headers(NOW_S, &body), &body)
            .is_ok()
    );
    let crossed = headers_by(CERTIFICATE_PRIVATE, PUB_KEY_ID, NOW_S, &body);
    assert_eq!(pay.open_notice(NOW_S, &crossed, &body), Err(Rejected::Signature));
    pay.replace_keys(PlatformKeys::new().with_certificate(CERTIFICATE).unwrap());
    assert_eq!(
        pay.open_notice(NOW_S, &signed_headers(NOW_S, &body), &body),
        Err(Rejected::UnknownSerial(PUB_KEY_ID.into()))
    );
    assert!(pay.open_notice(NOW_S, &by_certificate, &body).is_ok());
}

/// A process that idled past a rotation meets a serial that it does not know, looks once, and goes on.
#[test]
fn pitfall_04_rotation_in_an_idle_process() {
    let later_s = NOW_S + 100 * 86_400;
    let list = json!({"data": [{
        "serial_no": RENEWED_SERIAL, "encrypt_certificate": sealed_resource("certificate", RENEWED.as_bytes())
    }]})
    .to_string()
    .into_bytes();
    let wire = Wire::new(move |_, _| {
        let mut answer = Response::new(list.clone());
        *answer.headers_mut() = headers_by(PLATFORM_PRIVATE, RENEWED_SERIAL, later_s, &list);
        Ok(answer)
    });
    let keys = PlatformKeys::new().with_certificate(CERTIFICATE).unwrap();
    let pay = Pay::new(merchant(partner()), keys, &Endpoints::default(), wire.clone());
    let body = payment();
    let headers = headers_by(PLATFORM_PRIVATE, RENEWED_SERIAL, later_s, &body);
    assert_eq!(
        pay.open_notice(later_s, &headers, &body),
        Err(Rejected::UnknownSerial(RENEWED_SERIAL.into()))
    );
    assert!(pay.certificates_due(later_s));
    let _ = pay.renew_certificates(At::now(later_s), NONCE);
    assert!(
        pay.open_notice(later_s, &headers, &body).is_ok(),
        "no restart was needed"
    );
    assert_eq!(wire.count("/v3/certificates"), 1);
}

/// WeChat Pay's probe is refused like any wrong signature, on notices and on answers, but is told apart.
#[test]
fn pitfall_05_signtest() {
    let body = payment();
    let mut headers = signed_headers(NOW_S, &body);
    let probe = format!(
        "WECHATPAY/SIGNTEST/{}",
        headers["wechatpay-signature"].to_str().unwrap()
    );
    headers.insert("wechatpay-signature", HeaderValue::from_str(&probe).unwrap());
    let rejected = receiver().open_notice(NOW_S, &headers, &body).unwrap_err();
    assert!(rejected.is_probe() && rejected.http_status() == 401);

    let wire = Wire::new(move |_, _| {
        let mut answer = Response::new(paid().to_string().into_bytes());
        *answer.headers_mut() = headers.clone();
        Ok(answer)
    });
    let pay = pay(partner(), &wire);
    let outcome = pay
        .sub_merchant("1900000109", None)
        .unwrap()
        .query(at(), NONCE, &number());
    assert_eq!(outcome, Outcome::Unknown(Cause::Unverifiable(Rejected::SignTest)));
}

/// The signature is over the bytes as they came; the same JSON written otherwise is another body.
#[test]
fn pitfall_06_raw_bytes() {
    let spaced = String::from_utf8(payment())
        .unwrap()
        .replace("\":", "\" : ")
        .replace('支', "\\u652f");
    let headers = signed_headers(NOW_S, spaced.as_bytes());
    assert!(receiver().open_notice(NOW_S, &headers, spaced.as_bytes()).is_ok());
    let value: Value = serde_json::from_str(&spaced).unwrap();
    let rewritten = value.to_string();
    assert_eq!(
        receiver().open_notice(NOW_S, &headers, rewritten.as_bytes()),
        Err(Rejected::Signature)
    );
}

/// What is signed is what is sent, also for numbers that need encoding.
#[test]
fn pitfall_07_signed_is_sent() {
    let wire = Wire::new(|_, _| pay_error(404, "ORDER_NOT_EXIST"));
    let pay = pay(partner(), &wire);
    let payee = pay.sub_merchant("1900000109", None).unwrap();
    let number = OutTradeNo::new("TN|2026*1").unwrap();
    assert!(matches!(payee.query(at(), NONCE, &number), Outcome::Refused(_)));
    assert!(matches!(payee.close(at(), NONCE, &number), Outcome::Refused(_)));
    for request in wire.seen.lock().unwrap().iter() {
        let sent = request.headers()["authorization"].to_str().unwrap();
        assert!(
            request.uri().path().contains("TN%7C2026%2A1"),
            "{}",
            request.uri()
        );
        let path = request.uri().path_and_query().unwrap().as_str();
        let text = [
            format!("{}\n{path}\n{NOW_S}\n{NONCE}\n", request.method()).as_bytes(),
            request.body(),
            b"\n",
        ]
        .concat();
        let signature = crate::crypto::SigningKey::from_pem(MERCHANT_PRIVATE)
            .unwrap()
            .sign(&text);
        assert!(sent.contains(&signature), "{path}");
    }
}

/// The download of a bill is not signed, and clients differ in which bytes they hash: both are taken, anything else is not.
#[test]
fn pitfall_08_bill_download() {
    let (text, packed) = (bills::ALL.as_bytes(), bills::gzip(bills::ALL.as_bytes()));
    for (hashed, good) in [(text, true), (&packed, true), (b"other".as_slice(), false)] {
        let outcome = bills::download(&sha1_hex(hashed), packed.clone(), 1 << 20);
        assert_eq!(matches!(outcome, Outcome::Done(_)), good, "{outcome:?}");
    }
}

/// Only the status acknowledges a notice, so a refusal must never be a 2xx.
#[test]
fn pitfall_09_acknowledgement_is_the_status() {
    for rejected in [
        Rejected::Signature,
        Rejected::SignTest,
        Rejected::Stale(400),
        Rejected::Decrypt,
        Rejected::ForeignMerchant,
        Rejected::Malformed("x"),
        Rejected::MissingHeader("x"),
    ] {
        assert!((400..600).contains(&rejected.http_status()), "{rejected}");
    }
    assert!(failure_body("x").contains("FAIL"));
}

/// A notice that comes again is the same one by its id, however often it is signed anew.
#[test]
fn pitfall_10_duplicates_share_an_id() {
    let body = payment();
    let pay = receiver();
    let first = pay
        .open_notice(NOW_S, &signed_headers(NOW_S, &body), &body)
        .unwrap();
    let again = pay
        .open_notice(NOW_S + 15, &signed_headers(NOW_S + 15, &body), &body)
        .unwrap();
    assert_eq!(first, again);
}

/// Amounts are whole fen; a fraction is refused rather than rounded.
#[test]
fn pitfall_11_no_float_money() {
    let mut odd = paid();
    odd["amount"]["total"] = json!(128.5);
    let body = notice_body("TRANSACTION.SUCCESS", "transaction", &odd);
    assert_eq!(
        receiver().open_notice(NOW_S, &signed_headers(NOW_S, &body), &body),
        Err(Rejected::Malformed("transaction"))
    );
    let mut large = paid();
    large["amount"]["total"] = json!(9_007_199_254_740_993_i64);
    let body = notice_body("TRANSACTION.SUCCESS", "transaction", &large);
    let notice = receiver()
        .open_notice(NOW_S, &signed_headers(NOW_S, &body), &body)
        .unwrap();
    let Content::Payment(transaction) = notice.content else {
        panic!()
    };
    assert_eq!(
        transaction.amount.as_ref().unwrap().total,
        9_007_199_254_740_993,
        "exact beyond 2^53"
    );
}

/// A used code is a refusal, and a snapshot visitor is not a person.
#[test]
fn pitfall_12_oauth_code_and_snapshot() {
    let used = Wire::new(|_, _| json_answer(&json!({"errcode": 40163, "errmsg": "code been used"})));
    let error = account(&used).oauth_sign_in(at(), "C").unwrap_err();
    assert!(matches!(
        error,
        Error::Api {
            code: ErrorCode::OauthCodeUsed,
            ..
        }
    ));
    let snapshot = Wire::new(|_, _| {
        json_answer(&json!({
            "access_token": "A", "expires_in": 7200, "refresh_token": "R", "openid": "virtual", "scope": "snsapi_base",
            "is_snapshotuser": 1
        }))
    });
    assert!(matches!(
        account(&snapshot).oauth_sign_in(at(), "C").unwrap(),
        SignIn::Snapshot
    ));
}

fn push_key(inner: &str) -> String {
    let callback = Callback::plain(Secret::new("t".to_owned()));
    let query = CallbackQuery {
        signature: callback.signature(&["", ""]),
        ..CallbackQuery::default()
    };
    let xml = format!(
        "<xml><ToUserName>gh</ToUserName><FromUserName>o1</FromUserName><CreateTime>9</CreateTime>{inner}</xml>"
    );
    callback.open(&query, xml.as_bytes()).unwrap().dedup_key()
}

/// Person and second alone collide; so would a message id alone.
#[test]
fn pitfall_13_dedup_key() {
    let event = |name: &str, rest: &str| format!("<MsgType>event</MsgType><Event>{name}</Event>{rest}");
    let keys = [
        push_key("<MsgType>text</MsgType><Content>a</Content><MsgId>1</MsgId>"),
        push_key("<MsgType>text</MsgType><Content>a</Content><MsgId>2</MsgId>"),
        push_key(&event("CLICK", "<EventKey>a</EventKey>")),
        push_key(&event("CLICK", "<EventKey>b</EventKey>")),
        push_key(&event("VIEW", "<EventKey>a</EventKey>")),
        push_key(&event(
            "TEMPLATESENDJOBFINISH",
            "<MsgID>1</MsgID><Status>success</Status>",
        )),
        push_key(&event(
            "TEMPLATESENDJOBFINISH",
            "<MsgID>2</MsgID><Status>success</Status>",
        )),
        push_key(&event(
            "PUBLISHJOBFINISH",
            "<PublishEventInfo><publish_id>1</publish_id></PublishEventInfo>",
        )),
        push_key(&event(
            "PUBLISHJOBFINISH",
            "<PublishEventInfo><publish_id>2</publish_id></PublishEventInfo>",
        )),
        push_key(&event(
            "user_get_card",
            "<CardId>c</CardId><UserCardCode>1</UserCardCode>",
        )),
        push_key(&event(
            "user_get_card",
            "<CardId>c</CardId><UserCardCode>2</UserCardCode>",
        )),
        push_key(&event(
            "subscribe_msg_sent_event",
            "<SubscribeMsgSentEvent><List><MsgID>1</MsgID></List></SubscribeMsgSentEvent>",
        )),
        push_key(&event(
            "subscribe_msg_sent_event",
            "<SubscribeMsgSentEvent><List><MsgID>2</MsgID></List></SubscribeMsgSentEvent>",
        )),
    ];
    let distinct: std::collections::HashSet<_> = keys.iter().collect();
    assert_eq!(distinct.len(), keys.len(), "{keys:?}");
    assert_eq!(
        keys[0],
        push_key("<MsgType>text</MsgType><Content>a</Content><MsgId> 1 </MsgId>")
    );
}

/// White space around the encrypted text, `signature` in place of `msg_signature`, a foreign appid.
#[test]
fn pitfall_14_push_details() {
    let crypto = MessageCrypto::new(&"A".repeat(43), "wx1").unwrap();
    let xml = "<xml><ToUserName>gh</ToUserName><FromUserName>o1</FromUserName><CreateTime>9</CreateTime>\
               <MsgType>text</MsgType><Content>a</Content><MsgId>1</MsgId></xml>";
    let sealed = crypto.encrypt(b"0123456789abcdef", xml.as_bytes());
    let callback = Callback::encrypted(Secret::new("t".to_owned()), Mode::Safe, crypto);
    let mut query = CallbackQuery {
        signature: callback.signature(&["1", "2"]),
        timestamp: "1".into(),
        nonce: "2".into(),
        encrypt_type: "aes".into(),
        msg_signature: callback.signature(&["1", "2", &sealed]),
        ..CallbackQuery::default()
    };
    let body = format!("<xml>\n<Encrypt>\n  <![CDATA[{sealed}]]>\n</Encrypt>\n</xml>\n");
    assert!(callback.open(&query, body.as_bytes()).is_ok());
    query.msg_signature = query.signature.clone();
    assert!(
        callback.open(&query, body.as_bytes()).is_err(),
        "`signature` does not cover the body"
    );
}

/// The page signs with the sub-merchant's appid exactly when orders carry it.
#[test]
fn pitfall_15_sub_appid() {
    let wire = Wire::new(|_, _| signed(200, br#"{"prepay_id":"wx1"}"#));
    let pay = pay(partner(), &wire);
    let prepay = PrepayId {
        prepay_id: "wx1".into(),
    };
    let without = pay.sub_merchant("1900000109", None).unwrap();
    assert_eq!(
        without.page_params(&prepay, NOW_S, NONCE).app_id,
        "wx2421b1c4370ec43b"
    );
    let with = pay.sub_merchant("1900000109", Some("wxsub")).unwrap();
    let params = with.page_params(&prepay, NOW_S, NONCE);
    assert_eq!(params.app_id, "wxsub");
    assert_ne!(
        params.pay_sign,
        without.page_params(&prepay, NOW_S, NONCE).pay_sign
    );
    let order = JsapiOrder {
        out_trade_no: number(),
        description: "推拿".into(),
        total_fen: 1,
        payer: Payer::Sub("o-sub".into()),
        notify_url: "https://a".into(),
        time_expire_s: None,
        attach: None,
        profit_sharing: false,
    };
    assert!(matches!(with.prepay_jsapi(at(), NONCE, &order), Outcome::Done(_)));
    let body = wire.body(0);
    assert_eq!(
        (&body["sub_appid"], &body["payer"]),
        (&json!("wxsub"), &json!({"sub_openid": "o-sub"}))
    );
}

/// The address is signed raw, with its query and without its fragment.
#[test]
fn pitfall_16_page_address() {
    let ticket = Secret::new("T".to_owned());
    let sign = |url: &str| page_signature(&ticket, "N", 1, url);
    assert_eq!(sign("https://a/b?c=d#e"), sign("https://a/b?c=d"));
    assert_ne!(sign("https://a/b?c=d"), sign("https://a/b"));
    assert_ne!(
        sign("https://a/b?c=%E4%B8%AD"),
        sign("https://a/b?c=中"),
        "nothing is decoded"
    );
}
