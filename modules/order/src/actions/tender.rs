//! Every way to pay but WeChat: an account of the ledger that gives. Cash gives from the drawer of the desk, stored value,
//! points and coupons from accounts that their modules fill. What they ask of this module is the same: reserve, commit,
//! release; how each goes back stands in `back.rs`.

use db::Tx;
use kernel::{Cx, Id, Money, Result, Shop};
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
    tender: Tender,
    /// It is debited; one that must be covered refuses what it does not hold.
    account: Account<'a>,
}

impl<'a> Source<'a> {
    /// The drawer of a shop's desk.
    pub const fn cash(shop: Id<Shop>) -> Source<'static> {
        Source::new(Tender::Cash, ("shop", shop.raw()), Kind::Cash)
    }

    /// Stored value of an owner such as a card: money that the customer paid before. Principal and bonus are two owners
    /// and two takings.
    pub const fn value(owner: (&'a str, i64)) -> Source<'a> {
        Source::new(Tender::Value, owner, Kind::Value)
    }

    /// What the points of an owner such as a member are worth: an account in fen that their module fills from what the
    /// shop gives away ([`Kind::Discounts`]) as it takes the points, and empties as it gives them back ([`crate::Returned`]).
    pub const fn points(owner: (&'a str, i64)) -> Source<'a> {
        Source::new(Tender::Points, owner, Kind::Points)
    }

    /// What a coupon may pay, filled by its module from what the shop gives away ([`Kind::Discounts`]).
    pub const fn coupon(owner: (&'a str, i64)) -> Source<'a> {
        Source::new(Tender::Coupon, owner, Kind::Coupon)
    }

    const fn new(tender: Tender, (owner_kind, owner): (&'a str, i64), kind: Kind) -> Source<'a> {
        Source {
            tender,
            account: Account::money(owner_kind, owner, kind),
        }
    }

    /// The account that gives.
    pub const fn account(&self) -> Account<'a> {
        self.account
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
        Taken::Released | Taken::Lapsed => Ok(()),
        Taken::Committed | Taken::Restored => Err(Refusal::NotReserved.into()),
        Taken::Reserved => {
            let order = store::order(tx, taking.order)?;
            free(cx, tx, &taking, Taken::Released)?;
            let mut matrix = store::matrix(tx, order.id)?;
            matrix.stand_in(taking.tender, -taking.amount);
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

/// The order closes: what was reserved is free again, and is taken again if the order is revived.
pub(super) fn release_all(cx: &Cx, tx: &mut Tx, order: Id<Order>) -> Result<()> {
    for taking in store::takings(tx, order)? {
        if taking.state == Taken::Reserved {
            free(cx, tx, &taking, Taken::Lapsed)?;
        }
    }
    Ok(())
}

/// What the accounts of a closed order's takings could give again: each one whole, or not at all. Cash is in somebody's
/// hand, so the books cannot tell.
pub(super) fn again(tx: &mut Tx, order: Id<Order>) -> Result<Vec<Taking>> {
    let mut there = Vec::new();
    let mut left: Vec<(Account, Money)> = Vec::new();
    let lapsed = store::takings(tx, order)?;
    for taking in lapsed.iter().filter(|taking| taking.state == Taken::Lapsed) {
        let account = account_of(taking);
        if taking.tender == Tender::Cash {
            continue;
        }
        let place = match left.iter().position(|(known, _)| *known == account) {
            Some(place) => place,
            None => {
                left.push((account, ledger::available(tx, account)?));
                left.len() - 1
            }
        };
        if left[place].1 >= taking.amount {
            left[place].1 -= taking.amount;
            there.push(taking.clone());
        }
    }
    Ok(there)
}

/// A closed order lives again: what its other tenders held for it is taken again; what is not there any more WeChat has
/// paid in its place.
pub(super) fn take_again(cx: &Cx, tx: &mut Tx, order: Id<Order>) -> Result<()> {
    let there: Vec<Id<Taking>> = again(tx, order)?.iter().map(|taking| taking.id).collect();
    let lapsed = store::takings(tx, order)?;
    for taking in lapsed.iter().filter(|taking| taking.state == Taken::Lapsed) {
        if there.contains(&taking.id) {
            if store::end_taking(tx, taking.id, (Taken::Lapsed, Taken::Committed))? {
                ledger::transfer(cx, tx, &given(taking, "taken again"))?;
            }
        } else if store::end_taking(tx, taking.id, (Taken::Lapsed, Taken::Released))? {
            let mut matrix = store::matrix(tx, order)?;
            matrix.stand_in(taking.tender, -taking.amount);
            store::save_matrix(tx, order, &matrix)?;
        }
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
    ledger::reserve(cx, tx, &given(&taking, "taken"), None)?;
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

/// Writes the tender into the matrix: on an open order in place of what WeChat was to pay and then on what nobody pays, on
/// a placed one on what nobody pays.
fn spread(tx: &mut Tx, order: &Order, tender: Tender, amount: Money) -> Result<()> {
    let mut matrix = store::matrix(tx, order.id)?;
    match order.state {
        State::Open => matrix.stand_in(tender, amount),
        _ => matrix.cover(tender, amount),
    }
    store::save_matrix(tx, order.id, &matrix)
}

/// A sheet that still asks for the old amount is ended; the next one asks for what is left.
pub(super) fn end_stale_attempt(cx: &Cx, tx: &mut Tx, order: Id<Order>) -> Result<()> {
    payment::end(cx, tx, &purpose(order)).map(drop)
}

fn commit(cx: &Cx, tx: &mut Tx, taking: &Taking) -> Result<()> {
    if store::end_taking(tx, taking.id, (Taken::Reserved, Taken::Committed))? {
        ledger::commit(cx, tx, ("taking", taking.id.raw()), "taken", taking.amount)?;
    }
    Ok(())
}

fn free(cx: &Cx, tx: &mut Tx, taking: &Taking, to: Taken) -> Result<()> {
    if store::end_taking(tx, taking.id, (Taken::Reserved, to))? {
        ledger::release(cx, tx, ("taking", taking.id.raw()), "taken")?;
    }
    Ok(())
}

/// The way of a taking's amount from its account to its order.
fn given<'a>(taking: &'a Taking, key: &'a str) -> Transfer<'a> {
    Transfer {
        debit: account_of(taking),
        credit: Account::money("order", taking.order.raw(), Kind::Paid),
        amount: taking.amount,
        cause: ("taking", taking.id.raw()),
        key,
    }
}

/// The account that gave, or is to give, a taking.
pub(super) fn account_of(taking: &Taking) -> Account<'_> {
    Account::money(&taking.owner_kind, taking.owner, taking.account)
}
