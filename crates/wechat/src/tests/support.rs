//! The other side of the wire, as far as the tests need it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderMap, HeaderValue, Request, Response};
use ring::{aead, digest};
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};
use serde_json::{Value, json};

use crate::crypto::SigningKey;
use crate::oa::{Account, Credentials, MemoryTokens};
use crate::pay::{ApiV3Key, Merchant, Mode, Pay, PlatformKeys};
use crate::{At, Endpoints, Secret, Transport, TransportError};

pub(super) const NOW_S: i64 = 1_790_000_000;
pub(super) const NONCE: &str = "593BEC0C930BF1AFEB40B4A08C8FB242";
pub(super) const MERCHANT_PRIVATE: &str = include_str!("../../tests/keys/merchant_private.pem");
pub(super) const PLATFORM_PRIVATE: &str = include_str!("../../tests/keys/platform_private.pem");
pub(super) const PLATFORM_PUBLIC: &str = include_str!("../../tests/keys/platform_public.pem");
pub(super) const CERTIFICATE_PRIVATE: &str = include_str!("../../tests/keys/certificate_private.pem");
pub(super) const CERTIFICATE: &str = include_str!("../../tests/keys/certificate.pem");
pub(super) const CERTIFICATE_SERIAL: &str = "53A0EFD7D03E45E26E201FF42816A738DA947330";
/// Valid from September 2026 to 2051, with the key of [`PLATFORM_PRIVATE`].
pub(super) const RENEWED: &str = include_str!("../../tests/keys/renewed_certificate.pem");
pub(super) const RENEWED_SERIAL: &str = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
/// Ended in December 2025.
pub(super) const ENDED: &str = include_str!("../../tests/keys/ended_certificate.pem");
pub(super) const ENDED_SERIAL: &str = "50062CE505775F070CAB06E697F1BBD1AD4F4D87";
pub(super) const PUB_KEY_ID: &str = "PUB_KEY_ID_0114232134912410000000000000";
pub(super) const API_V3_KEY: &str = "a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb";

pub(super) type Answer = Result<Response<Vec<u8>>, TransportError>;

type Answering = dyn Fn(usize, &Request<Vec<u8>>) -> Answer + Send + Sync;

/// A transport that answers by a function and remembers what was asked.
pub(super) struct Wire {
    answer: Box<Answering>,
    pub(super) seen: Mutex<Vec<Request<Vec<u8>>>>,
}

impl Wire {
    /// The function gets the number of the request, from 0.
    pub(super) fn new(
        answer: impl Fn(usize, &Request<Vec<u8>>) -> Answer + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            answer: Box::new(answer),
            seen: Mutex::default(),
        })
    }

    pub(super) fn path(&self, index: usize) -> String {
        self.seen.lock().unwrap()[index]
            .uri()
            .path_and_query()
            .unwrap()
            .to_string()
    }

    pub(super) fn body(&self, index: usize) -> Value {
        serde_json::from_slice(self.seen.lock().unwrap()[index].body()).unwrap()
    }

    pub(super) fn count(&self, path: &str) -> usize {
        self.seen
            .lock()
            .unwrap()
            .iter()
            .filter(|request| request.uri().path() == path)
            .count()
    }
}

impl Transport for Wire {
    fn send(&self, request: Request<Vec<u8>>, _: Duration) -> Answer {
        let number = {
            let mut seen = self.seen.lock().unwrap();
            seen.push(request.clone());
            seen.len() - 1
        };
        (self.answer)(number, &request)
    }
}

pub(super) fn at() -> At {
    At::now(NOW_S)
}

/// An answer of the official account's API.
pub(super) fn json_answer(value: &Value) -> Answer {
    Ok(Response::new(value.to_string().into_bytes()))
}

pub(super) fn account(wire: &Arc<Wire>) -> Account {
    Account::new(
        Credentials {
            appid: "wx2421b1c4370ec43b".into(),
            secret: Secret::new("app-secret".into()),
        },
        Endpoints::default(),
        wire.clone(),
        Arc::new(MemoryTokens::default()),
    )
}

pub(super) fn partner() -> Mode {
    Mode::Partner {
        sp_mchid: "1900007291".into(),
        sp_appid: "wx2421b1c4370ec43b".into(),
    }
}

pub(super) fn direct() -> Mode {
    Mode::Direct {
        mchid: "1900007291".into(),
        appid: "wx2421b1c4370ec43b".into(),
    }
}

pub(super) fn both_keys() -> PlatformKeys {
    PlatformKeys::new()
        .with_public_key(PUB_KEY_ID, PLATFORM_PUBLIC)
        .unwrap()
        .with_certificate(CERTIFICATE)
        .unwrap()
}

pub(super) fn merchant(mode: Mode) -> Merchant {
    let pem = Secret::new(MERCHANT_PRIVATE.to_owned());
    Merchant::new(
        mode,
        "408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB",
        &pem,
        ApiV3Key::new(API_V3_KEY).unwrap(),
    )
    .unwrap()
}

pub(super) fn pay(mode: Mode, wire: &Arc<Wire>) -> Pay {
    Pay::new(merchant(mode), both_keys(), &Endpoints::default(), wire.clone())
}

/// A client that only receives.
pub(super) fn receiver() -> Pay {
    pay(
        partner(),
        &Wire::new(|_, _| Err(TransportError::NotSent("no network".into()))),
    )
}

/// The headers with which WeChat Pay signs a body with its public key.
pub(super) fn signed_headers(now_s: i64, body: &[u8]) -> HeaderMap {
    headers_by(PLATFORM_PRIVATE, PUB_KEY_ID, now_s, body)
}

pub(super) fn headers_by(private_pem: &str, serial: &str, now_s: i64, body: &[u8]) -> HeaderMap {
    let nonce = "c5ac7061fccab6bf3e254dcf98995b8c";
    let message = [format!("{now_s}\n{nonce}\n").as_bytes(), body, b"\n"].concat();
    let signature = SigningKey::from_pem(private_pem).unwrap().sign(&message);
    let mut headers = HeaderMap::new();
    let mut set = |name: &'static str, value: &str| {
        headers.insert(
            http::HeaderName::from_static(name),
            HeaderValue::from_str(value).unwrap(),
        );
    };
    set("wechatpay-timestamp", &now_s.to_string());
    set("wechatpay-nonce", nonce);
    set("wechatpay-serial", serial);
    set("wechatpay-signature", &signature);
    set("wechatpay-signature-type", "WECHATPAY2-SHA256-RSA2048");
    set("request-id", "08F78BB5AF0610D302");
    headers
}

/// A signed answer of WeChat Pay.
pub(super) fn signed(status: u16, body: &[u8]) -> Answer {
    let mut answer = Response::new(body.to_vec());
    *answer.status_mut() = status.try_into().unwrap();
    *answer.headers_mut() = signed_headers(NOW_S, body);
    Ok(answer)
}

/// An error of WeChat Pay, which is not signed.
pub(super) fn pay_error(status: u16, code: &str) -> Answer {
    let mut answer = Response::new(json!({"code": code, "message": "说明"}).to_string().into_bytes());
    *answer.status_mut() = status.try_into().unwrap();
    Ok(answer)
}

/// The body of a notice, encrypted with [`API_V3_KEY`].
pub(super) fn notice_body(event_type: &str, original_type: &str, resource: &Value) -> Vec<u8> {
    let mut sealed = sealed_resource("transaction", resource.to_string().as_bytes());
    sealed["original_type"] = json!(original_type);
    json!({
        "id": "EV-2018022511223320873",
        "create_time": "2015-05-20T13:29:35+08:00",
        "resource_type": "encrypt-resource",
        "event_type": event_type,
        "summary": "支付成功",
        "resource": sealed
    })
    .to_string()
    .into_bytes()
}

/// What WeChat Pay encrypts with [`API_V3_KEY`].
pub(super) fn sealed_resource(associated: &str, plain: &[u8]) -> Value {
    let nonce = "fdasflkja484";
    json!({
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": seal(API_V3_KEY.as_bytes(), nonce, associated, plain),
        "associated_data": associated,
        "nonce": nonce
    })
}

/// Opens what a client encrypted for WeChat Pay (RFC 8017 §7.1.2), with the key of [`PLATFORM_PRIVATE`].
pub(super) fn unseal(ciphertext: &str) -> String {
    let key = rsa::RsaPrivateKey::from_pkcs8_pem(PLATFORM_PRIVATE).unwrap();
    let sealed = BASE64_STANDARD.decode(ciphertext).unwrap();
    assert_eq!(sealed.len(), key.size());
    let opened = rsa::BigUint::from_bytes_be(&sealed)
        .modpow(key.d(), key.n())
        .to_bytes_be();
    let mut padded = vec![0; key.size() - opened.len()];
    padded.extend_from_slice(&opened);
    let (seed, block) = padded[1..].split_at(20);
    let seed = unmask(seed, block);
    let block = unmask(block, &seed);
    let end = 20 + block[20..].iter().position(|byte| *byte != 0).unwrap();
    assert_eq!(block[end], 1);
    String::from_utf8(block[end + 1..].to_vec()).unwrap()
}

fn unmask(masked: &[u8], seed: &[u8]) -> Vec<u8> {
    let stream = (0_u32..).flat_map(|counter| {
        let text = [seed, &counter.to_be_bytes()].concat();
        let hash = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &text);
        hash.as_ref().to_vec()
    });
    masked
        .iter()
        .zip(stream)
        .map(|(byte, mask)| byte ^ mask)
        .collect()
}

fn seal(key: &[u8], nonce: &str, associated: &str, plain: &[u8]) -> String {
    let key = aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_256_GCM, key).unwrap());
    let nonce = aead::Nonce::try_assume_unique_for_key(nonce.as_bytes()).unwrap();
    let mut buffer = plain.to_vec();
    key.seal_in_place_append_tag(nonce, aead::Aad::from(associated.as_bytes()), &mut buffer)
        .unwrap();
    BASE64_STANDARD.encode(buffer)
}

/// A paid order of the provider's sub-merchant, 128 yuan.
pub(super) fn paid() -> Value {
    json!({
        "sp_appid": "wx2421b1c4370ec43b", "sp_mchid": "1900007291", "sub_mchid": "1900000109",
        "out_trade_no": "TN20261122000001", "transaction_id": "4200001234202611221234567890",
        "trade_type": "JSAPI", "trade_state": "SUCCESS", "trade_state_desc": "支付成功", "bank_type": "OTHERS",
        "attach": "", "success_time": "2026-11-22T16:34:56+08:00",
        "payer": {"sp_openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", "sub_openid": ""},
        "amount": {"total": 12800, "payer_total": 12800, "currency": "CNY", "payer_currency": "CNY"}
    })
}
