use db::{Row, Tx, params};
use kernel::{Cx, Day, Id, Instant, Money, Result, Shop, ShopScope};

use crate::model::{BillSum, Difference, DifferenceKind, Found, Payment, Refund};

/// A day of the bill and how it stands.
#[derive(Clone, Debug)]
pub(crate) struct BillDay {
    pub day: Day,
    pub lines: i64,
    pub paid: Money,
    pub refunded: Money,
    pub fee: Money,
    pub closed_at: Option<Instant>,
    pub open: i64,
}

/// Notes on which day's bill a payment stood.
pub(crate) fn mark_payment(tx: &mut Tx, id: Id<Payment>, day: Day) -> Result<()> {
    tx.run(
        "UPDATE payment_payment SET billed_on = $2 WHERE id = $1 AND billed_on IS NULL",
        params![id, day],
    )
    .map(drop)
}

/// Notes on which day's bill a refund stood.
pub(crate) fn mark_refund(tx: &mut Tx, id: Id<Refund>, day: Day) -> Result<()> {
    tx.run(
        "UPDATE payment_refund SET billed_on = $2 WHERE id = $1 AND billed_on IS NULL",
        params![id, day],
    )
    .map(drop)
}

/// Payments of a time that no bill listed.
pub(crate) fn unbilled_payments(tx: &mut Tx, from: Instant, to: Instant) -> Result<Vec<Found>> {
    tx.all(
        "SELECT out_trade_no, shop_id, amount FROM payment_payment
          WHERE state = 'succeeded' AND paid_at >= $1 AND paid_at < $2 AND billed_on IS NULL ORDER BY id",
        params![from, to],
        |row| unbilled(row, DifferenceKind::PaymentUnbilled),
    )
}

/// Refunds sent in a time that no bill listed.
pub(crate) fn unbilled_refunds(tx: &mut Tx, from: Instant, to: Instant) -> Result<Vec<Found>> {
    tx.all(
        "SELECT r.out_refund_no, p.shop_id, r.amount
           FROM payment_refund r
           JOIN payment_payment p ON p.id = r.payment_id
          WHERE r.state IN ('processing', 'succeeded', 'abnormal', 'manual') AND r.billed_on IS NULL
            AND EXISTS (SELECT 1 FROM payment_refund_step s
                         WHERE s.refund_id = r.id AND s.step = 'submit' AND s.at >= $1 AND s.at < $2)
          ORDER BY r.id",
        params![from, to],
        |row| unbilled(row, DifferenceKind::RefundUnbilled),
    )
}

fn unbilled(row: &Row, kind: DifferenceKind) -> Result<Found> {
    Ok(Found {
        kind,
        number: row.get(0)?,
        shop: row.get(1)?,
        ours: row.get(2)?,
        theirs: None,
    })
}

/// What the bill of a day says of all shops together.
pub(crate) fn put_bill(cx: &Cx, tx: &mut Tx, day: Day, lines: i64, sum: BillSum) -> Result<()> {
    tx.run(
        "INSERT INTO payment_bill (day, fetched_at, lines, paid, refunded, fee) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (day) DO UPDATE SET fetched_at = excluded.fetched_at, lines = excluded.lines,
             paid = excluded.paid, refunded = excluded.refunded, fee = excluded.fee",
        params![day, cx.now(), lines, sum.paid, sum.refunded, sum.fee],
    )
    .map(drop)
}

/// What the bill of a day says of a shop; its row, its revision and the fee that was known before.
pub(crate) fn put_sum(
    cx: &Cx,
    tx: &mut Tx,
    day: Day,
    shop: Id<Shop>,
    sum: BillSum,
) -> Result<(i64, i64, Money)> {
    let before: Option<Money> = tx.maybe(
        "SELECT fee FROM payment_bill_shop WHERE day = $1 AND shop_id = $2",
        params![day, shop],
        |row| row.get(0),
    )?;
    let (id, revision) = tx.one(
        "INSERT INTO payment_bill_shop (id, day, shop_id, payments, paid, refunds, refunded, fee, revision)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)
         ON CONFLICT (day, shop_id) DO UPDATE SET payments = excluded.payments, paid = excluded.paid,
             refunds = excluded.refunds, refunded = excluded.refunded, fee = excluded.fee,
             revision = payment_bill_shop.revision + 1
         RETURNING id, revision",
        params![
            cx.id::<BillSum>(),
            day,
            shop,
            sum.payments,
            sum.paid,
            sum.refunds,
            sum.refunded,
            sum.fee
        ],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok((id, revision, before.unwrap_or(Money::ZERO)))
}

/// Shops that the bill of a day named when it was read before.
pub(crate) fn shops_of_bill(tx: &mut Tx, day: Day) -> Result<Vec<Id<Shop>>> {
    tx.all(
        "SELECT shop_id FROM payment_bill_shop WHERE day = $1",
        params![day],
        |row| row.get(0),
    )
}

/// Notes a difference, or that it is there again.
pub(crate) fn put_difference(cx: &Cx, tx: &mut Tx, day: Day, found: &Found) -> Result<()> {
    tx.run(
        "INSERT INTO payment_difference (id, day, kind, number, shop_id, ours, theirs, found_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (day, kind, number) DO UPDATE SET gone_at = NULL, ours = excluded.ours, theirs = excluded.theirs",
        params![
            cx.id::<Difference>(),
            day,
            found.kind.code(),
            &found.number,
            found.shop,
            found.ours,
            found.theirs,
            cx.now()
        ],
    )
    .map(drop)
}

/// Notes that a difference is not found any more.
pub(crate) fn gone(cx: &Cx, tx: &mut Tx, id: Id<Difference>) -> Result<()> {
    tx.run(
        "UPDATE payment_difference SET gone_at = $2 WHERE id = $1 AND gone_at IS NULL",
        params![id, cx.now()],
    )
    .map(drop)
}

/// Notes who explained a difference and how; false when it is no longer open.
pub(crate) fn explain(cx: &Cx, tx: &mut Tx, id: Id<Difference>, note: &str) -> Result<bool> {
    let explained = tx.run(
        "UPDATE payment_difference SET explained_at = $2, explained_by = $3, note = $4
          WHERE id = $1 AND explained_at IS NULL AND gone_at IS NULL",
        params![id, cx.now(), cx.actor().to_string(), note],
    )?;
    Ok(explained == 1)
}

/// Closes a day that has no open difference; opens one that has.
pub(crate) fn close_day(cx: &Cx, tx: &mut Tx, day: Day) -> Result<()> {
    tx.run(
        "UPDATE payment_bill
            SET closed_at = CASE WHEN EXISTS (SELECT 1 FROM payment_difference d
                                               WHERE d.day = $1 AND d.gone_at IS NULL AND d.explained_at IS NULL)
                                 THEN NULL ELSE COALESCE(closed_at, CAST($2 AS BIGINT)) END
          WHERE day = $1",
        params![day, cx.now()],
    )
    .map(drop)
}

/// The days of the bill, the newest first, with how many differences are open.
pub(crate) fn bill_days(tx: &mut Tx, shop: Option<ShopScope>) -> Result<Vec<BillDay>> {
    let shop = shop.map(ShopScope::id);
    let read = |row: &Row| {
        Ok(BillDay {
            day: row.get(0)?,
            lines: row.get(1)?,
            paid: row.get(2)?,
            refunded: row.get(3)?,
            fee: row.get(4)?,
            closed_at: row.get(5)?,
            open: row.get(6)?,
        })
    };
    match shop {
        None => tx.all(
            "SELECT b.day, b.lines, b.paid, b.refunded, b.fee, b.closed_at,
                    CAST((SELECT COUNT(*) FROM payment_difference d
                           WHERE d.day = b.day AND d.gone_at IS NULL AND d.explained_at IS NULL) AS BIGINT)
               FROM payment_bill b ORDER BY b.day DESC LIMIT 62",
            params![],
            read,
        ),
        Some(shop) => tx.all(
            "SELECT s.day, s.payments + s.refunds, s.paid, s.refunded, s.fee, b.closed_at,
                    CAST((SELECT COUNT(*) FROM payment_difference d
                           WHERE d.day = s.day AND d.shop_id = $1
                             AND d.gone_at IS NULL AND d.explained_at IS NULL) AS BIGINT)
               FROM payment_bill_shop s
               JOIN payment_bill b ON b.day = s.day
              WHERE s.shop_id = $1 ORDER BY s.day DESC LIMIT 62",
            params![shop],
            read,
        ),
    }
}

/// Days whose bill was read and that are not closed.
pub(crate) fn open_days(tx: &mut Tx, since: Day) -> Result<Vec<Day>> {
    tx.all(
        "SELECT day FROM payment_bill WHERE closed_at IS NULL AND day >= $1 ORDER BY day",
        params![since],
        |row| row.get(0),
    )
}

macro_rules! differences {
    ($rest:literal) => {
        concat!(
            "SELECT id, day, kind, number, shop_id, ours, theirs, found_at, gone_at, explained_at, explained_by, note
               FROM payment_difference ",
            $rest
        )
    };
}

pub(crate) fn difference(tx: &mut Tx, id: Id<Difference>) -> Result<Difference> {
    tx.one(differences!("WHERE id = $1"), params![id], read)
}

/// The differences of a day, in the order of their finding; of one shop, or all.
pub(crate) fn differences(tx: &mut Tx, day: Day, shop: Option<ShopScope>) -> Result<Vec<Difference>> {
    let shop = shop.map(ShopScope::id);
    tx.all(
        differences!(
            "WHERE day = $1 AND (CAST($2 AS BIGINT) IS NULL OR shop_id = $2) ORDER BY kind, number LIMIT 2000"
        ),
        params![day, shop],
        read,
    )
}

/// Every difference of a day that is not gone: entry, kind and number.
pub(crate) fn all_differences(
    tx: &mut Tx,
    day: Day,
) -> Result<Vec<(Id<Difference>, DifferenceKind, String)>> {
    tx.all(
        "SELECT id, kind, number FROM payment_difference WHERE day = $1 AND gone_at IS NULL",
        params![day],
        |row| Ok((row.get(0)?, row.code(1)?, row.get(2)?)),
    )
}

/// How many differences of a day are open.
pub(crate) fn count_open(tx: &mut Tx, day: Day) -> Result<i64> {
    tx.one(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM payment_difference
          WHERE day = $1 AND gone_at IS NULL AND explained_at IS NULL",
        params![day],
        |row| row.get(0),
    )
}

fn read(row: &Row) -> Result<Difference> {
    let explained_at: Option<Instant> = row.get(9)?;
    let by: Option<String> = row.get(10)?;
    let note: Option<String> = row.get(11)?;
    Ok(Difference {
        id: row.get(0)?,
        day: row.get(1)?,
        found: Found {
            kind: row.code(2)?,
            number: row.get(3)?,
            shop: row.get(4)?,
            ours: row.get(5)?,
            theirs: row.get(6)?,
        },
        found_at: row.get(7)?,
        gone_at: row.get(8)?,
        explained: explained_at.map(|at| (at, by.unwrap_or_default(), note.unwrap_or_default())),
    })
}
