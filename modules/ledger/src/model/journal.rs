use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Phase, Unit};

/// A transfer as the journal knows it. Its canonical bytes are its JSON without spaces, fields in this order; a change
/// here needs a new version, and the old one kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The version of this form: 1.
    pub v: i64,
    /// The place in the journal, from 1 without gaps.
    pub place: i64,
    /// The transfer's identifier.
    pub transfer: String,
    /// What it does.
    pub phase: Phase,
    /// The account that is debited: owner's kind, owner, kind, unit, with slashes.
    pub debit: String,
    /// The account that is credited, likewise.
    pub credit: String,
    /// What is counted.
    pub unit: Unit,
    /// How much.
    pub amount: i64,
    /// Why: the kind of thing.
    pub cause: String,
    /// Why: its identifier.
    pub cause_id: String,
    /// The key within the cause.
    pub key: String,
    /// The pending transfer that this one ends.
    pub pending: Option<String>,
    /// How much that one reserved.
    pub pending_amount: Option<i64>,
    /// When it lapses, in milliseconds since 1970-01-01 UTC.
    pub due_ms: Option<i64>,
    /// When it was made, in milliseconds since 1970-01-01 UTC.
    pub made_ms: i64,
}

/// An entry with its hash: one line of an exported journal.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The entry.
    pub entry: Entry,
    /// SHA-256 of the hash before, as 64 hexadecimal digits, followed by the entry's canonical bytes.
    pub hash: String,
}

/// The end of a chain: everything before it is fixed by its hash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chain {
    /// The last place; 0 before the first.
    pub place: i64,
    /// The last hash; zeros before the first.
    pub hash: String,
}

kernel::coded! {
    /// What is wrong with a line of the journal.
    pub enum Flaw {
        /// It is not a line of a journal.
        Unreadable = "unreadable",
        /// It does not follow the line before: something was removed, added or moved.
        Place = "place",
        /// Its hash is not that of its words after the line before: something was changed.
        Hash = "hash",
        /// The transfer itself is gone.
        Gone = "gone",
    }
}

/// The first line that is wrong.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Broken {
    /// The place where the journal should have gone on.
    pub place: i64,
    /// What is wrong there.
    pub flaw: Flaw,
}

impl Default for Chain {
    fn default() -> Chain {
        Chain {
            place: 0,
            hash: "0".repeat(64),
        }
    }
}

impl Chain {
    /// The hash of an entry that comes next.
    pub fn hash_of(&self, entry: &Entry) -> String {
        let words = serde_json::to_vec(entry).expect("an entry is texts and numbers");
        let mut sha = Sha256::new();
        sha.update(self.hash.as_bytes());
        sha.update(&words);
        sha.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Puts an entry at the end; it must be made for the next place.
    pub fn add(&mut self, entry: Entry) -> Line {
        assert_eq!(entry.place, self.place + 1, "an entry is made for the next place");
        let hash = self.hash_of(&entry);
        self.place = entry.place;
        self.hash.clone_from(&hash);
        Line { entry, hash }
    }

    /// Follows one line further.
    ///
    /// # Errors
    /// What is wrong with the line; the chain stays where it was.
    pub fn follow(&mut self, line: &Line) -> Result<(), Broken> {
        if line.entry.v != 1 {
            return Err(self.broken(Flaw::Unreadable));
        }
        if line.entry.place != self.place + 1 {
            return Err(self.broken(Flaw::Place));
        }
        if self.hash_of(&line.entry) != line.hash {
            return Err(self.broken(Flaw::Hash));
        }
        self.place = line.entry.place;
        self.hash.clone_from(&line.hash);
        Ok(())
    }

    /// Follows one line of an exported journal.
    ///
    /// # Errors
    /// What is wrong with the line.
    pub fn follow_text(&mut self, text: &str) -> Result<(), Broken> {
        match serde_json::from_str(text) {
            Ok(line) => self.follow(&line),
            Err(_) => Err(self.broken(Flaw::Unreadable)),
        }
    }

    /// The next line has this flaw.
    pub fn broken(&self, flaw: Flaw) -> Broken {
        Broken {
            place: self.place + 1,
            flaw,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(place: i64, amount: i64) -> Entry {
        Entry {
            v: 1,
            place,
            transfer: format!("{place:013}"),
            phase: Phase::Direct,
            debit: "shop/0000000000001/wechat/fen".to_owned(),
            credit: "order/0000000000002/paid/fen".to_owned(),
            unit: Unit::Fen,
            amount,
            cause: "payment".to_owned(),
            cause_id: "0000000000003".to_owned(),
            key: "settled".to_owned(),
            pending: None,
            pending_amount: None,
            due_ms: None,
            made_ms: 1_795_320_000_000,
        }
    }

    fn journal() -> Vec<String> {
        let mut chain = Chain::default();
        (1..=4)
            .map(|place| serde_json::to_string(&chain.add(entry(place, place * 100))).unwrap())
            .collect()
    }

    fn verdict(lines: &[String]) -> Result<i64, (i64, Flaw)> {
        let mut chain = Chain::default();
        for line in lines {
            chain
                .follow_text(line)
                .map_err(|broken| (broken.place, broken.flaw))?;
        }
        Ok(chain.place)
    }

    #[test]
    fn an_untouched_journal_holds() {
        assert_eq!(verdict(&journal()), Ok(4));
        // The form is fixed: whoever changes it breaks the journals already made.
        insta::assert_snapshot!("first_line", journal()[0]);
    }

    #[test]
    fn every_kind_of_tampering_is_found_at_its_place() {
        let mut changed = journal();
        changed[1] = changed[1].replace("\"amount\":200", "\"amount\":201");
        assert_eq!(verdict(&changed), Err((2, Flaw::Hash)));
        let mut removed = journal();
        removed.remove(1);
        assert_eq!(verdict(&removed), Err((2, Flaw::Place)));
        let mut swapped = journal();
        swapped.swap(1, 2);
        assert_eq!(verdict(&swapped), Err((2, Flaw::Place)));
        let mut added = journal();
        added[3] = added[3].replacen('{', "{\"more\":1,", 1);
        assert_eq!(verdict(&added), Err((4, Flaw::Unreadable)));
    }

    #[test]
    fn a_line_made_to_fit_breaks_the_next_one() {
        let mut forged = journal();
        let mut chain = Chain::default();
        chain.follow_text(&forged[0]).unwrap();
        forged[1] = serde_json::to_string(&chain.add(entry(2, 999))).unwrap();
        assert_eq!(verdict(&forged), Err((3, Flaw::Hash)));
    }
}
