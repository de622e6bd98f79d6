//! Answers that are kept, and answers that are being made.
//!
//! An [`AnswerCache`] stands between the handlers and the pool: it gives an
//! answer from memory, joins an equal request that is being worked on, or
//! starts the work. It knows nothing of what the work is.
//!
//! * `key`: what answers are found by;
//! * `store`: those kept, weighed in bytes;
//! * `flight`: those being made, each once however many wait for it;
//! * `second`: those that all replicas share, in Redis or Valkey.

mod flight;
mod key;
pub mod second;
mod store;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::{Instant, timeout_at};
use tracing::{Instrument, Span, debug_span};

use crate::cancel::CancelFlag;
use crate::fault::Fault;
use crate::metrics;
use crate::pool::{Pool, Priority, QueueFull, Turn};

use flight::{Boarding, Flights, Pilot};
pub use key::{Key, Keyer, Scope};
use second::SecondLevel;
pub use store::CacheOptions;
use store::Store;

/// What comes of a piece of work: an encoded answer, or why there is none.
pub type Outcome = Result<Bytes, Fault>;

/// How long a caller is told to wait before it tries again when the queue is
/// full: about what the queue needs to move on.
const RETRY_AFTER: Duration = Duration::from_millis(100);

/// How the cache took part in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Took {
    /// The answer was there, in memory or in the second level.
    Hit,
    /// The answer was computed.
    Miss,
    /// The answer was being computed for someone else already.
    Coalesced,
    /// The cache was neither read nor written.
    Bypass,
}

impl Took {
    /// The name in metadata and metrics.
    ///
    /// ```
    /// assert_eq!(khabar::cache::Took::Hit.name(), "hit");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Miss => "miss",
            Self::Coalesced => "coalesced",
            Self::Bypass => "bypass",
        }
    }
}

/// What is asked of the cache.
pub struct Request<W> {
    /// What the answer is found by; `None` keeps it out of the cache.
    pub key: Option<Key>,
    /// How urgent the work is.
    pub priority: Priority,
    /// How long this caller waits.
    pub deadline: Instant,
    /// Makes the answer; runs on the pool.
    pub work: W,
}

/// Where an answer is to be kept when it is made.
struct Keep {
    store: Store,
    key: Key,
    second: Option<SecondLevel>,
}

impl Keep {
    fn keep(&self, answer: &Bytes) {
        self.store.insert(self.key, answer);
        if let Some(second) = &self.second {
            second.put(self.key, answer);
        }
    }
}

/// The cache, the table of work in flight, and the way to the pool. Clones
/// share all three.
#[derive(Clone, Debug)]
pub struct AnswerCache {
    store: Option<Store>,
    second: Option<SecondLevel>,
    flights: Arc<Flights>,
    pool: Pool,
    /// Bulk work in the pool at one time; more of it waits out here.
    bulk: Arc<Semaphore>,
    work_cap: Duration,
}

impl AnswerCache {
    /// A cache in front of `pool`. No piece of work goes on longer than
    /// `work_cap` after it was asked for, however many join it.
    pub fn new(options: &CacheOptions, pool: Pool, work_cap: Duration) -> Self {
        let bulk = Arc::new(Semaphore::new(pool.threads()));
        let store = Store::new(options);
        Self { store, second: None, flights: Arc::default(), pool, bulk, work_cap }
    }

    /// Has it ask a second level for what it does not know itself.
    #[must_use]
    pub fn with_second(self, second: Option<SecondLevel>) -> Self {
        Self { second, ..self }
    }

    /// The answer to a request, from wherever it is had soonest.
    ///
    /// The work runs as long as anyone waits for it: dropping this future is
    /// how a caller leaves, and when the last one has left the work's flag is
    /// raised. Only answers are kept, never faults.
    ///
    /// # Errors
    ///
    /// [`Fault::DeadlineExceeded`] at the caller's deadline or the work's cap,
    /// [`Fault::Overloaded`] if interactive work finds the queue full or waits
    /// in it for too long,
    /// [`Fault::Internal`] if the work panics, and whatever the work itself
    /// ends in.
    pub async fn answer<W>(&self, request: Request<W>) -> (Took, Outcome)
    where
        W: FnOnce(&CancelFlag) -> Outcome + Send + 'static,
    {
        let (took, outcome) = self.find_or_make(request).await;
        metrics::cache_took(took.name());
        (took, outcome)
    }

    async fn find_or_make<W>(&self, request: Request<W>) -> (Took, Outcome)
    where
        W: FnOnce(&CancelFlag) -> Outcome + Send + 'static,
    {
        let Request { key, priority, deadline, work } = request;
        let Some((store, key)) = self.store.as_ref().zip(key) else {
            let outcome = match self.bulk_permit(priority, deadline).await {
                Ok(permit) => {
                    let boarding = self.flights.alone(Instant::now() + self.work_cap);
                    let (pilot, cancel) = (boarding.pilot(), boarding.cancel_flag());
                    self.start(pilot, cancel, None, priority, permit, work);
                    boarding.outcome(deadline).await
                }
                Err(fault) => Err(fault),
            };
            return (Took::Bypass, outcome);
        };
        if let Some(answer) = store.get(key) {
            return (Took::Hit, Ok(answer));
        }
        // Bulk work may have to wait for its turn before it starts, but not to
        // join what is in flight already: look first, then wait, look again.
        let mut permit = None;
        if priority == Priority::Bulk {
            if let Some(boarding) = self.flights.join(key) {
                return (Took::Coalesced, boarding.outcome(deadline).await);
            }
            permit = match self.bulk_permit(priority, deadline).await {
                Ok(permit) => permit,
                Err(fault) => return (Took::Miss, Err(fault)),
            };
        }
        let boarding = self.flights.board(key, Instant::now() + self.work_cap);
        if boarding.is_first() {
            // The answer is stored before its flight leaves the table, so a
            // flight that landed since the look above has left it here.
            if let Some(answer) = store.get(key) {
                boarding.land(Ok(answer.clone()));
                return (Took::Hit, Ok(answer));
            }
            let keep = Keep { store: store.clone(), key, second: self.second.clone() };
            if let Some(second) = self.second.clone() {
                let found = self.ask_second(second, &boarding, keep, priority, permit, work);
                let outcome = boarding.outcome(deadline).await;
                let found = found.load(Ordering::Relaxed);
                (if found { Took::Hit } else { Took::Miss }, outcome)
            } else {
                let (pilot, cancel) = (boarding.pilot(), boarding.cancel_flag());
                self.start(pilot, cancel, Some(keep), priority, permit, work);
                (Took::Miss, boarding.outcome(deadline).await)
            }
        } else {
            drop(permit);
            (Took::Coalesced, boarding.outcome(deadline).await)
        }
    }

    /// Does work on the pool that makes no answer, under the same rules as work
    /// that does. If nobody waits for it any more it is not begun.
    ///
    /// # Errors
    ///
    /// [`Fault::DeadlineExceeded`] at the deadline, [`Fault::Overloaded`] if
    /// the queue is full or the work waits in it for too long, [`Fault::Internal`] if the work panics.
    pub async fn run<T: Send + 'static>(
        &self,
        priority: Priority,
        deadline: Instant,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let permit = self.bulk_permit(priority, deadline).await?;
        let gone = CancelFlag::new();
        let _leaving = RaiseOnDrop(gone.clone());
        let (done, result) = oneshot::channel();
        let run = move |turn| {
            let _ = done.send(match turn {
                Turn::Run => Ok(work()),
                Turn::TooLate => Err(Fault::Overloaded { retry_after: RETRY_AFTER }),
            });
            drop(permit);
        };
        self.pool
            .submit(priority, gone, run)
            .map_err(|QueueFull| Fault::Overloaded { retry_after: RETRY_AFTER })?;
        match timeout_at(deadline, result).await {
            Ok(Ok(result)) => result,
            Ok(Err(_panicked)) => Err(Fault::Internal),
            Err(_elapsed) => Err(Fault::DeadlineExceeded),
        }
    }

    /// Asks the second level for the answer, and has it made if it is not
    /// there. Goes on whoever leaves, as long as anyone is aboard. Tells, once
    /// the flight has landed, whether it was there.
    fn ask_second<W>(
        &self,
        second: SecondLevel,
        boarding: &Boarding,
        keep: Keep,
        priority: Priority,
        permit: Option<OwnedSemaphorePermit>,
        work: W,
    ) -> Arc<AtomicBool>
    where
        W: FnOnce(&CancelFlag) -> Outcome + Send + 'static,
    {
        let found = Arc::new(AtomicBool::new(false));
        let (pilot, cancel) = (boarding.pilot(), boarding.cancel_flag());
        let (cache, is_found) = (self.clone(), Arc::clone(&found));
        let ask = async move {
            if let Some(answer) = second.get(&keep.key).await {
                keep.store.insert(keep.key, &answer);
                is_found.store(true, Ordering::Relaxed);
                pilot.land(Ok(answer));
            } else if !cancel.is_cancelled() {
                cache.start(pilot, cancel, Some(keep), priority, permit, work);
            }
        };
        tokio::spawn(ask.instrument(Span::current()));
        found
    }

    /// Hands the work to the pool; if that is full, everyone aboard is told.
    fn start<W>(
        &self,
        mut pilot: Pilot,
        cancel: CancelFlag,
        keep: Option<Keep>,
        priority: Priority,
        permit: Option<OwnedSemaphorePermit>,
        work: W,
    ) where
        W: FnOnce(&CancelFlag) -> Outcome + Send + 'static,
    {
        let span = Span::current();
        let queue = debug_span!("queue");
        let run = {
            let cancel = cancel.clone();
            move |turn| {
                drop(queue);
                pilot.take_off();
                let _span = span.entered();
                let outcome = match turn {
                    Turn::Run => work(&cancel),
                    Turn::TooLate => Err(Fault::Overloaded { retry_after: RETRY_AFTER }),
                };
                if let (Some(keep), Ok(answer)) = (&keep, &outcome) {
                    keep.keep(answer);
                }
                pilot.land(outcome);
                drop(permit);
            }
        };
        // Refused, it drops the pilot, who tells everyone aboard.
        let _ = self.pool.submit(priority, cancel, run);
    }

    async fn bulk_permit(
        &self,
        priority: Priority,
        deadline: Instant,
    ) -> Result<Option<OwnedSemaphorePermit>, Fault> {
        match priority {
            Priority::Interactive => Ok(None),
            Priority::Bulk => {
                match timeout_at(deadline, Arc::clone(&self.bulk).acquire_owned()).await {
                    Ok(Ok(permit)) => Ok(Some(permit)),
                    Ok(Err(_closed)) => Err(Fault::Internal),
                    Err(_elapsed) => Err(Fault::DeadlineExceeded),
                }
            }
        }
    }

    /// Throws out what has expired and brings the size metrics up to date; to
    /// be called now and then.
    pub fn tidy(&self) {
        if let Some(store) = &self.store {
            store.tidy();
        }
    }
}

/// Raises a flag when whoever waits is gone.
struct RaiseOnDrop(CancelFlag);

impl Drop for RaiseOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

#[cfg(test)]
mod tests;
