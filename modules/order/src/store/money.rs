//! The matrix, what other tenders than WeChat gave, and what went back.

use db::{Row as Found, Tx, params};
use kernel::{Cx, Id, Money, Result, Shop};

use payment::Refund;

use crate::model::{Answer, AskedRefund, Cell, GivenBack, Line, Matrix, Order, Return, Row, Taken, Taking};

/// Which tender pays how much of which line.
pub(crate) fn matrix(tx: &mut Tx, order: Id<Order>) -> Result<Matrix> {
    let mut rows = tx.all(
        "SELECT id, amount, dropped_at FROM order_line WHERE order_id = $1 ORDER BY position",
        params![order],
        |row| {
            Ok(Row {
                line: row.get(0)?,
                price: row.get(1)?,
                dropped: row.get::<Option<i64>>(2)?.is_some(),
                cells: Vec::new(),
            })
        },
    )?;
    let cells: Vec<(Id<Line>, Cell)> = tx.all(
        "SELECT line_id, tender, amount, refunded FROM order_allocation WHERE order_id = $1 ",
        params![order],
        |row| {
            let cell = Cell {
                tender: row.code(1)?,
                amount: row.get(2)?,
                refunded: row.get(3)?,
            };
            Ok((row.get(0)?, cell))
        },
    )?;
    for (line, cell) in cells {
        if let Some(row) = rows.iter_mut().find(|row| row.line == line) {
            row.cells.push(cell);
        }
    }
    for row in &mut rows {
        row.cells.sort_by_key(|cell| cell.tender);
    }
    Ok(Matrix { rows })
}

/// Keeps every cell of the matrix.
pub(crate) fn save_matrix(tx: &mut Tx, order: Id<Order>, matrix: &Matrix) -> Result<()> {
    for row in &matrix.rows {
        for cell in &row.cells {
            tx.run(
                "INSERT INTO order_allocation (order_id, line_id, tender, amount, refunded) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (order_id, line_id, tender)
                 DO UPDATE SET amount = excluded.amount, refunded = excluded.refunded",
                params![order, row.line, cell.tender.code(), cell.amount, cell.refunded],
            )?;
        }
    }
    Ok(())
}

/// Notes that a line was taken off.
pub(crate) fn drop_line(cx: &Cx, tx: &mut Tx, line: Id<Line>) -> Result<()> {
    tx.run(
        "UPDATE order_line SET dropped_at = $2 WHERE id = $1 AND dropped_at IS NULL",
        params![line, cx.now()],
    )?;
    Ok(())
}

/// Keeps what a line has become.
pub(crate) fn save_line(tx: &mut Tx, line: &Line) -> Result<()> {
    tx.run(
        "UPDATE order_line SET title = $2, starts_at = $3, minutes = $4, amount = $5 WHERE id = $1",
        params![line.id, &line.title, line.starts_at, line.minutes, line.amount],
    )?;
    Ok(())
}

/// Keeps title and sum of an order whose lines have changed, in the transaction that counts its version.
pub(crate) fn save_total(tx: &mut Tx, order: &Order) -> Result<()> {
    tx.run(
        "UPDATE order_order SET total = $2, title = $3 WHERE id = $1",
        params![order.id, order.total, &order.title],
    )?;
    Ok(())
}

pub(crate) fn add_line_refund(cx: &Cx, tx: &mut Tx, order: Id<Order>, given: &GivenBack) -> Result<()> {
    tx.run(
        "INSERT INTO order_line_refund (id, order_id, line_id, amount, kept, reason, actor, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            cx.id::<GivenBack>(),
            order,
            given.line,
            given.amount,
            given.kept,
            &given.reason,
            cx.actor().to_string(),
            given.at
        ],
    )?;
    Ok(())
}

/// What single lines of an order gave back, the first first.
pub(crate) fn line_refunds(tx: &mut Tx, order: Id<Order>) -> Result<Vec<GivenBack>> {
    tx.all(
        "SELECT line_id, amount, kept, reason, at FROM order_line_refund WHERE order_id = $1 ORDER BY id",
        params![order],
        |row| {
            Ok(GivenBack {
                line: row.get(0)?,
                amount: row.get(1)?,
                kept: row.get(2)?,
                reason: row.get(3)?,
                at: row.get(4)?,
            })
        },
    )
}

pub(crate) fn add_asked(tx: &mut Tx, asked: &AskedRefund) -> Result<()> {
    tx.run(
        "INSERT INTO order_asked_refund (refund_id, order_id, line_id, amount) VALUES ($1, $2, $3, $4)",
        params![asked.refund, asked.order, asked.line, asked.amount],
    )?;
    Ok(())
}

/// What staff asked back of an order, without what was put back.
pub(crate) fn asked(tx: &mut Tx, order: Id<Order>) -> Result<Vec<AskedRefund>> {
    tx.all(
        "SELECT refund_id, order_id, line_id, amount FROM order_asked_refund
          WHERE order_id = $1 AND put_back_at IS NULL ORDER BY refund_id",
        params![order],
        |row| {
            Ok(AskedRefund {
                refund: row.get(0)?,
                order: row.get(1)?,
                line: row.get(2)?,
                amount: row.get(3)?,
            })
        },
    )
}

/// Notes that a refund was put back; false when it was before.
pub(crate) fn end_asked(cx: &Cx, tx: &mut Tx, refund: Id<Refund>) -> Result<bool> {
    let ended = tx.run(
        "UPDATE order_asked_refund SET put_back_at = $2 WHERE refund_id = $1 AND put_back_at IS NULL",
        params![refund, cx.now()],
    )?;
    Ok(ended == 1)
}

pub(crate) fn add_taking(cx: &Cx, tx: &mut Tx, taking: &Taking) -> Result<()> {
    tx.run(
        "INSERT INTO order_taking (id, order_id, tender, owner_kind, owner_id, account, amount, state, actor, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            taking.id,
            taking.order,
            taking.tender.code(),
            &taking.owner_kind,
            taking.owner,
            taking.account.code(),
            taking.amount,
            taking.state.code(),
            cx.actor().to_string(),
            taking.at
        ],
    )?;
    Ok(())
}

/// A taking goes from one state to another; false when it stands otherwise.
pub(crate) fn end_taking(tx: &mut Tx, id: Id<Taking>, (from, to): (Taken, Taken)) -> Result<bool> {
    let ended = tx.run(
        "UPDATE order_taking SET state = $3 WHERE id = $1 AND state = $2",
        params![id, from.code(), to.code()],
    )?;
    Ok(ended == 1)
}

/// What an order took apart from WeChat, the first first.
pub(crate) fn takings(tx: &mut Tx, order: Id<Order>) -> Result<Vec<Taking>> {
    tx.all(
        "SELECT id, order_id, tender, owner_kind, owner_id, account, amount, returned, state, at
           FROM order_taking WHERE order_id = $1 ORDER BY id",
        params![order],
        read_taking,
    )
}

pub(crate) fn taking(tx: &mut Tx, id: Id<Taking>) -> Result<Taking> {
    tx.one(
        "SELECT id, order_id, tender, owner_kind, owner_id, account, amount, returned, state, at
           FROM order_taking WHERE id = $1",
        params![id],
        read_taking,
    )
}

fn read_taking(row: &Found) -> Result<Taking> {
    Ok(Taking {
        id: row.get(0)?,
        order: row.get(1)?,
        tender: row.code(2)?,
        owner_kind: row.get(3)?,
        owner: row.get(4)?,
        account: row.code(5)?,
        amount: row.get(6)?,
        returned: row.get(7)?,
        state: row.code(8)?,
        at: row.get(9)?,
    })
}

/// Counts what is to go back; false when a taking would give back more than it took.
pub(crate) fn count_return(tx: &mut Tx, id: Id<Taking>, amount: Money) -> Result<bool> {
    let counted = tx.run(
        "UPDATE order_taking SET returned = returned + $2
          WHERE id = $1 AND state = 'committed' AND returned + $2 <= amount",
        params![id, amount],
    )?;
    Ok(counted == 1)
}

pub(crate) fn add_return(cx: &Cx, tx: &mut Tx, shop: Id<Shop>, new: &Return) -> Result<()> {
    tx.run(
        "INSERT INTO order_return (id, order_id, taking_id, shop_id, amount, reason, actor, asked_at, handed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            new.id,
            new.order,
            new.taking,
            shop,
            new.amount,
            &new.reason,
            cx.actor().to_string(),
            new.asked_at,
            new.handed_at
        ],
    )?;
    Ok(())
}

/// Notes that a return was handed over; false when it was before.
pub(crate) fn hand_over(cx: &Cx, tx: &mut Tx, id: Id<Return>) -> Result<bool> {
    let handed = tx.run(
        "UPDATE order_return SET handed_by = $2, handed_at = $3 WHERE id = $1 AND handed_at IS NULL",
        params![id, cx.actor().to_string(), cx.now()],
    )?;
    Ok(handed == 1)
}

// One list of columns for every way of finding returns.
macro_rules! returns {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, r.order_id, r.taking_id, t.tender, r.amount, r.reason, r.asked_at, r.handed_at
               FROM order_return r JOIN order_taking t ON t.id = r.taking_id ",
            $rest
        )
    };
}

pub(crate) fn return_of(tx: &mut Tx, id: Id<Return>) -> Result<Return> {
    tx.one(returns!("WHERE r.id = $1"), params![id], read_return)
}

/// What goes back of an order's takings, the first first.
pub(crate) fn returns(tx: &mut Tx, order: Id<Order>) -> Result<Vec<Return>> {
    tx.all(
        returns!("WHERE r.order_id = $1 ORDER BY r.id"),
        params![order],
        read_return,
    )
}

/// What a shop still has to hand over, the oldest first.
pub(crate) fn returns_due(tx: &mut Tx, shop: Id<Shop>, limit: i64) -> Result<Vec<Return>> {
    tx.all(
        returns!("WHERE r.shop_id = $1 AND r.handed_at IS NULL ORDER BY r.id LIMIT $2"),
        params![shop, limit],
        read_return,
    )
}

fn read_return(row: &Found) -> Result<Return> {
    Ok(Return {
        id: row.get(0)?,
        order: row.get(1)?,
        taking: row.get(2)?,
        tender: row.code(3)?,
        amount: row.get(4)?,
        reason: row.get(5)?,
        asked_at: row.get(6)?,
        handed_at: row.get(7)?,
    })
}

pub(crate) fn add_answer(
    tx: &mut Tx,
    order: Id<Order>,
    line: Id<Line>,
    position: i64,
    answer: &Answer,
) -> Result<()> {
    tx.run(
        "INSERT INTO order_answer (order_id, line_id, position, name, value) VALUES ($1, $2, $3, $4, $5)",
        params![order, line, position, &answer.name, &answer.value],
    )?;
    Ok(())
}

/// What was answered about the lines of an order, in its order.
pub(crate) fn answers(tx: &mut Tx, order: Id<Order>) -> Result<Vec<(Id<Line>, Answer)>> {
    tx.all(
        "SELECT a.line_id, a.name, a.value FROM order_answer a JOIN order_line l ON l.id = a.line_id
          WHERE a.order_id = $1 ORDER BY l.position, a.position",
        params![order],
        |row| {
            Ok((
                row.get(0)?,
                Answer {
                    name: row.get(1)?,
                    value: row.get(2)?,
                },
            ))
        },
    )
}
