//! Callers that mean ill, or are broken: others are served, and their
//! connections are closed.

mod connections;
mod floods;
mod readers;
mod writers;

use khabar::proto;

use crate::support::TestServer;

pub(crate) const ANALYZE: &str = "/khabar.v1.TextAnalyticsService/Analyze";

/// Somebody else's call.
pub(crate) async fn others_are_served(server: &TestServer) {
    server.client().await.get_server_info(proto::GetServerInfoRequest {}).await.unwrap();
}
