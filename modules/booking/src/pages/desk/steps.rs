//! The steps that are one press at the desk.

use kernel::Id;
use serde::Deserialize;
use web::{Answer, Ask, Form, Path};

use super::after;
use crate::{actions, at_shop, model::Booking};

#[derive(Deserialize)]
pub(in crate::pages) struct Pressed {
    pub(super) version: i64,
}

pub(in crate::pages) async fn confirm(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(pressed): Form<Pressed>,
) -> Answer {
    let done = ask
        .write(move |cx, tx| actions::confirm(cx, tx, id, pressed.version))
        .await;
    after(&ask, id, done).await
}

pub(in crate::pages) async fn extend(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(pressed): Form<Pressed>,
) -> Answer {
    let done = ask
        .write(move |cx, tx| actions::extend(cx, tx, id, pressed.version))
        .await;
    after(&ask, id, done).await
}

pub(in crate::pages) async fn check_in(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(pressed): Form<Pressed>,
) -> Answer {
    let done = ask
        .write(move |cx, tx| actions::check_in(cx, tx, id, pressed.version))
        .await;
    after(&ask, id, done).await
}

pub(in crate::pages) async fn start(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(pressed): Form<Pressed>,
) -> Answer {
    let done = ask
        .write(move |cx, tx| actions::start(cx, tx, id, pressed.version))
        .await;
    after(&ask, id, done).await
}

pub(in crate::pages) async fn complete(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(pressed): Form<Pressed>,
) -> Answer {
    let done = ask
        .write(move |cx, tx| actions::complete(cx, tx, id, pressed.version))
        .await;
    after(&ask, id, done).await
}

#[derive(Deserialize)]
pub(in crate::pages) struct Asked {}

/// The customer takes the consent back: the shop forgets name and number for the next time.
pub(in crate::pages) async fn forget(ask: Ask, Path(id): Path<Id<Booking>>, Form(_): Form<Asked>) -> Answer {
    ask.write(move |cx, tx| {
        let booking = at_shop(tx, cx.shop()?, id)?;
        identity::forget_at_desk(tx, cx.shop()?, booking.customer)
    })
    .await?;
    Ok(ask.see_saying(
        &format!("/desk/bookings/{id}"),
        &ask.label("booking-forgotten-said"),
    ))
}
