//! Answers articles as they come, in the order they came.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::FuturesOrdered;
use futures_util::{FutureExt, StreamExt};
use prost::Message;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use tonic::{Code, Status, Streaming};
use tracing::{Instrument, Span};

use super::analyst::Analyst;
use super::handlers::cache_status;
use super::intake::{Intake, StreamItem};
use super::status::item_status;
use super::wire::AnalyzeStreamResponse;
use super::wire::analyze_stream_response::Outcome;
use super::{EncodedAnswer, EncodedRequest};
use crate::fault::Fault;
use crate::layers::{Deadline, Record, stream_fault};
use crate::metrics;
use crate::pool::Priority;
use crate::proto;

/// Answers that wait for the connection to take them. While it does not, no
/// more is read.
const ANSWERS_WAITING: usize = 2;

/// How much of one stream is worked on at once. Nothing more is read until an
/// answer was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Articles.
    pub articles: usize,
    /// Bytes of request messages; one message is read whatever its size.
    pub bytes: usize,
}

impl Default for Window {
    fn default() -> Self {
        Self { articles: 16, bytes: 8 << 20 }
    }
}

/// What answers one stream.
pub(super) struct Worker {
    pub(super) intake: Intake,
    pub(super) analyst: Analyst,
    pub(super) window: Window,
    /// The longest one article may take.
    pub(super) item_cap: Duration,
    pub(super) max_request_bytes: usize,
    pub(super) deadline: Deadline,
    pub(super) drain: CancellationToken,
    /// Who calls: the articles are taken off the caller's rate.
    pub(super) call: Record,
}

type Answers = mpsc::Sender<Result<AnalyzeStreamResponse, Status>>;

/// How a stream goes on.
enum Reading {
    /// There may be more requests.
    On,
    /// There are no more, or none that will be read. When all that was read is
    /// answered, the stream ends so.
    Done(Result<(), Fault>),
}

/// The next request, not before a time. Whatever is dropped is not lost.
async fn read(
    requests: &mut Streaming<EncodedRequest<proto::AnalyzeStreamRequest>>,
    not_before: Option<Instant>,
) -> Result<Option<EncodedRequest<proto::AnalyzeStreamRequest>>, Status> {
    if let Some(at) = not_before {
        sleep_until(at).await;
    }
    requests.message().await
}

impl Worker {
    /// Starts to answer, in a task of its own, which ends when the answers are
    /// dropped.
    pub(super) fn start(
        self,
        requests: Streaming<EncodedRequest<proto::AnalyzeStreamRequest>>,
    ) -> ReceiverStream<Result<AnalyzeStreamResponse, Status>> {
        let (answers, receiver) = mpsc::channel(ANSWERS_WAITING);
        let work = async move {
            // Without a word at the end the caller would take a stream that
            // broke off for one that is complete.
            let end = AssertUnwindSafe(self.answer(requests, &answers)).catch_unwind().await;
            let end = end.unwrap_or_else(|_panic| {
                metrics::panicked();
                Err(Fault::Internal)
            });
            if let Err(fault) = end {
                let _ = answers.send(Err(fault.into())).await;
            }
        };
        tokio::spawn(work.instrument(Span::current()));
        ReceiverStream::new(receiver)
    }

    async fn answer(
        self,
        mut requests: Streaming<EncodedRequest<proto::AnalyzeStreamRequest>>,
        answers: &Answers,
    ) -> Result<(), Fault> {
        let mut reading = Reading::On;
        let mut working = FuturesOrdered::new();
        let mut bytes_working = 0;
        // Where the caller's rate is used up, no more is read until it is not.
        let mut articles = 0;
        let mut not_before = None;
        let over = sleep_until(self.deadline.at);
        tokio::pin!(over);
        loop {
            if let (Reading::Done(end), true) = (&reading, working.is_empty()) {
                return end.clone();
            }
            let on = matches!(reading, Reading::On);
            let room = working.len() < self.window.articles.max(1)
                && (working.is_empty() || bytes_working < self.window.bytes);
            tokio::select! {
                biased;
                () = answers.closed() => return Ok(()),
                () = &mut over, if on || self.deadline.by_caller => {
                    if self.deadline.by_caller {
                        return Err(Fault::DeadlineExceeded);
                    }
                    reading = Reading::Done(Err(Fault::DeadlineExceeded));
                }
                () = self.drain.cancelled(), if on => {
                    reading = Reading::Done(Err(Fault::Draining));
                }
                Some((bytes, answer)) = working.next() => {
                    bytes_working -= bytes;
                    let Ok(()) = self.send(answer?, answers).await else { return Ok(()) };
                }
                request = read(&mut requests, not_before), if on && room => match request {
                    Ok(Some(request)) => {
                        articles += 1;
                        // The call itself was one.
                        if let (Some(caller), 2..) = (self.call.caller(), articles) {
                            not_before = Some(caller.owe(1));
                        }
                        let bytes = request.len();
                        bytes_working += bytes;
                        working.push_back(self.item(request).map(move |answer| (bytes, answer)));
                    }
                    Ok(None) => reading = Reading::Done(Ok(())),
                    Err(status) => {
                        let fault = stream_fault(&status, self.max_request_bytes);
                        reading = Reading::Done(Err(fault));
                    }
                },
            }
        }
    }

    /// Sends an answer; fails if nobody wants it any more.
    async fn send(&self, answer: AnalyzeStreamResponse, answers: &Answers) -> Result<(), ()> {
        let code = match &answer.outcome {
            Some(Outcome::Error(status)) => Code::from_i32(status.code),
            _ => Code::Ok,
        };
        metrics::item("AnalyzeStream", code);
        answers.send(Ok(answer)).await.map_err(|_closed| ())
    }

    /// Begins to answer one request. Its task goes on while the stream waits
    /// for its reader, and is called off when the stream ends, as it does with
    /// the first fault that comes of this.
    fn item(
        &self,
        request: EncodedRequest<proto::AnalyzeStreamRequest>,
    ) -> impl Future<Output = Result<AnalyzeStreamResponse, Fault>> + use<> {
        let (intake, analyst) = (self.intake.clone(), self.analyst.clone());
        let call = self.call.clone();
        let deadline = Instant::now() + self.item_cap;
        let task = async move {
            let engine = analyst.engine();
            let item = intake.stream_item(call, Arc::clone(&engine), request, deadline).await?;
            let StreamItem { id, asked } = item;
            let (cache_status, outcome) = match asked {
                Ok(asked) => {
                    let (took, outcome) = analyst.answer(asked, Priority::Bulk, deadline).await;
                    (cache_status(took), outcome)
                }
                Err(fault) => (0, Err(fault)),
            };
            let mut answer = AnalyzeStreamResponse {
                id,
                cache_status,
                engine_version: engine.version().to_owned(),
                outcome: None,
            };
            answer.outcome = Some(match outcome {
                Ok(bytes) => Outcome::Result(EncodedAnswer(bytes)),
                Err(fault) => Outcome::Error(item_status(fault)),
            });
            let (bytes, limit) = (answer.encoded_len(), analyst.max_answer_bytes());
            if bytes > limit {
                let fault = Fault::AnswerTooLarge { bytes, limit };
                answer.outcome = Some(Outcome::Error(item_status(fault)));
            }
            Ok(answer)
        };
        let task = AbortOnDropHandle::new(tokio::spawn(task.instrument(Span::current())));
        task.map(|done| {
            done.unwrap_or_else(|_panic| {
                Ok(AnalyzeStreamResponse {
                    outcome: Some(Outcome::Error(item_status(Fault::Internal))),
                    ..AnalyzeStreamResponse::default()
                })
            })
        })
    }
}
