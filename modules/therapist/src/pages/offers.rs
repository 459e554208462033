//! The form of what a therapist offers.

use catalog::Service;
use kernel::{Error, Id, Refused, Result};
use serde::Deserialize;
use text::args;
use web::{
    Answer, Ask, Form, Path, Response, html,
    ui::{Choice, Surface, button, csrf, field},
};

use super::{House, InShop, address, therapist_here};
use crate::{Refusal, Therapist, actions};

const ALL: &str = "all";
const SOME: &str = "some";

/// What was chosen.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(super) struct OffersForm {
    range: String,
    services: Vec<String>,
}

impl OffersForm {
    fn of(named: &[Id<Service>]) -> OffersForm {
        OffersForm {
            range: if named.is_empty() { ALL } else { SOME }.to_owned(),
            services: named.iter().map(Id::to_string).collect(),
        }
    }

    /// The services meant; none: all. Saying "only these" and choosing none would silently mean all, so it is refused.
    fn read(&self) -> Result<Vec<Id<Service>>> {
        if self.range == ALL {
            return Ok(Vec::new());
        }
        if self.services.is_empty() {
            return Err(Refusal::NoService.into());
        }
        self.services
            .iter()
            .map(|id| id.parse().map_err(|_| Refusal::BadService.into()))
            .collect()
    }
}

pub(super) async fn show(ask: Ask, Path((shop, id)): InShop) -> Answer {
    let house = ask.read(move |cx, tx| House::find(cx, tx, shop)).await?;
    let therapist = house.therapist(id)?;
    let form = ask
        .kept()
        .await
        .unwrap_or_else(|| OffersForm::of(house.named(id)));
    Ok(offers_page(&ask, &house, therapist, &form, None))
}

pub(super) async fn save(ask: Ask, Path((shop, id)): InShop, Form(form): Form<OffersForm>) -> Answer {
    let saved = match form.read() {
        Ok(services) => {
            let count = services.len();
            let saved = ask.write(move |cx, tx| {
                let therapist = therapist_here(cx, tx, shop, id)?;
                actions::offer_only(cx, tx, id, &services)?;
                Ok(therapist)
            });
            saved.await.map(|therapist| (therapist, count))
        }
        Err(error) => Err(error),
    };
    match saved {
        Ok((therapist, count)) => {
            let key = if count == 0 {
                "therapist-said-all"
            } else {
                "therapist-said-some"
            };
            let said = ask.say(key, &args![name => therapist.name.as_str(), count => count]);
            Ok(ask.see_saying(&address(shop), &said))
        }
        Err(Error::Refused(no)) => {
            let house = ask.read(move |cx, tx| House::find(cx, tx, shop)).await?;
            let therapist = house.therapist(id)?;
            Ok(ask.refused(&no, offers_page(&ask, &house, therapist, &form, Some(&no))))
        }
        Err(other) => Err(other.into()),
    }
}

fn offers_page(
    ask: &Ask,
    house: &House,
    therapist: &Therapist,
    form: &OffersForm,
    no: Option<&Refused>,
) -> Response {
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let title = ask.say(
        "therapist-services-title",
        &args![name => therapist.name.as_str()],
    );
    let answer = match house.named(therapist.id).len() {
        0 => ask.label("therapist-services-answer-all"),
        count => ask.say("therapist-services-answer-some", &args![count => count]),
    };
    let back = house.address();
    let action = format!("{back}/{}/services", therapist.id);
    let (range, all, some) = (
        ask.label("therapist-range"),
        ask.label("therapist-range-all"),
        ask.label("therapist-range-some"),
    );
    let labels: Vec<(String, String)> = house
        .services
        .iter()
        .map(|service| (service.id.to_string(), label_of(ask, service)))
        .collect();
    let legend = ask.label("therapist-services");
    let mut boxes = field::checkboxes("services", &legend);
    for (id, label) in &labels {
        boxes = boxes.option(Choice::new(id, label));
    }
    let chosen: Vec<&str> = form.services.iter().map(String::as_str).collect();
    ask.page(Surface::Console, &title, |frame, page| {
        page.answer(&answer).back(&back, &ask.label("therapist-list")).errors(&errors).body(html! {
            form method="post" action=(action) novalidate {
                (csrf(frame))
                (field::radios("range", &range).option(Choice::new(ALL, &all)).option(Choice::new(SOME, &some))
                    .value(&form.range).errors(&errors))
                @if !labels.is_empty() {
                    (boxes.hint(&ask.label("therapist-services-hint")).values(&chosen).errors(&errors))
                }
                (button::submit(&ask.label("therapist-services-save")).about(&therapist.name))
            }
        })
    })
}

fn label_of(ask: &Ask, service: &Service) -> String {
    if service.listed {
        service.name.clone()
    } else {
        ask.say(
            "therapist-service-unlisted",
            &args![name => service.name.as_str()],
        )
    }
}
