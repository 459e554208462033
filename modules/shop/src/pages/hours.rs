//! The weekly hours and the days with others.

use std::collections::HashMap;

use kernel::{Day, Error, Id, Minutes, Refused, Result};
use text::{args, show};
use web::{
    Answer, Ask, Form, Markup, Path, html,
    ui::{Errors, Frame, Surface, button, csrf, field, list, section},
};

use super::answered;
use crate::{
    HolidayRule, Hours, OnHolidays, Opening, Refusal, Shop, Span, SpecialDays, actions, model::check_span,
    store,
};

/// A form's fields by name: `opens_1`, `closes_1` … `closes_7`.
type Typed = HashMap<String, String>;

/// Special days are told so many days ahead.
const AHEAD: i64 = 90;

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
        Ok(days) => {
            ask.write(move |cx, tx| actions::set_special_days(cx, tx, id, &days))
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

pub(super) async fn save_rule(
    ask: Ask,
    Path(id): Path<Id<kernel::Shop>>,
    Form(typed): Form<Typed>,
) -> Answer {
    let saved = match read_rule(&typed) {
        Ok(rule) => {
            ask.write(move |cx, tx| actions::set_holiday_rule(cx, tx, id, rule))
                .await
        }
        Err(no) => Err(no),
    };
    finish(&ask, id, typed, saved, "shop-holidays-saved").await
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

fn read_exception(typed: &Typed) -> Result<SpecialDays> {
    let first = Day::parse(value(typed, "day")).ok_or(Refusal::BadDay)?;
    let last = match value(typed, "to_day") {
        "" => first,
        day => Day::parse(day).ok_or_else(|| Refused::from(Refusal::BadDay).on("to_day"))?,
    };
    Ok(SpecialDays {
        first,
        last,
        hours: read_span(typed, "opens", "closes")?,
        reason: value(typed, "reason").to_owned(),
    })
}

fn read_rule(typed: &Typed) -> Result<HolidayRule> {
    let holidays = match value(typed, "holidays") {
        "closed" => OnHolidays::Closed,
        "other" => read_span(typed, "holiday_opens", "holiday_closes")?
            .map(OnHolidays::Other)
            .ok_or_else(|| Refused::from(Refusal::BadTime).on("holiday_opens"))?,
        _ => OnHolidays::Usual,
    };
    let work_like = value(typed, "work_like")
        .parse()
        .ok()
        .filter(|weekday| *weekday > 0);
    Ok(HolidayRule { holidays, work_like })
}

fn value<'a>(typed: &'a Typed, name: &str) -> &'a str {
    typed.get(name).map_or("", |text| text.trim())
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
            (section("holidays", &ask.label("shop-holidays"), holidays(ask, frame, &shop, &hours, (&typed, &errors))))
        })
    });
    Ok(answered(ask, no, response))
}

/// What was typed; where nothing was typed into the week, what is stored.
fn fill(typed: Option<Typed>, hours: &Hours) -> Typed {
    let mut typed = typed.unwrap_or_default();
    if !typed.contains_key("holidays") {
        fill_rule(&mut typed, hours.rule());
    }
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

fn fill_rule(typed: &mut Typed, rule: HolidayRule) {
    let holidays = match rule.holidays {
        OnHolidays::Usual => "usual",
        OnHolidays::Closed => "closed",
        OnHolidays::Other((opens, closes)) => {
            typed.insert("holiday_opens".to_owned(), show::clock(opens));
            typed.insert("holiday_closes".to_owned(), show::clock(closes));
            "other"
        }
    };
    typed.insert("holidays".to_owned(), holidays.to_owned());
    typed.insert("work_like".to_owned(), rule.work_like.unwrap_or(0).to_string());
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
                    " " (exception.reason) " "
                    (button::post(frame, &format!("/console/shops/{}/exceptions/{}/removal", shop.id, exception.day),
                        &ask.label("shop-exception-lift")).about_hidden(&date).quiet())
                }
            }
        }
        form method="post" action={ "/console/shops/" (shop.id) "/exceptions" } novalidate {
            (csrf(frame))
            (field::date("day", &ask.label("shop-exception-day")).value(value(typed, "day")).errors(errors))
            (field::date("to_day", &ask.label("shop-exception-to-day")).hint(&ask.label("shop-exception-to-day-hint"))
                .value(value(typed, "to_day")).errors(errors))
            (day_fields(ask, typed, errors, ("opens", "closes"), &ask.label("shop-exception-that-day")))
            (field::text("reason", &ask.label("shop-exception-reason")).hint(&ask.label("shop-exception-reason-hint"))
                .value(value(typed, "reason")).autocomplete("off").errors(errors))
            (button::submit(&ask.label("shop-exception-add")).about(&shop.name).secondary())
        }
    }
}

/// What the shop does on holidays, and the next days that this changes.
fn holidays(
    ask: &Ask,
    frame: &Frame<'_>,
    shop: &Shop,
    hours: &Hours,
    (typed, errors): (&Typed, &Errors<'_>),
) -> Markup {
    let next: Vec<String> = hours
        .special_days(ask.today(), AHEAD)
        .iter()
        .map(|special| {
            let (day, reason) = (show::date(ask.lang(), special.day), special.reason.as_str());
            let hours = match special.hours {
                Some((opens, closes)) => show::hours(ask.lang(), opens, closes),
                None => ask.label("shop-rest"),
            };
            ask.say(
                "shop-special-day",
                &args![day => day, hours => hours, reason => reason],
            )
        })
        .collect();
    let choices: Vec<(&str, String)> = ["usual", "closed", "other"]
        .map(|code| (code, ask.label(&format!("shop-holidays-{code}"))))
        .to_vec();
    let choices: Vec<(&str, &str)> = choices
        .iter()
        .map(|(code, label)| (*code, label.as_str()))
        .collect();
    let weekdays: Vec<(String, String)> = (0..=7)
        .map(|weekday: i64| match weekday {
            0 => ("0".to_owned(), ask.label("shop-work-like-itself")),
            day => (day.to_string(), ask.label(&format!("shop-weekday-{day}"))),
        })
        .collect();
    let weekdays: Vec<(&str, &str)> = weekdays
        .iter()
        .map(|(day, label)| (day.as_str(), label.as_str()))
        .collect();
    html! {
        @if next.is_empty() { p { (ask.label("shop-no-special-days")) } }
        @else {
            p { (ask.label("shop-special-days")) }
            (list::sentences(&next))
        }
        form method="post" action={ "/console/shops/" (shop.id) "/holidays" } novalidate {
            (csrf(frame))
            (field::select("holidays", &ask.label("shop-holidays-do")).options(&choices).value(value(typed, "holidays"))
                .errors(errors))
            (day_fields(ask, typed, errors, ("holiday_opens", "holiday_closes"), &ask.label("shop-holidays-hours")))
            (field::select("work_like", &ask.label("shop-work-like")).hint(&ask.label("shop-work-like-hint"))
                .options(&weekdays).value(value(typed, "work_like")).errors(errors))
            (button::submit(&ask.label("shop-holidays-save")).about(&shop.name))
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
