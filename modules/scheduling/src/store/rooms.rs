use db::{Tx, params};
use kernel::{Cx, Id, Instant, Result, Shop};

use crate::{Bed, NewPause, Pause, Room};

pub(crate) fn rooms(tx: &mut Tx, shop: Id<Shop>) -> Result<Vec<Room>> {
    tx.all(
        "SELECT id, name FROM scheduling_room WHERE shop_id = $1 ORDER BY id",
        params![shop],
        |row| {
            Ok(Room {
                id: row.get(0)?,
                name: row.get(1)?,
            })
        },
    )
}

pub(crate) fn add_room(tx: &mut Tx, shop: Id<Shop>, id: Id<Room>, name: &str) -> Result<()> {
    tx.run(
        "INSERT INTO scheduling_room (id, shop_id, name) VALUES ($1, $2, $3)",
        params![id, shop, name],
    )?;
    Ok(())
}

pub(crate) fn put_bed_in_room(
    tx: &mut Tx,
    shop: Id<Shop>,
    bed: Id<Bed>,
    room: Option<Id<Room>>,
) -> Result<u64> {
    tx.run(
        "UPDATE bed SET room_id = $3 WHERE id = $1 AND shop_id = $2",
        params![bed, shop, room],
    )
}

/// The beds in use that stand in a room, in the order they are filled.
pub(crate) fn beds_of_room(tx: &mut Tx, room: Id<Room>) -> Result<Vec<Id<Bed>>> {
    tx.all(
        "SELECT id FROM bed WHERE room_id = $1 AND active = 1 ORDER BY position, id",
        params![room],
        |row| row.get(0),
    )
}

pub(crate) fn add_pause(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, new: &NewPause, reason: &str) -> Result<()> {
    tx.run(
        "INSERT INTO scheduling_bed_pause (id, shop_id, bed_id, from_at, to_at, reason, actor)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            cx.id::<Pause>(),
            shop,
            new.bed,
            new.from,
            new.to,
            reason,
            cx.actor().to_string()
        ],
    )?;
    Ok(())
}

/// When beds of the shop are out of use and not yet back at `after`, the next first.
pub(crate) fn pauses(tx: &mut Tx, shop: Id<Shop>, after: Instant) -> Result<Vec<Pause>> {
    tx.all(
        "SELECT id, bed_id, from_at, to_at, reason FROM scheduling_bed_pause
         WHERE shop_id = $1 AND to_at > $2 ORDER BY from_at, id",
        params![shop, after],
        |row| {
            Ok(Pause {
                id: row.get(0)?,
                bed: row.get(1)?,
                from: row.get(2)?,
                to: row.get(3)?,
                reason: row.get(4)?,
            })
        },
    )
}

pub(crate) fn lift_pause(tx: &mut Tx, shop: Id<Shop>, id: Id<Pause>) -> Result<u64> {
    tx.run(
        "DELETE FROM scheduling_bed_pause WHERE id = $1 AND shop_id = $2",
        params![id, shop],
    )
}
