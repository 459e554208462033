//! A process that is killed while it writes loses nothing it was told is kept, and leaves nothing by half.

use std::{
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant as Moment},
};

use kernel::Secret;

use super::{SCHEMA, add, clock, items};
use crate::{Config, Db, Listeners, testing, testing::TestDb};

const TARGET: &str = "TUINA_KILL_TARGET";
/// Where this says `1`, the child is killed 200 times instead of 8.
const LONG: &str = "TUINA_LONG";

fn config(target: &str) -> Config {
    match target.strip_prefix("sqlite ") {
        Some(path) => Config::Sqlite {
            path: PathBuf::from(path),
        },
        None => Config::Postgres {
            url: Secret::new(target.to_owned()),
            threads: 4,
        },
    }
}

fn target(engine: &TestDb) -> String {
    match engine.config() {
        Config::Sqlite { path } => format!("sqlite {}", path.display()),
        Config::Postgres { url, .. } => url.reveal().clone(),
    }
}

#[test]
#[ignore = "the child of the test below"]
fn child() {
    let target = std::env::var(TARGET).expect("started by the parent");
    let db = Db::open(config(&target), clock().world(), Listeners::default()).unwrap();
    let first = items(&db).last().map_or(0, |(id, _)| id / 10 * 10 + 10);
    let mut out = std::io::stdout().lock();
    for round in 0.. {
        // Eight units at once, each of two rows, so that groups are formed.
        let units: Vec<_> = (0..8)
            .map(|k| {
                let id = first + (round * 8 + k) * 10;
                (
                    id,
                    db.write(move |tx| {
                        add(tx, id, "a")?;
                        add(tx, id + 1, "b")
                    }),
                )
            })
            .collect();
        for (id, unit) in units {
            unit.wait().unwrap();
            writeln!(out, "kept {id}").unwrap();
        }
        out.flush().unwrap();
    }
}

#[test]
fn a_killed_writer_loses_nothing_acknowledged() {
    for engine in testing::engines() {
        let open = || engine.open(clock().world(), Listeners::default()).unwrap();
        open().migrate(SCHEMA).unwrap();
        let mut acknowledged = Vec::new();
        let rounds = if std::env::var(LONG).is_ok_and(|long| long == "1") {
            200
        } else {
            8
        };
        for round in 0..rounds {
            // Spread over the first third of a second, no moment twice.
            let after = Duration::from_micros(40_000 + round * 110_503 % 300_000);
            acknowledged.extend(run_and_kill(&engine, after));
            let kept: std::collections::HashSet<i64> = items(&open()).into_iter().map(|(id, _)| id).collect();
            for id in &acknowledged {
                assert!(
                    kept.contains(id) && kept.contains(&(id + 1)),
                    "{id} was acknowledged and is lost"
                );
            }
            for id in &kept {
                assert!(
                    kept.contains(&(id / 10 * 10)) && kept.contains(&(id / 10 * 10 + 1)),
                    "{id} is half a unit"
                );
            }
        }
        assert!(
            acknowledged.len() > 50,
            "only {} units were written",
            acknowledged.len()
        );
        assert_eq!(open().quick_check().unwrap(), Vec::<String>::new());
    }
}

/// Lets a child write for a while after its first acknowledgement, then kills it: what it was told is kept.
fn run_and_kill(engine: &TestDb, after: Duration) -> Vec<i64> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["tests::kill::child", "--exact", "--ignored", "--nocapture"])
        .env(TARGET, target(engine))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut begun: Option<Moment> = None;
    let mut killed = false;
    let mut kept = Vec::new();
    for line in lines.map_while(Result::ok) {
        // The harness's own words stand before the first.
        if let Some((_, id)) = line.split_once("kept ") {
            kept.push(id.parse().unwrap());
            begun.get_or_insert_with(Moment::now);
        }
        if !killed && begun.is_some_and(|begun| begun.elapsed() > after) {
            child.kill().unwrap();
            killed = true;
        }
    }
    child.wait().unwrap();
    assert!(killed, "the child ended by itself");
    kept
}
