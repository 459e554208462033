//! The rotation board: who comes next, and why the last ones were chosen. Fairness must be open to everybody's ear.

use std::collections::HashMap;

use db::Tx;
use kernel::{Cx, Id, Result};
use text::args;
use therapist::Therapist;
use web::{
    Answer, Ask, Markup, html,
    ui::{Icon, Surface, button, list, section, state},
};

use super::{Presence, Roster, may_change, moment_in_words, times_in_words, who};
use crate::{Told, model::Reason, store};

/// Assignments that the board tells.
const TOLD: i64 = 20;

struct Board {
    roster: Roster,
    /// In the order of the rotation.
    line: Vec<Therapist>,
    told: Vec<Told>,
    /// Everybody who ever worked here: old assignments name them too.
    everybody: HashMap<Id<Therapist>, Therapist>,
}

impl Board {
    fn read(cx: &Cx, tx: &mut Tx) -> Result<Board> {
        let scope = cx.shop()?;
        let roster = Roster::read(cx, tx, scope)?;
        let turns = store::turns(tx, scope.id())?;
        let mut line = roster.people.clone();
        // Stable: who is equal stays in the order of the work numbers, as when a claim is decided.
        line.sort_by_key(|person| turns.get(&person.id).copied().unwrap_or(0));
        let everybody = therapist::all_of(tx, scope.id())?;
        Ok(Board {
            told: store::last_assignments(tx, scope.id(), TOLD)?,
            everybody: everybody.into_iter().map(|person| (person.id, person)).collect(),
            line,
            roster,
        })
    }
}

pub(super) async fn board(ask: Ask) -> Answer {
    let board = ask.read(Board::read).await?;
    let mut at_work = board
        .line
        .iter()
        .filter(|person| {
            let presence = board.roster.presence(person.id);
            matches!(presence, Presence::Works | Presence::WorksLater)
        })
        .map(|person| who(&ask, person));
    let next = at_work.next();
    let (title, answer) = match (&next, at_work.next()) {
        (None, _) => (
            ask.label("scheduling-rotation"),
            ask.label("scheduling-nobody-in-turn"),
        ),
        (Some(next), after) => {
            let next = next.as_str();
            let answer = match after {
                Some(after) => ask.say("scheduling-turns", &args![next => next, after => after]),
                None => ask.say("scheduling-turn", &args![next => next]),
            };
            (ask.say("scheduling-rotation-title", &args![next => next]), answer)
        }
    };
    let change = ask.label("scheduling-move");
    let line: Vec<Markup> = (1usize..)
        .zip(&board.line)
        .map(|(place, person)| {
            let address = format!("/desk/rotation/places/{}", person.id);
            html! {
                (place_in_words(&ask, &board, place, person))
                @if may_change(&ask) {
                    " " (button::link(&address, &change).about_hidden(&who(&ask, person)).quiet())
                }
            }
        })
        .collect();
    let told: Vec<Markup> = board
        .told
        .iter()
        .map(|told| told_in_words(&ask, &board, told))
        .collect();
    Ok(ask.page(Surface::Desk, &title, |_, page| {
        page.answer(&answer).back("/desk/shifts", &ask.label("scheduling-shifts")).body(html! {
            p { (ask.label("scheduling-rotation-rule")) }
            (section("line", &ask.label("scheduling-line"), html! {
                @if line.is_empty() { (state::empty(Icon::Person, &ask.label("scheduling-no-therapists"))) }
                @else { (list::items(&line)) }
            }))
            p { a href="/desk/rotation/record" { (ask.label("scheduling-record")) } }
            (section("told", &ask.label("scheduling-told"), html! {
                @if told.is_empty() { (state::empty(Icon::Clock, &ask.label("scheduling-nothing-told"))) }
                @else { (list::items(&told)) }
            }))
        })
    }))
}

/// 第 1 位，刘师傅（1 号），上班中，今天 12:00–22:00
fn place_in_words(ask: &Ask, board: &Board, place: usize, person: &Therapist) -> String {
    let presence = ask.label(board.roster.presence(person.id).text_key());
    let times = board.roster.works_today(person.id);
    let name = who(ask, person);
    if times.is_empty() {
        return ask.say(
            "scheduling-place",
            &args![place => place, who => name, now => presence],
        );
    }
    let times = times_in_words(ask, &times);
    ask.say(
        "scheduling-place-times",
        &args![place => place, who => name, now => presence, times => times],
    )
}

/// 今天上午 10 点，王师傅（2 号），一号床。轮钟：有空的师傅里轮到最前。
fn told_in_words(ask: &Ask, board: &Board, told: &Told) -> Markup {
    let name = board
        .everybody
        .get(&told.therapist)
        .map(|person| who(ask, person))
        .unwrap_or_default();
    let why = why_in_words(ask, told);
    let given = ask.say(
        "scheduling-given",
        &args![when => moment_in_words(ask, told.at), who => name, bed => bed_in_words(ask, told)],
    );
    html! {
        a href={ "/desk/bookings/" (told.holder) } { (given) }
        " " (why)
        @if told.released { " " (ask.label("scheduling-released")) }
    }
}

/// 一号床, or 上门.
pub(super) fn bed_in_words(ask: &Ask, told: &Told) -> String {
    match told.bed.as_str() {
        "" => ask.label("scheduling-away"),
        bed => bed.to_owned(),
    }
}

/// 轮钟：有空的师傅里排在最前。 By hand: who, and their words.
pub(super) fn why_in_words(ask: &Ask, told: &Told) -> String {
    match told.reason {
        Reason::Requested => ask.label("scheduling-why-requested"),
        Reason::Rotation => ask.label("scheduling-why-rotation"),
        Reason::Extension => ask.label("scheduling-why-extension"),
        Reason::Manual => ask.say(
            "scheduling-why-manual",
            &args![by => by_whom(ask, &told.actor), reason => told.note.as_str()],
        ),
    }
}

/// 店主; the account itself is nobody's business who listens to the board.
pub(super) fn by_whom(ask: &Ask, actor: &str) -> String {
    let role = actor.split(':').next().unwrap_or_default();
    let role = match role {
        "owner" | "clerk" | "therapist" | "centre" | "customer" => role,
        _ => "system",
    };
    ask.label(&format!("scheduling-by-{role}"))
}
