//! Health and reflection.

use std::time::Duration;

use khabar::server::{Drained, ServerOptions};
use tokio_stream::StreamExt;
use tonic::Code;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};
use tonic_reflection::pb::{v1, v1alpha};

use crate::support::{TestServer, meaning};

/// Names that serve while new calls are welcome.
const READY: [&str; 3] = ["", "khabar.v1.TextAnalyticsService", "khabar.ready"];
/// Names that go on serving while the server drains.
const RUNNING: [&str; 2] = ["khabar.started", "khabar.live"];

fn request(service: &str) -> HealthCheckRequest {
    HealthCheckRequest { service: service.to_owned() }
}

fn status(response: HealthCheckResponse) -> ServingStatus {
    response.status()
}

#[tokio::test]
async fn a_warm_server_serves_under_all_names() {
    let server = TestServer::start().await;
    let mut client = HealthClient::new(server.channel().await);
    for name in READY.into_iter().chain(RUNNING) {
        let response = client.check(request(name)).await.unwrap().into_inner();
        assert_eq!(status(response), ServingStatus::Serving, "{name:?}");
    }
}

#[tokio::test]
async fn drain_ends_open_health_watch() {
    let mut server = TestServer::start().await;
    let mut client = HealthClient::new(server.channel().await);
    let mut watches = Vec::new();
    for name in READY {
        let mut watch = client.watch(request(name)).await.unwrap().into_inner();
        let first = watch.next().await.unwrap().unwrap();
        assert_eq!(status(first), ServingStatus::Serving);
        watches.push(watch);
    }
    server.shut_down();
    for mut watch in watches {
        let last = watch.next().await.unwrap().unwrap();
        assert_eq!(status(last), ServingStatus::NotServing);
        assert!(watch.next().await.is_none());
    }
    assert_eq!(server.ended().await, Drained::Clean);
}

#[tokio::test]
async fn a_draining_server_is_not_ready_but_started_and_live() {
    let options = ServerOptions { drain_notice: Duration::from_hours(1), ..Default::default() };
    let mut server = TestServer::with(options, |server| server).await;
    let mut client = HealthClient::new(server.channel().await);
    let mut ready = client.watch(request("khabar.ready")).await.unwrap().into_inner();
    assert_eq!(status(ready.next().await.unwrap().unwrap()), ServingStatus::Serving);
    server.shut_down();
    assert_eq!(status(ready.next().await.unwrap().unwrap()), ServingStatus::NotServing);
    for name in RUNNING {
        let response = client.check(request(name)).await.unwrap().into_inner();
        assert_eq!(status(response), ServingStatus::Serving, "{name:?}");
    }
}

#[tokio::test]
async fn drain_ends_watches_of_every_name() {
    let mut server = TestServer::start().await;
    let mut client = HealthClient::new(server.channel().await);
    let mut watches = Vec::new();
    for name in RUNNING {
        let mut watch = client.watch(request(name)).await.unwrap().into_inner();
        watch.next().await.unwrap().unwrap();
        watches.push(watch);
    }
    server.shut_down();
    for mut watch in watches {
        assert!(watch.next().await.is_none());
    }
    assert_eq!(server.ended().await, Drained::Clean);
}

#[tokio::test]
async fn drain_ends_open_reflection() {
    let mut server = TestServer::start().await;
    let mut client =
        v1::server_reflection_client::ServerReflectionClient::new(server.channel().await);
    let answers = client.server_reflection_info(tokio_stream::pending()).await.unwrap();
    server.shut_down();
    let end = answers.into_inner().next().await.unwrap().unwrap_err();
    assert_eq!(meaning(&end), (Code::Unavailable, "DRAINING".into()));
    assert_eq!(server.ended().await, Drained::Clean);
}

#[tokio::test]
async fn readiness_falls_when_the_server_drains() {
    let server = TestServer::start().await;
    let ready = server.ready.clone();
    assert!(*ready.borrow());
    server.stop().await;
    assert!(!*ready.borrow());
}

#[tokio::test]
async fn both_reflections_know_the_api_and_its_error_details() {
    let server = TestServer::start().await;
    let symbols =
        ["khabar.v1.TextAnalyticsService", "google.rpc.ErrorInfo", "grpc.health.v1.Health"];

    let mut client =
        v1::server_reflection_client::ServerReflectionClient::new(server.channel().await);
    let requests = symbols.map(|symbol| v1::ServerReflectionRequest {
        host: String::new(),
        message_request: Some(v1::server_reflection_request::MessageRequest::FileContainingSymbol(
            symbol.to_owned(),
        )),
    });
    let answers = client.server_reflection_info(tokio_stream::iter(requests)).await.unwrap();
    let answers: Vec<_> = answers.into_inner().collect().await;
    assert_eq!(answers.len(), symbols.len());
    for answer in answers {
        use v1::server_reflection_response::MessageResponse::FileDescriptorResponse;
        let answer = answer.unwrap().message_response.unwrap();
        assert!(matches!(answer, FileDescriptorResponse(_)), "{answer:?}");
    }

    let mut client =
        v1alpha::server_reflection_client::ServerReflectionClient::new(server.channel().await);
    let request = v1alpha::ServerReflectionRequest {
        host: String::new(),
        message_request: Some(v1alpha::server_reflection_request::MessageRequest::ListServices(
            String::new(),
        )),
    };
    let answers = client.server_reflection_info(tokio_stream::iter([request])).await.unwrap();
    let answer = answers.into_inner().next().await.unwrap().unwrap().message_response.unwrap();
    assert!(format!("{answer:?}").contains("khabar.v1.TextAnalyticsService"));
}

#[tokio::test]
async fn reflection_can_be_left_out() {
    let options = ServerOptions { reflection: false, ..ServerOptions::default() };
    let server = TestServer::with(options, |server| server).await;
    let mut client =
        v1::server_reflection_client::ServerReflectionClient::new(server.channel().await);
    let requests = tokio_stream::empty();
    let status = client.server_reflection_info(requests).await.unwrap_err();
    assert_eq!(status.code(), Code::Unimplemented);
}
