//! What is noted of a call while it is answered.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use http::Extensions;

use crate::keys::Caller;

/// What is noted of a call, among the extensions of its request. The layer
/// that counts calls puts it there; whoever learns something notes it.
#[derive(Clone, Debug, Default)]
pub struct Record(Arc<Notes>);

#[derive(Debug)]
struct Notes {
    begun: Instant,
    caller: OnceLock<Caller>,
    /// From the headers to the first article that was asked for.
    intake: OnceLock<Duration>,
    articles: AtomicU64,
    text_bytes: AtomicU64,
    hits: AtomicU64,
    waited_micros: AtomicU64,
    worked_micros: AtomicU64,
}

impl Default for Notes {
    fn default() -> Self {
        Self {
            begun: Instant::now(),
            caller: OnceLock::new(),
            intake: OnceLock::new(),
            articles: AtomicU64::new(0),
            text_bytes: AtomicU64::new(0),
            hits: AtomicU64::new(0),
            waited_micros: AtomicU64::new(0),
            worked_micros: AtomicU64::new(0),
        }
    }
}

/// The sizes of a call, and where its time went. Times of several articles are
/// summed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Articles that were asked for.
    pub articles: u64,
    /// Bytes of their titles and texts.
    pub text_bytes: u64,
    /// Of the articles, those whose answer was kept.
    pub hits: u64,
    /// Microseconds until the request was read, decoded and checked.
    pub intake_micros: u64,
    /// Microseconds that articles waited for a thread.
    pub queue_micros: u64,
    /// Microseconds that the engines worked.
    pub engine_micros: u64,
}

impl Record {
    /// The record among a request's extensions, or one that nobody reads.
    pub fn of(extensions: &Extensions) -> Self {
        extensions.get().cloned().unwrap_or_default()
    }

    /// Who calls, once that is known.
    pub fn caller(&self) -> Option<&Caller> {
        self.0.caller.get()
    }

    /// How long ago the call came in.
    pub fn age(&self) -> Duration {
        self.0.begun.elapsed()
    }

    /// Notes that an article is asked for.
    pub fn asked(&self, text_bytes: usize) {
        self.0.intake.get_or_init(|| self.age());
        add(&self.0.articles, 1);
        add(&self.0.text_bytes, text_bytes as u64);
    }

    /// Notes that an answer was kept.
    pub fn hit(&self) {
        add(&self.0.hits, 1);
    }

    /// Notes how long an article has waited for a thread.
    pub fn waited(&self, time: Duration) {
        add(&self.0.waited_micros, time.as_micros() as u64);
    }

    /// Notes how long the engines have worked on an article.
    pub fn worked(&self, time: Duration) {
        add(&self.0.worked_micros, time.as_micros() as u64);
    }

    /// All that was noted so far.
    pub fn figures(&self) -> Figures {
        let read = |figure: &AtomicU64| figure.load(Ordering::Relaxed);
        let intake = self.0.intake.get().copied().unwrap_or_default();
        Figures {
            articles: read(&self.0.articles),
            text_bytes: read(&self.0.text_bytes),
            hits: read(&self.0.hits),
            intake_micros: intake.as_micros() as u64,
            queue_micros: read(&self.0.waited_micros),
            engine_micros: read(&self.0.worked_micros),
        }
    }

    /// Notes who calls.
    pub(super) fn is_by(&self, caller: Caller) {
        let _ = self.0.caller.set(caller);
    }
}

fn add(figure: &AtomicU64, more: u64) {
    figure.fetch_add(more, Ordering::Relaxed);
}
