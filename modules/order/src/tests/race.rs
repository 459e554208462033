//! Two hundred open orders want one voucher at once: what a customer has stored, which one order may hold.

use kernel::{Actor, Id, Money};
use ledger::{Account, Kind, Transfer};
use testkit::race::{self, RIVALS};

use super::{SHOP, Till, ZHANG, tills};
use crate::{Order, Source, State, Taken, Taking, Tender, store};

/// What the voucher is worth.
const WORTH: Money = Money(3_000);
/// By which it would pay.
const SOURCE: Source = Source::coupon(("coupon", 1));
/// The account that gives it.
const VOUCHER: Account = SOURCE.account();

impl Till {
    /// The customer has one voucher.
    fn issue(&self) {
        let issued = Transfer {
            debit: Account::money("shop", SHOP.raw(), Kind::Discounts),
            credit: VOUCHER,
            amount: WORTH,
            cause: ("voucher", 1),
            key: "issued",
        };
        self.write(move |cx, tx| ledger::transfer(cx, tx, &issued))
            .unwrap();
    }

    fn voucher(&self) -> Money {
        self.stand
            .db
            .read(|tx| ledger::available(tx, VOUCHER))
            .wait()
            .unwrap()
    }

    /// Somebody, a millisecond after everybody before.
    fn next(&self) -> kernel::Cx {
        self.stand.clock.pass(1);
        self.stand.cx(Actor::Customer(ZHANG))
    }

    fn orders(&self) -> Vec<Id<Order>> {
        let opened = (0..RIVALS).map(|_| {
            self.stand.clock.pass(1);
            self.open().id
        });
        opened.collect()
    }

    /// Everybody reserves it: the takings of those who got it.
    fn all_reserve(&self, orders: &[Id<Order>]) -> Vec<Id<Taking>> {
        let asking = orders.iter().map(|order| {
            let (cx, order) = (self.next(), *order);
            move |tx: &mut db::Tx| crate::reserve(&cx, tx, order, &SOURCE, WORTH)
        });
        race::won(race::at_once(&self.stand.db, asking), "ledger.not_covered")
    }

    /// How many takings stand so, over all orders.
    fn takings(&self, state: Taken) -> i64 {
        let count = self.stand.db.read(move |tx| {
            tx.one(
                "SELECT CAST(COUNT(*) AS BIGINT) FROM order_taking WHERE state = $1",
                db::params![state.code()],
                |row| row.get(0),
            )
        });
        count.wait().unwrap()
    }
}

#[test]
fn of_two_hundred_orders_one_holds_the_voucher() {
    for till in tills() {
        till.issue();
        let mut orders = till.orders();
        race::rounds("a voucher", &till.stand.db, (100, 5), |round| {
            let held = till.all_reserve(&orders);
            assert_eq!(held.len(), 1, "round {round}");
            assert_eq!(
                (till.takings(Taken::Reserved), till.voucher()),
                (1, Money::ZERO),
                "round {round}"
            );
            // It is given up, and all may have it again; another one asks first.
            let taking = held[0];
            till.write(move |cx, tx| crate::release(cx, tx, taking)).unwrap();
            assert_eq!((till.takings(Taken::Reserved), till.voucher()), (0, WORTH));
            orders.rotate_left(7);
        });
        // The one who holds it pays the rest, and it is spent for good.
        let taking = till.all_reserve(&orders)[0];
        let holder = till.stand.db.read(move |tx| store::taking(tx, taking));
        let holder = holder.wait().unwrap().order;
        till.pays(holder);
        assert_eq!(till.state(holder), State::Placed);
        assert_eq!(till.all_reserve(&till.orders()).len(), 0);
        assert_eq!((till.takings(Taken::Committed), till.voucher()), (1, Money::ZERO));
    }
}

/// The negative twin: whoever looks in one transaction whether the voucher is there and notes it in the next, without
/// reserving it in the ledger, promises one voucher to many.
#[test]
fn without_the_reservation_one_voucher_is_promised_to_many() {
    for till in tills() {
        till.issue();
        let orders = till.orders();
        let look = (0..RIVALS).map(|_| |tx: &mut db::Tx| ledger::available(tx, VOUCHER));
        let seen = race::look_at_once(&till.stand.db, look);
        let may = orders.into_iter().zip(seen).filter(|(_, seen)| *seen >= WORTH);
        let noting = may.map(|(order, _)| {
            let cx = till.next();
            move |tx: &mut db::Tx| note_unguarded(&cx, tx, order)
        });
        race::won(race::at_once(&till.stand.db, noting), "");
        let promised = till.takings(Taken::Reserved);
        assert!(
            promised > 1,
            "the ledger is what keeps this from happening: {promised}"
        );
        assert_eq!(till.voucher(), WORTH, "and the books know of none of it");
    }
}

fn note_unguarded(cx: &kernel::Cx, tx: &mut db::Tx, order: Id<Order>) -> kernel::Result<()> {
    let taking = Taking {
        id: cx.id(),
        order,
        tender: Tender::Coupon,
        owner_kind: VOUCHER.owner_kind.to_owned(),
        owner: VOUCHER.owner_id,
        account: VOUCHER.kind,
        amount: WORTH,
        returned: Money::ZERO,
        state: Taken::Reserved,
        at: cx.now(),
    };
    store::add_taking(cx, tx, &taking)
}
