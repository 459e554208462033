mod allocation;
mod matrix;
mod policy;
mod quote;
mod taking;

use kernel::{Customer, Id, Instant, Minutes, Money, Shop};
use payment::Holding;

pub use allocation::allocate;
pub use matrix::{Cell, Matrix, Row};
pub use policy::{Policy, pay_by};
pub use quote::Quote;
pub(crate) use taking::AskedRefund;
pub use taking::{Answer, GivenBack, Return, Taken, Taking};

/// What a customer asked for, at the price of that moment.
#[derive(Clone, Debug)]
pub struct Order {
    /// The order.
    pub id: Id<Order>,
    /// What people see and say: the day and six digits.
    pub number: String,
    /// The shop that serves and is paid.
    pub shop: Id<Shop>,
    /// The customer who asked.
    pub customer: Id<Customer>,
    /// What it is, in a few words of the customer's language.
    pub title: String,
    /// The page where the customer looks at what was ordered.
    pub page: String,
    /// Where the order stands.
    pub state: State,
    /// The sum of the lines.
    pub total: Money,
    /// What must be paid before the order is placed; after that, also what of the rest was asked for.
    pub due_now: Money,
    /// What was due at once when the order opened, if that was not all of it: zero where all is paid at the shop.
    pub deposit: Option<Money>,
    /// What the shop keeps of a cancelled order.
    pub kept: Money,
    /// What single lines gave back, a coupon's share of them among it.
    pub refunded: Money,
    /// What was never paid of lines that were taken off, and need not be paid any more.
    pub waived: Money,
    /// What of its money the shop has earned.
    pub earned: Money,
    /// Until when it can be paid.
    pub deadline: Instant,
    /// The rules of cancellation, as they were when the order opened.
    pub policy: Policy,
    /// Why the order ends without being placed.
    pub ending: Option<Ending>,
    /// When the customer asked.
    pub opened_at: Instant,
    /// When it was placed, if it was.
    pub placed_at: Option<Instant>,
    /// When it came to its end, if it has.
    pub ended_at: Option<Instant>,
    /// Counts the changes of state.
    pub version: i64,
}

/// One thing of an order; it belongs to another module, which the order does not know.
#[derive(Clone, Debug)]
pub struct Line {
    /// The line.
    pub id: Id<Line>,
    /// The module the thing belongs to.
    pub module: String,
    /// The thing's raw identifier.
    pub thing: i64,
    /// What it is.
    pub title: String,
    /// When it takes place, if it does at a time.
    pub starts_at: Option<Instant>,
    /// How long it takes.
    pub minutes: Minutes,
    /// Its price.
    pub amount: Money,
    /// When it was taken off the order, if it was.
    pub dropped_at: Option<Instant>,
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
    /// Where an order stands.
    pub enum State {
        /// Waiting to be paid; the things of its lines are held.
        Open = "open",
        /// Covered: the things of its lines are promised.
        Placed = "placed",
        /// All its lines are done.
        Fulfilled = "fulfilled",
        /// Placed, then cancelled; what is not kept is given back.
        Cancelled = "cancelled",
        /// Cannot be paid any more; WeChat is being asked whether it was paid in the last moment.
        Closing = "closing",
        /// Never placed.
        Closed = "closed",
    }
}

kernel::coded! {
    /// What can happen to an order.
    pub enum Step {
        /// The amount due is covered.
        Place = "place",
        /// All lines are done.
        Fulfil = "fulfil",
        /// Customer, shop or centre cancels what was placed.
        Cancel = "cancel",
        /// The deadline passed, or the customer withdrew, before it was paid.
        Lapse = "lapse",
        /// No attempt to pay is left.
        Close = "close",
        /// It was called done by mistake.
        Reopen = "reopen",
        /// A late payment arrived and the things could be promised again.
        Revive = "revive",
    }
}

kernel::coded! {
    /// Why an order ends without being placed.
    pub enum Ending {
        /// It was not paid in time. Paid in the last second, it keeps its place.
        Deadline = "deadline",
        /// The customer withdrew before paying. Money that comes nevertheless goes back.
        Withdrawn = "withdrawn",
    }
}

kernel::coded! {
    /// Who cancels. Only a customer's cancellation may cost something.
    pub enum By {
        /// The customer.
        Customer = "customer",
        /// The shop; also when it declines.
        Shop = "shop",
        /// The centre, and the centre's clock when a shop does not answer.
        Centre = "centre",
    }
}

kernel::coded! {
    /// What a part of an order is paid with, in the order in which too much is given back: money before what stands for it.
    /// They pay the other way round.
    pub enum Tender {
        /// WeChat Pay. It goes back by a refund there.
        WeChat = "wechat",
        /// Notes and coins, over the desk. A person hands them back.
        Cash = "cash",
        /// What the customer stored with the shop. It goes back at once to the account it came from.
        Value = "value",
        /// Points, by what they are worth in fen. They go back like stored value.
        Points = "points",
        /// A coupon. It stays used while anything of its order is kept, and is whole again when nothing is.
        Coupon = "coupon",
    }
}

impl Tender {
    /// Whether a part of it that goes back comes to the customer: a coupon's part falls to who gave the coupon away.
    pub const fn goes_back(self) -> bool {
        !matches!(self, Tender::Coupon)
    }

    /// Whether it is money of the customer's, rather than something the shop gave away.
    pub const fn is_money(self) -> bool {
        matches!(self, Tender::WeChat | Tender::Cash | Tender::Value)
    }
}

/// What of such parts comes back to the customer.
pub(crate) fn coming_back(parts: &[(Tender, Money)]) -> Money {
    let returns = parts.iter().filter(|(tender, _)| tender.goes_back());
    returns.map(|(_, part)| *part).sum()
}

impl State {
    /// The state after a step; `None` when the step is not possible here.
    pub const fn after(self, step: Step) -> Option<State> {
        match (self, step) {
            (State::Open | State::Closing, Step::Place) => Some(State::Placed),
            (State::Open, Step::Lapse) => Some(State::Closing),
            (State::Closing, Step::Close) => Some(State::Closed),
            (State::Closed, Step::Revive) => Some(State::Placed),
            (State::Placed, Step::Fulfil) => Some(State::Fulfilled),
            (State::Placed, Step::Cancel) => Some(State::Cancelled),
            (State::Fulfilled, Step::Reopen) => Some(State::Placed),
            _ => None,
        }
    }

    /// Whether the step's outcome is already so: asking again is then success without effect.
    pub const fn is_after(self, step: Step) -> bool {
        matches!(
            (self, step),
            (State::Placed, Step::Place | Step::Revive | Step::Reopen)
                | (State::Closing, Step::Lapse)
                | (State::Closed, Step::Close | Step::Lapse)
                | (State::Fulfilled, Step::Fulfil)
                | (State::Cancelled, Step::Cancel)
        )
    }
}

/// How long after its end an unpaid order can still be revived by a late payment.
pub const REVIVAL_MINUTES: Minutes = 30;

/// What the money on an order asks for. The same answer whether the news came by notice, by query or from staff.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Nothing.
    Nothing,
    /// The amount due is there: place the order.
    Place,
    /// A dead order got money soon enough: ask the owners of its lines whether it can live again.
    AskToRevive,
    /// More than the order may hold: give back this much.
    GiveBack(Money),
    /// The customer withdrew and every attempt has ended: close. Money that came nevertheless is then given back.
    Close,
}

impl Order {
    /// What the lines cost, without what they gave back and what need not be paid any more.
    pub fn owed(&self) -> Money {
        self.total - self.waived - self.refunded
    }

    /// What of it must be there by now.
    pub fn due(&self) -> Money {
        (self.due_now - self.refunded).max(Money::ZERO).min(self.owed())
    }

    /// What is still to be paid of a placed order of which `paid` is there. It is a task of the desk and blocks nothing.
    pub fn rest(&self, paid: Money) -> Money {
        match self.state {
            State::Placed | State::Fulfilled => (self.owed() - paid).max(Money::ZERO),
            _ => Money::ZERO,
        }
    }

    /// What the money on this order asks for now. `again` is what other tenders held for it until it closed and could give
    /// again.
    pub fn verdict(&self, holding: Holding, again: Money, now: Instant) -> Verdict {
        match self.state {
            State::Open => self.placed_if_covered(holding),
            State::Closing if self.ending != Some(Ending::Withdrawn) => match self.placed_if_covered(holding)
            {
                Verdict::Nothing if !holding.live => Verdict::Close,
                other => other,
            },
            State::Closing if holding.live => Verdict::Nothing,
            State::Closing => Verdict::Close,
            State::Placed => surplus(holding, self.due()),
            State::Fulfilled => surplus(holding, self.owed()),
            State::Cancelled => surplus(holding, self.kept),
            State::Closed if holding.paid > Money::ZERO && self.revivable(holding.paid + again, now) => {
                Verdict::AskToRevive
            }
            State::Closed => surplus(holding, Money::ZERO),
        }
    }

    fn placed_if_covered(&self, holding: Holding) -> Verdict {
        if holding.paid >= self.due_now {
            Verdict::Place
        } else {
            Verdict::Nothing
        }
    }

    fn revivable(&self, there: Money, now: Instant) -> bool {
        there >= self.due_now
            && self.ending == Some(Ending::Deadline)
            && self
                .ended_at
                .is_some_and(|ended| now < ended.plus_minutes(REVIVAL_MINUTES))
    }
}

fn surplus(holding: Holding, most: Money) -> Verdict {
    if holding.paid > most {
        Verdict::GiveBack(holding.paid - most)
    } else {
        Verdict::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant(1_795_000_000_000);

    fn order(state: State, ending: Option<Ending>) -> Order {
        Order {
            id: Id::from_raw(1),
            number: "261122-123456".to_owned(),
            shop: Id::from_raw(2),
            customer: Id::from_raw(3),
            title: "全身推拿".to_owned(),
            page: "/".to_owned(),
            state,
            total: Money::yuan(100),
            due_now: Money::yuan(100),
            deposit: None,
            kept: Money::yuan(30),
            refunded: Money::ZERO,
            waived: Money::ZERO,
            earned: Money::ZERO,
            deadline: NOW,
            policy: Policy::default(),
            ending,
            opened_at: NOW,
            placed_at: None,
            ended_at: Some(NOW),
            version: 1,
        }
    }

    #[test]
    fn every_transition() {
        let mut diagram = String::new();
        for state in State::ALL {
            for step in Step::ALL {
                let next = match state.after(*step) {
                    Some(next) => next.code(),
                    None if state.is_after(*step) => "(so already)",
                    None => "-",
                };
                diagram.push_str(&format!("{:9} {:6} {next}\n", state.code(), step.code()));
            }
        }
        insta::assert_snapshot!(diagram);
    }

    #[test]
    fn what_money_asks_for() {
        use Ending::{Deadline, Withdrawn};
        use Verdict::{AskToRevive, Close, GiveBack, Nothing, Place};
        let yuan = Money::yuan;
        let late = NOW.plus_minutes(REVIVAL_MINUTES);
        let cases = [
            (State::Open, None, 0, true, NOW, Nothing),
            (State::Open, None, 100, false, NOW, Place),
            (State::Open, None, 99, true, NOW, Nothing),
            (State::Closing, Some(Deadline), 0, true, NOW, Nothing),
            (State::Closing, Some(Deadline), 0, false, NOW, Close),
            (State::Closing, Some(Deadline), 100, false, NOW, Place),
            (State::Closing, Some(Withdrawn), 100, false, NOW, Close),
            (State::Closing, Some(Withdrawn), 0, true, NOW, Nothing),
            (State::Closed, Some(Deadline), 0, false, NOW, Nothing),
            (State::Closed, Some(Deadline), 100, false, NOW, AskToRevive),
            (
                State::Closed,
                Some(Deadline),
                100,
                false,
                late,
                GiveBack(yuan(100)),
            ),
            (State::Closed, Some(Deadline), 40, false, NOW, GiveBack(yuan(40))),
            (
                State::Closed,
                Some(Withdrawn),
                100,
                false,
                NOW,
                GiveBack(yuan(100)),
            ),
            (State::Placed, None, 100, false, NOW, Nothing),
            (State::Placed, None, 200, false, NOW, GiveBack(yuan(100))),
            (State::Fulfilled, None, 200, false, NOW, GiveBack(yuan(100))),
            (State::Cancelled, None, 30, false, NOW, Nothing),
            (State::Cancelled, None, 100, false, NOW, GiveBack(yuan(70))),
        ];
        for (state, ending, paid, live, now, wanted) in cases {
            let holding = Holding {
                paid: yuan(paid),
                live,
            };
            let verdict = order(state, ending).verdict(holding, Money::ZERO, now);
            assert_eq!(verdict, wanted, "{state} {ending:?} {paid} {live}");
        }
    }

    #[test]
    fn what_other_tenders_could_give_again_helps_late_money_but_revives_nothing_alone() {
        let closed = order(State::Closed, Some(Ending::Deadline));
        let verdict = |paid, again| {
            let holding = Holding {
                paid: Money::yuan(paid),
                live: false,
            };
            closed.verdict(holding, Money::yuan(again), NOW)
        };
        assert_eq!(verdict(80, 20), Verdict::AskToRevive);
        assert_eq!(verdict(80, 19), Verdict::GiveBack(Money::yuan(80)));
        assert_eq!(verdict(0, 100), Verdict::Nothing);
    }
}
