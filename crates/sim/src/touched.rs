//! Which tables may have changed. What holds after one step holds after the next, as long as nothing that it depends on was
//! written: so after each step only those invariants are asked that read a table of which a row was written since.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

/// A set of tables, or of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tables {
    All,
    These(BTreeSet<&'static str>),
}

impl Tables {
    /// Whether one of those that are read is among them.
    pub fn meet(&self, read: &BTreeSet<&'static str>) -> bool {
        match self {
            Tables::All => true,
            Tables::These(tables) => !tables.is_disjoint(read),
        }
    }

    pub fn is_none(&self) -> bool {
        matches!(self, Tables::These(tables) if tables.is_empty())
    }

    /// Whether this one is among them.
    pub fn has(&self, table: &str) -> bool {
        match self {
            Tables::All => true,
            Tables::These(tables) => tables.contains(table),
        }
    }
}

/// What one program has written since somebody asked.
#[derive(Clone, Default)]
pub(crate) struct Touched(Arc<Mutex<Heard>>);

#[derive(Default)]
struct Heard {
    tables: BTreeSet<&'static str>,
    /// What each statement writes, by its address and length: they are literals.
    known: HashMap<(usize, usize), Vec<&'static str>>,
}

impl Touched {
    /// A statement was run. That it may have been rolled back since does no harm.
    pub fn hear(&self, sql: &'static str) {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Heard { tables, known } = &mut *heard;
        let written = known
            .entry((sql.as_ptr() as usize, sql.len()))
            .or_insert_with(|| named_after(sql, &[&["INTO"], &["UPDATE"], &["DELETE", "FROM"]]).collect());
        tables.extend(written.iter().copied());
    }

    /// What was written since the last time.
    pub fn take(&self) -> Tables {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Tables::These(std::mem::take(&mut heard.tables))
    }
}

/// The tables that a statement reads.
pub(crate) fn read_by(sql: &'static str) -> BTreeSet<&'static str> {
    named_after(sql, &[&["FROM"], &["JOIN"]]).collect()
}

/// The tables that stand behind one of these sequences of words.
fn named_after(
    sql: &'static str,
    sequences: &'static [&'static [&'static str]],
) -> impl Iterator<Item = &'static str> {
    let all: Vec<&str> = sql.split_whitespace().collect();
    (0..all.len()).filter_map(move |at| {
        let stands_before = |words: &&[&str]| {
            at >= words.len()
                && (all[at - words.len()..at].iter().zip(words.iter()))
                    .all(|(there, word)| there.trim_start_matches('(') == *word)
        };
        let name: &'static str = all[at].trim_end_matches([')', ',']);
        // Neither a statement in brackets nor the SET of an upsert.
        let is_table = name.starts_with(|first: char| first.is_ascii_lowercase());
        (is_table && sequences.iter().any(stands_before)).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_statement_writes_and_reads_is_seen() {
        let touched = Touched::default();
        for sql in [
            "SELECT a FROM silent",
            "INSERT INTO one (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET a = 1",
            "WITH gone AS (DELETE FROM two WHERE a = 1 RETURNING a)\n  INSERT INTO three SELECT a FROM gone",
            "UPDATE four\n SET a = 1 FROM five RETURNING a",
        ] {
            touched.hear(sql);
        }
        let tables = ["four", "one", "three", "two"].into_iter().collect();
        assert_eq!(touched.take(), Tables::These(tables));
        assert_eq!(touched.take(), Tables::These(BTreeSet::new()));
        let read =
            read_by("SELECT a FROM (SELECT b FROM one) x LEFT JOIN two t ON (SELECT c FROM three) = 1");
        assert_eq!(read, ["one", "three", "two"].into_iter().collect());
    }
}
