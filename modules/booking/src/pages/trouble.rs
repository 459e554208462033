//! What a customer says about a visit that does not go as planned: that they will be late, and that a no-show is none.

use kernel::{Error, Id, Minutes, Refused, Result};
use serde::Deserialize;
use text::{args, show};
use web::{
    Answer, Ask, Form, Path, html,
    ui::{Choice, Surface, button, csrf, field},
};

use super::{choose::minute_of, when};
use crate::{
    actions,
    model::{Booking, DISPUTE_HOURS, LATE_MINUTES, WORDS_LENGTH},
    own_booking, store,
};

#[derive(Deserialize)]
pub(super) struct Late {
    version: i64,
    #[serde(default)]
    minutes: String,
}

/// `GET /bookings/{id}/lateness`
pub(super) async fn ask_late(ask: Ask, Path(id): Path<Id<Booking>>) -> Answer {
    late_page(&ask, id, "", None).await
}

async fn late_page(ask: &Ask, id: Id<Booking>, chosen: &str, no: Option<&Refused>) -> Answer {
    let (booking, late) = ask
        .read(move |cx, tx| Ok((own_booking(cx, tx, id)?, store::late(tx, id)?)))
        .await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let label = ask.label("booking-late");
    let when = when(ask, &booking);
    let possible = booking.can_be_late(ask.cx.now());
    let answer = match late {
        Some(minutes) => ask.say("booking-late-known", &args![minutes => minutes]),
        None if possible => ask.label("booking-late-answer"),
        None => ask.label("booking-late-not-now"),
    };
    let choices: Vec<(String, String)> = LATE_MINUTES
        .iter()
        .map(|minutes| {
            let arrives = booking.starts_at.plus_minutes(*minutes);
            let at = show::time(ask.lang(), minute_of(booking.day, arrives));
            (
                minutes.to_string(),
                ask.say("booking-late-choice", &args![minutes => *minutes, at => at]),
            )
        })
        .collect();
    let (action, back) = (format!("/bookings/{id}/lateness"), format!("/bookings/{id}"));
    Ok(ask.page(Surface::Customer, &label, |frame, page| {
        let legend = ask.label("booking-late-minutes");
        let radios = choices.iter().fold(
            field::radios("minutes", &legend).value(chosen).errors(&errors),
            |radios, (minutes, words)| radios.option(Choice::new(minutes, words)),
        );
        page.answer(&answer)
            .errors(&errors)
            .back(&back, &ask.label("booking-this"))
            .body(html! {
                p { (when) "，" (booking.service_name) }
                @if possible {
                    form method="post" action=(action) novalidate {
                        (csrf(frame))
                        (field::hidden("version", &booking.version.to_string()))
                        (radios)
                        (button::submit(&ask.label("booking-late-send")).about(&when))
                    }
                }
            })
    }))
}

/// `POST /bookings/{id}/lateness`
pub(super) async fn say_late(ask: Ask, Path(id): Path<Id<Booking>>, Form(form): Form<Late>) -> Answer {
    let minutes: Minutes = form.minutes.trim().parse().unwrap_or_default();
    let seen = form.version;
    let done = ask
        .write(move |cx, tx| actions::say_late(cx, tx, id, seen, minutes))
        .await;
    match done {
        Ok(_) => {
            let said = ask.say("booking-late-said", &args![minutes => minutes]);
            Ok(ask.see_saying(&format!("/bookings/{id}"), &said))
        }
        Err(Error::Refused(no)) => {
            let page = late_page(&ask, id, &form.minutes, Some(&no)).await?;
            Ok(ask.refused(&no, page))
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Deserialize)]
pub(super) struct Objection {
    version: i64,
    #[serde(default)]
    words: String,
}

/// `GET /bookings/{id}/dispute`
pub(super) async fn ask_dispute(ask: Ask, Path(id): Path<Id<Booking>>) -> Answer {
    dispute_page(&ask, id, "", None).await
}

async fn dispute_page(ask: &Ask, id: Id<Booking>, words: &str, no: Option<&Refused>) -> Answer {
    let (booking, case) = ask
        .read(move |cx, tx| {
            let booking = own_booking(cx, tx, id)?;
            let case = store::case(tx, id)?.ok_or(Error::NotFound)?;
            Ok((booking, case))
        })
        .await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let when = when(ask, &booking);
    let possible = case.can_be_disputed(ask.cx.now());
    let answer = if possible {
        ask.label("booking-dispute-answer")
    } else {
        ask.label("booking-dispute-over")
    };
    let hint = ask.say("booking-dispute-hint", &args![hours => DISPUTE_HOURS]);
    let (action, back) = (format!("/bookings/{id}/dispute"), format!("/bookings/{id}"));
    let label = ask.label("booking-dispute");
    Ok(ask.page(Surface::Customer, &label, |frame, page| {
        page.answer(&answer)
            .errors(&errors)
            .back(&back, &ask.label("booking-this"))
            .body(html! {
                p { (when) "，" (booking.service_name) }
                @if possible {
                    form method="post" action=(action) novalidate {
                        (csrf(frame))
                        (field::hidden("version", &booking.version.to_string()))
                        (field::textarea("words", &ask.label("booking-dispute-words")).rows(4)
                            .max(WORDS_LENGTH as u32).hint(&hint).value(words).errors(&errors))
                        (button::submit(&ask.label("booking-dispute-send")).about(&when))
                    }
                }
            })
    }))
}

/// `POST /bookings/{id}/dispute`
pub(super) async fn dispute(ask: Ask, Path(id): Path<Id<Booking>>, Form(form): Form<Objection>) -> Answer {
    let (seen, words) = (form.version, form.words.clone());
    let done: Result<Booking> = ask
        .write(move |cx, tx| actions::dispute(cx, tx, id, seen, &words))
        .await;
    match done {
        Ok(_) => Ok(ask.see_saying(&format!("/bookings/{id}"), &ask.label("booking-dispute-said"))),
        Err(Error::Refused(no)) => {
            let page = dispute_page(&ask, id, &form.words, Some(&no)).await?;
            Ok(ask.refused(&no, page))
        }
        Err(other) => Err(other.into()),
    }
}
