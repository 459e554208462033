use db::Db;
use kernel::{Actor, Cx, Error, Instant, Lang, Money, Result, World};
use proptest::prelude::*;

use crate::{Account, Kind, Transfer, Unit};

const SHOP: Account = Account::money("shop", 1, Kind::WeChat);
const ORDER: Account = Account::money("order", 2, Kind::Paid);
const REVENUE: Account = Account::money("shop", 1, Kind::Revenue);

fn world() -> World {
    let seeds = std::sync::atomic::AtomicU64::new(1);
    World::new(
        || Instant(1_795_320_000_000),
        move || seeds.fetch_add(1, std::sync::atomic::Ordering::SeqCst),
    )
}

struct Books {
    db: Db,
    _test: db::testing::TestDb,
}

fn books(test: db::testing::TestDb) -> Books {
    let db = test.open(world(), db::Listeners::default()).unwrap();
    db.migrate(crate::MIGRATIONS).unwrap();
    Books { db, _test: test }
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
        (id, key): (i64, &'static str),
    ) -> Result<()> {
        let cx = self.cx();
        self.db
            .write(move |tx| {
                let transfer = Transfer {
                    debit,
                    credit,
                    amount: Money(amount),
                    cause: ("test", id),
                    key,
                };
                crate::transfer(&cx, tx, &transfer)
            })
            .wait()
    }

    fn balance(&self, account: Account<'static>) -> i64 {
        let balance = self.db.read(move |tx| {
            assert_eq!(crate::sum(tx, Unit::Fen)?, Money::ZERO);
            crate::balance(tx, account)
        });
        balance.wait().unwrap().fen()
    }
}

#[test]
fn a_transfer_moves_money_once() {
    for books in all_books() {
        for _ in 0..3 {
            books.post(SHOP, ORDER, 12_850, (1, "settled")).unwrap();
        }
        assert_eq!((books.balance(SHOP), books.balance(ORDER)), (12_850, -12_850));
        books.post(SHOP, ORDER, 12_850, (2, "settled")).unwrap();
        assert_eq!(books.balance(SHOP), 25_700);
        books.post(SHOP, ORDER, 0, (3, "nothing")).unwrap();
        assert_eq!(books.balance(REVENUE), 0);
    }
}

#[test]
fn one_key_cannot_mean_two_transfers() {
    for books in all_books() {
        books.post(SHOP, ORDER, 100, (1, "settled")).unwrap();
        assert!(matches!(
            books.post(SHOP, ORDER, 101, (1, "settled")),
            Err(Error::Fault(_))
        ));
        assert!(matches!(
            books.post(REVENUE, ORDER, 100, (1, "settled")),
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
fn forty_at_once_take_no_more_than_there_is() {
    for books in all_books() {
        books.post(SHOP, ORDER, 1_000, (1, "settled")).unwrap();
        let taken: usize = std::thread::scope(|threads| {
            let books = &books;
            let take = |id| {
                threads.spawn(move || usize::from(books.post(ORDER, REVENUE, 300, (id, "take")).is_ok()))
            };
            let running: Vec<_> = (10..50).map(take).collect();
            running.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!((taken, books.balance(ORDER)), (3, -100));
    }
}

#[test]
#[should_panic(expected = "the other way round")]
fn a_negative_amount_is_a_programmers_error() {
    let transfer = Transfer {
        debit: SHOP,
        credit: ORDER,
        amount: Money(-1),
        cause: ("test", 1),
        key: "",
    };
    let books = books(db::testing::sqlite());
    let cx = books.cx();
    // The unit runs on the writer's thread, which turns a panic into a fault.
    let fault = books
        .db
        .write(move |tx| crate::transfer(&cx, tx, &transfer))
        .wait()
        .unwrap_err();
    panic!("{fault}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn balances_are_the_sums_of_what_was_posted(
        transfers in prop::collection::vec((0..3usize, 0..3usize, 1..5_000i64, 0..20i64), 1..40),
    ) {
        let books = books(db::testing::sqlite());
        let accounts = [SHOP, ORDER, REVENUE];
        let mut expected = [0i64; 3];
        let mut used = std::collections::HashMap::new();
        for (debit, credit, amount, cause) in transfers {
            if debit == credit {
                continue;
            }
            let posted = books.post(accounts[debit], accounts[credit], amount, (cause, "p"));
            let first = !used.contains_key(&cause);
            let covered = debit != 1 || expected[1] + amount <= 0;
            if first && covered {
                prop_assert!(posted.is_ok());
                used.insert(cause, (debit, credit, amount));
                expected[debit] += amount;
                expected[credit] -= amount;
            } else {
                prop_assert_eq!(posted.is_ok(), used.get(&cause) == Some(&(debit, credit, amount)));
            }
        }
        for (account, wanted) in accounts.into_iter().zip(expected) {
            prop_assert_eq!(books.balance(account), wanted);
        }
    }
}
