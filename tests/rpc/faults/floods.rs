//! Callers that send a great deal of what costs them little.

use khabar::server::ServerOptions;
use tokio::io::AsyncWriteExt;

use super::{ANALYZE, others_are_served};
use crate::support::frames::{
    CONTINUATION, END_HEADERS, ENHANCE_YOUR_CALM, HEADERS, RST_STREAM, call, connect, field, frame,
    goaway,
};
use crate::support::gate::{Gate, HOLD};
use crate::support::raw::{self, framed, post};
use crate::support::{TestServer, analyze};

/// Sends a flood for as long as the server takes it, and tells how the server
/// ended the connection.
async fn flood(server: &TestServer, parts: impl Iterator<Item = Vec<u8>>) -> Option<u32> {
    let (reading, mut writing) = connect(server.address).await.into_split();
    let reading = tokio::spawn(goaway(reading));
    for part in parts {
        if writing.write_all(&part).await.is_err() {
            break;
        }
    }
    reading.await.unwrap()
}

#[tokio::test]
async fn streams_opened_and_reset_before_they_are_looked_at_close_the_connection() {
    let server = TestServer::start().await;
    let opened = |stream| {
        let cancel = 8u32.to_be_bytes();
        let mut both = frame(HEADERS, END_HEADERS, stream, &call(ANALYZE));
        both.extend(frame(RST_STREAM, 0, stream, &cancel));
        both
    };
    // Many to a packet, so that they come faster than they are looked at.
    let packets = (0..1_000).map(|packet| {
        (0..100).flat_map(|number| opened(2 * (100 * packet + number) + 1)).collect()
    });
    assert_eq!(flood(&server, packets).await, Some(ENHANCE_YOUR_CALM));
    others_are_served(&server).await;
}

#[tokio::test]
async fn calls_made_and_reset_in_a_loop_leave_no_work_behind() {
    let gate = Gate::new();
    let options = ServerOptions { pool_threads: 2, max_in_flight: 300, ..ServerOptions::default() };
    let server = TestServer::with(options, |it| gate.before(it)).await;
    let (mut sender, _connection) = raw::connection(server.address, 1 << 20).await;
    for number in 0..2_000 {
        let text = format!("{HOLD} {number}");
        let call = sender.send_request(post(ANALYZE).body(framed(&analyze(&text))).unwrap());
        let mut call = Box::pin(call);
        assert!(futures_util::poll!(&mut call).is_pending());
        drop(call);
        tokio::task::yield_now().await;
    }
    server.client().await.analyze(analyze("خبر")).await.unwrap();
    gate.until(|counts| counts.held == counts.called_off).await;
}

#[tokio::test]
async fn headers_beyond_the_limit_are_refused() {
    let server = TestServer::start().await;
    let (mut sender, _connection) = raw::connection(server.address, 1 << 20).await;
    let flood = post(ANALYZE).header("x-flood", "x".repeat(20 << 10));
    let response = sender.send_request(flood.body(framed(&analyze("خبر"))).unwrap()).await;
    assert_eq!(response.unwrap().status(), 431);
    // The same connection goes on.
    raw::ask(&sender, &analyze("خبر")).await;
}

#[tokio::test]
async fn headers_that_never_end_close_the_connection() {
    let server = TestServer::start().await;
    let more = field("x-flood", &"x".repeat(100)).repeat(100);
    let first = frame(HEADERS, 0, 1, &call(ANALYZE));
    let rest = std::iter::repeat_with(|| frame(CONTINUATION, 0, 1, &more));
    let parts = std::iter::once(first).chain(rest.take(10_000));
    assert_eq!(flood(&server, parts).await, Some(ENHANCE_YOUR_CALM));
    others_are_served(&server).await;
}
