//! A thing of a placed order becomes another one: another time, another service, another price.

use db::Tx;
use kernel::{Cx, Error, Id, Instant, Minutes, Money, Result};

use super::{Refusal, send_back, tender};
use crate::{
    model::{GivenBack, Order, State, coming_back},
    store,
};

/// What a thing of an order becomes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changed {
    /// What it is called.
    pub title: String,
    /// When it takes place.
    pub starts_at: Option<Instant>,
    /// How long it takes.
    pub minutes: Minutes,
    /// What it costs more than before; less than nothing when it is cheaper.
    pub dearer: Money,
}

/// Changes the line of a thing of a placed order. What it costs more is due later, like every rest. What it costs
/// less falls away where nobody has paid it yet; the remainder goes back from the line's own row, by each tender in
/// proportion to what it paid. Answers what comes back to the customer.
///
/// # Errors
/// `order.not_placed`; `NotFound` when the order has no line for the thing; those of [`payment::refund`].
pub fn change_line(
    cx: &Cx,
    tx: &mut Tx,
    id: Id<Order>,
    (module, thing): (&str, i64),
    to: &Changed,
) -> Result<Money> {
    let mut order = store::order(tx, id)?;
    if order.state != State::Placed {
        return Err(Refusal::NotPlaced.into());
    }
    let lines = store::lines(tx, id)?;
    let is_it =
        |line: &&crate::Line| line.module == module && line.thing == thing && line.dropped_at.is_none();
    let mut line = lines.iter().find(is_it).ok_or(Error::NotFound)?.clone();
    let mut matrix = store::matrix(tx, id)?;
    let (asked, parts) = matrix.reprice(line.id, to.dearer);
    let given: Money = parts.iter().map(|part| part.1).sum();
    if order.title == line.title {
        order.title.clone_from(&to.title);
    }
    line.title.clone_from(&to.title);
    (line.starts_at, line.minutes) = (to.starts_at, to.minutes);
    line.amount += asked;
    order.total += asked;
    order.refunded += given;
    store::save_line(tx, &line)?;
    store::save_matrix(tx, id, &matrix)?;
    store::save_total(tx, &order)?;
    store::save_money(cx, tx, &mut order, "change_line", &to.title)?;
    if asked != Money::ZERO {
        tender::end_stale_attempt(cx, tx, id)?;
    }
    if given > Money::ZERO {
        let record = GivenBack {
            line: line.id,
            amount: given,
            kept: matrix.left_of(line.id),
            reason: "changed".to_owned(),
            at: cx.now(),
        };
        store::add_line_refund(cx, tx, id, &record)?;
        send_back(cx, tx, &order, &parts, "changed")?;
    }
    Ok(coming_back(&parts))
}
