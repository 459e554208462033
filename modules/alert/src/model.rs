//! What must reach a person, and its life. Pure.

mod change;

use booking::{Booking, State as BookingState, Step as BookingStep, StepTaken, Why};
use kernel::{HOUR_MS, Id, Instant, MINUTE_MS, Minutes, Shop};

pub use change::ChangeTurn;

/// Something that the desk of a shop must hear. Its words are made once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alert {
    /// The alert.
    pub id: Id<Alert>,
    /// Whose desk.
    pub shop: Id<Shop>,
    /// What it is.
    pub kind: Kind,
    /// The raw identifier of the booking that it is about, or of the address that is switched off.
    pub subject: i64,
    /// Its version then. When it has moved on, the alert has passed.
    pub version: i64,
    /// As it is read.
    pub text: String,
    /// As it is spoken.
    pub speech: String,
    /// Where it stands.
    pub state: State,
    /// When.
    pub created_at: Instant,
}

impl Alert {
    /// Whether it is about this booking.
    pub fn is_about(&self, booking: &Booking) -> bool {
        self.kind != Kind::Disconnected && self.subject == booking.id.raw()
    }
}

kernel::coded! {
    /// What the desk must hear.
    pub enum Kind {
        /// A paid booking that the shop is asked to accept.
        Request = "request",
        /// A paid booking that was accepted by itself.
        Order = "order",
        /// The shop's time to answer is nearly over.
        Limit = "limit",
        /// Nobody answered: the booking was declined by the clock.
        Unanswered = "unanswered",
        /// The customer or the centre called a booking off.
        Cancelled = "cancelled",
        /// The customer will be late.
        Late = "late",
        /// The customer stays longer.
        Longer = "longer",
        /// Another therapist took over during the service.
        Relief = "relief",
        /// A service should have ended half an hour ago.
        Overdue = "overdue",
        /// A therapist pressed the safety key.
        Unsafe = "unsafe",
        /// A customer objects to having been called a no-show.
        Dispute = "dispute",
        /// The customer wants a booking changed, and the shop is asked.
        Change = "change",
        /// The customer changed a booking, or agreed to what the shop proposed.
        Moved = "moved",
        /// A booking stays as it is: the customer did not agree to a change, or nobody answered.
        Stays = "stays",
        /// Another program does not hear of the shop any more: its address was switched off.
        Disconnected = "disconnected",
    }
}

kernel::coded! {
    /// Where an alert stands.
    pub enum State {
        /// Nobody has heard it.
        Queued = "queued",
        /// A voice was given to it. Heard is not accepted.
        Heard = "heard",
        /// Somebody did what it asks, or said that they know.
        Acknowledged = "acknowledged",
        /// It has passed.
        Lapsed = "lapsed",
    }
}

kernel::coded! {
    /// What can happen to an alert.
    pub enum Step {
        /// It was spoken at a desk.
        Hear = "hear",
        /// The shop acted upon it.
        Acknowledge = "acknowledge",
        /// The booking moved on without the shop, or the time for it is over.
        Lapse = "lapse",
    }
}

impl State {
    /// The state of an alert of `kind` after a step; `None` when nothing changes.
    pub const fn after(self, kind: Kind, step: Step) -> Option<State> {
        match (self, step) {
            (State::Queued, Step::Hear) if kind.repeats() => Some(State::Heard),
            // To have heard it is all that it asks.
            (State::Queued, Step::Hear) => Some(State::Acknowledged),
            (State::Queued | State::Heard, Step::Acknowledge) => Some(State::Acknowledged),
            (State::Queued | State::Heard, Step::Lapse) => Some(State::Lapsed),
            _ => None,
        }
    }

    /// Whether somebody still has to hear it or act.
    pub const fn is_open(self) -> bool {
        matches!(self, State::Queued | State::Heard)
    }
}

/// An order that asks nothing of the shop is repeated for so long after it was first heard.
pub const REPEATED_MS: i64 = MINUTE_MS;
/// So long before the clock declines a booking, the desk hears of it.
pub const LIMIT_MINUTES: Minutes = 2;

impl Kind {
    /// Whether it is said again and again until somebody acts.
    pub const fn repeats(self) -> bool {
        matches!(self, Kind::Request | Kind::Order | Kind::Change)
    }

    /// Whether it comes to all of a group at once. One is called off or changed alone.
    pub const fn is_of_all(self) -> bool {
        matches!(self, Kind::Request | Kind::Order | Kind::Limit | Kind::Unanswered)
    }

    /// The name by which the desk's script knows it.
    pub const fn event(self) -> &'static str {
        match self {
            Kind::Request | Kind::Order | Kind::Change => "order",
            Kind::Cancelled | Kind::Unanswered | Kind::Unsafe => "cancelled",
            Kind::Limit
            | Kind::Moved
            | Kind::Stays
            | Kind::Late
            | Kind::Longer
            | Kind::Relief
            | Kind::Overdue
            | Kind::Dispute
            | Kind::Disconnected => "status",
        }
    }
}

/// What has happened to a booking last, and what the shop knew of it before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Turn {
    /// Where the booking stands now.
    pub state: BookingState,
    /// Whether somebody of the shop did it.
    pub by_shop: bool,
    /// Whether the customer did it.
    pub by_customer: bool,
    /// Whether the booking was ever placed: of others nobody was told.
    pub placed: bool,
    /// What was done last.
    pub last: Option<BookingStep>,
    /// Whether that was to leave a danger.
    pub danger: bool,
    /// What of a change it is, if it is one.
    pub change: Option<ChangeTurn>,
    /// Whether a closing of the shop did it: of all that it did its customer is told once.
    pub closed: bool,
}

impl Turn {
    /// Reads the steps of a booking, the latest first.
    pub fn of(state: BookingState, steps: &[StepTaken]) -> Turn {
        let by = steps
            .first()
            .map(|step| step.actor.split(':').next().unwrap_or_default())
            .unwrap_or_default();
        Turn {
            state,
            by_shop: matches!(by, "owner" | "clerk" | "therapist"),
            by_customer: by == "customer",
            last: steps.first().map(|step| step.step),
            danger: steps.first().is_some_and(|step| step.why == Some(Why::Unsafe)),
            placed: steps
                .iter()
                .any(|step| matches!(step.step, BookingStep::Submit | BookingStep::Confirm)),
            change: ChangeTurn::of(steps),
            closed: steps
                .first()
                .is_some_and(|step| step.why == Some(Why::ShopClosed)),
        }
    }

    /// What the desk must hear of it.
    pub const fn alert(self) -> Option<Kind> {
        match self.last {
            Some(BookingStep::Late) => return Some(Kind::Late),
            Some(BookingStep::Lengthen) => return Some(Kind::Longer),
            Some(BookingStep::HandOver) => return Some(Kind::Relief),
            Some(BookingStep::Dispute) => return Some(Kind::Dispute),
            Some(BookingStep::Abort) if self.danger => return Some(Kind::Unsafe),
            _ => {}
        }
        if self.by_shop || !self.placed {
            return None;
        }
        if let Some(change) = self.change {
            return change.alert();
        }
        match self.state {
            BookingState::Requested => Some(Kind::Request),
            BookingState::Confirmed => Some(Kind::Order),
            BookingState::Declined => Some(Kind::Unanswered),
            BookingState::Cancelled => Some(Kind::Cancelled),
            _ => None,
        }
    }

    /// Which messages leave through WeChat.
    pub fn messages(self) -> Vec<MessageKind> {
        let to_shop = |kind| (!self.by_shop).then_some(kind);
        if self.placed
            && let Some(change) = self.change
        {
            let [shop, customer] = change.messages();
            return [shop.and_then(to_shop), customer].into_iter().flatten().collect();
        }
        let sent = match self.state {
            _ if !self.placed || self.closed => [None, None],
            // What was promised is promised still.
            _ if matches!(self.last, Some(BookingStep::Late)) => [None, None],
            // Whoever is called a no-show must hear it, to be able to object.
            BookingState::NoShow if matches!(self.last, Some(BookingStep::NoShow | BookingStep::Fee)) => {
                [Some(MessageKind::Missed), None]
            }
            BookingState::Aborted if self.danger && matches!(self.last, Some(BookingStep::Abort)) => {
                [Some(MessageKind::CancelledToShop), None]
            }
            BookingState::Requested => [to_shop(MessageKind::NewOrder), None],
            BookingState::Confirmed => [to_shop(MessageKind::NewOrder), Some(MessageKind::Booked)],
            BookingState::Declined => [Some(MessageKind::Declined), None],
            BookingState::Cancelled => [
                to_shop(MessageKind::CancelledToShop),
                Some(MessageKind::Cancelled),
            ],
            BookingState::Departed => [Some(MessageKind::Departed), None],
            BookingState::Completed => [Some(MessageKind::Completed), None],
            _ => [None, None],
        };
        sent.into_iter().flatten().collect()
    }
}

kernel::coded! {
    /// What a message through WeChat says.
    pub enum MessageKind {
        /// To the shop: a new order.
        NewOrder = "new_order",
        /// To the shop: a booking was called off.
        CancelledToShop = "cancelled_to_shop",
        /// To the customer: the booking is promised.
        Booked = "booked",
        /// To the customer: the shop cannot take the booking.
        Declined = "declined",
        /// To the customer: the booking is called off.
        Cancelled = "cancelled",
        /// To the customer: the shop closes suddenly, and all their bookings in that time are called off.
        ShopClosed = "shop_closed",
        /// To the customer: tomorrow.
        ReminderDay = "reminder_day",
        /// To the customer: in two hours.
        ReminderHours = "reminder_hours",
        /// To the customer: the therapist is on the way to them.
        Departed = "departed",
        /// To the customer: the service is done; an invitation to review it.
        Completed = "completed",
        /// To the customer: the shop says that they did not come.
        Missed = "missed",
        /// To the customer: money went back.
        Refunded = "refunded",
        /// To the shop: the customer wants a booking changed.
        ChangeAsked = "change_asked",
        /// To the shop: a booking has another time, therapist or service.
        MovedToShop = "moved_to_shop",
        /// To the shop: a booking stays as it is.
        StaysToShop = "stays_to_shop",
        /// To the customer: the shop wants the booking changed.
        ChangeOffered = "change_offered",
        /// To the customer: the booking has another time, therapist or service.
        Moved = "moved",
        /// To the customer: the booking stays as it is.
        Stays = "stays",
        /// To the customer: a time that they waited for is kept for them.
        Offered = "offered",
        /// To the customer: the shop closes at the time that they waited for.
        WaitClosed = "wait_closed",
        /// To the owner: another program does not hear of the shop any more.
        Disconnected = "disconnected",
        /// To the owners: a refund waits until a second person agrees.
        RefundWaits = "refund_waits",
        /// To the owners and the centre: a refund failed or is stuck.
        RefundTrouble = "refund_trouble",
        /// To the centre: WeChat's bill of a day differs from our books.
        BillDiffers = "bill_differs",
        /// To the centre: a look through the books found them wrong.
        BooksUnsound = "books_unsound",
    }
}

impl MessageKind {
    /// Whether it goes to the staff of the shop, not to the customer.
    pub const fn is_to_shop(self) -> bool {
        matches!(
            self,
            MessageKind::NewOrder
                | MessageKind::CancelledToShop
                | MessageKind::ChangeAsked
                | MessageKind::MovedToShop
                | MessageKind::StaysToShop
                | MessageKind::Disconnected
                | MessageKind::RefundWaits
                | MessageKind::RefundTrouble
        )
    }

    /// Whether it is said once for all of a group.
    pub const fn is_of_all(self) -> bool {
        matches!(
            self,
            MessageKind::NewOrder
                | MessageKind::Booked
                | MessageKind::Declined
                | MessageKind::ReminderDay
                | MessageKind::ReminderHours
        )
    }

    /// The title of its template, as the account's list of templates has it.
    pub const fn template(self) -> &'static str {
        match self {
            MessageKind::NewOrder => "新订单提醒",
            MessageKind::Booked => "预约成功通知",
            MessageKind::Declined => "预约未成功通知",
            MessageKind::Cancelled
            | MessageKind::ShopClosed
            | MessageKind::WaitClosed
            | MessageKind::CancelledToShop
            | MessageKind::Missed => "预约取消通知",
            MessageKind::ReminderDay | MessageKind::ReminderHours => "到店提醒",
            MessageKind::Departed => "上门服务提醒",
            MessageKind::Completed => "服务完成通知",
            MessageKind::Refunded => "退款通知",
            MessageKind::ChangeAsked
            | MessageKind::MovedToShop
            | MessageKind::StaysToShop
            | MessageKind::ChangeOffered
            | MessageKind::Moved
            | MessageKind::Stays => "预约变更通知",
            MessageKind::Offered => "候补成功通知",
            MessageKind::Disconnected
            | MessageKind::RefundWaits
            | MessageKind::RefundTrouble
            | MessageKind::BillDiffers
            | MessageKind::BooksUnsound => "系统异常提醒",
        }
    }
}

kernel::coded! {
    /// Where a message stands.
    pub enum MessageState {
        /// WeChat has not been asked, or did not answer.
        Queued = "queued",
        /// WeChat took it.
        Sent = "sent",
        /// It arrived.
        Delivered = "delivered",
        /// WeChat or the person refused it.
        Refused = "refused",
        /// It had passed before it could be sent.
        Dropped = "dropped",
    }
}

/// When the customer is reminded of a booking, and by which message: a day and two hours before. Between nine at night and
/// eight in the morning nobody is disturbed about a booking that is more than twelve hours away: the day's reminder comes
/// at half past eight in the evening before, or at eight. A reminder whose time is past, or nearly, is left out.
pub fn reminders(starts_at: Instant, now: Instant) -> Vec<(MessageKind, Instant)> {
    let day_before = quiet(starts_at.plus_minutes(-24 * 60));
    [
        (MessageKind::ReminderDay, day_before),
        (MessageKind::ReminderHours, starts_at.plus_minutes(-120)),
    ]
    .into_iter()
    .filter(|(_, due)| *due - now > HOUR_MS / 2)
    .collect()
}

/// The same moment, or the nearest at which a message does not wake anybody.
fn quiet(moment: Instant) -> Instant {
    const EVENING: Minutes = 20 * 60 + 30;
    let (day, minute) = (moment.day(), moment.minute_of_day());
    match minute {
        0..480 => day.at(8 * 60),
        1260.. => day.at(EVENING),
        _ => moment,
    }
}

#[cfg(test)]
mod unit;
