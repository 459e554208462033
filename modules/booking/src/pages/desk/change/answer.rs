//! One open change at the desk: the customer's is answered; the shop's own is taken back, or the customer has agreed.

use kernel::{Error, Id, Refused, Result};
use text::{args, show};
use web::{
    Answer, Ask, Form, Markup, Path, html,
    ui::{Frame, Surface, button, money},
};

use super::super::super::{
    Row,
    change::{Case, Pressed, Wished, terms_words},
    choose::minute_of,
    when, whom,
};
use crate::{
    actions,
    model::{Booking, Change, Side},
};

/// One open change: agree, refuse; or, the shop's own, take it back or note that the customer agreed.
pub(in crate::pages) async fn show(ask: Ask, Path(id): Path<Id<Booking>>) -> Answer {
    open_page(&ask, id, None).await
}

async fn open_page(ask: &Ask, id: Id<Booking>, no: Option<&Refused>) -> Answer {
    let case = Case::at_desk(ask, id, &Wished::default()).await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let whom = whom(ask, &case.booking);
    let (title, answer) = match &case.open {
        None => (
            format!("{} {whom}", ask.label("booking-move")),
            ask.label("booking-change-none-answer"),
        ),
        Some(open) => {
            let key = match open.by {
                Side::Customer => "booking-change-to-answer",
                Side::Shop => "booking-change-waits",
            };
            let at = show::when(ask.lang(), open.to.day, open.minute(), ask.today());
            let answer = ask.say("booking-move-to", &args![to => at]);
            (format!("{whom} {}", ask.label(key)), answer)
        }
    };
    let back = format!("/desk/bookings/{id}");
    let response = ask.page(Surface::Desk, &title, |frame, page| {
        page.answer(&answer)
            .errors(&errors)
            .back(&back, &whom)
            .body(html! {
                @if let Some(open) = &case.open { (open_body(ask, frame, &case, open)) }
            })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

fn open_body(ask: &Ask, frame: &Frame<'_>, case: &Case, open: &Change) -> Markup {
    let booking = &case.booking;
    let base = format!("/desk/bookings/{}/change", booking.id);
    let (version, whom) = (booking.version.to_string(), whom(ask, booking));
    let post = |path: &str, key: &str| {
        let (address, label) = (format!("{base}/{path}"), ask.label(key));
        let button = button::post(frame, &address, &label)
            .about_hidden(&whom)
            .field("version", &version);
        match path {
            "agreement" => html! { (button) },
            _ => html! { (button.secondary()) },
        }
    };
    let (agree, no) = match open.by {
        Side::Customer => ("booking-change-agree", ("refusal", "booking-change-refuse")),
        Side::Shop => (
            "booking-change-agreed-by-phone",
            ("withdrawal", "booking-change-withdraw"),
        ),
    };
    let limit = open.answer_by;
    let until = show::when(
        ask.lang(),
        limit.day(),
        minute_of(limit.day(), limit),
        ask.today(),
    );
    html! {
        div class="actions" {
            (post("agreement", agree))
            (post(no.0, no.1))
        }
        p { (ask.say("booking-change-until", &args![until => until])) }
        @if let Some(words) = case.open_difference(ask, open) { p { (words) } }
        (super::super::super::facts(&open_facts(ask, case, open)))
    }
}

/// What it is, what it would be, and where to ring, as far as the shop may know.
fn open_facts(ask: &Ask, case: &Case, open: &Change) -> Vec<Row> {
    let booking = &case.booking;
    let mut rows = vec![
        (
            ask.label("booking-move-before"),
            html! { (when(ask, booking)) "，" (show::therapist(ask.lang(), &case.present)) "，" (booking.service_name) },
        ),
        (
            ask.label("booking-move-after"),
            html! { (terms_words(ask, open, &case.proposed)) },
        ),
        (ask.label("booking-price"), money::amount(open.to.price.fen())),
    ];
    rows.extend(case.new_door(ask, open));
    let phone = &booking.contact.phone;
    let phone = html! {
        @if !booking.shows_contact() { (ask.label("booking-home-address-later")) }
        @else if phone.is_empty() { (ask.label("booking-no-phone")) }
        @else { (button::dial(phone, &ask.label("booking-dial"), &booking.contact.name).quiet()) }
    };
    rows.push((ask.label("booking-phone-short"), phone));
    rows
}

type Answering = fn(&kernel::Cx, &mut db::Tx, Id<Booking>, i64) -> Result<Booking>;

pub(in crate::pages) async fn agree(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(pressed): Form<Pressed>,
) -> Answer {
    answer(&ask, id, pressed.version, actions::agree, "booking-desk-moved").await
}

pub(in crate::pages) async fn refuse(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(pressed): Form<Pressed>,
) -> Answer {
    answer(
        &ask,
        id,
        pressed.version,
        actions::refuse_change,
        "booking-desk-stays",
    )
    .await
}

pub(in crate::pages) async fn withdraw(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Form(pressed): Form<Pressed>,
) -> Answer {
    answer(
        &ask,
        id,
        pressed.version,
        actions::withdraw_change,
        "booking-desk-stays",
    )
    .await
}

async fn answer(ask: &Ask, id: Id<Booking>, seen: i64, how: Answering, said: &str) -> Answer {
    let done = ask
        .write(move |cx, tx| {
            crate::at_shop(tx, cx.shop()?, id)?;
            how(cx, tx, id, seen)
        })
        .await;
    match done {
        Ok(booking) => {
            let what = format!("{} {}", booking.contact.name, when(ask, &booking));
            Ok(ask.see_saying("/desk/changes", &ask.say(said, &args![what => what])))
        }
        Err(Error::Refused(no)) => open_page(ask, id, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}
