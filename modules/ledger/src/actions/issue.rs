//! What is issued to somebody who may have spent it before it is taken back: points, above all.

use db::Tx;
use kernel::{Cx, Money, Result};

use super::{available, transfer};
use crate::{
    model::{Account, Kind, Transfer, Unit},
    store,
};

/// Something that is issued: the account it comes to, the account of what its owner owes of it, and the issuer's. All three
/// are of one unit, and none is of money: what is owed is settled by what is issued later, never out of a refund.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Issue<'a> {
    holder: Account<'a>,
    owed: Account<'a>,
    issuer: Account<'a>,
}

impl<'a> Issue<'a> {
    /// The points that a shop issues to an owner.
    pub const fn points(owner: (&'a str, i64), shop: i64) -> Issue<'a> {
        Issue {
            holder: account(owner, Kind::Points),
            owed: account(owner, Kind::Receivable),
            issuer: account(("shop", shop), Kind::Issued),
        }
    }
}

const fn account<'a>((owner_kind, owner_id): (&'a str, i64), kind: Kind) -> Account<'a> {
    Account {
        owner_kind,
        owner_id,
        kind,
        unit: Unit::Points,
    }
}

/// Issues an amount; what is owed is settled out of it first. Answers how much came to the holder; the same cause and key
/// again gives the first answer.
///
/// # Errors
/// As [`transfer`].
pub fn issue(
    cx: &Cx,
    tx: &mut Tx,
    of: &Issue,
    amount: Money,
    (cause, key): ((&'static str, i64), &str),
) -> Result<Money> {
    if let Some(before) = first_answer(tx, cause, key)? {
        return Ok(before);
    }
    let settled = available(tx, of.owed)?.min(amount);
    let parts = [
        (of.issuer, of.holder, amount - settled),
        (of.issuer, of.owed, settled),
    ];
    in_two(cx, tx, parts, (cause, key))
}

/// Takes an amount back that was issued. What has been spent of it, or is reserved, is owed from now on: the holder stands
/// below nothing until more is issued. Answers how much was taken from the holder; the same cause and key again gives the
/// first answer.
///
/// # Errors
/// As [`transfer`].
pub fn recall(
    cx: &Cx,
    tx: &mut Tx,
    of: &Issue,
    amount: Money,
    (cause, key): ((&'static str, i64), &str),
) -> Result<Money> {
    if let Some(before) = first_answer(tx, cause, key)? {
        return Ok(before);
    }
    let there = available(tx, of.holder)?.max(Money::ZERO).min(amount);
    let parts = [
        (of.holder, of.issuer, there),
        (of.owed, of.issuer, amount - there),
    ];
    in_two(cx, tx, parts, (cause, key))
}

/// What somebody has of what was issued, less what they owe of it: it may be less than nothing.
pub fn issued(tx: &mut Tx, of: &Issue) -> Result<Money> {
    Ok(available(tx, of.holder)? - available(tx, of.owed)?)
}

/// The part of the holder, and the part that is owed. Answers the first.
fn in_two(
    cx: &Cx,
    tx: &mut Tx,
    [first, second]: [(Account, Account, Money); 2],
    (cause, key): ((&'static str, i64), &str),
) -> Result<Money> {
    for ((debit, credit, amount), key) in [(first, key.to_owned()), (second, owed_key(key))] {
        let part = Transfer {
            debit,
            credit,
            amount,
            cause,
            key: &key,
        };
        transfer(cx, tx, &part)?;
    }
    Ok(first.2)
}

fn first_answer(tx: &mut Tx, cause: (&str, i64), key: &str) -> Result<Option<Money>> {
    let holder = store::opened(tx, cause, key)?;
    let owed = store::opened(tx, cause, &owed_key(key))?;
    Ok(match (holder, owed) {
        (Some(holder), _) => Some(holder.amount),
        (None, Some(_)) => Some(Money::ZERO),
        (None, None) => None,
    })
}

fn owed_key(key: &str) -> String {
    format!("{key}, owed")
}
