//! Answers jobs: through the cache, on the pool, by the engine.

use std::sync::Arc;

use tokio::time::Instant;

use super::job::Job;
use super::live::LiveEngine;
use crate::analyze::Engine;
use crate::cache::{AnswerCache, Keyer, Outcome, Request, Took};
use crate::cancel::CancelFlag;
use crate::fault::Fault;
use crate::metrics;
use crate::pool::Priority;

/// Does a job with an engine, on whatever thread it is called.
pub type Compute = Arc<dyn Fn(&Engine, &Job, &CancelFlag) -> Outcome + Send + Sync>;

/// Has a job done by the engine itself.
pub fn compute() -> Compute {
    Arc::new(|engine, job, cancel| job.run(engine, cancel))
}

/// Answers jobs. Clones share everything.
#[derive(Clone)]
pub struct Analyst {
    live: LiveEngine,
    compute: Compute,
    cache: AnswerCache,
    keyer: Keyer,
    max_answer_bytes: usize,
}

impl Analyst {
    /// An analyst that has jobs done by `compute`, with the live engine,
    /// behind `cache`.
    pub fn new(
        live: LiveEngine,
        compute: Compute,
        cache: AnswerCache,
        max_answer_bytes: usize,
    ) -> Self {
        Self { live, compute, cache, keyer: Keyer::new(), max_answer_bytes }
    }

    /// The engine for a request that begins now.
    pub fn engine(&self) -> Arc<Engine> {
        self.live.get()
    }

    /// The largest answer that is given, in bytes.
    pub fn max_answer_bytes(&self) -> usize {
        self.max_answer_bytes
    }

    /// Answers a job with an engine, and tells how the cache took part.
    ///
    /// # Errors
    ///
    /// Those of [`AnswerCache::answer`] and of [`Job::run`], and
    /// [`Fault::AnswerTooLarge`].
    pub async fn answer(
        &self,
        engine: &Arc<Engine>,
        job: Job,
        priority: Priority,
        deadline: Instant,
    ) -> (Took, Outcome) {
        let key = (!job.no_store()).then(|| self.key(engine, &job));
        let engine = Arc::clone(engine);
        let (compute, limit) = (Arc::clone(&self.compute), self.max_answer_bytes);
        let work = move |cancel: &CancelFlag| {
            let answer = compute(&engine, &job, cancel)?;
            metrics::words(job.words());
            if answer.len() > limit {
                return Err(Fault::AnswerTooLarge { bytes: answer.len(), limit });
            }
            Ok(answer)
        };
        self.cache.answer(Request { key, priority, deadline, work }).await
    }

    fn key(&self, engine: &Engine, job: &Job) -> crate::cache::Key {
        self.keyer.key(|write| {
            write(&(engine.version().len() as u64).to_le_bytes());
            write(engine.version().as_bytes());
            job.write_key(write);
        })
    }
}
