//! Keys and identities: made once from the seed, kept as files that a program's configuration can point to.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey, LineEnding};
use rsa::rand_core::{CryptoRng, RngCore};
use rsa::{RsaPrivateKey, RsaPublicKey};

use crate::config::{
    Config, Credentials, Error, MerchantCredentials, PersonCredentials, PlatformCredentials, Template,
};
use crate::crypto;
use crate::person::PEOPLE;

/// Merchant number of the service provider.
pub const PARTNER_MCHID: &str = "1230000109";
/// Merchant number of the direct merchant.
pub const DIRECT_MCHID: &str = "1230000110";

/// Makes or reads the keys of `config.folder` and writes `credentials.json` there. Blocks for about a second
/// when it has to make keys.
///
/// # Errors
/// [`Error`] when a file cannot be read or written, or holds no RSA key.
pub fn prepare(config: &Config) -> Result<Credentials, Error> {
    Keys::open(config).map(|(_, credentials)| credentials)
}

/// The private side of the credentials.
pub struct Keys {
    /// WeChat Pay's own signing key.
    pub platform: Arc<RsaPrivateKey>,
    /// Public key of the service provider.
    pub partner: RsaPublicKey,
    /// Public key of the direct merchant.
    pub direct: RsaPublicKey,
    /// Where further keys are kept.
    pub folder: PathBuf,
    seed: u64,
}

impl Keys {
    /// Opens the folder; see [`prepare`].
    pub fn open(config: &Config) -> Result<(Self, Credentials), Error> {
        std::fs::create_dir_all(&config.folder).map_err(|e| Error::File(config.folder.clone(), e))?;
        let folder =
            std::fs::canonicalize(&config.folder).map_err(|e| Error::File(config.folder.clone(), e))?;
        let names = ["partner_key.pem", "direct_key.pem", "platform_key.pem"];
        // Three searches for primes are the whole cost of a first start, and independent of each other.
        let [partner, direct, platform] = std::thread::scope(|scope| {
            names
                .map(|name| {
                    let path = folder.join(name);
                    scope.spawn(move || private_key(&path, config.seed, name))
                })
                .map(|thread| thread.join().expect("making a key does not panic"))
        });
        let (partner, direct, platform) = (partner?, direct?, platform?);
        let public = platform
            .to_public_key()
            .to_public_key_pem(LineEnding::LF)
            .expect("an RSA public key can be written as PEM");
        let public_file = folder.join("platform_public_key.pem");
        write(&public_file, &public)?;
        let credentials = Credentials {
            api: config.address.clone(),
            open: config.address.clone(),
            pay: config.address.clone(),
            jssdk: format!("{}/jssdk/jweixin.js", config.address),
            app_id: format!("wx{}", hex_word(config.seed, "app_id", 16)),
            app_secret: hex_word(config.seed, "app_secret", 32),
            callback_token: hex_word(config.seed, "callback_token", 16),
            encoding_aes_key: alphanumeric(config.seed, "encoding_aes_key", 43),
            partner: merchant(config.seed, PARTNER_MCHID, &folder.join(names[0]), &partner),
            direct: merchant(config.seed, DIRECT_MCHID, &folder.join(names[1]), &direct),
            platform: PlatformCredentials {
                public_key_id: format!("PUB_KEY_ID_0{PARTNER_MCHID}2026010100000000000001"),
                public_key_file: public_file,
                public_key_pem: public,
            },
            merchants: config
                .merchants
                .iter()
                .filter(|setup| setup.signs)
                .map(|setup| further_merchant(&folder, config.seed, &setup.mchid).map(|(_, account)| account))
                .collect::<Result<_, _>>()?,
            templates: templates(config),
            people: people(config),
        };
        let json = serde_json::to_string_pretty(&credentials).expect("credentials are plain data");
        write(&folder.join("credentials.json"), &json)?;
        Ok((
            Self {
                platform: Arc::new(platform),
                partner: partner.to_public_key(),
                direct: direct.to_public_key(),
                folder,
                seed: config.seed,
            },
            credentials,
        ))
    }

    /// The key and the account of one more merchant. Blocks for about a second the first time.
    ///
    /// # Errors
    /// [`Error`] when the key file cannot be read or written.
    pub fn merchant(&self, mchid: &str) -> Result<(RsaPublicKey, MerchantCredentials), Error> {
        further_merchant(&self.folder, self.seed, mchid)
    }

    /// The private key of the `number`th platform certificate, with the certificate's serial number.
    /// Blocks for about a second the first time.
    ///
    /// # Errors
    /// [`Error`] when the key file cannot be read or written.
    pub fn platform_certificate_key(&self, number: usize) -> Result<(RsaPrivateKey, String), Error> {
        let name = format!("platform_certificate_{number}_key.pem");
        let key = private_key(&self.folder.join(&name), self.seed, &name)?;
        // A serial number is positive, so its first bit is not set.
        let serial = format!("5{}", &hex_word(self.seed, &format!("serial {name}"), 39));
        Ok((key, serial.to_uppercase()))
    }
}

fn further_merchant(
    folder: &Path,
    seed: u64,
    mchid: &str,
) -> Result<(RsaPublicKey, MerchantCredentials), Error> {
    let name = format!("merchant_{mchid}_key.pem");
    let path = folder.join(&name);
    let key = private_key(&path, seed, &name)?;
    Ok((key.to_public_key(), merchant(seed, mchid, &path, &key)))
}

/// The OpenID of `person` with the app `app_id`: 28 characters beginning with `o`.
pub fn openid(seed: u64, app_id: &str, person: &str) -> String {
    format!("o{}", url_word(seed, &format!("openid {app_id} {person}"), 27))
}

/// The UnionID of `person`.
pub fn unionid(seed: u64, person: &str) -> String {
    format!("o{}", url_word(seed, &format!("unionid {person}"), 27))
}

fn private_key(path: &Path, seed: u64, purpose: &str) -> Result<RsaPrivateKey, Error> {
    match std::fs::read_to_string(path) {
        Ok(pem) => RsaPrivateKey::from_pkcs8_pem(&pem).map_err(|e| Error::Key(path.into(), e.to_string())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut random = SeededRandom {
                seed,
                purpose: purpose.to_owned(),
                counter: 0,
            };
            let key =
                RsaPrivateKey::new(&mut random, 2048).map_err(|e| Error::Key(path.into(), e.to_string()))?;
            let pem = key
                .to_pkcs8_pem(LineEnding::LF)
                .map_err(|e| Error::Key(path.into(), e.to_string()))?;
            write(path, &pem)?;
            Ok(key)
        }
        Err(error) => Err(Error::File(path.into(), error)),
    }
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    // The program may be reading: a file that says so already is not emptied and written anew.
    if std::fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    std::fs::write(path, text).map_err(|e| Error::File(path.into(), e))
}

fn merchant(seed: u64, mchid: &str, file: &Path, key: &RsaPrivateKey) -> MerchantCredentials {
    MerchantCredentials {
        mchid: mchid.to_owned(),
        serial: hex_word(seed, &format!("serial {mchid}"), 40).to_uppercase(),
        private_key_file: file.to_owned(),
        private_key_pem: key
            .to_pkcs8_pem(LineEnding::LF)
            .expect("an RSA private key can be written as PEM")
            .to_string(),
        api_v3_key: alphanumeric(seed, &format!("api_v3_key {mchid}"), 32),
    }
}

fn templates(config: &Config) -> Vec<Template> {
    let named = |template: &Template| Template {
        template_id: if template.template_id.is_empty() {
            url_word(config.seed, &format!("template {}", template.title), 43)
        } else {
            template.template_id.clone()
        },
        ..template.clone()
    };
    config.templates.iter().map(named).collect()
}

fn people(config: &Config) -> Vec<PersonCredentials> {
    let app_id = format!("wx{}", hex_word(config.seed, "app_id", 16));
    let person = |(id, name): &(&str, &str)| PersonCredentials {
        id: (*id).to_owned(),
        name: (*name).to_owned(),
        openid: openid(config.seed, &app_id, id),
    };
    PEOPLE.iter().map(person).collect()
}

fn block(seed: u64, purpose: &str, counter: u64) -> [u8; 32] {
    crypto::sha256(format!("{seed} {purpose} {counter}").as_bytes())
}

fn hex_word(seed: u64, purpose: &str, length: usize) -> String {
    crypto::hex(&block(seed, purpose, 0))[..length].to_owned()
}

fn url_word(seed: u64, purpose: &str, length: usize) -> String {
    URL_SAFE_NO_PAD.encode(block(seed, purpose, 0))[..length].to_owned()
}

fn alphanumeric(seed: u64, purpose: &str, length: usize) -> String {
    const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let bytes = (0..).flat_map(|counter| block(seed, purpose, counter));
    bytes
        .take(length)
        .map(|byte| char::from(ALPHABET[usize::from(byte) % 62]))
        .collect()
}

/// Random bytes from a seed: SHA-256 over a counter. Repeatable on purpose, and therefore fit for a sandbox only.
pub struct SeededRandom {
    /// The configured seed.
    pub seed: u64,
    /// Keeps the streams of different uses apart.
    pub purpose: String,
    /// Next block.
    pub counter: u64,
}

impl RngCore for SeededRandom {
    fn next_u32(&mut self) -> u32 {
        rsa::rand_core::impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        rsa::rand_core::impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, dest: &mut [u8]) {
        for chunk in dest.chunks_mut(32) {
            let bytes = block(self.seed, &self.purpose, self.counter);
            self.counter += 1;
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
    }

    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), rsa::rand_core::Error> {
        self.fill_bytes(dest);
        Ok(())
    }
}

impl CryptoRng for SeededRandom {}
