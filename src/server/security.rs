//! Makes a connection that was accepted one that is spoken on: as it is, or by
//! a handshake of TLS.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_rustls::server::TlsStream;
use tokio_util::either::Either;

use crate::tls::Tls;

/// Handshakes that are made at once. Each costs the server a signature, the
/// caller nothing: more wait for their turn, within their time.
const AT_ONCE: usize = 256;

/// How connections are secured. Clones share the bound on handshakes.
#[derive(Clone)]
pub(super) struct Security {
    tls: Tls,
    within: Duration,
    turns: Arc<Semaphore>,
}

/// A connection that is spoken on.
pub(super) type Secured = Either<TlsStream<TcpStream>, TcpStream>;

impl Security {
    /// Handshakes of TLS that take no longer than `within`.
    pub(super) fn new(tls: Tls, within: Duration) -> Self {
        Self { tls, within, turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

/// Secures a connection, if connections are to be.
pub(super) async fn secure(security: Option<Security>, stream: TcpStream) -> io::Result<Secured> {
    let Some(Security { tls, within, turns }) = security else { return Ok(Either::Right(stream)) };
    let handshake = async {
        let _turn = turns.acquire().await.map_err(io::Error::other)?;
        tls.accept(stream).await.map(Either::Left)
    };
    timeout(within, handshake).await.unwrap_or_else(|elapsed| Err(elapsed.into()))
}
