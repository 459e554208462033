use db::Tx;
use kernel::{Actor, Cx, Error, Id, Money, Result, Staff};

use crate::{
    RefundRejected,
    actions::{NewRefund, Refusal, money_back, refund::refund_parts, refund::when_sent},
    jobs,
    model::{Limits, Payment, Refund, RefundState, RefundStep},
    store,
};

/// Gives back money of a thing because a member of staff decides so, taken as by [`crate::refund`]. Above [`Limits`] it waits
/// for a second person, who may say no: [`crate::RefundRejected`] tells it.
///
/// # Errors
/// `NotFound` for another shop's; `payment.no_amount`, `payment.no_reason`, and those of [`crate::refund`].
pub fn ask_refund(cx: &Cx, tx: &mut Tx, new: &NewRefund) -> Result<Vec<Refund>> {
    let who = staff(cx)?;
    for payment in store::of_purpose(tx, &new.purpose)? {
        cx.shop_named(payment.shop)?;
    }
    if new.amount <= Money::ZERO {
        return Err(Refusal::NoAmount.into());
    }
    if new.reason.trim().is_empty() {
        return Err(Refusal::NoReason.into());
    }
    let today = store::count_asked(tx, who, cx.now().day())?;
    let of_purpose = store::asked_of(tx, &new.purpose)? + new.amount;
    let second = Limits::default().need_second(of_purpose, today);
    refund_parts(cx, tx, new, Some((who, second)))
}

/// A second person agrees: the refund is sent.
///
/// # Errors
/// `payment.refund_own` to the one who asked, `payment.refund_not_waiting`, `payment.refund_too_late`.
pub fn approve_refund(cx: &Cx, tx: &mut Tx, id: Id<Refund>) -> Result<()> {
    let (mut refund, payment) = waiting(cx, tx, id)?;
    if !refund.waits() {
        return match refund.state {
            RefundState::Rejected => Err(Refusal::RefundNotWaiting.into()),
            _ => Ok(()),
        };
    }
    refund.due_at = when_sent(cx, tx, &payment, id)?;
    store::save_refund(cx, tx, &mut refund, RefundStep::Approve, "")?;
    jobs::plan_refund(cx, tx, &refund, 0, refund.due_at)
}

/// A second person says no, and why: nothing is given back.
///
/// # Errors
/// `payment.refund_own` to the one who asked, `payment.refund_not_waiting`, `payment.no_note`.
pub fn reject_refund(cx: &Cx, tx: &mut Tx, id: Id<Refund>, why: &str) -> Result<()> {
    let (mut refund, payment) = waiting(cx, tx, id)?;
    if refund.state == RefundState::Rejected {
        return Ok(());
    }
    if !refund.waits() {
        return Err(Refusal::RefundNotWaiting.into());
    }
    if why.trim().is_empty() {
        return Err(Refusal::NoNote.into());
    }
    store::save_refund(cx, tx, &mut refund, RefundStep::Reject, why.trim())?;
    store::count_refund(tx, payment.id, -refund.amount)?;
    money_back::free(cx, tx, &refund)?;
    tx.emit(
        cx,
        &RefundRejected {
            purpose: payment.purpose,
            refund: id,
            amount: refund.amount,
        },
    )
}

/// A stuck refund was paid to the customer some other way; the note says how. WeChat has taken the money from the shop's
/// account already, so the books move it.
///
/// # Errors
/// `payment.refund_not_stuck`, `payment.no_note`.
pub fn settle_refund(cx: &Cx, tx: &mut Tx, id: Id<Refund>, note: &str) -> Result<()> {
    let mut refund = store::refund(tx, id)?;
    let payment = store::payment(tx, refund.payment)?;
    cx.shop_named(payment.shop)?;
    if refund.state == RefundState::Manual {
        return Ok(());
    }
    if refund.state != RefundState::Abnormal {
        return Err(Refusal::RefundNotStuck.into());
    }
    if note.trim().is_empty() {
        return Err(Refusal::NoNote.into());
    }
    refund.done_at = Some(cx.now());
    store::save_refund(cx, tx, &mut refund, RefundStep::Settle, note.trim())?;
    money_back::give(cx, tx, &payment, &refund)
}

/// WeChat sends a stuck refund to the shop's own account: it is followed to its end again.
pub(crate) fn redirected(cx: &Cx, tx: &mut Tx, id: Id<Refund>) -> Result<()> {
    let mut refund = store::refund(tx, id)?;
    if refund.state == RefundState::Abnormal {
        refund.due_at = cx.now();
        store::save_refund(cx, tx, &mut refund, RefundStep::Redirect, "")?;
        // The version keeps this round apart from those before it was stuck.
        let round = u32::try_from(refund.version).unwrap_or(u32::MAX) << 8;
        jobs::plan_refund(cx, tx, &refund, round, cx.now().plus_minutes(1))?;
    }
    Ok(())
}

fn waiting(cx: &Cx, tx: &mut Tx, id: Id<Refund>) -> Result<(Refund, Payment)> {
    let who = staff(cx)?;
    let refund = store::refund(tx, id)?;
    let payment = store::payment(tx, refund.payment)?;
    cx.shop_named(payment.shop)?;
    if refund.asked_by == Some(who) {
        return Err(Refusal::RefundOwn.into());
    }
    Ok((refund, payment))
}

fn staff(cx: &Cx) -> Result<Id<Staff>> {
    match cx.actor() {
        Actor::Staff { id, .. } => Ok(id),
        _ => Err(Error::Forbidden),
    }
}
