use std::collections::HashSet;

use db::Tx;
use kernel::{Cx, Day, HOUR_MS, Id, Money, Result, Shop};
use ledger::{Account, Kind, Transfer};

use crate::{
    BillDiffers,
    actions::{Judged, Refusal, money_back, refund::apply_refund, settle},
    model::{
        BillLine, BillSum, BilledRefund, Difference, DifferenceKind, Found, Matched, Payment, Receipt,
        Refund, RefundNews, RefundState, RefundStatus, Source, State, Terms,
    },
    store,
};

/// Matches payments of a bill with ours. A payment that we had not heard of becomes paid by the one way there is; what
/// does not agree is found.
pub fn match_payments(cx: &Cx, tx: &mut Tx, terms: &Terms, day: Day, lines: &[BillLine]) -> Result<Matched> {
    let mut matched = Matched::default();
    for line in lines {
        let Some(payment) = store::by_number(tx, &line.out_trade_no)? else {
            matched
                .found
                .push(found(DifferenceKind::PaymentUnknown, line, None, None));
            continue;
        };
        matched.count(payment.shop, line);
        if let Some(kind) = wrong(terms, line, &payment) {
            let ours = Some(payment.amount);
            matched.found.push(found(kind, line, Some(payment.shop), ours));
            store::mark_payment(tx, payment.id, day)?;
            continue;
        }
        if let Some(kind) = repaired(cx, tx, terms, line, &payment)? {
            let ours = Some(payment.amount).filter(|_| payment.state == State::Succeeded);
            matched.found.push(found(kind, line, Some(payment.shop), ours));
        }
        let moved = ledger::moved(tx, ("payment", payment.id.raw()), "settled")?;
        if moved != line.amount {
            let kind = DifferenceKind::Books;
            matched
                .found
                .push(found(kind, line, Some(payment.shop), Some(moved)));
        }
        if !line.fee_fits() {
            matched.found.push(Found {
                theirs: Some(line.fee()),
                ..found(DifferenceKind::Fee, line, Some(payment.shop), None)
            });
        }
        store::mark_payment(tx, payment.id, day)?;
    }
    Ok(matched)
}

/// What is wrong with a line for itself.
fn wrong(terms: &Terms, line: &BillLine, payment: &Payment) -> Option<DifferenceKind> {
    if line.currency != "CNY" {
        Some(DifferenceKind::Currency)
    } else if line.mchid != terms.mchid || line.appid != terms.appid || line.sub_mchid != payment.sub_mchid {
        Some(DifferenceKind::Merchant)
    } else if line.amount != payment.amount {
        Some(DifferenceKind::Amount)
    } else if line.state != "SUCCESS" {
        Some(DifferenceKind::State)
    } else {
        None
    }
}

fn repaired(
    cx: &Cx,
    tx: &mut Tx,
    terms: &Terms,
    line: &BillLine,
    payment: &Payment,
) -> Result<Option<DifferenceKind>> {
    if payment.state == State::Succeeded {
        let same = payment.transaction_id.as_deref() == Some(line.transaction_id.as_str());
        return Ok((!same).then_some(DifferenceKind::Transaction));
    }
    let judged = settle(cx, tx, terms, &Receipt::billed(line), Source::Bill)?;
    Ok(matches!(judged, Judged::Aside(_)).then_some(DifferenceKind::State))
}

/// Matches refunds of a bill with ours. The end of a refund that we had not heard of is applied; what does not agree is
/// found.
pub fn match_refunds(cx: &Cx, tx: &mut Tx, day: Day, lines: &[BillLine]) -> Result<Matched> {
    let mut matched = Matched::default();
    for line in lines {
        let Some(billed) = &line.refund else { continue };
        let Some(refund) = store::refund_by_number(tx, &billed.out_refund_no)? else {
            let shop = store::by_number(tx, &line.out_trade_no)?.map(|payment| payment.shop);
            matched
                .found
                .push(found(DifferenceKind::RefundUnknown, line, shop, None));
            continue;
        };
        let shop = store::payment(tx, refund.payment)?.shop;
        matched.count(shop, line);
        store::mark_refund(tx, refund.id, day)?;
        if billed.amount != refund.amount {
            let ours = Some(refund.amount);
            matched
                .found
                .push(found(DifferenceKind::RefundAmount, line, Some(shop), ours));
            continue;
        }
        let refund = applied(cx, tx, (line, billed), refund)?;
        if !agrees(&billed.state, refund.state) {
            matched.found.push(found(
                DifferenceKind::RefundState,
                line,
                Some(shop),
                Some(refund.amount),
            ));
        }
        let gone = matches!(refund.state, RefundState::Succeeded | RefundState::Manual);
        let moved = money_back::moved(tx, &refund)?;
        if gone && moved != refund.amount {
            matched
                .found
                .push(found(DifferenceKind::Books, line, Some(shop), Some(moved)));
        }
    }
    Ok(matched)
}

/// A bill tells how a refund stood in the morning and is not kept up: only ends are believed.
fn applied(
    cx: &Cx,
    tx: &mut Tx,
    (line, billed): (&BillLine, &BilledRefund),
    refund: Refund,
) -> Result<Refund> {
    let status = match billed.state.as_str() {
        "SUCCESS" => RefundStatus::Success,
        "FAIL" if refund.state.is_running() => RefundStatus::Closed,
        _ => return Ok(refund),
    };
    let news = RefundNews {
        out_refund_no: billed.out_refund_no.clone(),
        out_trade_no: line.out_trade_no.clone(),
        refund_id: billed.refund_id.clone(),
        transaction_id: line.transaction_id.clone(),
        amount: billed.amount,
        status,
        done_at: None,
    };
    apply_refund(cx, tx, &news, Source::Bill)?;
    store::refund(tx, refund.id)
}

fn agrees(billed: &str, ours: RefundState) -> bool {
    use RefundState::{Approved, Failed, Manual, Rejected, Requested, Succeeded};
    match billed {
        "SUCCESS" => matches!(ours, Succeeded | Manual),
        "FAIL" => ours == Failed,
        // On its way, or stuck: it may have ended since, but not never have begun.
        _ => !matches!(ours, Requested | Approved | Rejected),
    }
}

/// What we know of a day and no bill has listed. A refund sent in the last hour of a day may stand in the bill of the
/// next one, so it is missed a day later.
pub fn miss(tx: &mut Tx, day: Day) -> Result<Vec<Found>> {
    let (from, to) = (day.at(0), day.plus(1).at(0));
    let mut missed = store::unbilled_payments(tx, from, to)?;
    missed.extend(store::unbilled_refunds(tx, from + (-HOUR_MS), to + (-HOUR_MS))?);
    Ok(missed)
}

/// Keeps what a look at the bill of a day brought: sums, fees in the ledger, differences. The day closes when nothing
/// differs.
pub fn keep(cx: &Cx, tx: &mut Tx, day: Day, lines: usize, matched: &Matched) -> Result<()> {
    let mut sums = matched.sums.clone();
    for shop in store::shops_of_bill(tx, day)? {
        sums.entry(shop).or_default();
    }
    let mut all = BillSum::default();
    for (shop, sum) in &sums {
        all.paid += sum.paid;
        all.refunded += sum.refunded;
        all.fee += sum.fee;
        book_fee(cx, tx, day, *shop, *sum)?;
    }
    store::put_bill(cx, tx, day, i64::try_from(lines).unwrap_or(i64::MAX), all)?;
    let now: HashSet<(DifferenceKind, &str)> = matched
        .found
        .iter()
        .map(|found| (found.kind, found.number.as_str()))
        .collect();
    for (id, kind, number) in store::all_differences(tx, day)? {
        if !now.contains(&(kind, number.as_str())) {
            store::gone(cx, tx, id)?;
        }
    }
    for found in &matched.found {
        store::put_difference(cx, tx, day, found)?;
    }
    store::close_day(cx, tx, day)?;
    let open = store::count_open(tx, day)?;
    if open > 0 {
        tracing::error!(day = %day, open, "WeChat's bill differs from our books");
        tx.emit(cx, &BillDiffers { day, open })?;
    }
    Ok(())
}

/// Books what WeChat kept for its service, or what that changed by since the bill was last read.
fn book_fee(cx: &Cx, tx: &mut Tx, day: Day, shop: Id<Shop>, sum: BillSum) -> Result<()> {
    let (row, revision, before) = store::put_sum(cx, tx, day, shop, sum)?;
    let more = sum.fee - before;
    let (fees, till) = (
        Account::money("shop", shop.raw(), Kind::Fees),
        Account::money("shop", shop.raw(), Kind::WeChat),
    );
    let (debit, credit, amount) = if more >= Money::ZERO {
        (fees, till, more)
    } else {
        (till, fees, -more)
    };
    let key = if revision == 1 {
        "fee".to_owned()
    } else {
        format!("fee {revision}")
    };
    let transfer = Transfer {
        debit,
        credit,
        amount,
        cause: ("bill", row),
        key: &key,
    };
    ledger::transfer(cx, tx, &transfer).map(drop)
}

/// A person says why something differs; the day closes when it was the last.
///
/// # Errors
/// `payment.no_note`, `payment.looked_at` when it is no longer open.
pub fn explain(cx: &Cx, tx: &mut Tx, id: Id<Difference>, note: &str) -> Result<Day> {
    let difference = store::difference(tx, id)?;
    if note.trim().is_empty() {
        return Err(Refusal::NoNote.into());
    }
    if !store::explain(cx, tx, id, note.trim())? {
        return Err(Refusal::LookedAt.into());
    }
    store::close_day(cx, tx, difference.day)?;
    Ok(difference.day)
}

fn found(kind: DifferenceKind, line: &BillLine, shop: Option<Id<Shop>>, ours: Option<Money>) -> Found {
    let theirs = line.refund.as_ref().map_or(line.amount, |refund| refund.amount);
    Found {
        kind,
        number: line.number().to_owned(),
        shop,
        ours,
        theirs: Some(theirs),
    }
}
