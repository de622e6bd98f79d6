//! The RPCs.

use std::sync::Arc;
use std::time::Duration;

use prost::Message;
use tokio::time::Instant;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::metadata::MetadataValue;
use tonic::{Extensions, Request, Response, Status, Streaming};

use super::analyst::Analyst;
use super::intake::Intake;
use super::job::Job;
use super::request::RequestReader;
use super::stream::{Window, Worker};
use super::wire::text_analytics_service_server::TextAnalyticsService;
use super::wire::{AnalyzeBatchResponse, AnalyzeStreamResponse};
use super::{EncodedAnswer, EncodedRequest, batch};
use crate::cache::Took;
use crate::fault::Fault;
use crate::layers::{Deadline, Record};
use crate::limits::Limits;
use crate::pool::Priority;
use crate::proto;

/// The service behind `TextAnalyticsService`.
pub struct Handlers {
    /// Takes requests in.
    pub intake: Intake,
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
    async fn unary<M: Message + Default + 'static>(
        &self,
        request: Request<EncodedRequest<M>>,
        read: impl FnOnce(&RequestReader, M) -> Result<Job, Fault> + Send + 'static,
    ) -> Result<Response<EncodedAnswer>, Status> {
        let (_, extensions, request) = request.into_parts();
        let deadline = deadline(&extensions, self.limits.max_deadline).at;
        let call = Record::of(&extensions);
        let priority = call.caller().map_or(Priority::Interactive, |it| it.priority);
        let asked = self.intake.unary(call, request, read, priority, deadline).await?;
        let (took, outcome) = self.analyst.answer(asked, priority, deadline).await;
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
        request: Request<EncodedRequest<proto::NormalizeRequest>>,
    ) -> Result<Response<EncodedAnswer>, Status> {
        self.unary(request, RequestReader::normalize).await
    }

    async fn segment_headlines(
        &self,
        request: Request<EncodedRequest<proto::SegmentHeadlinesRequest>>,
    ) -> Result<Response<EncodedAnswer>, Status> {
        self.unary(request, RequestReader::segment).await
    }

    async fn extract_entities(
        &self,
        request: Request<EncodedRequest<proto::ExtractEntitiesRequest>>,
    ) -> Result<Response<EncodedAnswer>, Status> {
        self.unary(request, RequestReader::extract).await
    }

    async fn analyze(
        &self,
        request: Request<EncodedRequest<proto::AnalyzeRequest>>,
    ) -> Result<Response<EncodedAnswer>, Status> {
        self.unary(request, |reader, request| reader.analyze("", request)).await
    }

    async fn analyze_batch(
        &self,
        request: Request<EncodedRequest<proto::AnalyzeBatchRequest>>,
    ) -> Result<Response<AnalyzeBatchResponse>, Status> {
        let (_, extensions, request) = request.into_parts();
        let deadline = deadline(&extensions, self.limits.max_deadline).at;
        let call = Record::of(&extensions);
        // One engine for all of it, whatever comes meanwhile.
        let engine = self.analyst.engine();
        let asked = self.intake.batch(call.clone(), Arc::clone(&engine), request, deadline).await?;
        if let Some(caller) = call.caller() {
            // The call itself was one.
            caller.owe(asked.len().saturating_sub(1));
        }
        let answer = batch::answer(&self.analyst, engine.version(), asked, deadline).await?;
        Ok(Response::new(answer))
    }

    type AnalyzeStreamStream = ReceiverStream<Result<AnalyzeStreamResponse, Status>>;

    async fn analyze_stream(
        &self,
        request: Request<Streaming<EncodedRequest<proto::AnalyzeStreamRequest>>>,
    ) -> Result<Response<Self::AnalyzeStreamStream>, Status> {
        let (_, extensions, requests) = request.into_parts();
        let worker = Worker {
            intake: self.intake.clone(),
            analyst: self.analyst.clone(),
            window: self.window,
            item_cap: self.limits.max_deadline,
            max_request_bytes: self.limits.max_request_bytes,
            deadline: deadline(&extensions, self.limits.max_stream_lifetime),
            drain: self.drain.clone(),
            call: Record::of(&extensions),
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
