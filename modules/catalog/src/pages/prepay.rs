//! What of a service's price is paid in advance.

use kernel::{Error, Id, Money, Refused, Result};
use serde::Deserialize;
use text::{args, show};
use web::{
    Allow, Answer, Ask, Form, Path, Routes, html,
    ui::{Choice, Surface, button, csrf, field},
};

use super::{
    InShop,
    form::{price, typed},
    service_here,
};
use crate::{Prepay, Refusal, Service, actions, store};

pub(super) fn routes(routes: Routes) -> Routes {
    const PAGE: &str = "/console/shops/{shop}/services/{service}/prepayment";
    routes
        .get(PAGE, Allow::Console, show)
        .post(PAGE, Allow::Console, save)
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct PrepayForm {
    how: String,
    amount: String,
    percent: String,
}

impl PrepayForm {
    fn of(prepay: Prepay) -> PrepayForm {
        let (how, number) = prepay.stored();
        let (mut amount, mut percent) = (String::new(), String::new());
        match prepay {
            Prepay::Deposit(deposit) => amount = typed(deposit),
            Prepay::Share(_) => percent = (number / 100).to_string(),
            Prepay::Full | Prepay::AtShop => {}
        }
        PrepayForm {
            how: how.to_owned(),
            amount,
            percent,
        }
    }

    fn read(&self) -> Result<Prepay> {
        match self.how.as_str() {
            "full" => Ok(Prepay::Full),
            "at_shop" => Ok(Prepay::AtShop),
            "deposit" => Ok(Prepay::Deposit(price(&self.amount).ok_or(Refusal::BadDeposit)?)),
            "share" => {
                let percent = self.percent.trim().trim_end_matches('%').parse::<i64>();
                let percent = percent.ok().filter(|percent| (1..100).contains(percent));
                let wrong = || Refused::from(Refusal::BadDeposit).on("percent");
                Ok(Prepay::Share(
                    percent.ok_or_else(wrong).map_err(Error::Refused)? * 100,
                ))
            }
            _ => Err(Refusal::BadPrepay.into()),
        }
    }
}

/// In words what is due at once of this price.
fn words(ask: &Ask, prepay: Prepay, full: Money) -> String {
    let (now, later) = (prepay.due_now(full), full - prepay.due_now(full));
    let key = match prepay {
        Prepay::Full => "catalog-prepay-is-full",
        Prepay::AtShop => "catalog-prepay-is-at-shop",
        Prepay::Deposit(_) | Prepay::Share(_) => "catalog-prepay-is-part",
    };
    ask.say(key, &args![now => show::money(now), later => show::money(later)])
}

async fn show(ask: Ask, Path((shop, id)): InShop) -> Answer {
    page(&ask, shop, id, None, None).await
}

async fn page(
    ask: &Ask,
    shop: Id<kernel::Shop>,
    id: Id<Service>,
    form: Option<PrepayForm>,
    no: Option<&Refused>,
) -> Answer {
    let (service, prepay) = ask
        .read(move |cx, tx| Ok((service_here(cx, tx, shop, id)?, store::prepay(tx, id)?)))
        .await?;
    let form = form.unwrap_or_else(|| PrepayForm::of(prepay));
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let title = ask.say("catalog-prepay-title", &args![name => service.name.as_str()]);
    let answer = words(ask, prepay, service.price);
    let back = format!("/console/shops/{shop}/services/{id}");
    let here = format!("{back}/prepayment");
    let labels = ["full", "deposit", "share", "at_shop"].map(|how| {
        (
            how,
            ask.label(&format!("catalog-prepay-{}", how.replace('_', "-"))),
        )
    });
    let response =
        ask.page(Surface::Console, &title, |frame, page| {
            let legend = ask.label("catalog-prepay-how");
            let radios = labels
                .iter()
                .fold(field::radios("how", &legend), |radios, (how, label)| {
                    radios.option(Choice::new(how, label))
                });
            page.answer(&answer).back(&back, &service.name).errors(&errors).body(html! {
            form method="post" action=(here) novalidate {
                (csrf(frame))
                (radios.value(&form.how).errors(&errors))
                (field::yuan("amount", &ask.label("catalog-prepay-amount")).short()
                    .hint(&ask.label("catalog-prepay-amount-hint")).value(&form.amount).errors(&errors))
                (field::number("percent", &ask.label("catalog-prepay-percent")).short()
                    .hint(&ask.label("catalog-prepay-percent-hint")).value(&form.percent).errors(&errors))
                (button::submit(&ask.label("catalog-save")).about(&service.name))
            }
        })
        });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

async fn save(ask: Ask, Path((shop, id)): InShop, Form(form): Form<PrepayForm>) -> Answer {
    let saved = match form.read() {
        Ok(prepay) => {
            ask.write(move |cx, tx| {
                let service = service_here(cx, tx, shop, id)?;
                actions::set_prepay(cx, tx, id, prepay)?;
                Ok((service.price, prepay))
            })
            .await
        }
        Err(no) => Err(no),
    };
    match saved {
        Ok((full, prepay)) => {
            let path = format!("/console/shops/{shop}/services/{id}/prepayment");
            Ok(ask.see_saying(&path, &words(&ask, prepay, full)))
        }
        Err(Error::Refused(no)) => page(&ask, shop, id, Some(form), Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}
