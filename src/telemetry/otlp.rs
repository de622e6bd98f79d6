//! Traces: spans sent to a collector by OTLP (gRPC), joined to the caller's by
//! the W3C trace context.
//!
//! A call is one span, with children `cache`, `queue` and `engine` for each
//! article it has looked for, queued and worked on. Spans hold names, sizes and
//! times, never text.

use std::time::Duration;

use http::HeaderMap;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::{Status, TracerProvider};
use opentelemetry_otlp::{ExporterBuildError, Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracing::{Level, Span};
use tracing_opentelemetry::{OpenTelemetryLayer, OpenTelemetrySpanExt};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;

/// How long the collector may take for what is sent to it.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The way of spans to a collector. Dropped, it sends what is left.
#[derive(Debug)]
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// Spans go to `endpoint` (`http://collector:4317`), in batches, beside the
    /// work; what the collector does not take in time is lost. To be called
    /// within a runtime.
    ///
    /// # Errors
    ///
    /// When the endpoint is no address.
    pub fn to(endpoint: &str) -> Result<Self, ExporterBuildError> {
        let exporter = SpanExporter::builder()
            .with_tonic()
            .with_protocol(Protocol::Grpc)
            .with_endpoint(endpoint)
            .with_timeout(TIMEOUT)
            .build()?;
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            // The caller decides, where it does; who sends nothing is traced.
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::AlwaysOn)))
            .with_resource(Resource::builder().with_service_name("khabar").build())
            .build();
        Ok(Self(provider))
    }

    /// What takes the spans of the process to the collector.
    pub(super) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: tracing::Subscriber + for<'a> LookupSpan<'a>,
    {
        let layer = OpenTelemetryLayer::new(self.0.tracer("khabar"));
        layer.with_filter(Targets::new().with_target("khabar", Level::DEBUG))
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        if let Err(error) = self.0.shutdown_with_timeout(TIMEOUT) {
            tracing::warn!(%error, "some traces were not sent");
        }
    }
}

/// Makes a call's span a child of the caller's, if it tells one.
pub(crate) fn adopt(span: &Span, headers: &HeaderMap) {
    let context = TraceContextPropagator::new().extract(&Headers(headers));
    // Without a collector there is nothing to join.
    let _ = span.set_parent(context);
}

/// Notes how a call ended.
pub(crate) fn ended(span: &Span, rpc: &'static str, code: &'static str, failed: bool) {
    span.set_attribute("rpc.system", "grpc");
    span.set_attribute("rpc.method", rpc);
    span.set_attribute("rpc.grpc.status", code);
    if failed {
        span.set_status(Status::error(code));
    }
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(http::HeaderName::as_str).collect()
    }
}
