//! What a shop does at customers' homes: where it goes, what the way costs and takes, what is done there and by whom.

use catalog::{Service, price};
use kernel::{Error, Id, Money, Refused, Result, Shop};
use serde::{Deserialize, Serialize};
use shop::District;
use text::{args, show};
use therapist::Therapist;
use web::{
    Answer, Ask, Form, Markup, Path, html,
    ui::{Entry, Errors, Icon, Surface, button, csrf, field, list, state},
};

use super::home::district_word;
use crate::{
    actions,
    model::{HomeTerms, MOST_FARE, MOST_RADIUS_KM, Refusal},
};

/// Of one shop, for its owner and the centre.
pub(super) const PAGE: &str = "/console/shops/{shop}/home-visits";

/// The form as it is typed.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    on: String,
    radius: String,
    districts: Vec<String>,
    base: String,
    base_km: String,
    per_km: String,
    pace: String,
    least: String,
    services: Vec<String>,
    therapists: Vec<String>,
}

impl Typed {
    fn of(terms: &HomeTerms) -> Typed {
        let yuan = |amount: Money| amount.to_string().trim_start_matches('¥').to_owned();
        Typed {
            on: if terms.on { "1" } else { "" }.to_owned(),
            radius: terms.radius_km.map(|km| km.to_string()).unwrap_or_default(),
            districts: terms.districts.iter().map(|one| one.code().to_owned()).collect(),
            base: yuan(terms.base),
            base_km: terms.base_km.to_string(),
            per_km: yuan(terms.per_km),
            pace: terms.pace.to_string(),
            least: terms.least.to_string(),
            services: terms.services.iter().map(ToString::to_string).collect(),
            therapists: terms.therapists.iter().map(ToString::to_string).collect(),
        }
    }

    fn read(&self) -> Result<HomeTerms> {
        let no_fare = || Refusal::BadFare {
            most: MOST_FARE.fen() / 100,
        };
        let no_radius = Refusal::BadRadius { most: MOST_RADIUS_KM };
        Ok(HomeTerms {
            on: self.on == "1",
            radius_km: match self.radius.trim() {
                "" => None,
                km => Some(km.parse().map_err(|_| no_radius)?),
            },
            districts: self
                .districts
                .iter()
                .map(|code| code.parse::<District>().map_err(|_| Error::NotFound))
                .collect::<Result<_>>()?,
            base: price(&self.base).ok_or_else(no_fare)?,
            base_km: self.base_km.trim().parse().map_err(|_| no_fare())?,
            per_km: price(&self.per_km).ok_or_else(no_fare)?,
            pace: self.pace.trim().parse().map_err(|_| Refusal::BadPace)?,
            least: self.least.trim().parse().map_err(|_| Refusal::BadPace)?,
            services: ids(&self.services)?,
            therapists: ids(&self.therapists)?,
        })
    }
}

fn ids<T>(typed: &[String]) -> Result<Vec<Id<T>>> {
    typed.iter().map(|id| Ok(id.parse()?)).collect()
}

/// What is set, in one sentence: 上门：5 公里内、东城区，车费 ¥20 起
fn in_words(ask: &Ask, terms: &HomeTerms, keys: (&str, &str)) -> String {
    if !terms.on {
        return ask.label(keys.1);
    }
    let circle = terms
        .radius_km
        .map(|km| ask.say("booking-home-circle", &args![km => km]));
    let districts = terms.districts.iter().map(|one| district_word(ask, *one));
    let area: Vec<String> = circle.into_iter().chain(districts).collect();
    ask.say(
        keys.0,
        &args![area => area.join("、"), base => show::money(terms.base)],
    )
}

struct Seen {
    shop: shop::Shop,
    terms: HomeTerms,
    services: Vec<Service>,
    people: Vec<Therapist>,
}

async fn read(ask: &Ask, shop: Id<Shop>) -> Result<Seen> {
    ask.read(move |cx, tx| {
        let shop = cx.shop_named(shop)?.id();
        Ok(Seen {
            shop: shop::shop(tx, shop)?,
            terms: actions::home_terms(tx, shop)?,
            services: catalog::services_of(tx, shop)?,
            people: therapist::of_shop(tx, shop)?,
        })
    })
    .await
}

pub(super) async fn show(ask: Ask, Path(shop): Path<Id<Shop>>) -> Answer {
    let typed = ask.kept().await;
    page(&ask, shop, typed, None).await
}

async fn page(ask: &Ask, shop: Id<Shop>, typed: Option<Typed>, no: Option<&Refused>) -> Answer {
    let seen = read(ask, shop).await?;
    let typed = typed.unwrap_or_else(|| Typed::of(&seen.terms));
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let answer = in_words(ask, &seen.terms, ("booking-home-is", "booking-home-off"));
    let (back, here) = (
        format!("/console/shops/{shop}"),
        format!("/console/shops/{shop}/home-visits"),
    );
    let response = ask.page(
        Surface::Console,
        &ask.label("booking-home-settings"),
        |frame, page| {
            page.answer(&answer)
                .back(&back, &seen.shop.name)
                .errors(&errors)
                .body(html! {
                    form method="post" action=(here) novalidate {
                        (csrf(frame))
                        (fields(ask, &typed, &errors))
                        (who_and_what(ask, &seen, &typed, &errors))
                        (button::submit(&ask.label("booking-home-save")))
                    }
                })
        },
    );
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

/// Where, how much and how long.
fn fields(ask: &Ask, typed: &Typed, errors: &Errors<'_>) -> Markup {
    let label = |key: &str| ask.label(key);
    let districts: Vec<(String, String)> = District::ALL
        .iter()
        .map(|one| (one.code().to_owned(), district_word(ask, *one)))
        .collect();
    html! {
        (field::checkbox("on", &label("booking-home-on")).checked(typed.on == "1"))
        (field::number("radius", &label("booking-home-radius")).hint(&label("booking-home-radius-hint"))
            .value(&typed.radius).errors(errors))
        (several("districts", &label("booking-home-districts"), &districts, &typed.districts)
            .hint(&label("booking-home-districts-hint")).errors(errors))
        (field::yuan("base", &label("booking-home-base")).value(&typed.base).errors(errors))
        (field::number("base_km", &label("booking-home-base-km")).value(&typed.base_km).errors(errors))
        (field::yuan("per_km", &label("booking-home-per-km")).value(&typed.per_km).errors(errors))
        (field::number("pace", &label("booking-home-pace")).hint(&label("booking-home-pace-hint"))
            .value(&typed.pace).errors(errors))
        (field::number("least", &label("booking-home-least")).value(&typed.least).errors(errors))
    }
}

fn who_and_what(ask: &Ask, seen: &Seen, typed: &Typed, errors: &Errors<'_>) -> Markup {
    let services: Vec<(String, String)> = seen
        .services
        .iter()
        .map(|service| (service.id.to_string(), service.name.clone()))
        .collect();
    let people: Vec<(String, String)> = seen
        .people
        .iter()
        .map(|person| (person.id.to_string(), show::therapist(ask.lang(), &person.name)))
        .collect();
    html! {
        (several("services", &ask.label("booking-home-services"), &services, &typed.services).errors(errors))
        (several("therapists", &ask.label("booking-home-therapists"), &people, &typed.therapists).errors(errors))
    }
}

fn several<'a>(
    name: &'a str,
    legend: &'a str,
    choices: &'a [(String, String)],
    set: &'a [String],
) -> field::Choices<'a> {
    let choices: Vec<(&str, &str)> = choices
        .iter()
        .map(|(value, label)| (value.as_str(), label.as_str()))
        .collect();
    let set: Vec<&str> = set.iter().map(String::as_str).collect();
    field::checkboxes(name, legend).options(&choices).values(&set)
}

pub(super) async fn save(ask: Ask, Path(shop): Path<Id<Shop>>, Form(typed): Form<Typed>) -> Answer {
    let saved = match typed.read() {
        Ok(terms) => {
            ask.write(move |cx, tx| {
                actions::set_home_terms(cx, tx, shop, &terms)?;
                Ok(terms.clone())
            })
            .await
        }
        Err(no) => Err(no),
    };
    match saved {
        Ok(terms) => {
            let said = in_words(&ask, &terms, ("booking-home-is-said", "booking-home-off-said"));
            Ok(ask.see_saying(&format!("/console/shops/{shop}/home-visits"), &said))
        }
        Err(Error::Refused(no)) => page(&ask, shop, Some(typed), Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

/// The shops that go to customers, for the centre.
pub(super) async fn shops(ask: Ask) -> Answer {
    let shops = ask
        .read(|_, tx| {
            let going = actions::all_home_terms(tx)?
                .into_iter()
                .filter(|(_, terms)| terms.on);
            going
                .map(|(shop, terms)| Ok((shop::shop(tx, shop)?, terms)))
                .collect::<Result<Vec<_>>>()
        })
        .await?;
    let answer = match shops.len() {
        0 => ask.label("booking-home-shops-none"),
        count => ask.say("booking-home-shops-count", &args![count => count]),
    };
    let rows: Vec<(String, &str, String)> = shops
        .iter()
        .map(|(shop, terms)| {
            (
                format!("/console/shops/{}/home-visits", shop.id),
                shop.name.as_str(),
                in_words(&ask, terms, ("booking-home-is", "booking-home-off")),
            )
        })
        .collect();
    Ok(
        ask.page(Surface::Console, &ask.label("booking-home-shops"), |_, page| {
            let mut entries = list::entries();
            for (address, name, line) in &rows {
                entries = entries.entry(Entry::new(address, name).line(line));
            }
            page.answer(&answer).body(html! {
                @if rows.is_empty() { (state::empty(Icon::Shop, &ask.label("booking-home-shops-none"))) }
                @else { (entries) }
            })
        }),
    )
}
