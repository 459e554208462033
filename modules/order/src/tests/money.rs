//! Money that comes early, late, twice or not at all.

use kernel::{Actor, Money};
use payment::testing::Mood;
use proptest::prelude::*;

use super::{Answer, PRICE, Till, till, tills};
use crate::{By, Ending, Order, State};

impl Till {
    fn abandon(&self, order: &Order) -> State {
        let id = order.id;
        self.write(move |cx, tx| crate::abandon(cx, tx, id))
            .unwrap()
            .state
    }
}

#[test]
fn paid_in_the_last_second_keeps_the_place() {
    for till in tills() {
        let order = till.open();
        let number = till.sheet(order.id).unwrap();
        till.stand.pass(15 * 60_000 - 1_000);
        assert!(till.stand.wechat.customer_pays(&number));
        till.stand.clock.pass(1_000);
        till.stand.work();
        assert_eq!(till.state(order.id), State::Placed);
        assert_eq!(till.heard(), ["placed"]);
    }
}

#[test]
fn the_customer_pays_while_the_order_closes() {
    for till in tills() {
        let order = till.open();
        let number = till.sheet(order.id).unwrap();
        till.stand.clock.pass(15 * 60_000);
        till.stand.wechat.mood(Mood::Away);
        till.stand.work();
        assert_eq!(till.state(order.id), State::Closing);
        assert_eq!(
            till.sheet(order.id).unwrap_err().code(),
            Some("order.expired"),
            "no new prepay"
        );
        till.stand.wechat.mood(Mood::Well);
        assert!(till.stand.wechat.customer_pays(&number));
        till.stand.pass(60_000);
        assert_eq!(
            (till.state(order.id), till.heard()),
            (State::Placed, vec!["placed".to_owned()])
        );
    }
}

#[test]
fn a_withdrawn_order_that_was_paid_meanwhile_is_closed_and_given_back() {
    for till in tills() {
        let order = till.open();
        let number = till.sheet(order.id).unwrap();
        assert_eq!(till.abandon(&order), State::Closing, "WeChat is asked first");
        till.stand.wechat.customer_pays(&number);
        till.stand.work();
        let closed = till.get(order.id);
        assert_eq!(
            (closed.state, closed.ending),
            (State::Closed, Some(Ending::Withdrawn))
        );
        assert_eq!(till.refunded(order.id), [PRICE]);
        assert_eq!(till.heard(), ["closed"]);
        assert_eq!(till.books(order.id), (Money::ZERO, Money::ZERO, Money::ZERO));
    }
}

/// WeChat is silent until the order is closed without certainty, though the customer has paid.
fn closed_but_paid(till: &Till) -> (Order, String) {
    let order = till.open();
    let number = till.sheet(order.id).unwrap();
    till.stand.pass(14 * 60_000);
    till.stand.wechat.mood(Mood::Away);
    till.stand.wechat.customer_pays(&number);
    till.stand.pass(13 * 60_000);
    assert_eq!(till.state(order.id), State::Closed);
    till.stand.wechat.mood(Mood::Well);
    (order, number)
}

#[test]
fn money_on_a_closed_order_revives_it_when_the_time_is_still_free() {
    for till in tills() {
        till.answers(Answer::Revive);
        let (order, number) = closed_but_paid(&till);
        till.told(&number);
        let revived = till.get(order.id);
        assert_eq!(
            (revived.state, revived.ending, revived.ended_at),
            (State::Placed, None, None)
        );
        assert_eq!(till.heard(), ["closed", "paid_late", "placed"]);
        till.stand.pass(60 * 60_000);
        assert_eq!(till.state(order.id), State::Placed);
        assert_eq!(till.books(order.id), (PRICE, PRICE, Money::ZERO));
    }
}

#[test]
fn money_on_a_closed_order_goes_back_when_the_time_is_taken() {
    for till in tills() {
        till.answers(Answer::GiveBack);
        let (order, number) = closed_but_paid(&till);
        till.told(&number);
        assert_eq!(till.refunded(order.id), [PRICE]);
        assert_eq!(till.state(order.id), State::Closed);
        assert_eq!(till.books(order.id), (Money::ZERO, Money::ZERO, Money::ZERO));
    }
}

#[test]
fn money_that_comes_too_late_goes_back_without_asking() {
    for till in tills() {
        till.answers(Answer::Revive);
        let (order, number) = closed_but_paid(&till);
        till.stand.clock.pass(31 * 60_000);
        till.told(&number);
        assert_eq!(
            (till.state(order.id), till.heard()),
            (State::Closed, vec!["closed".to_owned()])
        );
        assert_eq!(till.refunded(order.id), [PRICE]);
    }
}

#[test]
fn late_money_that_nobody_answers_for_goes_back_after_half_an_hour() {
    for till in tills() {
        let (order, number) = closed_but_paid(&till);
        till.told(&number);
        assert_eq!(till.heard(), ["closed", "paid_late"]);
        till.stand.pass(32 * 60_000);
        assert_eq!(till.refunded(order.id), [PRICE]);
    }
}

impl super::Till {
    /// The price is paid once more, in another window that held an attempt of its own: made here beside the guard of the
    /// order's state.
    pub(super) fn pays_again(&self, id: kernel::Id<Order>) {
        let second = self
            .write(move |cx, tx| {
                let new = payment::NewPayment {
                    purpose: crate::purpose(id),
                    shop: super::SHOP,
                    sub_mchid: Some(payment::testing::SUB_MCHID.to_owned()),
                    amount: PRICE,
                    description: "again".to_owned(),
                    openid: payment::testing::OPENID.to_owned(),
                    expires_at: cx.now().plus_minutes(10),
                };
                payment::open(cx, tx, &new)
            })
            .unwrap();
        let cx = self.stand.cx(Actor::System("test"));
        payment::prepay(&self.stand.db, &cx, &self.stand.pay, second.id).unwrap();
        self.stand.wechat.customer_pays(&second.out_trade_no);
        self.told(&second.out_trade_no);
    }
}

#[test]
fn a_second_payment_of_a_placed_order_goes_back() {
    for till in tills() {
        let (order, _) = till.placed();
        till.stand.clock.pass(1_000);
        let id = order.id;
        till.pays_again(id);
        assert_eq!(till.refunded(id), [PRICE]);
        assert_eq!(
            (till.state(id), till.heard()),
            (State::Placed, vec!["placed".to_owned()])
        );
        assert_eq!(till.books(id), (PRICE, PRICE, Money::ZERO));
    }
}

#[test]
fn a_wrong_amount_places_nothing() {
    for till in tills() {
        let order = till.open();
        let number = till.sheet(order.id).unwrap();
        till.stand.wechat.customer_pays(&number);
        till.stand.wechat.spoil(&number, |there| there.total = 1);
        till.told(&number);
        assert_eq!(till.state(order.id), State::Open);
        till.stand.pass(17 * 60_000);
        assert_eq!(
            (till.state(order.id), till.heard()),
            (State::Closed, vec!["closed".to_owned()])
        );
        assert_eq!(till.stand.db.read(payment::quarantined).wait().unwrap().len(), 1);
        assert_eq!(till.books(order.id), (Money::ZERO, Money::ZERO, Money::ZERO));
    }
}

#[test]
fn a_cancelled_order_gives_back_what_is_not_kept() {
    let cases = [
        (By::Customer, Money(3_855), Money(3_855)),
        (By::Customer, Money::ZERO, Money::ZERO),
        (By::Customer, Money(99_999), PRICE),
        (By::Shop, Money(3_855), Money::ZERO),
        (By::Centre, Money(3_855), Money::ZERO),
    ];
    for till in tills() {
        let mut earned = Money::ZERO;
        for (by, asked, kept) in cases {
            let (order, _) = till.placed();
            for _ in 0..2 {
                let cancelled =
                    till.write(move |cx, tx| crate::cancel(cx, tx, order.id, by, asked, "临时有事"));
                assert_eq!(cancelled.unwrap().kept, kept);
            }
            earned += kept;
            let back = till.refunded(order.id);
            assert_eq!(
                back,
                if kept == PRICE { vec![] } else { vec![PRICE - kept] },
                "{by} {asked}"
            );
            assert_eq!(till.books(order.id), (Money::ZERO, earned, earned));
        }
        assert_eq!(
            till.heard().iter().filter(|event| *event == "cancelled").count(),
            cases.len()
        );
    }
}

#[test]
fn twenty_cancellations_at_once_give_back_once() {
    for till in tills() {
        let id = till.placed().0.id;
        std::thread::scope(|threads| {
            for _ in 0..20 {
                threads.spawn(|| {
                    till.write(move |cx, tx| crate::cancel(cx, tx, id, By::Shop, Money::ZERO, "停电"))
                        .unwrap()
                });
            }
        });
        assert_eq!(till.refunded(id), [PRICE]);
        assert_eq!(till.heard(), ["placed", "cancelled"]);
    }
}

/// What may happen around one order, in any order.
#[derive(Clone, Copy, Debug)]
enum Happening {
    Sheet,
    Pays,
    Notice,
    NoticeTwice,
    Time(i64),
    Silent,
    Lossy,
    Well,
    Withdraws,
    Cancels,
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        3 => Just(Happening::Sheet),
        3 => Just(Happening::Pays),
        2 => Just(Happening::Notice),
        1 => Just(Happening::NoticeTwice),
        4 => (1..600i64).prop_map(|seconds| Happening::Time(seconds * 1_000)),
        1 => Just(Happening::Silent),
        1 => Just(Happening::Lossy),
        2 => Just(Happening::Well),
        1 => Just(Happening::Withdraws),
        1 => Just(Happening::Cancels),
    ]
}

fn happen(till: &Till, order: &Order, numbers: &mut Vec<String>, happening: Happening) {
    let id = order.id;
    match happening {
        Happening::Sheet => {
            // What the customer gets to see does not matter here; what WeChat may know does.
            let _ = till.sheet(id);
            let all = till
                .stand
                .db
                .read(move |tx| payment::payments(tx, &crate::purpose(id)))
                .wait()
                .unwrap();
            *numbers = all.into_iter().map(|payment| payment.out_trade_no).collect();
        }
        Happening::Pays => drop(
            numbers
                .last()
                .map(|number| till.stand.wechat.customer_pays(number)),
        ),
        Happening::Notice | Happening::NoticeTwice => {
            let paid = |number: &&String| {
                till.stand
                    .wechat
                    .there(number)
                    .is_some_and(|there| there.state == "SUCCESS")
            };
            if let Some(number) = numbers.iter().find(paid) {
                let times = if matches!(happening, Happening::Notice) {
                    1
                } else {
                    2
                };
                (0..times).for_each(|_| till.told(number));
            }
        }
        Happening::Time(ms) => till.stand.pass(ms),
        Happening::Silent => till.stand.wechat.mood(Mood::Away),
        Happening::Lossy => till.stand.wechat.mood(Mood::Mute),
        Happening::Well => till.stand.wechat.mood(Mood::Well),
        Happening::Withdraws => drop(till.write(move |cx, tx| crate::abandon(cx, tx, id))),
        Happening::Cancels => {
            drop(till.write(move |cx, tx| crate::cancel(cx, tx, id, By::Customer, Money(1_000), "")));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever happens in whatever order: at the end every fen at WeChat is either on a living order or given back.
    #[test]
    fn every_history_ends_right(history in prop::collection::vec(happening(), 1..14), revive: bool) {
        let till = till(db::testing::sqlite());
        till.answers(if revive { Answer::Revive } else { Answer::GiveBack });
        let order = till.open();
        let mut numbers = Vec::new();
        for happening in history {
            happen(&till, &order, &mut numbers, happening);
            prop_assert!(till.books(order.id).0 >= Money::ZERO);
        }
        till.stand.wechat.mood(Mood::Well);
        // Long enough for the last question after an uncertain end.
        for minutes in [40, 60 * 7, 60 * 25] {
            till.stand.pass(minutes * 60_000);
        }
        till.refunded(order.id);
        let at_wechat: i64 = numbers.iter().filter_map(|number| till.stand.wechat.there(number))
            .filter(|there| there.state == "SUCCESS").map(|there| there.total).sum();
        let back: i64 = till.stand.wechat.given_back();
        let (held, shop, earned) = till.books(order.id);
        let ended = till.get(order.id);
        prop_assert_eq!(shop, Money(at_wechat - back), "the books are WeChat's");
        match ended.state {
            State::Placed => prop_assert_eq!((held, earned), (PRICE, Money::ZERO)),
            State::Cancelled => prop_assert_eq!((held, earned), (Money::ZERO, ended.kept)),
            State::Closed => prop_assert_eq!((held, earned, shop), (Money::ZERO, Money::ZERO, Money::ZERO)),
            other => prop_assert!(false, "{} is no end", other),
        }
        let holding = till.stand.db.read(move |tx| payment::holding(tx, &crate::purpose(ended.id))).wait().unwrap();
        prop_assert!(!holding.live, "nothing can be paid any more");
    }
}
