//! Several whom the desk enters at once: they stand there together, or one rings for all. First how many, then one form; all
//! of them find their time, or nobody is entered.

mod form;

use kernel::{Error, Instant, Refused, Result};
use text::args;
use web::{
    Answer, Ask, Form, Query, html,
    ui::{Surface, button},
};

use super::{
    super::{
        state_word,
        together::{IN_TURN, NAMES, Typed},
        when,
    },
    counter::{Offer, offers, read_what},
    phone::{moment_typed, remembered_name},
};
use crate::{
    Entry, GroupEntry, Item, Several, actions,
    model::{Booking, Contact, MOST_TOGETHER, NAME_LENGTH, Ticket},
};

/// The names of the fields for service and therapist.
const WHATS: [&str; MOST_TOGETHER] = ["what0", "what1", "what2", "what3", "what4", "what5"];
/// The most characters that the words around a companion's name take.
const COMPANION_WORDS: usize = 8;

/// How they reach the desk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Way {
    Counter,
    Phone,
}

impl Way {
    /// The form for one, from which the one for several is reached.
    const fn alone(self) -> &'static str {
        match self {
            Way::Counter => "/desk/walk-ins",
            Way::Phone => "/desk/phone-bookings",
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Way::Counter => "/desk/walk-ins/together",
            Way::Phone => "/desk/phone-bookings/together",
        }
    }

    const fn title_of_alone(self) -> &'static str {
        match self {
            Way::Counter => "booking-walk-in",
            Way::Phone => "booking-phone-title",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Way::Counter => "booking-party-counter",
            Way::Phone => "booking-party-phone",
        }
    }
}

/// `GET /desk/walk-ins/together`
pub(in crate::pages) async fn show_counter(ask: Ask, Query(typed): Query<Typed>) -> Answer {
    show(&ask, Way::Counter, typed).await
}

/// `POST /desk/walk-ins/together`
pub(in crate::pages) async fn enter_counter(ask: Ask, Form(typed): Form<Typed>) -> Answer {
    enter(&ask, Way::Counter, &typed).await
}

/// `GET /desk/phone-bookings/together`
pub(in crate::pages) async fn show_phone(ask: Ask, Query(typed): Query<Typed>) -> Answer {
    show(&ask, Way::Phone, typed).await
}

/// `POST /desk/phone-bookings/together`
pub(in crate::pages) async fn enter_phone(ask: Ask, Form(typed): Form<Typed>) -> Answer {
    enter(&ask, Way::Phone, &typed).await
}

async fn show(ask: &Ask, way: Way, mut typed: Typed) -> Answer {
    if typed.of("people").is_empty() {
        return how_many(ask, way);
    }
    typed.fill("key", ask.cx.token());
    page(ask, way, &typed, None).await
}

/// One link for each number: a key to it, a key to go.
fn how_many(ask: &Ask, way: Way) -> Answer {
    let mut choices: Vec<(String, String)> = (2..=MOST_TOGETHER)
        .map(|many| {
            let words = ask.say("booking-together-people", &args![count => many]);
            (format!("{}?people={many}", way.path()), words)
        })
        .collect();
    let in_turn = format!("{}?people={IN_TURN}", way.path());
    choices.push((in_turn, ask.label("booking-together-in-turn")));
    let (title, back) = (ask.label(way.title()), ask.label(way.title_of_alone()));
    let answer = ask.label("booking-party-how-many");
    Ok(ask.page(Surface::Desk, &title, |_, page| {
        page.answer(&answer).back(way.alone(), &back).body(html! {
            div class="actions" {
                @for (href, words) in &choices { (button::link(href, words).secondary()) }
            }
        })
    }))
}

/// What the form's buttons lead to.
enum Entered {
    Booked(Vec<Booking>),
    Waiting(Vec<Ticket>),
}

async fn enter(ask: &Ask, way: Way, typed: &Typed) -> Answer {
    let entered = match group(ask, way, typed).await {
        Ok(group) => write(ask, way, typed, group).await,
        Err(no) => Err(no),
    };
    match entered {
        Ok(Entered::Booked(bookings)) => {
            let first = bookings.first().ok_or(Error::NotFound)?;
            Ok(ask.see_saying(
                &format!("/desk/bookings/{}", first.id),
                &said(ask, first, typed, bookings.len()),
            ))
        }
        Ok(Entered::Waiting(tickets)) => {
            let (Some(first), Some(last)) = (tickets.first(), tickets.last()) else {
                return Err(Error::NotFound.into());
            };
            let said = ask.say(
                "booking-party-tickets-said",
                &args![first => first.name(), last => last.name(), name => first.contact.name.as_str()],
            );
            Ok(ask.see_saying("/desk/queue", &said))
        }
        Err(Error::Refused(no)) => Ok(ask.refused(&no, page(ask, way, typed, Some(&no)).await?)),
        Err(other) => Err(other.into()),
    }
}

/// 已确认 张女士等 3 位 明天晚上 7 点
fn said(ask: &Ask, first: &Booking, typed: &Typed, count: usize) -> String {
    let key = match typed.in_turn() {
        true => "booking-party-said-in-turn",
        false => "booking-party-said",
    };
    let who = ask.say(key, &args![name => first.contact.name.as_str(), count => count]);
    format!("{} {who} {}", state_word(ask, first.state), when(ask, first))
}

async fn write(ask: &Ask, way: Way, typed: &Typed, group: GroupEntry) -> Result<Entered> {
    let (key, queue) = (typed.of("key").to_owned(), typed.of("queue") == "1");
    let slot = typed.starts_at();
    let at = match way {
        Way::Counter => slot,
        Way::Phone => Some(wanted(typed)?),
    };
    ask.write(move |cx, tx| {
        Ok(match (way, at) {
            (Way::Counter, _) if queue => Entered::Waiting(actions::take_tickets(cx, tx, &key, &group)?),
            (Way::Phone, Some(at)) => {
                Entered::Booked(actions::phone_booking_together(cx, tx, &key, &group, at)?)
            }
            _ => Entered::Booked(actions::walk_in_together(cx, tx, &key, &group, at)?),
        })
    })
    .await
}

/// The moment: one that was offered, else day and time of day as typed.
fn wanted(typed: &Typed) -> Result<Instant> {
    match typed.starts_at() {
        Some(slot) => Ok(slot),
        None => moment_typed(typed.of("day"), typed.of("clock")),
    }
}

/// Everybody as typed, each with the number of who speaks for all, and with the name where no other was given.
async fn group(ask: &Ask, way: Way, typed: &Typed) -> Result<GroupEntry> {
    let phone = typed.of("phone");
    let unnamed = ask.label("booking-walk-in-name");
    let name = match way {
        Way::Counter => typed.of("name").to_owned(),
        Way::Phone => remembered_name(ask, typed.of("name"), phone).await?,
    };
    let read = |name: &str| match way {
        Way::Counter => Contact::read_present(name, phone, &unnamed),
        Way::Phone => Contact::read(name, phone),
    };
    let speaker = read(&name)?;
    let mut entries = Vec::new();
    for place in typed.filled("what") {
        let (service, therapist) = read_what(typed.at("what", place)).map_err(|no| at_row(no, place))?;
        let contact = match (typed.at("name", place).trim(), place) {
            ("", 0) => speaker.clone(),
            ("", _) if typed.in_turn() => speaker.clone(),
            ("", _) => Contact {
                name: companion(ask, &speaker.name, place),
                ..speaker.clone()
            },
            (name, _) => read(name).map_err(|no| at_row(no.into(), place))?,
        };
        entries.push(Entry {
            service,
            therapist,
            contact,
            remembered: typed.of("remember") == "1",
            asked: typed.of("health") == "1",
        });
    }
    Ok(GroupEntry {
        entries,
        in_turn: typed.in_turn(),
        one_room: typed.one_room(),
    })
}

/// What somebody is called who comes along and says no name, at a place counted from nought: after who speaks for all, 张女士同行 2.
/// Two of one name could not be told apart.
pub fn companion(ask: &Ask, name: &str, place: usize) -> String {
    let short: String = name.chars().take(NAME_LENGTH - COMPANION_WORDS).collect();
    ask.say(
        "booking-party-companion",
        &args![name => short, number => place + 1],
    )
}

/// What is wrong with one person's name or service stands there.
fn at_row(no: Error, place: usize) -> Error {
    let Error::Refused(mut no) = no else { return no };
    no.field = match no.field {
        Some("name") => NAMES.get(place).copied(),
        Some("what") => WHATS.get(place).copied(),
        field => field,
    };
    Error::Refused(no)
}

/// What stands in the way of a time, and what could be had.
#[derive(Default)]
struct Now {
    /// How many would fit at the next slot.
    fit: usize,
    /// The earliest time for all, where that is not now.
    later: Option<Instant>,
    /// Times nearest to one that cannot be had.
    others: Vec<Instant>,
}

async fn page(ask: &Ask, way: Way, typed: &Typed, no: Option<&Refused>) -> Answer {
    let offers = offers(ask).await?;
    let now = now(ask, way, typed, items(&offers, typed), no).await?;
    let shown = form::Shown {
        way,
        typed,
        offers: &offers,
        now: &now,
        no,
    };
    form::draw(ask, &shown).await
}

/// What was chosen of what is offered; before anything was, what stands first.
fn items(offers: &[Offer], typed: &Typed) -> Vec<Item> {
    let chosen = |place: usize| {
        let value = typed.at("what", place);
        offers.iter().find(|offer| offer.value == value)
    };
    let first = |place: &usize| *place < 2 || !typed.in_turn();
    let all = (0..typed.rows()).filter_map(|place| {
        let unseen = typed.at("what", 0).is_empty() && first(&place);
        chosen(place).or(offers.first().filter(|_| unseen))
    });
    all.map(|offer| Item {
        service: offer.service.clone(),
        therapist: offer.therapist,
    })
    .collect()
}

async fn now(ask: &Ask, way: Way, typed: &Typed, items: Vec<Item>, no: Option<&Refused>) -> Result<Now> {
    let refused = no.is_some_and(|no| no.field == Some("slot"));
    let wanted = wanted(typed).ok().filter(|_| refused);
    let (in_turn, one_room) = (typed.in_turn(), typed.one_room());
    ask.read(move |cx, tx| {
        let of = Several {
            items: &items,
            in_turn,
            one_room,
        };
        if way == Way::Phone {
            let others = wanted.map(|at| actions::nearest_together(tx, cx.now(), of, at));
            return Ok(Now {
                others: others.transpose()?.unwrap_or_default(),
                ..Now::default()
            });
        }
        let fit = actions::fit_now(tx, cx.now(), of)?;
        let later = match fit < items.len() {
            true => actions::earliest_together(tx, cx.now(), of)?.map(|time| time.starts_at),
            false => None,
        };
        Ok(Now {
            fit,
            later,
            ..Now::default()
        })
    })
    .await
}
