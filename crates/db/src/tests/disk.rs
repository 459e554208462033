//! A disk that fails at any write or sync: nothing acknowledged is lost, nothing is there by half, what was refused for want of
//! space is not there, and writing goes on by itself, at the latest when the process starts again.
//!
//! The fault is made by `disk.c`, which stands between SQLite and the system.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{SCHEMA, add, clock, ids};
use crate::{Config, Db, Listeners, Unavailable, testing, testing::TestDb};

const TARGET: &str = "TUINA_DISK_TARGET";
/// Every call up to this one fails once, in every way, where this says `1`; else every thirteenth.
const LONG: &str = "TUINA_LONG";
const CALLS: usize = 200;
/// Units that the child writes: enough for more calls than that.
const UNITS: i64 = 90;

#[test]
#[ignore = "the child of the tests below"]
fn child() {
    let path = PathBuf::from(std::env::var(TARGET).expect("started by the parent"));
    let Ok(db) = Db::open(Config::Sqlite { path }, clock().world(), Listeners::default()) else {
        return println!("\nclosed");
    };
    for id in (0..UNITS).map(|unit| unit * 10) {
        let written = db.write(move |tx| {
            add(tx, id, "a")?;
            add(tx, id + 1, &"b".repeat(9_000))
        });
        match written.wait() {
            Ok(_) => println!("\nkept {id}"),
            Err(error) => {
                assert!(Unavailable::is(&error), "{error}");
                let doubtful = error.to_string().contains("whether it was kept is not known");
                println!("\n{} {id}", if doubtful { "doubtful" } else { "refused" });
            }
        }
    }
    if db.health().wait().is_ok_and(|health| health.stopped.is_some()) {
        println!("\nstopped");
    }
}

/// What a child said.
#[derive(Default)]
struct Said {
    kept: BTreeSet<i64>,
    refused: BTreeSet<i64>,
    doubtful: BTreeSet<i64>,
    struck: bool,
    stopped: bool,
    closed: bool,
}

fn write_on(test: &TestDb, disk: &Path, fault: &str, (at, times): (usize, usize)) -> Said {
    let Config::Sqlite { path } = test.config() else {
        panic!("not SQLite")
    };
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["tests::disk::child", "--exact", "--ignored", "--nocapture"])
        .env(TARGET, path)
        .env("LD_PRELOAD", disk)
        .env("DISK_FAULT", fault)
        .env("DISK_AT", at.to_string())
        .env("DISK_FOR", times.to_string())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{fault} at {at}: {errors}");
    let mut said = Said {
        struck: errors.contains("struck"),
        ..Said::default()
    };
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let (word, id) = line.split_once(' ').unwrap_or((line, ""));
        match (word, id.parse()) {
            ("kept", Ok(id)) => drop(said.kept.insert(id)),
            ("refused", Ok(id)) => drop(said.refused.insert(id)),
            ("doubtful", Ok(id)) => drop(said.doubtful.insert(id)),
            ("stopped", _) => said.stopped = true,
            ("closed", _) => said.closed = true,
            _ => {}
        }
    }
    said
}

fn fresh() -> TestDb {
    let test = testing::sqlite();
    let db = test.open(clock().world(), Listeners::default()).unwrap();
    db.migrate(SCHEMA).unwrap();
    drop(db);
    test
}

/// What stands in the file afterwards is what was said, and it can be written again.
fn holds(test: &TestDb, said: &Said, case: &str) {
    let db = test.open(clock().world(), Listeners::default()).unwrap();
    let there: BTreeSet<i64> = ids(&db).into_iter().collect();
    for id in &said.kept {
        assert!(there.contains(id), "{case}: {id} was acknowledged and is lost");
    }
    for id in &said.refused {
        assert!(!there.contains(id), "{case}: {id} was refused and is there");
    }
    for id in &there {
        let first = id / 10 * 10;
        let whole = there.contains(&first) && there.contains(&(first + 1));
        assert!(whole, "{case}: {first} is half a unit");
        let told = said.kept.contains(&first) || said.doubtful.contains(&first);
        assert!(told, "{case}: {first} is there and nobody knows of it");
    }
    db.write(|tx| add(tx, 1_000_000, "after")).wait().unwrap();
    assert_eq!(db.quick_check().unwrap(), Vec::<String>::new(), "{case}");
}

/// The library that makes the disk fail, built by the compiler that built SQLite.
struct Disk(PathBuf);

impl Disk {
    fn built(name: &str) -> Disk {
        let library = std::env::temp_dir().join(format!("tuina-disk-{name}-{}.so", std::process::id()));
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/disk.c");
        let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
        let built = Command::new(compiler)
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .arg(&library)
            .arg(source)
            .arg("-ldl")
            .status()
            .unwrap();
        assert!(built.success(), "the C compiler builds disk.c");
        Disk(library)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn whichever_write_or_sync_fails_nothing_acknowledged_is_lost() {
    let disk = Disk::built("any");
    let step = if std::env::var(LONG).is_ok_and(|long| long == "1") {
        1
    } else {
        13
    };
    let (mut stops, mut refusals) = (0, 0);
    for fault in ["eio", "full", "short"] {
        for at in (1..=CALLS).step_by(step) {
            let case = format!("{fault} at {at}");
            let test = fresh();
            let said = write_on(&test, &disk.0, fault, (at, 1));
            assert!(said.struck, "{case}: the fault did not happen");
            assert!(
                said.closed || said.stopped || said.kept.len() as i64 + 1 >= UNITS,
                "{case}: writing did not go on: {} of {UNITS} kept",
                said.kept.len()
            );
            stops += usize::from(said.stopped);
            refusals += said.refused.len();
            holds(&test, &said, &case);
        }
    }
    // The faults were felt, not only counted.
    assert!(stops > 5 && refusals > 5, "{stops} stops, {refusals} refusals");
}

#[test]
fn a_disk_that_is_full_for_a_while_is_written_again_by_itself() {
    let disk = Disk::built("full");
    for times in [1, 7, 40] {
        let case = format!("full for {times} calls");
        let test = fresh();
        let said = write_on(&test, &disk.0, "full", (60, times));
        assert!(said.struck && !said.stopped, "{case}: it stopped");
        let last = (UNITS - 1) * 10;
        assert!(
            said.kept.contains(&last),
            "{case}: it does not write when there is space again"
        );
        assert!(!said.refused.is_empty(), "{case}: nobody was refused");
        holds(&test, &said, &case);
    }
}

/// The negative twin: without the fault the same child has everything kept.
#[test]
fn a_disk_that_does_not_fail_refuses_nothing() {
    let disk = Disk::built("sound");
    let test = fresh();
    let said = write_on(&test, &disk.0, "eio", (0, 0));
    assert!(!said.struck && !said.stopped && said.refused.is_empty() && said.doubtful.is_empty());
    assert_eq!(said.kept.len() as i64, UNITS);
    holds(&test, &said, "a sound disk");
}
