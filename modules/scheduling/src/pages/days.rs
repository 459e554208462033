//! Single dates on which a therapist's working times are not the week's: other hours, an extra shift, a day off.

use db::Tx;
use kernel::{Cx, Day, Error, Id, Refused, Result};
use serde::{Deserialize, Serialize};
use text::{args, show};
use therapist::Therapist;
use web::{
    Answer, Ask, Form, Markup, Path, html,
    ui::{Entry, Frame, Icon, Surface, Tone, button, csrf, field, list, state},
};

use super::{DAYS_AHEAD, may_change, own, stretch_in_words, times_in_words, who};
use crate::{
    Refusal, Taken, actions,
    model::{OwnDay, week},
    store,
};

#[derive(Deserialize, Serialize, Default, Clone)]
pub(super) struct DayForm {
    #[serde(default)]
    day: String,
    #[serde(default)]
    times: String,
    #[serde(default)]
    sure: String,
    /// How many bookings the person was told of before being sure.
    #[serde(default)]
    known: String,
}

impl DayForm {
    fn read(&self) -> Result<(Day, Vec<(i64, i64)>), Refused> {
        let day = Day::parse(self.day.trim());
        let day = day.ok_or_else(|| Refused::from(Refusal::BadMoment).on("day"))?;
        let shifts =
            week::read_day(day.weekday(), &self.times).map_err(|no| Refused::from(no).on("times"))?;
        Ok((
            day,
            shifts.iter().map(|shift| (shift.starts, shift.ends)).collect(),
        ))
    }
}

struct Seen {
    person: Therapist,
    days: Vec<OwnDay>,
    /// What stands outside the times that are being asked for.
    hits: Vec<Taken>,
}

impl Seen {
    fn read(cx: &Cx, tx: &mut Tx, id: Id<Therapist>, asked: Option<&(Day, Vec<(i64, i64)>)>) -> Result<Seen> {
        let (scope, person) = own(cx, tx, id)?;
        let (shop, today) = (scope.id(), cx.now().day());
        let mut days = store::own_days(tx, shop, today, today.plus(DAYS_AHEAD))?;
        let hits = match asked {
            Some((day, times)) => actions::outside(cx, tx, shop, id, *day, times)?,
            None => Vec::new(),
        };
        Ok(Seen {
            person,
            days: days.remove(&id).unwrap_or_default(),
            hits,
        })
    }
}

pub(super) async fn show(ask: Ask, Path(id): Path<Id<Therapist>>) -> Answer {
    let form = ask.kept().await.unwrap_or_default();
    page(&ask, id, &form, None).await
}

async fn page(ask: &Ask, id: Id<Therapist>, form: &DayForm, no: Option<&Refused>) -> Answer {
    let hit = no.is_some_and(|no| no.field == Some("sure"));
    let asked = form.read().ok().filter(|_| hit);
    let seen = ask
        .read(move |cx, tx| Seen::read(cx, tx, id, asked.as_ref()))
        .await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let name = who(ask, &seen.person);
    let title = ask.say(
        "scheduling-days-title",
        &args![who => name.as_str(), count => seen.days.len()],
    );
    let answer = match seen.days.first() {
        Some(next) => in_words(ask, next),
        None => ask.label("scheduling-days-none"),
    };
    let back = format!("/desk/shifts/{id}");
    let back_label = ask.say("scheduling-week-title", &args![who => name.as_str()]);
    let response = ask.page(Surface::Desk, &title, |frame, page| {
        page.answer(&answer).back(&back, &back_label).errors(&errors).body(html! {
            @if seen.days.is_empty() { (state::empty(Icon::Calendar, &answer)) }
            @else { (entries(ask, frame, &seen)) }
            @if may_change(ask) {
                form method="post" action={ "/desk/shifts/" (id) "/days" } novalidate {
                    (csrf(frame))
                    (field::date("day", &ask.label("scheduling-day")).value(&form.day).errors(&errors))
                    (field::text("times", &ask.label("scheduling-day-times"))
                        .hint(&ask.label("scheduling-day-times-hint")).value(&form.times).autocomplete("off")
                        .errors(&errors))
                    @if !seen.hits.is_empty() {
                        (state::notice(Tone::Attention,
                            &ask.say("scheduling-day-hits-count", &args![count => seen.hits.len()])).body(html! {
                            (list::items(&seen.hits.iter().map(|hit| hit_link(ask, hit)).collect::<Vec<_>>()))
                        }))
                        (field::hidden("known", &seen.hits.len().to_string()))
                        (field::checkbox("sure", &ask.label("scheduling-day-sure")).checked(false).errors(&errors))
                    }
                    (button::submit(&ask.label("scheduling-day-save")).about(&name))
                }
            }
        })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

fn hit_link(ask: &Ask, hit: &Taken) -> Markup {
    let when = stretch_in_words(ask, hit.from, hit.to);
    let words = ask.say("scheduling-hit", &args![when => when]);
    html! { a href={ "/desk/bookings/" (hit.holder) } { (words) } }
}

fn entries(ask: &Ask, frame: &Frame<'_>, seen: &Seen) -> Markup {
    let words: Vec<String> = seen.days.iter().map(|day| in_words(ask, day)).collect();
    let mut entries = list::entries().level(2);
    for (own, words) in seen.days.iter().zip(&words) {
        let mut entry = Entry::text(words);
        if may_change(ask) {
            let address = format!("/desk/shifts/{}/days/{}/removal", seen.person.id, own.day);
            entry = entry.action(html! {
                (button::post(frame, &address, &ask.label("scheduling-day-lift")).about_hidden(words).secondary())
            });
        }
        entries = entries.entry(entry);
    }
    html! { (entries) }
}

/// 11 月 25 日 星期三 10:00–14:00; 11 月 25 日 星期三休息
fn in_words(ask: &Ask, own: &OwnDay) -> String {
    let day = show::day(ask.lang(), own.day, ask.today());
    if own.times.is_empty() {
        ask.say("scheduling-days-off", &args![days => day])
    } else {
        let times = times_in_words(ask, &own.times);
        ask.say("scheduling-days-on", &args![days => day, times => times])
    }
}

pub(super) async fn set(ask: Ask, Path(id): Path<Id<Therapist>>, Form(form): Form<DayForm>) -> Answer {
    let (day, times) = match form.read() {
        Ok(read) => read,
        Err(no) => return page(&ask, id, &form, Some(&no)).await,
    };
    let typed = form.clone();
    let said = OwnDay {
        day,
        times: times.clone(),
    };
    let set = ask
        .write(move |cx, tx| {
            let (scope, person) = own(cx, tx, id)?;
            let hits = actions::outside(cx, tx, scope.id(), id, day, &times)?.len();
            // A booking that came in since the person was told has to be told first.
            let sure = typed.sure == "1" && typed.known.parse() == Ok(hits);
            actions::set_day(cx, tx, id, day, &times, sure)?;
            Ok(person)
        })
        .await;
    match set {
        Ok(person) => {
            let said = ask.say(
                "scheduling-day-set",
                &args![who => who(&ask, &person), day => in_words(&ask, &said)],
            );
            Ok(ask.see_saying(&format!("/desk/shifts/{id}/days"), &said))
        }
        Err(Error::Refused(no)) => page(&ask, id, &form, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn lift(ask: Ask, Path((id, day)): Path<(Id<Therapist>, String)>) -> Answer {
    let day = Day::parse(&day).ok_or(Error::NotFound)?;
    ask.write(move |cx, tx| {
        own(cx, tx, id)?;
        actions::usual_day(cx, tx, id, day)
    })
    .await?;
    Ok(ask.see_saying(
        &format!("/desk/shifts/{id}/days"),
        &ask.label("scheduling-day-lifted"),
    ))
}
