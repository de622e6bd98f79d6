//! Refuses what is too much, at once and before it is read.
//!
//! There are two bounds. Calls in flight, from their headers to the last byte
//! of their answer, are what takes up memory: so many may be, and of those half
//! may be streams and batches, so that idle streams leave room for the others.
//! Work that waits for a thread is what makes callers late: when the pool has
//! no room, calls that need it are refused, streams and batches first.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Extensions, Request, Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::body::Body;

use super::record::Record;
use super::{Answering, Inner, analytics_method, body, refuse};
use crate::fault::Fault;
use crate::pool::{Pool, Priority};

/// How long a refused caller is told to wait.
const RETRY_AFTER: Duration = Duration::from_millis(100);

/// One limit for all connections.
#[derive(Clone)]
pub(super) struct Layer {
    slots: Arc<Semaphore>,
    bulk_slots: Arc<Semaphore>,
    pool: Pool,
}

/// The places that a call in flight takes.
struct Slots {
    _any: OwnedSemaphorePermit,
    _bulk: Option<OwnedSemaphorePermit>,
}

impl Layer {
    pub(super) fn new(max_in_flight: usize, pool: Pool) -> Self {
        let slots = max_in_flight.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            slots: Arc::new(Semaphore::new(slots)),
            bulk_slots: Arc::new(Semaphore::new(slots.div_ceil(2))),
            pool,
        }
    }

    /// Lets a call in, or not. What a caller with a bulk key asks for is bulk
    /// work.
    fn admit(&self, method: &str, extensions: &Extensions) -> Option<Slots> {
        let caller = Record::of(extensions).caller().map(|caller| caller.priority);
        let priority = match method {
            "AnalyzeBatch" | "AnalyzeStream" => Priority::Bulk,
            _ => caller.unwrap_or(Priority::Interactive),
        };
        let works = method != "GetServerInfo";
        let any = Arc::clone(&self.slots).try_acquire_owned().ok()?;
        let bulk = match priority {
            Priority::Bulk => Some(Arc::clone(&self.bulk_slots).try_acquire_owned().ok()?),
            Priority::Interactive => None,
        };
        let room = !works || self.pool.welcomes(priority);
        room.then_some(Slots { _any: any, _bulk: bulk })
    }
}

impl<S> tower::Layer<S> for Layer {
    type Service = Service<S>;

    fn layer(&self, inner: S) -> Service<S> {
        Service { inner, layer: self.clone() }
    }
}

#[derive(Clone)]
pub(super) struct Service<S> {
    inner: S,
    layer: Layer,
}

impl<S: Inner> tower::Service<Request<Body>> for Service<S> {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Answering {
        // Probes must get through just when there is much to do.
        let Some(method) = analytics_method(request.uri().path()) else {
            return Box::pin(self.inner.call(request));
        };
        let Some(slots) = self.layer.admit(method, request.extensions()) else {
            return Box::pin(async { Ok(refuse(Fault::Overloaded { retry_after: RETRY_AFTER })) });
        };
        let answering = self.inner.call(request);
        Box::pin(async move {
            let response = answering.await?;
            // A call is in flight until the last of its answer is taken.
            Ok(response.map(|body| body::watched(body, body::Guard(slots))))
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use tonic::{Code, Status};
    use tower::{Layer as _, Service as _, service_fn};

    use super::*;

    fn request(path: &'static str) -> Request<Body> {
        Request::builder().uri(path).body(Body::empty()).unwrap()
    }

    fn code(response: &Response<Body>) -> Option<Code> {
        Status::from_header_map(response.headers()).map(|status| status.code())
    }

    const ANALYZE: &str = "/khabar.v1.TextAnalyticsService/Analyze";
    const STREAM: &str = "/khabar.v1.TextAnalyticsService/AnalyzeStream";

    fn service(max_in_flight: usize, pool: Pool) -> Service<impl Inner> {
        let inner = service_fn(|_| async {
            let answer = Body::new(http_body_util::Full::from("an answer"));
            Ok::<_, Infallible>(Response::new(answer))
        });
        Layer::new(max_in_flight, pool).layer(inner)
    }

    #[tokio::test]
    async fn calls_beyond_the_limit_are_refused_but_probes_pass() {
        let mut service = service(1, Pool::new(1, 1).unwrap());
        let first = service.call(request(ANALYZE)).await.unwrap();
        assert_eq!(code(&first), None);
        let second = service.call(request(ANALYZE)).await.unwrap();
        assert_eq!(code(&second), Some(Code::ResourceExhausted));
        let probe = service.call(request("/grpc.health.v1.Health/Check")).await.unwrap();
        assert_eq!(code(&probe), None);
        drop(first);
        assert_eq!(code(&service.call(request(ANALYZE)).await.unwrap()), None);
    }

    #[tokio::test]
    async fn streams_and_batches_take_half_of_the_places() {
        let mut service = service(4, Pool::new(1, 1).unwrap());
        let mut open = Vec::new();
        for (path, expected) in [
            (STREAM, None),
            ("/khabar.v1.TextAnalyticsService/AnalyzeBatch", None),
            (STREAM, Some(Code::ResourceExhausted)),
            (ANALYZE, None),
            (ANALYZE, None),
            (ANALYZE, Some(Code::ResourceExhausted)),
        ] {
            let response = service.call(request(path)).await.unwrap();
            assert_eq!(code(&response), expected, "{path}");
            open.push(response);
        }
    }

    #[tokio::test]
    async fn calls_the_pool_has_no_room_for_are_refused_before_they_are_read() {
        let pool = Pool::new(1, 1).unwrap();
        let (release, released) = std::sync::mpsc::channel::<()>();
        let (started, running) = std::sync::mpsc::channel();
        let hold = move |_| {
            let _ = started.send(());
            let _ = released.recv();
        };
        let priority = Priority::Interactive;
        pool.submit(priority, crate::cancel::CancelFlag::new(), hold).unwrap();
        running.recv().unwrap();
        pool.submit(priority, crate::cancel::CancelFlag::new(), |_| ()).unwrap();
        let mut service = service(1_000, pool);
        let mut let_in = 0;
        for _ in 0..100 {
            let response = service.call(request(ANALYZE)).await.unwrap();
            let_in += usize::from(code(&response).is_none());
        }
        assert_eq!(let_in, 8, "some may find their answer in the cache");
        let info = service.call(request("/khabar.v1.TextAnalyticsService/GetServerInfo"));
        assert_eq!(code(&info.await.unwrap()), None, "needs no thread");
        drop(release);
    }
}
