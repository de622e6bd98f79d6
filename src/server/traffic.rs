//! What happens on one connection: which calls are open on it, since when there
//! are none, and who does not take the answers it asked for.
//!
//! HTTP/2 lets a caller take an answer as slowly as it likes, and its pings go
//! on all the while: only whoever hands out the answer can tell that nobody
//! takes it.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Request, Response};
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::Instant;
use tonic::Status;
use tonic::body::Body;
use tower::Service;

/// The largest piece of an answer that is handed out at once. The HTTP library
/// keeps a piece until the caller takes it, so this is also what a caller that
/// takes nothing can have kept for each of its calls once they are answered.
const PIECE: usize = 32 << 10;

/// The calls of one connection. Clones share them.
#[derive(Clone, Debug)]
pub(super) struct Traffic(Arc<Mutex<Calls>>);

#[derive(Debug)]
struct Calls {
    open: usize,
    /// When the last call ended, or the connection was opened.
    idle_since: Instant,
    /// Calls with a piece of an answer that was not taken yet, and since when.
    untaken: BTreeMap<u64, Instant>,
    next: u64,
}

impl Traffic {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Calls {
            open: 0,
            idle_since: Instant::now(),
            untaken: BTreeMap::new(),
            next: 0,
        })))
    }

    /// No code that can panic runs under the lock, so a poisoned one is sound.
    fn lock(&self) -> MutexGuard<'_, Calls> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Since when no call is open, if none is.
    pub(super) fn idle_since(&self) -> Option<Instant> {
        let calls = self.lock();
        (calls.open == 0).then_some(calls.idle_since)
    }

    /// Since when the caller has taken nothing of some answer it could have.
    pub(super) fn untaken_since(&self) -> Option<Instant> {
        self.lock().untaken.values().min().copied()
    }

    /// Whether all open calls wait for their caller to take an answer, and
    /// have for longer than `stall`.
    pub(super) fn all_stalled(&self, stall: Duration) -> bool {
        let calls = self.lock();
        let stalled = calls.untaken.values().filter(|since| since.elapsed() >= stall);
        calls.open > 0 && stalled.count() == calls.open
    }

    fn begin(&self) -> Call {
        let mut calls = self.lock();
        calls.open += 1;
        calls.next += 1;
        Call { number: calls.next, traffic: self.clone() }
    }

    /// `inner`, its calls watched.
    pub(super) fn watch<S>(&self, inner: S) -> Watched<S> {
        Watched { inner, traffic: self.clone() }
    }
}

/// An open call; dropping it is its end.
#[derive(Debug)]
struct Call {
    number: u64,
    traffic: Traffic,
}

impl Call {
    /// There is something to take for the caller, as of now.
    fn offer(&self) {
        self.traffic.lock().untaken.insert(self.number, Instant::now());
    }

    /// The caller has taken all there is; it is for us to go on.
    fn taken(&self) {
        self.traffic.lock().untaken.remove(&self.number);
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let mut calls = self.traffic.lock();
        calls.open -= 1;
        calls.untaken.remove(&self.number);
        calls.idle_since = Instant::now();
    }
}

/// A service whose calls are watched.
#[derive(Clone, Debug)]
pub(super) struct Watched<S> {
    inner: S,
    traffic: Traffic,
}

impl<S> Service<Request<Body>> for Watched<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response<Answer>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Answer>, Infallible>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let call = self.traffic.begin();
        let answering = self.inner.call(request);
        Box::pin(async move {
            let response = answering.await?;
            call.offer();
            Ok(response.map(|body| Answer { body, rest: Bytes::new(), call }))
        })
    }
}

/// The body of an answer, in pieces.
pub(super) struct Answer {
    body: Body,
    /// What the body has given and is not handed out yet.
    rest: Bytes,
    call: Call,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        // To be asked again is to be told that the last piece was taken.
        if self.rest.is_empty() {
            let polled = Pin::new(&mut self.body).poll_frame(cx);
            match polled {
                Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                    Ok(data) => self.rest = data,
                    Err(other) => return Poll::Ready(Some(Ok(other))),
                },
                Poll::Pending => {
                    self.call.taken();
                    return Poll::Pending;
                }
                end @ Poll::Ready(_) => return end,
            }
        }
        self.call.offer();
        let length = self.rest.len().min(PIECE);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(length)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let mut hint = self.body.size_hint();
        let rest = self.rest.len() as u64;
        let upper = hint.upper().map(|upper| upper.saturating_add(rest));
        hint.set_lower(hint.lower().saturating_add(rest));
        if let Some(upper) = upper {
            hint.set_upper(upper);
        }
        hint
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use http_body_util::{BodyExt, Full, StreamBody};
    use tokio::time::advance;
    use tower::service_fn;

    use super::*;

    const STALL: Duration = Duration::from_secs(10);

    async fn answer(traffic: &Traffic, body: Body) -> Answer {
        let mut body = Some(body);
        let mut service = traffic.watch(service_fn(move |_: Request<Body>| {
            let response = Response::new(body.take().unwrap());
            async { Ok::<_, Infallible>(response) }
        }));
        service.call(Request::default()).await.unwrap().into_body()
    }

    fn full(length: usize) -> Body {
        Body::new(Full::from(vec![7; length]))
    }

    #[tokio::test(start_paused = true)]
    async fn answers_are_handed_out_whole_in_pieces() {
        let body = answer(&Traffic::new(), full(3 * PIECE + 1)).await;
        let mut body = std::pin::pin!(body);
        let mut lengths = Vec::new();
        while let Some(frame) = body.as_mut().frame().await {
            lengths.push(frame.unwrap().into_data().unwrap().len());
        }
        assert_eq!(lengths, [PIECE, PIECE, PIECE, 1]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_nobody_takes_stalls_and_each_piece_taken_is_progress() {
        let traffic = Traffic::new();
        let mut body = Box::pin(answer(&traffic, full(2 * PIECE)).await);
        advance(STALL / 2).await;
        body.frame().await.unwrap().unwrap();
        advance(STALL / 2).await;
        assert!(!traffic.all_stalled(STALL));
        advance(STALL / 2).await;
        assert!(traffic.all_stalled(STALL));
        assert_eq!(traffic.untaken_since().unwrap().elapsed(), STALL);
        drop(body);
        assert!(!traffic.all_stalled(STALL));
        assert_eq!(traffic.untaken_since(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_waits_for_us_does_not_stall() {
        let traffic = Traffic::new();
        let never = StreamBody::new(tokio_stream::pending::<Result<Frame<Bytes>, Status>>());
        let mut body = Box::pin(answer(&traffic, Body::new(never)).await);
        assert!(futures_util::poll!(body.frame()).is_pending());
        advance(10 * STALL).await;
        assert_eq!(traffic.untaken_since(), None);
        assert_eq!(traffic.idle_since(), None, "a call is open");
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_is_idle_from_its_opening_and_from_its_last_call() {
        let traffic = Traffic::new();
        advance(STALL).await;
        assert_eq!(traffic.idle_since().unwrap().elapsed(), STALL);
        let body = answer(&traffic, full(1)).await;
        assert_eq!(traffic.idle_since(), None);
        drop(body);
        assert_eq!(traffic.idle_since().unwrap().elapsed(), Duration::ZERO);
    }
}
