//! What probes are told (grpc.health.v1).

use tonic_health::ServingStatus;
use tonic_health::pb::health_server::HealthServer;
use tonic_health::server::{HealthReporter, HealthService};

use crate::service::wire::text_analytics_service_server::SERVICE_NAME;

/// Names that serve while new calls are welcome: the whole server, its one
/// service, and what a readiness probe asks for.
const READY: [&str; 3] = ["", SERVICE_NAME, "khabar.ready"];

/// Serves from the moment the engine is warm: for a startup probe.
const STARTED: &str = "khabar.started";

/// Serves as long as the process answers at all: for a liveness probe, which
/// must not have a server killed that drains or warms up.
const LIVE: &str = "khabar.live";

/// What probes are told. At first: `NOT_SERVING`.
pub(super) struct Health(HealthReporter);

impl Health {
    pub(super) async fn new() -> Self {
        let health = Self(HealthReporter::new());
        health.0.set_service_status(LIVE, ServingStatus::Serving).await;
        health.0.set_service_status(STARTED, ServingStatus::NotServing).await;
        health.not_serving().await;
        health
    }

    pub(super) fn service(&self) -> HealthServer<HealthService> {
        HealthServer::new(HealthService::from_health_reporter(self.0.clone()))
    }

    pub(super) async fn serving(&self) {
        self.0.set_service_status(STARTED, ServingStatus::Serving).await;
        self.tell(ServingStatus::Serving).await;
    }

    pub(super) async fn not_serving(&self) {
        self.tell(ServingStatus::NotServing).await;
    }

    async fn tell(&self, status: ServingStatus) {
        for name in READY {
            self.0.set_service_status(name, status).await;
        }
    }

    /// Ends all open watches, which would hold up the drain for ever. What was
    /// told last is still delivered.
    pub(super) async fn end(mut self) {
        for name in READY.into_iter().chain([STARTED, LIVE]) {
            self.0.clear_service_status(name).await;
        }
    }
}
