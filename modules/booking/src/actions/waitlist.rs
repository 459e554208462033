//! The waitlist: joining, the offer of a time that came free, and what becomes of it.
//!
//! A time that is offered is claimed for the entry, as a booking claims its own: a direct booking and an offer meet at the
//! key of the claims, and one of them wins. Whatever frees time calls [`time_freed`]; a look every half hour finds what
//! nobody told of, and what quiet hours put off.

use std::collections::HashMap;

use catalog::Service;
use db::Tx;
use kernel::{Cx, Day, Error, Id, Instant, Minutes, Result, Shop};
use scheduling::{Choice, FreeDay, Wanted};
use therapist::Therapist;

use super::request::{self, Wish, candidates, free_times};
use crate::{
    events,
    model::{
        Booking, MOST_WAITING, OFFER_MINUTES, Offer, Refusal, WaitEntry, WaitState, WaitStep, check_span,
        lead_minutes, may_tell,
    },
    store, topic,
};

/// What somebody wants to wait for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WaitWish {
    /// What.
    pub service: Id<Service>,
    /// With whom; anybody when it does not matter.
    pub therapist: Option<Id<Therapist>>,
    /// On which business day.
    pub day: Day,
    /// To start at this minute at the earliest,
    pub from: Minutes,
    /// and before this one.
    pub to: Minutes,
}

/// Joins the waitlist. The same wish again is the same entry.
///
/// # Errors
/// `booking.not_full` when there is time in the span: then it is booked; `booking.bad_span`, `booking.too_many_waiting`,
/// `booking.not_offered`, `scheduling.closed`, `scheduling.too_far`.
pub fn join_waitlist(cx: &Cx, tx: &mut Tx, wish: &WaitWish) -> Result<WaitEntry> {
    let customer = cx.customer()?;
    let service = catalog::service(tx, wish.service)?;
    if !is_offered(tx, &service)? {
        return Err(Refusal::NotOffered.into());
    }
    let live = store::live_of(tx, customer)?;
    let same = |known: &&WaitEntry| {
        let of_known = (known.service, known.therapist, known.day, known.from, known.to);
        of_known == (wish.service, wish.therapist, wish.day, wish.from, wish.to)
    };
    if let Some(known) = live.iter().find(same) {
        return Ok(known.clone());
    }
    if live.len() as i64 >= MOST_WAITING {
        return Err(Refusal::TooManyWaiting { most: MOST_WAITING }.into());
    }
    check_day(cx, tx, service.shop, wish)?;
    let entry = WaitEntry {
        id: cx.id(),
        shop: service.shop,
        customer,
        service: service.id,
        therapist: wish.therapist,
        day: wish.day,
        from: wish.from,
        to: wish.to,
        state: WaitState::Waiting,
        offer: None,
        booking: None,
        joined_at: cx.now(),
        version: 1,
    };
    let days = free_times(tx, cx.now(), &service, wish.therapist)?;
    if starts(&days).any(|starts_at| entry.fits(starts_at)) {
        return Err(Refusal::NotFull.into());
    }
    store::insert_entry(cx, tx, &entry)?;
    events::plan_end(cx, tx, &entry)?;
    events::plan_sweep(cx, tx, entry.shop)?;
    tx.announce(&topic(entry.shop))?;
    Ok(entry)
}

/// The shop opens on the day, within the span, and can be booked that far ahead.
fn check_day(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, wish: &WaitWish) -> Result<()> {
    check_span(wish.day, wish.from, wish.to, cx.now())?;
    let days = scheduling::window(tx, shop)?.days;
    if wish.day >= cx.now().day().plus(days) {
        return Err(scheduling::Refusal::TooFar { days }.into());
    }
    match shop::hours_on(tx, shop, wish.day)? {
        Some((opens, closes)) if opens.max(wish.from) < closes.min(wish.to) => Ok(()),
        _ => Err(scheduling::Refusal::Closed.into()),
    }
}

fn is_offered(tx: &mut Tx, service: &Service) -> Result<bool> {
    Ok(service.listed && shop::shop(tx, service.shop)?.is_active())
}

fn starts(days: &[FreeDay]) -> impl Iterator<Item = Instant> {
    days.iter().flat_map(|day| &day.times).map(|time| time.starts_at)
}

/// Time came free at a shop, or may have: whoever waits there is looked after in a moment.
pub(crate) fn time_freed(cx: &Cx, tx: &mut Tx, shop: Id<Shop>) -> Result<()> {
    if store::anybody_waits(tx, shop)? {
        events::plan_look(cx, tx, shop)?;
    }
    Ok(())
}

/// Offers the first who fits a time that is free. Nobody has two offers at once: the others wait as well.
///
/// # Errors
/// Those of [`scheduling::claim`], when somebody was faster.
pub fn offer_next(cx: &Cx, tx: &mut Tx, shop: Id<Shop>) -> Result<Option<WaitEntry>> {
    let lead = lead_minutes(shop::shop(tx, shop)?.accepts).max(scheduling::window(tx, shop)?.lead);
    // Who takes the last minute to answer can still book it.
    let earliest = cx.now().plus_minutes(lead + OFFER_MINUTES);
    let mut known: HashMap<(Id<Service>, Option<Id<Therapist>>), Vec<Instant>> = HashMap::new();
    for entry in store::waiting_at(tx, shop)? {
        let of = (entry.service, entry.therapist);
        let free = match known.get(&of) {
            Some(free) => free,
            None => {
                let free = free_starts(cx, tx, &entry)?;
                known.entry(of).or_insert(free)
            }
        };
        let fits = |at: &&Instant| **at >= earliest && entry.fits(**at) && may_tell(cx.now(), **at);
        let Some(starts_at) = free.iter().find(fits).copied() else {
            continue;
        };
        let others = store::live_of(tx, entry.customer)?;
        if others.iter().all(|other| other.state != WaitState::Offered) {
            return offer(cx, tx, &entry, starts_at).map(Some);
        }
    }
    Ok(None)
}

/// Nothing is free of what is not offered any more.
fn free_starts(cx: &Cx, tx: &mut Tx, entry: &WaitEntry) -> Result<Vec<Instant>> {
    let service = catalog::service(tx, entry.service)?;
    if !is_offered(tx, &service)? {
        return Ok(Vec::new());
    }
    match free_times(tx, cx.now(), &service, entry.therapist) {
        Ok(days) => Ok(starts(&days).collect()),
        Err(Error::Refused(_)) => Ok(Vec::new()),
        Err(other) => Err(other),
    }
}

fn offer(cx: &Cx, tx: &mut Tx, entry: &WaitEntry, starts_at: Instant) -> Result<WaitEntry> {
    let service = catalog::service(tx, entry.service)?;
    let choice = match entry.therapist {
        Some(named) => Choice::Named(named),
        None => Choice::Rotation(candidates(tx, &service, None)?),
    };
    let wanted = Wanted {
        shop: entry.shop,
        choice,
        starts_at,
        length: request::length(&service),
        holder: entry.id.of(),
    };
    let claimed = scheduling::claim(cx, tx, &wanted)?;
    let mut offered = entry.after(WaitStep::Offer)?;
    offered.offer = Some(Offer {
        starts_at,
        therapist: claimed.therapist,
        until: cx.now().plus_minutes(OFFER_MINUTES),
    });
    keep(cx, tx, &offered, WaitStep::Offer)?;
    events::plan_lapse(cx, tx, &offered)?;
    tx.emit(
        cx,
        &events::Offered {
            entry: offered.id,
            version: offered.version,
        },
    )?;
    Ok(offered)
}

/// The customer books the time that is kept: from the claims of the entry it goes to a booking of its own, which is held
/// while the customer pays. What the wish says of service, therapist and time is the entry's. The same key with the same
/// wish again is the same booking.
///
/// # Errors
/// `booking.offer_over` when the time is not kept any more; those of [`request::request_with`].
pub fn take_offer(
    cx: &Cx,
    tx: &mut Tx,
    key: &str,
    id: Id<WaitEntry>,
    wish: &Wish,
    typed: &[String],
) -> Result<Booking> {
    let fingerprint = serde_json::to_string(&(id, wish, typed))?;
    let booking = tx.once(cx, key, &fingerprint, |tx| {
        let entry = own_entry(cx, tx, id)?;
        if let (WaitState::Taken, Some(booking)) = (entry.state, entry.booking) {
            return Ok(booking);
        }
        let mut taken = entry.after(WaitStep::Take)?;
        let offer = entry.offer.ok_or(Refusal::OfferOver)?;
        scheduling::release(tx, entry.id.of())?;
        let wish = Wish {
            service: entry.service,
            therapist: entry.therapist,
            starts_at: offer.starts_at,
            ..wish.clone()
        };
        let booking = request::hold(cx, tx, &wish, typed, Some(offer.therapist), None)?;
        taken.booking = Some(booking);
        keep(cx, tx, &taken, WaitStep::Take)?;
        Ok(booking)
    })?;
    store::find(tx, booking)
}

/// The customer does not wait any more, or does not want what is offered.
///
/// # Errors
/// `booking.offer_over` when nothing is left to withdraw from.
pub fn withdraw_from_waitlist(cx: &Cx, tx: &mut Tx, id: Id<WaitEntry>) -> Result<WaitEntry> {
    let entry = own_entry(cx, tx, id)?;
    if entry.state == WaitState::Withdrawn {
        return Ok(entry);
    }
    end(cx, tx, &entry, WaitStep::Withdraw)
}

/// The time to answer is over: the next in line is offered it. Nothing when the customer answered meanwhile.
pub(crate) fn lapse_offer(cx: &Cx, tx: &mut Tx, due: events::EntryDue) -> Result<()> {
    let entry = store::entry(tx, due.entry)?;
    if entry.state == WaitState::Offered && entry.version == due.version {
        end(cx, tx, &entry, WaitStep::Lapse)?;
    }
    Ok(())
}

/// The span is over and nothing came free.
pub(crate) fn end_waiting(cx: &Cx, tx: &mut Tx, due: events::EntryDue) -> Result<()> {
    let entry = store::entry(tx, due.entry)?;
    if entry.state == WaitState::Waiting {
        end(cx, tx, &entry, WaitStep::End)?;
    }
    Ok(())
}

/// The shop needs the time that is kept for somebody: they wait on, at their old place. Nothing for other holders of claims.
pub(crate) fn call_offer_back(cx: &Cx, tx: &mut Tx, id: Id<WaitEntry>) -> Result<()> {
    let Some(entry) = store::known_entry(tx, id)? else {
        return Ok(());
    };
    if entry.state != WaitState::Offered {
        return Ok(());
    }
    let mut waits = entry.after(WaitStep::CallBack)?;
    waits.offer = None;
    scheduling::release(tx, entry.id.of())?;
    keep(cx, tx, &waits, WaitStep::CallBack)?;
    // The clock that ends it may have found it offered.
    events::plan_end(cx, tx, &waits)
}

/// Nothing can come free for somebody who waits.
pub(super) fn end_entry(cx: &Cx, tx: &mut Tx, entry: &WaitEntry) -> Result<()> {
    end(cx, tx, entry, WaitStep::End).map(drop)
}

fn end(cx: &Cx, tx: &mut Tx, entry: &WaitEntry, step: WaitStep) -> Result<WaitEntry> {
    let ended = entry.after(step)?;
    keep(cx, tx, &ended, step)?;
    if entry.state == WaitState::Offered {
        scheduling::release(tx, entry.id.of())?;
        time_freed(cx, tx, entry.shop)?;
    }
    Ok(ended)
}

fn keep(cx: &Cx, tx: &mut Tx, after: &WaitEntry, step: WaitStep) -> Result<()> {
    store::save_entry(cx, tx, after, step)?;
    tx.announce(&topic(after.shop))
}

/// An entry of whoever asks; to everybody else it does not exist.
pub fn own_entry(cx: &Cx, tx: &mut Tx, id: Id<WaitEntry>) -> Result<WaitEntry> {
    let entry = store::entry(tx, id)?;
    if entry.customer == cx.customer()? {
        Ok(entry)
    } else {
        Err(Error::NotFound)
    }
}
