//! The end of a server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use khabar::proto::analyze_stream_response::Outcome;
use khabar::server::{Drained, ServerOptions};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Code;

use crate::support::gate::{Gate, HOLD};
use crate::support::{TestServer, analyze, meaning, stream_request};

async fn gated(options: ServerOptions) -> (Gate, TestServer) {
    let gate = Gate::new();
    let server = TestServer::with(options, |it| gate.before(it)).await;
    (gate, server)
}

#[tokio::test]
async fn what_is_in_flight_at_shutdown_is_answered() {
    let (gate, mut server) = gated(ServerOptions { pool_threads: 40, ..Default::default() }).await;
    let mut calls = Vec::new();
    for number in 0..40 {
        let mut client = server.client().await;
        let text = format!("{HOLD} {number}");
        calls.push(tokio::spawn(async move { client.analyze(analyze(&text)).await }));
    }
    gate.until(|counts| counts.held == 40).await;
    server.shut_down();
    server.ready.wait_for(|ready| !ready).await.unwrap();
    gate.open();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(server.ended().await, Drained::Clean);
}

#[tokio::test]
async fn a_drained_server_takes_no_connections() {
    let server = TestServer::start().await;
    let address = server.address;
    assert_eq!(server.stop().await, Drained::Clean);
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn idle_connections_do_not_hold_up_the_drain() {
    let server = TestServer::start().await;
    let mut idle = Vec::new();
    for _ in 0..20 {
        let mut client = server.client().await;
        client.analyze(analyze("خبر")).await.unwrap();
        idle.push(client);
    }
    assert_eq!(server.stop().await, Drained::Clean);
}

#[tokio::test]
async fn a_stream_answers_all_it_has_read_and_ends_with_unavailable() {
    let (gate, mut server) = gated(ServerOptions { pool_threads: 4, ..Default::default() }).await;
    let (requests, receiver) = mpsc::channel(16);
    let mut client = server.client().await;
    let answers = client.analyze_stream(ReceiverStream::new(receiver)).await.unwrap();
    let mut answers = answers.into_inner();
    for number in 0..3 {
        let id = number.to_string();
        requests.send(stream_request(&id, &format!("{HOLD} {id}"))).await.unwrap();
    }
    gate.until(|counts| counts.held == 3).await;
    server.shut_down();
    server.ready.wait_for(|ready| !ready).await.unwrap();
    gate.open();
    for number in 0..3 {
        let answer = answers.next().await.unwrap().unwrap();
        assert_eq!(answer.id, number.to_string());
        assert!(matches!(answer.outcome, Some(Outcome::Result(_))));
    }
    let end = answers.next().await.unwrap().unwrap_err();
    assert_eq!(meaning(&end), (Code::Unavailable, "DRAINING".into()));
    assert_eq!(server.ended().await, Drained::Clean);
}

#[tokio::test]
async fn what_does_not_end_is_cut_off_in_time() {
    let options = ServerOptions { drain_timeout: Duration::from_millis(100), ..Default::default() };
    let (gate, mut server) = gated(options).await;
    let call = tokio::spawn({
        let mut client = server.client().await;
        async move { client.analyze(analyze(HOLD)).await }
    });
    gate.until(|counts| counts.held == 1).await;
    server.shut_down();
    assert_eq!(server.ended().await, Drained::CutOff);
    assert!(call.await.unwrap().is_err());
    gate.until(|counts| counts.called_off == 1).await;
}

#[tokio::test]
async fn during_the_notice_calls_are_still_answered() {
    let options = ServerOptions { drain_notice: Duration::from_mins(10), ..Default::default() };
    let mut server = TestServer::with(options, |server| server).await;
    server.shut_down();
    server.ready.wait_for(|ready| !ready).await.unwrap();
    server.client().await.analyze(analyze("خبر")).await.unwrap();
}

/// Two replicas on one address, as behind a balancer. One is shut down while
/// callers call on; they reconnect and go on with the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shutdown_under_load_loses_no_request() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let listen = || TcpListener::from_std(listener.try_clone().unwrap()).unwrap();
    // The callers keep a queue standing, and are to be answered all the same.
    let options = ServerOptions { pool_wait: None, ..ServerOptions::default() };
    let mut first = TestServer::on(listen(), options.clone(), |server| server).await;
    let second = TestServer::on(listen(), options, |server| server).await;

    let stop = Arc::new(AtomicBool::new(false));
    let answered = Arc::new(AtomicUsize::new(0));
    let mut callers = Vec::new();
    for caller in 0..16 {
        let mut client = first.client().await;
        let (stop, answered) = (Arc::clone(&stop), Arc::clone(&answered));
        callers.push(tokio::spawn(async move {
            let mut number = 0;
            while !stop.load(Ordering::Relaxed) {
                let text = format!("خبر {caller} {number}");
                match client.analyze(analyze(&text)).await {
                    Ok(_) => {}
                    // The call had not left the client when its connection closed.
                    // Clients try such a call again by themselves ("transparent
                    // retry", gRPC proposal A6); tonic's leaves it to its caller.
                    Err(status) if status.code() == Code::Cancelled => continue,
                    Err(status) => return Err((number, status)),
                }
                answered.fetch_add(1, Ordering::Relaxed);
                number += 1;
            }
            Ok(())
        }));
    }
    let until = async |count| {
        while answered.load(Ordering::Relaxed) < count
            && !callers.iter().any(JoinHandle::is_finished)
        {
            tokio::task::yield_now().await;
        }
    };
    until(200).await;
    first.shut_down();
    assert_eq!(first.ended().await, Drained::Clean);
    until(answered.load(Ordering::Relaxed) + 200).await;
    stop.store(true, Ordering::Relaxed);
    for caller in callers {
        caller.await.unwrap().unwrap();
    }
    assert_eq!(second.stop().await, Drained::Clean);
}
