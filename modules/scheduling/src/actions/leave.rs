//! Leave: entered by the shop, or asked for by the therapist and answered by the shop.
//!
//! A leave that is asked for changes nothing. Whoever approves it has decided on every booking in it: what was moved or
//! called off no longer stands there, and what is kept is taken out of the leave. Bookings themselves belong to the parts
//! above: this one knows only the claims and for whom they are.

use db::Tx;
use kernel::{Actor, Cx, Error, Id, Instant, Result, Role, Shop};
use therapist::Therapist;

use super::{may_decide, shop_of, slots_of};
use crate::{
    Freed, Holder, Leave, Taken,
    model::{LeaveState, LeaveStep, Refusal, leave::without},
    store,
};

/// Characters of a reason.
const REASON: usize = 100;

/// A leave that is entered or asked for.
#[derive(Clone, Debug)]
pub struct NewLeave {
    /// Whose.
    pub therapist: Id<Therapist>,
    /// From when.
    pub from: Instant,
    /// Until when.
    pub to: Instant,
    /// Why, in a few words; may be empty.
    pub reason: String,
}

/// Grants a leave. Bookings that stand in it stay; somebody must decide on each, so the person has to be `sure`.
///
/// # Errors
/// `scheduling.backwards`, `scheduling.leave_hits_bookings`; not found for a therapist of another shop.
pub fn grant_leave(cx: &Cx, tx: &mut Tx, leave: NewLeave, sure: bool) -> Result<Id<Leave>> {
    let leave = new_leave(cx, tx, leave, LeaveState::Granted)?;
    let count = claims_in(tx, &leave)?.len();
    if count > 0 && !sure {
        return Err(Refusal::LeaveHitsBookings { count }.into());
    }
    store::add_leave(tx, &leave)?;
    store::add_leave_step(cx, tx, &leave, LeaveStep::Grant, "")?;
    tx.announce("shops")?;
    Ok(leave.id)
}

/// Asks for a leave: it is granted once the shop has decided on what is booked in it. A therapist asks for no one else.
///
/// # Errors
/// `scheduling.not_own_leave`, `scheduling.backwards`, `scheduling.leave_over`, `scheduling.long_reason`; not found for a therapist of another shop.
pub fn ask_leave(cx: &Cx, tx: &mut Tx, leave: NewLeave) -> Result<Id<Leave>> {
    if leave.to <= cx.now() {
        return Err(Refusal::LeaveOver.into());
    }
    let leave = new_leave(cx, tx, leave, LeaveState::Asked)?;
    may_ask_for(cx, tx, leave.therapist)?;
    store::add_leave(tx, &leave)?;
    store::add_leave_step(cx, tx, &leave, LeaveStep::Ask, "")?;
    tx.announce("shops")?;
    Ok(leave.id)
}

fn new_leave(cx: &Cx, tx: &mut Tx, leave: NewLeave, state: LeaveState) -> Result<Leave> {
    let shop = shop_of(cx, tx, leave.therapist)?;
    if leave.from >= leave.to {
        return Err(Refusal::Backwards.into());
    }
    let reason = leave.reason.trim().to_owned();
    if reason.chars().count() > REASON {
        return Err(Refusal::LongReason { most: REASON }.into());
    }
    Ok(Leave {
        id: cx.id(),
        shop,
        therapist: leave.therapist,
        from: leave.from,
        to: leave.to,
        reason,
        state,
        answer: String::new(),
        version: 1,
    })
}

/// What is booked in a leave and not over, the earliest first.
pub fn hits(cx: &Cx, tx: &mut Tx, leave: &Leave) -> Result<Vec<Taken>> {
    let mut hits = claims_in(tx, leave)?;
    hits.retain(|hit| hit.to > cx.now());
    Ok(hits)
}

fn claims_in(tx: &mut Tx, leave: &Leave) -> Result<Vec<Taken>> {
    let (from, to) = slots_of(leave.from, leave.to);
    store::taken(tx, leave.shop, leave.therapist.raw(), from, to)
}

/// Grants a leave that was asked for, without the stretches of the bookings that are `kept`: in those the therapist works.
/// Every other booking must be gone from it. What is granted may be several leaves, and none at all when everything is
/// kept: then the leave is refused.
///
/// # Errors
/// `scheduling.leave_hits_bookings` while bookings stand in it that are not kept; `scheduling.changed` when somebody was
/// faster; `scheduling.leave_answered`; forbidden for therapists, not found for other shops.
pub fn approve_leave(
    cx: &Cx,
    tx: &mut Tx,
    id: Id<Leave>,
    seen: i64,
    kept: &[Id<Holder>],
) -> Result<Vec<Leave>> {
    may_decide(cx)?;
    let leave = leave_named(cx, tx, id)?;
    match leave.state {
        LeaveState::Asked => {}
        LeaveState::Granted => return Ok(vec![leave]),
        LeaveState::Refused | LeaveState::Withdrawn => return Err(Refusal::LeaveAnswered.into()),
    }
    let hits = hits(cx, tx, &leave)?;
    let count = hits.iter().filter(|hit| !kept.contains(&hit.holder)).count();
    if count > 0 {
        return Err(Refusal::LeaveHitsBookings { count }.into());
    }
    let stays = hits.iter().map(|hit| (hit.from, hit.to)).collect();
    let mut pieces = without((leave.from, leave.to), stays).into_iter();
    let Some((from, to)) = pieces.next() else {
        step(cx, tx, leave, seen, LeaveStep::Refuse, "")?;
        return Ok(Vec::new());
    };
    let asked = Leave { from, to, ..leave };
    let mut granted = vec![step(cx, tx, asked, seen, LeaveStep::Grant, "")?];
    for (from, to) in pieces {
        let piece = Leave {
            id: cx.id(),
            from,
            to,
            version: 1,
            ..granted[0].clone()
        };
        store::add_leave(tx, &piece)?;
        store::add_leave_step(cx, tx, &piece, LeaveStep::Grant, "")?;
        granted.push(piece);
    }
    Ok(granted)
}

/// Says no to a leave that was asked for, with a word for the therapist.
///
/// # Errors
/// `scheduling.no_reason`, `scheduling.long_reason`, `scheduling.changed`, `scheduling.leave_answered`.
pub fn refuse_leave(cx: &Cx, tx: &mut Tx, id: Id<Leave>, seen: i64, answer: &str) -> Result<Leave> {
    may_decide(cx)?;
    let answer = answer.trim();
    if answer.is_empty() {
        return Err(Refusal::NoReason.into());
    }
    if answer.chars().count() > REASON {
        return Err(Refusal::LongReason { most: REASON }.into());
    }
    let leave = leave_named(cx, tx, id)?;
    step(cx, tx, leave, seen, LeaveStep::Refuse, answer)
}

/// Takes a leave back, asked for or granted: the therapist works.
pub fn withdraw_leave(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, id: Id<Leave>) -> Result<()> {
    let shop = cx.shop_named(shop)?;
    let leave = leave_named(cx, tx, id)?;
    if leave.shop != shop.id() {
        return Err(Error::NotFound);
    }
    // A therapist may take back an own question, not a leave that the shop has planned with.
    if leave.state == LeaveState::Granted {
        may_decide(cx)?;
    }
    may_ask_for(cx, tx, leave.therapist)?;
    let (seen, was_granted) = (leave.version, leave.state == LeaveState::Granted);
    step(cx, tx, leave, seen, LeaveStep::Withdraw, "")?;
    if was_granted {
        tx.emit(cx, &Freed { shop: shop.id() })?;
    }
    Ok(())
}

/// The front desk for everybody, a therapist for the own person.
fn may_ask_for(cx: &Cx, tx: &mut Tx, therapist: Id<Therapist>) -> Result<()> {
    let Actor::Staff {
        id,
        role: Role::Therapist,
        ..
    } = cx.actor()
    else {
        return Ok(());
    };
    match therapist::of_account(tx, id)? {
        Some(own) if own.id == therapist => Ok(()),
        _ => Err(Refusal::NotOwnLeave.into()),
    }
}

/// A leave of the shop of whoever asks; to others it does not exist.
pub fn leave_named(cx: &Cx, tx: &mut Tx, id: Id<Leave>) -> Result<Leave> {
    let leave = store::leave(tx, id)?;
    cx.shop_named(leave.shop)?;
    Ok(leave)
}

fn step(cx: &Cx, tx: &mut Tx, leave: Leave, seen: i64, step: LeaveStep, answer: &str) -> Result<Leave> {
    if leave.state.is_after(step) {
        return Ok(leave);
    }
    let state = leave.state.after(step).ok_or(Refusal::LeaveAnswered)?;
    if leave.version != seen {
        return Err(Refusal::Changed.into());
    }
    let after = Leave {
        state,
        answer: answer.to_owned(),
        version: seen + 1,
        ..leave
    };
    if store::save_leave(tx, &after)? == 0 {
        return Err(Refusal::Changed.into());
    }
    store::add_leave_step(cx, tx, &after, step, answer)?;
    tx.announce("shops")?;
    Ok(after)
}
