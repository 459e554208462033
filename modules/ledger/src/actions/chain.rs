use db::{Db, Tx};
use kernel::Result;

use crate::{
    model::{Chain, Line},
    store,
};

/// Transfers that get their place in one transaction, and lines read in one.
const SLICE: i64 = 500;

/// Gives up to 500 waiting transfers their places in the journal, the oldest first; how many. It runs after the
/// transfers' own commits: a chain made by them would let all of them wait for one another.
pub fn chain(tx: &mut Tx) -> Result<i64> {
    let waiting = store::unchained(tx, SLICE)?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let mut chain = store::chain(tx)?;
    let count = waiting.len() as i64;
    for (id, mut entry) in waiting {
        entry.place = chain.place + 1;
        let line = chain.add(entry);
        store::place(tx, id, &line)?;
    }
    Ok(count)
}

/// The end of the journal.
pub fn head(tx: &mut Tx) -> Result<Chain> {
    store::chain(tx)
}

/// Gives every waiting transfer its place, then every line of the journal to `each`, in slices; blocks the thread. A
/// place whose transfer is gone is left out, so that the check of what was exported stops there.
pub fn export(db: &Db, mut each: impl FnMut(Line) -> Result<()>) -> Result<()> {
    while db.write(chain).wait()? > 0 {}
    slices(db, |line| match line {
        Some(line) => each(line).map(|()| true),
        None => Ok(true),
    })
}

/// Reads the journal in slices until its end or until `each` says false.
pub(crate) fn slices(db: &Db, mut each: impl FnMut(Option<Line>) -> Result<bool>) -> Result<()> {
    let mut after = 0;
    loop {
        let lines = db.read(move |tx| store::lines(tx, after, SLICE)).wait()?;
        let Some((last, _)) = lines.last() else {
            return Ok(());
        };
        after = *last;
        for (_, line) in lines {
            if !each(line)? {
                return Ok(());
            }
        }
    }
}
