use http::HeaderValue;
use kernel::Money;

use super::{PRICE, Shop, shops};
use crate::{
    Doubt, Payment, State,
    testing::{Mood, Post, There},
};

const NOTICES: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM payment_notice";
const JOBS: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM job WHERE name = 'payment.notice'";

fn paid_and_told(shop: &Shop) -> (Payment, Post) {
    let payment = shop.prepaid(1);
    shop.stand.wechat.customer_pays(&payment.out_trade_no);
    let notice = shop.stand.wechat.notice(&payment.out_trade_no);
    (payment, notice)
}

#[test]
fn edge_case_02_the_notice_comes_before_the_answer_to_the_prepay() {
    for shop in shops() {
        let payment = shop.open(1);
        shop.stand.wechat.mood(Mood::Mute);
        assert!(shop.prepay(payment.id).is_err());
        shop.stand.wechat.mood(Mood::Well);
        assert!(shop.stand.wechat.customer_pays(&payment.out_trade_no));
        assert_eq!(
            shop.stand
                .deliver(&shop.stand.wechat.notice(&payment.out_trade_no)),
            204
        );
        shop.stand.work();
        assert_eq!(shop.state(payment.id), State::Succeeded);
        assert_eq!(
            shop.prepay(payment.id).unwrap_err().code(),
            Some("payment.already_paid")
        );
        assert_eq!(shop.till(), PRICE);
    }
}

#[test]
fn edge_case_03_the_same_notice_16_times_in_parallel_counts_once() {
    for shop in shops() {
        let (payment, notice) = paid_and_told(&shop);
        std::thread::scope(|threads| {
            for _ in 0..16 {
                threads.spawn(|| {
                    assert_eq!(shop.stand.deliver(&notice), 204);
                    shop.stand.work();
                });
            }
        });
        shop.stand.work();
        assert_eq!(shop.state(payment.id), State::Succeeded);
        assert_eq!((shop.count(NOTICES), shop.till()), (1, PRICE));
        assert_eq!(shop.heard(), ["settled"]);
    }
}

#[test]
fn two_notices_and_a_query_of_one_payment_count_once() {
    for shop in shops() {
        let (payment, notice) = paid_and_told(&shop);
        shop.check(payment.id);
        shop.stand.deliver(&notice);
        shop.stand.clock.pass(15_000);
        let again = shop.stand.wechat.post(
            "TRANSACTION.SUCCESS",
            "another-id",
            &crate::testing::said(&shop.stand.wechat, &payment.out_trade_no),
        );
        assert_eq!(shop.stand.deliver(&again), 204);
        shop.stand.work();
        assert_eq!((shop.count(NOTICES), shop.till()), (2, PRICE));
        assert_eq!(shop.heard(), ["settled"]);
    }
}

#[test]
fn forged_notices_write_nothing() {
    for shop in shops() {
        let (payment, notice) = paid_and_told(&shop);
        let spoiled: [fn(&mut Post); 6] = [
            |post| post.body[40] ^= 1,
            |post| drop(post.headers.remove("Wechatpay-Signature")),
            |post| {
                drop(
                    post.headers
                        .insert("Wechatpay-Nonce", HeaderValue::from_static("other")),
                )
            },
            |post| {
                drop(
                    post.headers
                        .insert("Wechatpay-Serial", HeaderValue::from_static("PUB_KEY_ID_9")),
                )
            },
            |post| {
                drop(
                    post.headers
                        .insert("Wechatpay-Timestamp", HeaderValue::from_static("1")),
                )
            },
            |post| {
                let probe = HeaderValue::from_static("WECHATPAY/SIGNTEST/abcd");
                drop(post.headers.insert("Wechatpay-Signature", probe));
            },
        ];
        for spoil in spoiled {
            let mut forged = notice.clone();
            spoil(&mut forged);
            assert_eq!(shop.stand.deliver(&forged), 401);
        }
        assert_eq!((shop.count(NOTICES), shop.count(JOBS)), (0, 0));
        assert_eq!(shop.state(payment.id), State::Prepaid);
    }
}

#[test]
fn a_replayed_notice_is_refused_by_its_age_and_harmless_before() {
    for shop in shops() {
        let (_, notice) = paid_and_told(&shop);
        assert_eq!(shop.stand.deliver(&notice), 204);
        shop.stand.work();
        shop.stand.clock.pass(299_000);
        assert_eq!(shop.stand.deliver(&notice), 204);
        shop.stand.clock.pass(2_000);
        assert_eq!(shop.stand.deliver(&notice), 401);
        shop.stand.work();
        assert_eq!((shop.count(NOTICES), shop.till()), (1, PRICE));
    }
}

#[test]
fn edge_case_28_a_notice_of_a_skewed_clock_is_refused_and_the_query_finds_the_money() {
    for shop in shops() {
        let payment = shop.prepaid(1);
        shop.stand.wechat.customer_pays(&payment.out_trade_no);
        let notice = shop.stand.wechat.notice(&payment.out_trade_no);
        // Our clock goes six minutes ahead of the one that signed.
        shop.stand.clock.pass(6 * 60_000);
        assert_eq!(shop.stand.deliver(&notice), 401);
        assert_eq!(shop.state(payment.id), State::Prepaid);
        shop.stand.work();
        assert_eq!(shop.state(payment.id), State::Succeeded);
        let at_wechat = shop.stand.wechat.there(&payment.out_trade_no).unwrap().paid_at;
        let paid_at = shop.payment(payment.id).paid_at;
        assert_eq!(
            paid_at.map(|at| at.seconds()),
            at_wechat.map(|at| at.seconds()),
            "paid by WeChat's clock"
        );
        assert_eq!((shop.heard(), shop.till()), (vec!["settled".to_owned()], PRICE));
    }
}

#[test]
fn money_that_does_not_fit_is_set_aside_once() {
    type Spoil = fn(&mut There);
    let cases: [(Doubt, Spoil); 4] = [
        (Doubt::Amount, |there| there.total = 1),
        (Doubt::SubMerchant, |there| {
            there.sub_mchid = "1900000110".to_owned()
        }),
        (Doubt::App, |there| there.appid = "wx0000000000000000".to_owned()),
        (Doubt::Payer, |there| there.openid = "o-wang".to_owned()),
    ];
    for shop in shops() {
        for (purpose, (doubt, spoil)) in (1..).zip(cases) {
            shop.stand.clock.pass(1);
            let payment = shop.prepaid(purpose);
            shop.stand.wechat.customer_pays(&payment.out_trade_no);
            shop.stand.wechat.spoil(&payment.out_trade_no, spoil);
            let notice = shop.stand.wechat.notice(&payment.out_trade_no);
            assert_eq!(shop.stand.deliver(&notice), 204);
            shop.stand.work();
            shop.check(payment.id);
            assert_eq!(shop.state(payment.id), State::Prepaid, "{doubt}");
            let suspects = shop.stand.db.read(crate::quarantined).wait().unwrap();
            assert_eq!((suspects.len() as i64, suspects[0].doubt), (purpose, doubt));
            assert_eq!(suspects[0].payment, Some(payment.id));
        }
        assert_eq!((shop.till(), shop.heard()), (Money::ZERO, vec![]));
    }
}

#[test]
fn money_for_a_number_that_is_not_ours_is_set_aside() {
    for shop in shops() {
        let payment = shop.prepaid(1);
        shop.stand.wechat.customer_pays(&payment.out_trade_no);
        shop.stand.wechat.spoil(&payment.out_trade_no, |there| {
            there.number = "P0000000000000".to_owned()
        });
        shop.stand
            .deliver(&shop.stand.wechat.notice(&payment.out_trade_no));
        shop.stand.work();
        let suspects = shop.stand.db.read(crate::quarantined).wait().unwrap();
        assert_eq!(
            (suspects.len(), suspects[0].doubt, suspects[0].payment),
            (1, Doubt::Number, None)
        );
        let id = suspects[0].id;
        shop.write(move |cx, tx| crate::look_at(cx, tx, id, "returned by hand"))
            .unwrap();
        let again = shop.write(move |cx, tx| crate::look_at(cx, tx, id, "again"));
        assert_eq!(again.unwrap_err().code(), Some("payment.looked_at"));
    }
}

#[test]
fn one_transaction_cannot_pay_two_attempts() {
    for shop in shops() {
        let first = shop.paid(1);
        let second = shop.prepaid(2);
        shop.stand.wechat.customer_pays(&second.out_trade_no);
        let stolen = first.transaction_id.clone().unwrap();
        shop.stand
            .wechat
            .spoil(&second.out_trade_no, move |there| there.transaction_id = stolen);
        shop.stand
            .deliver(&shop.stand.wechat.notice(&second.out_trade_no));
        shop.stand.work();
        assert_eq!(shop.state(second.id), State::Prepaid);
        let suspects = shop.stand.db.read(crate::quarantined).wait().unwrap();
        assert_eq!(suspects[0].doubt, Doubt::Transaction);
        assert_eq!(shop.till(), PRICE);
    }
}
