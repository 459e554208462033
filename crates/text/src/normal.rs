//! Bringing what people type to one form.

use std::collections::HashMap;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// One character in compatibility form (full-width letters become plain), simplified and in lower case.
pub(crate) fn fold(c: char) -> impl Iterator<Item = char> {
    std::iter::once(c)
        .nfkc()
        .flat_map(char::to_lowercase)
        .map(simplified)
}

/// The simplified form of a traditional character, else the character.
pub(crate) fn simplified(c: char) -> char {
    static TABLE: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
        let pairs = include_str!("../data/traditional.txt")
            .lines()
            .filter(|line| !line.starts_with('#'));
        pairs
            .filter_map(|pair| pair.chars().next().zip(pair.chars().nth(1)))
            .collect()
    });
    if c.is_ascii() {
        c
    } else {
        TABLE.get(&c).copied().unwrap_or(c)
    }
}

/// The whole text in compatibility form, unchanged otherwise.
pub(crate) fn compatible(text: &str) -> String {
    text.nfkc().collect()
}
