//! Random lives against a model that fits on a page.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;

const ACCOUNTS: [Account<'static>; 4] = [SHOP, ORDER, REVENUE, DUE];

#[derive(Clone, Debug)]
enum Do {
    Post {
        debit: usize,
        credit: usize,
        amount: i64,
        id: i64,
    },
    Reserve {
        debit: usize,
        credit: usize,
        amount: i64,
        id: i64,
    },
    Commit {
        id: i64,
        amount: i64,
    },
    Release {
        id: i64,
    },
}

fn step() -> impl Strategy<Value = Do> {
    let pair = (0..4usize, 1..4usize).prop_map(|(debit, more)| (debit, (debit + more) % 4));
    // Few keys and few amounts, so that repeats and clashes are common.
    let amount = prop::sample::select(vec![1i64, 20, 20, 50, 300]);
    prop_oneof![
        3 => (pair.clone(), amount.clone(), 0..12i64)
            .prop_map(|((debit, credit), amount, id)| Do::Post { debit, credit, amount, id }),
        3 => (pair, amount.clone(), 0..12i64)
            .prop_map(|((debit, credit), amount, id)| Do::Reserve { debit, credit, amount, id }),
        2 => (0..12i64, amount).prop_map(|(id, amount)| Do::Commit { id, amount }),
        2 => (0..12i64).prop_map(|id| Do::Release { id }),
    ]
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Answer {
    Done,
    Refused(&'static str),
    NotFound,
    Fault,
}

impl<T> From<Result<T>> for Answer {
    fn from(result: Result<T>) -> Answer {
        match result {
            Ok(_) => Answer::Done,
            Err(Error::NotFound) => Answer::NotFound,
            Err(error) => error.code().map_or(Answer::Fault, Answer::Refused),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Row {
    pending: bool,
    debit: usize,
    credit: usize,
    amount: i64,
}

#[derive(Default)]
struct Model {
    sums: [Standing; 4],
    rows: HashMap<i64, Row>,
    /// How much a reservation's end moved; nothing when it was freed.
    ends: HashMap<i64, Option<i64>>,
}

impl Model {
    fn does(&mut self, step: &Do) -> Answer {
        match *step {
            Do::Post {
                debit,
                credit,
                amount,
                id,
            } => self.open(
                id,
                Row {
                    pending: false,
                    debit,
                    credit,
                    amount,
                },
            ),
            Do::Reserve {
                debit,
                credit,
                amount,
                id,
            } => self.open(
                id,
                Row {
                    pending: true,
                    debit,
                    credit,
                    amount,
                },
            ),
            Do::Commit { id, amount } => match self.rows.get(&id) {
                None => Answer::NotFound,
                Some(row) if !row.pending || amount > row.amount => Answer::Fault,
                Some(_) => self.end(id, Some(amount)),
            },
            Do::Release { id } => match self.rows.get(&id) {
                None => Answer::NotFound,
                Some(row) if !row.pending => Answer::Fault,
                Some(_) => self.end(id, None),
            },
        }
    }

    fn open(&mut self, id: i64, row: Row) -> Answer {
        if let Some(before) = self.rows.get(&id) {
            return if *before == row {
                Answer::Done
            } else {
                Answer::Fault
            };
        }
        let mut after = self.sums;
        if row.pending {
            after[row.debit].debits_pending += row.amount;
            after[row.credit].credits_pending += row.amount;
        } else {
            after[row.debit].debits_posted += row.amount;
            after[row.credit].credits_posted += row.amount;
        }
        // Of the four accounts, what is paid and what is due must stay covered.
        let paid = after[1].credits_posted - after[1].debits_posted - after[1].debits_pending;
        let due = after[3].debits_posted - after[3].credits_posted - after[3].credits_pending;
        if paid < 0 || due < 0 {
            return Answer::Refused("ledger.not_covered");
        }
        self.sums = after;
        self.rows.insert(id, row);
        Answer::Done
    }

    fn end(&mut self, id: i64, moved: Option<i64>) -> Answer {
        match self.ends.get(&id) {
            Some(before) if *before == moved => return Answer::Done,
            Some(Some(_)) if moved.is_some() => return Answer::Fault,
            Some(Some(_)) => return Answer::Refused("ledger.posted"),
            Some(None) => return Answer::Refused("ledger.voided"),
            None => {}
        }
        let row = self.rows[&id];
        self.sums[row.debit].debits_pending -= row.amount;
        self.sums[row.credit].credits_pending -= row.amount;
        self.sums[row.debit].debits_posted += moved.unwrap_or(0);
        self.sums[row.credit].credits_posted += moved.unwrap_or(0);
        self.ends.insert(id, moved);
        Answer::Done
    }
}

fn does(books: &Books, step: &Do) -> Answer {
    match *step {
        Do::Post {
            debit,
            credit,
            amount,
            id,
        } => books
            .post(ACCOUNTS[debit], ACCOUNTS[credit], amount, (id, "hold"))
            .into(),
        Do::Reserve {
            debit,
            credit,
            amount,
            id,
        } => books
            .reserve(ACCOUNTS[debit], ACCOUNTS[credit], amount, id, None)
            .into(),
        Do::Commit { id, amount } => books.commit(id, amount).into(),
        Do::Release { id } => books.release(id).into(),
    }
}

fn agree(books: &Books, steps: &[Do]) -> std::result::Result<(), TestCaseError> {
    let mut model = Model::default();
    for step in steps {
        prop_assert_eq!(does(books, step), model.does(step), "{:?}", step);
    }
    for (account, sums) in ACCOUNTS.into_iter().zip(model.sums) {
        prop_assert_eq!(books.standing(account), sums, "{:?}", account);
        let side = account.kind.side();
        prop_assert_eq!(books.available(account), sums.posted(side) - sums.reserved(side));
        prop_assert!(!account.kind.covered() || books.available(account) >= 0);
    }
    // The sum of the unit is zero, kept balances are the sums of transfers, the journal holds.
    books.chain();
    let report = crate::audit(&books.db).unwrap();
    prop_assert!(report.sound(), "{:#?}", report);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_books_do_what_the_model_does(steps in prop::collection::vec(step(), 1..60)) {
        agree(&books(db::testing::sqlite()), &steps)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn and_so_on_every_engine(steps in prop::collection::vec(step(), 60..80)) {
        for books in all_books() {
            agree(&books, &steps)?;
        }
    }
}
