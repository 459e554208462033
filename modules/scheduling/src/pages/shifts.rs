//! Everybody's week in sentences, and one therapist's week to edit: one line of text for each day, because typing
//! "12:00-22:00" is quicker with a screen reader than any number of pickers.

use std::collections::HashMap;

use db::Tx;
use kernel::{Cx, Error, Id, Instant, Refused, Result};
use serde::{Deserialize, Serialize};
use text::args;
use therapist::Therapist;
use web::{
    Answer, Ask, Form, Path, html,
    ui::{Entry, Icon, Surface, Tone, button, csrf, field, list, state},
};

use super::{
    Presence, Roster, errors_of, joined, may_change, moment_in_words, own, stretch_in_words, times_in_words,
    week_in_words, who,
};
use crate::{
    FreeQuery, Refusal, Shift, actions,
    model::{Length, week},
    store,
};

/// "Next free" means free for as long as the usual massage.
const USUAL: Length = Length {
    minutes: 60,
    before: 0,
    after: 0,
};

struct Everybody {
    roster: Roster,
    next_free: HashMap<Id<Therapist>, Instant>,
    beds: usize,
    /// How many leaves wait for an answer.
    asked: usize,
}

impl Everybody {
    fn read(cx: &Cx, tx: &mut Tx) -> Result<Everybody> {
        let scope = cx.shop()?;
        let roster = Roster::read(cx, tx, scope)?;
        let query = FreeQuery {
            shop: scope.id(),
            length: USUAL,
            therapists: roster.people.iter().map(|person| person.id).collect(),
            now: cx.now(),
            lead_minutes: 0,
            days: actions::DAYS,
            step: actions::STEP,
        };
        let mut next_free = HashMap::new();
        for time in actions::free_times(tx, &query)?
            .into_iter()
            .flat_map(|day| day.times)
        {
            for therapist in time.therapists {
                next_free.entry(therapist).or_insert(time.starts_at);
            }
        }
        Ok(Everybody {
            beds: store::beds(tx, scope.id())?.len(),
            asked: crate::asked_leaves(tx, scope.id(), cx.now())?.len(),
            roster,
            next_free,
        })
    }
}

pub(super) async fn everybody(ask: Ask) -> Answer {
    let Everybody {
        roster,
        next_free,
        beds,
        asked,
    } = ask.read(Everybody::read).await?;
    let at_work: Vec<String> = roster
        .people
        .iter()
        .map(|person| (person, roster.works_today(person.id)))
        .filter(|(_, times)| !times.is_empty())
        .map(|(person, times)| format!("{} {}", who(&ask, person), times_in_words(&ask, &times)))
        .collect();
    let title = ask.say("scheduling-shifts-title", &args![count => at_work.len()]);
    let answer = if at_work.is_empty() {
        ask.label("scheduling-nobody-works")
    } else {
        ask.say("scheduling-who-works", &args![who => joined(&ask, &at_work)])
    };
    let words: Vec<(String, String)> = roster
        .people
        .iter()
        .map(|person| (format!("/desk/shifts/{}", person.id), who(&ask, person)))
        .collect();
    let mut entries = list::entries().level(2);
    for (person, (address, name)) in roster.people.iter().zip(&words) {
        let free = next_free.get(&person.id).copied();
        entries = entries.entry(entry(&ask, &roster, person.id, free, (address, name)));
    }
    Ok(ask.page(Surface::Desk, &title, |_, page| {
        page.answer(&answer).back("/desk", &ask.label("scheduling-home")).body(html! {
            @if asked > 0 {
                (state::notice(Tone::Attention, &ask.say("scheduling-asked", &args![count => asked])).body(html! {
                    a href="/desk/leave" { (ask.label("scheduling-asked-see")) }
                }))
            }
            @if beds == 0 { (state::notice(Tone::Bad, &ask.label("scheduling-no-beds")).body(html! {
                a href="/desk/beds" { (ask.label("scheduling-beds")) }
            })) }
            @if roster.people.is_empty() { (state::empty(Icon::Person, &ask.label("scheduling-no-therapists"))) }
            @else { (entries) }
            div class="actions" {
                (button::link("/desk/rotation", &ask.label("scheduling-rotation")).secondary())
                (button::link("/desk/beds", &ask.label("scheduling-beds")).secondary())
                (button::link("/desk/window", &ask.label("scheduling-window")).secondary())
            }
        })
    }))
}

fn entry<'a>(
    ask: &Ask,
    roster: &Roster,
    therapist: Id<Therapist>,
    free: Option<Instant>,
    (address, name): (&'a str, &'a str),
) -> Entry<'a> {
    let presence = roster.presence(therapist);
    let tone = match presence {
        Presence::Works => Tone::Good,
        Presence::OnLeave => Tone::Attention,
        Presence::WorksLater | Presence::Off => Tone::Plain,
    };
    let next = match free {
        Some(moment) => ask.say(
            "scheduling-next-free",
            &args![when => moment_in_words(ask, moment)],
        ),
        None => ask.say("scheduling-never-free", &args![days => actions::DAYS]),
    };
    let mut entry = Entry::new(address, name)
        .badge(state::badge(tone, &ask.label(presence.text_key())))
        .line(&week_in_words(ask, roster.week(therapist)))
        .line(&next);
    for leave in roster.leaves_of(therapist) {
        let when = stretch_in_words(ask, leave.from, leave.to);
        entry = entry.line(&ask.say("scheduling-leave-line", &args![when => when]));
    }
    let leave = format!("{address}/leave");
    entry.action(html! {
        (button::link(address, &ask.label("scheduling-shifts-of")).about_hidden(name).secondary())
        (button::link(&leave, &ask.label("scheduling-leave")).about_hidden(name).quiet())
    })
}

const FIELDS: [&str; 7] = ["day1", "day2", "day3", "day4", "day5", "day6", "day7"];

#[derive(Deserialize, Serialize, Default, Clone)]
pub(super) struct WeekForm {
    #[serde(default)]
    day1: String,
    #[serde(default)]
    day2: String,
    #[serde(default)]
    day3: String,
    #[serde(default)]
    day4: String,
    #[serde(default)]
    day5: String,
    #[serde(default)]
    day6: String,
    #[serde(default)]
    day7: String,
    /// The week as it was when the form was shown.
    #[serde(default)]
    was: String,
}

impl WeekForm {
    fn of(shifts: &[Shift]) -> WeekForm {
        let day = |weekday| week::write_day(shifts, weekday);
        WeekForm {
            day1: day(1),
            day2: day(2),
            day3: day(3),
            day4: day(4),
            day5: day(5),
            day6: day(6),
            day7: day(7),
            was: fingerprint(shifts),
        }
    }

    fn days(&self) -> [&str; 7] {
        [
            &self.day1, &self.day2, &self.day3, &self.day4, &self.day5, &self.day6, &self.day7,
        ]
    }

    /// The week that was typed, or what is wrong with each day.
    fn week(&self) -> Result<Vec<Shift>, Vec<Refused>> {
        let (mut shifts, mut refused) = (Vec::new(), Vec::new());
        for ((weekday, typed), field) in (1..).zip(self.days()).zip(FIELDS) {
            match week::read_day(weekday, typed) {
                Ok(day) => shifts.extend(day),
                Err(no) => refused.push(Refused::from(no).on(field)),
            }
        }
        if refused.is_empty() {
            Ok(shifts)
        } else {
            Err(refused)
        }
    }
}

fn fingerprint(shifts: &[Shift]) -> String {
    (1..=7)
        .map(|weekday| week::write_day(shifts, weekday))
        .collect::<Vec<_>>()
        .join("|")
}

fn week_of(tx: &mut Tx, person: &Therapist) -> Result<Vec<Shift>> {
    Ok(store::shifts(tx, person.shop)?
        .remove(&person.id)
        .unwrap_or_default())
}

pub(super) async fn one(ask: Ask, Path(id): Path<Id<Therapist>>) -> Answer {
    let kept = ask.kept().await;
    week_page(&ask, id, kept, &[]).await
}

/// One therapist's week; `typed` is what stands in the form when it is not the week itself.
async fn week_page(ask: &Ask, id: Id<Therapist>, typed: Option<WeekForm>, refused: &[Refused]) -> Answer {
    let (person, shifts) = ask
        .read(move |cx, tx| {
            let (_, person) = own(cx, tx, id)?;
            let shifts = week_of(tx, &person)?;
            Ok((person, shifts))
        })
        .await?;
    let mut form = typed.unwrap_or_else(|| WeekForm::of(&shifts));
    // The person now sees the week as it is, so sending the form again is a decision about this one.
    form.was = fingerprint(&shifts);
    let errors = errors_of(ask, refused);
    let name = who(ask, &person);
    let title = ask.say("scheduling-week-title", &args![who => name.as_str()]);
    let address = format!("/desk/shifts/{id}");
    let (leave, days) = (format!("{address}/leave"), format!("{address}/days"));
    let labels: Vec<String> = (1..=7)
        .map(|weekday| ask.label(&format!("scheduling-weekday-{weekday}")))
        .collect();
    let answer = week_in_words(ask, &shifts);
    let response = ask.page(Surface::Desk, &title, |frame, page| {
        page.answer(&answer)
            .back("/desk/shifts", &ask.label("scheduling-shifts"))
            .errors(&errors)
            .body(html! {
                @if may_change(ask) {
                    form method="post" action=(address) novalidate {
                        (csrf(frame))
                        (field::hidden("was", &form.was))
                        p id="how" { (ask.label("scheduling-week-how")) }
                        @for ((name, label), value) in FIELDS.iter().zip(&labels).zip(form.days()) {
                            (field::text(name, label).value(value).autocomplete("off").errors(&errors))
                        }
                        (button::submit(&ask.label("scheduling-week-save")).about(&name))
                    }
                }
                p { a href=(days) { (ask.say("scheduling-days-of", &args![who => name.as_str()])) } }
                p { a href=(leave) { (ask.say("scheduling-leave-of", &args![who => name.as_str()])) } }
            })
    });
    Ok(match refused.first() {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

pub(super) async fn save(ask: Ask, Path(id): Path<Id<Therapist>>, Form(form): Form<WeekForm>) -> Answer {
    let shifts = match form.week() {
        Ok(shifts) => shifts,
        Err(refused) => return week_page(&ask, id, Some(form), &refused).await,
    };
    let (was, said) = (form.was.clone(), week_in_words(&ask, &shifts));
    let saved = ask
        .write(move |cx, tx| {
            let (_, person) = own(cx, tx, id)?;
            let before = week_of(tx, &person)?;
            if fingerprint(&before) != was && fingerprint(&before) != fingerprint(&shifts) {
                return Err(Refusal::Changed.into());
            }
            actions::set_shifts(cx, tx, id, &shifts)?;
            Ok(person)
        })
        .await;
    match saved {
        Ok(person) => {
            let said = ask.say(
                "scheduling-week-saved",
                &args![who => who(&ask, &person), week => said],
            );
            Ok(ask.see_saying("/desk/shifts", &said))
        }
        Err(Error::Refused(no)) => week_page(&ask, id, Some(form), &[no]).await,
        Err(other) => Err(other.into()),
    }
}
