mod money;

use db::{Row, Tx, params};
use kernel::{Customer, Cx, Error, Id, Result, Shop};

pub(crate) use money::*;

use crate::{
    actions::Refusal,
    model::{Line, Order, Recorded, State, Step},
};

// One list of columns for every way of finding orders.
macro_rules! orders {
    ($rest:literal) => {
        concat!(
            "SELECT o.id, o.number, o.shop_id, o.customer_id, o.title, o.page, o.state, o.total, o.due_now, o.kept,
                    o.deadline, o.policy, o.ending, o.opened_at, o.placed_at, o.ended_at, o.version, o.refunded, o.waived, o.earned,
                    o.deposit
               FROM order_order o ",
            $rest
        )
    };
}

pub(crate) fn order(tx: &mut Tx, id: Id<Order>) -> Result<Order> {
    tx.one(orders!("WHERE o.id = $1"), params![id], read)
}

/// The newest order that has a line for this thing.
pub(crate) fn of_thing(tx: &mut Tx, module: &str, thing: i64) -> Result<Option<Order>> {
    tx.maybe(
        orders!(
            "JOIN order_line l ON l.order_id = o.id
             WHERE l.module = $1 AND l.thing_id = $2 ORDER BY o.id DESC LIMIT 1"
        ),
        params![module, thing],
        read,
    )
}

/// A customer's orders, the newest first.
pub(crate) fn of_customer(tx: &mut Tx, customer: Id<Customer>, limit: i64) -> Result<Vec<Order>> {
    tx.all(
        orders!("WHERE o.customer_id = $1 ORDER BY o.id DESC LIMIT $2"),
        params![customer, limit],
        read,
    )
}

/// A shop's orders, the newest first.
pub(crate) fn of_shop(tx: &mut Tx, shop: Id<Shop>, limit: i64) -> Result<Vec<Order>> {
    tx.all(
        orders!("WHERE o.shop_id = $1 ORDER BY o.id DESC LIMIT $2"),
        params![shop, limit],
        read,
    )
}

/// A shop's orders before one of them, the newest first.
pub(crate) fn page_of_shop(
    tx: &mut Tx,
    shop: Id<Shop>,
    before: Option<Id<Order>>,
    limit: i64,
) -> Result<Vec<Order>> {
    tx.all(
        orders!("WHERE o.shop_id = $1 AND o.id < $2 ORDER BY o.id DESC LIMIT $3"),
        params![shop, before.map_or(i64::MAX, Id::raw), limit],
        read,
    )
}

/// Forgets what was answered when an order was made; that something was asked stays.
pub(crate) fn forget_answers(tx: &mut Tx, id: Id<Order>) -> Result<()> {
    tx.run(
        "UPDATE order_answer SET value = '' WHERE order_id = $1",
        params![id],
    )?;
    Ok(())
}

/// The orders of a shop that the desk may have something to do with: not yet paid, placed, or done but not paid in full.
pub(crate) fn at_work(tx: &mut Tx, shop: Id<Shop>) -> Result<Vec<Order>> {
    tx.all(
        orders!(
            "WHERE o.shop_id = $1 AND (o.state IN ('open', 'placed')
                    OR (o.state = 'fulfilled' AND o.earned < o.total - o.waived - o.refunded))
             ORDER BY o.id DESC LIMIT 500"
        ),
        params![shop],
        read,
    )
}

/// The newest orders of all shops.
pub(crate) fn newest(tx: &mut Tx, limit: i64) -> Result<Vec<Order>> {
    tx.all(orders!("ORDER BY o.id DESC LIMIT $1"), params![limit], read)
}

/// Adds an order; false when its number is taken.
pub(crate) fn add(cx: &Cx, tx: &mut Tx, order: &Order) -> Result<bool> {
    let added = tx.run(
        "INSERT INTO order_order (id, number, shop_id, customer_id, title, page, state, total, due_now, kept, deadline,
                                  policy, opened_at, version, deposit)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11, $12, $13, $14)
         ON CONFLICT (number) DO NOTHING",
        params![
            order.id,
            &order.number,
            order.shop,
            order.customer,
            &order.title,
            &order.page,
            order.state.code(),
            order.total,
            order.due_now,
            order.deadline,
            serde_json::to_string(&order.policy)?,
            order.opened_at,
            order.version,
            order.deposit
        ],
    )?;
    if added == 1 {
        note(cx, tx, order, "open", "")?;
    }
    Ok(added == 1)
}

pub(crate) fn add_line(tx: &mut Tx, order: Id<Order>, position: i64, line: &Line) -> Result<()> {
    tx.run(
        "INSERT INTO order_line (id, order_id, position, module, thing_id, title, starts_at, minutes, amount)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            line.id,
            order,
            position,
            &line.module,
            line.thing,
            &line.title,
            line.starts_at,
            line.minutes,
            line.amount
        ],
    )?;
    Ok(())
}

/// The lines of an order, in its order.
pub(crate) fn lines(tx: &mut Tx, order: Id<Order>) -> Result<Vec<Line>> {
    tx.all(
        "SELECT id, module, thing_id, title, starts_at, minutes, amount, dropped_at FROM order_line
          WHERE order_id = $1 ORDER BY position",
        params![order],
        |row| {
            Ok(Line {
                id: row.get(0)?,
                module: row.get(1)?,
                thing: row.get(2)?,
                title: row.get(3)?,
                starts_at: row.get(4)?,
                minutes: row.get(5)?,
                amount: row.get(6)?,
                dropped_at: row.get(7)?,
            })
        },
    )
}

/// Takes a step: guard, compare-and-set, step row. The order's other fields that may change are saved with it.
pub(crate) fn step(cx: &Cx, tx: &mut Tx, order: &mut Order, step: Step, reason: &str) -> Result<()> {
    let Some(next) = order.state.after(step) else {
        return Err(Error::Fault(anyhow::anyhow!(
            "order {} is {}, {step} is not possible",
            order.id,
            order.state
        )));
    };
    match next {
        State::Placed => {
            let placed_at = order.placed_at.unwrap_or(cx.now());
            (order.placed_at, order.ended_at, order.ending) = (Some(placed_at), None, None);
        }
        State::Fulfilled | State::Cancelled | State::Closed => order.ended_at = Some(cx.now()),
        State::Open | State::Closing => {}
    }
    let saved = tx.run(
        "UPDATE order_order
            SET state = $3, kept = $4, ending = $5, placed_at = $6, ended_at = $7, version = version + 1
          WHERE id = $1 AND version = $2",
        params![
            order.id,
            order.version,
            next.code(),
            order.kept,
            order.ending.map(|ending| ending.code()),
            order.placed_at,
            order.ended_at
        ],
    )?;
    if saved == 0 {
        return Err(Refusal::Changed.into());
    }
    order.state = next;
    order.version += 1;
    note(cx, tx, order, step.code(), reason)
}

/// Keeps what has changed about an order's money while its state stays, with a step row.
pub(crate) fn save_money(cx: &Cx, tx: &mut Tx, order: &mut Order, step: &str, reason: &str) -> Result<()> {
    let saved = tx.run(
        "UPDATE order_order SET due_now = $3, refunded = $4, waived = $5, earned = $6, version = version + 1
          WHERE id = $1 AND version = $2",
        params![
            order.id,
            order.version,
            order.due_now,
            order.refunded,
            order.waived,
            order.earned
        ],
    )?;
    if saved == 0 {
        return Err(Refusal::Changed.into());
    }
    order.version += 1;
    note(cx, tx, order, step, reason)
}

/// Keeps the page of an order that is its own page.
pub(crate) fn save_page(tx: &mut Tx, order: &Order) -> Result<()> {
    tx.run(
        "UPDATE order_order SET page = $2 WHERE id = $1",
        params![order.id, &order.page],
    )?;
    Ok(())
}

/// Keeps what the shop has earned of an order whose state was saved in the same transaction.
pub(crate) fn save_earned(tx: &mut Tx, order: &Order) -> Result<()> {
    tx.run(
        "UPDATE order_order SET earned = $2 WHERE id = $1",
        params![order.id, order.earned],
    )?;
    Ok(())
}

/// Keeps what an order costs and what is kept of it, where its version was saved in the same transaction.
pub(crate) fn save_sums(tx: &mut Tx, order: &Order) -> Result<()> {
    tx.run(
        "UPDATE order_order SET total = $2, kept = $3 WHERE id = $1",
        params![order.id, order.total, order.kept],
    )?;
    Ok(())
}

/// What happened to an order, the first first.
pub(crate) fn steps(tx: &mut Tx, order: Id<Order>) -> Result<Vec<Recorded>> {
    tx.all(
        "SELECT step, actor, reason, at FROM order_step WHERE order_id = $1 ORDER BY version, id",
        params![order],
        |row| {
            Ok(Recorded {
                step: row.get(0)?,
                actor: row.get(1)?,
                reason: row.get(2)?,
                at: row.get(3)?,
            })
        },
    )
}

fn note(cx: &Cx, tx: &mut Tx, order: &Order, step: &str, reason: &str) -> Result<()> {
    tx.run(
        "INSERT INTO order_step (id, order_id, step, actor, reason, at, version) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![cx.id::<Step>(), order.id, step, cx.actor().to_string(), reason, cx.now(), order.version],
    )?;
    Ok(())
}

fn read(row: &Row) -> Result<Order> {
    Ok(Order {
        id: row.get(0)?,
        number: row.get(1)?,
        shop: row.get(2)?,
        customer: row.get(3)?,
        title: row.get(4)?,
        page: row.get(5)?,
        state: row.code(6)?,
        total: row.get(7)?,
        due_now: row.get(8)?,
        kept: row.get(9)?,
        deadline: row.get(10)?,
        policy: serde_json::from_str(&row.get::<String>(11)?)?,
        ending: row.code_opt(12)?,
        opened_at: row.get(13)?,
        placed_at: row.get(14)?,
        ended_at: row.get(15)?,
        version: row.get(16)?,
        refunded: row.get(17)?,
        waived: row.get(18)?,
        earned: row.get(19)?,
        deposit: row.get(20)?,
    })
}
