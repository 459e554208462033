//! A customer stands at the desk (散客): served now, at a time today, or by a number. One form, and a button for each.

use catalog::Service;
use kernel::{Error, Id, Instant, Refused, Result};
use serde::Deserialize;
use text::{args, show};
use therapist::Therapist;
use web::{
    Answer, Ask, Form, Markup, Response, html,
    ui::{Errors, Frame, Surface, button, csrf, field},
};

use super::super::{choose::minute_of, state_word, therapist_of, therapist_tag, whom};
use crate::{
    Entry, actions,
    model::{Booking, Contact, NAME_LENGTH, Refusal, Ticket},
};

/// What the desk types of somebody, at the counter and on the telephone.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Typed {
    /// Service and therapist: [`Offer::value`].
    pub what: String,
    pub name: String,
    pub phone: String,
    /// Business day and time of day, as typed on the telephone.
    pub day: String,
    pub clock: String,
    /// A time that was offered instead.
    pub slot: String,
    /// Asked aloud about health.
    pub health: String,
    /// Agreed to be remembered.
    pub remember: String,
    /// A number was asked for.
    pub queue: String,
    /// Made with the page: sent twice, the form enters once.
    pub key: String,
}

impl Typed {
    pub fn what(&self) -> Result<(Id<Service>, Option<Id<Therapist>>)> {
        read_what(&self.what)
    }

    pub fn slot(&self) -> Option<Instant> {
        self.slot.parse().ok().map(Instant)
    }

    pub fn entry(&self, contact: Contact) -> Result<Entry> {
        let (service, therapist) = self.what()?;
        Ok(Entry {
            service,
            therapist,
            contact,
            remembered: self.remember == "1",
            asked: self.health == "1",
        })
    }
}

/// Service and therapist, as [`Offer::value`] has them.
pub(super) fn read_what(what: &str) -> Result<(Id<Service>, Option<Id<Therapist>>)> {
    let (service, therapist) = what.split_once('.').ok_or(Refusal::NoChoice)?;
    Ok((service.parse()?, therapist_of(Some(therapist))?))
}

/// A service with who serves: one choice of the form.
pub(super) struct Offer {
    pub value: String,
    pub label: String,
    pub service: Service,
    pub therapist: Option<Id<Therapist>>,
}

/// Everything that this shop offers, each service first with whoever is next in turn.
pub(super) async fn offers(ask: &Ask) -> Result<Vec<Offer>> {
    let found = ask
        .read(move |cx, tx| {
            let shop = cx.shop()?.id();
            let people = therapist::of_shop(tx, shop)?;
            let mut found = Vec::new();
            for service in catalog::services_of(tx, shop)? {
                let offering = therapist::who_offers(tx, service.id)?;
                let of_service = people.iter().filter(|person| offering.contains(&person.id));
                found.push((service, of_service.cloned().collect::<Vec<Therapist>>()));
            }
            Ok(found)
        })
        .await?;
    let mut offers = Vec::new();
    for (service, people) in found {
        if people.is_empty() {
            continue;
        }
        let what = format!("{} {}", service.name, show::duration(ask.lang(), service.minutes));
        let offer = |therapist: Option<Id<Therapist>>, who: String| Offer {
            value: format!("{}.{}", service.id, therapist_tag(therapist)),
            label: format!("{what}，{who}"),
            service: service.clone(),
            therapist,
        };
        offers.push(offer(None, ask.label("booking-anyone")));
        for person in people {
            let name = show::therapist(ask.lang(), &person.name);
            let who = ask.say("booking-numbered", &args![who => name, number => person.number]);
            offers.push(offer(Some(person.id), who));
        }
    }
    Ok(offers)
}

/// What was chosen, or what stands first.
pub(super) fn chosen<'a>(offers: &'a [Offer], typed: &Typed) -> Option<&'a Offer> {
    offers
        .iter()
        .find(|offer| offer.value == typed.what)
        .or(offers.first())
}

/// 下午 3 点 20 分; another day is named.
pub(super) fn moment(ask: &Ask, at: Instant) -> String {
    if at.day() == ask.today() {
        show::time(ask.lang(), minute_of(at.day(), at))
    } else {
        show::when(ask.lang(), at.day(), minute_of(at.day(), at), ask.today())
    }
}

/// The errors of a form that has no choice of times: what is wrong with the time stands at `place`, or above the whole form.
pub(super) fn errors_at<'a>(ask: &'a Ask, no: Option<&Refused>, place: Option<&'static str>) -> Errors<'a> {
    match no {
        Some(no) if no.field == Some("slot") => ask.errors_of(&Refused {
            field: place,
            ..no.clone()
        }),
        Some(no) => ask.errors_of(no),
        None => ask.errors(),
    }
}

/// `GET /desk/walk-ins`
pub(in crate::pages) async fn show_form(ask: Ask) -> Answer {
    let typed = Typed {
        key: ask.cx.token(),
        ..Typed::default()
    };
    page(&ask, &typed, None).await
}

/// What the form's buttons lead to.
enum Entered {
    Booked(Booking),
    Waiting(Ticket),
}

/// `POST /desk/walk-ins`
pub(in crate::pages) async fn enter(ask: Ask, Form(typed): Form<Typed>) -> Answer {
    let unnamed = ask.label("booking-walk-in-name");
    let contact = Contact::read_present(&typed.name, &typed.phone, &unnamed);
    let entry = contact
        .map_err(Error::from)
        .and_then(|contact| typed.entry(contact));
    let done = match entry {
        Ok(entry) => {
            let (key, slot, queue) = (typed.key.clone(), typed.slot(), typed.queue == "1");
            ask.write(move |cx, tx| {
                if queue {
                    return Ok(Entered::Waiting(actions::take_ticket(cx, tx, &key, &entry)?));
                }
                Ok(Entered::Booked(actions::walk_in(cx, tx, &key, &entry, slot)?))
            })
            .await
        }
        Err(no) => Err(no),
    };
    match done {
        Ok(Entered::Booked(booking)) => {
            let said = format!("{} {}", state_word(&ask, booking.state), whom(&ask, &booking));
            Ok(ask.see_saying(&format!("/desk/bookings/{}", booking.id), &said))
        }
        Ok(Entered::Waiting(ticket)) => {
            let said = ask.say(
                "booking-ticket-taken-said",
                &args![ticket => ticket.name(), name => ticket.contact.name.as_str()],
            );
            Ok(ask.see_saying(&format!("/desk/queue/{}", ticket.id), &said))
        }
        Err(Error::Refused(no)) => Ok(ask.refused(&no, page(&ask, &typed, Some(&no)).await?)),
        Err(other) => Err(other.into()),
    }
}

/// How full the shop is for what is chosen.
struct Now {
    /// So many therapists could begin at the next slot.
    free: usize,
    /// The earliest time, when nobody could.
    later: Option<Instant>,
    /// So many wait in the line.
    waiting: usize,
}

async fn now(ask: &Ask, offer: Option<&Offer>) -> Result<Now> {
    let asked = offer.map(|offer| (offer.service.clone(), offer.therapist));
    ask.read(move |cx, tx| {
        let waiting = actions::line(tx, cx.shop()?, cx.now())?.len();
        let first = match &asked {
            Some((service, therapist)) => actions::earliest(tx, cx.now(), service, *therapist)?,
            None => None,
        };
        let soon = cx.now().plus_minutes(scheduling::SLOT_MINUTES);
        Ok(match first {
            Some(first) if first.starts_at <= soon => Now {
                free: first.therapists.len(),
                later: None,
                waiting,
            },
            first => Now {
                free: 0,
                later: first.map(|first| first.starts_at),
                waiting,
            },
        })
    })
    .await
}

async fn page(ask: &Ask, typed: &Typed, no: Option<&Refused>) -> Answer {
    let offers = offers(ask).await?;
    let now = now(ask, chosen(&offers, typed)).await?;
    let errors = errors_at(ask, no, None);
    let answer = match (now.free, now.later) {
        (0, Some(at)) => ask.say("booking-walk-in-later", &args![when => moment(ask, at)]),
        (0, None) => ask.label("booking-walk-in-none"),
        (count, _) => ask.say("booking-walk-in-free", &args![count => count]),
    };
    Ok(draw(ask, typed, (&offers, &now), &errors, &answer))
}

fn draw(
    ask: &Ask,
    typed: &Typed,
    (offers, now): (&[Offer], &Now),
    errors: &Errors<'_>,
    answer: &str,
) -> Response {
    let (back, title) = (ask.label("booking-desk-bookings"), ask.label("booking-walk-in"));
    let waiting = ask.say("booking-queue-waiting", &args![count => now.waiting]);
    let (begin, number) = (ask.label("booking-walk-in-now"), ask.label("booking-take-ticket"));
    let together = ask.label("booking-party-counter");
    let later = now.later.map(|at| {
        let words = ask.say("booking-walk-in-at", &args![when => moment(ask, at)]);
        (at.ms().to_string(), words)
    });
    ask.page(Surface::Desk, &title, |frame, page| {
        page.answer(answer)
            .errors(errors)
            .back("/desk/bookings", &back)
            .body(html! {
                @if now.waiting > 0 { p { (waiting) } }
                form method="post" action="/desk/walk-ins" novalidate {
                    (person_fields(ask, frame, typed, offers, errors))
                    div class="actions" {
                        @match &later {
                            Some((slot, words)) => { (button::submit(words).name_value("slot", slot)) }
                            None => { (button::submit(&begin)) }
                        }
                        (button::submit(&number).name_value("queue", "1").secondary())
                    }
                }
                p { a href="/desk/walk-ins/together" { (together) } }
            })
    })
}

/// What is asked of everybody whom the desk enters; name and number are optional here.
fn person_fields(
    ask: &Ask,
    frame: &Frame<'_>,
    typed: &Typed,
    offers: &[Offer],
    errors: &Errors<'_>,
) -> Markup {
    html! {
        (csrf(frame))
        (field::hidden("key", &typed.key))
        (what_field(ask, typed, offers, errors))
        (field::text("name", &ask.label("booking-walk-in-whom")).value(&typed.name)
            .max(u32::try_from(NAME_LENGTH).unwrap_or(u32::MAX)).errors(errors))
        (field::tel("phone", &ask.label("booking-walk-in-phone")).value(&typed.phone).errors(errors))
        (consent_fields(ask, typed, errors))
    }
}

pub(super) fn what_field(ask: &Ask, typed: &Typed, offers: &[Offer], errors: &Errors<'_>) -> Markup {
    let label = ask.label("booking-what");
    let options: Vec<(&str, &str)> = offers
        .iter()
        .map(|offer| (offer.value.as_str(), offer.label.as_str()))
        .collect();
    html! { (field::select("what", &label).options(&options).value(&typed.what).errors(errors)) }
}

/// What is asked aloud and noted by the desk.
pub(super) fn consent_fields(ask: &Ask, typed: &Typed, errors: &Errors<'_>) -> Markup {
    consents(ask, &typed.health, &typed.remember, errors)
}

/// The same two questions, with what was ticked.
pub(super) fn consents(ask: &Ask, health: &str, remember: &str, errors: &Errors<'_>) -> Markup {
    html! {
        p class="hint" { (ask.label("booking-asked-health-hint")) }
        (field::checkbox("health", &ask.label("booking-asked-health")).checked(health == "1").errors(errors))
        (field::checkbox("remember", &ask.label("booking-remember")).checked(remember == "1"))
    }
}
