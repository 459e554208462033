use db::{Tx, params};
use kernel::{Cx, Instant, Money, Result};

use crate::model::{Account, Transfer, Unit};

/// A transfer as it stands in the books.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Posted {
    pub debit: i64,
    pub credit: i64,
    pub amount: Money,
}

/// The account's key, if any transfer has named it.
pub(crate) fn account(tx: &mut Tx, account: Account) -> Result<Option<i64>> {
    tx.maybe(
        "SELECT id FROM ledger_account WHERE owner_kind = $1 AND owner_id = $2 AND kind = $3 AND unit = $4",
        params![
            account.owner_kind,
            account.owner_id,
            account.kind.code(),
            account.unit.code()
        ],
        |row| row.get(0),
    )
}

/// The account's key; opens the account when it is new.
pub(crate) fn account_opened(cx: &Cx, tx: &mut Tx, named: Account) -> Result<i64> {
    if let Some(id) = account(tx, named)? {
        return Ok(id);
    }
    tx.one(
        "INSERT INTO ledger_account (id, owner_kind, owner_id, kind, unit) VALUES ($1, $2, $3, $4, $5) RETURNING id",
        params![
            cx.id::<Account>(),
            named.owner_kind,
            named.owner_id,
            named.kind.code(),
            named.unit.code()
        ],
        |row| row.get(0),
    )
}

/// What was posted for this cause and key before.
pub(crate) fn posted(tx: &mut Tx, cause: (&str, i64), key: &str) -> Result<Option<Posted>> {
    tx.maybe(
        "SELECT debit_id, credit_id, amount FROM ledger_transfer WHERE cause = $1 AND cause_id = $2 AND key = $3",
        params![cause.0, cause.1, key],
        |row| {
            Ok(Posted {
                debit: row.get(0)?,
                credit: row.get(1)?,
                amount: row.get(2)?,
            })
        },
    )
}

pub(crate) fn post(cx: &Cx, tx: &mut Tx, transfer: &Transfer, posted: &Posted) -> Result<()> {
    let at: Instant = cx.now();
    tx.run(
        "INSERT INTO ledger_transfer (id, debit_id, credit_id, amount, cause, cause_id, key, posted_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            cx.id::<Transfer>(),
            posted.debit,
            posted.credit,
            posted.amount,
            transfer.cause.0,
            transfer.cause.1,
            transfer.key,
            at
        ],
    )?;
    Ok(())
}

/// Debits minus credits of one account.
pub(crate) fn balance(tx: &mut Tx, account: i64) -> Result<Money> {
    tx.one(
        "SELECT CAST(
             COALESCE((SELECT SUM(amount) FROM ledger_transfer WHERE debit_id = $1), 0)
           - COALESCE((SELECT SUM(amount) FROM ledger_transfer WHERE credit_id = $1), 0) AS BIGINT)",
        params![account],
        |row| row.get(0),
    )
}

/// The balances of a unit's accounts that are not zero, summed: zero when the books are right.
pub(crate) fn sum(tx: &mut Tx, unit: Unit) -> Result<Money> {
    tx.one(
        "SELECT CAST(
             COALESCE((SELECT SUM(t.amount) FROM ledger_transfer t
                         JOIN ledger_account a ON a.id = t.debit_id WHERE a.unit = $1), 0)
           - COALESCE((SELECT SUM(t.amount) FROM ledger_transfer t
                         JOIN ledger_account a ON a.id = t.credit_id WHERE a.unit = $1), 0) AS BIGINT)",
        params![unit.code()],
        |row| row.get(0),
    )
}
