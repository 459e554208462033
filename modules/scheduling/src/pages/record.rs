//! The day's turns, one sentence each, in the order in which they were decided; and changing somebody's place by hand.

use std::collections::HashMap;

use db::Tx;
use kernel::{Cx, Day, Error, Id, Instant, Refused, Result};
use serde::{Deserialize, Serialize};
use text::{args, show};
use therapist::Therapist;
use web::{
    Answer, Ask, Form, Markup, Path, Query, html,
    ui::{Choice, Icon, Surface, button, csrf, field, list, state},
};

use super::{
    own,
    rotation::{bed_in_words, by_whom, why_in_words},
    who,
};
use crate::{
    Told, TurnMoved, actions,
    model::{DAY_END, Reason, TurnStep},
    store,
};

#[derive(Deserialize)]
pub(super) struct OnDay {
    day: Option<String>,
}

struct Record {
    told: Vec<Told>,
    moved: Vec<TurnMoved>,
    everybody: HashMap<Id<Therapist>, Therapist>,
}

impl Record {
    fn read(cx: &Cx, tx: &mut Tx, day: Day) -> Result<Record> {
        let shop = cx.shop()?.id();
        // From six in the morning on, as business days run.
        let (from, to) = (day.at(DAY_END - 1440), day.at(DAY_END));
        let everybody = therapist::all_of(tx, shop)?;
        Ok(Record {
            told: store::assigned_between(tx, shop, from, to)?,
            moved: store::turn_steps_between(tx, shop, from, to)?,
            everybody: everybody.into_iter().map(|person| (person.id, person)).collect(),
        })
    }

    fn count(&self, reason: Reason) -> usize {
        self.told.iter().filter(|told| told.reason == reason).count()
    }
}

/// Everything that a day decided about turns, spoken from the first to the last.
pub(super) async fn show(ask: Ask, Query(query): Query<OnDay>) -> Answer {
    let today = ask.cx.now().plus_minutes(1440 - DAY_END).day();
    let day = query.day.as_deref().and_then(Day::parse).unwrap_or(today);
    let record = ask.read(move |cx, tx| Record::read(cx, tx, day)).await?;
    let named = show::day(ask.lang(), day, today);
    let title = ask.say(
        "scheduling-record-title",
        &args![day => named, count => record.told.len()],
    );
    let answer = ask.say(
        "scheduling-record-counts",
        &args![
            rotation => record.count(Reason::Rotation),
            requested => record.count(Reason::Requested),
            extension => record.count(Reason::Extension),
            manual => record.count(Reason::Manual) + record.moved.len(),
        ],
    );
    let mut lines: Vec<(Instant, Markup)> = record
        .told
        .iter()
        .map(|told| (told.at, told_in_words(&ask, &record, told)))
        .chain(
            record
                .moved
                .iter()
                .map(|moved| (moved.at, moved_in_words(&ask, &record, moved))),
        )
        .collect();
    lines.sort_by_key(|(at, _)| *at);
    let lines: Vec<Markup> = lines.into_iter().map(|(_, line)| line).collect();
    Ok(ask.page(Surface::Desk, &title, |_, page| {
        page.answer(&answer)
            .back("/desk/rotation", &ask.label("scheduling-rotation"))
            .body(html! {
                @if lines.is_empty() { (state::empty(Icon::Clock, &ask.label("scheduling-nothing-told"))) }
                @else { (list::items(&lines)) }
                div class="actions" {
                    (button::link(&format!("/desk/rotation/record?day={}", day.plus(-1)),
                        &ask.label("scheduling-day-before")).quiet())
                    @if day < today {
                        (button::link(&format!("/desk/rotation/record?day={}", day.plus(1)),
                            &ask.label("scheduling-day-after")).quiet())
                    }
                }
            })
    }))
}

fn name(ask: &Ask, record: &Record, therapist: Id<Therapist>) -> String {
    record
        .everybody
        .get(&therapist)
        .map(|person| who(ask, person))
        .unwrap_or_default()
}

fn time(ask: &Ask, at: Instant) -> String {
    show::time(ask.lang(), at.minute_of_day())
}

/// 上午 10 点，王师傅（2 号），一号床。轮钟：有空的师傅里排在最前。
fn told_in_words(ask: &Ask, record: &Record, told: &Told) -> Markup {
    let given = ask.say(
        "scheduling-record-given",
        &args![
            time => time(ask, told.at),
            who => name(ask, record, told.therapist),
            bed => bed_in_words(ask, told),
        ],
    );
    html! {
        a href={ "/desk/bookings/" (told.holder) } { (given) }
        " " (why_in_words(ask, told))
        @if told.released { " " (ask.label("scheduling-released")) }
    }
}

/// 上午 11 点，刘师傅（1 号）过号，排到最后。店员定的。
fn moved_in_words(ask: &Ask, record: &Record, moved: &TurnMoved) -> Markup {
    let said = ask.say(
        &format!("scheduling-moved-{}", moved.step),
        &args![
            time => time(ask, moved.at),
            who => name(ask, record, moved.therapist),
            by => by_whom(ask, &moved.actor),
        ],
    );
    html! { (said) @if !moved.reason.is_empty() { " " (moved.reason) } }
}

#[derive(Deserialize, Serialize, Default, Clone)]
pub(super) struct MoveForm {
    #[serde(default)]
    step: String,
    #[serde(default)]
    reason: String,
}

pub(super) async fn ask_to_move(ask: Ask, Path(id): Path<Id<Therapist>>) -> Answer {
    let form = ask.kept().await.unwrap_or_default();
    move_page(&ask, id, &form, None).await
}

async fn move_page(ask: &Ask, id: Id<Therapist>, form: &MoveForm, no: Option<&Refused>) -> Answer {
    let person = ask.read(move |cx, tx| Ok(own(cx, tx, id)?.1)).await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let name = who(ask, &person);
    let title = ask.say("scheduling-move-title", &args![who => name.as_str()]);
    let steps: Vec<(&str, String)> = TurnStep::ALL
        .iter()
        .map(|step| (step.code(), ask.label(&format!("scheduling-step-{step}"))))
        .collect();
    let legend = ask.label("scheduling-move-how");
    let chosen = if form.step.is_empty() {
        TurnStep::Missed.code()
    } else {
        &form.step
    };
    let radios = steps.iter().fold(
        field::radios("step", &legend).value(chosen).errors(&errors),
        |radios, (code, words)| radios.option(Choice::new(code, words)),
    );
    let response = ask.page(Surface::Desk, &title, |frame, page| {
        page.answer(&ask.label("scheduling-move-answer"))
            .back("/desk/rotation", &ask.label("scheduling-rotation"))
            .errors(&errors)
            .body(html! {
                form method="post" action={ "/desk/rotation/places/" (id) } novalidate {
                    (csrf(frame))
                    (radios)
                    (field::text("reason", &ask.label("scheduling-move-why")).hint(&ask.label("scheduling-move-why-hint"))
                        .value(&form.reason).autocomplete("off").errors(&errors))
                    (button::submit(&ask.label("scheduling-move-save")).about(&name))
                }
            })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

pub(super) async fn move_turn(ask: Ask, Path(id): Path<Id<Therapist>>, Form(form): Form<MoveForm>) -> Answer {
    let (step, reason) = (form.step.parse::<TurnStep>(), form.reason.clone());
    let moved = ask
        .write(move |cx, tx| {
            let (_, person) = own(cx, tx, id)?;
            let step = step.as_ref().map_err(|_| Error::NotFound)?;
            actions::move_turn(cx, tx, id, *step, &reason)?;
            Ok((person, *step))
        })
        .await;
    match moved {
        Ok((person, step)) => {
            let said = ask.say(
                &format!("scheduling-done-{step}"),
                &args![who => who(&ask, &person)],
            );
            Ok(ask.see_saying("/desk/rotation", &said))
        }
        Err(Error::Refused(no)) => move_page(&ask, id, &form, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}
