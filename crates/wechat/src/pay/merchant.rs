use std::sync::Arc;

use super::KeyError;
use crate::Secret;
use crate::crypto::{SigningKey, aead_open};

/// Who calls WeChat Pay.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case")]
pub enum Mode {
    /// A merchant who takes money for itself (直连商户).
    Direct {
        /// The merchant's number.
        mchid: String,
        /// The official account in which people pay.
        appid: String,
    },
    /// A service provider who acts for sub-merchants (服务商).
    Partner {
        /// The provider's number; it signs.
        sp_mchid: String,
        /// The provider's official account.
        sp_appid: String,
    },
}

/// Signs requests in the merchant's name, where this program does not hold the private key itself. Nobody here believes
/// anything for such a signature: only WeChat Pay judges it, and refuses a wrong one.
pub trait Signer: Send + Sync {
    /// RSA PKCS #1 v1.5 with SHA-256 over the message, in base64.
    fn sign(&self, message: &[u8]) -> String;
}

/// The caller's identity and keys. Its `Debug` shows no key.
#[derive(Clone, Debug)]
pub struct Merchant {
    pub(super) mode: Mode,
    serial_no: String,
    signer: Secret<Arc<dyn Signer>>,
    pub(super) api_v3_key: ApiV3Key,
}

impl Merchant {
    /// `serial_no` is that of the merchant's API certificate, `private_key_pem` its `apiclient_key.pem`.
    ///
    /// # Errors
    /// [`KeyError`] if the PEM holds no RSA private key of 2048 to 4096 bits.
    pub fn new(
        mode: Mode,
        serial_no: &str,
        private_key_pem: &Secret<String>,
        api_v3_key: ApiV3Key,
    ) -> Result<Self, KeyError> {
        let key = SigningKey::from_pem(private_key_pem.expose())?;
        Ok(Self::signed_by(mode, serial_no, Arc::new(key), api_v3_key))
    }

    /// The same with a key that lies elsewhere.
    pub fn signed_by(mode: Mode, serial_no: &str, signer: Arc<dyn Signer>, api_v3_key: ApiV3Key) -> Self {
        Self {
            mode,
            serial_no: serial_no.to_owned(),
            signer: Secret::new(signer),
            api_v3_key,
        }
    }

    /// The number that signs: `mchid`, or `sp_mchid` of a provider.
    pub fn mchid(&self) -> &str {
        match &self.mode {
            Mode::Direct { mchid, .. } => mchid,
            Mode::Partner { sp_mchid, .. } => sp_mchid,
        }
    }

    /// The value of `Authorization` for a request whose whole body is signed.
    #[cfg(test)]
    pub(crate) fn authorization(&self, request: &http::Request<Vec<u8>>, now_s: i64, nonce: &str) -> String {
        self.authorization_over(request, request.body(), now_s, nonce)
    }

    /// The value of `Authorization` (doc 4012365336): signs `METHOD\nPATH?QUERY\nTIME\nNONCE\nBODY\n` of the
    /// very request that is sent. What stands for the body is given, since of an upload only a part is signed.
    pub(super) fn authorization_over(
        &self,
        request: &http::Request<Vec<u8>>,
        body: &[u8],
        now_s: i64,
        nonce: &str,
    ) -> String {
        // The nonce goes into a quoted field: anything else would be a mistake of the calling program.
        assert!(
            (1..=32).contains(&nonce.len()) && nonce.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            "a nonce is 1 to 32 ASCII letters and digits"
        );
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let mut message = format!("{}\n{path}\n{now_s}\n{nonce}\n", request.method()).into_bytes();
        message.extend_from_slice(body);
        message.push(b'\n');
        format!(
            "WECHATPAY2-SHA256-RSA2048 mchid=\"{}\",nonce_str=\"{nonce}\",timestamp=\"{now_s}\",\
             serial_no=\"{}\",signature=\"{}\"",
            self.mchid(),
            self.serial_no,
            self.sign(&message)
        )
    }

    /// RSA PKCS #1 v1.5 with SHA-256, in base64.
    pub(super) fn sign(&self, message: &[u8]) -> String {
        self.signer.expose().sign(message)
    }
}

/// The APIv3 key: the 32 characters with which WeChat Pay encrypts notices.
#[derive(Clone, Debug)]
pub struct ApiV3Key(Secret<[u8; 32]>);

impl ApiV3Key {
    /// Takes the 32 characters.
    ///
    /// # Errors
    /// [`KeyError::Length`].
    pub fn new(key: &str) -> Result<Self, KeyError> {
        key.as_bytes()
            .try_into()
            .map(|key| Self(Secret::new(key)))
            .map_err(|_| KeyError::Length(32))
    }

    pub(super) fn open(&self, nonce: &[u8], associated: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        aead_open(self.0.expose(), nonce, associated, sealed)
    }
}
