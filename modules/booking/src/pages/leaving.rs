//! The centre ends a shop's membership: the last day and why, what it would meet, and what is left to settle.

use kernel::{Day, Error, Id, Instant, Money, Refused, Result, Shop};
use serde::{Deserialize, Serialize};
use shop::Standing;
use text::{args, show};
use web::{
    Answer, Ask, Form, Markup, Path, Query, html,
    ui::{Surface, button, csrf, field},
};

use super::desk::{concerns, hit_words};
use crate::{actions, model::Hit};

/// What is typed and carried on.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Typed {
    /// The last business day that is served; empty: nothing from now on.
    last: String,
    reason: String,
    version: i64,
    /// What was shown: bookings, and fen.
    count: usize,
    amount: i64,
}

impl Typed {
    fn last(&self) -> Result<Option<Day>> {
        match self.last.trim() {
            "" => Ok(None),
            typed => match Day::parse(typed) {
                Some(day) => Ok(Some(day)),
                None => Err(Refused::from(shop::Refusal::BadDay).on("last").into()),
            },
        }
    }
}

fn address(id: Id<Shop>) -> String {
    format!("/console/shops/{id}/leaving")
}

/// `GET /console/shops/{shop}/leaving`
pub(super) async fn ask(ask: Ask, Path(id): Path<Id<Shop>>, Query(typed): Query<Typed>) -> Answer {
    form_page(&ask, id, &typed, None).await
}

async fn form_page(ask: &Ask, id: Id<Shop>, typed: &Typed, no: Option<&Refused>) -> Answer {
    let (shop, owed) = ask
        .read(move |cx, tx| {
            cx.shop_named(id)?;
            Ok((shop::shop(tx, id)?, actions::still_owed(cx, tx, id)?))
        })
        .await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let left = shop.standing == Standing::Left;
    let answer = match (left, owed.is_settled()) {
        (false, _) => ask.label("booking-leaving-member"),
        (true, false) => ask.label("booking-leaving-owes"),
        (true, true) => ask.label("booking-leaving-settled"),
    };
    let title = ask.say("booking-leaving-title", &args![shop => shop.name.as_str()]);
    let back = format!("/console/shops/{id}");
    let response = ask.page(Surface::Console, &title, |frame, page| {
        page.answer(&answer).back(&back, &shop.name).errors(&errors).body(html! {
            p { (ask.say("booking-leaving-open", &args![bookings => owed.bookings, orders => owed.orders, cases => owed.cases])) }
            @if left {
                p { (ask.label("booking-leaving-back-means")) }
                (button::post(frame, &format!("/console/shops/{id}/activation"), &ask.label("booking-leaving-back"))
                    .about(&shop.name).field("version", &shop.version.to_string()).secondary())
            } @else {
                p { (ask.label("booking-leaving-means")) }
                form method="get" action={ (address(id)) "/confirmation" } novalidate {
                    (field::date("last", &ask.label("booking-leaving-last")).hint(&ask.label("booking-leaving-last-hint"))
                        .value(&typed.last).errors(&errors))
                    (field::text("reason", &ask.label("booking-leaving-reason")).value(&typed.reason).autocomplete("off")
                        .errors(&errors))
                    (button::submit(&ask.label("booking-closing-look")))
                }
            }
        })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

/// `GET /console/shops/{shop}/leaving/confirmation`
pub(super) async fn check(ask: Ask, Path(id): Path<Id<Shop>>, Query(typed): Query<Typed>) -> Answer {
    preview(&ask, id, typed, None).await
}

async fn preview(ask: &Ask, id: Id<Shop>, typed: Typed, no: Option<&Refused>) -> Answer {
    let wish = typed.clone();
    let looked: Result<(shop::Shop, Instant, Hit)> = ask
        .read(move |cx, tx| {
            cx.shop_named(id)?;
            if wish.reason.trim().is_empty() {
                return Err(shop::Refusal::NoReason.into());
            }
            let from = actions::served_until(cx, tx, id, wish.last()?)?;
            let hit = actions::hit_by_closing(cx, tx, id, from, actions::FOR_GOOD)?;
            Ok((shop::shop(tx, id)?, from, hit))
        })
        .await;
    let (shop, from, hit) = match looked {
        Ok(looked) => looked,
        Err(Error::Refused(no)) => return form_page(ask, id, &typed, Some(&no)).await,
        Err(other) => return Err(other.into()),
    };
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let (answer, label) = (concerns(ask, &hit), ask.label("booking-leaving-confirm"));
    let until = show::when(ask.lang(), from.day(), from.minute_of_day(), ask.today());
    let response = ask.page(Surface::Console, &answer, |frame, page| {
        page.heading(&label)
            .answer(&answer)
            .back(&address(id), &shop.name)
            .errors(&errors)
            .body(html! {
                p { (ask.say("booking-leaving-served", &args![until => until])) }
                (hit_words(ask, &hit))
                (confirm_form(frame, &shop, &typed, &hit, &label))
            })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

fn confirm_form(
    frame: &web::ui::Frame<'_>,
    shop: &shop::Shop,
    typed: &Typed,
    hit: &Hit,
    label: &str,
) -> Markup {
    html! {
        form method="post" action=(address(shop.id)) novalidate {
            (csrf(frame))
            (field::hidden("last", &typed.last))
            (field::hidden("reason", &typed.reason))
            (field::hidden("version", &shop.version.to_string()))
            (field::hidden("count", &hit.count().to_string()))
            (field::hidden("amount", &hit.money().fen().to_string()))
            (button::submit(label).about(&shop.name).danger())
        }
    }
}

/// `POST /console/shops/{shop}/leaving`
pub(super) async fn leave(ask: Ask, Path(id): Path<Id<Shop>>, Form(typed): Form<Typed>) -> Answer {
    let wish = typed.clone();
    let left = ask
        .write(move |cx, tx| {
            let shown = (wish.count, Money(wish.amount));
            actions::leave_platform(cx, tx, (id, wish.version), wish.last()?, &wish.reason, shown)
        })
        .await;
    match left {
        Ok(()) => {
            let amount = show::money(Money(typed.amount));
            let said = ask.say(
                "booking-leaving-done",
                &args![count => typed.count, amount => amount],
            );
            Ok(ask.see_saying(&address(id), &said))
        }
        Err(Error::Refused(no)) => preview(&ask, id, typed, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}
