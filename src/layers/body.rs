//! Bodies with something attached.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tonic::Status;
use tonic::body::Body;

/// Looks at the frames of a body as they pass.
pub(super) trait Watch: Send + Unpin + 'static {
    /// A frame has passed, or an error, or the end.
    fn saw(&mut self, frame: Option<Result<&Frame<Bytes>, &Status>>);
}

/// Keeps a guard for as long as the body lives.
pub(super) struct Guard<G>(pub(super) G);

impl<G: Send + Unpin + 'static> Watch for Guard<G> {
    fn saw(&mut self, _: Option<Result<&Frame<Bytes>, &Status>>) {}
}

/// A body under watch. The watch is dropped with the body.
pub(super) fn watched(body: Body, watch: impl Watch) -> Body {
    Body::new(Watched { body, watch })
}

struct Watched<W> {
    body: Body,
    watch: W,
}

impl<W: Watch> HttpBody for Watched<W> {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if let Poll::Ready(frame) = &polled {
            self.watch.saw(frame.as_ref().map(Result::as_ref));
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
