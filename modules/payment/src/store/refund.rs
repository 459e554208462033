use std::collections::BTreeMap;

use db::{Row, Tx, params};
use kernel::{Cx, Day, Error, Id, Instant, Money, Result, Shop, ShopScope, Staff};

use crate::{
    actions::Refusal,
    model::{Payment, Purpose, Refund, RefundStep},
};

macro_rules! refunds {
    ($rest:literal) => {
        concat!(
            "SELECT id, payment_id, amount, reason, out_refund_no, state, refund_id, trouble, requested_at, due_at,
                    done_at, asked_by, needs_second, version
               FROM payment_refund ",
            $rest
        )
    };
}

pub(crate) fn refund(tx: &mut Tx, id: Id<Refund>) -> Result<Refund> {
    tx.one(refunds!("WHERE id = $1"), params![id], read)
}

pub(crate) fn refund_by_number(tx: &mut Tx, out_refund_no: &str) -> Result<Option<Refund>> {
    tx.maybe(refunds!("WHERE out_refund_no = $1"), params![out_refund_no], read)
}

/// The refunds of a payment, the oldest first.
pub(crate) fn refunds_of(tx: &mut Tx, payment: Id<Payment>) -> Result<Vec<Refund>> {
    tx.all(
        refunds!("WHERE payment_id = $1 ORDER BY id"),
        params![payment],
        read,
    )
}

/// Refunds that a person must look at, the newest first.
pub(crate) fn troubled_refunds(tx: &mut Tx) -> Result<Vec<Refund>> {
    tx.all(
        refunds!("WHERE state = 'abnormal' OR (state = 'failed' AND trouble <> 'repeated') ORDER BY id DESC LIMIT 200"),
        params![],
        read,
    )
}

/// Refunds of a shop that failed or are stuck, the newest first.
pub(crate) fn troubled_refunds_of(tx: &mut Tx, scope: ShopScope) -> Result<Vec<Refund>> {
    tx.all(
        refunds!(
            "WHERE (state = 'abnormal' OR (state = 'failed' AND trouble <> 'repeated'))
               AND EXISTS (SELECT 1 FROM payment_payment p
                            WHERE p.id = payment_refund.payment_id AND p.shop_id = $1)
             ORDER BY id DESC LIMIT 200"
        ),
        params![scope.id()],
        read,
    )
}

/// Refunds that lie with a second person, the oldest first; of one shop, or of all.
pub(crate) fn waiting_refunds(tx: &mut Tx, shop: Option<Id<Shop>>) -> Result<Vec<Refund>> {
    tx.all(
        refunds!(
            "WHERE needs_second = 1 AND state = 'requested'
               AND (CAST($1 AS BIGINT) IS NULL
                    OR EXISTS (SELECT 1 FROM payment_payment p
                                WHERE p.id = payment_refund.payment_id AND p.shop_id = $1))
             ORDER BY id LIMIT 200"
        ),
        params![shop],
        read,
    )
}

/// Counts a refund that a person asks for today; how many it makes.
pub(crate) fn count_asked(tx: &mut Tx, who: Id<Staff>, day: Day) -> Result<i64> {
    tx.one(
        "INSERT INTO payment_refund_day (asked_by, day, asked) VALUES ($1, $2, 1)
         ON CONFLICT (asked_by, day) DO UPDATE SET asked = payment_refund_day.asked + 1 RETURNING asked",
        params![who, day],
        |row| row.get(0),
    )
}

/// What staff asked back of a thing and was neither rejected nor failed.
pub(crate) fn asked_of(tx: &mut Tx, purpose: &Purpose) -> Result<Money> {
    tx.one(
        "SELECT CAST(COALESCE(SUM(r.amount), 0) AS BIGINT) FROM payment_payment p
           JOIN payment_refund r ON r.payment_id = p.id
          WHERE p.module = $1 AND p.thing_id = $2 AND r.asked_by IS NOT NULL AND r.state NOT IN ('rejected', 'failed')",
        params![&purpose.module, purpose.id],
        |row| row.get(0),
    )
}

/// How many parts were asked for of a payment beside one of them, and when the last is sent. WeChat never hears of what
/// was rejected.
pub(crate) fn last_due(
    tx: &mut Tx,
    payment: Id<Payment>,
    beside: Id<Refund>,
) -> Result<(i64, Option<Instant>)> {
    tx.one(
        "SELECT CAST(COUNT(*) AS BIGINT), CAST(MAX(due_at) AS BIGINT) FROM payment_refund
          WHERE payment_id = $1 AND id <> $2 AND state <> 'rejected'",
        params![payment, beside],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// When the refunds of a payment's shop are sent, beside one, that are sent after a moment; the earliest first.
pub(crate) fn dues_of_shop(
    tx: &mut Tx,
    payment: &Payment,
    beside: Id<Refund>,
    after: Instant,
) -> Result<Vec<Instant>> {
    tx.all(
        "SELECT r.due_at FROM payment_refund r
          WHERE r.due_at > $1 AND r.id <> $3 AND r.state <> 'rejected'
            AND (SELECT p.shop_id FROM payment_payment p WHERE p.id = r.payment_id) = $2
          ORDER BY r.due_at",
        params![after, payment.shop, beside],
        |row| row.get(0),
    )
}

/// Forgets who paid for a thing.
pub(crate) fn forget_payer(tx: &mut Tx, payment: Id<Payment>) -> Result<()> {
    tx.run(
        "UPDATE payment_payment SET openid = '' WHERE id = $1",
        params![payment],
    )?;
    tx.run(
        "UPDATE payment_quarantine SET body = '' WHERE payment_id = $1",
        params![payment],
    )?;
    Ok(())
}

/// How many refunds of a shop have come to no end yet.
pub(crate) fn unfinished(tx: &mut Tx, shop: Id<Shop>) -> Result<i64> {
    tx.one(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM payment_payment p JOIN payment_refund r ON r.payment_id = p.id
          WHERE p.shop_id = $1 AND p.paid_at IS NOT NULL
            AND (r.state IN ('requested', 'approved', 'submitted', 'processing', 'abnormal')
                 OR (r.state = 'failed' AND r.trouble <> 'repeated'))",
        params![shop],
        |row| row.get(0),
    )
}

pub(crate) fn add_refund(cx: &Cx, tx: &mut Tx, refund: &Refund) -> Result<()> {
    tx.run(
        "INSERT INTO payment_refund (id, payment_id, amount, reason, out_refund_no, state, requested_at, due_at, asked_by,
                                     needs_second, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![
            refund.id,
            refund.payment,
            refund.amount,
            &refund.reason,
            &refund.out_refund_no,
            refund.state.code(),
            refund.requested_at,
            refund.due_at,
            refund.asked_by,
            refund.needs_second,
            refund.version
        ],
    )?;
    note(cx, tx, refund, "request", &refund.reason)
}

/// Takes a step: guard, compare-and-set, step row.
pub(crate) fn save_refund(
    cx: &Cx,
    tx: &mut Tx,
    refund: &mut Refund,
    step: RefundStep,
    reason: &str,
) -> Result<()> {
    let Some(next) = refund.state.after(step) else {
        return Err(Error::Fault(anyhow::anyhow!(
            "refund {} is {}, {step} is not possible",
            refund.id,
            refund.state
        )));
    };
    let saved = tx.run(
        "UPDATE payment_refund SET state = $3, refund_id = $4, trouble = $5, done_at = $6, due_at = $7,
                version = version + 1
          WHERE id = $1 AND version = $2",
        params![
            refund.id,
            refund.version,
            next.code(),
            &refund.refund_id,
            &refund.trouble,
            refund.done_at,
            refund.due_at
        ],
    )?;
    if saved == 0 {
        return Err(Refusal::Changed.into());
    }
    refund.state = next;
    refund.version += 1;
    note(cx, tx, refund, step.code(), reason)
}

/// What was promised back of the payments of a thing in refunds that failed and that nobody has repeated yet.
pub(crate) fn owed_back(tx: &mut Tx, purpose: &Purpose) -> Result<BTreeMap<Id<Payment>, Money>> {
    let owed = tx.all(
        "SELECT p.id, CAST(SUM(r.amount) AS BIGINT)
           FROM payment_payment p JOIN payment_refund r ON r.payment_id = p.id
          WHERE p.module = $1 AND p.thing_id = $2 AND r.state = 'failed' AND r.trouble <> 'repeated'
          GROUP BY p.id",
        params![&purpose.module, purpose.id],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(owed.into_iter().collect())
}

/// Marks a failed refund as repeated by another; false when it is not failed or was repeated before.
pub(crate) fn replace_refund(tx: &mut Tx, refund: &Refund) -> Result<bool> {
    let replaced = tx.run(
        "UPDATE payment_refund SET trouble = 'repeated', version = version + 1
          WHERE id = $1 AND version = $2 AND state = 'failed' AND trouble <> 'repeated'",
        params![refund.id, refund.version],
    )?;
    Ok(replaced == 1)
}

/// Marks the failed refunds of a payment that can no longer be repeated, since their money is on its way in another one:
/// nobody has to act on them.
pub(crate) fn replace_covered(tx: &mut Tx, payment: Id<Payment>) -> Result<()> {
    tx.run(
        "UPDATE payment_refund SET trouble = 'repeated', version = version + 1
          WHERE payment_id = $1 AND state = 'failed' AND trouble <> 'repeated'
            AND amount > (SELECT p.amount - p.refunded FROM payment_payment p WHERE p.id = $1)",
        params![payment],
    )?;
    Ok(())
}

fn note(cx: &Cx, tx: &mut Tx, refund: &Refund, step: &str, reason: &str) -> Result<()> {
    tx.run(
        "INSERT INTO payment_refund_step (id, refund_id, step, actor, reason, at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            cx.id::<RefundStep>(),
            refund.id,
            step,
            cx.actor().to_string(),
            reason,
            cx.now(),
            refund.version
        ],
    )?;
    Ok(())
}

fn read(row: &Row) -> Result<Refund> {
    Ok(Refund {
        id: row.get(0)?,
        payment: row.get(1)?,
        amount: row.get(2)?,
        reason: row.get(3)?,
        out_refund_no: row.get(4)?,
        state: row.code(5)?,
        refund_id: row.get(6)?,
        trouble: row.get(7)?,
        requested_at: row.get(8)?,
        due_at: row.get(9)?,
        done_at: row.get(10)?,
        asked_by: row.get(11)?,
        needs_second: row.get(12)?,
        version: row.get(13)?,
    })
}
