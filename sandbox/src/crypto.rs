//! The ciphers and signatures of WeChat's side, on RustCrypto.

use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use aes_gcm::aead::{Aead, Payload};
use base64::Engine;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use rsa::pkcs1v15::{Signature, SigningKey, VerifyingKey};
use rsa::sha2::{Digest, Sha256};
use rsa::signature::{SignatureEncoding, Signer, Verifier};
use rsa::{Oaep, RsaPrivateKey, RsaPublicKey};
use sha1_for_rsa::Sha1 as OaepSha1;

use crate::keys::SeededRandom;

/// Lower-case hexadecimal SHA-1 of `text`.
pub fn sha1_hex(text: &str) -> String {
    sha1_hex_of(text.as_bytes())
}

/// Lower-case hexadecimal SHA-1 of `data`.
pub fn sha1_hex_of(data: &[u8]) -> String {
    use sha1::Digest as _;
    hex(&sha1::Sha1::digest(data))
}

/// The signature of the message push: SHA-1 over the sorted, joined parts.
pub fn push_signature(parts: &[&str]) -> String {
    let mut sorted = parts.to_vec();
    sorted.sort_unstable();
    sha1_hex(&sorted.concat())
}

/// SHA-256 of `data`.
pub fn sha256(data: &[u8]) -> [u8; 32] {
    Sha256::digest(data).into()
}

/// Base64 of the SHA256-RSA2048 signature of `message`.
pub fn rsa_sign(key: &RsaPrivateKey, message: &[u8]) -> String {
    STANDARD.encode(SigningKey::<Sha256>::new(key.clone()).sign(message).to_bytes())
}

/// Whether `signature` (base64) is the key owner's SHA256-RSA2048 signature of `message`.
pub fn rsa_verify(key: &RsaPublicKey, message: &[u8], signature: &str) -> bool {
    let Ok(bytes) = STANDARD.decode(signature) else {
        return false;
    };
    let Ok(signature) = Signature::try_from(bytes.as_slice()) else {
        return false;
    };
    VerifyingKey::<Sha256>::new(key.clone())
        .verify(message, &signature)
        .is_ok()
}

/// What is in `sealed` (base64), which was encrypted for `key` with RSA-OAEP over SHA-1 and MGF1-SHA-1, as sensitive
/// fields are (doc 4013053257). `None` when it was not.
pub fn open_sensitive(key: &RsaPrivateKey, sealed: &str) -> Option<String> {
    let plain = key
        .decrypt(Oaep::new::<OaepSha1>(), &STANDARD.decode(sealed).ok()?)
        .ok()?;
    String::from_utf8(plain).ok()
}

/// Base64 of `plain`, encrypted for the owner of `key` the way sensitive fields are. `None` beyond 214 bytes.
pub fn seal_sensitive(key: &RsaPublicKey, random: &mut SeededRandom, plain: &[u8]) -> Option<String> {
    let sealed = key.encrypt(random, Oaep::new::<OaepSha1>(), plain).ok()?;
    Some(STANDARD.encode(sealed))
}

/// Base64 of `plain` under AES-256-GCM with the tag at the end, as notice resources carry it.
pub fn seal_resource(key: &[u8; 32], nonce: &[u8; 12], associated: &str, plain: &[u8]) -> String {
    STANDARD.encode(seal_file(key, nonce, associated, plain))
}

/// `plain` under AES-256-GCM with the tag at the end, as the bills of sub-merchants are.
pub fn seal_file(key: &[u8; 32], nonce: &[u8; 12], associated: &str, plain: &[u8]) -> Vec<u8> {
    let cipher = aes_gcm::Aes256Gcm::new(&(*key).into());
    let payload = Payload {
        msg: plain,
        aad: associated.as_bytes(),
    };
    cipher
        .encrypt(&(*nonce).into(), payload)
        .expect("what is sent is far below the limit of GCM")
}

/// The cipher of the message push in safe mode: AES-256-CBC with a 32-byte padding block.
pub struct PushCipher {
    cipher: aes::Aes256,
    iv: [u8; 16],
    app_id: String,
}

impl PushCipher {
    /// A cipher from the 43 characters of an EncodingAESKey; `None` when they are no such key.
    pub fn new(encoding_aes_key: &str, app_id: &str) -> Option<Self> {
        // The 43rd character carries two bits too many, which a strict decoder refuses.
        let lenient = GeneralPurpose::new(
            &alphabet::STANDARD,
            GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
        );
        let key: [u8; 32] = lenient
            .decode(format!("{encoding_aes_key}="))
            .ok()?
            .try_into()
            .ok()?;
        let mut iv = [0; 16];
        iv.copy_from_slice(&key[..16]);
        Some(Self {
            cipher: aes::Aes256::new(&key.into()),
            iv,
            app_id: app_id.to_owned(),
        })
    }

    /// Base64 of `random ‖ length ‖ message ‖ appid`, encrypted.
    pub fn encrypt(&self, random: &[u8; 16], message: &str) -> String {
        let length = u32::try_from(message.len()).expect("a message is shorter than 4 GiB");
        let mut data = [
            &random[..],
            &length.to_be_bytes(),
            message.as_bytes(),
            self.app_id.as_bytes(),
        ]
        .concat();
        let padding = 32 - data.len() % 32;
        data.extend(std::iter::repeat_n(
            u8::try_from(padding).expect("at most 32"),
            padding,
        ));
        let mut previous = self.iv;
        for chunk in data.chunks_exact_mut(16) {
            let mut block: [u8; 16] = std::array::from_fn(|i| chunk[i] ^ previous[i]);
            self.cipher.encrypt_block((&mut block).into());
            chunk.copy_from_slice(&block);
            previous = block;
        }
        STANDARD.encode(data)
    }

    /// The message inside `encrypted`, or in words why there is none.
    pub fn decrypt(&self, encrypted: &str) -> Result<String, &'static str> {
        let mut data = STANDARD.decode(encrypted.trim()).map_err(|_| "not base64")?;
        if data.is_empty() || data.len() % 16 != 0 {
            return Err("length is no multiple of the AES block");
        }
        let mut previous = self.iv;
        for chunk in data.chunks_exact_mut(16) {
            let sealed: [u8; 16] = std::array::from_fn(|i| chunk[i]);
            let mut block = sealed;
            self.cipher.decrypt_block((&mut block).into());
            for (i, byte) in block.iter().enumerate() {
                chunk[i] = byte ^ previous[i];
            }
            previous = sealed;
        }
        let padding = usize::from(*data.last().ok_or("empty")?);
        if !(1..=32).contains(&padding) || padding > data.len() {
            return Err("padding is not PKCS#7 with a block of 32");
        }
        let data = &data[..data.len() - padding];
        let length = data.get(16..20).ok_or("shorter than its header")?;
        let length = u32::from_be_bytes([length[0], length[1], length[2], length[3]]) as usize;
        let message = data
            .get(20..20 + length)
            .ok_or("length field is beyond the end")?;
        if data.get(20 + length..) != Some(self.app_id.as_bytes()) {
            return Err("appid at the end is not the account's");
        }
        String::from_utf8(message.to_vec()).map_err(|_| "not UTF-8")
    }
}

/// Lower-case hexadecimal digits of `bytes`.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_push_signature_is_reproduced() {
        assert_eq!(
            push_signature(&["AAAAA", "1714036504", "1514711492"]),
            "f464b24fc39322e44b38aa78f5edd27bd1441696"
        );
    }

    #[test]
    fn tencents_own_demo_message_is_reproduced_byte_for_byte() {
        let cipher = PushCipher::new(
            "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
            "wxb11529c136998cb6",
        )
        .unwrap();
        let sealed =
            "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==";
        assert_eq!(cipher.encrypt(b"aaaabbbbccccdddd", "我是中文abcd123"), sealed);
        assert_eq!(cipher.decrypt(sealed).unwrap(), "我是中文abcd123");
    }

    #[test]
    fn the_documents_reply_is_reproduced_byte_for_byte() {
        let cipher = PushCipher::new(&"A".repeat(43), "wxba5fad812f8e6fb9").unwrap();
        let sealed =
            "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==";
        assert_eq!(
            cipher.encrypt(b"707722b803182950", r#"{"demo_resp":"good luck"}"#),
            sealed
        );
    }

    #[test]
    fn every_length_survives_the_push_cipher_and_a_changed_byte_does_not_pass_for_ours() {
        let cipher = PushCipher::new(
            "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
            "wxb11529c136998cb6",
        )
        .unwrap();
        let other = PushCipher::new(
            "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
            "wxotherotherother0",
        )
        .unwrap();
        for length in 0..200 {
            let message = "按".repeat(length % 5) + &"a".repeat(length);
            let sealed = cipher.encrypt(b"0123456789abcdef", &message);
            assert_eq!(cipher.decrypt(&sealed).as_deref(), Ok(message.as_str()));
            assert!(other.decrypt(&sealed).is_err());
        }
    }

    /// A key made by OpenSSL for this test alone: PKCS#8, base64.
    const KEY: &str = "MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBALCGymG6GMueTalZlvzkSvZWd2tfhjyAptCYSq5N660fWt89h9RAlUt0AeVAzwpvpgHvQ0Y8s+7gQddnP+v7vUy6NJ286QlHmR/cKNVejQPbcDsc6BrOKL1BP0s5gBE5Vvo5w+RvJEWDQgiWPrRw4WQ5qPxTYElLJRlvJqU2HwWdAgMBAAECgYBVL5a2dmHE0Q3VLYCpZVmvaqaSUDStOcBGZVeUqdGTZ9Aobr7/dHMXSFIp2Y6QELThth6W5HBIVDwxwIeeT4tXkCsz04NNljkt+mKxwyp916JjufQFb0hq7rUSuOpSlz97prU7jim6mbrGknyRZ1kDRk8cXtIW1OOnr6aoUBFtgQJBANyt8TJZpKmgIMc3CBZqqt+IzzT4n/wOOwWt2J28ByyrdGlHSKGD7uz4B68IxLXmsntKZWWHQZnjxrknPVNffVECQQDMx70MZ5dPMJKFPmAq6RxOSfyR7JphDjQDdNBHgjfJmPZszXi54ZthIPYgiyxspwokaC8sSSzvlGbGZQJ0VwCNAkEAlyHdJMF13uGWcTjEJi4JNivI1JtNXd8VFu+XgXcrZrFJeWxjVpI3iDzZbktQBM+o/nzV8nFuQQlYqKcx/a5Q8QJAQAPEhkcv1rKBayO3nlJm5dZdHSTQkbyF5/qxTVlYpS2rAxIsRjdPgkpyhnPbPE/vbLgg3wA1CuPiSOy0mrfD1QJADHZgByIkeFVIkKsta+QOhmgxb2Ua232Wq/qYyJAiuQ5GqvRFGGvcJ14j2PZ8r/a7TyLESZBy1POMAhP29fq43g==";

    #[test]
    fn what_openssl_encrypted_with_oaep_over_sha1_is_read_and_over_sha256_is_not() {
        use rsa::pkcs8::DecodePrivateKey;
        let key = RsaPrivateKey::from_pkcs8_der(&STANDARD.decode(KEY).unwrap()).unwrap();
        let sealed = "dL3x4YWpSEgcnxtynLSIOdjm5ABni+m/2lSnpyGyE43nswrGUscBvl7gDZn966CSv2qA1TDUe0hLHc9K4A+Cws7pUNPjbyvfBMZdGw53UiHXnLIDlTfgQJ5FmUYG8jlbS4dNWtH3SLEhD2MRcXBDeGfOwcWARm5NEOyF0fLiuKc=";
        assert_eq!(open_sensitive(&key, sealed).as_deref(), Some("张三丰"));
        let sealed = "a0LG1yJJO2z1X9ul/udLSG4cqbkP9g7Vmlavhzdkcl6IlQuxLYgqnY/yqINg4b3QDZiYXZfxB5jrrVZCYv1bNelDTgS67VgF5kvUxq6EWs0bkbBcbO1aT97SphAELzmD08+AvEGRUspJr4BGp4+Pni39Kp/KII28FdEYlbc+lsA=";
        assert_eq!(open_sensitive(&key, sealed), None);
    }

    #[test]
    fn the_published_resource_is_reproduced() {
        let sealed = seal_resource(
            b"a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb",
            b"uluk4a9R25RW",
            "associatedData",
            b"message",
        );
        assert_eq!(sealed, "ulwSiIajGClcvcOYvOQ7+l+0PAbzzwI=");
    }
}
