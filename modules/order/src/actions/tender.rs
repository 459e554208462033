//! Every way to pay but WeChat: an account of the ledger that gives. Cash gives from the drawer of the desk; stored value will
//! give from the customer's account, and what it asks of this module is the same: reserve, commit, release, give back.

use db::Tx;
use kernel::{Cx, Error, Id, Money, Result, Shop};
use ledger::{Account, Kind, Transfer};

use super::{Refusal, holding, paid, purpose, settle};
use crate::{
    jobs,
    model::{Order, Return, State, Taken, Taking, Tender},
    store,
};

/// Which account pays, and by which tender.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Source<'a> {
    /// The tender.
    pub tender: Tender,
    /// The account of the ledger that gives. It is debited; one that must be covered refuses what it does not hold.
    pub account: Account<'a>,
}

impl Source<'_> {
    /// The drawer of a shop's desk.
    pub fn cash(shop: Id<Shop>) -> Source<'static> {
        Source {
            tender: Tender::Cash,
            account: Account::money("shop", shop.raw(), Kind::Cash),
        }
    }
}

/// Reserves a part of an open order: it counts as covered, WeChat is asked for less. It is committed when the order is
/// placed, which happens at once when nothing else is due, and released when the order closes.
///
/// # Errors
/// `order.expired` when the order is not open; `order.too_much` for more than is still owed; `ledger.not_covered` when the
/// account does not hold it.
pub fn reserve(cx: &Cx, tx: &mut Tx, id: Id<Order>, source: &Source, amount: Money) -> Result<Id<Taking>> {
    let order = store::order(tx, id)?;
    if order.state != State::Open {
        return Err(Refusal::Expired.into());
    }
    let taking = begin(cx, tx, &order, source, amount)?;
    settle(cx, tx, id)?;
    Ok(taking)
}

/// Frees what is reserved of an open order: WeChat is asked for it again. A second time is success without effect.
///
/// # Errors
/// `order.not_reserved` when the order has it already.
pub fn release(cx: &Cx, tx: &mut Tx, id: Id<Taking>) -> Result<()> {
    let taking = store::taking(tx, id)?;
    match taking.state {
        Taken::Released => Ok(()),
        Taken::Committed => Err(Refusal::NotReserved.into()),
        Taken::Reserved => {
            let order = store::order(tx, taking.order)?;
            free(cx, tx, &taking)?;
            let mut matrix = store::matrix(tx, order.id)?;
            matrix.shift(taking.tender, Tender::WeChat, taking.amount);
            store::save_matrix(tx, order.id, &matrix)?;
            end_stale_attempt(cx, tx, order.id)
        }
    }
}

/// Takes a part of an order for good: what is due of an open one, the rest of a placed or fulfilled one.
///
/// # Errors
/// `order.expired` when the order is closing or closed, `order.already_paid` when it was cancelled; else as [`reserve`].
pub fn take(cx: &Cx, tx: &mut Tx, id: Id<Order>, source: &Source, amount: Money) -> Result<Id<Taking>> {
    let order = store::order(tx, id)?;
    match order.state {
        State::Open | State::Placed | State::Fulfilled => {}
        State::Cancelled => return Err(Refusal::Paid.into()),
        State::Closing | State::Closed => return Err(Refusal::Expired.into()),
    }
    let taking = begin(cx, tx, &order, source, amount)?;
    let begun = store::taking(tx, taking)?;
    commit(cx, tx, &begun)?;
    settle(cx, tx, id)?;
    Ok(taking)
}

/// The desk takes cash. The same key again takes it once.
///
/// # Errors
/// As [`take`]; `NotFound` for another shop's order.
pub fn take_cash(cx: &Cx, tx: &mut Tx, id: Id<Order>, key: &str, amount: Money) -> Result<Order> {
    let order = at_desk(cx, tx, id)?;
    let fingerprint = format!("cash {id} {amount}");
    tx.once(cx, key, &fingerprint, |tx| {
        take(cx, tx, id, &Source::cash(order.shop), amount)
    })?;
    store::order(tx, id)
}

/// A return has been handed over: it is in the account again that it came from. A second time is success without effect.
///
/// # Errors
/// `NotFound` for another shop's.
pub fn hand_over(cx: &Cx, tx: &mut Tx, id: Id<Return>) -> Result<Return> {
    let due = store::return_of(tx, id)?;
    at_desk(cx, tx, due.order)?;
    if store::hand_over(cx, tx, id)? {
        let taking = store::taking(tx, due.taking)?;
        ledger::transfer(
            cx,
            tx,
            &Transfer {
                debit: Account::money("order", due.order.raw(), Kind::Refunding),
                credit: account_of(&taking),
                amount: due.amount,
                cause: ("return", id.raw()),
                key: "handed",
            },
        )?;
    }
    store::return_of(tx, id)
}

/// The customer wants to pay the rest now, through WeChat: from here on it is due.
///
/// # Errors
/// `order.already_paid` when nothing is left; `NotFound` for another customer's order.
pub fn ask_rest(cx: &Cx, tx: &mut Tx, id: Id<Order>) -> Result<Order> {
    let mut order = super::own(cx, tx, id)?;
    if order.rest(paid(tx, id)?) == Money::ZERO {
        return Err(Refusal::Paid.into());
    }
    let all = order.total - order.waived;
    if order.due_now < all {
        order.due_now = all;
        store::save_money(cx, tx, &mut order, "rest_asked", "")?;
    }
    Ok(order)
}

/// The order, for the staff of its shop and for the centre.
pub(crate) fn at_desk(cx: &Cx, tx: &mut Tx, id: Id<Order>) -> Result<Order> {
    let order = store::order(tx, id)?;
    cx.shop_named(order.shop)?;
    Ok(order)
}

/// The order is placed: what was reserved is its own now.
pub(super) fn commit_all(cx: &Cx, tx: &mut Tx, order: Id<Order>) -> Result<()> {
    for taking in store::takings(tx, order)? {
        if taking.state == Taken::Reserved {
            commit(cx, tx, &taking)?;
        }
    }
    Ok(())
}

/// The order closes: what was reserved is free again.
pub(super) fn release_all(cx: &Cx, tx: &mut Tx, order: Id<Order>) -> Result<()> {
    for taking in store::takings(tx, order)? {
        if taking.state == Taken::Reserved {
            free(cx, tx, &taking)?;
        }
    }
    Ok(())
}

/// Gives back `amount` of what one tender took, the latest taking first. A person hands it over: [`hand_over`].
pub(super) fn give_back(
    cx: &Cx,
    tx: &mut Tx,
    order: &Order,
    tender: Tender,
    amount: Money,
    reason: &str,
) -> Result<()> {
    let mut left = amount;
    for taking in store::takings(tx, order.id)?.iter().rev() {
        let part = left.min(taking.left());
        if taking.tender != tender || taking.state != Taken::Committed || part == Money::ZERO {
            continue;
        }
        let due = Return {
            id: cx.id(),
            order: order.id,
            taking: taking.id,
            amount: part,
            reason: reason.to_owned(),
            asked_at: cx.now(),
            handed_at: None,
        };
        if !store::count_return(tx, taking.id, part)? {
            return Err(Refusal::Changed.into());
        }
        store::add_return(cx, tx, order.shop, &due)?;
        ledger::transfer(
            cx,
            tx,
            &Transfer {
                debit: Account::money("order", order.id.raw(), Kind::Paid),
                credit: Account::money("order", order.id.raw(), Kind::Refunding),
                amount: part,
                cause: ("return", due.id.raw()),
                key: "decided",
            },
        )?;
        left -= part;
    }
    if left > Money::ZERO {
        return Err(Error::fault(format!(
            "{left} more would go back than {tender} gave"
        )));
    }
    Ok(())
}

fn begin(cx: &Cx, tx: &mut Tx, order: &Order, source: &Source, amount: Money) -> Result<Id<Taking>> {
    let before = holding(tx, order.id)?.paid;
    if amount <= Money::ZERO || amount > order.owed() - before {
        return Err(Refusal::TooMuch.into());
    }
    let id = cx.id();
    let taking = Taking {
        id,
        order: order.id,
        tender: source.tender,
        owner_kind: source.account.owner_kind.to_owned(),
        owner: source.account.owner_id,
        account: source.account.kind,
        amount,
        returned: Money::ZERO,
        state: Taken::Reserved,
        at: cx.now(),
    };
    store::add_taking(cx, tx, &taking)?;
    ledger::reserve(
        cx,
        tx,
        &Transfer {
            debit: source.account,
            credit: Account::money("order", order.id.raw(), Kind::Paid),
            amount,
            cause: ("taking", id.raw()),
            key: "taken",
        },
        None,
    )?;
    spread(tx, order, source.tender, amount)?;
    let mut order = order.clone();
    order.due_now = order.due_now.max(before + amount + order.refunded);
    store::save_money(cx, tx, &mut order, "taken", source.tender.code())?;
    if order.state == State::Open {
        // The deadline was planned for the version before.
        jobs::plan_deadline(cx, tx, &order)?;
    }
    end_stale_attempt(cx, tx, order.id)?;
    Ok(id)
}

/// Writes the tender into the matrix: first in place of what WeChat was to pay of an open order, then on what nobody pays.
fn spread(tx: &mut Tx, order: &Order, tender: Tender, amount: Money) -> Result<()> {
    let mut matrix = store::matrix(tx, order.id)?;
    let planned = match order.state {
        State::Open => matrix.column(Tender::WeChat).min(amount),
        _ => Money::ZERO,
    };
    matrix.shift(Tender::WeChat, tender, planned);
    matrix.cover(tender, amount - planned);
    store::save_matrix(tx, order.id, &matrix)
}

/// A sheet that still asks for the old amount is ended; the next one asks for what is left.
pub(super) fn end_stale_attempt(cx: &Cx, tx: &mut Tx, order: Id<Order>) -> Result<()> {
    payment::end(cx, tx, &purpose(order)).map(drop)
}

fn commit(cx: &Cx, tx: &mut Tx, taking: &Taking) -> Result<()> {
    if store::end_taking(tx, taking.id, Taken::Committed)? {
        ledger::commit(cx, tx, ("taking", taking.id.raw()), "taken", taking.amount)?;
    }
    Ok(())
}

fn free(cx: &Cx, tx: &mut Tx, taking: &Taking) -> Result<()> {
    if store::end_taking(tx, taking.id, Taken::Released)? {
        ledger::release(cx, tx, ("taking", taking.id.raw()), "taken")?;
    }
    Ok(())
}

fn account_of(taking: &Taking) -> Account<'_> {
    Account::money(&taking.owner_kind, taking.owner, taking.account)
}
