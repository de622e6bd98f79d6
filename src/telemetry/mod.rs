//! Logs, metrics and traces: how Khabar tells about itself.
//!
//! No line of a log ever holds text of an article. The one place where text
//! could slip in unasked is the message of a panic (a bad slice quotes the
//! string it was to cut), so panics are logged by place only.

#[cfg(feature = "otlp")]
pub mod otlp;

use std::io::{self, IsTerminal};
use std::panic;

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry, fmt};

use crate::config::LogFormat;

/// Why logs or metrics cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter of log lines cannot be read.
    #[error("log.level: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// Logging was set up before.
    #[error("logging was set up before")]
    LogsTwice,
    /// Traces are asked for, and this build makes none.
    #[error("traces.endpoint: this build makes no traces (cargo feature otlp)")]
    NoTraces,
    /// Traces cannot be sent to where they are to go.
    #[error("traces.endpoint: {0}")]
    Traces(String),
    /// Metrics cannot be recorded.
    #[error("metrics cannot be recorded: {0}")]
    Metrics(#[from] BuildError),
}

/// Sends logs to standard error, and spans to `traces` if that is an address, for
/// the whole process and for good. Panics become lines of the log. To be called
/// within a runtime.
///
/// # Errors
///
/// [`TelemetryError`] if the filter is none, on a second call, or if there can be
/// no traces.
pub fn start(
    format: LogFormat,
    filter: &str,
    traces: Option<&str>,
) -> Result<LastSpans, TelemetryError> {
    let colour =
        io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    let layer = layer(format, colour, io::stderr).with_filter(filter.parse::<Targets>()?);
    #[cfg(feature = "otlp")]
    let traces = traces
        .map(otlp::Traces::to)
        .transpose()
        .map_err(|error| TelemetryError::Traces(error.to_string()))?;
    #[cfg(not(feature = "otlp"))]
    if traces.is_some() {
        return Err(TelemetryError::NoTraces);
    }
    let registry = Registry::default().with(layer);
    #[cfg(feature = "otlp")]
    let registry = registry.with(traces.as_ref().map(otlp::Traces::layer));
    registry.try_init().map_err(|_| TelemetryError::LogsTwice)?;
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let thread = std::thread::current();
        tracing::error!(place, thread = thread.name(), "panic");
    }));
    Ok(LastSpans(
        #[cfg(feature = "otlp")]
        traces,
    ))
}

/// Spans that may not have been sent yet.
pub struct LastSpans(#[cfg(feature = "otlp")] Option<otlp::Traces>);

impl LastSpans {
    /// Sends them, for at most a few seconds.
    pub fn send(self) {
        #[cfg(feature = "otlp")]
        drop(self.0);
    }
}

/// Writes events as lines, with the fields of the spans around them: the
/// request id is one of those.
fn layer<W>(format: LogFormat, colour: bool, writer: W) -> Box<dyn Layer<Registry> + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    match format {
        LogFormat::Text => fmt::layer().with_ansi(colour).with_writer(writer).boxed(),
        LogFormat::Json => fmt::layer()
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .with_span_list(true)
            .with_writer(writer)
            .boxed(),
    }
}

/// Upper bounds in seconds of the buckets of every histogram of times: four to
/// a decade from 100 µs, below which a cached answer lies, to 10 s, the
/// default deadline.
const SECONDS: [f64; 21] = [
    0.0001, 0.000_18, 0.000_32, 0.000_56, 0.001, 0.0018, 0.0032, 0.0056, 0.01, 0.018, 0.032, 0.056,
    0.1, 0.18, 0.32, 0.56, 1.0, 1.8, 3.2, 5.6, 10.0,
];

/// Starts to record metrics, for the whole process and for good. The handle
/// writes them out in Prometheus's text format.
///
/// # Errors
///
/// [`TelemetryError::Metrics`] on a second call.
pub fn record_metrics() -> Result<PrometheusHandle, TelemetryError> {
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?;
    Ok(builder.install_recorder()?)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(format: LogFormat) -> String {
        let lines = Lines::default();
        let written = lines.clone();
        let layer = layer(format, false, move || lines.clone());
        tracing::subscriber::with_default(Registry::default().with(layer), || {
            let span = tracing::info_span!("request", request_id = "r-17");
            let inner = tracing::info_span!(parent: &span, "item", index = 3);
            inner.in_scope(|| tracing::info!(code = "OK", "answered"));
        });
        let bytes = written.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn the_request_id_is_in_a_line_of_text() {
        let line = logged(LogFormat::Text);
        assert!(line.contains("request_id=\"r-17\"") && line.contains("answered"), "{line}");
    }

    #[test]
    fn the_request_id_is_in_a_line_of_json_also_under_an_inner_span() {
        let line = logged(LogFormat::Json);
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(value["message"], "answered");
        assert_eq!(value["spans"][0]["request_id"], "r-17");
    }
}
