use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::PlatformKeys;

/// Certificates are looked for this often: a new one shows 24 hours before it is used, and WeChat Pay asks for less than
/// twelve hours between two looks (pay.weixin.qq.com, platform-certificate/apilist.html).
const EVERY_S: i64 = 11 * 3600;
/// The least distance between two looks, whatever strange serials arrive: anybody can send those.
const LEAST_S: i64 = 600;

/// The keys that a running program verifies with, replaced as a whole and without a restart, and when to look for new
/// ones.
#[derive(Debug)]
pub(super) struct KeyRing {
    keys: RwLock<Arc<PlatformKeys>>,
    looks: Mutex<Looks>,
}

#[derive(Debug, Default)]
struct Looks {
    /// The last look that brought an answer.
    answered_s: Option<i64>,
    /// The last look, answered or not.
    tried_s: Option<i64>,
    /// A serial arrived that a certificate could have.
    stranger: bool,
    /// WeChat Pay said that this merchant has no certificates.
    none: bool,
}

/// What a look for certificates found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Certificates, or an answer that brought nothing new.
    Certificates,
    /// The merchant has only the public key.
    None,
}

impl KeyRing {
    pub(super) fn new(keys: PlatformKeys) -> Self {
        Self {
            keys: RwLock::new(Arc::new(keys)),
            looks: Mutex::default(),
        }
    }

    pub(super) fn keys(&self) -> Arc<PlatformKeys> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn replace(&self, keys: PlatformKeys) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
    }

    /// Changes the present keys; two changes at once happen one after the other.
    pub(super) fn change(&self, change: impl FnOnce(PlatformKeys) -> PlatformKeys) {
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        *keys = Arc::new(change(PlatformKeys::clone(&keys)));
    }

    /// Notes a serial that is not known. Serials of certificates are hex; an unknown public key cannot be fetched.
    pub(super) fn stranger(&self, serial: &str) {
        let hex = !serial.is_empty() && serial.bytes().all(|byte| byte.is_ascii_hexdigit());
        if hex {
            self.looks().stranger = true;
        }
    }

    /// Whether it is time to look for certificates.
    pub(super) fn due(&self, now_s: i64) -> bool {
        self.looks().due(now_s)
    }

    /// Takes the turn to look, if it is time; of several threads only one gets it.
    pub(super) fn take_turn(&self, now_s: i64) -> bool {
        let mut looks = self.looks();
        let due = looks.due(now_s);
        if due {
            looks.tried_s = Some(now_s);
        }
        due
    }

    pub(super) fn looked(&self, now_s: i64, found: Found) {
        let mut looks = self.looks();
        looks.answered_s = Some(now_s);
        looks.stranger = false;
        looks.none = found == Found::None;
    }

    fn looks(&self) -> std::sync::MutexGuard<'_, Looks> {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Looks {
    fn due(&self, now_s: i64) -> bool {
        let past =
            |since: Option<i64>, least: i64| since.is_none_or(|since| now_s.saturating_sub(since) >= least);
        let wanted = if self.none {
            // A merchant without certificates gets none later; only a strange serial could say otherwise.
            self.stranger && past(self.answered_s, EVERY_S)
        } else {
            self.stranger || past(self.answered_s, EVERY_S)
        };
        wanted && past(self.tried_s, LEAST_S)
    }
}
