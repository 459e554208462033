//! The calendar of all shops: what the state says, and what the centre has entered by hand.

use kernel::{Day, Error, Refused};
use serde::{Deserialize, Serialize};
use text::{args, show};
use web::{
    Answer, Ask, Form, Markup, Path, html,
    ui::{Entry, Frame, Icon, Surface, button, csrf, field, list, section, state},
};

use super::{answered, is_centre};
use crate::{Calendar, DayKind, Holiday, Refusal, actions, model::known_until, store};

const ADDRESS: &str = "/console/holidays";
/// Days that the page tells ahead.
const AHEAD: i64 = 400;

#[derive(Deserialize, Serialize, Default, Clone)]
pub(super) struct Typed {
    #[serde(default)]
    day: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    name: String,
}

pub(super) async fn show(ask: Ask) -> Answer {
    let typed = ask.kept().await.unwrap_or_default();
    page(&ask, &typed, None).await
}

pub(super) async fn enter(ask: Ask, Form(typed): Form<Typed>) -> Answer {
    let read = Day::parse(typed.day.trim()).ok_or(Error::from(Refusal::BadDay));
    let (kind, name) = (typed.kind.parse().unwrap_or(DayKind::Off), typed.name.clone());
    let entered = match read {
        Ok(day) => {
            ask.write(move |cx, tx| actions::enter_holiday(cx, tx, day, kind, &name))
                .await
        }
        Err(no) => Err(no),
    };
    match entered {
        Ok(()) => {
            let said = ask.say("shop-holiday-entered", &args![name => typed.name.trim()]);
            Ok(ask.see_saying(ADDRESS, &said))
        }
        Err(Error::Refused(no)) => page(&ask, &typed, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn lift(ask: Ask, Path(day): Path<String>) -> Answer {
    let day = Day::parse(&day).ok_or(Error::NotFound)?;
    ask.write(move |cx, tx| actions::lift_holiday(cx, tx, day))
        .await?;
    Ok(ask.see_saying(ADDRESS, &ask.label("shop-holiday-lifted")))
}

async fn page(ask: &Ask, typed: &Typed, no: Option<&Refused>) -> Answer {
    let today = ask.today();
    let calendar = ask.read(move |_, tx| store::calendar(tx, today)).await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let days = calendar.between(today, AHEAD);
    let answer = match days.iter().find(|day| day.kind == DayKind::Off) {
        Some(next) => ask.say(
            "shop-holidays-next",
            &args![name => next.name.as_str(), day => show::date(ask.lang(), next.day)],
        ),
        None => ask.label("shop-holidays-none"),
    };
    let known = show::full_date(ask.lang(), known_until());
    let response = ask.page(Surface::Console, &ask.label("shop-holidays-title"), |frame, page| {
        page.answer(&answer).back("/console", &ask.label("shop-start-title")).errors(&errors).body(html! {
            p { (ask.say("shop-holidays-known", &args![day => known])) }
            @if days.is_empty() { (state::empty(Icon::Calendar, &answer)) } @else { (entries(ask, frame, &calendar)) }
            @if is_centre(ask) {
                (section("new", &ask.label("shop-holiday-new"), html! {
                    form method="post" action=(ADDRESS) novalidate {
                        (csrf(frame))
                        (field::date("day", &ask.label("shop-exception-day")).value(&typed.day).errors(&errors))
                        (kinds(ask, &typed.kind))
                        (field::text("name", &ask.label("shop-holiday-name")).value(&typed.name).autocomplete("off")
                            .errors(&errors))
                        (button::submit(&ask.label("shop-holiday-enter")))
                    }
                }))
            }
        })
    });
    Ok(answered(ask, no, response))
}

fn kinds(ask: &Ask, chosen: &str) -> Markup {
    let kinds: Vec<(&str, String)> = DayKind::ALL
        .iter()
        .map(|kind| (kind.code(), ask.label(&format!("shop-day-{kind}"))))
        .collect();
    let kinds: Vec<(&str, &str)> = kinds
        .iter()
        .map(|(code, label)| (*code, label.as_str()))
        .collect();
    html! { (field::select("kind", &ask.label("shop-holiday-kind")).options(&kinds).value(chosen)) }
}

fn entries(ask: &Ask, frame: &Frame<'_>, calendar: &Calendar) -> Markup {
    let days = calendar.between(ask.today(), AHEAD);
    let words: Vec<String> = days.iter().map(|day| in_words(ask, day)).collect();
    let mut entries = list::entries().level(2);
    for (day, words) in days.iter().zip(&words) {
        let mut entry = Entry::text(words);
        if day.by_hand {
            entry = entry.line(&ask.label("shop-holiday-by-hand"));
            if is_centre(ask) {
                let address = format!("{ADDRESS}/{}/removal", day.day);
                entry = entry.action(html! {
                    (button::post(frame, &address, &ask.label("shop-holiday-lift")).about_hidden(words).quiet())
                });
            }
        }
        entries = entries.entry(entry);
    }
    html! { (entries) }
}

/// 2 月 17 日 星期二，春节，放假
fn in_words(ask: &Ask, day: &Holiday) -> String {
    let kind = ask.label(&format!("shop-day-{}", day.kind));
    ask.say(
        "shop-holiday-line",
        &args![day => show::date(ask.lang(), day.day), name => day.name.as_str(), kind => kind],
    )
}
