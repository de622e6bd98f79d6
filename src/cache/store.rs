//! The answers kept in memory.

use std::time::Duration;

use bytes::Bytes;
use moka::notification::RemovalCause;
use moka::sync::Cache;

use super::Key;
use crate::metrics;

/// What an entry costs in memory beside its bytes, measured with moka 0.12.
const ENTRY_OVERHEAD: usize = 340;

/// How much the cache may hold, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheOptions {
    /// Bytes in all, entries' overhead included; 0 turns the cache off.
    pub capacity_bytes: u64,
    /// The largest answer that is kept, in bytes: one giant must not drive
    /// thousands of others out.
    pub max_entry_bytes: usize,
    /// How long an answer is kept.
    pub time_to_live: Duration,
    /// Whether callers with keys are given answers that were made for others.
    pub shared: bool,
}

impl Default for CacheOptions {
    fn default() -> Self {
        Self {
            capacity_bytes: 256 << 20,
            max_entry_bytes: 1 << 20,
            time_to_live: Duration::from_hours(24),
            shared: false,
        }
    }
}

/// Encoded answers by key, weighed in bytes.
#[derive(Clone, Debug)]
pub(super) struct Store {
    answers: Cache<Key, Bytes>,
    max_entry_bytes: usize,
}

impl Store {
    /// `None` if the options turn the cache off.
    pub(super) fn new(options: &CacheOptions) -> Option<Self> {
        if options.capacity_bytes == 0 {
            return None;
        }
        let answers = Cache::builder()
            .max_capacity(options.capacity_bytes)
            .time_to_live(options.time_to_live)
            .weigher(|_, answer: &Bytes| weigh(answer.len()))
            // A panic in here would turn the listener off for good: it only
            // counts.
            .eviction_listener(|_, _, cause| metrics::cache_evicted(cause_name(cause)))
            .build();
        Some(Self { answers, max_entry_bytes: options.max_entry_bytes })
    }

    pub(super) fn get(&self, key: Key) -> Option<Bytes> {
        self.answers.get(&key)
    }

    pub(super) fn insert(&self, key: Key, answer: &Bytes) {
        if answer.len() <= self.max_entry_bytes {
            self.answers.insert(key, answer.clone());
        }
    }

    /// Does moka's housekeeping and tells the metrics how much is held.
    pub(super) fn tidy(&self) {
        self.answers.run_pending_tasks();
        metrics::cache_size(self.answers.weighted_size(), self.answers.entry_count());
    }
}

fn weigh(bytes: usize) -> u32 {
    u32::try_from(bytes.saturating_add(ENTRY_OVERHEAD)).unwrap_or(u32::MAX)
}

fn cause_name(cause: RemovalCause) -> &'static str {
    match cause {
        RemovalCause::Expired => "expired",
        RemovalCause::Explicit => "explicit",
        RemovalCause::Replaced => "replaced",
        RemovalCause::Size => "size",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::cache::{Keyer, Scope};

    fn key(number: u32) -> Key {
        thread_local!(static KEYER: Keyer = Keyer::random().unwrap());
        KEYER.with(|keyer| keyer.key(Scope::Everyone, |write| write(&number.to_le_bytes())))
    }

    fn store(options: &CacheOptions) -> Store {
        Store::new(options).unwrap()
    }

    #[test]
    fn weights_saturate() {
        assert_eq!(weigh(0), 340);
        assert_eq!(weigh(usize::MAX), u32::MAX);
        assert_eq!(weigh(u32::MAX as usize), u32::MAX);
    }

    #[test]
    fn answers_above_the_cap_are_not_kept() {
        let store = store(&CacheOptions { max_entry_bytes: 10, ..CacheOptions::default() });
        store.insert(key(1), &Bytes::from_static(b"0123456789"));
        store.insert(key(2), &Bytes::from_static(b"0123456789a"));
        assert!(store.get(key(1)).is_some());
        assert!(store.get(key(2)).is_none());
    }

    #[test]
    fn the_bytes_held_stay_under_the_capacity() {
        let store = store(&CacheOptions { capacity_bytes: 10_000, ..CacheOptions::default() });
        for number in 0..100 {
            store.insert(key(number), &Bytes::from(vec![0; 660]));
        }
        store.tidy();
        assert!(store.answers.weighted_size() <= 10_000);
        assert_eq!(store.answers.entry_count(), 10);
    }

    #[test]
    fn no_capacity_is_no_cache() {
        assert!(Store::new(&CacheOptions { capacity_bytes: 0, ..Default::default() }).is_none());
    }
}
