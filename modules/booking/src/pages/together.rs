//! Several people, or several services, in one visit: how many, who and what, when, and the names. The way of one person
//! passes by here only when it wants to. What was chosen stands in the address from page to page.

mod details;

use std::collections::HashMap;

use catalog::Service;
use kernel::{Day, Error, Id, Instant, Refused, Result, Shop};
use scheduling::FreeDay;
use serde::{Deserialize, Serialize};
use text::{args, show};
use therapist::Therapist;
use web::{
    Answer, Ask, Markup, Path, Query, Response, html,
    ui::{self, Choice, Errors, Surface, TimeChoice, button, field},
};

pub(super) use details::{NAMES, details, send};

use super::{
    choose::{minute_of, part_of},
    therapist_of,
};
use crate::{
    Item, actions,
    model::{MOST_TOGETHER, Refusal},
};

/// One person has so many services in a visit at the most.
const MOST_IN_TURN: usize = 3;
/// How many come, in an address, where one person has several services.
pub(super) const IN_TURN: &str = "in-turn";

/// What was chosen and typed so far: the fields of the forms by name, kept over a sign-in.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Typed(HashMap<String, String>);

impl Typed {
    pub(super) fn of(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    pub(super) fn at(&self, name: &str, place: usize) -> &str {
        self.of(&format!("{name}{place}"))
    }

    pub(super) fn in_turn(&self) -> bool {
        self.of("people") == IN_TURN
    }

    /// How many rows there are to fill in.
    pub(super) fn rows(&self) -> usize {
        match self.of("people") {
            IN_TURN => MOST_IN_TURN,
            many => many.parse().unwrap_or(2).clamp(2, MOST_TOGETHER),
        }
    }

    pub(super) fn one_room(&self) -> bool {
        self.of("room") == "1"
    }

    pub(super) fn starts_at(&self) -> Option<Instant> {
        self.of("slot").parse().ok().map(Instant)
    }

    /// The rows in which this field was filled in.
    pub(super) fn filled(&self, name: &str) -> impl Iterator<Item = usize> {
        (0..self.rows()).filter(move |place| !self.at(name, *place).is_empty())
    }

    /// What a field holds before anything was typed in it.
    pub(super) fn fill(&mut self, name: &str, value: String) {
        self.0.entry(name.to_owned()).or_insert(value);
    }

    /// The rows that were filled in: service and whoever is asked for.
    fn chosen(&self) -> Result<Vec<(Id<Service>, Option<Id<Therapist>>)>> {
        self.filled("service")
            .map(|place| {
                let service = self.at("service", place).parse()?;
                Ok((service, therapist_of(Some(self.at("therapist", place)))?))
            })
            .collect()
    }

    /// What is carried on from page to page, as an address has it.
    fn address(&self, shop: Id<Shop>, page: &str) -> String {
        let mut address = format!("/shops/{shop}/together{page}?people={}", self.of("people"));
        for (name, value) in self.carried() {
            address.push_str(&format!("&{name}={value}"));
        }
        address
    }

    /// The fields of earlier pages: identifiers and figures only, so they stand in an address as they are.
    fn carried(&self) -> Vec<(String, String)> {
        let mut carried = Vec::new();
        for place in 0..self.rows() {
            for name in ["service", "therapist"] {
                carried.push((format!("{name}{place}"), self.at(name, place).to_owned()));
            }
        }
        carried.push(("room".to_owned(), self.of("room").to_owned()));
        let plain = |value: &String| value.chars().all(|sign| sign.is_ascii_alphanumeric());
        carried.retain(|(_, value)| !value.is_empty() && plain(value));
        carried
    }

    fn carried_fields(&self) -> Markup {
        html! {
            (field::hidden("people", self.of("people")))
            @for (name, value) in self.carried() { (field::hidden(&name, &value)) }
        }
    }
}

/// The shop and what of it can be had by several.
struct Offered {
    shop: shop::Shop,
    services: Vec<Service>,
    people: Vec<Therapist>,
    /// Whether it has rooms to be together in.
    rooms: bool,
}

async fn offered(ask: &Ask, shop: Id<Shop>) -> Result<Offered> {
    ask.read(move |_, tx| {
        let found = shop::shop(tx, shop)?;
        if !found.is_active() {
            return Err(Error::NotFound);
        }
        let mut services = Vec::new();
        for service in catalog::services_of(tx, shop)? {
            // What asks something that must be answered is booked by itself: there is one form for all.
            let asked = catalog::asked(tx, &service, true)?;
            if service.listed && !asked.iter().any(|asked| asked.required) {
                services.push(service);
            }
        }
        Ok(Offered {
            services,
            people: therapist::of_shop(tx, shop)?,
            rooms: !scheduling::rooms(tx, shop)?.is_empty(),
            shop: found,
        })
    })
    .await
}

/// How many come.
pub(super) async fn how_many(ask: Ask, Path(shop): Path<Id<Shop>>, Query(typed): Query<Typed>) -> Answer {
    let offered = offered(&ask, shop).await?;
    let mut choices: Vec<(String, String)> = (2..=MOST_TOGETHER)
        .map(|many| {
            let words = ask.say("booking-together-people", &args![count => many]);
            (many.to_string(), words)
        })
        .collect();
    choices.push((IN_TURN.to_owned(), ask.label("booking-together-in-turn")));
    let (title, next) = (
        ask.label("booking-together-title"),
        ask.label("booking-together-next-who"),
    );
    let answer = ask.label("booking-together-answer");
    let (back, place) = (format!("/shops/{shop}/book"), ask.label("booking-choose-service"));
    let action = format!("/shops/{shop}/together/who");
    let legend = ask.label("booking-together-how-many");
    let first = [
        ("service0", typed.of("service0")),
        ("therapist0", typed.of("therapist0")),
    ];
    Ok(ask.page(Surface::Customer, &title, |_, page| {
        page.answer(&answer)
            .back(&back, &place)
            .primary(html! { (button::submit(&next).form("many")) })
            .body(html! {
                form id="many" method="get" action=(action) novalidate {
                    @for (name, value) in first { @if !value.is_empty() { (field::hidden(name, value)) } }
                    @let radios = field::radios("people", &legend).value("2");
                    (choices.iter().fold(radios, |radios, (value, words)| radios.option(Choice::new(value, words))))
                }
                p { (offered.shop.name) }
            })
    }))
}

/// What each has, and with whom.
pub(super) async fn who(ask: Ask, Path(shop): Path<Id<Shop>>, Query(typed): Query<Typed>) -> Answer {
    who_page(&ask, shop, &typed, None).await
}

async fn who_page(ask: &Ask, shop: Id<Shop>, typed: &Typed, no: Option<&Refused>) -> Answer {
    let offered = offered(ask, shop).await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let key = if typed.in_turn() {
        "booking-together-in-turn"
    } else {
        "booking-together-people"
    };
    let title = ask.say(key, &args![count => typed.rows()]);
    let answer = ask.label("booking-together-who-answer");
    let back = format!("/shops/{shop}/together");
    let (place, next) = (
        ask.label("booking-together-title"),
        ask.label("booking-together-next-when"),
    );
    let action = format!("/shops/{shop}/together/times");
    let response = ask.page(Surface::Customer, &title, |_, page| {
        page.answer(&answer)
            .errors(&errors)
            .back(&back, &place)
            .primary(html! { (button::submit(&next).form("who")) })
            .body(html! {
                form id="who" method="get" action=(action) novalidate {
                    (field::hidden("people", typed.of("people")))
                    @for row in 0..typed.rows() { (row_fields(ask, &offered, typed, row, &errors)) }
                    @if offered.rooms && !typed.in_turn() {
                        (field::checkbox("room", &ask.label("booking-together-room")).checked(typed.one_room()))
                    }
                }
            })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

fn row_fields(ask: &Ask, offered: &Offered, typed: &Typed, row: usize, errors: &Errors<'_>) -> Markup {
    let number = row + 1;
    let key = if typed.in_turn() {
        "booking-together-nth-service"
    } else {
        "booking-together-nth-person"
    };
    let nth = ask.say(key, &args![number => number]);
    let (service_label, who_label) = (
        ask.say("booking-together-service", &args![who => nth.as_str()]),
        ask.say("booking-together-therapist", &args![who => nth.as_str()]),
    );
    let mut services: Vec<(String, String)> = Vec::new();
    // One who has several services has two at least; the third is no must.
    if typed.in_turn() && row >= 2 {
        services.push((String::new(), ask.label("booking-together-no-more")));
    }
    services.extend(offered.services.iter().map(|service| {
        let (length, price) = (
            show::duration(ask.lang(), service.minutes),
            show::money(service.price),
        );
        (
            service.id.to_string(),
            format!("{}，{length}，{price}", service.name),
        )
    }));
    let mut people = vec![("any".to_owned(), ask.label("booking-any"))];
    people.extend(
        offered
            .people
            .iter()
            .map(|person| (person.id.to_string(), show::therapist(ask.lang(), &person.name))),
    );
    html! {
        fieldset {
            legend { (nth) }
            (field::select(&format!("service{row}"), &service_label).options(&refs(&services))
                .value(typed.at("service", row)).errors(errors))
            (field::select(&format!("therapist{row}"), &who_label).options(&refs(&people))
                .value(typed.at("therapist", row)).errors(errors))
        }
    }
}

pub(super) fn refs(words: &[(String, String)]) -> Vec<(&str, &str)> {
    words
        .iter()
        .map(|(value, words)| (value.as_str(), words.as_str()))
        .collect()
}

/// The services that were chosen, as they are offered now.
async fn items(ask: &Ask, shop: Id<Shop>, typed: &Typed) -> Result<Vec<Item>> {
    let chosen = typed.chosen()?;
    if chosen.len() < 2 {
        return Err(Refusal::NotSeveral { most: MOST_TOGETHER }.into());
    }
    ask.read(move |_, tx| {
        let mut items = Vec::new();
        for (service, therapist) in &chosen {
            let service = catalog::service(tx, *service)?;
            if service.shop != shop || !service.listed {
                return Err(Error::NotFound);
            }
            actions::candidates(tx, &service, *therapist)?;
            items.push(Item {
                service,
                therapist: *therapist,
            });
        }
        Ok(items)
    })
    .await
}

async fn free(ask: &Ask, typed: &Typed, items: &[Item]) -> Result<Vec<FreeDay>> {
    let (items, in_turn, one_room) = (items.to_vec(), typed.in_turn(), typed.one_room());
    ask.read(move |cx, tx| actions::free_together(tx, cx.now(), &items, in_turn, one_room))
        .await
}

/// When everybody finds somebody.
pub(super) async fn times(ask: Ask, Path(shop): Path<Id<Shop>>, Query(typed): Query<Typed>) -> Answer {
    match items(&ask, shop, &typed).await {
        Ok(items) => times_page(&ask, shop, &typed, &items, None).await,
        Err(Error::Refused(no)) => who_page(&ask, shop, &typed, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

async fn times_page(
    ask: &Ask,
    shop: Id<Shop>,
    typed: &Typed,
    items: &[Item],
    no: Option<&Refused>,
) -> Answer {
    let days = free(ask, typed, items).await?;
    let first = days.iter().find(|day| !day.times.is_empty());
    let asked = Day::parse(typed.of("day"));
    let current = asked
        .and_then(|asked| days.iter().find(|day| day.day == asked))
        .or(first)
        .or(days.first());
    let answer = match first {
        Some(first) => {
            let day = current.filter(|day| !day.times.is_empty()).unwrap_or(first);
            let earliest = minute_of(day.day, day.times[0].starts_at);
            ask.say(
                "booking-free-sentence",
                &args![
                    day => show::day(ask.lang(), day.day, ask.today()),
                    count => day.times.len(),
                    earliest => show::time(ask.lang(), earliest),
                ],
            )
        }
        None => ask.label("booking-together-nothing-free"),
    };
    let response = draw_times(ask, shop, typed, (&days, current), &answer, no);
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

fn draw_times(
    ask: &Ask,
    shop: Id<Shop>,
    typed: &Typed,
    (days, current): (&[FreeDay], Option<&FreeDay>),
    answer: &str,
    no: Option<&Refused>,
) -> Response {
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let here = typed.address(shop, "/times");
    let tabs: Vec<[String; 4]> = days.iter().map(|day| day_words(ask, &here, day)).collect();
    let rows: Vec<[String; 5]> = current.map(|day| time_words(ask, day)).unwrap_or_default();
    let (legend, pick_day) = (ask.label("booking-choose-time"), ask.label("booking-choose-day"));
    let (back, place) = (typed.address(shop, "/who"), ask.label("booking-together-title"));
    let (next, action) = (
        ask.label("booking-next"),
        format!("/shops/{shop}/together/details"),
    );
    ask.page(Surface::Customer, &ask.label("booking-choose-when"), |_, page| {
        let mut choice = TimeChoice::new("slot", &legend, &pick_day).errors(&errors);
        for (day, [href, label, date, free]) in days.iter().zip(&tabs) {
            choice = choice.day(ui::Day {
                href,
                label,
                date,
                free,
                open: !day.times.is_empty(),
                current: current.is_some_and(|current| current.day == day.day),
            });
        }
        let mut part = "";
        for [heading, value, label, time, who] in &rows {
            if heading != part {
                part = heading;
                choice = choice.part(heading);
            }
            choice = choice.time(value, label, time, who);
        }
        page.answer(answer)
            .errors(&errors)
            .back(&back, &place)
            .primary(html! { (button::submit(&next).form("choose")) })
            .body(html! {
                form id="choose" method="get" action=(action) novalidate {
                    (typed.carried_fields())
                    (choice)
                }
            })
    })
}

/// Address, name, date and how much is free.
fn day_words(ask: &Ask, here: &str, day: &FreeDay) -> [String; 4] {
    let (date, named) = (
        show::date(ask.lang(), day.day),
        show::day(ask.lang(), day.day, ask.today()),
    );
    let free = match (day.open, day.times.len()) {
        (false, _) => ask.label("booking-day-closed"),
        (true, 0) => ask.label("booking-day-full"),
        (true, count) => ask.say("booking-day-free", &args![count => count]),
    };
    let date = if named == date { String::new() } else { date };
    [format!("{here}&day={}", day.day), named, date, free]
}

/// Part of the day, value, whole name, time, and how many are served.
fn time_words(ask: &Ask, day: &FreeDay) -> Vec<[String; 5]> {
    let words = |time: &scheduling::FreeTime| {
        let minute = minute_of(day.day, time.starts_at);
        let spoken = show::time(ask.lang(), minute);
        let who = ask.say(
            "booking-together-all-free",
            &args![count => time.therapists.len()],
        );
        let label = ask.say(
            "booking-time-free",
            &args![time => spoken.as_str(), who => who.as_str()],
        );
        [
            ask.label(part_of(minute)),
            time.starts_at.ms().to_string(),
            label,
            spoken,
            who,
        ]
    };
    day.times.iter().map(words).collect()
}
