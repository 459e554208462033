//! Attempts that nobody may pay any more.

use super::{PRICE, shops};
use crate::{State, actions, testing::Mood};

#[test]
fn an_attempt_that_wechat_never_heard_of_ends_at_once() {
    for shop in shops() {
        let payment = shop.open(1);
        assert!(shop.end(1));
        assert_eq!(shop.state(payment.id), State::Closed);
        assert_eq!(shop.prepay(payment.id).unwrap_err().code(), Some("payment.ended"));
        assert!(shop.stand.wechat.calls().is_empty());
        assert!(shop.end(2), "nothing to end is ended");
    }
}

#[test]
fn ending_closes_the_order_at_wechat() {
    for shop in shops() {
        let payment = shop.prepaid(1);
        assert!(!shop.end(1));
        assert_eq!(
            shop.prepay(payment.id).unwrap_err().code(),
            Some("payment.ended"),
            "no new prepay"
        );
        shop.stand.work();
        assert_eq!(shop.state(payment.id), State::Closed);
        assert_eq!(
            shop.stand.wechat.there(&payment.out_trade_no).unwrap().state,
            "CLOSED"
        );
        assert!(!shop.stand.wechat.customer_pays(&payment.out_trade_no));
        assert_eq!(shop.heard(), ["ended certain=true"]);
    }
}

#[test]
fn edge_case_04_paid_in_the_last_second_is_settled_and_not_ended() {
    for shop in shops() {
        let payment = shop.prepaid(1);
        assert!(!shop.end(1));
        shop.stand.wechat.customer_pays(&payment.out_trade_no);
        shop.stand.work();
        assert_eq!(shop.state(payment.id), State::Succeeded);
        assert_eq!(shop.heard(), ["settled"]);
    }
}

#[test]
fn edge_case_01_a_silent_wechat_is_waited_for_ten_minutes_and_a_late_notice_is_still_believed() {
    for shop in shops() {
        let payment = shop.prepaid(1);
        shop.stand.wechat.customer_pays(&payment.out_trade_no);
        shop.stand.wechat.mood(Mood::Away);
        assert!(!shop.end(1));
        shop.stand.pass(9 * 60_000);
        assert_eq!(shop.state(payment.id), State::Prepaid, "still asking");
        shop.stand.pass(2 * 60_000);
        assert_eq!(shop.state(payment.id), State::Closed);
        assert_eq!(shop.heard(), ["ended certain=false"]);
        assert_eq!(
            shop.stand
                .deliver(&shop.stand.wechat.notice(&payment.out_trade_no)),
            204
        );
        shop.stand.work();
        assert_eq!(shop.state(payment.id), State::Succeeded);
        assert_eq!((shop.heard().len(), shop.till()), (2, PRICE));
    }
}

#[test]
fn after_an_uncertain_end_wechat_is_asked_again_later() {
    for shop in shops() {
        let payment = shop.prepaid(1);
        shop.stand.wechat.customer_pays(&payment.out_trade_no);
        shop.stand.wechat.mood(Mood::Away);
        shop.end(1);
        shop.stand.pass(16 * 60_000);
        assert_eq!(shop.state(payment.id), State::Closed);
        shop.stand.wechat.mood(Mood::Well);
        shop.stand.pass(40 * 60_000);
        assert_eq!(shop.state(payment.id), State::Succeeded);
    }
}

#[test]
fn a_wechat_that_is_silent_for_days_is_asked_until_it_answers_and_not_for_ever() {
    const DAY_MS: i64 = 24 * 60 * 60_000;
    for shop in shops() {
        let (paid, never) = (shop.prepaid(1), shop.prepaid(2));
        shop.stand.wechat.customer_pays(&paid.out_trade_no);
        shop.stand.wechat.mood(Mood::Away);
        shop.end(1);
        shop.end(2);
        shop.stand.pass(3 * DAY_MS);
        assert_eq!(shop.state(paid.id), State::Closed);
        shop.stand.wechat.mood(Mood::Well);
        shop.stand.pass(7 * 60 * 60_000);
        assert_eq!(shop.state(paid.id), State::Succeeded);
        assert_eq!(shop.state(never.id), State::Closed);
        assert_eq!(shop.queries(), 0, "both are answered");
        let silent = shop.prepaid(3);
        shop.stand.wechat.mood(Mood::Away);
        shop.end(3);
        shop.stand.pass(9 * DAY_MS);
        assert_eq!((shop.state(silent.id), shop.queries()), (State::Closed, 1));
        shop.stand.pass(2 * DAY_MS);
        assert_eq!(shop.queries(), 0, "the bill has told what there is to know");
    }
}

#[test]
fn the_prepay_answer_that_comes_after_the_end_opens_no_sheet() {
    for shop in shops() {
        let payment = shop.open(1);
        let id = payment.id;
        shop.write(move |cx, tx| actions::begin_prepay(cx, tx, id))
            .unwrap();
        assert!(!shop.end(1));
        let late = shop.write(move |cx, tx| actions::prepaid(cx, tx, id, "wx1"));
        assert_eq!(late.unwrap_err().code(), Some("payment.ended"));
        shop.stand.work();
        assert_eq!(shop.state(id), State::Closed);
        assert_eq!(shop.heard(), ["ended certain=true"]);
    }
}
