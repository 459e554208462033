mod bill;
mod receipt;
mod refund;

use kernel::{Id, Instant, MINUTE_MS, Money, Shop};
use serde::{Deserialize, Serialize};

pub use bill::{BillLine, BillSum, BilledRefund, Difference, DifferenceKind, Found, Matched, take_repeated};
pub use receipt::{Doubt, Receipt, Source, Suspect, Terms};
pub(crate) use refund::{AT_ONCE_MS, MOST_PARTS, PARTS_APART_MS, REFUNDABLE_MS, ask_again_after, paced};
pub use refund::{Limits, Refund, RefundNews, RefundState, RefundStatus, RefundStep};

/// What a payment is for: a thing of another module, which this module does not know.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Purpose {
    /// The module that the thing belongs to.
    pub module: String,
    /// The thing's raw identifier.
    pub id: i64,
}

impl Purpose {
    /// A thing of a module.
    pub fn new(module: &str, id: i64) -> Purpose {
        Purpose {
            module: module.to_owned(),
            id,
        }
    }
}

/// One attempt to pay something through WeChat Pay.
#[derive(Clone, Debug)]
pub struct Payment {
    /// The attempt.
    pub id: Id<Payment>,
    /// What it is for.
    pub purpose: Purpose,
    /// The shop that is paid.
    pub shop: Id<Shop>,
    /// The shop's number at WeChat Pay as a sub-merchant of ours; `None` where we are the merchant.
    pub sub_mchid: Option<String>,
    /// How much.
    pub amount: Money,
    /// What the customer reads on WeChat's sheet.
    pub description: String,
    /// Who pays, as our official account knows them.
    pub openid: String,
    /// Our number at WeChat Pay, made from the identifier.
    pub out_trade_no: String,
    /// Where the attempt stands.
    pub state: State,
    /// When WeChat was first asked for a prepay; `None` while WeChat cannot know the number.
    pub asked_at: Option<Instant>,
    /// What the pay sheet is opened with, once WeChat gave it.
    pub prepay_id: Option<String>,
    /// When WeChat gave it.
    pub prepaid_at: Option<Instant>,
    /// Since when the attempt is being ended.
    pub ending_at: Option<Instant>,
    /// WeChat's number of the payment, once it was paid.
    pub transaction_id: Option<String>,
    /// When it was paid, by WeChat's clock.
    pub paid_at: Option<Instant>,
    /// Refunds that run or are done.
    pub refunded: Money,
    /// After this moment WeChat takes no payment for it.
    pub expires_at: Instant,
    /// When the attempt began.
    pub opened_at: Instant,
    /// Counts the changes of state.
    pub version: i64,
}

/// One recorded change of state.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recorded {
    /// The step's code.
    pub step: String,
    /// Who took it, as [`kernel::Actor`] prints.
    pub actor: String,
    /// Why, in a word.
    pub reason: String,
    /// When.
    pub at: Instant,
}

kernel::coded! {
    /// Where an attempt to pay stands.
    pub enum State {
        /// The number is committed; WeChat may or may not know it.
        Created = "created",
        /// WeChat waits for the customer to pay.
        Prepaid = "prepaid",
        /// Paid, and verified.
        Succeeded = "succeeded",
        /// Not paid, and no longer payable as far as we know.
        Closed = "closed",
        /// WeChat would not have it.
        Failed = "failed",
    }
}

kernel::coded! {
    /// What can happen to an attempt to pay.
    pub enum Step {
        /// WeChat took the order and waits for the customer.
        Prepay = "prepay",
        /// WeChat says it was paid.
        Pay = "pay",
        /// WeChat closed it, or cannot know it.
        Close = "close",
        /// WeChat refused it for good.
        Fail = "fail",
    }
}

impl State {
    /// The state after a step; `None` when the step is not possible here.
    ///
    /// Money is recorded wherever it comes from: an attempt that we thought closed can turn out to be paid.
    pub const fn after(self, step: Step) -> Option<State> {
        match (self, step) {
            (State::Created, Step::Prepay) => Some(State::Prepaid),
            (State::Created | State::Prepaid | State::Closed | State::Failed, Step::Pay) => {
                Some(State::Succeeded)
            }
            (State::Created | State::Prepaid, Step::Close) => Some(State::Closed),
            (State::Created | State::Prepaid, Step::Fail) => Some(State::Failed),
            _ => None,
        }
    }

    /// Whether the customer may still pay.
    pub const fn is_live(self) -> bool {
        matches!(self, State::Created | State::Prepaid)
    }
}

/// A prepay is good for two hours at WeChat; ten minutes of that are left for the customer.
const PREPAY_GOOD_MS: i64 = 110 * MINUTE_MS;

impl Payment {
    /// The number at WeChat Pay of the attempt with this identifier. It never changes.
    pub fn number_of(id: Id<Payment>) -> String {
        format!("P{id}")
    }

    /// What the pay sheet can be opened with now, without asking WeChat again.
    pub fn usable_prepay(&self, now: Instant) -> Option<&str> {
        let since = self.prepaid_at?;
        (self.state == State::Prepaid && now - since < PREPAY_GOOD_MS).then_some(self.prepay_id.as_deref()?)
    }

    /// What can still be given back.
    pub fn refundable(&self) -> Money {
        if self.state == State::Succeeded {
            self.amount - self.refunded
        } else {
            Money::ZERO
        }
    }
}

/// When WeChat is asked about a payment that nobody told us of: after so many milliseconds from the prepay.
pub const QUERY_AFTER_MS: [i64; 5] = [5_000, 30_000, 2 * MINUTE_MS, 5 * MINUTE_MS, 10 * MINUTE_MS];

/// How long WeChat may stay silent while attempts are ended, before they count as closed without certainty.
pub const SILENCE_MS: i64 = 10 * MINUTE_MS;

/// When to try again to end attempts that were begun to be ended at `since`; `None` when it is time to give up.
pub fn next_try(since: Instant, now: Instant) -> Option<Instant> {
    let gone = now - since;
    if gone >= SILENCE_MS {
        return None;
    }
    let pause = (gone / 2).clamp(5_000, MINUTE_MS);
    Some((now + pause).min(since + SILENCE_MS))
}

/// The longest beginning of a text that fits into so many bytes: WeChat counts bytes, and a Chinese character has three.
pub fn fitting(text: &str, bytes: usize) -> &str {
    if text.len() <= bytes {
        return text;
    }
    let end = (0..=bytes)
        .rev()
        .find(|end| text.is_char_boundary(*end))
        .unwrap_or(0);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_transition() {
        let mut diagram = String::new();
        for state in State::ALL {
            for step in Step::ALL {
                let next = state.after(*step).map_or("-", State::code);
                diagram.push_str(&format!("{:9} {:6} {next}\n", state.code(), step.code()));
            }
        }
        insta::assert_snapshot!(diagram);
    }

    #[test]
    fn numbers_fit_the_rules_of_wechat() {
        let number = Payment::number_of(Id::from_raw(i64::MAX));
        assert!(wechat::pay::OutTradeNo::new(&number).is_ok(), "{number}");
    }

    #[test]
    fn ending_is_tried_again_and_given_up_at_last() {
        let since = Instant(1_795_000_000_000);
        let mut now = since;
        let mut tries = 0;
        while let Some(next) = next_try(since, now) {
            assert!(next > now && next <= since + SILENCE_MS);
            now = next;
            tries += 1;
        }
        assert_eq!(now, since + SILENCE_MS);
        assert!((8..40).contains(&tries), "{tries}");
    }

    proptest! {
        #[test]
        fn a_fitting_text_is_the_longest_beginning(text in "[a-z推拿 ]{0,80}", bytes in 0..130usize) {
            let cut = fitting(&text, bytes);
            prop_assert!(text.starts_with(cut) && cut.len() <= bytes);
            let next = text[cut.len()..].chars().next();
            prop_assert!(next.is_none_or(|c| cut.len() + c.len_utf8() > bytes));
        }
    }
}
