//! A leave that a therapist asks for, with a decision on every booking that stands in it.

use std::collections::HashMap;

use kernel::{Error, Id, Refused, Result};
use scheduling::{Leave, LeaveState};
use text::{args, show};
use therapist::Therapist;
use web::{
    Answer, Ask, Form, Markup, Path, html,
    ui::{Choice, Errors, Frame, Surface, Tone, button, csrf, field, section, state},
};

use super::super::{change::terms_words, when, whom};
use crate::{
    Decided, Decision, actions,
    model::{Booking, Change, State, Step},
};

/// A form's fields by name: `version`, `decision-…`, `seen-…`, `reason`.
type Typed = HashMap<String, String>;

struct Seen {
    leave: Leave,
    person: Therapist,
    hit: Vec<Hit>,
}

/// A booking that stands in the leave, or would.
struct Hit {
    booking: Booking,
    /// Who could serve it instead.
    others: Vec<Therapist>,
    /// What is proposed for it and would stand in the leave, with the name of who would serve.
    change: Option<(Change, String)>,
    /// Whether it stands in the leave itself.
    stands: bool,
}

async fn read(ask: &Ask, id: Id<Leave>) -> Result<Seen> {
    ask.read(move |cx, tx| {
        let scope = cx.shop()?;
        let leave = scheduling::leave(tx, scope, id)?;
        let people = therapist::of_shop(tx, scope.id())?;
        let mut hit = Vec::new();
        if leave.state == LeaveState::Asked {
            for booking in actions::hit_by(cx, tx, &leave)? {
                let others = actions::substitutes(tx, &booking)?;
                let others = people.iter().filter(|person| others.contains(&person.id));
                let others = others.cloned().collect();
                let change = super::open_with_name(tx, booking.id)?;
                let change = change.filter(|(change, _)| change.stands_in(&leave));
                let stands = booking.stands_in(&leave);
                hit.push(Hit {
                    booking,
                    others,
                    change,
                    stands,
                });
            }
        }
        let person = therapist::therapist(tx, leave.therapist)?;
        Ok(Seen { leave, person, hit })
    })
    .await
}

pub(in crate::pages) async fn leave(ask: Ask, Path(id): Path<Id<Leave>>) -> Answer {
    let typed = ask.kept().await.unwrap_or_default();
    page(&ask, id, &typed, None).await
}

async fn page(ask: &Ask, id: Id<Leave>, typed: &Typed, no: Option<&Refused>) -> Answer {
    let seen = read(ask, id).await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let name = show::therapist(ask.lang(), &seen.person.name);
    let moment =
        |moment: kernel::Instant| show::when(ask.lang(), moment.day(), moment.minute_of_day(), ask.today());
    let title = ask.say(
        "booking-leave-title",
        &args![who => name.as_str(), from => moment(seen.leave.from), to => moment(seen.leave.to)],
    );
    let open = seen.leave.state == LeaveState::Asked;
    let answer = match (open, seen.hit.len()) {
        (false, _) => ask.label("booking-leave-answered"),
        (true, 0) => ask.label("booking-leave-free"),
        (true, count) => ask.say("booking-leave-hits", &args![count => count]),
    };
    let response = ask.page(Surface::Desk, &title, |frame, page| {
        page.answer(&answer).back("/desk/leave", &ask.label("booking-leave-back")).errors(&errors).body(html! {
            @if !seen.leave.reason.is_empty() { p { (seen.leave.reason) } }
            @if open {
                form method="post" action={ "/desk/leave/" (id) } novalidate {
                    (csrf(frame))
                    (field::hidden("version", &seen.leave.version.to_string()))
                    @for hit in &seen.hit { (decision(ask, hit, typed)) }
                    (button::submit(&ask.label("booking-leave-approve")).about(&name))
                }
                (section("refusal", &ask.label("booking-leave-refuse"), refusal(ask, frame, &seen.leave, &name, (typed, &errors))))
            }
        })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

/// One booking and what can become of it. Nothing is chosen beforehand: each is a decision.
fn decision(ask: &Ask, hit: &Hit, typed: &Typed) -> Markup {
    let booking = &hit.booking;
    let name = format!("decision-{}", booking.id);
    let legend = format!(
        "{} {}，{}",
        booking.contact.name,
        when(ask, booking),
        booking.service_name
    );
    let mut choices = vec![("keep".to_owned(), ask.label("booking-leave-keep"))];
    if hit.change.is_some() && !hit.stands {
        choices.push(("drop".to_owned(), ask.label("booking-leave-drop")));
    }
    let others = if hit.stands { hit.others.as_slice() } else { &[] };
    choices.extend(others.iter().map(|other| {
        let who = show::therapist(ask.lang(), &other.name);
        (
            format!("swap-{}", other.id),
            ask.say("booking-leave-swap", &args![who => who]),
        )
    }));
    // While the customer pays, the money is on its way: only the order's own end lets go.
    if booking.state != State::Held && booking.state.after(Step::Cancel).is_some() {
        let price = show::money(booking.price);
        choices.push((
            "cancel".to_owned(),
            ask.say("booking-leave-cancel", &args![amount => price]),
        ));
    }
    let chosen = typed.get(&name).map_or("", String::as_str);
    let radios = choices.iter().fold(
        field::radios(&name, &legend).value(chosen),
        |radios, (value, label)| radios.option(Choice::new(value, label)),
    );
    html! {
        (radios)
        @if let Some((change, name)) = &hit.change {
            p { (ask.say("booking-leave-change", &args![to => terms_words(ask, change, name)])) }
        }
        @if booking.reason == scheduling::Reason::Requested && hit.stands {
            (state::notice(Tone::Attention, &ask.label("booking-leave-asked-for")))
        }
        (field::hidden(&format!("seen-{}", booking.id), &booking.version.to_string()))
        p { a href={ "/desk/bookings/" (booking.id) } { (whom(ask, booking)) } }
    }
}

fn refusal(
    ask: &Ask,
    frame: &Frame<'_>,
    leave: &Leave,
    name: &str,
    (typed, errors): (&Typed, &Errors<'_>),
) -> Markup {
    let reason = typed.get("reason").map_or("", String::as_str);
    html! {
        form method="post" action={ "/desk/leave/" (leave.id) "/refusal" } novalidate {
            (csrf(frame))
            (field::hidden("version", &leave.version.to_string()))
            (field::text("reason", &ask.label("booking-leave-answer")).value(reason).autocomplete("off").errors(errors))
            (button::submit(&ask.label("booking-leave-refuse")).about(name).danger())
        }
    }
}

fn version(typed: &Typed) -> i64 {
    typed
        .get("version")
        .and_then(|version| version.parse().ok())
        .unwrap_or_default()
}

/// The decisions that were made; what was left open or makes no sense is none.
fn decided(typed: &Typed) -> Vec<Decided> {
    let read = |(name, value): (&String, &String)| {
        let booking: Id<Booking> = name.strip_prefix("decision-")?.parse().ok()?;
        let seen = typed.get(&format!("seen-{booking}"))?.parse().ok()?;
        let decision = match value.as_str() {
            "keep" => Decision::Keep,
            "cancel" => Decision::Cancel,
            "drop" => Decision::DropChange,
            swap => Decision::Swap(swap.strip_prefix("swap-")?.parse().ok()?),
        };
        Some(Decided {
            booking,
            seen,
            decision,
        })
    };
    typed.iter().filter_map(read).collect()
}

pub(in crate::pages) async fn approve_leave(
    ask: Ask,
    Path(id): Path<Id<Leave>>,
    Form(typed): Form<Typed>,
) -> Answer {
    let (seen, decided) = (version(&typed), decided(&typed));
    let granted = ask
        .write(move |cx, tx| actions::approve_leave(cx, tx, id, seen, &decided))
        .await;
    match granted {
        Ok(granted) => {
            let said = ask.say("booking-leave-approved", &args![count => granted.len()]);
            Ok(ask.see_saying("/desk/leave", &said))
        }
        Err(Error::Refused(no)) => page(&ask, id, &typed, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

pub(in crate::pages) async fn refuse_leave(
    ask: Ask,
    Path(id): Path<Id<Leave>>,
    Form(typed): Form<Typed>,
) -> Answer {
    let (seen, answer) = (version(&typed), typed.get("reason").cloned().unwrap_or_default());
    let refused = ask
        .write(move |cx, tx| {
            scheduling::leave(tx, cx.shop()?, id)?;
            scheduling::refuse_leave(cx, tx, id, seen, &answer)
        })
        .await;
    match refused {
        Ok(_) => Ok(ask.see_saying("/desk/leave", &ask.label("booking-leave-refused"))),
        Err(Error::Refused(no)) => page(&ask, id, &typed, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}
