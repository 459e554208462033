//! News for other programs: to which addresses they may go, how they are signed, when they are sent again.
//!
//! Signatures follow Standard Webhooks (<https://www.standardwebhooks.com>): HMAC-SHA256 over `id.timestamp.body`.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use base64::{Engine, engine::general_purpose::STANDARD};
use booking::Booking;
use kernel::{HOUR_MS, Id, Instant, MINUTE_MS, Money, Secret, Shop};
use order::Order;
use payment::{Payment, Purpose, Refund};
use ring::hmac;
use serde::{Deserialize, Serialize};

use super::DAY_MS;

/// An address that hears what happens at a shop.
#[derive(Clone, Debug)]
pub struct Hook {
    /// The address.
    pub id: Id<Hook>,
    /// Whose.
    pub shop: Id<Shop>,
    /// Where.
    pub url: String,
    /// What signs.
    pub secret: Secret<String>,
    /// What signed before, and signs too until then.
    pub old: Option<(Secret<String>, Instant)>,
    /// Which events.
    pub events: Vec<String>,
    /// How it stands.
    pub state: HookState,
    /// Since when nothing arrives.
    pub failing_since: Option<Instant>,
    /// When it was registered.
    pub made_at: Instant,
    /// Counts the changes.
    pub version: i64,
}

impl Hook {
    /// The name of the machine; the rest of the address may hold a secret.
    pub fn host(&self) -> &str {
        let rest = self.url.split_once("://").map_or("", |(_, rest)| rest);
        rest.split(['/', '?']).next().unwrap_or_default()
    }
}

kernel::coded! {
    /// How an address stands.
    pub enum HookState {
        /// It hears.
        Active = "active",
        /// Switched off: nothing arrived for too long, or it said that it is gone.
        Off = "off",
        /// A person removed it.
        Removed = "removed",
    }
}

kernel::coded! {
    /// What happens to an address, or to the secret address of a calendar.
    pub enum HookStep {
        /// Registered.
        Register = "register",
        /// It got a new secret.
        Rotate = "rotate",
        /// The program switched it off.
        SwitchOff = "switch_off",
        /// A person switched it on again.
        SwitchOn = "switch_on",
        /// Removed.
        Remove = "remove",
    }
}

impl HookState {
    /// The state after a step; `None` where it may not be taken.
    pub const fn after(self, step: HookStep) -> Option<HookState> {
        match (self, step) {
            (HookState::Active | HookState::Off, HookStep::Remove) => Some(HookState::Removed),
            (HookState::Active, HookStep::SwitchOff) => Some(HookState::Off),
            (HookState::Off, HookStep::SwitchOn) => Some(HookState::Active),
            (HookState::Active, HookStep::Rotate) => Some(HookState::Active),
            (HookState::Off, HookStep::Rotate) => Some(HookState::Off),
            _ => None,
        }
    }
}

/// One piece of news for one address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Delivery {
    /// Its identifier is the message's: it stays the same however often it is sent.
    pub id: Id<Delivery>,
    /// To where.
    pub hook: Id<Hook>,
    /// Which event.
    pub event: String,
    /// What is sent, byte by byte.
    pub body: String,
    /// How it stands.
    pub state: DeliveryState,
    /// How often it was sent.
    pub attempts: i64,
    /// The HTTP status of the last answer.
    pub status: Option<i64>,
    /// Why the last attempt had no answer.
    pub trouble: Option<String>,
    /// When it happened.
    pub made_at: Instant,
    /// When it is sent next.
    pub next_at: Option<Instant>,
    /// When it arrived or was given up.
    pub ended_at: Option<Instant>,
}

kernel::coded! {
    /// How a delivery stands.
    pub enum DeliveryState {
        /// It is to be sent, or sent again.
        Pending = "pending",
        /// The other program took it.
        Delivered = "delivered",
        /// Given up; a person may send it again.
        Dead = "dead",
    }
}

/// How an attempt ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// An answer with this HTTP status.
    Answered(u16),
    /// No answer, and why.
    Unanswered(String),
}

impl Outcome {
    /// Whether the other program took it.
    pub fn is_taken(&self) -> bool {
        matches!(self, Outcome::Answered(200..=299))
    }

    /// Whether the address says that it is gone for good.
    pub fn is_gone(&self) -> bool {
        matches!(self, Outcome::Answered(410))
    }
}

/// After so many milliseconds an attempt that failed is made again: about three days in all.
const AGAIN_AFTER_MS: [i64; 9] = [
    5_000,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    2 * HOUR_MS,
    5 * HOUR_MS,
    10 * HOUR_MS,
    14 * HOUR_MS,
    20 * HOUR_MS,
    20 * HOUR_MS,
];
/// An address to which nothing arrived for so long is switched off.
pub const LONGEST_FAILING_MS: i64 = 5 * DAY_MS;
/// So long the former secret signs beside the new one.
pub const OLD_SECRET_MS: i64 = DAY_MS;
/// A shop may have so many addresses.
pub const MOST_HOOKS: i64 = 10;

/// How long to wait after so many attempts, give or take a tenth; `None` when it is given up. `chance` is 0 ..= 999.
pub fn pause(attempts: i64, chance: i64) -> Option<i64> {
    let index = usize::try_from(attempts - 1).ok()?;
    let base = *AGAIN_AFTER_MS.get(index)?;
    Some(base - base / 10 + base / 5 * chance.clamp(0, 999) / 1_000)
}

/// What other programs can be told, and the job that does.
pub const ANNOUNCED: [(&str, &str); 30] = [
    ("booking.requested", "integration.booking_requested"),
    ("booking.confirmed", "integration.booking_confirmed"),
    ("booking.declined", "integration.booking_declined"),
    ("booking.cancelled", "integration.booking_cancelled"),
    ("booking.checked_in", "integration.booking_checked_in"),
    ("booking.departed", "integration.booking_departed"),
    ("booking.arrived", "integration.booking_arrived"),
    ("booking.started", "integration.booking_started"),
    ("booking.completed", "integration.booking_completed"),
    ("booking.missed", "integration.booking_missed"),
    ("booking.expired", "integration.booking_expired"),
    ("booking.reassigned", "integration.booking_reassigned"),
    ("booking.extended", "integration.booking_extended"),
    ("booking.called", "integration.booking_called"),
    ("booking.late", "integration.booking_late"),
    ("booking.lengthened", "integration.booking_lengthened"),
    ("booking.handed_over", "integration.booking_handed_over"),
    ("booking.reopened", "integration.booking_reopened"),
    ("booking.aborted", "integration.booking_aborted"),
    ("booking.fee_decided", "integration.booking_fee_decided"),
    ("booking.disputed", "integration.booking_disputed"),
    ("booking.ruled", "integration.booking_ruled"),
    ("booking.change_asked", "integration.booking_change_asked"),
    ("booking.change_dropped", "integration.booking_change_dropped"),
    ("booking.changed", "integration.booking_changed"),
    ("order.placed", "integration.order_placed"),
    ("order.cancelled", "integration.order_cancelled"),
    ("order.closed", "integration.order_closed"),
    ("payment.refunded", "integration.payment_refunded"),
    ("payment.refund_failed", "integration.payment_refund_failed"),
];

/// What all announced events share: each has some of these.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct News {
    /// A booking moved.
    pub booking: Option<Id<Booking>>,
    /// To this version.
    pub version: Option<i64>,
    /// An order moved.
    pub order: Option<Id<Order>>,
    /// A payment moved, for this.
    pub purpose: Option<Purpose>,
    /// Which payment.
    pub payment: Option<Id<Payment>>,
    /// Which refund.
    pub refund: Option<Id<Refund>>,
    /// How much.
    pub amount: Option<Money>,
}

/// What introduces a secret, by the standard.
const SECRET_PREFIX: &str = "whsec_";

/// A secret of 32 random bytes, given as 64 hexadecimal digits.
pub fn new_secret(token: &str) -> Secret<String> {
    let bytes: Vec<u8> = (0..token.len() / 2)
        .filter_map(|i| u8::from_str_radix(token.get(2 * i..2 * i + 2)?, 16).ok())
        .collect();
    Secret::new(format!("{SECRET_PREFIX}{}", STANDARD.encode(bytes)))
}

/// One signature: `v1,` and the code.
pub fn sign(secret: &Secret<String>, id: &str, seconds: i64, body: &str) -> String {
    let text = secret.reveal().trim_start_matches(SECRET_PREFIX);
    let key = STANDARD.decode(text).unwrap_or_default();
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    let signed = hmac::sign(&key, format!("{id}.{seconds}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(signed.as_ref()))
}

/// The signatures of an address's secrets, the new one first.
pub fn signature_header(hook: &Hook, now: Instant, id: &str, body: &str) -> String {
    let mut header = sign(&hook.secret, id, now.seconds(), body);
    if let Some((old, until)) = &hook.old
        && *until > now
    {
        header.push(' ');
        header.push_str(&sign(old, id, now.seconds(), body));
    }
    header
}

/// Where the program may send. Nobody may make it ask a machine of the inner network.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Guard {
    /// Whether this machine itself may be asked, also without TLS: for trying and for tests only.
    pub loopback: bool,
}

impl Guard {
    /// Whether an address may be connected to.
    pub fn admits(self, address: IpAddr) -> bool {
        is_public(address) || (self.loopback && address.is_loopback())
    }

    /// Whether a written address may be registered. A name is looked up when it is connected to, and checked then.
    pub fn admits_url(self, url: &str) -> bool {
        const LONGEST: usize = 500;
        let plain = url.bytes().all(|byte| byte.is_ascii_graphic()) && !url.contains(['#', '@', '\\']);
        let Ok(uri) = url.parse::<http::Uri>() else {
            return false;
        };
        let Some(host) = uri.host().filter(|_| plain && url.len() <= LONGEST) else {
            return false;
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        match (uri.scheme_str(), host.parse::<IpAddr>()) {
            (Some("https"), Ok(address)) => self.admits(address),
            (Some("http"), Ok(address)) => self.loopback && address.is_loopback(),
            (Some("https"), Err(_)) => is_outer_name(host),
            _ => false,
        }
    }
}

/// Names that by their ending are never of the public network, and numbers in disguise, are not sent to.
fn is_outer_name(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let last = host.rsplit('.').next().unwrap_or_default();
    let inner = [
        "localhost",
        "local",
        "internal",
        "lan",
        "home",
        "intranet",
        "arpa",
        "test",
    ];
    host.contains('.')
        && last.bytes().any(|byte| byte.is_ascii_alphabetic())
        && !inner.contains(&last)
        && !last.starts_with("0x")
}

/// Whether an address belongs to the public network.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19)))
}

/// Only global unicast, without the parts of it that carry other addresses or none.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    if let Some(inner) = address.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let unicast = a & 0xe000 == 0x2000;
    let special = a == 0x2002 || (a == 0x2001 && (b < 0x0200 || b == 0x0db8)) || a == 0x3fff;
    unicast && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vector_of_the_standard_is_signed_as_published() {
        let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned());
        let signed = sign(
            &secret,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            "{\"test\": 2432232314}",
        );
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn failing_is_tried_again_for_about_three_days() {
        let pauses: Vec<i64> = (1..).map_while(|attempts| pause(attempts, 500)).collect();
        let days = pauses.iter().sum::<i64>() as f64 / DAY_MS as f64;
        assert_eq!(pauses.len(), 9);
        assert!((2.8..3.2).contains(&days), "{days}");
        assert!(pause(1, 0) < pause(1, 999) && pause(10, 0).is_none() && pause(0, 0).is_none());
    }

    #[test]
    fn only_the_public_network_is_sent_to() {
        let closed = Guard::default();
        for url in [
            "https://example.com/hook?a=1",
            "https://hooks.example.com:8443/x",
            "https://1.1.1.1/",
            "https://[2606:4700::1111]/",
        ] {
            assert!(closed.admits_url(url), "{url}");
        }
        for url in [
            "http://example.com/",
            "https://localhost/",
            "https://printer.local/",
            "https://metadata.google.internal/",
            "https://intranet/",
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://10.0.0.8/",
            "https://172.16.0.1/",
            "https://192.168.1.1/",
            "https://169.254.169.254/latest/meta-data",
            "https://100.64.0.1/",
            "https://0.0.0.0/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[fd00::1]/",
            "https://[fe80::1]/",
            "https://[2002:7f00:1::]/",
            "https://[64:ff9b::7f00:1]/",
            "https://user:pass@example.com/",
            "https://example.com@127.0.0.1/",
            "https://example.com/#x",
            "ftp://example.com/",
            "file:///etc/passwd",
            "example.com",
            "",
        ] {
            assert!(!closed.admits_url(url), "{url}");
        }
        let open = Guard { loopback: true };
        assert!(open.admits_url("http://127.0.0.1:9000/x") && !open.admits_url("http://10.0.0.1/"));
        assert!(open.admits(IpAddr::from([127, 0, 0, 1])) && !closed.admits(IpAddr::from([127, 0, 0, 1])));
    }

    #[test]
    fn what_is_removed_stays_removed() {
        for step in HookStep::ALL {
            assert_eq!(HookState::Removed.after(*step), None);
        }
        assert_eq!(HookState::Off.after(HookStep::SwitchOn), Some(HookState::Active));
    }
}
