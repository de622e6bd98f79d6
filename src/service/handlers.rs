//! The RPCs.

use std::time::Duration;

use tokio::time::Instant;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::metadata::MetadataValue;
use tonic::{Extensions, Request, Response, Status, Streaming};

use super::analyst::Analyst;
use super::job::Job;
use super::request::RequestReader;
use super::stream::{Window, Worker};
use super::wire::text_analytics_service_server::TextAnalyticsService;
use super::wire::{AnalyzeBatchResponse, AnalyzeStreamResponse};
use super::{EncodedAnswer, batch};
use crate::cache::Took;
use crate::fault::Fault;
use crate::layers::Deadline;
use crate::limits::Limits;
use crate::pool::Priority;
use crate::proto;

/// The service behind `TextAnalyticsService`.
pub struct Handlers {
    /// Reads requests.
    pub reader: RequestReader,
    /// Answers them.
    pub analyst: Analyst,
    /// What the server accepts.
    pub limits: Limits,
    /// How much of a stream is worked on at once.
    pub window: Window,
    /// What `GetServerInfo` tells, but for the version of the engine.
    pub info: proto::ServerInfo,
    /// Cancelled when the server drains: streams stop reading.
    pub drain: CancellationToken,
}

impl Handlers {
    async fn unary(
        &self,
        extensions: &Extensions,
        job: Result<Job, Fault>,
    ) -> Result<Response<EncodedAnswer>, Status> {
        let deadline = deadline(extensions, self.limits.max_deadline).at;
        let engine = self.analyst.engine();
        let (took, outcome) =
            self.analyst.answer(&engine, job?, Priority::Interactive, deadline).await;
        let mut response = Response::new(EncodedAnswer(outcome?));
        let took = MetadataValue::from_static(took.name());
        response.metadata_mut().insert("khabar-cache", took);
        Ok(response)
    }
}

#[tonic::async_trait]
impl TextAnalyticsService for Handlers {
    async fn normalize(
        &self,
        request: Request<proto::NormalizeRequest>,
    ) -> Result<Response<EncodedAnswer>, Status> {
        let (_, extensions, request) = request.into_parts();
        self.unary(&extensions, self.reader.normalize(request)).await
    }

    async fn segment_headlines(
        &self,
        request: Request<proto::SegmentHeadlinesRequest>,
    ) -> Result<Response<EncodedAnswer>, Status> {
        let (_, extensions, request) = request.into_parts();
        self.unary(&extensions, self.reader.segment(request)).await
    }

    async fn extract_entities(
        &self,
        request: Request<proto::ExtractEntitiesRequest>,
    ) -> Result<Response<EncodedAnswer>, Status> {
        let (_, extensions, request) = request.into_parts();
        self.unary(&extensions, self.reader.extract(request)).await
    }

    async fn analyze(
        &self,
        request: Request<proto::AnalyzeRequest>,
    ) -> Result<Response<EncodedAnswer>, Status> {
        let (_, extensions, request) = request.into_parts();
        self.unary(&extensions, self.reader.analyze("", request)).await
    }

    async fn analyze_batch(
        &self,
        request: Request<proto::AnalyzeBatchRequest>,
    ) -> Result<Response<AnalyzeBatchResponse>, Status> {
        let (_, extensions, request) = request.into_parts();
        let deadline = deadline(&extensions, self.limits.max_deadline).at;
        let jobs = self.reader.batch(request)?;
        Ok(Response::new(batch::answer(&self.analyst, jobs, deadline).await?))
    }

    type AnalyzeStreamStream = ReceiverStream<Result<AnalyzeStreamResponse, Status>>;

    async fn analyze_stream(
        &self,
        request: Request<Streaming<proto::AnalyzeStreamRequest>>,
    ) -> Result<Response<Self::AnalyzeStreamStream>, Status> {
        let (_, extensions, requests) = request.into_parts();
        let worker = Worker {
            reader: self.reader.clone(),
            analyst: self.analyst.clone(),
            window: self.window,
            item_cap: self.limits.max_deadline,
            max_request_bytes: self.limits.max_request_bytes,
            deadline: deadline(&extensions, self.limits.max_stream_lifetime),
            drain: self.drain.clone(),
        };
        Ok(Response::new(worker.start(requests)))
    }

    async fn get_server_info(
        &self,
        _request: Request<proto::GetServerInfoRequest>,
    ) -> Result<Response<proto::GetServerInfoResponse>, Status> {
        let engine_version = self.analyst.engine().version().to_owned();
        let info =
            proto::ServerInfo { engine_version: engine_version.clone(), ..self.info.clone() };
        Ok(Response::new(proto::GetServerInfoResponse { server_info: Some(info), engine_version }))
    }
}

/// The deadline that the layer has set, or the cap where there is no layer.
fn deadline(extensions: &Extensions, cap: Duration) -> Deadline {
    let capped = || Deadline { at: Instant::now() + cap, by_caller: false };
    extensions.get().copied().unwrap_or_else(capped)
}

/// How the cache took part, as items tell it.
pub(super) fn cache_status(took: Took) -> i32 {
    let status = match took {
        Took::Hit => proto::CacheStatus::Hit,
        Took::Miss => proto::CacheStatus::Miss,
        Took::Coalesced => proto::CacheStatus::Coalesced,
        Took::Bypass => proto::CacheStatus::Bypass,
    };
    status.into()
}
