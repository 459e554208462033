//! Several people, or several services, in one visit: one order with a booking for each, all of it or nothing.
//!
//! The shop answers a group as a whole: half a group is no group. Afterwards each booking has its own life: one may be called
//! off, and the others stand.

use catalog::Service;
use db::Tx;
use kernel::{Customer, Cx, Id, Instant, Minutes, Money, Result};
use order::{By, NewLine, NewOrder, Policy};
use scheduling::{FreeDay, Holder, Part, SLOT_MINUTES, TogetherQuery, Wanted};
use serde::Serialize;
use therapist::Therapist;

use super::{
    home::{FARE, free_time},
    request::{self, Wish, candidates, length},
    service::EXTENSION,
};
use crate::{
    model::{Booking, Contact, MOST_TOGETHER, Refusal, Returned, State, Wishes, lead_minutes},
    store, topic,
};

/// What a customer asks for with several people, or for several services. All wishes name the start of the visit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct GroupWish {
    /// One for each person or service.
    pub wishes: Vec<Wish>,
    /// One after the other for one person; else all at once.
    pub in_turn: bool,
    /// Whether everybody wants to be in one room.
    pub one_room: bool,
}

/// A service of a visit, and who is asked for.
#[derive(Clone, Debug)]
pub struct Item {
    /// What.
    pub service: Service,
    /// Who; whoever comes next in turn when it does not matter.
    pub therapist: Option<Id<Therapist>>,
}

/// Claims the time of everybody and opens one order: all bookings are held while the customer pays, or none is made. The
/// same key with the same wish again are the same bookings.
///
/// # Errors
/// As [`request::request`]; `booking.not_several` for fewer than two, or more than may come; `scheduling.no_room`.
pub fn request_together(cx: &Cx, tx: &mut Tx, key: &str, group: &GroupWish) -> Result<Vec<Booking>> {
    let fingerprint = serde_json::to_string(group)?;
    let order = tx.once(cx, key, &fingerprint, |tx| hold_together(cx, tx, group))?;
    store::of_order(tx, order)
}

fn hold_together(cx: &Cx, tx: &mut Tx, group: &GroupWish) -> Result<Id<order::Order>> {
    check_group_size(group.wishes.len())?;
    let mut items = Vec::new();
    let mut due_now = Money::ZERO;
    for wish in &group.wishes {
        let service = request::check(cx, tx, wish, 0)?;
        // What must be answered about a service is asked on the way of one person.
        request::answers(tx, &service, wish, &[])?;
        due_now += catalog::prepay(tx, service.id)?.due_now(service.price);
        items.push(Item {
            service,
            therapist: wish.therapist,
        });
    }
    let starts_at = group.wishes[0].starts_at;
    if group.wishes.iter().any(|wish| wish.starts_at != starts_at) {
        return Err(Refusal::NotOffered.into());
    }
    let customer = cx.customer()?;
    let people = group.wishes.iter().map(|wish| (&wish.contact, &wish.wishes));
    let visit = Visit {
        customer,
        of: Several {
            items: &items,
            in_turn: group.in_turn,
            one_room: group.one_room,
        },
        people: people.collect(),
        starts_at,
        due_now,
    };
    let held = reserve_together(cx, tx, &visit)?;
    let first = &group.wishes[0].contact;
    identity::remember_contact(cx, tx, customer, &first.name, &first.phone)?;
    Ok(held[0].order)
}

/// As many as may come in one visit.
///
/// # Errors
/// `booking.not_several`.
pub fn check_group_size(count: usize) -> Result<()> {
    match (2..=MOST_TOGETHER).contains(&count) {
        true => Ok(()),
        false => Err(Refusal::NotSeveral { most: MOST_TOGETHER }.into()),
    }
}

/// The services of a visit, and how they go together.
#[derive(Clone, Copy, Debug)]
pub struct Several<'a> {
    /// One for each person or service.
    pub items: &'a [Item],
    /// One after the other for one person; else all at once.
    pub in_turn: bool,
    /// Whether everybody wants to be in one room.
    pub one_room: bool,
}

/// A visit of several that is to be claimed and ordered, for a customer who asks or for one whom the desk enters.
pub(super) struct Visit<'a> {
    /// For whom.
    pub customer: Id<Customer>,
    /// What.
    pub of: Several<'a>,
    /// How each is addressed and reached, and what they would like: in the order of the services.
    pub people: Vec<(&'a Contact, &'a Wishes)>,
    /// When the visit begins.
    pub starts_at: Instant,
    /// What must be paid before the time is promised.
    pub due_now: Money,
}

/// Claims the time of everybody, opens one order and lays down the bookings, or does nothing of it. Who may ask, and how
/// soon, is the caller's to say.
///
/// # Errors
/// The refusals of [`scheduling::claim_together`]; `booking.not_offered` for services of more than one shop.
pub(super) fn reserve_together(cx: &Cx, tx: &mut Tx, visit: &Visit<'_>) -> Result<Vec<Booking>> {
    let items = visit.of.items;
    let shop = items[0].service.shop;
    if items.iter().any(|item| item.service.shop != shop) {
        return Err(Refusal::NotOffered.into());
    }
    // In the order of the wishes: who booked speaks for all.
    let mut holders: Vec<Id<Holder>> = items.iter().map(|_| cx.id()).collect();
    holders.sort_by_key(|holder| holder.raw());
    let offsets = offsets(items, visit.of.in_turn);
    let mut wanted = Vec::new();
    for ((item, offset), holder) in items.iter().zip(offsets).zip(holders) {
        wanted.push(Wanted {
            shop,
            choice: request::choice(tx, &item.service, item.therapist)?,
            starts_at: visit.starts_at.plus_minutes(offset),
            length: length(&item.service),
            holder,
        });
    }
    let claimed = scheduling::claim_together(cx, tx, &wanted, visit.of.one_room)?;
    let new = new_order(cx, visit, &wanted);
    let order = order::open_due(cx, tx, &new, visit.due_now)?.id;
    let mut held = Vec::new();
    for (place, (wanted, claimed)) in wanted.iter().zip(claimed).enumerate() {
        let (contact, wishes) = visit.people[place];
        let person = (visit.customer, contact, wishes);
        let claims = (wanted.holder.of(), wanted.starts_at, claimed);
        let booking = request::booking_of(cx, tx, order, &items[place].service, person, claims)?;
        store::insert(cx, tx, &booking)?;
        held.push(booking);
    }
    tx.announce(&topic(shop))?;
    Ok(held)
}

/// One order with a line for each, due together.
fn new_order(cx: &Cx, visit: &Visit<'_>, wanted: &[Wanted]) -> NewOrder {
    let items = visit.of.items;
    let mut lines = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    for (item, wanted) in items.iter().zip(wanted) {
        let service = &item.service;
        if !names.contains(&service.name.as_str()) {
            names.push(&service.name);
        }
        lines.push(NewLine {
            module: crate::MODULE,
            thing: wanted.holder.raw(),
            title: service.name.clone(),
            starts_at: Some(wanted.starts_at),
            minutes: service.minutes,
            amount: service.price,
        });
    }
    let title = format!("{} ×{}", names.join("、"), items.len());
    NewOrder {
        shop: wanted[0].shop,
        customer: visit.customer,
        title: title.chars().take(40).collect(),
        page: format!("/bookings/{}", wanted[0].holder),
        lines,
        deadline: order::pay_by(visit.starts_at, cx.now()),
        policy: Policy::default(),
    }
}

/// When each service of a visit starts, in minutes after its beginning: all at once, or each when the one before is over
/// with what is kept free between them.
pub fn offsets(items: &[Item], in_turn: bool) -> Vec<Minutes> {
    let mut offsets = vec![0; items.len()];
    if in_turn {
        for (place, pair) in items.windows(2).enumerate() {
            let (before, next) = (length(&pair[0].service), length(&pair[1].service));
            let gap = before.minutes + before.after + next.before;
            let slots = (gap + SLOT_MINUTES - 1).div_euclid(SLOT_MINUTES);
            offsets[place + 1] = offsets[place] + slots * SLOT_MINUTES;
        }
    }
    offsets
}

/// The times at which a visit can begin, for as many days as the shop can be booked ahead.
pub fn free_together(
    tx: &mut Tx,
    now: Instant,
    items: &[Item],
    in_turn: bool,
    one_room: bool,
) -> Result<Vec<FreeDay>> {
    let of = Several {
        items,
        in_turn,
        one_room,
    };
    let Some(query) = query(tx, now, of)? else {
        return Ok(Vec::new());
    };
    scheduling::free_together(tx, &query)
}

/// What is asked of a shop's diary for a visit; `None` for a visit of nothing.
pub(super) fn query(tx: &mut Tx, now: Instant, of: Several<'_>) -> Result<Option<TogetherQuery>> {
    let Some(first) = of.items.first() else {
        return Ok(None);
    };
    let shop = first.service.shop;
    let window = scheduling::window(tx, shop)?;
    Ok(Some(TogetherQuery {
        shop,
        parts: parts(tx, of)?,
        one_room: of.one_room,
        now,
        lead_minutes: lead_minutes(shop::shop(tx, shop)?.accepts).max(window.lead),
        days: window.days,
        step: scheduling::STEP,
    }))
}

/// What the diary is asked about each service.
pub(super) fn parts(tx: &mut Tx, of: Several<'_>) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    for (item, after) in of.items.iter().zip(offsets(of.items, of.in_turn)) {
        parts.push(Part {
            therapists: candidates(tx, &item.service, item.therapist)?,
            length: length(&item.service),
            after,
        });
    }
    Ok(parts)
}

/// The other bookings of a booking's order that stand where it was asked about: the shop answers them together.
pub(super) fn asked_with(tx: &mut Tx, booking: &Booking) -> Result<Vec<Booking>> {
    let mut others = store::of_order(tx, booking.order)?;
    others.retain(|other| other.id != booking.id && other.state == State::Requested);
    Ok(others)
}

/// How many bookings of its order stand where this one stands, if it is the first of them: what is said of a group is said
/// once, for all of them.
pub fn speaks_for(tx: &mut Tx, booking: &Booking) -> Result<Option<usize>> {
    let mut same = store::of_order(tx, booking.order)?;
    same.retain(|other| other.state == booking.state);
    let first = same.first().is_some_and(|first| first.id == booking.id);
    Ok(first.then_some(same.len()))
}

/// Frees the time of bookings of one order that do not take place, and ends what they are of the order: each line gives back
/// its own row, times the share in `returned`; the last one ends the order.
pub(super) fn let_go(
    cx: &Cx,
    tx: &mut Tx,
    going: &[Booking],
    by: By,
    returned: Returned,
    why: &str,
) -> Result<()> {
    let Some(first) = going.first() else {
        return Ok(());
    };
    for booking in going {
        free_time(cx, tx, booking)?;
    }
    let lines = order::lines(tx, first.order)?;
    if is_all(&lines, going) {
        let order = order::order(tx, first.order)?;
        let kept = kept(tx, first, order.due(), returned)?;
        order::cancel(cx, tx, first.order, by, kept, why)?;
        return Ok(());
    }
    for booking in going {
        drop_lines(cx, tx, booking, by, returned, why)?;
    }
    end_with_the_last(cx, tx, first.order)
}

/// Whether nothing would be left of an order without these of its bookings.
fn is_all(lines: &[order::Line], going: &[Booking]) -> bool {
    let goes = |line: &order::Line| {
        is_of_bookings(line) && going.iter().any(|booking| booking.id.raw() == line.thing)
    };
    lines.iter().all(|line| goes(line) && line.dropped_at.is_none())
}

/// What the shop keeps when a booking alone is let go: of the order where it is all of it, else of its own lines.
pub(super) fn kept_of_one(tx: &mut Tx, booking: &Booking, returned: Returned) -> Result<Money> {
    let lines = order::lines(tx, booking.order)?;
    if is_all(&lines, std::slice::from_ref(booking)) {
        let due = order::order(tx, booking.order)?.due();
        return kept(tx, booking, due, returned);
    }
    let mut kept = Money::ZERO;
    for line in lines_of(tx, booking)? {
        let paid = order::line_left(tx, booking.order, line.id)?;
        kept += paid - paid.share(share_of(&line, returned));
    }
    Ok(kept)
}

/// What the shop keeps of `paid` for all that a booking is.
fn kept(tx: &mut Tx, booking: &Booking, paid: Money, returned: Returned) -> Result<Money> {
    Ok(returned.kept(paid, super::fare(tx, booking)?))
}

/// Takes off an order what one of its bookings is of it, its way and minutes that were added too.
fn drop_lines(cx: &Cx, tx: &mut Tx, booking: &Booking, by: By, returned: Returned, why: &str) -> Result<()> {
    for line in lines_of(tx, booking)? {
        let share = share_of(&line, returned);
        order::drop_line_for(cx, tx, (booking.order, line.id), by, share, why)?;
    }
    Ok(())
}

/// The same as [`let_go`] for one of several whose time is seen to already.
pub(super) fn end_one(
    cx: &Cx,
    tx: &mut Tx,
    gone: &Booking,
    by: By,
    returned: Returned,
    why: &str,
) -> Result<()> {
    drop_lines(cx, tx, gone, by, returned, why)?;
    end_with_the_last(cx, tx, gone.order)
}

/// Whether others were booked with a booking, by one order.
pub fn is_one_of_several(tx: &mut Tx, booking: &Booking) -> Result<bool> {
    Ok(store::of_order(tx, booking.order)?.len() > 1)
}

/// What a booking is of its order: its line, that of the way to it, and one for each time that it was lengthened.
pub(super) fn lines_of(tx: &mut Tx, booking: &Booking) -> Result<Vec<order::Line>> {
    let added = store::extensions(tx, booking.id)?;
    let mut lines = order::lines(tx, booking.order)?;
    lines.retain(|line| match line.module.as_str() {
        EXTENSION => added.iter().any(|one| one.id.raw() == line.thing),
        _ => is_of_bookings(line) && line.thing == booking.id.raw(),
    });
    Ok(lines)
}

/// Whether the thing of a line is a booking: the service itself, or the way to it.
fn is_of_bookings(line: &order::Line) -> bool {
    line.module == crate::MODULE || line.module == FARE
}

fn share_of(line: &order::Line, returned: Returned) -> i64 {
    match line.module == FARE {
        true => returned.fare,
        false => returned.service,
    }
}

/// The order is fulfilled when nobody is expected any more and somebody was served, or broke off what is owed all the same.
pub(super) fn end_with_the_last(cx: &Cx, tx: &mut Tx, order: Id<order::Order>) -> Result<()> {
    let bookings = store::of_order(tx, order)?;
    if bookings.iter().any(|booking| booking.state.is_live()) {
        return Ok(());
    }
    let lines = order::lines(tx, order)?;
    let stands = |booking: &Booking| {
        let own = |line: &order::Line| line.module == crate::MODULE && line.thing == booking.id.raw();
        lines.iter().any(|line| own(line) && line.dropped_at.is_none())
    };
    let served = bookings.iter().any(|booking| match booking.state {
        State::Completed => true,
        State::Aborted => stands(booking),
        _ => false,
    });
    if served {
        order::fulfil(cx, tx, order)?;
    }
    Ok(())
}

/// What is paid for a booking now: its own rows of the order.
pub fn paid_for(tx: &mut Tx, booking: &Booking) -> Result<Money> {
    let mut paid = Money::ZERO;
    for line in lines_of(tx, booking)? {
        paid += order::line_left(tx, booking.order, line.id)?;
    }
    Ok(paid)
}
