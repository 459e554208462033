//! A shop closes suddenly, or leaves the platform: what stands in that time ends at once, by the shop and at its cost.
//!
//! The hours belong to `shop`. Here it is known what they were promised for, so here it ends, in the transaction that closes
//! the shop. What is paid for a held booking in the same moment is caught when its order is placed ([`turn_away`]).

use db::Tx;
use kernel::{Cx, Day, Error, Id, Instant, Money, Result, Shop, ShopScope};
use order::By;
use shop::{Closing, ClosingKind, Standing};

use super::{
    abort, call_offer_back,
    change::open_changes,
    end_entry, end_ticket,
    group::{let_go, paid_for},
    leave::drop_change,
    place, take, time_freed,
};
use crate::{
    events,
    model::{Booking, Hit, Met, Refusal, Returned, State, Step, TicketState, WaitState, Why},
    store, topic,
};

/// What somebody was shown before they closed: so many bookings are called off, and so much goes back.
pub type Shown = (usize, Money);

/// What stands in a stretch of a shop's time.
///
/// # Errors
/// Not found for another shop.
pub fn hit_by_closing(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, from: Instant, until: Instant) -> Result<Hit> {
    let scope = cx.shop_named(shop)?;
    let days = (from.day().plus(-2), until.day());
    let mut hit = Hit::default();
    for booking in store::live_between(tx, scope, days)? {
        if !booking.meets(from, until) {
            continue;
        }
        if booking.state == State::Held {
            hit.held.push(booking);
            continue;
        }
        let stays = booking.state.is_under_way();
        let amount = match stays {
            true => Money::ZERO,
            false => paid_for(tx, &booking)?,
        };
        hit.met.push(Met {
            booking,
            amount,
            stays,
        });
    }
    Ok(hit)
}

/// Closes the shop from a moment (`None`: now) until another: nothing can be booked then, and what is booked is called off
/// by the shop, with all its money. What is under way is left. The same key with the same wish again is the same closing.
///
/// # Errors
/// `booking.closing_changed` when more or less is met than was `shown`; those of [`shop::close`].
pub fn close_shop(
    cx: &Cx,
    tx: &mut Tx,
    key: &str,
    (from, until): (Option<Instant>, Instant),
    reason: &str,
    shown: Shown,
) -> Result<Closing> {
    let shop = cx.shop()?.id();
    let fingerprint = serde_json::to_string(&("close", shop, from, until, reason))?;
    let id = tx.once(cx, key, &fingerprint, |tx| {
        let from = from.unwrap_or(cx.now()).max(cx.now());
        let hit = hit_by_closing(cx, tx, shop, from, until)?;
        let closing = shop::close(cx, tx, shop, (from, until), reason)?;
        empty(cx, tx, &closing, hit, shown)?;
        Ok(closing.id)
    })?;
    shop::closing(tx, id)
}

/// What a closing would meet, for whoever is asked whether to close.
///
/// # Errors
/// Those of [`shop::check_closing`].
pub fn would_close(
    cx: &Cx,
    tx: &mut Tx,
    (from, until): (Option<Instant>, Instant),
    reason: &str,
) -> Result<Hit> {
    let shop = cx.shop()?.id();
    let from = from.unwrap_or(cx.now()).max(cx.now());
    shop::check_closing(cx, tx, shop, (from, until), reason)?;
    hit_by_closing(cx, tx, shop, from, until)
}

/// The shop opens by its hours again. What was called off stays so: its customers were told and have their money.
///
/// # Errors
/// Those of [`shop::lift_closing`].
pub fn reopen_shop(cx: &Cx, tx: &mut Tx, id: Id<Closing>) -> Result<Closing> {
    let closing = shop::lift_closing(cx, tx, id)?;
    time_freed(cx, tx, closing.shop)?;
    tx.announce(&topic(closing.shop))?;
    Ok(closing)
}

/// The centre ends a shop's membership. Up to its last business day it serves what is booked (`None`: nothing from now on);
/// what is booked for later is called off as by a closing. Asked again it is success without effect.
///
/// # Errors
/// `booking.closing_changed`; those of [`shop::leave`].
pub fn leave_platform(
    cx: &Cx,
    tx: &mut Tx,
    (id, version): (Id<Shop>, i64),
    last: Option<Day>,
    reason: &str,
    shown: Shown,
) -> Result<()> {
    if shop::shop(tx, id)?.standing == Standing::Left {
        return Ok(());
    }
    let from = served_until(cx, tx, id, last)?;
    let hit = hit_by_closing(cx, tx, id, from, FOR_GOOD)?;
    let (_, closing) = shop::leave(cx, tx, (id, version), from, reason)?;
    empty(cx, tx, &closing, hit, shown)
}

/// No booking is as far ahead as this.
pub const FOR_GOOD: Instant = Instant(i64::MAX / 4);

/// Until when a shop that leaves serves: the end of its last business day, or now.
pub fn served_until(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, last: Option<Day>) -> Result<Instant> {
    match last {
        Some(last) => Ok(day_ends(tx, shop, last)?.max(cx.now())),
        None => Ok(cx.now()),
    }
}

/// When a business day of a shop is over: at midnight, or later where its hours say so.
pub fn day_ends(tx: &mut Tx, shop: Id<Shop>, day: Day) -> Result<Instant> {
    let midnight = day.plus(1).at(0);
    let hours = shop::hours_on(tx, shop, day)?;
    Ok(hours.map_or(midnight, |(_, closes)| day.at(closes).max(midnight)))
}

/// What a shop has still to do before nobody owes anybody anything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Owed {
    /// So many bookings are still to be served.
    pub bookings: usize,
    /// So many orders, refunds and sums of cash are not settled.
    pub orders: usize,
    /// So many cases wait for a decision.
    pub cases: usize,
}

impl Owed {
    /// Whether nothing is left to do.
    pub fn is_settled(self) -> bool {
        self.bookings + self.orders + self.cases == 0
    }
}

/// What is left to settle at a shop.
///
/// # Errors
/// Not found for another shop.
pub fn still_owed(cx: &Cx, tx: &mut Tx, shop: Id<Shop>) -> Result<Owed> {
    let scope = cx.shop_named(shop)?;
    let days = (cx.now().day().plus(-2), FOR_GOOD.day());
    Ok(Owed {
        bookings: store::live_between(tx, scope, days)?.len(),
        orders: order::unsettled(tx, shop)?,
        cases: store::open_cases(tx, shop)?.len(),
    })
}

/// What a closing met, the earliest first.
pub fn met_by(tx: &mut Tx, closing: Id<Closing>) -> Result<Vec<Met>> {
    store::met(tx, closing)
}

/// Ends everything that stands in a closing.
fn empty(cx: &Cx, tx: &mut Tx, closing: &Closing, hit: Hit, shown: Shown) -> Result<()> {
    let (count, amount) = (hit.count(), hit.money());
    if (count, amount) != shown {
        return Err(Refusal::ClosingChanged { count, amount }.into());
    }
    let scope = cx.shop_named(closing.shop)?;
    end_waiting_in(cx, tx, scope, closing)?;
    end_line_in(cx, tx, closing)?;
    for met in &hit.met {
        store::add_met(tx, closing.id, met)?;
    }
    let ends: Vec<Booking> = hit.ends().map(|met| met.booking.clone()).collect();
    for of_order in ends.chunk_by(|one, other| one.order == other.order) {
        call_off(cx, tx, of_order)?;
    }
    for held in &hit.held {
        match order::order(tx, held.order)?.state {
            order::State::Placed => drop(place(cx, tx, held.id)?),
            _ => drop(order::abandon(cx, tx, held.order)?),
        }
    }
    drop_changes_in(cx, tx, scope, closing)?;
    tell(cx, tx, closing, &ends)?;
    tx.announce(&topic(closing.shop))
}

/// Calls off bookings of one order, with one refund; who is in the shop already is sent home.
fn call_off(cx: &Cx, tx: &mut Tx, bookings: &[Booking]) -> Result<()> {
    let mut going = Vec::new();
    for booking in bookings {
        match booking.state {
            State::CheckedIn => drop(abort(cx, tx, booking.id, booking.version, Why::ShopTrouble, "")?),
            _ => going.push(take(
                cx,
                tx,
                booking.clone(),
                Step::Cancel,
                Some(Why::ShopClosed),
            )?),
        }
    }
    let_go(cx, tx, &going, By::Shop, Returned::ALL, Why::ShopClosed.code())
}

/// A booking was paid while the shop closed: it is called off at once, as those before it were.
pub(super) fn turn_away(cx: &Cx, tx: &mut Tx, placed: Booking) -> Result<Booking> {
    let closings = shop::closings(tx, placed.shop, placed.starts_at, placed.ends_at())?;
    let Some(closing) = closings.first() else {
        return Ok(placed);
    };
    let amount = paid_for(tx, &placed)?;
    let met = Met {
        booking: placed.clone(),
        amount,
        stays: false,
    };
    store::add_met(tx, closing.id, &met)?;
    call_off(cx, tx, std::slice::from_ref(&placed))?;
    tell(cx, tx, closing, std::slice::from_ref(&placed))?;
    store::find(tx, placed.id)
}

/// Whether a shop is closed at the time of a booking.
pub(super) fn is_closed_at(tx: &mut Tx, booking: &Booking) -> Result<bool> {
    let closings = shop::closings(tx, booking.shop, booking.starts_at, booking.ends_at())?;
    Ok(!closings.is_empty())
}

/// Every customer is told once, however many bookings they had.
fn tell(cx: &Cx, tx: &mut Tx, closing: &Closing, ended: &[Booking]) -> Result<()> {
    let mut told = Vec::new();
    for booking in ended {
        if !told.contains(&booking.customer) {
            told.push(booking.customer);
            let closed = events::ShopClosed {
                closing: closing.id,
                customer: booking.customer,
            };
            tx.emit(cx, &closed)?;
        }
    }
    Ok(())
}

/// Who waits for a time that stands wholly in it waits in vain; what is kept for somebody in it is called back. At a shop
/// that leaves nobody waits any more.
fn end_waiting_in(cx: &Cx, tx: &mut Tx, scope: ShopScope, closing: &Closing) -> Result<()> {
    let leaving = closing.kind == ClosingKind::Leaving;
    let (from, until) = match leaving {
        true => (cx.now(), FOR_GOOD),
        false => (closing.from, closing.until),
    };
    for entry in store::live_at(tx, scope, cx.now().day().plus(-2))? {
        let begins = entry.day.at(entry.from).max(cx.now());
        let inside = from <= begins && entry.day.at(entry.to) <= until;
        let kept = entry
            .offer
            .is_some_and(|offer| from <= offer.starts_at && offer.starts_at < until);
        if entry.state == WaitState::Offered && (kept || inside) {
            call_offer_back(cx, tx, entry.id)?;
        }
        if inside {
            let waits = store::entry(tx, entry.id)?;
            end_entry(cx, tx, &waits)?;
            tx.emit(cx, &events::WaitClosed { entry: entry.id })?;
        }
    }
    Ok(())
}

/// Where the shop closes now, nobody of its line is called any more.
fn end_line_in(cx: &Cx, tx: &mut Tx, closing: &Closing) -> Result<()> {
    if !closing.contains(cx.now()) {
        return Ok(());
    }
    let today = cx.now().day();
    for day in [today.plus(-1), today] {
        for state in [TicketState::Waiting, TicketState::Skipped] {
            for ticket in store::tickets_of(tx, closing.shop, day, state)? {
                end_ticket(cx, tx, ticket)?;
            }
        }
    }
    Ok(())
}

/// What is proposed for a booking at another time, and would stand in it, is off the table.
fn drop_changes_in(cx: &Cx, tx: &mut Tx, scope: ShopScope, closing: &Closing) -> Result<()> {
    for change in open_changes(tx, scope)? {
        let ends_at = change.to.starts_at.plus_minutes(change.to.length.minutes);
        if closing.meets(change.to.starts_at, ends_at) {
            let booking = store::find(tx, change.booking)?;
            drop_change(cx, tx, booking, &change)?;
        }
    }
    Ok(())
}

/// Whether the customer was told of an order's end by the closing that ended it: then of its money too.
pub fn told_by_closing(tx: &mut Tx, order: Id<order::Order>) -> Result<bool> {
    for booking in store::of_order(tx, order)? {
        if store::is_closed(tx, booking.id)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// One closing of a shop, for whoever belongs to it.
///
/// # Errors
/// Not found for another shop's.
pub fn closing_at(cx: &Cx, tx: &mut Tx, id: Id<Closing>) -> Result<Closing> {
    let closing = shop::closing(tx, id)?;
    if cx.shop()?.id() == closing.shop {
        Ok(closing)
    } else {
        Err(Error::NotFound)
    }
}
