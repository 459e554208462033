use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;

use super::client::Call;
use super::key_ring::Found;
use super::verify::verify;
use super::{Code, Pay, PlatformKeys, Rejected};
use crate::{At, Cause, Outcome};

/// What a look for platform certificates came to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Renewal {
    /// It is not time to look; nothing was sent.
    NotDue,
    /// The certificates are in place. These serials were not known before.
    Renewed(Vec<String>),
    /// This merchant has only WeChat Pay's public key, which never changes by itself.
    PublicKeyOnly,
}

#[derive(Deserialize)]
struct Certificates {
    data: Vec<Encrypted>,
}

#[derive(Deserialize)]
struct Encrypted {
    serial_no: String,
    encrypt_certificate: Sealed,
}

#[derive(Deserialize)]
struct Sealed {
    algorithm: String,
    nonce: String,
    #[serde(default)]
    associated_data: String,
    ciphertext: String,
}

impl Pay {
    /// Whether [`Pay::renew_certificates`] would look now: eleven hours after the last look, or when a certificate's
    /// serial arrived that is not known, but never twice in ten minutes. A program asks this now and then, also when
    /// nobody pays: certificates change while it idles.
    pub fn certificates_due(&self, now_s: i64) -> bool {
        self.ring.due(now_s)
    }

    /// Looks for platform certificates if it is time (pay.weixin.qq.com,
    /// platform-certificate/apilist.html), and puts them in place without a restart. Old
    /// ones stay until they end, and the public key stays. Programs that use only the public key need not call this;
    /// if they do, WeChat Pay's `RESOURCE_NOT_EXISTS` ends the matter (doc 4012154180).
    ///
    /// A certificate is believed because it is encrypted with the APIv3 key and the answer's signature holds with the
    /// certificates that it brings.
    pub fn renew_certificates(&self, at: At, nonce: &str) -> Outcome<Renewal> {
        if !self.ring.take_turn(at.now_s) {
            return Outcome::Done(Renewal::NotDue);
        }
        match self.fetch_certificates(at, nonce) {
            Outcome::Done(fresh) => {
                let known = self.keys();
                let mut new: Vec<String> = fresh
                    .serials()
                    .filter(|serial| known.get(serial).is_none())
                    .map(str::to_owned)
                    .collect();
                new.sort();
                self.ring
                    .change(|known| known.joined(&fresh).without_expired(at.now_s));
                self.ring.looked(at.now_s, Found::Certificates);
                Outcome::Done(Renewal::Renewed(new))
            }
            Outcome::Refused(error) if error.code == Code::ResourceNotExists => {
                self.ring.looked(at.now_s, Found::None);
                Outcome::Done(Renewal::PublicKeyOnly)
            }
            Outcome::Refused(error) => Outcome::Refused(error),
            Outcome::Unknown(cause) => Outcome::Unknown(cause),
        }
    }

    fn fetch_certificates(&self, at: At, nonce: &str) -> Outcome<PlatformKeys> {
        let keys = self.keys();
        // The public key's serial would ask for an answer signed with it, which a merchant in the middle of a switch
        // may get; without one, a certificate signs.
        let answer = match self.send(at, nonce, &Call::get("/v3/certificates"), keys.preferred()) {
            Ok(answer) => answer,
            Err(cause) => return cause.unknown(),
        };
        if answer.status() != 200 {
            return Self::judge_failure(&answer);
        }
        let fresh = match self.open_certificates(answer.body()) {
            Ok(fresh) => fresh,
            Err(rejected) => return Outcome::Unknown(rejected.into()),
        };
        let all = Arc::new(PlatformKeys::clone(&keys).joined(&fresh));
        match verify(&all, at.now_s, answer.headers(), answer.body()) {
            Ok(_) => Outcome::Done(fresh),
            Err(rejected) => Outcome::Unknown(Cause::Unverifiable(rejected)),
        }
    }

    fn open_certificates(&self, body: &[u8]) -> Result<PlatformKeys, Rejected> {
        let list: Certificates =
            serde_json::from_slice(body).map_err(|_| Rejected::Malformed("list of certificates"))?;
        let mut keys = PlatformKeys::new();
        for certificate in list.data {
            let sealed = certificate.encrypt_certificate;
            if sealed.algorithm != "AEAD_AES_256_GCM" {
                return Err(Rejected::Malformed("algorithm"));
            }
            let bytes = BASE64_STANDARD
                .decode(&sealed.ciphertext)
                .map_err(|_| Rejected::Decrypt)?;
            let pem = self
                .merchant
                .api_v3_key
                .open(sealed.nonce.as_bytes(), sealed.associated_data.as_bytes(), &bytes)
                .ok_or(Rejected::Decrypt)?;
            let pem = String::from_utf8(pem).map_err(|_| Rejected::Malformed("certificate"))?;
            keys = keys
                .with_certificate(&pem)
                .map_err(|_| Rejected::Malformed("certificate"))?;
            if keys.get(&certificate.serial_no).is_none() {
                return Err(Rejected::Malformed("serial of a certificate"));
            }
        }
        Ok(keys)
    }
}
