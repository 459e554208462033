mod approval;
mod bill;
mod door;
mod door_back;
mod ending;
mod notices;
mod race;
mod refunds;

use std::sync::{Arc, Mutex};

use db::{Event, Job, Tx};
use kernel::{Actor, Id, Money, Result};
use ledger::{Account, Kind, Unit};
use serde::{Deserialize, Serialize};

use crate::{
    NewPayment, Payment, Purpose, Seen, State,
    testing::{Mood, OPENID, Parts, SUB_MCHID, Stand},
};

const PRICE: Money = Money(12_850);
const SHOP: Id<kernel::Shop> = Id::from_raw(11);

/// A stand and the events that it heard.
struct Shop {
    stand: Stand,
    heard: Arc<Mutex<Vec<String>>>,
}

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Anything(serde_json::Value);

impl Event for Anything {
    const NAME: &'static str = "test.anything";
}

const EVENTS: [(&str, &str); 4] = [
    ("payment.settled", "test.settled"),
    ("payment.ended", "test.ended"),
    ("payment.refunded", "test.refunded"),
    ("payment.refund_failed", "test.refund_failed"),
];

/// One shop on each engine.
fn shops() -> Vec<Shop> {
    db::testing::engines().into_iter().map(shop).collect()
}

fn shop(test: db::testing::TestDb) -> Shop {
    let heard: Arc<Mutex<Vec<String>>> = Arc::default();
    let listening = |(_, job): &(&'static str, &'static str)| {
        let (heard, job) = (heard.clone(), *job);
        Job::new(job, move |_, Anything(value)| {
            let certain = value
                .get("certain")
                .map(|certain| format!(" certain={certain}"))
                .unwrap_or_default();
            heard
                .lock()
                .unwrap()
                .push(format!("{}{certain}", job.trim_start_matches("test.")));
            Ok(())
        })
    };
    let jobs = EVENTS.iter().map(listening).collect();
    let migrations = &[ledger::MIGRATIONS, crate::MIGRATIONS];
    let stand = Stand::new(
        test,
        Parts {
            migrations,
            jobs,
            listens: &EVENTS,
        },
    );
    Shop { stand, heard }
}

impl Shop {
    fn write<T: Send + 'static>(
        &self,
        f: impl FnMut(&kernel::Cx, &mut Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (cx, mut f) = (self.stand.cx(Actor::System("test")), f);
        self.stand.db.write(move |tx| f(&cx, tx)).wait()
    }

    fn open(&self, purpose: i64) -> Payment {
        self.open_of(purpose, PRICE)
    }

    fn open_of(&self, purpose: i64, amount: Money) -> Payment {
        let new = NewPayment {
            purpose: Purpose::new("order", purpose),
            shop: SHOP,
            sub_mchid: Some(SUB_MCHID.to_owned()),
            amount,
            description: "全身推拿 60 分钟".to_owned(),
            openid: OPENID.to_owned(),
            expires_at: self.stand.clock.now().plus_minutes(15),
        };
        self.write(move |cx, tx| crate::open(cx, tx, &new)).unwrap()
    }

    fn prepay(&self, id: Id<Payment>) -> Result<wechat::pay::PageParams> {
        let cx = self.stand.cx(Actor::System("test"));
        crate::prepay(&self.stand.db, &cx, &self.stand.pay, id)
    }

    fn check(&self, id: Id<Payment>) -> Seen {
        let cx = self.stand.cx(Actor::System("test"));
        crate::check(&self.stand.db, &cx, &self.stand.pay, id).unwrap()
    }

    /// Opened and prepaid.
    fn prepaid(&self, purpose: i64) -> Payment {
        let payment = self.open(purpose);
        self.prepay(payment.id).unwrap();
        payment
    }

    /// Paid, and known to be by its notice.
    fn paid(&self, purpose: i64) -> Payment {
        self.paid_of(purpose, PRICE)
    }

    fn paid_of(&self, purpose: i64, amount: Money) -> Payment {
        let payment = self.open_of(purpose, amount);
        self.prepay(payment.id).unwrap();
        assert!(self.stand.wechat.customer_pays(&payment.out_trade_no));
        assert_eq!(
            self.stand
                .deliver(&self.stand.wechat.notice(&payment.out_trade_no)),
            204
        );
        self.stand.work();
        self.payment(payment.id)
    }

    fn payment(&self, id: Id<Payment>) -> Payment {
        self.stand
            .db
            .read(move |tx| crate::payment(tx, id))
            .wait()
            .unwrap()
    }

    fn state(&self, id: Id<Payment>) -> State {
        self.payment(id).state
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    /// What the shop has at WeChat by our books; the books must be right.
    fn till(&self) -> Money {
        self.stand
            .db
            .read(|tx| {
                assert_eq!(ledger::sum(tx, Unit::Fen)?, Money::ZERO);
                ledger::balance(tx, Account::money("shop", SHOP.raw(), Kind::WeChat))
            })
            .wait()
            .unwrap()
    }

    /// What the shop has earned by our books.
    fn earned(&self) -> Money {
        let revenue = Account::money("shop", SHOP.raw(), Kind::Revenue);
        -self
            .stand
            .db
            .read(move |tx| ledger::balance(tx, revenue))
            .wait()
            .unwrap()
    }

    fn count(&self, sql: &'static str) -> i64 {
        self.stand
            .db
            .read(move |tx| tx.one(sql, db::params![], |row| row.get(0)))
            .wait()
            .unwrap()
    }

    /// So many more times WeChat is going to be asked about payments.
    fn queries(&self) -> i64 {
        let waiting = self.stand.db.read(|tx| {
            tx.one(
                "SELECT CAST(COUNT(*) AS BIGINT) FROM job WHERE name = 'payment.query'",
                db::params![],
                |row| row.get(0),
            )
        });
        waiting.wait().unwrap()
    }

    fn end(&self, purpose: i64) -> bool {
        self.write(move |cx, tx| crate::end(cx, tx, &Purpose::new("order", purpose)))
            .unwrap()
    }
}

#[test]
fn a_payment_is_prepaid_paid_and_known_by_its_notice() {
    for shop in shops() {
        let payment = shop.open(1);
        let params = shop.prepay(payment.id).unwrap();
        assert_eq!(params.package, format!("prepay_id=wx{}", payment.out_trade_no));
        let there = shop.stand.wechat.there(&payment.out_trade_no).unwrap();
        assert_eq!(
            (there.total, there.sub_mchid.as_str(), there.openid.as_str()),
            (12_850, SUB_MCHID, OPENID)
        );
        assert_eq!(
            there.asked["notify_url"],
            "https://shop.example/wechat/pay/notices/payment"
        );
        assert_eq!(shop.state(payment.id), State::Prepaid);

        assert!(shop.stand.wechat.customer_pays(&payment.out_trade_no));
        assert_eq!(
            shop.state(payment.id),
            State::Prepaid,
            "only WeChat's signed word makes it paid"
        );
        assert_eq!(
            shop.stand
                .deliver(&shop.stand.wechat.notice(&payment.out_trade_no)),
            204
        );
        shop.stand.work();
        let paid = shop.payment(payment.id);
        assert_eq!(
            (paid.state, paid.transaction_id),
            (State::Succeeded, there_after(&shop, &payment))
        );
        assert_eq!(shop.heard(), ["settled"]);
        assert_eq!(shop.till(), PRICE);
        shop.stand.pass(20 * 60_000);
        assert_eq!(shop.heard(), ["settled"], "the later queries find nothing new");
    }
}

fn there_after(shop: &Shop, payment: &Payment) -> Option<String> {
    shop.stand
        .wechat
        .there(&payment.out_trade_no)
        .map(|there| there.transaction_id)
}

#[test]
fn a_usable_prepay_is_used_again_and_an_old_one_is_asked_for_with_the_same_number() {
    for shop in shops() {
        let payment = shop.open(1);
        let first = shop.prepay(payment.id).unwrap();
        let second = shop.prepay(payment.id).unwrap();
        assert_eq!(first.package, second.package);
        assert_ne!(first.nonce_str, second.nonce_str);
        assert_eq!(shop.stand.wechat.calls().len(), 1);
        assert_eq!(shop.open(1).id, payment.id, "at most one attempt is alive");
    }
}

#[test]
fn an_unknown_answer_to_a_prepay_is_asked_again_with_the_same_number() {
    for shop in shops() {
        let payment = shop.open(1);
        for mood in [Mood::Away, Mood::Mute, Mood::Broken] {
            shop.stand.wechat.mood(mood);
            assert_eq!(
                shop.prepay(payment.id).unwrap_err().code(),
                Some("payment.unavailable")
            );
            assert_eq!(shop.state(payment.id), State::Created);
        }
        shop.stand.wechat.mood(Mood::Well);
        shop.prepay(payment.id).unwrap();
        assert_eq!(shop.stand.wechat.counts(), (1, 0));
    }
}

#[test]
fn a_refused_prepay_ends_the_attempt_and_another_may_be_made() {
    for shop in shops() {
        let payment = shop.open(1);
        let nameless = shop.write({
            let id = payment.id;
            move |_, tx| {
                tx.run(
                    "UPDATE payment_payment SET openid = '' WHERE id = $1",
                    db::params![id],
                )
            }
        });
        assert_eq!(nameless.unwrap(), 1);
        assert_eq!(
            shop.prepay(payment.id).unwrap_err().code(),
            Some("payment.declined")
        );
        assert_eq!(shop.state(payment.id), State::Failed);
        let other = shop.open(1);
        assert_ne!(other.out_trade_no, payment.out_trade_no);
        shop.prepay(other.id).unwrap();
    }
}

#[test]
fn sixteen_at_once_open_one_attempt() {
    for shop in shops() {
        let mut opened: Vec<Id<Payment>> = std::thread::scope(|threads| {
            let open = || threads.spawn(|| shop.open(5).id);
            let running: Vec<_> = (0..16).map(|_| open()).collect();
            running.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        opened.dedup();
        assert_eq!(opened.len(), 1);
        assert_eq!(
            shop.count("SELECT CAST(COUNT(*) AS BIGINT) FROM payment_payment"),
            1
        );
    }
}

#[test]
fn a_lost_notice_is_made_up_for_by_a_query() {
    for shop in shops() {
        let payment = shop.prepaid(1);
        shop.stand.clock.pass(3_000);
        assert!(shop.stand.wechat.customer_pays(&payment.out_trade_no));
        shop.stand.work();
        assert_eq!(shop.state(payment.id), State::Prepaid);
        shop.stand.pass(3_000);
        assert_eq!(shop.state(payment.id), State::Succeeded);
        assert_eq!((shop.heard(), shop.till()), (vec!["settled".to_owned()], PRICE));
    }
}

#[test]
fn the_returning_customer_makes_the_server_ask() {
    for shop in shops() {
        let payment = shop.prepaid(1);
        assert_eq!(shop.check(payment.id), Seen::Unpaid);
        shop.stand.wechat.customer_pays(&payment.out_trade_no);
        shop.stand.wechat.mood(Mood::Mute);
        assert_eq!(shop.check(payment.id), Seen::Unknown);
        assert_eq!(shop.state(payment.id), State::Prepaid);
        shop.stand.wechat.mood(Mood::Well);
        assert_eq!(shop.check(payment.id), Seen::Paid);
        assert_eq!(shop.state(payment.id), State::Succeeded);
    }
}
