use kernel::{Actor, Id, Money, Result};

use super::{PRICE, Shop, shops};
use crate::{NewRefund, Payment, Purpose, Refund, RefundState, testing::Mood};

impl Shop {
    pub(super) fn refund(&self, purpose: i64, amount: Money) -> Result<Vec<Id<Refund>>> {
        let new = NewRefund {
            purpose: Purpose::new("order", purpose),
            amount,
            reason: "师傅临时请假".to_owned(),
        };
        let parts = self.write(move |cx, tx| crate::refund(cx, tx, &new))?;
        Ok(parts.iter().map(|refund| refund.id).collect())
    }

    pub(super) fn refunds(&self, purpose: i64) -> Vec<Refund> {
        self.stand
            .db
            .read(move |tx| crate::refunds(tx, &Purpose::new("order", purpose)))
            .wait()
            .unwrap()
    }

    fn only_refund(&self) -> Refund {
        let refunds = self.refunds(1);
        assert_eq!(refunds.len(), 1);
        refunds[0].clone()
    }
}

#[test]
fn money_goes_back_and_is_booked_when_it_has_arrived() {
    for shop in shops() {
        shop.paid(1);
        shop.refund(1, Money(5_000)).unwrap();
        shop.stand.work();
        let refund = shop.only_refund();
        assert_eq!(refund.state, RefundState::Processing);
        assert_eq!(refund.out_refund_no, Refund::number_of(refund.id));
        assert_eq!(
            shop.stand
                .wechat
                .refund_there(&refund.out_refund_no)
                .unwrap()
                .amount,
            5_000
        );
        assert_eq!(shop.till(), PRICE, "accepted is not yet given back");
        let notice = shop.stand.wechat.refund_ends(&refund.out_refund_no, "SUCCESS");
        for _ in 0..3 {
            assert_eq!(shop.stand.deliver(&notice), 204);
            shop.stand.work();
        }
        assert_eq!(shop.only_refund().state, RefundState::Succeeded);
        assert_eq!(shop.till(), PRICE - Money(5_000));
        assert_eq!(shop.heard(), ["settled", "refunded"]);
    }
}

#[test]
fn a_refund_whose_notice_is_lost_is_found_by_asking() {
    for shop in shops() {
        shop.paid(1);
        shop.refund(1, PRICE).unwrap();
        shop.stand.work();
        let _lost = shop
            .stand
            .wechat
            .refund_ends(&shop.only_refund().out_refund_no, "SUCCESS");
        shop.stand.pass(30_000);
        assert_eq!(
            (shop.only_refund().state, shop.till()),
            (RefundState::Succeeded, Money::ZERO)
        );
    }
}

#[test]
fn a_refund_is_repeated_with_the_same_number_until_an_answer_comes() {
    for shop in shops() {
        shop.paid(1);
        shop.refund(1, PRICE).unwrap();
        for mood in [Mood::Away, Mood::Mute, Mood::Broken] {
            shop.stand.wechat.mood(mood);
            shop.stand.pass(40_000);
            assert_eq!(shop.only_refund().state, RefundState::Submitted);
        }
        shop.stand.wechat.mood(Mood::Well);
        shop.stand.pass(5 * 60_000);
        assert_eq!(shop.only_refund().state, RefundState::Processing);
        assert_eq!(
            shop.stand.wechat.counts(),
            (1, 1),
            "one refund at WeChat, however often it was sent"
        );
    }
}

#[test]
fn a_refusal_is_believed_only_when_wechat_does_not_know_the_refund() {
    for shop in shops() {
        let payment = shop.paid(1);
        shop.stand
            .wechat
            .spoil(&payment.out_trade_no, |there| there.total = 100);
        shop.refund(1, PRICE).unwrap();
        shop.stand.work();
        let refund = shop.only_refund();
        assert_eq!(
            (refund.state, refund.trouble.as_deref()),
            (RefundState::Failed, Some("NOT_ENOUGH"))
        );
        assert_eq!(shop.payment(payment.id).refunded, Money::ZERO);
        assert_eq!(shop.heard(), ["settled", "refund_failed"]);
        shop.stand
            .wechat
            .spoil(&payment.out_trade_no, |there| there.total = 12_850);
        shop.stand.clock.pass(120_000);
        shop.refund(1, PRICE).unwrap();
        shop.stand.work();
        assert_eq!(shop.refunds(1)[1].state, RefundState::Processing);
    }
}

#[test]
fn a_refusal_of_what_was_taken_unnoticed_is_no_failure() {
    for shop in shops() {
        shop.paid(1);
        shop.refund(1, PRICE).unwrap();
        shop.stand.wechat.mood(Mood::Mute);
        shop.stand.work();
        assert_eq!(
            (shop.only_refund().state, shop.stand.wechat.counts().1),
            (RefundState::Submitted, 1)
        );
        shop.stand.wechat.mood(Mood::Stubborn);
        shop.stand.pass(60_000);
        assert_eq!(shop.only_refund().state, RefundState::Processing);
        assert_eq!(shop.heard(), ["settled"]);
    }
}

#[test]
fn a_stuck_refund_keeps_its_money_counted_and_calls_a_person() {
    for shop in shops() {
        shop.paid(1);
        shop.refund(1, PRICE).unwrap();
        shop.stand.work();
        let number = shop.only_refund().out_refund_no;
        shop.stand
            .deliver(&shop.stand.wechat.refund_ends(&number, "ABNORMAL"));
        shop.stand.work();
        assert_eq!(
            (shop.only_refund().state, shop.till()),
            (RefundState::Abnormal, PRICE)
        );
        assert_eq!(
            shop.refund(1, Money(1)).unwrap_err().code(),
            Some("payment.refund_too_much")
        );
        assert_eq!(
            shop.stand.db.read(crate::troubled_refunds).wait().unwrap().len(),
            1
        );
        shop.stand
            .deliver(&shop.stand.wechat.refund_ends(&number, "SUCCESS"));
        shop.stand.work();
        assert_eq!(
            (shop.only_refund().state, shop.till()),
            (RefundState::Succeeded, Money::ZERO)
        );
        assert_eq!(shop.heard(), ["settled", "refund_failed", "refunded"]);
    }
}

#[test]
fn a_closed_refund_can_be_made_anew() {
    for shop in shops() {
        shop.paid(1);
        shop.refund(1, PRICE).unwrap();
        shop.stand.work();
        let number = shop.only_refund().out_refund_no;
        shop.stand
            .deliver(&shop.stand.wechat.refund_ends(&number, "CLOSED"));
        shop.stand.work();
        assert_eq!(shop.only_refund().state, RefundState::Failed);
        shop.stand.clock.pass(120_000);
        shop.refund(1, PRICE).unwrap();
        shop.stand.work();
        let refunds = shop.refunds(1);
        assert_eq!(refunds[1].state, RefundState::Processing);
        assert_ne!(refunds[1].out_refund_no, number);
        // Its money is on its way: nobody has to act on the old one any more, or could.
        assert!(
            shop.stand
                .db
                .read(crate::troubled_refunds)
                .wait()
                .unwrap()
                .is_empty()
        );
        let (cx, old) = (shop.stand.cx(Actor::System("test")), refunds[0].id);
        let again = shop
            .stand
            .db
            .write(move |tx| crate::refund_again(&cx, tx, old))
            .wait();
        assert_eq!(again.unwrap_err().code(), Some("payment.refund_not_failed"));
    }
}

#[test]
fn parts_are_sent_a_minute_apart_and_never_exceed_the_payment() {
    for shop in shops() {
        shop.paid(1);
        for _ in 0..3 {
            shop.refund(1, Money(4_000)).unwrap();
        }
        assert_eq!(
            shop.refund(1, Money(851)).unwrap_err().code(),
            Some("payment.refund_too_much")
        );
        shop.stand.work();
        assert_eq!(shop.stand.wechat.counts().1, 1);
        shop.stand.pass(60_000);
        assert_eq!(shop.stand.wechat.counts().1, 1);
        shop.stand.pass(70_000);
        assert_eq!(shop.stand.wechat.counts().1, 3);
    }
}

#[test]
fn several_payments_of_one_thing_are_given_back_from_the_newest() {
    for shop in shops() {
        let first = shop.paid(1);
        shop.stand.clock.pass(1);
        let second = shop.paid(1);
        shop.refund(1, PRICE + Money(1)).unwrap();
        let parts: Vec<(Id<Payment>, Money)> =
            shop.refunds(1).iter().map(|r| (r.payment, r.amount)).collect();
        assert_eq!(parts, [(first.id, Money(1)), (second.id, PRICE)]);
    }
}

#[test]
fn after_a_year_nothing_goes_back_through_wechat() {
    for shop in shops() {
        shop.paid(1);
        shop.stand.clock.pass(366 * 24 * 3_600_000);
        assert_eq!(
            shop.refund(1, Money(1)).unwrap_err().code(),
            Some("payment.refund_too_late")
        );
    }
}

#[test]
fn news_of_a_refund_that_is_not_ours_is_set_aside() {
    for shop in shops() {
        shop.paid(1);
        shop.refund(1, PRICE).unwrap();
        shop.stand.work();
        let number = shop.only_refund().out_refund_no;
        let notice = shop.stand.wechat.refund_ends(&number, "SUCCESS");
        shop.write(|_, tx| tx.run("UPDATE payment_refund SET amount = 5", db::params![]))
            .unwrap();
        shop.stand.deliver(&notice);
        shop.stand.work();
        assert_eq!(shop.only_refund().state, RefundState::Processing);
        assert_eq!(shop.stand.db.read(crate::quarantined).wait().unwrap().len(), 1);
    }
}
