//! Ends calls in time: at the caller's `grpc-timeout` or the server's cap,
//! whichever comes first, with `DEADLINE_EXCEEDED`.
//!
//! The gRPC library's own timer answers CANCELLED, and stops at the headers of
//! a stream's answer; streams get their deadline among the extensions of the
//! request and keep it themselves.

use std::convert::Infallible;
use std::task::{Context, Poll};
use std::time::Duration;

use http::{HeaderMap, HeaderName, Request, Response};
use tokio::time::{Instant, timeout_at};
use tonic::body::Body;

use super::{Answering, Inner, analytics_method, refuse};
use crate::fault::Fault;
use crate::limits::Limits;

const HEADER: HeaderName = HeaderName::from_static("grpc-timeout");

/// When a call has to be over, among the extensions of its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The moment.
    pub at: Instant,
    /// Whether the caller set it; if not, it is the server's cap.
    pub by_caller: bool,
}

#[derive(Clone)]
pub(super) struct Service<S> {
    inner: S,
    unary_cap: Duration,
    stream_cap: Duration,
}

impl<S> Service<S> {
    pub(super) fn new(inner: S, limits: &Limits) -> Self {
        Self { inner, unary_cap: limits.max_deadline, stream_cap: limits.max_stream_lifetime }
    }

    /// The cap on a call, if there is one: a `Health/Watch` may last for ever.
    fn cap(&self, path: &str) -> Option<Duration> {
        match analytics_method(path)? {
            "AnalyzeStream" => Some(self.stream_cap),
            _ => Some(self.unary_cap),
        }
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
        let now = Instant::now();
        let asked = match timeout(request.headers()) {
            Ok(asked) => asked,
            Err(fault) => return Box::pin(async { Ok(refuse(fault)) }),
        };
        let cap = self.cap(request.uri().path());
        let (after, by_caller) = match (asked, cap) {
            (Some(asked), Some(cap)) => (asked.min(cap), asked < cap),
            (Some(asked), None) => (asked, true),
            (None, Some(cap)) => (cap, false),
            (None, None) => return Box::pin(self.inner.call(request)),
        };
        let at = now + after;
        request.extensions_mut().insert(Deadline { at, by_caller });
        let answering = timeout_at(at, self.inner.call(request));
        Box::pin(async move {
            answering.await.unwrap_or_else(|_elapsed| Ok(refuse(Fault::DeadlineExceeded)))
        })
    }
}

/// The caller's `grpc-timeout`: one to eight digits and a unit (gRPC over
/// HTTP/2, "Requests").
fn timeout(headers: &HeaderMap) -> Result<Option<Duration>, Fault> {
    let Some(value) = headers.get(HEADER) else { return Ok(None) };
    let parse = |value: &str| {
        let (digits, unit) = value.split_at_checked(value.len().checked_sub(1)?)?;
        let valid = (1..=8).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        let number: u64 = valid.then(|| digits.parse().ok())??;
        Some(match unit {
            "H" => Duration::from_secs(number * 3600),
            "M" => Duration::from_secs(number * 60),
            "S" => Duration::from_secs(number),
            "m" => Duration::from_millis(number),
            "u" => Duration::from_micros(number),
            "n" => Duration::from_nanos(number),
            _ => return None,
        })
    };
    value.to_str().ok().and_then(parse).map(Some).ok_or_else(|| {
        Fault::field("grpc-timeout", "must be one to eight digits and one of H M S m u n")
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use http::HeaderValue;
    use tonic::{Code, Status};
    use tower::{Service as _, service_fn};

    use super::*;

    fn headers(timeout: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(HEADER, HeaderValue::from_static(timeout))])
    }

    #[test]
    fn timeouts_are_digits_and_a_unit() {
        for (text, expected) in [
            ("1H", Duration::from_hours(1)),
            ("2M", Duration::from_mins(2)),
            ("99999999S", Duration::from_secs(99_999_999)),
            ("0m", Duration::ZERO),
            ("250u", Duration::from_micros(250)),
            ("7n", Duration::from_nanos(7)),
        ] {
            assert_eq!(timeout(&headers(text)), Ok(Some(expected)), "{text}");
        }
        assert_eq!(timeout(&HeaderMap::new()), Ok(None));
    }

    #[test]
    fn other_timeouts_are_invalid() {
        for text in ["", "S", "5", "123456789S", "-1S", "+1S", "1 S", "1.5S", "1h"] {
            assert!(timeout(&headers(text)).is_err(), "{text}");
        }
    }

    /// The code of a call that never answers, and how long that took.
    async fn exceed(path: &str, timeout: Option<&'static str>) -> (Code, Duration) {
        let limits = Limits::default();
        let never = service_fn(|_| std::future::pending::<Result<Response<Body>, Infallible>>());
        let mut request = Request::builder().uri(path).body(Body::empty()).unwrap();
        *request.headers_mut() = timeout.map(headers).unwrap_or_default();
        let begun = Instant::now();
        let response = Service::new(never, &limits).call(request).await.unwrap();
        let status = Status::from_header_map(response.headers()).unwrap();
        (status.code(), begun.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn the_sooner_of_timeout_and_cap_ends_the_call() {
        let analyze = "/khabar.v1.TextAnalyticsService/Analyze";
        let stream = "/khabar.v1.TextAnalyticsService/AnalyzeStream";
        let watch = "/grpc.health.v1.Health/Watch";
        for (path, timeout, seconds) in [
            (analyze, Some("3S"), 3),
            (analyze, Some("1H"), 10),
            (analyze, None, 10),
            (stream, Some("20S"), 20),
            (stream, None, 3600),
            (watch, Some("7200S"), 7200),
        ] {
            let (code, took) = exceed(path, timeout).await;
            assert_eq!(code, Code::DeadlineExceeded, "{path} {timeout:?}");
            assert_eq!(took.as_secs(), seconds, "{path} {timeout:?}");
        }
    }
}
