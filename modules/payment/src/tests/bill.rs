//! The bill of a day against our books.

use kernel::{Actor, Day, Money, Role};
use ledger::{Account, Kind};

use super::{PRICE, SHOP, Shop, shops};
use crate::{
    Difference, DifferenceKind, NewRefund, Payment, Purpose, State,
    testing::{Mood, Row},
};

const CENTRE: Actor = Actor::Staff {
    id: kernel::Id::from_raw(3),
    shop: None,
    role: Role::Centre,
};

impl Shop {
    fn today(&self) -> Day {
        self.stand.clock.now().day()
    }

    /// Until the bill of the day is read on the morning after.
    fn until_the_bill_is_read(&self, day: Day) {
        let plan = move |cx: &kernel::Cx, tx: &mut db::Tx| crate::reconcile::plan(cx, tx, day);
        let morning = day.plus(1).at(610);
        self.stand
            .clock
            .pass((morning - self.stand.clock.now()).max(60_000));
        self.write(plan).unwrap();
        self.stand.work();
    }

    fn differences(&self, day: Day) -> Vec<Difference> {
        self.stand
            .db
            .read(move |tx| crate::store::differences(tx, day, None))
            .wait()
            .unwrap()
    }

    fn kinds(&self, day: Day) -> Vec<DifferenceKind> {
        self.differences(day)
            .iter()
            .filter(|difference| difference.is_open())
            .map(|difference| difference.found.kind)
            .collect()
    }

    fn closed(&self, day: Day) -> bool {
        let days = self.stand.db.read(|tx| crate::store::bill_days(tx, None)).wait();
        days.unwrap()
            .iter()
            .any(|bill| bill.day == day && bill.closed_at.is_some())
    }

    fn fees(&self) -> Money {
        let fees = Account::money("shop", SHOP.raw(), Kind::Fees);
        self.stand
            .db
            .read(move |tx| ledger::balance(tx, fees))
            .wait()
            .unwrap()
    }

    fn give_back(&self, purpose: i64, amount: Money) -> String {
        let new = NewRefund {
            purpose: Purpose::new("order", purpose),
            amount,
            reason: "换师傅".to_owned(),
        };
        let id = self.write(move |cx, tx| crate::refund(cx, tx, &new)).unwrap()[0].id;
        self.stand.work();
        crate::Refund::number_of(id)
    }

    fn given_back(&self, purpose: i64, amount: Money) -> String {
        let number = self.give_back(purpose, amount);
        self.stand
            .deliver(&self.stand.wechat.refund_ends(&number, "SUCCESS"));
        self.stand.work();
        number
    }
}

fn row_of<'a>(rows: &'a mut [Row], number: &str) -> &'a mut Row {
    let of_number = |row: &&mut Row| {
        if number.starts_with('R') {
            row["商户退款单号"] == number
        } else {
            row["商户订单号"] == number && row["商户退款单号"] == "0"
        }
    };
    rows.iter_mut().find(of_number).unwrap()
}

#[test]
fn a_day_that_agrees_closes_and_its_fee_is_booked_once() {
    for shop in shops() {
        let day = shop.today();
        shop.paid(1);
        shop.given_back(1, Money(5_000));
        shop.until_the_bill_is_read(day);
        assert_eq!(shop.kinds(day), []);
        assert!(shop.closed(day));
        // 77 fen of 128.50 yuan, less 30 fen of 50 yuan.
        assert_eq!(
            (shop.fees(), shop.till()),
            (Money(47), PRICE - Money(5_000) - Money(47))
        );
        shop.until_the_bill_is_read(day);
        assert_eq!(shop.fees(), Money(47), "reading it again books nothing");
    }
}

#[test]
fn a_payment_that_nobody_told_us_of_is_settled_by_the_bill() {
    for shop in shops() {
        let day = shop.today();
        let payment = shop.prepaid(1);
        shop.stand.wechat.customer_pays(&payment.out_trade_no);
        // Neither notice nor query: only the bill is read.
        shop.write(|_, tx| tx.run("DELETE FROM job WHERE name = 'payment.query'", db::params![]))
            .unwrap();
        shop.until_the_bill_is_read(day);
        assert_eq!(shop.state(payment.id), State::Succeeded);
        assert_eq!((shop.kinds(day), shop.closed(day)), (vec![], true));
        assert_eq!(shop.heard(), ["settled"]);
    }
}

#[test]
fn a_refund_whose_end_nobody_told_us_is_ended_by_the_bill() {
    for shop in shops() {
        let day = shop.today();
        shop.paid(1);
        let number = shop.give_back(1, PRICE);
        let _lost = shop.stand.wechat.refund_ends(&number, "SUCCESS");
        shop.write(|_, tx| tx.run("DELETE FROM job WHERE name = 'payment.refund'", db::params![]))
            .unwrap();
        shop.until_the_bill_is_read(day);
        assert_eq!(shop.heard(), ["settled", "refunded"]);
        assert_eq!((shop.kinds(day), shop.closed(day)), (vec![], true));
    }
}

/// Changes one line of the bill; what is found then; and that nothing is found when the bill is right again.
fn planted(number: &dyn Fn(&Shop) -> String, change: fn(&mut Vec<Row>, &str), wanted: DifferenceKind) {
    for shop in shops() {
        let day = shop.today();
        let number = number(&shop);
        let named = number.clone();
        shop.stand.wechat.falsify_bill(move |rows| change(rows, &named));
        shop.until_the_bill_is_read(day);
        assert_eq!(shop.kinds(day), [wanted]);
        assert!(!shop.closed(day), "{wanted:?} keeps the day open");
        let till = shop.till();
        shop.stand.wechat.mend_bill();
        shop.until_the_bill_is_read(day);
        assert_eq!(shop.kinds(day), []);
        assert!(shop.closed(day), "{wanted:?} is gone");
        if wanted != DifferenceKind::Fee {
            let fees = shop.fees();
            assert!(
                till + Money(100) >= shop.till() && fees < Money(100),
                "no money moved but fees"
            );
        }
    }
}

fn of_payment(shop: &Shop) -> String {
    shop.paid(1).out_trade_no
}

fn of_refund(shop: &Shop) -> String {
    shop.paid(1);
    shop.given_back(1, Money(5_000))
}

#[test]
fn a_payment_unknown_to_us_is_found() {
    let strange = |rows: &mut Vec<Row>, number: &str| {
        let mut other = row_of(rows, number).clone();
        other.insert("商户订单号", "P999".to_owned());
        other.insert("微信订单号", "49999".to_owned());
        rows.push(other);
    };
    planted(&of_payment, strange, DifferenceKind::PaymentUnknown);
}

#[test]
fn a_payment_missing_in_the_bill_is_found() {
    let without = |rows: &mut Vec<Row>, _: &str| rows.clear();
    planted(&of_payment, without, DifferenceKind::PaymentUnbilled);
}

#[test]
fn another_amount_is_found() {
    let less = |rows: &mut Vec<Row>, number: &str| {
        let row = row_of(rows, number);
        row.insert("订单金额", "128.49".to_owned());
        row.insert("应结订单金额", "128.49".to_owned());
    };
    planted(&of_payment, less, DifferenceKind::Amount);
}

#[test]
fn another_currency_is_found() {
    let dollars = |rows: &mut Vec<Row>, number: &str| {
        row_of(rows, number).insert("货币种类", "USD".to_owned());
    };
    planted(&of_payment, dollars, DifferenceKind::Currency);
}

#[test]
fn another_shop_is_found() {
    let elsewhere = |rows: &mut Vec<Row>, number: &str| {
        row_of(rows, number).insert("特约商户号", "1900000110".to_owned());
    };
    planted(&of_payment, elsewhere, DifferenceKind::Merchant);
}

#[test]
fn another_state_is_found() {
    let revoked = |rows: &mut Vec<Row>, number: &str| {
        row_of(rows, number).insert("交易状态", "REVOKED".to_owned());
    };
    planted(&of_payment, revoked, DifferenceKind::State);
}

#[test]
fn another_number_of_wechat_is_found() {
    let other = |rows: &mut Vec<Row>, number: &str| {
        row_of(rows, number).insert("微信订单号", "49999".to_owned());
    };
    planted(&of_payment, other, DifferenceKind::Transaction);
}

#[test]
fn a_line_that_stands_twice_is_found() {
    let twice = |rows: &mut Vec<Row>, number: &str| {
        let again = row_of(rows, number).clone();
        rows.push(again);
    };
    planted(&of_payment, twice, DifferenceKind::Duplicate);
}

#[test]
fn another_fee_is_found() {
    let dear = |rows: &mut Vec<Row>, number: &str| {
        row_of(rows, number).insert("手续费", "1.50000".to_owned());
    };
    planted(&of_payment, dear, DifferenceKind::Fee);
}

#[test]
fn a_refund_unknown_to_us_is_found() {
    let strange = |rows: &mut Vec<Row>, number: &str| {
        let mut other = row_of(rows, number).clone();
        other.insert("商户退款单号", "R999".to_owned());
        other.insert("微信退款单号", "59999".to_owned());
        rows.push(other);
    };
    planted(&of_refund, strange, DifferenceKind::RefundUnknown);
}

#[test]
fn a_refund_missing_in_the_bill_is_found() {
    let without = |rows: &mut Vec<Row>, number: &str| rows.retain(|row| row["商户退款单号"] != number);
    planted(&of_refund, without, DifferenceKind::RefundUnbilled);
}

#[test]
fn another_amount_of_a_refund_is_found() {
    let more = |rows: &mut Vec<Row>, number: &str| {
        let row = row_of(rows, number);
        row.insert("退款金额", "50.01".to_owned());
        row.insert("申请退款金额", "50.01".to_owned());
    };
    planted(&of_refund, more, DifferenceKind::RefundAmount);
}

#[test]
fn a_refund_that_failed_at_wechat_and_not_with_us_is_found() {
    let failed = |rows: &mut Vec<Row>, number: &str| {
        row_of(rows, number).insert("退款状态", "FAIL".to_owned());
    };
    planted(&of_refund, failed, DifferenceKind::RefundState);
}

#[test]
fn books_that_moved_another_amount_are_found() {
    for shop in shops() {
        let day = shop.today();
        let payment: Payment = shop.paid(1);
        shop.write(move |_, tx| {
            tx.run(
                "UPDATE ledger_transfer SET amount = amount - 1 WHERE cause = 'payment'",
                db::params![],
            )
        })
        .unwrap();
        shop.until_the_bill_is_read(day);
        let found = shop.differences(day);
        assert_eq!(shop.kinds(day), [DifferenceKind::Books]);
        assert_eq!(found[0].found.number, payment.out_trade_no);
        assert_eq!(
            (found[0].found.ours, found[0].found.theirs),
            (Some(PRICE - Money(1)), Some(PRICE))
        );
    }
}

#[test]
fn a_difference_is_explained_with_who_and_why_and_the_day_closes() {
    for shop in shops() {
        let day = shop.today();
        shop.paid(1);
        shop.stand.wechat.falsify_bill(|rows| rows.clear());
        shop.until_the_bill_is_read(day);
        let id = shop.differences(day)[0].id;
        let explain = |note: &'static str| {
            let cx = shop.stand.cx(CENTRE);
            shop.stand
                .db
                .write(move |tx| crate::actions::explain(&cx, tx, id, note))
                .wait()
        };
        assert_eq!(explain(" ").unwrap_err().code(), Some("payment.no_note"));
        assert!(!shop.closed(day));
        explain("微信客服确认账单晚一天").unwrap();
        assert!(shop.closed(day));
        assert_eq!(explain("再写").unwrap_err().code(), Some("payment.looked_at"));
        let (_, who, why) = shop.differences(day)[0].explained.clone().unwrap();
        assert_eq!(
            (who.as_str(), why.as_str()),
            (CENTRE.to_string().as_str(), "微信客服确认账单晚一天")
        );
    }
}

#[test]
fn a_bill_that_is_not_there_yet_is_asked_for_again() {
    for shop in shops() {
        let day = shop.today();
        shop.paid(1);
        shop.stand
            .clock
            .pass(day.plus(1).at(590) - shop.stand.clock.now());
        shop.write(move |cx, tx| crate::reconcile::plan(cx, tx, day))
            .unwrap();
        shop.stand.work();
        assert!(!shop.closed(day), "WeChat writes it until ten");
        shop.stand.wechat.mood(Mood::Away);
        shop.stand.pass(25 * 60_000);
        assert!(!shop.closed(day), "WeChat is away");
        shop.stand.wechat.mood(Mood::Well);
        shop.stand.pass(25 * 60_000);
        assert!(shop.closed(day));
    }
}

#[test]
fn every_morning_after_ten_the_bill_of_the_day_before_is_read() {
    for shop in shops() {
        let day = shop.today();
        shop.write(crate::at_start).unwrap();
        shop.paid(1);
        shop.stand
            .clock
            .pass(day.plus(1).at(600) - shop.stand.clock.now());
        shop.stand.work();
        assert!(!shop.closed(day));
        shop.stand.pass(10 * 60_000);
        assert!(shop.closed(day));
        shop.paid(2);
        shop.stand
            .clock
            .pass(day.plus(2).at(606) - shop.stand.clock.now());
        shop.stand.work();
        shop.stand.work();
        assert!(shop.closed(day.plus(1)), "and the next morning too");
    }
}

/// A year of orders: what WeChat's bills say and what the ledger says is the same to the fen.
#[test]
fn a_year_of_orders_balances_to_the_fen() {
    let shop = super::shop(db::testing::engines().remove(0));
    let (mut paid, mut given) = (Money::ZERO, Money::ZERO);
    for number in 0..365 {
        let day = shop.today();
        let amount = Money(9_900 + number * 37 % 5_000);
        shop.paid_of(number, amount);
        paid += amount;
        if number % 7 == 0 {
            shop.given_back(number, Money(1_001 + number));
            given += Money(1_001 + number);
        }
        shop.until_the_bill_is_read(day);
        assert!(shop.closed(day), "{day}: {:?}", shop.differences(day));
    }
    let billed: (Money, Money, Money) = shop
        .stand
        .db
        .read(|tx| {
            tx.one(
                "SELECT CAST(SUM(paid) AS BIGINT), CAST(SUM(refunded) AS BIGINT), CAST(SUM(fee) AS BIGINT)
                   FROM payment_bill_shop",
                db::params![],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
        })
        .wait()
        .unwrap();
    assert_eq!((billed.0, billed.1, billed.2), (paid, given, shop.fees()));
    assert_eq!(shop.till(), paid - given - shop.fees());
}
