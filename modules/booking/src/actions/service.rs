//! While the customer is served: minutes more (加钟), another therapist, the clock that ends what nobody ends, and opening
//! again what was called completed by mistake.

use catalog::{Kind, Service};
use db::Tx;
use kernel::{Cx, Error, Id, Instant, Minutes, Money, Result};
use order::NewLine;
use scheduling::{Length, TakenOver};
use text::show;
use therapist::Therapist;

use super::{at_desk, candidates, check_seen, keep};
use crate::{
    events,
    model::{
        Booking, EXTRA_MINUTES, Extension, OVERRUN_MINUTES, REOPEN_MINUTES, Refusal, State, Step,
        WORDS_LENGTH, price_of, served, shares,
    },
    store,
};

/// The module that the things of lines for extensions belong to: they are no bookings of their own.
pub const EXTENSION: &str = "booking.extension";

/// What the desk adds to a visit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extra {
    /// So many minutes more of the same service, at its price of a minute.
    Minutes(Minutes),
    /// A service of the shop that is only done together with another.
    AddOn(Id<Service>),
}

/// Something that could be added, with what it takes and costs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Extras {
    /// What.
    pub extra: Extra,
    /// The name of the service that is added; `None` for minutes of the same.
    pub name: Option<String>,
    /// How long.
    pub minutes: Minutes,
    /// What it costs.
    pub amount: Money,
}

/// What follows a visit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Room {
    /// So many minutes could be added, at most as many as the longest offer takes.
    pub minutes: Minutes,
    /// What comes then, where something does.
    pub next: Option<Next>,
}

/// What comes after the time that could be added.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Next {
    /// A booking.
    Booking(Box<Booking>),
    /// The therapist's leave, from this moment.
    Leave(Instant),
    /// The shop closes against its hours, at this moment.
    Closing(Instant),
    /// Time that is kept for something else, such as an offer to the waitlist.
    Other,
}

/// What could be added to a booking, whether there is time for it or not: minutes at the price of its own, as it was when it
/// was booked, then the shop's listed add-ons.
pub fn offers(tx: &mut Tx, booking: &Booking) -> Result<Vec<Extras>> {
    let added = store::extensions(tx, booking.id)?;
    let minutes = booking.length.minutes - added.iter().map(|one| one.minutes).sum::<Minutes>();
    let price = booking.price - added.iter().map(|one| one.amount).sum::<Money>();
    let mut offers: Vec<Extras> = EXTRA_MINUTES
        .iter()
        .map(|more| Extras {
            extra: Extra::Minutes(*more),
            name: None,
            minutes: *more,
            amount: price_of(*more, price, minutes),
        })
        .collect();
    let services = catalog::all_of(tx, booking.shop)?;
    let add_ons = services
        .into_iter()
        .filter(|service| service.listed && service.kind == Kind::AddOn);
    offers.extend(add_ons.map(|service| Extras {
        extra: Extra::AddOn(service.id),
        name: Some(service.name),
        minutes: service.minutes,
        amount: service.price,
    }));
    Ok(offers)
}

/// How much could be added to a booking, and what comes after that.
pub fn room_after(tx: &mut Tx, booking: &Booking, most: Minutes) -> Result<Room> {
    // The way back from a customer's home is work; only what is kept free in the shop may be cut short.
    let kept = match booking.is_at_home() {
        true => 0,
        false => booking.length.after,
    };
    let after = scheduling::room_after(tx, booking.id.of(), most, kept)?;
    let next = match after.next {
        None => None,
        Some(scheduling::Next::Leave(from)) => Some(Next::Leave(from)),
        Some(scheduling::Next::Closing(from)) => Some(Next::Closing(from)),
        Some(scheduling::Next::Taken(taken)) => {
            let booking = store::known(tx, taken.holder.of())?;
            Some(booking.map_or(Next::Other, |booking| Next::Booking(Box::new(booking))))
        }
    };
    Ok(Room {
        minutes: after.minutes,
        next,
    })
}

/// The customer stays longer: therapist and bed are claimed for it, and the order has a line more, to be paid later. `title`
/// is what the line is called.
///
/// # Errors
/// `booking.next_comes` when the next booking is in the way, with whose it is and how many minutes are possible;
/// `booking.leave_comes`, `booking.closing_comes` and `booking.no_room_after` when something else is; `booking.no_extra` for
/// what is not offered; `booking.changed`, `booking.not_now`.
pub fn lengthen(
    cx: &Cx,
    tx: &mut Tx,
    id: Id<Booking>,
    seen: i64,
    extra: Extra,
    title: &str,
) -> Result<Booking> {
    let booking = at_desk(cx, tx, id)?;
    check_seen(&booking, seen)?;
    let Some(mut longer) = booking.after(Step::Lengthen, cx.now())? else {
        return Ok(booking);
    };
    let offers = offers(tx, &booking)?;
    let offer = offers.into_iter().find(|offer| offer.extra == extra);
    let offer = offer.ok_or(Refusal::NoExtra)?;
    let room = room_after(tx, &booking, offer.minutes)?;
    if room.minutes < offer.minutes {
        return Err(in_the_way(cx, &booking, &room).into());
    }
    scheduling::lengthen(cx, tx, id.of(), offer.minutes)?;
    let new = Extension {
        id: cx.id(),
        title: title.to_owned(),
        minutes: offer.minutes,
        amount: offer.amount,
    };
    let line = NewLine {
        module: EXTENSION,
        thing: new.id.raw(),
        title: new.title.clone(),
        starts_at: None,
        minutes: new.minutes,
        amount: new.amount,
    };
    order::add_line(cx, tx, booking.order, &line)?;
    longer.length.minutes += offer.minutes;
    longer.price += offer.amount;
    keep(cx, tx, &longer, Step::Lengthen, None)?;
    store::add_extension(cx, tx, &longer, &new)?;
    store::add_words(tx, &longer, title)?;
    watch(cx, tx, &longer)?;
    Ok(longer)
}

fn in_the_way(cx: &Cx, booking: &Booking, room: &Room) -> Refusal {
    let minutes = room.minutes;
    let clock = |moment: Instant| show::time(cx.lang(), moment.minutes_since(booking.day.at(0)));
    match &room.next {
        Some(Next::Booking(next)) => Refusal::NextComes {
            name: next.contact.name.clone(),
            time: show::time(cx.lang(), next.minute()),
            minutes,
        },
        Some(Next::Leave(from)) => Refusal::LeaveComes {
            time: clock(*from),
            minutes,
        },
        Some(Next::Closing(from)) => Refusal::ClosingComes {
            time: clock(*from),
            minutes,
        },
        Some(Next::Other) | None => Refusal::NoRoomAfter { minutes },
    }
}

/// Another therapist takes over during the service, with the customer's word: the minutes are split between both.
///
/// # Errors
/// `booking.not_offered` when the other does not do it, `booking.no_words`, `booking.long_words`, `booking.changed`,
/// `booking.not_now`; those of [`scheduling::take_over`].
pub fn hand_over(
    cx: &Cx,
    tx: &mut Tx,
    id: Id<Booking>,
    seen: i64,
    to: Id<Therapist>,
    words: &str,
) -> Result<Booking> {
    let booking = at_desk(cx, tx, id)?;
    if booking.therapist == to {
        return Ok(booking);
    }
    check_seen(&booking, seen)?;
    let words = said(words)?;
    let service = catalog::service(tx, booking.service)?;
    candidates(tx, &service, Some(to))?;
    let Some(mut given) = booking.after(Step::HandOver, cx.now())? else {
        return Ok(booking);
    };
    let new = TakenOver {
        holder: id.of(),
        to,
        ends_at: planned_end(tx, &booking)?,
        note: words.chars().take(60).collect(),
    };
    let assignment = scheduling::take_over(cx, tx, &new)?;
    let so_far = served(started(tx, &booking)?, cx.now(), booking.length.minutes);
    let before: Minutes = store::reliefs(tx, id)?.iter().map(|one| one.1).sum();
    store::add_relief(cx, tx, id, (booking.therapist, (so_far - before).max(0)))?;
    given.therapist = assignment.therapist;
    given.reason = assignment.reason;
    keep(cx, tx, &given, Step::HandOver, None)?;
    store::add_words(tx, &given, words)?;
    watch(cx, tx, &given)?;
    Ok(given)
}

/// Who could take over a service that is under way, by work number.
pub fn could_take_over(cx: &Cx, tx: &mut Tx, booking: &Booking) -> Result<Vec<Id<Therapist>>> {
    if booking.after(Step::HandOver, cx.now()).is_err() {
        return Ok(Vec::new());
    }
    let mut others = therapist::who_offers(tx, booking.service)?;
    others.retain(|other| *other != booking.therapist);
    let from = scheduling::moment_of(scheduling::slot_of(cx.now()) + 1);
    let left = booking
        .ends_at()
        .plus_minutes(booking.length.after)
        .minutes_since(from);
    let length = Length {
        minutes: left.max(scheduling::SLOT_MINUTES),
        before: 0,
        after: 0,
    };
    scheduling::free_therapists(tx, booking.shop, &others, from, length)
}

/// Who served how many minutes of a booking: more than one where somebody was relieved. It is what commission follows.
pub fn shares_of(tx: &mut Tx, booking: &Booking) -> Result<Vec<(Id<Therapist>, Minutes)>> {
    let relieved = store::reliefs(tx, booking.id)?;
    Ok(shares(booking.length.minutes, &relieved, booking.therapist))
}

/// A part of a booking that one therapist serves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stretch {
    /// Who.
    pub therapist: Id<Therapist>,
    /// From when.
    pub from: Instant,
    /// Until when.
    pub to: Instant,
}

/// Who serves a booking when: one stretch, or one for each who served where somebody was relieved. What was added is in it;
/// what was broken off ends there, and has no stretch where it had not begun.
pub fn stretches(tx: &mut Tx, booking: &Booking) -> Result<Vec<Stretch>> {
    let ends_at = planned_end(tx, booking)?;
    let mut from = started(tx, booking)?.max(booking.starts_at);
    let mut stretches: Vec<Stretch> = Vec::new();
    for (therapist, minutes) in store::reliefs(tx, booking.id)? {
        let to = from.plus_minutes(minutes).min(ends_at);
        stretches.push(Stretch { therapist, from, to });
        from = to;
    }
    stretches.push(Stretch {
        therapist: booking.therapist,
        from,
        to: ends_at,
    });
    if booking.state == State::Aborted {
        let broken_off = store::last_step(tx, booking.id, Step::Abort)?.unwrap_or(booking.starts_at);
        let begun = store::last_step(tx, booking.id, Step::Start)?.is_some();
        stretches.retain(|stretch| begun && stretch.from < broken_off);
        stretches
            .iter_mut()
            .for_each(|stretch| stretch.to = stretch.to.min(broken_off));
    }
    Ok(stretches)
}

/// A booking was called completed by mistake: the service goes on, the order is placed again, and the invitation to review
/// it has passed. What the customer has reviewed is over.
///
/// # Errors
/// `booking.long_over` after two hours, `booking.reviewed`, `booking.no_words`, `booking.long_words`, `booking.changed`,
/// `booking.not_now`.
pub fn reopen(cx: &Cx, tx: &mut Tx, id: Id<Booking>, seen: i64, words: &str) -> Result<Booking> {
    let booking = at_desk(cx, tx, id)?;
    check_seen(&booking, seen)?;
    let Some(again) = booking.after(Step::Reopen, cx.now())? else {
        return Ok(booking);
    };
    let words = said(words)?;
    let completed = store::last_step(tx, id, Step::Complete)?.unwrap_or(booking.starts_at);
    if cx.now() >= completed.plus_minutes(REOPEN_MINUTES) {
        return Err(Refusal::LongOver {
            minutes: REOPEN_MINUTES,
        }
        .into());
    }
    if store::is_sealed(tx, id)? {
        return Err(Refusal::Reviewed.into());
    }
    let order = order::order(tx, booking.order)?;
    if order.state == order::State::Fulfilled {
        order::reopen(cx, tx, booking.order, words)?;
    }
    keep(cx, tx, &again, Step::Reopen, None)?;
    store::add_words(tx, &again, words)?;
    watch(cx, tx, &again)?;
    Ok(again)
}

/// The customer has reviewed a booking: it cannot be opened again.
pub fn seal(cx: &Cx, tx: &mut Tx, id: Id<Booking>) -> Result<()> {
    store::seal(cx, tx, id)
}

/// Sets the clock that ends a service that nobody ends: two hours after its time. Each change sets its own; the clocks of
/// earlier versions do nothing.
pub(super) fn watch(cx: &Cx, tx: &mut Tx, booking: &Booking) -> Result<()> {
    if booking.state != State::InService {
        return Ok(());
    }
    let overrun = events::Overrun {
        booking: booking.id,
        version: booking.version,
    };
    let due = planned_end(tx, booking)?
        .max(cx.now())
        .plus_minutes(OVERRUN_MINUTES);
    let key = format!("{}:{}", booking.id, booking.version);
    tx.schedule(cx, "booking.overrun", &overrun, due, Some(&key))
}

/// When a service that has begun should end: its length after the real start, and never before its own time.
pub fn planned_end(tx: &mut Tx, booking: &Booking) -> Result<Instant> {
    let started = started(tx, booking)?.max(booking.starts_at);
    Ok(started.plus_minutes(booking.length.minutes))
}

/// When it really began; its time when it has not.
pub(super) fn started(tx: &mut Tx, booking: &Booking) -> Result<Instant> {
    Ok(store::last_step(tx, booking.id, Step::Start)?.unwrap_or(booking.starts_at))
}

/// What somebody said about a step that needs words.
///
/// # Errors
/// `booking.no_words`, `booking.long_words`.
pub(super) fn said(words: &str) -> Result<&str> {
    let words = words.trim();
    if words.is_empty() {
        return Err(Refusal::NoWords.into());
    }
    if words.chars().count() > WORDS_LENGTH {
        return Err(Error::from(Refusal::LongWords { most: WORDS_LENGTH }));
    }
    Ok(words)
}
