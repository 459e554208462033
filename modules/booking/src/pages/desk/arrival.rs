//! The customer is here and says the six digits, or shows them as a QR code.

use kernel::{Error, Refused};
use serde::Deserialize;
use web::{
    Answer, Ask, Form, Query, html,
    ui::{Surface, button, csrf, field},
};

use super::super::{state_word, whom};
use crate::actions;

#[derive(Deserialize, Default)]
pub(in crate::pages) struct Entered {
    #[serde(default)]
    code: String,
}

pub(in crate::pages) async fn enter_code(ask: Ask, Query(entered): Query<Entered>) -> Answer {
    Ok(code_page(&ask, &entered.code, None))
}

fn code_page(ask: &Ask, code: &str, no: Option<&Refused>) -> web::Response {
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    ask.page(Surface::Desk, &ask.label("booking-enter-code"), |frame, page| {
        page.answer(&ask.label("booking-enter-code-answer"))
            .errors(&errors)
            .back("/desk/bookings", &ask.label("booking-desk-bookings"))
            .body(html! {
                form method="post" action="/desk/check-in" novalidate {
                    (csrf(frame))
                    (field::code("code", &ask.label("booking-six-digits"), 6).value(code).errors(&errors))
                    (button::submit(&ask.label("booking-check-in")))
                }
            })
    })
}

pub(in crate::pages) async fn check_in_by_code(ask: Ask, Form(entered): Form<Entered>) -> Answer {
    let code = entered.code.clone();
    let done = ask
        .write(move |cx, tx| actions::check_in_by_code(cx, tx, cx.shop()?, &code))
        .await;
    match done {
        Ok(booking) => {
            let said = format!("{} {}", state_word(&ask, booking.state), whom(&ask, &booking));
            Ok(ask.see_saying(&format!("/desk/bookings/{}", booking.id), &said))
        }
        Err(Error::Refused(no)) => Ok(ask.refused(&no, code_page(&ask, &entered.code, Some(&no)))),
        Err(other) => Err(other.into()),
    }
}
