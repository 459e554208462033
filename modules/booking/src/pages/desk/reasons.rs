//! Steps of the shop that give money back: they say so, and ask why, before they are taken.

use kernel::{Cx, Error, Id, Refused, Result};
use serde::Deserialize;
use text::{args, show};
use web::{
    Answer, Ask, Form, Path, html,
    ui::{Choice, Surface, button, csrf, field},
};

use super::{
    super::{whom, why_word},
    after, seen,
};
use crate::{
    actions, at_shop,
    model::{Booking, Why},
};

#[derive(Deserialize)]
pub(in crate::pages) struct WithReason {
    version: i64,
    #[serde(default)]
    reason: String,
}

pub(in crate::pages) async fn ask_to_decline(ask: Ask, Path(id): Path<Id<Booking>>) -> Answer {
    reason_page(&ask, id, "refusal", "booking-decline", None).await
}

pub(in crate::pages) async fn decline(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(form): Form<WithReason>,
) -> Answer {
    let done = with_reason(&ask, &form, move |cx, tx, why| {
        actions::decline(cx, tx, id, form.version, why)
    })
    .await;
    match done {
        Err(Error::Refused(no)) => Ok(ask.refused(
            &no,
            reason_page(&ask, id, "refusal", "booking-decline", Some(&no)).await?,
        )),
        done => after(&ask, id, done).await,
    }
}

pub(in crate::pages) async fn ask_to_cancel(ask: Ask, Path(id): Path<Id<Booking>>) -> Answer {
    reason_page(&ask, id, "cancellation", "booking-cancel", None).await
}

pub(in crate::pages) async fn cancel(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(form): Form<WithReason>,
) -> Answer {
    let done = with_reason(&ask, &form, move |cx, tx, why| {
        at_shop(tx, cx.shop()?, id)?;
        actions::cancel(cx, tx, id, form.version, why)
    })
    .await;
    match done {
        Err(Error::Refused(no)) => Ok(ask.refused(
            &no,
            reason_page(&ask, id, "cancellation", "booking-cancel", Some(&no)).await?,
        )),
        done => after(&ask, id, done).await,
    }
}

async fn with_reason(
    ask: &Ask,
    form: &WithReason,
    act: impl Fn(&Cx, &mut db::Tx, Why) -> Result<Booking> + Send + 'static,
) -> Result<Booking> {
    let why = Why::OF_SHOP.into_iter().find(|why| why.code() == form.reason);
    let why = why.ok_or(crate::Refusal::NoReason)?;
    ask.write(move |cx, tx| act(cx, tx, why)).await
}

/// Asks why, and says that everything goes back to the customer.
async fn reason_page(ask: &Ask, id: Id<Booking>, path: &str, key: &str, no: Option<&Refused>) -> Answer {
    let seen = seen(ask, id).await?;
    let booking = &seen.booking;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let whom = whom(ask, booking);
    let label = ask.label(key);
    let title = format!("{label} {whom}");
    let answer = if seen.paid == kernel::Money::ZERO {
        ask.label("booking-nothing-paid")
    } else {
        ask.say("booking-all-back", &args![amount => show::money(seen.paid)])
    };
    let reasons: Vec<(&str, String)> = Why::OF_SHOP
        .iter()
        .map(|why| (why.code(), why_word(ask, *why)))
        .collect();
    let (action, back) = (
        format!("/desk/bookings/{id}/{path}"),
        format!("/desk/bookings/{id}"),
    );
    Ok(ask.page(Surface::Desk, &title, |frame, page| {
        let legend = ask.label("booking-reason");
        let radios = reasons.iter().fold(
            field::radios("reason", &legend).errors(&errors),
            |radios, (code, words)| radios.option(Choice::new(code, words)),
        );
        page.answer(&answer)
            .errors(&errors)
            .back(&back, &whom)
            .body(html! {
                form method="post" action=(action) novalidate {
                    (csrf(frame))
                    (field::hidden("version", &booking.version.to_string()))
                    (radios)
                    (button::submit(&label).about(&whom).danger())
                }
            })
    }))
}
