//! Turns a panic in a handler into INTERNAL, as a gRPC status.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::task::{Context, Poll};

use futures_util::FutureExt;
use http::{Request, Response};
use tonic::body::Body;

use super::{Answering, Inner, refuse};
use crate::fault::Fault;
use crate::metrics;

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

    fn call(&mut self, request: Request<Body>) -> Answering {
        let answering = AssertUnwindSafe(self.inner.call(request)).catch_unwind();
        Box::pin(async move {
            answering.await.unwrap_or_else(|_panic| {
                metrics::panicked();
                Ok(refuse(Fault::Internal))
            })
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]
mod tests {
    use tonic::{Code, Status};
    use tower::{Service as _, service_fn};

    use super::*;

    #[tokio::test]
    async fn a_panic_in_a_handler_is_a_grpc_status() {
        let handler = service_fn(|request: Request<Body>| async move {
            assert!(request.uri().path() == "/nowhere", "on purpose");
            Ok::<_, Infallible>(Response::new(Body::empty()))
        });
        let response = Service::new(handler).call(Request::default()).await.unwrap();
        assert_eq!(response.status(), 200);
        let status = Status::from_header_map(response.headers()).unwrap();
        assert_eq!(status.code(), Code::Internal);
        assert!(!status.message().contains("on purpose"));
    }
}
