//! A server of one's own, its clients, and an engine that can be held.

pub mod clock;
pub mod frames;
pub mod gate;
pub mod raw;

use std::net::SocketAddr;

use khabar::analyze::Engine;
use khabar::proto;
use khabar::proto::text_analytics_service_client::TextAnalyticsServiceClient;
use khabar::server::{Drained, Server, ServerOptions, serve};
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tonic::transport::Channel;
use tonic::{Code, Status};
use tonic_types::StatusExt;

pub type Client = TextAnalyticsServiceClient<Channel>;

pub struct TestServer {
    pub address: SocketAddr,
    pub ready: watch::Receiver<bool>,
    shutdown: Option<oneshot::Sender<()>>,
    serving: JoinHandle<std::io::Result<Drained>>,
}

impl TestServer {
    /// A server as it is without any setting.
    pub async fn start() -> Self {
        Self::with(ServerOptions::default(), |server| server).await
    }

    pub async fn with(options: ServerOptions, change: impl FnOnce(Server) -> Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::on(listener, options, change).await
    }

    pub async fn on(
        listener: TcpListener,
        options: ServerOptions,
        change: impl FnOnce(Server) -> Server,
    ) -> Self {
        let address = listener.local_addr().unwrap();
        let server = change(Server::new(options, Engine::new()));
        let mut ready = server.ready();
        let (shutdown, told) = oneshot::channel();
        let serving = tokio::spawn(serve(listener, server, async {
            let _ = told.await;
        }));
        ready.wait_for(|ready| *ready).await.unwrap();
        Self { address, ready, shutdown: Some(shutdown), serving }
    }

    /// A connection of one's own.
    pub async fn channel(&self) -> Channel {
        let endpoint = Channel::from_shared(format!("http://{}", self.address)).unwrap();
        endpoint.connect().await.unwrap()
    }

    pub async fn client(&self) -> Client {
        TextAnalyticsServiceClient::new(self.channel().await)
            .max_decoding_message_size(64 << 20)
            .max_encoding_message_size(64 << 20)
    }

    /// Tells the server to end, as SIGTERM does.
    pub fn shut_down(&mut self) {
        let _ = self.shutdown.take().unwrap().send(());
    }

    pub async fn ended(self) -> Drained {
        self.serving.await.unwrap().unwrap()
    }

    pub async fn stop(mut self) -> Drained {
        self.shut_down();
        self.ended().await
    }
}

pub fn article(text: &str) -> proto::Article {
    proto::Article { text: text.to_owned(), ..Default::default() }
}

pub fn analyze(text: &str) -> proto::AnalyzeRequest {
    proto::AnalyzeRequest { article: Some(article(text)), options: None }
}

pub fn stream_request(id: &str, text: &str) -> proto::AnalyzeStreamRequest {
    proto::AnalyzeStreamRequest { id: id.to_owned(), request: Some(analyze(text)) }
}

/// The reason in a status's `ErrorInfo`, which every error has to have.
pub fn reason(status: &Status) -> String {
    let details = status.get_error_details();
    let info = details.error_info().unwrap_or_else(|| panic!("no ErrorInfo in {status:?}"));
    assert_eq!(info.domain, "khabar.v1");
    info.reason.clone()
}

/// Code and reason of an error.
pub fn meaning(status: &Status) -> (Code, String) {
    (status.code(), reason(status))
}

/// The reason of the error in an item of a batch or stream.
pub fn item_reason(status: &tonic_types::Status) -> String {
    use prost::Message;
    let info = status.details.iter().find(|it| it.type_url.ends_with("google.rpc.ErrorInfo"));
    let info = tonic_types::pb::ErrorInfo::decode(&info.expect("ErrorInfo").value[..]).unwrap();
    info.reason
}

/// How the cache took part in a unary answer.
pub fn took<T>(response: &tonic::Response<T>) -> &str {
    response.metadata().get("khabar-cache").unwrap().to_str().unwrap()
}
