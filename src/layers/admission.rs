//! Refuses calls beyond a number in flight, at once and cheaply.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Request, Response};
use tokio::sync::Semaphore;
use tonic::body::Body;

use super::{Answering, Inner, analytics_method, body, refuse};
use crate::fault::Fault;

/// How long a refused caller is told to wait.
const RETRY_AFTER: Duration = Duration::from_millis(100);

/// One limit for all connections.
#[derive(Clone)]
pub(super) struct Layer {
    slots: Arc<Semaphore>,
}

impl Layer {
    pub(super) fn new(max_in_flight: usize) -> Self {
        let slots = max_in_flight.clamp(1, Semaphore::MAX_PERMITS);
        Self { slots: Arc::new(Semaphore::new(slots)) }
    }
}

impl<S> tower::Layer<S> for Layer {
    type Service = Service<S>;

    fn layer(&self, inner: S) -> Service<S> {
        Service { inner, slots: Arc::clone(&self.slots) }
    }
}

#[derive(Clone)]
pub(super) struct Service<S> {
    inner: S,
    slots: Arc<Semaphore>,
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
        if analytics_method(request.uri().path()).is_none() {
            return Box::pin(self.inner.call(request));
        }
        match Arc::clone(&self.slots).try_acquire_owned() {
            Ok(slot) => {
                let answering = self.inner.call(request);
                Box::pin(async move {
                    let response = answering.await?;
                    // A stream is in flight until its last answer.
                    Ok(response.map(|body| body::watched(body, body::Guard(slot))))
                })
            }
            Err(_full) => {
                Box::pin(async { Ok(refuse(Fault::Overloaded { retry_after: RETRY_AFTER })) })
            }
        }
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

    #[tokio::test]
    async fn calls_beyond_the_limit_are_refused_but_probes_pass() {
        let answer = || Body::new(http_body_util::Full::from("an answer"));
        let inner =
            service_fn(move |_| async move { Ok::<_, Infallible>(Response::new(answer())) });
        let mut service = Layer::new(1).layer(inner);
        let analyze = "/khabar.v1.TextAnalyticsService/Analyze";
        let first = service.call(request(analyze)).await.unwrap();
        assert_eq!(code(&first), None);
        let second = service.call(request(analyze)).await.unwrap();
        assert_eq!(code(&second), Some(Code::ResourceExhausted));
        let probe = service.call(request("/grpc.health.v1.Health/Check")).await.unwrap();
        assert_eq!(code(&probe), None);
        drop(first);
        assert_eq!(code(&service.call(request(analyze)).await.unwrap()), None);
    }
}
