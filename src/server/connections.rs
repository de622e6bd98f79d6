//! Accepts connections, serves them, lets them go.

use std::collections::HashMap;
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
use tokio::task::{Id, JoinSet};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use tonic::body::Body;
use tower::{Service, ServiceExt};

use super::behind::Behind;
use super::linger::Lingering;
use super::security::{Security, secure};
use super::traffic::Traffic;
use super::{Drained, ServerOptions};
use crate::metrics;
use crate::tls::Tls;

/// How long to wait when the system has no room for another connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Bytes a caller may send ahead on a stream, and on a connection, before the
/// server has taken them in: a whole large request.
const STREAM_WINDOW: u32 = 1 << 20;
const CONNECTION_WINDOW: u32 = 4 << 20;

/// Bytes of headers in a request.
const MAX_HEADER_BYTES: u32 = 16 << 10;

/// Calls that a caller may open and reset before the server has looked at them
/// ("rapid reset"), and calls that the server may have to reset for what is
/// wrong with them. Beyond either the connection is closed.
const MAX_RESET_UNSEEN: usize = 32;
const MAX_RESET_FOR_ERRORS: usize = 256;

/// How long a connection without calls has to close itself after it was asked
/// to, before it is cut off, and how long a caller has to take the last answers
/// off one that is closed. One that is in use takes as long as its calls.
const CLOSE_GRACE: Duration = Duration::from_secs(5);

/// Where there is no room for another connection, the part of all that is
/// closed to make some: those that have been idle the longest.
const MAKE_ROOM_PART: usize = 32;

/// How often to look for idle connections where there is no room.
const MAKE_ROOM_EVERY: Duration = Duration::from_secs(1);

/// The listener and all open connections.
pub(super) struct Connections<S> {
    listener: TcpListener,
    security: Option<Security>,
    service: S,
    http2: http2::Builder<TokioExecutor>,
    patience: Patience,
    most: usize,
    slots: Arc<Semaphore>,
    /// Cancelled when connections are to take no more calls.
    closing: CancellationToken,
    open: JoinSet<()>,
    handles: HashMap<Id, Handle>,
}

/// How long connections are kept.
#[derive(Clone, Copy)]
struct Patience {
    /// Until they are to be opened anew.
    age: Option<Duration>,
    /// Without calls.
    idle: Duration,
    /// While the caller takes nothing of an answer.
    stall: Duration,
}

/// An open connection, seen from the listener.
struct Handle {
    traffic: Traffic,
    /// Cancelled when this connection is to take no more calls.
    closing: CancellationToken,
}

impl<S> Connections<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send>
        + Clone
        + Send
        + 'static,
{
    /// With `tls`, connections are made by it, and only by it.
    pub(super) fn new(
        listener: TcpListener,
        tls: Option<Tls>,
        service: S,
        options: &ServerOptions,
    ) -> Self {
        let mut http2 = http2::Builder::new(TokioExecutor::new());
        http2
            .timer(TokioTimer::new())
            .max_concurrent_streams(options.limits.max_streams_per_connection)
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_header_list_size(MAX_HEADER_BYTES)
            .max_pending_accept_reset_streams(MAX_RESET_UNSEEN)
            .max_local_error_reset_streams(MAX_RESET_FOR_ERRORS)
            .keep_alive_interval(options.keepalive)
            .keep_alive_timeout(options.keepalive);
        let most = options.max_connections.max(1);
        Self {
            listener,
            security: tls.map(|tls| Security::new(tls, options.handshake_timeout)),
            service,
            http2,
            patience: Patience {
                age: options.max_connection_age,
                idle: options.idle_timeout,
                stall: options.stall_timeout,
            },
            most,
            slots: Arc::new(Semaphore::new(most)),
            closing: CancellationToken::new(),
            open: JoinSet::new(),
            handles: HashMap::new(),
        }
    }

    /// Accepts connections for ever.
    pub(super) async fn accept(&mut self) -> Infallible {
        loop {
            let full = self.slots.available_permits() == 0;
            if full {
                self.make_room();
            }
            tokio::select! {
                Some(ended) = self.open.join_next_with_id() => {
                    let id = ended.map_or_else(|error| error.id(), |(id, ())| id);
                    self.handles.remove(&id);
                }
                (slot, accepted) = next(&self.listener, &self.slots) => match accepted {
                    Ok(stream) => self.serve(stream, slot),
                    Err(error) if is_the_callers(&error) => {}
                    Err(error) => {
                        tracing::warn!(%error, "cannot accept a connection");
                        sleep(ACCEPT_PAUSE).await;
                    }
                },
                () = sleep(MAKE_ROOM_EVERY), if full => {}
            }
        }
    }

    /// Asks the connections that have been idle the longest to close, unless
    /// some do already.
    fn make_room(&self) {
        let idle = self
            .handles
            .values()
            .filter_map(|handle| Some((handle.traffic.idle_since()?, handle.closing.clone())));
        let mut idle: Vec<_> = idle.collect();
        if idle.iter().any(|(_, closing)| closing.is_cancelled()) {
            return;
        }
        idle.sort_unstable_by_key(|(since, _)| *since);
        idle.truncate(self.most.div_ceil(MAKE_ROOM_PART));
        if !idle.is_empty() {
            tracing::debug!(connections = idle.len(), "closing idle connections to make room");
        }
        for (_, closing) in idle {
            closing.cancel();
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
        let traffic = Traffic::new();
        let service = traffic
            .watch(self.service.clone())
            .map_request(|it: Request<Incoming>| it.map(Body::new));
        let (http2, security) = (self.http2.clone(), self.security.clone());
        let closing = self.closing.child_token();
        let handle = Handle { traffic: traffic.clone(), closing: closing.clone() };
        let patience = self.patience;
        let task = self.open.spawn(Behind::new(async move {
            let _slot = slot;
            let _counted = metrics::connection();
            let stream = match secure(security, stream).await {
                Ok(stream) => TokioIo::new(Lingering::new(stream, CLOSE_GRACE)),
                Err(error) => {
                    metrics::handshake_failed();
                    tracing::debug!(%error, "a handshake failed");
                    return;
                }
            };
            let service = TowerToHyperService::new(service);
            let mut connection = pin!(http2.serve_connection(stream, service));
            let finished = tokio::select! {
                finished = &mut connection => finished,
                () = patience.ends(&traffic, &closing) => {
                    closing.cancel();
                    connection.as_mut().graceful_shutdown();
                    tokio::select! {
                        finished = connection => finished,
                        () = patience.is_exhausted(&traffic) => return,
                    }
                }
            };
            if let Err(error) = finished {
                tracing::debug!(%error, "a connection broke");
            }
        }));
        self.handles.insert(task.id(), handle);
    }
}

impl Patience {
    /// Ends when the connection is to take no more calls: it is told to, it is
    /// of age, it is idle for too long, or its caller does not take its
    /// answers.
    async fn ends(&self, traffic: &Traffic, closing: &CancellationToken) {
        let age = async {
            match self.age {
                Some(age) => sleep(spread(age)).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = closing.cancelled() => {}
            () = age => {}
            () = self.until_due(|| {
                let idle = traffic.idle_since().map(|since| since + self.idle);
                let stall = traffic.untaken_since().map(|since| since + self.stall);
                idle.into_iter().chain(stall).min()
            }) => {}
        }
    }

    /// Ends when a connection that takes no more calls has none left, and
    /// still does not close, or none but such as nobody takes the answers of.
    async fn is_exhausted(&self, traffic: &Traffic) {
        let asked = Instant::now();
        self.until_due(|| match traffic.idle_since() {
            Some(since) => Some(since.max(asked) + CLOSE_GRACE),
            None => traffic.all_stalled(self.stall).then(Instant::now),
        })
        .await;
    }

    /// Ends when `due` tells a time that has come. What comes up while this
    /// waits cannot be due sooner than when it looks again.
    async fn until_due(&self, mut due: impl FnMut() -> Option<Instant>) {
        let longest = self.idle.min(self.stall).min(CLOSE_GRACE);
        loop {
            let now = Instant::now();
            match due() {
                Some(due) if due <= now => return,
                Some(due) => sleep_until(due.min(now + longest)).await,
                None => sleep(longest).await,
            }
        }
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
