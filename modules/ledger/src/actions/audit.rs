use db::Db;
use kernel::Result;

use crate::{
    actions::chain,
    model::{Chain, Flaw, Report},
    store,
};

/// Accounts, and transfers, read in one transaction.
const SLICE: i64 = 200;

/// Looks through the whole books: every kept balance against the sum over its transfers, every transfer's place in the
/// journal, every hash, and the sums of the units. It reads in slices, each one moment, so that nobody waits for it;
/// blocks the thread and changes nothing.
pub fn audit(db: &Db) -> Result<Report> {
    let mut report = Report::default();
    compare(db, &mut report)?;
    look_for_unlisted(db, &mut report)?;
    follow(db, &mut report)?;
    report.totals = db.read(store::totals).wait()?;
    Ok(report)
}

fn compare(db: &Db, report: &mut Report) -> Result<()> {
    let mut after = 0;
    loop {
        let slice = db.read(move |tx| store::compared(tx, after, SLICE)).wait()?;
        let Some((last, _)) = slice.last() else {
            return Ok(());
        };
        after = *last;
        for (_, found) in slice {
            report.accounts += 1;
            if found.kept != found.summed || !found.guarded {
                report.note(found);
            }
        }
    }
}

fn look_for_unlisted(db: &Db, report: &mut Report) -> Result<()> {
    let mut after = 0;
    loop {
        let slice = db.read(move |tx| store::listed(tx, after, SLICE)).wait()?;
        let Some((last, _)) = slice.last() else {
            return Ok(());
        };
        after = *last;
        report.transfers += slice.len() as i64;
        report.unlisted += slice.iter().filter(|(_, listed)| !listed).count() as i64;
    }
}

fn follow(db: &Db, report: &mut Report) -> Result<()> {
    let mut chain = Chain::default();
    let mut broken = None;
    chain::slices(db, |line| {
        broken = match line {
            Some(line) => chain.follow(&line).err(),
            None => Some(chain.broken(Flaw::Gone)),
        };
        Ok(broken.is_none())
    })?;
    report.broken = broken;
    report.place = chain.place;
    report.hash = chain.hash;
    Ok(())
}
