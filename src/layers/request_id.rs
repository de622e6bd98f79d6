//! Gives every call a name, or takes the caller's.

use std::collections::hash_map::RandomState;
use std::convert::Infallible;
use std::hash::BuildHasher;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use tonic::body::Body;
use tracing::field::Empty;
use tracing::{Instrument, error_span};

use super::{Answering, Inner};

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is taken from a caller.
const MAX_BYTES: usize = 128;

/// The name of a call, among the extensions of its request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    /// The caller's id, if it sent one that can stand in a log line: letters,
    /// digits and `-_.:`, at most 128 of them. A new one otherwise.
    fn of(headers: &HeaderMap) -> Self {
        let sent = headers.get(HEADER).filter(|id| {
            let sane = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte);
            (1..=MAX_BYTES).contains(&id.len()) && id.as_bytes().iter().all(sane)
        });
        Self(sent.cloned().unwrap_or_else(new_id))
    }
}

/// 16 hexadecimal digits that differ from process to process, and a count.
fn new_id() -> HeaderValue {
    static PROCESS: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one("request id"));
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let id = format!("{:016x}-{:x}", *PROCESS, COUNT.fetch_add(1, Ordering::Relaxed));
    HeaderValue::try_from(id).unwrap_or_else(|_| HeaderValue::from_static("none"))
}

#[derive(Clone)]
pub(super) struct Service<S> {
    inner: S,
}

impl<S> Service<S> {
    pub(super) fn new(inner: S) -> Self {
        Self { inner }
    }
}

impl<S: Inner> tower::Service<Request<Body>> for Service<S> {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> Answering {
        let id = RequestId::of(request.headers());
        // At the highest level, so that lines of every level carry the id.
        let span = error_span!("call", request_id = id.as_str(), caller = Empty);
        #[cfg(feature = "otlp")]
        crate::telemetry::otlp::adopt(&span, request.headers());
        request.extensions_mut().insert(id.clone());
        let answering = span.in_scope(|| self.inner.call(request));
        let answering = async move {
            let mut response = answering.await?;
            let RequestId(mut id) = id;
            // No other answer has it: not to be kept in the connection's table of
            // headers, where it would drive out those that all answers have.
            id.set_sensitive(true);
            response.headers_mut().insert(HEADER, id);
            Ok(response)
        };
        Box::pin(answering.instrument(span))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn of(id: &'static [u8]) -> RequestId {
        let value = HeaderValue::from_bytes(id).unwrap();
        RequestId::of(&HeaderMap::from_iter([(HEADER, value)]))
    }

    #[test]
    fn a_sane_id_is_taken_from_the_caller() {
        assert_eq!(of(b"desk-7:2f.A_9").as_str(), "desk-7:2f.A_9");
    }

    #[test]
    fn an_id_that_could_forge_a_log_line_is_replaced() {
        for id in [&b""[..], b"a b", b"a\tb", b"a\"b", b"\xd8\xae", &[b'a'; MAX_BYTES + 1]] {
            assert_ne!(of(id.to_vec().leak()).0.as_bytes(), id);
        }
    }

    #[test]
    fn new_ids_differ() {
        assert_ne!(RequestId::of(&HeaderMap::new()), RequestId::of(&HeaderMap::new()));
    }
}
