//! The words a massage shop may not advertise with: medical terms, diseases, superlatives, forbidden techniques.
//!
//! Sources of the list: the notice of 2005-09-05 of the health ministry on non-medical bodies, Advertising Law
//! article 17, Beijing DB11/T 589. The list is data and can be edited; this is no legal advice.

use crate::normal::fold;
use serde::Deserialize;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

/// Checks a text with the built-in list.
///
/// `licensed` says that the shop's record carries a checked medical licence (盲人医疗按摩所): medical terms are then
/// allowed, everything else is not. Width, case, traditional characters, spaces and punctuation make no difference;
/// the longest word wins; what stands in an allowed phrase is not reported. Empty means nothing was found.
pub fn check(text: &str, licensed: bool) -> Vec<Finding> {
    static BUILT_IN: LazyLock<ClaimWords> = LazyLock::new(|| {
        let list = include_str!("../data/medical_claim_words.json");
        ClaimWords::from_json(list).expect("the embedded list is checked by a test")
    });
    BUILT_IN.check(text, licensed)
}

/// A word that may not stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The word of the list.
    pub word: String,
    /// Why it may not be used.
    pub kind: Kind,
    /// Where it stands: bytes of the text that was given.
    pub at: Range<usize>,
    /// What to write instead, if the list knows.
    pub suggestion: Option<String>,
}

/// Why a word may not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Terms reserved to medical institutions; allowed to licensed ones.
    MedicalTerms,
    /// Names of diseases.
    Diseases,
    /// Superlatives and promises.
    Absolute,
    /// Techniques that health massage may not use.
    ForbiddenTechniques,
    /// Words of another trade.
    Indecent,
}

/// A list of words, ready to search.
#[derive(Debug)]
pub struct ClaimWords {
    /// Words in searchable form by their first character, longest first.
    by_first: HashMap<char, Vec<Word>>,
}

impl ClaimWords {
    /// Reads a list: `{"block": {kind: [word]}, "allow": [phrase], "suggest": {word: word}}`.
    ///
    /// # Errors
    /// When the JSON is broken or a kind is unknown.
    pub fn from_json(json: &str) -> Result<Self, serde_json::Error> {
        let list: List = serde_json::from_str(json)?;
        let mut by_first: HashMap<char, Vec<Word>> = HashMap::new();
        let blocked = list
            .block
            .into_iter()
            .flat_map(|(kind, words)| words.into_iter().map(move |w| (w, Some(kind))));
        for (word, kind) in blocked.chain(list.allow.into_iter().map(|phrase| (phrase, None))) {
            let letters: Vec<char> = searchable(&word).map(|(_, c)| c).collect();
            let Some(&first) = letters.first() else { continue };
            let suggestion = list.suggest.get(&word).cloned();
            by_first.entry(first).or_default().push(Word {
                word,
                letters,
                kind,
                suggestion,
            });
        }
        by_first
            .values_mut()
            .for_each(|words| words.sort_by_key(|word| std::cmp::Reverse(word.letters.len())));
        Ok(Self { by_first })
    }

    /// Checks a text; see [`check`].
    pub fn check(&self, text: &str, licensed: bool) -> Vec<Finding> {
        let (places, letters): (Vec<Range<usize>>, Vec<char>) = searchable(text).unzip();
        let mut allowed = vec![false; letters.len()];
        for at in 0..letters.len() {
            if let Some(phrase) = self.longest(&letters[at..], |kind| kind.is_none()) {
                allowed[at..at + phrase.letters.len()].fill(true);
            }
        }
        let mut findings = Vec::new();
        let mut at = 0;
        while at < letters.len() {
            let blocked =
                |kind: Option<Kind>| kind.is_some_and(|kind| !(licensed && kind == Kind::MedicalTerms));
            let found = self.longest(&letters[at..], blocked);
            let found = found.filter(|word| !allowed[at..at + word.letters.len()].contains(&true));
            let Some((word, kind)) = found.and_then(|word| Some((word, word.kind?))) else {
                at += 1;
                continue;
            };
            let end = at + word.letters.len();
            findings.push(Finding {
                word: word.word.clone(),
                kind,
                at: places[at].start..places[end - 1].end,
                suggestion: word.suggestion.clone(),
            });
            at = end;
        }
        findings
    }

    fn longest(&self, letters: &[char], wanted: impl Fn(Option<Kind>) -> bool) -> Option<&Word> {
        let words = self.by_first.get(letters.first()?)?;
        words
            .iter()
            .find(|word| wanted(word.kind) && letters.starts_with(&word.letters))
    }
}

#[derive(Deserialize)]
struct List {
    block: HashMap<Kind, Vec<String>>,
    #[serde(default)]
    allow: Vec<String>,
    #[serde(default)]
    suggest: HashMap<String, String>,
}

#[derive(Debug)]
struct Word {
    word: String,
    letters: Vec<char>,
    /// Nothing for an allowed phrase.
    kind: Option<Kind>,
    suggestion: Option<String>,
}

/// The letters that count, each with the bytes it came from.
fn searchable(text: &str) -> impl Iterator<Item = (Range<usize>, char)> {
    text.char_indices().flat_map(|(start, c)| {
        let place = start..start + c.len_utf8();
        fold(c)
            .filter(|c| c.is_alphanumeric())
            .map(move |c| (place.clone(), c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str, licensed: bool) -> Vec<String> {
        check(text, licensed)
            .into_iter()
            .map(|finding| finding.word)
            .collect()
    }

    #[test]
    fn every_word_of_the_list_is_found_alone() {
        let list: List = serde_json::from_str(include_str!("../data/medical_claim_words.json")).unwrap();
        for (kind, blocked) in list.block {
            for word in blocked {
                let found = check(&word, false);
                assert!(
                    found.len() == 1 && found[0].word == word && found[0].kind == kind,
                    "{word}: {found:?}"
                );
                assert_eq!(found[0].at, 0..word.len());
            }
        }
        for phrase in list.allow {
            assert_eq!(words(&phrase, false), Vec::<String>::new(), "{phrase}");
        }
    }

    #[test]
    fn disguises_do_not_help() {
        for text in ["治疗", "治 疗", "治·疗", "治療", "【治】【疗】", "治\u{200b}疗"] {
            assert_eq!(words(text, false), ["治疗"], "{text:?}");
        }
        assert_eq!(words("１００％有效", false), ["100%有效"]);
    }

    #[test]
    fn the_place_and_a_better_word_are_given() {
        let text = "本店 治 療 颈椎病";
        let found = check(text, false);
        assert_eq!(found.len(), 2);
        assert_eq!(
            (&text[found[0].at.clone()], found[0].suggestion.as_deref()),
            ("治 療", Some("放松"))
        );
        assert_eq!(
            (found[1].word.as_str(), found[1].kind),
            ("颈椎病", Kind::Diseases)
        );
    }

    #[test]
    fn the_longest_word_wins_and_allowed_phrases_are_left_alone() {
        assert_eq!(words("康复治疗", false), ["康复治疗"]);
        assert_eq!(words("类风湿", false), ["类风湿"]);
        assert_eq!(words("盲人医疗按摩，本店不能代替医疗，可治疗", false), ["治疗"]);
        assert_eq!(words("保健按摩，放松肩颈", false), Vec::<String>::new());
    }

    #[test]
    fn a_licence_allows_medical_terms_only() {
        assert_eq!(words("中医治疗颈椎病，国家级", true), ["颈椎病", "国家级"]);
    }

    proptest! {
        #[test]
        fn places_are_always_within_the_text(text in "[治疗療医 ，。最佳癌a１%盲人按摩]{0,24}") {
            for finding in check(&text, false) {
                prop_assert!(text.get(finding.at.clone()).is_some_and(|found| !found.is_empty()));
            }
        }
    }
}
