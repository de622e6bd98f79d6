//! The second level of the cache: answers that all replicas share, in Redis or
//! Valkey.
//!
//! It is never needed. A question may wait [`SecondOptions::timeout`] for it
//! and no longer; when it fails several times in a row it is left alone for a
//! while; what it holds is trusted only under its seal; what is written to it
//! waits in a bounded queue, off the way of any answer, and always expires.
//!
//! * `envelope`: how they lie there;
//! * `link`: the connection;
//! * `breaker`: when to leave it alone;
//! * `writes`: answers on their way into it.

mod breaker;
mod envelope;
mod link;
mod writes;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::time::timeout;

pub use envelope::{BadValue, OVERHEAD, Sealer};
pub use link::SecondError;
pub(crate) use link::check_url;

use super::Key;
use crate::metrics;
use crate::secret::Secret;
use breaker::Breaker;
use link::Link;
use writes::Writes;

/// How long the first sign of life may take; nobody waits for it.
const FIRST: Duration = Duration::from_secs(2);

/// What can be set about the second level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondOptions {
    /// Where it is: `redis://…`, `rediss://…`; several, parted by commas, are
    /// nodes of one cluster. None to have none.
    pub url: Option<Secret>,
    /// What keys and seals are made with; the same on all replicas.
    pub secret: Option<Secret>,
    /// The longest that a question waits for it.
    pub timeout: Duration,
    /// How long an answer is kept there.
    pub time_to_live: Duration,
    /// Whether it is a cluster.
    pub cluster: bool,
    /// A file of certificates (PEM) that those of the second level are
    /// vouched for by; none for those that the system trusts.
    pub ca: Option<PathBuf>,
}

impl Default for SecondOptions {
    fn default() -> Self {
        Self {
            url: None,
            secret: None,
            timeout: Duration::from_millis(5),
            time_to_live: Duration::from_hours(7 * 24),
            cluster: false,
            ca: None,
        }
    }
}

/// The second level. Clones share the connection.
#[derive(Clone, Debug)]
pub struct SecondLevel {
    link: Link,
    breaker: Arc<Breaker>,
    sealer: Sealer,
    writes: Writes,
    timeout: Duration,
    /// The longest value that is read or written.
    max_value_bytes: usize,
}

impl SecondLevel {
    /// Sets it up, for answers of at most `max_answer_bytes`; `None` if the
    /// options want none. It need not be there yet: the connection is opened
    /// in the background. To be called within a tokio runtime.
    ///
    /// # Errors
    ///
    /// [`SecondError`] if the options cannot be used.
    pub fn new(
        options: &SecondOptions,
        max_answer_bytes: usize,
    ) -> Result<Option<Self>, SecondError> {
        let (Some(url), Some(secret)) = (&options.url, &options.secret) else { return Ok(None) };
        let link = Link::new(url, options)?;
        let breaker = Arc::new(Breaker::new());
        let sealer = Sealer::new(secret);
        tokio::spawn(greet(link.clone()));
        Ok(Some(Self {
            writes: Writes::start(
                link.clone(),
                Arc::clone(&breaker),
                sealer.clone(),
                options.time_to_live,
            ),
            timeout: options.timeout,
            max_value_bytes: max_answer_bytes.saturating_add(OVERHEAD),
            link,
            breaker,
            sealer,
        }))
    }

    /// The answer kept under a key, if it can be had in time.
    pub async fn get(&self, key: &Key) -> Option<Bytes> {
        let begun = Instant::now();
        let Some(attempt) = self.breaker.attempt(begun) else {
            metrics::second_level_lookup("skipped");
            return None;
        };
        let asked = timeout(self.timeout, self.link.get(&name(key), self.max_value_bytes)).await;
        let (result, answer) = match asked {
            Ok(Ok(value)) => {
                attempt.succeeded();
                metrics::second_level_lookup_took(begun.elapsed());
                if value.is_empty() {
                    ("miss", None)
                } else {
                    match self.sealer.open(key, &value.into()) {
                        Ok(answer) => ("hit", Some(answer)),
                        Err(problem) => {
                            tracing::warn!(%problem, "a bad value in the second level");
                            ("bad", None)
                        }
                    }
                }
            }
            Ok(Err(error)) => {
                attempt.failed(Instant::now());
                tracing::debug!(%error, "the second level failed");
                (metrics_of(&error), None)
            }
            Err(_elapsed) => {
                attempt.failed(Instant::now());
                ("timeout", None)
            }
        };
        metrics::second_level_lookup(result);
        answer
    }

    /// Keeps an answer, unless it is too long or too much waits to be written.
    pub fn put(&self, key: Key, answer: &Bytes) {
        if answer.len().saturating_add(OVERHEAD) > self.max_value_bytes {
            return;
        }
        if !self.writes.put(key, answer) {
            metrics::second_level_write("dropped");
        }
    }
}

/// The name under which the answer to a key lies. The prefix tells people what
/// it is, and lets a store's access rules name it.
fn name(key: &Key) -> String {
    format!("khabar:{}", blake3::Hash::from_bytes(*key.as_bytes()).to_hex())
}

/// Opens the connection before the first question, and tells the log.
async fn greet(link: Link) {
    match timeout(FIRST, link.ping()).await {
        Ok(Ok(())) => tracing::info!("the second level of the cache answers"),
        Ok(Err(error)) => tracing::warn!(%error, "no second level of the cache yet"),
        Err(_elapsed) => tracing::warn!("no second level of the cache yet: no answer"),
    }
}

/// What metrics call an error.
fn metrics_of(error: &redis::RedisError) -> &'static str {
    if error.is_timeout() { "timeout" } else { "error" }
}
