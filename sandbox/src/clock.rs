//! Two kinds of time: the wall clock, which stands on the wire, and durations, which the time scale shortens.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The sandbox's clock. Instants are always wall-clock milliseconds, because the other side compares them with
/// its own clock; only waiting is scaled.
pub struct Clock {
    scale_bits: AtomicU64,
    ahead_ms: Arc<AtomicI64>,
}

impl Clock {
    /// A clock whose waits pass `scale` times faster, and which goes `ahead_ms` before the machine's.
    pub fn new(scale: f64, ahead_ms: Arc<AtomicI64>) -> Self {
        let clock = Self {
            scale_bits: AtomicU64::new(0),
            ahead_ms,
        };
        clock.set_scale(scale);
        clock
    }

    /// Milliseconds since 1970, UTC.
    pub fn now_ms(&self) -> i64 {
        let elapsed = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("the clock is past 1970");
        let machine = i64::try_from(elapsed.as_millis()).expect("the clock is before the year 292 million");
        machine.saturating_add(self.ahead_ms.load(Ordering::Relaxed))
    }

    /// Turns the clock forward by so many minutes; back by negative ones.
    pub fn turn(&self, minutes: i64) {
        self.ahead_ms
            .fetch_add(minutes.saturating_mul(60_000), Ordering::Relaxed);
    }

    /// Seconds since 1970, UTC.
    pub fn now_s(&self) -> i64 {
        self.now_ms() / 1000
    }

    /// How many times faster waits pass.
    pub fn scale(&self) -> f64 {
        f64::from_bits(self.scale_bits.load(Ordering::Relaxed))
    }

    /// Changes the pace; values outside 0.001 ..= 1 000 000 are brought inside.
    pub fn set_scale(&self, scale: f64) {
        let scale = if scale.is_finite() {
            scale.clamp(0.001, 1_000_000.0)
        } else {
            1.0
        };
        self.scale_bits.store(scale.to_bits(), Ordering::Relaxed);
    }

    /// The real wait that stands for `seconds` of WeChat's time.
    pub fn scaled(&self, seconds: u32) -> Duration {
        Duration::from_secs_f64(f64::from(seconds) / self.scale())
    }

    /// Whether `seconds` of WeChat's time have gone by since the instant `since_ms`.
    pub fn passed(&self, since_ms: i64, seconds: u32) -> bool {
        let wait = i64::try_from(self.scaled(seconds).as_millis()).unwrap_or(i64::MAX);
        self.now_ms().saturating_sub(since_ms) >= wait
    }

    /// What is left of `seconds` since `since_ms`, in WeChat's seconds.
    pub fn left(&self, since_ms: i64, seconds: u32) -> u32 {
        let gone_s = (self.now_ms() - since_ms).max(0) / 1000;
        let gone = u32::try_from(gone_s).unwrap_or(u32::MAX);
        let gone = f64::from(gone) * self.scale();
        // The cast saturates, which is the wanted answer for a very fast clock.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturating, never negative"
        )]
        let gone = gone as u32;
        seconds.saturating_sub(gone)
    }
}

/// An instant as WeChat writes it: RFC 3339 in Beijing time, such as `2026-03-01T10:00:00+08:00`.
pub fn beijing(ms: i64) -> String {
    let (y, mo, d, h, mi, s) = civil(ms + 8 * 3_600_000);
    format!("{y:04}-{mo:02}-{d:02}T{h:02}:{mi:02}:{s:02}+08:00")
}

/// The digits `YYYYMMDDhhmmss` in Beijing time, used in numbers.
pub fn beijing_digits(ms: i64) -> String {
    let (y, mo, d, h, mi, s) = civil(ms + 8 * 3_600_000);
    format!("{y:04}{mo:02}{d:02}{h:02}{mi:02}{s:02}")
}

/// Milliseconds of an RFC 3339 instant with seconds and an offset; `None` for anything else.
pub fn parse_rfc3339(text: &str) -> Option<i64> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let separators = [(4, '-'), (7, '-'), (13, ':'), (16, ':')];
    if !text.is_ascii()
        || separators
            .iter()
            .any(|&(at, c)| text.as_bytes().get(at) != Some(&(c as u8)))
    {
        return None;
    }
    let (y, mo, d) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (h, mi, s) = (number(11..13)?, number(14..16)?, number(17..19)?);
    let valid = (1..=12).contains(&mo) && (1..=31).contains(&d) && h < 24 && mi < 60 && s <= 60;
    let zone = text
        .get(19..)?
        .trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
    let offset_min = match zone {
        "Z" | "z" => 0,
        _ => {
            let sign = if zone.starts_with('-') { -1 } else { 1 };
            let (hours, minutes) = zone.strip_prefix(['+', '-'])?.split_once(':')?;
            sign * (hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?)
        }
    };
    valid.then(|| (days_from_civil(y, mo, d) * 86_400 + h * 3600 + mi * 60 + s - offset_min * 60) * 1000)
}

/// Howard Hinnant's `civil_from_days`, with the time of day.
fn civil(ms: i64) -> (i64, i64, i64, i64, i64, i64) {
    let seconds = ms.div_euclid(1000);
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + i64::from(month <= 2);
    (
        year,
        month,
        doy - (153 * mp + 2) / 5 + 1,
        rest / 3600,
        rest / 60 % 60,
        rest % 60,
    )
}

/// Howard Hinnant's `days_from_civil`.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let mp = (month + 9) % 12;
    let doy = (153 * mp + 2) / 5 + day - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_and_read_in_beijing_time() {
        assert_eq!(beijing(0), "1970-01-01T08:00:00+08:00");
        assert_eq!(beijing(1_709_164_800_000), "2024-02-29T08:00:00+08:00");
        for day in 0..40_000 {
            let ms = day * 86_400_000 + 12_345_000;
            assert_eq!(parse_rfc3339(&beijing(ms)), Some(ms));
        }
        assert_eq!(parse_rfc3339("2024-02-29T00:00:00Z"), Some(1_709_164_800_000));
        for wrong in [
            "",
            "2024-02-29",
            "2024-13-01T00:00:00Z",
            "2024-02-29T00:00:00",
            "二〇二四年二月二十九日上午",
        ] {
            assert_eq!(parse_rfc3339(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_fast_clock_shortens_waits_and_never_turns_negative() {
        let clock = Clock::new(3600.0, Arc::default());
        assert_eq!(clock.scaled(7200), Duration::from_secs(2));
        assert!(clock.passed(clock.now_ms() - 2500, 7200));
        assert!(!clock.passed(clock.now_ms(), 7200));
        assert_eq!(clock.left(0, 7200), 0);
    }

    #[test]
    fn a_turned_clock_is_ahead_for_everybody_who_shares_it() {
        let ahead = Arc::new(AtomicI64::new(0));
        let (turned, machine) = (Clock::new(1.0, ahead.clone()), Clock::new(1.0, Arc::default()));
        turned.turn(45);
        assert_eq!(ahead.load(Ordering::Relaxed), 45 * 60_000);
        assert!((turned.now_ms() - machine.now_ms() - 45 * 60_000).abs() < 1000);
    }
}
