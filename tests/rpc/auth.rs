//! Keys: who is let in, and how much each may ask for.

use std::time::Duration;

use futures_util::stream::FuturesUnordered;
use khabar::cache::CacheOptions;
use khabar::keys::{Entry, KeyRing, Rate, digest_of};
use khabar::pool::Priority;
use khabar::proto;
use khabar::server::ServerOptions;
use tokio::time::Instant;
use tokio_stream::StreamExt;
use tonic::{Code, Request, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_types::StatusExt;

use crate::support::gate::{Gate, HOLD};
use crate::support::{TestServer, analyze, meaning, raw, stream_request, took};

/// A line of the keys file for a key that is its own name.
fn line(name: &str, rate: Option<(u32, u32)>, priority: Priority) -> String {
    let rate = rate.map(|(per_second, burst)| Rate { per_second, burst });
    Entry { name: name.into(), digest: digest_of(name), rate, priority }.to_string() + "\n"
}

fn unlimited(name: &str) -> String {
    line(name, None, Priority::Interactive)
}

async fn start(options: ServerOptions, contents: &str) -> (KeyRing, TestServer) {
    let keys = KeyRing::parse(contents).unwrap();
    let server = TestServer::with(options, |server| server.with_keys(keys.clone())).await;
    (keys, server)
}

fn with_key<T>(key: &str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("authorization", format!("Bearer {key}").parse().unwrap());
    request
}

fn info() -> proto::GetServerInfoRequest {
    proto::GetServerInfoRequest {}
}

fn batch(articles: usize) -> proto::AnalyzeBatchRequest {
    let articles = vec![crate::support::article("خبر"); articles];
    proto::AnalyzeBatchRequest { articles, ..Default::default() }
}

fn retry_delay(status: &Status) -> Duration {
    status.get_error_details().retry_info().unwrap().retry_delay.unwrap()
}

async fn reflection(server: &TestServer) -> Result<(), Status> {
    let mut client = ServerReflectionClient::new(server.channel().await);
    client.server_reflection_info(tokio_stream::empty()).await.map(|_| ())
}

async fn health(server: &TestServer) -> Result<(), Status> {
    let mut client = HealthClient::new(server.channel().await);
    client.check(HealthCheckRequest::default()).await.map(|_| ())
}

#[tokio::test]
async fn a_call_without_a_key_or_with_an_unknown_one_is_unauthenticated() {
    let (_, server) = start(ServerOptions::default(), &unlimited("desk")).await;
    let mut client = server.client().await;
    let missing = (Code::Unauthenticated, "MISSING_KEY".to_owned());
    let status = client.analyze(analyze("خبر")).await.unwrap_err();
    assert_eq!(meaning(&status), missing);
    let requests = tokio_stream::iter([stream_request("1", "خبر")]);
    let status = client.analyze_stream(requests).await.unwrap_err();
    assert_eq!(meaning(&status), missing);
    let unheard_of = raw::call(server.channel().await, "/khabar.v9.Oracle/Ask", &b""[..]).await;
    assert_eq!(meaning(&unheard_of.unwrap_err()), missing);
    for key in ["des", "deskk", "Desk"] {
        let status = client.analyze(with_key(key, analyze("خبر"))).await.unwrap_err();
        assert_eq!(meaning(&status), (Code::Unauthenticated, "UNKNOWN_KEY".into()), "{key}");
        assert!(!status.message().contains(key));
    }
    client.analyze(with_key("desk", analyze("خبر"))).await.unwrap();
}

#[tokio::test]
async fn health_stays_open_and_reflection_does_not_unless_told_otherwise() {
    let (_, server) = start(ServerOptions::default(), &unlimited("desk")).await;
    health(&server).await.unwrap();
    let status = reflection(&server).await.unwrap_err();
    assert_eq!(meaning(&status), (Code::Unauthenticated, "MISSING_KEY".into()));
    let mut client = ServerReflectionClient::new(server.channel().await);
    client.server_reflection_info(with_key("desk", tokio_stream::empty())).await.unwrap();

    let options =
        ServerOptions { open_health: false, open_reflection: true, ..ServerOptions::default() };
    let (_, server) = start(options, &unlimited("desk")).await;
    reflection(&server).await.unwrap();
    let status = health(&server).await.unwrap_err();
    assert_eq!(meaning(&status), (Code::Unauthenticated, "MISSING_KEY".into()));
}

#[tokio::test]
async fn a_batch_counts_its_articles_and_the_next_call_is_told_when_to_come_again() {
    let slow = line("archive", Some((1, 1)), Priority::Bulk);
    let (_, server) = start(ServerOptions::default(), &(slow + &unlimited("desk"))).await;
    let mut client = server.client().await;
    client.analyze_batch(with_key("archive", batch(64))).await.unwrap();
    let status = client.get_server_info(with_key("archive", info())).await.unwrap_err();
    assert_eq!(meaning(&status), (Code::ResourceExhausted, "RATE_EXCEEDED".into()));
    let delay = retry_delay(&status);
    assert!((Duration::from_secs(30)..=Duration::from_secs(65)).contains(&delay), "{delay:?}");
    client.get_server_info(with_key("desk", info())).await.unwrap();
}

#[tokio::test]
async fn a_stream_is_read_no_faster_than_the_rate_allows() {
    let slow = line("archive", Some((10, 1)), Priority::Bulk);
    let (_, server) = start(ServerOptions::default(), &slow).await;
    let requests = ["1", "2", "3", "4"].map(|id| stream_request(id, "خبر"));
    let begun = Instant::now();
    let request = with_key("archive", tokio_stream::iter(requests));
    let answers = server.client().await.analyze_stream(request).await.unwrap();
    let answers: Vec<_> = answers.into_inner().collect().await;
    assert!(answers.len() == 4 && answers.iter().all(Result::is_ok));
    // The call pays for the first; two more have to come in before the fourth.
    assert!(begun.elapsed() >= Duration::from_millis(200));
}

#[tokio::test]
async fn replaced_keys_hold_for_the_next_call_on_an_open_connection() {
    let (keys, server) = start(ServerOptions::default(), &unlimited("old")).await;
    let mut client = server.client().await;
    client.get_server_info(with_key("old", info())).await.unwrap();
    keys.replace(&unlimited("new")).unwrap();
    let status = client.get_server_info(with_key("old", info())).await.unwrap_err();
    assert_eq!(meaning(&status), (Code::Unauthenticated, "UNKNOWN_KEY".into()));
    client.get_server_info(with_key("new", info())).await.unwrap();
}

#[tokio::test]
async fn kept_answers_are_for_the_caller_they_were_made_for_unless_the_cache_is_shared() {
    for (shared, others) in [(false, "miss"), (true, "hit")] {
        let cache = CacheOptions { shared, ..CacheOptions::default() };
        let options = ServerOptions { cache, ..ServerOptions::default() };
        let contents = unlimited("desk") + &unlimited("archive");
        let (_, server) = start(options, &contents).await;
        let mut client = server.client().await;
        for (key, expected) in [("desk", "miss"), ("desk", "hit"), ("archive", others)] {
            let response = client.analyze(with_key(key, analyze("خبر"))).await.unwrap();
            assert_eq!(took(&response), expected, "{key}, shared: {shared}");
        }
        let status = |answer: proto::AnalyzeStreamResponse| answer.cache_status();
        let request = with_key("archive", tokio_stream::iter([stream_request("1", "نبأ")]));
        let mut answers = client.analyze_stream(request).await.unwrap().into_inner();
        assert_eq!(status(answers.next().await.unwrap().unwrap()), proto::CacheStatus::Miss);
        let response = client.analyze(with_key("desk", analyze("نبأ"))).await.unwrap();
        assert_eq!(took(&response), others, "shared: {shared}");
    }
}

#[tokio::test]
async fn unary_calls_of_a_bulk_caller_give_way_to_interactive_ones() {
    let gate = Gate::new();
    let contents = line("archive", None, Priority::Bulk) + &unlimited("desk");
    let keys = KeyRing::parse(&contents).unwrap();
    let options = ServerOptions { pool_threads: 1, pool_queue: 2, ..ServerOptions::default() };
    let server =
        TestServer::with(options, |server| gate.before(server.with_keys(keys.clone()))).await;
    let client = server.client().await;
    let ask = |key: &'static str, text: String| {
        let mut client = client.clone();
        tokio::spawn(async move { client.analyze(with_key(key, analyze(&text))).await })
    };
    let mut held = ask("archive", HOLD.to_owned());
    tokio::select! {
        () = gate.until(|counts| counts.held == 1) => {}
        ended = &mut held => panic!("{ended:?}"),
    }
    // Bulk work waits for the one thread outside of the queue, which so has
    // room for two interactive calls, and not for three.
    let bulk: Vec<_> = (0..3).map(|number| ask("archive", format!("خبر {number}"))).collect();
    let mut desk: FuturesUnordered<_> =
        (0..3).map(|number| ask("desk", format!("نبأ {number}"))).collect();
    let refused = desk.next().await.unwrap().unwrap().unwrap_err();
    assert_eq!(meaning(&refused), (Code::ResourceExhausted, "OVERLOADED".into()));
    gate.open();
    for answered in bulk.into_iter().chain(desk).chain([held]) {
        answered.await.unwrap().unwrap();
    }
}
