use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use kernel::{Actor, Cx, Error, HOUR_MS, Id, Instant, Lang, MINUTE_MS, Result};
use serde::{Deserialize, Serialize};

use super::{Event, Job, Queued, TWIN, Unreadable, Work};
use crate::{Db, Tx, answer, crash_point, params, queue::Unavailable};

const CANDIDATES: &str = "SELECT id, name, attempt, due_at FROM job
     WHERE state <> 'dead' AND due_at <= $1 ORDER BY due_at, id LIMIT $2";
const CLAIM: &str = "UPDATE job SET state = 'running', attempt = attempt + 1, due_at = $4
     WHERE id = $1 AND attempt = $2 AND due_at = $3 AND state <> 'dead' RETURNING payload";
const POSTPONE: &str =
    "UPDATE job SET due_at = $4 WHERE id = $1 AND attempt = $2 AND due_at = $3 AND state <> 'dead'";
const DONE: &str = "DELETE FROM job WHERE id = $1 AND attempt = $2 AND state = 'running'";
const MINE: &str = "SELECT id FROM job WHERE id = $1 AND attempt = $2 AND state = 'running'";
const AGAIN: &str = "UPDATE job SET state = 'queued', due_at = $2, error = $3 WHERE id = $1";
const KILL: &str = "UPDATE job SET state = 'dead', error = $2 WHERE id = $1";
const KILL_EXPIRED: &str = "UPDATE job SET state = 'dead', error = 'the last attempt never ended'
     WHERE id = $1 AND attempt = $2 AND due_at = $3 AND state = 'running'";

const POLL: Duration = Duration::from_secs(1);
/// A job that this program does not know belongs to a newer one beside it: left for a minute.
const UNKNOWN_MS: i64 = MINUTE_MS;
const BACKOFF_MS: i64 = 5_000;
const BACKOFF_MOST_MS: i64 = HOUR_MS;
const ERROR_LENGTH: usize = 2_000;
/// So many due jobs are what threads beside one another could begin with.
const PICKED_FROM: i64 = 8;
const PRUNE: &str = "db.prune_answers";

/// Runs the jobs of this program.
#[derive(Clone)]
pub struct Runner {
    db: Db,
    jobs: Arc<HashMap<&'static str, Job>>,
}

impl Runner {
    /// A runner of these jobs and of the database's own. Two jobs of one name are a programmer's error.
    pub fn new(db: Db, jobs: Vec<Job>) -> Runner {
        let own = Job::new(PRUNE, prune);
        let mut known = HashMap::new();
        for job in jobs.into_iter().chain([own]) {
            let name = job.name;
            assert!(known.insert(name, job).is_none(), "two jobs are named {name}");
        }
        Runner {
            db,
            jobs: Arc::new(known),
        }
    }

    /// Starts threads that run what becomes due until stopped. A commit that queues a job wakes them; otherwise they look
    /// once a second.
    pub fn start(self, threads: usize) -> Running {
        let crew = Arc::new(Crew {
            runner: self,
            threads: threads.max(1),
            hands: Mutex::new(Hands::default()),
            stopping: AtomicBool::new(false),
        });
        crew.runner.seed();
        let handles = (0..crew.threads)
            .map(|_| {
                let crew = crew.clone();
                thread::Builder::new()
                    .name("job".to_owned())
                    .spawn(move || crew.work())
                    .expect("the system has threads for the jobs")
            })
            .collect();
        Running { crew, handles }
    }

    /// Runs everything that is due, and what becomes due by that, in this thread until none is; how many runs there were.
    /// For tests and simulations.
    pub fn run_due(&self) -> Result<usize> {
        let mut count = 0;
        loop {
            let claimed = self.claim(1)?;
            if claimed.is_empty() {
                return Ok(count);
            }
            for claim in claimed {
                self.perform(claim)?;
                count += 1;
            }
        }
    }

    /// When the job that is due first is due, if any waits. For simulations, which turn the clock to it.
    pub fn next_due(&self) -> Result<Option<Instant>> {
        self.db.read(super::next_due).wait()
    }

    /// Runs one due job in this thread, none when none is due. `pick` says which of so many that are due: threads beside
    /// one another could take them in any order. For simulations, which decide themselves what happens when.
    pub fn run_one(&self, pick: impl FnOnce(usize) -> usize) -> Result<Option<Ran>> {
        let now = self.db.world().now();
        let mut found = self.db.read(move |tx| candidates(tx, now, PICKED_FROM)).wait()?;
        if found.is_empty() {
            return Ok(None);
        }
        let picked = pick(found.len()).min(found.len() - 1);
        let candidate = vec![found.swap_remove(picked)];
        let name = candidate[0].name.clone();
        let jobs = self.jobs.clone();
        let taken = self.db.write(move |tx| take(tx, &jobs, &candidate, now)).wait()?;
        let Some(claim) = taken.into_iter().next() else {
            let end = "not begun: unknown here, or tried too often".to_owned();
            return Ok(Some(Ran {
                name,
                payload: String::new(),
                end,
            }));
        };
        let payload = claim.payload.clone();
        let end = match self.perform(claim)? {
            End::Done => "done".to_owned(),
            End::Again(_, error) => format!("to be tried again: {error}"),
            End::Dead(error) => format!("given up: {error}"),
        };
        Ok(Some(Ran { name, payload, end }))
    }

    fn seed(&self) {
        let cx = self.cx(PRUNE);
        let seeded = self
            .db
            .write(move |tx| tx.schedule(&cx, PRUNE, &Prune {}, cx.now(), Some("hourly")));
        if let Err(error) = seeded.wait() {
            tracing::error!(%error, "the pruning of old answers could not be queued");
        }
    }

    /// Takes up to `most` due jobs for this runner.
    fn claim(&self, most: usize) -> Result<Vec<Claim>> {
        loop {
            let now = self.db.world().now();
            let limit = most as i64;
            let found = self.db.read(move |tx| candidates(tx, now, limit)).wait()?;
            if found.is_empty() {
                return Ok(Vec::new());
            }
            let jobs = self.jobs.clone();
            let claimed = self.db.write(move |tx| take(tx, &jobs, &found, now)).wait()?;
            // Nothing taken: others were faster, or all were unknown or expired. Look again.
            if !claimed.is_empty() {
                return Ok(claimed);
            }
        }
    }

    /// Runs one claimed job and records how it ended.
    fn perform(&self, claim: Claim) -> Result<End> {
        let job = &self.jobs[claim.name];
        let work = Work {
            db: &self.db,
            cx: self.cx(job.name),
            attempt: u32::try_from(claim.attempt).unwrap_or(u32::MAX),
        };
        crash_point("job.claimed");
        let ran = job.run(&work, &claim.payload);
        crash_point("job.done");
        let end = match ran {
            Ok(()) => End::Done,
            Err(error) => self.failed(job, &claim, &error),
        };
        self.db
            .write(move |tx| record(tx, &claim, &end).map(|()| end.clone()))
            .wait()
    }

    fn failed(&self, job: &Job, claim: &Claim, error: &Error) -> End {
        let text: String = error.to_string().chars().take(ERROR_LENGTH).collect();
        let hopeless = match error {
            Error::Fault(fault) => fault.is::<Unreadable>(),
            _ => true,
        };
        if hopeless || claim.attempt >= i64::from(job.attempts) {
            tracing::error!(job = job.name, id = %claim.id, attempt = claim.attempt, error = text, "a job was given up");
            return End::Dead(text);
        }
        tracing::warn!(job = job.name, id = %claim.id, attempt = claim.attempt, error = text, "a job will be tried again");
        let cx = self.cx(job.name);
        End::Again(cx.now() + backoff(claim.attempt, &cx), text)
    }

    fn cx(&self, name: &'static str) -> Cx {
        self.db.world().cx(Actor::System(name), Lang::Zh)
    }
}

/// One run of a job, for the record of a simulation.
#[derive(Clone, Debug)]
pub struct Ran {
    /// Which job.
    pub name: String,
    /// What it was to do, as JSON; empty when it was not begun.
    pub payload: String,
    /// How it ended, in words.
    pub end: String,
}

/// Threads at work. Dropping it stops them as [`Running::stop`] does.
pub struct Running {
    crew: Arc<Crew>,
    handles: Vec<JoinHandle<()>>,
}

impl Running {
    /// Begins no more jobs and waits for those that run.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.crew.stopping.store(true, Ordering::SeqCst);
        self.crew.runner.db.hub().wake();
        for handle in self.handles.drain(..) {
            if handle.join().is_err() {
                tracing::error!("a job thread ended in a panic");
            }
        }
    }
}

struct Crew {
    runner: Runner,
    threads: usize,
    hands: Mutex<Hands>,
    stopping: AtomicBool,
}

#[derive(Default)]
struct Hands {
    busy: usize,
    waiting: VecDeque<Claim>,
}

impl Crew {
    fn work(&self) {
        let hub = self.runner.db.hub();
        while !self.stopping.load(Ordering::SeqCst) {
            let seen = hub.wakes();
            match self.next() {
                Ok(Some(claim)) => {
                    if let Err(error) = self.runner.perform(claim) {
                        tracing::error!(%error, "the end of a job could not be recorded; it will run again");
                    }
                    self.hands().busy -= 1;
                }
                Ok(None) => {
                    hub.wait(seen, POLL);
                }
                Err(error) => {
                    if !Unavailable::is(&error) {
                        tracing::error!(%error, "the jobs could not be looked through");
                    }
                    hub.wait(u64::MAX, POLL);
                }
            }
        }
    }

    /// The next job for this thread. One look takes as many as there are idle threads, never more, so that no lease runs
    /// while its job waits for a thread.
    fn next(&self) -> Result<Option<Claim>> {
        let mut hands = self.hands();
        if hands.waiting.is_empty() {
            let idle = self.threads - hands.busy;
            let claimed = self.runner.claim(idle)?;
            hands.waiting.extend(claimed);
            if hands.waiting.len() > 1 {
                self.runner.db.hub().wake();
            }
        }
        let claim = hands.waiting.pop_front();
        hands.busy += usize::from(claim.is_some());
        Ok(claim)
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.hands.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Candidate {
    id: Id<Queued>,
    name: String,
    attempt: i64,
    due_at: Instant,
}

struct Claim {
    id: Id<Queued>,
    name: &'static str,
    attempt: i64,
    payload: String,
}

#[derive(Clone)]
enum End {
    Done,
    Again(Instant, String),
    Dead(String),
}

fn candidates(tx: &mut Tx<'_>, now: Instant, limit: i64) -> Result<Vec<Candidate>> {
    tx.all(CANDIDATES, params![now, limit], |row| {
        Ok(Candidate {
            id: row.get(0)?,
            name: row.get(1)?,
            attempt: row.get(2)?,
            due_at: row.get(3)?,
        })
    })
}

fn take(
    tx: &mut Tx<'_>,
    jobs: &HashMap<&'static str, Job>,
    found: &[Candidate],
    now: Instant,
) -> Result<Vec<Claim>> {
    let mut claimed = Vec::new();
    for candidate in found {
        let Candidate {
            id, attempt, due_at, ..
        } = *candidate;
        let Some(job) = jobs.get(candidate.name.as_str()) else {
            tracing::warn!(job = candidate.name, "no such job in this program");
            tx.run(POSTPONE, params![id, attempt, due_at, now + UNKNOWN_MS])?;
            continue;
        };
        if attempt >= i64::from(job.attempts) {
            tracing::error!(job = job.name, %id, attempt, "a job was given up: its last attempt never ended");
            tx.run(KILL_EXPIRED, params![id, attempt, due_at])?;
            continue;
        }
        let lease = now + job.lease_ms;
        let payload = tx.maybe(CLAIM, params![id, attempt, due_at, lease], |row| row.get(0))?;
        claimed.extend(payload.map(|payload| Claim {
            id,
            name: job.name,
            attempt: attempt + 1,
            payload,
        }));
    }
    Ok(claimed)
}

/// Records the end of a run, unless the lease ran out and somebody else has the job now.
fn record(tx: &mut Tx<'_>, claim: &Claim, end: &End) -> Result<()> {
    let Claim { id, attempt, .. } = *claim;
    match end {
        End::Done => {
            tx.run(DONE, params![id, attempt])?;
        }
        End::Again(due, error) => {
            let mine = tx.maybe(MINE, params![id, attempt], |row| row.get::<i64>(0))?;
            // A twin with the same key was queued meanwhile and will do the work.
            if mine.is_some() && tx.run(TWIN, params![id])? == 0 {
                tx.run(AGAIN, params![id, *due, error])?;
            }
        }
        End::Dead(error) => {
            if tx
                .maybe(MINE, params![id, attempt], |row| row.get::<i64>(0))?
                .is_some()
            {
                tx.run(KILL, params![id, error])?;
            }
        }
    }
    Ok(())
}

/// 5 s after the first attempt, doubling, an hour at most, give or take a quarter.
fn backoff(attempt: i64, cx: &Cx) -> i64 {
    let doublings = u32::try_from(attempt - 1).unwrap_or(0).min(20);
    let base = (BACKOFF_MS << doublings).min(BACKOFF_MOST_MS);
    base - base / 4 + cx.below(base as u64 / 2) as i64
}

#[derive(Serialize, Deserialize)]
struct Prune {}

impl Event for Prune {
    const NAME: &'static str = "db.prune";
}

/// Forgets old answers and comes back in an hour.
fn prune(work: &Work<'_>, _: Prune) -> Result<()> {
    let now = work.cx.now();
    while work.db.write(move |tx| answer::prune(tx, now)).wait()? > 0 {}
    let cx = work.cx.clone();
    work.db
        .write(move |tx| tx.schedule(&cx, PRUNE, &Prune {}, cx.now() + HOUR_MS, Some("hourly")))
        .wait()
}
