//! Work that happens after a commit: one row per job, delivered at least once.

mod runner;

use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use anyhow::anyhow;
use kernel::{Cx, Error, Id, Instant, Result};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Db, Tx, params, queue::panic_text};

pub use runner::{Ran, Runner, Running};

/// News or an order to do something, kept as JSON in a job.
pub trait Event: Serialize + DeserializeOwned + Send + 'static {
    /// `module.what_happened`, such as `payment.settled`; stable, because rows outlive programs.
    const NAME: &'static str;
}

/// Which jobs follow which event.
#[derive(Clone, Default)]
pub struct Listeners {
    jobs: HashMap<&'static str, Vec<&'static str>>,
    statements: Option<OnStatement>,
}

/// What hears of statements.
type OnStatement = Arc<dyn Fn(&'static str) + Send + Sync>;

impl Listeners {
    /// From now on, `event` queues `job`.
    pub fn on(&mut self, event: &'static str, job: &'static str) {
        let jobs = self.jobs.entry(event).or_default();
        if !jobs.contains(&job) {
            jobs.push(job);
        }
    }

    /// From now on, `hear` is told of each statement that was run, but for those that changed nothing; it may have been rolled
    /// back since. For simulations, which look at what may have changed.
    pub fn on_statement(&mut self, hear: impl Fn(&'static str) + Send + Sync + 'static) {
        self.statements = Some(Arc::new(hear));
    }

    pub(crate) fn ran(&self, sql: &'static str) {
        if let Some(hear) = &self.statements {
            hear(sql);
        }
    }

    pub(crate) fn of(&self, event: &str) -> &[&'static str] {
        self.jobs.get(event).map_or(&[], Vec::as_slice)
    }

    /// Every event and the jobs that follow it, in no order.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &[&'static str])> {
        self.jobs.iter().map(|(event, jobs)| (*event, jobs.as_slice()))
    }
}

impl std::fmt::Debug for Listeners {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Listeners").field(&self.jobs).finish()
    }
}

/// What a job has at hand.
pub struct Work<'a> {
    /// The database; a job makes its own transactions.
    pub db: &'a Db,
    /// The context, acting as `Actor::System` with the job's name.
    pub cx: Cx,
    /// Which try this is, from 1.
    pub attempt: u32,
}

type Run = dyn Fn(&Work<'_>, &str) -> Result<()> + Send + Sync;

/// How work of one name is done. Delivered at least once: doing it twice must do no harm.
#[derive(Clone)]
pub struct Job {
    name: &'static str,
    run: Arc<Run>,
    attempts: u32,
    lease_ms: i64,
}

impl Job {
    /// A job of 8 attempts and a lease of 60 seconds.
    ///
    /// A fault of `run` is tried again later, a refusal, `NotFound` or `Forbidden` kills the job at once.
    pub fn new<P: Event>(
        name: &'static str,
        run: impl Fn(&Work<'_>, P) -> Result<()> + Send + Sync + 'static,
    ) -> Job {
        Job {
            name,
            run: Arc::new(move |work, json| match serde_json::from_str(json) {
                Ok(payload) => run(work, payload),
                Err(error) => Err(Error::Fault(Unreadable(error.to_string()).into())),
            }),
            attempts: 8,
            lease_ms: 60_000,
        }
    }

    /// At most `n` attempts, at least one.
    pub fn attempts(self, n: u32) -> Job {
        Job {
            attempts: n.max(1),
            ..self
        }
    }

    /// Another runner may begin it again after `ms` milliseconds: longer than the slowest honest run.
    pub fn lease(self, ms: i64) -> Job {
        Job { lease_ms: ms, ..self }
    }

    /// The name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    fn run(&self, work: &Work<'_>, json: &str) -> Result<()> {
        catch_unwind(AssertUnwindSafe(|| (self.run)(work, json)))
            .unwrap_or_else(|panic| Err(Error::Fault(anyhow!("panic: {}", panic_text(&*panic)))))
    }
}

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Job").field(&self.name).finish()
    }
}

/// A payload that this program cannot read; trying again would not help.
#[derive(Debug)]
struct Unreadable(String);

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the payload cannot be read: {}", self.0)
    }
}

impl std::error::Error for Unreadable {}

/// Marks identifiers of queued jobs.
#[derive(Debug)]
pub enum Queued {}

/// A job that was given up.
#[derive(Clone, Debug)]
pub struct Dead {
    /// Which.
    pub id: Id<Queued>,
    /// The job's name.
    pub name: String,
    /// What it was to do, as JSON.
    pub payload: String,
    /// How often it was tried.
    pub attempts: i64,
    /// How the last try failed.
    pub error: Option<String>,
    /// When it was queued.
    pub made_at: Instant,
}

const INSERT: &str = "INSERT INTO job (id, name, key, payload, state, due_at, attempt, actor, made_at)
     VALUES ($1, $2, $3, $4, 'queued', $5, 0, $6, $7) ON CONFLICT DO NOTHING";
const DEAD: &str =
    "SELECT id, name, payload, attempt, error, made_at FROM job WHERE state = 'dead' ORDER BY id LIMIT 500";
const TWIN: &str = "DELETE FROM job WHERE id = $1 AND key IS NOT NULL AND EXISTS
     (SELECT 1 FROM job AS twin WHERE twin.name = job.name AND twin.key = job.key AND twin.state = 'queued'
      AND twin.id <> job.id)";
const REVIVE: &str =
    "UPDATE job SET state = 'queued', due_at = $2, attempt = 0 WHERE id = $1 AND state = 'dead'";
const DISCARD: &str = "DELETE FROM job WHERE id = $1 AND state = 'dead'";
const IS_DEAD: &str = "SELECT id FROM job WHERE id = $1 AND state = 'dead'";
const COUNT_DEAD: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM job WHERE state = 'dead'";
const NEXT: &str = "SELECT due_at FROM job WHERE state <> 'dead' ORDER BY due_at, id LIMIT 1";
const OLDEST: &str =
    "SELECT due_at FROM job WHERE state <> 'dead' AND due_at <= $1 ORDER BY due_at, id LIMIT 1";

/// The oldest 500 jobs that were given up.
pub fn dead(tx: &mut Tx<'_>) -> Result<Vec<Dead>> {
    tx.all(DEAD, params![], |row| {
        Ok(Dead {
            id: row.get(0)?,
            name: row.get(1)?,
            payload: row.get(2)?,
            attempts: row.get(3)?,
            error: row.get(4)?,
            made_at: row.get(5)?,
        })
    })
}

/// Queues a dead job again with all its attempts, or drops it when its key is queued anew meanwhile. `NotFound` when no
/// such job is dead.
pub fn retry(cx: &Cx, tx: &mut Tx<'_>, id: Id<Queued>) -> Result<()> {
    tx.one(IS_DEAD, params![id], |row| row.get::<i64>(0))?;
    if tx.run(TWIN, params![id])? == 0 {
        tx.run(REVIVE, params![id, cx.now()])?;
        tx.queued();
    }
    Ok(())
}

/// Drops a dead job for good. `NotFound` when no such job is dead.
pub fn discard(tx: &mut Tx<'_>, id: Id<Queued>) -> Result<()> {
    match tx.run(DISCARD, params![id])? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// Writes one job row, unless its key is queued already.
pub(crate) fn queue(
    cx: &Cx,
    tx: &mut Tx<'_>,
    job: &str,
    payload: &str,
    due: Instant,
    key: Option<&str>,
) -> Result<()> {
    tx.writing()?;
    let actor = cx.actor().to_string();
    let written = tx.run(
        INSERT,
        params![cx.id::<Queued>(), job, key, payload, due, &actor, cx.now()],
    )?;
    if written == 0 && key.is_none() {
        return Err(Error::Fault(anyhow!("two jobs were given one identifier")));
    }
    if due <= cx.now() {
        tx.queued();
    }
    Ok(())
}

pub(crate) fn count_dead(tx: &mut Tx<'_>) -> Result<i64> {
    tx.one(COUNT_DEAD, params![], |row| row.get(0))
}

pub(crate) fn next_due(tx: &mut Tx<'_>) -> Result<Option<Instant>> {
    tx.maybe(NEXT, params![], |row| row.get(0))
}

pub(crate) fn oldest_due(tx: &mut Tx<'_>, now: Instant) -> Result<Option<Instant>> {
    tx.maybe(OLDEST, params![now], |row| row.get(0))
}
