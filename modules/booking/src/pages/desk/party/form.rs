//! The one form for several.

use kernel::Refused;
use text::{args, show};
use web::{
    Answer, Ask, Markup, html,
    ui::{Choice, Errors, Surface, button, csrf, field},
};

use super::{
    super::{
        super::together::{NAMES, Typed, refs},
        counter::{Offer, consents, errors_at, moment},
    },
    Now, Way,
};
use crate::model::NAME_LENGTH;

/// What the form shows.
pub(super) struct Shown<'a> {
    pub way: Way,
    pub typed: &'a Typed,
    pub offers: &'a [Offer],
    pub now: &'a Now,
    pub no: Option<&'a Refused>,
}

impl Shown<'_> {
    /// What is wrong with the time stands where another can be chosen.
    fn errors<'e>(&self, ask: &'e Ask) -> Errors<'e> {
        let place = match self.way {
            Way::Counter => None,
            Way::Phone if self.now.others.is_empty() => Some("clock"),
            Way::Phone => Some("slot"),
        };
        errors_at(ask, self.no, place)
    }

    fn answer(&self, ask: &Ask) -> String {
        let fit = self.now.fit;
        match (self.way, self.now.others.first(), self.now.later) {
            (Way::Phone, None, _) => ask.label("booking-party-answer"),
            (Way::Phone, Some(first), _) => {
                ask.say("booking-phone-other", &args![when => moment(ask, *first)])
            }
            (Way::Counter, _, Some(later)) => ask.say(
                "booking-party-later",
                &args![fit => fit, when => moment(ask, later)],
            ),
            (Way::Counter, _, None) if fit < 2 => ask.say("booking-party-none", &args![fit => fit]),
            (Way::Counter, ..) => ask.label("booking-party-free"),
        }
    }

    /// 电话预约：3 位，同时开始
    fn title(&self, ask: &Ask) -> String {
        let people = match self.typed.in_turn() {
            true => ask.label("booking-together-in-turn"),
            false => ask.say("booking-together-people", &args![count => self.typed.rows()]),
        };
        let way = ask.label(self.way.title_of_alone());
        ask.say("booking-party-title", &args![way => way, people => people])
    }
}

pub(super) async fn draw(ask: &Ask, shown: &Shown<'_>) -> Answer {
    let errors = shown.errors(ask);
    let (rooms, days) = ask
        .read(|cx, tx| {
            let shop = cx.shop()?.id();
            let rooms = !scheduling::rooms(tx, shop)?.is_empty();
            Ok((rooms, scheduling::window(tx, shop)?.days))
        })
        .await?;
    let (title, back) = (shown.title(ask), ask.label(shown.way.title()));
    let (action, typed) = (shown.way.path(), shown.typed);
    let room = rooms && !typed.in_turn();
    Ok(ask.page(Surface::Desk, &title, |frame, page| {
        page.answer(&shown.answer(ask))
            .errors(&errors)
            .back(action, &back)
            .body(html! {
                form method="post" action=(action) novalidate {
                    (csrf(frame))
                    (field::hidden("key", typed.of("key")))
                    (field::hidden("people", typed.of("people")))
                    (speaker(ask, shown, &errors))
                    @for place in 0..typed.rows() { (row(ask, shown, place, &errors)) }
                    @if room { (field::checkbox("room", &ask.label("booking-together-room")).checked(typed.one_room())) }
                    @if shown.way == Way::Phone { (times(ask, shown, days, &errors)) }
                    (consents(ask, typed.of("health"), typed.of("remember"), &errors))
                    (buttons(ask, shown))
                }
            })
    }))
}

/// Who rings, or speaks for all: number and name, at the counter neither is a must.
fn speaker(ask: &Ask, shown: &Shown<'_>, errors: &Errors<'_>) -> Markup {
    let typed = shown.typed;
    let (phone, name, hint) = match shown.way {
        Way::Phone => (
            "booking-phone",
            "booking-phone-name",
            Some("booking-phone-name-hint"),
        ),
        Way::Counter => ("booking-walk-in-phone", "booking-walk-in-whom", None),
    };
    let (phone, name) = (ask.label(phone), ask.label(name));
    let hint = hint.map(|hint| ask.label(hint));
    let mut named = field::text("name", &name)
        .value(typed.of("name"))
        .max(most())
        .errors(errors);
    if let Some(hint) = &hint {
        named = named.hint(hint);
    }
    html! {
        (field::tel("phone", &phone).value(typed.of("phone")).errors(errors))
        (named)
    }
}

fn most() -> u32 {
    u32::try_from(NAME_LENGTH).unwrap_or(u32::MAX)
}

/// One person, or one service of a person.
fn row(ask: &Ask, shown: &Shown<'_>, place: usize, errors: &Errors<'_>) -> Markup {
    let (typed, in_turn) = (shown.typed, shown.typed.in_turn());
    let key = match in_turn {
        true => "booking-together-nth-service",
        false => "booking-together-nth-person",
    };
    let nth = ask.say(key, &args![number => place + 1]);
    let what = ask.say("booking-party-what", &args![who => nth.as_str()]);
    let name = ask.say("booking-party-name", &args![who => nth.as_str()]);
    let mut options: Vec<(String, String)> = Vec::new();
    // One who has several services has two at least; the third is no must.
    if in_turn && place >= 2 {
        options.push((String::new(), ask.label("booking-together-no-more")));
    }
    let offers = shown.offers.iter();
    options.extend(offers.map(|offer| (offer.value.clone(), offer.label.clone())));
    html! {
        (field::select(&format!("what{place}"), &what).options(&refs(&options)).value(typed.at("what", place)).errors(errors))
        // The first is whoever speaks for all.
        @if !in_turn && place > 0 {
            (field::text(NAMES[place], &name).value(typed.at("name", place)).max(most()).errors(errors))
        }
    }
}

/// When, on the telephone: the times that can be had instead, day and time of day.
fn times(ask: &Ask, shown: &Shown<'_>, days: i64, errors: &Errors<'_>) -> Markup {
    let typed = shown.typed;
    let days: Vec<(String, String)> = (0..days)
        .map(|ahead| ask.today().plus(ahead))
        .map(|day| (day.to_string(), show::day(ask.lang(), day, ask.today())))
        .collect();
    let others: Vec<(String, String)> = (shown.now.others.iter())
        .map(|at| (at.ms().to_string(), moment(ask, *at)))
        .collect();
    let legend = ask.label("booking-phone-others");
    html! {
        @if !others.is_empty() {
            (others.iter().fold(field::radios("slot", &legend).errors(errors), |radios, (value, words)| {
                radios.option(Choice::new(value, words))
            }))
        }
        (field::select("day", &ask.label("booking-phone-day")).options(&refs(&days)).value(typed.of("day")))
        (field::text("clock", &ask.label("booking-phone-clock")).hint(&ask.label("booking-phone-clock-hint"))
            .value(typed.of("clock")).short().errors(errors))
    }
}

fn buttons(ask: &Ask, shown: &Shown<'_>) -> Markup {
    if shown.way == Way::Phone {
        return html! { (button::submit(&ask.label("booking-phone-book"))) };
    }
    let later = shown.now.later.map(|at| {
        let words = ask.say("booking-walk-in-at", &args![when => moment(ask, at)]);
        (at.ms().to_string(), words)
    });
    let numbers = match shown.typed.in_turn() {
        true => None,
        false => Some(ask.label("booking-party-tickets")),
    };
    html! {
        div class="actions" {
            @match &later {
                Some((slot, words)) => { (button::submit(words).name_value("slot", slot)) }
                None => { (button::submit(&ask.label("booking-walk-in-now"))) }
            }
            @if let Some(words) = &numbers { (button::submit(words).name_value("queue", "1").secondary()) }
        }
    }
}
