//! How WeChat Pay encrypts and signs.

use std::sync::OnceLock;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderMap, HeaderValue};
use ring::{aead, digest};
use rsa::{BigUint, RsaPublicKey, pkcs8::DecodePublicKey as _, traits::PublicKeyParts as _};

/// The nonce of every text that is encrypted here.
pub const NONCE: &str = "uluk4a9R25RW";

/// The key, in PEM, that verifies what is signed here.
pub const PUBLIC_KEY: &str = include_str!("keys/platform_public.pem");

/// Encrypts as WeChat does with the APIv3 key of a merchant, in base64; the associated data are `transaction`.
pub fn encrypt(key: &str, plain: &[u8]) -> String {
    let key = aead::UnboundKey::new(&aead::AES_256_GCM, key.as_bytes()).expect("32 bytes");
    let nonce = aead::Nonce::try_assume_unique_for_key(NONCE.as_bytes()).expect("12 bytes");
    let mut sealed = plain.to_vec();
    aead::LessSafeKey::new(key)
        .seal_in_place_append_tag(nonce, aead::Aad::from("transaction"), &mut sealed)
        .expect("a short text");
    BASE64_STANDARD.encode(sealed)
}

/// The headers with which WeChat signs a body at a moment, in seconds since 1970, by the key of [`PUBLIC_KEY`].
pub fn headers(key_id: &str, now_s: i64, body: &[u8]) -> HeaderMap {
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

/// Signs as WeChat does, RSA PKCS #1 v1.5 with SHA-256, but with a key that anybody can break: its modulus is the product of
/// 131 small primes, chosen so that cubing undoes its public exponent. With a key worth having, signatures were a fifth of a
/// simulation's time; the verifier is the real one and notices no difference.
fn sign(message: &[u8]) -> String {
    let n = key().n();
    let padded = BigUint::from_bytes_be(&padded(message, key().size()));
    let signature = (&padded * &padded % n * &padded % n).to_bytes_be();
    let zeros = vec![0; key().size() - signature.len()];
    BASE64_STANDARD.encode([zeros, signature].concat())
}

/// EMSA-PKCS1-v1_5 (RFC 8017 §9.2) of the message's hash, for a key of so many bytes.
fn padded(message: &[u8], size: usize) -> Vec<u8> {
    const SHA_256: &[u8] = b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";
    let hash = digest::digest(&digest::SHA256, message);
    let filled = vec![0xff; size - 3 - SHA_256.len() - hash.as_ref().len()];
    [&[0, 1], filled.as_slice(), &[0], SHA_256, hash.as_ref()].concat()
}

fn key() -> &'static RsaPublicKey {
    static KEY: OnceLock<RsaPublicKey> = OnceLock::new();
    KEY.get_or_init(|| RsaPublicKey::from_public_key_pem(PUBLIC_KEY).expect("the file holds an RSA key"))
}
