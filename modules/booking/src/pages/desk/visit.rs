//! Home visits at the desk: setting out, arriving, calls that nobody answers; and what may be shown when.

use kernel::{Id, Instant};
use text::{args, show};
use web::{
    Answer, Ask, Form, Markup, Path, html,
    ui::{button, money},
};

use super::{
    super::{
        Row,
        home::{district_word, way_line},
    },
    Pressed, Seen, after,
};
use crate::{
    actions,
    model::{Address, Booking, CALLS_NEEDED, HomeVisit, State},
};

/// What the desk knows of a home visit.
pub(super) struct Known {
    pub visit: HomeVisit,
    /// Only from the departure to the end.
    pub address: Option<Address>,
    /// When the therapist arrived, and the calls since.
    pub calls: Option<(Instant, i64)>,
}

impl Known {
    pub fn read(cx: &kernel::Cx, tx: &mut db::Tx, booking: &Booking) -> kernel::Result<Option<Known>> {
        let Some(visit) = actions::home_visit(tx, booking)? else {
            return Ok(None);
        };
        Ok(Some(Known {
            visit,
            address: actions::address_of(cx, tx, booking)?,
            calls: actions::calls(cx, tx, booking.id)?,
        }))
    }
}

/// Where, and how the customer is reached.
pub(super) fn place_and_phone(ask: &Ask, seen: &Seen) -> Vec<Row> {
    let booking = &seen.booking;
    if let Some(known) = &seen.home {
        return rows(ask, booking, known);
    }
    let dial = ask.label("booking-dial");
    let phone = html! {
        @if booking.contact.phone.is_empty() { (ask.label("booking-no-phone")) } @else {
            (button::dial(&booking.contact.phone, &dial, &booking.contact.name).quiet())
        }
    };
    vec![
        (
            ask.label("booking-bed"),
            html! { (seen.bed.as_deref().unwrap_or_default()) },
        ),
        (ask.label("booking-phone-short"), phone),
    ]
}

/// District and way always; address and masked number while somebody is on the way or there.
fn rows(ask: &Ask, booking: &Booking, known: &Known) -> Vec<Row> {
    let row = |key: &str, value: Markup| (ask.label(key), value);
    let hidden = ask.label(match booking.state.is_live() {
        true => "booking-home-address-later",
        false => "booking-home-address-gone",
    });
    let trip = known.visit.trip;
    let dial = ask.label("booking-dial");
    let (name, number) = (&booking.contact.name, &booking.contact.phone);
    vec![
        row(
            "booking-home-district-short",
            html! { (district_word(ask, known.visit.district)) },
        ),
        row("booking-home-way", html! { (way_line(ask, trip)) }),
        row(
            "booking-home-address",
            html! {
                @match &known.address {
                    Some(address) => { (address.street) " " (address.house) }
                    None => { (hidden) }
                }
            },
        ),
        row(
            "booking-phone-short",
            html! {
                @if booking.shows_contact() {
                    (show::masked_phone(number)) " " (button::dial(number, &dial, name).quiet())
                } @else { (hidden) }
            },
        ),
        row("booking-fare", money::amount(trip.fare.fen())),
    ]
}

/// How often a customer was rung who does not open.
pub(super) fn calls(ask: &Ask, booking: &Booking, known: &Known) -> Markup {
    html! {
        @if let (State::Arrived, Some((_, count))) = (booking.state, known.calls) {
            p { (ask.say("booking-calls", &args![count => count, needed => CALLS_NEEDED])) }
        }
    }
}

pub(in crate::pages) async fn depart(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(pressed): Form<Pressed>,
) -> Answer {
    let done = ask
        .write(move |cx, tx| actions::depart(cx, tx, id, pressed.version))
        .await;
    stay(&ask, id, done).await
}

pub(in crate::pages) async fn arrive(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(pressed): Form<Pressed>,
) -> Answer {
    let done = ask
        .write(move |cx, tx| actions::arrive(cx, tx, id, pressed.version))
        .await;
    stay(&ask, id, done).await
}

pub(in crate::pages) async fn log_call(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(pressed): Form<Pressed>,
) -> Answer {
    let done = ask
        .write(move |cx, tx| actions::log_call(cx, tx, id, pressed.version))
        .await;
    stay(&ask, id, done).await
}

/// Whoever is on the way needs this page again: it has the address, the telephone and what comes next.
async fn stay(ask: &Ask, id: Id<Booking>, done: kernel::Result<Booking>) -> Answer {
    match done {
        Ok(booking) => {
            let said = format!(
                "{} {}",
                super::state_word(ask, booking.state),
                super::whom(ask, &booking)
            );
            Ok(ask.see_saying(&format!("/desk/bookings/{id}"), &said))
        }
        refused => after(ask, id, refused).await,
    }
}
