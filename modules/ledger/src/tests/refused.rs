//! What the database itself refuses, whatever the code above it does, and what a migration keeps.

use super::*;

/// One pending transfer of 50 from what was paid, one direct one; the raw keys of accounts and transfers.
struct Rows {
    shop: i64,
    order: i64,
    revenue: i64,
    points: i64,
    pending: i64,
    direct: i64,
}

fn rows(books: &Books) -> Rows {
    let direct = books.post(SHOP, ORDER, 100, (1, "hold")).unwrap().unwrap().raw();
    let pending = books.reserve(ORDER, REVENUE, 50, 2, None).unwrap().raw();
    let points = Account {
        unit: Unit::Points,
        kind: Kind::Issued,
        ..SHOP
    };
    let account = |account| {
        let cx = books.cx();
        let opened = books
            .db
            .write(move |tx| crate::store::account_opened(&cx, tx, account));
        opened.wait().unwrap()
    };
    Rows {
        shop: account(SHOP),
        order: account(ORDER),
        revenue: account(REVENUE),
        points: account(points),
        pending,
        direct,
    }
}

const DIRECT: &str = "INSERT INTO ledger_transfer (id, phase, debit_id, credit_id, unit, amount, cause, cause_id, key, made_at)
     VALUES ($1, 'direct', $2, $3, 'fen', $4, 'raw', $5, '', 0)";
const POST: &str =
    "INSERT INTO ledger_transfer (id, phase, debit_id, credit_id, unit, amount, cause, cause_id, key,
                              pending_id, pending_phase, pending_amount, made_at)
     VALUES ($1, 'post', $2, $3, 'fen', $4, 'raw', 1, '', $5, 'pending', $6, 0)";
const VOID: &str =
    "INSERT INTO ledger_transfer (id, phase, debit_id, credit_id, unit, amount, cause, cause_id, key,
                              pending_id, pending_phase, pending_amount, made_at)
     VALUES ($1, 'void', $2, $3, 'fen', $4, 'raw', 1, '', $5, 'pending', $6, 0)";

#[test]
fn rows_that_break_a_rule_cannot_be_written() {
    for books in all_books() {
        let it = rows(&books);
        let refused: [(&str, &'static str, Vec<i64>); 11] = [
            ("nothing", DIRECT, vec![11, it.shop, it.order, 0, 1]),
            ("less than nothing", DIRECT, vec![11, it.shop, it.order, -5, 1]),
            ("to itself", DIRECT, vec![11, it.shop, it.shop, 5, 1]),
            ("into another unit", DIRECT, vec![11, it.shop, it.points, 5, 1]),
            ("to no account", DIRECT, vec![11, it.shop, 99, 5, 1]),
            (
                "more than reserved",
                POST,
                vec![12, it.order, it.revenue, 51, it.pending, 50],
            ),
            (
                "a reservation made larger",
                POST,
                vec![12, it.order, it.revenue, 60, it.pending, 60],
            ),
            (
                "out of another account",
                POST,
                vec![12, it.shop, it.revenue, 50, it.pending, 50],
            ),
            (
                "the end of what was never pending",
                POST,
                vec![12, it.shop, it.order, 100, it.direct, 100],
            ),
            (
                "a part freed",
                VOID,
                vec![12, it.order, it.revenue, 49, it.pending, 50],
            ),
            ("of nothing", VOID, vec![12, it.order, it.revenue, 50, 99, 50]),
        ];
        for (what, sql, numbers) in refused {
            assert!(books.raw(sql, &numbers).is_err(), "{what}");
        }
        // The same statements are taken where no rule is broken: it was not their form.
        books.raw(DIRECT, &[11, it.shop, it.order, 5, 1]).unwrap();
        assert!(
            books.raw(DIRECT, &[13, it.shop, it.order, 5, 1]).is_err(),
            "one key, two transfers"
        );
        books
            .raw(POST, &[12, it.order, it.revenue, 49, it.pending, 50])
            .unwrap();
        assert!(
            books
                .raw(VOID, &[14, it.order, it.revenue, 50, it.pending, 50])
                .is_err(),
            "two ends of one reservation"
        );
        assert!(
            books
                .raw("DELETE FROM ledger_transfer WHERE id = $1", &[it.pending])
                .is_err()
        );
    }
}

#[test]
fn a_covered_balance_cannot_be_written_past_its_sign() {
    for books in all_books() {
        let it = rows(&books);
        let posted = "UPDATE ledger_balance SET debits_posted = debits_posted + $2 WHERE account_id = $1";
        let pending = "UPDATE ledger_balance SET debits_pending = debits_pending + $2 WHERE account_id = $1";
        assert!(books.raw(posted, &[it.order, 51]).is_err());
        assert!(books.raw(pending, &[it.order, 51]).is_err());
        assert!(
            books.raw(pending, &[it.order, -51]).is_err(),
            "no more is freed than was reserved"
        );
        books.raw(posted, &[it.order, 50]).unwrap();
        books.raw(posted, &[it.revenue, 1_000_000]).unwrap();
    }
}

#[test]
fn the_books_of_before_get_their_balances_and_places() {
    for engine in db::testing::engines() {
        let books = empty(engine);
        books.db.migrate(&crate::MIGRATIONS[..1]).unwrap();
        let account = "INSERT INTO ledger_account (id, owner_kind, owner_id, kind, unit) VALUES ($1, 'shop', 1, 'wechat', 'fen')";
        let paid = "INSERT INTO ledger_account (id, owner_kind, owner_id, kind, unit) VALUES ($1, 'order', 2, 'paid', 'fen')";
        let revenue = "INSERT INTO ledger_account (id, owner_kind, owner_id, kind, unit) VALUES ($1, 'shop', 1, 'revenue', 'fen')";
        let transfer =
            "INSERT INTO ledger_transfer (id, debit_id, credit_id, amount, cause, cause_id, key, posted_at)
             VALUES ($1, $2, $3, $4, 'test', $5, 'settled', $6)";
        for (sql, id) in [(account, 1), (paid, 2), (revenue, 3)] {
            books.raw(sql, &[id]).unwrap();
        }
        let at = books.clock.now().ms();
        for (id, debit, credit, amount) in [(10, 1, 2, 12_800), (11, 2, 3, 8_000), (12, 2, 1, 4_000)] {
            books
                .raw(transfer, &[id, debit, credit, amount, id, at + id])
                .unwrap();
        }
        assert_eq!(
            books.db.migrate(crate::MIGRATIONS).unwrap(),
            ["ledger/0002_holds"]
        );
        assert_eq!(
            (books.balance(SHOP), books.balance(ORDER), books.balance(REVENUE)),
            (8_800, -800, -8_000)
        );
        let again = books.post(SHOP, ORDER, 12_800, (10, "settled")).unwrap();
        assert_eq!(again, Some(Id::from_raw(10)), "what was posted before is known");
        let code = books.post(ORDER, SHOP, 801, (20, "refund")).unwrap_err().code();
        assert_eq!(code, Some("ledger.not_covered"));
        assert_eq!(books.number("SELECT MIN(made_at) FROM ledger_transfer"), at + 10);
        books.chain();
        let report = crate::audit(&books.db).unwrap();
        assert!(report.sound(), "{report:#?}");
        assert_eq!((report.accounts, report.transfers, report.place), (3, 3, 3));
    }
}
