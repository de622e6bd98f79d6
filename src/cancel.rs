//! The flag by which a caller asks an engine to stop.
//!
//! Engines run on plain threads and cannot be dropped halfway like a future,
//! so whoever no longer wants an answer raises a flag and the engine looks at
//! it now and then: at least once every [`CHECK_INTERVAL_WORDS`] words.
//!
//! At the same places an engine that has worked for half a millisecond lets
//! other threads have its core. Left alone, Linux takes a core from a thread
//! that computes only when its clock ticks, every 1 to 10 ms, however short the
//! work is that waits for it (an answer from the cache, a refusal, a probe).

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The longest stretch, in words, that an engine works without looking at its
/// [`CancelFlag`].
pub const CHECK_INTERVAL_WORDS: usize = 1_000;

/// How long an engine computes before it offers its core to others.
const TURN: Duration = Duration::from_micros(500);

thread_local! {
    /// When this thread last offered its core.
    static OFFERED: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Lets threads that wait for this core go first, if this one has had it for a
/// [`TURN`].
fn step_aside() {
    if is_due(OFFERED.get(), Instant::now()) {
        thread::yield_now();
        OFFERED.set(Some(Instant::now()));
    }
}

fn is_due(offered: Option<Instant>, now: Instant) -> bool {
    offered.is_none_or(|offered| now.duration_since(offered) >= TURN)
}

/// The work was stopped because its [`CancelFlag`] was raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the work was cancelled before it was done")]
pub struct Cancelled;

/// A flag shared between the engine that does a piece of work and whoever may
/// call it off. Clones share one flag; once raised it stays raised.
///
/// ```
/// use khabar::cancel::{CancelFlag, Cancelled};
///
/// let flag = CancelFlag::new();
/// assert_eq!(flag.check(), Ok(()));
/// flag.clone().cancel();
/// assert_eq!(flag.check(), Err(Cancelled));
/// ```
#[derive(Clone, Debug, Default)]
pub struct CancelFlag(Arc<AtomicBool>);

impl CancelFlag {
    /// A flag that is not raised.
    pub fn new() -> Self {
        Self::default()
    }

    /// Raises the flag: the work that looks at it ends soon with [`Cancelled`].
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the flag has been raised.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// The same question in the form that `?` understands, asked by engines in
    /// their loops. Threads that wait for this core may go first.
    ///
    /// # Errors
    ///
    /// [`Cancelled`] once the flag has been raised.
    pub fn check(&self) -> Result<(), Cancelled> {
        step_aside();
        if self.is_cancelled() { Err(Cancelled) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_core_is_offered_once_a_turn() {
        let now = Instant::now();
        assert!(is_due(None, now));
        assert!(!is_due(Some(now), now));
        assert!(!is_due(Some(now), now + TURN / 2));
        assert!(is_due(Some(now), now + TURN));
    }

    #[test]
    fn an_engine_that_looks_at_its_flag_offers_its_core() {
        OFFERED.set(None);
        assert_eq!(CancelFlag::new().check(), Ok(()));
        assert!(OFFERED.get().is_some());
    }
}
