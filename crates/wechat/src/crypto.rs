//! The primitives, on `ring`. Nothing here knows a protocol.

// `ring` cannot encrypt with RSA, and the bindings to AWS-LC need a C compiler and cmake to build. The numbers of the `rsa`
// crate are used for this one thing, with public keys only: the timing weakness known of it (RUSTSEC-2023-0071) concerns
// private keys, which stay with `ring`. The padding is our own.
use ::rsa::pkcs1::DecodeRsaPublicKey as _;
use ::rsa::traits::PublicKeyParts as _;
use ::rsa::{BigUint, RsaPublicKey};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ring::rand::SecureRandom as _;
use ring::{aead, digest, rand, rsa, signature};

use crate::der;
use crate::pay::Signer;

/// An RSA private key that signs PKCS #1 v1.5 with SHA-256. Its `Debug` shows no part of the key.
pub(crate) struct SigningKey(rsa::KeyPair);

/// An RSA public key as `ring` wants it: the DER of PKCS #1 `RSAPublicKey`.
#[derive(Clone, Debug)]
pub(crate) struct VerifyingKey(Vec<u8>);

/// A key text that cannot be used. The message never quotes the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No PEM block of the wanted kind.
    #[error("no PEM block `{0}` in the text")]
    NoPem(&'static str),
    /// The block is there but its contents are damaged or of another algorithm.
    #[error("the key in the PEM block cannot be read")]
    Unreadable,
    /// A symmetric key of the wrong length.
    #[error("the key must have {0} bytes")]
    Length(usize),
}

impl SigningKey {
    /// Reads `PRIVATE KEY` (PKCS #8) or `RSA PRIVATE KEY` (PKCS #1), 2048 to 4096 bits.
    pub(crate) fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let pair = if let Ok(pkcs8) = der::pem_block(pem, "PRIVATE KEY") {
            rsa::KeyPair::from_pkcs8(&pkcs8)
        } else {
            rsa::KeyPair::from_der(&der::pem_block(pem, "RSA PRIVATE KEY").map_err(|e| match e {
                KeyError::NoPem(_) => KeyError::NoPem("PRIVATE KEY"),
                other => other,
            })?)
        };
        pair.map(Self).map_err(|_| KeyError::Unreadable)
    }

    /// The signature in base64. Deterministic: PKCS #1 v1.5 uses no randomness.
    pub(crate) fn sign(&self, message: &[u8]) -> String {
        let mut out = vec![0; self.0.public().modulus_len()];
        self.0
            .sign(
                &signature::RSA_PKCS1_SHA256,
                &rand::SystemRandom::new(),
                message,
                &mut out,
            )
            .expect("the buffer has the modulus' length and the key was checked when it was read");
        BASE64_STANDARD.encode(out)
    }
}

impl Signer for SigningKey {
    fn sign(&self, message: &[u8]) -> String {
        SigningKey::sign(self, message)
    }
}

impl VerifyingKey {
    /// From the DER of `RSAPublicKey`.
    pub(crate) fn from_pkcs1_der(der: Vec<u8>) -> Self {
        Self(der)
    }

    /// RSAES-OAEP with SHA-1 and MGF1-SHA-1 (RFC 8017 §7.1; doc 4013059053), in base64. `None` if the text is longer
    /// than the key can hold: 214 bytes with 2048 bits.
    pub(crate) fn encrypt(&self, plain: &[u8]) -> Option<String> {
        let mut seed = [0; HASH];
        rand::SystemRandom::new().fill(&mut seed).ok()?;
        self.encrypt_seeded(plain, &seed)
    }

    pub(crate) fn encrypt_seeded(&self, plain: &[u8], seed: &[u8; HASH]) -> Option<String> {
        let key = RsaPublicKey::from_pkcs1_der(&self.0).ok()?;
        let padded = oaep(plain, seed, key.size())?;
        let sealed = BigUint::from_bytes_be(&padded)
            .modpow(key.e(), key.n())
            .to_bytes_be();
        // The number may begin with zeros, which belong to the ciphertext.
        let mut out = vec![0; key.size() - sealed.len()];
        out.extend_from_slice(&sealed);
        Some(BASE64_STANDARD.encode(out))
    }

    /// Whether the signature (raw bytes) is over the message.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        signature::UnparsedPublicKey::new(&signature::RSA_PKCS1_2048_8192_SHA256, &self.0)
            .verify(message, signature)
            .is_ok()
    }
}

/// The length of SHA-1.
const HASH: usize = 20;

/// EME-OAEP (RFC 8017 §7.1.1) with an empty label, for a key of this many bytes.
fn oaep(plain: &[u8], seed: &[u8; HASH], size: usize) -> Option<Vec<u8>> {
    let zeros = size.checked_sub(plain.len() + 2 * HASH + 2)?;
    let label = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, b"");
    let mut block = [label.as_ref(), &vec![0; zeros], &[1], plain].concat();
    mask(&mut block, seed);
    let mut masked_seed = *seed;
    mask(&mut masked_seed, &block);
    Some([&[0], masked_seed.as_slice(), &block].concat())
}

/// Adds the mask that MGF1 makes of this seed (RFC 8017, appendix B.2.1).
fn mask(block: &mut [u8], seed: &[u8]) {
    for (counter, part) in (0_u32..).zip(block.chunks_mut(HASH)) {
        let text = [seed, &counter.to_be_bytes()].concat();
        let hash = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &text);
        for (byte, mask) in part.iter_mut().zip(hash.as_ref()) {
            *byte ^= mask;
        }
    }
}

/// Opens AES-GCM with a 16-byte or a 32-byte key: `sealed` is ciphertext and tag. `None` if anything is wrong.
pub(crate) fn aead_open(key: &[u8], nonce: &[u8], associated: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let algorithm = match key.len() {
        16 => &aead::AES_128_GCM,
        32 => &aead::AES_256_GCM,
        _ => return None,
    };
    let key = aead::LessSafeKey::new(aead::UnboundKey::new(algorithm, key).ok()?);
    let nonce = aead::Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut buffer = sealed.to_vec();
    let opened = key
        .open_in_place(nonce, aead::Aad::from(associated), &mut buffer)
        .ok()?
        .len();
    buffer.truncate(opened);
    Some(buffer)
}

/// SHA-1 in lower-case hex. Old, but what these protocols prescribe.
pub(crate) fn sha1_hex(data: &[u8]) -> String {
    hex(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, data).as_ref())
}

/// SHA-256 in lower-case hex.
pub(crate) fn sha256_hex(data: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, data).as_ref())
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]])
        .map(char::from)
        .collect()
}

/// Compares without telling by time how much agrees.
pub(crate) fn same(a: &str, b: &str) -> bool {
    subtle::ConstantTimeEq::ct_eq(a.as_bytes(), b.as_bytes()).into()
}
