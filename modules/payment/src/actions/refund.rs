use db::Tx;
use kernel::{Cx, Id, Instant, Money, Result, Staff};

use crate::{
    RefundTrouble, RefundWaits, Refunded,
    actions::{Refusal, money_back},
    jobs,
    model::{
        self, AT_ONCE_MS, Doubt, MOST_PARTS, PARTS_APART_MS, Payment, Purpose, REFUNDABLE_MS, Refund,
        RefundNews, RefundState, RefundStatus, RefundStep, Source, Suspect,
    },
    store,
};

/// Money to give back.
#[derive(Clone, Debug)]
pub struct NewRefund {
    /// What was paid for.
    pub purpose: Purpose,
    /// How much.
    pub amount: Money,
    /// What the customer reads; cut to what WeChat takes.
    pub reason: String,
}

/// What is needed to send a refund to WeChat.
#[derive(Clone, Debug)]
pub struct RefundRun {
    /// The refund.
    pub refund: Refund,
    /// The payment it belongs to.
    pub payment: Payment,
}

/// Gives back money of a thing, from the newest payment backwards. The sum of all that runs and is done never exceeds
/// what was paid; the count stands in the payment's row and the money is reserved in the ledger, where two at once cannot
/// both pass. What a failed refund promised of a payment is for its repetition, and taken last. No person has to agree: a
/// rule gives it.
///
/// # Errors
/// `payment.refund_too_much`, `payment.refund_too_late`, `payment.refund_in_parts`.
pub fn refund(cx: &Cx, tx: &mut Tx, new: &NewRefund) -> Result<Vec<Refund>> {
    refund_parts(cx, tx, new, None)
}

/// The parts of [`refund`]. `asked` is the member of staff who wants it and whether a second one has to agree.
pub(super) fn refund_parts(
    cx: &Cx,
    tx: &mut Tx,
    new: &NewRefund,
    asked: Option<(Id<Staff>, bool)>,
) -> Result<Vec<Refund>> {
    let owed = store::owed_back(tx, &new.purpose)?;
    let mut left = new.amount;
    let mut parts = Vec::new();
    for payment in store::of_purpose(tx, &new.purpose)?.into_iter().rev() {
        let owed = owed.get(&payment.id).copied().unwrap_or_default();
        let free = payment.refundable() - owed;
        let part = left.min(free.max(Money::ZERO));
        left -= part;
        parts.push((payment, part));
    }
    let mut refunds = Vec::new();
    for (payment, part) in parts {
        let more = left.min(payment.refundable() - part);
        left -= more;
        if part + more > Money::ZERO {
            refunds.push(refund_part(cx, tx, &payment, (part + more, &new.reason), asked)?);
        }
    }
    if left > Money::ZERO {
        return Err(Refusal::RefundTooMuch.into());
    }
    Ok(refunds)
}

/// Promises a part of a payment.
fn refund_part(
    cx: &Cx,
    tx: &mut Tx,
    payment: &Payment,
    (amount, reason): (Money, &str),
    asked: Option<(Id<Staff>, bool)>,
) -> Result<Refund> {
    let id = cx.id();
    let due_at = when_sent(cx, tx, payment, id)?;
    if !store::count_refund(tx, payment.id, amount)? {
        return Err(Refusal::RefundTooMuch.into());
    }
    let refund = Refund {
        id,
        payment: payment.id,
        amount,
        reason: model::fitting(reason, 80).to_owned(),
        out_refund_no: Refund::number_of(id),
        state: RefundState::Requested,
        refund_id: None,
        trouble: None,
        requested_at: cx.now(),
        due_at,
        done_at: None,
        asked_by: asked.map(|(who, _)| who),
        needs_second: asked.is_some_and(|(_, second)| second),
        version: 1,
    };
    store::add_refund(cx, tx, &refund)?;
    money_back::reserve(cx, tx, payment, &refund)?;
    store::replace_covered(tx, payment.id)?;
    if refund.waits() {
        let purpose = payment.purpose.clone();
        let (refund, amount) = (refund.id, refund.amount);
        tx.emit(
            cx,
            &RefundWaits {
                purpose,
                refund,
                amount,
            },
        )?;
    } else {
        jobs::plan_refund(cx, tx, &refund, 0, refund.due_at)?;
    }
    Ok(refund)
}

/// When WeChat can be told of a part: a minute after the part before, and not with too many others of the shop.
pub(super) fn when_sent(cx: &Cx, tx: &mut Tx, payment: &Payment, refund: Id<Refund>) -> Result<Instant> {
    if payment
        .paid_at
        .is_some_and(|paid| cx.now() - paid > REFUNDABLE_MS)
    {
        return Err(Refusal::RefundTooLate.into());
    }
    let (parts, last_due) = store::last_due(tx, payment.id, refund)?;
    if parts >= MOST_PARTS {
        return Err(Refusal::RefundInParts.into());
    }
    let start = last_due.map_or(cx.now(), |last| cx.now().max(last + PARTS_APART_MS));
    let others = store::dues_of_shop(tx, payment, refund, start + -AT_ONCE_MS)?;
    Ok(model::paced(start, &others))
}

/// A person repeats a refund that failed. WeChat surely gave nothing back for the old one, and closed numbers cannot be
/// used again, so this is a new refund with a number of its own; the old one cannot be repeated twice.
///
/// # Errors
/// `payment.refund_not_failed`, and those of [`refund`].
pub fn refund_again(cx: &Cx, tx: &mut Tx, id: Id<Refund>) -> Result<Id<Refund>> {
    let failed = store::refund(tx, id)?;
    if !store::replace_refund(tx, &failed)? {
        return Err(Refusal::RefundNotFailed.into());
    }
    let payment = store::payment(tx, failed.payment)?;
    let again = (failed.amount, failed.reason.as_str());
    let asked = failed.asked_by.map(|who| (who, false));
    Ok(refund_part(cx, tx, &payment, again, asked)?.id)
}

/// Before a refund is sent to WeChat: notes that WeChat may know it from now on. `None` when there is nothing to do.
pub fn submit_refund(cx: &Cx, tx: &mut Tx, id: Id<Refund>) -> Result<Option<RefundRun>> {
    let mut refund = store::refund(tx, id)?;
    if refund.waits() {
        return Ok(None);
    }
    if matches!(refund.state, RefundState::Requested | RefundState::Approved) {
        store::save_refund(cx, tx, &mut refund, RefundStep::Submit, "")?;
    }
    if !refund.state.is_running() {
        return Ok(None);
    }
    let payment = store::payment(tx, refund.payment)?;
    Ok(Some(RefundRun { refund, payment }))
}

/// What WeChat says about a refund, by notice or by query. News that does not fit is set aside; news of a state that
/// has passed is without effect.
pub fn apply_refund(cx: &Cx, tx: &mut Tx, news: &RefundNews, source: Source) -> Result<()> {
    let Some(mut refund) = store::refund_by_number(tx, &news.out_refund_no)? else {
        return set_aside(cx, tx, news, source, (Doubt::Number, None));
    };
    let payment = store::payment(tx, refund.payment)?;
    if news.amount != refund.amount || news.out_trade_no != payment.out_trade_no {
        return set_aside(cx, tx, news, source, (Doubt::Amount, Some(payment.id)));
    }
    let step = news.status.step();
    if refund.state.after(step).is_none() {
        return Ok(());
    }
    if refund.state == RefundState::Failed && !store::count_refund(tx, payment.id, refund.amount)? {
        return set_aside(cx, tx, news, source, (Doubt::Refund, Some(payment.id)));
    }
    refund.refund_id = Some(news.refund_id.clone());
    match news.status {
        RefundStatus::Processing => store::save_refund(cx, tx, &mut refund, step, source.code()),
        RefundStatus::Success => {
            refund.done_at = Some(news.done_at.unwrap_or(cx.now()));
            store::save_refund(cx, tx, &mut refund, step, source.code())?;
            done(cx, tx, &refund, &payment)
        }
        RefundStatus::Abnormal | RefundStatus::Closed => {
            trouble(cx, tx, (&mut refund, &payment), step, news.status.code())
        }
    }
}

/// WeChat surely did not take the refund. Its amount can be given back again.
pub fn fail_refund(cx: &Cx, tx: &mut Tx, id: Id<Refund>, code: &str) -> Result<()> {
    let mut refund = store::refund(tx, id)?;
    if refund.state.after(RefundStep::Fail).is_none() {
        return Ok(());
    }
    let payment = store::payment(tx, refund.payment)?;
    trouble(cx, tx, (&mut refund, &payment), RefundStep::Fail, code)
}

fn done(cx: &Cx, tx: &mut Tx, refund: &Refund, payment: &Payment) -> Result<()> {
    money_back::give(cx, tx, payment, refund)?;
    tx.emit(
        cx,
        &Refunded {
            purpose: payment.purpose.clone(),
            refund: refund.id,
            amount: refund.amount,
        },
    )
}

fn trouble(
    cx: &Cx,
    tx: &mut Tx,
    (refund, payment): (&mut Refund, &Payment),
    step: RefundStep,
    code: &str,
) -> Result<()> {
    refund.trouble = Some(code.to_owned());
    store::save_refund(cx, tx, refund, step, code)?;
    if !refund.state.counts() {
        store::count_refund(tx, payment.id, -refund.amount)?;
        money_back::free(cx, tx, refund)?;
    }
    tracing::error!(refund = %refund.out_refund_no, state = %refund.state, code, "a refund needs a person");
    tx.emit(
        cx,
        &RefundTrouble {
            purpose: payment.purpose.clone(),
            refund: refund.id,
            amount: refund.amount,
        },
    )
}

fn set_aside(
    cx: &Cx,
    tx: &mut Tx,
    news: &RefundNews,
    source: Source,
    (doubt, payment): (Doubt, Option<Id<Payment>>),
) -> Result<()> {
    let suspect = Suspect {
        id: cx.id(),
        doubt,
        source,
        out_trade_no: news.out_trade_no.clone(),
        transaction_id: news.refund_id.clone(),
        payment,
        amount: news.amount,
        body: serde_json::to_string(news)?,
        found_at: cx.now(),
        looked: None,
    };
    if store::quarantine(tx, &suspect)? {
        tracing::error!(%doubt, %source, number = %news.out_refund_no, "news of a refund set aside: it does not fit");
    }
    Ok(())
}
