mod back;
mod change;
mod farewell;
mod goods;
mod later;
mod line;
mod money;
mod open;
mod staff_refund;
mod tender;

use db::Tx;
use kernel::{Cx, Error, Id, Minutes, Money, Result};
use payment::{NewPayment, Payment, Purpose};

pub use change::{Changed, change_line};
pub use farewell::{Unsettled, unsettled_with};
pub use goods::{GOODS, Wanted, hand_out, order_goods, quote_goods};
pub use later::{add_line, lower_kept, reopen};
pub use line::{drop_line, drop_line_for, refund_line};
pub use money::{by_tender, paid};
pub use open::{NewLine, NewOrder, open, open_due, quote, record_answers};
pub use staff_refund::{AskedBack, Portion, refund_line_at_desk};
pub use tender::{Source, ask_rest, hand_over, release, reserve, take, take_cash};

pub(crate) use farewell::forget_customer;
pub(crate) use goods::{are_all_goods, asked};
pub(crate) use money::holding;
pub(crate) use tender::at_desk;

use crate::{
    Cancelled, Closed, PaidLate, Placed, Thing, jobs,
    model::{By, Ending, Order, REVIVAL_MINUTES, State, Step, Verdict},
    store,
};
use money::{absorb_rest, earn, give_back_fairly, give_back_surplus, send_back};

kernel::refusals! {
    /// Why an order says no.
    pub enum Refusal in "order" {
        /// Somebody else changed it meanwhile.
        Changed => 409 "changed",
        /// The time to pay is over.
        Expired => 409 "expired",
        /// It is paid already.
        Paid => 409 "already_paid",
        /// It was not placed, or it has ended: there is nothing to cancel.
        NotPlaced => 409 "not_placed",
        /// The customer is not known by WeChat, so WeChat cannot be asked to take money.
        NoWeChat => 409 "no_we_chat",
        /// It is not paid enough to live again.
        NotCovered => 409 "not_covered",
        /// More would be taken than is owed, or nothing.
        TooMuch => 422 "too_much" on "amount",
        /// The amount reads as no amount of money.
        NoAmount => 422 "no_amount" on "amount",
        /// It is the order's already, so it cannot be freed.
        NotReserved => 409 "not_reserved",
        /// Nothing was chosen.
        Nothing => 422 "nothing_chosen",
        /// The shop does not offer one of the goods any more.
        NotOffered => 409 "not_offered",
        /// What the goods' categories ask is still to be answered.
        MoreToSay => 422 "more_to_say",
        /// The order has things that are not handed out at the desk.
        NotGoods => 409 "not_goods",
        /// Why money goes back must be said.
        NoReason => 422 "no_reason" on "reason",
        /// More would go back than the customer can get back.
        TooMuchBack => 422 "too_much_back" on "amount",
        /// A share is a whole number of percent, from 1 to 100.
        BadShare => 422 "bad_share" on "percent",
    }
}

/// Who pays whom through WeChat.
#[derive(Clone, Debug)]
pub struct Payer {
    /// The customer, as our official account knows them.
    pub openid: String,
    /// The shop's number at WeChat Pay; `None` only where we are the merchant ourselves.
    pub sub_mchid: Option<String>,
}

/// How long a sheet for the rest of a placed order can be paid.
const REST_MINUTES: Minutes = 15;

/// Begins, or continues, to pay an order through WeChat. The attempt asks for what is due and
/// not covered by other tenders; it cannot outlive the order's deadline.
///
/// # Errors
/// `NotFound` for another customer's order; `order.already_paid`, `order.expired`, and those of [`payment::open`].
pub fn pay(cx: &Cx, tx: &mut Tx, id: Id<Order>, payer: &Payer) -> Result<Payment> {
    let order = own(cx, tx, id)?;
    let amount = order.due() - holding(tx, id)?.paid;
    let expires_at = match order.state {
        State::Open if cx.now() < order.deadline => order.deadline,
        State::Placed | State::Fulfilled if amount > Money::ZERO => cx.now().plus_minutes(REST_MINUTES),
        State::Placed | State::Fulfilled | State::Cancelled => return Err(Refusal::Paid.into()),
        State::Open | State::Closing | State::Closed => return Err(Refusal::Expired.into()),
    };
    payment::open(
        cx,
        tx,
        &NewPayment {
            purpose: purpose(id),
            shop: order.shop,
            sub_mchid: payer.sub_mchid.clone(),
            amount,
            description: order.title.clone(),
            openid: payer.openid.clone(),
            expires_at,
        },
    )
}

/// Does what the money on an order asks for. Told by payments that something was paid or can no longer be paid; calling
/// it once more than needed changes nothing.
pub fn settle(cx: &Cx, tx: &mut Tx, id: Id<Order>) -> Result<()> {
    staff_refund::put_back_rejected(cx, tx, id)?;
    let mut order = store::order(tx, id)?;
    loop {
        let holding = holding(tx, id)?;
        let again = again_for(tx, &order)?;
        match order.verdict(holding, again, cx.now()) {
            Verdict::Nothing => return absorb_rest(cx, tx, &mut order),
            Verdict::Place => place(cx, tx, &mut order, Step::Place)?,
            Verdict::Close => close(cx, tx, &mut order)?,
            Verdict::GiveBack(amount) => give_back_surplus(cx, tx, &order, amount)?,
            Verdict::AskToRevive => {
                let lines = things(tx, id)?;
                if goods::are_all(&lines) {
                    // Goods wait on a shelf: no time has to be claimed again.
                    place(cx, tx, &mut order, Step::Revive)?;
                    continue;
                }
                let paid = holding.paid;
                jobs::plan_settling(
                    cx,
                    tx,
                    id,
                    order.ended_at.unwrap_or(cx.now()).plus_minutes(REVIVAL_MINUTES),
                )?;
                return tx.emit(
                    cx,
                    &PaidLate {
                        order: id,
                        lines,
                        paid,
                    },
                );
            }
        }
    }
}

/// The customer withdraws before paying: no new prepay; WeChat is asked about a running one before the things are freed.
///
/// # Errors
/// `order.already_paid` when it was placed meanwhile: then it is to be cancelled.
pub fn abandon(cx: &Cx, tx: &mut Tx, id: Id<Order>) -> Result<Order> {
    let mut order = store::order(tx, id)?;
    match order.state {
        State::Open => {
            lapse(cx, tx, &mut order, Ending::Withdrawn)?;
            Ok(order)
        }
        State::Closing | State::Closed => Ok(order),
        State::Placed | State::Fulfilled | State::Cancelled => Err(Refusal::Paid.into()),
    }
}

/// The deadline passed. Does nothing when the order has moved on from `version`.
pub fn expire(cx: &Cx, tx: &mut Tx, id: Id<Order>, version: i64) -> Result<()> {
    let mut order = store::order(tx, id)?;
    if order.version == version && order.state == State::Open {
        lapse(cx, tx, &mut order, Ending::Deadline)?;
    }
    Ok(())
}

/// Cancels a placed order: what is paid beyond `kept` goes back. Only a customer's cancellation keeps anything, and never
/// more than was paid.
///
/// # Errors
/// `order.not_placed`.
pub fn cancel(cx: &Cx, tx: &mut Tx, id: Id<Order>, by: By, kept: Money, reason: &str) -> Result<Order> {
    let mut order = store::order(tx, id)?;
    match order.state {
        State::Cancelled => return Ok(order),
        State::Placed => {}
        _ => return Err(Refusal::NotPlaced.into()),
    }
    let paid = paid(tx, id)?;
    order.kept = if by == By::Customer {
        kept.min(paid)
    } else {
        Money::ZERO
    };
    store::step(cx, tx, &mut order, Step::Cancel, reason)?;
    earn(cx, tx, &mut order, "kept")?;
    let given = paid - order.kept;
    let refund = give_back_fairly(cx, tx, &order, given, reason)?;
    let lines = things(tx, id)?;
    tx.emit(
        cx,
        &Cancelled {
            order: id,
            lines,
            by,
            kept: order.kept,
            refund,
        },
    )?;
    Ok(order)
}

/// All lines are done: the shop has earned what was paid.
///
/// # Errors
/// `order.not_placed`.
pub fn fulfil(cx: &Cx, tx: &mut Tx, id: Id<Order>) -> Result<Order> {
    let mut order = store::order(tx, id)?;
    match order.state {
        State::Fulfilled => return Ok(order),
        State::Placed => {}
        _ => return Err(Refusal::NotPlaced.into()),
    }
    store::step(cx, tx, &mut order, Step::Fulfil, "")?;
    // The version is part of the key: an order that was opened again is earned again.
    let key = format!("fulfilled {}", order.version);
    earn(cx, tx, &mut order, &key)?;
    Ok(order)
}

/// A closed order lives again: it was paid late, and the owner of its things has claimed them anew in this transaction.
///
/// # Errors
/// `order.not_covered` when the money is not there (any more); `order.not_placed` when the order ended otherwise.
pub fn revive(cx: &Cx, tx: &mut Tx, id: Id<Order>) -> Result<Order> {
    let mut order = store::order(tx, id)?;
    match order.state {
        State::Placed => return Ok(order),
        State::Closed => {}
        _ => return Err(Refusal::NotPlaced.into()),
    }
    if paid(tx, id)? + again_for(tx, &order)? < order.due_now {
        return Err(Refusal::NotCovered.into());
    }
    place(cx, tx, &mut order, Step::Revive)?;
    // What was taken again besides may make it too much.
    settle(cx, tx, id)?;
    store::order(tx, id)
}

/// All money on a dead order goes back. Does nothing on a living one, or when nothing is there.
pub fn give_back(cx: &Cx, tx: &mut Tx, id: Id<Order>) -> Result<()> {
    let order = store::order(tx, id)?;
    if !matches!(order.state, State::Closed | State::Cancelled) {
        return Ok(());
    }
    let surplus = paid(tx, id)? - order.kept;
    if surplus > Money::ZERO {
        give_back_surplus(cx, tx, &order, surplus)
    } else {
        Ok(())
    }
}

/// The order, if it is the asking customer's own.
pub fn own(cx: &Cx, tx: &mut Tx, id: Id<Order>) -> Result<Order> {
    let customer = cx.customer()?;
    let order = store::order(tx, id)?;
    if order.customer == customer {
        Ok(order)
    } else {
        Err(Error::NotFound)
    }
}

/// What payments know an order by.
pub fn purpose(id: Id<Order>) -> Purpose {
    Purpose::new("order", id.raw())
}

fn place(cx: &Cx, tx: &mut Tx, order: &mut Order, step: Step) -> Result<()> {
    store::step(cx, tx, order, step, "")?;
    tender::commit_all(cx, tx, order.id)?;
    tender::take_again(cx, tx, order.id)?;
    let lines = things(tx, order.id)?;
    tx.emit(
        cx,
        &Placed {
            order: order.id,
            lines,
        },
    )
}

fn lapse(cx: &Cx, tx: &mut Tx, order: &mut Order, ending: Ending) -> Result<()> {
    order.ending = Some(ending);
    store::step(cx, tx, order, Step::Lapse, ending.code())?;
    if payment::end(cx, tx, &purpose(order.id))? {
        // Nobody can pay any more. What was paid up to now decides.
        settle(cx, tx, order.id)?;
        *order = store::order(tx, order.id)?;
    }
    Ok(())
}

fn close(cx: &Cx, tx: &mut Tx, order: &mut Order) -> Result<()> {
    store::step(cx, tx, order, Step::Close, "")?;
    tender::release_all(cx, tx, order.id)?;
    let lines = things(tx, order.id)?;
    let reason = order.ending.unwrap_or(Ending::Deadline);
    tx.emit(
        cx,
        &Closed {
            order: order.id,
            lines,
            reason,
        },
    )
}

/// What other tenders could give a closed order again.
fn again_for(tx: &mut Tx, order: &Order) -> Result<Money> {
    if order.state != State::Closed {
        return Ok(Money::ZERO);
    }
    let again = tender::again(tx, order.id)?;
    Ok(again.iter().map(|taking| taking.amount).sum())
}

fn things(tx: &mut Tx, id: Id<Order>) -> Result<Vec<Thing>> {
    Ok(store::lines(tx, id)?.iter().map(Thing::from).collect())
}
