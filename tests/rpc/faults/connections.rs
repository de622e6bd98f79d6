//! Connections that are opened and not used.

use std::time::Duration;

use futures_util::future::join_all;
use khabar::server::{Drained, ServerOptions};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use super::others_are_served;
use crate::support::clock::Clock;
use crate::support::{TestServer, analyze, frames, raw};

/// Connections may be idle for two minutes.
fn idle() -> ServerOptions {
    ServerOptions { idle_timeout: Duration::from_mins(2), ..ServerOptions::default() }
}

/// How many connections there are of those that nobody uses.
const THOUSANDS: usize = 2_000;

/// Opens connections that nobody uses; every other one never even speaks.
/// Fewer of them where the system lets a process have fewer files open.
async fn unused(server: &TestServer) -> Vec<TcpStream> {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    let _ = setrlimit(Resource::Nofile, raised);
    let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    // Both ends are this process's, and so are the other tests' files.
    let most = usize::try_from(files / 3).unwrap_or(usize::MAX);
    if most < THOUSANDS {
        eprintln!("{most} idle connections in place of {THOUSANDS}: {files} files may be open");
    }
    let mut unused = Vec::new();
    for number in 0..THOUSANDS.min(most) {
        unused.push(match number % 2 {
            0 => TcpStream::connect(server.address).await.unwrap(),
            _ => frames::connect(server.address).await,
        });
    }
    unused
}

async fn ended(mut connection: TcpStream) {
    let mut rest = Vec::new();
    let _ = connection.read_to_end(&mut rest).await;
}

#[tokio::test]
async fn a_connection_that_never_speaks_is_closed_when_idle_for_too_long() {
    let clock = Clock::stop();
    let server = TestServer::with(idle(), |server| server).await;
    let silent = TcpStream::connect(server.address).await.unwrap();
    let ((), seconds) = clock.until(ended(silent)).await;
    let idle = idle().idle_timeout.as_secs();
    assert!((idle..idle + 30).contains(&seconds), "{seconds}");
    others_are_served(&server).await;
}

#[tokio::test]
async fn a_connection_that_answers_no_ping_is_closed() {
    let clock = Clock::stop();
    let server = TestServer::start().await;
    let silent = frames::connect(server.address).await;
    let ((), seconds) = clock.until(ended(silent)).await;
    let keepalive = ServerOptions::default().keepalive.as_secs();
    assert!((2 * keepalive..2 * keepalive + 10).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn a_connection_in_use_is_not_idle() {
    let clock = Clock::stop();
    let server = TestServer::with(idle(), |server| server).await;
    let idle = idle().idle_timeout.as_secs();
    let (sender, connection) = raw::connection(server.address, 1 << 20).await;
    for _ in 0..3 {
        // Most of the time that it may be idle.
        clock.pass(idle * 4 / 5).await;
        raw::ask(&sender, &analyze("خبر")).await;
    }
    assert!(!connection.is_finished());
    let (_, seconds) = clock.until(connection).await;
    assert!((idle..idle + 30).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn others_are_served_beside_thousands_of_idle_connections_which_are_closed_in_time() {
    let clock = Clock::stop();
    let options = ServerOptions { keepalive: Duration::from_hours(1), ..idle() };
    let server = TestServer::with(options, |server| server).await;
    let unused = unused(&server).await;
    let ((), seconds) = clock.until(others_are_served(&server)).await;
    assert!(seconds < 20, "{seconds}");
    let (_, seconds) = clock.until(join_all(unused.into_iter().map(ended))).await;
    let idle = idle().idle_timeout.as_secs();
    assert!((idle - 20..idle + 30).contains(&seconds), "{seconds}");
    others_are_served(&server).await;
}

#[tokio::test]
async fn thousands_of_idle_connections_make_room_for_others() {
    let clock = Clock::stop();
    let options = ServerOptions { max_connections: THOUSANDS, ..ServerOptions::default() };
    let server = TestServer::with(options, |server| server).await;
    let _unused = unused(&server).await;
    for _ in 0..20 {
        let ((), seconds) = clock.until(others_are_served(&server)).await;
        assert!(seconds < 20, "{seconds}");
    }
}

#[tokio::test]
async fn silent_connections_do_not_hold_up_the_drain() {
    let clock = Clock::stop();
    let mut server = TestServer::start().await;
    let silent =
        [TcpStream::connect(server.address).await.unwrap(), frames::connect(server.address).await];
    others_are_served(&server).await;
    server.shut_down();
    let (drained, seconds) = clock.until(server.ended()).await;
    assert_eq!(drained, Drained::Clean);
    assert!(seconds < 10, "{seconds}");
    drop(silent);
}
