//! The daily look at WeChat's bill: fetched, read, matched, kept.

use db::{Event, Tx, Work};
use kernel::{Cx, Day, Error, MINUTE_MS, Result};
use serde::{Deserialize, Serialize};
use wechat::{
    Outcome, Verified,
    pay::{
        ApiError, Code,
        bill::{self, AccountKind, BillLink, Direction, TradeBillKind},
    },
};

use crate::{
    WeChatPay, actions,
    model::{BillLine, DifferenceKind, Found, Matched, take_repeated},
    store,
    wechat_pay::{at, nonce},
};

/// WeChat has the bill of a day from ten o'clock of the next (doc 4012791866).
const READ_MINUTE: i64 = 605;
/// How long the bill is asked for again when it is not there.
const PAUSE_MS: i64 = 20 * MINUTE_MS;
/// A bill of half a million lines.
const MOST_BYTES: u64 = 256 << 20;
/// Lines in one transaction.
const CHUNK: usize = 400;
/// An open day is looked at again this many days.
const AGAIN_DAYS: i64 = 10;
/// Longer than the bill of a busy city takes.
pub(crate) const LEASE_MS: i64 = 30 * MINUTE_MS;

/// Every morning the bill of the day before, and of days that are still open.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Morning {}

impl Event for Morning {
    const NAME: &'static str = "payment.morning";
}

/// Reads the bill of a day.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Read {
    day: Day,
    round: u32,
}

impl Event for Read {
    const NAME: &'static str = "payment.bill";
}

/// What the program plans once at its start: the bill is read every morning after ten o'clock.
pub fn at_start(cx: &Cx, tx: &mut Tx) -> Result<()> {
    plan_morning(cx, tx)
}

fn plan_morning(cx: &Cx, tx: &mut Tx) -> Result<()> {
    let today = cx.now().day().at(READ_MINUTE);
    let due = if today > cx.now() {
        today
    } else {
        cx.now().day().plus(1).at(READ_MINUTE)
    };
    tx.schedule(cx, Morning::NAME, &Morning {}, due, Some(&due.day().to_string()))
}

pub(crate) fn morning(cx: &Cx, tx: &mut Tx) -> Result<()> {
    plan_morning(cx, tx)?;
    let today = cx.now().day();
    let yesterday = today.plus(-1);
    let mut days = store::open_days(tx, today.plus(-AGAIN_DAYS))?;
    if !days.contains(&yesterday) {
        days.push(yesterday);
    }
    for day in days {
        plan(cx, tx, day)?;
    }
    Ok(())
}

/// Has the bill of a day read as soon as a job can.
pub(crate) fn plan(cx: &Cx, tx: &mut Tx, day: Day) -> Result<()> {
    let key = format!("{day}@{}", cx.now().ms() / MINUTE_MS);
    tx.schedule(cx, Read::NAME, &Read { day, round: 0 }, cx.now(), Some(&key))
}

/// Reads the bill of a day and matches it. Where the bill is not ready it is asked for later; a bill that cannot be read
/// or does not fit its hash is a fault.
pub(crate) fn read(work: &Work, pay: &WeChatPay, read: &Read) -> Result<()> {
    let day = read.day;
    let lines = match fetch_trade(&work.cx, pay, day)? {
        Fetched::Lines(lines) => lines,
        Fetched::Later => return later(work, read),
    };
    let flows = match fetch_flows(&work.cx, pay, day)? {
        Fetched::Lines(flows) => flows,
        Fetched::Later => return later(work, read),
    };
    reconcile(work, pay, day, lines, &flows)
}

fn later(work: &Work, read: &Read) -> Result<()> {
    let (cx, day, round) = (work.cx.clone(), read.day, read.round + 1);
    if cx.now() > day.plus(3).at(READ_MINUTE) {
        return Err(Error::fault(format!("the bill of {day} cannot be had")));
    }
    work.db
        .write(move |tx| {
            let due = cx.now() + PAUSE_MS;
            let key = format!("{day}:{round}@{}", due.ms() / MINUTE_MS);
            tx.schedule(&cx, Read::NAME, &Read { day, round }, due, Some(&key))
        })
        .wait()
}

/// Matches the lines of a day with our books, in many small transactions: each line can be matched again harmlessly.
fn reconcile(work: &Work, pay: &WeChatPay, day: Day, mut lines: Trades, flows: &[Flow]) -> Result<()> {
    let mut matched = Matched::default();
    if let Some(total) = lines.wrong_total.take() {
        matched.found.push(total);
    }
    matched.found.extend(unexplained(day, &lines.lines, flows));
    for line in take_repeated(&mut lines.lines) {
        matched.found.push(Found {
            kind: DifferenceKind::Duplicate,
            number: line.number().to_owned(),
            shop: None,
            ours: None,
            theirs: Some(line.refund.as_ref().map_or(line.amount, |refund| refund.amount)),
        });
    }
    let count = lines.lines.len();
    let (refunds, payments): (Vec<BillLine>, Vec<BillLine>) =
        lines.lines.into_iter().partition(|line| line.refund.is_some());
    for chunk in payments.chunks(CHUNK) {
        let (cx, terms, chunk) = (work.cx.clone(), pay.terms().clone(), chunk.to_vec());
        let part = work
            .db
            .write(move |tx| actions::match_payments(&cx, tx, &terms, day, &chunk));
        matched.add(part.wait()?);
    }
    for chunk in refunds.chunks(CHUNK) {
        let (cx, chunk) = (work.cx.clone(), chunk.to_vec());
        let part = work
            .db
            .write(move |tx| actions::match_refunds(&cx, tx, day, &chunk));
        matched.add(part.wait()?);
    }
    matched
        .found
        .extend(work.db.read(move |tx| actions::miss(tx, day)).wait()?);
    let cx = work.cx.clone();
    work.db
        .write(move |tx| actions::keep(&cx, tx, day, count, &matched))
        .wait()
}

/// Movements of our own account that belong to no line.
fn unexplained(day: Day, lines: &[BillLine], flows: &[Flow]) -> Vec<Found> {
    let known: std::collections::HashSet<&str> = lines
        .iter()
        .flat_map(|line| {
            let refund = line.refund.as_ref().map(|refund| refund.refund_id.as_str());
            [Some(line.transaction_id.as_str()), refund]
        })
        .flatten()
        .collect();
    let strange = |flow: &&Flow| !known.contains(flow.business_no.as_str());
    tracing::debug!(day = %day, flows = flows.len(), "fund bill read");
    flows
        .iter()
        .filter(strange)
        .map(|flow| Found {
            kind: DifferenceKind::Flow,
            number: flow.flow_no.clone(),
            shop: None,
            ours: None,
            theirs: Some(kernel::Money(flow.fen)),
        })
        .collect()
}

enum Fetched<T> {
    Lines(T),
    Later,
}

#[derive(Default)]
struct Trades {
    lines: Vec<BillLine>,
    wrong_total: Option<Found>,
}

/// A movement for a payment or a refund on our own account.
struct Flow {
    business_no: String,
    flow_no: String,
    fen: i64,
}

fn fetch_trade(cx: &Cx, pay: &WeChatPay, day: Day) -> Result<Fetched<Trades>> {
    let link = pay
        .client()
        .trade_bill(at(cx), &nonce(cx), (bill_day(day)?, TradeBillKind::All), None);
    let Some(text) = download(cx, pay, link)? else {
        return Ok(Fetched::Later);
    };
    if text.is_empty() {
        return Ok(Fetched::Lines(Trades::default()));
    }
    let bill = bill::read_trade_bill(&text).map_err(|error| Error::fault(error.to_string()))?;
    let lines: Vec<BillLine> = bill.records.iter().map(BillLine::from).collect();
    let theirs = kernel::Money(bill.totals.settled_fen);
    let ours: kernel::Money = bill
        .records
        .iter()
        .map(|record| kernel::Money(record.settled_fen))
        .sum();
    let counted = u64::try_from(lines.len()).is_ok_and(|count| count == bill.totals.count);
    let wrong_total = (!counted || ours != theirs).then(|| Found {
        kind: DifferenceKind::Total,
        number: day.to_string(),
        shop: None,
        ours: Some(ours),
        theirs: Some(theirs),
    });
    Ok(Fetched::Lines(Trades { lines, wrong_total }))
}

/// What moved on our own account for payments and refunds. As a provider for shops none of their money moves there, and
/// their fund bills are not ours to read.
fn fetch_flows(cx: &Cx, pay: &WeChatPay, day: Day) -> Result<Fetched<Vec<Flow>>> {
    if !pay.is_payee() {
        return Ok(Fetched::Lines(Vec::new()));
    }
    let link = pay
        .client()
        .fund_bill(at(cx), &nonce(cx), (bill_day(day)?, AccountKind::Basic));
    let Some(text) = download(cx, pay, link)? else {
        return Ok(Fetched::Later);
    };
    if text.is_empty() {
        return Ok(Fetched::Lines(Vec::new()));
    }
    let bill = bill::read_fund_bill(&text).map_err(|error| Error::fault(error.to_string()))?;
    let flow = |record: &bill::FundRecord| Flow {
        business_no: record.business_no.clone(),
        flow_no: record.flow_no.clone(),
        fen: match record.direction {
            Direction::Out => -record.amount_fen,
            _ => record.amount_fen,
        },
    };
    let ours = |record: &&bill::FundRecord| ["交易", "退款"].contains(&record.business.as_str());
    Ok(Fetched::Lines(
        bill.records.iter().filter(ours).map(flow).collect(),
    ))
}

/// The text of a bill; empty where nothing happened, `None` where it is not to be had yet.
fn download(cx: &Cx, pay: &WeChatPay, link: Outcome<Verified<BillLink>>) -> Result<Option<Vec<u8>>> {
    let link = match link {
        Outcome::Done(link) => link,
        Outcome::Refused(error) => return refused(&error),
        Outcome::Unknown(cause) => {
            tracing::warn!(%cause, "WeChat gave no clear answer about a bill");
            return Ok(None);
        }
    };
    match pay.client().download_bill(at(cx), &nonce(cx), &link, MOST_BYTES) {
        Outcome::Done(file) => Ok(Some(file.text)),
        Outcome::Refused(error) => refused(&error),
        Outcome::Unknown(cause) => {
            tracing::warn!(%cause, "a bill could not be downloaded");
            Ok(None)
        }
    }
}

fn refused(error: &ApiError) -> Result<Option<Vec<u8>>> {
    if error.code == Code::NoStatementExist {
        return Ok(Some(Vec::new()));
    }
    tracing::warn!(%error, "WeChat has no bill yet");
    Ok(None)
}

fn bill_day(day: Day) -> Result<bill::BillDay> {
    let (year, month, date) = day.ymd();
    bill::BillDay::new(year, month, date).ok_or_else(|| Error::fault("a day that is none"))
}
