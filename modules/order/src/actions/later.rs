//! What happens to an order after it was placed: a line more, opened again when it was not done, less kept than was.

use db::Tx;
use kernel::{Cx, Id, Money, Result};

use super::{NewLine, Refusal, line::take_back, money::give_back_fairly};
use crate::{
    model::{Line, Order, State, Step},
    store,
};

/// Adds a line to a placed order, such as minutes that the customer stays longer. It is paid later: at the desk, or in the
/// app as the rest of the order.
///
/// # Errors
/// `order.not_placed`.
pub fn add_line(cx: &Cx, tx: &mut Tx, id: Id<Order>, new: &NewLine) -> Result<Line> {
    let mut order = store::order(tx, id)?;
    if order.state != State::Placed {
        return Err(Refusal::NotPlaced.into());
    }
    let position = store::lines(tx, id)?.len();
    let line = Line {
        id: cx.id(),
        module: new.module.to_owned(),
        thing: new.thing,
        title: new.title.clone(),
        starts_at: new.starts_at,
        minutes: new.minutes,
        amount: new.amount,
        dropped_at: None,
    };
    store::add_line(tx, id, i64::try_from(position)?, &line)?;
    order.total += line.amount;
    store::save_money(cx, tx, &mut order, "line_added", &line.title)?;
    store::save_sums(tx, &order)?;
    Ok(line)
}

/// A fulfilled order was not done: it is placed again, and what the shop had earned is the customer's until it is. An order
/// that is placed already stays as it is.
///
/// # Errors
/// `order.not_placed`.
pub fn reopen(cx: &Cx, tx: &mut Tx, id: Id<Order>, reason: &str) -> Result<Order> {
    let mut order = store::order(tx, id)?;
    match order.state {
        State::Placed => return Ok(order),
        State::Fulfilled => {}
        _ => return Err(Refusal::NotPlaced.into()),
    }
    let earned = order.earned;
    order.earned = Money::ZERO;
    store::step(cx, tx, &mut order, Step::Reopen, reason)?;
    store::save_earned(tx, &order)?;
    take_back(cx, tx, &order, earned)?;
    Ok(order)
}

/// Less is kept of a cancelled order than was: the difference goes back the way it came. Answers how much of it comes
/// back to the customer; nothing when no more was kept.
///
/// # Errors
/// `order.not_placed` when the order was not cancelled.
pub fn lower_kept(cx: &Cx, tx: &mut Tx, id: Id<Order>, kept: Money, reason: &str) -> Result<Money> {
    let mut order = store::order(tx, id)?;
    if order.state != State::Cancelled {
        return Err(Refusal::NotPlaced.into());
    }
    let given = order.kept - kept.max(Money::ZERO);
    if given <= Money::ZERO {
        return Ok(Money::ZERO);
    }
    order.kept -= given;
    order.earned -= given;
    store::save_money(cx, tx, &mut order, "kept_lowered", reason)?;
    store::save_sums(tx, &order)?;
    take_back(cx, tx, &order, given)?;
    give_back_fairly(cx, tx, &order, given, reason)
}
