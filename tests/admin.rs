//! The second port over real sockets.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::net::SocketAddr;
use std::sync::Arc;

use khabar::admin::{self, Report};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};

struct Fixed;

impl Report for Fixed {
    fn metrics(&self) -> String {
        "khabar_requests_total 7\n".to_owned()
    }
}

/// Sends one request and tells the status line and the body.
async fn ask(address: SocketAddr, request: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("{request} HTTP/1.1\r\nHost: khabar\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.lines().next().unwrap().to_owned(), body.to_owned())
}

#[tokio::test]
async fn tells_metrics_liveness_and_readiness_until_shut_down() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (ready, readiness) = watch::channel(false);
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(admin::serve(listener, Arc::new(Fixed), readiness, async {
        let _ = stopped.await;
    }));

    assert_eq!(ask(address, "GET /livez").await.0, "HTTP/1.1 200 OK");
    assert_eq!(ask(address, "GET /readyz").await.0, "HTTP/1.1 503 Service Unavailable");
    ready.send(true).unwrap();
    assert_eq!(ask(address, "GET /readyz").await.0, "HTTP/1.1 200 OK");
    ready.send(false).unwrap();
    assert_eq!(ask(address, "GET /readyz").await.0, "HTTP/1.1 503 Service Unavailable");
    assert_eq!(ask(address, "GET /metrics").await.1, "khabar_requests_total 7\n");
    assert_eq!(ask(address, "HEAD /metrics").await.1, "");
    assert_eq!(ask(address, "GET /").await.0, "HTTP/1.1 404 Not Found");
    assert_eq!(ask(address, "POST /metrics").await.0, "HTTP/1.1 405 Method Not Allowed");

    stop.send(()).unwrap();
    serving.await.unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}
