//! The secret addresses at which therapists' calendars are read.

use booking::{Booking, State};
use db::Tx;
use kernel::{Cx, Error, Id, Result, Secret, Shop};
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

/// The calendar behind a secret address, as the program itself reads it, and whether the reading is worth writing down.
///
/// # Errors
/// `NotFound` for an address that opens nothing.
pub fn read_feed(cx: &Cx, tx: &mut Tx, token: &str) -> Result<(String, Option<Id<Therapist>>)> {
    let feed = store::feed_by_hash(tx, &hash(token))?;
    let whose = therapist::therapist(tx, feed.therapist)?;
    if !whose.active || whose.shop != feed.shop {
        return Err(Error::NotFound);
    }
    let shop = shop::shop(tx, feed.shop)?;
    let today = cx.now().day();
    let (from, to) = (today.plus(-DAYS.0), today.plus(DAYS.1));
    let scope = cx.shop_named(feed.shop)?;
    let entries: Vec<Entry> = booking::of_therapist(tx, scope, whose.id, from, to)?
        .iter()
        .map(|booking| entry(cx, booking, &shop.name))
        .collect();
    let stale = feed.seen_at.is_none_or(|seen| cx.now() - seen >= SEEN_MS);
    Ok((
        calendar(&whose.name, cx.now(), &entries),
        stale.then_some(whose.id),
    ))
}

/// Of a home visit a calendar says that it is one, and never where.
fn entry(cx: &Cx, booking: &Booking, shop: &str) -> Entry {
    Entry {
        uid: format!("{}@tuina", booking.id),
        sequence: booking.version,
        starts_at: booking.starts_at,
        ends_at: booking.ends_at(),
        summary: format!("{} {}", title_of(&booking.contact.name), booking.service_name),
        location: match booking.is_at_home() {
            true => booking::at_home(cx.lang()),
            false => shop.to_owned(),
        },
        status: match booking.state {
            State::Requested => Status::Tentative,
            state if state.is_live() || state == State::Completed => Status::Confirmed,
            _ => Status::Cancelled,
        },
    }
}

fn hash(token: &str) -> String {
    let digest = Sha256::digest(token.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
