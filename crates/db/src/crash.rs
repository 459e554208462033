//! Places at which the process can be made to die, as if somebody had killed it there. For `bin/kill`; a program that was not
//! started for that pays one load of an atomic at each of them.

use std::sync::{
    LazyLock,
    atomic::{AtomicU64, Ordering},
};

/// The environment variable that arms one place: its name, and after a colon at which passing, 1 when it says nothing.
pub const CRASH_AT: &str = "TUINA_CRASH_AT";

/// The process dies here by SIGKILL, without a word, when [`CRASH_AT`] says so. What has a name here is listed in
/// `crates/sim/src/kills/points.rs`.
pub fn crash_point(name: &'static str) {
    if let Some(armed) = &*ARMED
        && armed.is_due(name)
    {
        die();
    }
}

static ARMED: LazyLock<Option<Armed>> =
    LazyLock::new(|| std::env::var(CRASH_AT).ok().as_deref().and_then(Armed::read));

struct Armed {
    name: String,
    passings_left: AtomicU64,
}

impl Armed {
    /// `name` or `name:nth`.
    fn read(text: &str) -> Option<Armed> {
        let (name, nth) = match text.split_once(':') {
            Some((name, nth)) => (name, nth.parse().ok()?),
            None => (text, 1),
        };
        let armed = Armed {
            name: name.to_owned(),
            passings_left: AtomicU64::new(nth),
        };
        (!name.is_empty() && nth > 0).then_some(armed)
    }

    /// Whether this is the passing that was asked for.
    fn is_due(&self, name: &str) -> bool {
        self.name == name && self.passings_left.fetch_sub(1, Ordering::SeqCst) == 1
    }
}

fn die() -> ! {
    // The system takes the process away before this returns; should it refuse, an abort runs no cleaning up either.
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    std::process::abort()
}

#[cfg(test)]
mod tests {
    use super::Armed;

    #[test]
    fn the_asked_for_passing_is_due_and_no_other() {
        let armed = Armed::read("db.commit.before:3").unwrap();
        let due: Vec<bool> = [
            "db.commit.before",
            "job.claimed",
            "db.commit.before",
            "db.commit.before",
            "db.commit.before",
        ]
        .map(|name| armed.is_due(name))
        .into();
        assert_eq!(due, [false, false, false, true, false]);
        assert!(Armed::read("job.claimed").unwrap().is_due("job.claimed"));
    }

    #[test]
    fn what_is_no_place_arms_nothing() {
        for text in ["", ":1", "job.claimed:0", "job.claimed:x"] {
            assert!(Armed::read(text).is_none(), "{text:?}");
        }
    }
}
