//! The flag by which a caller asks an engine to stop.
//!
//! Engines run on plain threads and cannot be dropped halfway like a future,
//! so whoever no longer wants an answer raises a flag and the engine looks at
//! it now and then: at least once every [`CHECK_INTERVAL_WORDS`] words.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The longest stretch, in words, that an engine works without looking at its
/// [`CancelFlag`].
pub const CHECK_INTERVAL_WORDS: usize = 1_000;

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

    /// The same question in the form that `?` understands.
    ///
    /// # Errors
    ///
    /// [`Cancelled`] once the flag has been raised.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.is_cancelled() { Err(Cancelled) } else { Ok(()) }
    }
}
