//! The big database: 2,000 shops, a million customers, five million orders; and a hundredth and a tenth of it, to see what
//! grows. Filled once into the build's folder and kept.

mod bill;
mod fill;
mod http;
mod life;
mod measure;
mod people;
mod score;
mod theatre;

use std::{fs, path::PathBuf};

use kernel::Day;

use crate::{
    Measured, Outcome, Target,
    demo::{Demo, Folder},
};

pub(crate) use measure::{audit, daily_pages, free_times, orders, reconciliation};

/// The day on which everything is measured: 2026-11-24.
const TODAY: Day = Day(20_781);
const NOW: &str = "2026-11-24T10:30";

/// How big.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Size {
    /// In hundredths of the whole.
    percent: i64,
    shops: i64,
    customers: i64,
    orders: i64,
}

impl Size {
    const fn of(percent: i64) -> Size {
        Size {
            percent,
            shops: 20 * percent,
            customers: 10_000 * percent,
            orders: 50_000 * percent,
        }
    }

    fn folder(self) -> Outcome<PathBuf> {
        let program = std::env::current_exe()?;
        let target = program
            .ancestors()
            .nth(2)
            .ok_or("the program lies in no folder")?;
        Ok(target.join("big").join(self.percent.to_string()))
    }

    fn file(self) -> Outcome<PathBuf> {
        Ok(self.folder()?.join("demo.db"))
    }
}

/// The sizes asked for: `TUINA_BENCH_BIG`, such as `1,10`; all of them without.
fn sizes() -> Vec<Size> {
    let asked = std::env::var("TUINA_BENCH_BIG").unwrap_or_else(|_| "1,10,100".to_owned());
    asked
        .split(',')
        .filter_map(|percent| percent.trim().parse().ok())
        .map(Size::of)
        .collect()
}

/// Fills what is not filled yet, and says how big it is.
pub(crate) fn fill() -> Outcome<Vec<Measured>> {
    let mut bytes = Vec::new();
    let mut remark = Vec::new();
    for size in sizes() {
        make(size)?;
        let each = fs::metadata(size.file()?)?.len() as f64 / size.orders as f64;
        remark.push(format!("{} %: {each:.0}", size.percent));
        bytes.push(each);
    }
    Ok(vec![Measured {
        what: "database size per order",
        unit: "bytes",
        ours: bytes,
        target: Target::AtMost(10_000.0),
        remark: remark.join(", "),
    }])
}

fn make(size: Size) -> Outcome<()> {
    let (folder, done) = (size.folder()?, size.folder()?.join("filled"));
    if done.exists() {
        return Ok(());
    }
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let score = score::rehearse(&fill::kinds()).map_err(|error| format!("the rehearsal: {error}"))?;
    for (kind, counts) in score.counts.iter().take(6) {
        eprintln!("{kind:?}: {counts:?}");
    }
    let kept = Folder::kept(folder)?;
    drop(Demo::start_with(&kept, &["--at", NOW])?);
    eprintln!("filling {} %", size.percent);
    fill::Filler::open(&size.file()?, &score, size)?.fill()?;
    fs::write(done, "")?;
    Ok(())
}
