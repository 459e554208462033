//! What people do about shops: each verb is one transaction.

mod calendar;
mod closing;

use db::Tx;
use kernel::{Actor, Cx, Error, Id, Result, Role};

use crate::{
    Changed, NewShop, Opening, Photo, Picture, Refusal, Shop, Step,
    model::{FIRST_SCENE, check_week, publishable},
    store,
};

pub use calendar::{
    SpecialDays, enter_holiday, lift_exception, lift_holiday, set_exception, set_holiday_rule,
    set_special_days,
};
pub use closing::{check_closing, close, leave, lift_closing};

/// Creates a shop that has applied. The centre's and the program's to do; customers see it once it is activated.
///
/// # Errors
/// Those of [`NewShop::checked`].
pub fn create(cx: &Cx, tx: &mut Tx, new: &NewShop) -> Result<Shop> {
    centre(cx)?;
    let id = cx.id();
    store::insert(cx, tx, id, &new.checked()?)?;
    changed(cx, tx, id)?;
    store::shop(tx, id)
}

/// Changes what is said about a shop: the centre for all, the owner for the own, who may not change kind and merchant
/// number.
///
/// # Errors
/// `shop.changed` when `version` is not the present one; those of [`NewShop::checked`].
pub fn edit(cx: &Cx, tx: &mut Tx, id: Id<kernel::Shop>, version: i64, new: &NewShop) -> Result<Shop> {
    let before = kept(cx, tx, id)?;
    let new = new.checked()?;
    if (new.kind, &new.sub_mchid) != (before.kind, &before.sub_mchid) {
        centre(cx)?;
    }
    if store::update(tx, id, version, &new)? == 0 {
        return Err(Refusal::Stale.into());
    }
    changed(cx, tx, id)?;
    store::shop(tx, id)
}

/// The centre has checked the shop: from now on customers see it. One that had left is a member again, and open by its hours.
///
/// # Errors
/// `shop.changed`, `shop.bad_step`.
pub fn activate(cx: &Cx, tx: &mut Tx, id: Id<kernel::Shop>, version: i64) -> Result<Shop> {
    let shop = take(cx, tx, id, version, Step::Activate, "")?;
    closing::come_back(cx, tx, id)?;
    Ok(shop)
}

/// The centre has checked the shop again, today.
///
/// # Errors
/// `shop.changed`, `shop.bad_step`.
pub fn inspect(cx: &Cx, tx: &mut Tx, id: Id<kernel::Shop>, version: i64) -> Result<Shop> {
    take(cx, tx, id, version, Step::Inspect, "")
}

/// Takes the shop out: customers no longer see it. What is booked stays booked.
///
/// # Errors
/// `shop.changed`, `shop.bad_step`, `shop.no_reason`.
pub fn suspend(cx: &Cx, tx: &mut Tx, id: Id<kernel::Shop>, version: i64, reason: &str) -> Result<Shop> {
    take(cx, tx, id, version, Step::Suspend, given(reason)?)
}

/// A reason that the record keeps.
fn given(reason: &str) -> Result<&str> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > 200 {
        return Err(Refusal::NoReason.into());
    }
    Ok(reason)
}

fn take(cx: &Cx, tx: &mut Tx, id: Id<kernel::Shop>, version: i64, step: Step, reason: &str) -> Result<Shop> {
    centre(cx)?;
    let shop = store::shop(tx, id)?;
    let standing = shop.standing.after(step);
    if step != Step::Inspect && Some(shop.standing) == target(step) {
        return Ok(shop);
    }
    if shop.version != version {
        return Err(Refusal::Stale.into());
    }
    let standing = standing.ok_or(Refusal::BadStep)?;
    let checked = match step {
        Step::Suspend | Step::Leave => shop.verified_on,
        Step::Activate | Step::Inspect => Some(cx.now().day()),
    };
    if store::update_standing(tx, &shop, standing, checked)? == 0 {
        return Err(Refusal::Stale.into());
    }
    store::record(cx, tx, id, step, reason)?;
    changed(cx, tx, id)?;
    store::shop(tx, id)
}

/// The standing that a step asks for: asked again, it is a success without effect.
fn target(step: Step) -> Option<crate::Standing> {
    match step {
        Step::Activate | Step::Inspect => Some(crate::Standing::Active),
        Step::Suspend => Some(crate::Standing::Suspended),
        Step::Leave => Some(crate::Standing::Left),
    }
}

/// Replaces the weekly hours; a weekday that is not named is closed.
///
/// # Errors
/// `shop.bad_hours`.
pub fn set_week(cx: &Cx, tx: &mut Tx, id: Id<kernel::Shop>, week: &[Opening]) -> Result<()> {
    kept(cx, tx, id)?;
    check_week(week)?;
    store::replace_week(tx, id, week)?;
    touched(cx, tx, id)
}

/// How many pictures a shop keeps.
const MOST_PHOTOS: i64 = 12;

/// Adds a picture; the first one takes the place of the drawn scene.
///
/// # Errors
/// `shop.no_picture_words`, `shop.too_many_pictures`, `shop.claim…`.
pub fn add_photo(
    cx: &Cx,
    tx: &mut Tx,
    id: Id<kernel::Shop>,
    words: &str,
    picture: &Picture,
) -> Result<Id<Photo>> {
    let shop = kept(cx, tx, id)?;
    let words = words.trim();
    if !(2..=100).contains(&words.chars().count()) {
        return Err(Refusal::NoPictureWords.into());
    }
    publishable(shop.kind, "words", words)?;
    let before = store::photos(tx, id)?;
    if before.len() as i64 >= MOST_PHOTOS {
        return Err(Refusal::TooManyPictures { most: MOST_PHOTOS }.into());
    }
    let photo = store::insert_photo(cx, tx, id, words, picture)?;
    if before.is_empty() {
        store::update_photo(tx, id, &photo.to_string(), words)?;
    }
    touched(cx, tx, id)?;
    Ok(photo)
}

/// Shows a picture first.
pub fn show_photo(cx: &Cx, tx: &mut Tx, id: Id<kernel::Shop>, photo: Id<Photo>) -> Result<()> {
    kept(cx, tx, id)?;
    let photos = store::photos(tx, id)?;
    let first = photos
        .into_iter()
        .find(|kept| kept.id == photo)
        .ok_or(Error::NotFound)?;
    store::update_photo(tx, id, &photo.to_string(), &first.words)?;
    touched(cx, tx, id)
}

/// Removes a picture; if it was the first, the next one takes its place.
pub fn remove_photo(cx: &Cx, tx: &mut Tx, id: Id<kernel::Shop>, photo: Id<Photo>) -> Result<()> {
    let shop = kept(cx, tx, id)?;
    if store::delete_photo(tx, id, photo)? == 0 {
        return Ok(());
    }
    if shop.photo == photo.to_string() {
        match store::photos(tx, id)?.first() {
            Some(next) => store::update_photo(tx, id, &next.id.to_string(), &next.words)?,
            None => store::update_photo(tx, id, FIRST_SCENE, "")?,
        }
    }
    touched(cx, tx, id)
}

/// The shop, if the one who asks may change it: the centre, the program, or its owner or clerk.
fn kept(cx: &Cx, tx: &mut Tx, id: Id<kernel::Shop>) -> Result<Shop> {
    let scope = cx.shop_named(id)?;
    if matches!(
        cx.actor(),
        Actor::Staff {
            role: Role::Therapist,
            ..
        }
    ) {
        return Err(Error::Forbidden);
    }
    store::shop(tx, scope.id())
}

fn centre(cx: &Cx) -> Result<()> {
    match cx.actor() {
        Actor::System(_)
        | Actor::Staff {
            role: Role::Centre, ..
        } => Ok(()),
        _ => Err(Error::Forbidden),
    }
}

fn touched(cx: &Cx, tx: &mut Tx, id: Id<kernel::Shop>) -> Result<()> {
    store::touch(tx, id)?;
    changed(cx, tx, id)
}

fn changed(cx: &Cx, tx: &mut Tx, shop: Id<kernel::Shop>) -> Result<()> {
    tx.emit(cx, &Changed { shop })?;
    tx.announce("shops")?;
    tx.announce(&format!("shop/{shop}"))
}
