mod desk;
mod door;
mod instruments;
mod later;
mod line;
mod money;
mod race;
mod shown;
mod staff_refund;
mod tender;

use std::sync::{Arc, Mutex};

use db::{Event, Job, Tx};
use kernel::{Actor, Customer, Cx, Id, Money, Result, Shop};
use ledger::{Account, Kind, Unit};
use payment::testing::{OPENID, Parts, SUB_MCHID, Stand};
use serde::{Deserialize, Serialize};

use crate::{By, Ending, NewLine, NewOrder, Order, Payer, Policy, State, Step, actions, store};

const PRICE: Money = Money(12_850);
const SHOP: Id<Shop> = Id::from_raw(11);
const ZHANG: Id<Customer> = Id::from_raw(21);
const WANG: Id<Customer> = Id::from_raw(22);

/// What the owner of the things answers to a late payment.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Revive,
    GiveBack,
    Nothing,
}

struct Till {
    stand: Stand,
    heard: Arc<Mutex<Vec<String>>>,
    answer: Arc<Mutex<Answer>>,
}

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Anything(serde_json::Value);

impl Event for Anything {
    const NAME: &'static str = "test.anything";
}

const HEARD: [(&str, &str); 4] = [
    ("order.placed", "test.placed"),
    ("order.closed", "test.closed"),
    ("order.cancelled", "test.cancelled"),
    ("order.paid_late", "test.paid_late"),
];

fn tills() -> Vec<Till> {
    db::testing::engines().into_iter().map(till).collect()
}

fn till(test: db::testing::TestDb) -> Till {
    let heard: Arc<Mutex<Vec<String>>> = Arc::default();
    let answer = Arc::new(Mutex::new(Answer::Nothing));
    let mut jobs = crate::jobs();
    for (_, job) in HEARD {
        let (heard, answer) = (heard.clone(), answer.clone());
        jobs.push(Job::new(job, move |work, Anything(value)| {
            heard
                .lock()
                .unwrap()
                .push(job.trim_start_matches("test.").to_owned());
            if job != "test.paid_late" {
                return Ok(());
            }
            let order: Id<Order> = value["order"].as_str().unwrap().parse()?;
            let (cx, answer) = (work.cx.clone(), *answer.lock().unwrap());
            work.db
                .write(move |tx| match answer {
                    Answer::Revive => crate::revive(&cx, tx, order).map(drop),
                    Answer::GiveBack => crate::give_back(&cx, tx, order),
                    Answer::Nothing => Ok(()),
                })
                .wait()
        }));
    }
    let listens: Vec<_> = crate::LISTENS.into_iter().chain(HEARD).collect();
    let migrations = &[ledger::MIGRATIONS, payment::MIGRATIONS, crate::MIGRATIONS];
    let stand = Stand::new(
        test,
        Parts {
            migrations,
            jobs,
            listens: &listens,
        },
    );
    Till { stand, heard, answer }
}

impl Till {
    fn by<T: Send + 'static>(
        &self,
        actor: Actor,
        f: impl FnMut(&Cx, &mut Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (cx, mut f) = (self.stand.cx(actor), f);
        self.stand.db.write(move |tx| f(&cx, tx)).wait()
    }

    fn write<T: Send + 'static>(
        &self,
        f: impl FnMut(&Cx, &mut Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.by(Actor::Customer(ZHANG), f)
    }

    fn open_for(&self, amounts: &[Money]) -> Order {
        let line = |(thing, amount): (i64, &Money)| NewLine {
            module: "booking",
            thing,
            title: "全身推拿 60 分钟".to_owned(),
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
        self.write(move |cx, tx| crate::open(cx, tx, &new)).unwrap()
    }

    fn open(&self) -> Order {
        self.open_for(&[PRICE])
    }

    /// The customer opens the pay page: the number of the attempt.
    fn sheet(&self, order: Id<Order>) -> Result<String> {
        let payer = Payer {
            openid: OPENID.to_owned(),
            sub_mchid: Some(SUB_MCHID.to_owned()),
        };
        let payment = self.write(move |cx, tx| crate::pay(cx, tx, order, &payer))?;
        let cx = self.stand.cx(Actor::Customer(ZHANG));
        payment::prepay(&self.stand.db, &cx, &self.stand.pay, payment.id)?;
        Ok(payment.out_trade_no)
    }

    fn told(&self, number: &str) {
        assert_eq!(self.stand.deliver(&self.stand.wechat.notice(number)), 204);
        self.stand.work();
    }

    fn placed(&self) -> (Order, String) {
        let order = self.open();
        let number = self.sheet(order.id).unwrap();
        assert!(self.stand.wechat.customer_pays(&number));
        self.told(&number);
        assert_eq!(self.state(order.id), State::Placed);
        (order, number)
    }

    fn get(&self, id: Id<Order>) -> Order {
        self.stand.db.read(move |tx| crate::order(tx, id)).wait().unwrap()
    }

    fn state(&self, id: Id<Order>) -> State {
        self.get(id).state
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    fn answers(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    /// What WeChat gave back for our refunds of an order, once all have arrived.
    fn refunded(&self, id: Id<Order>) -> Vec<Money> {
        let all = || {
            self.stand
                .db
                .read(move |tx| payment::refunds(tx, &crate::purpose(id)))
                .wait()
                .unwrap()
        };
        self.stand.pass(70_000);
        let waits = |refund: &&payment::Refund| {
            refund.done_at.is_none() && refund.state != payment::RefundState::Failed
        };
        for refund in all().iter().filter(waits) {
            let notice = self.stand.wechat.refund_ends(&refund.out_refund_no, "SUCCESS");
            assert_eq!(self.stand.deliver(&notice), 204);
        }
        self.stand.work();
        all().iter().map(|refund| refund.amount).collect()
    }

    /// Balances of the order (paid) and of the shop (at WeChat, earned); the books must be right.
    fn books(&self, id: Id<Order>) -> (Money, Money, Money) {
        self.stand
            .db
            .read(move |tx| {
                assert_eq!(ledger::sum(tx, Unit::Fen)?, Money::ZERO);
                Ok((
                    -ledger::balance(tx, Account::money("order", id.raw(), Kind::Paid))?,
                    ledger::balance(tx, Account::money("shop", SHOP.raw(), Kind::WeChat))?,
                    -ledger::balance(tx, Account::money("shop", SHOP.raw(), Kind::Revenue))?,
                ))
            })
            .wait()
            .unwrap()
    }
}

#[test]
fn an_order_freezes_lines_allocation_and_policy() {
    for till in tills() {
        let order = till.open_for(&[Money(10_000), Money(6_000)]);
        assert_eq!(
            (order.total, order.due_now, order.state),
            (Money(16_000), Money(16_000), State::Open)
        );
        let (id, stored) = (order.id, till.get(order.id));
        assert_eq!(
            (stored.number.as_str(), stored.policy),
            (order.number.as_str(), Policy::default())
        );
        assert_eq!(order.number.len(), 12);
        let (lines, shares, found) = till
            .stand
            .db
            .read(move |tx| {
                Ok((
                    crate::lines(tx, id)?,
                    crate::allocations(tx, id)?,
                    crate::of_thing(tx, "booking", 101)?,
                ))
            })
            .wait()
            .unwrap();
        assert_eq!(
            lines.iter().map(|line| line.thing).collect::<Vec<_>>(),
            [100, 101]
        );
        assert_eq!(
            shares.iter().map(|share| share.2).collect::<Vec<_>>(),
            [Money(10_000), Money(6_000)]
        );
        assert_eq!(found.map(|order| order.id), Some(id));
    }
}

#[test]
fn what_costs_nothing_is_placed_at_once() {
    for till in tills() {
        let order = till.open_for(&[Money::ZERO]);
        till.stand.work();
        assert_eq!(
            (order.state, till.heard()),
            (State::Placed, vec!["placed".to_owned()])
        );
    }
}

#[test]
fn a_paid_order_is_placed_once() {
    for till in tills() {
        let (order, number) = till.placed();
        till.told(&number);
        till.stand.pass(20 * 60_000);
        assert_eq!(
            (till.state(order.id), till.heard()),
            (State::Placed, vec!["placed".to_owned()])
        );
        assert_eq!(till.books(order.id), (PRICE, PRICE, Money::ZERO));
        assert_eq!(
            till.sheet(order.id).unwrap_err().code(),
            Some("order.already_paid")
        );
    }
}

#[test]
fn a_foreign_order_does_not_exist() {
    for till in tills() {
        let id = till.open().id;
        let payer = Payer {
            openid: OPENID.to_owned(),
            sub_mchid: None,
        };
        let asked = till.by(Actor::Customer(WANG), move |cx, tx| {
            crate::pay(cx, tx, id, &payer)
        });
        assert!(matches!(asked, Err(kernel::Error::NotFound)));
        let guest = till.by(Actor::Guest, move |cx, tx| crate::own(cx, tx, id));
        assert!(matches!(guest, Err(kernel::Error::Forbidden)));
    }
}

#[test]
fn an_order_that_nobody_pays_closes_at_its_deadline() {
    for till in tills() {
        let untouched = till.open();
        let seen = till.open();
        till.sheet(seen.id).unwrap();
        till.stand.pass(14 * 60_000);
        assert_eq!(
            (till.state(untouched.id), till.state(seen.id)),
            (State::Open, State::Open)
        );
        till.stand.pass(2 * 60_000);
        for order in [untouched, seen] {
            let closed = till.get(order.id);
            assert_eq!(
                (closed.state, closed.ending),
                (State::Closed, Some(Ending::Deadline))
            );
        }
        assert_eq!(till.heard(), ["closed", "closed"]);
    }
}

#[test]
fn the_deadline_of_another_version_does_nothing() {
    for till in tills() {
        let id = till.open().id;
        till.write(move |cx, tx| actions::expire(cx, tx, id, 7)).unwrap();
        assert_eq!(till.state(id), State::Open);
    }
}

#[test]
fn a_customer_who_withdraws_before_the_sheet_frees_the_things_at_once() {
    for till in tills() {
        let id = till.open().id;
        let order = till.write(move |cx, tx| crate::abandon(cx, tx, id)).unwrap();
        assert_eq!(
            (order.state, order.ending),
            (State::Closed, Some(Ending::Withdrawn))
        );
        till.write(move |cx, tx| crate::abandon(cx, tx, id)).unwrap();
        till.stand.work();
        assert_eq!(till.heard(), ["closed"]);
        assert_eq!(till.sheet(id).unwrap_err().code(), Some("order.expired"));
        let steps = till.stand.db.read(move |tx| crate::steps(tx, id)).wait().unwrap();
        let names: Vec<&str> = steps.iter().map(|step| step.step.as_str()).collect();
        assert_eq!(names, ["open", "lapse", "close"]);
        assert_eq!(steps[1].actor, format!("customer:{ZHANG}"));
    }
}

#[test]
fn fulfilling_earns_the_money_once() {
    for till in tills() {
        let (order, _) = till.placed();
        for _ in 0..2 {
            till.write(move |cx, tx| crate::fulfil(cx, tx, order.id)).unwrap();
        }
        assert_eq!(till.state(order.id), State::Fulfilled);
        assert_eq!(till.books(order.id), (Money::ZERO, PRICE, PRICE));
        let late = till.write(move |cx, tx| crate::cancel(cx, tx, order.id, By::Shop, Money::ZERO, ""));
        assert_eq!(late.unwrap_err().code(), Some("order.not_placed"));
    }
}

#[test]
fn what_is_not_a_transition_is_refused() {
    for till in tills() {
        let id = till.open().id;
        let code = |result: Result<Order>| result.unwrap_err().code();
        assert_eq!(
            code(till.write(move |cx, tx| crate::fulfil(cx, tx, id))),
            Some("order.not_placed")
        );
        assert_eq!(
            code(till.write(move |cx, tx| crate::revive(cx, tx, id))),
            Some("order.not_placed")
        );
        let cancelled = till.write(move |cx, tx| crate::cancel(cx, tx, id, By::Customer, Money::ZERO, ""));
        assert_eq!(code(cancelled), Some("order.not_placed"));
        let placed = till.placed().0.id;
        assert_eq!(
            code(till.write(move |cx, tx| crate::abandon(cx, tx, placed))),
            Some("order.already_paid")
        );
    }
}

#[test]
fn a_stale_version_changes_nothing() {
    for till in tills() {
        let id = till.open().id;
        let stale = till.write(move |cx, tx| {
            let mut order = store::order(tx, id)?;
            order.version += 1;
            store::step(cx, tx, &mut order, Step::Place, "")
        });
        assert_eq!(stale.unwrap_err().code(), Some("order.changed"));
        assert_eq!(till.state(id), State::Open);
    }
}
