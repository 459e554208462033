//! Deposits, cash over the desk, several tenders on one order.

use kernel::{Actor, Error, Id, Money, Role};
use ledger::{Account, Kind, Transfer};

use super::{PRICE, SHOP, Till, ZHANG, tills};
use crate::{By, NewLine, NewOrder, Order, Policy, Source, State, Taken, Tender};

pub(super) const CLERK: Actor = Actor::Staff {
    id: Id::from_raw(31),
    shop: Some(SHOP),
    role: Role::Owner,
};

impl Till {
    /// An order of these lines of which so much is due at once.
    pub(super) fn open_due(&self, amounts: &[Money], due_now: Money) -> Order {
        let line = |(thing, amount): (i64, &Money)| NewLine {
            module: "booking",
            thing,
            title: format!("第 {thing} 项"),
            starts_at: Some(self.stand.clock.now().plus_minutes(600)),
            minutes: 60,
            amount: *amount,
        };
        let new = NewOrder {
            shop: SHOP,
            customer: ZHANG,
            title: "全身推拿 60 分钟".to_owned(),
            page: "/bookings/1".to_owned(),
            lines: (100..).zip(amounts).map(line).collect(),
            deadline: self.stand.clock.now().plus_minutes(15),
            policy: Policy::default(),
        };
        self.write(move |cx, tx| crate::open_due(cx, tx, &new, due_now))
            .unwrap()
    }

    pub(super) fn cash(&self, id: Id<Order>, key: &'static str, amount: Money) -> kernel::Result<Order> {
        self.by(CLERK, move |cx, tx| crate::take_cash(cx, tx, id, key, amount))
    }

    /// The customer pays what the sheet asks for: the amount.
    pub(super) fn pays(&self, id: Id<Order>) -> Money {
        let number = self.sheet(id).unwrap();
        let asked = Money(self.stand.wechat.there(&number).unwrap().total);
        assert!(self.stand.wechat.customer_pays(&number));
        self.told(&number);
        asked
    }

    /// What stands in the drawer, by the books.
    fn drawer(&self) -> Money {
        self.balance(Account::money("shop", SHOP.raw(), Kind::Cash))
    }

    pub(super) fn balance(&self, account: Account<'static>) -> Money {
        self.stand
            .db
            .read(move |tx| ledger::balance(tx, account))
            .wait()
            .unwrap()
    }

    pub(super) fn columns(&self, id: Id<Order>) -> Vec<(Tender, Money)> {
        let shares = self
            .stand
            .db
            .read(move |tx| crate::allocations(tx, id))
            .wait()
            .unwrap();
        let mut columns: Vec<(Tender, Money)> = Vec::new();
        for (_, tender, amount) in shares {
            match columns.iter_mut().find(|(known, _)| *known == tender) {
                Some((_, sum)) => *sum += amount,
                None => columns.push((tender, amount)),
            }
        }
        columns.retain(|(_, amount)| *amount > Money::ZERO);
        columns
    }

    fn paid(&self, id: Id<Order>) -> Money {
        self.stand.db.read(move |tx| crate::paid(tx, id)).wait().unwrap()
    }

    fn hand_everything_over(&self, id: Id<Order>) {
        self.by(CLERK, move |cx, tx| {
            for due in crate::returns(tx, id)? {
                crate::hand_over(cx, tx, due.id)?;
                // A second press is harmless.
                crate::hand_over(cx, tx, due.id)?;
            }
            Ok(())
        })
        .unwrap();
    }
}

#[test]
fn cash_over_the_desk_places_an_order_once() {
    for till in tills() {
        let id = till.open().id;
        for _ in 0..2 {
            assert_eq!(till.cash(id, "press", PRICE).unwrap().state, State::Placed);
        }
        till.stand.work();
        assert_eq!(till.heard(), ["placed"]);
        assert_eq!((till.drawer(), till.paid(id)), (PRICE, PRICE));
        assert_eq!(till.columns(id), [(Tender::Cash, PRICE)]);
        assert_eq!(till.sheet(id).unwrap_err().code(), Some("order.already_paid"));
        till.write(move |cx, tx| crate::fulfil(cx, tx, id)).unwrap();
        assert_eq!(till.books(id), (Money::ZERO, Money::ZERO, PRICE));
    }
}

#[test]
fn the_desk_takes_no_more_than_is_owed_and_only_of_its_own_shop() {
    for till in tills() {
        let id = till.open().id;
        for wrong in [Money::ZERO, Money(-1), PRICE + Money(1)] {
            assert_eq!(
                till.cash(id, "wrong", wrong).unwrap_err().code(),
                Some("order.too_much")
            );
        }
        let stranger = Actor::Staff {
            id: Id::from_raw(32),
            shop: Some(Id::from_raw(12)),
            role: Role::Owner,
        };
        let foreign = till.by(stranger, move |cx, tx| crate::take_cash(cx, tx, id, "k", PRICE));
        assert!(matches!(foreign, Err(Error::NotFound)));
        let customer = till.write(move |cx, tx| crate::take_cash(cx, tx, id, "k", PRICE));
        assert!(matches!(customer, Err(Error::NotFound)));
        till.stand.pass(16 * 60_000);
        assert_eq!(
            till.cash(id, "late", PRICE).unwrap_err().code(),
            Some("order.expired")
        );
        assert_eq!(till.drawer(), Money::ZERO);
    }
}

#[test]
fn cash_and_wechat_pay_one_order_together_and_go_back_in_proportion() {
    for till in tills() {
        let id = till.open_due(&[Money(10_000), Money(6_000)], Money(16_000)).id;
        assert_eq!(till.cash(id, "part", Money(4_000)).unwrap().state, State::Open);
        assert_eq!(till.pays(id), Money(12_000), "the sheet asks for what is left");
        assert_eq!(till.state(id), State::Placed);
        assert_eq!(
            till.columns(id),
            [(Tender::WeChat, Money(12_000)), (Tender::Cash, Money(4_000))]
        );
        // 10 % are kept.
        till.write(move |cx, tx| crate::cancel(cx, tx, id, By::Customer, Money(1_600), "临时有事"))
            .unwrap();
        assert_eq!(till.refunded(id), [Money(10_800)]);
        let due = till
            .stand
            .db
            .read(move |tx| crate::returns(tx, id))
            .wait()
            .unwrap();
        assert_eq!(
            due.iter().map(|due| due.amount).collect::<Vec<_>>(),
            [Money(3_600)]
        );
        assert_eq!(
            till.drawer(),
            Money(4_000),
            "the customer has not been to the desk yet"
        );
        till.hand_everything_over(id);
        assert_eq!(till.drawer(), Money(400));
        assert_eq!(till.books(id), (Money::ZERO, Money(1_200), Money(1_600)));
        assert_eq!(
            till.balance(Account::money("order", id.raw(), Kind::Refunding)),
            Money::ZERO
        );
    }
}

#[test]
fn a_sheet_for_the_old_amount_is_ended_when_cash_comes_in_between() {
    for till in tills() {
        let id = till.open().id;
        let old = till.sheet(id).unwrap();
        till.cash(id, "part", Money(2_850)).unwrap();
        till.stand.work();
        let new = till.sheet(id).unwrap();
        assert_ne!(old, new);
        assert!(!till.stand.wechat.customer_pays(&old), "it is closed at WeChat");
        assert!(till.stand.wechat.customer_pays(&new));
        till.told(&new);
        assert_eq!((till.state(id), till.paid(id)), (State::Placed, PRICE));
    }
}

#[test]
fn cash_on_an_order_that_closes_is_due_back() {
    for till in tills() {
        let id = till.open().id;
        till.cash(id, "part", Money(5_000)).unwrap();
        till.stand.pass(16 * 60_000);
        assert_eq!(till.state(id), State::Closed);
        let due = till
            .stand
            .db
            .read(move |tx| crate::returns(tx, id))
            .wait()
            .unwrap();
        assert_eq!(due.iter().map(|due| due.amount).sum::<Money>(), Money(5_000));
        till.hand_everything_over(id);
        assert_eq!((till.drawer(), till.paid(id)), (Money::ZERO, Money::ZERO));
    }
}

#[test]
fn a_deposit_places_the_order_and_the_rest_is_paid_in_the_app() {
    for till in tills() {
        let order = till.open_due(&[Money(10_000), Money(6_000)], Money(5_000));
        let id = order.id;
        assert_eq!(till.pays(id), Money(5_000));
        let placed = till.get(id);
        assert_eq!(
            (placed.state, placed.rest(Money(5_000))),
            (State::Placed, Money(11_000))
        );
        assert_eq!(till.sheet(id).unwrap_err().code(), Some("order.already_paid"));
        for _ in 0..2 {
            till.write(move |cx, tx| crate::ask_rest(cx, tx, id)).unwrap();
        }
        assert_eq!(till.pays(id), Money(11_000));
        assert_eq!(till.paid(id), Money(16_000));
        assert_eq!(till.columns(id), [(Tender::WeChat, Money(16_000))]);
        let again = till.write(move |cx, tx| crate::ask_rest(cx, tx, id));
        assert_eq!(again.unwrap_err().code(), Some("order.already_paid"));
        till.write(move |cx, tx| crate::fulfil(cx, tx, id)).unwrap();
        assert_eq!(till.books(id), (Money::ZERO, Money(16_000), Money(16_000)));
    }
}

#[test]
fn a_deposit_paid_twice_goes_back_while_nobody_asked_for_the_rest() {
    for till in tills() {
        let id = till.open_due(&[Money(16_000)], Money(5_000)).id;
        till.pays(id);
        till.stand.clock.pass(1_000);
        // Another window held an attempt of its own: made here beside the guard of the order's state.
        let second = till
            .write(move |cx, tx| {
                let new = payment::NewPayment {
                    purpose: crate::purpose(id),
                    shop: SHOP,
                    sub_mchid: Some(payment::testing::SUB_MCHID.to_owned()),
                    amount: Money(5_000),
                    description: "again".to_owned(),
                    openid: payment::testing::OPENID.to_owned(),
                    expires_at: cx.now().plus_minutes(10),
                };
                payment::open(cx, tx, &new)
            })
            .unwrap();
        let cx = till.stand.cx(Actor::System("test"));
        payment::prepay(&till.stand.db, &cx, &till.stand.pay, second.id).unwrap();
        till.stand.wechat.customer_pays(&second.out_trade_no);
        till.told(&second.out_trade_no);
        assert_eq!(till.refunded(id), [Money(5_000)]);
        assert_eq!(till.paid(id), Money(5_000));
    }
}

#[test]
fn an_unpaid_rest_never_blocks_and_is_earned_when_it_comes() {
    for till in tills() {
        let id = till.open_due(&[PRICE], Money::ZERO).id;
        till.stand.work();
        assert_eq!(
            (till.state(id), till.heard()),
            (State::Placed, vec!["placed".to_owned()])
        );
        till.write(move |cx, tx| crate::fulfil(cx, tx, id)).unwrap();
        assert_eq!(till.books(id), (Money::ZERO, Money::ZERO, Money::ZERO));
        assert_eq!(till.get(id).rest(Money::ZERO), PRICE, "it stays a task");
        till.cash(id, "part", Money(2_850)).unwrap();
        assert_eq!(till.books(id), (Money::ZERO, Money::ZERO, Money(2_850)));
        till.write(move |cx, tx| crate::ask_rest(cx, tx, id)).unwrap();
        assert_eq!(till.pays(id), Money(10_000));
        assert_eq!(till.books(id), (Money::ZERO, Money(10_000), PRICE));
        assert_eq!(till.get(id).rest(till.paid(id)), Money::ZERO);
    }
}

#[test]
fn what_another_account_holds_is_reserved_committed_and_given_back() {
    for till in tills() {
        let source = Source::value(("card", 7));
        const VALUE: Account<'static> = Account::money("card", 7, Kind::Value);
        till.write(|cx, tx| {
            let top_up = Transfer {
                debit: Account::money("shop", SHOP.raw(), Kind::Cash),
                credit: VALUE,
                amount: Money(6_000),
                cause: ("top_up", 1),
                key: "",
            };
            ledger::transfer(cx, tx, &top_up)
        })
        .unwrap();
        let (first, second) = (till.open().id, till.open().id);
        let taking = till
            .write(move |cx, tx| crate::reserve(cx, tx, first, &source, Money(4_000)))
            .unwrap();
        let more = till.write(move |cx, tx| crate::reserve(cx, tx, second, &source, Money(2_001)));
        assert_eq!(more.unwrap_err().code(), Some("ledger.not_covered"));
        till.write(move |cx, tx| crate::release(cx, tx, taking)).unwrap();
        let all = till.write(move |cx, tx| crate::reserve(cx, tx, second, &source, Money(6_000)));
        all.unwrap();
        assert_eq!(
            till.columns(first),
            [(Tender::WeChat, PRICE)],
            "WeChat is asked for it again"
        );
        assert_eq!(till.pays(second), PRICE - Money(6_000));
        let takings = till
            .stand
            .db
            .read(move |tx| crate::takings(tx, second))
            .wait()
            .unwrap();
        assert_eq!(takings[0].state, Taken::Committed);
        assert_eq!(till.balance(VALUE), Money::ZERO);
        let id = takings[0].id;
        let late = till.write(move |cx, tx| crate::release(cx, tx, id));
        assert_eq!(late.unwrap_err().code(), Some("order.not_reserved"));
        till.write(move |cx, tx| crate::cancel(cx, tx, second, By::Shop, Money::ZERO, "停电"))
            .unwrap();
        assert_eq!(
            till.balance(VALUE),
            Money(-6_000),
            "back where it came from, without a hand"
        );
    }
}

#[test]
fn what_was_reserved_is_free_when_the_order_closes() {
    for till in tills() {
        let id = till.open().id;
        let taking = till
            .write(move |cx, tx| crate::reserve(cx, tx, id, &Source::cash(SHOP), Money(4_000)))
            .unwrap();
        till.stand.pass(16 * 60_000);
        let takings = till
            .stand
            .db
            .read(move |tx| crate::takings(tx, id))
            .wait()
            .unwrap();
        assert_eq!((takings[0].id, takings[0].state), (taking, Taken::Lapsed));
        assert_eq!((till.state(id), till.drawer()), (State::Closed, Money::ZERO));
        let returns = till
            .stand
            .db
            .read(move |tx| crate::returns(tx, id))
            .wait()
            .unwrap();
        assert_eq!(returns, [], "nothing was taken, nothing goes back");
    }
}

#[test]
fn one_of_two_tenders_that_is_stuck_does_not_hold_up_the_other() {
    for till in tills() {
        let id = till.open().id;
        till.cash(id, "part", Money(2_850)).unwrap();
        till.pays(id);
        till.write(move |cx, tx| crate::cancel(cx, tx, id, By::Shop, Money::ZERO, "停电"))
            .unwrap();
        till.stand.pass(70_000);
        let refunds = || {
            let all = move |tx: &mut db::Tx| payment::refunds(tx, &crate::purpose(id));
            till.stand.db.read(all).wait().unwrap()
        };
        let stuck = till
            .stand
            .wechat
            .refund_ends(&refunds()[0].out_refund_no, "ABNORMAL");
        assert_eq!(till.stand.deliver(&stuck), 204);
        till.stand.work();
        assert_eq!(refunds()[0].state, payment::RefundState::Abnormal);
        till.hand_everything_over(id);
        assert_eq!(till.drawer(), Money::ZERO, "the cash is back");
        assert_eq!(
            till.books(id).0,
            Money(10_000),
            "the rest waits for a person and is not lost"
        );
        assert_eq!(refunds().len(), 1, "nothing is given back twice");
    }
}
