//! Lets what is ready go first.

use std::pin::Pin;
use std::task::{Context, Poll};

/// A future that steps back whenever it is woken: its task goes to the end of
/// the runtime's queue once before it goes on.
///
/// The runtime runs first what was woken last. A connection is woken by each
/// call that has something to write; without this it would write after each,
/// an answer and its end apart. Behind all calls that are ready it writes what
/// they have together: half as many writes, and packets, where there are many.
pub(super) struct Behind<F> {
    inner: Pin<Box<F>>,
    stepped_back: bool,
}

impl<F> Behind<F> {
    pub(super) fn new(inner: F) -> Self {
        Self { inner: Box::pin(inner), stepped_back: false }
    }
}

impl<F: Future> Future for Behind<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.stepped_back = !self.stepped_back;
        if self.stepped_back {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.inner.as_mut().poll(cx)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn what_is_ready_goes_first() {
        let order = Arc::new(Mutex::new(Vec::new()));
        let note = |name| {
            let order = Arc::clone(&order);
            async move { order.lock().unwrap().push(name) }
        };
        let (behind, before) = (Behind::new(note("behind")), note("before"));
        // Both are ready before the one worker comes to either.
        tokio::spawn(async move {
            let (before, behind) = (tokio::spawn(before), tokio::spawn(behind));
            before.await.unwrap();
            behind.await.unwrap();
        })
        .await
        .unwrap();
        assert_eq!(*order.lock().unwrap(), ["before", "behind"]);
    }
}
