//! Every metric there is, by name, unit and meaning.
//!
//! The rest of the shell calls these functions; which exporter listens, if
//! any, is settled at start ([`describe`] tells it the units and meanings).
//! `docs/metrics.md` lists them; a test compares.
//! Labels come from fixed sets and from the keys file only, so that no caller can
//! make new series.

use std::sync::Arc;
use std::time::Duration;

use metrics::{SharedString, Unit, counter, gauge, histogram};
use tonic::Code;

/// Requests answered, by `rpc` and `code`.
pub const REQUESTS: &str = "khabar_requests_total";
/// Seconds from a request's headers to the end of its answer, by `rpc` and
/// `code`.
pub const REQUEST_DURATION: &str = "khabar_request_duration_seconds";
/// Requests being answered, by `rpc`.
pub const REQUESTS_IN_FLIGHT: &str = "khabar_requests_in_flight";
/// Requests answered to holders of keys, by `caller` (the key's name) and
/// `code`.
pub const CALLER_REQUESTS: &str = "khabar_caller_requests_total";
/// Articles of batches and streams, by `rpc` and `code`.
pub const ITEMS: &str = "khabar_items_total";
/// Answers by how the cache took part: `result` is hit, miss, coalesced or
/// bypass.
pub const CACHE_ANSWERS: &str = "khabar_cache_answers_total";
/// Entries that left the cache, by `cause`: expired, explicit, replaced, size.
pub const CACHE_EVICTIONS: &str = "khabar_cache_evictions_total";
/// Bytes held by the cache, its own overhead included.
pub const CACHE_BYTES: &str = "khabar_cache_bytes";
/// Answers held by the cache.
pub const CACHE_ENTRIES: &str = "khabar_cache_entries";
/// Questions to the second level of the cache: `result` is hit, miss, bad (a
/// value that is no answer to the question), error, timeout or skipped (left
/// alone after failures).
pub const SECOND_LOOKUPS: &str = "khabar_l2_lookups_total";
/// Seconds that answered questions to the second level took.
pub const SECOND_LOOKUP_DURATION: &str = "khabar_l2_lookup_seconds";
/// Answers for the second level: `result` is ok, error, timeout, skipped or
/// dropped (too many waited).
pub const SECOND_WRITES: &str = "khabar_l2_writes_total";
/// Whether the second level is asked: 0 yes, 1 one question is out to try it,
/// 2 no.
pub const SECOND_BREAKER: &str = "khabar_l2_breaker_state";
/// Words analysed; answers from the cache do not count.
pub const WORDS: &str = "khabar_words_total";
/// Pieces of work that wait for a thread.
pub const POOL_QUEUE: &str = "khabar_pool_queue_length";
/// Seconds that work waited for a thread.
pub const POOL_WAIT: &str = "khabar_pool_wait_seconds";
/// Threads of the pool at work.
pub const POOL_BUSY: &str = "khabar_pool_busy_threads";
/// Panics caught, in the engines or around them.
pub const PANICS: &str = "khabar_panics_total";
/// Files read again after a change, by `file` (what is in it) and `result`: ok,
/// or failed, when what was read before stays in use.
pub const RELOADS: &str = "khabar_reloads_total";
/// Connections that are open.
pub const CONNECTIONS: &str = "khabar_connections";

/// Whether new calls are welcome: 1, or 0 at the start and while it drains.
pub const READY: &str = "khabar_ready";
/// Handshakes of TLS that failed, or took too long.
pub const HANDSHAKE_FAILURES: &str = "khabar_tls_handshake_failures_total";

/// Tells the installed recorder the unit and meaning of every metric.
pub fn describe() {
    use metrics::{describe_counter, describe_gauge, describe_histogram};
    describe_counter!(REQUESTS, Unit::Count, "Requests answered, by rpc and code");
    describe_histogram!(
        REQUEST_DURATION,
        Unit::Seconds,
        "Time from a request's headers to the end of its answer, by rpc and code"
    );
    describe_gauge!(REQUESTS_IN_FLIGHT, Unit::Count, "Requests being answered, by rpc");
    describe_counter!(
        CALLER_REQUESTS,
        Unit::Count,
        "Requests answered to holders of keys, by caller (the key's name) and code"
    );
    describe_counter!(ITEMS, Unit::Count, "Articles of batches and streams, by rpc and code");
    describe_counter!(
        CACHE_ANSWERS,
        Unit::Count,
        "Answers by how the cache took part: hit, miss, coalesced, bypass"
    );
    describe_counter!(CACHE_EVICTIONS, Unit::Count, "Entries that left the cache, by cause");
    describe_gauge!(CACHE_BYTES, Unit::Bytes, "Bytes held by the cache, overhead included");
    describe_gauge!(CACHE_ENTRIES, Unit::Count, "Answers held by the cache");
    describe_counter!(
        SECOND_LOOKUPS,
        Unit::Count,
        "Questions to the second level: hit, miss, bad, error, timeout, skipped"
    );
    describe_histogram!(
        SECOND_LOOKUP_DURATION,
        Unit::Seconds,
        "Time that answered questions to the second level took"
    );
    describe_counter!(
        SECOND_WRITES,
        Unit::Count,
        "Answers for the second level: ok, error, timeout, skipped, dropped"
    );
    describe_gauge!(
        SECOND_BREAKER,
        Unit::Count,
        "Whether the second level is asked: 0 yes, 1 being tried, 2 no"
    );
    describe_counter!(WORDS, Unit::Count, "Words analysed; cached answers do not count");
    describe_gauge!(POOL_QUEUE, Unit::Count, "Pieces of work that wait for a thread");
    describe_histogram!(POOL_WAIT, Unit::Seconds, "Time that work waited for a thread");
    describe_gauge!(POOL_BUSY, Unit::Count, "Threads of the pool at work");
    describe_counter!(PANICS, Unit::Count, "Panics caught");
    describe_counter!(RELOADS, Unit::Count, "Changed files read again, by file and result");
    describe_gauge!(CONNECTIONS, Unit::Count, "Connections that are open");
    describe_gauge!(
        READY,
        Unit::Count,
        "Whether new calls are welcome: 1, or 0 at the start and while the server drains"
    );
    describe_counter!(
        HANDSHAKE_FAILURES,
        Unit::Count,
        "Handshakes of TLS that failed, or took too long"
    );
}

/// A request was answered.
pub fn request(rpc: &'static str, code: Code, took: Duration) {
    let code = code_name(code);
    counter!(REQUESTS, "rpc" => rpc, "code" => code).increment(1);
    histogram!(REQUEST_DURATION, "rpc" => rpc, "code" => code).record(took);
}

/// A request came in; it is in flight until the guard is dropped.
pub fn request_in_flight(rpc: &'static str) -> Raised {
    Raised::new(gauge!(REQUESTS_IN_FLIGHT, "rpc" => rpc))
}

/// A request of the holder of a key was answered.
pub fn caller_request(name: &Arc<str>, code: Code) {
    let name = SharedString::from(Arc::clone(name));
    counter!(CALLER_REQUESTS, "caller" => name, "code" => code_name(code)).increment(1);
}

/// An article of a batch or stream was answered.
pub fn item(rpc: &'static str, code: Code) {
    counter!(ITEMS, "rpc" => rpc, "code" => code_name(code)).increment(1);
}

/// The cache took part in an answer.
pub fn cache_took(result: &'static str) {
    counter!(CACHE_ANSWERS, "result" => result).increment(1);
}

/// An entry left the cache.
pub fn cache_evicted(cause: &'static str) {
    counter!(CACHE_EVICTIONS, "cause" => cause).increment(1);
}

/// How much the cache holds.
pub fn cache_size(bytes: u64, entries: u64) {
    gauge!(CACHE_BYTES).set(bytes as f64);
    gauge!(CACHE_ENTRIES).set(entries as f64);
}

/// The second level was asked, or left alone.
pub fn second_level_lookup(result: &'static str) {
    counter!(SECOND_LOOKUPS, "result" => result).increment(1);
}

/// The second level has answered.
pub fn second_level_lookup_took(took: Duration) {
    histogram!(SECOND_LOOKUP_DURATION).record(took);
}

/// An answer was written to the second level, or not.
pub fn second_level_write(result: &'static str) {
    counter!(SECOND_WRITES, "result" => result).increment(1);
}

/// What the second level's breaker does: 0 lets pass, 1 tries, 2 holds.
pub fn second_level_breaker(state: u8) {
    gauge!(SECOND_BREAKER).set(f64::from(state));
}

/// Words went through the engines.
pub fn words(count: usize) {
    counter!(WORDS).increment(count as u64);
}

/// How much work waits for a thread.
pub fn pool_queue(length: usize) {
    gauge!(POOL_QUEUE).set(length as f64);
}

/// Work has waited for a thread.
pub fn pool_wait(waited: Duration) {
    histogram!(POOL_WAIT).record(waited);
}

/// A thread is at work until the guard is dropped.
pub fn pool_busy() -> Raised {
    Raised::new(gauge!(POOL_BUSY))
}

/// A panic was caught.
pub fn panicked() {
    counter!(PANICS).increment(1);
}

/// A file has changed and was read again, and taken into use if `ok`.
pub fn reloaded(file: &'static str, ok: bool) {
    let result = if ok { "ok" } else { "failed" };
    counter!(RELOADS, "file" => file, "result" => result).increment(1);
}

/// A connection is open until the guard is dropped.
pub fn connection() -> Raised {
    Raised::new(gauge!(CONNECTIONS))
}

/// A handshake of TLS failed, or took too long.
pub fn handshake_failed() {
    counter!(HANDSHAKE_FAILURES).increment(1);
}

/// New calls are welcome, or no more.
pub fn ready(is: bool) {
    gauge!(READY).set(if is { 1.0 } else { 0.0 });
}

/// A gauge that is one higher for as long as this lives.
#[must_use]
pub struct Raised(metrics::Gauge);

impl Raised {
    fn new(gauge: metrics::Gauge) -> Self {
        gauge.increment(1);
        Self(gauge)
    }
}

impl Drop for Raised {
    fn drop(&mut self) {
        self.0.decrement(1);
    }
}

/// A gRPC code as the `code` label has it.
pub fn code_name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

#[cfg(test)]
mod tests;
