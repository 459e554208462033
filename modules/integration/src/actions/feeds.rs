//! The secret addresses at which therapists' calendars are read.

use booking::{Booking, State, Stretch};
use db::Tx;
use kernel::{Cx, Error, Id, Instant, Result, Secret, Shop};
use sha2::{Digest, Sha256};
use therapist::Therapist;

use crate::{
    model::{Entry, HookStep, Status, calendar, title_of},
    store::{self, Feed},
};

/// Days of the past and of the future that a calendar holds.
const DAYS: (i64, i64) = (30, 90);
/// How often a reading is written down.
const SEEN_MS: i64 = kernel::HOUR_MS;

/// Gives a therapist's calendar a new secret address; the one before is dead at once.
///
/// # Errors
/// `NotFound` for a therapist of another shop.
pub fn give_feed(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, id: Id<Therapist>) -> Result<Secret<String>> {
    own(cx, tx, shop, id)?;
    let token = cx.token();
    let feed = Feed {
        therapist: id,
        shop,
        made_at: cx.now(),
        seen_at: None,
    };
    store::put_feed(tx, &feed, &hash(&token))?;
    store::add_step(cx, tx, id.raw(), HookStep::Register)?;
    Ok(Secret::new(token))
}

/// Takes the secret address away. A second time is success without effect.
///
/// # Errors
/// `NotFound` for a therapist of another shop.
pub fn take_feed(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, id: Id<Therapist>) -> Result<()> {
    own(cx, tx, shop, id)?;
    if store::remove_feed(tx, id)? > 0 {
        store::add_step(cx, tx, id.raw(), HookStep::Remove)?;
    }
    Ok(())
}

fn own(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, id: Id<Therapist>) -> Result<Therapist> {
    let scope = cx.shop_named(shop)?;
    let found = therapist::therapist(tx, id)?;
    if found.shop == scope.id() {
        Ok(found)
    } else {
        Err(Error::NotFound)
    }
}

/// What a calendar calls the way of a home visit.
#[derive(Clone, Debug)]
pub struct WayWords {
    /// There.
    pub there: String,
    /// And back.
    pub back: String,
}

/// The calendar behind a secret address, as the program itself reads it, and whether the reading is worth writing down.
///
/// # Errors
/// `NotFound` for an address that opens nothing.
pub fn read_feed(
    cx: &Cx,
    tx: &mut Tx,
    token: &str,
    way: &WayWords,
) -> Result<(String, Option<Id<Therapist>>)> {
    let feed = store::feed_by_hash(tx, &hash(token))?;
    let whose = therapist::therapist(tx, feed.therapist)?;
    if !whose.active || whose.shop != feed.shop {
        return Err(Error::NotFound);
    }
    let shop = shop::shop(tx, feed.shop)?;
    let today = cx.now().day();
    let (from, to) = (today.plus(-DAYS.0), today.plus(DAYS.1));
    let scope = cx.shop_named(feed.shop)?;
    let mut bookings = booking::of_therapist(tx, scope, whose.id, from, to)?;
    // Whoever was relieved has served until then.
    for other in booking::relieved_in(tx, scope, whose.id, from, to)? {
        if bookings.iter().all(|known| known.id != other.id) {
            bookings.push(other);
        }
    }
    let mut entries: Vec<Entry> = Vec::new();
    for booking in &bookings {
        let own = entries_of(cx, tx, booking, (whose.id, &shop.name))?;
        entries.extend(with_ways(tx, booking, own, way)?);
    }
    entries.sort_by(|one, other| (one.starts_at, &one.uid).cmp(&(other.starts_at, &other.uid)));
    let stale = feed.seen_at.is_none_or(|seen| cx.now() - seen >= SEEN_MS);
    Ok((
        calendar(&whose.name, cx.now(), &entries),
        stale.then_some(whose.id),
    ))
}

/// What a booking is in the calendar of one who serves it, or did: one entry, or one for each time that they served.
fn entries_of(
    cx: &Cx,
    tx: &mut Tx,
    booking: &Booking,
    (whose, shop): (Id<Therapist>, &str),
) -> Result<Vec<Entry>> {
    let mut own: Vec<(usize, Stretch)> = Vec::new();
    if takes_place(booking) {
        let all = booking::stretches(tx, booking)?.into_iter().enumerate();
        own.extend(all.filter(|(_, stretch)| stretch.therapist == whose && stretch.from < stretch.to));
    }
    let status = match booking.state {
        State::Requested => Status::Tentative,
        _ if own.is_empty() => Status::Cancelled,
        _ => Status::Confirmed,
    };
    if own.is_empty() && booking.therapist == whose {
        let as_planned = Stretch {
            therapist: whose,
            from: booking.starts_at,
            to: booking.ends_at(),
        };
        own.push((0, as_planned));
    }
    let entry = |(place, stretch): (usize, Stretch)| Entry {
        uid: match place {
            0 => format!("{}@tuina", booking.id),
            place => format!("{}-{place}@tuina", booking.id),
        },
        sequence: booking.version,
        starts_at: stretch.from,
        ends_at: stretch.to,
        summary: format!("{} {}", title_of(&booking.contact.name), booking.service_name),
        // Of a home visit a calendar says that it is one, and never where.
        location: match booking.is_at_home() {
            true => booking::at_home(cx.lang()),
            false => shop.to_owned(),
        },
        status,
    };
    Ok(own.into_iter().map(entry).collect())
}

fn takes_place(booking: &Booking) -> bool {
    booking.state.is_live() || matches!(booking.state, State::Completed | State::Aborted)
}

/// The same with the way there and back, where the therapist goes to the customer: that time is not free either.
fn with_ways(tx: &mut Tx, booking: &Booking, own: Vec<Entry>, words: &WayWords) -> Result<Vec<Entry>> {
    let (Some(visit), Some(first), Some(last)) = (booking::home_visit(tx, booking)?, own.first(), own.last())
    else {
        return Ok(own);
    };
    let way = |name: &str, summary: &str, from: Instant, of: &Entry| Entry {
        uid: format!("{}-{name}@tuina", booking.id),
        starts_at: from,
        ends_at: from.plus_minutes(visit.trip.travel),
        summary: summary.to_owned(),
        ..of.clone()
    };
    let departs_at = first.starts_at.plus_minutes(-visit.trip.travel);
    let there = way("there", &words.there, departs_at, first);
    let back = way("back", &words.back, last.ends_at, last);
    Ok([vec![there], own, vec![back]].concat())
}

fn hash(token: &str) -> String {
    let digest = Sha256::digest(token.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
