//! The shop's side of bookings. The first sentence says what waits; every control names its customer and time.

mod arrival;
mod change;
mod closing;
mod counter;
mod leave;
mod party;
mod phone;
mod queue;
mod reasons;
mod service;
mod steps;
mod trouble;
mod visit;
mod waitlist;

use std::collections::{HashMap, HashSet};

use kernel::{Day, Error, Id, Money, Refused, Result};
use serde::Deserialize;
use text::{args, show};
use therapist::Therapist;
use web::{
    Answer, Ask, Markup, Path, Query, html,
    ui::{Entry, Frame, Icon, Surface, button, list, money, section, state},
};

pub use party::companion;

pub(super) use arrival::{check_in_by_code, enter_code};
pub(super) use change::{
    agree as agree_to_change, list as changes, other_address, other_services, refuse as refuse_change,
    send as propose, send_other_address, send_swap, show as open_change, swap, times,
    withdraw as withdraw_change,
};
pub(super) use closing::{
    ask as ask_to_close, check as check_closing, close, concerns, done as closed, hit_words,
    lift as open_again,
};
pub(super) use counter::{enter as walk_in, show_form as walk_in_form};
pub(super) use leave::{approve_leave, leave, refuse_leave};
pub(super) use party::{
    enter_counter as walk_in_together, enter_phone as phone_together, show_counter as walk_in_together_form,
    show_phone as phone_together_form,
};
pub(super) use phone::{enter as phone, show_form as phone_form};
pub(super) use queue::{
    call as call_ticket, leave as ticket_leaves, list as queue, one as ticket, skip as skip_ticket,
};
pub(super) use reasons::{ask_to_cancel, ask_to_decline, cancel, decline};
pub(super) use service::{ask_to_hand_over, ask_to_lengthen, ask_to_reopen, hand_over, lengthen, reopen};
pub(super) use steps::{Pressed, check_in, complete, confirm, extend, forget, start};
pub(super) use trouble::{
    abort, ask_about_no_show, ask_fee, ask_to_abort, cases, decide_fee, no_show, safety,
};
pub(super) use visit::{arrive, depart, log_call};
pub(super) use waitlist::waitlist;

use super::{badge, choose::minute_of, served_by, state_word, when, whom, why_word};
use crate::{
    StepTaken, actions, at_shop,
    model::{Booking, Case, CaseState, Change, Extension, REOPEN_MINUTES, Side, State, Step},
    of_order, on_day, steps, store, waiting,
};

#[derive(Deserialize)]
pub(super) struct OnDay {
    day: Option<String>,
}

/// How the desk enters somebody itself.
const ENTERING: [(&str, &str); 3] = [
    ("/desk/walk-ins", "booking-walk-in"),
    ("/desk/phone-bookings", "booking-phone-title"),
    ("/desk/queue", "booking-queue"),
];

type Names = HashMap<Id<Therapist>, String>;

/// The day's bookings, those that wait for an answer first.
pub(super) async fn list(ask: Ask, Query(query): Query<OnDay>) -> Answer {
    let today = ask.today();
    let day = query.day.as_deref().and_then(Day::parse).unwrap_or(today);
    let (asked, bookings, names, (changes, cases)) = ask
        .read(move |cx, tx| {
            let shop = cx.shop()?;
            let names = therapist::all_of(tx, shop.id())?
                .into_iter()
                .map(|person| (person.id, person.name));
            let names: Names = names.collect();
            let cases = store::open_cases(tx, shop.id())?.len();
            let open = (crate::open_changes(tx, shop)?, cases);
            Ok((waiting(tx, shop, today)?, on_day(tx, shop, day)?, names, open))
        })
        .await?;
    let wishes = changes
        .iter()
        .filter(|change| change.by == Side::Customer)
        .count();
    let changes = ask.say("booking-changes-title", &args![count => wishes]);
    let (open, over): (Vec<Booking>, Vec<Booking>) = bookings
        .into_iter()
        .filter(|booking| !asked.iter().any(|asked| asked.id == booking.id))
        .partition(|booking| booking.state.is_live());
    let named_day = show::day(ask.lang(), day, today);
    // A group is answered as a whole.
    let groups: HashSet<Id<order::Order>> = asked.iter().map(|booking| booking.order).collect();
    let title = if asked.is_empty() {
        ask.say(
            "booking-desk-title",
            &args![day => named_day.as_str(), count => open.len()],
        )
    } else {
        ask.say("booking-desk-waiting-title", &args![count => groups.len()])
    };
    let answer = match open.iter().find(|booking| booking.state == State::Confirmed) {
        Some(next) => ask.say("booking-desk-next", &args![what => spoken(&ask, next, &names)]),
        None => ask.label("booking-desk-nobody-next"),
    };
    let pages = [
        (day.plus(-1), "booking-day-before"),
        (day.plus(1), "booking-day-after"),
    ];
    Ok(ask.page(Surface::Desk, &title, |frame, page| {
        page.answer(&answer).back("/desk", &ask.label("booking-desk-home")).body(html! {
            @if !asked.is_empty() {
                (section("waiting", &ask.label("booking-waiting"), entries(&ask, frame, &asked, &names)))
            }
            (section("day", &named_day, html! {
                @if open.is_empty() { (state::empty(Icon::Calendar, &ask.label("booking-desk-none"))) }
                @else { (entries(&ask, frame, &open, &names)) }
            }))
            @if !over.is_empty() { (section("over", &ask.label("booking-desk-over"), entries(&ask, frame, &over, &names))) }
            div class="actions" {
                @for (path, key) in ENTERING { (button::link(path, &ask.label(key)).secondary()) }
                (button::link("/desk/check-in", &ask.label("booking-enter-code")).secondary())
                @if cases > 0 && web::Allow::FrontDesk.admits(ask.actor()) {
                    (button::link("/desk/cases", &ask.say("booking-cases-open", &args![count => cases])).secondary())
                }
                (button::link("/desk/changes", &changes).secondary())
                @if web::Allow::Owner.admits(ask.actor()) {
                    (button::link("/desk/closing", &ask.label("booking-closing")).secondary())
                }
                (button::link("/desk/waitlist", &ask.label("booking-wait-desk")).secondary())
                @for (day, label) in pages {
                    (button::link(&format!("/desk/bookings?day={day}"), &ask.label(label)).quiet())
                }
            }
        })
    }))
}

/// 下午 3 点，张女士，全身保健按摩 60 分钟，刘师傅
fn spoken(ask: &Ask, booking: &Booking, names: &Names) -> String {
    let who = names
        .get(&booking.therapist)
        .map(|name| show::therapist(ask.lang(), name))
        .unwrap_or_default();
    ask.say(
        "booking-spoken",
        &args![
            time => show::time(ask.lang(), booking.minute()),
            customer => booking.contact.name.as_str(),
            service => booking.service_name.as_str(),
            duration => show::duration(ask.lang(), booking.length.minutes),
            who => who,
        ],
    )
}

fn entries(ask: &Ask, frame: &Frame<'_>, bookings: &[Booking], names: &Names) -> Markup {
    let words: Vec<(String, String, String)> = bookings
        .iter()
        .map(|booking| {
            let who = names
                .get(&booking.therapist)
                .map(String::as_str)
                .unwrap_or_default();
            let served = served_by(ask, who, booking);
            let mut line = match (together(bookings, booking), booking.state) {
                (1, _) => format!("{}，{served}", booking.service_name),
                (count, State::Requested) => {
                    let all = ask.say("booking-together-answered", &args![count => count]);
                    format!("{}，{served}，{all}", booking.service_name)
                }
                (count, _) => {
                    let all = ask.say("booking-together-of", &args![count => count]);
                    format!("{}，{served}，{all}", booking.service_name)
                }
            };
            if booking.is_at_home() {
                line = format!("{line}，{}", ask.label("booking-at-home"));
            }
            let title = if booking.day == ask.today() {
                whom(ask, booking)
            } else {
                format!("{} {}", booking.contact.name, when(ask, booking))
            };
            (format!("/desk/bookings/{}", booking.id), title, line)
        })
        .collect();
    let mut entries = list::entries().level(3);
    for (booking, (address, title, line)) in bookings.iter().zip(&words) {
        let entry = Entry::new(address, title).line(line).badge(badge(ask, booking));
        // One answer for a group: its first has the button.
        let answered = booking.state == State::Requested && !is_first(bookings, booking);
        entries = entries.entry(match next_step(booking) {
            Some(_) if answered => entry,
            Some((path, key)) => entry.action(step_in_place(ask, frame, booking, path, key)),
            None => entry,
        });
    }
    html! { (entries) }
}

/// How many of these belong to the same order and stand where this one does.
fn together(bookings: &[Booking], one: &Booking) -> usize {
    let same = |other: &&Booking| other.order == one.order && other.state == one.state;
    bookings.iter().filter(same).count()
}

fn is_first(bookings: &[Booking], one: &Booking) -> bool {
    bookings
        .iter()
        .find(|other| other.order == one.order)
        .is_some_and(|first| first.id == one.id)
}

/// What the shop does next with a booking: address and words.
fn next_step(booking: &Booking) -> Option<(&'static str, &'static str)> {
    match booking.state {
        State::Confirmed if booking.is_at_home() => Some(("departure", "booking-depart")),
        State::Departed => Some(("arrival", "booking-arrive")),
        State::Arrived => Some(("start", "booking-start")),
        State::Requested => Some(("confirmation", "booking-confirm")),
        State::Confirmed => Some(("check-in", "booking-check-in")),
        State::CheckedIn => Some(("start", "booking-start")),
        State::InService => Some(("completion", "booking-complete")),
        _ => None,
    }
}

/// A step on the page of one booking, which has told the time already.
fn step_button(ask: &Ask, frame: &Frame<'_>, booking: &Booking, path: &str, key: &str) -> Markup {
    let (address, label) = (format!("/desk/bookings/{}/{path}", booking.id), ask.label(key));
    let version = booking.version.to_string();
    let button = button::post(frame, &address, &label)
        .about_hidden(&booking.contact.name)
        .field("version", &version);
    // What comes next stands out; whatever else is possible does not.
    let is_next = next_step(booking).is_some_and(|(next, _)| next == path);
    html! { (if is_next { button } else { button.secondary() }) }
}

/// The same in a list: the list is renewed around it, and the focus stays on what is next with this booking.
fn step_in_place(ask: &Ask, frame: &Frame<'_>, booking: &Booking, path: &str, key: &str) -> Markup {
    let (address, label, whom) = (
        format!("/desk/bookings/{}/{path}", booking.id),
        ask.label(key),
        whom(ask, booking),
    );
    let (version, id) = (booking.version.to_string(), format!("step-{}", booking.id));
    html! {
        (button::post(frame, &address, &label).id(&id).about_hidden(&whom).field("version", &version).morph("#main"))
    }
}

struct Seen {
    booking: Booking,
    therapist: String,
    /// Where in the shop.
    bed: Option<String>,
    /// Or at the customer's.
    home: Option<visit::Known>,
    steps: Vec<StepTaken>,
    /// What the customer has paid so far.
    paid: Money,
    /// Whether the shop keeps the customer's name and number, as they agreed.
    remembered: bool,
    /// What was answered when it was booked.
    answers: Vec<order::Answer>,
    ends: Ends,
    /// What it is to become, and the name of who would serve, while somebody is asked.
    change: Option<(Change, String)>,
    /// The other bookings of its order.
    with: Vec<Booking>,
}

/// What belongs to its end.
struct Ends {
    /// By how many minutes the customer will be late.
    late: Option<kernel::Minutes>,
    extensions: Vec<Extension>,
    /// Who served how many minutes, where it was more than one.
    shares: Vec<(String, kernel::Minutes)>,
    case: Option<Case>,
    /// Whether it can be opened again.
    can_reopen: bool,
}

fn ends(cx: &kernel::Cx, tx: &mut db::Tx, booking: &Booking) -> Result<Ends> {
    let shares = actions::shares_of(tx, booking)?;
    let shares = shares.into_iter().filter(|_| booking.state != State::Confirmed);
    let shares: Vec<(String, kernel::Minutes)> = shares
        .map(|(who, minutes)| Ok((therapist::therapist(tx, who)?.name, minutes)))
        .collect::<Result<_>>()?;
    let completed = store::last_step(tx, booking.id, Step::Complete)?;
    let in_time = completed.is_some_and(|at| cx.now() < at.plus_minutes(REOPEN_MINUTES));
    Ok(Ends {
        late: store::late(tx, booking.id)?,
        extensions: store::extensions(tx, booking.id)?,
        shares: if shares.len() > 1 { shares } else { Vec::new() },
        case: store::case(tx, booking.id)?,
        can_reopen: booking.state == State::Completed && in_time && !store::is_sealed(tx, booking.id)?,
    })
}

async fn seen(ask: &Ask, id: Id<Booking>) -> Result<Seen> {
    ask.read(move |cx, tx| {
        let booking = at_shop(tx, cx.shop()?, id)?;
        Ok(Seen {
            therapist: therapist::therapist(tx, booking.therapist)?.name,
            bed: match booking.bed {
                Some(bed) => Some(scheduling::bed(tx, bed)?.name),
                None => None,
            },
            home: visit::Known::read(cx, tx, &booking)?,
            steps: steps(tx, id)?,
            paid: order::paid(tx, booking.order)?,
            remembered: identity::is_remembered(tx, cx.shop()?, booking.customer)?,
            ends: ends(cx, tx, &booking)?,
            change: open_with_name(tx, id)?,
            with: of_order(tx, booking.order)?
                .into_iter()
                .filter(|other| other.id != id)
                .collect(),
            answers: order::answers(tx, booking.order)?
                .into_iter()
                .map(|(_, answer)| answer)
                .collect(),
            booking,
        })
    })
    .await
}

/// The open change of a booking with the name of who would serve.
pub(super) fn open_with_name(tx: &mut db::Tx, booking: Id<Booking>) -> Result<Option<(Change, String)>> {
    let Some(change) = crate::open_change(tx, booking)? else {
        return Ok(None);
    };
    let name = therapist::therapist(tx, change.to.therapist)?.name;
    Ok(Some((change, name)))
}

pub(super) async fn show(ask: Ask, Path(id): Path<Id<Booking>>) -> Answer {
    // A proposed change claims time under its own name, by which other pages know it.
    let change = ask
        .read(move |cx, tx| {
            let shop = cx.shop()?.id();
            let change = crate::store::maybe_change(tx, id.of())?;
            Ok(change.filter(|change| change.shop == shop))
        })
        .await?;
    if let Some(change) = change {
        return Ok(ask.see(&format!("/desk/bookings/{}/change", change.booking)));
    }
    page(&ask, id, None).await
}

/// One booking; `no` says why the last step was not taken.
async fn page(ask: &Ask, id: Id<Booking>, no: Option<&Refused>) -> Answer {
    let seen = seen(ask, id).await?;
    let booking = &seen.booking;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let title = format!("{} {}", whom(ask, booking), state_word(ask, booking.state));
    let names = HashMap::from([(booking.therapist, seen.therapist.clone())]);
    let answer = format!(
        "{} {}",
        show::day(ask.lang(), booking.day, ask.today()),
        spoken(ask, booking, &names)
    );
    let back = ask.label("booking-desk-bookings");
    Ok(ask.page(Surface::Desk, &title, |frame, page| {
        let page = page.answer(&answer).errors(&errors).back("/desk/bookings", &back);
        let page = match next_step(booking) {
            Some((path, key)) => page.primary(step_button(ask, frame, booking, path, key)),
            None => page,
        };
        page.body(html! {
            p { (badge(ask, booking)) }
            @if let Some((open, name)) = &seen.change { (change::door(ask, booking, open, name)) }
            @else if let Some(limit) = booking.answer_by {
                @let until = show::time(ask.lang(), minute_of(limit.day(), limit));
                p { (ask.say("booking-answer-by", &args![until => until])) }
            }
            (facts(ask, &seen))
            (ends_told(ask, &seen))
            @if !seen.with.is_empty() { (others(ask, &seen.with)) }
            @if let Some(known) = &seen.home { (visit::calls(ask, booking, known)) }
            (doors(ask, frame, &seen))
            @if seen.remembered {
                @let address = format!("/desk/bookings/{}/forgetting", booking.id);
                p { (button::post(frame, &address, &ask.label("booking-forget")).about(&booking.contact.name).quiet()) }
            }
            (history(ask, &seen.steps))
        })
    }))
}

fn facts(ask: &Ask, seen: &Seen) -> Markup {
    let booking = &seen.booking;
    let note = if booking.wishes.note.is_empty() {
        ask.label("booking-no-note")
    } else {
        booking.wishes.note.clone()
    };
    let strength = ask.label(&format!("booking-strength-{}", booking.wishes.strength));
    let mut answers = list::facts();
    for answer in &seen.answers {
        answers = answers.row(&answer.name, html! { (answer.value) });
    }
    let mut rows = vec![(
        ask.label("booking-who"),
        html! { (served_by(ask, &seen.therapist, booking)) },
    )];
    rows.extend(visit::place_and_phone(ask, seen));
    rows.extend([
        (ask.label("booking-strength-short"), html! { (strength) }),
        (ask.label("booking-note-short"), html! { (note) }),
        (ask.label("booking-price"), money::amount(booking.price.fen())),
    ]);
    html! {
        @if !seen.answers.is_empty() { (answers) }
        (super::facts(&rows))
    }
}

/// Late, longer, by more than one, to be decided.
fn ends_told(ask: &Ask, seen: &Seen) -> Markup {
    let ends = &seen.ends;
    let (late_key, more_key, shared_key) = (
        ask.label("booking-late-short"),
        ask.label("booking-extensions"),
        ask.label("booking-shares"),
    );
    let minutes = |minutes| show::duration(ask.lang(), minutes);
    let mut facts = list::facts();
    if let Some(late) = ends.late {
        facts = facts.row(&late_key, html! { (minutes(late)) });
    }
    for one in &ends.extensions {
        facts = facts.row(
            &more_key,
            html! { (one.title) " " (money::amount(one.amount.fen())) },
        );
    }
    for (who, served) in &ends.shares {
        let who = show::therapist(ask.lang(), who);
        facts = facts.row(&shared_key, html! { (who) " " (minutes(*served)) });
    }
    let any = ends.late.is_some() || !ends.extensions.is_empty() || !ends.shares.is_empty();
    html! {
        @if any { (facts) }
        @if let Some(case) = &ends.case {
            p { (super::case_badge(ask, case)) " " (super::case_word(ask, case)) }
        }
    }
}

/// The others of the same order.
fn others(ask: &Ask, with: &[Booking]) -> Markup {
    let words: Vec<(String, String)> = with
        .iter()
        .map(|other| {
            let title = format!("{} {}", whom(ask, other), other.service_name);
            (format!("/desk/bookings/{}", other.id), title)
        })
        .collect();
    let mut entries = list::entries().level(3);
    for (other, (address, title)) in with.iter().zip(&words) {
        entries = entries.entry(Entry::new(address, title).badge(badge(ask, other)));
    }
    section(
        "together",
        &ask.label("booking-together-others"),
        html! { (entries) },
    )
}

/// What else can be done.
fn doors(ask: &Ask, frame: &Frame<'_>, seen: &Seen) -> Markup {
    let booking = &seen.booking;
    let front = web::Allow::FrontDesk.admits(ask.actor());
    // The page has told the time already.
    let whom = &booking.contact.name;
    let link = |path: &str, key: &str| {
        let (address, label) = (format!("/desk/bookings/{}/{path}", booking.id), ask.label(key));
        html! { (button::open(&address, &label).about_hidden(whom).secondary()) }
    };
    let may_change = seen.change.is_none() && front && booking.state.after(Step::ProposeMove).is_some();
    let broken_off = html! {
        (link("abort", "booking-abort"))
        (step_button(ask, frame, booking, "safety", "booking-safety"))
    };
    html! {
        div class="actions" {
            @if may_change {
                (link("move", "booking-move"))
                @if booking.state == State::Confirmed { (link("therapist", "booking-swap")) }
            }
            @match booking.state {
                State::Requested => {
                    (step_button(ask, frame, booking, "extension", "booking-extend"))
                    (link("refusal", "booking-decline"))
                }
                State::Confirmed | State::Departed | State::Arrived => {
                    @if booking.state == State::Arrived { (step_button(ask, frame, booking, "calls", "booking-call")) }
                    (link("cancellation", "booking-cancel"))
                    @if booking.after(Step::NoShow, ask.cx.now()).is_ok() { (link("no-show", "booking-absent")) }
                    @if booking.state != State::Confirmed { (broken_off) }
                }
                State::CheckedIn | State::InService => {
                    (link("lengthening", "booking-lengthen"))
                    @if front && booking.after(Step::HandOver, ask.cx.now()).is_ok() { (link("hand-over", "booking-hand-over")) }
                    (broken_off)
                }
                State::Completed if front && seen.ends.can_reopen => { (link("reopening", "booking-reopen")) }
                State::NoShow if front && seen.ends.case.as_ref().is_some_and(|case| case.state == CaseState::Undecided) => {
                    (link("fee", "booking-decide-fee"))
                }
                _ => {}
            }
            @if front {
                @let order = format!("/desk/orders/{}", booking.order);
                (button::link(&order, &ask.label("booking-order")).about_hidden(whom).quiet())
            }
        }
    }
}

pub(super) fn history(ask: &Ask, steps: &[StepTaken]) -> Markup {
    let sentence = |step: &StepTaken| {
        let day = step.at.day();
        let at = show::when(ask.lang(), day, minute_of(day, step.at), ask.today());
        let by_desk = step.step == Step::Hold && !step.actor.starts_with("customer:");
        let step_code = if by_desk { "enter" } else { step.step.code() };
        let what = ask.label(&format!("booking-step-{}", step_code.replace('_', "-")));
        let why = step
            .why
            .map(|why| format!("，{}", why_word(ask, why)))
            .unwrap_or_default();
        let words = match step.words.as_str() {
            "" => String::new(),
            words => format!("：{words}"),
        };
        format!("{at}，{what}{why}{words}")
    };
    let sentences: Vec<String> = steps.iter().map(sentence).collect();
    section(
        "history",
        &ask.label("booking-history"),
        list::sentences(&sentences),
    )
}

/// Back to the list, which says what was done; or the booking with the reason why it was not.
async fn after(ask: &Ask, id: Id<Booking>, done: Result<Booking>) -> Answer {
    match done {
        Ok(booking) => {
            let said = format!("{} {}", state_word(ask, booking.state), booking.contact.name);
            Ok(ask.see_saying("/desk/bookings", &said))
        }
        Err(Error::Refused(no)) => Ok(ask.refused(&no, page(ask, id, Some(&no)).await?)),
        Err(other) => Err(other.into()),
    }
}
