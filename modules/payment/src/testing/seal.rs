use std::sync::OnceLock;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderMap, HeaderValue};
use ring::{aead, rand::SystemRandom, signature};

pub(super) const NONCE: &str = "uluk4a9R25RW";

/// Encrypts as WeChat does; the associated data are `transaction`.
pub(super) fn encrypt(key: &str, plain: &str) -> String {
    let key = aead::UnboundKey::new(&aead::AES_256_GCM, key.as_bytes()).expect("32 bytes");
    let nonce = aead::Nonce::try_assume_unique_for_key(NONCE.as_bytes()).expect("12 bytes");
    let mut sealed = plain.as_bytes().to_vec();
    aead::LessSafeKey::new(key)
        .seal_in_place_append_tag(nonce, aead::Aad::from("transaction"), &mut sealed)
        .expect("a short text");
    BASE64_STANDARD.encode(sealed)
}

/// The headers with which WeChat signs a body.
pub(super) fn headers(key_id: &str, now_s: i64, body: &[u8]) -> HeaderMap {
    let nonce = "5K8264ILTKCH16CQ2502SI8ZNMTM67VS";
    let message = [format!("{now_s}\n{nonce}\n").as_bytes(), body, b"\n"].concat();
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("Wechatpay-Timestamp", now_s.to_string()),
        ("Wechatpay-Nonce", nonce.to_owned()),
        ("Wechatpay-Serial", key_id.to_owned()),
        ("Wechatpay-Signature", sign(&message)),
    ] {
        headers.insert(name, HeaderValue::try_from(value).expect("ASCII"));
    }
    headers
}

fn sign(message: &[u8]) -> String {
    let key = key();
    let mut signed = vec![0; key.public().modulus_len()];
    key.sign(
        &signature::RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        message,
        &mut signed,
    )
    .expect("the buffer fits");
    BASE64_STANDARD.encode(signed)
}

/// Read once: the checks of a private key cost more than a signature.
fn key() -> &'static signature::RsaKeyPair {
    static KEY: OnceLock<signature::RsaKeyPair> = OnceLock::new();
    KEY.get_or_init(|| {
        let pem = include_str!("keys/platform.pem");
        let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        let der = BASE64_STANDARD.decode(body).expect("the file is PEM");
        signature::RsaKeyPair::from_pkcs8(&der).expect("the file holds an RSA key")
    })
}
