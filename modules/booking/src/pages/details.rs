//! The last page before paying: who comes, what they would like, the health declaration. Sent once, it claims the time.

use std::collections::HashMap;

use catalog::{Attribute, FIELDS, Prepay, Service};
use kernel::{Error, Id, Instant, Money, Refused, Result};
use scheduling::FreeTime;
use serde::{Deserialize, Serialize};
use text::{args, show};
use web::{
    Answer, Ask, Form, Markup, Path, Query, Response, html,
    ui::{Choice, Errors, Frame, Surface, button, csrf, field, list, money},
};

use super::{
    choose::{Offer, minute_of, times_page},
    home, therapist_of,
};
use crate::{
    Wish, actions,
    model::{Address, Contact, NAME_LENGTH, NOTE_LENGTH, Refusal, Strength, Wishes},
};

/// The form, as it is typed, kept over a sign-in, and shown again.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    service: String,
    #[serde(default)]
    therapist: String,
    #[serde(default)]
    slot: String,
    /// Where the therapist is to go, by number; empty for the shop.
    #[serde(default)]
    home: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    strength: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    health: String,
    /// The entry of the waitlist that the time is kept for, if it is.
    #[serde(default)]
    entry: String,
    /// Made with the page: sent twice, the form books once.
    #[serde(default)]
    key: String,
    /// What was asked when the page was made, as [`asked_tag`] writes it.
    #[serde(default)]
    asked: String,
    /// The answers, under the names of [`FIELDS`].
    #[serde(flatten)]
    answers: HashMap<String, String>,
}

impl Typed {
    fn starts_at(&self) -> Option<Instant> {
        self.slot.parse().ok().map(Instant)
    }

    fn answer(&self, place: usize) -> &str {
        let typed = FIELDS.get(place).and_then(|name| self.answers.get(*name));
        typed.map_or("", String::as_str)
    }

    fn wish(&self, service: Id<Service>) -> Result<Wish> {
        let starts_at = self.starts_at().ok_or(Refusal::NoTime)?;
        let contact = Contact::read(&self.name, &self.phone)?;
        let wishes = Wishes::read(self.strength.parse().unwrap_or(Strength::Medium), &self.note)?;
        let therapist = therapist_of(Some(&self.therapist))?;
        Ok(Wish {
            service,
            therapist,
            starts_at,
            contact,
            wishes,
            declared: self.health == "1",
        })
    }
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    home: Option<String>,
    therapist: Option<String>,
    slot: Option<String>,
    entry: Option<String>,
}

pub(super) async fn show(
    ask: Ask,
    Path((shop, service)): Path<(Id<kernel::Shop>, Id<Service>)>,
    Query(chosen): Query<Chosen>,
) -> Answer {
    let offer = Offer::read(&ask, shop, service, chosen.therapist.as_deref()).await?;
    let offer = offer.at(&ask, chosen.home.as_deref()).await?;
    let slot = chosen.slot.unwrap_or_default();
    if slot.is_empty() {
        let no = Refused::from(Refusal::NoTime);
        return Ok(ask.refused(&no, times_page(&ask, &offer, None, Some(&no)).await?));
    }
    let id = ask.customer()?;
    let known = ask.read(move |_, tx| identity::customer(tx, id)).await?;
    let typed = ask.kept().await.unwrap_or_else(|| Typed {
        service: service.to_string(),
        therapist: offer.therapist_tag(),
        home: offer
            .home
            .map(|home| home.address.to_string())
            .unwrap_or_default(),
        slot,
        name: known.name.unwrap_or_default(),
        phone: known.phone.unwrap_or_default(),
        strength: Strength::Medium.code().to_owned(),
        entry: chosen.entry.unwrap_or_default(),
        key: ask.cx.token(),
        ..Typed::default()
    });
    page(&ask, &offer, &typed, None).await
}

/// Claims the time and leads on to paying. Refused, the page comes back with everything that was typed; a time that is gone
/// has the three nearest beside it.
pub(super) async fn send(ask: Ask, Form(typed): Form<Typed>) -> Answer {
    let service: Id<Service> = typed.service.parse()?;
    let requested = match typed.wish(service) {
        Ok(wish) => {
            let (key, seen) = (typed.key.clone(), typed.asked.clone());
            let kept_for = match typed.entry.as_str() {
                "" => None,
                entry => Some(entry.parse()?),
            };
            let address: Option<Id<Address>> = match typed.home.as_str() {
                "" => None,
                address => Some(address.parse()?),
            };
            let answers: Vec<String> = (0..FIELDS.len())
                .map(|place| typed.answer(place).to_owned())
                .collect();
            ask.write(move |cx, tx| {
                let service = catalog::service(tx, wish.service)?;
                let asked = catalog::asked(tx, &service, wish.therapist.is_some())?;
                // An answer belongs to the question that stood above it.
                if asked_tag(&asked) != seen {
                    return Err(catalog::Refusal::AskedOther.into());
                }
                let answers = &answers[..asked.len()];
                match (kept_for, address) {
                    (Some(entry), _) => actions::take_offer(cx, tx, &key, entry, &wish, answers),
                    (None, Some(address)) => actions::request_at_home(cx, tx, &key, &wish, answers, address),
                    (None, None) => actions::request_with(cx, tx, &key, &wish, answers),
                }
            })
            .await
        }
        Err(no) => Err(no),
    };
    match requested {
        Ok(booking) => Ok(ask.see(&format!("/orders/{}/payment", booking.order))),
        Err(Error::Refused(no)) => {
            let shop = ask
                .read(move |_, tx| Ok(catalog::service(tx, service)?.shop))
                .await?;
            let offer = Offer::read(&ask, shop, service, Some(&typed.therapist)).await?;
            let offer = offer.at(&ask, Some(&typed.home)).await?;
            Ok(ask.refused(&no, page(&ask, &offer, &typed, Some(&no)).await?))
        }
        Err(other) => Err(other.into()),
    }
}

async fn page(ask: &Ask, offer: &Offer, typed: &Typed, no: Option<&Refused>) -> Answer {
    let Some(starts_at) = typed.starts_at() else {
        return Err(Error::NotFound.into());
    };
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let others = match no {
        Some(no) if no.field == Some("slot") => others(ask, offer, starts_at).await?,
        _ => Vec::new(),
    };
    let (service, named) = (offer.service.clone(), offer.named.is_some());
    let terms = ask
        .read(move |_, tx| {
            Ok(Terms {
                asked: catalog::asked(tx, &service, named)?,
                prepay: catalog::prepay(tx, service.id)?,
            })
        })
        .await?;
    Ok(draw(ask, offer, typed, &errors, (&terms, &others)))
}

/// What the shop asks and how it wants to be paid.
struct Terms {
    asked: Vec<Attribute>,
    prepay: Prepay,
}

/// Tells one list of questions from another.
fn asked_tag(asked: &[Attribute]) -> String {
    let ids: Vec<String> = asked.iter().map(|attribute| attribute.id.to_string()).collect();
    ids.join(" ")
}

/// What can be had instead: value and words.
async fn others(ask: &Ask, offer: &Offer, wanted: Instant) -> Result<Vec<(String, String)>> {
    let (service, named) = (offer.service.clone(), offer.named.as_ref().map(|named| named.id));
    let trip = offer.home.map(|home| home.trip());
    let times = ask
        .read(move |cx, tx| match trip {
            Some(trip) => actions::alternatives_at_home(tx, cx.now(), &service, named, (trip, wanted)),
            None => actions::alternatives(tx, cx.now(), &service, named, wanted),
        })
        .await?;
    let words = |time: &FreeTime| (time.starts_at.ms().to_string(), moment(ask, time.starts_at));
    Ok(times.iter().map(words).collect())
}

/// 明天下午 3 点
fn moment(ask: &Ask, at: Instant) -> String {
    show::when(ask.lang(), at.day(), minute_of(at.day(), at), ask.today())
}

fn draw(
    ask: &Ask,
    offer: &Offer,
    typed: &Typed,
    errors: &Errors<'_>,
    (terms, others): (&Terms, &[(String, String)]),
) -> Response {
    // The way is paid in advance, however the service is.
    let fare = offer.home.map_or(Money::ZERO, |home| home.trip().fare);
    let due_now = terms.prepay.due_now(offer.service.price) + fare;
    let due_later = offer.service.price + fare - due_now;
    let when = moment(ask, typed.starts_at().unwrap_or_default());
    let price = show::money(offer.service.price + fare);
    let who = offer.who(ask);
    let answer = ask.say(
        "booking-details-answer",
        &args![when => when.as_str(), who => who.as_str(), price => price.as_str()],
    );
    let together = format!(
        "/shops/{}/together?service0={}&therapist0={}",
        offer.shop.id,
        offer.service.id,
        offer.therapist_tag()
    );
    let pay = match due_now {
        Money::ZERO => ask.label("booking-book"),
        due => ask.say("booking-go-to-pay", &args![price => show::money(due)]),
    };
    let (back, place) = match typed.entry.as_str() {
        "" => (offer.times_address(), ask.label("booking-choose-when")),
        entry => (format!("/waitlist/{entry}"), ask.label("booking-wait-own")),
    };
    ask.page(
        Surface::Customer,
        &ask.label("booking-details-title"),
        |frame, page| {
            page.answer(&answer)
                .errors(errors)
                .back(&back, &place)
                .primary(html! { (button::submit(&pay).form("book")) })
                .body(html! {
                    (form(ask, frame, typed, errors, (terms, others)))
                    (facts(ask, offer, &who))
                    @if due_later > Money::ZERO {
                        (list::facts()
                            .row(&ask.label("booking-due-now"), money::amount(due_now.fen()))
                            .row(&ask.label("booking-due-later"), money::amount(due_later.fen())))
                    }
                    @if typed.entry.is_empty() && offer.home.is_none() {
                        div class="actions" { (button::link(&together, &ask.label("booking-together-add")).quiet()) }
                    }
                })
        },
    )
}

/// What is booked, and what it costs: the way is a price of its own.
fn facts(ask: &Ask, offer: &Offer, who: &str) -> Markup {
    let price = offer.service.price;
    let row = |key: &str, value: Markup| (ask.label(key), value);
    let length = show::duration(ask.lang(), offer.service.minutes);
    let place = match &offer.home {
        None => html! { (offer.shop.name) "，" (offer.shop.address) },
        Some(home) => html! {
            (ask.label("booking-at-home")) "，" (home::district_word(ask, home.visit.district))
        },
    };
    let mut rows = vec![
        row("booking-service", html! { (offer.service.name) }),
        row("booking-minutes", html! { (length) }),
        row("booking-who", html! { (who) }),
        row("booking-where", place),
    ];
    if let Some(home) = &offer.home {
        rows.push(row(
            "booking-home-way",
            html! { (home::way_line(ask, home.trip())) },
        ));
    }
    rows.push(row("booking-price", money::amount(price.fen())));
    if let Some(home) = &offer.home {
        let fare = home.trip().fare;
        rows.push(row("booking-fare", money::amount(fare.fen())));
        rows.push(row("booking-total", money::amount((price + fare).fen())));
    }
    super::facts(&rows)
}

fn form(
    ask: &Ask,
    frame: &Frame<'_>,
    typed: &Typed,
    errors: &Errors<'_>,
    (terms, others): (&Terms, &[(String, String)]),
) -> Markup {
    let label = |key: &str| ask.label(key);
    let strengths: Vec<(&str, String)> = Strength::ALL
        .iter()
        .map(|strength| (strength.code(), label(&format!("booking-strength-{strength}"))))
        .collect();
    let strengths: Vec<(&str, &str)> = strengths
        .iter()
        .map(|(code, words)| (*code, words.as_str()))
        .collect();
    html! {
        form method="post" action="/bookings" id="book" novalidate {
            (csrf(frame))
            (field::hidden("service", &typed.service))
            (field::hidden("therapist", &typed.therapist))
            @if !typed.home.is_empty() { (field::hidden("home", &typed.home)) }
            (field::hidden("key", &typed.key))
            @if !typed.entry.is_empty() { (field::hidden("entry", &typed.entry)) }
            (field::hidden("asked", &asked_tag(&terms.asked)))
            @if others.is_empty() { (field::hidden("slot", &typed.slot)) } @else {
                @let legend = label("booking-other-times");
                @let radios = field::radios("slot", &legend).errors(errors);
                (others.iter().fold(radios, |radios, (value, words)| radios.option(Choice::new(value, words))))
            }
            (field::text("name", &label("booking-name"))
                .value(&typed.name).hint(&label("booking-name-hint")).autocomplete("name")
                .max(u32::try_from(NAME_LENGTH).unwrap_or(u32::MAX)).errors(errors))
            (field::tel("phone", &label("booking-phone")).value(&typed.phone).autocomplete("tel").errors(errors))
            (field::radios("strength", &label("booking-strength")).options(&strengths).value(&typed.strength).inline())
            (field::textarea("note", &label("booking-note"))
                .value(&typed.note).rows(2).max(u32::try_from(NOTE_LENGTH).unwrap_or(u32::MAX)).errors(errors))
            (catalog::question_fields(ask, &terms.asked, |place| typed.answer(place), errors))
            p { (label("booking-health-text")) }
            (field::checkbox("health", &label("booking-health")).checked(typed.health == "1").errors(errors))
        }
    }
}
