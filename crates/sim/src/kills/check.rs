//! What must be found after a death: everything that was acknowledged, once, and no invariant broken.

use std::collections::{HashMap, HashSet};

use sim::kills::{Tables, tables, unsettled};

use crate::{
    Outcome,
    stage::Stage,
    told::{Acknowledged, Told},
    wechat::{Back, Desk, There},
};

/// Everything that is wrong now, in words. Asked while the load goes on: what was acknowledged is read before our tables, and
/// WeChat's books on both sides of them, each for what may only grow.
pub(crate) fn after_a_death(stage: &Stage, wechat: &Desk, told: &Told) -> Outcome<Vec<String>> {
    let (acknowledged, notices) = (told.so_far(), wechat.acknowledged_notices()?);
    let refunds_before = wechat.refunds()?;
    let tables = stage.read(tables)?;
    let orders_after = wechat.orders()?;
    let mut wrong = told.take_wrong();
    wrong.extend(tables.broken.clone());
    wrong.extend(lost(&acknowledged, &tables));
    let in_inbox = |notice: &&String| !tables.notices.contains(*notice);
    wrong.extend(
        notices
            .iter()
            .filter(in_inbox)
            .map(|notice| format!("notice {notice} was acknowledged and is lost")),
    );
    wrong.extend(money(&tables, &orders_after, &refunds_before));
    Ok(wrong)
}

/// What was acknowledged and is not so.
fn lost(acknowledged: &Acknowledged, tables: &Tables) -> Vec<String> {
    let orders: HashMap<&str, &str> = tables
        .orders
        .iter()
        .map(|(id, state, ..)| (id.as_str(), state.as_str()))
        .collect();
    let bookings: HashMap<&str, &str> = tables
        .bookings
        .iter()
        .map(|row| (row.id.as_str(), row.state.as_str()))
        .collect();
    let paid: HashSet<&str> = tables
        .payments
        .iter()
        .filter(|(.., state)| state == "succeeded")
        .map(|(_, order, ..)| order.as_str())
        .collect();
    let mut wrong = Vec::new();
    let mut miss = |what: &str, id: &str| wrong.push(format!("{what} was acknowledged and is lost: {id}"));
    for order in acknowledged
        .booked
        .values()
        .filter(|order| !orders.contains_key(order.as_str()))
    {
        miss("a booking", order);
    }
    for order in acknowledged
        .paid
        .iter()
        .filter(|order| !paid.contains(order.as_str()))
    {
        miss("a payment", order);
    }
    let ended = |order: &&String| {
        !matches!(
            orders.get(order.as_str()),
            Some(&("closing" | "closed" | "cancelled"))
        )
    };
    for order in acknowledged.withdrawn.iter().filter(ended) {
        miss("a withdrawal", order);
    }
    let is = |wanted: &'static str| move |state: Option<&&str>| state == Some(&wanted);
    let (cancelled, declined) = (is("cancelled"), is("declined"));
    for booking in acknowledged
        .cancelled
        .iter()
        .filter(|id| !cancelled(bookings.get(id.as_str())))
    {
        miss("a cancellation", booking);
    }
    for booking in acknowledged
        .declined
        .iter()
        .filter(|id| !declined(bookings.get(id.as_str())))
    {
        miss("a refusal", booking);
    }
    for booking in acknowledged
        .confirmed
        .iter()
        .filter(|id| !tables.confirmed.contains(*id))
    {
        miss("a confirmation", booking);
    }
    wrong
}

/// What we believe of money, WeChat has in its books; what WeChat gives back, we asked for.
fn money(tables: &Tables, orders: &[There], refunds: &[Back]) -> Vec<String> {
    let there: HashMap<&str, &There> = orders
        .iter()
        .map(|order| (order.number.as_str(), order))
        .collect();
    let mut wrong = Vec::new();
    for (number, _, amount, _) in tables.payments.iter().filter(|(.., state)| state == "succeeded") {
        match there.get(number.as_str()) {
            Some(there) if there.is_paid && there.total == amount.fen() => {}
            _ => wrong.push(format!("paid, though the money is not at WeChat ({number})")),
        }
    }
    for back in refunds {
        let ours = tables.refunds.iter().find(|(number, ..)| *number == back.number);
        if ours.is_none_or(|(_, amount, _)| amount.fen() != back.amount) {
            wrong.push(format!(
                "WeChat has a refund that we did not ask for ({})",
                back.number
            ));
        }
    }
    wrong
}

/// What is not settled yet, in words, once the load has ended and time has run on.
pub(crate) fn not_settled(stage: &Stage) -> Outcome<Option<String>> {
    stage.read(unsettled)
}

/// At the end: nothing doubled, and every fen at WeChat is where the order's state says.
pub(crate) fn at_the_end(
    stage: &Stage,
    wechat: &Desk,
    told: &Told,
    before: &HashSet<String>,
) -> Outcome<Vec<String>> {
    let mut wrong = after_a_death(stage, wechat, told)?;
    wrong.extend(not_settled(stage)?);
    let (acknowledged, tables) = (told.so_far(), stage.read(tables)?);
    let known: HashSet<&String> = acknowledged.booked.values().collect();
    for row in tables.bookings.iter().filter(|row| !before.contains(&row.id)) {
        if !known.contains(&row.order) {
            wrong.push(format!("a booking that nobody was told of ({})", row.id));
        }
    }
    let mut of_order: HashMap<&str, usize> = HashMap::new();
    for row in &tables.bookings {
        *of_order.entry(row.order.as_str()).or_default() += 1;
    }
    wrong.extend(
        of_order
            .iter()
            .filter(|(_, count)| **count > 1)
            .map(|(order, _)| format!("two bookings of one order ({order})")),
    );
    wrong.extend(held(&tables, &wechat.orders()?, &wechat.refunds()?));
    Ok(wrong)
}

/// WeChat holds for every order what its state says.
fn held(tables: &Tables, orders: &[There], refunds: &[Back]) -> Vec<String> {
    let order_of: HashMap<&str, &str> = tables
        .payments
        .iter()
        .map(|(number, order, ..)| (number.as_str(), order.as_str()))
        .collect();
    let mut held: HashMap<&str, i64> = HashMap::new();
    let mut wrong = Vec::new();
    for paid in orders.iter().filter(|order| order.is_paid) {
        match order_of.get(paid.number.as_str()) {
            Some(order) => *held.entry(order).or_default() += paid.total,
            None => wrong.push(format!(
                "money at WeChat for a number that we do not know ({})",
                paid.number
            )),
        }
    }
    for back in refunds.iter().filter(|back| back.status != "CLOSED") {
        if let Some(order) = order_of.get(back.order.as_str()) {
            *held.entry(order).or_default() -= back.amount;
        }
    }
    for (order, state, due_now, kept) in &tables.orders {
        // The visitors of the demo's past paid another way.
        let Some(is) = held.get(order.as_str()) else {
            continue;
        };
        let right = match state.as_str() {
            "placed" | "fulfilled" => due_now.fen(),
            "cancelled" => kept.fen(),
            _ => 0,
        };
        if *is != right {
            wrong.push(format!(
                "WeChat holds {is} fen for an order that is {state} and should hold {right} ({order})"
            ));
        }
    }
    wrong
}
