//! Payments through WeChat Pay: attempts, notices and refunds.
//!
//! Words: a [`Payment`] is one attempt to pay a [`Purpose`]; a *notice* is what WeChat tells by itself, laid into the
//! *inbox* once its signature is checked; a [`Receipt`] is what WeChat says was paid, from notice or query; what does not
//! fit is *set aside* (quarantine) for a person. A [`Refund`] gives back a part of a payment; what staff ask for above
//! [`Limits`] waits for a second person. WeChat's *bill* of a day is matched with our books every morning; a
//! [`Difference`] waits for a person, and the day *closes* when there is none.
//!
//! A notice never moves an order: it records money. [`settle`] is the only way to become paid, and tells the module that
//! asked by [`Settled`]. A number at WeChat is committed before WeChat hears of it; an unknown outcome leads to a query or
//! to the same call with the same number, never to a guess.

mod actions;
mod api;
pub mod inbox;
mod jobs;
mod model;
mod pages;
mod reconcile;
mod store;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
mod wechat_pay;
mod wechat_words;

use std::sync::Arc;

use db::{Event, Tx};
use kernel::{Cx, Day, Id, Lang, Money, Result};
use serde::{Deserialize, Serialize};

pub use actions::{
    Holding, Judged, NewPayment, NewRefund, Refusal, approve_refund, ask_refund, end, holding, live, open,
    paid, refund, refund_again, reject_refund, settle, settle_refund,
};
pub use jobs::jobs;
pub use model::{
    BillLine, BillSum, BilledRefund, Difference, DifferenceKind, Doubt, Found, Limits, Matched, Payment,
    Purpose, Receipt, Recorded, Refund, RefundNews, RefundState, RefundStatus, RefundStep, Source, State,
    Step, Suspect, Terms,
};
pub use reconcile::at_start;
pub use wechat_pay::{PAYMENT_NOTICES, REFUND_NOTICES, Seen, WeChatPay, check, prepay, redirect_refund};

/// An attempt was paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// What was paid for.
    pub purpose: Purpose,
    /// The attempt.
    pub payment: Id<Payment>,
    /// How much.
    pub amount: Money,
}

impl Event for Settled {
    const NAME: &'static str = "payment.settled";
}

/// No attempt of a purpose can be paid any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// What was not paid for.
    pub purpose: Purpose,
    /// False when WeChat never answered: money may still come.
    pub certain: bool,
}

impl Event for Ended {
    const NAME: &'static str = "payment.ended";
}

/// Money went back to the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refunded {
    /// What was paid for.
    pub purpose: Purpose,
    /// The refund.
    pub refund: Id<Refund>,
    /// How much.
    pub amount: Money,
}

impl Event for Refunded {
    const NAME: &'static str = "payment.refunded";
}

/// Staff asked for a refund, and a second person has to agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundWaits {
    /// What was paid for.
    pub purpose: Purpose,
    /// The refund.
    pub refund: Id<Refund>,
    /// How much.
    pub amount: Money,
}

impl Event for RefundWaits {
    const NAME: &'static str = "payment.refund_waits";
}

/// A second person did not agree to a refund that staff asked for: nothing goes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundRejected {
    /// What was paid for.
    pub purpose: Purpose,
    /// The refund.
    pub refund: Id<Refund>,
    /// How much.
    pub amount: Money,
}

impl Event for RefundRejected {
    const NAME: &'static str = "payment.refund_rejected";
}

/// A refund failed or is stuck: a person must act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundTrouble {
    /// What was paid for.
    pub purpose: Purpose,
    /// The refund.
    pub refund: Id<Refund>,
    /// How much.
    pub amount: Money,
}

impl Event for RefundTrouble {
    const NAME: &'static str = "payment.refund_failed";
}

/// WeChat's bill of a day differs from our books: a person must look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillDiffers {
    /// The day of the bill.
    pub day: Day,
    /// How many differences nobody has explained.
    pub open: i64,
}

impl Event for BillDiffers {
    const NAME: &'static str = "payment.bill_differs";
}

/// One attempt.
pub fn payment(tx: &mut Tx, id: Id<Payment>) -> Result<Payment> {
    store::payment(tx, id)
}

/// Every attempt to pay a thing, the oldest first.
pub fn payments(tx: &mut Tx, purpose: &Purpose) -> Result<Vec<Payment>> {
    store::of_purpose(tx, purpose)
}

/// What happened to an attempt, the first first.
pub fn steps(tx: &mut Tx, id: Id<Payment>) -> Result<Vec<Recorded>> {
    store::steps(tx, id)
}

/// Where a refund stands.
pub fn refund_state(tx: &mut Tx, id: Id<Refund>) -> Result<RefundState> {
    Ok(store::refund(tx, id)?.state)
}

/// Every refund of a thing, the oldest first.
pub fn refunds(tx: &mut Tx, purpose: &Purpose) -> Result<Vec<Refund>> {
    let mut refunds = Vec::new();
    for payment in store::of_purpose(tx, purpose)? {
        refunds.extend(store::refunds_of(tx, payment.id)?);
    }
    Ok(refunds)
}

/// Forgets who paid for a thing: the customer has deleted the account. What was paid stays.
pub fn forget_payer(tx: &mut Tx, purpose: &Purpose) -> Result<()> {
    for payment in store::of_purpose(tx, purpose)? {
        store::forget_payer(tx, payment.id)?;
    }
    Ok(())
}

/// How many refunds of a shop have come to no end yet.
pub fn unfinished_refunds(tx: &mut Tx, shop: Id<kernel::Shop>) -> Result<i64> {
    store::unfinished(tx, shop)
}

/// Refunds that failed or are stuck, the newest first; at most 200.
pub fn troubled_refunds(tx: &mut Tx) -> Result<Vec<Refund>> {
    store::troubled_refunds(tx)
}

/// WeChat Pay's numbers of all notices that were taken. For checks after a crash, which must have lost none.
pub fn taken_notices(tx: &mut Tx) -> Result<Vec<String>> {
    store::notice_numbers(tx)
}

/// Money and news set aside for a person, first what nobody dealt with; at most 200.
pub fn quarantined(tx: &mut Tx) -> Result<Vec<Suspect>> {
    store::quarantined(tx)
}

/// Notes that a person dealt with something set aside, and how.
///
/// # Errors
/// `payment.looked_at` when somebody did before.
pub fn look_at(cx: &Cx, tx: &mut Tx, id: Id<Suspect>, note: &str) -> Result<()> {
    if store::look_at(cx, tx, id, note)? {
        Ok(())
    } else {
        Err(Refusal::LookedAt.into())
    }
}

/// The tables of this module.
pub const MIGRATIONS: &[db::Migration] =
    db::migrations!("payment": "0001_payment", "0002_approval", "0003_bill", "0004_few", "0005_pace");

/// What this module hands to the program, which puts the same `Arc<WeChatPay>` among its plugs.
pub fn module(pay: Arc<WeChatPay>) -> web::Module {
    web::Module {
        name: "payment",
        migrations: MIGRATIONS,
        texts: [
            (Lang::Zh, include_str!("../texts/zh-CN.ftl")),
            (Lang::En, include_str!("../texts/en.ftl")),
        ],
        routes: pages::routes(api::routes(web::Routes::new("payment"))),
        jobs: jobs(pay),
        listens: Vec::new(),
        refusals: Refusal::CODES,
    }
}
