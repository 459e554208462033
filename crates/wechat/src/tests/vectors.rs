//! Values that others published. Each test names its source.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue, Request};

use super::support::*;
use crate::crypto::{VerifyingKey, aead_open};
use crate::der::{pem_block, rsa_key_of_spki};
use crate::oa::{Callback, CallbackQuery, Kind, MessageCrypto, Mode, page_signature};
use crate::pay::{PlatformKeys, PrepayId, Rejected};
use crate::{Endpoints, Secret};

fn plain() -> Callback {
    Callback::plain(Secret::new("AAAAA".to_owned()))
}

/// developers.weixin.qq.com/doc/service/guide/dev/push
#[test]
fn server_verification() {
    let mut query = CallbackQuery {
        signature: "f464b24fc39322e44b38aa78f5edd27bd1441696".into(),
        timestamp: "1714036504".into(),
        nonce: "1514711492".into(),
        echostr: "4375120948345356249".into(),
        ..CallbackQuery::default()
    };
    assert_eq!(plain().echo(&query).unwrap(), "4375120948345356249");
    assert_eq!(
        plain().signature(&["1714037059", "486452656"]),
        "899cf89e464efb63f54ddac96b0a0a235f53aa78",
        "the document's plain POST"
    );
    query.timestamp = "1714036505".into();
    assert!(plain().echo(&query).is_err());
}

const ENCRYPT_A: &str = "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04=";

/// developers.weixin.qq.com/doc/service/guide/dev/push/encryption.html
#[test]
fn push_encryption_of_the_document() {
    let crypto = MessageCrypto::new(&"A".repeat(43), "wxba5fad812f8e6fb9").unwrap();
    let message = String::from_utf8(crypto.decrypt(ENCRYPT_A).unwrap()).unwrap();
    assert_eq!(message.len(), 167);
    assert!(
        message.contains("debug_demo") && message.contains("hello world"),
        "{message}"
    );
    assert_eq!(
        plain().signature(&["1714112445", "415670741", ENCRYPT_A]),
        "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3"
    );
    assert_eq!(
        crypto.encrypt(b"707722b803182950", br#"{"demo_resp":"good luck"}"#),
        "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
    );
}

/// Tencent's demonstration, as in WxJava's WxCryptUtilTest.
#[test]
fn push_encryption_of_the_demonstration() {
    let crypto = MessageCrypto::new(
        "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
        "wxb11529c136998cb6",
    )
    .unwrap();
    let sealed = "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==";
    assert_eq!(
        crypto.encrypt(b"aaaabbbbccccdddd", "我是中文abcd123".as_bytes()),
        sealed
    );
    assert_eq!(crypto.decrypt(sealed).unwrap(), "我是中文abcd123".as_bytes());
}

/// The same key in a whole push: signature, envelope, decryption, XML.
#[test]
fn encrypted_push_as_a_whole() {
    let crypto = MessageCrypto::new(
        "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
        "wxb11529c136998cb6",
    )
    .unwrap();
    let xml = "<xml><ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName><CreateTime>1</CreateTime>\
               <MsgType>text</MsgType><Content>你好</Content><MsgId>23</MsgId></xml>";
    let encrypted = crypto.encrypt(b"aaaabbbbccccdddd", xml.as_bytes());
    let callback = Callback::encrypted(Secret::new("pamtest".to_owned()), Mode::Safe, crypto);
    let query = CallbackQuery {
        timestamp: "1409735669".into(),
        nonce: "1320562132".into(),
        encrypt_type: "aes".into(),
        msg_signature: callback.signature(&["1409735669", "1320562132", &encrypted]),
        ..CallbackQuery::default()
    };
    let body = format!("<xml><ToUserName>gh_1</ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>");
    let push = callback.open(&query, body.as_bytes()).unwrap();
    assert!(matches!(&push.kind, Kind::Message(message) if message.id == 23));
}

/// developers.weixin.qq.com/doc/service/guide/h5/jssdk.html, appendix 1
#[test]
fn jssdk_signature() {
    let ticket = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg";
    assert_eq!(
        page_signature(
            &Secret::new(ticket.to_owned()),
            "Wm3WZYTPz0wzccnW",
            1_414_587_457,
            "http://mp.weixin.qq.com?params=value"
        ),
        "0f9de62fce790f9a083d5c99e95740ceb90c27ed"
    );
}

/// pay.weixin.qq.com doc 4012365336: the signature of a request.
#[test]
fn request_signature() {
    let body = r#"{"appid":"wxd678efh567hg6787","mchid":"1900007291","description":"Image形象店-深圳腾大-QQ公仔","out_trade_no":"1217752501201407033233368018","notify_url":"https://www.weixin.qq.com/wxpay/pay.php","amount":{"total":100,"currency":"CNY"},"payer":{"openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}}"#;
    let request = Request::post("https://api.mch.weixin.qq.com/v3/pay/transactions/jsapi")
        .body(body.as_bytes().to_vec())
        .unwrap();
    assert_eq!(
        merchant(direct()).authorization(&request, 1_554_208_460, NONCE),
        concat!(
            r#"WECHATPAY2-SHA256-RSA2048 mchid="1900007291",nonce_str="593BEC0C930BF1AFEB40B4A08C8FB242","#,
            r#"timestamp="1554208460",serial_no="408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB","#,
            r#"signature="jnks4dlrPw3ZX+ozVvSK39oa0t7OMBsg83BHAwd8BRdUFiVaQNTLTvci+wURgP1OQBbKYhFGvt7iqYpDSTQkp7Uq1sltaQKyncCyrA1g88m5bsKERQfPyT0ahSwKTYJ1CAn9QiJuSJRq1QsQs07eehbU/k9BCS51jTyc1Jpsi2H77HF9f/BnjXAOP3/sPObg6V5Ee4EzwLox684hhuMuIwHo7D8KFk3LIHOKDcNI4It1aCXydFWNpNK+SG86VUDe5kwoDpw4Ulqfu9z8OFDGbDs9TCxEv8iqQzbpxOlEVoOe2kalSYM5kApQb3nZcxdUtoE0liJGW3RGUNE0t4v01A==""#
        )
    );
}

/// pay.weixin.qq.com doc 4012365339: the signature with which a page opens the payment sheet.
#[test]
fn page_payment_signature() {
    let pay = pay(
        direct(),
        &Wire::new(|_, _| unreachable!("signing needs no network")),
    );
    let prepay = PrepayId {
        prepay_id: "wx201410272009395522657a690389285100".into(),
    };
    let params = pay.own().unwrap().page_params(&prepay, 1_554_208_460, NONCE);
    assert_eq!(
        params.pay_sign,
        "mI35pfNEQV6777ke/1T+LJLQDNTm7yeoUJH+j/adPGhmCCi0PbgkvYQTRcXH0uibcLVtvFLdGLpmoYO9FV6lBBsTAjuhh5YOvQi0e2g3e0yytitiNET9FEuqM0pjnKfRW4K6LIZDdbWJv9KhZUx3DrJa5TL7OJ7VdADVivxVySIlPVKjGwuCXzuXSJes0UcILgWQUMyha5/3nYofuHtS7r+KYyMuxD+oJ9VM1Qdxk4UIG59CP5Y3wtYIFybyF3bdu1caHTRRX+DLyMXyYA/IrTmiW01c4RPjpHBX5Dk1sZyY1zVsWNsvMHr2e1NTWtBxKJ+qk5N61J7caYoepHFaxw=="
    );
    let json = serde_json::to_value(&params).unwrap();
    assert_eq!(json["package"], "prepay_id=wx201410272009395522657a690389285100");
    assert_eq!(json["timeStamp"], "1554208460");
    assert_eq!(json["signType"], "RSA");
    assert!(json["appId"].is_string() && json["nonceStr"].is_string() && json["paySign"].is_string());
}

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_str(value).unwrap(),
            )
        })
        .collect()
}

/// pay.weixin.qq.com doc 4013053420: an answer signed with WeChat Pay's public key.
#[test]
fn answer_signature_by_public_key() {
    let keys = PlatformKeys::new()
        .with_public_key(
            "PUB_KEY_ID_1",
            include_str!("../../tests/keys/wechatpay_public.pem"),
        )
        .unwrap();
    let headers = headers(&[
        ("wechatpay-timestamp", "1722850421"),
        ("wechatpay-nonce", "d824f2e086d3c1df967785d13fcd22ef"),
        ("wechatpay-serial", "PUB_KEY_ID_1"),
        (
            "wechatpay-signature",
            "mfI1CPqvBrgcXfgXMFjdNIhBf27ACE2YyeWsWV9ZI7T7RU0vHvbQpu9Z32ogzc+k8ZC5n3kz7h70eWKjgqNdKQF0eRp8mVKlmfzMLBVHbssB9jEZEDXThOX1XFqX7s7ymia1hoHQxQagPGzkdWxtlZPZ4ZPvr1RiqkgAu6Is8MZgXXrRoBKqjmSdrP1N7uxzJ/cjfSiis9FiLjuADoqmQ1P7p2N876YPAol7Rn0+GswwAwxldbdLrmVSjfytfSBJFqTMHn4itojgxSWWN1byuckQt8hSTEv/Lg97QoeGniYP17T80pJeQyL3b+295FPHSO2AtvCgyIbKMZ0BALilAA==",
        ),
    ]);
    let wire = Wire::new(move |_, _| {
        let mut answer =
            http::Response::new(br#"{"code_url":"weixin://wxpay/bizpayurl?pr=JyC91EIz1"}"#.to_vec());
        *answer.headers_mut() = headers.clone();
        Ok(answer)
    });
    let pay = crate::pay::Pay::new(merchant(direct()), keys, &Endpoints::default(), wire);
    let outcome = pay.get::<serde_json::Value>(crate::At::now(1_722_850_421), NONCE, "/v3/x");
    let crate::Outcome::Done(value) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(value["code_url"], "weixin://wxpay/bizpayurl?pr=JyC91EIz1");
}

/// wechatpay-go 0.2.21, core/notify/notify_test.go (Apache-2.0): a notice signed by certificate. Its key has 16
/// bytes, so the notice itself stops at decryption, and the parts are opened below the key type.
#[test]
fn notice_signature_by_certificate() {
    let keys = PlatformKeys::new()
        .with_certificate(include_str!("../../tests/keys/wechatpay_go_certificate.pem"))
        .unwrap();
    assert_eq!(keys.serials().collect::<Vec<_>>(), ["D7CE59D1F522D701"]);
    let ciphertext = "YDS3lKPaC4Y52Gf3uhft5qUBlIa8b428AWTtTauHQfQrRw+X1WpiuHIDy0vo1Vd6VEq67aVyqPdDYMkRVSDaZL3iZttevRMOoPKMifozg6XPWjIZumks/GpT48lI4NizyeaqLBokNebthah3o1H76qSlO9NkDjp9bzmKLEYYH9TEklFUpsvPqOTOcgSLgh21YJXYR7dEBXFgRLiNIKRgO5JdXh1hccRUAlyVWxE54PXpnQ==";
    let body = format!(
        r#"{{"id":"3119dfba-e649-5eec-ab1e-3412bc4d2e17","create_time":"2021-06-24T16:37:26+08:00","resource_type":"encrypt-resource","event_type":"PAYSCORE.USER_OPEN_SERVICE","summary":"签约成功","resource":{{"original_type":"payscore","algorithm":"AEAD_AES_256_GCM","ciphertext":"{ciphertext}","associated_data":"payscore","nonce":"Kj7QIyUiYx1q"}}}}"#
    );
    let headers = headers(&[
        ("wechatpay-timestamp", "1624523846"),
        ("wechatpay-nonce", "EcZ9Cmy4Xyx1i6RlJQzLcCyEqDa26NBz"),
        ("wechatpay-serial", "D7CE59D1F522D701"),
        (
            "wechatpay-signature",
            "tJHIiIS9eB2hAYstmAmbbD3ZE5LiIm/Ug5tuL4fC0YOFRWIHV39UFIZXC0e9Wl6lBu6sKvkqDkzpqzBsVHyXFlbYZTOQrVdG4b6LfTnK4mikv9++ixJMd3vTf2yCqvBkh98zs3Ds5zsYQakzbcwhmw4fMJs4nPLws28H0UW9FjDR//rxELLwXvV1VEA1IBLX70xptjL8hrfUjEE8kkry6yNJTHZRU8CAc7qHli2Ng1V1qb9ARbK8A3ThmFmPQvRGrapI/jS2laKKgYUmfdEdkNO6B2Cke5e8VTxY406ArAmQ90GAihDwIcb16TQMnzCMBoutnwZKNiKRACrFmtxw2Q==",
        ),
    ]);
    let pay = receiver();
    pay.replace_keys(keys);
    assert_eq!(
        pay.open_notice(1_624_523_846, &headers, body.as_bytes()),
        Err(Rejected::Decrypt)
    );
    let changed = body.replace("签约成功", "签约失败");
    assert_eq!(
        pay.open_notice(1_624_523_846, &headers, changed.as_bytes()),
        Err(Rejected::Signature)
    );

    let sealed = BASE64_STANDARD.decode(ciphertext).unwrap();
    let opened = aead_open(b"testMchAPIv3Key0", b"Kj7QIyUiYx1q", b"payscore", &sealed).unwrap();
    let value: serde_json::Value = serde_json::from_slice(&opened).unwrap();
    assert_eq!(value["mchid"], "1234567890");
}

/// wechatpay-java 0.2.17 (32-byte key) and wechatpay-go 0.2.21 utils (16-byte key), both Apache-2.0.
#[test]
fn aead() {
    let open = |key: &str, nonce: &str, associated: &str, sealed: &str| {
        let sealed = BASE64_STANDARD.decode(sealed).unwrap();
        aead_open(key.as_bytes(), nonce.as_bytes(), associated.as_bytes(), &sealed)
    };
    let java = "ulwSiIajGClcvcOYvOQ7+l+0PAbzzwI=";
    assert_eq!(
        open(API_V3_KEY, "uluk4a9R25RW", "associatedData", java).unwrap(),
        b"message"
    );
    assert_eq!(open(API_V3_KEY, "uluk4a9R25RW", "other", java), None);
    let go = "FsdXzxryWfKwvLJKf8LG/ToRPTRh8RN9wROC";
    let associated = "Dl56FrqWQJF1t9LtC3vEUsniZKvbqdR8";
    assert_eq!(
        open("testAPIv3Key0000", "wCq51qZv4Yfg", associated, go).unwrap(),
        b"Hello World"
    );
    assert_eq!(
        open("testAPIv3Key000", "wCq51qZv4Yfg", associated, go),
        None,
        "15 bytes are no key"
    );
}

/// Made by OpenSSL 3.0.19 (`pkeyutl -encrypt -pkeyopt rsa_padding_mode:oaep`), whose seed was read back with the private
/// key: with the same seed every byte is the same.
#[test]
fn oaep() {
    let key = rsa_key_of_spki(&pem_block(PLATFORM_PUBLIC, "PUBLIC KEY").unwrap()).unwrap();
    let key = VerifyingKey::from_pkcs1_der(key);
    let seed = b"\x6c\x85\xe4\x06\x48\x31\xaf\xee\x2d\x2d\x29\xac\xbd\xf1\xb1\x91\x56\x1e\xa3\x29";
    assert_eq!(
        key.encrypt_seeded("张三".as_bytes(), seed).unwrap(),
        "Jfbbk2o3prqOC2hq7tP3lPJSGD9sXdKsMcTdPScJSu8nadQ6pa05DxnPki+XVNrpyWK/uW8EX2nhN2gaBi3PJulOBS2IjN63owHMLYU69u4+iEQUAe4XdMe734VBCNxX6bgnVZNZVtxo71qLTOP7Q/LKToVo5tDFtypJPpf+5fGv4WtafIEQsJHtBdhDaER4xFxPDKRRM6HP2B14JDQ/TsieH2AmY1cB5/5y28u53LSWugl2QnTMOpBvhufCERJb6IjqZE135UTzZnF/+1/oGV2n7qTFpYnk7OyyePiBBG8D3KkbPY4oZdLXMGkrTraM6lsblTB3jrbhlS0oLduIrw=="
    );
    assert_eq!(
        key.encrypt_seeded(&[0; 214], seed).map(|sealed| sealed.len()),
        Some(344)
    );
    assert_eq!(key.encrypt_seeded(&[0; 215], seed), None);
    assert_ne!(key.encrypt(b"a"), key.encrypt(b"a"), "each time another seed");
}
