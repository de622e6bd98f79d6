//! The fixed pool of threads that all CPU work runs on.
//!
//! The async threads only move bytes; whatever takes longer than a fifth of a
//! millisecond is queued here. The queue is bounded: when it is full the work
//! is refused at once instead of making everyone wait ([`QueueFull`]). Work
//! whose flag was raised while it waited is dropped unstarted.
//!
//! * `queue`: what waits, in which order, and how much may.

mod queue;

use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::cancel::CancelFlag;
use crate::metrics;

use queue::{Queue, Task};
pub use queue::{QueueOptions, Turn};

/// How urgent a piece of work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// Someone waits for this one answer.
    Interactive,
    /// One of many; runs when nothing interactive waits.
    Bulk,
}

/// The queue has no room for more work of this priority.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the work queue is full")]
pub struct QueueFull;

/// The pool. Clones share the threads; when the last one is dropped, work
/// that still waits is dropped and the threads end.
///
/// ```
/// use khabar::cancel::CancelFlag;
/// use khabar::pool::{Pool, Priority};
///
/// let pool = Pool::new(2, 16)?;
/// let (done, answer) = std::sync::mpsc::channel();
/// pool.submit(Priority::Interactive, CancelFlag::new(), move |_| {
///     let _ = done.send(6 * 7);
/// })?;
/// assert_eq!(answer.recv()?, 42);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pool(Arc<Owner>);

impl Pool {
    /// Starts `threads` threads (at least one) behind a queue of at most
    /// `queue` waiting pieces of work for each [`Priority`].
    ///
    /// # Errors
    ///
    /// What the system says when it cannot start a thread.
    pub fn new(threads: usize, queue: usize) -> io::Result<Self> {
        let burst = Duration::ZERO;
        Self::with(threads, QueueOptions { length: queue, wait: None, burst })
    }

    /// Starts `threads` threads (at least one) behind a queue.
    ///
    /// # Errors
    ///
    /// What the system says when it cannot start a thread.
    pub fn with(threads: usize, mut queue: QueueOptions) -> io::Result<Self> {
        let threads = threads.max(1);
        queue.length = queue.length.max(1);
        let state = State { queue: Queue::new(queue, threads), closed: false };
        let owner =
            Owner(Arc::new(Shared { threads, state: Mutex::new(state), wake: Condvar::new() }));
        for number in 0..threads {
            let shared = Arc::clone(&owner.0);
            thread::Builder::new()
                .name(format!("khabar-cpu-{number}"))
                .spawn(move || shared.work())?;
        }
        Ok(Self(Arc::new(owner)))
    }

    /// How many threads there are.
    pub fn threads(&self) -> usize {
        self.0.0.threads
    }

    /// Whether work has a chance if it is brought now. If not, it need not even
    /// be read; but a few callers with interactive work are always let through,
    /// since the cache may have their answer.
    pub fn welcomes(&self, priority: Priority) -> bool {
        self.0.0.lock().queue.welcomes(priority, Instant::now())
    }

    /// Queues `run`, unless `cancel` is raised before a thread is free for it:
    /// then it is dropped without having run. A panic inside it is caught. It
    /// is told when it has waited for too long ([`Turn::TooLate`]): then it is
    /// to do nothing but say so.
    ///
    /// # Errors
    ///
    /// [`QueueFull`] if as much work waits already as may.
    pub fn submit(
        &self,
        priority: Priority,
        cancel: CancelFlag,
        run: impl FnOnce(Turn) + Send + 'static,
    ) -> Result<(), QueueFull> {
        let shared = &self.0.0;
        let task = Task { cancel, queued: Instant::now(), run: Box::new(run) };
        let mut state = shared.lock();
        let (pushed, gone) = state.queue.push(priority, task);
        metrics::pool_queue(state.queue.waiting());
        drop(state);
        // What the tasks own may lock this pool again when it is dropped.
        drop::<VecDeque<Task>>(gone);
        pushed.map_err(|_refused| QueueFull)?;
        shared.wake.notify_one();
        Ok(())
    }
}

/// Ends the threads when the last handle goes.
#[derive(Debug)]
struct Owner(Arc<Shared>);

impl Drop for Owner {
    fn drop(&mut self) {
        let abandoned = {
            let mut state = self.0.lock();
            state.closed = true;
            state.queue.take()
        };
        abandoned.for_each(drop);
        self.0.wake.notify_all();
    }
}

struct Shared {
    threads: usize,
    state: Mutex<State>,
    wake: Condvar,
}

struct State {
    queue: Queue,
    closed: bool,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("threads", &self.threads).finish_non_exhaustive()
    }
}

impl Shared {
    /// No code that can panic runs under the lock, so a poisoned one is sound.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        let mut took = None;
        while let Some((task, priority, turn)) = self.next(took.take()) {
            metrics::pool_wait(task.queued.elapsed());
            if task.cancel.is_cancelled() {
                continue;
            }
            let _busy = metrics::pool_busy();
            let begun = Instant::now();
            // The panic hook has told of the panic; whoever waits for the work
            // learns by the fall of what `run` owned.
            if catch_unwind(AssertUnwindSafe(|| (task.run)(turn))).is_err() {
                metrics::panicked();
            }
            if (priority, turn) == (Priority::Interactive, Turn::Run) {
                took = Some(begun.elapsed());
            }
        }
    }

    /// Waits for the next piece of work; the last one took `took`.
    fn next(&self, took: Option<Duration>) -> Option<(Task, Priority, Turn)> {
        let mut state = self.lock();
        if let Some(took) = took {
            state.queue.took(took);
        }
        loop {
            if state.closed {
                return None;
            }
            if let Some(next) = state.queue.pop(Instant::now()) {
                metrics::pool_queue(state.queue.waiting());
                return Some(next);
            }
            state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    /// Occupies the pool's only thread until the sender goes.
    fn occupy(pool: &Pool) -> Sender<()> {
        let (release, held) = channel::<()>();
        let (started, running) = channel();
        pool.submit(Priority::Interactive, CancelFlag::new(), move |_| {
            started.send(()).unwrap();
            let _ = held.recv();
        })
        .unwrap();
        running.recv().unwrap();
        release
    }

    fn note(to: &Sender<u32>, number: u32) -> impl FnOnce(Turn) + Send + 'static {
        let to = to.clone();
        move |_| to.send(number).unwrap()
    }

    fn all<T>(receiver: Receiver<T>) -> Vec<T> {
        receiver.into_iter().collect()
    }

    #[test]
    fn work_beyond_the_queue_is_refused() {
        let pool = Pool::new(1, 2).unwrap();
        let _held = occupy(&pool);
        let submit = || pool.submit(Priority::Interactive, CancelFlag::new(), |_| {});
        assert_eq!(submit(), Ok(()));
        assert_eq!(submit(), Ok(()));
        assert_eq!(submit(), Err(QueueFull));
    }

    #[test]
    fn cancelled_work_leaves_its_place_in_the_queue() {
        let pool = Pool::new(1, 1).unwrap();
        let held = occupy(&pool);
        let (to, notes) = channel();
        let cancel = CancelFlag::new();
        pool.submit(Priority::Interactive, cancel.clone(), note(&to, 1)).unwrap();
        cancel.cancel();
        pool.submit(Priority::Interactive, CancelFlag::new(), note(&to, 2)).unwrap();
        drop((held, to));
        assert_eq!(all(notes), [2]);
    }

    #[test]
    fn work_that_is_cancelled_while_it_waits_is_not_run() {
        let pool = Pool::new(1, 4).unwrap();
        let held = occupy(&pool);
        let (to, notes) = channel();
        let cancel = CancelFlag::new();
        pool.submit(Priority::Interactive, cancel.clone(), note(&to, 1)).unwrap();
        pool.submit(Priority::Interactive, CancelFlag::new(), note(&to, 2)).unwrap();
        cancel.cancel();
        drop((held, to));
        assert_eq!(all(notes), [2]);
    }

    #[test]
    fn interactive_work_overtakes_bulk_work() {
        let pool = Pool::new(1, 4).unwrap();
        let held = occupy(&pool);
        let (to, notes) = channel();
        pool.submit(Priority::Bulk, CancelFlag::new(), note(&to, 1)).unwrap();
        pool.submit(Priority::Bulk, CancelFlag::new(), note(&to, 2)).unwrap();
        pool.submit(Priority::Interactive, CancelFlag::new(), note(&to, 3)).unwrap();
        drop((held, to));
        assert_eq!(all(notes), [3, 1, 2]);
    }

    #[test]
    fn a_thread_outlives_a_panic() {
        let pool = Pool::new(1, 4).unwrap();
        let (to, notes) = channel();
        pool.submit(Priority::Interactive, CancelFlag::new(), |_| panic!("on purpose")).unwrap();
        pool.submit(Priority::Interactive, CancelFlag::new(), note(&to, 1)).unwrap();
        drop(to);
        assert_eq!(all(notes), [1]);
    }

    #[test]
    fn dropping_the_pool_drops_work_that_waits() {
        let pool = Pool::new(1, 4).unwrap();
        let held = occupy(&pool);
        let (to, notes) = channel();
        pool.submit(Priority::Interactive, CancelFlag::new(), note(&to, 1)).unwrap();
        drop((pool, to));
        assert_eq!(all(notes), [0; 0]);
        drop(held);
    }
}
