use std::collections::HashMap;

use super::{ApiError, KeyError};
use crate::Secret;
use crate::crypto::VerifyingKey;
use crate::der::{self, Certificate};

/// The keys that WeChat Pay signs with, by their serial: its public key (`PUB_KEY_ID_…`) and its platform
/// certificates, any number of both at once.
///
/// During a switch from certificates to the public key, callbacks come signed by either for about a week
/// (doc 4012154180). Merchants created since autumn 2024 have no certificate at all.
#[derive(Clone, Debug, Default)]
pub struct PlatformKeys {
    by_serial: HashMap<String, Key>,
    preferred: Option<String>,
}

#[derive(Clone, Debug)]
struct Key {
    verifying: VerifyingKey,
    /// First and last second of a certificate; a public key has none.
    validity: Option<(i64, i64)>,
}

impl PlatformKeys {
    /// No key yet; such a set verifies nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the public key and asks WeChat Pay to sign its answers with it. `id` is `PUB_KEY_ID_…`.
    ///
    /// # Errors
    /// [`KeyError`] if the PEM is not an RSA `PUBLIC KEY`.
    pub fn with_public_key(mut self, id: &str, pem: &str) -> Result<Self, KeyError> {
        let key = Key {
            verifying: VerifyingKey::from_pkcs1_der(der::rsa_key_of_spki(&der::pem_block(
                pem,
                "PUBLIC KEY",
            )?)?),
            validity: None,
        };
        self.by_serial.insert(id.to_owned(), key);
        self.preferred = Some(id.to_owned());
        Ok(self)
    }

    /// Adds a platform certificate under the serial number that stands in it.
    ///
    /// # Errors
    /// [`KeyError`] if the PEM is not a `CERTIFICATE` with an RSA key.
    pub fn with_certificate(mut self, pem: &str) -> Result<Self, KeyError> {
        let certificate = Certificate::read(&der::pem_block(pem, "CERTIFICATE")?)?;
        let key = Key {
            verifying: VerifyingKey::from_pkcs1_der(certificate.key),
            validity: Some((certificate.not_before_s, certificate.not_after_s)),
        };
        self.by_serial.insert(certificate.serial, key);
        Ok(self)
    }

    /// Without the certificates that have ended. The public key stays.
    #[must_use]
    pub fn without_expired(mut self, now_s: i64) -> Self {
        self.by_serial
            .retain(|_, key| key.validity.is_none_or(|(_, last_s)| now_s <= last_s));
        self
    }

    /// With the keys of another set added; what is preferred stays.
    #[must_use]
    pub(super) fn joined(mut self, other: &Self) -> Self {
        let added = other.by_serial.iter();
        self.by_serial
            .extend(added.map(|(serial, key)| (serial.clone(), key.clone())));
        self
    }

    /// The serials that are known.
    pub fn serials(&self) -> impl Iterator<Item = &str> {
        self.by_serial.keys().map(String::as_str)
    }

    /// The last second of a certificate's validity, since 1970-01-01 UTC; `None` for public keys and unknown serials.
    pub fn expires_s(&self, serial: &str) -> Option<i64> {
        Some(self.by_serial.get(serial)?.validity?.1)
    }

    /// The serial to send as `Wechatpay-Serial`, so that answers are signed with that key.
    pub(super) fn preferred(&self) -> Option<&str> {
        self.preferred.as_deref()
    }

    pub(super) fn get(&self, serial: &str) -> Option<&VerifyingKey> {
        self.by_serial.get(serial).map(|key| &key.verifying)
    }

    /// The key to encrypt for WeChat Pay with: the public key, or of the certificates that are valid now the one that
    /// came into use last (pay.weixin.qq.com, platform-certificate/apilist.html).
    pub(super) fn sealer(&self, now_s: i64) -> Option<Sealer<'_>> {
        let newest = || {
            self.by_serial
                .iter()
                .filter_map(|(serial, key)| Some((serial, key.validity?)))
                .filter(|(_, (first_s, last_s))| (*first_s..=*last_s).contains(&now_s))
                .max_by_key(|(serial, (first_s, _))| (*first_s, *serial))
                .map(|(serial, _)| serial.as_str())
        };
        let serial = self.preferred().or_else(newest)?;
        Some(Sealer {
            serial,
            key: self.get(serial)?,
        })
    }
}

/// Encrypts what only WeChat Pay may read: names, numbers of identity and bank cards.
pub(super) struct Sealer<'k> {
    /// To be sent as `Wechatpay-Serial`, so that WeChat Pay knows which key to open with.
    pub(super) serial: &'k str,
    key: &'k VerifyingKey,
}

impl Sealer<'_> {
    /// The ciphertext in base64.
    ///
    /// # Errors
    /// A local refusal for an empty text, or one that is longer than the key can hold (214 bytes with 2048 bits).
    pub(super) fn seal(&self, plain: &Secret<String>) -> Result<String, ApiError> {
        let plain = plain.expose();
        if plain.is_empty() {
            return Err(ApiError::local("a field to be encrypted is empty"));
        }
        self.key
            .encrypt(plain.as_bytes())
            .ok_or_else(|| ApiError::local("a field to be encrypted is too long"))
    }

    /// The same for a field that may be left out.
    pub(super) fn seal_some(&self, plain: Option<&Secret<String>>) -> Result<Option<String>, ApiError> {
        plain.map(|plain| self.seal(plain)).transpose()
    }
}
