use std::sync::Arc;

use db::{Event, Job, Tx, Work};
use kernel::{Cx, Error, HOUR_MS, Id, Instant, MINUTE_MS, Result};
use serde::{Deserialize, Serialize};
use wechat::{
    Outcome,
    pay::{ApiError, Class, Code},
};

use crate::{
    Refund, Seen, WeChatPay, actions,
    inbox::{self, Arrived},
    model::{self, Payment, QUERY_AFTER_MS, RefundNews, Source, next_try},
    reconcile::{self, Morning},
    store, wechat_pay,
};

pub(crate) const NOTICE: &str = "payment.notice";
const QUERY: &str = "payment.query";
const END: &str = "payment.end";
const REFUND: &str = "payment.refund";

/// The jobs of this module. All of them but the notices' go to WeChat.
pub fn jobs(pay: Arc<WeChatPay>) -> Vec<Job> {
    let (notices, queries, endings, refunds) = (pay.clone(), pay.clone(), pay.clone(), pay.clone());
    vec![
        Job::new(NOTICE, move |work, Arrived { notice }| {
            let (cx, terms) = (work.cx.clone(), notices.terms().clone());
            work.db
                .write(move |tx| inbox::act(&cx, tx, &terms, notice))
                .wait()
        }),
        Job::new(QUERY, move |work, Query { payment }| {
            let payment = work.db.read(move |tx| store::payment(tx, payment)).wait()?;
            match wechat_pay::check(work.db, &work.cx, &queries, payment.id)? {
                Seen::Unknown => ask_later(work, &payment),
                _ => Ok(()),
            }
        }),
        Job::new(END, move |work, ending: Ending| end(work, &endings, ending)),
        Job::new(REFUND, move |work, run: RefundJob| refund(work, &refunds, run)),
        Job::new(Morning::NAME, |work, _: Morning| {
            let cx = work.cx.clone();
            work.db.write(move |tx| reconcile::morning(&cx, tx)).wait()
        }),
        Job::new(reconcile::Read::NAME, move |work, read| {
            reconcile::read(work, &pay, &read)
        })
        .lease(reconcile::LEASE_MS),
    ]
}

#[derive(Debug, Serialize, Deserialize)]
struct Query {
    payment: Id<Payment>,
}

impl Event for Query {
    const NAME: &'static str = QUERY;
}

/// Asks WeChat some times after a prepay, lest a lost notice loses money.
pub(crate) fn plan_queries(cx: &Cx, tx: &mut Tx, payment: &Payment) -> Result<()> {
    let at_expiry = payment.expires_at - cx.now() + 2_000;
    for after in QUERY_AFTER_MS
        .into_iter()
        .filter(|after| *after < at_expiry)
        .chain([at_expiry])
    {
        plan_query(cx, tx, payment.id, cx.now() + after)?;
    }
    Ok(())
}

fn plan_query(cx: &Cx, tx: &mut Tx, payment: Id<Payment>, due: Instant) -> Result<()> {
    let key = format!("{payment}@{}", due.ms());
    tx.schedule(cx, QUERY, &Query { payment }, due, Some(&key))
}

/// What was closed without certainty a day ago is asked about until WeChat answers, for ten days at most; the bill of the
/// day knows of its money besides.
fn ask_later(work: &Work, payment: &Payment) -> Result<()> {
    let (cx, id) = (work.cx.clone(), payment.id);
    let age = payment.ending_at.map_or(0, |since| cx.now() - since);
    if payment.state.is_live() || !(24 * HOUR_MS..240 * HOUR_MS).contains(&age) {
        return Ok(());
    }
    work.db
        .write(move |tx| plan_query(&cx, tx, id, cx.now() + 6 * HOUR_MS))
        .wait()
}

#[derive(Debug, Serialize, Deserialize)]
struct Ending {
    payment: Id<Payment>,
    since: Instant,
    round: u32,
}

impl Event for Ending {
    const NAME: &'static str = END;
}

pub(crate) fn plan_ending(cx: &Cx, tx: &mut Tx, payment: &Payment, round: u32, due: Instant) -> Result<()> {
    let ending = Ending {
        payment: payment.id,
        since: payment.ending_at.unwrap_or(cx.now()),
        round,
    };
    tx.schedule(cx, END, &ending, due, Some(&format!("{}:{round}", payment.id)))
}

/// Ends one attempt: ask whether it was paid; if not, close it; if WeChat stays silent, try again and at last give up
/// without certainty. A notice that comes later is still believed.
fn end(work: &Work, pay: &WeChatPay, ending: Ending) -> Result<()> {
    let id = ending.payment;
    let payment = work.db.read(move |tx| store::payment(tx, id)).wait()?;
    if !payment.state.is_live() {
        return Ok(());
    }
    match wechat_pay::check(work.db, &work.cx, pay, id)? {
        Seen::Paid | Seen::Closed => Ok(()),
        Seen::Missing => close(work, id, "unknown to WeChat", true),
        Seen::Aside => close(work, id, "paid, but set aside", true),
        Seen::Unpaid => match pay.close(&work.cx, &payment)? {
            Outcome::Done(()) => close(work, id, "closed at WeChat", true),
            Outcome::Refused(error)
                if error.code == Code::OrderClosed || wechat_pay::is_missing(&error.code) =>
            {
                close(work, id, "closed at WeChat", true)
            }
            Outcome::Refused(error) => {
                // Most likely paid in this very moment: the next round's query knows.
                tracing::info!(%error, number = %payment.out_trade_no, "WeChat would not close");
                again(work, payment, &ending)
            }
            Outcome::Unknown(cause) => {
                wechat_pay::log_unknown(&cause, &payment.out_trade_no);
                again(work, payment, &ending)
            }
        },
        Seen::Unknown => again(work, payment, &ending),
    }
}

fn close(work: &Work, id: Id<Payment>, reason: &'static str, certain: bool) -> Result<()> {
    let cx = work.cx.clone();
    work.db
        .write(move |tx| actions::close(&cx, tx, id, reason, certain))
        .wait()
}

fn again(work: &Work, payment: Payment, ending: &Ending) -> Result<()> {
    let (cx, round) = (work.cx.clone(), ending.round + 1);
    if let Some(due) = next_try(ending.since, cx.now()) {
        return work
            .db
            .write(move |tx| plan_ending(&cx, tx, &payment, round, due))
            .wait();
    }
    tracing::error!(number = %payment.out_trade_no, "WeChat stays silent: closed without certainty");
    work.db
        .write(move |tx| {
            for later in [30 * MINUTE_MS, 6 * HOUR_MS, 24 * HOUR_MS] {
                plan_query(&cx, tx, payment.id, cx.now() + later)?;
            }
            actions::close(&cx, tx, payment.id, "WeChat stayed silent", false)
        })
        .wait()
}

#[derive(Debug, Serialize, Deserialize)]
struct RefundJob {
    refund: Id<Refund>,
    round: u32,
}

impl Event for RefundJob {
    const NAME: &'static str = REFUND;
}

pub(crate) fn plan_refund(cx: &Cx, tx: &mut Tx, refund: &Refund, round: u32, due: Instant) -> Result<()> {
    let job = RefundJob {
        refund: refund.id,
        round,
    };
    tx.schedule(cx, REFUND, &job, due, Some(&format!("{}:{round}", refund.id)))
}

/// Sends a refund and follows it to its end: each round sends it again with the same number or asks how it stands.
fn refund(work: &Work, pay: &WeChatPay, job: RefundJob) -> Result<()> {
    let (cx, id) = (work.cx.clone(), job.refund);
    let Some(run) = work
        .db
        .write(move |tx| actions::submit_refund(&cx, tx, id))
        .wait()?
    else {
        return Ok(());
    };
    let answer = match run.refund.state {
        model::RefundState::Processing => pay.query_refund(&work.cx, &run)?,
        _ => pay.refund(&work.cx, &run)?,
    };
    match answer {
        Outcome::Done(news) => apply(work, news)?,
        Outcome::Refused(error) => refused(work, pay, &run, &error)?,
        Outcome::Unknown(cause) => wechat_pay::log_unknown(&cause, &run.refund.out_refund_no),
    }
    follow(work, id, job.round)
}

/// A refusal counts only when WeChat does not know the refund: an earlier sending may have been taken unnoticed.
fn refused(work: &Work, pay: &WeChatPay, run: &actions::RefundRun, error: &ApiError) -> Result<()> {
    if error.class() == Class::Retry {
        return Ok(());
    }
    match pay.query_refund(&work.cx, run)? {
        Outcome::Done(news) => apply(work, news),
        Outcome::Refused(missing) if wechat_pay::is_missing(&missing.code) => {
            let (cx, id, code) = (work.cx.clone(), run.refund.id, error.code.as_str().to_owned());
            work.db
                .write(move |tx| actions::fail_refund(&cx, tx, id, &code))
                .wait()
        }
        Outcome::Refused(other) => {
            tracing::error!(error = %other, number = %run.refund.out_refund_no, "WeChat refused a query");
            Ok(())
        }
        Outcome::Unknown(cause) => {
            wechat_pay::log_unknown(&cause, &run.refund.out_refund_no);
            Ok(())
        }
    }
}

fn apply(work: &Work, news: RefundNews) -> Result<()> {
    let cx = work.cx.clone();
    work.db
        .write(move |tx| actions::apply_refund(&cx, tx, &news, Source::Query))
        .wait()
}

fn follow(work: &Work, id: Id<Refund>, round: u32) -> Result<()> {
    let cx = work.cx.clone();
    let lost = work
        .db
        .write(move |tx| {
            let refund = store::refund(tx, id)?;
            if !refund.state.is_running() {
                return Ok(false);
            }
            match model::ask_again_after(cx.now() - refund.due_at) {
                Some(pause) => plan_refund(&cx, tx, &refund, round + 1, cx.now() + pause).map(|()| false),
                None => Ok(true),
            }
        })
        .wait()?;
    if lost {
        return Err(Error::Fault(anyhow::anyhow!(
            "refund {id} has come to no end in ten days"
        )));
    }
    Ok(())
}
