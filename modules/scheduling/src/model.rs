//! Time as a shop sells it: slots of five minutes, who works when, who is taken, and what is therefore free.
//! Pure: nothing here knows the database or the clock.

use kernel::{Day, Instant, MINUTE_MS, Minutes};

mod diary;
pub mod leave;
mod slots;
mod together;
mod turns;
pub mod week;
mod window;

pub use diary::{Diary, FreeDay, FreeTime};
pub use leave::{LeaveState, LeaveStep};
pub use slots::Slots;
pub use together::{Part, Place, Together};
pub use turns::TurnStep;
pub use week::read_clock;
pub use window::{Bounds, Window};

/// The grain of time: nobody can be booked for less.
pub const SLOT_MINUTES: Minutes = 5;
/// The furthest a business day runs: 30:00 is six in the morning after.
pub const DAY_END: Minutes = 1800;

kernel::coded! {
    /// Why this therapist serves this booking. Read aloud on demand: fairness is the trade's classic quarrel.
    pub enum Reason {
        /// The customer asked for the therapist (点钟).
        Requested = "requested",
        /// The therapist was next in turn (轮钟).
        Rotation = "rotation",
        /// The customer stays longer (加钟): the therapist who serves goes on.
        Extension = "extension",
        /// Somebody of the shop decided it, and said why.
        Manual = "manual",
    }
}

kernel::refusals! {
    /// Why a time cannot be claimed, or a roster not be changed.
    pub enum Refusal in "scheduling" {
        /// Somebody else holds the therapist, or no bed is left.
        TimeTaken => 409 "time_taken" on "slot",
        /// The time has passed, or is too near to get ready for.
        Past => 422 "past" on "slot",
        /// The shop is closed then, or the therapist does not work.
        Closed => 422 "closed" on "slot",
        /// A shift or a leave ends before it begins.
        Backwards => 422 "backwards" on "to_day",
        /// A time of day that is none, or lies outside 0:00–30:00.
        BadTime => 422 "bad_time" on "from_time",
        /// Two shifts of one day overlap.
        Overlap => 422 "overlap",
        /// Bookings stand in the stretch of a leave; the person must say that they know.
        LeaveHitsBookings { count: usize } => 409 "leave_hits_bookings" on "sure",
        /// A leave that is over before it is entered.
        LeaveOver => 422 "leave_over" on "to_day",
        /// A day or time that is none.
        BadMoment => 422 "bad_moment" on "from_day",
        /// Longer than a few words.
        LongReason { most: usize } => 422 "long_reason" on "reason",
        /// A bed needs a name that can be said.
        BedName => 422 "bed_name" on "name",
        /// The shop has a bed of this name already.
        BedNameUsed => 409 "bed_name_used" on "name",
        /// Somebody else changed the roster since it was shown.
        Changed => 409 "changed",
        /// Bookings stand outside the times of a changed day; the person must say that they know.
        DayHitsBookings { count: usize } => 409 "day_hits_bookings" on "sure",
        /// The day is past.
        DayOver => 422 "day_over" on "day",
        /// The leave is not where the step needs it: somebody has answered it, or it was taken back.
        LeaveAnswered => 409 "leave_answered",
        /// Therapists ask for themselves; whose account is not tied to a therapist asks for nobody.
        NotOwnLeave => 403 "not_own_leave",
        /// A decision by hand needs a reason in a few words.
        NoReason => 422 "no_reason" on "reason",
        /// Sooner than the shop takes bookings.
        TooSoon { minutes: Minutes } => 422 "too_soon" on "slot",
        /// Further ahead than the shop takes bookings.
        TooFar { days: i64 } => 422 "too_far" on "slot",
        /// A lead outside the centre's bounds.
        BadLead { most: Minutes } => 422 "bad_lead" on "lead",
        /// A horizon outside the centre's bounds.
        BadDays { most: i64 } => 422 "bad_days" on "days",
        /// The centre's bounds contradict themselves.
        BadBounds => 422 "bad_bounds" on "most_days",
        /// No room has enough beds free then.
        NoRoom => 409 "no_room" on "slot",
        /// A room needs a name that can be said, of its own.
        RoomName => 422 "room_name" on "room",
    }
}

/// The slot that a moment falls into: five-minute steps since 1970.
pub const fn slot_of(moment: Instant) -> i64 {
    moment.ms().div_euclid(SLOT_MINUTES * MINUTE_MS)
}

/// The moment at which a slot begins.
pub const fn moment_of(slot: i64) -> Instant {
    Instant(slot * SLOT_MINUTES * MINUTE_MS)
}

/// How long something takes: the service itself, and the therapist's and bed's time around it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Length {
    /// Minutes of the service; shop hours and shift must cover them.
    pub minutes: Minutes,
    /// Minutes kept free before it.
    pub before: Minutes,
    /// Minutes kept free after it.
    pub after: Minutes,
}

impl Length {
    /// The slots of the service alone, for one that starts with slot `start`.
    pub const fn service(self, start: i64) -> (i64, i64) {
        (start, start + slots(self.minutes))
    }

    /// The slots that are claimed: service and what is kept free around it.
    pub const fn claimed(self, start: i64) -> (i64, i64) {
        (
            start - slots(self.before),
            start + slots(self.minutes) + slots(self.after),
        )
    }
}

/// A weekly working time: minutes of the business day, the end exclusive.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Shift {
    /// 1 (Monday) ..= 7 (Sunday).
    pub weekday: i64,
    /// When work begins.
    pub starts: Minutes,
    /// When it ends; past 1440 is after midnight.
    pub ends: Minutes,
}

impl Shift {
    /// Checks one therapist's week: times of day, forwards, none over another.
    pub fn check_week(week: &[Shift]) -> Result<(), Refusal> {
        let mut sorted = week.to_vec();
        sorted.sort_unstable();
        for shift in &sorted {
            let (starts, ends) = (shift.starts, shift.ends);
            if !(1..=7).contains(&shift.weekday) || starts < 0 || ends > DAY_END {
                return Err(Refusal::BadTime);
            }
            if starts % SLOT_MINUTES != 0 || ends % SLOT_MINUTES != 0 {
                return Err(Refusal::BadTime);
            }
            if starts >= ends {
                return Err(Refusal::Backwards);
            }
        }
        let overlap = |pair: &[Shift]| pair[0].weekday == pair[1].weekday && pair[0].ends > pair[1].starts;
        if sorted.windows(2).any(overlap) {
            return Err(Refusal::Overlap);
        }
        Ok(())
    }
}

/// When a therapist works: every week, and on the dates that have their own times.
#[derive(Clone, Copy, Debug, Default)]
pub struct Work<'a> {
    /// The weekly shifts.
    pub week: &'a [Shift],
    /// The dates with their own times, which take the place of the week's.
    pub days: &'a [OwnDay],
}

/// One date on which a therapist's working times are not those of the week.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OwnDay {
    /// The business day.
    pub day: Day,
    /// When the therapist works on it, earliest first; nothing: a day off.
    pub times: Vec<(Minutes, Minutes)>,
}

impl Work<'_> {
    /// The working times on a day, the shop's hours left aside.
    pub fn times_on(&self, day: Day) -> Vec<(Minutes, Minutes)> {
        match self.days.iter().find(|own| own.day == day) {
            Some(own) => own.times.clone(),
            None => week::times_on(self.week, day.weekday()),
        }
    }

    /// The working times on a day within the shop's hours.
    pub fn on(&self, day: Day, hours: (Minutes, Minutes)) -> Vec<(Minutes, Minutes)> {
        let within = |(starts, ends): (Minutes, Minutes)| (starts.max(hours.0), ends.min(hours.1));
        let times = self.times_on(day).into_iter().map(within);
        times.filter(|(starts, ends)| starts < ends).collect()
    }
}

/// The therapist whose turn it is: the lowest turn, then the first named.
pub fn next_in_turn<T: Copy>(free: &[T], turn: impl Fn(T) -> i64) -> Option<T> {
    free.iter().copied().min_by_key(|therapist| turn(*therapist))
}

/// The business day that a moment belongs to, given the hours of the calendar day before: at half past midnight a shop that
/// opened yesterday until 26:00 is still in yesterday.
pub fn business_day(moment: Instant, hours_before: Option<(Minutes, Minutes)>) -> (Day, Minutes) {
    let (day, minute) = (moment.day(), moment.minute_of_day());
    match hours_before {
        Some((_, closes)) if minute + 1440 < closes => (day.plus(-1), minute + 1440),
        _ => (day, minute),
    }
}

const fn slots(minutes: Minutes) -> i64 {
    (minutes + SLOT_MINUTES - 1).div_euclid(SLOT_MINUTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_round_up_to_whole_slots() {
        let length = Length {
            minutes: 60,
            before: 3,
            after: 10,
        };
        assert_eq!(
            (length.service(100), length.claimed(100)),
            ((100, 112), (99, 114))
        );
    }

    #[test]
    fn a_week_of_shifts_is_checked() {
        let shift = |weekday, starts, ends| Shift {
            weekday,
            starts,
            ends,
        };
        assert_eq!(
            Shift::check_week(&[shift(1, 600, 1320), shift(2, 720, 1560)]),
            Ok(())
        );
        assert_eq!(
            Shift::check_week(&[shift(1, 600, 900), shift(1, 900, 1320)]),
            Ok(())
        );
        assert_eq!(
            Shift::check_week(&[shift(1, 600, 905), shift(1, 900, 1320)]),
            Err(Refusal::Overlap)
        );
        assert_eq!(Shift::check_week(&[shift(1, 900, 600)]), Err(Refusal::Backwards));
        assert_eq!(Shift::check_week(&[shift(8, 600, 900)]), Err(Refusal::BadTime));
        assert_eq!(Shift::check_week(&[shift(1, 601, 900)]), Err(Refusal::BadTime));
        assert_eq!(Shift::check_week(&[shift(1, 600, 1805)]), Err(Refusal::BadTime));
    }

    #[test]
    fn after_midnight_it_is_still_yesterday_for_a_shop_that_is_open() {
        let day = Day::parse("2026-11-23").unwrap();
        let half_past_midnight = day.at(30);
        assert_eq!(
            business_day(half_past_midnight, Some((720, 1560))),
            (day.plus(-1), 1470)
        );
        assert_eq!(business_day(half_past_midnight, Some((600, 1320))), (day, 30));
        assert_eq!(business_day(half_past_midnight, None), (day, 30));
    }

    #[test]
    fn turns_go_to_whoever_waited_longest() {
        let turns = [("刘", 7), ("李", 3), ("王", 3)];
        let turn = |name| turns.iter().find(|t| t.0 == name).map_or(0, |t| t.1);
        assert_eq!(next_in_turn(&["刘", "李", "王"], turn), Some("李"));
        assert_eq!(next_in_turn(&["刘", "陈"], turn), Some("陈"));
        assert_eq!(next_in_turn(&[], |_: i64| 0), None);
    }
}
