//! Another therapist for a booking, at its time.

use kernel::{Error, Id, Refused};
use text::{args, show};
use therapist::Therapist;
use web::{
    Answer, Ask, Form, Path, html,
    ui::{Choice, Icon, Surface, button, csrf, field, state},
};

use super::{
    super::super::{
        change::{Case, Wished},
        whom,
    },
    propose::{agreed, consent, proposed},
};
use crate::{
    actions::{self, Proposal, Who},
    model::{Booking, Refusal},
    open_change,
};

/// Another therapist at the same time. Who was asked for by name is swapped only with the customer's word.
pub(in crate::pages) async fn swap(ask: Ask, Path(id): Path<Id<Booking>>) -> Answer {
    swap_page(&ask, id, &Wished::default(), None).await
}

async fn swap_page(ask: &Ask, id: Id<Booking>, wished: &Wished, no: Option<&Refused>) -> Answer {
    // What was typed is of no use to the page that asks who is free.
    let case = Case::at_desk(ask, id, &Wished::default()).await?;
    if case.open.is_some() {
        return Ok(ask.see(&format!("/desk/bookings/{id}/change")));
    }
    let booking = case.booking.clone();
    let others: Vec<Therapist> = ask
        .read(move |_, tx| {
            let free = actions::could_serve(tx, &booking)?;
            free.into_iter().map(|id| therapist::therapist(tx, id)).collect()
        })
        .await?;
    let booking = &case.booking;
    let named = booking.reason == scheduling::Reason::Requested;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let whom = whom(ask, booking);
    let title = format!("{} {}", ask.label("booking-swap"), booking.contact.name);
    let answer = match others.len() {
        0 => ask.label("booking-swap-nobody"),
        count => ask.say("booking-swap-answer", &args![count => count]),
    };
    let legend = ask.label("booking-swap-who");
    let choices: Vec<(String, String)> = others
        .iter()
        .map(|other| (other.id.to_string(), show::therapist(ask.lang(), &other.name)))
        .collect();
    // Whoever stands first is chosen until another one is.
    let first = choices.first().map_or("", |(value, _)| value.as_str());
    let chosen = if wished.therapist.is_empty() {
        first
    } else {
        &wished.therapist
    };
    let (back, send) = (
        format!("/desk/bookings/{id}"),
        format!("/desk/bookings/{id}/therapist"),
    );
    let response = ask.page(Surface::Desk, &title, |frame, page| {
        let radios = choices.iter().fold(
            field::radios("therapist", &legend).value(chosen).errors(&errors),
            |radios, (value, name)| radios.option(Choice::new(value, name)),
        );
        page.answer(&answer)
            .errors(&errors)
            .back(&back, &whom)
            .body(html! {
                @if choices.is_empty() {
                    (state::empty(Icon::Person, &ask.label("booking-swap-nobody")))
                } @else {
                    form method="post" action=(send) novalidate {
                        (csrf(frame))
                        (field::hidden("version", &booking.version.to_string()))
                        (radios)
                        @if named { (consent(ask, wished, &errors)) }
                        @else { (button::submit(&ask.label("booking-swap")).about(&booking.contact.name)) }
                    }
                }
            })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

pub(in crate::pages) async fn send_swap(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(wished): Form<Wished>,
) -> Answer {
    let wish = wished.clone();
    let done = ask
        .write(move |cx, tx| {
            let booking = crate::at_shop(tx, cx.shop()?, id)?;
            let to: Id<Therapist> = wish.therapist.parse().map_err(|_| Refusal::NoTherapist)?;
            if booking.reason != scheduling::Reason::Requested {
                return Ok((false, actions::give_to(cx, tx, id, wish.version, to, "")?));
            }
            let wanted = Proposal {
                who: Who::Named(to),
                note: wish.note.clone(),
                agreed: agreed(&wish)?,
                ..Proposal::at(&booking, booking.starts_at)
            };
            let done = actions::propose(cx, tx, id, wish.version, &wanted)?;
            Ok((open_change(tx, id)?.is_some(), done))
        })
        .await;
    match done {
        Ok(done) => Ok(proposed(&ask, done, false)),
        Err(Error::Refused(no)) => swap_page(&ask, id, &wished, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}
