//! Another address of the customer's own home visit. As for a new one it is sent once and kept; the pages after it name only its
//! number.

use kernel::{Error, Id, Refused};
use text::args;
use web::{Answer, Ask, Form, Path, Query, ui::Surface};

use super::{
    super::{
        home::{AddressPage, Typed},
        when,
    },
    call_page,
    case::{Case, Wished},
    may_change,
};
use crate::{actions, model::Booking};

/// `GET /bookings/{id}/move/address`
pub(in crate::pages) async fn show(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Query(wished): Query<Wished>,
) -> Answer {
    page(&ask, id, &wished, &Typed::default(), None).await
}

/// `POST /bookings/{id}/move/address`: keeps the address and leads on to the times.
pub(in crate::pages) async fn send(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Query(wished): Query<Wished>,
    Form(typed): Form<Typed>,
) -> Answer {
    let case = Case::own(&ask, id, &wished.at(String::new())).await?;
    let kept = match typed.place() {
        Ok(place) => {
            let (service, lines) = (case.service.clone(), typed.lines());
            ask.write(move |cx, tx| actions::keep_address(cx, tx, &service, place, (&lines.0, &lines.1)))
                .await
        }
        Err(no) => Err(no.into()),
    };
    match kept {
        Ok(address) => {
            let to = wished.at(address.id.to_string());
            Ok(ask.see(&format!("/bookings/{id}/move?{}", to.query())))
        }
        Err(Error::Refused(no)) => page(&ask, id, &wished, &typed, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

/// The shop does not go to the address that was chosen: another one, or none.
pub(super) async fn refused(ask: &Ask, id: Id<Booking>, wished: &Wished, no: &Refused) -> Answer {
    page(ask, id, wished, &Typed::default(), Some(no)).await
}

async fn page(ask: &Ask, id: Id<Booking>, wished: &Wished, typed: &Typed, no: Option<&Refused>) -> Answer {
    let wished = wished.at(String::new());
    let case = Case::own(ask, id, &wished).await?;
    if case.before.is_none() {
        return Err(Error::NotFound.into());
    }
    if case.open.is_some() {
        return Ok(ask.see(&format!("/bookings/{id}/change")));
    }
    if let Err(no) = may_change(ask, &case).await? {
        return Ok(call_page(ask, &case, &no));
    }
    let page = AddressPage {
        surface: Surface::Customer,
        title: ask.say(
            "booking-move-address-title",
            &args![what => when(ask, &case.booking)],
        ),
        answer: ask.label("booking-move-address-answer"),
        here: format!("/bookings/{id}/move/address?{}", wished.query()),
        back: (
            format!("/bookings/{id}/move?{}", wished.query()),
            ask.label("booking-choose-when"),
        ),
        next: ask.label("booking-move-address-next"),
    };
    page.draw(ask, typed, no).await
}
