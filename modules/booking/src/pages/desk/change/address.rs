//! Another address of a home visit, as the customer tells it the desk. It is sent once and kept; the pages after it name only its
//! number, and nobody reads it again before somebody sets out.

use kernel::{Error, Id, Refused};
use web::{Answer, Ask, Form, Path, Query, ui::Surface};

use super::super::super::{
    change::{Case, Wished},
    home::{AddressPage, Typed},
};
use crate::{
    actions,
    model::{Booking, Refusal},
};

/// `GET /desk/bookings/{id}/move/address`
pub(in crate::pages) async fn show(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Query(wished): Query<Wished>,
) -> Answer {
    page(&ask, id, &wished, &Typed::default(), None).await
}

/// `POST /desk/bookings/{id}/move/address`: keeps the address and leads on to the times.
pub(in crate::pages) async fn send(
    ask: Ask,
    Path(id): Path<Id<Booking>>,
    Query(wished): Query<Wished>,
    Form(typed): Form<Typed>,
) -> Answer {
    let case = Case::at_desk(&ask, id, &wished.at(String::new())).await?;
    let kept = match typed.place() {
        Ok(place) => {
            let (booking, service, lines) = (case.booking, case.service, typed.lines());
            ask.write(move |cx, tx| {
                let lines = (lines.0.as_str(), lines.1.as_str());
                actions::keep_told_address(cx, tx, &booking, &service, place, lines)
            })
            .await
        }
        Err(Refusal::NoPlace) => Err(Refusal::NoStation.into()),
        Err(no) => Err(no.into()),
    };
    match kept {
        Ok(address) => {
            let to = wished.at(address.id.to_string());
            Ok(ask.see(&format!("/desk/bookings/{id}/move?{}", to.query())))
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
    let case = Case::at_desk(ask, id, &wished).await?;
    if case.before.is_none() {
        return Err(Error::NotFound.into());
    }
    if case.open.is_some() {
        return Ok(ask.see(&format!("/desk/bookings/{id}/change")));
    }
    let name = &case.booking.contact.name;
    let page = AddressPage {
        surface: Surface::Desk,
        title: format!("{} {name}", ask.label("booking-move-address")),
        answer: ask.label("booking-move-address-told"),
        here: format!("/desk/bookings/{id}/move/address?{}", wished.query()),
        back: (
            format!("/desk/bookings/{id}/move?{}", wished.query()),
            ask.label("booking-choose-when"),
        ),
        next: ask.label("booking-move-address-next"),
    };
    page.draw(ask, typed, no).await
}
