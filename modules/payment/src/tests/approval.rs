//! Refunds that staff ask for, and the second person.

use kernel::{Actor, Id, Money, Result, Role};
use ledger::{Account, Kind, Transfer};

use super::{PRICE, SHOP, Shop, shops};
use crate::{NewRefund, Payment, Purpose, Refund, RefundState};

const OWNER: Actor = staff(1, Some(SHOP), Role::Owner);
const CLERK: Actor = staff(2, Some(SHOP), Role::Clerk);
const CENTRE: Actor = staff(3, None, Role::Centre);
const STRANGER: Actor = staff(4, Some(Id::from_raw(12)), Role::Owner);

const fn staff(id: i64, shop: Option<Id<kernel::Shop>>, role: Role) -> Actor {
    Actor::Staff {
        id: Id::from_raw(id),
        shop,
        role,
    }
}

impl Shop {
    fn by<T: Send + 'static>(
        &self,
        who: Actor,
        f: impl FnMut(&kernel::Cx, &mut db::Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (cx, mut f) = (self.stand.cx(who), f);
        self.stand.db.write(move |tx| f(&cx, tx)).wait()
    }

    fn ask(&self, who: Actor, payment: &Payment, amount: Money) -> Result<Refund> {
        let new = NewRefund {
            purpose: payment.purpose.clone(),
            amount,
            reason: "师傅临时请假".to_owned(),
        };
        self.by(who, move |cx, tx| crate::ask_refund(cx, tx, &new))
            .map(|mut parts| parts.remove(0))
    }

    fn approve(&self, who: Actor, id: Id<Refund>) -> Result<()> {
        self.by(who, move |cx, tx| crate::approve_refund(cx, tx, id))
    }

    fn reject(&self, who: Actor, id: Id<Refund>, why: &'static str) -> Result<()> {
        self.by(who, move |cx, tx| crate::reject_refund(cx, tx, id, why))
    }

    fn state_of(&self, id: Id<Refund>) -> RefundState {
        let all = self.stand.db.read(move |tx| crate::store::refund(tx, id)).wait();
        all.unwrap().state
    }

    /// A payment of more than one person may give back.
    fn paid_much(&self, purpose: i64) -> Payment {
        self.paid_of(purpose, Money::yuan(800))
    }

    fn available(&self, purpose: i64) -> Money {
        self.stand
            .db
            .read(move |tx| ledger::available(tx, Account::money("order", purpose, Kind::Paid)))
            .wait()
            .unwrap()
    }
}

fn code<T: std::fmt::Debug>(answer: Result<T>) -> Option<&'static str> {
    answer.unwrap_err().code()
}

#[test]
fn a_small_refund_of_a_clerk_goes_at_once() {
    for shop in shops() {
        let payment = shop.paid(1);
        let refund = shop.ask(CLERK, &payment, Money(5_000)).unwrap();
        assert!(!refund.waits());
        shop.stand.work();
        assert_eq!(shop.state_of(refund.id), RefundState::Processing);
    }
}

#[test]
fn above_five_hundred_yuan_a_second_person_must_agree_who_is_not_the_first() {
    for shop in shops() {
        let payment = shop.paid_much(1);
        let refund = shop.ask(CLERK, &payment, Money::yuan(500) + Money(1)).unwrap();
        shop.stand.pass(10 * 60_000);
        assert_eq!(shop.state_of(refund.id), RefundState::Requested);
        assert_eq!(shop.stand.wechat.counts().1, 0, "WeChat hears nothing of it");
        assert_eq!(code(shop.approve(CLERK, refund.id)), Some("payment.refund_own"));
        assert_eq!(
            code(shop.reject(CLERK, refund.id, "不")),
            Some("payment.refund_own")
        );
        assert!(matches!(
            shop.approve(STRANGER, refund.id),
            Err(kernel::Error::NotFound)
        ));
        shop.approve(OWNER, refund.id).unwrap();
        shop.approve(OWNER, refund.id).unwrap();
        shop.stand.work();
        assert_eq!(shop.state_of(refund.id), RefundState::Processing);
        assert_eq!(
            code(shop.reject(CENTRE, refund.id, "迟了")),
            Some("payment.refund_not_waiting")
        );
    }
}

#[test]
fn five_hundred_yuan_are_the_limit_of_all_parts_of_a_thing() {
    for shop in shops() {
        let payment = shop.paid_much(1);
        assert!(!shop.ask(CLERK, &payment, Money::yuan(300)).unwrap().waits());
        assert!(!shop.ask(OWNER, &payment, Money::yuan(200)).unwrap().waits());
        assert!(shop.ask(OWNER, &payment, Money(1)).unwrap().waits());
    }
}

#[test]
fn the_fourth_refund_of_a_clerk_on_one_day_waits_and_the_next_day_does_not() {
    for shop in shops() {
        let payment = shop.paid(1);
        for _ in 0..3 {
            assert!(!shop.ask(CLERK, &payment, Money(1)).unwrap().waits());
        }
        assert!(shop.ask(CLERK, &payment, Money(1)).unwrap().waits());
        assert!(
            !shop.ask(OWNER, &payment, Money(1)).unwrap().waits(),
            "another person"
        );
        shop.stand.clock.pass(24 * 3_600_000);
        assert!(!shop.ask(CLERK, &payment, Money(1)).unwrap().waits());
    }
}

#[test]
fn a_rejected_refund_frees_its_money_and_says_why() {
    for shop in shops() {
        let payment = shop.paid_much(1);
        let refund = shop.ask(CLERK, &payment, Money::yuan(800)).unwrap();
        assert_eq!(shop.available(1), Money::ZERO, "promised is reserved");
        assert_eq!(
            code(shop.ask(OWNER, &payment, Money(1))),
            Some("payment.refund_too_much")
        );
        assert_eq!(code(shop.reject(CENTRE, refund.id, " ")), Some("payment.no_note"));
        shop.reject(CENTRE, refund.id, "服务已做完").unwrap();
        shop.reject(CENTRE, refund.id, "服务已做完").unwrap();
        assert_eq!(shop.state_of(refund.id), RefundState::Rejected);
        assert_eq!(shop.available(1), Money::yuan(800));
        assert_eq!(shop.payment(payment.id).refunded, Money::ZERO);
        assert_eq!(
            code(shop.approve(OWNER, refund.id)),
            Some("payment.refund_not_waiting")
        );
        shop.stand.pass(60_000);
        assert_eq!(shop.stand.wechat.counts().1, 0);
    }
}

#[test]
fn a_refund_needs_an_amount_a_reason_and_the_own_shop() {
    for shop in shops() {
        let payment = shop.paid(1);
        assert_eq!(
            code(shop.ask(CLERK, &payment, Money::ZERO)),
            Some("payment.no_amount")
        );
        assert_eq!(
            code(shop.ask(CLERK, &payment, PRICE + Money(1))),
            Some("payment.refund_too_much")
        );
        assert!(matches!(
            shop.ask(STRANGER, &payment, Money(1)),
            Err(kernel::Error::NotFound)
        ));
        let new = NewRefund {
            purpose: payment.purpose.clone(),
            amount: Money(1),
            reason: " ".to_owned(),
        };
        let silent = shop.by(CLERK, move |cx, tx| crate::ask_refund(cx, tx, &new));
        assert_eq!(code(silent), Some("payment.no_reason"));
    }
}

#[test]
fn what_was_earned_goes_back_out_of_what_the_shop_earned() {
    for shop in shops() {
        let payment = shop.paid(1);
        shop.write(|cx, tx| {
            let earned = Transfer {
                debit: Account::money("order", 1, Kind::Paid),
                credit: Account::money("shop", SHOP.raw(), Kind::Revenue),
                amount: PRICE,
                cause: ("order", 1),
                key: "fulfilled",
            };
            ledger::transfer(cx, tx, &earned)
        })
        .unwrap();
        let refund = shop.ask(CLERK, &payment, PRICE).unwrap();
        shop.stand.work();
        shop.stand
            .deliver(&shop.stand.wechat.refund_ends(&refund.out_refund_no, "SUCCESS"));
        shop.stand.work();
        assert_eq!(shop.state_of(refund.id), RefundState::Succeeded);
        assert_eq!((shop.till(), shop.earned()), (Money::ZERO, Money::ZERO));
    }
}

#[test]
fn edge_case_23_a_stuck_refund_is_paid_by_hand_or_sent_to_the_shops_account() {
    for shop in shops() {
        let (first, second) = (shop.paid(1), shop.paid(2));
        let stuck: Vec<Refund> = [&first, &second]
            .into_iter()
            .map(|payment| shop.ask(OWNER, payment, PRICE).unwrap())
            .collect();
        let (by_hand, by_wechat) = (stuck[0].id, stuck[1].id);
        assert_eq!(
            code(shop.by(OWNER, move |cx, tx| crate::settle_refund(cx, tx, by_hand, "现金"))),
            Some("payment.refund_not_stuck")
        );
        shop.stand.work();
        for refund in &stuck {
            shop.stand
                .deliver(&shop.stand.wechat.refund_ends(&refund.out_refund_no, "ABNORMAL"));
        }
        shop.stand.work();
        assert_eq!(shop.till(), PRICE + PRICE, "stuck is not given back");
        let settle = move |note: &'static str| {
            move |cx: &kernel::Cx, tx: &mut db::Tx| crate::settle_refund(cx, tx, by_hand, note)
        };
        assert_eq!(code(shop.by(OWNER, settle(""))), Some("payment.no_note"));
        assert!(shop.by(STRANGER, settle("现金")).is_err());
        shop.by(OWNER, settle("已付现金，顾客签收")).unwrap();
        shop.by(OWNER, settle("已付现金，顾客签收")).unwrap();
        assert_eq!(shop.state_of(by_hand), RefundState::Manual);
        assert_eq!(shop.till(), PRICE);

        let cx = shop.stand.cx(OWNER);
        let redirect = || crate::redirect_refund(&shop.stand.db, &cx, &shop.stand.pay, by_wechat);
        shop.stand.wechat.mood(crate::testing::Mood::Away);
        assert_eq!(code(redirect()), Some("payment.unavailable"));
        shop.stand.wechat.mood(crate::testing::Mood::Well);
        redirect().unwrap();
        assert_eq!(shop.state_of(by_wechat), RefundState::Processing);
        assert_eq!(code(redirect()), Some("payment.refund_not_stuck"));
        let _lost = shop.stand.wechat.refund_ends(&stuck[1].out_refund_no, "SUCCESS");
        shop.stand.pass(5 * 60_000);
        assert_eq!(shop.state_of(by_wechat), RefundState::Succeeded);
        assert_eq!(shop.till(), Money::ZERO);
    }
}

#[test]
fn two_hundred_refunds_at_once_take_no_more_than_the_ledger_holds() {
    for shop in shops() {
        shop.paid(1);
        let start = std::sync::Barrier::new(200);
        let given = std::thread::scope(|threads| {
            let one = || {
                start.wait();
                shop.write(|cx, tx| {
                    let new = crate::NewRefund {
                        purpose: Purpose::new("order", 1),
                        amount: Money::yuan(50),
                        reason: String::new(),
                    };
                    crate::refund(cx, tx, &new)
                })
                .is_ok()
            };
            let running: Vec<_> = (0..200).map(|_| threads.spawn(one)).collect();
            running
                .into_iter()
                .map(|thread| usize::from(thread.join().unwrap()))
                .sum::<usize>()
        });
        assert_eq!(given, 2, "128.50 yuan cover 50 twice");
        assert_eq!(shop.available(1), PRICE - Money::yuan(100));
    }
}

/// With the count in the payment's row taken out, the ledger alone holds.
#[test]
fn without_the_count_of_the_payment_the_ledger_still_refuses() {
    for shop in shops() {
        shop.paid(1);
        let forget = || {
            shop.write(|_, tx| tx.run("UPDATE payment_payment SET refunded = 0", db::params![]))
                .unwrap();
        };
        let mut given = 0;
        for _ in 0..5 {
            forget();
            let new = crate::NewRefund {
                purpose: Purpose::new("order", 1),
                amount: Money::yuan(50),
                reason: String::new(),
            };
            match shop.write(move |cx, tx| crate::refund(cx, tx, &new)) {
                Ok(_) => given += 1,
                Err(no) => assert_eq!(no.code(), Some("payment.refund_too_much")),
            }
        }
        assert_eq!(given, 2);
    }
}
