//! Callers that do not get done with their requests.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use khabar::limits::Limits;
use khabar::server::ServerOptions;
use tonic::{Code, Status};

use super::{ANALYZE, others_are_served};
use crate::support::clock::Clock;
use crate::support::raw::{self, post};
use crate::support::{TestServer, analyze, meaning};

#[tokio::test]
async fn requests_that_are_never_sent_to_the_end_are_ended_at_the_deadline() {
    let clock = Clock::stop();
    let server = TestServer::start().await;
    let (sender, _connection) = raw::connection(server.address, 1 << 20).await;
    let mut calls = tokio::task::JoinSet::new();
    // Nothing but headers; a length and nothing more; half a message.
    let message = raw::frame(&analyze("خبر"));
    for sent in [0, 5, message.len() / 2].into_iter().cycle().take(240) {
        let part = Ok::<_, Infallible>(Frame::data(message.slice(..sent)));
        let body = StreamBody::new(stream::iter([part]).chain(stream::pending()));
        let mut sender = sender.clone();
        let request = post(ANALYZE).body(raw::boxed(body)).unwrap();
        calls.spawn(async move { sender.send_request(request).await.unwrap() });
    }
    // Answered after all of those have come.
    raw::ask(&sender, &analyze("خبر")).await;
    others_are_served(&server).await;
    let (answers, seconds) = clock.until(calls.join_all()).await;
    let deadline = Limits::default().max_deadline.as_secs();
    assert!((deadline..deadline + 5).contains(&seconds), "{seconds}");
    for answer in answers {
        let status = Status::from_header_map(answer.headers()).unwrap();
        let expected = (Code::DeadlineExceeded, "DEADLINE_EXCEEDED".into());
        assert_eq!(meaning(&status), expected);
    }
}

#[tokio::test]
async fn a_stream_on_which_nothing_is_sent_ends_at_the_end_of_its_life() {
    let clock = Clock::stop();
    let lifetime = Duration::from_mins(1);
    let limits = Limits { max_stream_lifetime: lifetime, ..Limits::default() };
    let options = ServerOptions { limits, ..ServerOptions::default() };
    let server = TestServer::with(options, |server| server).await;
    let (mut sender, _connection) = raw::connection(server.address, 1 << 20).await;
    let path = "/khabar.v1.TextAnalyticsService/AnalyzeStream";
    let nothing = StreamBody::new(stream::pending::<Result<Frame<Bytes>, Infallible>>());
    let response = sender.send_request(post(path).body(raw::boxed(nothing)).unwrap());
    let body = response.await.unwrap().into_body();
    others_are_served(&server).await;
    let (ended, seconds) = clock.until(body.collect()).await;
    let lifetime = lifetime.as_secs();
    assert!((lifetime..lifetime + 5).contains(&seconds), "{seconds}");
    let status = Status::from_header_map(ended.unwrap().trailers().unwrap()).unwrap();
    assert_eq!(meaning(&status), (Code::DeadlineExceeded, "DEADLINE_EXCEEDED".into()));
}
