//! Answers several articles at once, each on its own.

use futures_util::StreamExt;
use futures_util::stream;
use prost::Message;
use tokio::time::Instant;
use tonic::Code;

use super::EncodedAnswer;
use super::analyst::{Analyst, Asked};
use super::handlers::cache_status;
use super::intake::AskedBatch;
use super::status::item_status;
use super::wire::analyze_batch_item::Outcome;
use super::wire::{AnalyzeBatchItem, AnalyzeBatchResponse};
use crate::fault::Fault;
use crate::metrics;
use crate::pool::Priority;

/// Articles of one batch that are worked on at once.
const AT_ONCE: usize = 8;

/// What is kept free in the answer for an item that has not come yet: every
/// fault fits into it, so that an item can always say why it has no result.
const FAULT_ROOM: usize = 1024;

/// Answers a batch, in the order of its articles. An item that does not fit
/// into the answer any more fails alone.
///
/// # Errors
///
/// [`Fault::AnswerTooLarge`] if not even the faults fit.
pub(super) async fn answer(
    analyst: &Analyst,
    engine_version: &str,
    asked: AskedBatch,
    deadline: Instant,
) -> Result<AnalyzeBatchResponse, Fault> {
    let mut response = AnalyzeBatchResponse {
        items: Vec::with_capacity(asked.len()),
        engine_version: engine_version.to_owned(),
    };
    let limit = analyst.max_answer_bytes();
    let mut room = Room::new(limit, response.encoded_len(), asked.len());
    let mut items =
        stream::iter(asked).map(|asked| item(analyst, asked, deadline)).buffered(AT_ONCE);
    while let Some(item) = items.next().await {
        let item = room.fit(item);
        metrics::item("AnalyzeBatch", code(&item));
        response.items.push(item);
    }
    let bytes = response.encoded_len();
    if bytes > limit { Err(Fault::AnswerTooLarge { bytes, limit }) } else { Ok(response) }
}

async fn item(
    analyst: &Analyst,
    asked: Result<Asked, Fault>,
    deadline: Instant,
) -> AnalyzeBatchItem {
    let asked = match asked {
        Ok(asked) => asked,
        Err(fault) => return failed(fault, 0),
    };
    let (took, outcome) = analyst.answer(asked, Priority::Bulk, deadline).await;
    let cache_status = cache_status(took);
    match outcome {
        Ok(answer) => {
            AnalyzeBatchItem { outcome: Some(Outcome::Result(EncodedAnswer(answer))), cache_status }
        }
        Err(fault) => failed(fault, cache_status),
    }
}

fn failed(fault: Fault, cache_status: i32) -> AnalyzeBatchItem {
    AnalyzeBatchItem { outcome: Some(Outcome::Error(item_status(fault))), cache_status }
}

fn code(item: &AnalyzeBatchItem) -> Code {
    match &item.outcome {
        Some(Outcome::Error(status)) => Code::from_i32(status.code),
        _ => Code::Ok,
    }
}

/// The room in an answer.
struct Room {
    limit: usize,
    used: usize,
    /// Items that have not come yet.
    to_come: usize,
}

impl Room {
    fn new(limit: usize, used: usize, to_come: usize) -> Self {
        Self { limit, used, to_come }
    }

    /// Takes an item in, or its fault if there is no room for it and for the
    /// faults of all that may follow.
    fn fit(&mut self, item: AnalyzeBatchItem) -> AnalyzeBatchItem {
        self.to_come = self.to_come.saturating_sub(1);
        let kept_free = self.to_come * FAULT_ROOM;
        let bytes = self.used + field_len(&item);
        let item = if bytes + kept_free <= self.limit || code(&item) != Code::Ok {
            item
        } else {
            failed(Fault::AnswerTooLarge { bytes, limit: self.limit }, item.cache_status)
        };
        self.used += field_len(&item);
        item
    }
}

/// Bytes of an item within the answer: a tag, its length, itself.
fn field_len(item: &AnalyzeBatchItem) -> usize {
    let len = item.encoded_len();
    1 + prost::length_delimiter_len(len) + len
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn result(bytes: usize) -> AnalyzeBatchItem {
        let answer = EncodedAnswer(Bytes::from(vec![0; bytes]));
        AnalyzeBatchItem { outcome: Some(Outcome::Result(answer)), cache_status: 2 }
    }

    #[test]
    fn items_that_do_not_fit_fail_alone_and_the_answer_keeps_its_limit() {
        let limit = 20_000;
        let sizes = [9_000, 12_000, 100, 7_000, 100, 5_000];
        let mut room = Room::new(limit, 0, sizes.len());
        let items: Vec<_> = sizes.into_iter().map(|size| room.fit(result(size))).collect();
        let codes: Vec<_> = items.iter().map(code).collect();
        let (ok, too_large) = (Code::Ok, Code::OutOfRange);
        assert_eq!(codes, [ok, too_large, ok, ok, ok, too_large]);
        let response = AnalyzeBatchResponse { items, engine_version: String::new() };
        assert!(response.encoded_len() <= limit, "{}", response.encoded_len());
        assert_eq!(response.encoded_len(), room.used);
    }

    #[test]
    fn every_fault_fits_into_the_room_kept_for_it() {
        let field = format!("articles[63].{}", "options.normalize.punctuation");
        let problem = "x".repeat(100);
        for fault in [
            Fault::field(field.clone(), problem),
            Fault::TextTooLong { field, bytes: usize::MAX, limit: usize::MAX },
            Fault::AnswerTooLarge { bytes: usize::MAX, limit: usize::MAX },
            Fault::Internal,
        ] {
            assert!(field_len(&failed(fault, 4)) <= FAULT_ROOM);
        }
    }
}
