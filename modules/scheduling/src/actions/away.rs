//! Work at the customer's: no bed is needed, and the way there and back is time of the therapist like the service itself.
//! The way is the time before and after in the [`Length`] that is asked for.

use db::Tx;
use kernel::{Cx, Id, Instant, Result, Shop};
use therapist::Therapist;

use super::{Claimed, FreeQuery, Place, Wanted, claim_at, days_of, diary, diary_of};
use crate::model::{FreeDay, Length};

/// Claims a therapist for a service away from the shop: the service with the way on both sides, all of it within the
/// therapist's working time and the shop's hours.
///
/// # Errors
/// Those of [`super::claim`].
pub fn claim_away(cx: &Cx, tx: &mut Tx, wanted: &Wanted) -> Result<Claimed> {
    claim_at(cx, tx, wanted, Place::Away)
}

/// The times at which a therapist can serve away from the shop; see [`super::free_times`].
pub fn free_times_away(tx: &mut Tx, query: &FreeQuery) -> Result<Vec<FreeDay>> {
    let diary = diary_of(tx, query, &[])?.away();
    Ok(days_of(&diary, query))
}

/// Who of these works and is free for a service away from the shop that starts then, the way included.
pub fn free_therapists_away(
    tx: &mut Tx,
    shop: Id<Shop>,
    candidates: &[Id<Therapist>],
    starts_at: Instant,
    length: Length,
) -> Result<Vec<Id<Therapist>>> {
    let diary = diary(tx, shop, candidates, starts_at.day().plus(-1), 2)?.away();
    Ok(diary.therapists_at(starts_at, length))
}
