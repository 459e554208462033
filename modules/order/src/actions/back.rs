//! How each tender but WeChat goes back. Cash waits for a hand; stored value and points are in their account at once; a
//! coupon stays used, and is whole again when its order is called off with nothing kept.

use db::Tx;
use kernel::{Cx, Error, Money, Result};
use ledger::{Account, Kind, Transfer};

use super::{Refusal, tender::account_of};
use crate::{
    Returned,
    model::{Order, Return, State, Taken, Taking, Tender},
    store,
};

/// Gives back `amount` of what one tender took: cash of the latest taking first, so that few hands are needed, all else of
/// every taking in proportion, as principal and bonus of stored value were taken.
pub(super) fn give_back(
    cx: &Cx,
    tx: &mut Tx,
    order: &Order,
    (tender, amount): (Tender, Money),
    reason: &str,
) -> Result<()> {
    let mut takings = store::takings(tx, order.id)?;
    takings.retain(|taking| taking.tender == tender && taking.state == Taken::Committed);
    takings.reverse();
    let there: Vec<Money> = takings.iter().map(Taking::left).collect();
    let rest = amount - there.iter().copied().sum::<Money>();
    if rest > Money::ZERO {
        return Err(Error::fault(format!(
            "{rest} more would go back than {tender} gave"
        )));
    }
    let parts = match tender {
        Tender::Cash => latest_first(amount, &there),
        _ => amount.split(&there.iter().map(|left| left.fen()).collect::<Vec<_>>()),
    };
    for (taking, part) in takings.iter().zip(parts) {
        if part > Money::ZERO {
            return_part(cx, tx, order, (taking, part), reason)?;
        }
    }
    Ok(())
}

fn latest_first(amount: Money, there: &[Money]) -> Vec<Money> {
    let mut left = amount;
    let part = |there: &Money| {
        let part = left.min(*there);
        left -= part;
        part
    };
    there.iter().map(part).collect()
}

fn return_part(
    cx: &Cx,
    tx: &mut Tx,
    order: &Order,
    (taking, part): (&Taking, Money),
    reason: &str,
) -> Result<()> {
    let by_hand = taking.tender == Tender::Cash;
    let given = Return {
        id: cx.id(),
        order: order.id,
        taking: taking.id,
        tender: taking.tender,
        amount: part,
        reason: reason.to_owned(),
        asked_at: cx.now(),
        handed_at: (!by_hand).then(|| cx.now()),
    };
    if !store::count_return(tx, taking.id, part)? {
        return Err(Refusal::Changed.into());
    }
    store::add_return(cx, tx, order.shop, &given)?;
    let (credit, key) = match taking.tender {
        Tender::Cash => (
            Account::money("order", order.id.raw(), Kind::Refunding),
            "decided",
        ),
        Tender::Coupon => (given_away(order), "used"),
        _ => (account_of(taking), "returned"),
    };
    ledger::transfer(
        cx,
        tx,
        &Transfer {
            debit: Account::money("order", order.id.raw(), Kind::Paid),
            credit,
            amount: part,
            cause: ("return", given.id.raw()),
            key,
        },
    )?;
    match taking.tender {
        Tender::Value | Tender::Points => tell(cx, tx, taking, part),
        _ => Ok(()),
    }
}

/// Makes the coupons of an order whole again that was called off with nothing kept, be it at once, line by line, or because
/// somebody decided later that nothing is kept. On any other order it does nothing.
pub(super) fn restore_coupons(cx: &Cx, tx: &mut Tx, order: &Order) -> Result<()> {
    if !matches!(order.state, State::Cancelled | State::Closed) || order.kept > Money::ZERO {
        return Ok(());
    }
    for taking in store::takings(tx, order.id)? {
        let is_back = taking.tender == Tender::Coupon && taking.returned == taking.amount;
        if !is_back || !store::end_taking(tx, taking.id, (Taken::Committed, Taken::Restored))? {
            continue;
        }
        ledger::transfer(
            cx,
            tx,
            &Transfer {
                debit: given_away(order),
                credit: account_of(&taking),
                amount: taking.amount,
                cause: ("taking", taking.id.raw()),
                key: "restored",
            },
        )?;
        tell(cx, tx, &taking, taking.amount)?;
    }
    Ok(())
}

/// What the shop gives away: what a coupon paid of something that is not sold falls back to it.
fn given_away(order: &Order) -> Account<'static> {
    Account::money("shop", order.shop.raw(), Kind::Discounts)
}

fn tell(cx: &Cx, tx: &mut Tx, taking: &Taking, amount: Money) -> Result<()> {
    tx.emit(
        cx,
        &Returned {
            order: taking.order,
            tender: taking.tender,
            owner_kind: taking.owner_kind.clone(),
            owner: taking.owner,
            amount,
        },
    )
}
