//! Any bytes as a request: decoded, read, and, if they are a job, done. No
//! panic, and an answer that can be decoded.
//!
//! The first byte tells which RPC, the rest is the message.

#![no_main]

use std::sync::LazyLock;

use jiff::tz::TimeZone;
use khabar::analyze::Engine;
use khabar::cancel::CancelFlag;
use khabar::fault::Fault;
use khabar::limits::Limits;
use khabar::proto;
use khabar::service::job::Job;
use khabar::service::request::RequestReader;
use libfuzzer_sys::fuzz_target;
use prost::Message;

static ENGINE: LazyLock<Engine> = LazyLock::new(Engine::new);

/// Articles of a batch that are done; the others are only read.
const DONE: usize = 2;

fuzz_target!(|input: &[u8]| {
    let Some((rpc, message)) = input.split_first() else { return };
    let reader = RequestReader::new(Limits::default(), TimeZone::UTC);
    match rpc % 6 {
        0 => one::<_, proto::NormalizeResponse>(message, |it| reader.normalize(it)),
        1 => one::<_, proto::SegmentHeadlinesResponse>(message, |it| reader.segment(it)),
        2 => one::<_, proto::ExtractEntitiesResponse>(message, |it| reader.extract(it)),
        3 => one::<_, proto::AnalyzeResponse>(message, |it| reader.analyze("", it)),
        4 => {
            let Ok(request) = proto::AnalyzeBatchRequest::decode(message) else { return };
            let jobs = reader.batch(request).into_iter().flatten();
            jobs.take(DONE).for_each(answer::<proto::AnalyzeResponse>);
        }
        _ => one::<_, proto::AnalyzeResponse>(message, |it: proto::AnalyzeStreamRequest| {
            reader.stream_item(&it.id, it.request)
        }),
    }
});

fn one<Q: Message + Default, A: Message + Default>(
    message: &[u8],
    read: impl FnOnce(Q) -> Result<Job, Fault>,
) {
    if let Ok(request) = Q::decode(message) {
        answer::<A>(read(request));
    }
}

fn answer<A: Message + Default>(job: Result<Job, Fault>) {
    match job {
        Ok(job) => {
            let encoded = job.run(&ENGINE, &CancelFlag::new()).unwrap();
            A::decode(encoded).unwrap();
        }
        Err(fault) => drop(tonic::Status::from(fault)),
    }
}
