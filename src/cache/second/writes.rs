//! Answers on their way to the second level.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::breaker::Breaker;
use super::envelope::Sealer;
use super::link::Link;
use super::{Key, metrics_of, name};
use crate::metrics;

/// Bytes of answers that may wait to be written; more are not written.
const ROOM: usize = 16 << 20;

/// What a waiting answer weighs at least.
const LEAST: usize = 1 << 10;

/// How long one write may take. Nobody waits for it, but others wait behind it.
const PATIENCE: Duration = Duration::from_secs(1);

/// The way into the second level: never waits, and drops what there is no room
/// for. When all clones are gone, the writing ends.
#[derive(Clone, Debug)]
pub(super) struct Writes {
    queue: UnboundedSender<Write>,
    /// Bounds the queue: a permit for each byte.
    room: Arc<Semaphore>,
}

#[derive(Debug)]
struct Write {
    key: Key,
    answer: Bytes,
    _room: OwnedSemaphorePermit,
}

impl Writes {
    /// Starts to write, one answer after the other.
    pub(super) fn start(
        link: Link,
        breaker: Arc<Breaker>,
        sealer: Sealer,
        expiry: Duration,
    ) -> Self {
        let (queue, waiting) = unbounded_channel();
        tokio::spawn(write(waiting, link, breaker, sealer, expiry));
        Self { queue, room: Arc::new(Semaphore::new(ROOM)) }
    }

    /// Queues an answer, if there is room; whether there was.
    pub(super) fn put(&self, key: Key, answer: &Bytes) -> bool {
        let weight = u32::try_from(answer.len().max(LEAST)).unwrap_or(u32::MAX);
        let Ok(room) = Arc::clone(&self.room).try_acquire_many_owned(weight) else { return false };
        self.queue.send(Write { key, answer: answer.clone(), _room: room }).is_ok()
    }
}

async fn write(
    mut waiting: UnboundedReceiver<Write>,
    link: Link,
    breaker: Arc<Breaker>,
    sealer: Sealer,
    expiry: Duration,
) {
    while let Some(Write { key, answer, .. }) = waiting.recv().await {
        // Writes do not move the breaker: a store that is full refuses them
        // and can still be read.
        if !breaker.is_closed() {
            metrics::second_level_write("skipped");
            continue;
        }
        let Some(value) = sealer.seal(&key, &answer) else { continue };
        let written = timeout(PATIENCE, link.set(&name(&key), &value, expiry)).await;
        metrics::second_level_write(match written {
            Ok(Ok(())) => "ok",
            Ok(Err(error)) => {
                tracing::debug!(%error, "an answer was not written to the second level");
                metrics_of(&error)
            }
            Err(_elapsed) => "timeout",
        });
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::cache::second::SecondOptions;
    use crate::cache::{Keyer, Scope};
    use crate::secret::Secret;

    /// On one thread, and without a pause between them: nothing is written
    /// while the answers are queued.
    #[tokio::test]
    async fn what_there_is_no_room_for_is_not_queued() {
        let secret = Secret::new("a secret of the tests");
        let url = Secret::new("redis://127.0.0.1:1");
        let link = Link::new(&url, &SecondOptions::default()).unwrap();
        let (breaker, sealer) = (Arc::new(Breaker::new()), Sealer::new(&secret));
        let writes = Writes::start(link, breaker, sealer, Duration::from_secs(1));
        let key = Keyer::with_secret(b"one").key(Scope::Everyone, |write| write(b"one text"));
        let large = Bytes::from(vec![0; ROOM / 4]);
        let queued = [(); 5].map(|()| writes.put(key, &large));
        assert_eq!(queued, [true, true, true, true, false]);
        assert!(!writes.put(key, &Bytes::new()), "small ones weigh something too");
    }
}
