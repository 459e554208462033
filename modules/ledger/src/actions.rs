use db::Tx;
use kernel::{Cx, Error, Money, Result};

use crate::{
    model::{Account, Balance, Transfer, Unit},
    store::{self, Posted},
};

kernel::refusals! {
    /// Why the ledger says no.
    pub enum Refusal in "ledger" {
        /// The account does not hold as much as would be taken from it.
        NotCovered => 409 "not_covered",
    }
}

/// Posts a transfer. The same cause and key again changes nothing and succeeds, if accounts and amount are the same.
///
/// # Errors
/// `ledger.not_covered` when an account that must be covered ([`crate::Kind::covered`]) would not be; a fault when the
/// key was used for another transfer, which only a programming error does.
pub fn transfer(cx: &Cx, tx: &mut Tx, transfer: &Transfer) -> Result<()> {
    assert!(
        transfer.amount >= Money::ZERO,
        "a transfer back is a transfer the other way round"
    );
    assert_eq!(
        transfer.debit.unit, transfer.credit.unit,
        "a transfer stays within its unit"
    );
    if transfer.amount == Money::ZERO {
        return Ok(());
    }
    let wanted = Posted {
        debit: store::account_opened(cx, tx, transfer.debit)?,
        credit: store::account_opened(cx, tx, transfer.credit)?,
        amount: transfer.amount,
    };
    match store::posted(tx, transfer.cause, transfer.key)? {
        Some(before) if before == wanted => Ok(()),
        Some(before) => Err(Error::Fault(clash(transfer, &before))),
        None => {
            store::post(cx, tx, transfer, &wanted)?;
            if transfer.debit.kind.covered() && store::balance(tx, wanted.debit)? > Money::ZERO {
                return Err(Refusal::NotCovered.into());
            }
            Ok(())
        }
    }
}

/// What an account holds; nothing when no transfer has named it.
pub fn balance(tx: &mut Tx, account: Account) -> Result<Balance> {
    match store::account(tx, account)? {
        Some(id) => store::balance(tx, id),
        None => Ok(Money::ZERO),
    }
}

/// The sum of all balances of a unit: zero, or the books are wrong. For the checks of tests and of the doctor.
pub fn sum(tx: &mut Tx, unit: Unit) -> Result<Balance> {
    store::sum(tx, unit)
}

fn clash(transfer: &Transfer, before: &Posted) -> anyhow::Error {
    anyhow::anyhow!(
        "transfer {}:{} {:?} was posted before as {before:?}, now as {transfer:?}",
        transfer.cause.0,
        transfer.cause.1,
        transfer.key
    )
}
