//! The keys of WeChat Pay itself: the public key, the platform certificates, and the switch from these to that.

use std::sync::Arc;

use axum::http::HeaderMap;
use rsa::RsaPrivateKey;
use serde_json::{Value, json};

use super::Refused;
use crate::certificate;
use crate::clock::beijing;
use crate::config::{Error, KeyMode};
use crate::crypto;
use crate::state::{Sandbox, World};

/// A platform certificate is good for five years.
const LIFETIME_MS: i64 = 5 * 365 * 86_400_000;
/// A new certificate shows so long before it signs.
const AHEAD_S: u32 = 86_400;
/// How many thousandths of the callbacks the public key signs on each day of the switch; all of them afterwards.
const SHARE: [u32; 6] = [1, 10, 50, 100, 200, 500];

/// A key that signs, with the name under which merchants know it.
#[derive(Clone)]
pub struct Signer {
    /// `PUB_KEY_ID_…` or the certificate's serial number.
    pub serial: String,
    /// The key.
    pub key: Arc<RsaPrivateKey>,
}

/// One platform certificate.
struct Certificate {
    signer: Signer,
    pem: String,
    issued_ms: i64,
    until_ms: i64,
}

/// Which keys there are and which are in force.
pub struct Platform {
    mode: KeyMode,
    since_ms: i64,
    certificates: Vec<Certificate>,
}

impl Platform {
    /// The keys in the mode in which the sandbox starts.
    pub fn new(mode: KeyMode, now_ms: i64) -> Self {
        Self {
            mode,
            since_ms: now_ms,
            certificates: Vec::new(),
        }
    }

    /// What the control API tells of it.
    pub fn describe(&self) -> Value {
        let serials: Vec<_> = self.certificates.iter().map(|one| &one.signer.serial).collect();
        json!({"mode": self.mode, "since": beijing(self.since_ms), "certificates": serials})
    }

    /// The key that signs an answer to a request with this Wechatpay-Serial: in the switch the one that it names,
    /// and the certificate for who names none.
    pub fn answers(&self, sandbox: &Sandbox, asked: Option<&str>) -> Signer {
        let names_public_key = asked == Some(&sandbox.credentials.platform.public_key_id);
        match self.mode {
            KeyMode::PublicKey => public_key(sandbox),
            KeyMode::Switching if names_public_key => public_key(sandbox),
            KeyMode::Switching | KeyMode::Certificate => self.certificate_in_force(sandbox),
        }
    }

    /// The key that signs a callback; `chance` is below a thousand.
    pub fn calls_back(&self, sandbox: &Sandbox, chance: u32) -> Signer {
        match self.mode {
            KeyMode::PublicKey => public_key(sandbox),
            KeyMode::Certificate => self.certificate_in_force(sandbox),
            KeyMode::Switching => {
                let days = (1..).zip(SHARE);
                let share = days
                    .filter(|(day, _)| !sandbox.clock.passed(self.since_ms, day * 86_400))
                    .map(|(_, share)| share)
                    .next()
                    .unwrap_or(1000);
                if chance < share {
                    public_key(sandbox)
                } else {
                    self.certificate_in_force(sandbox)
                }
            }
        }
    }

    /// The key that a Wechatpay-Serial names, when merchants may use it now.
    fn named(&self, sandbox: &Sandbox, serial: &str) -> Option<Signer> {
        let own = public_key(sandbox);
        // Whoever has asked for a public key may name it before the switch; answers ignore that.
        if serial == own.serial {
            return Some(own);
        }
        let alive = |one: &&Certificate| {
            one.signer.serial.eq_ignore_ascii_case(serial) && one.until_ms > sandbox.clock.now_ms()
        };
        let found = self.certificates.iter().find(alive)?;
        (self.mode != KeyMode::PublicKey).then(|| found.signer.clone())
    }

    /// The youngest certificate that has shown for a day, else the first.
    fn certificate_in_force(&self, sandbox: &Sandbox) -> Signer {
        let shown = |one: &&Certificate| sandbox.clock.passed(one.issued_ms, AHEAD_S);
        let youngest = self.certificates.iter().rev().find(shown);
        youngest
            .or_else(|| self.certificates.first())
            .map_or_else(|| public_key(sandbox), |one| one.signer.clone())
    }

    /// The list of `GET /v3/certificates` for the merchant with this APIv3 key; `None` in public-key mode.
    pub fn list(
        &self,
        now_ms: i64,
        api_v3_key: &[u8; 32],
        mut nonce: impl FnMut() -> String,
    ) -> Option<Value> {
        if self.mode == KeyMode::PublicKey {
            return None;
        }
        let entry = |one: &Certificate| {
            let nonce = nonce();
            let bytes: [u8; 12] = nonce.as_bytes().try_into().expect("twelve characters");
            json!({
                "serial_no": one.signer.serial,
                "effective_time": beijing(one.issued_ms), "expire_time": beijing(one.until_ms),
                "encrypt_certificate": {
                    "algorithm": "AEAD_AES_256_GCM", "nonce": nonce, "associated_data": "certificate",
                    "ciphertext": crypto::seal_resource(api_v3_key, &bytes, "certificate", one.pem.as_bytes()),
                },
            })
        };
        let alive = self.certificates.iter().filter(|one| one.until_ms > now_ms);
        Some(json!({"data": alive.map(entry).collect::<Vec<_>>()}))
    }
}

/// Turns to `mode`, and issues one more certificate when `rotate`. Makes keys, so it may block for a second.
///
/// # Errors
/// [`Error`] when a key cannot be read or written.
pub fn turn(sandbox: &Sandbox, mode: Option<KeyMode>, rotate: bool) -> Result<(), Error> {
    let now_ms = sandbox.clock.now_ms();
    let (mode_after, held) = sandbox.look(|world| {
        let platform = &world.pay.platform;
        (mode.unwrap_or(platform.mode), platform.certificates.len())
    });
    let first = mode_after != KeyMode::PublicKey && held == 0;
    let mut issued = Vec::new();
    for number in held..held + usize::from(first) + usize::from(rotate) {
        let (key, serial) = sandbox.keys.platform_certificate_key(number)?;
        let until_ms = now_ms + LIFETIME_MS;
        let pem = certificate::issue(&key, &sandbox.keys.platform, &serial, now_ms, until_ms);
        issued.push(Certificate {
            signer: Signer {
                serial,
                key: Arc::new(key),
            },
            pem,
            issued_ms: now_ms,
            until_ms,
        });
    }
    sandbox.change(|world| {
        let platform = &mut world.pay.platform;
        platform.certificates.extend(issued);
        if platform.mode != mode_after {
            platform.mode = mode_after;
            platform.since_ms = now_ms;
        }
    });
    Ok(())
}

/// Whether the Wechatpay-Serial of a request names a key that may be used.
///
/// # Errors
/// 400 INVALID_REQUEST when it does not.
pub fn check_serial(world: &World, sandbox: &Sandbox, serial: Option<&str>) -> Result<(), Refused> {
    if serial.is_none_or(|serial| world.pay.platform.named(sandbox, serial).is_some()) {
        return Ok(());
    }
    let words = "请求头 Wechatpay-Serial 中的公钥ID或证书序列号有误";
    Err(Refused::new(400, "INVALID_REQUEST", words))
}

/// Reads the sensitive fields of one request.
pub struct Opener(Option<Signer>);

impl Opener {
    /// With the key that the request's Wechatpay-Serial names.
    pub fn new(sandbox: &Sandbox, headers: &HeaderMap) -> Self {
        let serial = headers
            .get("wechatpay-serial")
            .and_then(|value| value.to_str().ok());
        Self(serial.and_then(|serial| sandbox.look(|world| world.pay.platform.named(sandbox, serial))))
    }

    /// What is in the field `name`.
    ///
    /// # Errors
    /// 400 PARAM_ERROR without a Wechatpay-Serial, or when the value was not encrypted for its key.
    pub fn open(&self, name: &str, sealed: &str) -> Result<String, Refused> {
        let signer = self
            .0
            .as_ref()
            .ok_or_else(|| Refused::new(400, "PARAM_ERROR", "请求头缺少 Wechatpay-Serial"))?;
        crypto::open_sensitive(&signer.key, sealed).ok_or_else(|| {
            Refused::new(400, "PARAM_ERROR", "请确认待处理的消息是否为加密后的密文")
                .detailed(json!({"field": name, "issue": "decrypt failed", "location": "body"}))
        })
    }
}

/// The WeChat Pay public key's other half.
pub fn public_key(sandbox: &Sandbox) -> Signer {
    Signer {
        serial: sandbox.credentials.platform.public_key_id.clone(),
        key: sandbox.keys.platform.clone(),
    }
}
