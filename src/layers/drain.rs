//! Ends the streams that nothing else would end when the server drains.
//!
//! `AnalyzeStream` ends itself, after all it has read is answered, and the
//! health service tells its watchers a last word. What is left are the streams
//! of reflection, which last as long as their caller likes: one that was
//! forgotten must not hold up the drain.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body::{Body as HttpBody, Frame};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::Status;
use tonic::body::Body;

use super::{Answering, Inner};
use crate::fault::Fault;

#[derive(Clone)]
pub(super) struct Service<S> {
    inner: S,
    drain: CancellationToken,
}

impl<S> Service<S> {
    pub(super) fn new(inner: S, drain: CancellationToken) -> Self {
        Self { inner, drain }
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
        if !request.uri().path().starts_with("/grpc.reflection.") {
            return Box::pin(self.inner.call(request));
        }
        // The handler reads in a task of its own: it has to see an end too, or
        // the HTTP/2 stream stays half open.
        let request = request.map(|body| Body::new(Ending::new(body, &self.drain, None)));
        let drain = self.drain.clone();
        let answering = self.inner.call(request);
        Box::pin(async move {
            let response = answering.await?;
            let end = Some(Fault::Draining);
            Ok(response.map(|body| Body::new(Ending::new(body, &drain, end))))
        })
    }
}

/// A body that ends when the server drains.
struct Ending {
    body: Body,
    drain: Pin<Box<WaitForCancellationFutureOwned>>,
    drains: bool,
    /// What the trailers tell then, if there are to be any.
    end: Option<Fault>,
}

impl Ending {
    fn new(body: Body, drain: &CancellationToken, end: Option<Fault>) -> Self {
        Self { body, drain: Box::pin(drain.clone().cancelled_owned()), drains: false, end }
    }
}

impl HttpBody for Ending {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if !self.drains {
            let polled = Pin::new(&mut self.body).poll_frame(cx);
            // Data that is ready is sent before the end.
            let data = matches!(&polled, Poll::Ready(Some(Ok(frame))) if frame.is_data());
            if data || self.drain.as_mut().poll(cx).is_pending() {
                return polled;
            }
            self.drains = true;
        }
        Poll::Ready(self.end.take().map(|fault| {
            let mut trailers = HeaderMap::new();
            Status::from(fault).add_header(&mut trailers)?;
            Ok(Frame::trailers(trailers))
        }))
    }

    fn is_end_stream(&self) -> bool {
        if self.drains { self.end.is_none() } else { self.body.is_end_stream() }
    }
}
