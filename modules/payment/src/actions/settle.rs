use db::Tx;
use kernel::{Cx, Id, Money, Result};
use ledger::{Account, Kind, Transfer};

use crate::{
    model::{Doubt, Payment, Receipt, Source, State, Step, Suspect, Terms},
    store,
};

/// What came of a receipt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Judged {
    /// The attempt is paid now.
    Now(Id<Payment>),
    /// It was known before.
    Before(Id<Payment>),
    /// It is set aside for a person; nothing else was done.
    Aside(Doubt),
}

/// The one way in which an attempt becomes paid, whether the news came by notice or by query: checks the receipt
/// against the attempt, records the money, and tells the module that asked for it.
pub fn settle(cx: &Cx, tx: &mut Tx, terms: &Terms, receipt: &Receipt, source: Source) -> Result<Judged> {
    let Some(mut payment) = store::by_number(tx, &receipt.out_trade_no)? else {
        return set_aside(cx, tx, receipt, source, (Doubt::Number, None));
    };
    if let Err(doubt) = receipt.judge(terms, &payment) {
        return set_aside(cx, tx, receipt, source, (doubt, Some(payment.id)));
    }
    match store::by_transaction(tx, &receipt.transaction_id)? {
        Some(known) if known.id == payment.id => return Ok(Judged::Before(payment.id)),
        Some(_) => return set_aside(cx, tx, receipt, source, (Doubt::Transaction, Some(payment.id))),
        None if payment.state == State::Succeeded => {
            return set_aside(cx, tx, receipt, source, (Doubt::Transaction, Some(payment.id)));
        }
        None => {}
    }
    payment.transaction_id = Some(receipt.transaction_id.clone());
    payment.paid_at = Some(receipt.paid_at.unwrap_or(cx.now()));
    store::step(cx, tx, &mut payment, Step::Pay, source.code())?;
    ledger::transfer(
        cx,
        tx,
        &Transfer {
            debit: Account::money("shop", payment.shop.raw(), Kind::WeChat),
            credit: Account::money(&payment.purpose.module, payment.purpose.id, Kind::Paid),
            amount: payment.amount,
            cause: ("payment", payment.id.raw()),
            key: "settled",
        },
    )?;
    tx.emit(
        cx,
        &crate::Settled {
            purpose: payment.purpose.clone(),
            payment: payment.id,
            amount: payment.amount,
        },
    )?;
    Ok(Judged::Now(payment.id))
}

fn set_aside(
    cx: &Cx,
    tx: &mut Tx,
    receipt: &Receipt,
    source: Source,
    (doubt, payment): (Doubt, Option<Id<Payment>>),
) -> Result<Judged> {
    let suspect = Suspect {
        id: cx.id(),
        doubt,
        source,
        out_trade_no: receipt.out_trade_no.clone(),
        transaction_id: receipt.transaction_id.clone(),
        payment,
        amount: receipt.amount.unwrap_or(Money::ZERO),
        body: serde_json::to_string(receipt)?,
        found_at: cx.now(),
        looked: None,
    };
    if store::quarantine(tx, &suspect)? {
        tracing::error!(%doubt, %source, number = %suspect.out_trade_no, "money set aside: it does not fit what we know");
    }
    Ok(Judged::Aside(doubt))
}
