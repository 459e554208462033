use std::time::Duration;

use super::Class;
use crate::{Cause, Outcome, TransportError};

/// How often a call is repeated, and how long to wait in between. A call is repeated only where WeChat Pay allows it
/// (wechatpay-skills, 排障手册.md): it was lost, the server failed, or there were too many calls. It must carry the same
/// numbers and parameters each time; only nonce and moment are new.
///
/// Nothing here reads a clock or draws a random number: both are given.
///
/// ```
/// use std::time::Duration;
/// use wechat::Outcome;
/// use wechat::pay::Retry;
///
/// let retry = Retry { attempts: 3, first: Duration::from_millis(500), most: Duration::from_secs(5) };
/// let mut waits = Vec::new();
/// let outcome = retry.run(|| 0.5, |wait| waits.push(wait), |_attempt| Outcome::Done("paid"));
/// assert_eq!((outcome, waits.len()), (Outcome::Done("paid"), 0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Calls at most, the first one included; 0 counts as 1.
    pub attempts: u32,
    /// The longest wait before the second call; each further one may be twice as long.
    pub first: Duration,
    /// No wait is longer.
    pub most: Duration,
}

impl Default for Retry {
    /// Four calls within about seven seconds of waiting.
    fn default() -> Self {
        Self {
            attempts: 4,
            first: Duration::from_secs(1),
            most: Duration::from_secs(8),
        }
    }
}

impl Retry {
    /// Calls until there is an outcome that a repetition cannot better. `random` gives numbers from 0 up to 1, `sleep`
    /// waits, `call` gets the number of the attempt from 0.
    ///
    /// An attempt whose outcome is unknown is not forgotten: when a later one did not get through, or was refused for
    /// being too many, the whole stays unknown.
    pub fn run<T>(
        &self,
        mut random: impl FnMut() -> f64,
        mut sleep: impl FnMut(Duration),
        mut call: impl FnMut(u32) -> Outcome<T>,
    ) -> Outcome<T> {
        let mut doubt: Option<Cause> = None;
        let mut attempt = 0;
        loop {
            let outcome = call(attempt);
            attempt += 1;
            if !may_repeat(&outcome) {
                return outcome;
            }
            if let Outcome::Unknown(cause) = &outcome
                && !matches!(cause, Cause::Transport(TransportError::NotSent(_)))
            {
                doubt = Some(cause.clone());
            }
            if attempt >= self.attempts {
                return match doubt {
                    Some(cause) => Outcome::Unknown(cause),
                    None => outcome,
                };
            }
            sleep(self.wait(attempt, random()));
        }
    }

    /// Somewhere between nothing and the longest wait, so that many callers do not come back together.
    fn wait(&self, attempt: u32, random: f64) -> Duration {
        let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1).min(16));
        let longest = self.first.saturating_mul(doubled).min(self.most);
        // A random number out of its range, or none at all, must not panic.
        let share = if random.is_nan() {
            1.0
        } else {
            random.clamp(0.0, 1.0)
        };
        longest.mul_f64(share)
    }
}

/// Whether the same call again is allowed and can help. An answer that cannot be verified or understood is to be
/// queried, not repeated: the server did answer.
fn may_repeat<T>(outcome: &Outcome<T>) -> bool {
    match outcome {
        Outcome::Done(_) => false,
        Outcome::Refused(error) => error.status == 429 || error.class() == Class::Retry,
        Outcome::Unknown(Cause::Transport(_) | Cause::Server(_)) => true,
        Outcome::Unknown(Cause::Unreadable { status, .. }) => *status >= 500,
        Outcome::Unknown(Cause::Unverifiable(_) | Cause::Mismatch(_)) => false,
    }
}
