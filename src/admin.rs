//! The second port: metrics and probes over plain HTTP/1.1.
//!
//! | path | answer |
//! |---|---|
//! | `/metrics` | all metrics in Prometheus's text format 0.0.4 |
//! | `/livez` | 200 as long as the process answers at all |
//! | `/readyz` | 200 while new calls are welcome, 503 before and after |

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

/// How many connections are served at once; more wait in the backlog. A
/// scraper and a prober need one each.
const MAX_CONNECTIONS: usize = 64;
/// How long a client may take to send its request's head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How often the samples of histograms are drawn together when nobody scrapes.
const UPKEEP: Duration = Duration::from_secs(10);

/// What the port tells.
pub trait Report: Send + Sync + 'static {
    /// All metrics in Prometheus's text format.
    fn metrics(&self) -> String;

    /// Frees what recorded samples take up; called every few seconds.
    fn upkeep(&self) {}
}

impl Report for metrics_exporter_prometheus::PrometheusHandle {
    fn metrics(&self) -> String {
        self.render()
    }

    fn upkeep(&self) {
        self.run_upkeep();
    }
}

/// Serves the port until `shutdown` ends. `ready` says whether new calls are
/// welcome.
///
/// A connection that cannot be accepted is logged and does not end the port.
pub async fn serve(
    listener: TcpListener,
    report: Arc<impl Report>,
    ready: watch::Receiver<bool>,
    shutdown: impl Future<Output = ()>,
) {
    let slots = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut connections = JoinSet::new();
    let mut upkeep = tokio::time::interval(UPKEEP);
    upkeep.set_missed_tick_behavior(MissedTickBehavior::Delay);
    tokio::pin!(shutdown);
    loop {
        let accepted = async {
            let slot = Arc::clone(&slots).acquire_owned().await;
            (listener.accept().await, slot)
        };
        tokio::select! {
            () = &mut shutdown => return,
            _ = upkeep.tick() => report.upkeep(),
            Some(_) = connections.join_next() => {}
            (accepted, slot) = accepted => match accepted {
                Ok((stream, _)) => {
                    let (report, ready) = (Arc::clone(&report), ready.clone());
                    connections.spawn(async move {
                        let _slot = slot;
                        let service = service_fn(move |request| {
                            let response = answer(&request, &*report, *ready.borrow());
                            async move { Ok::<_, Infallible>(response) }
                        });
                        let served = hyper::server::conn::http1::Builder::new()
                            .timer(TokioTimer::new())
                            .header_read_timeout(HEAD_TIMEOUT)
                            .serve_connection(TokioIo::new(stream), service);
                        if let Err(error) = served.await {
                            tracing::debug!(%error, "an admin connection broke");
                        }
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept an admin connection");
                    // Out of file descriptors, most likely: do not spin.
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
        }
    }
}

fn answer(request: &Request<Incoming>, report: &impl Report, ready: bool) -> Response<Full<Bytes>> {
    const TEXT: &str = "text/plain; charset=utf-8";
    let (status, kind, body) = match (request.method(), request.uri().path()) {
        (&Method::GET | &Method::HEAD, path) => match path {
            "/metrics" => {
                (StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", report.metrics())
            }
            "/livez" => (StatusCode::OK, TEXT, "alive\n".to_owned()),
            "/readyz" if ready => (StatusCode::OK, TEXT, "ready\n".to_owned()),
            "/readyz" => (StatusCode::SERVICE_UNAVAILABLE, TEXT, "not ready\n".to_owned()),
            _ => {
                (StatusCode::NOT_FOUND, TEXT, "here are /metrics, /livez and /readyz\n".to_owned())
            }
        },
        _ => (StatusCode::METHOD_NOT_ALLOWED, TEXT, "only GET and HEAD\n".to_owned()),
    };
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if status == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    }
    response
}
