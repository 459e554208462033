//! What a refund does in the ledger: reserved when it is promised, moved when the money has arrived, freed when it never will.

use db::Tx;
use kernel::{Cx, Error, Money, Result};
use ledger::{Account, Kind, State, Transfer};

use crate::{
    actions::Refusal,
    model::{Payment, Refund},
    store,
};

/// The reservation on what is not earned yet, and the one on what the shop has counted as earned.
const HELD: [&str; 2] = ["done", "earned"];
/// The same two, moved at once.
const LATE: [&str; 2] = ["late", "late_earned"];

/// Reserves what goes back. What a rule gives comes out of what is not earned yet, of which the ledger gives no more than
/// there is. What staff give after the service takes back what the shop has earned, within the payment's own count.
pub(super) fn reserve(cx: &Cx, tx: &mut Tx, payment: &Payment, refund: &Refund) -> Result<()> {
    let unearned = if refund.asked_by.is_some() {
        unearned(tx, payment, refund.amount)?
    } else {
        refund.amount
    };
    for (amount, kind, key) in shares(refund.amount, unearned, HELD) {
        match ledger::reserve(cx, tx, &transfer(payment, refund, (amount, kind, key)), None) {
            Ok(_) => {}
            Err(Error::Refused(_)) => return Err(Refusal::RefundTooMuch.into()),
            Err(fault) => return Err(fault),
        }
    }
    Ok(())
}

/// Moves what was reserved. Where nothing is reserved any more, because the refund had counted as failed, it is moved at
/// once: the money has gone.
pub(super) fn give(cx: &Cx, tx: &mut Tx, payment: &Payment, refund: &Refund) -> Result<()> {
    let mut left = refund.amount;
    for key in HELD {
        if let Some(amount) = held(tx, refund, key)? {
            ledger::commit(cx, tx, cause(refund), key, amount)?;
            left -= amount;
        }
    }
    let unearned = unearned(tx, payment, left)?;
    for share in shares(left, unearned, LATE) {
        ledger::transfer(cx, tx, &transfer(payment, refund, share))?;
    }
    Ok(())
}

/// Frees what was reserved.
pub(super) fn free(cx: &Cx, tx: &mut Tx, refund: &Refund) -> Result<()> {
    for key in HELD {
        if held(tx, refund, key)?.is_some() {
            ledger::release(cx, tx, cause(refund), key)?;
        }
    }
    Ok(())
}

/// What the books have moved for a refund.
pub(super) fn moved(tx: &mut Tx, refund: &Refund) -> Result<Money> {
    let mut moved = Money::ZERO;
    for key in HELD.into_iter().chain(LATE) {
        moved += ledger::moved(tx, cause(refund), key)?;
    }
    Ok(moved)
}

fn held(tx: &mut Tx, refund: &Refund, key: &str) -> Result<Option<Money>> {
    let hold = ledger::hold(tx, cause(refund), key)?;
    Ok(hold
        .filter(|hold| hold.state == State::Pending)
        .map(|hold| hold.amount))
}

/// How much of an amount is still the customer's, and not promised to them by another refund, which failed.
fn unearned(tx: &mut Tx, payment: &Payment, amount: Money) -> Result<Money> {
    let paid = Account::money(&payment.purpose.module, payment.purpose.id, Kind::Paid);
    let owed: Money = store::owed_back(tx, &payment.purpose)?.into_values().sum();
    let free = ledger::available(tx, paid)? - owed;
    Ok(free.min(amount).max(Money::ZERO))
}

fn shares(
    amount: Money,
    unearned: Money,
    keys: [&'static str; 2],
) -> impl Iterator<Item = (Money, Kind, &'static str)> {
    [
        (unearned, Kind::Paid, keys[0]),
        (amount - unearned, Kind::Revenue, keys[1]),
    ]
    .into_iter()
    .filter(|(amount, ..)| *amount > Money::ZERO)
}

fn transfer<'a>(
    payment: &'a Payment,
    refund: &Refund,
    (amount, kind, key): (Money, Kind, &'a str),
) -> Transfer<'a> {
    let (owner, id) = match kind {
        Kind::Paid => (payment.purpose.module.as_str(), payment.purpose.id),
        _ => ("shop", payment.shop.raw()),
    };
    Transfer {
        debit: Account::money(owner, id, kind),
        credit: Account::money("shop", payment.shop.raw(), Kind::WeChat),
        amount,
        cause: cause(refund),
        key,
    }
}

fn cause(refund: &Refund) -> (&'static str, i64) {
    ("refund", refund.id.raw())
}
