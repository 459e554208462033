//! The text of a bill: comma-separated, every value behind a backtick, a summary below.

use super::Format;

/// A bill.
pub struct Table {
    /// Column names.
    pub heading: &'static str,
    /// One vector of values per line.
    pub lines: Vec<Vec<String>>,
    /// Column names of the summary.
    pub summary_heading: &'static str,
    /// The summary.
    pub summary: Vec<String>,
}

impl Table {
    /// The text as it is hashed.
    pub fn text(&self, format: Format) -> String {
        let end = if format.line_feed { "\n" } else { "\r\n" };
        let mut text = String::from(if format.byte_order_mark { "\u{feff}" } else { "" });
        let written = |values: &Vec<String>| {
            let values: Vec<String> = values.iter().map(|value| format!("`{}", clean(value))).collect();
            values.join(",")
        };
        let lines = self.lines.iter().map(written);
        let all = std::iter::once(self.heading.to_owned())
            .chain(lines)
            .chain([self.summary_heading.to_owned(), written(&self.summary)]);
        for line in all {
            text.push_str(&line);
            text.push_str(end);
        }
        text
    }
}

/// Line breaks would end a line; commas stay, as in real bills: a reader splits at ",`".
fn clean(value: &str) -> String {
    value.replace(['\r', '\n'], " ")
}

/// Fen as bills write them, in yuan with two decimals.
pub fn yuan(fen: i64) -> String {
    format!(
        "{}{}.{:02}",
        if fen < 0 { "-" } else { "" },
        fen.abs() / 100,
        fen.abs() % 100
    )
}

/// Fees are written in yuan with five decimals.
pub fn long_yuan(fen: i64) -> String {
    format!("{}000", yuan(fen))
}

/// `2026-03-01 10:00:00` in Beijing.
pub fn moment(ms: i64) -> String {
    crate::clock::beijing(ms)[..19].replace('T', " ")
}
