use kernel::{HOUR_MS, Id, Instant, MINUTE_MS, Money, Staff};
use serde::{Deserialize, Serialize};

use super::Payment;

/// Money of one payment on its way back.
#[derive(Clone, Debug)]
pub struct Refund {
    /// The refund.
    pub id: Id<Refund>,
    /// The payment that it gives back a part of.
    pub payment: Id<Payment>,
    /// How much.
    pub amount: Money,
    /// What the customer reads.
    pub reason: String,
    /// Our number at WeChat Pay, made from the identifier; it never changes, since a new number refunds twice.
    pub out_refund_no: String,
    /// Where it stands.
    pub state: RefundState,
    /// WeChat's number.
    pub refund_id: Option<String>,
    /// What went wrong, in WeChat's code.
    pub trouble: Option<String>,
    /// When it was asked for.
    pub requested_at: Instant,
    /// When it is sent to WeChat.
    pub due_at: Instant,
    /// When the money arrived.
    pub done_at: Option<Instant>,
    /// The member of staff who asked for it; `None` where a rule gives it.
    pub asked_by: Option<Id<Staff>>,
    /// Whether another person has to agree before it is sent.
    pub needs_second: bool,
    /// Counts the changes of state.
    pub version: i64,
}

impl Refund {
    /// The number at WeChat Pay of the refund with this identifier.
    pub fn number_of(id: Id<Refund>) -> String {
        format!("R{id}")
    }

    /// Whether it lies with a second person.
    pub fn waits(&self) -> bool {
        self.needs_second && self.state == RefundState::Requested
    }

    /// Whether the customer is still to get its money: it is on its way, or it failed and nobody has repeated it yet.
    pub fn is_owed(&self) -> bool {
        match self.state {
            RefundState::Succeeded | RefundState::Manual | RefundState::Rejected => false,
            RefundState::Failed => self.trouble.as_deref() != Some("repeated"),
            _ => true,
        }
    }
}

/// What one member of staff may give back alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Of one thing that was paid for, all parts together.
    pub alone_up_to: Money,
    /// How many refunds on one day.
    pub alone_a_day: i64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            alone_up_to: Money::yuan(500),
            alone_a_day: 3,
        }
    }
}

impl Limits {
    /// Whether somebody else has to agree: `of_purpose` is what staff ask back of the thing, this one included;
    /// `today` counts the refunds that the person asked for today, this one included.
    pub fn need_second(self, of_purpose: Money, today: i64) -> bool {
        of_purpose > self.alone_up_to || today > self.alone_a_day
    }
}

kernel::coded! {
    /// Where a refund stands.
    pub enum RefundState {
        /// Promised by us; WeChat does not know it.
        Requested = "requested",
        /// A second person agreed; WeChat does not know it.
        Approved = "approved",
        /// A second person said no.
        Rejected = "rejected",
        /// Sent; WeChat may or may not have taken it.
        Submitted = "submitted",
        /// Taken by WeChat, the money is on its way.
        Processing = "processing",
        /// The money arrived.
        Succeeded = "succeeded",
        /// The customer's bank cannot take it: a person has to act at WeChat Pay.
        Abnormal = "abnormal",
        /// WeChat surely did not give anything back.
        Failed = "failed",
        /// It was stuck, and the shop paid the customer some other way.
        Manual = "manual",
    }
}

kernel::coded! {
    /// What can happen to a refund.
    pub enum RefundStep {
        /// A second person agrees.
        Approve = "approve",
        /// A second person says no.
        Reject = "reject",
        /// We send it.
        Submit = "submit",
        /// WeChat took it.
        Accept = "accept",
        /// The money arrived.
        Succeed = "succeed",
        /// The bank cannot take it.
        Stick = "stick",
        /// WeChat refused or closed it.
        Fail = "fail",
        /// What is stuck is sent on to the shop's own account.
        Redirect = "redirect",
        /// The shop paid the customer some other way.
        Settle = "settle",
    }
}

impl RefundState {
    /// The state after a step; `None` when the step is not possible here.
    pub const fn after(self, step: RefundStep) -> Option<RefundState> {
        use RefundState::{
            Abnormal, Approved, Failed, Manual, Processing, Rejected, Requested, Submitted, Succeeded,
        };
        match (self, step) {
            (Requested, RefundStep::Approve) => Some(Approved),
            (Requested, RefundStep::Reject) => Some(Rejected),
            (Requested | Approved | Failed, RefundStep::Submit) => Some(Submitted),
            (Requested | Approved | Submitted, RefundStep::Accept) => Some(Processing),
            (Requested | Approved | Submitted | Processing | Abnormal | Failed, RefundStep::Succeed) => {
                Some(Succeeded)
            }
            (Requested | Approved | Submitted | Processing, RefundStep::Stick) => Some(Abnormal),
            (Requested | Approved | Submitted | Processing | Abnormal, RefundStep::Fail) => Some(Failed),
            (Abnormal, RefundStep::Redirect) => Some(Processing),
            (Abnormal, RefundStep::Settle) => Some(Manual),
            _ => None,
        }
    }

    /// Whether its amount counts against what can still be given back.
    pub const fn counts(self) -> bool {
        !matches!(self, RefundState::Failed | RefundState::Rejected)
    }

    /// Whether WeChat may still have news of it.
    pub const fn is_running(self) -> bool {
        matches!(self, RefundState::Submitted | RefundState::Processing)
    }
}

/// What WeChat says about a refund. Made only from what carries WeChat's signature.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RefundNews {
    /// Our number of the refund.
    pub out_refund_no: String,
    /// Our number of the payment.
    pub out_trade_no: String,
    /// WeChat's number of the refund.
    pub refund_id: String,
    /// WeChat's number of the payment.
    pub transaction_id: String,
    /// How much goes back.
    pub amount: Money,
    /// How it stands.
    pub status: RefundStatus,
    /// When the money arrived.
    pub done_at: Option<Instant>,
}

kernel::coded! {
    /// How a refund stands at WeChat.
    pub enum RefundStatus {
        /// On its way.
        Processing = "processing",
        /// Arrived.
        Success = "success",
        /// Closed without effect.
        Closed = "closed",
        /// Stuck at the bank.
        Abnormal = "abnormal",
    }
}

impl RefundStatus {
    /// The step that this status means.
    pub const fn step(self) -> RefundStep {
        match self {
            RefundStatus::Processing => RefundStep::Accept,
            RefundStatus::Success => RefundStep::Succeed,
            RefundStatus::Closed => RefundStep::Fail,
            RefundStatus::Abnormal => RefundStep::Stick,
        }
    }
}

/// WeChat takes refunds for a year after the payment.
pub(crate) const REFUNDABLE_MS: i64 = 365 * 24 * HOUR_MS;
/// WeChat takes this many parts of one payment.
pub(crate) const MOST_PARTS: i64 = 50;
/// Parts of one payment are at least a minute apart; a second more, since two clocks judge it.
pub(crate) const PARTS_APART_MS: i64 = MINUTE_MS + 1_000;

/// So many refunds of one shop are sent at once: one that closes suddenly gives back a day's takings, and WeChat limits a
/// merchant who asks for all of it in one moment.
const AT_ONCE: usize = 5;
/// And at once is within so many milliseconds.
pub(crate) const AT_ONCE_MS: i64 = 10_000;

/// The first moment from `start` on at which a refund can be sent, when others of its shop are sent at `dues`, the earliest
/// first.
pub(crate) fn paced(start: Instant, dues: &[Instant]) -> Instant {
    let mut at = start;
    loop {
        let mut near = dues.iter().filter(|due| (**due - at).abs() < AT_ONCE_MS);
        let first = near.next();
        match first {
            Some(first) if near.count() + 1 >= AT_ONCE => at = *first + AT_ONCE_MS,
            _ => return at,
        }
    }
}

/// How long to wait before asking again about a refund that is `age` milliseconds old; `None` after ten days.
pub(crate) fn ask_again_after(age: i64) -> Option<i64> {
    (age < 240 * HOUR_MS).then(|| (age / 2).clamp(10_000, 6 * HOUR_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_transition() {
        let mut diagram = String::new();
        for state in RefundState::ALL {
            for step in RefundStep::ALL {
                let next = state.after(*step).map_or("-", RefundState::code);
                diagram.push_str(&format!("{:10} {:8} {next}\n", state.code(), step.code()));
            }
        }
        insta::assert_snapshot!(diagram);
    }

    #[test]
    fn refunds_of_a_shop_are_sent_a_few_at_once() {
        let now = Instant(1_000_000);
        let mut dues: Vec<Instant> = Vec::new();
        for _ in 0..12 {
            dues.push(paced(now, &dues));
        }
        let after: Vec<i64> = dues.iter().map(|due| *due - now).collect();
        assert_eq!(
            after,
            [
                0, 0, 0, 0, 0, 10_000, 10_000, 10_000, 10_000, 10_000, 20_000, 20_000
            ]
        );
        // What is far ahead is in nobody's way.
        assert_eq!(paced(now, &dues[10..]), now);
    }

    #[test]
    fn a_running_refund_is_asked_about_for_ten_days_and_not_too_often() {
        let (mut age, mut asked) = (0, 0);
        while let Some(pause) = ask_again_after(age) {
            age += pause;
            asked += 1;
        }
        assert!((240 * HOUR_MS..=246 * HOUR_MS).contains(&age));
        assert!((30..100).contains(&asked), "{asked}");
    }
}
