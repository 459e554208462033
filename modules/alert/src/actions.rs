//! What is done about alerts: each verb is one transaction.

use booking::{Booking, PROMPT_MINUTES, State as BookingState, StepTaken};
use db::Tx;
use kernel::{Cx, Id, Minutes, Result, Shop, ShopScope};

use crate::{
    events::{self, Connection, LimitNear, Overdue},
    message,
    model::{Alert, Kind, LIMIT_MINUTES, REPEATED_MS, State, Step, Turn, reminders},
    store,
    words::{self, Facts, Together, Wanted},
};

/// The topic announced when a desk has news.
pub fn topic(shop: Id<Shop>) -> String {
    format!("desk/{shop}")
}

/// A booking has come to `version`: what was said of earlier versions passes, and what is new is made known. Does nothing
/// when the booking has moved on; then another call is on its way. Calling it twice does no harm.
pub fn follow(cx: &Cx, tx: &mut Tx, id: Id<Booking>, version: i64) -> Result<()> {
    let booking = booking::booking(tx, id)?;
    if booking.version != version {
        return Ok(());
    }
    let steps = booking::steps(tx, id)?;
    let turn = Turn::of(booking.state, &steps);
    let step = if turn.by_shop {
        Step::Acknowledge
    } else {
        Step::Lapse
    };
    for passed in store::open_about(tx, id.raw())?
        .iter()
        .filter(|alert| alert.version < version)
    {
        take(cx, tx, passed, step)?;
    }
    if let Some(kind) = turn.alert() {
        raise(cx, tx, &booking, kind)?;
    }
    let speaks = booking::speaks_for(tx, &booking)?.is_some();
    for kind in turn
        .messages()
        .into_iter()
        .filter(|kind| speaks || !kind.is_of_all())
    {
        message::queue_about(cx, tx, &booking, kind, why(&steps))?;
    }
    if booking.state == BookingState::Cancelled {
        speak_for_those_left(cx, tx, &booking)?;
    }
    set_clocks(cx, tx, &booking)?;
    store::add_news(tx, booking.shop, "refresh", None, cx.now())?;
    tx.announce(&topic(booking.shop))
}

/// The desk hears a moment before the clock declines a booking. Nothing when somebody acted meanwhile.
pub(crate) fn warn_of_limit(cx: &Cx, tx: &mut Tx, near: &LimitNear) -> Result<()> {
    let booking = booking::booking(tx, near.booking)?;
    if booking.version == near.version && booking.state == BookingState::Requested {
        raise(cx, tx, &booking, Kind::Limit)?;
    }
    Ok(())
}

/// The desk hears of a service that nobody has ended half an hour after its time. Nothing when somebody acted meanwhile.
pub(crate) fn warn_of_overdue(cx: &Cx, tx: &mut Tx, overdue: &Overdue) -> Result<()> {
    let booking = booking::booking(tx, overdue.booking)?;
    if booking.version == overdue.version && booking.state == BookingState::InService {
        raise(cx, tx, &booking, Kind::Overdue)?;
    }
    Ok(())
}

/// A voice was given to an alert at a desk of the shop. Heard is not accepted: what asks to be accepted is repeated.
pub fn hear(cx: &Cx, tx: &mut Tx, shop: ShopScope, id: Id<Alert>) -> Result<()> {
    let alert = store::at_shop(tx, shop, id)?;
    if take(cx, tx, &alert, Step::Hear)? == State::Heard && alert.kind == Kind::Order {
        events::plan_quiet(cx, tx, id, cx.now() + REPEATED_MS)?;
    }
    Ok(())
}

/// Somebody of the shop says that they know. Only confirming or declining answers a request, so a request stays.
pub fn acknowledge(cx: &Cx, tx: &mut Tx, shop: ShopScope, id: Id<Alert>) -> Result<Alert> {
    let alert = store::at_shop(tx, shop, id)?;
    if alert.kind != Kind::Request {
        take(cx, tx, &alert, Step::Acknowledge)?;
    }
    store::at_shop(tx, shop, id)
}

/// An order that asks nothing was repeated long enough.
pub(crate) fn fall_silent(cx: &Cx, tx: &mut Tx, id: Id<Alert>) -> Result<()> {
    let alert = store::alert(tx, id)?;
    if alert.state == State::Heard {
        take(cx, tx, &alert, Step::Lapse)?;
    }
    Ok(())
}

/// What is said about a booking.
pub(crate) fn facts(tx: &mut Tx, booking: &Booking) -> Result<Facts> {
    Ok(Facts {
        customer: booking.contact.name.clone(),
        day: booking.day,
        minute: booking.starts_at.minutes_since(booking.day.at(0)),
        service: booking.service_name.clone(),
        minutes: booking.length.minutes,
        therapist: therapist::therapist(tx, booking.therapist)?.name,
        more: more(tx, booking)?,
        wanted: wanted(tx, booking)?,
        together: None,
        home: booking::home_visit(tx, booking)?.map(|visit| (visit.district, visit.trip.metres)),
    })
}

/// By how much the customer will be late, or stays longer: whichever can be said where the booking stands.
fn more(tx: &mut Tx, booking: &Booking) -> Result<Minutes> {
    Ok(match booking.state {
        BookingState::Confirmed => booking::late(tx, booking.id)?.unwrap_or(0),
        _ => booking::extensions(tx, booking.id)?
            .last()
            .map_or(0, |last| last.minutes),
    })
}

/// What a booking is to become, while somebody is asked.
fn wanted(tx: &mut Tx, booking: &Booking) -> Result<Option<Wanted>> {
    let Some(change) = booking::open_change(tx, booking.id)? else {
        return Ok(None);
    };
    Ok(Some(Wanted {
        starts_at: change.to.starts_at,
        day: change.to.day,
        minute: change.minute(),
        therapist: therapist::therapist(tx, change.to.therapist)?.name,
        service: change.to.service_name,
        door: change.visit,
    }))
}

/// Who was to be heard for a group is gone from it: the next of those who still ask speaks for them.
fn speak_for_those_left(cx: &Cx, tx: &mut Tx, gone: &Booking) -> Result<()> {
    for other in booking::of_order(tx, gone.order)? {
        if other.id != gone.id && other.state == BookingState::Requested {
            raise(cx, tx, &other, Kind::Request)?;
        }
    }
    Ok(())
}

/// Makes an alert known, unless it was made before. What happens to a group at once is said once, for all of them.
fn raise(cx: &Cx, tx: &mut Tx, booking: &Booking, kind: Kind) -> Result<()> {
    let mut facts = facts(tx, booking)?;
    if kind.is_of_all() {
        match booking::speaks_for(tx, booking)? {
            Some(1) => {}
            Some(count) => facts.together = Some(together(tx, booking, count)?),
            None => return Ok(()),
        }
    }
    let (text, speech) = words::alert(kind, &facts, cx.now().day());
    make_known(
        cx,
        tx,
        &Alert {
            id: cx.id(),
            shop: booking.shop,
            kind,
            subject: booking.id.raw(),
            version: booking.version,
            text,
            speech,
            state: State::Queued,
            created_at: cx.now(),
        },
    )
}

fn make_known(cx: &Cx, tx: &mut Tx, alert: &Alert) -> Result<()> {
    if store::insert(tx, alert)? {
        store::add_news(tx, alert.shop, alert.kind.event(), Some(alert.id), cx.now())?;
        tx.announce(&topic(alert.shop))?;
    }
    Ok(())
}

/// The address of another program was switched off: the desk hears of it, and the owner gets a message. Switched on again or
/// removed, what was said of it has passed.
pub(crate) fn follow_connection(cx: &Cx, tx: &mut Tx, turned: &Connection) -> Result<()> {
    let subject = turned.hook.raw();
    for passed in store::open_about(tx, subject)?
        .iter()
        .filter(|alert| alert.version < turned.version)
    {
        take(cx, tx, passed, Step::Acknowledge)?;
    }
    if !turned.off {
        return Ok(());
    }
    let (text, speech) = words::disconnected(&turned.host);
    let alert = Alert {
        id: cx.id(),
        shop: turned.shop,
        kind: Kind::Disconnected,
        subject,
        version: turned.version,
        text,
        speech,
        state: State::Queued,
        created_at: cx.now(),
    };
    make_known(cx, tx, &alert)?;
    message::queue_disconnected(cx, tx, turned)
}

/// A group that comes at once are people; one after the other they are services.
fn together(tx: &mut Tx, booking: &Booking, count: usize) -> Result<Together> {
    let others = booking::of_order(tx, booking.order)?;
    let at_once = others.iter().all(|other| other.starts_at == booking.starts_at);
    Ok(if at_once {
        Together::People(count)
    } else {
        Together::Services(count)
    })
}

/// Takes a step with an alert and tells the other desks when it is settled. Gives where it stands then.
fn take(cx: &Cx, tx: &mut Tx, alert: &Alert, step: Step) -> Result<State> {
    let Some(after) = alert.state.after(alert.kind, step) else {
        return Ok(alert.state);
    };
    if store::save(cx, tx, alert, after, step)? && !after.is_open() {
        store::add_news(tx, alert.shop, "settled", Some(alert.id), cx.now())?;
        tx.announce(&topic(alert.shop))?;
    }
    Ok(after)
}

/// Sets the clocks that go with where the booking stands.
fn set_clocks(cx: &Cx, tx: &mut Tx, booking: &Booking) -> Result<()> {
    match (booking.state, booking.answer_by) {
        // It is the customer's turn.
        (BookingState::Requested, _) if booking::open_change(tx, booking.id)?.is_some() => {}
        (BookingState::Requested, Some(answer_by)) => {
            let due = answer_by.plus_minutes(-LIMIT_MINUTES);
            if due > cx.now() {
                events::plan_limit(cx, tx, booking, due)?;
            }
        }
        (BookingState::Confirmed, _) => {
            for (kind, due) in reminders(booking.starts_at, cx.now()) {
                events::plan_reminder(cx, tx, booking, kind, due)?;
            }
        }
        (BookingState::InService, _) => {
            let due = booking::planned_end(tx, booking)?.max(cx.now());
            events::plan_overdue(cx, tx, booking, due.plus_minutes(PROMPT_MINUTES))?;
        }
        _ => {}
    }
    Ok(())
}

fn why(steps: &[StepTaken]) -> Option<&'static str> {
    steps.first().and_then(|step| step.why).map(booking::Why::code)
}

/// No customer has more of anything than that.
const ALL: i64 = 100_000;

/// Forgets what was said of a customer who has deleted the account, at desks and through WeChat.
pub(crate) fn forget_customer(tx: &mut Tx, left: &identity::CustomerLeft) -> Result<()> {
    let mut subjects: Vec<i64> = Vec::new();
    for booking in booking::of_customer(tx, left.customer, ALL)? {
        store::forget_alerts(tx, booking.id, &words::gone())?;
        subjects.push(booking.id.raw());
        subjects.extend(booking::closings_of(tx, booking.id)?.iter().map(|id| id.raw()));
    }
    for order in order::of_customer(tx, left.customer, ALL)? {
        let refunds = payment::refunds(tx, &order::purpose(order.id))?;
        subjects.extend(refunds.iter().map(|refund| refund.id.raw()));
    }
    let waited = booking::entries_of(tx, left.customer, ALL)?;
    subjects.extend(waited.iter().map(|entry| entry.id.raw()));
    for subject in subjects {
        store::forget_messages(tx, subject, &left.openid)?;
    }
    store::forget_follower(tx, &left.openid)
}
