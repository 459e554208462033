mod audit;
mod door;
mod holds;
mod issue;
mod model;
mod race;
mod refused;

use db::{Db, Param, testing::TestDb};
use kernel::{Actor, Cx, Error, Id, Instant, Lang, Money, Result};
use testkit::Clock;

use crate::{Account, Kind, Moved, Standing, Transfer, Unit};

const SHOP: Account = Account::money("shop", 1, Kind::WeChat);
const ORDER: Account = Account::money("order", 2, Kind::Paid);
const REVENUE: Account = Account::money("shop", 1, Kind::Revenue);
const DUE: Account = Account::money("order", 2, Kind::Receivable);

struct Books {
    db: Db,
    clock: Clock,
    _test: TestDb,
}

fn books(test: TestDb) -> Books {
    let books = empty(test);
    books.db.migrate(crate::MIGRATIONS).unwrap();
    books
}

/// A database without tables.
fn empty(test: TestDb) -> Books {
    let clock = Clock::new();
    let db = test.open(clock.world(1), db::Listeners::default()).unwrap();
    Books {
        db,
        clock,
        _test: test,
    }
}

fn all_books() -> Vec<Books> {
    db::testing::engines().into_iter().map(books).collect()
}

impl Books {
    fn cx(&self) -> Cx {
        self.db.world().cx(Actor::System("test"), Lang::Zh)
    }

    fn post(
        &self,
        debit: Account<'static>,
        credit: Account<'static>,
        amount: i64,
        named: (i64, &'static str),
    ) -> Result<Option<Id<Moved>>> {
        let cx = self.cx();
        self.db
            .write(move |tx| crate::transfer(&cx, tx, &wanted(debit, credit, amount, named)))
            .wait()
    }

    fn reserve(
        &self,
        debit: Account<'static>,
        credit: Account<'static>,
        amount: i64,
        id: i64,
        due: Option<Instant>,
    ) -> Result<Id<Moved>> {
        let cx = self.cx();
        self.db
            .write(move |tx| crate::reserve(&cx, tx, &wanted(debit, credit, amount, (id, "hold")), due))
            .wait()
    }

    fn commit(&self, id: i64, amount: i64) -> Result<Id<Moved>> {
        let cx = self.cx();
        self.db
            .write(move |tx| crate::commit(&cx, tx, ("test", id), "hold", Money(amount)))
            .wait()
    }

    fn release(&self, id: i64) -> Result<Id<Moved>> {
        let cx = self.cx();
        self.db
            .write(move |tx| crate::release(&cx, tx, ("test", id), "hold"))
            .wait()
    }

    fn balance(&self, account: Account<'static>) -> i64 {
        let balance = self.db.read(move |tx| {
            assert_eq!(crate::sum(tx, Unit::Fen)?, Money::ZERO);
            crate::balance(tx, account)
        });
        balance.wait().unwrap().fen()
    }

    fn standing(&self, account: Account<'static>) -> Standing {
        self.db
            .read(move |tx| crate::standing(tx, account))
            .wait()
            .unwrap()
    }

    fn available(&self, account: Account<'static>) -> i64 {
        let available = self.db.read(move |tx| crate::available(tx, account));
        available.wait().unwrap().fen()
    }

    fn due_jobs(&self) -> usize {
        db::Runner::new(self.db.clone(), crate::jobs::jobs())
            .run_due()
            .unwrap()
    }

    /// A statement past the front door, as somebody with the database's password would run it.
    fn raw(&self, sql: &'static str, numbers: &[i64]) -> Result<u64> {
        let numbers = numbers.to_vec();
        self.db
            .write(move |tx| {
                let params: Vec<Param<'_>> = numbers.iter().map(|n| Param::Int(*n)).collect();
                tx.run(sql, &params)
            })
            .wait()
    }

    fn number(&self, sql: &'static str) -> i64 {
        self.db
            .read(move |tx| tx.one(sql, db::params![], |row| row.get(0)))
            .wait()
            .unwrap()
    }

    fn chain(&self) {
        while self.db.write(crate::chain).wait().unwrap() > 0 {}
    }
}

fn wanted(
    debit: Account<'static>,
    credit: Account<'static>,
    amount: i64,
    (id, key): (i64, &'static str),
) -> Transfer<'static> {
    Transfer {
        debit,
        credit,
        amount: Money(amount),
        cause: ("test", id),
        key,
    }
}

#[test]
fn a_transfer_moves_money_once_and_a_repeat_gives_the_first_answer() {
    for books in all_books() {
        let first = books.post(SHOP, ORDER, 12_850, (1, "settled")).unwrap();
        for _ in 0..3 {
            assert_eq!(books.post(SHOP, ORDER, 12_850, (1, "settled")).unwrap(), first);
        }
        assert_eq!((books.balance(SHOP), books.balance(ORDER)), (12_850, -12_850));
        assert_ne!(books.post(SHOP, ORDER, 12_850, (2, "settled")).unwrap(), first);
        assert_eq!(books.balance(SHOP), 25_700);
        assert_eq!(books.post(SHOP, ORDER, 0, (3, "nothing")).unwrap(), None);
        assert_eq!(books.balance(REVENUE), 0);
    }
}

#[test]
fn one_key_cannot_mean_two_transfers() {
    for books in all_books() {
        books.post(SHOP, ORDER, 100, (1, "hold")).unwrap();
        assert!(matches!(
            books.post(SHOP, ORDER, 101, (1, "hold")),
            Err(Error::Fault(_))
        ));
        assert!(matches!(
            books.post(REVENUE, ORDER, 100, (1, "hold")),
            Err(Error::Fault(_))
        ));
        assert!(matches!(
            books.reserve(SHOP, ORDER, 100, 1, None),
            Err(Error::Fault(_))
        ));
        assert_eq!(books.balance(SHOP), 100);
    }
}

#[test]
fn what_was_paid_cannot_be_taken_twice() {
    for books in all_books() {
        books.post(SHOP, ORDER, 100, (1, "settled")).unwrap();
        books.post(ORDER, REVENUE, 60, (2, "kept")).unwrap();
        let code = books.post(ORDER, SHOP, 41, (3, "refund")).unwrap_err().code();
        assert_eq!(code, Some("ledger.not_covered"));
        assert_eq!(
            books.balance(ORDER),
            -40,
            "the refused transfer left nothing behind"
        );
        books.post(ORDER, SHOP, 40, (3, "refund")).unwrap();
        assert_eq!(
            (books.balance(ORDER), books.balance(SHOP), books.balance(REVENUE)),
            (0, 60, -60)
        );
    }
}

#[test]
fn no_more_is_collected_than_is_due() {
    for books in all_books() {
        books.post(DUE, REVENUE, 100, (1, "sold")).unwrap();
        let code = books.post(SHOP, DUE, 101, (2, "rest")).unwrap_err().code();
        assert_eq!(code, Some("ledger.not_covered"));
        books.post(SHOP, DUE, 100, (2, "rest")).unwrap();
        assert_eq!((books.balance(DUE), books.available(DUE)), (0, 0));
    }
}

#[test]
fn alerts_may_pass_the_bought_messages_by_thirty() {
    const BOUGHT: Account = Account {
        owner_kind: "shop",
        owner_id: 1,
        kind: Kind::Sms,
        unit: Unit::Sms,
    };
    const ISSUED: Account = Account {
        kind: Kind::Issued,
        ..BOUGHT
    };
    for books in all_books() {
        books.post(ISSUED, BOUGHT, 100, (1, "bought")).unwrap();
        books.post(BOUGHT, ISSUED, 130, (2, "sent")).unwrap();
        assert_eq!(books.available(BOUGHT), -30);
        let code = books.post(BOUGHT, ISSUED, 1, (3, "sent")).unwrap_err().code();
        assert_eq!(code, Some("ledger.not_covered"));
    }
}

#[test]
#[should_panic(expected = "the other way round")]
fn a_negative_amount_is_a_programmers_error() {
    let books = books(db::testing::sqlite());
    // The unit runs on the writer's thread, which turns a panic into a fault.
    panic!("{}", books.post(SHOP, ORDER, -1, (1, "")).unwrap_err());
}

#[test]
#[should_panic(expected = "within its unit")]
fn points_do_not_become_money() {
    let books = books(db::testing::sqlite());
    let points = Account {
        unit: Unit::Points,
        ..ORDER
    };
    panic!("{}", books.post(SHOP, points, 1, (1, "")).unwrap_err());
}
