//! The rows of the big database: each figure at a hundredth, a tenth and the whole of the size. Flat is the aim.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use db::{Config, Db, Listeners};
use kernel::{Error, Id, World};
use rusqlite::Connection;

use super::{
    Size, TODAY, bill,
    http::{Running, pages, rush},
    make,
    people::{Place, three},
    sizes,
};
use crate::{Measured, Outcome, ROUNDS, Target, figure, median, process::thread_time, stage::told};

const CALLS: u32 = 200;

/// The rounds of one thing at each size.
struct Grown(Vec<(Size, Vec<f64>)>);

impl Grown {
    /// The largest size counts; how it grew stands beside it.
    fn row(self, what: &'static str, unit: &'static str, target: Target, more: &str) -> Measured {
        let steps = self
            .0
            .iter()
            .map(|(size, rounds)| format!("{} %: {}", size.percent, figure(median(rounds))));
        let remark = format!("{} {more}", steps.collect::<Vec<_>>().join(", "));
        let ours = self
            .0
            .last()
            .map(|(_, rounds)| rounds.clone())
            .unwrap_or_default();
        Measured {
            what,
            unit,
            ours,
            target,
            remark,
        }
    }
}

fn open(size: Size) -> Outcome<Db> {
    let world = World::new(|| TODAY.at(630), || 1);
    let path = size.file()?;
    Ok(Db::open(Config::Sqlite { path }, world, Listeners::default()).map_err(told)?)
}

pub(crate) fn free_times() -> Outcome<Vec<Measured>> {
    let names = [
        "free times, a shop always full for 400 days",
        "free times, a shop like most",
        "free times, a shop that opened today",
    ];
    let mut grown = [const { Vec::new() }; 3];
    for size in sizes() {
        make(size)?;
        let conn = Connection::open(size.file()?)?;
        let places = three(size).map(|number| Place::find(&conn, number));
        drop(conn);
        let db = open(size)?;
        for (place, grown) in places.into_iter().zip(&mut grown) {
            grown.push((size, free_times_of(&db, place?.service)?));
        }
    }
    let rows = names.into_iter().zip(grown);
    Ok(rows
        .map(|(name, grown)| Grown(grown).row(name, "ms of CPU", Target::AtMost(2.0), ""))
        .collect())
}

fn free_times_of(db: &Db, service: i64) -> Outcome<Vec<f64>> {
    let now = db.world().now();
    let took = db.read(move |tx| {
        let clock = || thread_time().map_err(|error| Error::fault(error.to_string()));
        let service = catalog::service(tx, Id::from_raw(service))?;
        let mut took = Vec::new();
        for _ in 0..=ROUNDS {
            let begun = clock()?;
            for _ in 0..CALLS {
                booking::free_times(tx, now, &service, None)?;
            }
            took.push((clock()? - begun).as_secs_f64() * 1e3 / f64::from(CALLS));
        }
        // The first round fills caches.
        Ok(took.split_off(1))
    });
    Ok(took.wait().map_err(told)?)
}

pub(crate) fn orders() -> Outcome<Vec<Measured>> {
    let (mut p99, mut half, mut reads, mut memory, mut started) = (vec![], vec![], vec![], vec![], vec![]);
    let mut counts = Vec::new();
    for size in sizes() {
        make(size)?;
        let running = Running::start(size)?;
        running.rest()?;
        let rush = rush(size, &running)?;
        started.push((size, vec![running.demo.started_in.as_secs_f64()]));
        p99.push((size, vec![rush.orders.wait_ms(0.99)]));
        half.push(figure(rush.orders.wait_ms(0.5)));
        reads.push((size, vec![rush.reads.wait_ms(0.99)]));
        memory.push((size, vec![rush.memory]));
        counts.push(format!(
            "{} orders, {} reads",
            rush.orders.count(),
            rush.reads.count()
        ));
    }
    let beside = format!(
        "half within {} ms; {}",
        half.join(", "),
        counts.last().cloned().unwrap_or_default()
    );
    Ok(vec![
        Grown(p99).row(
            "placing an order over HTTP, p99, at 100/s beside 1,000 reads/s",
            "ms",
            Target::AtMost(50.0),
            &beside,
        ),
        Grown(reads).row("these reads, p99", "ms", Target::AtMost(50.0), ""),
        Grown(memory).row(
            "the program's memory at its most",
            "MB",
            Target::AtMost(300.0),
            "",
        ),
        Grown(started).row("start to the first answer", "s", Target::AtMost(5.0), ""),
    ])
}

pub(crate) fn daily_pages() -> Outcome<Vec<Measured>> {
    let mut costs: BTreeMap<&'static str, Vec<(Size, Vec<f64>)>> = BTreeMap::new();
    for size in sizes() {
        make(size)?;
        let running = Running::start(size)?;
        running.rest()?;
        for (name, own, _) in pages(size, &running)? {
            costs.entry(name).or_default().push((size, vec![own]));
        }
    }
    let rows = costs.into_iter();
    Ok(rows
        .map(|(name, grown)| Grown(grown).row(name, "ms of CPU", Target::AtMost(20.0), ""))
        .collect())
}

pub(crate) fn reconciliation() -> Outcome<Vec<Measured>> {
    let (mut seconds, mut each) = (Vec::new(), Vec::new());
    let mut remark = String::new();
    for size in sizes() {
        make(size)?;
        let looked = (0..3).map(|_| bill::look(size)).collect::<Outcome<Vec<_>>>()?;
        let times: Vec<f64> = looked.iter().map(|looked| looked.seconds).collect();
        let last = &looked[looked.len() - 1];
        each.push((size, vec![median(&times) * 1e6 / last.lines as f64]));
        seconds.push((size, times));
        let found: Vec<String> = last
            .found
            .iter()
            .map(|(kind, count)| format!("{kind} {count}"))
            .collect();
        remark = format!("; {} lines; found: {}", last.lines, found.join(", "));
    }
    Ok(vec![
        Grown(seconds).row("the daily look at both bills", "s", Target::AtMost(20.0), &remark),
        Grown(each).row("of it for each line", "µs", Target::AtMost(200.0), ""),
    ])
}

/// The nightly look through the books.
pub(crate) fn audit() -> Outcome<Vec<Measured>> {
    let (mut seconds, mut each) = (Vec::new(), Vec::new());
    for size in sizes() {
        make(size)?;
        let db = open(size)?;
        let begun = Instant::now();
        let report = ledger::audit(&db).map_err(told)?;
        let took: Duration = begun.elapsed();
        if !report.sound() {
            return Err(format!("the books of {} % are not sound: {report:?}", size.percent).into());
        }
        seconds.push((size, vec![took.as_secs_f64()]));
        each.push((size, vec![took.as_secs_f64() * 1e6 / report.transfers as f64]));
    }
    Ok(vec![
        Grown(seconds).row(
            "the nightly look through the books",
            "s",
            Target::AtMost(3_600.0),
            "the books are sound",
        ),
        Grown(each).row("of it for each transfer", "µs", Target::AtMost(200.0), ""),
    ])
}
