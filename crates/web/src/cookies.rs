use axum::http::{HeaderMap, HeaderValue, header};

use crate::Settings;

/// The cookies this program sets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Cookie {
    /// A customer's session.
    Customer,
    /// A staff member's session: apart from the customer's, since an owner may be both in one browser.
    Staff,
    /// Marks the browser, so that forms made for it cannot be sent by another site.
    Browser,
    /// Language, theme and text size.
    Look,
    /// The sentence that the next page shows.
    Said,
}

impl Cookie {
    fn name(self, settings: &Settings) -> &'static str {
        // The prefix makes browsers refuse the cookie from any other host or without HTTPS.
        match (self, settings.secure()) {
            (Cookie::Customer, true) => "__Host-tuina_customer",
            (Cookie::Customer, false) => "tuina_customer",
            (Cookie::Staff, true) => "__Host-tuina_staff",
            (Cookie::Staff, false) => "tuina_staff",
            (Cookie::Browser, true) => "__Host-tuina_browser",
            (Cookie::Browser, false) => "tuina_browser",
            (Cookie::Look, true) => "__Host-tuina_look",
            (Cookie::Look, false) => "tuina_look",
            (Cookie::Said, true) => "__Host-tuina_said",
            (Cookie::Said, false) => "tuina_said",
        }
    }

    /// The value that the browser sent.
    pub fn read<'a>(self, settings: &Settings, headers: &'a HeaderMap) -> Option<&'a str> {
        let name = self.name(settings);
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|line| line.to_str().ok())
            .find_map(|line| {
                line.split(';').find_map(|pair| {
                    let (key, value) = pair.trim().split_once('=')?;
                    (key == name && !value.is_empty()).then_some(value)
                })
            })
    }

    /// Has the browser keep `value` for `max_age_s` seconds; 0 forgets it. The value must be cookie-safe ASCII.
    pub fn set(self, settings: &Settings, value: &str, max_age_s: i64, headers: &mut HeaderMap) {
        let secure = if settings.secure() { "; Secure" } else { "" };
        let name = self.name(settings);
        let line = format!("{name}={value}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Lax{secure}");
        if let Ok(line) = HeaderValue::from_str(&line) {
            headers.append(header::SET_COOKIE, line);
        }
    }
}

/// Text as cookie-safe ASCII: every byte that is not a letter or digit as `%XX`.
pub(crate) fn encode(text: &str) -> String {
    use std::fmt::Write;
    text.bytes()
        .fold(String::with_capacity(text.len() * 3), |mut out, byte| {
            if byte.is_ascii_alphanumeric() {
                out.push(char::from(byte));
            } else {
                let _ = write!(out, "%{byte:02X}");
            }
            out
        })
}

/// What [`encode`] made; `None` when it is something else.
pub(crate) fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let hex = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(hex, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_sentence_survives_a_cookie() {
        let said = "已确认 张女士; 下午三点=%\"";
        let coded = encode(said);
        assert!(coded.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'%'));
        assert_eq!(decode(&coded).as_deref(), Some(said));
        assert_eq!(decode("%zz"), None);
        assert_eq!(decode("%4"), None);
    }
}
