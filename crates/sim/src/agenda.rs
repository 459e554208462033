//! What will happen when.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    sync::{Arc, Mutex, PoisonError},
};

use booking::{Booking, Ticket, WaitEntry};
use kernel::{Id, Instant};
use order::Order;
use payment::testing::Post;
use scheduling::Leave;
use shop::Closing;

use crate::{away::Absence, customer::Intent};

/// Something that will happen. A new part of the business adds what its people do here, and does it in
/// [`crate::town::Town::happens`].
#[derive(Clone)]
pub(crate) enum Event {
    /// A customer looks for a time and takes one.
    Books(Intent),
    /// The desk enters a customer who stands there or rings.
    Enters(Intent, Option<Instant>),
    /// Somebody whom the desk entered pays in cash.
    PaysCash(Visit),
    /// The desk calls a number; so many tries are left.
    CallsNumber(Intent, Id<Ticket>, u32),
    /// A customer opens the pay sheet; so many tries are left.
    OpensSheet(Visit, u32),
    /// A customer confirms on WeChat's sheet.
    Pays(Visit, String),
    /// A customer looks at the page again: WeChat is asked.
    Returns(Visit),
    /// Another window of the same customer pays once more.
    PaysAgain(Visit),
    /// That window is closed.
    ClosesWindow(Visit),
    /// A customer calls off.
    CallsOff(Visit),
    /// Somebody wants a booking moved.
    WishesMove(Visit),
    /// The other side answers to that, or it is taken back.
    AnswersMove(Visit),
    /// A customer writes a review.
    Reviews(Visit),
    /// A customer waits for the time of somebody else's booking.
    Waits(Visit),
    /// A customer looks whether a time is offered.
    LooksAtOffer(Intent, Id<WaitEntry>),
    /// WeChat tells something; so many tries were made.
    Notice(Post, usize),
    /// Somebody tells what WeChat never said, about this number.
    Forgery(String),
    /// WeChat's bank is done with a refund.
    RefundEnds(String),
    /// The shop looks at a booking that waits for an answer.
    ShopLooks(Visit),
    /// The hour of a booking: the customer comes or not.
    Arrives(Visit),
    /// The therapist stands before a customer's door.
    Reaches(Visit),
    /// A door that stays shut: the therapist rings and waits.
    AtTheDoor(Visit),
    /// The service begins.
    Begins(Visit),
    /// The service ends.
    Ends(Visit),
    /// The customer stays longer.
    Lengthens(Visit),
    /// Another therapist takes over.
    HandsOver(Visit),
    /// A service was called done by mistake.
    Reopens(Visit),
    /// A visit is broken off.
    Aborts(Visit),
    /// A customer complains, and the desk gives back a part; so many tries are left.
    Complains(Visit, u32),
    /// The centre answers to refunds of an order that wait for a second person.
    DecidesRefunds(Visit),
    /// A customer objects to having been called a no-show.
    Objects(Visit),
    /// The shop says what it keeps of a no-show's money.
    DecidesFee(Visit),
    /// The shop settles what was left lying.
    Tidies(Visit),
    /// A therapist asks for leave, or the shop enters it.
    AsksLeave(Absence),
    /// The shop answers to that; so many tries are left.
    AnswersLeave(Absence, Id<Leave>, u32),
    /// Somebody works after all.
    TakesLeaveBack(Absence, Id<Leave>),
    /// A shop closes against its hours.
    ClosesShop(Absence),
    /// It opens again by its hours.
    OpensShop(Absence, Id<Closing>),
    /// A customer says that they will be so many minutes late.
    SaysLate(Visit, i64),
    /// The desk waits for somebody in vain.
    Misses(Visit),
    /// An officer looks at what needs a person.
    OfficerLooks,
    /// The program's clock jumps by so many milliseconds.
    ClockJumps(i64),
    /// WeChat cannot be reached until then.
    FallsSilent(Instant),
    /// The process will die after so many more writes.
    Dies(u64),
}

/// One customer's way through one booking.
#[derive(Clone)]
pub(crate) struct Visit {
    pub intent: Intent,
    pub booking: Id<Booking>,
    pub order: Id<Order>,
    pub starts_at: Instant,
}

/// The agenda: events by their true time, those of one moment in the order they were planned.
#[derive(Clone, Default)]
pub(crate) struct Agenda(Arc<Mutex<Planned>>);

#[derive(Default)]
struct Planned {
    heap: BinaryHeap<Reverse<(Instant, u64)>>,
    events: std::collections::BTreeMap<u64, Event>,
    next: u64,
}

impl Agenda {
    /// Plans an event.
    pub fn plan(&self, at: Instant, event: Event) {
        let mut planned = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = planned.next;
        planned.next += 1;
        planned.heap.push(Reverse((at, number)));
        planned.events.insert(number, event);
    }

    /// When the next one happens.
    pub fn next(&self) -> Option<Instant> {
        let planned = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        planned.heap.peek().map(|Reverse((at, _))| *at)
    }

    /// Whether nobody but the officers has anything left to do.
    pub fn has_only_officers(&self) -> bool {
        let planned = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        planned
            .events
            .values()
            .all(|event| matches!(event, Event::OfficerLooks))
    }

    /// Takes the next one.
    pub fn take(&self) -> Option<Event> {
        let mut planned = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Reverse((_, number)) = planned.heap.pop()?;
        planned.events.remove(&number)
    }
}
