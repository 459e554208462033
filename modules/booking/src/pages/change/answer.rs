//! The open change of a customer's booking: the shop's is answered, the own one can be taken back.

use kernel::{Error, Id, Refused, Result};
use serde::Deserialize;
use text::{args, show};
use web::{
    Answer, Ask, Form, Markup, Path, html,
    ui::{Frame, Surface, button, money},
};

use super::{
    super::{choose::minute_of, when},
    case::{Case, Wished, terms_words},
};
use crate::{
    actions,
    model::{Booking, Change, Side},
    own_booking,
};

/// The open change: the shop's is to be answered, the own one can be taken back.
pub(in crate::pages) async fn show_open(ask: Ask, Path(id): Path<Id<Booking>>) -> Answer {
    open_page(&ask, id, None).await
}

async fn open_page(ask: &Ask, id: Id<Booking>, no: Option<&Refused>) -> Answer {
    let case = Case::own(ask, id, &Wished::default()).await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let back = format!("/bookings/{id}");
    let (title, answer) = match &case.open {
        None => (
            ask.label("booking-change-none"),
            ask.label("booking-change-none-answer"),
        ),
        Some(open) => {
            let title = match open.by {
                Side::Shop => ask.label("booking-change-offered-title"),
                Side::Customer => ask.label("booking-change-asked-title"),
            };
            let at = show::when(ask.lang(), open.to.day, open.minute(), ask.today());
            (title, ask.say("booking-move-to", &args![to => at]))
        }
    };
    let response = ask.page(Surface::Customer, &title, |frame, page| {
        page.answer(&answer)
            .errors(&errors)
            .back(&back, &ask.label("booking-this"))
            .body(html! {
                @if let Some(open) = &case.open { (open_body(ask, frame, &case, open)) }
            })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

fn open_body(ask: &Ask, frame: &Frame<'_>, case: &Case, open: &Change) -> Markup {
    let booking = &case.booking;
    let to = terms_words(ask, open, &case.proposed);
    let base = format!("/bookings/{}/change", booking.id);
    let version = booking.version.to_string();
    let post = |path: &str, key: &str| (format!("{base}/{path}"), ask.label(key));
    let (agreement, agree) = post("agreement", "booking-change-agree");
    let (refusal, refuse) = post("refusal", "booking-change-refuse");
    let (withdrawal, withdraw) = post("withdrawal", "booking-change-withdraw");
    let until = show::when(
        ask.lang(),
        open.answer_by.day(),
        minute_of(open.answer_by.day(), open.answer_by),
        ask.today(),
    );
    let mut facts = vec![
        (
            ask.label("booking-move-before"),
            html! { (when(ask, booking)) "，" (show::therapist(ask.lang(), &case.present)) "，" (booking.service_name) },
        ),
        (ask.label("booking-move-after"), html! { (to) }),
        (ask.label("booking-price"), money::amount(open.to.price.fen())),
    ];
    facts.extend(case.new_door(ask, open));
    if let Some(address) = &case.proposed_address {
        facts.push((
            ask.label("booking-home-address"),
            html! { (address.street) " " (address.house) },
        ));
    }
    html! {
        (super::super::facts(&facts))
        @if let Some(words) = case.open_difference(ask, open) { p { (words) } }
        @if !open.note.is_empty() { p { (ask.say("booking-change-note-said", &args![note => open.note.as_str()])) } }
        p { (ask.say("booking-change-until", &args![until => until])) }
        div class="actions" {
            @if open.by == Side::Shop {
                (button::post(frame, &agreement, &agree).about_hidden(&to).field("version", &version))
                (button::post(frame, &refusal, &refuse).about_hidden(&to).field("version", &version).secondary())
            } @else {
                (button::post(frame, &withdrawal, &withdraw).about_hidden(&to).field("version", &version).secondary())
            }
            (button::dial(&case.shop.phone, &ask.label("booking-dial"), &case.shop.name).quiet())
        }
    }
}

#[derive(Deserialize)]
pub(in crate::pages) struct Pressed {
    pub version: i64,
}

pub(in crate::pages) async fn agree(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(pressed): Form<Pressed>,
) -> Answer {
    answer(&ask, id, pressed.version, actions::agree, "booking-moved-said").await
}

pub(in crate::pages) async fn refuse(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(pressed): Form<Pressed>,
) -> Answer {
    answer(
        &ask,
        id,
        pressed.version,
        actions::refuse_change,
        "booking-stays-said",
    )
    .await
}

pub(in crate::pages) async fn withdraw(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(pressed): Form<Pressed>,
) -> Answer {
    answer(
        &ask,
        id,
        pressed.version,
        actions::withdraw_change,
        "booking-stays-said",
    )
    .await
}

type Answering = fn(&kernel::Cx, &mut db::Tx, Id<Booking>, i64) -> Result<Booking>;

async fn answer(ask: &Ask, id: Id<Booking>, seen: i64, how: Answering, said: &str) -> Answer {
    let done = ask
        .write(move |cx, tx| {
            // To strangers the booking does not exist, whatever they send.
            own_booking(cx, tx, id)?;
            how(cx, tx, id, seen)
        })
        .await;
    match done {
        Ok(booking) => {
            let said = ask.say(said, &args![when => when(ask, &booking)]);
            Ok(ask.see_saying(&format!("/bookings/{id}"), &said))
        }
        Err(Error::Refused(no)) => open_page(ask, id, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

/// The open change on the page of the booking, where there is one: what is asked, and the way to answer it.
pub(in crate::pages) fn door(ask: &Ask, booking: &Booking, open: &Change, therapist: &str) -> Markup {
    let key = match open.by {
        Side::Shop => "booking-change-offered",
        Side::Customer => "booking-change-asked",
    };
    let words = ask.say(key, &args![to => terms_words(ask, open, therapist)]);
    let address = format!("/bookings/{}/change", booking.id);
    html! {
        (web::ui::state::notice(web::ui::Tone::Attention, &words)
            .body(html! { (button::link(&address, &ask.label("booking-change-look"))) }))
    }
}
