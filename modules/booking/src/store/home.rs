//! Home visits: what shops offer, what is known of each visit, and the addresses, which are forgotten.

use db::{Row, Tx, params};
use geo::Wgs84;
use kernel::{Customer, Cx, Id, Instant, Money, Result, Shop};

use crate::model::{Address, Booking, Change, HomeTerms, HomeVisit, KeptFor, Place, Step, Trip};

pub(crate) fn home_terms(tx: &mut Tx, shop: Id<Shop>) -> Result<Option<HomeTerms>> {
    let terms = tx.maybe(
        "SELECT terms FROM booking_home_terms WHERE shop_id = $1",
        params![shop],
        |row| row.get::<String>(0),
    )?;
    Ok(terms.map(|terms| serde_json::from_str(&terms)).transpose()?)
}

pub(crate) fn all_home_terms(tx: &mut Tx) -> Result<Vec<(Id<Shop>, HomeTerms)>> {
    tx.all(
        "SELECT shop_id, terms FROM booking_home_terms ORDER BY shop_id",
        params![],
        |row| Ok((row.get(0)?, serde_json::from_str(&row.get::<String>(1)?)?)),
    )
}

pub(crate) fn put_home_terms(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, terms: &HomeTerms) -> Result<()> {
    tx.run(
        "INSERT INTO booking_home_terms (shop_id, terms, actor, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (shop_id) DO UPDATE SET terms = excluded.terms, actor = excluded.actor, at = excluded.at",
        params![
            shop,
            serde_json::to_string(terms)?,
            cx.actor().to_string(),
            cx.now()
        ],
    )?;
    Ok(())
}

pub(crate) fn put_visit(tx: &mut Tx, booking: Id<Booking>, visit: &HomeVisit) -> Result<()> {
    tx.run(
        "INSERT INTO booking_home_visit (booking_id, district, metres, travel_minutes, fare)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (booking_id) DO UPDATE SET district = excluded.district, metres = excluded.metres,
                travel_minutes = excluded.travel_minutes, fare = excluded.fare",
        params![
            booking,
            visit.district.code(),
            visit.trip.metres,
            visit.trip.travel,
            visit.trip.fare
        ],
    )?;
    Ok(())
}

pub(crate) fn visit(tx: &mut Tx, booking: Id<Booking>) -> Result<Option<HomeVisit>> {
    tx.maybe(
        "SELECT district, metres, travel_minutes, fare FROM booking_home_visit WHERE booking_id = $1",
        params![booking],
        |row| {
            Ok(HomeVisit {
                district: row.code(0)?,
                trip: Trip {
                    metres: row.get(1)?,
                    travel: row.get(2)?,
                    fare: row.get::<Money>(3)?,
                },
            })
        },
    )
}

macro_rules! addresses {
    ($rest:literal) => {
        concat!(
            "SELECT id, customer_id, booking_id, district, lat, lng, street, house, change_id, told_for
               FROM booking_address ",
            $rest
        )
    };
}

/// Booking, change and the booking that it was told for, of which one is known at the most.
fn keepers(kept_for: KeptFor) -> (Option<Id<Booking>>, Option<Id<Change>>, Option<Id<Booking>>) {
    match kept_for {
        KeptFor::Choosing => (None, None, None),
        KeptFor::ToldFor(booking) => (None, None, Some(booking)),
        KeptFor::Change(change) => (None, Some(change), None),
        KeptFor::Booking(booking) => (Some(booking), None, None),
    }
}

pub(crate) fn add_address(tx: &mut Tx, new: &Address, forget_at: Instant) -> Result<()> {
    let (booking, change, told_for) = keepers(new.kept_for);
    tx.run(
        "INSERT INTO booking_address
             (id, customer_id, booking_id, district, lat, lng, street, house, forget_at, change_id, told_for)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![
            new.id,
            new.customer,
            booking,
            new.place.district.code(),
            new.place.point.lat,
            new.place.point.lng,
            &new.street,
            &new.house,
            forget_at,
            change,
            told_for
        ],
    )?;
    Ok(())
}

/// From now on an address is kept for something else, and for another time.
pub(crate) fn keep_address_for(
    tx: &mut Tx,
    id: Id<Address>,
    kept_for: KeptFor,
    forget_at: Instant,
) -> Result<()> {
    let (booking, change, told_for) = keepers(kept_for);
    tx.run(
        "UPDATE booking_address SET booking_id = $2, change_id = $3, told_for = $4, forget_at = $5 WHERE id = $1",
        params![id, booking, change, told_for, forget_at],
    )?;
    Ok(())
}

pub(crate) fn address(tx: &mut Tx, id: Id<Address>) -> Result<Address> {
    tx.one(addresses!("WHERE id = $1"), params![id], read_address)
}

pub(crate) fn address_of(tx: &mut Tx, booking: Id<Booking>) -> Result<Option<Address>> {
    tx.maybe(
        addresses!("WHERE booking_id = $1 ORDER BY id DESC LIMIT 1"),
        params![booking],
        read_address,
    )
}

/// The address that a change proposes, while it does.
pub(crate) fn address_of_change(tx: &mut Tx, change: Id<Change>) -> Result<Option<Address>> {
    tx.maybe(
        addresses!("WHERE change_id = $1 ORDER BY id DESC LIMIT 1"),
        params![change],
        read_address,
    )
}

/// The address that a customer gave last, while it is known; not what a desk wrote down and nobody agreed to.
pub(crate) fn last_address(tx: &mut Tx, customer: Id<Customer>) -> Result<Option<Address>> {
    tx.maybe(
        addresses!("WHERE customer_id = $1 AND told_for IS NULL ORDER BY id DESC LIMIT 1"),
        params![customer],
        read_address,
    )
}

/// A booking goes elsewhere: where it was to go is nobody's business any more.
pub(crate) fn forget_addresses_of(tx: &mut Tx, booking: Id<Booking>) -> Result<()> {
    tx.run(
        "DELETE FROM booking_address WHERE booking_id = $1",
        params![booking],
    )?;
    Ok(())
}

/// A change comes to nothing, and with it the address that it proposed.
pub(crate) fn forget_proposed_address(tx: &mut Tx, change: Id<Change>) -> Result<()> {
    tx.run(
        "DELETE FROM booking_address WHERE change_id = $1",
        params![change],
    )?;
    Ok(())
}

fn read_address(row: &Row) -> Result<Address> {
    let kept_for = match (row.get(2)?, row.get(8)?, row.get(9)?) {
        (Some(booking), _, _) => KeptFor::Booking(booking),
        (None, Some(change), _) => KeptFor::Change(change),
        (None, None, Some(booking)) => KeptFor::ToldFor(booking),
        (None, None, None) => KeptFor::Choosing,
    };
    Ok(Address {
        id: row.get(0)?,
        customer: row.get(1)?,
        kept_for,
        place: Place {
            district: row.code(3)?,
            point: Wgs84 {
                lat: row.get(4)?,
                lng: row.get(5)?,
            },
        },
        street: row.get(6)?,
        house: row.get(7)?,
    })
}

/// Deletes what may be forgotten at `now`; how many addresses.
pub(crate) fn forget_addresses(tx: &mut Tx, now: Instant) -> Result<u64> {
    tx.run("DELETE FROM booking_address WHERE forget_at <= $1", params![now])
}

/// When the therapist arrived, the last time; and how often the customer was rung since.
pub(crate) fn arrival(tx: &mut Tx, booking: Id<Booking>) -> Result<Option<(Instant, i64)>> {
    tx.maybe(
        "SELECT a.at, CAST((SELECT COUNT(*) FROM booking_step c
                 WHERE c.booking_id = a.booking_id AND c.step = $3 AND c.version > a.version) AS BIGINT)
         FROM booking_step a WHERE a.booking_id = $1 AND a.step = $2 ORDER BY a.version DESC LIMIT 1",
        params![booking, Step::Arrive.code(), Step::Call.code()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}
