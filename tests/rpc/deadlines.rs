//! Deadlines, and more work than there is room for.

use std::time::Duration;

use khabar::limits::Limits;
use khabar::server::ServerOptions;
use tonic::{Code, Request};
use tonic_types::StatusExt;

use crate::support::gate::{Gate, HOLD};
use crate::support::{TestServer, analyze, meaning, raw};

/// Deadlines to try, in milliseconds, the shortest first: on a busy machine a short one may
/// pass before the work has begun, which would show nothing of how it stops.
const DEADLINES_MS: [u64; 4] = [50, 250, 1_500, 9_000];

#[tokio::test]
async fn a_callers_deadline_ends_in_deadline_exceeded_and_stops_the_work() {
    let gate = Gate::new();
    let server = TestServer::with(ServerOptions::default(), |it| gate.before(it)).await;
    for deadline in DEADLINES_MS {
        // By hand: the client library would end the call itself, with CANCELLED.
        let request = raw::post("/khabar.v1.TextAnalyticsService/Analyze")
            .header("grpc-timeout", format!("{deadline}m"))
            .body(raw::framed(&analyze(HOLD)))
            .unwrap();
        let status = raw::exchange(server.address, request).await;
        assert_eq!(meaning(&status), (Code::DeadlineExceeded, "DEADLINE_EXCEEDED".into()));
        if gate.counts().held > 0 {
            break;
        }
    }
    gate.until(|counts| counts.held > 0 && counts.called_off == counts.held).await;
}

#[tokio::test]
async fn a_deadline_that_passes_in_the_queue_drops_the_work_unstarted() {
    let gate = Gate::new();
    let options = ServerOptions { pool_threads: 1, ..ServerOptions::default() };
    let server = TestServer::with(options, |it| gate.before(it)).await;
    let running = tokio::spawn({
        let mut client = server.client().await;
        async move { client.analyze(analyze(HOLD)).await }
    });
    gate.until(|counts| counts.held == 1).await;
    let request = raw::post("/khabar.v1.TextAnalyticsService/Analyze")
        .header("grpc-timeout", "50m")
        .body(raw::framed(&analyze("خبر")))
        .unwrap();
    let status = raw::exchange(server.address, request).await;
    assert_eq!(meaning(&status), (Code::DeadlineExceeded, "DEADLINE_EXCEEDED".into()));
    gate.open();
    running.await.unwrap().unwrap();
    server.client().await.analyze(analyze("آخر")).await.unwrap();
    assert_eq!(gate.counts().begun, 2, "the first and the last");
}

#[tokio::test]
async fn the_servers_cap_ends_calls_without_a_deadline() {
    let gate = Gate::new();
    for deadline in DEADLINES_MS {
        let max_deadline = Duration::from_millis(deadline);
        let limits = Limits { max_deadline, ..Limits::default() };
        let options = ServerOptions { limits, ..ServerOptions::default() };
        let server = TestServer::with(options, |it| gate.before(it)).await;
        let status = server.client().await.analyze(analyze(HOLD)).await.unwrap_err();
        assert_eq!(meaning(&status), (Code::DeadlineExceeded, "DEADLINE_EXCEEDED".into()));
        if gate.counts().held > 0 {
            break;
        }
    }
    gate.until(|counts| counts.held > 0 && counts.called_off == counts.held).await;
}

#[tokio::test]
async fn a_timeout_that_is_none_is_invalid() {
    let server = TestServer::start().await;
    let mut request = Request::new(analyze("خبر"));
    request.metadata_mut().insert("grpc-timeout", "soon".parse().unwrap());
    let status = server.client().await.analyze(request).await.unwrap_err();
    assert_eq!(meaning(&status), (Code::InvalidArgument, "INVALID_FIELD".into()));
}

#[tokio::test]
async fn a_full_queue_answers_at_once_with_when_to_try_again() {
    let gate = Gate::new();
    let options = ServerOptions { pool_threads: 1, pool_queue: 1, ..ServerOptions::default() };
    let server = TestServer::with(options, |it| gate.before(it)).await;
    let client = server.client().await;
    let ask = |text: String| {
        let mut client = client.clone();
        tokio::spawn(async move { client.analyze(analyze(&text)).await })
    };
    let running = ask(HOLD.to_owned());
    gate.until(|counts| counts.held == 1).await;
    // One of these waits in the queue, the other finds it full.
    let (one, other) = (ask(format!("{HOLD} 1")), ask(format!("{HOLD} 2")));
    let (refused, waiting) = tokio::select! {
        biased;
        refused = one => (refused, ask(format!("{HOLD} 2"))),
        refused = other => (refused, ask(format!("{HOLD} 1"))),
    };
    let status = refused.unwrap().unwrap_err();
    assert_eq!(meaning(&status), (Code::ResourceExhausted, "OVERLOADED".into()));
    assert!(status.get_error_details().retry_info().unwrap().retry_delay.is_some());
    gate.open();
    running.await.unwrap().unwrap();
    waiting.await.unwrap().unwrap();
}

#[tokio::test]
async fn calls_beyond_those_in_flight_are_refused_and_probes_are_not() {
    let gate = Gate::new();
    let options = ServerOptions { max_in_flight: 1, ..ServerOptions::default() };
    let server = TestServer::with(options, |it| gate.before(it)).await;
    let running = tokio::spawn({
        let mut client = server.client().await;
        async move { client.analyze(analyze(HOLD)).await }
    });
    gate.until(|counts| counts.held == 1).await;
    let status = server.client().await.analyze(analyze("خبر")).await.unwrap_err();
    assert_eq!(meaning(&status), (Code::ResourceExhausted, "OVERLOADED".into()));
    let mut probe = tonic_health::pb::health_client::HealthClient::new(server.channel().await);
    probe.check(tonic_health::pb::HealthCheckRequest::default()).await.unwrap();
    gate.open();
    running.await.unwrap().unwrap();
}
