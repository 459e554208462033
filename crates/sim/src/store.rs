//! What the invariants ask. This crate looks into everybody's tables, on purpose: a check that asked the parts themselves
//! would believe their mistakes. Each statement finds what must not be; it is well when it finds nothing.

pub mod kills;

use std::{collections::BTreeSet, sync::OnceLock};

use db::{Tx, params};
use kernel::{Instant, Money, Result};

use crate::touched::{Tables, read_by};

/// What must never be, after any step: the words of the invariant and the statement that finds what breaks it.
pub(crate) const NEVER: &[Rule] = &[
    (
        "two bookings have one therapist or bed at a time",
        "SELECT a.id, b.id FROM booking a JOIN booking b ON b.id > a.id
            AND (b.therapist_id = a.therapist_id OR (b.bed_id = a.bed_id AND a.bed_id <> 0))
            AND b.starts_at - b.before_minutes * 60000 < a.starts_at + (a.minutes + a.after_minutes) * 60000
            AND a.starts_at - a.before_minutes * 60000 < b.starts_at + (b.minutes + b.after_minutes) * 60000
          WHERE a.state IN ('held', 'requested', 'confirmed', 'checked_in', 'departed', 'arrived', 'in_service')
            AND b.state IN ('held', 'requested', 'confirmed', 'checked_in', 'departed', 'arrived', 'in_service')
            AND ((b.bed_id = a.bed_id AND a.bed_id <> 0) OR NOT EXISTS (SELECT 1 FROM booking_relief r
                  WHERE (r.booking_id = a.id AND b.starts_at + (b.minutes + b.after_minutes) * 60000 <= r.at + 300000)
                     OR (r.booking_id = b.id AND a.starts_at + (a.minutes + a.after_minutes) * 60000 <= r.at + 300000)))",
    ),
    (
        "who was relieved still has time claimed",
        "SELECT b.id, s.id FROM booking_relief r JOIN booking b ON b.id = r.booking_id
           JOIN span s ON s.holder_id = b.id AND s.resource_id = r.therapist_id
          WHERE r.therapist_id <> b.therapist_id
            AND s.to_slot * 300000 > 300000 + (SELECT MAX(l.at) FROM booking_relief l
                                               WHERE l.booking_id = b.id AND l.therapist_id = r.therapist_id)",
    ),
    (
        "those who were relieved have more minutes than the service",
        "SELECT b.id, b.minutes FROM booking_relief r JOIN booking b ON b.id = r.booking_id
          GROUP BY b.id, b.minutes HAVING SUM(r.minutes) > b.minutes",
    ),
    (
        "a line asks for another price than its booking has",
        "SELECT l.id, b.id FROM order_line l JOIN booking b ON b.id = l.thing_id
          WHERE l.module = 'booking' AND l.dropped_at IS NULL
            AND l.amount - (SELECT COALESCE(SUM(g.amount), 0) FROM order_line_refund g
                             WHERE g.order_id = l.order_id AND g.line_id = l.id AND g.reason = 'changed')
             <> b.price - (SELECT COALESCE(SUM(e.amount), 0) FROM booking_extension e WHERE e.booking_id = b.id)",
    ),
    (
        "a booking that is alive lacks a claim on therapist or bed",
        "SELECT b.id, CAST(COUNT(s.id) AS BIGINT) FROM booking b
           LEFT JOIN span s ON s.holder_id = b.id AND s.resource_id IN (b.therapist_id, b.bed_id)
          WHERE b.state IN ('held', 'requested', 'confirmed', 'checked_in', 'departed', 'arrived', 'in_service')
          GROUP BY b.id, b.bed_id
         HAVING COUNT(DISTINCT s.resource_id) <> CASE WHEN b.bed_id = 0 THEN 1 ELSE 2 END",
    ),
    (
        "somebody serves until another moment than the bed is claimed",
        "SELECT b.id, b.version FROM booking b JOIN span s ON s.holder_id = b.id
          WHERE b.state = 'in_service' AND b.bed_id <> 0
          GROUP BY b.id, b.version
         HAVING MAX(CASE WHEN s.resource_id = b.therapist_id THEN s.to_slot ELSE 0 END)
             <> MAX(CASE WHEN s.resource_id = b.bed_id THEN s.to_slot ELSE 0 END)",
    ),
    (
        "a booking that was made longer claims less than its time",
        "SELECT b.id, b.minutes FROM booking b
          WHERE b.state IN ('held', 'requested', 'confirmed', 'checked_in', 'in_service')
            AND b.bed_id <> 0
            AND b.minutes > (SELECT COALESCE(SUM(s.to_slot - s.from_slot), 0) * 5 FROM span s
                              WHERE s.holder_id = b.id AND s.resource_id = b.bed_id)",
    ),
    (
        "the way to a home visit is not claimed on both sides",
        "SELECT b.id, v.travel_minutes FROM booking b JOIN booking_home_visit v ON v.booking_id = b.id
           LEFT JOIN span s ON s.holder_id = b.id AND s.resource_id = b.therapist_id
          WHERE b.state IN ('held', 'requested', 'confirmed', 'departed', 'arrived', 'in_service')
          GROUP BY b.id, v.travel_minutes, b.starts_at, b.minutes
         HAVING COALESCE(SUM(s.to_slot - s.from_slot), 0) * 5 < b.minutes + 2 * v.travel_minutes
             OR MIN(s.from_slot) * 300000 > b.starts_at - v.travel_minutes * 60000
             OR MAX(s.to_slot) * 300000 < b.starts_at + (b.minutes + v.travel_minutes) * 60000",
    ),
    (
        "a home visit has a bed, or a visit to the shop has none",
        "SELECT b.id, b.bed_id FROM booking b LEFT JOIN booking_home_visit v ON v.booking_id = b.id
          WHERE (b.bed_id = 0 AND v.booking_id IS NULL) OR (b.bed_id <> 0 AND v.booking_id IS NOT NULL)",
    ),
    (
        "the line of the way asks for another fare than the visit has",
        "SELECT b.id, v.fare FROM booking b JOIN booking_home_visit v ON v.booking_id = b.id
           LEFT JOIN (SELECT l.thing_id, l.order_id,
                             l.amount - (SELECT COALESCE(SUM(g.amount), 0) FROM order_line_refund g
                                          WHERE g.order_id = l.order_id AND g.line_id = l.id
                                            AND g.reason = 'changed') AS amount
                        FROM order_line l WHERE l.module = 'booking_fare' AND l.dropped_at IS NULL) f
             ON f.thing_id = b.id AND f.order_id = b.order_id
          WHERE b.state IN ('held', 'requested', 'confirmed', 'departed', 'arrived', 'in_service')
            AND COALESCE(f.amount, 0) <> v.fare",
    ),
    (
        "an address is known for a change that was answered, or for more than one place of a visit",
        "SELECT a.id, a.change_id FROM booking_address a JOIN booking_change c ON c.id = a.change_id
          WHERE c.state <> 'proposed'
         UNION ALL
         SELECT a.booking_id, CAST(COUNT(*) AS BIGINT) FROM booking_address a
          WHERE a.booking_id IS NOT NULL GROUP BY a.booking_id HAVING COUNT(*) > 1",
    ),
    // And of the rest the three tenths of every late cancellation.
    (
        "a customer called off somebody who was on the way, and the fare was not kept",
        "SELECT b.id, o.kept FROM booking b JOIN order_order o ON o.id = b.order_id
           JOIN booking_home_visit v ON v.booking_id = b.id
           JOIN booking_step d ON d.booking_id = b.id AND d.step = 'depart'
           JOIN booking_step c ON c.booking_id = b.id AND c.step = 'cancel' AND c.actor LIKE 'customer:%'
          WHERE b.state = 'cancelled' AND o.kept < v.fare - 1 + 3 * (o.due_now - v.fare
                - (SELECT COALESCE(SUM(g.amount), 0) FROM order_line_refund g
                    WHERE g.order_id = o.id AND g.reason = 'changed')) / 10",
    ),
    (
        "somebody stayed away and pays more than calling off late costs, though no deposit was agreed",
        "SELECT b.id, o.kept FROM booking b JOIN order_order o ON o.id = b.order_id
          WHERE b.state = 'no_show' AND b.bed_id <> 0 AND o.deposit IS NULL AND o.kept > o.due_now * 3 / 10 + 1
            AND NOT EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND l.thing_id <> b.id)",
    ),
    (
        "a booking that has ended early still claims time",
        "SELECT b.id, s.id FROM booking b JOIN span s ON s.holder_id = b.id
          WHERE b.state IN ('expired', 'declined', 'cancelled', 'no_show')
            AND NOT EXISTS (SELECT 1 FROM booking_home_visit v JOIN booking_step d ON d.booking_id = v.booking_id AND d.step = 'depart'
                  JOIN booking_step e ON e.booking_id = v.booking_id AND e.step IN ('cancel', 'no_show')
                 WHERE v.booking_id = b.id AND s.to_slot * 300000 <= e.at + (v.travel_minutes + 5) * 60000)",
    ),
    (
        "a proposal that was answered still claims time",
        "SELECT c.id, s.id FROM booking_change c JOIN span s ON s.holder_id = c.id WHERE c.state <> 'proposed'",
    ),
    (
        "a proposed time is not claimed",
        "SELECT c.id, c.booking_id FROM booking_change c
          WHERE c.state = 'proposed'
            AND (SELECT COALESCE(SUM(
                    CASE WHEN s.to_slot * 300000 < c.starts_at + (c.minutes + c.after_minutes) * 60000
                         THEN s.to_slot * 300000 ELSE c.starts_at + (c.minutes + c.after_minutes) * 60000 END
                  - CASE WHEN s.from_slot * 300000 > c.starts_at - c.before_minutes * 60000
                         THEN s.from_slot * 300000 ELSE c.starts_at - c.before_minutes * 60000 END), 0)
                   FROM span s
                  WHERE s.holder_id IN (c.id, c.booking_id) AND s.resource_id IN (c.therapist_id, c.bed_id)
                    AND s.from_slot * 300000 < c.starts_at + (c.minutes + c.after_minutes) * 60000
                    AND s.to_slot * 300000 > c.starts_at - c.before_minutes * 60000)
                <> CASE WHEN c.bed_id = 0 THEN 1 ELSE 2 END * (c.before_minutes + c.minutes + c.after_minutes) * 60000",
    ),
    (
        "a change is proposed for a booking that nobody can move",
        "SELECT c.id, b.id FROM booking_change c JOIN booking b ON b.id = c.booking_id
          WHERE c.state = 'proposed' AND b.state NOT IN ('requested', 'confirmed')",
    ),
    (
        "claimed slots and claimed stretches differ",
        "SELECT n.slots, n.stretches FROM (SELECT
            (SELECT CAST(COUNT(*) AS BIGINT) FROM claim) AS slots,
            (SELECT CAST(COALESCE(SUM(to_slot - from_slot), 0) AS BIGINT) FROM span) AS stretches) n
          WHERE n.slots <> n.stretches",
    ),
    (
        "the books have another amount than was paid",
        "SELECT p.id, CAST(COALESCE(SUM(t.amount), 0) AS BIGINT) FROM payment_payment p
           LEFT JOIN ledger_transfer t ON t.cause = 'payment' AND t.cause_id = p.id
          GROUP BY p.id, p.state, p.amount
         HAVING COALESCE(SUM(t.amount), 0) <> CASE WHEN p.state = 'succeeded' THEN p.amount ELSE 0 END",
    ),
    (
        "the books have another amount than went back",
        "SELECT r.id, CAST(COALESCE(SUM(t.amount), 0) AS BIGINT) FROM payment_refund r
           LEFT JOIN ledger_transfer t ON t.cause = 'refund' AND t.cause_id = r.id AND t.phase IN ('direct', 'post')
          GROUP BY r.id, r.state, r.amount
         HAVING COALESCE(SUM(t.amount), 0) <> CASE WHEN r.state IN ('succeeded', 'manual') THEN r.amount ELSE 0 END",
    ),
    (
        "the books hold another amount back than is promised",
        "SELECT r.id, CAST(COALESCE(SUM(t.amount), 0) AS BIGINT) FROM payment_refund r
           LEFT JOIN ledger_transfer t ON t.cause = 'refund' AND t.cause_id = r.id AND t.phase = 'pending'
            AND NOT EXISTS (SELECT 1 FROM ledger_transfer e WHERE e.pending_id = t.id)
          GROUP BY r.id, r.state, r.amount
         HAVING COALESCE(SUM(t.amount), 0)
             <> CASE WHEN r.state IN ('succeeded', 'manual', 'failed', 'rejected') THEN 0 ELSE r.amount END",
    ),
    (
        "an order gave more away than was paid for it",
        "SELECT a.owner_id, CAST(SUM(CASE WHEN t.credit_id = a.id THEN t.amount ELSE -t.amount END) AS BIGINT)
           FROM ledger_account a JOIN ledger_transfer t ON t.credit_id = a.id OR t.debit_id = a.id
          WHERE a.kind = 'paid' AND (t.phase IN ('direct', 'post')
             OR t.phase = 'pending' AND t.debit_id = a.id
                AND NOT EXISTS (SELECT 1 FROM ledger_transfer e WHERE e.pending_id = t.id))
          GROUP BY a.id, a.owner_id
         HAVING SUM(CASE WHEN t.credit_id = a.id THEN t.amount ELSE -t.amount END) < 0",
    ),
    (
        "the count of refunds is not their sum, or more than was paid",
        "SELECT p.id, p.refunded FROM payment_payment p
           LEFT JOIN payment_refund r ON r.payment_id = p.id AND r.state NOT IN ('failed', 'rejected')
          GROUP BY p.id, p.refunded, p.amount
         HAVING p.refunded <> COALESCE(SUM(r.amount), 0) OR p.refunded > p.amount",
    ),
    (
        "an order is closed while an attempt to pay it is alive",
        "SELECT o.id, p.id FROM order_order o JOIN payment_payment p ON p.module = 'order' AND p.thing_id = o.id
          WHERE o.state = 'closed' AND p.state IN ('created', 'prepaid')",
    ),
    (
        "the books have another amount than the desk took",
        "SELECT k.id, CAST(COALESCE(SUM(t.amount), 0) AS BIGINT) FROM order_taking k
           LEFT JOIN ledger_transfer t ON t.cause = 'taking' AND t.cause_id = k.id AND t.phase IN ('direct', 'post')
          GROUP BY k.id, k.state, k.amount
         HAVING COALESCE(SUM(t.amount), 0) <> CASE WHEN k.state = 'committed' THEN k.amount ELSE 0 END",
    ),
    (
        "a called ticket has no booking that waits for the customer",
        "SELECT t.id, t.number FROM booking_ticket t LEFT JOIN booking b ON b.id = t.booking_id AND b.state = 'confirmed'
          WHERE t.state = 'called' AND b.id IS NULL",
    ),
    (
        "a ticket that is not called any more still has a booking that waits for the customer",
        "SELECT t.id, b.id FROM booking_ticket t JOIN booking b ON b.id = t.booking_id AND b.state = 'confirmed'
          WHERE t.state IN ('skipped', 'left')",
    ),
    (
        "a ticket changed without a step",
        "SELECT t.id, t.version FROM booking_ticket t
          WHERE t.version <> (SELECT COUNT(*) FROM booking_ticket_step s WHERE s.ticket_id = t.id)",
    ),
    (
        "the books have another amount earned than the order",
        "SELECT o.id, o.earned FROM order_order o
           LEFT JOIN ledger_transfer t ON t.cause = 'order' AND t.cause_id = o.id AND t.phase = 'direct'
           LEFT JOIN ledger_account a ON a.id = t.credit_id AND a.kind = 'revenue'
           LEFT JOIN ledger_account b ON b.id = t.debit_id AND b.kind = 'revenue'
          GROUP BY o.id, o.earned
         HAVING o.earned <> COALESCE(SUM(CASE WHEN a.id IS NOT NULL THEN t.amount
                                              WHEN b.id IS NOT NULL THEN -t.amount ELSE 0 END), 0)",
    ),
    (
        "a group is held, or asked about, by halves",
        "SELECT a.id, b.id FROM booking a JOIN booking b ON b.order_id = a.order_id AND b.id <> a.id
          WHERE (a.state = 'held' AND b.state <> 'held') OR (a.state = 'requested' AND b.state NOT IN ('requested', 'cancelled'))",
    ),
    (
        "a line of an order has no booking",
        "SELECT l.id, l.order_id FROM order_line l LEFT JOIN booking b ON b.id = l.thing_id AND b.order_id = l.order_id
          WHERE l.module = 'booking' AND b.id IS NULL",
    ),
    (
        "a line is dropped whose booking stands, or stands whose booking was called off beside others",
        "SELECT l.id, b.id FROM order_line l JOIN booking b ON b.id = l.thing_id JOIN order_order o ON o.id = l.order_id
          WHERE l.module = 'booking'
            AND ((l.dropped_at IS NOT NULL AND b.state NOT IN ('declined', 'cancelled', 'no_show', 'aborted'))
              OR (l.dropped_at IS NULL AND o.state IN ('placed', 'fulfilled')
                  AND b.state IN ('declined', 'cancelled', 'no_show')
                  AND NOT EXISTS (SELECT 1 FROM booking_case c WHERE c.booking_id = b.id AND c.kept IS NULL)))",
    ),
    (
        "an offered time is not claimed, or a claim outlived its offer",
        "SELECT w.id, w.version FROM booking_wait w
          WHERE (SELECT COUNT(*) FROM span s WHERE s.holder_id = w.id)
             <> CASE WHEN w.state = 'offered' THEN 2 ELSE 0 END",
    ),
    (
        "a customer has two offers at once",
        "SELECT a.id, b.id FROM booking_wait a JOIN booking_wait b ON b.customer_id = a.customer_id AND b.id > a.id
          WHERE a.state = 'offered' AND b.state = 'offered'",
    ),
    (
        "an entry of the waitlist became no booking, or one that is not its customer's",
        "SELECT w.id, w.version FROM booking_wait w LEFT JOIN booking b ON b.id = w.booking_id
          WHERE (w.state = 'taken' AND (b.id IS NULL OR b.customer_id <> w.customer_id
                 OR (b.starts_at <> w.offered_start
                     AND NOT EXISTS (SELECT 1 FROM booking_step s WHERE s.booking_id = b.id AND s.step = 'move'))))
             OR (w.state <> 'taken' AND w.booking_id IS NOT NULL)",
    ),
    (
        "an entry of the waitlist changed without a step",
        "SELECT w.id, w.version FROM booking_wait w
          WHERE w.version <> (SELECT COUNT(*) FROM booking_wait_step s WHERE s.wait_id = w.id)",
    ),
    (
        "a booking is promised at a time at which the shop has closed",
        "SELECT b.id, c.id FROM booking b JOIN shop_closing c ON c.shop_id = b.shop_id AND c.lifted_at IS NULL
            AND b.starts_at < c.until_at AND b.starts_at + b.minutes * 60000 > c.from_at
          WHERE b.state IN ('requested', 'confirmed', 'checked_in')",
    ),
    (
        "somebody who said that they would be late was called absent before that",
        "SELECT b.id, s.at FROM booking b JOIN booking_late l ON l.booking_id = b.id
           JOIN booking_step s ON s.booking_id = b.id AND s.step = 'no_show'
          WHERE s.at < b.starts_at + (l.minutes + 5) * 60000",
    ),
    (
        "an order counts another amount as given back than its lines",
        "SELECT o.id, o.refunded FROM order_order o LEFT JOIN order_allocation a ON a.order_id = o.id
          GROUP BY o.id, o.refunded HAVING o.refunded <> COALESCE(SUM(a.refunded), 0)",
    ),
    (
        "an order asks again for what it gave back",
        "SELECT n.id, n.owed FROM (SELECT o.id, o.total - o.waived - o.refunded AS owed,
              (SELECT COALESCE(SUM(p.amount - p.refunded), 0) FROM payment_payment p
                WHERE p.module = 'order' AND p.thing_id = o.id AND p.state = 'succeeded')
            + (SELECT COALESCE(SUM(k.amount - k.returned), 0) FROM order_taking k
                WHERE k.order_id = o.id AND k.state = 'committed') AS paid,
              (SELECT COALESCE(SUM(l.amount), 0) FROM order_line l WHERE l.order_id = o.id AND l.dropped_at IS NULL)
            - (SELECT COALESCE(SUM(a.amount), 0) FROM order_allocation a JOIN order_line d ON d.id = a.line_id
                WHERE a.order_id = o.id AND d.dropped_at IS NULL) AS unpaid
             FROM order_order o WHERE o.refunded > 0 AND o.state IN ('placed', 'fulfilled')) n
          WHERE n.owed - n.paid > n.unpaid",
    ),
    (
        "somebody gave back more often on a day than alone one may",
        "SELECT r.asked_by, COUNT(DISTINCT r.requested_at) FROM payment_refund r
           JOIN payment_refund_step s ON s.refund_id = r.id AND s.step = 'request' AND s.actor NOT LIKE 'centre:%'
          WHERE r.asked_by IS NOT NULL AND r.needs_second = 0
          GROUP BY r.asked_by, (r.requested_at + 28800000) / 86400000 HAVING COUNT(DISTINCT r.requested_at) > 3",
    ),
    (
        "a booking changed without a step",
        "SELECT b.id, b.version FROM booking b
          WHERE b.version <> (SELECT COUNT(*) FROM booking_step s WHERE s.booking_id = b.id)",
    ),
];

/// What must not be when everything has come to its end.
pub(crate) const AT_THE_END: &[Rule] = &[
    (
        "an order hangs",
        "SELECT id, version FROM order_order WHERE state NOT IN ('fulfilled', 'cancelled', 'closed')",
    ),
    (
        "a booking does not end as its order does",
        "SELECT b.id, o.id FROM booking b JOIN order_order o ON o.id = b.order_id
          WHERE NOT ((o.state = 'fulfilled' AND b.state = 'completed')
                  OR (o.state = 'cancelled' AND b.state IN ('declined', 'cancelled', 'no_show', 'aborted'))
                  OR (o.state = 'fulfilled' AND b.state = 'aborted')
                  OR (o.state = 'fulfilled' AND b.state IN ('declined', 'cancelled', 'no_show')
                      AND EXISTS (SELECT 1 FROM booking c WHERE c.order_id = o.id AND c.state IN ('completed', 'aborted')))
                  OR (o.state = 'closed' AND b.state IN ('expired', 'cancelled')))",
    ),
    (
        "a ticket hangs",
        "SELECT id, number FROM booking_ticket WHERE state IN ('waiting', 'called')",
    ),
    (
        "a fulfilled order earned less than was due",
        "SELECT id, earned FROM order_order WHERE state = 'fulfilled' AND earned < due_now - refunded",
    ),
    (
        "a proposal was never answered nor ended",
        "SELECT id, booking_id FROM booking_change WHERE state = 'proposed'",
    ),
    (
        "an entry of the waitlist hangs",
        "SELECT id, version FROM booking_wait WHERE state IN ('waiting', 'offered')",
    ),
    (
        "an attempt to pay hangs",
        "SELECT id, thing_id FROM payment_payment WHERE state IN ('created', 'prepaid')",
    ),
    (
        "a refund hangs",
        "SELECT id, payment_id FROM payment_refund
          WHERE NOT (state IN ('succeeded', 'rejected') OR (state = 'failed' AND trouble = 'repeated'))",
    ),
    (
        "a refund that was rejected still counts as given back",
        "SELECT a.order_id, a.refund_id FROM order_asked_refund a JOIN payment_refund r ON r.id = a.refund_id
          WHERE r.state = 'rejected' AND a.put_back_at IS NULL",
    ),
    (
        "a notice was never acted upon",
        "SELECT id, taken_at FROM payment_notice WHERE done_at IS NULL",
    ),
    (
        "an alert says what has passed",
        "SELECT a.id, a.version FROM alert a JOIN booking b ON b.id = a.booking_id
          WHERE a.state IN ('queued', 'heard') AND a.version < b.version",
    ),
    (
        "a message was never sent nor dropped",
        "SELECT id, subject_id FROM alert_message WHERE state = 'queued'",
    ),
    (
        "a job was given up",
        "SELECT id, attempt FROM job WHERE state = 'dead'",
    ),
    (
        "a payment that was set aside counts as paid",
        "SELECT q.id, p.id FROM payment_quarantine q JOIN payment_payment p ON p.id = q.payment_id
          WHERE q.doubt = 'amount' AND p.state = 'succeeded'",
    ),
];

/// The words of what must not be, and the statement that finds it.
pub(crate) type Rule = (&'static str, &'static str);

/// The first of [`NEVER`] that finds something, in words; only those are asked that read a table which was written.
pub(crate) fn broken_since(tx: &mut Tx, written: &Tables) -> Result<Option<String>> {
    static READ: OnceLock<Vec<BTreeSet<&'static str>>> = OnceLock::new();
    let read = READ.get_or_init(|| NEVER.iter().map(|(_, sql)| read_by(sql)).collect());
    let asked = NEVER.iter().zip(read).filter(|(_, read)| written.meet(read));
    broken(tx, asked.map(|(rule, _)| rule))
}

/// The first of these that finds something, in words.
pub(crate) fn broken(tx: &mut Tx, rules: impl IntoIterator<Item = &'static Rule>) -> Result<Option<String>> {
    for (words, sql) in rules {
        let found = tx.all(sql, params![], |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?)))?;
        if let Some((a, b)) = found.first() {
            return Ok(Some(format!("{words} ({a}, {b})")));
        }
    }
    Ok(None)
}

/// An attempt to pay as our tables have it.
pub(crate) struct OurPayment {
    pub number: String,
    pub order: i64,
    pub amount: Money,
    pub state: String,
    /// Why it was closed, if it was.
    pub closed: Option<String>,
    /// Whether money of it was set aside.
    pub aside: bool,
}

pub(crate) fn payments(tx: &mut Tx) -> Result<Vec<OurPayment>> {
    tx.all(
        "SELECT p.out_trade_no, p.thing_id, p.amount, p.state,
                (SELECT s.reason FROM payment_step s WHERE s.payment_id = p.id AND s.step = 'close'),
                (SELECT CAST(COUNT(*) AS BIGINT) FROM payment_quarantine q WHERE q.out_trade_no = p.out_trade_no)
           FROM payment_payment p ORDER BY p.id",
        params![],
        |row| {
            Ok(OurPayment {
                number: row.get(0)?,
                order: row.get(1)?,
                amount: row.get(2)?,
                state: row.get(3)?,
                closed: row.get(4)?,
                aside: row.get::<i64>(5)? > 0,
            })
        },
    )
}

/// The refunds: our number, amount and state.
pub(crate) fn refunds(tx: &mut Tx) -> Result<Vec<(String, Money, String)>> {
    tx.all(
        "SELECT out_refund_no, amount, state FROM payment_refund ORDER BY id",
        params![],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )
}

/// The orders: identifier, state, what of the price WeChat is to bring (the desk takes the rest in cash, and what the desk
/// entered itself is due only when it is paid), what is kept, and what single lines gave back.
pub(crate) type OurOrder = (i64, String, Money, Money, Money);

pub(crate) fn orders(tx: &mut Tx) -> Result<Vec<OurOrder>> {
    tx.all(
        "SELECT o.id, o.state,
                CASE WHEN o.state = 'fulfilled' THEN o.earned + o.refunded ELSE o.total END
                  - (SELECT CAST(COALESCE(SUM(k.amount - k.returned), 0) AS BIGINT) FROM order_taking k
                      WHERE k.order_id = o.id AND k.state = 'committed'),
                o.kept - (SELECT CAST(COALESCE(SUM(t.amount - t.returned), 0) AS BIGINT) FROM order_taking t
                           WHERE t.order_id = o.id AND t.state = 'committed'),
                o.refunded
           FROM order_order o ORDER BY o.id",
        params![],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)),
    )
}

/// The bookings that a shop is asked about, and until when.
pub(crate) fn asked(tx: &mut Tx) -> Result<Vec<(i64, Instant)>> {
    tx.all(
        "SELECT id, answer_by FROM booking WHERE state = 'requested' AND answer_by IS NOT NULL ORDER BY id",
        params![],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// The proposals that are open, and until when they are to be answered.
pub(crate) fn proposals(tx: &mut Tx) -> Result<Vec<(i64, Instant)>> {
    tx.all(
        "SELECT id, answer_by FROM booking_change WHERE state = 'proposed' ORDER BY id",
        params![],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// The leaves that are granted, and for how many something is claimed of the therapist's time in each. The ten minutes that
/// are kept after a service may run into it.
pub(crate) fn leaves(tx: &mut Tx) -> Result<Vec<(i64, i64)>> {
    tx.all(
        "SELECT l.id, CAST(COUNT(DISTINCT s.holder_id) AS BIGINT) FROM leave l
           LEFT JOIN span s ON s.resource_id = l.therapist_id
                AND s.to_slot * 300000 > l.from_at + 600000 AND s.from_slot * 300000 < l.to_at
          WHERE l.state = 'granted' GROUP BY l.id ORDER BY l.id",
        params![],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// The bookings that the clock declined, and when.
pub(crate) fn declined_by_clock(tx: &mut Tx) -> Result<Vec<(i64, Instant)>> {
    tx.all(
        "SELECT booking_id, at FROM booking_step WHERE step = 'decline' AND why = 'unanswered' ORDER BY booking_id",
        params![],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Whether a message speaks of its booking, or its entry of the waitlist, as it stands. Messages about refunds always do.
pub(crate) fn is_true(tx: &mut Tx, message: i64) -> Result<bool> {
    let stale = tx.all(
        "SELECT m.version FROM alert_message m JOIN booking b ON b.id = m.subject_id
          WHERE m.id = $1 AND m.version <> b.version AND m.kind NOT IN ('refunded', 'offered')
         UNION ALL
         SELECT m.version FROM alert_message m JOIN booking_wait w ON w.id = m.subject_id
          WHERE m.id = $1 AND m.version <> w.version AND m.kind = 'offered'",
        params![message],
        |row| row.get::<i64>(0),
    )?;
    Ok(stale.is_empty())
}

/// Whether a notice lies in the inbox.
pub(crate) fn is_in_the_inbox(tx: &mut Tx, notice: &str) -> Result<bool> {
    let found = tx.maybe(
        "SELECT id FROM payment_notice WHERE notice_id = $1",
        params![notice],
        |row| row.get::<i64>(0),
    )?;
    Ok(found.is_some())
}

/// What waits among the jobs besides what repeats itself for ever.
pub(crate) fn waiting_jobs(tx: &mut Tx) -> Result<i64> {
    tx.one(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM job WHERE state <> 'dead' AND name NOT IN ('alert.prune', 'web.sweep', 'booking.forget_address')",
        params![],
        |row| row.get(0),
    )
}
