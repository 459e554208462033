//! How soon and how far ahead a shop can be booked.

use db::Tx;
use kernel::{Actor, Cx, Error, Id, Instant, Result, Role, Shop};

use crate::{
    model::{Bounds, Refusal, Window, business_day},
    store,
};

/// The centre's default and bounds.
pub fn bounds(tx: &mut Tx) -> Result<Bounds> {
    Ok(store::bounds(tx)?.unwrap_or_default())
}

/// How soon and how far ahead a shop can be booked.
pub fn window(tx: &mut Tx, shop: Id<Shop>) -> Result<Window> {
    let wish = store::window(tx, shop)?;
    Ok(bounds(tx)?.for_shop(wish))
}

/// Says how soon and how far ahead a shop can be booked. What is booked stays booked.
///
/// # Errors
/// `scheduling.bad_lead`, `scheduling.bad_days`; forbidden for therapists, not found for other shops.
pub fn set_window(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, window: Window) -> Result<()> {
    super::may_decide(cx)?;
    let shop = cx.shop_named(shop)?.id();
    bounds(tx)?.allows(window)?;
    store::put_window(cx, tx, shop, window)?;
    tx.announce("shops")
}

/// Says what counts for shops that have said nothing, and how far the others may go. The centre's to do.
///
/// # Errors
/// `scheduling.bad_bounds`; forbidden for everybody else.
pub fn set_bounds(cx: &Cx, tx: &mut Tx, bounds: Bounds) -> Result<()> {
    match cx.actor() {
        Actor::System(_)
        | Actor::Staff {
            role: Role::Centre, ..
        } => {}
        _ => return Err(Error::Forbidden),
    }
    bounds.check()?;
    store::put_bounds(cx, tx, bounds)?;
    tx.announce("shops")
}

/// Refuses a start that is sooner or further ahead than the shop takes bookings.
///
/// # Errors
/// `scheduling.too_soon`, `scheduling.too_far`.
pub fn check_window(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, starts_at: Instant) -> Result<()> {
    let Window { lead, days } = window(tx, shop)?;
    if starts_at < cx.now().plus_minutes(lead) {
        return Err(Refusal::TooSoon { minutes: lead }.into());
    }
    // The night of the last day belongs to it.
    let before = shop::hours_on(tx, shop, starts_at.day().plus(-1))?;
    let (day, _) = business_day(starts_at, before);
    if day >= cx.now().day().plus(days) {
        return Err(Refusal::TooFar { days }.into());
    }
    Ok(())
}
