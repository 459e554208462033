//! What other programs may do, what they are told, and how. Pure.

mod calendar;
mod hook;

pub use calendar::{Entry, Status, calendar, title_of};
pub use hook::{
    ANNOUNCED, Delivery, DeliveryState, Guard, Hook, HookState, HookStep, LONGEST_FAILING_MS, MOST_HOOKS,
    News, OLD_SECRET_MS, Outcome, new_secret, pause, sign, signature_header,
};

/// Milliseconds of a day.
pub(crate) const DAY_MS: i64 = 24 * kernel::HOUR_MS;

kernel::coded! {
    /// What a token may be used for.
    pub enum Scope {
        /// Shops.
        ShopsRead = "shops:read",
        /// Categories and services.
        ServicesRead = "services:read",
        /// Therapists.
        TherapistsRead = "therapists:read",
        /// Free times.
        TimesRead = "times:read",
        /// Reviews.
        ReviewsRead = "reviews:read",
        /// A shop's bookings, with the customers' names and numbers.
        BookingsRead = "bookings:read",
        /// What a shop does with bookings.
        BookingsWrite = "bookings:write",
        /// A shop's shifts and leave.
        RosterRead = "roster:read",
        /// Changing shifts, entering and answering leave.
        RosterWrite = "roster:write",
        /// A shop's orders.
        OrdersRead = "orders:read",
        /// What was paid and what went back.
        PaymentsRead = "payments:read",
        /// Giving money back.
        RefundsWrite = "refunds:write",
        /// A shop's books.
        LedgerRead = "ledger:read",
        /// Addresses that hear of events, and what was sent there.
        WebhooksRead = "webhooks:read",
        /// Registering, changing and removing such addresses.
        WebhooksWrite = "webhooks:write",
    }
}

impl Scope {
    /// The catalogue key of what it allows.
    pub fn text_key(self) -> String {
        format!("integration-scope-{}", self.code().replace(':', "-"))
    }
}

kernel::refusals! {
    /// Why a program, or a person who connects one, is told no.
    pub enum Refusal in "integration" {
        /// The page of a list is too long.
        BadLimit { most: i64 } => 422 "bad_limit" on "limit",
        /// The cursor is none of ours.
        BadCursor => 422 "bad_cursor" on "cursor",
        /// No day.
        BadDay => 422 "bad_day" on "day",
        /// No state of a booking.
        BadState => 422 "bad_state" on "state",
        /// No moment.
        BadMoment => 422 "bad_moment" on "starts_at",
        /// No place on earth.
        BadPlace => 422 "bad_place" on "latitude",
        /// Which map a position was read from was not said.
        BadDatum => 422 "bad_datum" on "datum",
        /// A decision on a booking in a leave that is none.
        BadDecision => 422 "bad_decision" on "decision",
        /// The body is not what the document says.
        BadBody { why: String } => 400 "bad_body",
        /// The entity tag is none of ours.
        BadVersion => 422 "bad_version" on "If-Match",
        /// Whoever changes something says which version they saw.
        NoVersion => 428 "no_version" on "version",
        /// A key of 1 to 200 characters.
        BadKey => 422 "bad_key" on "Idempotency-Key",
        /// This is never done twice, so it needs a key.
        NoKey => 428 "no_key" on "Idempotency-Key",
        /// A name of 1 to 40 characters.
        NoName { most: usize } => 422 "no_name" on "name",
        /// Nothing may be done with it.
        NoScopes => 422 "no_scopes" on "scopes",
        /// Between 1 day and 2 years.
        BadDays => 422 "bad_days" on "days",
        /// Only https, and only to a public address.
        BadUrl => 422 "bad_url" on "url",
        /// Nothing was chosen.
        NoEvents => 422 "no_events" on "events",
        /// As many addresses as a shop may have.
        TooManyHooks { most: i64 } => 409 "too_many_hooks" on "url",
        /// The address has been removed.
        HookGone => 409 "hook_gone",
        /// It is being sent already.
        StillSending => 409 "still_sending",
    }
}
