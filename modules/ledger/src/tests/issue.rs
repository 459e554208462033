//! What is issued, spent, and taken back nevertheless.

use testkit::race::{self, RIVALS};

use super::*;
use crate::Issue;

/// The points of an owner of its own for each round.
fn points(round: i64) -> Issue<'static> {
    Issue::points(("customer", 500 + round), 1)
}

fn account(round: i64, kind: Kind) -> Account<'static> {
    let (owner_kind, owner_id) = match kind {
        Kind::Issued => ("shop", 1),
        _ => ("customer", 500 + round),
    };
    Account {
        owner_kind,
        owner_id,
        kind,
        unit: Unit::Points,
    }
}

impl Books {
    fn issues(&self, round: i64, amount: i64, key: &'static str) -> i64 {
        let cx = self.cx();
        let issue = move |tx: &mut db::Tx| {
            crate::issue(&cx, tx, &points(round), Money(amount), (("order", round), key))
        };
        self.db.write(issue).wait().unwrap().fen()
    }

    fn recalls(&self, round: i64, amount: i64, key: &'static str) -> i64 {
        let cx = self.cx();
        let recall = move |tx: &mut db::Tx| {
            crate::recall(&cx, tx, &points(round), Money(amount), (("refund", round), key))
        };
        self.db.write(recall).wait().unwrap().fen()
    }

    fn has(&self, round: i64) -> i64 {
        let read = move |tx: &mut db::Tx| crate::issued(tx, &points(round));
        self.db.read(read).wait().unwrap().fen()
    }

    fn sum_of(&self, unit: Unit) -> Money {
        self.db.read(move |tx| crate::sum(tx, unit)).wait().unwrap()
    }
}

#[test]
fn edge_case_08_points_that_were_spent_are_owed_when_their_order_is_refunded() {
    for books in all_books() {
        assert_eq!(books.issues(0, 100, "order 1"), 100);
        assert_eq!(books.issues(0, 100, "order 1"), 100, "once");
        let (holder, issuer) = (account(0, Kind::Points), account(0, Kind::Issued));
        books.post(holder, issuer, 80, (1, "spent")).unwrap();
        // Half of the order is refunded: 20 of 50 points are there, 30 are owed.
        for _ in 0..2 {
            assert_eq!(books.recalls(0, 50, "half"), 20);
            assert_eq!(books.has(0), -30);
        }
        // All of it is gone: nothing more can be spent, and the rest is owed too.
        assert_eq!(books.recalls(0, 50, "the rest"), 0);
        assert_eq!(books.has(0), -80);
        let spends = books.post(holder, issuer, 1, (2, "spent")).unwrap_err().code();
        assert_eq!(spends, Some("ledger.not_covered"));
        // The next order's points settle it first.
        for _ in 0..2 {
            assert_eq!(books.issues(0, 60, "order 2"), 0);
            assert_eq!(books.has(0), -20);
        }
        assert_eq!(books.issues(0, 60, "order 3"), 40);
        assert_eq!((books.has(0), books.available(holder)), (40, 40));
        assert_eq!(books.sum_of(Unit::Points), Money::ZERO);
        // No money has moved for any of it.
        assert_eq!(books.sum_of(Unit::Fen), Money::ZERO);
        assert_eq!((books.balance(SHOP), books.balance(REVENUE)), (0, 0));
    }
}

#[test]
fn points_that_are_reserved_when_they_are_taken_back_are_owed() {
    for books in all_books() {
        books.issues(0, 100, "order 1");
        let (holder, issuer) = (account(0, Kind::Points), account(0, Kind::Issued));
        books.reserve(holder, issuer, 70, 5, None).unwrap();
        assert_eq!(books.recalls(0, 100, "all"), 30);
        assert_eq!(books.has(0), -70);
        // The other order closes: what it held is there again, against what is owed.
        books.release(5).unwrap();
        assert_eq!(books.has(0), 0);
    }
}

/// Taken back while two hundred spend: each point is spent or taken once, and what was spent is owed.
#[test]
fn a_recall_among_two_hundred_who_spend_takes_what_they_leave_and_notes_the_rest() {
    for books in all_books() {
        race::rounds("a recall", &books.db, (100, 5), |round| {
            let (holder, issuer) = (account(round, Kind::Points), account(round, Kind::Issued));
            books.issues(round, 1_000, "issued");
            let taking = (0..RIVALS).map(|rival| {
                books.clock.advance_ms(1);
                let cx = books.cx();
                move |tx: &mut db::Tx| {
                    if rival == RIVALS / 2 {
                        let all = Money(1_000);
                        return crate::recall(&cx, tx, &points(round), all, (("refund", round), "all"));
                    }
                    let spent = wanted(holder, issuer, 7, (round * 1_000 + rival, "spent"));
                    crate::transfer(&cx, tx, &spent).map(|_| Money(7))
                }
            });
            let taken = race::won(race::at_once(&books.db, taking), "ledger.not_covered");
            let spent_and_taken: Money = taken.iter().copied().sum();
            assert_eq!(spent_and_taken, Money(1_000), "round {round}");
            assert_eq!(books.available(holder), 0);
            let spent = i64::try_from(taken.iter().filter(|part| **part == Money(7)).count()).unwrap() * 7;
            assert_eq!(books.has(round), -spent, "round {round}");
        });
        let report = crate::audit(&books.db).unwrap();
        assert!(report.sound(), "{report:#?}");
    }
}
