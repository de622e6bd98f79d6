//! Answers in the JSON that protobuf prescribes.

use std::sync::LazyLock;

use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor};

use crate::analyze::Analysis;
use crate::article::Article;
use crate::proto;
use crate::service::answer::{Answerer, SegmentView};
use crate::text::OffsetUnit;

/// The descriptor of `AnalyzeResponse`; none only if the build embedded a
/// broken set.
static RESPONSE: LazyLock<Option<MessageDescriptor>> = LazyLock::new(|| {
    let pool = DescriptorPool::decode(proto::DESCRIPTORS).ok()?;
    pool.get_message_by_name("khabar.v1.AnalyzeResponse")
});

/// Why an answer cannot be written as JSON: a fault of the program.
#[derive(Debug, thiserror::Error)]
pub(super) enum JsonError {
    #[error("the embedded descriptors are broken")]
    Descriptors,
    #[error("the answer does not fit its descriptor: {0}")]
    Decode(#[from] prost::DecodeError),
    #[error("the answer cannot be written: {0}")]
    Write(#[from] serde_json::Error),
}

/// The `AnalyzeResponse` for what was found in an article: canonical proto3
/// JSON on one line.
pub(super) fn answer(
    article: &Article<'_>,
    found: &Analysis<'_>,
    unit: OffsetUnit,
    engine_version: &str,
) -> Result<String, JsonError> {
    let zone = article.time_zone.iana_name().unwrap_or("UTC");
    let answerer = Answerer::new(article, unit, engine_version);
    let response = answerer.analyze(found, SegmentView::default(), zone);
    let descriptor = RESPONSE.clone().ok_or(JsonError::Descriptors)?;
    let message = DynamicMessage::decode(descriptor, response.encode_to_vec().as_slice())?;
    let mut json = serde_json::to_string(&message)?;
    json.push('\n');
    Ok(json)
}
