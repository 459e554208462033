//! The centre's cases: objections to no-shows, danger, and what a shop has not decided for two days.

use kernel::{Actor, Error, Id, Money, Refused, Result, Role};
use serde::Deserialize;
use text::{args, show};
use web::{
    Answer, Ask, Form, Path, html,
    ui::{Choice, Entry, Icon, Surface, button, csrf, field, list, state},
};

use super::{case_badge, case_word, when};
use crate::{
    Refusal, StepTaken,
    actions::{self, Back},
    model::{Booking, Case, CaseKind, WORDS_LENGTH},
    steps, store,
};

/// `GET /console/cases`
pub(super) async fn list(ask: Ask) -> Answer {
    let cases = ask
        .read(|cx, tx| {
            actions::cases_for_centre(cx, tx)?
                .into_iter()
                .map(|(case, booking)| Ok((shop::shop(tx, case.shop)?.name, case, booking)))
                .collect::<Result<Vec<_>>>()
        })
        .await?;
    let title = ask.say("booking-centre-title", &args![count => cases.len()]);
    let answer = match cases.first() {
        Some((shop, case, _)) => format!("{}，{shop}", case_word(&ask, case)),
        None => ask.label("booking-centre-none"),
    };
    let told: Vec<(String, String, String)> = cases
        .iter()
        .map(|(shop, case, booking)| {
            (
                format!("/console/cases/{}", booking.id),
                format!("{} {}", booking.contact.name, when(&ask, booking)),
                format!("{shop}，{}", case_word(&ask, case)),
            )
        })
        .collect();
    Ok(ask.page(Surface::Console, &title, |_, page| {
        let mut entries = list::entries();
        for ((address, title, line), (_, case, _)) in told.iter().zip(&cases) {
            entries = entries.entry(
                Entry::new(address, title)
                    .line(line)
                    .badge(case_badge(&ask, case)),
            );
        }
        page.answer(&answer)
            .back("/console", &ask.label("booking-console"))
            .body(html! {
                @if told.is_empty() { (state::empty(Icon::Check, &ask.label("booking-centre-empty"))) }
                @else { (entries) }
            })
    }))
}

struct Told {
    case: Case,
    booking: Booking,
    shop: String,
    therapist: String,
    steps: Vec<StepTaken>,
    /// Whether others were booked with it: then all of its money goes back, or nothing.
    several: bool,
}

async fn told(ask: &Ask, id: Id<Booking>) -> Result<Told> {
    ask.read(move |cx, tx| {
        let Actor::Staff {
            role: Role::Centre, ..
        } = cx.actor()
        else {
            return Err(Error::Forbidden);
        };
        let case = store::case(tx, id)?.ok_or(Error::NotFound)?;
        let booking = store::find(tx, id)?;
        Ok(Told {
            shop: shop::shop(tx, booking.shop)?.name,
            therapist: therapist::therapist(tx, booking.therapist)?.name,
            steps: steps(tx, id)?,
            several: actions::is_one_of_several(tx, &booking)?,
            case,
            booking,
        })
    })
    .await
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Ruling {
    version: i64,
    back: String,
    amount: String,
    words: String,
}

impl Ruling {
    fn read(&self, kind: CaseKind) -> Result<Back, Refusal> {
        match self.back.as_str() {
            _ if kind == CaseKind::Unsafe => Ok(Back::Nothing),
            "nothing" => Ok(Back::Nothing),
            "all" => Ok(Back::All),
            "part" => catalog::price(&self.amount)
                .map(Back::Part)
                .ok_or(Refusal::NoAmount),
            _ => Err(Refusal::NoRuling),
        }
    }
}

/// `GET /console/cases/{id}`
pub(super) async fn show(ask: Ask, Path(id): Path<Id<Booking>>) -> Answer {
    page(&ask, id, &Ruling::default(), None).await
}

async fn page(ask: &Ask, id: Id<Booking>, typed: &Ruling, no: Option<&Refused>) -> Answer {
    let told = told(ask, id).await?;
    let (case, booking) = (&told.case, &told.booking);
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let whom = format!("{} {}", booking.contact.name, when(ask, booking));
    let title = format!("{} {whom}", case_word(ask, case));
    let stake = show::money(case.at_stake());
    let answer = match (case.kind, case.kept) {
        (CaseKind::Unsafe, _) => ask.label("booking-centre-unsafe"),
        (CaseKind::Absence, Some(_)) => ask.say("booking-centre-kept", &args![amount => stake.as_str()]),
        (CaseKind::Absence, None) => ask.say("booking-centre-undecided", &args![amount => stake.as_str()]),
    };
    let open = case.is_for_centre(ask.cx.now());
    let action = format!("/console/cases/{id}");
    let history = super::desk::history(ask, &told.steps);
    Ok(ask.page(Surface::Console, &title, |frame, page| {
        page.answer(&answer)
            .errors(&errors)
            .back("/console/cases", &ask.label("booking-centre"))
            .body(html! {
                p { (case_badge(ask, case)) }
                (list::facts()
                    .row(&ask.label("booking-where"), html! { (told.shop) })
                    .row(&ask.label("booking-service"), html! { (booking.service_name) })
                    .row(&ask.label("booking-who"), html! { (show::therapist(ask.lang(), &told.therapist)) })
                    .row(&ask.label("booking-phone-short"), html! {
                        (button::dial(&booking.contact.phone, &ask.label("booking-dial"), &booking.contact.name).quiet())
                    }))
                @if open { (ruling_form(ask, frame, &told, typed, (&action, &errors))) }
                (history)
            })
    }))
}

fn ruling_form(
    ask: &Ask,
    frame: &web::ui::Frame<'_>,
    told: &Told,
    typed: &Ruling,
    (action, errors): (&str, &web::ui::Errors<'_>),
) -> web::Markup {
    let (case, booking) = (&told.case, &told.booking);
    let stake = show::money(case.at_stake());
    let (nothing, all, part, legend, hint) = (
        ask.label("booking-ruling-nothing"),
        ask.say("booking-ruling-all", &args![amount => stake.as_str()]),
        ask.label("booking-ruling-part"),
        ask.label("booking-ruling"),
        ask.say("booking-part-hint", &args![most => stake.as_str()]),
    );
    let mut radios = field::radios("back", &legend)
        .value(&typed.back)
        .errors(errors)
        .option(Choice::new("nothing", &nothing))
        .option(Choice::new("all", &all));
    if !told.several {
        radios = radios.option(Choice::new("part", &part));
    }
    html! {
        form method="post" action=(action) novalidate {
            (csrf(frame))
            (field::hidden("version", &booking.version.to_string()))
            @if case.kind == CaseKind::Absence && case.at_stake() > Money::ZERO {
                (radios)
                @if !told.several {
                    (field::yuan("amount", &ask.label("booking-ruling-amount")).short().hint(&hint)
                        .value(&typed.amount).errors(errors))
                }
            } @else { (field::hidden("back", "nothing")) }
            (field::textarea("words", &ask.label("booking-ruling-words")).rows(3).max(WORDS_LENGTH as u32)
                .hint(&ask.label("booking-ruling-hint")).value(&typed.words).errors(errors))
            (button::submit(&ask.label("booking-ruling-send")).about(&booking.contact.name))
        }
    }
}

/// `POST /console/cases/{id}`
pub(super) async fn rule(ask: Ask, Path(id): Path<Id<Booking>>, Form(form): Form<Ruling>) -> Answer {
    let kind = told(&ask, id).await?.case.kind;
    let done: Result<Booking> = match form.read(kind) {
        Ok(back) => {
            let (seen, words) = (form.version, form.words.clone());
            ask.write(move |cx, tx| actions::rule(cx, tx, id, seen, back, &words))
                .await
        }
        Err(no) => Err(no.into()),
    };
    match done {
        Ok(booking) => {
            let said = ask.say("booking-ruling-said", &args![who => booking.contact.name]);
            Ok(ask.see_saying("/console/cases", &said))
        }
        Err(Error::Refused(no)) => {
            let page = page(&ask, id, &form, Some(&no)).await?;
            Ok(ask.refused(&no, page))
        }
        Err(other) => Err(other.into()),
    }
}
