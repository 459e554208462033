use db::{Event, Job, Tx, Work};
use kernel::{Cx, Id, Instant, MINUTE_MS, Result};
use serde::{Deserialize, Serialize};

use crate::{
    Unsound, actions,
    model::Report,
    store::{self, Moved},
};

/// Longer than a look through ten years of a busy city takes.
const AUDIT_LEASE_MS: i64 = 60 * MINUTE_MS;
/// Half past three at night, when the shops are closed.
const AUDIT_MINUTE: i64 = 210;

pub(crate) fn jobs() -> Vec<Job> {
    vec![
        Job::new(Lapse::NAME, |work, Lapse { transfer }| {
            write(work, move |cx, tx| actions::lapse(cx, tx, transfer))
        }),
        Job::new(Prolong::NAME, |work, _: Prolong| {
            prolong(work)?;
            write(work, plan_chain)
        }),
        Job::new(Look::NAME, |work, look: Look| {
            prolong(work)?;
            let report = actions::audit(work.db)?;
            write(work, move |cx, tx| {
                record(cx, tx, &report)?;
                if look.daily { plan_audit(cx, tx) } else { Ok(()) }
            })
        })
        .lease(AUDIT_LEASE_MS),
    ]
}

/// What the program plans once at its start: the journal goes on, the books are looked through every night, and at once
/// where nobody ever did.
pub fn at_start(cx: &Cx, tx: &mut Tx) -> Result<()> {
    plan_chain(cx, tx)?;
    plan_audit(cx, tx)?;
    match store::last_report(tx)? {
        None => look(cx, tx),
        Some(_) => Ok(()),
    }
}

/// Has the books looked through as soon as a job can.
pub(crate) fn look(cx: &Cx, tx: &mut Tx) -> Result<()> {
    tx.schedule(cx, Look::NAME, &Look { daily: false }, cx.now(), Some("asked"))
}

/// A reservation frees itself at its due time.
pub(crate) fn plan_lapse(cx: &Cx, tx: &mut Tx, transfer: Id<Moved>, due: Instant) -> Result<()> {
    tx.schedule(cx, Lapse::NAME, &Lapse { transfer }, due, None)
}

fn plan_chain(cx: &Cx, tx: &mut Tx) -> Result<()> {
    let due = cx.now().plus_minutes(1);
    // The minute is part of the key: the run that plans the next one is itself still queued.
    let key = format!("{}", due.ms() / MINUTE_MS);
    tx.schedule(cx, Prolong::NAME, &Prolong {}, due, Some(&key))
}

fn plan_audit(cx: &Cx, tx: &mut Tx) -> Result<()> {
    let tonight = cx.now().day().at(AUDIT_MINUTE);
    let due = if tonight > cx.now() {
        tonight
    } else {
        cx.now().day().plus(1).at(AUDIT_MINUTE)
    };
    let key = due.day().to_string();
    tx.schedule(cx, Look::NAME, &Look { daily: true }, due, Some(&key))
}

/// Keeps a report, and raises the alarm when the books are wrong.
fn record(cx: &Cx, tx: &mut Tx, report: &Report) -> Result<()> {
    store::keep_report(cx, tx, report)?;
    if report.sound() {
        return Ok(());
    }
    for found in &report.differences {
        tracing::error!(account = found.account, kept = ?found.kept, summed = ?found.summed, guarded = found.guarded,
            "a balance is not the sum of its transfers");
    }
    tracing::error!(different = report.different, unlisted = report.unlisted, broken = ?report.broken,
        sums = ?report.sums(), "the books are wrong");
    tx.emit(
        cx,
        &Unsound {
            different: report.different,
            unlisted: report.unlisted,
            broken: report.broken.is_some(),
        },
    )
}

/// A pending transfer's time is over.
#[derive(Serialize, Deserialize)]
struct Lapse {
    transfer: Id<Moved>,
}

impl Event for Lapse {
    const NAME: &'static str = "ledger.lapse";
}

/// The journal takes in what waits, once a minute.
#[derive(Serialize, Deserialize)]
struct Prolong {}

impl Event for Prolong {
    const NAME: &'static str = "ledger.chain";
}

/// Somebody or the night asks whether the books are right.
#[derive(Serialize, Deserialize)]
struct Look {
    daily: bool,
}

impl Event for Look {
    const NAME: &'static str = "ledger.audit";
}

/// Gives every waiting transfer its place.
fn prolong(work: &Work) -> Result<()> {
    while work.db.write(actions::chain).wait()? > 0 {}
    Ok(())
}

fn write(work: &Work, mut f: impl FnMut(&Cx, &mut Tx) -> Result<()> + Send + 'static) -> Result<()> {
    let cx = work.cx.clone();
    work.db.write(move |tx| f(&cx, tx)).wait()
}
