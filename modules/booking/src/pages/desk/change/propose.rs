//! What the desk proposes for a booking: another time, another service; of a home visit another address.

use kernel::{Error, Id, Refused, Result};
use text::args;
use web::{
    Answer, Ask, Form, Markup, Path, Query, html,
    ui::{Entry, Errors, Surface, button, csrf, field, list},
};

use super::{
    super::super::{
        change::{Case, Wished, day_of, service_rows},
        choose::{TimesInWords, current_of, sentence_of},
        home::trip_sentence,
        when, whom,
    },
    address,
};
use crate::{
    actions,
    model::{Booking, CHANGE_NOTE_LENGTH, Refusal},
    open_change,
};

/// Another time for a booking, or another service or address with it: the times as radios, and two buttons, which say whether
/// the customer knows.
pub(in crate::pages) async fn times(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Query(wished): Query<Wished>,
) -> Answer {
    times_page(&ask, id, &wished, None).await
}

async fn times_page(ask: &Ask, id: Id<Booking>, wished: &Wished, no: Option<&Refused>) -> Answer {
    let case = Case::at_desk(ask, id, wished).await?;
    if case.open.is_some() {
        return Ok(ask.see(&format!("/desk/bookings/{id}/change")));
    }
    let days = case.times(ask, wished).await?;
    let current = current_of(&days, day_of(&case, wished));
    let base = format!("/desk/bookings/{id}/move");
    let words = TimesInWords::new(ask, case.named.as_ref(), &days, current, |day| {
        format!("{base}?{}&day={day}", wished.query())
    })
    .chosen(wished.starts_at().unwrap_or(case.booking.starts_at));
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let whom = whom(ask, &case.booking);
    let name = &case.booking.contact.name;
    let what = match (wished.home.is_empty(), case.is_other_service()) {
        (false, _) => "booking-move-address",
        (true, true) => "booking-move-service",
        (true, false) => "booking-move",
    };
    let title = format!("{} {name}", ask.label(what));
    let answer = sentence_of(ask, case.named.as_ref(), &days, current);
    let back = format!("/desk/bookings/{id}");
    let response = ask.page(Surface::Desk, &title, |frame, page| {
        page.answer(&answer)
            .errors(&errors)
            .back(&back, &whom)
            .body(html! {
                (becomes(ask, &case, wished))
                form method="post" action=(base) novalidate {
                    (csrf(frame))
                    (field::hidden("version", &case.booking.version.to_string()))
                    (wished.hidden())
                    (words.choice(&errors))
                    (consent(ask, wished, &errors))
                }
                (others(ask, &case, wished))
            })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

/// What it becomes besides the time, and the difference in price.
fn becomes(ask: &Ask, case: &Case, wished: &Wished) -> Markup {
    html! {
        @if case.is_other_service() { p { (case.service_words(ask)) } }
        @if let (Some(visit), false) = (&case.visit, wished.home.is_empty()) { p { (trip_sentence(ask, visit)) } }
        @if let Some(words) = case.difference(ask) { p { (words) } }
    }
}

/// What else can be another: whoever comes next instead of the one asked for, the service, of a home visit the address.
fn others(ask: &Ask, case: &Case, wished: &Wished) -> Markup {
    let base = format!("/desk/bookings/{}/move", case.booking.id);
    let anyone = Wished {
        therapist: "any".to_owned(),
        ..wished.clone()
    };
    let link = |path: &str, with: &Wished, key: &str| {
        let address = format!("{base}{path}?{}", with.query());
        html! { (button::link(&address, &ask.label(key)).quiet()) }
    };
    html! {
        p class="actions" {
            @if case.named.is_some() { (link("", &anyone, "booking-any")) }
            (link("/services", wished, "booking-move-service"))
            @if case.visit.is_some() { (link("/address", wished, "booking-move-address")) }
        }
    }
}

/// What else could be done, each with its price.
pub(in crate::pages) async fn services(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Query(wished): Query<Wished>,
) -> Answer {
    let case = Case::at_desk(&ask, id, &wished).await?;
    let base = format!("/desk/bookings/{id}/move");
    let rows = service_rows(&ask, &case, &base, &wished).await?;
    let title = format!(
        "{} {}",
        ask.label("booking-move-service"),
        case.booking.contact.name
    );
    let answer = ask.say("booking-services-answer", &args![count => rows.len()]);
    let back = format!("{base}?{}", wished.query());
    Ok(ask.page(Surface::Desk, &title, |_, page| {
        let entries = rows.iter().fold(list::entries(), |entries, (address, words)| {
            entries.entry(Entry::new(address, words))
        });
        page.answer(&answer)
            .back(&back, &ask.label("booking-choose-when"))
            .body(html! { (entries) })
    }))
}

pub(in crate::pages) async fn send(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(wished): Form<Wished>,
) -> Answer {
    let wish = wished.clone();
    let done = ask
        .write(move |cx, tx| {
            let booking = crate::at_shop(tx, cx.shop()?, id)?;
            let wanted = wish.proposal(&booking, agreed(&wish)?)?;
            let done = actions::propose(cx, tx, id, wish.version, &wanted)?;
            Ok((open_change(tx, id)?.is_some(), done))
        })
        .await;
    match done {
        Ok(done) => Ok(proposed(&ask, done, !wished.home.is_empty())),
        // The shop does not go there any more.
        Err(Error::Refused(no)) if no.code == "booking.outside_area" => {
            address::refused(&ask, id, &wished, &no).await
        }
        Err(Error::Refused(no)) => times_page(&ask, id, &wished, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

/// What the desk tells the customer, and two buttons: the customer has agreed already, or is to be asked. Another address the
/// customer has told the desk, so there is nothing to ask.
pub(super) fn consent(ask: &Ask, wished: &Wished, errors: &Errors<'_>) -> Markup {
    let note = ask.label("booking-change-note");
    let most = u32::try_from(CHANGE_NOTE_LENGTH).unwrap_or(u32::MAX);
    let (agreed, to_ask) = (ask.label("booking-agreed-yes"), ask.label("booking-agreed-no"));
    html! {
        // A form's first button answers Enter in its fields; agreeing for a customer takes a press of its own.
        button type="submit" disabled hidden {}
        @let told = !wished.home.is_empty();
        @if !told { (field::text("note", &note).value(&wished.note).autocomplete("off").max(most).errors(errors)) }
        div class="actions" {
            (button::submit(&agreed).id("agreed").name_value("agreed", "yes"))
            @if !told { (button::submit(&to_ask).name_value("agreed", "no").secondary()) }
        }
    }
}

/// Whether the customer knows, as the desk has said.
pub(super) fn agreed(wished: &Wished) -> Result<bool> {
    match wished.agreed.as_str() {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(Refusal::NoConsent.into()),
    }
}

/// Back to the booking, which says what was done.
pub(super) fn proposed(ask: &Ask, (asked, booking): (bool, Booking), elsewhere: bool) -> web::Response {
    let what = format!("{} {}", booking.contact.name, when(ask, &booking));
    let key = match (asked, elsewhere) {
        (true, _) => "booking-desk-offered",
        (false, false) => "booking-desk-moved",
        (false, true) => "booking-desk-moved-there",
    };
    ask.see_saying(
        &format!("/desk/bookings/{}", booking.id),
        &ask.say(key, &args![what => what]),
    )
}
