//! A merchant with platform certificates: the program fetches them, and follows their change without a restart.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use kernel::{Actor, Cx, Instant, Lang, World};
use payment::WeChatPay;

use super::there::There;

const DAY_MINUTES: i64 = 24 * 60;

/// The program's side, with a clock that goes before the machine's.
struct Ours {
    pay: WeChatPay,
    ahead_minutes: Arc<AtomicI64>,
    world: World,
}

impl Ours {
    fn beside(there: &There) -> Ours {
        let ahead_minutes = Arc::new(AtomicI64::new(0));
        let (begun, ahead) = (std::time::Instant::now(), ahead_minutes.clone());
        let begun_ms = there.begun_s * 1000;
        let world = World::new(
            move || {
                let passed = i64::try_from(begun.elapsed().as_millis()).unwrap();
                Instant(begun_ms + passed + ahead.load(Ordering::Relaxed) * kernel::MINUTE_MS)
            },
            || getrandom::u64().unwrap(),
        );
        Ours {
            pay: there.paying_without_keys(),
            ahead_minutes,
            world,
        }
    }

    fn cx(&self) -> Cx {
        self.world.cx(Actor::System("test"), Lang::Zh)
    }

    /// Both sides' clocks go on.
    fn pass(&self, there: &There, minutes: i64) {
        self.ahead_minutes.fetch_add(minutes, Ordering::Relaxed);
        there.control("POST", "time", &format!("{{\"forward_minutes\":{minutes}}}"));
    }

    fn serials(&self) -> Vec<String> {
        self.pay
            .believed()
            .into_iter()
            .map(|(serial, _)| serial)
            .collect()
    }
}

#[test]
fn certificates_are_fetched_and_their_change_is_followed_without_a_restart() {
    let there = There::open();
    there.control("POST", "keys", r#"{"mode":"certificate"}"#);
    let ours = Ours::beside(&there);
    assert!(ours.serials().is_empty());
    ours.pay.renew_certificates(&ours.cx());
    let first = ours.serials();
    assert_eq!(first.len(), 1, "{first:?}");

    there.control("POST", "keys", r#"{"rotate":true}"#);
    ours.pay.renew_certificates(&ours.cx());
    assert_eq!(ours.serials(), first, "it is not time to look again");

    ours.pass(&there, DAY_MINUTES + 1);
    ours.pay.renew_certificates(&ours.cx());
    let both = ours.serials();
    assert_eq!(both.len(), 2, "{both:?}");
    assert!(both.contains(&first[0]), "an old one stays until it ends");
    let new = there.control("GET", "keys", "");
    assert!(both.iter().all(|serial| new.contains(serial.as_str())), "{new}");
}

#[test]
fn a_merchant_without_certificates_is_told_so_and_believes_nobody() {
    let there = There::open();
    let ours = Ours::beside(&there);
    ours.pay.renew_certificates(&ours.cx());
    assert!(ours.serials().is_empty());
}
