//! Many at once on one balance, and the same without the guard.

use db::{Migration, Pending};
use testkit::race::{self, RIVALS};

use super::*;

/// An order's account of its own for each round.
fn account(round: i64) -> Account<'static> {
    Account {
        owner_id: 1_000 + round,
        ..ORDER
    }
}

/// Two hundred at once want 300 each of 1,000, every other one by reserving: how many got it.
fn winners(books: &Books, round: i64) -> usize {
    let from = account(round);
    books.post(SHOP, from, 1_000, (round, "settled")).unwrap();
    let taking = (0..RIVALS).map(|rival| {
        books.clock.advance_ms(1);
        let cx = books.cx();
        move |tx: &mut db::Tx| {
            let wanted = wanted(from, REVENUE, 300, (round * 1_000 + rival, "take"));
            if rival % 2 == 0 {
                crate::reserve(&cx, tx, &wanted, None).map(Some)
            } else {
                crate::transfer(&cx, tx, &wanted)
            }
        }
    });
    race::won(race::at_once(&books.db, taking), "ledger.not_covered").len()
}

#[test]
fn of_two_hundred_at_once_exactly_as_many_win_as_there_is_money_for() {
    for books in all_books() {
        race::rounds("a balance", &books.db, (100, 5), |round| {
            assert_eq!(winners(&books, round), 3, "round {round}");
            assert_eq!(books.available(account(round)), 100);
        });
        let report = crate::audit(&books.db).unwrap();
        assert!(report.sound(), "{report:#?}");
    }
}

/// What expires is swept away while others reserve of it: whatever order they come in, each fen is taken once, and nothing
/// that can be taken is left.
#[test]
fn a_sweep_among_two_hundred_who_reserve_takes_exactly_what_they_leave() {
    for books in all_books() {
        race::rounds("a sweep", &books.db, (100, 5), |round| {
            let from = account(round);
            books.post(SHOP, from, 1_000, (round, "settled")).unwrap();
            let taking = (0..RIVALS).map(|rival| {
                books.clock.advance_ms(1);
                let cx = books.cx();
                move |tx: &mut db::Tx| {
                    if rival == RIVALS / 2 {
                        return crate::sweep(&cx, tx, (from, REVENUE), ("round", round), "swept");
                    }
                    let wanted = wanted(from, REVENUE, 7, (round * 1_000 + rival, "take"));
                    crate::reserve(&cx, tx, &wanted, None).map(|_| Money(7))
                }
            });
            let taken = race::won(race::at_once(&books.db, taking), "ledger.not_covered");
            let sum: Money = taken.iter().copied().sum();
            assert_eq!((sum, books.available(from)), (Money(1_000), 0), "round {round}");
        });
        let report = crate::audit(&books.db).unwrap();
        assert!(report.sound(), "{report:#?}");
    }
}

/// The same race where the sweep looks first and takes later what it saw: others were there before, so it is refused and what
/// they left lies there for ever.
#[test]
fn a_sweep_that_looks_first_leaves_what_it_should_take() {
    for books in all_books() {
        let from = account(0);
        books.post(SHOP, from, 1_000, (0, "settled")).unwrap();
        let seen = Money(books.available(from));
        let taking = (0..RIVALS / 4).map(|rival| {
            books.clock.advance_ms(1);
            let cx = books.cx();
            move |tx: &mut db::Tx| {
                if rival == RIVALS / 8 {
                    let all = wanted(from, REVENUE, seen.fen(), (0, "swept"));
                    return crate::transfer(&cx, tx, &all).map(|_| seen);
                }
                let wanted = wanted(from, REVENUE, 7, (rival + 1, "take"));
                crate::reserve(&cx, tx, &wanted, None).map(|_| Money(7))
            }
        });
        let taken = race::won(race::at_once(&books.db, taking), "ledger.not_covered");
        assert!(!taken.contains(&seen), "somebody reserved before");
        assert!(books.available(from) > 0);
    }
}

/// The same race on a table without CHECK, by first looking and then taking.
#[test]
fn without_the_guard_the_same_race_takes_what_is_not_there() {
    const PURSE: Migration = Migration {
        module: "purse",
        number: 1,
        name: "0001_purse",
        sql: "CREATE TABLE purse (\n id BIGINT PRIMARY KEY,\n holds BIGINT NOT NULL\n);",
        pg: None,
    };
    for books in all_books() {
        books.db.migrate(&[PURSE]).unwrap();
        books
            .raw("INSERT INTO purse (id, holds) VALUES ($1, 1000)", &[1])
            .unwrap();
        let look = || {
            books
                .db
                .read(|tx| tx.one("SELECT holds FROM purse", db::params![], |row| row.get::<i64>(0)))
        };
        let seen: Vec<Pending<i64>> = (0..RIVALS).map(|_| look()).collect();
        let may: Vec<bool> = seen.into_iter().map(|seen| seen.wait().unwrap() >= 300).collect();
        let taken: Vec<Pending<u64>> = may
            .into_iter()
            .filter(|may| *may)
            .map(|_| {
                books
                    .db
                    .write(|tx| tx.run("UPDATE purse SET holds = holds - 300 WHERE id = 1", db::params![]))
            })
            .collect();
        let winners = taken.into_iter().filter_map(|taken| taken.wait().ok()).count();
        assert!(winners > 3, "{winners} took 300 each of 1,000");
        assert!(look().wait().unwrap() < 0);
    }
}

#[test]
fn of_many_that_end_one_reservation_one_does() {
    for books in all_books() {
        books.post(SHOP, ORDER, 1_000, (1, "settled")).unwrap();
        for round in 0..10 {
            let id = 100 + round;
            books.reserve(ORDER, REVENUE, 50, id, None).unwrap();
            let ends: Vec<Pending<Id<Moved>>> = (0..40)
                .map(|rival| {
                    let cx = books.cx();
                    books.db.write(move |tx| match rival % 2 {
                        0 => crate::commit(&cx, tx, ("test", id), "hold", Money(50)),
                        _ => crate::release(&cx, tx, ("test", id), "hold"),
                    })
                })
                .collect();
            let answers: Vec<Result<Id<Moved>>> = ends.into_iter().map(Pending::wait).collect();
            let first: Vec<Id<Moved>> = answers
                .iter()
                .filter_map(|answer| answer.as_ref().ok().copied())
                .collect();
            assert_eq!(first.len(), 20, "one way of ending won");
            assert!(
                first.iter().all(|id| *id == first[0]),
                "all of that way have the first answer"
            );
        }
        assert_eq!(
            books.number("SELECT CAST(COUNT(*) AS BIGINT) FROM ledger_transfer"),
            1 + 10 * 2
        );
        assert!(crate::audit(&books.db).unwrap().sound());
    }
}
