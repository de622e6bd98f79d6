//! Callers that do not take their answers.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use http_body::Frame;
use http_body_util::StreamBody;
use khabar::proto;
use khabar::server::ServerOptions;
use tonic::Code;

use super::{ANALYZE, others_are_served};
use crate::support::clock::Clock;
use crate::support::gate::Gate;
use crate::support::raw::{self, framed, post};
use crate::support::{TestServer, analyze, article, meaning, stream_request};

/// How much a caller takes of an answer that it does not read.
const WINDOW: u32 = 16 << 10;

/// A request that is quickly answered, by more than fits into the window.
fn long(title: &str) -> proto::AnalyzeRequest {
    let features = vec![proto::Feature::Normalize.into()];
    let article = proto::Article { title: title.to_owned(), ..article(&"خبر ".repeat(10_000)) };
    let options = proto::AnalyzeOptions { features, ..proto::AnalyzeOptions::default() };
    proto::AnalyzeRequest { article: Some(article), options: Some(options) }
}

fn patience() -> u64 {
    ServerOptions::default().stall_timeout.as_secs()
}

#[tokio::test]
async fn a_caller_that_takes_nothing_of_its_answer_is_closed_and_its_place_is_free_again() {
    let clock = Clock::stop();
    let options = ServerOptions { max_in_flight: 1, ..ServerOptions::default() };
    let server = TestServer::with(options, |server| server).await;
    let (mut sender, connection) = raw::connection(server.address, WINDOW).await;
    let request = post(ANALYZE).body(framed(&long(""))).unwrap();
    let unread = sender.send_request(request).await.unwrap();
    let refused = server.client().await.analyze(analyze("خبر")).await.unwrap_err();
    assert_eq!(meaning(&refused), (Code::ResourceExhausted, "OVERLOADED".into()));
    let (_, seconds) = clock.until(connection).await;
    assert!((patience()..patience() + 15).contains(&seconds), "{seconds}");
    server.client().await.analyze(analyze("خبر")).await.unwrap();
    drop(unread);
}

#[tokio::test]
async fn other_calls_on_a_stalled_connection_are_answered_before_it_is_closed() {
    let clock = Clock::stop();
    let options =
        ServerOptions { stall_timeout: Duration::from_secs(4), ..ServerOptions::default() };
    let server = TestServer::with(options, |server| server).await;
    let (mut sender, connection) = raw::connection(server.address, WINDOW).await;
    let request = post(ANALYZE).body(framed(&long(""))).unwrap();
    let unread = sender.send_request(request).await.unwrap();
    // Another call, which takes its time to be sent.
    let (rest, later) = tokio::sync::oneshot::channel::<Bytes>();
    let body = stream::once(async { Ok::<_, Infallible>(Frame::data(later.await.unwrap())) });
    let request = post(ANALYZE).body(raw::boxed(StreamBody::new(body))).unwrap();
    let slow = tokio::spawn(sender.send_request(request));
    // By now the connection was told to close.
    clock.pass(7).await;
    assert!(!connection.is_finished() && !slow.is_finished());
    rest.send(raw::frame(&analyze("خبر"))).unwrap();
    let answer = slow.await.unwrap().unwrap();
    assert_eq!(answer.status(), 200);
    assert!(!answer.headers().contains_key("grpc-status"), "no refusal");
    drop(answer);
    let (_, seconds) = clock.until(connection).await;
    assert!(seconds < 10, "{seconds}");
    drop(unread);
}

#[tokio::test]
async fn a_stream_whose_answers_nobody_takes_works_no_further_and_is_closed() {
    let clock = Clock::stop();
    let gate = Gate::new();
    let server = TestServer::with(ServerOptions::default(), |it| gate.before(it)).await;
    let (mut sender, connection) = raw::connection(server.address, WINDOW).await;
    let messages = (0..2_000).map(|number| {
        let mut request = stream_request("", "");
        request.request = Some(long(&number.to_string()));
        Ok::<_, Infallible>(Frame::data(raw::frame(&request)))
    });
    let body = raw::boxed(StreamBody::new(stream::iter(messages)));
    let path = "/khabar.v1.TextAnalyticsService/AnalyzeStream";
    let unread = sender.send_request(post(path).body(body).unwrap()).await.unwrap();
    // As many as are worked on at once.
    gate.until(|counts| counts.begun >= 16).await;
    let (_, seconds) = clock.until(connection).await;
    assert!((patience()..patience() + 15).contains(&seconds), "{seconds}");
    // Beside them those that wait to be taken, and what is on its way.
    let begun = gate.counts().begun;
    assert!(begun <= 20, "{begun}");
    others_are_served(&server).await;
    drop(unread);
}
