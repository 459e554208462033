mod alone;

use std::{
    path::Path,
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use anyhow::{Context, anyhow};
use kernel::{Error, Result};
use rusqlite::{CachedStatement, Connection, ErrorCode, OpenFlags};

use crate::{
    Param, Row, Tx, crash_point,
    hub::Hub,
    queue::{Queue, Unavailable, Unit},
    tx::{Broken, Effects, Engine, Finished, Stop},
    value::Source,
};

pub(crate) use alone::Alone;

/// The oldest SQLite on which two connections cannot lose committed writes: 3.7.0 to 3.51.2 have the WAL-reset bug
/// (sqlite.org/changes.html, 3.53.0).
const OLDEST: i32 = 3_051_003;
/// Units committed together at most.
const GROUP: usize = 64;
const STATEMENTS: usize = 512;
const BUSY: Duration = Duration::from_secs(5);

/// Starts the writer thread and `readers` reader threads on the file, which is made when missing.
pub(crate) fn start(
    path: &Path,
    readers: usize,
    hub: &Arc<Hub>,
    writing: &Arc<Queue>,
    reading: &Arc<Queue>,
) -> Result<Vec<JoinHandle<()>>> {
    safe(rusqlite::version_number(), rusqlite::version())?;
    let writer = Writer {
        conn: open_writer(path)
            .with_context(|| format!("cannot open {}", path.display()))
            .map_err(Error::Fault)?,
        hub: hub.clone(),
        queue: writing.clone(),
    };
    let mut threads = vec![
        thread::Builder::new()
            .name("db-writer".to_owned())
            .spawn(move || writer.serve())?,
    ];
    for _ in 0..readers {
        let reader = Reader {
            conn: open_reader(path)?,
            hub: hub.clone(),
            queue: reading.clone(),
        };
        threads.push(
            thread::Builder::new()
                .name("db-reader".to_owned())
                .spawn(move || reader.serve())?,
        );
    }
    Ok(threads)
}

fn safe(number: i32, version: &str) -> Result<()> {
    if number >= OLDEST {
        return Ok(());
    }
    Err(Error::Fault(anyhow!(
        "this program was built with SQLite {version}, which can lose committed writes (the WAL-reset bug of 3.7.0 to \
         3.51.2); build it with SQLite 3.51.3 or newer"
    )))
}

fn open_writer(path: &Path) -> anyhow::Result<Connection> {
    let conn = Connection::open(path)?;
    prepare(&conn)?;
    let mode: String = conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(anyhow!(
            "the file system does not allow write-ahead logging (journal mode {mode})"
        ));
    }
    // FULL: an answer is given only for what the disk has. The log is folded back at about 16 MB.
    conn.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864;",
    )?;
    Ok(conn)
}

fn open_reader(path: &Path) -> Result<Connection> {
    let conn = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    prepare(&conn)?;
    conn.execute_batch("PRAGMA query_only = ON;")?;
    Ok(conn)
}

fn prepare(conn: &Connection) -> rusqlite::Result<()> {
    conn.busy_timeout(BUSY)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    // `case_sensitive_like` because PostgreSQL's LIKE minds the case.
    conn.execute_batch(
        "PRAGMA foreign_keys = ON; PRAGMA case_sensitive_like = ON; PRAGMA cache_size = -8000;",
    )
}

/// Reads the whole file for damage; no words when it is sound.
pub(crate) fn quick_check(path: &Path) -> Result<Vec<String>> {
    let conn = open_reader(path)?;
    let mut statement = conn.prepare("PRAGMA quick_check")?;
    let words = statement.query_map([], |row| row.get::<_, String>(0))?;
    let words = words.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(words.into_iter().filter(|word| word != "ok").collect())
}

/// Copies the file into a new one and reads the copy for damage.
pub(crate) fn backup(path: &Path, to: &Path) -> Result<()> {
    if to.exists() {
        return Err(Error::Fault(anyhow!("{} exists already", to.display())));
    }
    let Some(name) = to.to_str() else {
        return Err(Error::Fault(anyhow!("{} is no UTF-8 path", to.display())));
    };
    let source = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    source.busy_timeout(BUSY)?;
    source.execute("VACUUM INTO ?1", [name])?;
    let damage = quick_check(to)?;
    if damage.is_empty() {
        Ok(())
    } else {
        Err(Error::Fault(anyhow!(
            "the copy is damaged: {}",
            damage.join("; ")
        )))
    }
}

struct Writer {
    conn: Connection,
    hub: Arc<Hub>,
    queue: Arc<Queue>,
}

/// The writing connection while it serves.
struct Pen<'a> {
    conn: &'a Connection,
    hub: &'a Hub,
    queue: &'a Queue,
}

/// What became of the units of one group.
#[derive(Default)]
struct Group {
    done: Vec<Box<dyn Unit>>,
    effects: Effects,
}

/// Why the whole transaction of a group is lost.
struct Lost {
    why: String,
    /// The disk failed. After a failed fsync nobody knows what the disk holds, so a second try could lie.
    disk: bool,
}

impl From<rusqlite::Error> for Lost {
    fn from(error: rusqlite::Error) -> Lost {
        Lost {
            why: error.to_string(),
            disk: disk_failed(&error),
        }
    }
}

impl Writer {
    fn serve(self) {
        // Whatever ends this thread, nobody is left waiting.
        let _guard = AbandonOnDrop(self.queue.clone());
        let pen = Pen {
            conn: &self.conn,
            hub: &self.hub,
            queue: &self.queue,
        };
        while let Some(first) = self.queue.pop() {
            let mut group = Group::default();
            if let Err(lost) = pen.group(&mut group, first) {
                pen.give_up(group, &lost);
                if lost.disk {
                    tracing::error!(
                        why = lost.why,
                        "the disk failed: nothing more is written until a restart"
                    );
                    let words = format!("the disk failed ({}); the program must be restarted", lost.why);
                    return self.queue.abandon(&words);
                }
            }
        }
    }
}

impl Pen<'_> {
    /// Runs `first` and what else is waiting in one transaction and answers after its commit.
    fn group(&self, group: &mut Group, first: Box<dyn Unit>) -> std::result::Result<(), Lost> {
        let mut next = Some(first);
        if let Err(error) = self.exec("BEGIN IMMEDIATE") {
            group.done.extend(next);
            return Err(error.into());
        }
        while let Some(unit) = next.take() {
            self.member(group, unit)?;
            if group.done.len() < GROUP {
                next = self.queue.try_pop();
            }
        }
        crash_point("db.commit.before");
        self.exec("COMMIT")?;
        crash_point("db.commit.after");
        self.hub.count(group.done.len());
        for unit in group.done.drain(..) {
            unit.answer();
        }
        self.hub.after(std::mem::take(&mut group.effects));
        Ok(())
    }

    /// Runs one unit in a savepoint of the group and puts it there. A failing one is rolled back alone.
    fn member(&self, group: &mut Group, mut unit: Box<dyn Unit>) -> std::result::Result<(), Lost> {
        let started = self.exec("SAVEPOINT unit");
        if let Err(error) = started {
            group.done.push(unit);
            return Err(error.into());
        }
        let mut tx = Tx::new(Engine::Sqlite(self.conn), self.hub.listeners(), true);
        let commit = unit.run(&mut tx);
        let Finished {
            effects,
            broken,
            cause,
        } = tx.finish();
        if commit && broken.is_some() {
            unit.replace(Error::Fault(anyhow!(
                "a statement failed and its error was dropped: {cause}"
            )));
        }
        group.done.push(unit);
        let disk = broken == Some(Broken::Disk);
        // SQLite itself gives the whole transaction up when the disk is full or memory ends.
        if disk || self.conn.is_autocommit() {
            return Err(Lost { why: cause, disk });
        }
        if commit && broken.is_none() {
            group.effects.add(effects);
        } else {
            self.exec("ROLLBACK TO unit")?;
        }
        self.exec("RELEASE unit")?;
        Ok(())
    }

    fn give_up(&self, group: Group, lost: &Lost) {
        if !self.conn.is_autocommit() {
            // The transaction is given up either way; a failing ROLLBACK adds nothing to the error at hand.
            let _ = self.exec("ROLLBACK");
        }
        tracing::error!(
            why = lost.why,
            units = group.done.len(),
            "a group of writes was rolled back"
        );
        let kept = if lost.disk {
            "; whether it was kept is not known"
        } else {
            ""
        };
        for unit in group.done {
            unit.fail(Unavailable::new(format!("writing failed: {}{kept}", lost.why)).into());
        }
    }

    fn exec(&self, sql: &str) -> rusqlite::Result<()> {
        self.conn.prepare_cached(sql)?.execute([]).map(drop)
    }
}

fn disk_failed(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::SystemIoFailure)
}

struct AbandonOnDrop(Arc<Queue>);

impl Drop for AbandonOnDrop {
    fn drop(&mut self) {
        self.0.abandon("the database was closed");
    }
}

struct Reader {
    conn: Connection,
    hub: Arc<Hub>,
    queue: Arc<Queue>,
}

impl Reader {
    fn serve(self) {
        while let Some(mut unit) = self.queue.pop() {
            answered(read(&self.conn, &self.hub, &mut *unit), unit);
        }
    }
}

fn read(conn: &Connection, hub: &Hub, unit: &mut dyn Unit) -> rusqlite::Result<()> {
    conn.prepare_cached("BEGIN")?.execute([])?;
    let mut tx = Tx::new(Engine::Sqlite(conn), hub.listeners(), false);
    unit.run(&mut tx);
    if conn.is_autocommit() {
        return Ok(());
    }
    conn.prepare_cached("ROLLBACK")?.execute([]).map(drop)
}

fn answered(read: rusqlite::Result<()>, unit: Box<dyn Unit>) {
    match read {
        Ok(()) => unit.answer(),
        Err(error) => unit.fail(Unavailable::new(format!("reading failed: {error}")).into()),
    }
}

pub(crate) fn run(conn: &Connection, sql: &str, params: &[Param<'_>]) -> std::result::Result<u64, Stop> {
    let mut statement = bound(conn, sql, params)?;
    let changed = statement.raw_execute().map_err(stop)?;
    Ok(changed as u64)
}

pub(crate) fn each(
    conn: &Connection,
    sql: &str,
    params: &[Param<'_>],
    f: &mut dyn FnMut(&Row<'_>) -> Result<()>,
) -> std::result::Result<(), Stop> {
    let mut statement = bound(conn, sql, params)?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(stop)? {
        f(&Row(Source::Sqlite(row))).map_err(Stop::Reader)?;
    }
    Ok(())
}

pub(crate) fn check(conn: &Connection, sql: &str) -> std::result::Result<(), Stop> {
    conn.prepare(sql).map(drop).map_err(stop)
}

pub(crate) fn plan(conn: &Connection, sql: &str) -> std::result::Result<Vec<String>, Stop> {
    let steps = |mut statement: rusqlite::Statement<'_>| {
        // Without values for its parameters, which do not change the plan.
        statement.raw_query().mapped(|row| row.get(3)).collect()
    };
    conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .and_then(steps)
        .map_err(stop)
}

pub(crate) fn batch(conn: &Connection, sql: &str) -> std::result::Result<(), Stop> {
    conn.execute_batch(sql).map_err(stop)
}

/// The statement with its parameters. SQLite takes `$2` for a name and numbers names as they appear, so the number is
/// read from the name.
fn bound<'c>(
    conn: &'c Connection,
    sql: &str,
    params: &[Param<'_>],
) -> std::result::Result<CachedStatement<'c>, Stop> {
    let mut statement = conn.prepare_cached(sql).map_err(stop)?;
    let mut highest = 0;
    for place in 1..=statement.parameter_count() {
        let number = statement
            .parameter_name(place)
            .and_then(|name| name.get(1..)?.parse::<usize>().ok());
        let given = number.and_then(|n| params.get(n.checked_sub(1)?));
        let (Some(number), Some(given)) = (number, given) else {
            return Err(miscounted(params.len()));
        };
        highest = highest.max(number);
        statement.raw_bind_parameter(place, given).map_err(stop)?;
    }
    if highest == params.len() {
        Ok(statement)
    } else {
        Err(miscounted(params.len()))
    }
}

fn miscounted(given: usize) -> Stop {
    Stop::Statement(
        anyhow!("the statement does not take exactly the {given} parameters given"),
        Broken::Failed,
    )
}

fn stop(error: rusqlite::Error) -> Stop {
    let broken = if disk_failed(&error) {
        Broken::Disk
    } else {
        Broken::Failed
    };
    Stop::Statement(error.into(), broken)
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_unsafe_sqlite_is_refused_in_clear_words() {
        let refusal = super::safe(3_050_002, "3.50.2").unwrap_err().to_string();
        assert!(
            refusal.contains("3.50.2") && refusal.contains("3.51.3 or newer"),
            "{refusal}"
        );
        assert!(super::safe(3_051_003, "3.51.3").is_ok());
        assert!(super::safe(rusqlite::version_number(), rusqlite::version()).is_ok());
    }
}
