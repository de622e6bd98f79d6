//! Bytes on the wire that no gRPC client would send: the server answers what
//! can be answered and serves the others on.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{TestServer, analyze};

/// Sends bytes on a connection and waits until the server closes it.
async fn send(server: &TestServer, bytes: &[u8]) {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    // The server may have closed it before all was sent.
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    let _ = stream.read_to_end(&mut Vec::new()).await;
}

#[tokio::test]
async fn what_is_no_http2_does_not_disturb_the_server() {
    let server = TestServer::start().await;
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    send(&server, b"").await;
    send(&server, b"GET / HTTP/1.1\r\nhost: khabar\r\n\r\n").await;
    send(&server, &[0xff; 10_000]).await;
    send(&server, &preface[..10]).await;
    send(&server, preface).await;
    // A frame longer than is allowed, and one of a stream that is not open.
    send(&server, &[&preface[..], &[0xff; 100]].concat()).await;
    send(&server, &[&preface[..], &[0, 0, 1, 0, 0, 0, 0, 0, 9, 1]].concat()).await;
    server.client().await.analyze(analyze("خبر")).await.unwrap();
}
