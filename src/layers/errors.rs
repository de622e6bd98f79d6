//! Gives the errors that the gRPC library makes itself (a message that cannot
//! be decoded or is too large, a method nobody knows) our codes and details.
//!
//! They are told from our own by having no details.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body::Frame;
use tonic::body::Body;
use tonic::{Code, Status};

use super::{Answering, Inner, analytics_method, body, refuse};
use crate::fault::Fault;

/// How much of an unknown method's path is repeated to the caller.
const MAX_METHOD_CHARS: usize = 200;

#[derive(Clone)]
pub(super) struct Service<S> {
    inner: S,
    max_request_bytes: usize,
}

impl<S> Service<S> {
    pub(super) fn new(inner: S, max_request_bytes: usize) -> Self {
        Self { inner, max_request_bytes }
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
        let limit = self.max_request_bytes;
        let uri = request.uri().clone();
        let broken = Broken::default();
        let request = request.map(|body| body::watched(body, broken.clone()));
        let answering = self.inner.call(request);
        Box::pin(async move {
            let response = answering.await?;
            let broken = broken.0.load(Ordering::Relaxed);
            let fault = if is_unknown(&response) {
                Some(unknown(&uri))
            } else {
                bare_code(&response).and_then(|code| fault(code, &uri, limit, broken))
            };
            Ok(fault.map_or(response, refuse))
        })
    }
}

/// Whether a request's body ended in an error: the caller reset its stream or
/// its connection broke. The library tells this the same way as a missing or
/// cut-off message.
#[derive(Clone, Default)]
struct Broken(Arc<AtomicBool>);

impl body::Watch for Broken {
    fn saw(&mut self, frame: Option<Result<&Frame<Bytes>, &Status>>) {
        if let Some(Err(_)) = frame {
            self.0.store(true, Ordering::Relaxed);
        }
    }
}

/// The code of an answer that is an error without details.
fn bare_code(response: &Response<Body>) -> Option<Code> {
    let code = Code::from_bytes(response.headers().get(Status::GRPC_STATUS)?.as_bytes());
    let bare = !response.headers().contains_key(Status::GRPC_STATUS_DETAILS);
    (bare && code != Code::Ok).then_some(code)
}

/// Whether the answer says that there is no such method. (A compression that
/// is not known has the same code, but a message, which must stay.)
fn is_unknown(response: &Response<Body>) -> bool {
    bare_code(response) == Some(Code::Unimplemented)
        && !response.headers().contains_key(Status::GRPC_MESSAGE)
}

fn unknown(uri: &Uri) -> Fault {
    let method = uri.path().chars().take(MAX_METHOD_CHARS).collect();
    Fault::UnknownMethod { method }
}

fn fault(code: Code, uri: &Uri, limit: usize, broken: bool) -> Option<Fault> {
    analytics_method(uri.path())?;
    match code {
        _ if broken => Some(Fault::Cancelled),
        Code::Internal => Some(Fault::MalformedMessage),
        // ResourceExhausted: too large once decompressed.
        Code::OutOfRange | Code::ResourceExhausted => Some(Fault::MessageTooLarge { limit }),
        Code::Cancelled => Some(Fault::Cancelled),
        // Its message tells what to do: an unknown compression.
        Code::Unimplemented => None,
        _ => Some(Fault::Internal),
    }
}

/// What the gRPC library says of a message of a stream, as a fault.
pub(crate) fn stream_fault(status: &Status, limit: usize) -> Fault {
    match status.code() {
        Code::OutOfRange | Code::ResourceExhausted => Fault::MessageTooLarge { limit },
        Code::Internal => Fault::MalformedMessage,
        _ => Fault::Cancelled,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use http_body_util::StreamBody;
    use tower::{Service as _, service_fn};

    use super::*;

    /// What becomes of an error that the library makes of a request's body.
    async fn code(status: Status, frame: Option<Result<Bytes, Status>>) -> Code {
        let inner = service_fn(move |request: Request<Body>| {
            let status = status.clone();
            async move {
                let _ = http_body_util::BodyExt::collect(request.into_body()).await;
                Ok::<_, Infallible>(status.into_http())
            }
        });
        let frames = tokio_stream::iter(frame.map(|frame| frame.map(Frame::data)));
        let request = Request::builder()
            .uri("/khabar.v1.TextAnalyticsService/Analyze")
            .body(Body::new(StreamBody::new(frames)))
            .unwrap();
        let response = Service::new(inner, 1).call(request).await.unwrap();
        let status = Status::from_header_map(response.headers()).unwrap();
        assert!(!status.details().is_empty());
        status.code()
    }

    #[tokio::test]
    async fn a_caller_that_resets_its_stream_is_cancelled_and_no_internal_error() {
        let missing = Status::internal("Missing request message.");
        let reset = Some(Err(Status::cancelled("reset")));
        assert_eq!(code(missing.clone(), reset).await, Code::Cancelled);
        assert_eq!(code(missing, None).await, Code::Internal);
    }

    #[tokio::test]
    async fn our_own_errors_pass_as_they_are() {
        let own = Status::from(Fault::Overloaded { retry_after: std::time::Duration::ZERO });
        assert_eq!(code(own, None).await, Code::ResourceExhausted);
    }
}
