//! Tampering past the front door is found.

use super::*;
use crate::{Chain, Difference, Flaw, Report};

fn lived(books: &Books) {
    for id in 1..=6 {
        books.clock.advance_ms(1);
        books.post(SHOP, ORDER, 100 * id, (id, "settled")).unwrap();
    }
    books.clock.advance_ms(1);
    books.reserve(ORDER, REVENUE, 70, 5, None).unwrap();
    books.commit(5, 40).unwrap();
    books.reserve(ORDER, REVENUE, 10, 6, None).unwrap();
    books.chain();
}

fn audit(books: &Books) -> Report {
    crate::audit(&books.db).unwrap()
}

fn exported(books: &Books) -> Vec<String> {
    let mut lines = Vec::new();
    crate::export(&books.db, |line| {
        lines.push(serde_json::to_string(&line)?);
        Ok(())
    })
    .unwrap();
    lines
}

/// Where the exported lines stop to hold, read without the database.
fn verdict(lines: &[String]) -> Option<(i64, Flaw)> {
    let mut chain = Chain::default();
    lines
        .iter()
        .find_map(|line| chain.follow_text(line).err())
        .map(|broken| (broken.place, broken.flaw))
}

fn broken(report: &Report) -> Option<(i64, Flaw)> {
    report.broken.as_ref().map(|broken| (broken.place, broken.flaw))
}

/// The transfer at a place of the journal.
fn at(books: &Books, place: i64) -> i64 {
    books
        .db
        .read(move |tx| {
            tx.one(
                "SELECT transfer_id FROM ledger_journal WHERE place = $1",
                db::params![place],
                |row| row.get(0),
            )
        })
        .wait()
        .unwrap()
}

#[test]
fn untouched_books_are_sound_and_every_transfer_has_one_place() {
    for books in all_books() {
        lived(&books);
        let report = audit(&books);
        assert!(report.sound(), "{report:#?}");
        assert_eq!((report.accounts, report.transfers, report.place), (3, 9, 9));
        assert_eq!(report.sums(), [(Unit::Fen, 0)]);
        let lines = exported(&books);
        assert_eq!((lines.len(), verdict(&lines)), (9, None));
        let head = books.db.read(crate::head).wait().unwrap();
        assert_eq!(head.hash, report.hash);
        // A transfer that has no place yet is no fault, and export gives it one.
        books.post(SHOP, ORDER, 1, (20, "late")).unwrap();
        assert!(audit(&books).sound());
        assert_eq!(exported(&books).len(), 10);
    }
}

#[test]
fn a_changed_amount_is_found() {
    for books in all_books() {
        lived(&books);
        let victim = at(&books, 3);
        books
            .raw(
                "UPDATE ledger_transfer SET amount = amount + 1 WHERE id = $1",
                &[victim],
            )
            .unwrap();
        let report = audit(&books);
        assert_eq!((report.different, broken(&report)), (2, Some((3, Flaw::Hash))));
        let named = |found: &&Difference| found.account == "shop/0000000000001/wechat/fen";
        let named = report.differences.iter().find(named).unwrap();
        assert_eq!(
            named.summed.debits_posted,
            named.kept.debits_posted + 1,
            "both figures"
        );
        assert_eq!(verdict(&exported(&books)), Some((3, Flaw::Hash)));
    }
}

#[test]
fn a_changed_balance_is_found() {
    for books in all_books() {
        lived(&books);
        books
            .raw(
                "UPDATE ledger_balance SET credits_posted = credits_posted + $1 WHERE credits_cover = 1",
                &[5],
            )
            .unwrap();
        let report = audit(&books);
        assert_eq!(
            (report.different, broken(&report), report.sound()),
            (1, None, false)
        );
        assert_eq!(report.sums(), [(Unit::Fen, -5)]);
    }
}

#[test]
fn a_guard_taken_away_is_found() {
    for books in all_books() {
        lived(&books);
        books
            .raw("UPDATE ledger_balance SET credits_cover = $1", &[0])
            .unwrap();
        let report = audit(&books);
        assert_eq!((report.different, report.differences[0].guarded), (1, false));
    }
}

#[test]
fn a_removed_row_is_found() {
    for books in all_books() {
        lived(&books);
        let victim = at(&books, 2);
        assert!(
            books
                .raw("DELETE FROM ledger_transfer WHERE id = $1", &[victim])
                .is_err(),
            "the journal holds on to it"
        );
        books
            .raw("DELETE FROM ledger_journal WHERE transfer_id = $1", &[victim])
            .unwrap();
        let report = audit(&books);
        assert_eq!((report.unlisted, broken(&report)), (1, Some((2, Flaw::Place))));
        books
            .raw("DELETE FROM ledger_transfer WHERE id = $1", &[victim])
            .unwrap();
        let report = audit(&books);
        assert_eq!((report.different, broken(&report)), (2, Some((2, Flaw::Place))));
        assert_eq!(verdict(&exported(&books)), Some((2, Flaw::Place)));
    }
}

#[test]
fn rows_that_changed_places_are_found() {
    for books in all_books() {
        lived(&books);
        let swap = "UPDATE ledger_journal SET place = $2 WHERE place = $1";
        for (from, to) in [(4, 1_000), (5, 4), (1_000, 5)] {
            books.raw(swap, &[from, to]).unwrap();
        }
        assert_eq!(broken(&audit(&books)), Some((4, Flaw::Hash)));
        assert_eq!(verdict(&exported(&books)), Some((4, Flaw::Hash)));
    }
}

#[test]
fn a_row_that_came_in_by_the_window_is_found() {
    for books in all_books() {
        lived(&books);
        let copy = "INSERT INTO ledger_transfer (id, phase, debit_id, credit_id, unit, amount, cause, cause_id, key, made_at)
             SELECT $1, phase, debit_id, credit_id, unit, amount, cause, cause_id, 'copy', made_at
               FROM ledger_transfer WHERE id = $2";
        let model = at(&books, 1);
        books.raw(copy, &[77, model]).unwrap();
        let report = audit(&books);
        assert_eq!((report.different, report.unlisted, broken(&report)), (2, 1, None));
    }
}

#[test]
fn an_account_given_to_another_owner_is_found() {
    for books in all_books() {
        lived(&books);
        books
            .raw(
                "UPDATE ledger_account SET owner_id = $1 WHERE kind = 'wechat'",
                &[9],
            )
            .unwrap();
        assert_eq!(broken(&audit(&books)), Some((1, Flaw::Hash)));
    }
}

#[test]
fn the_night_looks_by_itself_and_keeps_what_it_found() {
    for books in all_books() {
        let cx = books.cx();
        books.db.write(move |tx| crate::at_start(&cx, tx)).wait().unwrap();
        books.post(SHOP, ORDER, 100, (1, "settled")).unwrap();
        assert_eq!(books.due_jobs(), 1, "nobody ever looked");
        let reports = || books.number("SELECT CAST(COUNT(*) AS BIGINT) FROM ledger_audit WHERE sound = 1");
        assert_eq!(reports(), 1);
        books.post(SHOP, ORDER, 100, (2, "settled")).unwrap();
        books.clock.advance_minutes(1);
        assert_eq!(books.due_jobs(), 1, "the journal goes on every minute");
        assert_eq!(
            books.number("SELECT CAST(COUNT(*) AS BIGINT) FROM ledger_journal"),
            2
        );
        // From ten in the morning to half past three.
        books.clock.advance_minutes(17 * 60 + 29);
        books.due_jobs();
        assert_eq!(reports(), 2);
        books
            .raw("UPDATE ledger_transfer SET amount = amount + $1", &[1])
            .unwrap();
        books.clock.advance_minutes(24 * 60);
        books.due_jobs();
        assert_eq!(
            books.number("SELECT CAST(COUNT(*) AS BIGINT) FROM ledger_audit WHERE sound = 0"),
            1
        );
    }
}
