use std::sync::Arc;

use anyhow::anyhow;
use kernel::{Cx, Error, Instant, Result};

use crate::{Event, Listeners, Param, Row, jobs, postgres::Session, sqlite};

/// A transaction. Statements are literals in a module's `store.rs`; what is emitted, scheduled and announced takes
/// effect with the commit or not at all.
pub struct Tx<'a> {
    engine: Engine<'a>,
    listeners: &'a Listeners,
    writes: bool,
    effects: Effects,
    broken: Option<Broken>,
    cause: Option<String>,
}

pub(crate) enum Engine<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a mut Session),
}

/// What follows the commit.
#[derive(Default)]
pub(crate) struct Effects {
    pub(crate) topics: Vec<Arc<str>>,
    pub(crate) jobs: bool,
}

impl Effects {
    pub(crate) fn add(&mut self, other: Effects) {
        self.topics.extend(other.topics);
        self.jobs |= other.jobs;
    }
}

/// Why the transaction can no longer be committed, whatever the closure says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Broken {
    /// A statement failed.
    Failed,
    /// Another transaction came first; run it again.
    Again,
    /// The disk failed.
    Disk,
}

/// What a transaction leaves when its closure has run.
pub(crate) struct Finished {
    pub(crate) effects: Effects,
    pub(crate) broken: Option<Broken>,
    /// How the first failed statement failed.
    pub(crate) cause: String,
}

/// How a statement ended that did not end well: by its own failure or by the closure that read its rows.
pub(crate) enum Stop {
    Statement(anyhow::Error, Broken),
    Reader(Error),
}

impl<'a> Tx<'a> {
    pub(crate) fn new(engine: Engine<'a>, listeners: &'a Listeners, writes: bool) -> Tx<'a> {
        Tx {
            engine,
            listeners,
            writes,
            effects: Effects::default(),
            broken: None,
            cause: None,
        }
    }

    pub(crate) fn finish(self) -> Finished {
        Finished {
            effects: self.effects,
            broken: self.broken,
            cause: self.cause.unwrap_or_default(),
        }
    }

    /// Runs a statement; the number of rows it changed.
    pub fn run(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64> {
        let done = match &mut self.engine {
            Engine::Sqlite(conn) => sqlite::run(conn, sql, params),
            Engine::Postgres(session) => session.run(sql, params),
        };
        if !matches!(done, Ok(0)) {
            self.listeners.ran(sql);
        }
        done.map_err(|stop| self.note(sql, stop))
    }

    /// Every row, each read by `f`.
    pub fn all<T>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        mut f: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        self.each(sql, params, &mut |row| {
            rows.push(f(row)?);
            Ok(())
        })?;
        Ok(rows)
    }

    /// The row if there is one. More than one is a fault.
    pub fn maybe<T>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        mut f: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut found = None;
        self.each(sql, params, &mut |row| {
            if found.is_some() {
                return Err(Error::Fault(anyhow!("more than one row from: {sql}")));
            }
            found = Some(f(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// The one row. None is [`Error::NotFound`], more than one a fault.
    pub fn one<T>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        f: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<T> {
        self.maybe(sql, params, f)?.ok_or(Error::NotFound)
    }

    /// Tells every listener: one job row each, due at once, in this transaction.
    pub fn emit<E: Event>(&mut self, cx: &Cx, event: &E) -> Result<()> {
        let listeners = self.listeners;
        for job in listeners.of(E::NAME) {
            jobs::queue(cx, self, job, &serde_json::to_string(event)?, cx.now(), None)?;
        }
        Ok(())
    }

    /// Queues one job by name. While a job of this name and `key` is queued, no second one is made and the first keeps
    /// its due time and payload.
    pub fn schedule<J: Event>(
        &mut self,
        cx: &Cx,
        job: &'static str,
        payload: &J,
        due: Instant,
        key: Option<&str>,
    ) -> Result<()> {
        jobs::queue(cx, self, job, &serde_json::to_string(payload)?, due, key)
    }

    /// Tells [`Db::changes`](crate::Db::changes) after the commit. At most 200 bytes, not starting with `!`.
    pub fn announce(&mut self, topic: &str) -> Result<()> {
        self.writing()?;
        if topic.len() > 200 || topic.starts_with('!') || topic.contains('\n') {
            return Err(Error::Fault(anyhow!("{topic:?} cannot be a topic")));
        }
        if !self.effects.topics.iter().any(|known| &**known == topic) {
            self.effects.topics.push(topic.into());
        }
        Ok(())
    }

    /// Prepares a statement without running it, for tests that check every statement of every store on both engines.
    pub fn check(&mut self, sql: &str) -> Result<()> {
        let done = match &mut self.engine {
            Engine::Sqlite(conn) => sqlite::check(conn, sql),
            Engine::Postgres(session) => session.check(sql),
        };
        done.map_err(|stop| self.note(sql, stop))
    }

    /// How SQLite would find the rows of a statement, one line for each step; nothing on PostgreSQL. For tests that look
    /// for statements which read through all that ever happened.
    pub fn plan(&mut self, sql: &str) -> Result<Vec<String>> {
        let done = match &mut self.engine {
            Engine::Sqlite(conn) => sqlite::plan(conn, sql),
            Engine::Postgres(_) => Ok(Vec::new()),
        };
        done.map_err(|stop| self.note(sql, stop))
    }

    /// The moment's engine, for migrations, whose text differs.
    pub(crate) fn engine(&self) -> crate::EngineName {
        match self.engine {
            Engine::Sqlite(_) => crate::EngineName::Sqlite,
            Engine::Postgres(_) => crate::EngineName::Postgres,
        }
    }

    /// Several statements at once, for migrations.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        let done = match &mut self.engine {
            Engine::Sqlite(conn) => sqlite::batch(conn, sql),
            Engine::Postgres(session) => session.batch(sql),
        };
        done.map_err(|stop| self.note(sql, stop))
    }

    /// Marks that a job became due, so that a runner is woken after the commit.
    pub(crate) fn queued(&mut self) {
        self.effects.jobs = true;
    }

    /// Gives this run up; the engine starts the closure again.
    pub(crate) fn again(&mut self) -> Error {
        self.broken = Some(Broken::Again);
        Error::Fault(anyhow!("another transaction came first"))
    }

    /// A fault unless this transaction may write.
    pub(crate) fn writing(&self) -> Result<()> {
        if self.writes {
            Ok(())
        } else {
            Err(Error::Fault(anyhow!("a reading transaction cannot write")))
        }
    }

    fn each(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        f: &mut dyn FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let done = match &mut self.engine {
            Engine::Sqlite(conn) => sqlite::each(conn, sql, params, f),
            Engine::Postgres(session) => session.each(sql, params, f),
        };
        self.listeners.ran(sql);
        done.map_err(|stop| self.note(sql, stop))
    }

    fn note(&mut self, sql: &str, stop: Stop) -> Error {
        match stop {
            Stop::Reader(error) => error,
            Stop::Statement(error, broken) => {
                self.broken.get_or_insert(broken);
                self.cause.get_or_insert_with(|| error.to_string());
                Error::Fault(error.context(sql.split_whitespace().collect::<Vec<_>>().join(" ")))
            }
        }
    }
}
