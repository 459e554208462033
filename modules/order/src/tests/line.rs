//! Money that goes back for one line.

use kernel::{Error, Id, Money};
use proptest::prelude::*;

use super::{Till, tender::CLERK, till, tills};
use crate::{By, Line, Order, State};

impl Till {
    fn two_lines(&self) -> (Id<Order>, Vec<Id<Line>>) {
        let id = self.open_due(&[Money(10_000), Money(6_000)], Money(16_000)).id;
        self.pays(id);
        (id, self.line_ids(id))
    }

    fn line_ids(&self, id: Id<Order>) -> Vec<Id<Line>> {
        let lines = self.stand.db.read(move |tx| crate::lines(tx, id)).wait().unwrap();
        lines.iter().map(|line| line.id).collect()
    }

    fn drops(&self, id: Id<Order>, line: Id<Line>, by: By) -> kernel::Result<Money> {
        self.write(move |cx, tx| crate::drop_line(cx, tx, id, line, by, "一人不来"))
    }

    /// WeChat closes the one refund of an order.
    pub(super) fn fails(&self, id: Id<Order>) -> Id<payment::Refund> {
        self.ends(id, "CLOSED")
    }

    /// The newest refund of an order ends at WeChat.
    pub(super) fn ends(&self, id: Id<Order>, status: &str) -> Id<payment::Refund> {
        self.stand.work();
        let refunds = self
            .stand
            .db
            .read(move |tx| payment::refunds(tx, &crate::purpose(id)))
            .wait()
            .unwrap();
        let refund = refunds.last().unwrap();
        let notice = self.stand.wechat.refund_ends(&refund.out_refund_no, status);
        assert_eq!(self.stand.deliver(&notice), 204);
        self.stand.work();
        refund.id
    }

    fn asked_back(&self, id: Id<Order>) -> Money {
        let refunds = self
            .stand
            .db
            .read(move |tx| payment::refunds(tx, &crate::purpose(id)))
            .wait()
            .unwrap();
        refunds.iter().map(|refund| refund.amount).sum()
    }
}

#[test]
fn one_of_two_lines_gives_back_its_own_row_and_the_other_stands() {
    for till in tills() {
        let (id, lines) = till.two_lines();
        for given in [Money(6_000), Money::ZERO] {
            assert_eq!(till.drops(id, lines[1], By::Shop).unwrap(), given);
        }
        assert_eq!(till.refunded(id), [Money(6_000)]);
        let order = till.get(id);
        assert_eq!((order.state, order.owed()), (State::Placed, Money(10_000)));
        till.write(move |cx, tx| crate::fulfil(cx, tx, id)).unwrap();
        assert_eq!(till.books(id), (Money::ZERO, Money(10_000), Money(10_000)));
        assert_eq!(till.heard(), ["placed"]);
    }
}

#[test]
fn a_customers_late_cancellation_of_a_line_costs_what_the_policy_says() {
    for till in tills() {
        let (id, lines) = till.two_lines();
        // An hour before the start: 30 % of the row stay.
        till.stand.clock.pass(540 * 60_000);
        assert_eq!(till.drops(id, lines[1], By::Customer).unwrap(), Money(4_200));
        let given = till
            .stand
            .db
            .read(move |tx| crate::line_refunds(tx, id))
            .wait()
            .unwrap();
        assert_eq!((given[0].amount, given[0].kept), (Money(4_200), Money(1_800)));
        assert_eq!(till.get(id).owed(), Money(11_800));
    }
}

/// Found by the simulation (seed 90): the shop earned what WeChat had not given back, and nobody could give it back any more.
#[test]
fn what_a_failed_refund_was_to_give_back_never_becomes_the_shops() {
    for till in tills() {
        let (id, lines) = till.two_lines();
        till.drops(id, lines[1], By::Shop).unwrap();
        let failed = till.fails(id);
        till.stand.clock.pass(540 * 60_000);
        assert_eq!(till.drops(id, lines[0], By::Customer).unwrap(), Money(7_000));
        assert_eq!(till.get(id).kept, Money(3_000));
        till.write(move |cx, tx| payment::refund_again(cx, tx, failed))
            .unwrap();
        till.refunded(id);
        assert_eq!(till.books(id), (Money::ZERO, Money(3_000), Money(3_000)));

        // The same where the rest was done and half of it is given back afterwards.
        let (id, lines) = till.two_lines();
        till.drops(id, lines[1], By::Shop).unwrap();
        let failed = till.fails(id);
        till.write(move |cx, tx| crate::fulfil(cx, tx, id)).unwrap();
        let line = lines[0];
        till.write(move |cx, tx| crate::refund_line(cx, tx, id, line, 5_000, "不满意"))
            .unwrap();
        till.write(move |cx, tx| payment::refund_again(cx, tx, failed))
            .unwrap();
        // Parts go a minute apart.
        till.stand.pass(70_000);
        till.refunded(id);
        // With what the first order brought.
        assert_eq!(till.books(id), (Money::ZERO, Money(8_000), Money(8_000)));
    }
}

#[test]
fn dropping_the_last_line_cancels_the_order() {
    for till in tills() {
        let (id, lines) = till.two_lines();
        till.drops(id, lines[0], By::Shop).unwrap();
        till.stand.clock.pass(540 * 60_000);
        till.drops(id, lines[1], By::Customer).unwrap();
        till.stand.work();
        let order = till.get(id);
        assert_eq!((order.state, order.kept), (State::Cancelled, Money(1_800)));
        assert_eq!(till.heard(), ["placed", "cancelled"]);
        assert_eq!(till.asked_back(id), Money(14_200));
        till.stand.pass(70_000);
        till.stand.pass(70_000);
        till.refunded(id);
        assert_eq!(till.books(id), (Money::ZERO, Money(1_800), Money(1_800)));
    }
}

#[test]
fn a_line_of_an_order_with_a_deposit_gives_back_its_share_and_waives_its_rest() {
    for till in tills() {
        let id = till.open_due(&[Money(10_000), Money(6_000)], Money(5_000)).id;
        till.pays(id);
        let line = till.line_ids(id)[1];
        assert_eq!(till.drops(id, line, By::Shop).unwrap(), Money(1_875));
        let order = till.get(id);
        assert_eq!(order.owed(), Money(10_000));
        assert_eq!(order.rest(Money(3_125)), Money(6_875));
        till.cash(id, "rest", Money(6_875)).unwrap();
        assert_eq!(
            till.cash(id, "more", Money(1)).unwrap_err().code(),
            Some("order.too_much")
        );
    }
}

#[test]
fn a_refund_after_the_service_takes_back_what_was_earned() {
    for till in tills() {
        let (id, lines) = till.two_lines();
        till.write(move |cx, tx| crate::fulfil(cx, tx, id)).unwrap();
        let (first, line) = (lines[0], (id, lines[1]));
        for _ in 0..2 {
            let given = till.by(CLERK, move |cx, tx| {
                crate::refund_line_at_desk(cx, tx, line, "press", crate::Portion::Share(5_000), "力度不合适")
            });
            assert_eq!(given.unwrap().amount, Money(3_000), "the same press once");
        }
        assert_eq!(till.refunded(id), [Money(3_000)]);
        assert_eq!(till.books(id), (Money::ZERO, Money(13_000), Money(13_000)));
        let foreign =
            till.write(move |cx, tx| crate::refund_line(cx, tx, id, Id::from_raw(1), 10_000, "没有这一项"));
        assert!(matches!(foreign, Err(Error::NotFound)));
        let open = till.open().id;
        let unpaid = till.write(move |cx, tx| crate::refund_line(cx, tx, open, first, 10_000, ""));
        assert!(matches!(unpaid, Err(Error::NotFound)));
    }
}

#[test]
fn twenty_who_drop_a_line_at_once_give_it_back_once() {
    for till in tills() {
        let (id, lines) = till.two_lines();
        std::thread::scope(|threads| {
            for _ in 0..20 {
                threads.spawn(|| drop(till.drops(id, lines[1], By::Shop)));
            }
        });
        assert_eq!(till.asked_back(id), Money(6_000));
        assert_eq!(till.get(id).refunded, Money(6_000));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Lines refunded and dropped in any order, paid by any mix: never more goes back than came in, by no tender; what is
    /// left is what the order still owes, and the books hold it.
    #[test]
    fn any_order_of_partial_refunds_stays_within_what_was_paid(
        prices in prop::collection::vec(1..50_000i64, 1..4),
        cash in 0..10_000i64,
        deposit in 1..=10_000i64,
        history in prop::collection::vec((0..4usize, 0..=10_000i64, any::<bool>(), any::<bool>()), 1..8),
    ) {
        let till = till(db::testing::sqlite());
        let prices: Vec<Money> = prices.into_iter().map(Money).collect();
        let total: Money = prices.iter().copied().sum();
        let due = total.share(deposit).max(Money(1));
        let id = till.open_due(&prices, due).id;
        let part = due.share(cash);
        if part > Money::ZERO {
            till.cash(id, "part", part).unwrap();
        }
        if part < due {
            prop_assert_eq!(till.pays(id), due - part);
        }
        prop_assert_eq!(till.state(id), State::Placed);
        let lines = till.line_ids(id);
        for (index, share, dropping, by_customer) in history {
            let line = lines[index % lines.len()];
            let by = if by_customer { By::Customer } else { By::Shop };
            let done = if dropping {
                till.drops(id, line, by)
            } else {
                till.write(move |cx, tx| crate::refund_line(cx, tx, id, line, share, "部分"))
            };
            if till.state(id) == State::Placed {
                prop_assert!(done.is_ok(), "{done:?}");
            }
            let (paid, order, returns) = till.stand.db.read(move |tx| {
                Ok((crate::paid(tx, id)?, crate::order(tx, id)?, crate::returns(tx, id)?))
            }).wait().unwrap();
            let returned: Money = returns.iter().map(|due| due.amount).sum();
            prop_assert!(returned <= part);
            prop_assert!(till.asked_back(id) <= due - part);
            prop_assert_eq!(paid + returned + till.asked_back(id), due);
            prop_assert_eq!(paid, due - order.refunded);
            prop_assert!(order.owed() >= paid && order.due() >= Money::ZERO);
            // What WeChat has not sent yet is still on the order.
            let held = till.books(id).0;
            let waiting = till.asked_back(id);
            let kept = if order.state == State::Cancelled { Money::ZERO } else { paid };
            prop_assert_eq!(held, kept + waiting);
        }
    }
}
