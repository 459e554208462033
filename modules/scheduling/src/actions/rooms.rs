//! Beds and the rooms that they stand in.

use db::Tx;
use kernel::{Cx, Error, Id, Instant, Result, Shop};

use super::slots_of;
use crate::{Bed, Freed, Pause, Room, Taken, model::Refusal, store};

/// Characters of a name.
const NAME: usize = 20;
/// Characters of a reason.
const REASON: usize = 60;

/// Adds a bed at the end of the line.
///
/// # Errors
/// `scheduling.bed_name`, `scheduling.bed_name_used`.
pub fn add_bed(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, name: &str) -> Result<Id<Bed>> {
    let shop = cx.shop_named(shop)?.id();
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME {
        return Err(Refusal::BedName.into());
    }
    if store::beds(tx, shop)?.iter().any(|bed| bed.name == name) {
        return Err(Refusal::BedNameUsed.into());
    }
    let id = cx.id();
    store::add_bed(tx, shop, id, name)?;
    tx.emit(cx, &Freed { shop })?;
    Ok(id)
}

/// Takes a bed out of use. What is booked on it stays.
pub fn retire_bed(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, bed: Id<Bed>) -> Result<()> {
    let shop = cx.shop_named(shop)?.id();
    if store::retire_bed(tx, shop, bed)? == 0 {
        Err(Error::NotFound)
    } else {
        Ok(())
    }
}

/// Adds a room: 双人间.
///
/// # Errors
/// `scheduling.room_name` for a name that cannot be said, or that another room has.
pub fn add_room(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, name: &str) -> Result<Id<Room>> {
    let shop = cx.shop_named(shop)?.id();
    let name = name.trim();
    let used = store::rooms(tx, shop)?.iter().any(|room| room.name == name);
    if used || name.is_empty() || name.chars().count() > NAME {
        return Err(Refusal::RoomName.into());
    }
    let id = cx.id();
    store::add_room(tx, shop, id, name)?;
    Ok(id)
}

/// Says in which room a bed stands; `None`: in none.
pub fn put_bed_in_room(
    cx: &Cx,
    tx: &mut Tx,
    shop: Id<Shop>,
    bed: Id<Bed>,
    room: Option<Id<Room>>,
) -> Result<()> {
    let shop = cx.shop_named(shop)?.id();
    let known = |room| store::rooms(tx, shop).map(|rooms| rooms.iter().any(|known| known.id == room));
    if !room.map_or(Ok(true), known)? || store::put_bed_in_room(tx, shop, bed, room)? == 0 {
        return Err(Error::NotFound);
    }
    Ok(())
}

/// A bed that is going to be out of use for a while.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewPause {
    /// Which.
    pub bed: Id<Bed>,
    /// From when.
    pub from: Instant,
    /// Until when.
    pub to: Instant,
    /// Why, in a few words: 换床单. May be empty.
    pub reason: String,
}

/// Takes a bed out of use for a while: nothing new is booked on it then. Answers what is booked on it already, which
/// stays.
///
/// # Errors
/// `scheduling.backwards`, `scheduling.past` when it is over already, `scheduling.long_reason`.
pub fn pause_bed(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, new: &NewPause) -> Result<Vec<Taken>> {
    let shop = cx.shop_named(shop)?.id();
    if !store::beds(tx, shop)?.iter().any(|bed| bed.id == new.bed) {
        return Err(Error::NotFound);
    }
    if new.from >= new.to {
        return Err(Refusal::Backwards.into());
    }
    if new.to <= cx.now() {
        return Err(Refusal::Past.into());
    }
    let reason = new.reason.trim();
    if reason.chars().count() > REASON {
        return Err(Refusal::LongReason { most: REASON }.into());
    }
    store::add_pause(cx, tx, shop, new, reason)?;
    tx.announce("shops")?;
    let (from, to) = slots_of(new.from.max(cx.now()), new.to);
    store::taken(tx, shop, new.bed.raw(), from, to)
}

/// The bed can be used again at once.
pub fn lift_pause(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, pause: Id<Pause>) -> Result<()> {
    let shop = cx.shop_named(shop)?.id();
    if store::lift_pause(tx, shop, pause)? == 0 {
        return Err(Error::NotFound);
    }
    tx.emit(cx, &Freed { shop })?;
    tx.announce("shops")
}
