//! A change of a booking that one side proposes and the other answers: another time, another therapist, another service; of a
//! home visit another address.

use catalog::Service;
use kernel::{Day, Id, Instant, Minutes, Money, Shop};
use order::Policy;
use scheduling::{Bed, Leave, Length, Reason};
use therapist::Therapist;

use super::{Booking, HomeVisit, Refusal, State, Step};

/// A proposed change. Its time is claimed besides the booking's own until it is answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// The change; also what its time is claimed for.
    pub id: Id<Change>,
    /// Of which booking.
    pub booking: Id<Booking>,
    /// At which shop.
    pub shop: Id<Shop>,
    /// Who proposes; the other side answers.
    pub by: Side,
    /// Where it stands.
    pub state: ChangeState,
    /// What the booking is to become.
    pub to: Terms,
    /// Where a home visit would go, and the way, if the address is to be another one. The address itself stands apart.
    pub visit: Option<HomeVisit>,
    /// A word of the shop to the customer; may be empty.
    pub note: String,
    /// When it was proposed.
    pub asked_at: Instant,
    /// Until when it can be answered.
    pub answer_by: Instant,
    /// Counts the changes.
    pub version: i64,
    /// The booking's version as it was proposed.
    pub proposed_as: i64,
}

/// What of a booking can become another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Terms {
    /// What is done.
    pub service: Id<Service>,
    /// What it is called now.
    pub service_name: String,
    /// Who serves.
    pub therapist: Id<Therapist>,
    /// Where in the shop.
    pub bed: Option<Id<Bed>>,
    /// The business day.
    pub day: Day,
    /// When it starts.
    pub starts_at: Instant,
    /// How long it takes.
    pub length: Length,
    /// What it costs.
    pub price: Money,
    /// Why this therapist.
    pub reason: Reason,
}

kernel::coded! {
    /// The two who agree on a booking.
    pub enum Side {
        /// Who booked.
        Customer = "customer",
        /// Who serves; the centre acts for it.
        Shop = "shop",
    }
}

kernel::coded! {
    /// Where a proposed change stands.
    pub enum ChangeState {
        /// Waiting for the other side.
        Proposed = "proposed",
        /// The booking has become it.
        Accepted = "accepted",
        /// The other side said no.
        Refused = "refused",
        /// The other side did not answer in time.
        Expired = "expired",
        /// Taken back, or the booking came to another end.
        Withdrawn = "withdrawn",
    }
}

/// The customer has so many minutes to answer the shop's proposal, in the daytime.
pub const CONSIDER_MINUTES: Minutes = 120;
/// Between ten at night and eight in the morning nobody is expected to answer; until ten there is time for it.
const NIGHT: (Minutes, Minutes, Minutes) = (22 * 60, 8 * 60, 10 * 60);
/// The longest word of the shop to the customer, in characters.
pub const CHANGE_NOTE_LENGTH: usize = 60;

impl Change {
    /// The minute of its business day.
    pub fn minute(&self) -> Minutes {
        self.to.starts_at.minutes_since(self.to.day.at(0))
    }

    /// Whether its time stands in a leave of its therapist, with what is kept free around it.
    pub fn stands_in(&self, leave: &Leave) -> bool {
        self.to.stands_in(leave)
    }

    /// What the booking would cost more than now, the way included, which costs `fare` now; less than nothing when it is cheaper.
    pub fn dearer(&self, booking: &Booking, fare: Money) -> Money {
        let way = self.visit.map_or(Money::ZERO, |visit| visit.trip.fare - fare);
        self.to.price - booking.price + way
    }
}

impl Terms {
    fn stands_in(&self, leave: &Leave) -> bool {
        let from = self.starts_at.plus_minutes(-self.length.before);
        let to = self
            .starts_at
            .plus_minutes(self.length.minutes + self.length.after);
        self.therapist == leave.therapist && from < leave.to && leave.from < to
    }
}

impl Step {
    /// Whether the step leaves an open proposal as it is. Every other one answers the question, or makes it idle: its time is
    /// freed with it.
    pub const fn leaves_proposal(self) -> bool {
        matches!(
            self,
            Step::ProposeMove | Step::Extend | Step::Reassign | Step::DropMove | Step::Move
        )
    }
}

impl Booking {
    /// Whether its time stands in a leave of its therapist, with what is kept free around it.
    pub fn stands_in(&self, leave: &Leave) -> bool {
        self.terms().stands_in(leave)
    }

    /// Whether the customer may change it without the telephone. What is promised can be moved as long as calling off is
    /// free: later the shop can hardly give the time to anybody else.
    ///
    /// # Errors
    /// `booking.not_now`, `booking.begun`, `booking.late_to_move`.
    pub fn customer_may_change(&self, policy: &Policy, now: Instant) -> Result<(), Refusal> {
        if self.state.after(Step::Move).is_none() {
            return Err(Refusal::NotNow { state: self.state });
        }
        if now >= self.starts_at {
            return Err(Refusal::Begun);
        }
        let minutes = policy.free_until_minutes;
        if self.state == State::Confirmed && now > self.starts_at.plus_minutes(-minutes) {
            return Err(Refusal::LateToMove { minutes });
        }
        Ok(())
    }

    /// What it is now, as a change would have it.
    pub fn terms(&self) -> Terms {
        Terms {
            service: self.service,
            service_name: self.service_name.clone(),
            therapist: self.therapist,
            bed: self.bed,
            day: self.day,
            starts_at: self.starts_at,
            length: self.length,
            price: self.price,
            reason: self.reason,
        }
    }

    /// Becomes what was agreed.
    pub(crate) fn take_on(&mut self, terms: Terms) {
        self.service = terms.service;
        self.service_name = terms.service_name;
        self.therapist = terms.therapist;
        self.bed = terms.bed;
        self.day = terms.day;
        self.starts_at = terms.starts_at;
        self.length = terms.length;
        self.price = terms.price;
        self.reason = terms.reason;
    }
}

/// Until when a customer may think about a proposal of `now`, when the first of the two times is `starts_at`: two hours,
/// not in the night, and never later than half an hour before. There is always a minute left to answer.
pub fn consider_until(now: Instant, starts_at: Instant) -> Instant {
    let until = now.plus_minutes(CONSIDER_MINUTES);
    let (evening, morning, answers) = NIGHT;
    let until = match until.minute_of_day() {
        minute if minute < morning => until.day().at(answers),
        minute if minute >= evening => until.day().plus(1).at(answers),
        _ => until,
    };
    until
        .min(starts_at.plus_minutes(-super::ANSWER_BEFORE_START))
        .max(now.plus_minutes(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_thinks_about_it_for_two_hours_but_not_at_night() {
        let day = Day(20_780);
        let far = day.plus(3).at(900);
        assert_eq!(consider_until(day.at(600), far), day.at(720));
        assert_eq!(consider_until(day.at(1210), far), day.plus(1).at(600));
        assert_eq!(consider_until(day.at(1300), far), day.plus(1).at(600));
        assert_eq!(consider_until(day.at(1430), far), day.plus(1).at(600));
        assert_eq!(consider_until(day.at(300), far), day.at(600));
        // Never later than half an hour before, and never at once.
        assert_eq!(consider_until(day.at(600), day.at(700)), day.at(670));
        assert_eq!(consider_until(day.at(600), day.at(620)), day.at(601));
    }
}
