//! Money that goes back for one line of an order, while the others stand.

use db::Tx;
use kernel::{Cx, Error, Id, Money, Result};
use ledger::{Account, Kind, Transfer};

use super::{Refusal, back, earn, paid, send_back, tender, things};
use crate::{
    Cancelled,
    model::{By, GivenBack, Line, Matrix, Order, Row, State, Step, Tender, coming_back},
    store,
};

/// Takes a line off a placed order. By the customer it gives back its own row of the matrix times what the policy
/// leaves of it at this moment; by the shop or the centre all of it. What was not paid of it yet is not asked for any
/// more. When it was the last one the order is cancelled. Answers what comes back to the customer.
///
/// # Errors
/// `order.not_placed`; `NotFound` for a line of another order.
pub fn drop_line(cx: &Cx, tx: &mut Tx, id: Id<Order>, line: Id<Line>, by: By, reason: &str) -> Result<Money> {
    let share = match by {
        By::Customer => {
            let starts_at = found(tx, id, line)?.starts_at;
            store::order(tx, id)?.policy.returned_bp(starts_at, cx.now())
        }
        By::Shop | By::Centre => 10_000,
    };
    drop_line_for(cx, tx, (id, line), by, share, reason)
}

/// The same where whoever owns the thing says which share, in basis points, goes back: what was never promised costs
/// nothing.
///
/// # Errors
/// As [`drop_line`].
pub fn drop_line_for(
    cx: &Cx,
    tx: &mut Tx,
    (id, line): (Id<Order>, Id<Line>),
    by: By,
    share: i64,
    reason: &str,
) -> Result<Money> {
    let order = store::order(tx, id)?;
    if found(tx, id, line)?.dropped_at.is_some() {
        return Ok(Money::ZERO);
    }
    if order.state != State::Placed {
        return Err(Refusal::NotPlaced.into());
    }
    let given = give_back(cx, tx, order, line, (share, reason), true)?;
    if store::lines(tx, id)?.iter().all(|line| line.dropped_at.is_some()) {
        end(cx, tx, id, by, (given, reason))?;
    }
    Ok(given)
}

/// Gives back a share, in basis points, of what is left of a line of a placed or fulfilled order; the line stands. It can
/// be done again: each time the share is taken of what the earlier ones left, so it never exceeds what was paid.
///
/// # Errors
/// `order.not_placed`; `NotFound` for a line of another order; those of [`payment::refund`].
pub fn refund_line(
    cx: &Cx,
    tx: &mut Tx,
    id: Id<Order>,
    line: Id<Line>,
    share: i64,
    reason: &str,
) -> Result<Money> {
    let order = store::order(tx, id)?;
    found(tx, id, line)?;
    if !matches!(order.state, State::Placed | State::Fulfilled) {
        return Err(Refusal::NotPlaced.into());
    }
    give_back(cx, tx, order, line, (share.clamp(0, 10_000), reason), false)
}

pub(super) fn found(tx: &mut Tx, id: Id<Order>, line: Id<Line>) -> Result<Line> {
    let lines = store::lines(tx, id)?;
    lines
        .into_iter()
        .find(|found| found.id == line)
        .ok_or(Error::NotFound)
}

fn give_back(
    cx: &Cx,
    tx: &mut Tx,
    mut order: Order,
    line: Id<Line>,
    (share, reason): (i64, &str),
    dropped: bool,
) -> Result<Money> {
    let mut matrix = store::matrix(tx, order.id)?;
    if dropped {
        order.waived += matrix.drop_line(line);
        store::drop_line(cx, tx, line)?;
        tender::end_stale_attempt(cx, tx, order.id)?;
    }
    let parts = matrix.give_back(line, share);
    let step = if dropped { "drop_line" } else { "refund_line" };
    keep_record(cx, tx, &mut order, (&matrix, line, &parts), (step, reason))?;
    send_back(cx, tx, &order, &parts, reason)?;
    Ok(coming_back(&parts))
}

/// Keeps what a line gives back, and takes of it back from the shop what was earned.
pub(super) fn keep_record(
    cx: &Cx,
    tx: &mut Tx,
    order: &mut Order,
    (matrix, line, parts): (&Matrix, Id<Line>, &[(Tender, Money)]),
    (step, reason): (&str, &str),
) -> Result<()> {
    store::save_matrix(tx, order.id, matrix)?;
    let given: Money = parts.iter().map(|part| part.1).sum();
    let record = GivenBack {
        line,
        amount: given,
        kept: matrix.left_of(line),
        reason: reason.to_owned(),
        at: cx.now(),
    };
    store::add_line_refund(cx, tx, order.id, &record)?;
    order.refunded += given;
    // What a refund that failed was to give back is there again, and still not the shop's.
    let due = (paid(tx, order.id)? - given).min(order.owed());
    let unearned = (order.earned - due).max(Money::ZERO);
    order.earned -= unearned;
    store::save_money(cx, tx, order, step, reason)?;
    take_back(cx, tx, order, unearned)
}

/// What the shop had earned is the customer's again, until it arrives there.
pub(super) fn take_back(cx: &Cx, tx: &mut Tx, order: &Order, amount: Money) -> Result<()> {
    ledger::transfer(
        cx,
        tx,
        &Transfer {
            debit: Account::money("shop", order.shop.raw(), Kind::Revenue),
            credit: Account::money("order", order.id.raw(), Kind::Paid),
            amount,
            cause: ("order", order.id.raw()),
            // The version is part of the key: a line may give back more than once.
            key: &format!("taken back {}", order.version),
        },
    )
    .map(drop)
}

/// No line is left: the order is cancelled, and what the lines kept is the shop's.
fn end(cx: &Cx, tx: &mut Tx, id: Id<Order>, by: By, (given, reason): (Money, &str)) -> Result<()> {
    let mut order = store::order(tx, id)?;
    // Not all that is there: what a refund that failed was to give back still goes back.
    let kept: Money = store::matrix(tx, id)?.rows.iter().map(Row::left).sum();
    order.kept = kept.min(paid(tx, id)?);
    store::step(cx, tx, &mut order, Step::Cancel, reason)?;
    earn(cx, tx, &mut order, "kept")?;
    back::restore_coupons(cx, tx, &order)?;
    let lines = things(tx, id)?;
    tx.emit(
        cx,
        &Cancelled {
            order: id,
            lines,
            by,
            kept: order.kept,
            refund: given,
        },
    )
}
