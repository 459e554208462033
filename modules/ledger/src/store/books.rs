use db::{Tx, params};
use kernel::{Cx, Id, Instant, Money, Result, Shop, ShopScope};

use crate::{
    model::{Difference, Kind, Report, Side, Standing, Total, Unit},
    store::{account_name, standing_from},
};

/// Marks identifiers of accounts.
#[derive(Debug)]
pub enum Book {}

/// An account of a shop with its sums.
#[derive(Clone, Debug)]
pub struct ShopAccount {
    /// The account.
    pub id: Id<Book>,
    /// What it is for.
    pub kind: Kind,
    /// What is counted.
    pub unit: Unit,
    /// Its sums.
    pub standing: Standing,
}

/// One movement of an account that has taken effect.
#[derive(Clone, Debug)]
pub(crate) struct Movement {
    pub made_at: Instant,
    pub cause: String,
    pub key: String,
    /// Positive where it adds to the account.
    pub amount: i64,
}

/// One movement of a shop's till.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TillMovement {
    pub made_at: Instant,
    pub till: Kind,
    /// What the account on the other side is for.
    pub other: Kind,
    /// Positive where money came.
    pub amount: Money,
}

/// The balances of a unit's accounts, summed: zero when the books are right.
pub(crate) fn sum(tx: &mut Tx, unit: Unit) -> Result<Money> {
    tx.one(
        "SELECT CAST(COALESCE(SUM(b.debits_posted - b.credits_posted), 0) AS BIGINT)
           FROM ledger_balance b JOIN ledger_account a ON a.id = b.account_id
          WHERE a.unit = $1",
        params![unit.code()],
        |row| row.get(0),
    )
}

/// The sums of all accounts by kind and unit.
pub(crate) fn totals(tx: &mut Tx) -> Result<Vec<Total>> {
    let mut totals = tx.all(
        "SELECT a.kind, a.unit, CAST(COUNT(*) AS BIGINT),
                CAST(SUM(b.debits_posted) AS BIGINT), CAST(SUM(b.credits_posted) AS BIGINT),
                CAST(SUM(b.debits_pending) AS BIGINT), CAST(SUM(b.credits_pending) AS BIGINT)
           FROM ledger_balance b JOIN ledger_account a ON a.id = b.account_id
          GROUP BY a.kind, a.unit",
        params![],
        |row| {
            Ok(Total {
                kind: row.code(0)?,
                unit: row.code(1)?,
                accounts: row.get(2)?,
                standing: standing_from(row, 3)?,
            })
        },
    )?;
    totals.sort_by_key(|total: &Total| (total.unit, total.kind));
    Ok(totals)
}

/// Up to `most` accounts after `after`, each with what is kept and what its transfers add up to; an account without a
/// balance has kept nothing.
pub(crate) fn compared(tx: &mut Tx, after: i64, most: i64) -> Result<Vec<(i64, Difference)>> {
    tx.all(
        "SELECT a.id, a.owner_kind, a.owner_id, a.kind, a.unit,
                COALESCE(b.debits_posted, 0), COALESCE(b.credits_posted, 0),
                COALESCE(b.debits_pending, 0), COALESCE(b.credits_pending, 0),
                CAST((SELECT COALESCE(SUM(CASE WHEN t.phase IN ('direct', 'post') THEN t.amount ELSE 0 END), 0)
                   FROM ledger_transfer t WHERE t.debit_id = a.id) AS BIGINT),
                CAST((SELECT COALESCE(SUM(CASE WHEN t.phase IN ('direct', 'post') THEN t.amount ELSE 0 END), 0)
                   FROM ledger_transfer t WHERE t.credit_id = a.id) AS BIGINT),
                CAST((SELECT COALESCE(SUM(CASE t.phase WHEN 'pending' THEN t.amount
                                                       WHEN 'direct' THEN 0 ELSE -t.pending_amount END), 0)
                   FROM ledger_transfer t WHERE t.debit_id = a.id) AS BIGINT),
                CAST((SELECT COALESCE(SUM(CASE t.phase WHEN 'pending' THEN t.amount
                                                       WHEN 'direct' THEN 0 ELSE -t.pending_amount END), 0)
                   FROM ledger_transfer t WHERE t.credit_id = a.id) AS BIGINT),
                COALESCE(b.credits_cover, 0), COALESCE(b.debits_cover, 0), COALESCE(b.allowance, 0)
           FROM ledger_account a LEFT JOIN ledger_balance b ON b.account_id = a.id
          WHERE a.id > $1
          ORDER BY a.id LIMIT $2",
        params![after, most],
        |row| {
            let kind: Kind = row.code(3)?;
            let wanted = (
                kind.covered() && kind.side() == Side::Credit,
                kind.covered() && kind.side() == Side::Debit,
                kind.allowance(),
            );
            let found = (row.get(13)?, row.get(14)?, row.get(15)?);
            let difference = Difference {
                account: account_name(row, 1)?,
                kept: standing_from(row, 5)?,
                summed: standing_from(row, 9)?,
                guarded: wanted == found,
            };
            Ok((row.get(0)?, difference))
        },
    )
}

/// Up to `most` transfers after `after`: each one's key, and whether it stands in the journal or waits for it.
pub(crate) fn listed(tx: &mut Tx, after: i64, most: i64) -> Result<Vec<(i64, bool)>> {
    tx.all(
        "SELECT t.id,
                CAST(CASE WHEN EXISTS (SELECT 1 FROM ledger_journal j WHERE j.transfer_id = t.id)
                            OR EXISTS (SELECT 1 FROM ledger_unchained w WHERE w.transfer_id = t.id)
                          THEN 1 ELSE 0 END AS BIGINT)
           FROM ledger_transfer t WHERE t.id > $1 ORDER BY t.id LIMIT $2",
        params![after, most],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

pub(crate) fn keep_report(cx: &Cx, tx: &mut Tx, report: &Report) -> Result<()> {
    tx.run(
        "INSERT INTO ledger_audit (id, ended_at, sound, report) VALUES ($1, $2, $3, $4)",
        params![
            cx.id::<Report>(),
            cx.now(),
            report.sound(),
            serde_json::to_string(report)?
        ],
    )?;
    Ok(())
}

/// The newest report and when it was made.
pub(crate) fn last_report(tx: &mut Tx) -> Result<Option<(Instant, Report)>> {
    tx.maybe(
        "SELECT ended_at, report FROM ledger_audit ORDER BY id DESC LIMIT 1",
        params![],
        |row| Ok((row.get(0)?, serde_json::from_str(&row.get::<String>(1)?)?)),
    )
}

/// The shops that have accounts.
pub(crate) fn shops(tx: &mut Tx) -> Result<Vec<Id<Shop>>> {
    tx.all(
        "SELECT DISTINCT owner_id FROM ledger_account WHERE owner_kind = 'shop' ORDER BY owner_id",
        params![],
        |row| row.get(0),
    )
}

/// The accounts of one shop, in the order of the kinds.
pub(crate) fn of_shop(tx: &mut Tx, shop: ShopScope) -> Result<Vec<ShopAccount>> {
    let mut accounts = tx.all(
        "SELECT a.id, a.kind, a.unit, b.debits_posted, b.credits_posted, b.debits_pending, b.credits_pending
           FROM ledger_account a JOIN ledger_balance b ON b.account_id = a.id
          WHERE a.owner_kind = 'shop' AND a.owner_id = $1",
        params![shop.id()],
        |row| {
            Ok(ShopAccount {
                id: row.get(0)?,
                kind: row.code(1)?,
                unit: row.code(2)?,
                standing: standing_from(row, 3)?,
            })
        },
    )?;
    accounts.sort_by_key(|account: &ShopAccount| (account.unit, account.kind));
    Ok(accounts)
}

/// What has taken effect on an account from one moment up to another, the oldest first.
pub(crate) fn movements(
    tx: &mut Tx,
    account: &ShopAccount,
    from: Instant,
    to: Instant,
) -> Result<Vec<Movement>> {
    let sign = match account.kind.side() {
        Side::Debit => 1,
        Side::Credit => -1,
    };
    tx.all(
        "SELECT made_at, cause, key, amount, id FROM ledger_transfer
          WHERE debit_id = $1 AND made_at >= $2 AND made_at < $3 AND phase IN ('direct', 'post')
         UNION ALL
         SELECT made_at, cause, key, -amount, id FROM ledger_transfer
          WHERE credit_id = $1 AND made_at >= $2 AND made_at < $3 AND phase IN ('direct', 'post')
          ORDER BY 1, 5",
        params![account.id, from, to],
        |row| {
            Ok(Movement {
                made_at: row.get(0)?,
                cause: row.get(1)?,
                key: row.get(2)?,
                amount: sign * row.get::<i64>(3)?,
            })
        },
    )
}

/// What moved on a shop's tills, with the kind of the account on the other side, the oldest first.
pub(crate) fn till_movements(
    tx: &mut Tx,
    shop: ShopScope,
    from: Instant,
    to: Instant,
) -> Result<Vec<TillMovement>> {
    tx.all(
        "SELECT t.made_at, a.kind, o.kind, t.amount, t.id
           FROM ledger_account a
           JOIN ledger_transfer t ON t.debit_id = a.id
           JOIN ledger_account o ON o.id = t.credit_id
          WHERE a.owner_kind = 'shop' AND a.owner_id = $1 AND a.kind IN ('wechat', 'cash') AND a.unit = 'fen'
            AND t.made_at >= $2 AND t.made_at < $3 AND t.phase IN ('direct', 'post')
         UNION ALL
         SELECT t.made_at, a.kind, o.kind, -t.amount, t.id
           FROM ledger_account a
           JOIN ledger_transfer t ON t.credit_id = a.id
           JOIN ledger_account o ON o.id = t.debit_id
          WHERE a.owner_kind = 'shop' AND a.owner_id = $1 AND a.kind IN ('wechat', 'cash') AND a.unit = 'fen'
            AND t.made_at >= $2 AND t.made_at < $3 AND t.phase IN ('direct', 'post')
          ORDER BY 1, 5",
        params![shop.id(), from, to],
        |row| {
            Ok(TillMovement {
                made_at: row.get(0)?,
                till: row.code(1)?,
                other: row.code(2)?,
                amount: row.get(3)?,
            })
        },
    )
}

/// Debits minus credits that have taken effect on an account since a moment.
pub(crate) fn moved_since(tx: &mut Tx, account: Id<Book>, since: Instant) -> Result<i64> {
    tx.one(
        "SELECT CAST(
             COALESCE((SELECT SUM(amount) FROM ledger_transfer
                        WHERE debit_id = $1 AND made_at >= $2 AND phase IN ('direct', 'post')), 0)
           - COALESCE((SELECT SUM(amount) FROM ledger_transfer
                        WHERE credit_id = $1 AND made_at >= $2 AND phase IN ('direct', 'post')), 0) AS BIGINT)",
        params![account, since],
        |row| row.get(0),
    )
}
