//! The weekly hours and the days with others.

use std::collections::HashMap;

use kernel::{Day, Error, Id, Minutes, Refused, Result};
use text::{args, show};
use web::{
    Answer, Ask, Form, Markup, Path, html,
    ui::{Errors, Frame, Surface, button, csrf, field, section},
};

use super::answered;
use crate::{Hours, Opening, Refusal, Shop, Span, actions, model::check_span, store};

/// A form's fields by name: `opens_1`, `closes_1` … `closes_7`.
type Typed = HashMap<String, String>;

const OPENS: [&str; 7] = [
    "opens_1", "opens_2", "opens_3", "opens_4", "opens_5", "opens_6", "opens_7",
];
const CLOSES: [&str; 7] = [
    "closes_1", "closes_2", "closes_3", "closes_4", "closes_5", "closes_6", "closes_7",
];

pub(super) async fn show(ask: Ask, Path(id): Path<Id<kernel::Shop>>) -> Answer {
    let typed = ask.kept::<Typed>().await;
    page(&ask, id, typed, None).await
}

pub(super) async fn save(ask: Ask, Path(id): Path<Id<kernel::Shop>>, Form(typed): Form<Typed>) -> Answer {
    let saved = match read_week(&typed) {
        Ok(week) => {
            ask.write(move |cx, tx| actions::set_week(cx, tx, id, &week))
                .await
        }
        Err(no) => Err(no),
    };
    finish(&ask, id, typed, saved, "shop-hours-saved").await
}

pub(super) async fn add_exception(
    ask: Ask,
    Path(id): Path<Id<kernel::Shop>>,
    Form(typed): Form<Typed>,
) -> Answer {
    let read = read_exception(&typed);
    let saved = match read {
        Ok((day, hours)) => {
            ask.write(move |cx, tx| actions::set_exception(cx, tx, id, day, hours))
                .await
        }
        Err(no) => Err(no),
    };
    finish(&ask, id, typed, saved, "shop-exception-saved").await
}

pub(super) async fn lift_exception(ask: Ask, Path((id, day)): Path<(Id<kernel::Shop>, String)>) -> Answer {
    let day = Day::parse(&day).ok_or(Error::NotFound)?;
    ask.write(move |cx, tx| actions::lift_exception(cx, tx, id, day))
        .await?;
    Ok(ask.see_saying(&address(id), &ask.label("shop-exception-lifted")))
}

async fn finish(ask: &Ask, id: Id<kernel::Shop>, typed: Typed, saved: Result<()>, said: &str) -> Answer {
    match saved {
        Ok(()) => Ok(ask.see_saying(&address(id), &ask.label(said))),
        Err(Error::Refused(no)) => page(ask, id, Some(typed), Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

fn address(id: Id<kernel::Shop>) -> String {
    format!("/console/shops/{id}/hours")
}

fn read_week(typed: &Typed) -> Result<Vec<Opening>> {
    let mut week = Vec::new();
    for (at, weekday) in (1..=7).enumerate() {
        if let Some((opens, closes)) = read_span(typed, OPENS[at], CLOSES[at])? {
            week.push(Opening {
                weekday,
                opens,
                closes,
            });
        }
    }
    Ok(week)
}

fn read_exception(typed: &Typed) -> Result<(Day, Option<Span>)> {
    let day = typed.get("day").and_then(|day| Day::parse(day.trim()));
    Ok((day.ok_or(Refusal::BadDay)?, read_span(typed, "opens", "closes")?))
}

/// Two times that belong together; both empty: closed.
fn read_span(typed: &Typed, opens: &'static str, closes: &'static str) -> Result<Option<Span>> {
    let read = |name: &'static str| -> Result<Option<Minutes>> {
        match typed
            .get(name)
            .map(|text| text.trim())
            .filter(|text| !text.is_empty())
        {
            None => Ok(None),
            Some(text) => match read_clock(text) {
                Some(minutes) => Ok(Some(minutes)),
                None => Err(Refused::from(Refusal::BadTime).on(name).into()),
            },
        }
    };
    match (read(opens)?, read(closes)?) {
        (None, None) => Ok(None),
        (Some(from), Some(to)) => {
            check_span((from, to)).map_err(|_| Refused::from(Refusal::BadHours).on(opens))?;
            Ok(Some((from, to)))
        }
        (None, Some(_)) => Err(Refused::from(Refusal::BadTime).on(opens).into()),
        (Some(_), None) => Err(Refused::from(Refusal::BadTime).on(closes).into()),
    }
}

/// `10:00`, `10：30`, `1030`, `9`: minutes of the business day; 26:00 is two at night.
fn read_clock(text: &str) -> Option<Minutes> {
    let text = text.replace('：', ":");
    let (hours, minutes) = match text.split_once(':') {
        Some((hours, minutes)) => (hours, minutes),
        None if text.len() > 2 && text.is_ascii() => text.split_at(text.len() - 2),
        None => (text.as_str(), "0"),
    };
    let (hours, minutes): (Minutes, Minutes) = (hours.trim().parse().ok()?, minutes.trim().parse().ok()?);
    ((0..=30).contains(&hours) && (0..60).contains(&minutes)).then_some(hours * 60 + minutes)
}

async fn page(ask: &Ask, id: Id<kernel::Shop>, typed: Option<Typed>, no: Option<&Refused>) -> Answer {
    let (shop, hours) = ask
        .read(move |cx, tx| {
            let id = cx.shop_named(id)?.id();
            Ok((store::shop(tx, id)?, store::hours(tx, id, cx.now().day())?))
        })
        .await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let typed = fill(typed, &hours);
    let title = ask.say("shop-hours-title", &args![name => shop.name.as_str()]);
    let back = format!("/console/shops/{id}");
    let response = ask.page(Surface::Console, &title, |frame, page| {
        page.answer(&ask.label("shop-hours-answer")).back(&back, &shop.name).errors(&errors).body(html! {
            form method="post" action=(address(id)) novalidate {
                (csrf(frame))
                @for (at, weekday) in (1..=7).enumerate() {
                    (day_fields(ask, &typed, &errors, (OPENS[at], CLOSES[at]), &ask.label(&format!("shop-weekday-{weekday}"))))
                }
                (button::submit(&ask.label("shop-hours-save")).about(&shop.name))
            }
            (section("exceptions", &ask.label("shop-exceptions"), exceptions(ask, frame, &shop, &hours, (&typed, &errors))))
        })
    });
    Ok(answered(ask, no, response))
}

/// What was typed; where nothing was typed into the week, what is stored.
fn fill(typed: Option<Typed>, hours: &Hours) -> Typed {
    let mut typed = typed.unwrap_or_default();
    if OPENS.iter().any(|name| typed.contains_key(*name)) {
        return typed;
    }
    for (at, weekday) in (1..=7).enumerate() {
        if let Some((opens, closes)) = hours.on_weekday(weekday) {
            typed.insert(OPENS[at].to_owned(), show::clock(opens));
            typed.insert(CLOSES[at].to_owned(), show::clock(closes));
        }
    }
    typed
}

fn day_fields(ask: &Ask, typed: &Typed, errors: &Errors<'_>, names: (&str, &str), day: &str) -> Markup {
    let value = |name: &str| typed.get(name).map_or("", String::as_str);
    let label = |key: &str| ask.say(key, &args![day => day]);
    html! {
        fieldset {
            legend { (day) }
            div class="actions" {
                (field::text(names.0, &label("shop-opens")).value(value(names.0)).short().errors(errors))
                (field::text(names.1, &label("shop-closes")).value(value(names.1)).short().errors(errors))
            }
        }
    }
}

fn exceptions(
    ask: &Ask,
    frame: &Frame<'_>,
    shop: &Shop,
    hours: &Hours,
    form: (&Typed, &Errors<'_>),
) -> Markup {
    let (typed, errors) = form;
    let day = typed.get("day").map_or("", String::as_str);
    html! {
        ul class="sentences" role="list" {
            @for exception in hours.exceptions() {
                @let date = show::date(ask.lang(), exception.day);
                li {
                    (date) " "
                    @match exception.hours {
                        Some((opens, closes)) => { (show::hours(ask.lang(), opens, closes)) }
                        None => { (ask.label("shop-rest")) }
                    }
                    " "
                    (button::post(frame, &format!("/console/shops/{}/exceptions/{}/removal", shop.id, exception.day),
                        &ask.label("shop-exception-lift")).about_hidden(&date).quiet())
                }
            }
        }
        form method="post" action={ "/console/shops/" (shop.id) "/exceptions" } novalidate {
            (csrf(frame))
            (field::date("day", &ask.label("shop-exception-day")).value(day).errors(errors))
            (day_fields(ask, typed, errors, ("opens", "closes"), &ask.label("shop-exception-that-day")))
            (button::submit(&ask.label("shop-exception-add")).about(&shop.name).secondary())
        }
    }
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn times_are_read_as_people_type_them() {
        for (text, minutes) in [
            ("10:00", 600),
            ("9", 540),
            ("1030", 630),
            ("26：00", 1560),
            ("0:05", 5),
        ] {
            assert_eq!(read_clock(text), Some(minutes), "{text}");
        }
        for text in ["", "x", "10:60", "31:00", "-1:00", "十点", "10:0:0"] {
            assert_eq!(read_clock(text), None, "{text}");
        }
    }

    #[test]
    fn half_a_span_is_refused_on_the_missing_half() {
        let typed = Typed::from([("opens_3".to_owned(), "10:00".to_owned())]);
        let Error::Refused(no) = read_week(&typed).unwrap_err() else {
            panic!("no refusal")
        };
        assert_eq!((no.code, no.field), ("shop.bad_time", Some("closes_3")));
        assert_eq!(read_week(&Typed::new()).unwrap(), []);
    }
}
