//! One therapist's leave. Bookings that stand in a leave stay: somebody decides on each, so they are told before and
//! listed after.

use db::Tx;
use kernel::{Actor, Cx, Day, Error, Id, Instant, Minutes, Refused, Result, Role};
use serde::{Deserialize, Serialize};
use text::args;
use therapist::Therapist;
use web::{
    Answer, Ask, Form, Markup, Path, html,
    ui::{Entry, Errors, Frame, Icon, Surface, Tone, button, csrf, field, list, section, state},
};

use super::{joined, may_change, own, stretch_in_words, who};
use crate::{
    Leave, LeaveState, NewLeave, Refusal, Taken, actions,
    model::{DAY_END, week},
    store, taken,
};

/// A leave without times is one of whole business days, which change at six in the morning, when shops are shut.
pub(super) const DAY_BEGINS: Minutes = DAY_END - 1440;
/// Characters of a reason.
const REASON: usize = 100;

#[derive(Deserialize, Serialize, Default, Clone)]
pub(super) struct LeaveForm {
    #[serde(default)]
    from_day: String,
    #[serde(default)]
    from_time: String,
    #[serde(default)]
    to_day: String,
    #[serde(default)]
    to_time: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    sure: String,
    /// The bookings that the person was told of before being sure.
    #[serde(default)]
    known: Vec<String>,
    /// Tells a form sent twice from two forms.
    #[serde(default)]
    key: String,
}

impl LeaveForm {
    /// From when until when, in the person's meaning.
    fn stretch(&self, now: Instant) -> Result<(Instant, Instant), Refused> {
        let from = moment(
            &self.from_day,
            &self.from_time,
            DAY_BEGINS,
            ["from_day", "from_time"],
        )?;
        let to = moment(&self.to_day, &self.to_time, DAY_END, ["to_day", "to_time"])?;
        if from >= to {
            return Err(Refused::from(Refusal::Backwards).on("to_day"));
        }
        if to <= now {
            return Err(Refusal::LeaveOver.into());
        }
        if self.reason.trim().chars().count() > REASON {
            return Err(Refusal::LongReason { most: REASON }.into());
        }
        Ok((from, to))
    }

    /// What makes one question out of two sent forms.
    fn fingerprint(&self, therapist: Id<Therapist>) -> String {
        [
            &therapist.to_string(),
            &self.from_day,
            &self.from_time,
            &self.to_day,
            &self.to_time,
            &self.reason,
        ]
        .map(String::as_str)
        .join("|")
    }

    fn knows(&self, hit: &Taken) -> bool {
        self.known.contains(&hit.holder.to_string())
    }
}

/// A day and a time of it, or `whole` where no time is given; `fields` are their names.
fn moment(day: &str, time: &str, whole: Minutes, fields: [&'static str; 2]) -> Result<Instant, Refused> {
    let bad = |field| Refused::from(Refusal::BadMoment).on(field);
    let day = Day::parse(day.trim()).ok_or_else(|| bad(fields[0]))?;
    if time.trim().is_empty() {
        return Ok(day.at(whole));
    }
    week::read_clock(time)
        .map(|minute| day.at(minute))
        .ok_or_else(|| bad(fields[1]))
}

struct Seen {
    person: Therapist,
    leaves: Vec<(Leave, Vec<Taken>)>,
    /// What stands in the stretch that is being asked for.
    hits: Vec<Taken>,
}

impl Seen {
    fn read(cx: &Cx, tx: &mut Tx, id: Id<Therapist>, asked: Option<(Instant, Instant)>) -> Result<Seen> {
        let (scope, person) = own(cx, tx, id)?;
        let shop = scope.id();
        let mut leaves = Vec::new();
        for leave in store::leaves_of(tx, shop, id, cx.now())? {
            if leave.state != LeaveState::Withdrawn {
                let hits = actions::hits(cx, tx, &leave)?;
                leaves.push((leave, hits));
            }
        }
        let hits = match asked {
            Some((from, to)) => taken(tx, shop, id, from, to)?,
            None => Vec::new(),
        };
        Ok(Seen { person, leaves, hits })
    }
}

pub(super) async fn show(ask: Ask, Path(id): Path<Id<Therapist>>) -> Answer {
    let today = ask.today().to_string();
    let form = ask.kept().await.unwrap_or(LeaveForm {
        from_day: today.clone(),
        to_day: today,
        ..LeaveForm::default()
    });
    leave_page(&ask, id, form, None).await
}

async fn leave_page(ask: &Ask, id: Id<Therapist>, mut form: LeaveForm, no: Option<&Refused>) -> Answer {
    let hit = no.is_some_and(|no| no.field == Some("sure"));
    let asked = form.stretch(ask.cx.now()).ok().filter(|_| hit);
    let seen = ask.read(move |cx, tx| Seen::read(cx, tx, id, asked)).await?;
    if form.key.is_empty() {
        form.key = ask.cx.id::<Leave>().to_string();
    }
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let name = who(ask, &seen.person);
    let title = ask.say(
        "scheduling-leave-title",
        &args![who => name.as_str(), count => seen.leaves.len()],
    );
    let whens: Vec<String> = seen
        .leaves
        .iter()
        .map(|(leave, _)| stretch_in_words(ask, leave.from, leave.to))
        .collect();
    let granted = seen
        .leaves
        .iter()
        .zip(&whens)
        .filter(|((leave, _), _)| leave.state == LeaveState::Granted);
    let granted: Vec<String> = granted.map(|(_, when)| when.clone()).collect();
    let answer = if granted.is_empty() {
        ask.label("scheduling-no-leave")
    } else {
        ask.say("scheduling-leave-line", &args![when => joined(ask, &granted)])
    };
    let back = format!("/desk/shifts/{id}");
    let back_label = ask.say("scheduling-week-title", &args![who => name.as_str()]);
    let response = ask.page(Surface::Desk, &title, |frame, page| {
        page.answer(&answer).back(&back, &back_label).errors(&errors).body(html! {
            @if seen.leaves.is_empty() { (state::empty(Icon::Calendar, &answer)) }
            @else { (entries(ask, frame, &seen, &whens)) }
            @if may_ask_for(ask, &seen.person) {
                (section("new", &ask.label(if may_change(ask) { "scheduling-leave-new" } else { "scheduling-leave-ask" }),
                    leave_form(ask, frame, &seen, &form, &errors)))
            } @else {
                p { (ask.say("scheduling-leave-not-own", &args![who => name.as_str()])) }
            }
        })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

/// The front desk for everybody, a therapist for the own person.
fn may_ask_for(ask: &Ask, person: &Therapist) -> bool {
    match ask.actor() {
        Actor::Staff {
            id,
            role: Role::Therapist,
            ..
        } => person.account == Some(id),
        _ => true,
    }
}

fn entries(ask: &Ask, frame: &Frame<'_>, seen: &Seen, whens: &[String]) -> Markup {
    let id = seen.person.id;
    let mut entries = list::entries().level(2);
    for ((leave, hits), when) in seen.leaves.iter().zip(whens) {
        let mut entry = Entry::text(when);
        if !leave.reason.is_empty() {
            entry = entry.line(&leave.reason);
        }
        if leave.state == LeaveState::Refused {
            entry = entry.badge(state::badge(Tone::Bad, &ask.label("scheduling-leave-refused")));
            if !leave.answer.is_empty() {
                entry = entry.line(&leave.answer);
            }
        } else if leave.state == LeaveState::Asked {
            entry = entry.badge(state::badge(
                Tone::Attention,
                &ask.label("scheduling-leave-asked"),
            ));
        }
        if !hits.is_empty() && leave.state != LeaveState::Refused {
            entry = entry
                .badge(state::badge(
                    Tone::Bad,
                    &ask.say("scheduling-hit-count", &args![count => hits.len()]),
                ))
                .line_markup(html! {
                    @for hit in hits {
                        " " a href={ "/desk/bookings/" (hit.holder) } { (hit_in_words(ask, hit)) }
                    }
                });
        }
        let own_question = leave.state == LeaveState::Asked && may_ask_for(ask, &seen.person);
        if own_question || (leave.state == LeaveState::Granted && may_change(ask)) {
            let address = format!("/desk/shifts/{id}/leave/{}/withdrawal", leave.id);
            entry = entry.action(html! {
                (button::post(frame, &address, &ask.label("scheduling-withdraw")).about_hidden(when).secondary())
            });
        }
        entries = entries.entry(entry);
    }
    html! { (entries) }
}

fn leave_form(ask: &Ask, frame: &Frame<'_>, seen: &Seen, form: &LeaveForm, errors: &Errors<'_>) -> Markup {
    let name = who(ask, &seen.person);
    let hint = ask.label("scheduling-leave-time-hint");
    let (path, save) = match may_change(ask) {
        true => ("/leave", ask.label("scheduling-leave-save")),
        false => ("/leave-requests", ask.label("scheduling-leave-send")),
    };
    html! {
        form method="post" action={ "/desk/shifts/" (seen.person.id) (path) } novalidate {
            (csrf(frame))
            (field::hidden("key", &form.key))
            (field::date("from_day", &ask.label("scheduling-from-day")).value(&form.from_day).errors(errors))
            (field::time("from_time", &ask.label("scheduling-from-time")).hint(&hint).value(&form.from_time)
                .errors(errors))
            (field::date("to_day", &ask.label("scheduling-to-day")).value(&form.to_day).errors(errors))
            (field::time("to_time", &ask.label("scheduling-to-time")).value(&form.to_time).errors(errors))
            (field::text("reason", &ask.label("scheduling-reason")).value(&form.reason).autocomplete("off")
                .errors(errors))
            @if !seen.hits.is_empty() {
                (state::notice(Tone::Attention, &ask.say("scheduling-hits", &args![count => seen.hits.len()])).body(html! {
                    (list::sentences(&seen.hits.iter().map(|hit| hit_in_words(ask, hit)).collect::<Vec<_>>()))
                }))
                @for hit in &seen.hits { (field::hidden("known", &hit.holder.to_string())) }
                (field::checkbox("sure", &ask.label("scheduling-sure")).checked(false).errors(errors))
            }
            (button::submit(&save).about(&name))
        }
    }
}

fn hit_in_words(ask: &Ask, hit: &Taken) -> String {
    ask.say(
        "scheduling-hit",
        &args![when => stretch_in_words(ask, hit.from, hit.to)],
    )
}

pub(super) async fn grant(ask: Ask, Path(id): Path<Id<Therapist>>, Form(form): Form<LeaveForm>) -> Answer {
    let (from, to) = match form.stretch(ask.cx.now()) {
        Ok(stretch) => stretch,
        Err(no) => return leave_page(&ask, id, form, Some(&no)).await,
    };
    let typed = form.clone();
    let granted = ask
        .write(move |cx, tx| {
            let (scope, person) = own(cx, tx, id)?;
            let hits = taken(tx, scope.id(), id, from, to)?;
            // A booking that came in since the person was told has to be told first.
            let sure = typed.sure == "1" && hits.iter().all(|hit| typed.knows(hit));
            let leave = NewLeave {
                therapist: id,
                from,
                to,
                reason: typed.reason.clone(),
            };
            if typed.key.is_empty() {
                actions::grant_leave(cx, tx, leave, sure)?;
            } else {
                tx.once(cx, &typed.key, &typed.fingerprint(id), |tx| {
                    actions::grant_leave(cx, tx, leave, sure)
                })?;
            }
            Ok(person)
        })
        .await;
    match granted {
        Ok(person) => {
            let when = stretch_in_words(&ask, from, to);
            let said = ask.say(
                "scheduling-leave-granted",
                &args![who => who(&ask, &person), when => when],
            );
            Ok(ask.see_saying(&format!("/desk/shifts/{id}/leave"), &said))
        }
        Err(Error::Refused(no)) => leave_page(&ask, id, form, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

/// A therapist asks; the bookings in it are for the shop to decide on.
pub(super) async fn request(ask: Ask, Path(id): Path<Id<Therapist>>, Form(form): Form<LeaveForm>) -> Answer {
    let (from, to) = match form.stretch(ask.cx.now()) {
        Ok(stretch) => stretch,
        Err(no) => return leave_page(&ask, id, form, Some(&no)).await,
    };
    let typed = form.clone();
    let asked = ask
        .write(move |cx, tx| {
            own(cx, tx, id)?;
            let leave = NewLeave {
                therapist: id,
                from,
                to,
                reason: typed.reason.clone(),
            };
            if typed.key.is_empty() {
                return actions::ask_leave(cx, tx, leave);
            }
            tx.once(cx, &typed.key, &typed.fingerprint(id), |tx| {
                actions::ask_leave(cx, tx, leave)
            })
        })
        .await;
    match asked {
        Ok(_) => {
            let when = stretch_in_words(&ask, from, to);
            let said = ask.say("scheduling-leave-sent", &args![when => when]);
            Ok(ask.see_saying(&format!("/desk/shifts/{id}/leave"), &said))
        }
        Err(Error::Refused(no)) => leave_page(&ask, id, form, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

/// The leaves that wait for the shop's answer.
pub(super) async fn asked(ask: Ask) -> Answer {
    let (leaves, people) = ask
        .read(|cx, tx| {
            let shop = cx.shop()?.id();
            let mut leaves = Vec::new();
            for leave in crate::asked_leaves(tx, shop, cx.now())? {
                let hits = actions::hits(cx, tx, &leave)?.len();
                leaves.push((leave, hits));
            }
            Ok((leaves, therapist::all_of(tx, shop)?))
        })
        .await?;
    let words: Vec<(String, String)> = leaves
        .iter()
        .map(|(leave, _)| {
            let person = people.iter().find(|person| person.id == leave.therapist);
            let name = person.map(|person| who(&ask, person)).unwrap_or_default();
            let when = stretch_in_words(&ask, leave.from, leave.to);
            (format!("/desk/leave/{}", leave.id), format!("{name} {when}"))
        })
        .collect();
    let title = ask.say("scheduling-asked", &args![count => leaves.len()]);
    let answer = match words.first() {
        Some((_, words)) => words.clone(),
        None => ask.label("scheduling-asked-none"),
    };
    Ok(ask.page(Surface::Desk, &title, |_, page| {
        let mut entries = list::entries().level(2);
        for ((leave, hits), (address, words)) in leaves.iter().zip(&words) {
            let entry = match may_change(&ask) {
                true => Entry::new(address, words),
                false => Entry::text(words),
            };
            let count = ask.say("scheduling-hits", &args![count => *hits]);
            entries = entries.entry(entry.line(&leave.reason).line(&count));
        }
        page.answer(&answer)
            .back("/desk/shifts", &ask.label("scheduling-shifts"))
            .body(html! {
                @if leaves.is_empty() { (state::empty(Icon::Calendar, &answer)) } @else { (entries) }
            })
    }))
}

pub(super) async fn withdraw(ask: Ask, Path((id, leave)): Path<(Id<Therapist>, Id<Leave>)>) -> Answer {
    let person = ask
        .write(move |cx, tx| {
            let (scope, person) = own(cx, tx, id)?;
            actions::withdraw_leave(cx, tx, scope.id(), leave)?;
            Ok(person)
        })
        .await?;
    let said = ask.say("scheduling-leave-withdrawn", &args![who => who(&ask, &person)]);
    Ok(ask.see_saying(&format!("/desk/shifts/{id}/leave"), &said))
}
