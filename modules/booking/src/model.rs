//! A booking and the rules of its life. Pure: no database, no clock.

mod change;
mod closing;
mod ends;
mod home;
mod ticket;
mod waitlist;
mod wishes;

use catalog::Service;
use kernel::{Customer, Day, Id, Instant, Minutes, Money, Shop};
use order::{Order, Policy};
use scheduling::{Bed, Length, Reason};
use therapist::Therapist;

pub use change::{CHANGE_NOTE_LENGTH, Change, ChangeState, Side, Terms, consider_until};
pub use closing::{Hit, Met};
pub use ends::{
    Case, CaseKind, CaseState, DISPUTE_HOURS, Dues, EXTRA_MINUTES, Extension, Fee, LATE_MINUTES,
    PROMPT_MINUTES, REOPEN_MINUTES, WORDS_LENGTH, most_kept, price_of, served, shares, wait_minutes,
};
pub use home::{
    ADDRESS_DAYS, ADDRESS_UNUSED_MINUTES, Address, CALLS_NEEDED, HomeTerms, HomeVisit, KeptFor, MOST_FARE,
    MOST_RADIUS_KM, Place, Returned, Trip, check_absence, home_policy,
};
pub use ticket::{Ticket, TicketState, TicketStep, Waits, expected};
pub use waitlist::{
    MOST_WAITING, OFFER_MINUTES, Offer, WaitEntry, WaitState, WaitStep, check_span, may_tell,
};
pub use wishes::{Contact, Wishes};

/// One service for one person at one time, with the therapist and the bed that are claimed for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Booking {
    /// The booking.
    pub id: Id<Booking>,
    /// The order through which it is paid.
    pub order: Id<Order>,
    /// Where it takes place.
    pub shop: Id<Shop>,
    /// Who booked.
    pub customer: Id<Customer>,
    /// What is done.
    pub service: Id<Service>,
    /// The service's name as it was when it was booked.
    pub service_name: String,
    /// Who serves.
    pub therapist: Id<Therapist>,
    /// Where in the shop; nowhere when the therapist goes to the customer.
    pub bed: Option<Id<Bed>>,
    /// The business day that it belongs to: half past midnight may still be the evening before.
    pub day: Day,
    /// When it starts.
    pub starts_at: Instant,
    /// How long it takes, and what is kept free around it.
    pub length: Length,
    /// What it costs.
    pub price: Money,
    /// Where it stands.
    pub state: State,
    /// Why this therapist.
    pub reason: Reason,
    /// Six digits that the customer shows or says on arrival.
    pub code: String,
    /// How the therapist addresses the customer, and where to ring.
    pub contact: Contact,
    /// What the customer would like.
    pub wishes: Wishes,
    /// When the customer declared to be well enough. Which condition somebody has is never stored.
    pub declared_at: Instant,
    /// Until when the shop must answer, while it is asked.
    pub answer_by: Option<Instant>,
    /// Counts the changes; whoever acts says which one they saw.
    pub version: i64,
}

kernel::coded! {
    /// Where a booking stands.
    pub enum State {
        /// The time is claimed while the customer pays.
        Held = "held",
        /// Paid; the shop is asked whether it accepts.
        Requested = "requested",
        /// Promised.
        Confirmed = "confirmed",
        /// The customer is in the shop.
        CheckedIn = "checked_in",
        /// The therapist is on the way to the customer.
        Departed = "departed",
        /// The therapist is at the customer's.
        Arrived = "arrived",
        /// Being served.
        InService = "in_service",
        /// Served.
        Completed = "completed",
        /// Not paid in time.
        Expired = "expired",
        /// The shop said no, or did not answer in time.
        Declined = "declined",
        /// Called off by the customer, the shop or the centre.
        Cancelled = "cancelled",
        /// The customer did not come.
        NoShow = "no_show",
        /// Broken off while the customer was there.
        Aborted = "aborted",
    }
}

kernel::coded! {
    /// What can happen to a booking.
    pub enum Step {
        /// Made: the time is claimed.
        Hold = "hold",
        /// Paid at a shop that wants to be asked.
        Submit = "submit",
        /// Accepted, by the shop or because it always accepts.
        Confirm = "confirm",
        /// The shop takes more time to answer.
        Extend = "extend",
        /// Refused by the shop, or by the clock for it.
        Decline = "decline",
        /// Called off.
        Cancel = "cancel",
        /// The customer arrives.
        CheckIn = "check_in",
        /// The therapist sets out for the customer's.
        Depart = "depart",
        /// The therapist is at the customer's.
        Arrive = "arrive",
        /// Somebody of the shop rang a customer who does not open.
        Call = "call",
        /// The service begins.
        Start = "start",
        /// The service ends.
        Complete = "complete",
        /// The customer stayed away.
        NoShow = "no_show",
        /// Not paid in time.
        Expire = "expire",
        /// Paid late, and the time could be claimed again.
        Revive = "revive",
        /// Given to another therapist by the shop, at the same time.
        Reassign = "reassign",
        /// The customer says that they will be late.
        Late = "late",
        /// The customer stays longer (加钟).
        Lengthen = "lengthen",
        /// Another therapist takes over during the service.
        HandOver = "hand_over",
        /// It was called completed by mistake: the service goes on.
        Reopen = "reopen",
        /// Broken off, by the safety key, the shop or the customer.
        Abort = "abort",
        /// The shop says what it keeps of a no-show's money.
        Fee = "fee",
        /// The customer objects to having been called a no-show.
        Dispute = "dispute",
        /// The centre decides about a case.
        Rule = "rule",
        /// Somebody wants it changed, and the other side is asked.
        ProposeMove = "propose_move",
        /// It stays as it is: the other side said no, did not answer, or the wish was taken back.
        DropMove = "drop_move",
        /// It has another time, another therapist, another service or another address now.
        Move = "move",
    }
}

impl Step {
    /// Whether time comes free by it that others may wait for.
    pub const fn frees_time(self) -> bool {
        matches!(
            self,
            Step::Cancel
                | Step::Decline
                | Step::Expire
                | Step::NoShow
                | Step::Abort
                | Step::Reassign
                | Step::Move
        )
    }
}

kernel::coded! {
    /// Why a booking ended early, as its step records it and people are told.
    pub enum Why {
        /// The customer's plans changed.
        CustomersPlans = "customers_plans",
        /// It was not paid in time.
        Unpaid = "unpaid",
        /// The therapist cannot come.
        TherapistAway = "therapist_away",
        /// The shop is full after all.
        Full = "full",
        /// The shop closes earlier that day.
        ClosingEarly = "closing_early",
        /// The shop is closed against its hours, or for good.
        ShopClosed = "shop_closed",
        /// The service does not suit the customer's condition.
        Unsuitable = "unsuitable",
        /// The shop did not answer in time.
        Unanswered = "unanswered",
        /// Called from the line, and nobody came.
        NotThere = "not_there",
        /// The therapist was not safe.
        Unsafe = "unsafe",
        /// The customer felt unwell.
        CustomerUnwell = "customer_unwell",
        /// The customer did not want to go on.
        CustomerStops = "customer_stops",
        /// Something of the shop's own went wrong.
        ShopTrouble = "shop_trouble",
        /// The other side did not agree to a change.
        MoveRefused = "move_refused",
        /// The other side did not answer to a change in time.
        MoveUnanswered = "move_unanswered",
        /// Whoever wanted a change wants it no more.
        MoveWithdrawn = "move_withdrawn",
        /// The customer has agreed to a change on the telephone or at the desk, as the shop says.
        AgreedByPhone = "agreed_by_phone",
    }
}

impl Why {
    /// The reasons that a shop can give.
    pub const OF_SHOP: [Why; 4] = [Why::TherapistAway, Why::Full, Why::ClosingEarly, Why::Unsuitable];
}

kernel::coded! {
    /// How firmly the customer would like to be worked on.
    pub enum Strength {
        /// 轻
        Light = "light",
        /// 中
        Medium = "medium",
        /// 重
        Firm = "firm",
    }
}

kernel::refusals! {
    /// Why a booking says no.
    pub enum Refusal in "booking" {
        /// The step is not possible where the booking stands.
        NotNow { state: State } => 409 "not_now",
        /// Somebody changed the booking after the person looked at it.
        Changed => 409 "changed",
        /// Check-in opens half an hour before the start.
        TooEarly { minutes: Minutes } => 409 "too_early",
        /// Nobody is a no-show before a quarter of an hour has passed.
        NotLateYet { minutes: Minutes } => 409 "not_late_yet",
        /// It has begun: calling off is a matter for the telephone.
        Begun => 409 "begun",
        /// The shop or the service cannot be booked, or this therapist does not offer it.
        NotOffered => 409 "not_offered",
        /// The customer holds as many unpaid bookings as one may.
        TooManyHeld { most: i64 } => 409 "too_many_held",
        /// No time was chosen.
        NoTime => 422 "no_time" on "slot",
        /// Nothing to address the customer by, or too long.
        BadName { most: usize } => 422 "bad_name" on "name",
        /// Not a mobile number.
        BadPhone => 422 "bad_phone" on "phone",
        /// More than the therapist can listen to.
        LongNote { most: usize } => 422 "long_note" on "note",
        /// The health declaration is missing.
        NotDeclared => 422 "not_declared" on "health",
        /// The answer cannot be put off any further: the customer must know in time.
        NoMoreTime => 409 "no_more_time",
        /// No reason was chosen.
        NoReason => 422 "no_reason" on "reason",
        /// No booking of today has this code.
        UnknownCode => 422 "unknown_code" on "code",
        /// The code has been used: the customer is here already.
        CodeUsed { name: String } => 409 "code_used" on "code",
        /// Bookings stand in a leave, and nobody has decided on them yet.
        Undecided { count: usize } => 409 "undecided" on "decision",
        /// The shop does not do this at home, or this therapist does not go.
        NotAtHome => 409 "not_at_home",
        /// Too far, or a district where the shop does not go.
        OutsideArea => 422 "outside_area" on "station",
        /// Neither a position nor a known subway station.
        NoPlace => 422 "no_place" on "station",
        /// The desk has written down no subway station that there is.
        NoStation => 422 "no_station" on "station",
        /// No district was chosen.
        NoDistrict => 422 "no_district" on "district",
        /// No street, or more than anybody finds.
        BadStreet { most: usize } => 422 "bad_street" on "street",
        /// No number of the door, or too long.
        BadHouse { most: usize } => 422 "bad_house" on "house",
        /// A customer who does not open is rung twice before they count as absent.
        NotCalled { needed: i64, calls: i64 } => 409 "not_called",
        /// The therapist may set out only when it is nearly time: with it the address is shown.
        NotTimeToGo { minutes: Minutes } => 409 "not_time_to_go",
        /// A circle that is none, or too wide.
        BadRadius { most: i64 } => 422 "bad_radius" on "radius",
        /// A fare that is none, or too high.
        BadFare { most: i64 } => 422 "bad_fare" on "base",
        /// A pace that nobody keeps.
        BadPace => 422 "bad_pace" on "pace",
        /// Neither a circle nor a district.
        NoArea => 422 "no_area" on "radius",
        /// Nothing is done at home.
        NoHomeService => 422 "no_home_service" on "services",
        /// Nobody goes.
        NobodyGoes => 422 "nobody_goes" on "therapists",
        /// The customer asked for this therapist: nobody else serves without being asked.
        Requested => 409 "requested" on "decision",
        /// Nobody is free now, or no bed.
        NobodyFree => 409 "nobody_free",
        /// Not all who come together find somebody and a bed then: so many can at the most.
        NotAllFree { count: usize, fit: usize } => 409 "not_all_free" on "slot",
        /// The desk did not say that it asked about health.
        NotAsked => 422 "not_asked" on "health",
        /// A time of day that cannot be read.
        BadClock => 422 "bad_clock" on "clock",
        /// Neither service nor therapist was chosen.
        NoChoice => 422 "no_choice" on "what",
        /// The step is not possible where the ticket stands.
        TicketNotNow { ticket: String, state: TicketState } => 409 "ticket_not_now",
        /// Somebody else acted on the ticket meanwhile.
        TicketChanged { ticket: String } => 409 "ticket_changed",
        /// The next booking is in the way of so many minutes more.
        NextComes { name: String, time: String, minutes: Minutes } => 409 "next_comes" on "extra",
        /// The therapist's leave begins before so many minutes more are over.
        LeaveComes { time: String, minutes: Minutes } => 409 "leave_comes" on "extra",
        /// The shop closes against its hours before so many minutes more are over.
        ClosingComes { time: String, minutes: Minutes } => 409 "closing_comes" on "extra",
        /// Something else than a booking is in the way.
        NoRoomAfter { minutes: Minutes } => 409 "no_room_after" on "extra",
        /// Nothing to add was chosen.
        NoExtra => 422 "no_extra" on "extra",
        /// Nobody was chosen to take over.
        NobodyChosen => 422 "nobody_chosen" on "to",
        /// It must be said why.
        NoWords => 422 "no_words" on "words",
        /// More words than anybody listens to.
        LongWords { most: usize } => 422 "long_words" on "words",
        /// It was completed too long ago.
        LongOver { minutes: Minutes } => 409 "long_over",
        /// The customer has reviewed it.
        Reviewed => 409 "reviewed",
        /// More would be kept, or given back, than the order's rules allow.
        TooMuch { most: Money } => 422 "too_much" on "amount",
        /// Since it was shown, other bookings stand in the time that is to be closed.
        ClosingChanged { count: usize, amount: Money } => 409 "closing_changed",
        /// Until when the shop closes was not chosen.
        NoClosing => 422 "no_closing" on "how",
        /// Something is to be settled before the account can be deleted.
        NotSettled => 409 "not_settled",
        /// It was not said that the account is really to be deleted.
        NotSure => 422 "not_sure" on "sure",
        /// Nobody said what is kept.
        NoFee => 422 "no_fee" on "fee",
        /// Nobody said what goes back.
        NoRuling => 422 "no_ruling" on "back",
        /// The amount reads as no amount of money.
        NoAmount => 422 "no_amount" on "amount",
        /// The time to object is over, or somebody decided already.
        NoDispute => 409 "no_dispute",
        /// There is nothing to decide about it.
        NoCase => 409 "no_case",
        /// One of several that were booked together: all of its money that may be kept, or nothing.
        OneOfSeveral => 409 "one_of_several",
        /// It is too early or too late to say that one will be late.
        NotLate => 409 "not_late",
        /// By how much was not chosen.
        NoMinutes => 422 "no_minutes" on "minutes",
        /// Calling off is not free any more: now it takes a call to the shop to move the booking.
        LateToMove { minutes: Minutes } => 409 "late_to_move",
        /// Another change waits for an answer.
        ChangeOpen => 409 "change_open",
        /// No change waits for an answer (any more).
        NoChange => 409 "no_change",
        /// Nobody was chosen.
        NoTherapist => 422 "no_therapist" on "therapist",
        /// It was not said whether the customer knows.
        NoConsent => 422 "no_consent" on "agreed",
        /// A span that is none, lies outside the day or is over.
        BadSpan => 422 "bad_span" on "to",
        /// There is time in the span: it is booked, not waited for.
        NotFull => 409 "not_full" on "from",
        /// The customer waits for as many things as one may.
        TooManyWaiting { most: i64 } => 409 "too_many_waiting",
        /// The time is not kept for the customer any more, or never was.
        OfferOver => 409 "offer_over",
        /// Fewer than two, or more than may come at once.
        NotSeveral { most: usize } => 422 "not_several" on "service0",
    }
}

impl State {
    /// The state after a step; `None` when the step is not possible here. This is the whole life of a booking.
    pub const fn after(self, step: Step) -> Option<State> {
        Some(match (self, step) {
            (State::Held, Step::Submit) => State::Requested,
            (State::Held | State::Requested, Step::Confirm) => State::Confirmed,
            (State::Requested, Step::Extend) => State::Requested,
            (State::Requested, Step::Decline) => State::Declined,
            (
                State::Held | State::Requested | State::Confirmed | State::Departed | State::Arrived,
                Step::Cancel,
            ) => State::Cancelled,
            (State::Confirmed, Step::CheckIn) => State::CheckedIn,
            (State::Confirmed, Step::Depart) => State::Departed,
            (State::Departed, Step::Arrive) => State::Arrived,
            (State::Arrived, Step::Call) => State::Arrived,
            (State::CheckedIn | State::Arrived, Step::Start) => State::InService,
            (State::InService, Step::Complete) => State::Completed,
            (State::Confirmed | State::Arrived, Step::NoShow) => State::NoShow,
            (State::Held, Step::Expire) => State::Expired,
            (State::Expired, Step::Revive) => State::Held,
            (State::Confirmed, Step::Reassign | Step::Late) => State::Confirmed,
            (State::CheckedIn, Step::Lengthen) => State::CheckedIn,
            (State::InService, Step::Lengthen | Step::HandOver) => State::InService,
            (State::Completed, Step::Reopen) => State::InService,
            (State::CheckedIn | State::Departed | State::Arrived | State::InService, Step::Abort) => {
                State::Aborted
            }
            (State::NoShow, Step::Fee | Step::Dispute | Step::Rule) => State::NoShow,
            (State::Aborted, Step::Rule) => State::Aborted,
            (State::Requested | State::Confirmed, Step::ProposeMove | Step::DropMove | Step::Move) => self,
            _ => return None,
        })
    }

    /// Whether the step has brought the booking here already: asking again is then success without effect.
    pub const fn is_after(self, step: Step) -> bool {
        matches!(
            (self, step),
            (State::Requested, Step::Submit)
                | (State::Confirmed, Step::Confirm)
                | (State::Declined, Step::Decline)
                | (State::Cancelled, Step::Cancel)
                | (State::CheckedIn, Step::CheckIn)
                | (State::Departed, Step::Depart)
                | (State::Arrived, Step::Arrive)
                | (State::InService, Step::Start)
                | (State::Completed, Step::Complete)
                | (State::NoShow, Step::NoShow)
                | (State::Expired, Step::Expire)
                | (State::Aborted, Step::Abort)
        )
    }

    /// Whether a customer is still expected or being served: the time is in use.
    pub const fn is_live(self) -> bool {
        matches!(
            self,
            State::Held
                | State::Requested
                | State::Confirmed
                | State::CheckedIn
                | State::Departed
                | State::Arrived
                | State::InService
        )
    }
}

/// Check-in opens so many minutes before the start.
pub const CHECK_IN_MINUTES: Minutes = 30;
/// A customer who is so many minutes late may be called a no-show.
pub const NO_SHOW_MINUTES: Minutes = 15;
/// The shop has so many minutes to answer within its hours.
pub const ANSWER_MINUTES: Minutes = 10;
/// And so many after it opens, when it was closed at the time of asking.
pub const ANSWER_AFTER_OPENING: Minutes = 20;
/// A customer knows at least so many minutes before the start.
pub const ANSWER_BEFORE_START: Minutes = 30;
/// A service that nobody ended is taken as ended so many minutes after its time.
pub const OVERRUN_MINUTES: Minutes = 120;
/// One customer may hold so many unpaid bookings.
pub const MOST_HELD: i64 = 3;
/// So many may come in one visit.
pub const MOST_TOGETHER: usize = 6;
/// The longest name, in characters.
pub const NAME_LENGTH: usize = 20;
/// The longest note, in characters.
pub const NOTE_LENGTH: usize = 200;

impl Booking {
    /// The booking after a step at `now`. `None` when it is there already.
    ///
    /// # Errors
    /// `booking.not_now` when the step is not possible where the booking stands; `booking.too_early`,
    /// `booking.not_late_yet` when it is not the hour.
    pub fn after(&self, step: Step, now: Instant) -> Result<Option<Booking>, Refusal> {
        let here = match step {
            // Nobody is late for their own door, and nobody takes over behind it.
            Step::CheckIn | Step::Late | Step::HandOver => !self.is_at_home(),
            Step::Depart => self.is_at_home(),
            Step::NoShow => self.is_at_home() == (self.state == State::Arrived),
            _ => true,
        };
        let Some(state) = self.state.after(step).filter(|_| here) else {
            let already = self.state.is_after(step);
            return if already {
                Ok(None)
            } else {
                Err(Refusal::NotNow { state: self.state })
            };
        };
        match step {
            Step::CheckIn if now < self.starts_at.plus_minutes(-CHECK_IN_MINUTES) => {
                return Err(Refusal::TooEarly {
                    minutes: CHECK_IN_MINUTES,
                });
            }
            Step::Depart if now < self.departure_from() => {
                return Err(Refusal::NotTimeToGo {
                    minutes: self.departure_minutes(),
                });
            }
            Step::NoShow if now < self.starts_at.plus_minutes(NO_SHOW_MINUTES) => {
                return Err(Refusal::NotLateYet {
                    minutes: NO_SHOW_MINUTES,
                });
            }
            _ => {}
        }
        let answer_by = self.answer_by.filter(|_| state == State::Requested);
        Ok(Some(Booking {
            state,
            answer_by,
            version: self.version + 1,
            ..self.clone()
        }))
    }

    /// Minutes from the midnight of its business day to the start.
    pub fn minute(&self) -> Minutes {
        self.starts_at.minutes_since(self.day.at(0))
    }

    /// When the service ends.
    pub fn ends_at(&self) -> Instant {
        self.starts_at.plus_minutes(self.length.minutes)
    }

    /// Whether the customer may still call off by themselves.
    pub fn can_be_called_off(&self, now: Instant) -> bool {
        self.state.after(Step::Cancel).is_some() && now < self.starts_at
    }

    /// Which share, in basis points, goes back when the customer calls off at `now`. What the shop has not promised costs
    /// nothing.
    pub fn returned_bp(&self, policy: &Policy, now: Instant) -> i64 {
        match self.state {
            State::Held | State::Requested => 10_000,
            _ => policy.returned_bp(Some(self.starts_at), now),
        }
    }

    /// The latest that the shop's answer may be put off to.
    pub fn latest_answer(&self) -> Instant {
        self.starts_at.plus_minutes(-ANSWER_BEFORE_START)
    }
}

/// Until when a shop must answer a request of `now`: ten minutes when it is open, twenty after it opens next, and never
/// later than half an hour before the start. `opening` is the present or next time that the shop is open. There is
/// always a minute left to answer.
pub fn answer_by(now: Instant, opening: Option<(Instant, Instant)>, starts_at: Instant) -> Instant {
    let limit = match opening {
        Some((opens, _)) if opens > now => opens.plus_minutes(ANSWER_AFTER_OPENING),
        _ => now.plus_minutes(ANSWER_MINUTES),
    };
    limit
        .min(starts_at.plus_minutes(-ANSWER_BEFORE_START))
        .max(now.plus_minutes(1))
}

/// So many minutes before the start a shop can be booked at the latest: there must be time to pay, and to answer where
/// the shop wants to be asked.
pub const fn lead_minutes(accepts: shop::Accepts) -> Minutes {
    match accepts {
        shop::Accepts::Automatic => 10,
        shop::Accepts::Manual => ANSWER_BEFORE_START + 15,
    }
}

#[cfg(test)]
mod tests;
