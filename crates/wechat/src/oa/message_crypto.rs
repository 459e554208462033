use aes::Aes256;
use aes::cipher::block_padding::NoPadding;
use aes::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::PAD;
use base64::prelude::BASE64_STANDARD;

use crate::{Secret, crypto};

/// PKCS #7 with a block of 32, although AES has 16.
const PAD_BLOCK: usize = 32;
const RANDOM: usize = 16;
const LENGTH: usize = 4;

/// The encryption of pushes and their replies (`doc/service/guide/dev/push/encryption.html`):
/// AES-256-CBC over `random(16) ‖ length(u32, big-endian) ‖ message ‖ appid`, IV = the key's first half.
#[derive(Clone, Debug)]
pub struct MessageCrypto {
    key: Secret<[u8; 32]>,
    appid: String,
}

/// Why a message could not be opened, or the key not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CryptoError {
    /// The EncodingAESKey is not 43 characters of base64.
    #[error("the EncodingAESKey is not 43 characters of base64")]
    Key,
    /// Not base64, not whole blocks, a wrong padding or a wrong length inside.
    #[error("the message cannot be decrypted")]
    Damaged,
    /// Encrypted for another account.
    #[error("the message is for another appid")]
    ForeignAppid,
}

impl MessageCrypto {
    /// Reads the 43 characters of the account's configuration page.
    ///
    /// # Errors
    /// [`CryptoError::Key`].
    pub fn new(encoding_aes_key: &str, appid: &str) -> Result<Self, CryptoError> {
        // 43 characters hold 258 bits: the last two are left over and, in keys that people invent, not zero.
        let lenient = GeneralPurpose::new(&alphabet::STANDARD, PAD.with_decode_allow_trailing_bits(true));
        let key = lenient
            .decode(format!("{encoding_aes_key}="))
            .map_err(|_| CryptoError::Key)?;
        let key = key.try_into().map_err(|_| CryptoError::Key)?;
        Ok(Self {
            key: Secret::new(key),
            appid: appid.to_owned(),
        })
    }

    /// Encrypts a message, giving base64. `random` must be fresh for each message.
    pub fn encrypt(&self, random: &[u8; 16], message: &[u8]) -> String {
        let length = u32::try_from(message.len()).expect("a message has less than 4 GB");
        let mut buffer = [
            random.as_slice(),
            &length.to_be_bytes(),
            message,
            self.appid.as_bytes(),
        ]
        .concat();
        let pad = PAD_BLOCK - buffer.len() % PAD_BLOCK;
        buffer.resize(buffer.len() + pad, u8::try_from(pad).expect("at most 32"));
        let whole = buffer.len();
        cbc::Encryptor::<Aes256>::new(self.key.expose().into(), (&self.iv()).into())
            .encrypt_padded::<NoPadding>(&mut buffer, whole)
            .expect("the buffer holds whole blocks");
        BASE64_STANDARD.encode(buffer)
    }

    /// Opens what [`Self::encrypt`] or WeChat made. White space around and inside the base64 is ignored.
    ///
    /// # Errors
    /// [`CryptoError::Damaged`], [`CryptoError::ForeignAppid`].
    pub fn decrypt(&self, encrypted: &str) -> Result<Vec<u8>, CryptoError> {
        let compact: String = encrypted.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let mut buffer = BASE64_STANDARD
            .decode(compact)
            .map_err(|_| CryptoError::Damaged)?;
        cbc::Decryptor::<Aes256>::new(self.key.expose().into(), (&self.iv()).into())
            .decrypt_padded::<NoPadding>(&mut buffer)
            .map_err(|_| CryptoError::Damaged)?;
        self.open(&buffer).ok_or(CryptoError::Damaged)?
    }

    /// Takes the parts of a decrypted buffer apart; `None` if they do not fit.
    fn open(&self, buffer: &[u8]) -> Option<Result<Vec<u8>, CryptoError>> {
        let pad = usize::from(*buffer.last()?);
        if pad == 0 || pad > PAD_BLOCK {
            return None;
        }
        let (content, padding) = buffer.split_at_checked(buffer.len().checked_sub(pad)?)?;
        if padding.iter().any(|byte| usize::from(*byte) != pad) {
            return None;
        }
        let (length, rest) = content.get(RANDOM..)?.split_first_chunk::<LENGTH>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (message, appid) = rest.split_at_checked(length)?;
        let own = str::from_utf8(appid).is_ok_and(|appid| crypto::same(appid, &self.appid));
        Some(if own {
            Ok(message.to_vec())
        } else {
            Err(CryptoError::ForeignAppid)
        })
    }

    fn iv(&self) -> [u8; 16] {
        *self.key.expose().first_chunk().expect("16 of 32 bytes")
    }
}
