//! Accepts connections, serves them, lets them go.

use std::collections::hash_map::RandomState;
use std::convert::Infallible;
use std::hash::BuildHasher;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use tonic::body::Body;
use tower::{Service, ServiceExt};

use super::{Drained, ServerOptions};
use crate::metrics;

/// How long to wait when the system has no room for another connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Bytes a caller may send ahead on a stream, and on a connection, before the
/// server has taken them in: a whole large request.
const STREAM_WINDOW: u32 = 1 << 20;
const CONNECTION_WINDOW: u32 = 4 << 20;

/// Bytes of headers in a request.
const MAX_HEADER_BYTES: u32 = 16 << 10;

/// The longest life of a connection, where there is no other.
const FOREVER: Duration = Duration::from_secs(u32::MAX as u64);

/// The listener and all open connections.
pub(super) struct Connections<S> {
    listener: TcpListener,
    service: S,
    http2: http2::Builder<TokioExecutor>,
    max_age: Option<Duration>,
    slots: Arc<Semaphore>,
    /// Cancelled when connections are to take no more calls.
    closing: CancellationToken,
    open: JoinSet<()>,
}

impl<S> Connections<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send>
        + Clone
        + Send
        + 'static,
{
    pub(super) fn new(listener: TcpListener, service: S, options: &ServerOptions) -> Self {
        let mut http2 = http2::Builder::new(TokioExecutor::new());
        http2
            .timer(TokioTimer::new())
            .max_concurrent_streams(options.limits.max_streams_per_connection)
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_header_list_size(MAX_HEADER_BYTES)
            .keep_alive_interval(options.keepalive)
            .keep_alive_timeout(options.keepalive);
        Self {
            listener,
            service,
            http2,
            max_age: options.max_connection_age,
            slots: Arc::new(Semaphore::new(options.max_connections.max(1))),
            closing: CancellationToken::new(),
            open: JoinSet::new(),
        }
    }

    /// Accepts connections for ever.
    pub(super) async fn accept(&mut self) -> Infallible {
        loop {
            tokio::select! {
                Some(_) = self.open.join_next() => {}
                (slot, accepted) = next(&self.listener, &self.slots) => match accepted {
                    Ok(stream) => self.serve(stream, slot),
                    Err(error) if is_the_callers(&error) => {}
                    Err(error) => {
                        tracing::warn!(%error, "cannot accept a connection");
                        sleep(ACCEPT_PAUSE).await;
                    }
                },
            }
        }
    }

    /// Stops accepting, has every connection finish its calls, and after
    /// `within` cuts off what is left.
    pub(super) async fn drain(mut self, within: Duration) -> Drained {
        // Connections that the system has accepted for us already: callers
        // may have sent calls on them.
        while let Some((slot, Ok(stream))) = next(&self.listener, &self.slots).now_or_never() {
            self.serve(stream, slot);
        }
        drop(self.listener);
        self.closing.cancel();
        let finish = async { while self.open.join_next().await.is_some() {} };
        match timeout(within, finish).await {
            Ok(()) => Drained::Clean,
            Err(_elapsed) => {
                self.open.shutdown().await;
                Drained::CutOff
            }
        }
    }

    fn serve(&mut self, stream: TcpStream, slot: OwnedSemaphorePermit) {
        // Small frames must not wait for more to fill a packet.
        let _ = stream.set_nodelay(true);
        let service = self.service.clone().map_request(|it: Request<Incoming>| it.map(Body::new));
        let connection =
            self.http2.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        let closing = self.closing.clone();
        let end_of_age = Instant::now() + self.max_age.map_or(FOREVER, spread);
        self.open.spawn(async move {
            let _slot = slot;
            let _counted = metrics::connection();
            let mut connection = pin!(connection);
            let finished = tokio::select! {
                finished = &mut connection => finished,
                () = closing.cancelled() => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
                () = sleep_until(end_of_age) => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = finished {
                tracing::debug!(%error, "a connection broke");
            }
        });
    }
}

/// The next connection, once there is room for it.
async fn next(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> (OwnedSemaphorePermit, io::Result<TcpStream>) {
    loop {
        // The semaphore is never closed.
        if let Ok(slot) = Arc::clone(slots).acquire_owned().await {
            return (slot, listener.accept().await.map(|(stream, _)| stream));
        }
    }
}

/// Whether a connection could not be accepted because its caller has left.
fn is_the_callers(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// A tenth more or less, so that connections opened together do not close
/// together.
fn spread(age: Duration) -> Duration {
    let random = RandomState::new().hash_one(0) as u32;
    age.mul_f64(0.9 + 0.2 * f64::from(random) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_spread_by_a_tenth() {
        let age = Duration::from_secs(100);
        let (least, most) = (Duration::from_secs(90), Duration::from_secs(110));
        let ages: Vec<_> = (0..100).map(|_| spread(age)).collect();
        assert!(ages.iter().all(|age| (least..=most).contains(age)));
        assert!(ages.iter().any(|age| *age != ages[0]));
    }
}
