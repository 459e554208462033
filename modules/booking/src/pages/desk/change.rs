//! Changes at the desk: what customers wish, to be answered; a time, a service or another therapist, proposed for a booking.

mod address;
mod answer;
mod propose;
mod swap;

use kernel::Result;
use text::args;
use web::{
    Answer, Ask, Markup, html,
    ui::{Entry, Frame, Icon, Surface, button, list, section, state},
};

use super::super::{change::terms_words, when, whom};
use crate::{
    model::{Booking, Change, Side},
    open_changes, store,
};

pub(in crate::pages) use address::{send as send_other_address, show as other_address};
pub(in crate::pages) use answer::{agree, refuse, show, withdraw};
pub(in crate::pages) use propose::{send, services as other_services, times};
pub(in crate::pages) use swap::{send_swap, swap};

/// The changes that wait, the customers' wishes first.
pub(in crate::pages) async fn list(ask: Ask) -> Answer {
    let rows = ask
        .read(|cx, tx| {
            let open = open_changes(tx, cx.shop()?)?;
            let read = |change: Change| {
                let booking = store::find(tx, change.booking)?;
                let therapist = therapist::therapist(tx, change.to.therapist)?.name;
                Ok((booking, change, therapist))
            };
            open.into_iter().map(read).collect::<Result<Vec<_>>>()
        })
        .await?;
    let (asked, offered): (Vec<_>, Vec<_>) = rows
        .into_iter()
        .partition(|(_, change, _)| change.by == Side::Customer);
    let title = ask.say("booking-changes-title", &args![count => asked.len()]);
    let answer = match asked.first() {
        Some((booking, change, therapist)) => ask.say(
            "booking-changes-first",
            &args![who => whom(&ask, booking), to => terms_words(&ask, change, therapist)],
        ),
        None => ask.label("booking-changes-none"),
    };
    Ok(ask.page(Surface::Desk, &title, |frame, page| {
        page.answer(&answer).back("/desk", &ask.label("booking-desk-home")).body(html! {
            @if asked.is_empty() && offered.is_empty() {
                (state::empty(Icon::Calendar, &ask.label("booking-changes-none")))
            }
            @if !asked.is_empty() {
                (section("asked", &ask.label("booking-changes-asked"), entries(&ask, frame, &asked)))
            }
            @if !offered.is_empty() {
                (section("offered", &ask.label("booking-changes-offered"), entries(&ask, frame, &offered)))
            }
        })
    }))
}

fn entries(ask: &Ask, frame: &Frame<'_>, rows: &[(Booking, Change, String)]) -> Markup {
    let words: Vec<[String; 4]> = rows
        .iter()
        .map(|(booking, change, therapist)| {
            let title = format!("{} {}", booking.contact.name, when(ask, booking));
            let to = ask.say(
                "booking-move-to",
                &args![to => terms_words(ask, change, therapist)],
            );
            let base = format!("/desk/bookings/{}/change", booking.id);
            [format!("{base}/agreement"), base, title, to]
        })
        .collect();
    let label = ask.label("booking-change-agree");
    let mut entries = list::entries().level(3);
    for ((booking, change, _), [agreement, address, title, to]) in rows.iter().zip(&words) {
        let entry = Entry::new(address, title).line(to);
        let version = booking.version.to_string();
        entries = entries.entry(match change.by {
            Side::Customer => {
                let agree = button::post(frame, agreement, &label)
                    .about_hidden(title)
                    .field("version", &version);
                entry.action(html! { (agree) })
            }
            Side::Shop => entry,
        });
    }
    html! { (entries) }
}

/// The open change on the desk's page of the booking.
pub(in crate::pages) fn door(ask: &Ask, booking: &Booking, open: &Change, therapist: &str) -> Markup {
    let key = match open.by {
        Side::Customer => "booking-desk-change-asked",
        Side::Shop => "booking-desk-change-offered",
    };
    let words = ask.say(key, &args![to => terms_words(ask, open, therapist)]);
    let address = format!("/desk/bookings/{}/change", booking.id);
    let whom = whom(ask, booking);
    html! {
        (state::notice(web::ui::Tone::Attention, &words)
            .body(html! { (button::link(&address, &ask.label("booking-change-look")).about_hidden(&whom)) }))
    }
}
