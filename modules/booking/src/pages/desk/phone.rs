//! A customer on the telephone (电话预约): number, name, what, when. Promised at once.

use kernel::{Day, Error, Instant, Refused, Result};
use scheduling::read_clock;
use text::{args, show};
use web::{
    Answer, Ask, Form, Response, html,
    ui::{Choice, Errors, Surface, button, csrf, field},
};

use super::{
    super::{state_word, when},
    counter::{Offer, Typed, chosen, consent_fields, errors_at, moment, offers, what_field},
};
use crate::{
    actions,
    model::{Booking, Contact, NAME_LENGTH, Refusal},
};

/// `GET /desk/phone-bookings`
pub(in crate::pages) async fn show_form(ask: Ask) -> Answer {
    let typed = Typed {
        key: ask.cx.token(),
        ..Typed::default()
    };
    page(&ask, &typed, None).await
}

/// `POST /desk/phone-bookings`
pub(in crate::pages) async fn enter(ask: Ask, Form(typed): Form<Typed>) -> Answer {
    match book(&ask, &typed).await {
        Ok(booking) => {
            let said = format!(
                "{} {} {}",
                state_word(&ask, booking.state),
                booking.contact.name,
                when(&ask, &booking)
            );
            Ok(ask.see_saying(&format!("/desk/bookings/{}", booking.id), &said))
        }
        Err(Error::Refused(no)) => Ok(ask.refused(&no, page(&ask, &typed, Some(&no)).await?)),
        Err(other) => Err(other.into()),
    }
}

async fn book(ask: &Ask, typed: &Typed) -> Result<Booking> {
    let name = remembered_name(ask, &typed.name, &typed.phone).await?;
    let entry = typed.entry(Contact::read(&name, &typed.phone)?)?;
    let (at, key) = (wanted(typed)?, typed.key.clone());
    ask.write(move |cx, tx| actions::phone_booking(cx, tx, &key, &entry, at))
        .await
}

/// The name as typed, or as the shop remembers it by the number.
pub(super) async fn remembered_name(ask: &Ask, name: &str, phone: &str) -> Result<String> {
    if !name.trim().is_empty() {
        return Ok(name.to_owned());
    }
    let Ok(phone) = text::phone::Phone::mobile(phone) else {
        return Ok(String::new());
    };
    let known = ask
        .read(move |cx, tx| identity::known_at_desk(tx, cx.shop()?, &phone.number))
        .await?;
    Ok(known.unwrap_or_default())
}

/// The moment: one that was offered, else day and time of day as typed.
fn wanted(typed: &Typed) -> Result<Instant> {
    if let Some(slot) = typed.slot() {
        return Ok(slot);
    }
    moment_typed(&typed.day, &typed.clock)
}

pub(super) fn moment_typed(day: &str, clock: &str) -> Result<Instant> {
    let day = Day::parse(day).ok_or(Refusal::BadClock)?;
    Ok(day.at(read_clock(clock).ok_or(Refusal::BadClock)?))
}

async fn page(ask: &Ask, typed: &Typed, no: Option<&Refused>) -> Answer {
    let offers = offers(ask).await?;
    let others = match no {
        Some(no) if no.field == Some("slot") => others(ask, typed, chosen(&offers, typed)).await?,
        _ => Vec::new(),
    };
    let days = ask
        .read(|cx, tx| Ok(scheduling::window(tx, cx.shop()?.id())?.days))
        .await?;
    let place = if others.is_empty() { "clock" } else { "slot" };
    let errors = errors_at(ask, no, Some(place));
    Ok(draw(ask, typed, (&offers, days, &others), &errors))
}

/// What can be had instead of a time that cannot: value and words.
async fn others(ask: &Ask, typed: &Typed, offer: Option<&Offer>) -> Result<Vec<(String, String)>> {
    let (Ok(at), Some(offer)) = (wanted(typed), offer) else {
        return Ok(Vec::new());
    };
    let (service, therapist) = (offer.service.clone(), offer.therapist);
    let times = ask
        .read(move |cx, tx| actions::nearest(tx, cx.now(), &service, therapist, at))
        .await?;
    let words = |at: &Instant| (at.ms().to_string(), moment(ask, *at));
    Ok(times.iter().map(words).collect())
}

fn draw(
    ask: &Ask,
    typed: &Typed,
    (offers, days, others): (&[Offer], i64, &[(String, String)]),
    errors: &Errors<'_>,
) -> Response {
    let (back, title) = (
        ask.label("booking-desk-bookings"),
        ask.label("booking-phone-title"),
    );
    let days: Vec<(String, String)> = (0..days)
        .map(|ahead| ask.today().plus(ahead))
        .map(|day| (day.to_string(), show::day(ask.lang(), day, ask.today())))
        .collect();
    let days: Vec<(&str, &str)> = days
        .iter()
        .map(|(day, words)| (day.as_str(), words.as_str()))
        .collect();
    let answer = match others.first() {
        Some((_, first)) => ask.say("booking-phone-other", &args![when => first.as_str()]),
        None => ask.label("booking-phone-answer"),
    };
    let (book, legend) = (ask.label("booking-phone-book"), ask.label("booking-phone-others"));
    let together = ask.label("booking-party-phone");
    ask.page(Surface::Desk, &title, |frame, page| {
        page.answer(&answer)
            .errors(errors)
            .back("/desk/bookings", &back)
            .body(html! {
                form method="post" action="/desk/phone-bookings" novalidate {
                    (csrf(frame))
                    (field::hidden("key", &typed.key))
                    (field::tel("phone", &ask.label("booking-phone")).value(&typed.phone).errors(errors))
                    (field::text("name", &ask.label("booking-phone-name")).hint(&ask.label("booking-phone-name-hint"))
                        .value(&typed.name).max(u32::try_from(NAME_LENGTH).unwrap_or(u32::MAX)).errors(errors))
                    (what_field(ask, typed, offers, errors))
                    @if !others.is_empty() {
                        (others.iter().fold(field::radios("slot", &legend).errors(errors), |radios, (value, words)| {
                            radios.option(Choice::new(value, words))
                        }))
                    }
                    (field::select("day", &ask.label("booking-phone-day")).options(&days).value(&typed.day))
                    (field::text("clock", &ask.label("booking-phone-clock")).hint(&ask.label("booking-phone-clock-hint"))
                        .value(&typed.clock).short().errors(errors))
                    (consent_fields(ask, typed, errors))
                    (button::submit(&book))
                }
                p { a href="/desk/phone-bookings/together" { (together) } }
            })
    })
}
