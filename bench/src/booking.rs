//! One booking as the data layer sees it: the booking, 28 claimed slots of a therapist and a bed, its first step and two
//! jobs; through `db.write` by 32 tasks, and by a bare prepared loop with the same statements.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use db::{Config, Db, Event, Listeners, Migration, Tx, params};
use kernel::{Actor, Cx, Lang, World};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use crate::{Measured, Outcome, ROUNDS, Target};

const TASKS: usize = 32;
const ROUND: Duration = Duration::from_millis(1500);
/// Slots that one booking claims of each of its two resources.
pub(crate) const SLOTS: i64 = 14;
pub(crate) const THERAPISTS: i64 = 60;

pub(crate) const SCHEMA: &[Migration] = &[Migration {
    module: "bench",
    number: 1,
    name: "0001_bench",
    sql: "CREATE TABLE booking (
    id BIGINT PRIMARY KEY,
    shop_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    therapist_id BIGINT NOT NULL,
    bed_id BIGINT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    note TEXT NOT NULL,
    price BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX booking_shop ON booking (shop_id, starts_at);
CREATE TABLE claim (
    resource_id BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    booking_id BIGINT NOT NULL,
    PRIMARY KEY (resource_id, slot)
) WITHOUT ROWID;
CREATE TABLE booking_step (
    id BIGINT PRIMARY KEY,
    booking_id BIGINT NOT NULL,
    step TEXT NOT NULL,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX booking_step_of ON booking_step (booking_id);",
    pg: None,
}];

pub(crate) const BOOKING: &str = "INSERT INTO booking (id, shop_id, customer_id, therapist_id, bed_id, starts_at, ends_at, state, note, price, version)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'held', $8, $9, 1)";
pub(crate) const CLAIM: &str = "INSERT INTO claim (resource_id, slot, booking_id)
     WITH RECURSIVE slots (n) AS (SELECT CAST($2 AS BIGINT) UNION ALL SELECT n + 1 FROM slots WHERE n < $3)
     SELECT CAST($1 AS BIGINT), n, CAST($4 AS BIGINT) FROM slots WHERE true ON CONFLICT DO NOTHING";
pub(crate) const STEP: &str =
    "INSERT INTO booking_step (id, booking_id, step, actor, at) VALUES ($1, $2, 'hold', $3, $4)";
pub(crate) const JOB: &str =
    "INSERT INTO job (id, name, key, payload, state, due_at, attempt, actor, made_at)
     VALUES ($1, $2, $3, $4, 'queued', $5, 0, $6, $7) ON CONFLICT DO NOTHING";
pub(crate) const NOTE: &str = "肩颈酸痛，力度适中";

pub(crate) fn sqlite_on_disk() -> Outcome<Vec<Measured>> {
    sqlite("booking transaction, SQLite on disk", &std::env::temp_dir(), 2.0)
}

pub(crate) fn sqlite_in_memory() -> Outcome<Vec<Measured>> {
    sqlite(
        "booking transaction, SQLite in memory (/dev/shm)",
        Path::new("/dev/shm"),
        0.6,
    )
}

fn sqlite(what: &'static str, folder: &Path, least: f64) -> Outcome<Vec<Measured>> {
    let (mut ours, mut reference) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let file = Temporary::new(folder);
        ours.push(through_db(open(Config::Sqlite { path: file.0.clone() })?)?);
        let file = Temporary::new(folder);
        open(Config::Sqlite { path: file.0.clone() })?;
        reference.push(bare_loop(&file.0)?);
    }
    let named = "bare prepared loop, one commit each";
    Ok(vec![Measured {
        what,
        unit: "bookings/s",
        ours,
        target: Target::Ratio {
            reference,
            named,
            least,
        },
        remark: String::new(),
    }])
}

/// A file that is gone when dropped.
struct Temporary(PathBuf);

impl Temporary {
    fn new(folder: &Path) -> Temporary {
        static COUNT: AtomicI64 = AtomicI64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        Temporary(folder.join(format!("tuina-bench-{}-{count}.sqlite", std::process::id())))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        for ending in ["", "-wal", "-shm"] {
            let mut file = self.0.clone().into_os_string();
            file.push(ending);
            // The last two are gone when the database was closed in order.
            let _ = std::fs::remove_file(file);
        }
    }
}

/// A migrated database whose `booking.held` has two listeners.
pub(crate) fn open(config: Config) -> Outcome<Db> {
    let mut listeners = Listeners::default();
    listeners.on(Held::NAME, "alert.ring");
    listeners.on(Held::NAME, "booking.expire");
    let seed = AtomicI64::new(0);
    let world = World::new(system_time, move || seed.fetch_add(1, Ordering::Relaxed) as u64);
    let db = Db::open(config, world, listeners).map_err(|error| error.to_string())?;
    db.migrate(SCHEMA).map_err(|error| error.to_string())?;
    Ok(db)
}

fn system_time() -> kernel::Instant {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    kernel::Instant(since.as_millis() as i64)
}

/// Bookings per second through `Db::write`.
pub(crate) fn through_db(db: Db) -> Outcome<f64> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()?;
    let next = Arc::new(AtomicI64::new(0));
    let done = Arc::new(AtomicI64::new(0));
    let start = Instant::now();
    runtime.block_on(async {
        let tasks: Vec<_> = (0..TASKS)
            .map(|_| {
                let (db, next, done) = (db.clone(), next.clone(), done.clone());
                tokio::spawn(async move {
                    while start.elapsed() < ROUND {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        let cx = db.world().cx(Actor::Guest, Lang::Zh);
                        if let Err(error) = db.write(move |tx| book(&cx, tx, n)).await {
                            panic!("a booking failed: {error}");
                        }
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await?;
        }
        Ok::<(), tokio::task::JoinError>(())
    })?;
    Ok(done.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64())
}

#[derive(Serialize, Deserialize)]
struct Held {
    booking: i64,
}

impl Event for Held {
    const NAME: &'static str = "booking.held";
}

fn book(cx: &Cx, tx: &mut Tx<'_>, n: i64) -> kernel::Result<()> {
    let id = cx.id::<Held>();
    let (therapist, bed, first) = (n % THERAPISTS, 1_000 + n % THERAPISTS, n / THERAPISTS * SLOTS);
    tx.run(
        BOOKING,
        params![id, 1, n, therapist, bed, first, first + SLOTS, NOTE, 12_800],
    )?;
    for resource in [therapist, bed] {
        let claimed = tx.run(CLAIM, params![resource, first, first + SLOTS - 1, id])?;
        assert_eq!(claimed, SLOTS as u64, "every booking has times of its own");
    }
    tx.run(STEP, params![cx.id::<Cx>(), id, "guest", cx.now()])?;
    tx.emit(cx, &Held { booking: id.raw() })
}

/// Bookings per second by one thread that does nothing else, each with its own durable commit.
fn bare_loop(path: &Path) -> Outcome<f64> {
    let conn = Connection::open(path)?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;
         PRAGMA cache_size = -8000; PRAGMA foreign_keys = ON;",
    )?;
    let (mut begin, mut commit) = (conn.prepare("BEGIN IMMEDIATE")?, conn.prepare("COMMIT")?);
    let (mut booking, mut claim) = (conn.prepare(BOOKING)?, conn.prepare(CLAIM)?);
    let (mut step, mut job) = (conn.prepare(STEP)?, conn.prepare(JOB)?);
    let start = Instant::now();
    let mut n = 0i64;
    while start.elapsed() < ROUND {
        let id = n + 1;
        let (therapist, bed, first) = (n % THERAPISTS, 1_000 + n % THERAPISTS, n / THERAPISTS * SLOTS);
        begin.execute([])?;
        booking.execute(rusqlite::params![
            id,
            1,
            n,
            therapist,
            bed,
            first,
            first + SLOTS,
            NOTE,
            12_800
        ])?;
        // The named places of this text are numbered in the order they appear: $2, $3, $1, $4.
        for resource in [therapist, bed] {
            claim.execute(rusqlite::params![first, first + SLOTS - 1, resource, id])?;
        }
        step.execute(rusqlite::params![id, id, "guest", first])?;
        for (k, name) in ["alert.ring", "booking.expire"].iter().enumerate() {
            let payload = format!("{{\"booking\":{id}}}");
            let none: Option<&str> = None;
            job.execute(rusqlite::params![
                2 * id + k as i64,
                name,
                none,
                payload,
                first,
                "guest",
                first
            ])?;
        }
        commit.execute([])?;
        n += 1;
    }
    Ok(n as f64 / start.elapsed().as_secs_f64())
}
