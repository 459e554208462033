//! The line at the desk: who is called next, who was called, one ticket with its page for the customer.

use kernel::{Error, Id, Instant, Refused, Result};
use qrcode::{QrCode, render::svg};
use serde::Deserialize;
use text::{args, show};
use web::{
    Answer, Ask, Form, Markup, Path, html,
    ui::{Entry, Frame, Icon, Surface, button, list, section, state},
};

use super::{
    super::{choose::minute_of, ticket::badge},
    Names,
    counter::{errors_at, moment},
};
use crate::{
    Line, TicketStep, actions,
    model::{Booking, State, Ticket, TicketState},
    store, ticket_at, ticket_steps,
};

/// A ticket with what is said of it.
struct Row {
    ticket: Ticket,
    /// The booking that it was called for.
    booking: Option<Booking>,
    /// 全身 60 分钟，轮到的师傅，大约下午 3 点
    words: String,
}

struct Queue {
    waiting: Vec<Row>,
    called: Vec<Row>,
    skipped: Vec<Row>,
}

async fn load(ask: &Ask) -> Result<Queue> {
    let (line, called, skipped, names, services) = ask
        .read(move |cx, tx| {
            let shop = cx.shop()?;
            let day = actions::today(tx, shop.id(), cx.now())?;
            let line = actions::line(tx, shop, cx.now())?;
            let mut called = Vec::new();
            for ticket in store::tickets_of(tx, shop.id(), day, TicketState::Called)? {
                let booking = ticket.booking.map(|id| store::find(tx, id)).transpose()?;
                called.push((ticket, booking));
            }
            let skipped = store::tickets_of(tx, shop.id(), day, TicketState::Skipped)?;
            let people = therapist::all_of(tx, shop.id())?.into_iter();
            let names: Names = people.map(|person| (person.id, person.name)).collect();
            let services = catalog::all_of(tx, shop.id())?;
            Ok((line, called, skipped, names, services))
        })
        .await?;
    let words = |ticket: &Ticket, expected: Option<Instant>| {
        let service = services.iter().find(|service| service.id == ticket.service);
        let service = service.map(|service| {
            let minutes = show::duration(ask.lang(), service.minutes);
            format!("{} {minutes}", service.name)
        });
        let who = ticket.therapist.and_then(|id| names.get(&id));
        let who = who.map_or_else(
            || ask.label("booking-anyone"),
            |name| show::therapist(ask.lang(), name),
        );
        let about = expected.map(|at| ask.say("booking-ticket-about", &args![when => moment(ask, at)]));
        [service, Some(who), about]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("，")
    };
    let row = |ticket: Ticket, booking, expected| Row {
        words: words(&ticket, expected),
        ticket,
        booking,
    };
    Ok(Queue {
        waiting: line
            .into_iter()
            .map(|Line { ticket, expected, .. }| row(ticket, None, expected))
            .collect(),
        called: called
            .into_iter()
            .map(|(ticket, booking)| row(ticket, booking, None))
            .collect(),
        skipped: skipped
            .into_iter()
            .map(|ticket| row(ticket, None, None))
            .collect(),
    })
}

/// A5 张女士
fn named(ticket: &Ticket) -> String {
    format!("{} {}", ticket.name(), ticket.contact.name)
}

/// `GET /desk/queue`
pub(in crate::pages) async fn list(ask: Ask) -> Answer {
    page(&ask, None).await
}

async fn page(ask: &Ask, no: Option<&Refused>) -> Answer {
    let queue = load(ask).await?;
    let errors = errors_at(ask, no, None);
    let title = ask.say("booking-queue-title", &args![count => queue.waiting.len()]);
    let answer = match queue.waiting.first() {
        Some(next) => ask.say("booking-queue-next", &args![who => named(&next.ticket)]),
        None => ask.label("booking-queue-nobody"),
    };
    let nothing = queue.waiting.is_empty() && queue.called.is_empty() && queue.skipped.is_empty();
    let back = ask.label("booking-desk-bookings");
    Ok(ask.page(Surface::Desk, &title, |frame, page| {
        let page = page.answer(&answer).errors(&errors).back("/desk/bookings", &back);
        let page = match queue.waiting.first() {
            Some(next) => page.primary(call_button(ask, frame, &next.ticket)),
            None => page,
        };
        page.body(html! {
            @if nothing { (state::empty(Icon::Clock, &ask.label("booking-queue-empty"))) }
            @for (id, rows) in [("called", &queue.called), ("waiting", &queue.waiting), ("skipped", &queue.skipped)] {
                @if !rows.is_empty() {
                    (section(id, &ask.label(&format!("booking-tickets-{id}")), entries(ask, frame, rows)))
                }
            }
            div class="actions" {
                (button::link("/desk/walk-ins", &ask.label("booking-take-ticket")).secondary())
            }
        })
    }))
}

fn entries(ask: &Ask, frame: &Frame<'_>, rows: &[Row]) -> Markup {
    let words: Vec<(String, String)> = rows
        .iter()
        .map(|row| (format!("/desk/queue/{}", row.ticket.id), named(&row.ticket)))
        .collect();
    let mut entries = list::entries().level(3);
    for (row, (address, title)) in rows.iter().zip(&words) {
        let entry = Entry::new(address, title).line(&row.words);
        entries = entries.entry(
            buttons(ask, frame, &row.ticket, row.booking.as_ref())
                .into_iter()
                .fold(entry, Entry::action),
        );
    }
    html! { (entries) }
}

/// What can be done with a ticket where it stands.
fn buttons(ask: &Ask, frame: &Frame<'_>, ticket: &Ticket, booking: Option<&Booking>) -> Vec<Markup> {
    match ticket.state {
        TicketState::Waiting | TicketState::Skipped => vec![call_button(ask, frame, ticket)],
        TicketState::Called => {
            let here = booking.filter(|booking| booking.state == State::Confirmed);
            here.map(|booking| arrival_button(ask, frame, ticket, booking))
                .into_iter()
                .chain([step_button(ask, frame, ticket, "skip", "booking-ticket-skip")])
                .collect()
        }
        TicketState::Served | TicketState::Left => Vec::new(),
    }
}

fn call_button(ask: &Ask, frame: &Frame<'_>, ticket: &Ticket) -> Markup {
    let (address, version) = (
        format!("/desk/queue/{}/call", ticket.id),
        ticket.version.to_string(),
    );
    let (label, key) = (ask.label("booking-ticket-call"), ask.cx.token());
    html! { (button::post(frame, &address, &label).about(&named(ticket)).field("version", &version).field("key", &key)) }
}

/// The customer comes when called: the booking's own check-in.
fn arrival_button(ask: &Ask, frame: &Frame<'_>, ticket: &Ticket, booking: &Booking) -> Markup {
    let (address, version) = (
        format!("/desk/bookings/{}/check-in", booking.id),
        booking.version.to_string(),
    );
    let label = ask.label("booking-ticket-here");
    html! { (button::post(frame, &address, &label).about(&named(ticket)).field("version", &version)) }
}

fn step_button(ask: &Ask, frame: &Frame<'_>, ticket: &Ticket, path: &str, key: &str) -> Markup {
    let (address, version) = (
        format!("/desk/queue/{}/{path}", ticket.id),
        ticket.version.to_string(),
    );
    html! {
        (button::post(frame, &address, &ask.label(key)).about(&named(ticket)).field("version", &version).secondary())
    }
}

/// `GET /desk/queue/{ticket}`
pub(in crate::pages) async fn one(ask: Ask, Path(id): Path<Id<Ticket>>) -> Answer {
    ticket_page(&ask, id, None).await
}

async fn ticket_page(ask: &Ask, id: Id<Ticket>, no: Option<&Refused>) -> Answer {
    let (ticket, place, booking, steps) = ask
        .read(move |cx, tx| {
            let ticket = ticket_at(tx, cx.shop()?, id)?;
            let place = actions::in_line(tx, &ticket, cx.now())?;
            let booking = ticket.booking.map(|id| store::find(tx, id)).transpose()?;
            Ok((ticket, place, booking, ticket_steps(tx, id)?))
        })
        .await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let title = format!(
        "{} {}",
        named(&ticket),
        ask.label(&format!("booking-ticket-state-{}", ticket.state))
    );
    let answer = super::super::ticket::sentence(ask, &ticket, place.as_ref());
    let back = ask.label("booking-queue");
    Ok(ask.page(Surface::Desk, &title, |frame, page| {
        page.answer(&answer)
            .errors(&errors)
            .back("/desk/queue", &back)
            .body(html! {
                p { (badge(ask, ticket.state)) }
                div class="actions" {
                    @for button in buttons(ask, frame, &ticket, booking.as_ref()) { (button) }
                    @if ticket.state == TicketState::Waiting {
                        (step_button(ask, frame, &ticket, "skip", "booking-ticket-skip"))
                    }
                    @if ticket.state.after(TicketStep::Leave).is_some() {
                        (step_button(ask, frame, &ticket, "leaving", "booking-ticket-leave"))
                    }
                    @if let Some(booking) = &booking {
                        @let address = format!("/desk/bookings/{}", booking.id);
                        (button::link(&address, &ask.label("booking-ticket-booking")).about_hidden(&named(&ticket)).quiet())
                    }
                }
                @if ticket.state == TicketState::Waiting { (code(ask, &ticket)) }
                (history(ask, &steps))
            })
    }))
}

/// The customer's own page, to be scanned or opened.
fn code(ask: &Ask, ticket: &Ticket) -> Markup {
    let path = format!("/tickets/{}", ticket.token);
    let address = format!("{}{path}", ask.app.settings.base_url);
    let drawing = QrCode::new(address.as_bytes()).ok().map(|qr| {
        let drawn = qr.render::<svg::Color<'_>>().min_dimensions(180, 180).build();
        drawn
            .split_once("?>")
            .map_or(drawn.clone(), |(_, svg)| svg.to_owned())
    });
    section(
        "code",
        &ask.label("booking-ticket-code"),
        html! {
            p { (ask.label("booking-ticket-code-hint")) }
            @if let Some(drawing) = drawing {
                div class="qr" role="img" aria-label=(ask.say("booking-ticket-qr", &args![ticket => ticket.name()])) {
                    (maud::PreEscaped(drawing))
                }
            }
            p { (button::link(&path, &ask.label("booking-ticket-page")).about(&ticket.name()).quiet()) }
        },
    )
}

fn history(ask: &Ask, steps: &[(TicketStep, String, Instant)]) -> Markup {
    let sentences: Vec<String> = steps
        .iter()
        .map(|(step, _, at)| {
            let when = show::when(ask.lang(), at.day(), minute_of(at.day(), *at), ask.today());
            format!("{when}，{}", ask.label(&format!("booking-ticket-step-{step}")))
        })
        .collect();
    section(
        "history",
        &ask.label("booking-history"),
        list::sentences(&sentences),
    )
}

#[derive(Deserialize)]
pub(in crate::pages) struct Pressed {
    version: i64,
    #[serde(default)]
    key: String,
}

/// `POST /desk/queue/{ticket}/call`
pub(in crate::pages) async fn call(
    ask: Ask,
    Path(id): Path<Id<Ticket>>,
    Form(pressed): Form<Pressed>,
) -> Answer {
    let key = pressed.key.clone();
    let done = ask
        .write(move |cx, tx| {
            let booking = actions::call(cx, tx, &key, id, pressed.version)?;
            let therapist = therapist::therapist(tx, booking.therapist)?.name;
            let bed = match booking.bed {
                Some(bed) => scheduling::bed(tx, bed)?.name,
                None => String::new(),
            };
            Ok((store::ticket(tx, id)?, therapist, bed))
        })
        .await;
    match done {
        Ok((ticket, therapist, bed)) => {
            let who = show::therapist(ask.lang(), &therapist);
            let said = ask.say(
                "booking-ticket-called-said",
                &args![ticket => named(&ticket), who => who, bed => bed],
            );
            Ok(ask.see_saying("/desk/queue", &said))
        }
        Err(Error::Refused(no)) => Ok(ask.refused(&no, page(&ask, Some(&no)).await?)),
        Err(other) => Err(other.into()),
    }
}

/// `POST /desk/queue/{ticket}/skip`
pub(in crate::pages) async fn skip(
    ask: Ask,
    Path(id): Path<Id<Ticket>>,
    Form(pressed): Form<Pressed>,
) -> Answer {
    let done = ask
        .write(move |cx, tx| actions::skip(cx, tx, id, pressed.version))
        .await;
    after(&ask, id, done).await
}

/// `POST /desk/queue/{ticket}/leaving`
pub(in crate::pages) async fn leave(
    ask: Ask,
    Path(id): Path<Id<Ticket>>,
    Form(pressed): Form<Pressed>,
) -> Answer {
    let done = ask
        .write(move |cx, tx| actions::leave(cx, tx, id, pressed.version))
        .await;
    after(&ask, id, done).await
}

async fn after(ask: &Ask, id: Id<Ticket>, done: Result<Ticket>) -> Answer {
    match done {
        Ok(ticket) => {
            let stands = ask.label(&format!("booking-ticket-state-{}", ticket.state));
            Ok(ask.see_saying("/desk/queue", &format!("{stands} {}", named(&ticket))))
        }
        Err(Error::Refused(no)) => Ok(ask.refused(&no, ticket_page(ask, id, Some(&no)).await?)),
        Err(other) => Err(other.into()),
    }
}
