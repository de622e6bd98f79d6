//! What probes are told (grpc.health.v1).

use tonic_health::ServingStatus;
use tonic_health::pb::health_server::HealthServer;
use tonic_health::server::{HealthReporter, HealthService};

use crate::service::wire::text_analytics_service_server::SERVICE_NAME;

/// The whole server, and its one service.
const NAMES: [&str; 2] = ["", SERVICE_NAME];

/// What probes are told. At first: `NOT_SERVING`.
pub(super) struct Health(HealthReporter);

impl Health {
    pub(super) async fn new() -> Self {
        let health = Self(HealthReporter::new());
        health.not_serving().await;
        health
    }

    pub(super) fn service(&self) -> HealthServer<HealthService> {
        HealthServer::new(HealthService::from_health_reporter(self.0.clone()))
    }

    pub(super) async fn serving(&self) {
        self.tell(ServingStatus::Serving).await;
    }

    pub(super) async fn not_serving(&self) {
        self.tell(ServingStatus::NotServing).await;
    }

    async fn tell(&self, status: ServingStatus) {
        for name in NAMES {
            self.0.set_service_status(name, status).await;
        }
    }

    /// Ends all open watches, which would hold up the drain for ever. What was
    /// told last is still delivered.
    pub(super) async fn end(mut self) {
        for name in NAMES {
            self.0.clear_service_status(name).await;
        }
    }
}
