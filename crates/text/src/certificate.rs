//! Check digits and rules of resident identity and disability certificate numbers (GB 11643).
//!
//! A well-formed number is no proof of anything; it only keeps out typing mistakes.

use kernel::Day;

/// What a disability certificate number says about its holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disability {
    /// 1 sight, 2 hearing, 3 speech, 4 limbs, 5 intellect, 6 mind, 7 several.
    pub category: u8,
    /// 1 (most severe) ..= 4.
    pub grade: u8,
}

/// Whether `number` is a well-formed resident identity number: eighteen characters, a date that exists and the
/// right check digit. `x` may stand for `X`.
pub fn is_resident_id(number: &str) -> bool {
    let bytes = number.as_bytes();
    if bytes.len() != 18 || !bytes[..17].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let number_at = |range: std::ops::Range<usize>| number[range].parse::<i16>().unwrap_or_default();
    let (month, day) = (number_at(10..12) as i8, number_at(12..14) as i8);
    let sum: usize = bytes[..17]
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| usize::from(digit - b'0') * weight)
        .sum();
    Day::from_ymd(number_at(6..10), month, day).is_some()
        && bytes[17].to_ascii_uppercase() == b"10X98765432"[sum % 11]
}

/// Reads a disability certificate number: identity number, category, grade, and perhaps `B` with a count for a
/// certificate issued again.
pub fn disability(number: &str) -> Option<Disability> {
    let (_, rest) = number
        .split_at_checked(18)
        .filter(|(identity, _)| is_resident_id(identity))?;
    let mut signs = rest.chars();
    let mut digit = |most: u32| {
        signs
            .next()?
            .to_digit(10)
            .filter(|digit| (1..=most).contains(digit))
    };
    let (category, grade) = (digit(7)? as u8, digit(4)? as u8);
    let again = signs.as_str();
    let well_formed = again.is_empty()
        || again
            .strip_prefix('B')
            .is_some_and(|count| matches!(count.parse::<u8>(), Ok(1..=99)));
    well_formed.then_some(Disability { category, grade })
}

/// `110105********002X`: what may be shown of an identity number.
pub fn masked_id(number: &str) -> String {
    let signs: Vec<char> = number.chars().collect();
    if signs.len() < 12 {
        return "*".repeat(signs.len());
    }
    let hidden = signs.len() - 10;
    signs[..6]
        .iter()
        .copied()
        .chain(std::iter::repeat_n('*', hidden))
        .chain(signs[6 + hidden..].iter().copied())
        .collect()
}

const WEIGHTS: [usize; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

#[cfg(test)]
mod tests {
    use super::*;

    fn cases(name: &str) -> Vec<String> {
        let cases: serde_json::Value =
            serde_json::from_str(include_str!("../data/identity_phone_cases.json")).unwrap();
        cases[name]
            .as_array()
            .unwrap()
            .iter()
            .map(|case| case.as_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn resident_id_cases() {
        cases("resident_id_ok")
            .iter()
            .for_each(|case| assert!(is_resident_id(case), "{case}"));
        cases("resident_id_bad")
            .iter()
            .for_each(|case| assert!(!is_resident_id(case), "{case}"));
        assert!(!is_resident_id("一一0105194912310"));
    }

    #[test]
    fn disability_certificate_cases() {
        for case in cases("disability_cert_ok") {
            assert_eq!(disability(&case).map(|found| found.category), Some(1), "{case}");
        }
        for case in cases("disability_cert_not_visual") {
            assert_eq!(
                disability(&case),
                Some(Disability {
                    category: 4,
                    grade: 3
                }),
                "{case}"
            );
        }
        for wrong in [
            "11010519491231002X15",
            "11010519491231002X81",
            "11010519491231002X14C1",
            "1101051949123100",
        ] {
            assert_eq!(disability(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_middle_of_an_identity_number_is_hidden() {
        assert_eq!(masked_id("11010519491231002X"), "110105********002X");
        assert_eq!(masked_id("1101"), "****");
    }
}
