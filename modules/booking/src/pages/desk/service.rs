//! While the customer is served: minutes more, another therapist, and opening again what was completed by mistake.

use kernel::{Error, Id, Instant, Refused, Result};
use serde::Deserialize;
use text::{args, show};
use therapist::Therapist;
use web::{
    Answer, Ask, Form, Path, html,
    ui::{Choice, Icon, Surface, button, csrf, field, state},
};

use super::super::whom;
use crate::{
    actions::{self, Extra, Extras, Next, Room, at_desk},
    model::{Booking, WORDS_LENGTH},
};

/// The words field of these forms, and how long it may be.
pub(super) const MOST_WORDS: u32 = WORDS_LENGTH as u32;

#[derive(Deserialize)]
pub(in crate::pages) struct Chosen {
    version: i64,
    #[serde(default)]
    extra: String,
}

/// What stands in the form for something that can be added.
fn tag(extra: Extra) -> String {
    match extra {
        Extra::Minutes(minutes) => format!("minutes-{minutes}"),
        Extra::AddOn(service) => format!("service-{service}"),
    }
}

/// 加钟 30 分钟, or the add-on's own name.
fn title_of(ask: &Ask, offer: &Extras) -> String {
    match &offer.name {
        Some(name) => name.clone(),
        None => {
            let minutes = show::duration(ask.lang(), offer.minutes);
            ask.say("booking-extension-line", &args![minutes => minutes])
        }
    }
}

pub(in crate::pages) async fn ask_to_lengthen(ask: Ask, Path(id): Path<Id<Booking>>) -> Answer {
    lengthening_page(&ask, id, "", None).await
}

async fn lengthening_page(ask: &Ask, id: Id<Booking>, chosen: &str, no: Option<&Refused>) -> Answer {
    let (booking, offers, room) = ask
        .read(move |cx, tx| {
            let booking = at_desk(cx, tx, id)?;
            let offers = actions::offers(tx, &booking)?;
            let most = offers.iter().map(|offer| offer.minutes).max().unwrap_or(0);
            let room = actions::room_after(tx, &booking, most)?;
            Ok((booking, offers, room))
        })
        .await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let whom = whom(ask, &booking);
    let label = ask.label("booking-lengthen");
    let fitting: Vec<(String, String, String)> = offers
        .iter()
        .filter(|offer| offer.minutes <= room.minutes)
        .map(|offer| {
            let minutes = show::duration(ask.lang(), offer.minutes);
            let words = match &offer.name {
                Some(name) => format!("{name} {minutes}"),
                None => minutes,
            };
            (tag(offer.extra), words, show::money(offer.amount))
        })
        .collect();
    let answer = room_sentence(ask, &room, fitting.is_empty());
    let next = next_sentence(ask, &booking, &room);
    let (action, back) = (
        format!("/desk/bookings/{id}/lengthening"),
        format!("/desk/bookings/{id}"),
    );
    Ok(
        ask.page(Surface::Desk, &format!("{label} {whom}"), |frame, page| {
            let legend = ask.label("booking-extra");
            let radios = fitting.iter().fold(
                field::radios("extra", &legend).value(chosen).errors(&errors),
                |radios, (tag, words, price)| radios.option(Choice::new(tag, words).end(price)),
            );
            page.answer(&answer)
                .errors(&errors)
                .back(&back, &whom)
                .body(html! {
                    @if let Some(next) = &next { p { (next) } }
                    @if fitting.is_empty() { (state::empty(Icon::Clock, &ask.label("booking-extra-none"))) }
                    @else {
                        form method="post" action=(action) novalidate {
                            (csrf(frame))
                            (field::hidden("version", &booking.version.to_string()))
                            (radios)
                            p { (ask.label("booking-extra-paid-later")) }
                            (button::submit(&label).about(&whom))
                        }
                    }
                })
        }),
    )
}

fn room_sentence(ask: &Ask, room: &Room, full: bool) -> String {
    match (full, room.minutes) {
        (true, _) => ask.label("booking-extra-full"),
        (false, minutes) => ask.say("booking-extra-room", &args![minutes => minutes]),
    }
}

/// 之后是 王先生 下午 5 点
fn next_sentence(ask: &Ask, booking: &Booking, room: &Room) -> Option<String> {
    let clock = |moment: &Instant| show::time(ask.lang(), moment.minutes_since(booking.day.at(0)));
    match room.next.as_ref()? {
        Next::Booking(next) => Some(ask.say("booking-extra-next", &args![who => whom(ask, next)])),
        Next::Leave(from) => Some(ask.say("booking-extra-leave", &args![time => clock(from)])),
        Next::Closing(from) => Some(ask.say("booking-extra-closing", &args![time => clock(from)])),
        Next::Other => None,
    }
}

pub(in crate::pages) async fn lengthen(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(form): Form<Chosen>,
) -> Answer {
    let done = add(&ask, id, &form).await;
    match done {
        Ok((booking, title)) => {
            let said = ask.say(
                "booking-lengthened-said",
                &args![what => title, who => whom(&ask, &booking)],
            );
            Ok(ask.see_saying(&format!("/desk/bookings/{id}"), &said))
        }
        Err(Error::Refused(no)) => {
            let page = lengthening_page(&ask, id, &form.extra, Some(&no)).await?;
            Ok(ask.refused(&no, page))
        }
        Err(other) => Err(other.into()),
    }
}

async fn add(ask: &Ask, id: Id<Booking>, form: &Chosen) -> Result<(Booking, String)> {
    let chosen = form.extra.clone();
    let offer = ask
        .read(move |cx, tx| {
            let booking = at_desk(cx, tx, id)?;
            let offers = actions::offers(tx, &booking)?;
            Ok(offers.into_iter().find(|offer| tag(offer.extra) == chosen))
        })
        .await?;
    let offer = offer.ok_or(crate::Refusal::NoExtra)?;
    let (title, seen) = (title_of(ask, &offer), form.version);
    let line = title.clone();
    let booking = ask
        .write(move |cx, tx| actions::lengthen(cx, tx, id, seen, offer.extra, &line))
        .await?;
    Ok((booking, title))
}

// ---- another therapist

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::pages) struct Relief {
    version: i64,
    to: String,
    words: String,
}

pub(in crate::pages) async fn ask_to_hand_over(ask: Ask, Path(id): Path<Id<Booking>>) -> Answer {
    hand_over_page(&ask, id, &Relief::default(), None).await
}

async fn hand_over_page(ask: &Ask, id: Id<Booking>, typed: &Relief, no: Option<&Refused>) -> Answer {
    let (booking, now, others) = ask
        .read(move |cx, tx| {
            let booking = at_desk(cx, tx, id)?;
            let others = actions::could_take_over(cx, tx, &booking)?;
            let others = others
                .into_iter()
                .map(|other| therapist::therapist(tx, other))
                .collect::<Result<Vec<Therapist>>>()?;
            Ok((
                booking.clone(),
                therapist::therapist(tx, booking.therapist)?.name,
                others,
            ))
        })
        .await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let whom = whom(ask, &booking);
    let label = ask.label("booking-hand-over");
    let choices: Vec<(String, String)> = others
        .iter()
        .map(|other| (other.id.to_string(), show::therapist(ask.lang(), &other.name)))
        .collect();
    let now = show::therapist(ask.lang(), &now);
    let answer = match choices.len() {
        0 => ask.label("booking-hand-over-nobody"),
        count => ask.say("booking-hand-over-answer", &args![who => now, count => count]),
    };
    let (action, back) = (
        format!("/desk/bookings/{id}/hand-over"),
        format!("/desk/bookings/{id}"),
    );
    Ok(
        ask.page(Surface::Desk, &format!("{label} {whom}"), |frame, page| {
            let legend = ask.label("booking-hand-over-to");
            let radios = choices.iter().fold(
                field::radios("to", &legend).value(&typed.to).errors(&errors),
                |radios, (id, name)| radios.option(Choice::new(id, name)),
            );
            page.answer(&answer).errors(&errors).back(&back, &whom).body(html! {
            @if choices.is_empty() { (state::empty(Icon::Hands, &ask.label("booking-hand-over-none"))) }
            @else {
                form method="post" action=(action) novalidate {
                    (csrf(frame))
                    (field::hidden("version", &booking.version.to_string()))
                    (radios)
                    (field::text("words", &ask.label("booking-words-why")).value(&typed.words)
                        .hint(&ask.label("booking-hand-over-hint")).errors(&errors))
                    (button::submit(&label).about(&whom))
                }
            }
        })
        }),
    )
}

pub(in crate::pages) async fn hand_over(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(form): Form<Relief>,
) -> Answer {
    let done = relieve(&ask, id, &form).await;
    match done {
        Ok(booking) => {
            let said = ask.say("booking-handed-over-said", &args![who => whom(&ask, &booking)]);
            Ok(ask.see_saying(&format!("/desk/bookings/{id}"), &said))
        }
        Err(Error::Refused(no)) => {
            let page = hand_over_page(&ask, id, &form, Some(&no)).await?;
            Ok(ask.refused(&no, page))
        }
        Err(other) => Err(other.into()),
    }
}

async fn relieve(ask: &Ask, id: Id<Booking>, form: &Relief) -> Result<Booking> {
    // To another shop the booking does not exist, whatever is sent.
    ask.read(move |cx, tx| at_desk(cx, tx, id)).await?;
    let to = form.to.parse().map_err(|_| crate::Refusal::NobodyChosen)?;
    let (seen, words) = (form.version, form.words.clone());
    ask.write(move |cx, tx| actions::hand_over(cx, tx, id, seen, to, &words))
        .await
}

// ---- opened again

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::pages) struct Again {
    version: i64,
    words: String,
}

pub(in crate::pages) async fn ask_to_reopen(ask: Ask, Path(id): Path<Id<Booking>>) -> Answer {
    reopening_page(&ask, id, "", None).await
}

async fn reopening_page(ask: &Ask, id: Id<Booking>, words: &str, no: Option<&Refused>) -> Answer {
    let booking = ask.read(move |cx, tx| at_desk(cx, tx, id)).await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let (whom, label) = (whom(ask, &booking), ask.label("booking-reopen"));
    let (action, back) = (
        format!("/desk/bookings/{id}/reopening"),
        format!("/desk/bookings/{id}"),
    );
    Ok(
        ask.page(Surface::Desk, &format!("{label} {whom}"), |frame, page| {
            page.answer(&ask.label("booking-reopen-answer"))
                .errors(&errors)
                .back(&back, &whom)
                .body(html! {
                    form method="post" action=(action) novalidate {
                        (csrf(frame))
                        (field::hidden("version", &booking.version.to_string()))
                        (field::text("words", &ask.label("booking-words-why")).value(words)
                            .hint(&ask.label("booking-reopen-hint")).errors(&errors))
                        (button::submit(&label).about(&whom))
                    }
                })
        }),
    )
}

pub(in crate::pages) async fn reopen(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(form): Form<Again>,
) -> Answer {
    let (seen, words) = (form.version, form.words.clone());
    let done = ask
        .write(move |cx, tx| actions::reopen(cx, tx, id, seen, &words))
        .await;
    match done {
        Ok(booking) => {
            let said = ask.say("booking-reopened-said", &args![who => whom(&ask, &booking)]);
            Ok(ask.see_saying(&format!("/desk/bookings/{id}"), &said))
        }
        Err(Error::Refused(no)) => {
            let page = reopening_page(&ask, id, &form.words, Some(&no)).await?;
            Ok(ask.refused(&no, page))
        }
        Err(other) => Err(other.into()),
    }
}
