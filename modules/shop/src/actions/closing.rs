//! A shop that closes against its hours: for some hours or days, or for good. What is booked then is for the parts above.

use db::Tx;
use kernel::{Actor, Cx, Error, Id, Instant, Result, Role};

use super::{given, kept, take, touched};
use crate::{
    Closing, ClosingKind, Refusal, Shop, Step,
    model::publishable,
    store::{self, insert_closing},
};

/// So many days a shop closes at most without leaving.
const MOST_DAYS: i64 = 62;
/// A membership that ends has no end in sight: so many days.
const FOR_GOOD_DAYS: i64 = 36_500;
/// Characters of a reason.
const REASON: usize = 60;

/// Closes a shop from one moment until another, with a reason that customers hear. The owner's and the centre's to do.
///
/// # Errors
/// `shop.bad_closing`, `shop.no_closing_reason`, and `shop.claim…` for words the shop may not use.
pub fn close(
    cx: &Cx,
    tx: &mut Tx,
    id: Id<kernel::Shop>,
    (from, until): (Instant, Instant),
    reason: &str,
) -> Result<Closing> {
    check_closing(cx, tx, id, (from, until), reason)?;
    let new = (ClosingKind::Sudden, from, until, reason.trim());
    add(cx, tx, id, new)
}

/// Whether a shop may close so.
///
/// # Errors
/// Those of [`close`].
pub fn check_closing(
    cx: &Cx,
    tx: &mut Tx,
    id: Id<kernel::Shop>,
    (from, until): (Instant, Instant),
    reason: &str,
) -> Result<()> {
    let shop = owned(cx, tx, id)?;
    let latest = cx.now().day().plus(MOST_DAYS).at(0);
    if from >= until || until <= cx.now() || until > latest {
        return Err(Refusal::BadClosing { most: MOST_DAYS }.into());
    }
    let reason = reason.trim();
    if !(1..=REASON).contains(&reason.chars().count()) {
        return Err(Refusal::NoClosingReason { most: REASON }.into());
    }
    publishable(shop.kind, "reason", reason)
}

/// Opens a shop by its hours again. A closing that is lifted already is fine.
///
/// # Errors
/// `shop.bad_step` for one by which a shop has left: only the centre's activation brings it back.
pub fn lift_closing(cx: &Cx, tx: &mut Tx, id: Id<Closing>) -> Result<Closing> {
    let closing = store::closing(tx, id)?;
    owned(cx, tx, closing.shop)?;
    if closing.kind == ClosingKind::Leaving {
        return Err(Refusal::BadStep.into());
    }
    lift(cx, tx, &closing)?;
    store::closing(tx, id)
}

/// The membership of a shop ends, and nothing is served from a moment on. The centre's to do; [`super::activate`] takes it back.
///
/// # Errors
/// `shop.changed`, `shop.bad_step`, `shop.no_reason`.
pub fn leave(
    cx: &Cx,
    tx: &mut Tx,
    (id, version): (Id<kernel::Shop>, i64),
    from: Instant,
    reason: &str,
) -> Result<(Shop, Closing)> {
    let reason = given(reason)?;
    let known = store::closings(tx, id, from, Instant(i64::MAX))?;
    let shop = take(cx, tx, id, version, Step::Leave, reason)?;
    if let Some(leaving) = known.into_iter().find(|known| known.kind == ClosingKind::Leaving) {
        return Ok((shop, leaving));
    }
    let until = cx.now().day().plus(FOR_GOOD_DAYS).at(0);
    let closing = add(cx, tx, id, (ClosingKind::Leaving, from, until, ""))?;
    Ok((store::shop(tx, id)?, closing))
}

/// A shop that had left is a member again.
pub(super) fn come_back(cx: &Cx, tx: &mut Tx, id: Id<kernel::Shop>) -> Result<()> {
    for closing in store::closings(tx, id, cx.now(), Instant(i64::MAX))? {
        if closing.kind == ClosingKind::Leaving {
            lift(cx, tx, &closing)?;
        }
    }
    Ok(())
}

fn add(
    cx: &Cx,
    tx: &mut Tx,
    shop: Id<kernel::Shop>,
    (kind, from, until, reason): (ClosingKind, Instant, Instant, &str),
) -> Result<Closing> {
    let closing = Closing {
        id: cx.id(),
        shop,
        kind,
        from,
        until,
        reason: reason.to_owned(),
        lifted_at: None,
    };
    insert_closing(cx, tx, &closing)?;
    touched(cx, tx, shop)?;
    Ok(closing)
}

fn lift(cx: &Cx, tx: &mut Tx, closing: &Closing) -> Result<()> {
    match store::lift_closing(cx, tx, closing.id)? {
        0 => Ok(()),
        _ => touched(cx, tx, closing.shop),
    }
}

/// The shop, if the one who asks may close it: a clerk may not.
fn owned(cx: &Cx, tx: &mut Tx, id: Id<kernel::Shop>) -> Result<Shop> {
    let shop = kept(cx, tx, id)?;
    match cx.actor() {
        Actor::Staff {
            role: Role::Clerk, ..
        } => Err(Error::Forbidden),
        _ => Ok(shop),
    }
}
