//! Pinyin of names, places and sentences.
//!
//! The dictionary's first reading is often not the common one (长 zhǎng, 区 ou), and surnames have readings of
//! their own (单 Shàn, 尉迟 Yùchí): both are corrected from tables. For search every reading counts.

mod tables;
mod voice;

pub use voice::espeak;

use pinyin::{ToPinyin, ToPinyinMulti};
use tables::TABLES;

/// The surname of a Chinese name: two characters for compound surnames (欧阳), else one; of a name in Latin
/// letters the last word.
pub fn surname(name: &str) -> &str {
    let name = name.trim();
    let Some(first) = name.chars().next() else {
        return name;
    };
    if !is_hanzi(first) {
        return name.split_whitespace().last().unwrap_or(name);
    }
    let two: usize = name.chars().take(2).map(char::len_utf8).sum();
    if TABLES.compound.contains(&name[..two]) {
        &name[..two]
    } else {
        &name[..first.len_utf8()]
    }
}

/// The surname in Latin letters with a capital: `Zeng`, `Ouyang`, `Lü`, `Smith`.
pub fn surname_latin(name: &str) -> String {
    let surname = surname(name);
    let latin = match surname.chars().next() {
        Some(first) if is_hanzi(first) => name_syllables(surname)
            .iter()
            .map(|syllable| syllable.trim_end_matches(|c: char| c.is_ascii_digit()))
            .collect(),
        _ => surname.to_owned(),
    };
    let mut letters = latin.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The best reading without tones, syllables apart: `zeng li`. Other characters stay; `ü` is `v`, as it is typed.
pub fn plain(text: &str) -> String {
    syllables(text)
        .iter()
        .map(|syllable| toneless(syllable))
        .collect::<Vec<_>>()
        .join(" ")
}

/// The first letter of every syllable of the best reading: `zl`.
pub fn initials(text: &str) -> String {
    syllables(text)
        .iter()
        .filter_map(|syllable| syllable.chars().next())
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// Everything somebody may type for this name or place: each reading written together (at most 64 of them), `ü`
/// as `v` and as `u`, and the initials of each.
pub fn keys(text: &str) -> Vec<String> {
    let mut whole = vec![(String::new(), String::new())];
    for (_, readings) in options(text) {
        let longer = whole.iter().flat_map(|(full, initials)| {
            readings.iter().map(move |reading| {
                let first: String = reading.chars().take(1).collect();
                (format!("{full}{reading}"), format!("{initials}{first}"))
            })
        });
        whole = longer.take(64).collect();
    }
    let mut keys: Vec<String> = TABLES.places.get(text).cloned().unwrap_or_default();
    keys.extend(whole.into_iter().flat_map(|(full, initials)| [full, initials]));
    keys.retain(|key| !key.is_empty());
    let mut seen = std::collections::HashSet::new();
    keys.retain(|key| seen.insert(key.clone()));
    keys
}

/// Whether `query`, typed in hanzi, pinyin, initials or a mixture (`changcj`, `ccj`, `长chun`), finds `text`. The
/// query may begin at any character of the text; the last syllable may be unfinished. An empty query finds all.
pub fn matches(text: &str, query: &str) -> bool {
    let query: Vec<char> = query
        .chars()
        .flat_map(crate::normal::fold)
        .filter(|c| !c.is_whitespace() && *c != '\'')
        .collect();
    let text_options = options(text);
    let typed: String = query.iter().collect();
    let alternative = |text: &str| {
        TABLES.places.iter().any(|(place, readings)| {
            text.contains(place.as_str()) && readings.iter().any(|reading| reading.starts_with(&typed))
        })
    };
    query.is_empty()
        || (0..text_options.len()).any(|from| typed_here(&text_options[from..], &query))
        || alternative(text)
}

/// Whether the query is a way of typing the beginning of these characters.
fn typed_here(characters: &[(char, Vec<String>)], query: &[char]) -> bool {
    let Some(&next) = query.first() else { return true };
    let Some(((character, readings), rest)) = characters.split_first() else {
        return false;
    };
    if *character == next {
        return typed_here(rest, &query[1..]);
    }
    readings.iter().any(|reading| {
        let letters: Vec<char> = reading.chars().collect();
        let shared = letters.iter().zip(query).take_while(|(a, b)| a == b).count();
        // The whole syllable, an unfinished one at the end, or its initial (two letters for zh, ch, sh).
        let initial = if letters.get(1) == Some(&'h') { 2 } else { 1 };
        shared == query.len()
            || shared == letters.len() && typed_here(rest, &query[shared..])
            || shared >= 1 && typed_here(rest, &query[1..])
            || initial == 2 && shared >= 2 && typed_here(rest, &query[2..])
    })
}

/// For every character all that may be typed for it, the best reading first; surnames also with their own.
fn options(text: &str) -> Vec<(char, Vec<String>)> {
    let best = syllables(text);
    let named = name_syllables(text);
    let mut all: Vec<(char, Vec<String>)> = Vec::new();
    for (index, character) in text.chars().enumerate() {
        let mut readings: Vec<String> = Vec::new();
        let mut add = |reading: String| {
            let as_u = reading.replace('v', "u");
            for reading in [reading, as_u] {
                if !readings.contains(&reading) {
                    readings.push(reading);
                }
            }
        };
        add(toneless(&named[index]));
        add(toneless(&best[index]));
        if let Some(multi) = character.to_pinyin_multi() {
            multi
                .into_iter()
                .for_each(|reading| add(toneless(reading.with_tone_num_end())));
        }
        all.push((
            crate::normal::fold(character).next().unwrap_or(character),
            readings,
        ));
    }
    all
}

/// One reading with its tone for every character, by the longest known phrase; characters without a reading stand
/// for themselves.
fn syllables(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let mut all = Vec::with_capacity(characters.len());
    while all.len() < characters.len() {
        let rest = &characters[all.len()..];
        match TABLES.longest_phrase(rest) {
            Some(readings) => all.extend(readings.iter().cloned()),
            None => all.push(character_reading(rest[0])),
        }
    }
    all
}

/// As [`syllables`], for a person's name: the surname first.
fn name_syllables(name: &str) -> Vec<String> {
    let surname = surname(name);
    match TABLES.surnames.get(surname).filter(|_| name.starts_with(surname)) {
        Some(readings) => readings
            .iter()
            .cloned()
            .chain(syllables(&name[surname.len()..]))
            .collect(),
        None => syllables(name),
    }
}

fn character_reading(character: char) -> String {
    let common = TABLES.characters.get(&character).cloned();
    common.unwrap_or_else(|| match character.to_pinyin() {
        Some(reading) => reading.with_tone_num_end().to_owned(),
        None => character.to_lowercase().collect(),
    })
}

/// Without the tone, `ü` as `v`.
fn toneless(syllable: &str) -> String {
    let is_reading = syllable.chars().next().is_some_and(char::is_alphabetic);
    let letters = if is_reading {
        syllable.trim_end_matches(|c: char| c.is_ascii_digit())
    } else {
        syllable
    };
    letters.replace('ü', "v")
}

pub(crate) fn is_hanzi(c: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&c) || ('\u{20000}'..='\u{323af}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn cases() -> Value {
        serde_json::from_str(include_str!("../data/pinyin_overrides.json")).unwrap()
    }

    #[test]
    fn surname_cases() {
        for (given, want) in cases()["surnames"].as_object().unwrap() {
            let want = want.as_str().unwrap();
            let name = format!("{given}丽");
            assert_eq!(surname(&name), given);
            assert_eq!(surname_latin(&name).to_lowercase(), want, "{given}");
            assert!(
                keys(&name).contains(&format!("{want}li")),
                "{given}: {:?}",
                keys(&name)
            );
            assert!(
                matches(&name, want) && matches(&name, &format!("{want}l")),
                "{given}"
            );
        }
    }

    #[test]
    fn place_cases() {
        for (given, want) in cases()["places"].as_object().unwrap() {
            for reading in want.as_str().unwrap().split('|') {
                assert!(
                    keys(given).contains(&reading.to_owned()),
                    "{given}: {:?}",
                    keys(given)
                );
                assert!(matches(&format!("{given}店"), reading), "{given}");
            }
            let best = want.as_str().unwrap().split('|').next().unwrap();
            let read = plain(given).replace(' ', "");
            assert_eq!(read, best, "{given}");
        }
    }

    #[test]
    fn compound_surname_cases() {
        for given in cases()["compound_surnames"].as_array().unwrap() {
            let given = given.as_str().unwrap();
            assert_eq!(surname(&format!("{given}建国")), given);
        }
        assert_eq!(surname("欧阳"), "欧阳");
        assert_eq!(
            [surname("张丽"), surname("John Smith"), surname("")],
            ["张", "Smith", ""]
        );
    }

    #[test]
    fn search_as_people_type() {
        for query in [
            "长椿",
            "ccj",
            "changchunjie",
            "changcj",
            "chcj",
            "changc",
            "chunjie",
            "CCJ",
            "长chun",
            "zhang",
        ] {
            assert!(matches("长椿街", query), "{query}");
        }
        for query in ["ccx", "changchunjies", "椿长", "jiechun"] {
            assert!(!matches("长椿街", query), "{query}");
        }
        assert!(matches("绿色", "lvse") && matches("绿色", "luse") && matches("長椿街", "长椿"));
        assert_eq!([initials("张丽"), plain("曾经")], ["zl", "ceng jing"]);
    }

    proptest! {
        #[test]
        fn every_key_finds_its_text(text in "[张单曾长椿街区乐绿重行A1]{1,5}") {
            for key in keys(&text) {
                prop_assert!(matches(&text, &key), "{} {}", text, key);
            }
        }
    }
}
