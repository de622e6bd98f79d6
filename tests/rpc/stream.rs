//! Streams: order, bad articles, bad messages, deadlines.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use khabar::analyze::Engine;
use khabar::cancel::CancelFlag;
use khabar::fault::Fault;
use khabar::limits::Limits;
use khabar::proto;
use khabar::proto::CacheStatus;
use khabar::proto::analyze_stream_response::Outcome;
use khabar::server::ServerOptions;
use khabar::service::job::Job;
use prost::Message;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_stream::{Stream, StreamExt};
use tonic::client::Grpc;
use tonic::{Code, Request, Status, Streaming};

use crate::support::clock::Clock;
use crate::support::gate::{Gate, HOLD, PANIC};
use crate::support::raw::BytesCodec;
use crate::support::{Client, TestServer, item_reason, meaning, stream_request};

type Answers = Streaming<proto::AnalyzeStreamResponse>;

/// An open stream: send requests, get answers.
async fn open(client: &mut Client) -> (mpsc::Sender<proto::AnalyzeStreamRequest>, Answers) {
    let (requests, receiver) = mpsc::channel(1_000);
    let answers = client.analyze_stream(ReceiverStream::new(receiver)).await.unwrap();
    (requests, answers.into_inner())
}

/// The id of an answer, and its normalized text or the reason of its error.
fn outcome(answer: &proto::AnalyzeStreamResponse) -> (&str, String) {
    let outcome = match answer.outcome.as_ref().unwrap() {
        Outcome::Result(result) => result.normalized_text.clone(),
        Outcome::Error(status) => item_reason(status),
    };
    (&answer.id, outcome)
}

/// All answers until the end, and how the stream ended.
async fn rest<T>(answers: impl Stream<Item = Result<T, Status>>) -> (Vec<T>, Result<(), Status>) {
    let mut answers = std::pin::pin!(answers);
    let mut all = Vec::new();
    while let Some(answer) = answers.next().await {
        match answer {
            Ok(answer) => all.push(answer),
            Err(status) => return (all, Err(status)),
        }
    }
    (all, Ok(()))
}

#[tokio::test]
async fn answers_come_in_the_order_of_requests() {
    let server = TestServer::start().await;
    // The first is by far the longest.
    let lengths = [20_000, 1, 500, 1, 1, 3_000, 1];
    let texts = lengths.map(|length| "خبر ".repeat(length));
    let ids: Vec<_> = (0..100).map(|number| format!("n{number}")).collect();
    let requests = ids.iter().zip(texts.iter().cycle());
    let requests: Vec<_> = requests.map(|(id, text)| stream_request(id, text)).collect();
    let answers = server.client().await.analyze_stream(tokio_stream::iter(requests)).await;
    let (answers, end) = rest(answers.unwrap().into_inner()).await;
    end.unwrap();
    let answered: Vec<_> = answers.iter().map(|answer| answer.id.clone()).collect();
    assert_eq!(answered, ids);
}

#[tokio::test]
async fn a_bad_article_fills_its_answer_and_never_ends_the_stream() {
    let gate = Gate::new();
    let limits = Limits { max_text_bytes: 4_000, max_answer_bytes: 3_000, ..Limits::default() };
    let options = ServerOptions { limits, ..ServerOptions::default() };
    let server = TestServer::with(options, |it| gate.before(it)).await;
    let long_id = "م".repeat(200);
    let requests = [
        stream_request("a", "أول"),
        stream_request("b", ""),
        proto::AnalyzeStreamRequest { id: "c".into(), request: None },
        stream_request("d", PANIC),
        stream_request("e", &"خ".repeat(3_000)),
        stream_request("f", &"خ".repeat(1_900)),
        stream_request(&long_id, "خبر"),
        stream_request("", "آخر"),
    ];
    let answers = server.client().await.analyze_stream(tokio_stream::iter(requests)).await;
    let (answers, end) = rest(answers.unwrap().into_inner()).await;
    end.unwrap();
    let outcomes: Vec<_> = answers.iter().map(outcome).collect();
    let expected = [
        ("a", "أول"),
        ("b", "INVALID_FIELD"),
        ("c", "INVALID_FIELD"),
        ("d", "INTERNAL"),
        ("e", "TEXT_TOO_LONG"),
        ("f", "ANSWER_TOO_LARGE"),
        (&long_id[..256], "INVALID_FIELD"),
        ("", "آخر"),
    ];
    assert_eq!(outcomes, expected.map(|(id, outcome)| (id, outcome.to_owned())));
    assert!(answers.iter().all(|answer| !answer.engine_version.is_empty()));
}

#[tokio::test]
async fn answers_tell_how_the_cache_took_part() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    let (requests, mut answers) = open(&mut client).await;
    for expected in [CacheStatus::Miss, CacheStatus::Hit] {
        requests.send(stream_request("", "خبر")).await.unwrap();
        assert_eq!(answers.next().await.unwrap().unwrap().cache_status(), expected);
    }
}

/// A stream of any bytes as messages.
async fn raw_stream(
    server: &TestServer,
    messages: impl Stream<Item = Bytes> + Send + 'static,
) -> impl Stream<Item = Result<Bytes, Status>> {
    let mut grpc = Grpc::new(server.channel().await);
    grpc.ready().await.unwrap();
    let path = "/khabar.v1.TextAnalyticsService/AnalyzeStream".parse().unwrap();
    grpc.streaming(Request::new(messages), path, BytesCodec).await.unwrap().into_inner()
}

#[tokio::test]
async fn a_message_that_cannot_be_decoded_ends_the_stream_after_all_earlier_answers() {
    let server = TestServer::start().await;
    let message = |id: &str, text: &str| Bytes::from(stream_request(id, text).encode_to_vec());
    for (bad, expected) in [
        (Bytes::from_static(b"\x0a\x7f"), (Code::Internal, "MALFORMED_MESSAGE")),
        (Bytes::from(vec![0xff; 100_000]), (Code::Internal, "MALFORMED_MESSAGE")),
        (message("x", &"خ".repeat(3 << 20)), (Code::OutOfRange, "MESSAGE_TOO_LARGE")),
    ] {
        let messages = [
            message("a", &"خبر ".repeat(10_000)),
            message("b", ""),
            message("c", "خبر"),
            bad,
            message("d", "بعد"),
        ];
        let (answers, end) = rest(raw_stream(&server, tokio_stream::iter(messages)).await).await;
        let ids =
            answers.iter().map(|it| proto::AnalyzeStreamResponse::decode(&it[..]).unwrap().id);
        assert_eq!(ids.collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(meaning(&end.unwrap_err()), (expected.0, expected.1.to_owned()));
    }
}

#[tokio::test]
async fn work_in_flight_is_bounded() {
    let gate = Gate::new();
    let options = ServerOptions { pool_threads: 64, ..ServerOptions::default() };
    let server = TestServer::with(options, |it| gate.before(it)).await;
    let requests: Vec<_> =
        (0..50).map(|number| stream_request("", &format!("{HOLD} {number}"))).collect();
    let answers = server.client().await.analyze_stream(tokio_stream::iter(requests)).await;
    let answers = answers.unwrap().into_inner();
    gate.until(|counts| counts.held == 16).await;
    // The 17th is not read; a call that comes later overtakes it.
    server.client().await.analyze(crate::support::analyze("خبر")).await.unwrap();
    assert_eq!(gate.counts().held, 16);
    gate.open();
    let (answers, end) = rest(answers).await;
    end.unwrap();
    assert_eq!(answers.len(), 50);
}

#[tokio::test]
async fn bytes_in_flight_are_bounded() {
    let gate = Gate::new();
    let options = ServerOptions { pool_threads: 64, ..ServerOptions::default() };
    let server = TestServer::with(options, |it| gate.before(it)).await;
    // Nine of them are more than 8 MiB: the tenth waits outside.
    let text = |number| format!("{HOLD} {number} {}", "x".repeat(1_000_000));
    let requests: Vec<_> = (0..12).map(|number| stream_request("", &text(number))).collect();
    let answers = server.client().await.analyze_stream(tokio_stream::iter(requests)).await;
    let answers = answers.unwrap().into_inner();
    gate.until(|counts| counts.held == 9).await;
    server.client().await.analyze(crate::support::analyze("خبر")).await.unwrap();
    assert_eq!(gate.counts().held, 9);
    drop(answers);
    gate.until(|counts| counts.called_off == 9).await;
}

#[tokio::test]
async fn bulk_work_leaves_room_for_unary_calls() {
    let gate = Gate::new();
    let options = ServerOptions { pool_threads: 2, pool_queue: 2, ..ServerOptions::default() };
    let server = TestServer::with(options, |it| gate.before(it)).await;
    let requests: Vec<_> =
        (0..16).map(|number| stream_request("", &format!("{HOLD} {number}"))).collect();
    let answers = server.client().await.analyze_stream(tokio_stream::iter(requests)).await;
    let answers = answers.unwrap().into_inner();
    gate.until(|counts| counts.held == 2).await;
    let unary = tokio::spawn({
        let mut client = server.client().await;
        async move { client.analyze(crate::support::analyze("خبر")).await }
    });
    gate.open();
    unary.await.unwrap().unwrap();
    let (answers, end) = rest(answers).await;
    end.unwrap();
    assert!(answers.iter().all(|answer| matches!(answer.outcome, Some(Outcome::Result(_)))));
}

#[tokio::test]
async fn an_article_that_takes_too_long_fails_alone() {
    let gate = Gate::new();
    // Long enough for the fast article on a busy machine too.
    let limits = Limits { max_deadline: Duration::from_secs(1), ..Limits::default() };
    let options = ServerOptions { limits, pool_threads: 2, ..ServerOptions::default() };
    let server = TestServer::with(options, |it| gate.before(it)).await;
    let mut client = server.client().await;
    let (requests, mut answers) = open(&mut client).await;
    requests.send(stream_request("slow", HOLD)).await.unwrap();
    let answer = answers.next().await.unwrap().unwrap();
    assert_eq!(outcome(&answer), ("slow", "DEADLINE_EXCEEDED".to_owned()));
    gate.until(|counts| counts.called_off == counts.held).await;
    requests.send(stream_request("fast", "خبر")).await.unwrap();
    let answer = answers.next().await.unwrap().unwrap();
    assert_eq!(outcome(&answer), ("fast", "خبر".to_owned()));
}

#[tokio::test]
async fn an_article_that_waits_too_long_to_be_decoded_fails_alone() {
    let limits = Limits { max_deadline: Duration::from_millis(50), ..Limits::default() };
    let options = ServerOptions { limits, pool_threads: 1, ..ServerOptions::default() };
    // The only thread is stuck with the first article, whatever its deadline;
    // the second is so long that it is decoded there too.
    let (release, stuck) = std::sync::mpsc::channel::<()>();
    let stuck = Mutex::new(stuck);
    let compute = move |_: &Engine, _: &Job, _: &CancelFlag| {
        let _ = stuck.lock().unwrap().recv();
        Err(Fault::Cancelled)
    };
    let server = TestServer::with(options, |it| it.with_compute(Arc::new(compute))).await;
    let mut client = server.client().await;
    let (requests, answers) = open(&mut client).await;
    requests.send(stream_request("first", "خبر")).await.unwrap();
    requests.send(stream_request("second", &"x".repeat(100_000))).await.unwrap();
    drop(requests);
    let (answers, end) = rest(answers).await;
    end.unwrap();
    let outcomes: Vec<_> = answers.iter().map(outcome).collect();
    let expected = ["first", "second"].map(|id| (id, "DEADLINE_EXCEEDED".to_owned()));
    assert_eq!(outcomes, expected);
    drop(release);
}

#[tokio::test]
async fn a_stream_ends_at_its_callers_deadline() {
    let gate = Gate::new();
    let server = TestServer::with(ServerOptions::default(), |it| gate.before(it)).await;
    let (requests, receiver) = mpsc::channel(1);
    let mut request = Request::new(ReceiverStream::new(receiver));
    request.metadata_mut().insert("grpc-timeout", "200m".parse().unwrap());
    requests.send(stream_request("a", HOLD)).await.unwrap();
    let answers = server.client().await.analyze_stream(request).await.unwrap().into_inner();
    let (answers, end) = rest(answers).await;
    assert!(answers.is_empty());
    assert_eq!(meaning(&end.unwrap_err()), (Code::DeadlineExceeded, "DEADLINE_EXCEEDED".into()));
    gate.until(|counts| counts.called_off == counts.held).await;
}

#[tokio::test]
async fn a_stream_at_the_end_of_its_life_answers_all_it_has_read() {
    let clock = Clock::stop();
    let gate = Gate::new();
    let lifetime = Duration::from_secs(5);
    let limits = Limits { max_stream_lifetime: lifetime, ..Limits::default() };
    let options = ServerOptions { limits, ..ServerOptions::default() };
    let server = TestServer::with(options, |it| gate.before(it)).await;
    let mut client = server.client().await;
    let (requests, answers) = open(&mut client).await;
    requests.send(stream_request("a", HOLD)).await.unwrap();
    gate.until(|counts| counts.held == 1).await;
    let reading = tokio::spawn(rest(answers));
    clock.pass(lifetime.as_secs() + 1).await;
    gate.open();
    let (answers, end) = reading.await.unwrap();
    assert_eq!(answers.iter().map(outcome).collect::<Vec<_>>(), [("a", HOLD.to_owned())]);
    assert_eq!(meaning(&end.unwrap_err()), (Code::DeadlineExceeded, "DEADLINE_EXCEEDED".into()));
}

#[tokio::test]
async fn a_stream_that_its_caller_leaves_stops_its_work() {
    let gate = Gate::new();
    let server = TestServer::with(ServerOptions::default(), |it| gate.before(it)).await;
    let mut client = server.client().await;
    let (requests, answers) = open(&mut client).await;
    requests.send(stream_request("a", HOLD)).await.unwrap();
    gate.until(|counts| counts.held == 1).await;
    drop(answers);
    gate.until(|counts| counts.called_off == 1).await;
}
