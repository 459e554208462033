use std::{
    collections::HashMap,
    sync::Arc,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use ::postgres::{Client, Config, NoTls, Statement, error::SqlState, types::ToSql};
use anyhow::{Context, anyhow};
use kernel::{Actor, Error, Lang, Result};

use crate::{
    Param, Row, Tx, crash_point,
    hub::Hub,
    news,
    queue::{Queue, Unavailable, Unit},
    tx::{Broken, Effects, Engine, Finished, Stop},
    value::Source,
};

/// How often a transaction is started again because another one came first.
const AGAIN: u32 = 60;
/// Callers hear within a second that the server is down.
const CONNECT: Duration = Duration::from_millis(800);
const BACKOFF_MOST: Duration = Duration::from_secs(1);
const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE";
const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Starts `threads` threads with a connection each, and the one that hears the news of other nodes. Fails when the server
/// does not answer now: later losses are repaired, a wrong address should be seen at once.
pub(crate) fn start(
    url: &str,
    threads: usize,
    hub: &Arc<Hub>,
    queue: &Arc<Queue>,
) -> Result<Vec<JoinHandle<()>>> {
    let config = config(url)?;
    let first = {
        let config = config.clone();
        // In a thread of its own: the client may not be used on a thread that runs async tasks.
        let opened = thread::spawn(move || Session::open(&config)).join();
        opened.map_err(|_| Error::Fault(anyhow!("connecting to PostgreSQL panicked")))?
    };
    let mut first = Some(first.context("cannot reach PostgreSQL").map_err(Error::Fault)?);
    let node = news::node();
    // Not waited for at the end: it may be in the middle of a look at the network.
    news::start(config.clone(), node.clone(), hub.clone(), queue.clone())?;
    let mut running = Vec::new();
    for _ in 0..threads.max(1) {
        let worker = Worker {
            config: config.clone(),
            session: first.take(),
            down: None,
            backoff: Duration::ZERO,
            node: node.clone(),
            hub: hub.clone(),
            queue: queue.clone(),
        };
        running.push(
            thread::Builder::new()
                .name("db-postgres".to_owned())
                .spawn(move || worker.serve())?,
        );
    }
    Ok(running)
}

fn config(url: &str) -> Result<Config> {
    // The address holds the password: the error must not repeat it.
    let mut config: Config = url
        .parse()
        .map_err(|_| Error::Fault(anyhow!("the PostgreSQL address cannot be read")))?;
    config
        .connect_timeout(CONNECT)
        .tcp_user_timeout(Duration::from_secs(5))
        .application_name("tuina");
    Ok(config)
}

/// One connection and the statements prepared on it.
pub(crate) struct Session {
    client: Client,
    statements: HashMap<&'static str, Statement>,
}

impl Session {
    fn open(config: &Config) -> std::result::Result<Session, postgres::Error> {
        Ok(Session {
            client: config.connect(NoTls)?,
            statements: HashMap::new(),
        })
    }

    pub(crate) fn run(&mut self, sql: &'static str, params: &[Param<'_>]) -> std::result::Result<u64, Stop> {
        let statement = self.statement(sql, params.len())?;
        self.client
            .execute(&statement, &references(params))
            .map_err(|error| self.stop(error))
    }

    pub(crate) fn each(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        f: &mut dyn FnMut(&Row<'_>) -> Result<()>,
    ) -> std::result::Result<(), Stop> {
        let statement = self.statement(sql, params.len())?;
        for row in self
            .client
            .query(&statement, &references(params))
            .map_err(|error| self.stop(error))?
        {
            f(&Row(Source::Postgres(&row))).map_err(Stop::Reader)?;
        }
        Ok(())
    }

    pub(crate) fn check(&mut self, sql: &str) -> std::result::Result<(), Stop> {
        self.client
            .prepare(sql)
            .map(drop)
            .map_err(|error| self.stop(error))
    }

    pub(crate) fn batch(&mut self, sql: &str) -> std::result::Result<(), Stop> {
        self.client.batch_execute(sql).map_err(|error| self.stop(error))
    }

    fn statement(&mut self, sql: &'static str, params: usize) -> std::result::Result<Statement, Stop> {
        let statement = match self.statements.get(sql) {
            Some(statement) => statement.clone(),
            None => {
                let statement = self.client.prepare(sql).map_err(|error| self.stop(error))?;
                self.statements.insert(sql, statement.clone());
                statement
            }
        };
        if statement.params().len() == params {
            Ok(statement)
        } else {
            let words = anyhow!("the statement does not take exactly the {params} parameters given");
            Err(Stop::Statement(words, Broken::Failed))
        }
    }

    fn stop(&mut self, error: postgres::Error) -> Stop {
        if error.as_db_error().is_some_and(outdated) {
            self.statements.clear();
        }
        let broken = if comes_again(&error) {
            Broken::Again
        } else {
            Broken::Failed
        };
        Stop::Statement(error.into(), broken)
    }
}

fn references<'p>(params: &'p [Param<'_>]) -> Vec<&'p (dyn ToSql + Sync)> {
    params.iter().map(|param| param as &(dyn ToSql + Sync)).collect()
}

/// Whether the same transaction may succeed when started again.
fn comes_again(error: &postgres::Error) -> bool {
    let Some(db) = error.as_db_error() else {
        return error.is_closed() || broke(error);
    };
    came_first(db.code()) || outdated(db) || going_down(db.code())
}

/// The connection broke: a server that is stopped at once, or dies, says nothing any more.
fn broke(error: &postgres::Error) -> bool {
    std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
}

fn came_first(code: &SqlState) -> bool {
    *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED
}

/// A migration changed what a prepared statement answers.
fn outdated(db: &postgres::error::DbError) -> bool {
    *db.code() == SqlState::FEATURE_NOT_SUPPORTED && db.message().starts_with("cached plan")
}

fn going_down(code: &SqlState) -> bool {
    [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
    ]
    .contains(code)
}

struct Worker {
    config: Config,
    session: Option<Session>,
    /// Until when no new connection is tried.
    down: Option<Instant>,
    backoff: Duration,
    node: Arc<str>,
    hub: Arc<Hub>,
    queue: Arc<Queue>,
}

/// How one run of a unit ended.
enum Ran {
    Committed(Effects),
    /// The unit said no, or only read; nothing was kept.
    Left,
    Again(anyhow::Error),
    Failed(Error),
}

impl Worker {
    fn serve(mut self) {
        while let Some(unit) = self.queue.pop() {
            self.serve_one(unit);
        }
    }

    fn serve_one(&mut self, mut unit: Box<dyn Unit>) {
        for attempt in 0..=AGAIN {
            match self.try_once(&mut *unit) {
                Ran::Left => return unit.answer(),
                Ran::Failed(error) => return unit.fail(error),
                Ran::Committed(effects) => {
                    self.hub.count(1);
                    unit.answer();
                    return self.tell(effects);
                }
                Ran::Again(error) if attempt == AGAIN => {
                    let why = format!("other transactions came first {} times: {error:#}", AGAIN + 1);
                    return unit.fail(Unavailable::new(why).into());
                }
                Ran::Again(_) => self.pause(attempt),
            }
        }
    }

    fn try_once(&mut self, unit: &mut dyn Unit) -> Ran {
        let mut session = match self.take_session() {
            Ok(session) => session,
            Err(error) => return Ran::Failed(error),
        };
        let ran = transact(&mut session, &self.hub, unit);
        if !session.client.is_closed() {
            self.session = Some(session);
        }
        ran
    }

    /// The connection, made anew after a loss; at once an error while the server is known to be down.
    fn take_session(&mut self) -> Result<Session> {
        if let Some(session) = self.session.take() {
            return Ok(session);
        }
        if self.down.is_some_and(|until| Instant::now() < until) {
            return Err(Unavailable::new("PostgreSQL does not answer").into());
        }
        match Session::open(&self.config) {
            Ok(session) => {
                self.down = None;
                self.backoff = Duration::ZERO;
                Ok(session)
            }
            Err(error) => {
                tracing::warn!(%error, "PostgreSQL does not answer");
                self.backoff = (self.backoff * 2).clamp(Duration::from_millis(100), BACKOFF_MOST);
                self.down = Some(Instant::now() + self.backoff);
                Err(Unavailable::new("PostgreSQL does not answer").into())
            }
        }
    }

    /// 1, 2, 4 … 64 ms and as much again by chance, so that those who met do not meet again.
    fn pause(&self, attempt: u32) {
        let base = 1u64 << attempt.min(6);
        let chance = self
            .hub
            .world()
            .cx(Actor::System("db"), Lang::Zh)
            .below(base * 1000);
        thread::sleep(Duration::from_millis(base) + Duration::from_micros(chance));
    }

    fn tell(&mut self, effects: Effects) {
        if let Some(session) = &mut self.session {
            news::tell(session, &self.node, &effects);
        }
        self.hub.after(effects);
    }
}

fn transact(session: &mut Session, hub: &Hub, unit: &mut dyn Unit) -> Ran {
    let begin = if unit.writes() { BEGIN_WRITE } else { BEGIN_READ };
    if let Err(error) = session.client.batch_execute(begin) {
        return given_up(error);
    }
    let mut tx = Tx::new(Engine::Postgres(session), hub.listeners(), unit.writes());
    let commit = unit.run(&mut tx);
    let Finished {
        effects,
        broken,
        cause,
    } = tx.finish();
    if broken == Some(Broken::Again) || broken.is_some() && session.client.is_closed() {
        roll_back(session);
        return Ran::Again(anyhow!(cause));
    }
    if commit && broken.is_some() {
        roll_back(session);
        return Ran::Failed(Error::Fault(anyhow!(
            "a statement failed and its error was dropped"
        )));
    }
    if !commit || !unit.writes() {
        roll_back(session);
        return Ran::Left;
    }
    crash_point("db.commit.before");
    match session.client.batch_execute("COMMIT") {
        Ok(()) => {
            crash_point("db.commit.after");
            Ran::Committed(effects)
        }
        Err(error) => match error.code() {
            Some(code) if came_first(code) => Ran::Again(error.into()),
            Some(code) if !going_down(code) => Ran::Failed(Error::Fault(error.into())),
            _ => Ran::Failed(
                Unavailable::new("the connection broke during the commit; whether it was kept is not known")
                    .into(),
            ),
        },
    }
}

/// The transaction is known not to be kept.
fn given_up(error: postgres::Error) -> Ran {
    if comes_again(&error) {
        Ran::Again(error.into())
    } else {
        Ran::Failed(Error::Fault(error.into()))
    }
}

fn roll_back(session: &mut Session) {
    if let Err(error) = session.client.batch_execute("ROLLBACK") {
        // Only a lost connection cannot roll back; its end ends the transaction on the server too.
        tracing::warn!(%error, "a PostgreSQL connection was lost");
    }
}

impl Session {
    /// A statement of the engine itself, outside any transaction.
    pub(crate) fn aside(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
    ) -> std::result::Result<(), postgres::Error> {
        let statement = match self.statements.get(sql) {
            Some(statement) => statement.clone(),
            None => self.client.prepare(sql)?,
        };
        self.statements.insert(sql, statement.clone());
        self.client.execute(&statement, &references(params)).map(drop)
    }
}
