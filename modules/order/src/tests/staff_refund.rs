//! Money that staff give back, and the second person.

use kernel::{Actor, Id, Money, Role};
use payment::{Refund, RefundState};

use super::{SHOP, Till, tender::CLERK, tills};
use crate::{AskedBack, By, Line, Order, Portion, State};

const SECOND: Actor = Actor::Staff {
    id: Id::from_raw(32),
    shop: Some(SHOP),
    role: Role::Owner,
};

impl Till {
    /// An order of these lines, paid through WeChat.
    fn paid_for(&self, amounts: &[Money]) -> (Id<Order>, Vec<Id<Line>>) {
        let sum = amounts.iter().copied().sum();
        let id = self.open_due(amounts, sum).id;
        self.pays(id);
        let lines = self.stand.db.read(move |tx| crate::lines(tx, id)).wait().unwrap();
        (id, lines.iter().map(|line| line.id).collect())
    }

    fn gives(
        &self,
        (id, line): (Id<Order>, Id<Line>),
        key: &'static str,
        amount: Money,
    ) -> kernel::Result<AskedBack> {
        let given = self.by(CLERK, move |cx, tx| {
            crate::refund_line_at_desk(cx, tx, (id, line), key, Portion::Amount(amount), "按得不好")
        });
        // Identifiers of one millisecond have no order.
        self.stand.clock.pass(1);
        given
    }

    fn refunds(&self, id: Id<Order>) -> Vec<Refund> {
        let read = self
            .stand
            .db
            .read(move |tx| payment::refunds(tx, &crate::purpose(id)));
        read.wait().unwrap()
    }

    /// The refund that waits for a second person.
    fn waiting(&self, id: Id<Order>) -> Id<Refund> {
        let refunds = self.refunds(id);
        refunds.iter().find(|refund| refund.waits()).unwrap().id
    }

    /// The second person says no to it.
    fn rejects(&self, id: Id<Order>) {
        let refund = self.waiting(id);
        self.by(SECOND, move |cx, tx| {
            payment::reject_refund(cx, tx, refund, "已经按完")
        })
        .unwrap();
    }

    fn rest(&self, id: Id<Order>) -> Money {
        let read = move |tx: &mut db::Tx| Ok(crate::order(tx, id)?.rest(crate::paid(tx, id)?));
        self.stand.db.read(read).wait().unwrap()
    }

    fn fulfils(&self, id: Id<Order>) {
        self.by(CLERK, move |cx, tx| crate::fulfil(cx, tx, id)).unwrap();
    }
}

fn code<T: std::fmt::Debug>(answer: kernel::Result<T>) -> Option<&'static str> {
    answer.unwrap_err().code()
}

#[test]
fn what_staff_gave_back_is_not_asked_for_again_and_does_not_hinder_what_comes_later() {
    for till in tills() {
        let (id, lines) = till.paid_for(&[Money::yuan(100), Money::yuan(60)]);
        let of = (id, lines[0]);
        for _ in 0..2 {
            let given = till.gives(of, "press", Money::yuan(20)).unwrap();
            assert_eq!((given.amount, given.waits), (Money::yuan(20), false));
        }
        assert_eq!(till.rest(id), Money::ZERO);
        assert_eq!(
            code(till.gives(of, "more", Money::yuan(80) + Money(1))),
            Some("order.too_much_back")
        );
        assert_eq!(code(till.gives(of, "none", Money::ZERO)), Some("order.no_amount"));
        // Then the shop calls this line off: what is left of it goes back, and the other is done.
        let line = lines[0];
        till.by(CLERK, move |cx, tx| {
            crate::drop_line(cx, tx, id, line, By::Shop, "师傅病了")
        })
        .unwrap();
        till.fulfils(id);
        assert_eq!(till.refunded(id), [Money::yuan(20), Money::yuan(80)]);
        assert_eq!(till.rest(id), Money::ZERO);
        assert_eq!(till.books(id), (Money::ZERO, Money::yuan(60), Money::yuan(60)));
    }
}

#[test]
fn above_five_hundred_yuan_of_an_order_a_second_person_decides() {
    for till in tills() {
        let (id, lines) = till.paid_for(&[Money::yuan(400), Money::yuan(400)]);
        assert!(!till.gives((id, lines[0]), "a", Money::yuan(400)).unwrap().waits);
        let more = till.gives((id, lines[1]), "b", Money::yuan(101)).unwrap();
        assert!(more.waits, "501 yuan of one order, though 400 at most of a line");
        till.stand.pass(10 * 60_000);
        let waiting = till.waiting(id);
        assert!(
            till.by(CLERK, move |cx, tx| payment::approve_refund(cx, tx, waiting))
                .is_err()
        );
        till.by(SECOND, move |cx, tx| payment::approve_refund(cx, tx, waiting))
            .unwrap();
        assert_eq!(till.refunded(id), [Money::yuan(400), Money::yuan(101)]);
        till.fulfils(id);
        assert_eq!(till.books(id), (Money::ZERO, Money::yuan(299), Money::yuan(299)));
    }
}

#[test]
fn a_rejected_refund_pays_for_its_line_again() {
    for till in tills() {
        let (id, lines) = till.paid_for(&[Money::yuan(800), Money::yuan(100)]);
        till.fulfils(id);
        let given = till.gives((id, lines[0]), "a", Money::yuan(600)).unwrap();
        assert!(given.waits);
        let order = till.get(id);
        assert_eq!(
            (order.refunded, order.earned),
            (Money::yuan(600), Money::yuan(300))
        );
        till.rejects(id);
        till.stand.work();
        let order = till.get(id);
        assert_eq!((order.refunded, order.earned), (Money::ZERO, Money::yuan(900)));
        assert_eq!(till.rest(id), Money::ZERO);
        assert_eq!(till.books(id), (Money::ZERO, Money::yuan(900), Money::yuan(900)));
        // It can be asked for again, up to the whole line.
        assert!(till.gives((id, lines[0]), "b", Money::yuan(800)).unwrap().waits);
        till.rejects(id);
        till.stand.work();
        till.stand.work();
        assert_eq!(till.get(id).earned, Money::yuan(900));
        till.stand.pass(10 * 60_000);
        assert_eq!(till.stand.wechat.counts().1, 0, "WeChat never heard of any");
    }
}

#[test]
fn money_that_was_rejected_is_never_taken_for_too_much() {
    for till in tills() {
        let (id, lines) = till.paid_for(&[Money::yuan(800)]);
        till.gives((id, lines[0]), "a", Money::yuan(600)).unwrap();
        let refund = till.waiting(id);
        // Other news of money comes before the order was told.
        till.by(SECOND, move |cx, tx| {
            payment::reject_refund(cx, tx, refund, "已经按完")?;
            crate::settle(cx, tx, id)
        })
        .unwrap();
        till.stand.work();
        assert_eq!(till.refunds(id).len(), 1);
        assert_eq!((till.get(id).refunded, till.rest(id)), (Money::ZERO, Money::ZERO));
    }
}

#[test]
fn what_is_rejected_after_its_line_or_order_was_called_off_goes_back_after_all() {
    for till in tills() {
        // The line alone.
        let (id, lines) = till.paid_for(&[Money::yuan(800), Money::yuan(100)]);
        till.gives((id, lines[0]), "a", Money::yuan(600)).unwrap();
        let line = lines[0];
        till.by(CLERK, move |cx, tx| {
            crate::drop_line(cx, tx, id, line, By::Shop, "师傅病了")
        })
        .unwrap();
        till.rejects(id);
        till.stand.work();
        let live = |refund: &Refund| refund.state != RefundState::Rejected;
        let back = |id| -> Money {
            let refunds = till.refunds(id).into_iter().filter(live);
            refunds.map(|refund| refund.amount).sum()
        };
        assert_eq!(back(id), Money::yuan(800));
        assert_eq!(till.rest(id), Money::ZERO);
        till.fulfils(id);
        assert_eq!(till.get(id).earned, Money::yuan(100));

        // The whole order.
        let (id, lines) = till.paid_for(&[Money::yuan(800)]);
        till.gives((id, lines[0]), "b", Money::yuan(600)).unwrap();
        till.by(CLERK, move |cx, tx| {
            crate::cancel(cx, tx, id, By::Shop, Money::ZERO, "师傅病了")
        })
        .unwrap();
        till.rejects(id);
        till.stand.work();
        assert_eq!(back(id), Money::yuan(800));
        assert_eq!(till.get(id).state, State::Cancelled);
    }
}

#[test]
fn the_fourth_time_a_person_gives_back_on_one_day_waits() {
    for till in tills() {
        let (id, lines) = till.paid_for(&[Money::yuan(100)]);
        for (key, waits) in [("a", false), ("b", false), ("c", false), ("d", true)] {
            assert_eq!(till.gives((id, lines[0]), key, Money(1)).unwrap().waits, waits);
        }
    }
}

#[test]
fn cash_is_handed_over_without_a_second_person() {
    for till in tills() {
        let id = till.open_due(&[Money::yuan(900)], Money::yuan(100)).id;
        till.pays(id);
        till.cash(id, "till", Money::yuan(800)).unwrap();
        let line = till.stand.db.read(move |tx| crate::lines(tx, id)).wait().unwrap()[0].id;
        let given = till.gives((id, line), "a", Money::yuan(450)).unwrap();
        assert_eq!((given.amount, given.waits), (Money::yuan(450), false));
        let returns = till
            .stand
            .db
            .read(move |tx| crate::returns(tx, id))
            .wait()
            .unwrap();
        assert_eq!(returns[0].amount, Money::yuan(400));
        assert_eq!(till.refunds(id)[0].amount, Money::yuan(50));
    }
}
