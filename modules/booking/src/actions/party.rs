//! Several whom the desk enters at once, or several services of one: all of their time, or nothing. The claim is the one that
//! customers' groups go by; what differs is who asks, how soon, and that nothing is due before the service.

use db::Tx;
use kernel::{Cx, Error, Id, Instant, Minutes, Money, Result};
use scheduling::{FreeDay, FreeTime, SLOT_MINUTES};
use serde::Serialize;

use super::{
    counter::{self, Entry, here, next_slot},
    group::{self, Item, Several, Visit},
    take, ticket,
};
use crate::{
    model::{Booking, Refusal, Step, Ticket},
    store,
};

/// Several whom the desk enters together. The first is who rings, or who speaks for all.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct GroupEntry {
    /// One for each person or service.
    pub entries: Vec<Entry>,
    /// One after the other for one person; else all at once.
    pub in_turn: bool,
    /// Whether everybody wants to be in one room.
    pub one_room: bool,
}

/// Somebody books by telephone for several: one order, promised at once, paid at the shop. The same key with the same entry
/// again are the same bookings.
///
/// # Errors
/// `booking.not_several`, `booking.not_all_free`, `booking.not_asked`, `booking.not_offered`; `scheduling.no_room`,
/// `scheduling.closed`, `scheduling.past`, `scheduling.too_far`; `db.key_reused`; not found for another shop's service.
pub fn phone_booking_together(
    cx: &Cx,
    tx: &mut Tx,
    key: &str,
    group: &GroupEntry,
    at: Instant,
) -> Result<Vec<Booking>> {
    let fingerprint = format!("phone together {} {at:?}", serde_json::to_string(group)?);
    let order = tx.once(cx, key, &fingerprint, |tx| {
        Ok(promise(cx, tx, group, at)?[0].order)
    })?;
    store::of_order(tx, order)
}

/// Several stand at the desk: served at the next slot, or at `at` where they would rather wait for a time. Who begins soon is
/// checked in.
///
/// # Errors
/// As [`phone_booking_together`].
pub fn walk_in_together(
    cx: &Cx,
    tx: &mut Tx,
    key: &str,
    group: &GroupEntry,
    at: Option<Instant>,
) -> Result<Vec<Booking>> {
    let fingerprint = format!("walk-in together {} {at:?}", serde_json::to_string(group)?);
    let order = tx.once(cx, key, &fingerprint, |tx| {
        let promised = promise(cx, tx, group, at.unwrap_or(next_slot(cx.now())))?;
        let order = promised[0].order;
        for one in promised {
            here(cx, tx, one)?;
        }
        Ok(order)
    })?;
    store::of_order(tx, order)
}

/// Several take a number each, one after the other in the line. The same key with the same entry again are the same tickets.
///
/// # Errors
/// `booking.not_several`, and those of [`super::take_ticket`].
pub fn take_tickets(cx: &Cx, tx: &mut Tx, key: &str, group: &GroupEntry) -> Result<Vec<Ticket>> {
    let fingerprint = format!("tickets {}", serde_json::to_string(group)?);
    let taken: Vec<Id<Ticket>> = tx.once(cx, key, &fingerprint, |tx| {
        group::check_group_size(group.entries.len())?;
        group
            .entries
            .iter()
            .map(|entry| ticket::join(cx, tx, entry))
            .collect()
    })?;
    taken.into_iter().map(|id| store::ticket(tx, id)).collect()
}

/// Claims the time of everybody, places the order with nothing due now, and promises the bookings in the desk's name.
fn promise(cx: &Cx, tx: &mut Tx, group: &GroupEntry, starts_at: Instant) -> Result<Vec<Booking>> {
    group::check_group_size(group.entries.len())?;
    let mut items = Vec::new();
    for entry in &group.entries {
        items.push(Item {
            service: counter::checked(cx, tx, entry)?,
            therapist: entry.therapist,
        });
    }
    let of = Several {
        items: &items,
        in_turn: group.in_turn,
        one_room: group.one_room,
    };
    for (item, offset) in items.iter().zip(group::offsets(&items, group.in_turn)) {
        counter::check_days(cx, tx, &item.service, starts_at.plus_minutes(offset))?;
    }
    let unasked = counter::unasked();
    let visit = Visit {
        customer: counter::customer(cx, tx, &items[0].service, &group.entries[0])?,
        of,
        people: group
            .entries
            .iter()
            .map(|entry| (&entry.contact, &unasked))
            .collect(),
        starts_at,
        due_now: Money::ZERO,
    };
    let held = match group::reserve_together(cx, tx, &visit) {
        Err(Error::Refused(no)) if no.code == "scheduling.time_taken" => {
            return Err(not_all_free(tx, of, starts_at)?.into());
        }
        held => held?,
    };
    held.into_iter()
        .map(|one| take(cx, tx, one, Step::Confirm, None))
        .collect()
}

/// Who stands at the desk, or rings, is told how many could come.
fn not_all_free(tx: &mut Tx, of: Several<'_>, starts_at: Instant) -> Result<Refusal> {
    Ok(Refusal::NotAllFree {
        count: of.items.len(),
        fit: fit_at(tx, of, starts_at)?,
    })
}

/// How many of a visit find somebody and a bed together when it begins then: all of them where it fits.
fn fit_at(tx: &mut Tx, of: Several<'_>, starts_at: Instant) -> Result<usize> {
    let Some(first) = of.items.first() else {
        return Ok(0);
    };
    let (shop, parts) = (first.service.shop, group::parts(tx, of)?);
    scheduling::most_together(tx, shop, &parts, starts_at)
}

/// How many of a visit could begin at the next slot.
pub fn fit_now(tx: &mut Tx, now: Instant, of: Several<'_>) -> Result<usize> {
    fit_at(tx, of, next_slot(now))
}

/// The times at which a visit can begin, from the next slot on, for the desk: no lead is kept, so close to one another as slots
/// are. At most `days` business days from today's; as many as the shop is booked ahead where it is not said.
fn free_at_desk(tx: &mut Tx, now: Instant, of: Several<'_>, days: Option<i64>) -> Result<Vec<FreeDay>> {
    const NO_LEAD: Minutes = 0;
    let Some(mut query) = group::query(tx, next_slot(now), of)? else {
        return Ok(Vec::new());
    };
    query.lead_minutes = NO_LEAD;
    query.step = SLOT_MINUTES;
    query.days = days.unwrap_or(query.days);
    scheduling::free_together(tx, &query)
}

/// The earliest time at which the desk can have all of a visit served, today or tomorrow.
pub fn earliest_together(tx: &mut Tx, now: Instant, of: Several<'_>) -> Result<Option<FreeTime>> {
    let days = free_at_desk(tx, now, of, Some(2))?;
    Ok(days.into_iter().flat_map(|day| day.times).next())
}

/// The three times for all of a visit nearest to one that cannot be had, as [`super::nearest`] has them for one.
pub fn nearest_together(tx: &mut Tx, now: Instant, of: Several<'_>, wanted: Instant) -> Result<Vec<Instant>> {
    let free = free_at_desk(tx, now, of, None)?;
    Ok(counter::three_nearest(&free, wanted))
}
