//! The corrections to the dictionary: what the project's own lists say.

use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// The tables, read once.
pub(super) static TABLES: LazyLock<Tables> = LazyLock::new(Tables::read);

pub(super) struct Tables {
    /// Readings of surnames, with tones.
    pub surnames: HashMap<String, Vec<String>>,
    pub compound: HashSet<String>,
    /// What is typed for place names, the best first.
    pub places: HashMap<String, Vec<String>>,
    /// The common reading of characters that have several.
    pub characters: HashMap<char, String>,
    phrases: HashMap<String, Vec<String>>,
    longest: usize,
}

#[derive(Deserialize)]
struct Overrides {
    places: HashMap<String, String>,
    compound_surnames: Vec<String>,
}

#[derive(Deserialize)]
struct Readings {
    surnames: HashMap<String, String>,
    phrases: HashMap<String, String>,
    characters: HashMap<char, String>,
}

impl Tables {
    fn read() -> Self {
        const CHECKED: &str = "the embedded tables are checked by tests";
        let overrides: Overrides =
            serde_json::from_str(include_str!("../../data/pinyin_overrides.json")).expect(CHECKED);
        let readings: Readings =
            serde_json::from_str(include_str!("../../data/readings.json")).expect(CHECKED);
        let apart = |table: HashMap<String, String>, mark: char| -> HashMap<String, Vec<String>> {
            table
                .into_iter()
                .map(|(key, value)| (key, value.split(mark).map(str::to_owned).collect()))
                .collect()
        };
        let phrases = apart(readings.phrases, ' ');
        Self {
            surnames: apart(readings.surnames, ' '),
            compound: overrides.compound_surnames.into_iter().collect(),
            places: apart(overrides.places, '|'),
            characters: readings.characters,
            longest: phrases
                .keys()
                .map(|phrase| phrase.chars().count())
                .max()
                .unwrap_or(0),
            phrases,
        }
    }

    /// The readings of the longest known phrase that these characters begin with.
    pub(super) fn longest_phrase(&self, characters: &[char]) -> Option<&[String]> {
        (2..=self.longest.min(characters.len())).rev().find_map(|length| {
            let phrase: String = characters[..length].iter().collect();
            self.phrases.get(&phrase).map(Vec::as_slice)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_has_one_reading_for_each_character() {
        for (phrase, readings) in TABLES.phrases.iter().chain(&TABLES.surnames) {
            assert_eq!(phrase.chars().count(), readings.len(), "{phrase}");
            for reading in readings {
                assert!(
                    reading.ends_with(['1', '2', '3', '4', '5']),
                    "{phrase}: {reading} has no tone"
                );
            }
        }
    }
}
