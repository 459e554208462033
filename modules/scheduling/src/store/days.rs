use std::collections::HashMap;

use db::{Tx, params};
use kernel::{Cx, Day, Id, Minutes, Result, Shop};
use therapist::Therapist;

use crate::model::{Bounds, OwnDay, Window};

/// The dates from `from` until `to` (exclusive) on which people of the shop have their own times.
pub(crate) fn own_days(
    tx: &mut Tx,
    shop: Id<Shop>,
    from: Day,
    to: Day,
) -> Result<HashMap<Id<Therapist>, Vec<OwnDay>>> {
    let rows = tx.all(
        "SELECT therapist_id, day, starts, ends FROM scheduling_day
         WHERE shop_id = $1 AND day >= $2 AND day < $3 ORDER BY therapist_id, day, starts",
        params![shop, from, to],
        |row| Ok((row.get(0)?, row.get(1)?, (row.get(2)?, row.get(3)?))),
    )?;
    let mut days: HashMap<Id<Therapist>, Vec<OwnDay>> = HashMap::new();
    for (therapist, day, (starts, ends)) in rows {
        let (day, of_therapist): (Day, _) = (day, days.entry(therapist).or_default());
        if of_therapist.last().is_none_or(|own| own.day != day) {
            of_therapist.push(OwnDay {
                day,
                times: Vec::new(),
            });
        }
        // A day off is a row of no length.
        if let Some(own) = of_therapist.last_mut()
            && starts < ends
        {
            own.times.push((starts, ends));
        }
    }
    Ok(days)
}

pub(crate) fn clear_day(tx: &mut Tx, shop: Id<Shop>, therapist: Id<Therapist>, day: Day) -> Result<()> {
    tx.run(
        "DELETE FROM scheduling_day WHERE shop_id = $1 AND therapist_id = $2 AND day = $3",
        params![shop, therapist, day],
    )?;
    Ok(())
}

pub(crate) fn add_day(
    tx: &mut Tx,
    shop: Id<Shop>,
    therapist: Id<Therapist>,
    day: Day,
    (starts, ends): (Minutes, Minutes),
) -> Result<()> {
    tx.run(
        "INSERT INTO scheduling_day (therapist_id, shop_id, day, starts, ends) VALUES ($1, $2, $3, $4, $5)",
        params![therapist, shop, day, starts, ends],
    )?;
    Ok(())
}

/// What a shop has said of how it can be booked.
pub(crate) fn window(tx: &mut Tx, shop: Id<Shop>) -> Result<Option<Window>> {
    tx.maybe(
        "SELECT lead, days FROM scheduling_window WHERE shop_id = $1",
        params![shop],
        |row| {
            Ok(Window {
                lead: row.get(0)?,
                days: row.get(1)?,
            })
        },
    )
}

pub(crate) fn put_window(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, window: Window) -> Result<()> {
    tx.run(
        "INSERT INTO scheduling_window (shop_id, lead, days, actor, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (shop_id)
         DO UPDATE SET lead = excluded.lead, days = excluded.days, actor = excluded.actor, at = excluded.at",
        params![shop, window.lead, window.days, cx.actor().to_string(), cx.now()],
    )?;
    Ok(())
}

pub(crate) fn bounds(tx: &mut Tx) -> Result<Option<Bounds>> {
    tx.maybe(
        "SELECT lead, days, most_lead, most_days FROM scheduling_bounds WHERE id = 1",
        &[],
        |row| {
            Ok(Bounds {
                usual: Window {
                    lead: row.get(0)?,
                    days: row.get(1)?,
                },
                most_lead: row.get(2)?,
                most_days: row.get(3)?,
            })
        },
    )
}

pub(crate) fn put_bounds(cx: &Cx, tx: &mut Tx, bounds: Bounds) -> Result<()> {
    tx.run(
        "INSERT INTO scheduling_bounds (id, lead, days, most_lead, most_days, actor, at)
         VALUES (1, $1, $2, $3, $4, $5, $6)
         ON CONFLICT (id)
         DO UPDATE SET lead = excluded.lead, days = excluded.days, most_lead = excluded.most_lead,
                       most_days = excluded.most_days, actor = excluded.actor, at = excluded.at",
        params![
            bounds.usual.lead,
            bounds.usual.days,
            bounds.most_lead,
            bounds.most_days,
            cx.actor().to_string(),
            cx.now()
        ],
    )?;
    Ok(())
}
