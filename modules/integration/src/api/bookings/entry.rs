//! Whom the desk enters itself: a caller, at the shop or at home; a customer who stands there; who arrives and says a code.

use booking::{Booking, Contact, Entry};
use db::Tx;
use kernel::{Cx, Error, Id, Result, Shop};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::{Ask, Path};

use super::{BookingView, home::Home};
use crate::{
    api::{
        Answer,
        extract::{Body, Told, Writing},
        read_id, read_moment,
        table::Table,
    },
    model::Scope,
};

pub(super) fn add(table: Table) -> Table {
    let write = Scope::BookingsWrite;
    table
        .post(at!("/bookings"), write, "create-booking", create)
        .post(at!("/walk-ins"), write, "create-walk-in", walk_in)
        .post(at!("/check-ins"), write, "check-in-by-code", check_in_by_code)
}

/// A booking for a customer who calls: promised at once, paid at the shop or at the door.
#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct NewBooking {
    /// Identifier of the service.
    service: String,
    /// Identifier of a therapist; whoever comes next in turn where it is missing.
    therapist: Option<String>,
    /// RFC 3339, one of the free times; of a home visit one of the quote's.
    starts_at: String,
    /// How the customer is addressed.
    name: String,
    /// A mobile number.
    phone: String,
    /// Whether the customer was asked about health and is well enough.
    health_asked: bool,
    /// Whether the customer agreed that the shop remembers name and number.
    remembered: bool,
    /// Where, when the therapist is to go to the customer.
    home: Option<Home>,
}

impl NewBooking {
    fn entry(&self) -> Result<Entry> {
        Ok(Entry {
            service: self.service.parse()?,
            therapist: read_id(self.therapist.as_ref())?,
            contact: Contact::read(&self.name, &self.phone)?,
            remembered: self.remembered,
            asked: self.health_asked,
        })
    }
}

/// A customer who stands at the desk.
#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(in crate::api) struct Guest {
    /// Identifier of the service.
    service: String,
    /// Identifier of a therapist; whoever comes next in turn where it is missing.
    therapist: Option<String>,
    /// RFC 3339: a time that the customer waits for; as soon as possible where it is missing. A ticket has none.
    starts_at: Option<String>,
    /// How the customer is addressed; may be empty.
    name: String,
    /// A mobile number; may be empty.
    phone: String,
    /// Whether the customer was asked about health and is well enough.
    health_asked: bool,
    /// Whether the customer agreed that the shop remembers name and number.
    remembered: bool,
}

impl Guest {
    pub(in crate::api) fn entry(&self, ask: &Ask) -> Result<Entry> {
        let unnamed = ask.label("booking-walk-in-name");
        Ok(Entry {
            service: self.service.parse()?,
            therapist: read_id(self.therapist.as_ref())?,
            contact: Contact::read_present(&self.name, &self.phone, &unnamed)?,
            remembered: self.remembered,
            asked: self.health_asked,
        })
    }
}

/// Whoever enters somebody at a shop may, and the service is that shop's.
pub(in crate::api) fn check_shop(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, entry: &Entry) -> Result<()> {
    cx.shop_named(shop)?;
    match catalog::service(tx, entry.service)?.shop == shop {
        true => Ok(()),
        false => Err(Error::NotFound),
    }
}

/// A booking as it is now.
pub(super) fn tell(_: &Cx, tx: &mut Tx, id: Id<Booking>) -> Result<Told<BookingView>> {
    let found = booking::booking(tx, id)?;
    Ok(Told::new(BookingView::from(&found)).version(found.version))
}

async fn create(
    ask: Ask,
    Path(shop): Path<Id<Shop>>,
    writing: Writing,
    Body(body): Body<NewBooking>,
) -> Answer<BookingView> {
    let key = format!("{} booking", writing.needed_key(&ask)?);
    let (entry, starts_at) = (body.entry()?, read_moment(&body.starts_at)?);
    let place = body.home.as_ref().map(Home::place).transpose()?;
    let asked = serde_json::to_value(&body)?;
    let does = move |cx: &Cx, tx: &mut Tx| {
        check_shop(cx, tx, shop, &entry)?;
        let made = match (place, &body.home) {
            (Some(place), Some(home)) => {
                let address = (place, home.street.as_str(), home.house.as_str());
                booking::phone_booking_at_home(cx, tx, &entry, starts_at, address)?
            }
            _ => booking::phone_booking(cx, tx, &key, &entry, starts_at)?,
        };
        Ok(made.id)
    };
    Ok(writing.make(&ask, &asked, does, tell).await?)
}

async fn walk_in(
    ask: Ask,
    Path(shop): Path<Id<Shop>>,
    writing: Writing,
    Body(body): Body<Guest>,
) -> Answer<BookingView> {
    let key = format!("{} walk-in", writing.needed_key(&ask)?);
    let entry = body.entry(&ask)?;
    let starts_at = body.starts_at.as_deref().map(read_moment).transpose()?;
    let does = move |cx: &Cx, tx: &mut Tx| {
        check_shop(cx, tx, shop, &entry)?;
        Ok(booking::walk_in(cx, tx, &key, &entry, starts_at)?.id)
    };
    Ok(writing.make(&ask, &body, does, tell).await?)
}

/// What a customer shows or says on arrival.
#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct Code {
    /// Six digits.
    code: String,
}

async fn check_in_by_code(
    ask: Ask,
    Path(shop): Path<Id<Shop>>,
    writing: Writing,
    Body(body): Body<Code>,
) -> Answer<BookingView> {
    let asked = serde_json::to_value(&body)?;
    let does = move |cx: &Cx, tx: &mut Tx| {
        Ok(booking::check_in_by_code(cx, tx, cx.shop_named(shop)?, &body.code)?.id)
    };
    Ok(writing.write(&ask, &asked, does, tell).await?)
}
