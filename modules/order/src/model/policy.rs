use kernel::{Instant, MINUTE_MS, Minutes, Money};
use serde::{Deserialize, Serialize};

/// The rules of cancellation by the customer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Policy {
    /// Free until so many minutes before the start.
    pub free_until_minutes: Minutes,
    /// What a later cancellation costs, in basis points of the paid amount.
    pub late_fee_bp: i64,
}

impl Default for Policy {
    /// Free until two hours before, then 30 %.
    fn default() -> Policy {
        Policy {
            free_until_minutes: 120,
            late_fee_bp: 3_000,
        }
    }
}

impl Policy {
    /// What the shop keeps of `paid` when the customer cancels at `now` a thing that starts at `starts_at`.
    pub fn kept(&self, paid: Money, starts_at: Instant, now: Instant) -> Money {
        if now <= starts_at.plus_minutes(-self.free_until_minutes) {
            Money::ZERO
        } else {
            paid.share(self.late_fee_bp)
        }
    }

    /// Which share, in basis points, the customer gets back when they cancel at `now` a thing that starts at `starts_at`;
    /// all of what has no time.
    pub fn returned_bp(&self, starts_at: Option<Instant>, now: Instant) -> i64 {
        match starts_at {
            Some(starts) if now > starts.plus_minutes(-self.free_until_minutes) => 10_000 - self.late_fee_bp,
            _ => 10_000,
        }
    }
}

/// Until when an order for something at `starts_at` can be paid: 15 minutes, 5 when it starts within two hours.
pub fn pay_by(starts_at: Instant, now: Instant) -> Instant {
    let soon = starts_at - now < 120 * MINUTE_MS;
    now.plus_minutes(if soon { 5 } else { 15 })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant(1_795_000_000_000);

    #[test]
    fn a_late_cancellation_costs_what_the_policy_says() {
        let policy = Policy::default();
        let starts = NOW.plus_minutes(300);
        let kept = |now| policy.kept(Money(12_850), starts, now);
        assert_eq!(kept(NOW), Money::ZERO);
        assert_eq!(kept(starts.plus_minutes(-120)), Money::ZERO);
        assert_eq!(kept(starts.plus_minutes(-119)), Money(3_855));
        let share = |now| policy.returned_bp(Some(starts), now);
        assert_eq!(
            (share(starts.plus_minutes(-120)), share(starts.plus_minutes(-119))),
            (10_000, 7_000)
        );
        assert_eq!(policy.returned_bp(None, starts), 10_000);
    }

    #[test]
    fn what_starts_soon_must_be_paid_sooner() {
        assert_eq!(pay_by(NOW.plus_minutes(120), NOW), NOW.plus_minutes(15));
        assert_eq!(pay_by(NOW.plus_minutes(119), NOW), NOW.plus_minutes(5));
    }
}
