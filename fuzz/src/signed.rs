//! A merchant, and WeChat Pay as it signs and encrypts; the keys protect nothing.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderMap, HeaderValue, Request, Response};
use payment::testing::seal;
use ring::{rand::SystemRandom, signature};
use wechat::{
    Endpoints, Secret, Transport, TransportError,
    pay::{ApiV3Key, Merchant, Mode, Pay, PlatformKeys},
};

/// The moment at which everything happens, in seconds since 1970.
pub(crate) const NOW_S: i64 = 1_790_000_000;
const PUB_KEY_ID: &str = "PUB_KEY_ID_0114232134912410000000000000";
const QUICK_KEY_ID: &str = "PUB_KEY_ID_0114232134912410000000000001";
const API_V3_KEY: &str = "a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb";
pub(crate) const NONCE: &str = seal::NONCE;

/// A transport for those who never call.
struct Nobody;

impl Transport for Nobody {
    fn send(&self, _: Request<Vec<u8>>, _: Duration) -> Result<Response<Vec<u8>>, TransportError> {
        Err(TransportError::NotSent("nobody is there".to_owned()))
    }
}

/// The merchant that reads notices.
pub(crate) fn pay() -> &'static Pay {
    static PAY: OnceLock<Pay> = OnceLock::new();
    PAY.get_or_init(|| {
        let mode = Mode::Partner {
            sp_mchid: "1900007291".to_owned(),
            sp_appid: "wx2421b1c4370ec43b".to_owned(),
        };
        let pem = Secret::new(include_str!("../../crates/wechat/tests/keys/merchant_private.pem").to_owned());
        let key = ApiV3Key::new(API_V3_KEY).expect("32 characters");
        let merchant =
            Merchant::new(mode, "5157F09EFDC096DE15EBE81A47057A7232F1B8E1", &pem, key).expect("a key");
        let public = include_str!("../../crates/wechat/tests/keys/platform_public.pem");
        let keys = PlatformKeys::new()
            .with_public_key(PUB_KEY_ID, public)
            .and_then(|keys| keys.with_public_key(QUICK_KEY_ID, seal::PUBLIC_KEY))
            .expect("a key");
        Pay::new(merchant, keys, &Endpoints::default(), Arc::new(Nobody))
    })
}

/// The headers with which WeChat Pay signs a body.
pub(crate) fn headers(body: &[u8]) -> HeaderMap {
    static KEY: OnceLock<signature::RsaKeyPair> = OnceLock::new();
    let key = KEY.get_or_init(|| {
        let pem = include_str!("../../crates/wechat/tests/keys/platform_private.pem");
        let base64: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        let der = BASE64_STANDARD.decode(base64).expect("the file is PEM");
        signature::RsaKeyPair::from_pkcs8(&der).expect("the file holds an RSA key")
    });
    let message = [format!("{NOW_S}\n{NONCE}\n").as_bytes(), body, b"\n"].concat();
    let mut signed = vec![0; key.public().modulus_len()];
    key.sign(
        &signature::RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        &message,
        &mut signed,
    )
    .expect("the buffer fits");
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("wechatpay-timestamp", NOW_S.to_string()),
        ("wechatpay-nonce", NONCE.to_owned()),
        ("wechatpay-serial", PUB_KEY_ID.to_owned()),
        ("wechatpay-signature", BASE64_STANDARD.encode(signed)),
    ] {
        headers.insert(name, HeaderValue::try_from(value).expect("ASCII"));
    }
    headers
}

/// The headers with which a key signs that anybody can break and that costs little, for bodies that are all signed.
pub(crate) fn quick_headers(body: &[u8]) -> HeaderMap {
    seal::headers(QUICK_KEY_ID, NOW_S, body)
}

/// Encrypts as WeChat Pay does.
pub(crate) fn encrypt(plain: &[u8]) -> String {
    seal::encrypt(API_V3_KEY, plain)
}
