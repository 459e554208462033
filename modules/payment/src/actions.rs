mod approval;
mod bill;
mod money_back;
mod refund;
mod settle;

use db::Tx;
use kernel::{Cx, Id, Instant, Money, Result, Shop};

pub(crate) use approval::redirected;
pub use approval::{approve_refund, ask_refund, reject_refund, settle_refund};
pub use bill::{explain, keep, match_payments, match_refunds, miss};
pub use refund::{NewRefund, RefundRun, apply_refund, fail_refund, refund, refund_again, submit_refund};
pub use settle::{Judged, settle};

use crate::{
    jobs,
    model::{self, Payment, Purpose, State, Step},
    store,
};

kernel::refusals! {
    /// Why a payment or a refund says no.
    pub enum Refusal in "payment" {
        /// Somebody else changed it meanwhile.
        Changed => 409 "changed",
        /// It can no longer be paid.
        Ended => 409 "ended",
        /// It is paid already.
        Paid => 409 "already_paid",
        /// WeChat does not answer; nothing is lost.
        Unavailable => 409 "unavailable",
        /// WeChat would not have it.
        Declined => 409 "declined",
        /// The shop cannot be paid through WeChat.
        NoPayee => 409 "no_payee",
        /// More would go back than was paid.
        RefundTooMuch => 409 "refund_too_much",
        /// WeChat gives nothing back after a year.
        RefundTooLate => 409 "refund_too_late",
        /// WeChat takes fifty parts of one payment.
        RefundInParts => 409 "refund_in_parts",
        /// It did not fail, or was repeated already.
        RefundNotFailed => 409 "refund_not_failed",
        /// Whoever asked for a refund cannot also agree to it.
        RefundOwn => 409 "refund_own",
        /// Nobody has to agree to it any more.
        RefundNotWaiting => 409 "refund_not_waiting",
        /// It is not stuck.
        RefundNotStuck => 409 "refund_not_stuck",
        /// How much must be said.
        NoAmount => 422 "no_amount" on "amount",
        /// Why must be said.
        NoReason => 422 "no_reason" on "reason",
        /// Somebody dealt with it before.
        LookedAt => 409 "looked_at",
        /// What was done about it must be said.
        NoNote => 422 "no_note" on "note",
    }
}

/// What is to be paid.
#[derive(Clone, Debug)]
pub struct NewPayment {
    /// What it is for.
    pub purpose: Purpose,
    /// The shop that is paid.
    pub shop: Id<Shop>,
    /// The shop's number at WeChat Pay; `None` only where we are the merchant ourselves.
    pub sub_mchid: Option<String>,
    /// How much, at least one fen.
    pub amount: Money,
    /// What the customer reads on WeChat's sheet; cut to what WeChat takes.
    pub description: String,
    /// Who pays, as our official account knows them.
    pub openid: String,
    /// After this moment it cannot be paid.
    pub expires_at: Instant,
}

/// What the payments know of the money of a thing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Holding {
    /// Paid, minus all that was given back, is on its way back, or was promised back and waits for a person.
    pub paid: Money,
    /// Whether an attempt may still be paid at WeChat.
    pub live: bool,
}

/// Begins an attempt to pay, or returns the one that is alive: there is at most one for each purpose.
///
/// # Errors
/// `payment.ended` after the expiry or when the living attempt is being ended.
pub fn open(cx: &Cx, tx: &mut Tx, new: &NewPayment) -> Result<Payment> {
    if let Some(live) = live(tx, &new.purpose)? {
        return if live.ending_at.is_none() {
            Ok(live)
        } else {
            Err(Refusal::Ended.into())
        };
    }
    if cx.now() >= new.expires_at {
        return Err(Refusal::Ended.into());
    }
    let id = cx.id();
    let payment = Payment {
        id,
        purpose: new.purpose.clone(),
        shop: new.shop,
        sub_mchid: new.sub_mchid.clone(),
        amount: new.amount,
        description: model::fitting(&new.description, 127).to_owned(),
        openid: new.openid.clone(),
        out_trade_no: Payment::number_of(id),
        state: State::Created,
        asked_at: None,
        prepay_id: None,
        prepaid_at: None,
        ending_at: None,
        transaction_id: None,
        paid_at: None,
        refunded: Money::ZERO,
        expires_at: new.expires_at,
        opened_at: cx.now(),
        version: 1,
    };
    if store::add(cx, tx, &payment)? {
        Ok(payment)
    } else {
        Err(Refusal::Changed.into())
    }
}

/// Before WeChat is asked for a prepay: notes that WeChat may know the number from now on.
///
/// # Errors
/// `payment.already_paid`, `payment.ended`.
pub fn begin_prepay(cx: &Cx, tx: &mut Tx, id: Id<Payment>) -> Result<Payment> {
    let mut payment = store::payment(tx, id)?;
    payable(&payment)?;
    if cx.now() >= payment.expires_at {
        return Err(Refusal::Ended.into());
    }
    if payment.asked_at.is_none() {
        payment.asked_at = Some(cx.now());
        store::save(tx, &mut payment)?;
    }
    Ok(payment)
}

/// WeChat took the order: notes it and when to ask whether it was paid. News that came meanwhile wins.
///
/// # Errors
/// `payment.already_paid`, `payment.ended`: the pay sheet must not be opened then.
pub fn prepaid(cx: &Cx, tx: &mut Tx, id: Id<Payment>, prepay_id: &str) -> Result<Payment> {
    let mut payment = store::payment(tx, id)?;
    payable(&payment)?;
    payment.prepay_id = Some(prepay_id.to_owned());
    payment.prepaid_at = Some(cx.now());
    if payment.state == State::Prepaid {
        store::save(tx, &mut payment)?;
    } else {
        store::step(cx, tx, &mut payment, Step::Prepay, "")?;
        jobs::plan_queries(cx, tx, &payment)?;
    }
    Ok(payment)
}

/// WeChat refused the order for good; another attempt may be made.
pub fn prepay_failed(cx: &Cx, tx: &mut Tx, id: Id<Payment>, code: &str) -> Result<()> {
    let mut payment = store::payment(tx, id)?;
    if payment.state.is_live() {
        store::step(cx, tx, &mut payment, Step::Fail, code)?;
        tell_if_ended(cx, tx, &payment, true)?;
    }
    Ok(())
}

/// Begins to end every attempt of a thing: no new prepay from now on. Answers true when nothing can be paid any more;
/// else WeChat is asked, and `payment.settled` or `payment.ended` tells later.
pub fn end(cx: &Cx, tx: &mut Tx, purpose: &Purpose) -> Result<bool> {
    let Some(mut payment) = live(tx, purpose)? else {
        return Ok(true);
    };
    if payment.asked_at.is_none() {
        store::step(cx, tx, &mut payment, Step::Close, "never asked for")?;
        return Ok(true);
    }
    if payment.ending_at.is_none() {
        payment.ending_at = Some(cx.now());
        store::save(tx, &mut payment)?;
        jobs::plan_ending(cx, tx, &payment, 0, cx.now())?;
    }
    Ok(false)
}

/// An attempt can no longer be paid. `certain` is false when WeChat never answered.
pub fn close(cx: &Cx, tx: &mut Tx, id: Id<Payment>, reason: &str, certain: bool) -> Result<()> {
    let mut payment = store::payment(tx, id)?;
    if payment.state.is_live() {
        store::step(cx, tx, &mut payment, Step::Close, reason)?;
        tell_if_ended(cx, tx, &payment, certain)?;
    }
    Ok(())
}

/// The money of a thing.
pub fn holding(tx: &mut Tx, purpose: &Purpose) -> Result<Holding> {
    let payments = store::of_purpose(tx, purpose)?;
    let refundable: Money = payments.iter().map(Payment::refundable).sum();
    // A refund that failed is still the customer's: nothing new is paid with it.
    let owed: Money = store::owed_back(tx, purpose)?.into_values().sum();
    Ok(Holding {
        paid: (refundable - owed).max(Money::ZERO),
        live: payments.iter().any(|payment| payment.state.is_live()),
    })
}

/// What was paid for a thing, minus all that was given back, is on its way back, or was promised back.
pub fn paid(tx: &mut Tx, purpose: &Purpose) -> Result<Money> {
    Ok(holding(tx, purpose)?.paid)
}

/// The attempt that may still be paid.
pub fn live(tx: &mut Tx, purpose: &Purpose) -> Result<Option<Payment>> {
    Ok(store::of_purpose(tx, purpose)?
        .into_iter()
        .find(|payment| payment.state.is_live()))
}

fn payable(payment: &Payment) -> Result<()> {
    match payment.state {
        State::Succeeded => Err(Refusal::Paid.into()),
        State::Closed | State::Failed => Err(Refusal::Ended.into()),
        State::Created | State::Prepaid if payment.ending_at.is_some() => Err(Refusal::Ended.into()),
        State::Created | State::Prepaid => Ok(()),
    }
}

fn tell_if_ended(cx: &Cx, tx: &mut Tx, payment: &Payment, certain: bool) -> Result<()> {
    // The index allows one live attempt, and this one has just ended.
    let purpose = payment.purpose.clone();
    tx.emit(cx, &crate::Ended { purpose, certain })
}
