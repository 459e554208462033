use std::collections::HashMap;

use super::KeyError;
use crate::crypto::VerifyingKey;
use crate::der;

/// The keys that WeChat Pay signs with, by their serial: its public key (`PUB_KEY_ID_…`) and its platform
/// certificates, any number of both at once.
///
/// During a switch from certificates to the public key, callbacks come signed by either for about a week
/// (doc 4012154180). Merchants created since autumn 2024 have no certificate at all.
#[derive(Clone, Debug, Default)]
pub struct PlatformKeys {
    by_serial: HashMap<String, VerifyingKey>,
    preferred: Option<String>,
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
        let key = der::rsa_key_of_spki(&der::pem_block(pem, "PUBLIC KEY")?)?;
        self.by_serial
            .insert(id.to_owned(), VerifyingKey::from_pkcs1_der(key));
        self.preferred = Some(id.to_owned());
        Ok(self)
    }

    /// Adds a platform certificate under the serial number that stands in it.
    ///
    /// # Errors
    /// [`KeyError`] if the PEM is not a `CERTIFICATE` with an RSA key.
    pub fn with_certificate(mut self, pem: &str) -> Result<Self, KeyError> {
        let (serial, key) = der::serial_and_key_of_certificate(&der::pem_block(pem, "CERTIFICATE")?)?;
        self.by_serial.insert(serial, VerifyingKey::from_pkcs1_der(key));
        Ok(self)
    }

    /// The serials that are known.
    pub fn serials(&self) -> impl Iterator<Item = &str> {
        self.by_serial.keys().map(String::as_str)
    }

    /// The serial to send as `Wechatpay-Serial`, so that answers are signed with that key.
    pub(super) fn preferred(&self) -> Option<&str> {
        self.preferred.as_deref()
    }

    pub(super) fn get(&self, serial: &str) -> Option<&VerifyingKey> {
        self.by_serial.get(serial)
    }
}
