//! Takes requests in: decodes and checks them, and digests their texts, where
//! there is time for it.

use std::sync::Arc;

use bytes::Bytes;
use prost::Message;
use tokio::time::Instant;

use super::EncodedRequest;
use super::analyst::{Analyst, Asked};
use super::job::Job;
use super::request::{MAX_STREAM_ID_BYTES, RequestReader};
use crate::analyze::Engine;
use crate::fault::Fault;
use crate::layers::Record;
use crate::pool::Priority;
use crate::proto;

/// Messages up to this size are taken in on the async thread they came on,
/// in less than 100 µs; larger ones on the pool.
const INLINE_BYTES: usize = 64 << 10;

/// Takes requests in.
#[derive(Clone)]
pub struct Intake {
    reader: RequestReader,
    analyst: Analyst,
}

/// A batch that was taken in: what is asked of each article, or its fault.
pub(super) type AskedBatch = Vec<Result<Asked, Fault>>;

/// A stream's message that was taken in.
pub(super) struct StreamItem {
    /// The caller's name for it, cut off at the longest that is allowed.
    pub(super) id: String,
    /// What is asked, or what is wrong with it.
    pub(super) asked: Result<Asked, Fault>,
}

impl Intake {
    /// An intake that reads by `reader` and asks `analyst`.
    pub fn new(reader: RequestReader, analyst: Analyst) -> Self {
        Self { reader, analyst }
    }

    /// Takes in the request of a unary call; `read` makes a job of it.
    pub(super) async fn unary<M: Message + Default + 'static>(
        &self,
        call: Record,
        request: EncodedRequest<M>,
        read: impl FnOnce(&RequestReader, M) -> Result<Job, Fault> + Send + 'static,
        priority: Priority,
        deadline: Instant,
    ) -> Result<Asked, Fault> {
        let it = self.clone();
        let engine = self.analyst.engine();
        let ask = move |message| Ok(it.analyst.ask(&call, &engine, read(&it.reader, message)?));
        self.take_in(request, priority, deadline, ask).await
    }

    /// Takes in a batch, for one engine whatever comes meanwhile.
    pub(super) async fn batch(
        &self,
        call: Record,
        engine: Arc<Engine>,
        request: EncodedRequest<proto::AnalyzeBatchRequest>,
        deadline: Instant,
    ) -> Result<AskedBatch, Fault> {
        let it = self.clone();
        let ask = move |message| {
            let jobs = it.reader.batch(message)?;
            Ok(jobs.into_iter().map(|job| Ok(it.analyst.ask(&call, &engine, job?))).collect())
        };
        self.take_in(request, Priority::Bulk, deadline, ask).await
    }

    /// Takes in one message of a stream.
    ///
    /// # Errors
    ///
    /// [`Fault::MalformedMessage`], which ends the stream; all other faults are
    /// told in the item.
    pub(super) async fn stream_item(
        &self,
        call: Record,
        engine: Arc<Engine>,
        request: EncodedRequest<proto::AnalyzeStreamRequest>,
        deadline: Instant,
    ) -> Result<StreamItem, Fault> {
        let it = self.clone();
        let bytes = request.bytes().clone();
        let ask = move |message: proto::AnalyzeStreamRequest| {
            let proto::AnalyzeStreamRequest { id, request } = message;
            let job = it.reader.stream_item(&id, request);
            let asked = job.map(|job| it.analyst.ask(&call, &engine, job));
            Ok(StreamItem { id: shortened(id.into()), asked })
        };
        match self.take_in(request, Priority::Bulk, deadline, ask).await {
            Err(fault) if fault != Fault::MalformedMessage => {
                Ok(StreamItem { id: id_of(bytes), asked: Err(fault) })
            }
            taken_in => taken_in,
        }
    }

    async fn take_in<M: Message + Default + 'static, T: Send + 'static>(
        &self,
        request: EncodedRequest<M>,
        priority: Priority,
        deadline: Instant,
        ask: impl FnOnce(M) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let inline = request.len() <= INLINE_BYTES;
        let take_in = move || ask(request.decode().map_err(|_| Fault::MalformedMessage)?);
        if inline { take_in() } else { self.analyst.run(priority, deadline, take_in).await? }
    }
}

/// An `AnalyzeStreamRequest` of which only the id is looked at: decoding it
/// steps over the article.
#[derive(Clone, PartialEq, Message)]
struct Id {
    #[prost(bytes = "bytes", tag = "1")]
    id: Bytes,
}

/// The id of a stream's message that was not decoded.
fn id_of(message: Bytes) -> String {
    shortened(Id::decode(message).unwrap_or_default().id)
}

/// An id no longer than may be.
fn shortened(mut id: Bytes) -> String {
    id.truncate(MAX_STREAM_ID_BYTES);
    let whole = id.utf8_chunks().next().map(|chunk| chunk.valid());
    whole.unwrap_or_default().to_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::sync::Mutex;
    use std::thread;
    use std::time::Duration;

    use jiff::tz::TimeZone;

    use super::super::analyst::compute;
    use super::super::live::LiveEngine;
    use super::*;
    use crate::cache::{AnswerCache, CacheOptions, Keyer};
    use crate::limits::Limits;
    use crate::pool::Pool;

    fn intake() -> Intake {
        let pool = Pool::new(1, 4).unwrap();
        let cache = AnswerCache::new(&CacheOptions::default(), pool, Duration::from_secs(10));
        let (live, keyer) = (LiveEngine::new(Engine::new()), Keyer::random().unwrap());
        let analyst = Analyst::new(live, compute(), cache, keyer, false, 0);
        Intake::new(RequestReader::new(Limits::default(), TimeZone::UTC), analyst)
    }

    /// The name of the thread that a text of so many bytes is taken in on.
    async fn thread_of(bytes: usize) -> String {
        let text = "a".repeat(bytes);
        let request = proto::NormalizeRequest { text, ..Default::default() };
        let name = Arc::new(Mutex::new(String::new()));
        let noted = Arc::clone(&name);
        let read = move |reader: &RequestReader, request| {
            *noted.lock().unwrap() = thread::current().name().unwrap_or_default().to_owned();
            reader.normalize(request)
        };
        let deadline = Instant::now() + Duration::from_secs(10);
        let request = Bytes::from(request.encode_to_vec()).into();
        let (call, priority) = (Record::default(), Priority::Interactive);
        intake().unary(call, request, read, priority, deadline).await.unwrap();
        name.lock().unwrap().clone()
    }

    #[tokio::test]
    async fn large_messages_are_taken_in_on_the_pool() {
        let here = thread::current().name().unwrap_or_default().to_owned();
        assert_eq!(thread_of(INLINE_BYTES - 100).await, here);
        assert_eq!(thread_of(INLINE_BYTES + 100).await, "khabar-cpu-0");
    }

    #[test]
    fn the_id_of_a_message_is_told_without_its_article() {
        let article = proto::Article { text: "\u{62e}\u{628}\u{631}".into(), ..Default::default() };
        let request = proto::AnalyzeRequest { article: Some(article), options: None };
        let message = |id: &str| {
            let id = id.to_owned();
            let message = proto::AnalyzeStreamRequest { id, request: Some(request.clone()) };
            Bytes::from(message.encode_to_vec())
        };
        assert_eq!(id_of(message("a-1")), "a-1");
        assert_eq!(id_of(message(&"\u{645}".repeat(200))), "\u{645}".repeat(128));
        assert_eq!(id_of(message(&format!("a{}", "\u{645}".repeat(200)))).len(), 255);
        assert_eq!(id_of(Bytes::from_static(&[0xff; 9])), "");
    }
}
