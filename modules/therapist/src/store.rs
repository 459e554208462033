//! All the SQL of therapists.

use std::collections::HashMap;

use catalog::Service;
use db::{Row, Tx, params};
use kernel::{Day, Id, Result, Shop, Staff};

use crate::{NewTherapist, Therapist};

/// The therapist, working here or not, or `NotFound`.
pub fn therapist(tx: &mut Tx, id: Id<Therapist>) -> Result<Therapist> {
    tx.one(
        "SELECT id, shop_id, number, name, gender, level, introduction, skills, portrait, blind_shown, active, version, account_id
         FROM therapist WHERE id = $1",
        params![id],
        read_therapist,
    )
}

/// The therapists who work at a shop now, by work number.
pub fn of_shop(tx: &mut Tx, shop: Id<Shop>) -> Result<Vec<Therapist>> {
    tx.all(
        "SELECT id, shop_id, number, name, gender, level, introduction, skills, portrait, blind_shown, active, version, account_id
         FROM therapist WHERE shop_id = $1 AND active = 1 ORDER BY number",
        params![shop],
        read_therapist,
    )
}

/// The therapist who signs in with an account.
pub fn of_account(tx: &mut Tx, account: Id<Staff>) -> Result<Option<Therapist>> {
    tx.maybe(
        "SELECT id, shop_id, number, name, gender, level, introduction, skills, portrait, blind_shown, active, version, account_id
         FROM therapist WHERE account_id = $1",
        params![account],
        read_therapist,
    )
}

/// The number of rows says whether the version was still the present one.
pub(crate) fn update_account(
    tx: &mut Tx,
    id: Id<Therapist>,
    version: i64,
    account: Option<Id<Staff>>,
) -> Result<u64> {
    tx.run(
        "UPDATE therapist SET account_id = $3, version = version + 1 WHERE id = $1 AND version = $2",
        params![id, version, account],
    )
}

/// Everybody who works or worked at a shop, those who work first.
pub fn all_of(tx: &mut Tx, shop: Id<Shop>) -> Result<Vec<Therapist>> {
    tx.all(
        "SELECT id, shop_id, number, name, gender, level, introduction, skills, portrait, blind_shown, active, version, account_id
         FROM therapist WHERE shop_id = $1 ORDER BY active DESC, number",
        params![shop],
        read_therapist,
    )
}

fn read_therapist(row: &Row) -> Result<Therapist> {
    Ok(Therapist {
        id: row.get(0)?,
        shop: row.get(1)?,
        number: row.get(2)?,
        name: row.get(3)?,
        gender: row.code(4)?,
        level: row.code(5)?,
        introduction: row.get(6)?,
        skills: row.get(7)?,
        portrait: row.get(8)?,
        blind_shown: row.get(9)?,
        active: row.get(10)?,
        version: row.get(11)?,
        account: row.get(12)?,
    })
}

/// Who offers a service: the shop's therapists who named it, and those who named nothing. By work number.
pub fn who_offers(tx: &mut Tx, service: Id<Service>) -> Result<Vec<Id<Therapist>>> {
    let shop = catalog::service(tx, service)?.shop;
    tx.all(
        "SELECT t.id FROM therapist t
         WHERE t.shop_id = $1 AND t.active = 1
           AND (EXISTS (SELECT 1 FROM therapist_service s WHERE s.therapist_id = t.id AND s.service_id = $2)
                OR NOT EXISTS (SELECT 1 FROM therapist_service s WHERE s.therapist_id = t.id))
         ORDER BY t.number",
        params![shop, service],
        |row| row.get(0),
    )
}

/// What each of a shop's therapists has named; who is missing offers everything.
pub fn offered_at(tx: &mut Tx, shop: Id<Shop>) -> Result<HashMap<Id<Therapist>, Vec<Id<Service>>>> {
    let rows = tx.all(
        "SELECT s.therapist_id, s.service_id FROM therapist_service s JOIN therapist t ON t.id = s.therapist_id
         WHERE t.shop_id = $1 ORDER BY s.therapist_id, s.service_id",
        params![shop],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let mut offered: HashMap<Id<Therapist>, Vec<Id<Service>>> = HashMap::new();
    for (therapist, service) in rows {
        offered.entry(therapist).or_default().push(service);
    }
    Ok(offered)
}

/// The services a therapist has named; none: all of the shop's.
pub fn offered_by(tx: &mut Tx, id: Id<Therapist>) -> Result<Vec<Id<Service>>> {
    tx.all(
        "SELECT service_id FROM therapist_service WHERE therapist_id = $1 ORDER BY service_id",
        params![id],
        |row| row.get(0),
    )
}

pub(crate) fn replace_offered(tx: &mut Tx, id: Id<Therapist>, services: &[Id<Service>]) -> Result<()> {
    tx.run(
        "DELETE FROM therapist_service WHERE therapist_id = $1",
        params![id],
    )?;
    for service in services {
        tx.run(
            "INSERT INTO therapist_service (therapist_id, service_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            params![id, service],
        )?;
    }
    Ok(())
}

/// The number of rows says whether the work number was free.
pub(crate) fn insert(
    tx: &mut Tx,
    id: Id<Therapist>,
    shop: Id<Shop>,
    new: &NewTherapist,
    blind_shown: Option<Day>,
) -> Result<u64> {
    tx.run(
        "INSERT INTO therapist (id, shop_id, number, name, gender, level, introduction, skills, portrait, blind_shown,
                                active, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, 1) ON CONFLICT (shop_id, number) DO NOTHING",
        params![
            id,
            shop,
            new.number,
            &new.name,
            new.gender.code(),
            new.level.code(),
            &new.introduction,
            &new.skills,
            &new.portrait,
            blind_shown
        ],
    )
}

pub(crate) fn number_used(tx: &mut Tx, shop: Id<Shop>, number: i64, except: Id<Therapist>) -> Result<bool> {
    let holder = tx.maybe(
        "SELECT id FROM therapist WHERE shop_id = $1 AND number = $2",
        params![shop, number],
        |row| row.get::<Id<Therapist>>(0),
    )?;
    Ok(holder.is_some_and(|id| id != except))
}

pub(crate) fn update(
    tx: &mut Tx,
    id: Id<Therapist>,
    version: i64,
    new: &NewTherapist,
    blind_shown: Option<Day>,
) -> Result<u64> {
    tx.run(
        "UPDATE therapist SET number = $3, name = $4, gender = $5, level = $6, introduction = $7, skills = $8,
                portrait = $9, blind_shown = $10, version = version + 1
         WHERE id = $1 AND version = $2",
        params![
            id,
            version,
            new.number,
            &new.name,
            new.gender.code(),
            new.level.code(),
            &new.introduction,
            &new.skills,
            &new.portrait,
            blind_shown
        ],
    )
}

pub(crate) fn update_active(tx: &mut Tx, id: Id<Therapist>, version: i64, active: bool) -> Result<u64> {
    tx.run(
        "UPDATE therapist SET active = $3, version = version + 1 WHERE id = $1 AND version = $2",
        params![id, version, active],
    )
}

pub(crate) fn clear_blind_shown(tx: &mut Tx, id: Id<Therapist>) -> Result<u64> {
    tx.run(
        "UPDATE therapist SET blind_shown = NULL, version = version + 1 WHERE id = $1 AND blind_shown IS NOT NULL",
        params![id],
    )
}
