//! Reservations.

use kernel::{Error, MINUTE_MS};

use super::*;
use crate::{Hold, State};

fn paid(books: &Books, amount: i64) {
    books.post(SHOP, ORDER, amount, (1, "settled")).unwrap();
}

fn hold(books: &Books, id: i64) -> Option<Hold> {
    books
        .db
        .read(move |tx| crate::hold(tx, ("test", id), "hold"))
        .wait()
        .unwrap()
}

#[test]
fn what_is_reserved_is_not_available_and_not_yet_moved() {
    for books in all_books() {
        paid(&books, 100);
        let first = books.reserve(ORDER, REVENUE, 70, 5, None).unwrap();
        assert_eq!(books.reserve(ORDER, REVENUE, 70, 5, None).unwrap(), first);
        assert_eq!((books.balance(ORDER), books.available(ORDER)), (-100, 30));
        assert_eq!((books.balance(REVENUE), books.available(REVENUE)), (0, 0));
        let code = books.post(ORDER, SHOP, 31, (6, "refund")).unwrap_err().code();
        assert_eq!(code, Some("ledger.not_covered"));
        let code = books.reserve(ORDER, SHOP, 31, 7, None).unwrap_err().code();
        assert_eq!(code, Some("ledger.not_covered"));
        books.post(ORDER, SHOP, 30, (6, "refund")).unwrap();
        assert_eq!(books.available(ORDER), 0);
    }
}

#[test]
fn a_part_is_moved_and_the_rest_is_free_again() {
    for books in all_books() {
        paid(&books, 100);
        books.reserve(ORDER, REVENUE, 70, 5, None).unwrap();
        let first = books.commit(5, 40).unwrap();
        assert_eq!(
            books.commit(5, 40).unwrap(),
            first,
            "a repeat gives the first answer"
        );
        assert_eq!((books.balance(ORDER), books.available(ORDER)), (-60, 60));
        assert_eq!(books.balance(REVENUE), -40);
        let held = hold(&books, 5).unwrap();
        assert_eq!(
            (held.amount, held.state, held.moved),
            (Money(70), State::Posted, Money(40))
        );
        assert!(
            matches!(books.commit(5, 41), Err(Error::Fault(_))),
            "another amount is a fault"
        );
        assert_eq!(books.release(5).unwrap_err().code(), Some("ledger.posted"));
    }
}

#[test]
fn what_is_freed_cannot_be_moved() {
    for books in all_books() {
        paid(&books, 100);
        books.reserve(ORDER, REVENUE, 100, 5, None).unwrap();
        let first = books.release(5).unwrap();
        assert_eq!(books.release(5).unwrap(), first);
        assert_eq!(books.available(ORDER), 100);
        assert_eq!(books.commit(5, 100).unwrap_err().code(), Some("ledger.voided"));
        assert_eq!(hold(&books, 5).unwrap().state, State::Voided);
        assert_eq!(books.balance(REVENUE), 0);
    }
}

#[test]
fn more_or_nothing_or_unheard_of_is_not_moved() {
    for books in all_books() {
        paid(&books, 100);
        books.reserve(ORDER, REVENUE, 50, 5, None).unwrap();
        assert!(matches!(books.commit(5, 51), Err(Error::Fault(_))));
        assert!(matches!(books.commit(5, 0), Err(Error::Fault(_))));
        assert!(matches!(books.commit(6, 1), Err(Error::NotFound)));
        assert!(matches!(books.release(6), Err(Error::NotFound)));
        books.post(ORDER, REVENUE, 10, (7, "hold")).unwrap();
        assert!(
            matches!(books.commit(7, 10), Err(Error::Fault(_))),
            "nothing was reserved there"
        );
        assert_eq!(hold(&books, 7), None);
        assert_eq!((books.balance(ORDER), books.available(ORDER)), (-90, 40));
    }
}

#[test]
fn a_reservation_frees_itself_at_its_due_time_and_not_before() {
    for books in all_books() {
        paid(&books, 100);
        let due = books.clock.now() + 15 * MINUTE_MS;
        books.reserve(ORDER, REVENUE, 60, 5, Some(due)).unwrap();
        books.reserve(ORDER, REVENUE, 40, 6, Some(due)).unwrap();
        books.commit(6, 40).unwrap();
        books.clock.advance_minutes(14);
        assert_eq!(books.due_jobs(), 0);
        assert_eq!(books.available(ORDER), 0);
        books.clock.advance_minutes(1);
        assert_eq!(books.due_jobs(), 2);
        assert_eq!((books.available(ORDER), books.balance(REVENUE)), (60, -40));
        assert_eq!(hold(&books, 5).unwrap().state, State::Voided);
        assert_eq!(
            hold(&books, 6).unwrap().state,
            State::Posted,
            "in time is in time"
        );
        let dead = books.db.read(db::jobs::dead).wait().unwrap();
        assert!(dead.is_empty(), "{dead:?}");
    }
}

#[test]
fn ends_are_rows_of_their_own_and_nothing_is_edited() {
    for books in all_books() {
        paid(&books, 100);
        books.reserve(ORDER, REVENUE, 70, 5, None).unwrap();
        books.commit(5, 40).unwrap();
        books.reserve(ORDER, REVENUE, 10, 6, None).unwrap();
        books.release(6).unwrap();
        let rows = books
            .db
            .read(|tx| {
                tx.all(
                    "SELECT phase, amount, cause_id, pending_amount FROM ledger_transfer ORDER BY cause_id, made_at, phase",
                    db::params![],
                    |row| {
                        Ok((
                            row.get::<String>(0)?,
                            row.get::<i64>(1)?,
                            row.get::<i64>(2)?,
                            row.get::<Option<i64>>(3)?,
                        ))
                    },
                )
            })
            .wait()
            .unwrap();
        let row = |phase: &str, amount, id, pending| (phase.to_owned(), amount, id, pending);
        assert_eq!(
            rows,
            [
                row("direct", 100, 1, None),
                row("pending", 70, 5, None),
                row("post", 40, 5, Some(70)),
                row("pending", 10, 6, None),
                row("void", 10, 6, Some(10)),
            ]
        );
    }
}

#[test]
fn a_sweep_takes_what_is_there_and_leaves_what_is_reserved() {
    for books in all_books() {
        books.post(SHOP, ORDER, 100, (1, "paid")).unwrap();
        books.reserve(ORDER, REVENUE, 60, 2, None).unwrap();
        let sweep = |key: &'static str| {
            let cx = books.cx();
            let all = move |tx: &mut db::Tx<'_>| crate::sweep(&cx, tx, (ORDER, SHOP), ("expiry", 1), key);
            books.db.write(all).wait().unwrap()
        };
        for _ in 0..2 {
            assert_eq!(sweep("first"), Money(40), "asked again it is the first answer");
        }
        assert_eq!((sweep("second"), books.available(ORDER)), (Money::ZERO, 0));
        books.release(2).unwrap();
        assert_eq!((sweep("third"), books.available(ORDER)), (Money(60), 0));
    }
}
