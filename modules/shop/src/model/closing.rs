//! A stretch in which a shop is closed against its hours. Pure.

use kernel::{Day, Id, Instant, MINUTE_MS};

use super::Span;

/// A shop is closed from one moment until another, whatever its hours say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Closing {
    /// The closing.
    pub id: Id<Closing>,
    /// Which shop.
    pub shop: Id<kernel::Shop>,
    /// Why there is one at all.
    pub kind: ClosingKind,
    /// From when.
    pub from: Instant,
    /// Until when, exclusive.
    pub until: Instant,
    /// Why, in words for customers.
    pub reason: String,
    /// When it was lifted, if it was: then it does not count any more.
    pub lifted_at: Option<Instant>,
}

kernel::coded! {
    /// Why a shop is closed against its hours.
    pub enum ClosingKind {
        /// Something came up: 停电, 家里有事.
        Sudden = "sudden",
        /// The shop leaves the platform; nothing is served after its last day.
        Leaving = "leaving",
    }
}

impl Closing {
    /// Whether the shop is closed by it at a moment.
    pub fn contains(&self, moment: Instant) -> bool {
        self.from <= moment && moment < self.until
    }

    /// Whether it touches the stretch `from ..to`.
    pub fn meets(&self, from: Instant, to: Instant) -> bool {
        self.from < to && from < self.until
    }

    /// What it leaves of the hours of a business day, seen from their ends: `None` when nothing. A hole in the middle of
    /// the day is not seen here.
    pub(crate) fn leaves_of(&self, day: Day, (opens, closes): Span) -> Option<Span> {
        let minutes = |moment: Instant| (moment - day.at(0)).div_euclid(MINUTE_MS);
        // Both ends are told so that the shop is not called open while it is closed.
        let (from, until) = (minutes(self.from), minutes(self.until + (MINUTE_MS - 1)));
        match (from <= opens && until > opens, from < closes && until >= closes) {
            (true, true) => None,
            (true, false) => Some((until, closes)),
            (false, true) => Some((opens, from)),
            (false, false) => Some((opens, closes)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closing(from: i64, until: i64) -> Closing {
        let day = Day(20_780);
        Closing {
            id: Id::from_raw(1),
            shop: Id::from_raw(2),
            kind: ClosingKind::Sudden,
            from: day.at(from),
            until: day.at(until),
            reason: "停电".to_owned(),
            lifted_at: None,
        }
    }

    #[test]
    fn a_closing_takes_its_part_of_the_hours() {
        for (from, until, left) in [
            (720, 1560, None),
            (600, 800, Some((800, 1560))),
            (1000, 1600, Some((720, 1000))),
            (800, 900, Some((720, 1560))),
            (0, 720, Some((720, 1560))),
            (1560, 2000, Some((720, 1560))),
        ] {
            let leaves = closing(from, until).leaves_of(Day(20_780), (720, 1560));
            assert_eq!(leaves, left, "{from}..{until}");
        }
        assert_eq!(
            closing(0, 1440).leaves_of(Day(20_780), (720, 1560)),
            Some((1440, 1560))
        );
    }
}
