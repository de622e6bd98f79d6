//! Answers jobs: through the cache, on the pool, by the engine.

use std::sync::Arc;

use tokio::time::Instant;

use super::job::Job;
use crate::analyze::Engine;
use crate::cache::{AnswerCache, Keyer, Outcome, Request, Took};
use crate::cancel::CancelFlag;
use crate::fault::Fault;
use crate::metrics;
use crate::pool::Priority;

/// Does a job, on whatever thread it is called: the engine, as far as the
/// server is concerned.
pub type Compute = Arc<dyn Fn(&Job, &CancelFlag) -> Outcome + Send + Sync>;

/// What [`Engine`] does with a job.
pub fn compute(engine: Engine) -> Compute {
    Arc::new(move |job, cancel| job.run(&engine, cancel))
}

/// Answers jobs. Clones share everything.
#[derive(Clone)]
pub struct Analyst {
    compute: Compute,
    cache: AnswerCache,
    keyer: Keyer,
    engine_version: Arc<str>,
    max_answer_bytes: usize,
}

impl Analyst {
    /// An analyst that has jobs done by `compute` behind `cache`.
    pub fn new(
        compute: Compute,
        engine_version: &str,
        cache: AnswerCache,
        max_answer_bytes: usize,
    ) -> Self {
        let engine_version = engine_version.into();
        Self { compute, cache, keyer: Keyer::new(), engine_version, max_answer_bytes }
    }

    /// The version of the engines.
    pub fn engine_version(&self) -> &str {
        &self.engine_version
    }

    /// The largest answer that is given, in bytes.
    pub fn max_answer_bytes(&self) -> usize {
        self.max_answer_bytes
    }

    /// Answers a job, and tells how the cache took part.
    ///
    /// # Errors
    ///
    /// Those of [`AnswerCache::answer`] and of [`Job::run`], and
    /// [`Fault::AnswerTooLarge`].
    pub async fn answer(&self, job: Job, priority: Priority, deadline: Instant) -> (Took, Outcome) {
        let key = (!job.no_store()).then(|| self.key(&job));
        let (compute, limit) = (Arc::clone(&self.compute), self.max_answer_bytes);
        let work = move |cancel: &CancelFlag| {
            let answer = compute(&job, cancel)?;
            metrics::words(job.words());
            if answer.len() > limit {
                return Err(Fault::AnswerTooLarge { bytes: answer.len(), limit });
            }
            Ok(answer)
        };
        self.cache.answer(Request { key, priority, deadline, work }).await
    }

    fn key(&self, job: &Job) -> crate::cache::Key {
        self.keyer.key(|write| {
            write(&(self.engine_version.len() as u64).to_le_bytes());
            write(self.engine_version.as_bytes());
            job.write_key(write);
        })
    }
}
