//! The form of one service.

use kernel::{Error, Id, Minutes, Money, Refused, Result};
use serde::Deserialize;
use text::args;
use web::{
    Answer, Ask, Form, Markup, Path, Response, html,
    ui::{Choice, Errors, Surface, Tone, button, csrf, field, state},
};

use super::{InShop, Offered, service_here, service_line};
use crate::{Kind, NewService, Refusal, Service, Warning, actions};

/// What was typed.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(super) struct ServiceForm {
    name: String,
    kind: String,
    category: String,
    minutes: String,
    price: String,
    before: String,
    after: String,
    introduction: String,
    version: i64,
}

impl ServiceForm {
    fn of(service: &Service) -> ServiceForm {
        ServiceForm {
            name: service.name.clone(),
            kind: service.kind.code().to_owned(),
            category: service.category.map(|id| id.to_string()).unwrap_or_default(),
            minutes: service.minutes.to_string(),
            price: typed(service.price),
            before: service.before.to_string(),
            after: service.after.to_string(),
            introduction: service.introduction.clone(),
            version: service.version,
        }
    }

    fn read(&self) -> Result<NewService> {
        let buffer = |text: &str, field| match text.trim() {
            "" => Ok(0),
            text => text
                .parse()
                .map_err(|_| Refused::from(Refusal::BadBuffer).on(field)),
        };
        Ok(NewService {
            name: self.name.clone(),
            kind: self.kind.parse::<Kind>().map_err(|_| Refusal::BadKind)?,
            category: match self.category.as_str() {
                "" => None,
                id => Some(id.parse().map_err(|_| Refusal::BadCategory)?),
            },
            minutes: self
                .minutes
                .trim()
                .parse::<Minutes>()
                .map_err(|_| Refusal::BadMinutes)?,
            price: price(&self.price).ok_or(Refusal::BadPrice)?,
            before: buffer(&self.before, "before").map_err(Error::Refused)?,
            after: buffer(&self.after, "after").map_err(Error::Refused)?,
            introduction: self.introduction.clone(),
        })
    }
}

/// What a person types for a price: `128`, `128.5`, `¥128.50`, `128元`.
pub fn price(text: &str) -> Option<Money> {
    let text = text
        .trim()
        .trim_start_matches(['¥', '￥'])
        .trim_end_matches('元')
        .trim();
    let (yuan, fen) = text.split_once('.').unwrap_or((text, "0"));
    let number = |digits: &str, most: usize| {
        let fits = (1..=most).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
        fits.then(|| digits.parse::<i64>().ok()).flatten()
    };
    let tenths_only = fen.len() == 1;
    let fen = number(fen, 2)? * if tenths_only { 10 } else { 1 };
    Some(Money(number(yuan, 9)? * 100 + fen))
}

/// The price as a person would type it.
pub(super) fn typed(price: Money) -> String {
    price.to_string().trim_start_matches('¥').to_owned()
}

pub(super) async fn show_new(ask: Ask, Path(shop): Path<Id<kernel::Shop>>) -> Answer {
    let offered = ask.read(move |cx, tx| Offered::find(cx, tx, shop)).await?;
    let form = ask.kept().await.unwrap_or(ServiceForm {
        before: "0".to_owned(),
        after: "10".to_owned(),
        ..ServiceForm::default()
    });
    Ok(form_page(&ask, &offered, None, &form, None))
}

pub(super) async fn create(
    ask: Ask,
    Path(shop): Path<Id<kernel::Shop>>,
    Form(form): Form<ServiceForm>,
) -> Answer {
    let created = match form.read() {
        Ok(new) => ask.write(move |cx, tx| actions::create(cx, tx, shop, &new)).await,
        Err(error) => Err(error),
    };
    match created {
        Ok(service) => Ok(ask.see_saying(
            &format!("/console/shops/{shop}/services"),
            &said(&ask, "catalog-said-created", &service),
        )),
        Err(Error::Refused(no)) => {
            let offered = ask.read(move |cx, tx| Offered::find(cx, tx, shop)).await?;
            Ok(ask.refused(&no, form_page(&ask, &offered, None, &form, Some(&no))))
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn show_edit(ask: Ask, Path((shop, id)): InShop) -> Answer {
    let offered = ask.read(move |cx, tx| Offered::find(cx, tx, shop)).await?;
    let service = offered.service(id)?;
    let form = ask.kept().await.unwrap_or_else(|| ServiceForm::of(service));
    Ok(form_page(&ask, &offered, Some(service), &form, None))
}

pub(super) async fn edit(ask: Ask, Path((shop, id)): InShop, Form(mut form): Form<ServiceForm>) -> Answer {
    let version = form.version;
    let edited = match form.read() {
        Ok(new) => {
            ask.write(move |cx, tx| {
                service_here(cx, tx, shop, id)?;
                actions::edit(cx, tx, id, version, &new)
            })
            .await
        }
        Err(error) => Err(error),
    };
    match edited {
        Ok(service) => Ok(ask.see_saying(
            &format!("/console/shops/{shop}/services"),
            &said(&ask, "catalog-said-saved", &service),
        )),
        Err(Error::Refused(no)) => {
            let offered = ask.read(move |cx, tx| Offered::find(cx, tx, shop)).await?;
            let service = offered.service(id)?;
            if no.code == Refused::from(Refusal::Stale).code {
                // What the others saved is shown; sending the form again overrules it knowingly.
                form.version = service.version;
            }
            Ok(ask.refused(&no, form_page(&ask, &offered, Some(service), &form, Some(&no))))
        }
        Err(other) => Err(other.into()),
    }
}

fn said(ask: &Ask, key: &str, service: &Service) -> String {
    let said = ask.say(key, &args![name => service.name.as_str()]);
    match service.warning() {
        Some(Warning::Short { least }) => ask.say("catalog-said-short", &args![said => said, least => least]),
        None => said,
    }
}

fn form_page(
    ask: &Ask,
    offered: &Offered,
    service: Option<&Service>,
    form: &ServiceForm,
    no: Option<&Refused>,
) -> Response {
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let (title, answer, action, verb, about) = match service {
        Some(service) => (
            ask.say("catalog-edit-title", &args![name => service.name.as_str()]),
            ask.label("catalog-edit-answer"),
            format!("{}/{}", offered.address(), service.id),
            ask.label("catalog-save"),
            service.name.as_str(),
        ),
        None => (
            ask.label("catalog-new-title"),
            ask.label("catalog-new-answer"),
            offered.address(),
            ask.label("catalog-create"),
            "",
        ),
    };
    let stale = no.is_some_and(|no| no.code == Refused::from(Refusal::Stale).code);
    let back = offered.address();
    ask.page(Surface::Console, &title, |frame, page| {
        let submit = button::submit(&verb);
        let submit = if about.is_empty() {
            submit
        } else {
            submit.about(about)
        };
        page.answer(&answer).back(&back, &ask.label("catalog-services")).errors(&errors).body(html! {
            @if let (Some(service), true) = (service, stale) { (now(ask, offered, service)) }
            form method="post" action=(action) novalidate {
                (csrf(frame))
                (field::hidden("version", &form.version.to_string()))
                (what(ask, offered, form, &errors))
                (numbers(ask, form, &errors))
                (field::textarea("introduction", &ask.label("catalog-introduction")).rows(4).max(500)
                    .hint(&ask.label("catalog-introduction-hint")).value(&form.introduction).errors(&errors))
                (submit)
            }
            @if let Some(service) = service {
                @let prepayment = format!("{back}/{}/prepayment", service.id);
                p { (button::link(&prepayment, &ask.label("catalog-prepay")).about(&service.name).quiet()) }
            }
        })
    })
}

/// What somebody else has saved meanwhile.
fn now(ask: &Ask, offered: &Offered, service: &Service) -> Markup {
    html! {
        (state::notice(Tone::Attention, &ask.label("catalog-now")).body(html! {
            p { (service.name) " · " (service_line(ask, offered, service)) " · " (service.price) }
            @if !service.introduction.is_empty() { p { (service.introduction) } }
        }))
    }
}

fn what(ask: &Ask, offered: &Offered, form: &ServiceForm, errors: &Errors<'_>) -> Markup {
    let kinds: Vec<(&str, String)> = Kind::ALL
        .iter()
        .map(|kind| (kind.code(), ask.label(&kind.text_key())))
        .collect();
    let legend = ask.label("catalog-kind");
    let mut radios = field::radios("kind", &legend);
    for (code, label) in &kinds {
        radios = radios.option(Choice::new(code, label));
    }
    let none = ask.label("catalog-no-category");
    let ids: Vec<(String, &str)> = offered
        .categories
        .iter()
        .map(|heading| (heading.id.to_string(), heading.name.as_str()))
        .collect();
    let mut options = vec![("", none.as_str())];
    options.extend(ids.iter().map(|(id, name)| (id.as_str(), *name)));
    html! {
        (field::text("name", &ask.label("catalog-name")).hint(&ask.label("catalog-name-hint"))
            .value(&form.name).errors(errors))
        (radios.hint(&ask.label("catalog-kind-hint")).value(&form.kind).errors(errors))
        (field::select("category", &ask.label("catalog-category")).options(&options)
            .value(&form.category).errors(errors))
    }
}

fn numbers(ask: &Ask, form: &ServiceForm, errors: &Errors<'_>) -> Markup {
    let buffer = ask.label("catalog-buffer-hint");
    html! {
        (field::number("minutes", &ask.label("catalog-minutes")).hint(&ask.label("catalog-minutes-hint"))
            .short().value(&form.minutes).errors(errors))
        (field::yuan("price", &ask.label("catalog-price")).hint(&ask.label("catalog-price-hint"))
            .short().value(&form.price).errors(errors))
        (field::number("before", &ask.label("catalog-before")).hint(&buffer).short()
            .value(&form.before).errors(errors))
        (field::number("after", &ask.label("catalog-after")).hint(&buffer).short()
            .value(&form.after).errors(errors))
    }
}

#[cfg(test)]
mod unit {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn prices_are_read_as_people_type_them() {
        for (text, fen) in [
            ("128", 12_800),
            (" ¥128.5 ", 12_850),
            ("128.05元", 12_805),
            ("0", 0),
        ] {
            assert_eq!(price(text), Some(Money(fen)), "{text:?}");
        }
        for text in [
            "",
            "-5",
            "+5",
            "1.234",
            "1.",
            ".5",
            "一百",
            "1,280",
            "1e3",
            "9999999999",
        ] {
            assert_eq!(price(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_price_shown_is_read_back(fen in 0..1_000_000i64) {
            prop_assert_eq!(price(&typed(Money(fen))), Some(Money(fen)));
        }
    }
}
