//! `/me/deletion`: a customer deletes the account. What is still to be settled is said first.

use kernel::{Error, Refused};
use serde::Deserialize;
use text::{args, show};
use web::{
    Answer, Ask, Form, html,
    ui::{Surface, button, csrf, field, list},
};

use crate::actions::{self, Obstacles};

const PAGE: &str = "/me/deletion";

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Typed {
    sure: String,
}

/// `GET /me/deletion`
pub(super) async fn ask(ask: Ask) -> Answer {
    page(&ask, None).await
}

async fn page(ask: &Ask, no: Option<&Refused>) -> Answer {
    let found = ask.read(actions::obstacles).await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let free = found.is_none();
    let answer = ask.label(match free {
        true => "booking-deletion-free",
        false => "booking-deletion-first",
    });
    let (means, left) = (
        ["forgets", "keeps", "again"].map(|key| ask.label(&format!("booking-deletion-{key}"))),
        sentences(ask, &found),
    );
    let label = ask.label("booking-deletion");
    let response = ask.page(Surface::Customer, &label, |frame, page| {
        page.answer(&answer)
            .back("/me", &ask.label("booking-deletion-back"))
            .errors(&errors)
            .body(html! {
                @if free {
                    (list::sentences(&means))
                    form method="post" action=(PAGE) novalidate {
                        (csrf(frame))
                        (field::checkbox("sure", &ask.label("booking-deletion-sure")).errors(&errors))
                        (button::submit(&ask.label("booking-deletion-confirm")).danger())
                    }
                } @else {
                    (list::sentences(&left))
                    p { a href="/bookings" { (ask.label("booking-own-title")) } }
                    p { a href="/orders" { (ask.label("booking-deletion-orders")) } }
                }
            })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

/// What is still to be settled, each in a sentence.
fn sentences(ask: &Ask, found: &Obstacles) -> Vec<String> {
    let zero = kernel::Money::ZERO;
    let count = |key: &str, count: usize| ask.say(key, &args![count => count]);
    let amount = |key: &str, amount| ask.say(key, &args![amount => show::money(amount)]);
    [
        (
            found.bookings > 0,
            count("booking-deletion-bookings", found.bookings),
        ),
        (
            found.orders > 0,
            count("booking-deletion-open-orders", found.orders),
        ),
        (found.owed > zero, amount("booking-deletion-owed", found.owed)),
        (
            found.coming > zero,
            amount("booking-deletion-coming", found.coming),
        ),
        (found.cases > 0, count("booking-deletion-cases", found.cases)),
    ]
    .into_iter()
    .filter(|(there, _)| *there)
    .map(|(_, words)| words)
    .collect()
}

/// `POST /me/deletion`
pub(super) async fn delete(ask: Ask, Form(typed): Form<Typed>) -> Answer {
    let sure = typed.sure == "1";
    let gone = ask
        .write(move |cx, tx| {
            if !sure {
                return Err(crate::Refusal::NotSure.into());
            }
            actions::delete_account(cx, tx)
        })
        .await;
    match gone {
        Ok(()) => {
            let said = ask.see_saying("/", &ask.label("booking-deletion-done"));
            Ok(web::sessions::forget(&ask.app, false, said))
        }
        Err(Error::Refused(no)) => page(&ask, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}
