//! Home visits: what shops offer, what is known of each visit, and the addresses, which are forgotten.

use db::{Row, Tx, params};
use geo::Wgs84;
use kernel::{Customer, Cx, Id, Instant, Money, Result, Shop};

use crate::model::{Address, Booking, HomeTerms, HomeVisit, Place, Step, Trip};

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

pub(crate) fn add_visit(tx: &mut Tx, booking: Id<Booking>, visit: &HomeVisit) -> Result<()> {
    tx.run(
        "INSERT INTO booking_home_visit (booking_id, district, metres, travel_minutes, fare)
         VALUES ($1, $2, $3, $4, $5)",
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

pub(crate) fn add_address(tx: &mut Tx, new: &Address, forget_at: Instant) -> Result<()> {
    tx.run(
        "INSERT INTO booking_address
             (id, customer_id, booking_id, district, lat, lng, street, house, forget_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            new.id,
            new.customer,
            new.booking,
            new.place.district.code(),
            new.place.point.lat,
            new.place.point.lng,
            &new.street,
            &new.house,
            forget_at
        ],
    )?;
    Ok(())
}

pub(crate) fn address(tx: &mut Tx, id: Id<Address>) -> Result<Address> {
    tx.one(
        "SELECT id, customer_id, booking_id, district, lat, lng, street, house FROM booking_address WHERE id = $1",
        params![id],
        read_address,
    )
}

pub(crate) fn address_of(tx: &mut Tx, booking: Id<Booking>) -> Result<Option<Address>> {
    tx.maybe(
        "SELECT id, customer_id, booking_id, district, lat, lng, street, house FROM booking_address
         WHERE booking_id = $1 ORDER BY id DESC LIMIT 1",
        params![booking],
        read_address,
    )
}

/// The address that a customer gave last, while it is known.
pub(crate) fn last_address(tx: &mut Tx, customer: Id<Customer>) -> Result<Option<Address>> {
    tx.maybe(
        "SELECT id, customer_id, booking_id, district, lat, lng, street, house FROM booking_address
         WHERE customer_id = $1 ORDER BY id DESC LIMIT 1",
        params![customer],
        read_address,
    )
}

fn read_address(row: &Row) -> Result<Address> {
    Ok(Address {
        id: row.get(0)?,
        customer: row.get(1)?,
        booking: row.get(2)?,
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
