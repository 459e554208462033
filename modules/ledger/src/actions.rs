mod audit;
mod chain;
mod issue;

use db::Tx;
use kernel::{Cx, Error, Id, Instant, Money, Result};

pub use audit::audit;
pub use chain::{chain, export, head};
pub use issue::{Issue, issue, issued, recall};

use crate::{
    jobs,
    model::{Account, Balance, End, Phase, Side, Standing, State, Transfer, Unit},
    store::{self, Effect, Moved, Opened},
};

kernel::refusals! {
    /// Why the ledger says no.
    pub enum Refusal in "ledger" {
        /// The account does not hold as much as would be taken from it.
        NotCovered => 409 "not_covered",
        /// What was reserved has been moved already, so it cannot be freed.
        Posted => 409 "posted",
        /// What was reserved has been freed already, so it cannot be moved.
        Voided => 409 "voided",
    }
}

/// A reservation and how it stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hold {
    /// The pending transfer.
    pub id: Id<Moved>,
    /// How much it reserved.
    pub amount: Money,
    /// How it stands.
    pub state: State,
    /// How much of it was moved: nothing while it is pending and when it was freed.
    pub moved: Money,
}

/// Moves an amount at once; the identifier of the transfer, or `None` when nothing is to be moved. The same cause and
/// key again changes nothing and gives the first answer, if accounts and amount are the same.
///
/// # Errors
/// `ledger.not_covered` when an account that must be covered ([`crate::Kind::covered`]) would not be; a fault when the
/// key was used for another transfer, which only a programming error does.
pub fn transfer(cx: &Cx, tx: &mut Tx, transfer: &Transfer) -> Result<Option<Id<Moved>>> {
    if transfer.amount == Money::ZERO {
        return Ok(None);
    }
    open(cx, tx, transfer, Phase::Direct, None).map(|(id, _)| Some(id))
}

/// Reserves an amount: it is no longer available on the account that gives, and not yet on the one that receives. The
/// cause and key name the reservation from now on; a repeat gives the first answer. With a due time it frees itself then,
/// unless it was ended before.
///
/// # Errors
/// As [`transfer`]. Reserving nothing is a programming error.
pub fn reserve(cx: &Cx, tx: &mut Tx, transfer: &Transfer, due: Option<Instant>) -> Result<Id<Moved>> {
    assert!(transfer.amount != Money::ZERO, "nothing cannot be reserved");
    let (id, new) = open(cx, tx, transfer, Phase::Pending, due)?;
    if let (true, Some(due)) = (new, due) {
        jobs::plan_lapse(cx, tx, id, due)?;
    }
    Ok(id)
}

/// Moves what is reserved under a cause and key, wholly or in part; the rest is free again. A repeat with the same amount
/// gives the first answer.
///
/// # Errors
/// `NotFound` when nothing was ever reserved so; `ledger.voided` when it was freed, by a call or by its due time; a fault
/// for more than is reserved, for nothing, and for a repeat with another amount: only a programming error asks for these.
pub fn commit(cx: &Cx, tx: &mut Tx, cause: (&str, i64), key: &str, amount: Money) -> Result<Id<Moved>> {
    let pending = reserved(tx, cause, key)?;
    if amount <= Money::ZERO || amount > pending.amount {
        return Err(Error::fault(format!(
            "{amount} cannot be moved out of {} reserved under {}:{} {key:?}",
            pending.amount, cause.0, cause.1
        )));
    }
    end(cx, tx, &pending, End::Post, amount)
}

/// Frees what is reserved under a cause and key. A repeat gives the first answer.
///
/// # Errors
/// `NotFound` when nothing was ever reserved so; `ledger.posted` when it was moved.
pub fn release(cx: &Cx, tx: &mut Tx, cause: (&str, i64), key: &str) -> Result<Id<Moved>> {
    let pending = reserved(tx, cause, key)?;
    end(cx, tx, &pending, End::Void, pending.amount)
}

/// The due time of a reservation has come: frees it unless it has ended.
pub(crate) fn lapse(cx: &Cx, tx: &mut Tx, id: Id<Moved>) -> Result<()> {
    match store::opened_by_id(tx, id)? {
        Some(pending) if pending.phase == Phase::Pending => {
            end(cx, tx, &pending, End::Lapse, pending.amount).map(drop)
        }
        _ => Err(Error::NotFound),
    }
}

/// What is or was reserved under a cause and key.
pub fn hold(tx: &mut Tx, cause: (&str, i64), key: &str) -> Result<Option<Hold>> {
    let Some(pending) = store::opened(tx, cause, key)?.filter(|found| found.phase == Phase::Pending) else {
        return Ok(None);
    };
    let (state, moved) = match store::ended(tx, pending.id)? {
        None => (State::Pending, Money::ZERO),
        Some((_, State::Posted, moved)) => (State::Posted, moved),
        Some((_, state, _)) => (state, Money::ZERO),
    };
    Ok(Some(Hold {
        id: pending.id,
        amount: pending.amount,
        state,
        moved,
    }))
}

/// What has been moved under a cause and key, at once or out of a reservation; nothing when it was never asked for.
pub fn moved(tx: &mut Tx, cause: (&str, i64), key: &str) -> Result<Money> {
    let Some(opened) = store::opened(tx, cause, key)? else {
        return Ok(Money::ZERO);
    };
    if opened.phase == Phase::Direct {
        return Ok(opened.amount);
    }
    Ok(match store::ended(tx, opened.id)? {
        Some((_, State::Posted, moved)) => moved,
        _ => Money::ZERO,
    })
}

/// What an account holds, without what is reserved; nothing when no transfer has named it.
pub fn balance(tx: &mut Tx, account: Account) -> Result<Balance> {
    standing(tx, account).map(Standing::balance)
}

/// What can still be taken from an account: what it holds on the side that adds to it, less what is reserved.
pub fn available(tx: &mut Tx, account: Account) -> Result<Money> {
    let standing = standing(tx, account)?;
    Ok(Money(standing.available(account.kind.side())))
}

/// The four sums of an account; all zero when no transfer has named it. The cost does not grow with its history.
pub fn standing(tx: &mut Tx, account: Account) -> Result<Standing> {
    match store::account(tx, account)? {
        Some(id) => store::standing(tx, id),
        None => Ok(Standing::default()),
    }
}

/// The sum of all balances of a unit: zero, or the books are wrong. For the checks of tests.
pub fn sum(tx: &mut Tx, unit: Unit) -> Result<Balance> {
    store::sum(tx, unit)
}

/// Moves from one account to another all that can be taken: what expires, or what a card that is given up holds. What is
/// reserved stays, and is what its order makes of it. Answers how much was moved; the same cause and key again gives the
/// first answer.
///
/// # Errors
/// As [`transfer`].
pub fn sweep(
    cx: &Cx,
    tx: &mut Tx,
    (from, to): (Account, Account),
    cause: (&'static str, i64),
    key: &str,
) -> Result<Money> {
    if let Some(before) = store::opened(tx, cause, key)? {
        return Ok(before.amount);
    }
    let amount = available(tx, from)?.max(Money::ZERO);
    let all = Transfer {
        debit: from,
        credit: to,
        amount,
        cause,
        key,
    };
    transfer(cx, tx, &all)?;
    Ok(amount)
}

/// Opens a key; the transfer's identifier, and whether it is new.
fn open(
    cx: &Cx,
    tx: &mut Tx,
    transfer: &Transfer,
    phase: Phase,
    due: Option<Instant>,
) -> Result<(Id<Moved>, bool)> {
    assert!(
        transfer.amount >= Money::ZERO,
        "a transfer back is a transfer the other way round"
    );
    assert_eq!(
        transfer.debit.unit, transfer.credit.unit,
        "a transfer stays within its unit"
    );
    let wanted = Opened {
        id: cx.id(),
        phase,
        debit: store::account_opened(cx, tx, transfer.debit)?,
        credit: store::account_opened(cx, tx, transfer.credit)?,
        unit: transfer.debit.unit,
        amount: transfer.amount,
        due,
    };
    if !store::open(cx, tx, transfer, &wanted)? {
        return match store::opened(tx, transfer.cause, transfer.key)? {
            Some(before) if before.is(&wanted) => Ok((before.id, false)),
            Some(before) => Err(Error::Fault(clash(transfer, &before))),
            None => Err(Error::fault("two transfers were given one identifier")),
        };
    }
    let amount = transfer.amount.fen();
    let effect = match phase {
        Phase::Pending => Effect {
            posted: 0,
            pending: amount,
        },
        _ => Effect {
            posted: amount,
            pending: 0,
        },
    };
    apply(tx, &wanted, effect)?;
    Ok((wanted.id, true))
}

fn end(cx: &Cx, tx: &mut Tx, pending: &Opened, end: End, amount: Money) -> Result<Id<Moved>> {
    let ended = store::ended(tx, pending.id)?;
    let state = ended.map_or(State::Pending, |(_, state, _)| state);
    if state.after(end).is_none() {
        return Err(match state {
            State::Posted => Refusal::Posted.into(),
            _ => Refusal::Voided.into(),
        });
    }
    if let Some((id, _, before)) = ended {
        return if end == End::Lapse || before == amount {
            Ok(id)
        } else {
            Err(Error::fault(format!(
                "{before} was moved out of a reservation, now {amount} of it is asked for"
            )))
        };
    }
    let effect = Effect {
        posted: if end == End::Post { amount.fen() } else { 0 },
        pending: -pending.amount.fen(),
    };
    apply(tx, pending, effect)?;
    store::end(cx, tx, pending, end, amount)
}

/// Adds to both accounts, the one with the smaller key first: two that meet in the other order would wait for each other.
fn apply(tx: &mut Tx, row: &Opened, effect: Effect) -> Result<()> {
    let mut sides = [(row.debit, Side::Debit), (row.credit, Side::Credit)];
    sides.sort_by_key(|(account, _)| *account);
    for (account, side) in sides {
        if !store::add(tx, account, side, effect)? {
            return Err(Refusal::NotCovered.into());
        }
    }
    Ok(())
}

fn reserved(tx: &mut Tx, cause: (&str, i64), key: &str) -> Result<Opened> {
    match store::opened(tx, cause, key)? {
        Some(pending) if pending.phase == Phase::Pending => Ok(pending),
        Some(_) => Err(Error::fault(format!(
            "{}:{} {key:?} was moved at once, nothing was reserved",
            cause.0, cause.1
        ))),
        None => Err(Error::NotFound),
    }
}

impl Opened {
    /// Whether the same was asked for. The due time of the first asking stays.
    fn is(&self, other: &Opened) -> bool {
        (self.phase, self.debit, self.credit, self.amount)
            == (other.phase, other.debit, other.credit, other.amount)
    }
}

fn clash(transfer: &Transfer, before: &Opened) -> anyhow::Error {
    anyhow::anyhow!(
        "transfer {}:{} {:?} was made before as {before:?}, now as {transfer:?}",
        transfer.cause.0,
        transfer.cause.1,
        transfer.key
    )
}
