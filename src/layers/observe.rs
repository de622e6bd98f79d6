//! Counts and times every call, logs how it ended, and tells where the time of a
//! slow one went.

use std::convert::Infallible;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body::Frame;
use tonic::body::Body;
use tonic::{Code, Status};
use tracing::Span;

use super::{Answering, Figures, Inner, Record, body};
use crate::metrics;

/// The calls that have a name of their own in metrics. Everything else is
/// "other", so that callers cannot make up series.
const NAMES: [(&str, &str); 11] = [
    ("/khabar.v1.TextAnalyticsService/Normalize", "Normalize"),
    ("/khabar.v1.TextAnalyticsService/SegmentHeadlines", "SegmentHeadlines"),
    ("/khabar.v1.TextAnalyticsService/ExtractEntities", "ExtractEntities"),
    ("/khabar.v1.TextAnalyticsService/Analyze", "Analyze"),
    ("/khabar.v1.TextAnalyticsService/AnalyzeBatch", "AnalyzeBatch"),
    ("/khabar.v1.TextAnalyticsService/AnalyzeStream", "AnalyzeStream"),
    ("/khabar.v1.TextAnalyticsService/GetServerInfo", "GetServerInfo"),
    ("/grpc.health.v1.Health/Check", "Health/Check"),
    ("/grpc.health.v1.Health/Watch", "Health/Watch"),
    ("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", "Reflection"),
    ("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", "Reflection"),
];

fn name(path: &str) -> &'static str {
    NAMES.iter().find(|(known, _)| *known == path).map_or("other", |(_, name)| name)
}

/// Whether a call is to be over soon: a stream lasts as long as its caller likes.
fn is_timed(rpc: &str) -> bool {
    !matches!(rpc, "AnalyzeStream" | "Health/Watch" | "Reflection")
}

#[derive(Clone)]
pub(super) struct Service<S> {
    inner: S,
    /// Calls that take longer are logged.
    slow: Option<Duration>,
}

impl<S> Service<S> {
    pub(super) fn new(inner: S, slow: Option<Duration>) -> Self {
        Self { inner, slow }
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
        let mut call = Call::begin(name(request.uri().path()), self.slow);
        request.extensions_mut().insert(call.record.clone());
        let answering = self.inner.call(request);
        Box::pin(async move {
            let response = answering.await?;
            if let Some(code) = code(response.headers()) {
                call.end(code);
                return Ok(response);
            }
            Ok(response.map(|body| body::watched(body, call)))
        })
    }
}

/// The code an answer ends in, if these are the headers or trailers that tell.
fn code(headers: &HeaderMap) -> Option<Code> {
    Some(Code::from_bytes(headers.get(Status::GRPC_STATUS)?.as_bytes()))
}

/// A call from its headers to the end of its answer. One that is dropped
/// before its end was left by the caller.
struct Call {
    rpc: &'static str,
    slow: Option<Duration>,
    span: Span,
    record: Record,
    answer_bytes: usize,
    /// Taken when the call ends.
    in_flight: Option<metrics::Raised>,
}

impl Call {
    fn begin(rpc: &'static str, slow: Option<Duration>) -> Self {
        let in_flight = Some(metrics::request_in_flight(rpc));
        let record = Record::default();
        Self { rpc, slow, span: Span::current(), record, answer_bytes: 0, in_flight }
    }

    fn end(&mut self, code: Code) {
        if self.in_flight.take().is_none() {
            return;
        }
        let took = self.record.age();
        metrics::request(self.rpc, code, took);
        if let Some(caller) = self.record.caller() {
            metrics::caller_request(&caller.name, code);
        }
        let _entered = self.span.enter();
        let (rpc, code, micros) = (self.rpc, metrics::code_name(code), took.as_micros() as u64);
        let failed = matches!(code, "INTERNAL" | "UNKNOWN" | "DATA_LOSS");
        #[cfg(feature = "otlp")]
        crate::telemetry::otlp::ended(&self.span, rpc, code, failed);
        if self.slow.is_some_and(|slow| took >= slow) && is_timed(rpc) {
            let Figures { articles, text_bytes, hits, intake_micros, queue_micros, engine_micros } =
                self.record.figures();
            let answer_bytes = self.answer_bytes;
            tracing::warn!(
                rpc,
                code,
                micros,
                intake_micros,
                queue_micros,
                engine_micros,
                articles,
                hits,
                text_bytes,
                answer_bytes,
                "slow"
            );
        }
        if failed {
            tracing::warn!(rpc, code, micros, "failed");
        } else {
            tracing::debug!(rpc, code, micros, "answered");
        }
    }
}

impl body::Watch for Call {
    fn saw(&mut self, frame: Option<Result<&Frame<Bytes>, &Status>>) {
        match frame {
            Some(Ok(frame)) => {
                self.answer_bytes += frame.data_ref().map_or(0, Bytes::len);
                if let Some(code) = frame.trailers_ref().and_then(code) {
                    self.end(code);
                }
            }
            Some(Err(status)) => self.end(status.code()),
            None => self.end(Code::Unknown),
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.end(Code::Cancelled);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use http_body_util::{BodyExt, StreamBody};
    use metrics_exporter_prometheus::PrometheusBuilder;
    use tower::{Service as _, service_fn};

    use super::*;
    use crate::proto;

    /// What is counted while an answer of these headers and trailers, or one
    /// that its caller leaves, passes the layer.
    fn counted(headers: Option<Code>, trailers: Option<Code>) -> String {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        ::metrics::with_local_recorder(&recorder, || {
            runtime.block_on(async {
                let status = |code: Code| {
                    let mut map = HeaderMap::new();
                    Status::new(code, "").add_header(&mut map).unwrap();
                    map
                };
                let inner = service_fn(move |_: Request<Body>| async move {
                    let frames =
                        trailers.map(|code| Ok::<_, Status>(Frame::trailers(status(code))));
                    let body = Body::new(StreamBody::new(tokio_stream::iter(frames)));
                    let mut response = Response::new(body);
                    *response.headers_mut() = headers.map(status).unwrap_or_default();
                    Ok::<_, Infallible>(response)
                });
                let path = "/khabar.v1.TextAnalyticsService/Analyze";
                let request = Request::builder().uri(path).body(Body::empty()).unwrap();
                let response = Service::new(inner, None).call(request).await.unwrap();
                if trailers.is_some() {
                    response.into_body().collect().await.unwrap();
                }
            });
        });
        let lines = handle.render();
        assert!(lines.contains("khabar_requests_in_flight{rpc=\"Analyze\"} 0"), "{lines}");
        let count = lines.lines().find(|line| line.starts_with("khabar_requests_total{"));
        count.unwrap().to_owned()
    }

    #[test]
    fn calls_are_counted_by_the_code_they_end_in() {
        for (headers, trailers, code) in [
            (Some(Code::InvalidArgument), None, "INVALID_ARGUMENT"),
            (None, Some(Code::Ok), "OK"),
            (None, Some(Code::Unavailable), "UNAVAILABLE"),
            (None, None, "CANCELLED"),
        ] {
            let expected = format!("khabar_requests_total{{rpc=\"Analyze\",code=\"{code}\"}} 1");
            assert_eq!(counted(headers, trailers), expected);
        }
    }

    #[test]
    fn every_rpc_of_the_api_has_its_name() {
        let pool = prost_reflect::DescriptorPool::decode(proto::DESCRIPTORS);
        let pool = pool.unwrap_or_default();
        let mut methods = 0;
        for service in pool.services() {
            for method in service.methods() {
                let path = format!("/{}/{}", service.full_name(), method.name());
                assert_eq!(name(&path), method.name());
                methods += 1;
            }
        }
        assert_eq!(methods, 7);
    }
}
