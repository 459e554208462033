mod bill;
mod inbox;
mod refund;

use db::{Row, Tx, params};
use kernel::{Cx, Error, Id, Instant, Money, Result, ShopScope};

pub(crate) use bill::{
    BillDay, all_differences, bill_days, close_day, count_open, difference, differences, explain, gone,
    mark_payment, mark_refund, open_days, put_bill, put_difference, put_sum, shops_of_bill,
    unbilled_payments, unbilled_refunds,
};
pub(crate) use inbox::{
    finish_notice, look_at, notice, notice_numbers, put_notice, quarantine, quarantined, suspect,
};
pub(crate) use refund::{
    add_refund, asked_of, count_asked, dues_of_shop, forget_payer, last_due, owed_back, refund,
    refund_by_number, refunds_of, replace_covered, replace_refund, save_refund, troubled_refunds,
    troubled_refunds_of, unfinished, waiting_refunds,
};

use crate::{
    actions::Refusal,
    model::{Payment, Purpose, Recorded, Step},
};

// One list of columns for every way of finding payments.
macro_rules! payments {
    ($rest:literal) => {
        concat!(
            "SELECT id, module, thing_id, shop_id, sub_mchid, amount, description, openid, out_trade_no, state,
                    asked_at, prepay_id, prepaid_at, ending_at, transaction_id, paid_at, refunded, expires_at,
                    opened_at, version
               FROM payment_payment ",
            $rest
        )
    };
}

pub(crate) fn payment(tx: &mut Tx, id: Id<Payment>) -> Result<Payment> {
    tx.one(payments!("WHERE id = $1"), params![id], read)
}

pub(crate) fn by_number(tx: &mut Tx, out_trade_no: &str) -> Result<Option<Payment>> {
    tx.maybe(payments!("WHERE out_trade_no = $1"), params![out_trade_no], read)
}

pub(crate) fn by_transaction(tx: &mut Tx, transaction_id: &str) -> Result<Option<Payment>> {
    tx.maybe(
        payments!("WHERE transaction_id = $1"),
        params![transaction_id],
        read,
    )
}

/// Every attempt for a thing, the oldest first.
pub(crate) fn of_purpose(tx: &mut Tx, purpose: &Purpose) -> Result<Vec<Payment>> {
    tx.all(
        payments!("WHERE module = $1 AND thing_id = $2 ORDER BY id"),
        params![&purpose.module, purpose.id],
        read,
    )
}

/// What a shop was paid in a time, the newest first.
pub(crate) fn paid_between(
    tx: &mut Tx,
    scope: ShopScope,
    from: Instant,
    to: Instant,
) -> Result<Vec<Payment>> {
    tx.all(
        payments!(
            "WHERE shop_id = $1 AND paid_at >= $2 AND paid_at < $3 ORDER BY paid_at DESC, id DESC LIMIT 500"
        ),
        params![scope.id(), from, to],
        read,
    )
}

/// Adds an attempt; false when another one of the same thing is alive.
pub(crate) fn add(cx: &Cx, tx: &mut Tx, payment: &Payment) -> Result<bool> {
    let added = tx.run(
        "INSERT INTO payment_payment (id, module, thing_id, shop_id, sub_mchid, amount, description, openid,
                                      out_trade_no, state, refunded, expires_at, opened_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12, $13)
         ON CONFLICT DO NOTHING",
        params![
            payment.id,
            &payment.purpose.module,
            payment.purpose.id,
            payment.shop,
            &payment.sub_mchid,
            payment.amount,
            &payment.description,
            &payment.openid,
            &payment.out_trade_no,
            payment.state.code(),
            payment.expires_at,
            payment.opened_at,
            payment.version
        ],
    )?;
    if added == 1 {
        note(cx, tx, payment, "open", "")?;
    }
    Ok(added == 1)
}

/// Saves what may change of an attempt, if nobody changed it since it was read. Counts its version up.
pub(crate) fn save(tx: &mut Tx, payment: &mut Payment) -> Result<()> {
    let saved = tx.run(
        "UPDATE payment_payment
            SET state = $3, asked_at = $4, prepay_id = $5, prepaid_at = $6, ending_at = $7, transaction_id = $8,
                paid_at = $9, version = version + 1
          WHERE id = $1 AND version = $2",
        params![
            payment.id,
            payment.version,
            payment.state.code(),
            payment.asked_at,
            &payment.prepay_id,
            payment.prepaid_at,
            payment.ending_at,
            &payment.transaction_id,
            payment.paid_at
        ],
    )?;
    if saved == 0 {
        return Err(Refusal::Changed.into());
    }
    payment.version += 1;
    Ok(())
}

/// Takes a step: guard, compare-and-set, step row.
pub(crate) fn step(cx: &Cx, tx: &mut Tx, payment: &mut Payment, step: Step, reason: &str) -> Result<()> {
    let Some(next) = payment.state.after(step) else {
        return Err(Error::Fault(anyhow::anyhow!(
            "payment {} is {}, {step} is not possible",
            payment.id,
            payment.state
        )));
    };
    payment.state = next;
    save(tx, payment)?;
    note(cx, tx, payment, step.code(), reason)
}

/// Counts a refund against a payment; false when more would go back than was paid. The table itself refuses too.
pub(crate) fn count_refund(tx: &mut Tx, payment: Id<Payment>, amount: Money) -> Result<bool> {
    let counted = tx.run(
        "UPDATE payment_payment SET refunded = refunded + $2 WHERE id = $1 AND refunded + $2 <= amount",
        params![payment, amount],
    )?;
    Ok(counted == 1)
}

/// The steps of an attempt, the first first.
pub(crate) fn steps(tx: &mut Tx, payment: Id<Payment>) -> Result<Vec<Recorded>> {
    tx.all(
        "SELECT step, actor, reason, at FROM payment_step WHERE payment_id = $1 ORDER BY version, id",
        params![payment],
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

fn note(cx: &Cx, tx: &mut Tx, payment: &Payment, step: &str, reason: &str) -> Result<()> {
    tx.run(
        "INSERT INTO payment_step (id, payment_id, step, actor, reason, at, version) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![cx.id::<Step>(), payment.id, step, cx.actor().to_string(), reason, cx.now(), payment.version],
    )?;
    Ok(())
}

fn read(row: &Row) -> Result<Payment> {
    Ok(Payment {
        id: row.get(0)?,
        purpose: Purpose {
            module: row.get(1)?,
            id: row.get(2)?,
        },
        shop: row.get(3)?,
        sub_mchid: row.get(4)?,
        amount: row.get(5)?,
        description: row.get(6)?,
        openid: row.get(7)?,
        out_trade_no: row.get(8)?,
        state: row.code(9)?,
        asked_at: row.get(10)?,
        prepay_id: row.get(11)?,
        prepaid_at: row.get(12)?,
        ending_at: row.get(13)?,
        transaction_id: row.get(14)?,
        paid_at: row.get(15)?,
        refunded: row.get(16)?,
        expires_at: row.get(17)?,
        opened_at: row.get(18)?,
        version: row.get(19)?,
    })
}
