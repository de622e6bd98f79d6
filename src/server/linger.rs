//! Closes a connection without losing what was last written to it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// A connection that, once it is shut down for writing, is read until the other
/// side closes it, or for some time.
///
/// A socket closed while something that came in is unread, or still comes in,
/// is reset. Callers and proxies always have something on its way: that they
/// took a part of an answer, or saw a ping. Those that are busy may learn of the
/// reset before they have read the last answers, and give them up (RFC 9112,
/// section 9.6, has the same advice for HTTP/1.1).
pub(super) struct Lingering<S> {
    stream: S,
    /// How long to wait for the other side to close too.
    patience: Duration,
    /// What is left of it, from the end of writing.
    left: Option<Pin<Box<Sleep>>>,
}

impl<S> Lingering<S> {
    pub(super) fn new(stream: S, patience: Duration) -> Self {
        Self { stream, patience, left: None }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Lingering<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Lingering<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { stream, patience, left } = &mut *self;
        let left = if let Some(left) = left {
            left
        } else {
            ready!(Pin::new(&mut *stream).poll_shutdown(cx))?;
            left.insert(Box::pin(sleep(*patience)))
        };
        while left.as_mut().poll(cx).is_pending() {
            let mut unwanted = [0; 4096];
            let mut unwanted = ReadBuf::new(&mut unwanted);
            let read = ready!(Pin::new(&mut *stream).poll_read(cx, &mut unwanted));
            if read.is_err() || unwanted.filled().is_empty() {
                break;
            }
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    const PATIENCE: Duration = Duration::from_mins(1);

    async fn connected() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let there = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        (listener.accept().await.unwrap().0, there)
    }

    #[tokio::test]
    async fn what_comes_in_while_it_closes_does_not_reset_it() {
        let (here, mut there) = connected().await;
        there.write_all(b"unread").await.unwrap();
        let mut here = Lingering::new(here, PATIENCE);
        here.write_all(b"the last answer").await.unwrap();
        let closing = tokio::spawn(async move { here.shutdown().await });
        let mut answer = Vec::new();
        there.read_to_end(&mut answer).await.unwrap();
        there.write_all(b"late").await.unwrap();
        assert_eq!(answer, b"the last answer");
        drop(there);
        closing.await.unwrap().unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_is_waited_for_long() {
        let (here, there) = connected().await;
        let begun = tokio::time::Instant::now();
        Lingering::new(here, PATIENCE).shutdown().await.unwrap();
        assert!((PATIENCE..2 * PATIENCE).contains(&begun.elapsed()));
        drop(there);
    }
}
