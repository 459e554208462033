//! All the SQL of shops; of closings in their file.

mod closing;

use std::{collections::HashMap, sync::Arc};

use db::{Row, Tx, params};
use geo::Wgs84;
use kernel::{Cx, Day, Id, Result};

pub use closing::{closing, closings};
pub(crate) use closing::{insert_closing, lift as lift_closing, live_closings};

use crate::{
    Calendar, DayKind, Exception, Holiday, HolidayRule, Hours, NewShop, OnHolidays, Opening, Photo, Picture,
    Shop, Span, Standing, Step, model::Recorded,
};

/// The shop, whatever its standing, or `NotFound`.
pub fn shop(tx: &mut Tx, id: Id<kernel::Shop>) -> Result<Shop> {
    tx.one(
        "SELECT id, name, district, address, walking, phone, lat, lng, introduction, kind, standing, verified_on,
                sub_mchid, accepts, photo, photo_words, version
         FROM shop WHERE id = $1",
        params![id],
        read_shop,
    )
}

/// The shops that customers see.
pub fn all_active(tx: &mut Tx) -> Result<Vec<Shop>> {
    tx.all(
        "SELECT id, name, district, address, walking, phone, lat, lng, introduction, kind, standing, verified_on,
                sub_mchid, accepts, photo, photo_words, version
         FROM shop WHERE standing = 'active' ORDER BY id",
        &[],
        read_shop,
    )
}

/// Every shop: those that wait for the centre first, then by name.
pub fn all(tx: &mut Tx) -> Result<Vec<Shop>> {
    tx.all(
        "SELECT id, name, district, address, walking, phone, lat, lng, introduction, kind, standing, verified_on,
                sub_mchid, accepts, photo, photo_words, version
         FROM shop ORDER BY CASE standing WHEN 'applied' THEN 0 ELSE 1 END, name, id",
        &[],
        read_shop,
    )
}

/// The names of all shops.
pub fn names_of(tx: &mut Tx) -> Result<HashMap<Id<kernel::Shop>, String>> {
    let rows = tx.all("SELECT id, name FROM shop", &[], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    Ok(rows.into_iter().collect())
}

fn read_shop(row: &Row) -> Result<Shop> {
    Ok(Shop {
        id: row.get(0)?,
        name: row.get(1)?,
        district: row.code(2)?,
        address: row.get(3)?,
        walking: row.get(4)?,
        phone: row.get(5)?,
        point: Wgs84 {
            lat: row.get(6)?,
            lng: row.get(7)?,
        },
        introduction: row.get(8)?,
        kind: row.code(9)?,
        standing: row.code(10)?,
        verified_on: row.get(11)?,
        sub_mchid: row.get(12)?,
        accepts: row.code(13)?,
        photo: row.get(14)?,
        photo_words: row.get(15)?,
        version: row.get(16)?,
    })
}

pub(crate) fn insert(cx: &Cx, tx: &mut Tx, id: Id<kernel::Shop>, new: &NewShop) -> Result<()> {
    tx.run(
        "INSERT INTO shop (id, name, district, address, walking, phone, lat, lng, introduction, kind, standing, sub_mchid,
                           accepts, photo, photo_words, created_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'applied', $11, $12, $13, $14, $15, 1)",
        params![
            id,
            &new.name,
            new.district.code(),
            &new.address,
            &new.walking,
            &new.phone,
            new.point.lat,
            new.point.lng,
            &new.introduction,
            new.kind.code(),
            &new.sub_mchid,
            new.accepts.code(),
            &new.photo,
            &new.photo_words,
            cx.now()
        ],
    )?;
    Ok(())
}

/// Writes the facts if the version is still the one given; the number of rows says whether it was.
pub(crate) fn update(tx: &mut Tx, id: Id<kernel::Shop>, version: i64, new: &NewShop) -> Result<u64> {
    tx.run(
        "UPDATE shop SET name = $3, district = $4, address = $5, walking = $6, phone = $7, lat = $8, lng = $9,
                introduction = $10, kind = $11, sub_mchid = $12, accepts = $13, photo = $14, photo_words = $15,
                version = version + 1
         WHERE id = $1 AND version = $2",
        params![
            id,
            version,
            &new.name,
            new.district.code(),
            &new.address,
            &new.walking,
            &new.phone,
            new.point.lat,
            new.point.lng,
            &new.introduction,
            new.kind.code(),
            &new.sub_mchid,
            new.accepts.code(),
            &new.photo,
            &new.photo_words
        ],
    )
}

pub(crate) fn update_standing(
    tx: &mut Tx,
    shop: &Shop,
    standing: Standing,
    checked: Option<Day>,
) -> Result<u64> {
    tx.run(
        "UPDATE shop SET standing = $3, verified_on = $4, version = version + 1 WHERE id = $1 AND version = $2",
        params![shop.id, shop.version, standing.code(), checked],
    )
}

pub(crate) fn touch(tx: &mut Tx, id: Id<kernel::Shop>) -> Result<u64> {
    tx.run("UPDATE shop SET version = version + 1 WHERE id = $1", params![id])
}

pub(crate) fn record(cx: &Cx, tx: &mut Tx, id: Id<kernel::Shop>, step: Step, reason: &str) -> Result<()> {
    tx.run(
        "INSERT INTO shop_step (id, shop_id, step, actor, reason, at) VALUES ($1, $2, $3, $4, $5, $6)",
        params![
            cx.id::<Step>(),
            id,
            step.code(),
            cx.actor().to_string(),
            reason,
            cx.now()
        ],
    )?;
    Ok(())
}

/// What was done about a shop's standing, the latest first.
pub fn steps(tx: &mut Tx, id: Id<kernel::Shop>) -> Result<Vec<Recorded>> {
    tx.all(
        "SELECT step, actor, reason, at FROM shop_step WHERE shop_id = $1 ORDER BY at DESC, id DESC",
        params![id],
        |row| {
            Ok(Recorded {
                step: row.code(0)?,
                actor: row.get(1)?,
                reason: row.get(2)?,
                at: row.get(3)?,
            })
        },
    )
}

// ---- hours

/// The hours of one business day; `None`: closed.
pub fn hours_on(tx: &mut Tx, shop: Id<kernel::Shop>, day: Day) -> Result<Option<Span>> {
    Ok(hours_between(tx, shop, day, 1)?.into_iter().next().flatten())
}

/// The hours of `days` business days from `from` on; `None`: closed.
pub fn hours_between(tx: &mut Tx, shop: Id<kernel::Shop>, from: Day, days: i64) -> Result<Vec<Option<Span>>> {
    let hours = read_hours(tx, shop, from, from.plus(days))?;
    Ok((0..days).map(|ahead| hours.on(from.plus(ahead))).collect())
}

/// The whole hours of a shop; exceptions from `from` on.
pub fn hours(tx: &mut Tx, shop: Id<kernel::Shop>, from: Day) -> Result<Hours> {
    read_hours(tx, shop, from, Day(i64::from(i32::MAX)))
}

fn read_hours(tx: &mut Tx, shop: Id<kernel::Shop>, from: Day, to: Day) -> Result<Hours> {
    let mut hours = Hours::default();
    let week = tx.all(
        "SELECT weekday, opens, closes FROM shop_hours WHERE shop_id = $1",
        params![shop],
        |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))),
    )?;
    for (weekday, span) in week {
        hours.put_weekday(weekday, span);
    }
    let exceptions = tx.all(
        "SELECT day, opens, closes, reason FROM shop_exception WHERE shop_id = $1 AND day >= $2 AND day < $3",
        params![shop, from, to],
        exception,
    )?;
    for exception in exceptions {
        hours.put_exception(exception);
    }
    let rule = tx.maybe(
        "SELECT holidays, opens, closes, work_like FROM shop_calendar WHERE shop_id = $1",
        params![shop],
        |row| rule(row, 0),
    )?;
    if let Some(rule) = rule {
        hours.put_rule(rule, Arc::new(calendar(tx, from)?));
    }
    // A business day runs past midnight.
    for closing in closings(tx, shop, from.at(0), to.plus(1).at(0))? {
        hours.put_closing(closing);
    }
    Ok(hours)
}

/// The hours of all shops; exceptions from `from` on.
pub fn hours_of_all(tx: &mut Tx, from: Day) -> Result<HashMap<Id<kernel::Shop>, Hours>> {
    let mut all: HashMap<Id<kernel::Shop>, Hours> = HashMap::new();
    let week = tx.all(
        "SELECT shop_id, weekday, opens, closes FROM shop_hours",
        &[],
        |row| Ok((row.get(0)?, row.get(1)?, (row.get(2)?, row.get(3)?))),
    )?;
    for (shop, weekday, span) in week {
        all.entry(shop).or_default().put_weekday(weekday, span);
    }
    let exceptions = tx.all(
        "SELECT day, opens, closes, reason, shop_id FROM shop_exception WHERE day >= $1",
        params![from],
        |row| Ok((row.get(4)?, exception(row)?)),
    )?;
    for (shop, exception) in exceptions {
        all.entry(shop).or_default().put_exception(exception);
    }
    let rules = tx.all(
        "SELECT shop_id, holidays, opens, closes, work_like FROM shop_calendar",
        &[],
        |row| Ok((row.get(0)?, rule(row, 1)?)),
    )?;
    let calendar = Arc::new(calendar(tx, from)?);
    for (shop, rule) in rules {
        all.entry(shop).or_default().put_rule(rule, calendar.clone());
    }
    for closing in live_closings(tx, from.at(0))? {
        all.entry(closing.shop).or_default().put_closing(closing);
    }
    Ok(all)
}

fn exception(row: &Row) -> Result<Exception> {
    Ok(Exception {
        day: row.get(0)?,
        hours: span(row.get(1)?, row.get(2)?),
        reason: row.get(3)?,
    })
}

/// The rule whose columns begin at `first`.
fn rule(row: &Row, first: usize) -> Result<HolidayRule> {
    let hours = span(row.get(first + 1)?, row.get(first + 2)?);
    let holidays = match (row.get::<String>(first)?.as_str(), hours) {
        ("closed", _) => OnHolidays::Closed,
        ("other", Some(span)) => OnHolidays::Other(span),
        _ => OnHolidays::Usual,
    };
    let work_like: i64 = row.get(first + 3)?;
    Ok(HolidayRule {
        holidays,
        work_like: (work_like > 0).then_some(work_like),
    })
}

fn span(opens: Option<i64>, closes: Option<i64>) -> Option<Span> {
    Some((opens?, closes?))
}

pub(crate) fn replace_week(tx: &mut Tx, shop: Id<kernel::Shop>, week: &[Opening]) -> Result<()> {
    tx.run("DELETE FROM shop_hours WHERE shop_id = $1", params![shop])?;
    for opening in week {
        tx.run(
            "INSERT INTO shop_hours (shop_id, weekday, opens, closes) VALUES ($1, $2, $3, $4)",
            params![shop, opening.weekday, opening.opens, opening.closes],
        )?;
    }
    Ok(())
}

pub(crate) fn put_exception(
    tx: &mut Tx,
    shop: Id<kernel::Shop>,
    day: Day,
    hours: Option<Span>,
    reason: &str,
) -> Result<()> {
    tx.run(
        "INSERT INTO shop_exception (shop_id, day, opens, closes, reason) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (shop_id, day)
         DO UPDATE SET opens = excluded.opens, closes = excluded.closes, reason = excluded.reason",
        params![
            shop,
            day,
            hours.map(|hours| hours.0),
            hours.map(|hours| hours.1),
            reason
        ],
    )?;
    Ok(())
}

pub(crate) fn delete_exception(tx: &mut Tx, shop: Id<kernel::Shop>, day: Day) -> Result<u64> {
    tx.run(
        "DELETE FROM shop_exception WHERE shop_id = $1 AND day = $2",
        params![shop, day],
    )
}

// ---- holidays

/// The calendar of holidays, with the days entered by hand from `from` on.
pub fn calendar(tx: &mut Tx, from: Day) -> Result<Calendar> {
    let by_hand = tx.all(
        "SELECT day, kind, name FROM shop_holiday WHERE day >= $1",
        params![from],
        |row| {
            Ok(Holiday {
                day: row.get(0)?,
                kind: row.code(1)?,
                name: row.get(2)?,
                by_hand: true,
            })
        },
    )?;
    Ok(Calendar::with(by_hand))
}

pub(crate) fn put_holiday(cx: &Cx, tx: &mut Tx, day: Day, kind: DayKind, name: &str) -> Result<()> {
    tx.run(
        "INSERT INTO shop_holiday (day, kind, name, actor, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (day)
         DO UPDATE SET kind = excluded.kind, name = excluded.name, actor = excluded.actor, at = excluded.at",
        params![day, kind.code(), name, cx.actor().to_string(), cx.now()],
    )?;
    Ok(())
}

pub(crate) fn delete_holiday(tx: &mut Tx, day: Day) -> Result<u64> {
    tx.run("DELETE FROM shop_holiday WHERE day = $1", params![day])
}

pub(crate) fn put_rule(tx: &mut Tx, shop: Id<kernel::Shop>, rule: HolidayRule) -> Result<()> {
    let (code, hours) = match rule.holidays {
        OnHolidays::Usual => ("usual", None),
        OnHolidays::Closed => ("closed", None),
        OnHolidays::Other(span) => ("other", Some(span)),
    };
    tx.run(
        "INSERT INTO shop_calendar (shop_id, holidays, opens, closes, work_like) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (shop_id)
         DO UPDATE SET holidays = excluded.holidays, opens = excluded.opens, closes = excluded.closes,
                       work_like = excluded.work_like",
        params![
            shop,
            code,
            hours.map(|hours| hours.0),
            hours.map(|hours| hours.1),
            rule.work_like.unwrap_or(0)
        ],
    )?;
    Ok(())
}

// ---- pictures

/// The pictures of a shop, the first sent first.
pub fn photos(tx: &mut Tx, shop: Id<kernel::Shop>) -> Result<Vec<Photo>> {
    tx.all(
        "SELECT id, words, width, height FROM shop_photo WHERE shop_id = $1 ORDER BY created_at, id",
        params![shop],
        |row| {
            Ok(Photo {
                id: row.get(0)?,
                words: row.get(1)?,
                width: row.get(2)?,
                height: row.get(3)?,
            })
        },
    )
}

/// The bytes of a picture, JPEG.
pub fn jpeg(tx: &mut Tx, id: Id<Photo>) -> Result<Vec<u8>> {
    tx.one("SELECT jpeg FROM shop_photo WHERE id = $1", params![id], |row| {
        row.get(0)
    })
}

pub(crate) fn insert_photo(
    cx: &Cx,
    tx: &mut Tx,
    shop: Id<kernel::Shop>,
    words: &str,
    picture: &Picture,
) -> Result<Id<Photo>> {
    let id = cx.id();
    tx.run(
        "INSERT INTO shop_photo (id, shop_id, words, width, height, jpeg, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![id, shop, words, picture.width, picture.height, &picture.jpeg[..], cx.now()],
    )?;
    Ok(id)
}

pub(crate) fn delete_photo(tx: &mut Tx, shop: Id<kernel::Shop>, id: Id<Photo>) -> Result<u64> {
    tx.run(
        "DELETE FROM shop_photo WHERE shop_id = $1 AND id = $2",
        params![shop, id],
    )
}

pub(crate) fn update_photo(tx: &mut Tx, shop: Id<kernel::Shop>, photo: &str, words: &str) -> Result<()> {
    tx.run(
        "UPDATE shop SET photo = $2, photo_words = $3 WHERE id = $1",
        params![shop, photo, words],
    )?;
    Ok(())
}
