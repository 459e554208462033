//! What is there of an order's money, whatever the tender, and the ways it goes back or becomes the shop's.

use db::Tx;
use kernel::{Cx, Id, Money, Result};
use ledger::{Account, Kind, Transfer};
use payment::{Holding, NewRefund};

use super::{back, purpose};
use crate::{
    model::{Order, State, Taken, Tender, coming_back},
    store,
};

/// What covers an order: paid through WeChat, taken or reserved by other tenders, without what goes back.
pub(crate) fn holding(tx: &mut Tx, id: Id<Order>) -> Result<Holding> {
    let wechat = payment::holding(tx, &purpose(id))?;
    let others: Money = store::takings(tx, id)?.iter().map(|taking| taking.left()).sum();
    Ok(Holding {
        paid: wechat.paid + others,
        live: wechat.live,
    })
}

/// What was paid of an order by all tenders, without what went back or is on its way back.
pub fn paid(tx: &mut Tx, id: Id<Order>) -> Result<Money> {
    Ok(by_tender(tx, id)?.iter().map(|(_, amount)| *amount).sum())
}

/// What each tender paid of an order, without what went back or is on its way back.
pub fn by_tender(tx: &mut Tx, id: Id<Order>) -> Result<Vec<(Tender, Money)>> {
    let mut sums = vec![(Tender::WeChat, payment::paid(tx, &purpose(id))?)];
    for taking in store::takings(tx, id)? {
        if taking.state != Taken::Committed {
            continue;
        }
        match sums.iter_mut().find(|(tender, _)| *tender == taking.tender) {
            Some((_, sum)) => *sum += taking.left(),
            None => sums.push((taking.tender, taking.left())),
        }
    }
    sums.sort_by_key(|(tender, _)| *tender);
    Ok(sums)
}

/// Gives back what is too much: money first, by WeChat as far as it can, which needs no hand; a coupon last.
pub(super) fn give_back_surplus(cx: &Cx, tx: &mut Tx, order: &Order, amount: Money) -> Result<()> {
    let mut left = amount;
    let mut parts = Vec::new();
    for (tender, there) in by_tender(tx, order.id)? {
        let part = left.min(there);
        left -= part;
        parts.push((tender, part));
    }
    // What nobody paid cannot go back: payments refuse it.
    parts[0].1 += left;
    send_back(cx, tx, order, &parts, "surplus")
}

/// Gives back `amount` of a whole order, from each tender in proportion to what it paid. Answers what of it comes back to
/// the customer.
pub(super) fn give_back_fairly(
    cx: &Cx,
    tx: &mut Tx,
    order: &Order,
    amount: Money,
    reason: &str,
) -> Result<Money> {
    let there = by_tender(tx, order.id)?;
    let weights: Vec<i64> = there.iter().map(|(_, paid)| paid.fen()).collect();
    let tenders = there.iter().map(|(tender, _)| *tender);
    let parts: Vec<(Tender, Money)> = tenders.zip(amount.split(&weights)).collect();
    send_back(cx, tx, order, &parts, reason)?;
    Ok(coming_back(&parts))
}

/// Sends money back the way it came.
pub(super) fn send_back(
    cx: &Cx,
    tx: &mut Tx,
    order: &Order,
    parts: &[(Tender, Money)],
    reason: &str,
) -> Result<()> {
    for (by, amount) in parts.iter().filter(|part| part.1 > Money::ZERO) {
        match by {
            Tender::WeChat => {
                let wanted = NewRefund {
                    purpose: purpose(order.id),
                    amount: *amount,
                    // What the customer reads in WeChat: which order it is. Why stands on our own pages.
                    reason: order.title.clone(),
                };
                payment::refund(cx, tx, &wanted)?;
            }
            Tender::Cash | Tender::Value | Tender::Points | Tender::Coupon => {
                back::give_back(cx, tx, order, (*by, *amount), reason)?;
            }
        }
    }
    back::restore_coupons(cx, tx, order)
}

/// What the customer paid becomes the shop's: of a fulfilled order all that it owes, of a cancelled one what is kept.
pub(super) fn earn(cx: &Cx, tx: &mut Tx, order: &mut Order, key: &str) -> Result<()> {
    let due = match order.state {
        State::Fulfilled => paid(tx, order.id)?.min(order.owed()),
        State::Cancelled => order.kept,
        _ => return Ok(()),
    };
    let amount = (due - order.earned).max(Money::ZERO);
    ledger::transfer(
        cx,
        tx,
        &Transfer {
            debit: Account::money("order", order.id.raw(), Kind::Paid),
            credit: Account::money("shop", order.shop.raw(), Kind::Revenue),
            amount,
            cause: ("order", order.id.raw()),
            key,
        },
    )?;
    order.earned += amount;
    store::save_earned(tx, order)
}

/// The rest of an order arrived through WeChat: it is spread over what was open, and earned where the order is done.
pub(super) fn absorb_rest(cx: &Cx, tx: &mut Tx, order: &mut Order) -> Result<()> {
    if matches!(order.state, State::Placed | State::Fulfilled) {
        let mut matrix = store::matrix(tx, order.id)?;
        let new = payment::paid(tx, &purpose(order.id))? - matrix.column(Tender::WeChat);
        let new = new.min(matrix.open());
        if new > Money::ZERO {
            matrix.cover(Tender::WeChat, new);
            store::save_matrix(tx, order.id, &matrix)?;
            store::save_money(cx, tx, order, "rest_paid", Tender::WeChat.code())?;
        }
    }
    if order.state == State::Fulfilled {
        let key = format!("earned {}", order.version);
        earn(cx, tx, order, &key)?;
    }
    Ok(())
}
