//! One concrete database over SQLite and PostgreSQL: write, read, migrate, jobs.
//!
//! [`Db::write`] and [`Db::read`] take a plain synchronous closure over a [`Tx`]. Every transaction runs as if alone: on
//! SQLite one thread writes, on PostgreSQL transactions are serializable and started again when another came first.
//! What happens outside the database happens in a [`jobs::Job`], queued in the same transaction as its cause.
//!
//! One SQL text serves both engines: `$1` placeholders; identifiers, money, instants, days and truth values in `BIGINT`;
//! JSON in `TEXT`; no `now()`, no locks, no triggers.

mod answer;
mod crash;
mod hub;
pub mod jobs;
mod migrate;
mod news;
mod postgres;
mod queue;
mod sqlite;
pub mod testing;
#[cfg(test)]
mod tests;
mod tx;
mod value;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
};

use anyhow::anyhow;
use kernel::{Error, Instant, Result, Secret, World};
use tokio::sync::broadcast;

use crate::{hub::Hub, queue::Queue};

pub use answer::KEPT_MS;
pub use crash::{CRASH_AT, crash_point};
pub use jobs::{Event, Job, Listeners, Ran, Runner, Running, Work};
pub use migrate::Migration;
#[doc(hidden)]
pub use migrate::migration_number;
pub use queue::{Pending, Unavailable};
pub use tx::Tx;
pub use value::{Column, Param, Plain, Row};

/// Where the data stand.
#[derive(Clone, Debug)]
pub enum Config {
    /// A file of this machine.
    Sqlite {
        /// The file; made when missing, its folder is not.
        path: PathBuf,
    },
    /// A PostgreSQL server.
    Postgres {
        /// `postgres://user:password@host/database`.
        url: Secret<String>,
        /// Connections, one thread each.
        threads: usize,
    },
}

/// Which engine serves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EngineName {
    /// SQLite in this process.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

/// The database. Cheap to clone; the last clone to be dropped closes it after the units that are waiting.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    config: Config,
    hub: Arc<Hub>,
    writing: Arc<Queue>,
    reading: Arc<Queue>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    /// In place of threads, in simulations.
    alone: Option<Arc<sqlite::Alone>>,
}

/// Units that may wait, for writing and for reading each, before callers are refused.
const WAITING: usize = 1024;

impl Db {
    /// Opens the database. A fault when it cannot be reached, or when this program was built with a SQLite that can lose
    /// committed writes.
    pub fn open(config: Config, world: World, listeners: Listeners) -> Result<Db> {
        let hub = Hub::new(world, listeners);
        let reading = Queue::new(WAITING);
        let (writing, threads) = match &config {
            Config::Sqlite { path } => {
                let writing = Queue::new(WAITING);
                let readers = thread::available_parallelism().map_or(2, |cores| cores.get().max(2));
                let threads = sqlite::start(path, readers, &hub, &writing, &reading)?;
                (writing, threads)
            }
            Config::Postgres { url, threads } => {
                let threads = postgres::start(url.reveal(), *threads, &hub, &reading)?;
                (reading.clone(), threads)
            }
        };
        let inner = Inner {
            config,
            hub,
            writing,
            reading,
            threads: Mutex::new(threads),
            alone: None,
        };
        Ok(Db {
            inner: Arc::new(inner),
        })
    }

    fn alone(alone: Arc<sqlite::Alone>, world: World, listeners: Listeners) -> Db {
        let inner = Inner {
            config: Config::Sqlite {
                path: ":memory:".into(),
            },
            hub: Hub::new(world, listeners),
            writing: Queue::new(WAITING),
            reading: Queue::new(WAITING),
            threads: Mutex::default(),
            alone: Some(alone),
        };
        Db {
            inner: Arc::new(inner),
        }
    }

    /// Applies what is missing, in the order given, after the database's own. The names of those applied. A fault when
    /// the text of an applied one has changed, or when a table would not be `STRICT` on SQLite.
    pub fn migrate(&self, migrations: &[Migration]) -> Result<Vec<String>> {
        migrate::migrate(self, migrations)
    }

    /// Runs `f` in a transaction and answers after the commit; `Err` rolls it back. `f` may run again when another
    /// transaction came first, so it touches the `Tx` and what it owns, nothing else.
    pub fn write<T: Send + 'static>(
        &self,
        f: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Pending<T> {
        let (unit, pending) = queue::unit(true, f);
        let Inner {
            hub, writing, alone, ..
        } = &*self.inner;
        match alone {
            _ if !hub.may_write() => {
                unit.fail(Unavailable::new("this process writes nothing any more").into());
            }
            Some(alone) => alone.write(hub, writing, unit),
            None => writing.push(unit),
        }
        pending
    }

    /// Runs `f` on one unchanging view of the data. Nothing it does is kept.
    pub fn read<T: Send + 'static>(
        &self,
        f: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Pending<T> {
        let (unit, pending) = queue::unit(false, f);
        match &self.inner.alone {
            Some(alone) => alone.read(&self.inner.hub, unit),
            None => self.inner.reading.push(unit),
        }
        pending
    }

    /// The topics announced by committed transactions, on PostgreSQL of all nodes. A receiver that is too slow, or hears
    /// the topic `*`, has missed some and reads anew.
    pub fn changes(&self) -> broadcast::Receiver<Arc<str>> {
        self.inner.hub.changes()
    }

    /// Where time and chance come from.
    pub fn world(&self) -> &World {
        self.inner.hub.world()
    }

    /// Which engine serves.
    pub fn engine(&self) -> EngineName {
        match self.inner.config {
            Config::Sqlite { .. } => EngineName::Sqlite,
            Config::Postgres { .. } => EngineName::Postgres,
        }
    }

    /// Why this process writes nothing any more, if so: the disk failed, and only a restart can tell what it kept.
    pub fn stopped(&self) -> Option<String> {
        self.inner.writing.closed()
    }

    /// How the database does, for the doctor and the alarms.
    pub fn health(&self) -> Pending<Health> {
        let (units, commits) = self.inner.hub.counted();
        let stopped = self.stopped();
        let now = self.world().now();
        self.read(move |tx| {
            Ok(Health {
                engine: tx.engine(),
                version: version(tx)?,
                oldest_due: jobs::oldest_due(tx, now)?,
                dead_jobs: jobs::count_dead(tx)?,
                units,
                commits,
                stopped: stopped.clone(),
            })
        })
    }

    /// Reads the whole of a SQLite file for damage: what is wrong, nothing when it is sound. PostgreSQL checks its
    /// pages itself. Takes seconds per gigabyte; blocks the thread.
    pub fn quick_check(&self) -> Result<Vec<String>> {
        match &self.inner.config {
            Config::Sqlite { path } => sqlite::quick_check(path),
            Config::Postgres { .. } => Ok(Vec::new()),
        }
    }

    /// Copies the whole database, as it stands at one moment, into a new SQLite file while writing goes on, and checks the
    /// copy. Blocks the thread. A fault when `to` exists, and on PostgreSQL, which has `pg_dump` for that.
    pub fn backup(&self, to: &Path) -> Result<()> {
        match &self.inner.config {
            Config::Sqlite { path } => sqlite::backup(path, to),
            Config::Postgres { .. } => Err(Error::Fault(anyhow!("PostgreSQL is backed up by pg_dump"))),
        }
    }

    pub(crate) fn hub(&self) -> &Arc<Hub> {
        &self.inner.hub
    }
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Db").field(&self.inner.config).finish()
    }
}

fn version(tx: &mut Tx<'_>) -> Result<String> {
    match tx.engine() {
        EngineName::Sqlite => tx.one("SELECT 'SQLite ' || sqlite_version()", params![], |row| {
            row.get(0)
        }),
        EngineName::Postgres => tx.one("SELECT version()", params![], |row| row.get(0)),
    }
}

/// How the database does.
#[derive(Clone, Debug)]
pub struct Health {
    /// Which engine serves.
    pub engine: EngineName,
    /// Its version in its own words.
    pub version: String,
    /// When the oldest job that should have run by now was due.
    pub oldest_due: Option<Instant>,
    /// Jobs that were given up and wait for a person.
    pub dead_jobs: i64,
    /// Writing transactions committed by this process since its start.
    pub units: u64,
    /// Commits made for them: fewer on SQLite, which commits those that wait together.
    pub commits: u64,
    /// Why this process writes nothing any more, if so.
    pub stopped: Option<String>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.writing.close("the database was closed");
        self.reading.close("the database was closed");
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for running in threads {
            // The last clone may be dropped by a unit, on one of these very threads.
            if running.thread().id() != thread::current().id() && running.join().is_err() {
                tracing::error!("a database thread ended in a panic");
            }
        }
    }
}
