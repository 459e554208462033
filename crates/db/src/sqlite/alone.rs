use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::anyhow;
use kernel::Error;
use rusqlite::{Connection, backup::Backup};

use super::{Group, Pen, answered, prepare, read};
use crate::{
    hub::Hub,
    queue::{Queue, Unit},
};

/// A database in memory without threads: every unit runs in the thread that asks, on the one connection. For simulations,
/// which do one thing at a time, and would spend a quarter of theirs on handing things over. Its data and its prepared
/// statements outlive each [`Db`](crate::Db) on it.
pub(crate) struct Alone(Mutex<Connection>);

impl Alone {
    pub(crate) fn new() -> rusqlite::Result<Alone> {
        let conn = Connection::open_in_memory()?;
        prepare(&conn)?;
        Ok(Alone(Mutex::new(conn)))
    }

    /// Another one with the same contents.
    pub(crate) fn copy(&self) -> rusqlite::Result<Alone> {
        let copy = Alone::new()?;
        {
            let (from, mut to) = (self.lock(), copy.lock());
            Backup::new(&from, &mut to)?.step(-1)?;
        }
        Ok(copy)
    }

    pub(crate) fn write(&self, hub: &Hub, queue: &Queue, unit: Box<dyn Unit>) {
        let conn = self.lock();
        let pen = Pen {
            conn: &conn,
            hub,
            queue,
        };
        let mut group = Group::default();
        if let Err(lost) = pen.group(&mut group, unit) {
            pen.give_up(group, &lost);
        }
    }

    pub(crate) fn read(&self, hub: &Hub, mut unit: Box<dyn Unit>) {
        let conn = self.lock();
        let changed = conn.total_changes();
        let done = read(&conn, hub, &mut *unit);
        // The readers of a file are opened so that they cannot write.
        if conn.total_changes() != changed {
            unit.replace(Error::Fault(anyhow!("a reading transaction cannot write")));
        }
        answered(done, unit);
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
