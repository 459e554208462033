//! Everything on both engines: SQLite always, PostgreSQL where `TUINA_TEST_POSTGRES` says.

#[cfg(target_os = "linux")]
mod disk;
mod faults;
mod jobs;
mod kill;
mod schema;
mod values;
mod writes;

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use kernel::{Actor, Cx, Instant, Lang, Result, World};

use crate::{Db, Listeners, Migration, Tx, params, testing, testing::TestDb};

const SCHEMA: &[Migration] = &[Migration {
    module: "test",
    number: 1,
    name: "0001_test",
    sql: "CREATE TABLE item (\n id BIGINT PRIMARY KEY,\n note TEXT NOT NULL\n);\n\
          CREATE TABLE claim (\n resource BIGINT NOT NULL,\n slot BIGINT NOT NULL,\n owner BIGINT NOT NULL,\n \
          PRIMARY KEY (resource, slot)\n) WITHOUT ROWID;\n\
          CREATE TABLE unguarded (\n id BIGINT PRIMARY KEY,\n slot BIGINT NOT NULL\n);\n\
          CREATE TABLE counter (\n id BIGINT PRIMARY KEY,\n n BIGINT NOT NULL\n);",
    pg: None,
}];

/// A clock that tests turn.
#[derive(Clone)]
struct Clock(Arc<AtomicI64>);

impl Clock {
    fn forward(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }

    fn now(&self) -> Instant {
        Instant(self.0.load(Ordering::SeqCst))
    }

    fn world(&self) -> World {
        let clock = self.clone();
        World::new(move || clock.now(), seed)
    }
}

/// Seeds that no two contexts of this process share.
fn seed() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

fn clock() -> Clock {
    Clock(Arc::new(AtomicI64::new(1_795_000_000_000)))
}

/// Runs the test on a fresh migrated database of each engine.
fn on_each(listeners: &Listeners, test: impl Fn(&TestDb, &Db, &Clock)) {
    for engine in testing::engines() {
        let clock = clock();
        let db = engine
            .open(clock.world(), listeners.clone())
            .expect("a fresh database opens");
        db.migrate(SCHEMA).expect("a fresh database takes the schema");
        test(&engine, &db, &clock);
    }
}

fn cx(db: &Db) -> Cx {
    db.world().cx(Actor::Guest, Lang::Zh)
}

fn add(tx: &mut Tx<'_>, id: i64, note: &str) -> Result<u64> {
    tx.run("INSERT INTO item (id, note) VALUES ($1, $2)", params![id, note])
}

fn items(db: &Db) -> Vec<(i64, String)> {
    let read = db.read(|tx| {
        tx.all("SELECT id, note FROM item ORDER BY id", params![], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
    });
    read.wait().expect("items can be read")
}

fn ids(db: &Db) -> Vec<i64> {
    items(db).into_iter().map(|(id, _)| id).collect()
}
