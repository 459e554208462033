//! Who waits at the shop for a time to come free.

use kernel::Result;
use text::{args, show};
use web::{
    Answer, Ask, Markup, html,
    ui::{Icon, Surface, list, section, state},
};

use super::super::waitlist::span;
use crate::model::{WaitEntry, WaitState};

/// An entry with the names of the customer, the service and whoever is asked for.
struct Told {
    entry: WaitEntry,
    customer: Option<String>,
    service: String,
    who: Option<String>,
}

/// Today's first, then the days to come.
pub(in crate::pages) async fn waitlist(ask: Ask) -> Answer {
    let today = ask.today();
    let entries = ask
        .read(move |cx, tx| {
            // Yesterday's business day may still run.
            let entries = crate::waitlist(tx, cx.shop()?, today.plus(-1))?;
            entries
                .into_iter()
                .map(|entry| told(tx, entry))
                .collect::<Result<Vec<_>>>()
        })
        .await?;
    let (now, later): (Vec<Told>, Vec<Told>) = entries.into_iter().partition(|told| told.entry.day <= today);
    let title = ask.say("booking-wait-desk-title", &args![count => now.len()]);
    let answer = ask.say(
        "booking-wait-desk-answer",
        &args![count => now.len(), later => later.len()],
    );
    Ok(ask.page(Surface::Desk, &title, |_, page| {
        page.answer(&answer).back("/desk/bookings", &ask.label("booking-desk-bookings")).body(html! {
            (section("today", &ask.label("booking-wait-today"), html! {
                @if now.is_empty() { (state::empty(Icon::Calendar, &ask.label("booking-wait-desk-none"))) }
                @else { (sentences(&ask, &now)) }
            }))
            @if !later.is_empty() { (section("later", &ask.label("booking-wait-later"), sentences(&ask, &later))) }
        })
    }))
}

fn told(tx: &mut db::Tx, entry: WaitEntry) -> Result<Told> {
    Ok(Told {
        customer: identity::customer(tx, entry.customer)?.name,
        service: catalog::service(tx, entry.service)?.name,
        who: entry
            .therapist
            .map(|id| therapist::therapist(tx, id).map(|known| known.name))
            .transpose()?,
        entry,
    })
}

/// 张女士，今天下午 2 点到下午 6 点，全身保健按摩，刘师傅，已留时间等顾客答复
fn sentences(ask: &Ask, entries: &[Told]) -> Markup {
    let sentence = |told: &Told| {
        let customer = told
            .customer
            .clone()
            .unwrap_or_else(|| ask.label("booking-wait-somebody"));
        let who = match &told.who {
            Some(name) => show::therapist(ask.lang(), name),
            None => ask.label("booking-any"),
        };
        let state = match told.entry.state {
            WaitState::Offered => ask.label("booking-wait-desk-offered"),
            _ => ask.label("booking-wait-state-waiting"),
        };
        [customer, span(ask, &told.entry), told.service.clone(), who, state].join("，")
    };
    let sentences: Vec<String> = entries.iter().map(sentence).collect();
    list::sentences(&sentences)
}
