//! Bookings: a service at a time, from the wish to its end.
//!
//! Words: a [`Wish`] is what a customer asks for; a [`Booking`] is *held* while the customer pays, *requested* while the shop
//! is asked, *confirmed* once promised, then the customer is *checked in*, *in service* and the booking *completed*. At
//! the customer's home (a [`HomeVisit`]) the therapist has *departed* and *arrived* instead of a check-in. Its other
//! ends are *expired*, *declined*, *cancelled*, *no-show* and *aborted*; where somebody still has to decide about such an end,
//! a [`Case`] stands open. An [`Extension`] (加钟) is time added while the customer is there. [`State::after`] is the whole of that life. A [`Change`] of a booking
//! is *proposed* by one side, which claims the new time besides the old, and *accepted*, *refused*, *expired* or *withdrawn*.
//!
//! Whom the desk enters itself, at the counter or on the telephone, is promised at once and pays at the shop; a [`Ticket`] is a place
//! in the line, a booking without a time, until it is called. Who finds no time *waits* ([`WaitEntry`]) until one comes free and is *offered*: claimed for them for ten minutes.
//!
//! The time itself belongs to `scheduling`, the money to `order`. Whoever changes a booking says which version they saw.

mod actions;
pub mod events;
mod jobs;
mod model;
mod pages;
mod store;
#[cfg(test)]
mod tests;
mod words;

use db::Tx;
use kernel::{Customer, Cx, Day, Error, Id, Instant, Lang, Minutes, Result, Shop, ShopScope};
use order::Order;
use therapist::Therapist;

pub use actions::{
    Back, Decided, Decision, EXTENSION, Extra, Extras, GroupWish, Item, Next, Proposal, Room, WaitWish, Who,
    Wish, abort, address_for, address_of, address_proposed, agree, alternatives, alternatives_at_home,
    approve_leave, arrive, calls, cancel, candidates, candidates_at_home, cases_for_centre, check_in,
    check_in_by_code, complete, confirm, cost_of_aborting, cost_of_cancelling, could_serve, could_take_over,
    decide_fee, decline, depart, dispute, fare, free_times, free_times_at_home, free_to_move, free_together,
    give_to, hand_over, hit_by, home_terms, home_visit, join_waitlist, keep_address, keep_told_address,
    last_address, lengthen, log_call, no_show, offer_next, offers, open_cases, open_change, open_changes,
    own_address, own_entry, paid_for, planned_end, propose, refuse_change, reopen, request, request_at_home,
    request_together, request_with, room_after, rule, say_late, seal, set_home_terms, shares_of, speaks_for,
    start, substitutes, take_offer, trip_to, visit_after, withdraw_change, withdraw_from_waitlist,
};
pub use actions::{
    Entry, Line, Stretch, call, earliest, extend, leave, leave_by_token, line, nearest, phone_booking,
    phone_booking_at_home, skip, stretches, take_ticket, walk_in,
};
pub use actions::{
    GroupEntry, Several, check_group_size, earliest_together, fit_now, nearest_together,
    phone_booking_together, take_tickets, walk_in_together,
};
pub use actions::{
    Obstacles, Owed, close_shop, delete_account, hit_by_closing, leave_platform, met_by, obstacles,
    reopen_shop, still_owed, told_by_closing,
};
pub use events::{Offered, ShopClosed, WaitClosed};
pub use jobs::{LISTENS, jobs};
pub use model::{
    Address, Booking, Case, CaseKind, CaseState, Change, ChangeState, Contact, Extension, Fee, Hit,
    HomeTerms, HomeVisit, KeptFor, Met, Offer, PROMPT_MINUTES, Place, Refusal, Side, State, Step, Strength,
    Terms, Ticket, TicketState, TicketStep, Trip, WaitEntry, WaitState, WaitStep, Why, Wishes,
};
pub use pages::companion;
pub use words::at_home;

/// This module's name, as orders know the things of their lines.
pub const MODULE: &str = "booking";

/// What happened to a booking, by whom, when and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StepTaken {
    /// What.
    pub step: Step,
    /// Who: `customer:…`, `owner:…`, `system:…`.
    pub actor: String,
    /// Why, where the step has a reason.
    pub why: Option<Why>,
    /// When.
    pub at: Instant,
    /// What was said with it, where words belong to the step; else empty.
    pub words: String,
}

/// The topic announced when anything changes about a shop's bookings.
pub fn topic(shop: Id<Shop>) -> String {
    format!("bookings {shop}")
}

/// One booking, for the program's own work.
pub fn booking(tx: &mut Tx, id: Id<Booking>) -> Result<Booking> {
    store::find(tx, id)
}

/// One booking of the customer who asks; to everybody else it does not exist.
pub fn own_booking(cx: &Cx, tx: &mut Tx, id: Id<Booking>) -> Result<Booking> {
    let booking = store::find(tx, id)?;
    if booking.customer == cx.customer()? {
        Ok(booking)
    } else {
        Err(Error::NotFound)
    }
}

/// One booking of a shop.
pub fn at_shop(tx: &mut Tx, shop: ShopScope, id: Id<Booking>) -> Result<Booking> {
    let booking = store::find(tx, id)?;
    if booking.shop == shop.id() {
        Ok(booking)
    } else {
        Err(Error::NotFound)
    }
}

/// The bookings of an order.
pub fn of_order(tx: &mut Tx, order: Id<Order>) -> Result<Vec<Booking>> {
    store::of_order(tx, order)
}

/// The last bookings of a customer, the latest start first.
pub fn of_customer(tx: &mut Tx, customer: Id<Customer>, most: i64) -> Result<Vec<Booking>> {
    store::of_customer(tx, customer, most)
}

/// The bookings of a shop's business day, the earliest first; unpaid ones are not among them.
pub fn on_day(tx: &mut Tx, shop: ShopScope, day: Day) -> Result<Vec<Booking>> {
    store::on_day(tx, shop, day)
}

/// The bookings that one therapist of a shop serves or was to serve from a business day until before another, the earliest
/// first; unpaid ones are not among them.
pub fn of_therapist(
    tx: &mut Tx,
    shop: ShopScope,
    therapist: Id<Therapist>,
    from: Day,
    to: Day,
) -> Result<Vec<Booking>> {
    store::of_therapist(tx, shop, therapist, (from, to))
}

/// The bookings of these days in which one therapist of a shop served and was relieved by another, the earliest first.
pub fn relieved_in(
    tx: &mut Tx,
    shop: ShopScope,
    therapist: Id<Therapist>,
    from: Day,
    to: Day,
) -> Result<Vec<Booking>> {
    store::relieved_in(tx, shop, therapist, (from, to))
}

/// The tickets of a shop's present business day that stand somewhere, in the order of their numbers.
pub fn tickets_today(tx: &mut Tx, shop: ShopScope, now: Instant, state: TicketState) -> Result<Vec<Ticket>> {
    let day = actions::today(tx, shop.id(), now)?;
    store::tickets_of(tx, shop.id(), day, state)
}

/// The bookings that the shop is asked about, the soonest answer first.
pub fn waiting(tx: &mut Tx, shop: ShopScope, today: Day) -> Result<Vec<Booking>> {
    store::waiting(tx, shop, today.plus(-1))
}

/// One ticket, for the program's own work.
pub fn ticket(tx: &mut Tx, id: Id<Ticket>) -> Result<Ticket> {
    store::ticket(tx, id)
}

/// One ticket of a shop.
pub fn ticket_at(tx: &mut Tx, shop: ShopScope, id: Id<Ticket>) -> Result<Ticket> {
    let ticket = store::ticket(tx, id)?;
    if ticket.shop == shop.id() {
        Ok(ticket)
    } else {
        Err(Error::NotFound)
    }
}

/// What has happened to a ticket and who did it (`owner:…`, `guest`), the latest first.
pub fn ticket_steps(tx: &mut Tx, id: Id<Ticket>) -> Result<Vec<(TicketStep, String, Instant)>> {
    store::ticket_steps(tx, id)
}

/// What has happened to a booking, the latest first.
pub fn steps(tx: &mut Tx, id: Id<Booking>) -> Result<Vec<StepTaken>> {
    store::steps(tx, id)
}

/// What was added to a booking while the customer was there, the first first.
pub fn extensions(tx: &mut Tx, id: Id<Booking>) -> Result<Vec<Extension>> {
    store::extensions(tx, id)
}

/// By how many minutes the customer said that they will be late, if they did.
pub fn late(tx: &mut Tx, id: Id<Booking>) -> Result<Option<Minutes>> {
    store::late(tx, id)
}

/// What somebody has to decide about the end of a booking, or had to.
pub fn case(tx: &mut Tx, id: Id<Booking>) -> Result<Option<Case>> {
    store::case(tx, id)
}

/// The last proposal about a booking, answered or not.
pub fn last_change(tx: &mut Tx, id: Id<Booking>) -> Result<Option<Change>> {
    store::last_change(tx, id)
}

/// The closings of the shop that met a booking.
pub fn closings_of(tx: &mut Tx, id: Id<Booking>) -> Result<Vec<Id<shop::Closing>>> {
    store::closings_of(tx, id)
}

/// One entry of a waitlist, for the program's own work.
pub fn wait_entry(tx: &mut Tx, id: Id<WaitEntry>) -> Result<WaitEntry> {
    store::entry(tx, id)
}

/// The last entries of a customer in waitlists, the newest first.
pub fn entries_of(tx: &mut Tx, customer: Id<Customer>, most: i64) -> Result<Vec<WaitEntry>> {
    store::entries_of(tx, customer, most)
}

/// Who waits at a shop, or is offered a time there, from a day on: by day, the first who came first.
pub fn waitlist(tx: &mut Tx, shop: ShopScope, from: Day) -> Result<Vec<WaitEntry>> {
    store::live_at(tx, shop, from)
}

/// What this module hands to the program.
pub fn module() -> web::Module {
    web::Module {
        name: MODULE,
        migrations: MIGRATIONS,
        texts: [(Lang::Zh, words::ZH_CN), (Lang::En, words::EN)],
        routes: pages::routes(),
        jobs: jobs(),
        listens: LISTENS.to_vec(),
        refusals: Refusal::CODES,
    }
}

/// The tables of this module.
pub const MIGRATIONS: &[db::Migration] = db::migrations!(
    "booking": "0001_booking", "0002_ticket", "0003_change", "0004_waitlist", "0005_ends", "0006_home",
    "0007_closing", "0008_relieved", "0009_home_change"
);
