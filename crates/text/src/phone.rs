//! Telephone numbers as people in Beijing write them, brought to one form.

use crate::normal::compatible;

/// A number that can be called.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Phone {
    /// What sort of number it is.
    pub kind: Kind,
    /// The one form: `13812345678`, `01062345678`, `01062345678-801`, `4008108888`, `12385`.
    pub number: String,
}

/// Sorts of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A mobile number of mainland China.
    Mobile,
    /// A fixed line in Beijing, area code 010, perhaps with an extension.
    Landline,
    /// 400 and 800 numbers and the short public ones.
    Service,
}

/// Why something is no telephone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneFault {
    /// Nothing was given.
    #[error("no telephone number given")]
    Empty,
    /// There is something besides digits and separators.
    #[error("a telephone number has digits only")]
    Letters,
    /// Digits are missing.
    #[error("the telephone number is too short")]
    Short,
    /// There are too many digits.
    #[error("the telephone number is too long")]
    Long,
    /// No number of that length begins like this.
    #[error("no telephone number begins like this")]
    Unknown,
    /// It can be called, but it is no mobile number.
    #[error("this is not a mobile number")]
    NotMobile,
}

/// Reads a number with any of the usual separators and prefixes.
///
/// # Errors
/// What is wrong with it; see [`PhoneFault`].
pub fn parse(input: &str) -> Result<Phone, PhoneFault> {
    let (text, abroad) = cleaned(input)?;
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let known = |kind, number: String| Ok(Phone { kind, number });
    if is_mobile(&digits) {
        return known(Kind::Mobile, digits);
    }
    if let Some(mobile) = digits.strip_prefix("86").filter(|rest| is_mobile(rest)) {
        return known(Kind::Mobile, mobile.to_owned());
    }
    if is_service(&digits) {
        return known(Kind::Service, digits);
    }
    if let Some((line, extension)) = text.rsplit_once('-')
        && let Some(line) = landline(line, abroad)
        && (1..=6).contains(&extension.len())
    {
        return known(Kind::Landline, format!("{line}-{extension}"));
    }
    if let Some(line) = landline(&digits, abroad) {
        return known(Kind::Landline, line);
    }
    Err(match digits.len() {
        0 => PhoneFault::Empty,
        1..=7 | 9..=10 => PhoneFault::Short,
        8 | 11 => PhoneFault::Unknown,
        _ => PhoneFault::Long,
    })
}

impl Phone {
    /// Reads a number that must be able to receive a short message.
    ///
    /// # Errors
    /// As [`parse`], and [`PhoneFault::NotMobile`] for the other kinds.
    pub fn mobile(input: &str) -> Result<Phone, PhoneFault> {
        parse(input).and_then(|phone| match phone.kind {
            Kind::Mobile => Ok(phone),
            Kind::Landline | Kind::Service => Err(PhoneFault::NotMobile),
        })
    }
}

/// Digits and hyphens, without the country code, and whether there was one.
fn cleaned(input: &str) -> Result<(String, bool), PhoneFault> {
    let input = compatible(input);
    let mut text = String::with_capacity(input.len());
    for c in input.trim().chars() {
        match c {
            '0'..='9' | '+' => text.push(c),
            '-' | '–' | '—' | '‑' | '−' | '转' => text.push('-'),
            '(' | ')' | '.' => {}
            c if c.is_whitespace() => {}
            _ => return Err(PhoneFault::Letters),
        }
    }
    let stripped = text.strip_prefix("+86").or_else(|| text.strip_prefix("0086"));
    let (text, abroad) = (stripped.unwrap_or(&text), stripped.is_some());
    if text.contains('+') {
        return Err(if abroad {
            PhoneFault::Letters
        } else {
            PhoneFault::Unknown
        });
    }
    Ok((text.trim_matches('-').to_owned(), abroad))
}

fn is_mobile(digits: &str) -> bool {
    digits.len() == 11 && digits.starts_with('1') && (b'3'..=b'9').contains(&digits.as_bytes()[1])
}

fn is_service(digits: &str) -> bool {
    match digits.len() {
        10 => digits.starts_with("400") || digits.starts_with("800"),
        5 => ["12", "95", "96"].iter().any(|prefix| digits.starts_with(prefix)),
        6 => digits.starts_with("96"),
        _ => false,
    }
}

/// Eight digits with or without 010; with the country code the 0 is not dialled.
fn landline(text: &str, abroad: bool) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let line = digits
        .strip_prefix("010")
        .or_else(|| digits.strip_prefix("10").filter(|_| abroad));
    let line = line.unwrap_or(&digits);
    let well_formed = line.len() == 8 && (b'2'..=b'8').contains(&line.as_bytes()[0]);
    well_formed.then(|| format!("010{line}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
    fn mobile_cases() {
        for case in cases("mobile_ok") {
            assert_eq!(
                Phone::mobile(&case).map(|phone| phone.number),
                Ok("13812345678".to_owned()),
                "{case}"
            );
        }
        for case in cases("mobile_bad") {
            assert!(parse(&case).is_err(), "{case}");
        }
    }

    #[test]
    fn landline_and_service_cases() {
        for case in cases("landline_ok") {
            let phone = parse(&case).unwrap_or_else(|fault| panic!("{case}: {fault}"));
            assert_eq!(
                (phone.kind, &phone.number[..11]),
                (Kind::Landline, "01062345678"),
                "{case}"
            );
            assert_eq!(Phone::mobile(&case), Err(PhoneFault::NotMobile), "{case}");
        }
        assert_eq!(parse("010-62345678-801").unwrap().number, "01062345678-801");
        assert_eq!(
            parse("６２３４５６７８转８０１").unwrap().number,
            "01062345678-801"
        );
        assert_eq!(parse("+86 10 6234 5678").unwrap().number, "01062345678");
        for case in cases("service_ok") {
            assert_eq!(parse(&case).unwrap().kind, Kind::Service, "{case}");
        }
    }

    #[test]
    fn faults_say_what_is_wrong() {
        let fault = |input: &str| parse(input).unwrap_err();
        assert_eq!(fault("  "), PhoneFault::Empty);
        assert_eq!(fault("1381234567"), PhoneFault::Short);
        assert_eq!(fault("138123456789"), PhoneFault::Long);
        assert_eq!(fault("12812345678"), PhoneFault::Unknown);
        assert_eq!(fault("138x2345678"), PhoneFault::Letters);
        assert_eq!(fault("+1 202 555 0100"), PhoneFault::Unknown);
    }

    proptest! {
        #[test]
        fn any_input_is_answered_and_the_one_form_is_stable(input in "\\PC{0,24}") {
            if let Ok(phone) = parse(&input) {
                prop_assert_eq!(parse(&phone.number), Ok(phone));
            }
        }

        #[test]
        fn every_mobile_number_is_read(tail in 300_000_000u64..1_000_000_000) {
            let number = format!("1{tail}9").chars().take(11).collect::<String>();
            prop_assert_eq!(Phone::mobile(&number).unwrap().number, number);
        }
    }
}
