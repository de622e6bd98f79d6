//! Answers jobs: through the cache, on the pool, by the engine.

use std::sync::Arc;

use tokio::time::Instant;
use tracing::debug_span;
use tracing::field::Empty;

use super::job::Job;
use super::live::LiveEngine;
use crate::analyze::Engine;
use crate::cache::{AnswerCache, Key, Keyer, Outcome, Request, Scope, Took};
use crate::cancel::CancelFlag;
use crate::fault::Fault;
use crate::layers::Record;
use crate::metrics;
use crate::pool::Priority;

/// Does a job with an engine, on whatever thread it is called.
pub type Compute = Arc<dyn Fn(&Engine, &Job, &CancelFlag) -> Outcome + Send + Sync>;

/// Has a job done by the engine itself.
pub fn compute() -> Compute {
    Arc::new(|engine, job, cancel| job.run(engine, cancel))
}

/// A job, who does it, and what its answer is found by.
pub struct Asked {
    call: Record,
    engine: Arc<Engine>,
    job: Job,
    /// `None` keeps the answer out of the cache.
    key: Option<Key>,
}

/// Answers jobs. Clones share everything.
#[derive(Clone)]
pub struct Analyst {
    live: LiveEngine,
    compute: Compute,
    cache: AnswerCache,
    keyer: Keyer,
    /// Whether callers are given answers that were made for others.
    shared: bool,
    max_answer_bytes: usize,
}

impl Analyst {
    /// An analyst that has jobs done by `compute`, with the live engine,
    /// behind `cache`, where they are found by the keys of `keyer`. Unless the
    /// cache is `shared`, callers with keys only get answers made for them.
    pub fn new(
        live: LiveEngine,
        compute: Compute,
        cache: AnswerCache,
        keyer: Keyer,
        shared: bool,
        max_answer_bytes: usize,
    ) -> Self {
        Self { live, compute, cache, keyer, shared, max_answer_bytes }
    }

    /// The engine for a request that begins now.
    pub fn engine(&self) -> Arc<Engine> {
        self.live.get()
    }

    /// The largest answer that is given, in bytes.
    pub fn max_answer_bytes(&self) -> usize {
        self.max_answer_bytes
    }

    /// Digests what the answer of `engine` depends on, and who of a call is given
    /// it. Takes time with the length of the text (0.16 ms for 1 MiB).
    pub fn ask(&self, call: &Record, engine: &Arc<Engine>, job: Job) -> Asked {
        let key = (!job.no_store()).then(|| self.key(self.scope(call), engine, &job));
        call.asked(job.text_bytes());
        Asked { call: call.clone(), engine: Arc::clone(engine), job, key }
    }

    /// Does work that is no answer on the pool; see [`AnswerCache::run`].
    ///
    /// # Errors
    ///
    /// Those of [`AnswerCache::run`].
    pub async fn run<T: Send + 'static>(
        &self,
        priority: Priority,
        deadline: Instant,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Fault> {
        self.cache.run(priority, deadline, work).await
    }

    /// Answers what is asked, and tells how the cache took part.
    ///
    /// # Errors
    ///
    /// Those of [`AnswerCache::answer`] and of [`Job::run`], and
    /// [`Fault::AnswerTooLarge`].
    pub async fn answer(
        &self,
        asked: Asked,
        priority: Priority,
        deadline: Instant,
    ) -> (Took, Outcome) {
        let Asked { call, engine, job, key } = asked;
        let (compute, limit) = (Arc::clone(&self.compute), self.max_answer_bytes);
        let (waiting, noting) = (Instant::now(), call.clone());
        let work = move |cancel: &CancelFlag| {
            let begun = Instant::now();
            noting.waited(begun - waiting);
            let _engine = debug_span!("engine", text_bytes = job.text_bytes()).entered();
            let answer = compute(&engine, &job, cancel);
            noting.worked(begun.elapsed());
            let answer = answer?;
            metrics::words(job.words());
            if answer.len() > limit {
                return Err(Fault::AnswerTooLarge { bytes: answer.len(), limit });
            }
            Ok(answer)
        };
        // Not entered: queue and engine are the call's own, beside it.
        let cache = debug_span!("cache", result = Empty);
        let (took, outcome) = self.cache.answer(Request { key, priority, deadline, work }).await;
        cache.record("result", took.name());
        if took == Took::Hit {
            call.hit();
        }
        (took, outcome)
    }

    fn scope<'a>(&self, call: &'a Record) -> Scope<'a> {
        match call.caller() {
            Some(caller) if !self.shared => Scope::Caller(&caller.name),
            _ => Scope::Everyone,
        }
    }

    fn key(&self, scope: Scope<'_>, engine: &Engine, job: &Job) -> Key {
        self.keyer.key(scope, |write| {
            write(&(engine.version().len() as u64).to_le_bytes());
            write(engine.version().as_bytes());
            job.write_key(write);
        })
    }
}
