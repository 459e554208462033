//! A leave's life, and what is left of one when parts of it are refused.

use kernel::Instant;

kernel::coded! {
    /// Where a leave stands.
    pub enum LeaveState {
        /// The therapist has asked; nothing is changed yet.
        Asked = "asked",
        /// The therapist does not work.
        Granted = "granted",
        /// The shop said no.
        Refused = "refused",
        /// Taken back.
        Withdrawn = "withdrawn",
    }
}

kernel::coded! {
    /// What can happen to a leave.
    pub enum LeaveStep {
        /// The therapist asks.
        Ask = "ask",
        /// The shop grants it, or what is left of it.
        Grant = "grant",
        /// The shop says no.
        Refuse = "refuse",
        /// Taken back, asked for or granted.
        Withdraw = "withdraw",
    }
}

impl LeaveState {
    /// The state after a step; `None` when the step is not possible here.
    pub const fn after(self, step: LeaveStep) -> Option<LeaveState> {
        Some(match (self, step) {
            (LeaveState::Asked, LeaveStep::Grant) => LeaveState::Granted,
            (LeaveState::Asked, LeaveStep::Refuse) => LeaveState::Refused,
            (LeaveState::Asked | LeaveState::Granted, LeaveStep::Withdraw) => LeaveState::Withdrawn,
            _ => return None,
        })
    }

    /// Whether the step has brought the leave here already.
    pub const fn is_after(self, step: LeaveStep) -> bool {
        matches!(
            (self, step),
            (LeaveState::Asked, LeaveStep::Ask)
                | (LeaveState::Granted, LeaveStep::Grant)
                | (LeaveState::Refused, LeaveStep::Refuse)
                | (LeaveState::Withdrawn, LeaveStep::Withdraw)
        )
    }
}

/// What is left of a stretch when others are taken out of it, the earliest first.
pub fn without(whole: (Instant, Instant), mut out: Vec<(Instant, Instant)>) -> Vec<(Instant, Instant)> {
    out.sort_unstable();
    let (mut from, to) = whole;
    let mut left = Vec::new();
    for (begins, ends) in out {
        if begins >= to || ends <= from {
            continue;
        }
        if from < begins {
            left.push((from, begins));
        }
        from = ends;
    }
    if from < to {
        left.push((from, to));
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(out: &[(i64, i64)]) -> Vec<(i64, i64)> {
        let out = out
            .iter()
            .map(|(from, to)| (Instant(*from), Instant(*to)))
            .collect();
        let left = without((Instant(10), Instant(20)), out);
        left.into_iter().map(|(from, to)| (from.ms(), to.ms())).collect()
    }

    #[test]
    fn what_is_kept_is_taken_out_of_a_leave() {
        assert_eq!(left(&[]), [(10, 20)]);
        assert_eq!(left(&[(12, 14)]), [(10, 12), (14, 20)]);
        assert_eq!(left(&[(16, 18), (12, 14)]), [(10, 12), (14, 16), (18, 20)]);
        assert_eq!(left(&[(5, 12), (18, 25)]), [(12, 18)]);
        assert_eq!(left(&[(12, 14), (14, 16)]), [(10, 12), (16, 20)]);
        assert_eq!(left(&[(0, 30)]), []);
        assert_eq!(left(&[(0, 5), (25, 30)]), [(10, 20)]);
    }

    #[test]
    fn only_what_is_asked_is_answered() {
        let ends = [LeaveState::Refused, LeaveState::Withdrawn];
        for step in LeaveStep::ALL {
            assert!(ends.iter().all(|end| end.after(*step).is_none()), "{step}");
        }
        assert_eq!(
            LeaveState::Asked.after(LeaveStep::Grant),
            Some(LeaveState::Granted)
        );
        assert_eq!(
            LeaveState::Asked.after(LeaveStep::Refuse),
            Some(LeaveState::Refused)
        );
        assert_eq!(LeaveState::Granted.after(LeaveStep::Refuse), None);
        assert_eq!(
            LeaveState::Granted.after(LeaveStep::Withdraw),
            Some(LeaveState::Withdrawn)
        );
    }
}
