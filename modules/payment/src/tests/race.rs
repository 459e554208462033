//! Two hundred want a part of what is left of one payment at once.

use kernel::{Actor, Id, Money, Result};
use testkit::race::{self, RIVALS};

use super::{PRICE, Shop, shops};
use crate::{NewRefund, Payment, Purpose, Refund, RefundState};

/// What has gone back before the race,
const BEFORE: Money = Money(4_000);
/// and what everybody wants of the rest,
const PART: Money = Money(300);
/// which is enough for so many.
const WINNERS: i64 = (PRICE.fen() - BEFORE.fen()) / PART.fen();

/// What goes back of a payment, done or on its way.
fn given_back(shop: &Shop, purpose: i64) -> Money {
    shop.refunds(purpose).iter().map(|refund| refund.amount).sum()
}

/// Everybody asks for a part: who gets it.
fn all_ask(shop: &Shop, purpose: i64) -> i64 {
    let asking = (0..RIVALS).map(|_| {
        shop.stand.clock.pass(1);
        let cx = shop.stand.cx(Actor::System("test"));
        let new = NewRefund {
            purpose: Purpose::new("order", purpose),
            amount: PART,
            reason: "少做十分钟".to_owned(),
        };
        move |tx: &mut db::Tx| crate::refund(&cx, tx, &new)
    });
    let answers = race::at_once(&shop.stand.db, asking);
    race::won(answers, "payment.refund_too_much").len() as i64
}

#[test]
fn of_two_hundred_partial_refunds_as_many_pass_as_the_rest_of_the_payment_covers() {
    for shop in shops() {
        race::rounds("what is left of a payment", &shop.stand.db, (20, 3), |round| {
            let payment = shop.paid(round).id;
            shop.refund(round, BEFORE).unwrap();
            assert_eq!(all_ask(&shop, round), WINNERS, "round {round}");
            let sum = BEFORE + Money(WINNERS * PART.fen());
            assert_eq!(given_back(&shop, round), sum, "round {round}");
            assert_eq!(shop.payment(payment).refunded, sum, "round {round}");
            let rest = PRICE - sum;
            shop.refund(round, rest).unwrap();
            let more = shop.refund(round, Money(1)).unwrap_err();
            assert_eq!(more.code(), Some("payment.refund_too_much"));
        });
    }
}

/// The negative twin: whoever looks at what is left in one transaction and writes in the next, past the counter, gives back
/// more than was paid.
#[test]
fn without_the_guard_the_same_race_gives_back_too_much() {
    for shop in shops() {
        let payment = shop.paid(1).id;
        shop.refund(1, BEFORE).unwrap();
        let look = (0..RIVALS).map(|_| move |tx: &mut db::Tx| crate::payment(tx, payment));
        let seen = race::look_at_once(&shop.stand.db, look);
        let may = seen.into_iter().filter(|seen| seen.refundable() >= PART);
        let writing = may.map(|seen| {
            shop.stand.clock.pass(1);
            let cx = shop.stand.cx(Actor::System("test"));
            move |tx: &mut db::Tx| add_unguarded(&cx, tx, seen.id)
        });
        let passed = race::won(race::at_once(&shop.stand.db, writing), "").len() as i64;
        assert!(
            passed > WINNERS,
            "the counter is what keeps this from happening: {passed}"
        );
        assert!(given_back(&shop, 1) > PRICE);
    }
}

fn add_unguarded(cx: &kernel::Cx, tx: &mut db::Tx, payment: Id<Payment>) -> Result<()> {
    let id = cx.id();
    let refund = Refund {
        id,
        payment,
        amount: PART,
        reason: String::new(),
        out_refund_no: Refund::number_of(id),
        state: RefundState::Requested,
        refund_id: None,
        trouble: None,
        requested_at: cx.now(),
        due_at: cx.now(),
        done_at: None,
        asked_by: None,
        needs_second: false,
        version: 1,
    };
    crate::store::add_refund(cx, tx, &refund)
}
