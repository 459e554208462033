//! One bed: the room that it stands in, and when it is out of use.

use kernel::{Day, Error, Id, Refused, Result};
use serde::{Deserialize, Serialize};
use text::args;
use web::{
    Answer, Ask, Form, Markup, Path, html,
    ui::{Entry, Errors, Frame, Surface, button, csrf, field, list, section},
};

use super::super::{may_change, stretch_in_words};
use crate::{Bed, NewPause, Pause, Refusal, Room, actions, model::week, store};

#[derive(Deserialize, Serialize, Default, Clone)]
pub(in crate::pages) struct PauseForm {
    #[serde(default)]
    day: String,
    #[serde(default)]
    from_time: String,
    #[serde(default)]
    to_time: String,
    #[serde(default)]
    reason: String,
}

#[derive(Deserialize)]
pub(in crate::pages) struct RoomForm {
    #[serde(default)]
    room: String,
}

impl PauseForm {
    fn read(&self, bed: Id<Bed>) -> Result<NewPause, Refused> {
        let bad = |field| Refused::from(Refusal::BadMoment).on(field);
        let day = Day::parse(self.day.trim()).ok_or_else(|| bad("day"))?;
        let from = week::read_clock(&self.from_time).ok_or_else(|| bad("from_time"))?;
        let to = week::read_clock(&self.to_time).ok_or_else(|| bad("to_time"))?;
        if from >= to {
            return Err(Refused::from(Refusal::Backwards).on("to_time"));
        }
        Ok(NewPause {
            bed,
            from: day.at(from),
            to: day.at(to),
            reason: self.reason.clone(),
        })
    }
}

/// 停用：今天下午 3 点到下午 4 点，换床单
pub(super) fn pause_in_words(ask: &Ask, pause: &Pause) -> String {
    let when = stretch_in_words(ask, pause.from, pause.to);
    ask.say(
        "scheduling-pause-line",
        &args![when => when, reason => pause.reason.as_str()],
    )
}

pub(in crate::pages) async fn one(ask: Ask, Path(id): Path<Id<Bed>>) -> Answer {
    let form = ask.kept().await.unwrap_or(PauseForm {
        day: ask.today().to_string(),
        ..PauseForm::default()
    });
    page(&ask, id, &form, None).await
}

async fn page(ask: &Ask, id: Id<Bed>, form: &PauseForm, no: Option<&Refused>) -> Answer {
    let (bed, rooms, pauses) = ask
        .read(move |cx, tx| {
            let shop = cx.shop()?.id();
            let beds = store::beds(tx, shop)?;
            let bed = beds.into_iter().find(|bed| bed.id == id).ok_or(Error::NotFound)?;
            let mut pauses = store::pauses(tx, shop, cx.now())?;
            pauses.retain(|pause| pause.bed == id);
            Ok((bed, store::rooms(tx, shop)?, pauses))
        })
        .await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let answer = match pauses.first() {
        Some(pause) => pause_in_words(ask, pause),
        None => ask.label("scheduling-bed-in-use"),
    };
    let response = ask.page(Surface::Desk, &bed.name, |frame, page| {
        page.answer(&answer).back("/desk/beds", &ask.label("scheduling-beds")).errors(&errors).body(html! {
            @if !pauses.is_empty() { (entries(ask, frame, &pauses)) }
            @if may_change(ask) {
                (section("pause", &ask.label("scheduling-pause-new"), pause_form(ask, frame, &bed, form, &errors)))
                @if !rooms.is_empty() {
                    (section("room", &ask.label("scheduling-bed-room"), room_form(ask, frame, &bed, &rooms)))
                }
            }
        })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

fn entries(ask: &Ask, frame: &Frame<'_>, pauses: &[Pause]) -> Markup {
    let words: Vec<String> = pauses.iter().map(|pause| pause_in_words(ask, pause)).collect();
    let mut entries = list::entries().level(2);
    for (pause, words) in pauses.iter().zip(&words) {
        let mut entry = Entry::text(words);
        if may_change(ask) {
            let address = format!("/desk/beds/{}/pauses/{}/removal", pause.bed, pause.id);
            entry = entry.action(html! {
                (button::post(frame, &address, &ask.label("scheduling-pause-lift")).about_hidden(words).secondary())
            });
        }
        entries = entries.entry(entry);
    }
    html! { (entries) }
}

fn pause_form(ask: &Ask, frame: &Frame<'_>, bed: &Bed, form: &PauseForm, errors: &Errors<'_>) -> Markup {
    html! {
        form method="post" action={ "/desk/beds/" (bed.id) "/pauses" } novalidate {
            (csrf(frame))
            (field::date("day", &ask.label("scheduling-day")).value(&form.day).errors(errors))
            (field::text("from_time", &ask.label("scheduling-from-time")).value(&form.from_time).autocomplete("off")
                .errors(errors))
            (field::text("to_time", &ask.label("scheduling-to-time")).hint(&ask.label("scheduling-pause-hint"))
                .value(&form.to_time).autocomplete("off").errors(errors))
            (field::text("reason", &ask.label("scheduling-reason")).value(&form.reason).autocomplete("off").errors(errors))
            (button::submit(&ask.label("scheduling-pause-save")).about(&bed.name))
        }
    }
}

fn room_form(ask: &Ask, frame: &Frame<'_>, bed: &Bed, rooms: &[Room]) -> Markup {
    let none = ask.label("scheduling-room-none");
    let ids: Vec<String> = rooms.iter().map(|room| room.id.to_string()).collect();
    let mut choices = vec![("", none.as_str())];
    choices.extend(
        ids.iter()
            .map(String::as_str)
            .zip(rooms.iter().map(|room| room.name.as_str())),
    );
    let chosen = bed.room.map(|room| room.to_string()).unwrap_or_default();
    html! {
        form method="post" action={ "/desk/beds/" (bed.id) "/room" } novalidate {
            (csrf(frame))
            (field::select("room", &ask.label("scheduling-bed-room")).options(&choices).value(&chosen))
            (button::submit(&ask.label("scheduling-room-save")).about(&bed.name).secondary())
        }
    }
}

pub(in crate::pages) async fn pause(
    ask: Ask,
    Path(id): Path<Id<Bed>>,
    Form(form): Form<PauseForm>,
) -> Answer {
    let new = match form.read(id) {
        Ok(new) => new,
        Err(no) => return page(&ask, id, &form, Some(&no)).await,
    };
    let paused = ask
        .write(move |cx, tx| {
            let shop = cx.shop()?.id();
            actions::pause_bed(cx, tx, shop, &new)
        })
        .await;
    match paused {
        Ok(hits) => {
            let said = ask.say("scheduling-paused", &args![count => hits.len()]);
            Ok(ask.see_saying(&format!("/desk/beds/{id}"), &said))
        }
        Err(Error::Refused(no)) => page(&ask, id, &form, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

pub(in crate::pages) async fn lift_pause(ask: Ask, Path((bed, pause)): Path<(Id<Bed>, Id<Pause>)>) -> Answer {
    ask.write(move |cx, tx| {
        let shop = cx.shop()?.id();
        actions::lift_pause(cx, tx, shop, pause)
    })
    .await?;
    let said = ask.label("scheduling-pause-lifted");
    Ok(ask.see_saying(&format!("/desk/beds/{bed}"), &said))
}

pub(in crate::pages) async fn put_in_room(
    ask: Ask,
    Path(id): Path<Id<Bed>>,
    Form(form): Form<RoomForm>,
) -> Answer {
    let room = match form.room.as_str() {
        "" => None,
        room => Some(room.parse().map_err(|_| Error::NotFound)?),
    };
    ask.write(move |cx, tx| {
        let shop = cx.shop()?.id();
        actions::put_bed_in_room(cx, tx, shop, id, room)
    })
    .await?;
    Ok(ask.see_saying(&format!("/desk/beds/{id}"), &ask.label("scheduling-room-saved")))
}
