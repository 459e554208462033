//! A home visit that changes: to which door it goes, the way and its fare, and what becomes of the addresses.

use catalog::Service;
use db::Tx;
use kernel::{Cx, Error, Id, Money, Result};
use order::{Changed, NewLine};

use super::{
    super::home::{self, FARE, home_terms, home_visit},
    side,
};
use crate::{
    model::{Address, Booking, Change, HomeVisit, KeptFor, Place, Refusal, Side},
    store, words,
};

/// Where a home visit goes after a change.
pub(super) struct Going {
    /// District and way.
    pub visit: HomeVisit,
    /// The other address; nothing where it goes to the same door.
    pub address: Option<Id<Address>>,
}

impl Going {
    /// The new way, where it is another one.
    pub fn elsewhere(&self) -> Option<HomeVisit> {
        self.address.map(|_| self.visit)
    }
}

/// Where a booking would go after a change, and what the way would be: as it was booked, to the same door. Nothing of a visit
/// to the shop.
///
/// # Errors
/// `booking.not_at_home` where the service is not done at home, or the customer comes to the shop; `booking.outside_area`;
/// not found for an address that was not given for this.
pub fn visit_after(
    cx: &Cx,
    tx: &mut Tx,
    booking: &Booking,
    service: &Service,
    address: Option<Id<Address>>,
) -> Result<Option<HomeVisit>> {
    Ok(going(cx, tx, booking, service, address)?.map(|going| going.visit))
}

/// The same with the address.
pub(super) fn going(
    cx: &Cx,
    tx: &mut Tx,
    booking: &Booking,
    service: &Service,
    address: Option<Id<Address>>,
) -> Result<Option<Going>> {
    let Some(present) = home_visit(tx, booking)? else {
        return match address {
            None => Ok(None),
            Some(_) => Err(Refusal::NotAtHome.into()),
        };
    };
    let visit = match address {
        Some(address) => {
            let address = address_for(cx, tx, booking, address)?;
            home::visit(tx, service, &address)?
        }
        // What is booked stays possible, whatever the shop sets meanwhile.
        None if service.id == booking.service || home_terms(tx, booking.shop)?.offers(service.id) => present,
        None => return Err(Refusal::NotAtHome.into()),
    };
    Ok(Some(Going { visit, address }))
}

/// An address that was given for a change of a booking: by its customer, or as its shop's desk wrote it down. Neither reads
/// what the other has typed.
///
/// # Errors
/// Not found for any other.
pub fn address_for(cx: &Cx, tx: &mut Tx, booking: &Booking, id: Id<Address>) -> Result<Address> {
    let kept_for = match side(cx, booking)? {
        Side::Customer => KeptFor::Choosing,
        Side::Shop => KeptFor::ToldFor(booking.id),
    };
    let address = store::address(tx, id)?;
    match address.customer == booking.customer && address.kept_for == kept_for {
        true => Ok(address),
        false => Err(Error::NotFound),
    }
}

/// Keeps another address of a home visit as the customer told it the desk, for the change that is being entered.
///
/// # Errors
/// `booking.bad_street`, `booking.bad_house`, and those of [`super::super::trip_to`]; not found for another shop's booking;
/// `booking.not_at_home` where the customer comes to the shop.
pub fn keep_told_address(
    cx: &Cx,
    tx: &mut Tx,
    booking: &Booking,
    service: &Service,
    place: Place,
    lines: (&str, &str),
) -> Result<Address> {
    cx.shop_named(booking.shop)?;
    if service.shop != booking.shop {
        return Err(Error::NotFound);
    }
    if !booking.is_at_home() {
        return Err(Refusal::NotAtHome.into());
    }
    let whose = (booking.customer, KeptFor::ToldFor(booking.id));
    home::keep_while_choosing(cx, tx, service, whose, place, lines)
}

/// The address that an open change proposes, for the customer whose it is; to the shop it is told when somebody sets out.
pub fn address_proposed(cx: &Cx, tx: &mut Tx, booking: &Booking, change: &Change) -> Result<Option<Address>> {
    match side(cx, booking)? {
        Side::Customer => store::address_of_change(tx, change.id),
        Side::Shop => Ok(None),
    }
}

/// A proposed address is kept as long as the proposal, and never longer than a day after its answer is due.
pub(super) fn keep_proposed(cx: &Cx, tx: &mut Tx, change: &Change, going: Option<&Going>) -> Result<()> {
    let Some(address) = going.and_then(|going| going.address) else {
        return Ok(());
    };
    let forget_at = change.answer_by.plus_minutes(24 * 60);
    store::keep_address_for(tx, address, KeptFor::Change(change.id), forget_at)?;
    home::plan_forgetting(cx, tx, address, forget_at)
}

/// Where a visit goes by a change that was agreed to.
pub(super) fn agreed(tx: &mut Tx, booking: &Booking, change: &Change) -> Result<Option<Going>> {
    let Some(visit) = change.visit else {
        let present = home_visit(tx, booking)?;
        return Ok(present.map(|visit| Going { visit, address: None }));
    };
    let address = store::address_of_change(tx, change.id)?.ok_or(Refusal::NoChange)?;
    Ok(Some(Going {
        visit,
        address: Some(address.id),
    }))
}

/// The visit goes where it was agreed to, at the time that it has now: the old address is deleted, and the way costs what it
/// costs there. To the same door, the address is known as long as that of every visit.
pub(super) fn go_there(cx: &Cx, tx: &mut Tx, moved: &Booking, going: &Going) -> Result<()> {
    let before = home_visit(tx, moved)?.ok_or(Error::NotFound)?;
    let dearer = going.visit.trip.fare - before.trip.fare;
    charge_way(cx, tx, moved, dearer)?;
    let address = match going.address {
        Some(address) => {
            store::forget_addresses_of(tx, moved.id)?;
            store::put_visit(tx, moved.id, &going.visit)?;
            Some(address)
        }
        None => store::address_of(tx, moved.id)?.map(|address| address.id),
    };
    let Some(address) = address else {
        return Ok(());
    };
    let forget_at = home::known_until(moved.starts_at);
    store::keep_address_for(tx, address, KeptFor::Booking(moved.id), forget_at)?;
    home::plan_forgetting(cx, tx, address, forget_at)
}

/// The line of the way goes with the visit: another time, another price. Where the way cost nothing there may be none yet.
fn charge_way(cx: &Cx, tx: &mut Tx, moved: &Booking, dearer: Money) -> Result<()> {
    let lines = order::lines(tx, moved.order)?;
    let is_way = |line: &&order::Line| {
        line.module == FARE && line.thing == moved.id.raw() && line.dropped_at.is_none()
    };
    if let Some(line) = lines.iter().find(is_way) {
        let to = Changed {
            title: line.title.clone(),
            starts_at: Some(moved.starts_at),
            minutes: line.minutes,
            dearer,
        };
        let thing = (FARE, moved.id.raw());
        return order::change_line(cx, tx, moved.order, thing, &to).map(drop);
    }
    if dearer == Money::ZERO {
        return Ok(());
    }
    let line = NewLine {
        module: FARE,
        thing: moved.id.raw(),
        title: words::fare(cx.lang()),
        starts_at: Some(moved.starts_at),
        minutes: 0,
        amount: dearer,
    };
    order::add_line(cx, tx, moved.order, &line).map(drop)
}

/// Whether a booking goes to this address already; without one it stays where it is.
pub(super) fn is_there(tx: &mut Tx, booking: &Booking, address: Option<Id<Address>>) -> Result<bool> {
    let Some(address) = address else {
        return Ok(true);
    };
    Ok(store::address_of(tx, booking.id)?.is_some_and(|own| own.id == address))
}

/// Whether a proposal is about this address; without one it is about none.
pub(super) fn is_proposed(tx: &mut Tx, open: &Change, address: Option<Id<Address>>) -> Result<bool> {
    let Some(address) = address else {
        return Ok(open.visit.is_none());
    };
    Ok(store::address_of_change(tx, open.id)?.is_some_and(|own| own.id == address))
}
