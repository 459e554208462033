//! A therapist's bookings as an iCalendar document (RFC 5545), which every calendar program reads.

use kernel::{Instant, MINUTE_MS};

/// One booking in a calendar. It holds what the therapist needs to know, and no telephone number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Never changes for the same booking.
    pub uid: String,
    /// Counts the changes.
    pub sequence: i64,
    /// When it starts.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// What and for whom.
    pub summary: String,
    /// Where.
    pub location: String,
    /// Whether it takes place.
    pub status: Status,
}

/// Whether a booking takes place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// The shop is still asked.
    Tentative,
    /// Promised.
    Confirmed,
    /// It does not take place.
    Cancelled,
}

impl Status {
    const fn code(self) -> &'static str {
        match self {
            Status::Tentative => "TENTATIVE",
            Status::Confirmed => "CONFIRMED",
            Status::Cancelled => "CANCELLED",
        }
    }
}

/// The document: times in UTC, lines ended by CRLF and folded at 75 octets.
pub fn calendar(name: &str, now: Instant, entries: &[Entry]) -> String {
    let mut lines = Lines::default();
    for line in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Tuina//Calendar 1//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "REFRESH-INTERVAL;VALUE=DURATION:PT15M",
        "X-PUBLISHED-TTL:PT15M",
    ] {
        lines.add(line);
    }
    lines.text("NAME", name);
    lines.text("X-WR-CALNAME", name);
    for entry in entries {
        lines.add("BEGIN:VEVENT");
        lines.text("UID", &entry.uid);
        lines.add(&format!("DTSTAMP:{}", utc(now)));
        lines.add(&format!("DTSTART:{}", utc(entry.starts_at)));
        lines.add(&format!("DTEND:{}", utc(entry.ends_at)));
        lines.add(&format!("SEQUENCE:{}", entry.sequence));
        lines.add(&format!("STATUS:{}", entry.status.code()));
        let free = entry.status == Status::Cancelled;
        lines.add(if free {
            "TRANSP:TRANSPARENT"
        } else {
            "TRANSP:OPAQUE"
        });
        lines.text("SUMMARY", &entry.summary);
        lines.text("LOCATION", &entry.location);
        lines.add("CLASS:PRIVATE");
        lines.add("END:VEVENT");
    }
    lines.add("END:VCALENDAR");
    lines.0
}

/// How the customer is addressed in a calendar that others may read over a shoulder: 张女士 as it is; of a whole name
/// only its beginning.
pub fn title_of(name: &str) -> String {
    const TITLES: [&str; 8] = ["女士", "先生", "小姐", "老师", "阿姨", "大爷", "大妈", "叔叔"];
    let name = name.trim();
    if TITLES
        .iter()
        .any(|title| name.strip_suffix(title).is_some_and(|rest| !rest.is_empty()))
    {
        return name.to_owned();
    }
    format!("{}**", text::pinyin::surname(name))
}

/// `20261122T070000Z`
fn utc(at: Instant) -> String {
    // A day of Beijing eight hours later is a day of UTC.
    let shifted = Instant(at.ms() - 8 * 60 * MINUTE_MS);
    let (year, month, day) = shifted.day().ymd();
    let minute = shifted.minute_of_day();
    let second = at.seconds().rem_euclid(60);
    format!(
        "{year:04}{month:02}{day:02}T{:02}{:02}{second:02}Z",
        minute / 60,
        minute % 60
    )
}

#[derive(Default)]
struct Lines(String);

impl Lines {
    /// A property whose value is text: what has a meaning in the format is escaped.
    fn text(&mut self, name: &str, value: &str) {
        let mut escaped = String::with_capacity(value.len());
        for c in value.chars() {
            match c {
                '\\' | ';' | ',' => escaped.extend(['\\', c]),
                '\n' => escaped.push_str("\\n"),
                c if c.is_control() => {}
                c => escaped.push(c),
            }
        }
        self.add(&format!("{name}:{escaped}"));
    }

    /// A line, folded where it would pass 75 octets, never within a character.
    fn add(&mut self, line: &str) {
        const MOST: usize = 75;
        let mut length = 0;
        for c in line.chars() {
            if length + c.len_utf8() > MOST {
                self.0.push_str("\r\n ");
                length = 1;
            }
            self.0.push(c);
            length += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            uid: "0000000000001@tuina".to_owned(),
            sequence: 3,
            starts_at: Instant(1_795_312_800_000),
            ends_at: Instant(1_795_316_400_000),
            summary: "张女士, 肩颈; \\ 全身\r\n保健".to_owned(),
            location: "清风堂盲人按摩（鼓楼店），鼓楼东大街一百号院内二层左手第三间门".to_owned(),
            status: Status::Cancelled,
        }
    }

    #[test]
    fn values_are_escaped_and_long_lines_folded_within_75_octets() {
        let text = calendar("刘长河", Instant(1_795_312_800_000), &[entry()]);
        assert!(text.ends_with("END:VCALENDAR\r\n"));
        for line in text.split_terminator("\r\n") {
            assert!(line.len() <= 75 && !line.contains(['\r', '\n']), "{line}");
        }
        let unfolded = text.replace("\r\n ", "");
        assert!(
            unfolded.contains("SUMMARY:张女士\\, 肩颈\\; \\\\ 全身\\n保健\r\n"),
            "{unfolded}"
        );
        assert!(unfolded.contains(&format!("LOCATION:{}\r\n", entry().location)));
        for wanted in [
            "DTSTART:20261122T020000Z\r\n",
            "DTEND:20261122T030000Z\r\n",
            "SEQUENCE:3\r\n",
            "STATUS:CANCELLED\r\n",
        ] {
            assert!(text.contains(wanted), "{wanted} in {text}");
        }
    }

    #[test]
    fn a_calendar_reads_as_it_is_kept() {
        let text = calendar("刘长河", Instant(1_795_312_800_000), &[entry()]);
        insta::assert_snapshot!(text.replace("\r\n", "\n"));
    }

    #[test]
    fn whole_names_are_not_told() {
        assert_eq!(title_of("张女士"), "张女士");
        assert_eq!(title_of("欧阳先生"), "欧阳先生");
        assert_eq!(title_of("张伟"), "张**");
        assert_eq!(title_of("欧阳明"), "欧阳**");
    }
}
