//! Which faults a seed has. Drawn per seed (swarm testing): some seeds have none, some one kind, some many.

use std::fmt;

use crate::world::Chance;

macro_rules! mix {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {
        /// How often each fault happens, in thousandths of the occasions for it.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
        pub struct Mix {
            $($(#[$meta])* pub $name: u32,)+
        }

        impl Mix {
            /// The names of the kinds, in the order in which they are drawn.
            pub const KINDS: &[&str] = &[$(stringify!($name)),+];

            fn each(&mut self) -> Vec<&mut u32> {
                vec![$(&mut self.$name),+]
            }
        }

        /// The kinds that happen: `lost 80, crash 20`; `none`.
        impl fmt::Display for Mix {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let all = [$((stringify!($name), self.$name)),+];
                let on: Vec<String> = all
                    .iter()
                    .filter(|(_, rate)| *rate > 0)
                    .map(|(name, rate)| format!("{name} {rate}"))
                    .collect();
                f.write_str(if on.is_empty() { "none".to_owned() } else { on.join(", ") }.as_str())
            }
        }
    };
}

mix! {
    /// A call does not reach WeChat.
    lost,
    /// A call is done and its answer is lost.
    mute,
    /// A call is answered by `SYSTEM_ERROR`; half of these have been done nevertheless.
    broken,
    /// A call is answered by 429.
    throttled,
    /// An answer's signature does not hold.
    spoiled,
    /// WeChat refuses a prepay or a refund for good.
    refused,
    /// Something else happens while a call is under way: somebody pays, a notice comes, a job runs.
    meanwhile,
    /// For some minutes nothing gets to WeChat, and nothing from it.
    silence,
    /// A notice never comes.
    notice_lost,
    /// A notice comes several times.
    notice_twice,
    /// A notice comes minutes or hours late.
    notice_late,
    /// Somebody sends notices that WeChat never sent.
    forged,
    /// Another amount than was asked for stands in WeChat's books.
    wrong_amount,
    /// A second window pays for what is paid.
    second_window,
    /// A refund ends stuck or closed.
    refund_trouble,
    /// The process dies.
    crash,
    /// The program's clock jumps.
    clock,
    /// The official account cannot send.
    account,
}

/// The highest rate of each kind, in the order of [`Mix::KINDS`].
const MOST: [u32; 18] = [
    200, 200, 150, 80, 80, 60, 250, 60, 500, 500, 300, 200, 60, 150, 300, 60, 40, 200,
];

impl Mix {
    /// What this seed has: one in eight no fault, one in four a single kind, else any.
    pub(crate) fn drawn(seed: u64) -> Mix {
        let chance = Chance::new(seed, 1);
        let mut mix = Mix::default();
        let way = chance.below(8);
        let single = chance.below(MOST.len());
        for (kind, (rate, most)) in mix.each().into_iter().zip(MOST).enumerate() {
            let on = match way {
                0 => false,
                1 | 2 => kind == single,
                _ => chance.of_thousand(400),
            };
            if on {
                *rate = chance.between(i64::from(most / 8).max(1), i64::from(most) + 1) as u32;
            }
        }
        mix
    }
}
