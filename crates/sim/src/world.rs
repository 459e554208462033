//! Time and chance of one seed.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use kernel::{Actor, Cx, Instant, Lang, World};
use payment::testing::Clock;

/// Chance of one kind: what people do, what the network does, each booking's own. Apart, so that more of one kind does not
/// change another.
pub(crate) struct Chance(Cx);

impl Chance {
    /// The chance of this seed called so.
    pub fn new(seed: u64, stream: u64) -> Chance {
        let world = World::new(|| Instant(0), move || mixed(seed, stream));
        Chance(world.cx(Actor::Guest, Lang::Zh))
    }

    /// From 0 up to, not including, `end`.
    pub fn below(&self, end: usize) -> usize {
        self.0.below(end as u64) as usize
    }

    /// From `from` up to, not including, `to`.
    pub fn between(&self, from: i64, to: i64) -> i64 {
        from + self.0.below((to - from).max(1) as u64) as i64
    }

    /// True so many times of a thousand.
    pub fn of_thousand(&self, times: u32) -> bool {
        self.0.below(1_000) < u64::from(times)
    }
}

/// SplitMix64 of Steele, Lea and Flood: neighbouring seeds give numbers that have nothing in common.
fn mixed(seed: u64, stream: u64) -> u64 {
    let mut z = seed
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add(stream.wrapping_mul(0xd1b5_4a32_d192_ed03));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The clocks: the true one, by which WeChat lives, and the program's, which may be wrong.
#[derive(Clone)]
pub(crate) struct Time {
    /// The true one.
    pub clock: Clock,
    skew: Arc<AtomicI64>,
    seed: u64,
    contexts: Arc<AtomicU64>,
}

impl Time {
    pub fn new(seed: u64, start: Instant) -> Time {
        Time {
            clock: Clock::at(start),
            skew: Arc::default(),
            seed,
            contexts: Arc::default(),
        }
    }

    /// The true time.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// What the program takes for now.
    pub fn shown(&self) -> Instant {
        self.now() + self.skew()
    }

    /// By how much the program's clock is wrong.
    pub fn skew(&self) -> i64 {
        self.skew.load(Ordering::SeqCst)
    }

    /// The program's clock is wrong by so many milliseconds from now on.
    pub fn set_skew(&self, ms: i64) {
        self.skew.store(ms, Ordering::SeqCst);
    }

    /// Runs on to a moment; never back.
    pub fn run_to(&self, moment: Instant) {
        self.clock.pass((moment - self.now()).max(0));
    }

    /// The world of the program. Every look at the clock takes a millisecond, since identifiers hold the moment.
    pub fn world(&self) -> World {
        let (looks, time) = (self.clone(), self.clone());
        World::new(
            move || {
                looks.clock.pass(1);
                looks.shown()
            },
            move || mixed(time.seed, 1_000 + time.contexts.fetch_add(1, Ordering::SeqCst)),
        )
    }
}
