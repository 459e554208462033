use std::{
    collections::VecDeque,
    fmt,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
    time::{Duration, Instant},
};

use anyhow::anyhow;
use kernel::{Error, Result};
use tokio::sync::oneshot;

use crate::Tx;

/// The answer of [`Db::write`](crate::Db::write) or [`Db::read`](crate::Db::read), on its way. The unit runs whether or
/// not somebody waits for it.
#[must_use = "nobody learns whether it was committed"]
pub struct Pending<T> {
    answer: oneshot::Receiver<Result<T>>,
}

impl<T> Pending<T> {
    /// Blocks the thread until the answer is there: for job threads and tests, never in an async task, and
    /// never inside another unit, which would wait for its own thread.
    pub fn wait(self) -> Result<T> {
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let mut cx = Context::from_waker(&waker);
        let mut pending = pin!(self);
        loop {
            match pending.as_mut().poll(&mut cx) {
                Poll::Ready(answer) => return answer,
                Poll::Pending => thread::park(),
            }
        }
    }
}

impl<T> Future for Pending<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T>> {
        Pin::new(&mut self.answer).poll(cx).map(|answer| {
            answer.unwrap_or_else(|_| Err(Unavailable::new("the database stopped before it answered").into()))
        })
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// The database cannot answer now: it is overloaded, down, full or stopped. The web layer says 503; the cause stands in
/// the words. Found by [`Unavailable::is`] in a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unavailable {
    why: String,
}

impl Unavailable {
    pub(crate) fn new(why: impl Into<String>) -> Unavailable {
        Unavailable { why: why.into() }
    }

    /// Whether the error says that the database cannot answer now.
    pub fn is(error: &Error) -> bool {
        matches!(error, Error::Fault(fault) if fault.is::<Unavailable>())
    }
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the database is unavailable: {}", self.why)
    }
}

impl std::error::Error for Unavailable {}

/// One closure of a caller, from the queue to its answer.
pub(crate) trait Unit: Send {
    /// Whether it may change something.
    fn writes(&self) -> bool;
    /// Runs it, keeping the answer back; whether it wants to be committed. A panic becomes a fault.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// Puts an error in the place of the kept answer.
    fn replace(&mut self, error: Error);
    /// Gives the kept answer.
    fn answer(self: Box<Self>);
    /// Answers with an error in place of what it said.
    fn fail(self: Box<Self>, error: Error);
}

/// Wraps a closure as a unit and the answer to it.
pub(crate) fn unit<T: Send + 'static>(
    writes: bool,
    f: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
) -> (Box<dyn Unit>, Pending<T>) {
    let (to, answer) = oneshot::channel();
    let unit = Closure {
        writes,
        f,
        kept: None,
        to,
    };
    (Box::new(unit), Pending { answer })
}

struct Closure<F, T> {
    writes: bool,
    f: F,
    kept: Option<Result<T>>,
    to: oneshot::Sender<Result<T>>,
}

impl<T: Send, F: FnMut(&mut Tx<'_>) -> Result<T> + Send> Unit for Closure<F, T> {
    fn writes(&self) -> bool {
        self.writes
    }

    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let ran = catch_unwind(AssertUnwindSafe(|| (self.f)(tx)));
        let kept = ran.unwrap_or_else(|panic| Err(Error::Fault(anyhow!("panic: {}", panic_text(&*panic)))));
        let commit = kept.is_ok();
        self.kept = Some(kept);
        commit
    }

    fn replace(&mut self, error: Error) {
        self.kept = Some(Err(error));
    }

    fn answer(self: Box<Self>) {
        let kept = self.kept.expect("a unit runs before it answers");
        // Who asked may have gone away.
        let _ = self.to.send(kept);
    }

    fn fail(self: Box<Self>, error: Error) {
        let _ = self.to.send(Err(error));
    }
}

/// The words of a caught panic.
pub(crate) fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "without words".to_owned())
}

/// Units waiting for a thread. Bounded: a queue that has been full for longer than `PATIENCE` refuses, so that under
/// overload callers hear a clear no at once instead of waiting without end.
pub(crate) struct Queue {
    state: Mutex<State>,
    ready: Condvar,
    capacity: usize,
}

struct State {
    units: VecDeque<Box<dyn Unit>>,
    full_since: Option<Instant>,
    closed: Option<String>,
}

const PATIENCE: Duration = Duration::from_secs(1);

impl Queue {
    pub(crate) fn new(capacity: usize) -> Arc<Queue> {
        let state = State {
            units: VecDeque::new(),
            full_since: None,
            closed: None,
        };
        Arc::new(Queue {
            state: Mutex::new(state),
            ready: Condvar::new(),
            capacity,
        })
    }

    /// Takes a unit, or answers it at once with [`Unavailable`].
    pub(crate) fn push(&self, unit: Box<dyn Unit>) {
        let mut state = self.lock();
        let refusal = if let Some(why) = &state.closed {
            Some(why.clone())
        } else if state.units.len() < self.capacity {
            state.full_since = None;
            None
        } else {
            let since = *state.full_since.get_or_insert_with(Instant::now);
            // While it has been full only briefly, as many again may wait.
            let room = since.elapsed() < PATIENCE && state.units.len() < 2 * self.capacity;
            (!room).then(|| "too many requests are waiting".to_owned())
        };
        if let Some(why) = refusal {
            drop(state);
            return unit.fail(Unavailable::new(why).into());
        }
        state.units.push_back(unit);
        drop(state);
        self.ready.notify_one();
    }

    /// The next unit, waiting for one; `None` when the queue is closed and empty.
    pub(crate) fn pop(&self) -> Option<Box<dyn Unit>> {
        let mut state = self.lock();
        loop {
            if let Some(unit) = state.units.pop_front() {
                return Some(unit);
            }
            if state.closed.is_some() {
                return None;
            }
            state = self.ready.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The next unit if one is waiting.
    pub(crate) fn try_pop(&self) -> Option<Box<dyn Unit>> {
        self.lock().units.pop_front()
    }

    /// Takes no more units; those waiting are still run.
    pub(crate) fn close(&self, why: &str) {
        self.lock().closed.get_or_insert_with(|| why.to_owned());
        self.ready.notify_all();
    }

    /// Takes no more units and answers those waiting with [`Unavailable`].
    pub(crate) fn abandon(&self, why: &str) {
        self.close(why);
        let left = std::mem::take(&mut self.lock().units);
        for unit in left {
            unit.fail(Unavailable::new(why).into());
        }
    }

    /// Why the queue takes nothing, if so.
    pub(crate) fn closed(&self) -> Option<String> {
        self.lock().closed.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing that can panic runs under the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
