//! The waitlist (候补): who waits for a time to come free, and the offer that keeps it for them a while. Pure.

use catalog::Service;
use kernel::{Customer, Day, Id, Instant, Minutes, Shop};
use therapist::Therapist;

use super::{Booking, Refusal};

/// Somebody who waits for a service on a day, to start within a span of its minutes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WaitEntry {
    /// The entry; while it is offered a time it also holds the claims on it.
    pub id: Id<WaitEntry>,
    /// Where.
    pub shop: Id<Shop>,
    /// Who waits.
    pub customer: Id<Customer>,
    /// For what.
    pub service: Id<Service>,
    /// With whom; anybody when it does not matter.
    pub therapist: Option<Id<Therapist>>,
    /// The business day.
    pub day: Day,
    /// It starts at this minute of the day at the earliest.
    pub from: Minutes,
    /// And before this one.
    pub to: Minutes,
    /// Where it stands.
    pub state: WaitState,
    /// The time that is, or was, kept.
    pub offer: Option<Offer>,
    /// What came of it.
    pub booking: Option<Id<Booking>>,
    /// Since when.
    pub joined_at: Instant,
    /// Counts the changes.
    pub version: i64,
}

/// A time that is kept for somebody who waited.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Offer {
    /// When the service would start.
    pub starts_at: Instant,
    /// Who would serve.
    pub therapist: Id<Therapist>,
    /// Until when it is kept.
    pub until: Instant,
}

kernel::coded! {
    /// Where an entry of the waitlist stands.
    pub enum WaitState {
        /// Nothing has come free yet.
        Waiting = "waiting",
        /// A time is kept for the customer.
        Offered = "offered",
        /// The customer took it: it is a booking now.
        Taken = "taken",
        /// The customer did not answer in time.
        Lapsed = "lapsed",
        /// The customer does not wait any more.
        Withdrawn = "withdrawn",
        /// Nothing came free before the span was over.
        Over = "over",
    }
}

kernel::coded! {
    /// What can happen to an entry of the waitlist.
    pub enum WaitStep {
        /// Made.
        Join = "join",
        /// A time came free and is kept.
        Offer = "offer",
        /// The customer books it.
        Take = "take",
        /// The time to answer is over.
        Lapse = "lapse",
        /// The customer gives up.
        Withdraw = "withdraw",
        /// The shop needs the time after all: the customer waits on.
        CallBack = "call_back",
        /// The span is over.
        End = "end",
    }
}

/// A time is kept for so many minutes.
pub const OFFER_MINUTES: Minutes = 10;
/// One customer may wait for so many things.
pub const MOST_WAITING: i64 = 3;
/// From this minute of the evening nobody is disturbed about what is far away,
pub const QUIET_FROM: Minutes = 21 * 60;
/// until this one of the morning;
pub const QUIET_TO: Minutes = 8 * 60;
/// far away is what starts in more than so many minutes.
pub const SOON_MINUTES: Minutes = 12 * 60;

impl WaitState {
    /// The state after a step; `None` when the step is not possible here.
    pub const fn after(self, step: WaitStep) -> Option<WaitState> {
        Some(match (self, step) {
            (WaitState::Waiting, WaitStep::Offer) => WaitState::Offered,
            (WaitState::Waiting, WaitStep::End) => WaitState::Over,
            (WaitState::Waiting | WaitState::Offered, WaitStep::Withdraw) => WaitState::Withdrawn,
            (WaitState::Offered, WaitStep::Take) => WaitState::Taken,
            (WaitState::Offered, WaitStep::Lapse) => WaitState::Lapsed,
            (WaitState::Offered, WaitStep::CallBack) => WaitState::Waiting,
            _ => return None,
        })
    }

    /// Whether something may still come of it.
    pub const fn is_live(self) -> bool {
        matches!(self, WaitState::Waiting | WaitState::Offered)
    }
}

impl WaitEntry {
    /// The entry after a step.
    ///
    /// # Errors
    /// `booking.offer_over` when the step is not possible where it stands.
    pub fn after(&self, step: WaitStep) -> Result<WaitEntry, Refusal> {
        let state = self.state.after(step).ok_or(Refusal::OfferOver)?;
        Ok(WaitEntry {
            state,
            version: self.version + 1,
            ..self.clone()
        })
    }

    /// Whether a time is one that the customer waits for.
    pub fn fits(&self, starts_at: Instant) -> bool {
        (self.day.at(self.from)..self.day.at(self.to)).contains(&starts_at)
    }

    /// When nothing more can come of it.
    pub fn ends_at(&self) -> Instant {
        self.day.at(self.to)
    }
}

/// Whether somebody may be told at `now` of a time at `starts_at`: by day, or when it is soon.
pub fn may_tell(now: Instant, starts_at: Instant) -> bool {
    let by_day = (QUIET_TO..QUIET_FROM).contains(&now.minute_of_day());
    by_day || starts_at <= now.plus_minutes(SOON_MINUTES)
}

/// Checks a span of a day: forwards, within a business day, and not over at `now`.
///
/// # Errors
/// `booking.bad_span`.
pub fn check_span(day: Day, from: Minutes, to: Minutes, now: Instant) -> Result<(), Refusal> {
    if from < 0 || from >= to || to > scheduling::DAY_END || day.at(to) <= now {
        return Err(Refusal::BadSpan);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Day = Day(20_780);

    #[test]
    fn the_life_of_an_entry() {
        let mut drawn = String::new();
        for state in WaitState::ALL {
            for step in WaitStep::ALL {
                if let Some(after) = state.after(*step) {
                    drawn += &format!("{state} {step}: {after}\n");
                }
            }
        }
        assert_eq!(
            drawn,
            "waiting offer: offered\nwaiting withdraw: withdrawn\nwaiting end: over\noffered take: taken\n\
             offered lapse: lapsed\noffered withdraw: withdrawn\noffered call_back: waiting\n"
        );
    }

    #[test]
    fn nobody_is_woken_about_what_is_far_away() {
        let told = |now, starts| may_tell(DAY.at(now), DAY.at(starts));
        assert!(told(480, 1440 + 900) && told(1259, 1440 + 900));
        assert!(!told(479, 479 + 721) && !told(1260, 1260 + 721));
        assert!(told(1260, 1260 + 720) && told(1439, 1440 + 600));
    }

    #[test]
    fn a_span_is_forwards_and_not_over() {
        let now = DAY.at(900);
        let check = |from, to| check_span(DAY, from, to, now);
        assert_eq!(check(600, 901), Ok(()));
        assert_eq!(check(600, 900), Err(Refusal::BadSpan));
        assert_eq!(check(960, 960), Err(Refusal::BadSpan));
        assert_eq!(check(-1, 960), Err(Refusal::BadSpan));
        assert_eq!(check(960, 1801), Err(Refusal::BadSpan));
    }

    #[test]
    fn a_time_fits_from_the_first_minute_until_before_the_last() {
        let entry = WaitEntry {
            id: Id::from_raw(1),
            shop: Id::from_raw(2),
            customer: Id::from_raw(3),
            service: Id::from_raw(4),
            therapist: None,
            day: DAY,
            from: 1_380,
            to: 1_500,
            state: WaitState::Waiting,
            offer: None,
            booking: None,
            joined_at: DAY.at(0),
            version: 1,
        };
        assert!(entry.fits(DAY.at(1_380)) && entry.fits(DAY.at(1_499)));
        assert!(!entry.fits(DAY.at(1_379)) && !entry.fits(DAY.at(1_500)));
        assert_eq!(entry.after(WaitStep::Take), Err(Refusal::OfferOver));
    }
}
