//! A customer's own queue ticket: how many wait before, and about how long. Whoever has the address has the ticket.

use kernel::{Error, Refused};
use serde::Deserialize;
use text::args;
use web::{
    Answer, Ask, Form, Markup, Path, html,
    ui::{Surface, Tone, button, csrf, list, state},
};

use crate::{
    Line, actions,
    model::{Ticket, TicketState},
    store,
};

pub(super) fn badge(ask: &Ask, stands: TicketState) -> Markup {
    let tone = match stands {
        TicketState::Waiting => Tone::Plain,
        TicketState::Called => Tone::Attention,
        TicketState::Served => Tone::Good,
        TicketState::Skipped | TicketState::Left => Tone::Bad,
    };
    state::badge(tone, &ask.label(&format!("booking-ticket-state-{stands}")))
}

/// Where the ticket stands, in one sentence: 前面还有 2 人，大约等 40 分钟。
pub(super) fn sentence(ask: &Ask, ticket: &Ticket, place: Option<&Line>) -> String {
    let Some(place) = place else {
        return ask.label(&format!("booking-ticket-sentence-{}", ticket.state));
    };
    match place.expected {
        Some(at) => {
            let minutes = at.minutes_since(ask.cx.now()).max(0);
            ask.say(
                "booking-ticket-wait",
                &args![before => place.before, minutes => minutes],
            )
        }
        None => ask.say("booking-ticket-wait-unknown", &args![before => place.before]),
    }
}

/// `GET /tickets/{token}`
pub(super) async fn show(ask: Ask, Path(token): Path<String>) -> Answer {
    page(&ask, token, None).await
}

async fn page(ask: &Ask, token: String, no: Option<&Refused>) -> Answer {
    let (ticket, place, shop, service) = ask
        .read(move |cx, tx| {
            let ticket = store::ticket_by_token(tx, &token)?;
            let place = actions::in_line(tx, &ticket, cx.now())?;
            let shop = shop::shop(tx, ticket.shop)?;
            let service = catalog::service(tx, ticket.service)?.name;
            Ok((ticket, place, shop, service))
        })
        .await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let stands = ask.label(&format!("booking-ticket-state-{}", ticket.state));
    let title = ask.say(
        "booking-ticket-title",
        &args![ticket => ticket.name(), state => stands],
    );
    let answer = sentence(ask, &ticket, place.as_ref());
    let address = format!("/tickets/{}", ticket.token);
    let leaving = format!("{address}/leaving");
    let back = format!("/shops/{}", shop.id);
    Ok(ask.page(Surface::Customer, &title, |frame, page| {
        page.answer(&answer)
            .errors(&errors)
            .back(&back, &shop.name)
            .body(html! {
                p { (badge(ask, ticket.state)) }
                (list::facts()
                    .row(&ask.label("booking-ticket-number"), html! { (ticket.name()) })
                    .row(&ask.label("booking-service"), html! { (service) })
                    .row(&ask.label("booking-where"), html! { (shop.name) "，" (shop.address) }))
                div class="actions" {
                    @if ticket.state == TicketState::Waiting {
                        (button::link(&address, &ask.label("booking-ticket-again")).about_hidden(&ticket.name()))
                        form method="post" action=(leaving) {
                            (csrf(frame))
                            (button::submit(&ask.label("booking-ticket-go")).about(&ticket.name()).secondary())
                        }
                    }
                    (button::dial(&shop.phone, &ask.label("booking-dial"), &shop.name).secondary())
                }
            })
    }))
}

#[derive(Deserialize)]
pub(super) struct Pressed {}

/// `POST /tickets/{token}/leaving`
pub(super) async fn leave(ask: Ask, Path(token): Path<String>, Form(_): Form<Pressed>) -> Answer {
    let asked = token.clone();
    let done = ask
        .write(move |cx, tx| actions::leave_by_token(cx, tx, &asked))
        .await;
    match done {
        Ok(_) => Ok(ask.see_saying(
            &format!("/tickets/{token}"),
            &ask.label("booking-ticket-sentence-left"),
        )),
        Err(Error::Refused(no)) => Ok(ask.refused(&no, page(&ask, token, Some(&no)).await?)),
        Err(other) => Err(other.into()),
    }
}
