use std::{
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use kernel::World;
use tokio::sync::broadcast;

use crate::{Listeners, tx::Effects};

/// What the threads of one [`Db`](crate::Db) share.
pub(crate) struct Hub {
    world: World,
    listeners: Listeners,
    changes: broadcast::Sender<Arc<str>>,
    wakes: Mutex<u64>,
    woken: Condvar,
    units: AtomicU64,
    commits: AtomicU64,
    writes_left: AtomicU64,
}

impl Hub {
    pub(crate) fn new(world: World, listeners: Listeners) -> Arc<Hub> {
        Arc::new(Hub {
            world,
            listeners,
            changes: broadcast::Sender::new(1024),
            wakes: Mutex::new(0),
            woken: Condvar::new(),
            units: AtomicU64::new(0),
            commits: AtomicU64::new(0),
            writes_left: AtomicU64::new(u64::MAX),
        })
    }

    pub(crate) fn world(&self) -> &World {
        &self.world
    }

    pub(crate) fn listeners(&self) -> &Listeners {
        &self.listeners
    }

    pub(crate) fn changes(&self) -> broadcast::Receiver<Arc<str>> {
        self.changes.subscribe()
    }

    /// Tells this process what a commit brought.
    pub(crate) fn after(&self, effects: Effects) {
        for topic in effects.topics {
            // Nobody may be listening.
            let _ = self.changes.send(topic);
        }
        if effects.jobs {
            self.wake();
        }
    }

    /// Wakes the runners.
    pub(crate) fn wake(&self) {
        *self.wakes.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.woken.notify_all();
    }

    /// Waits until there were more wakes than `seen` or the time is over; the number of wakes.
    pub(crate) fn wait(&self, seen: u64, most: Duration) -> u64 {
        let wakes = self.wakes.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.woken.wait_timeout_while(wakes, most, |wakes| *wakes <= seen);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    pub(crate) fn wakes(&self) -> u64 {
        *self.wakes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a commit of `units` units.
    pub(crate) fn count(&self, units: usize) {
        self.units.fetch_add(units as u64, Ordering::Relaxed);
        self.commits.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether another unit may be written; see [`Db::stop_writing_after`](crate::Db::stop_writing_after).
    pub(crate) fn may_write(&self) -> bool {
        let one_less = |left: u64| match left {
            u64::MAX => Some(u64::MAX),
            left => left.checked_sub(1),
        };
        let counted = self
            .writes_left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less);
        counted.is_ok()
    }

    pub(crate) fn stop_writing_after(&self, units: u64) {
        self.writes_left.store(units, Ordering::SeqCst);
    }

    pub(crate) fn writes_left(&self) -> u64 {
        self.writes_left.load(Ordering::SeqCst)
    }

    /// Units committed and commits made since the start.
    pub(crate) fn counted(&self) -> (u64, u64) {
        (
            self.units.load(Ordering::Relaxed),
            self.commits.load(Ordering::Relaxed),
        )
    }
}
