//! Traces as a collector gets them, from a server that is a process.

#![cfg(feature = "otlp")]
#![allow(clippy::unwrap_used, reason = "tests")]

use std::convert::Infallible;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use futures_util::future::BoxFuture;
use khabar::proto;
use khabar::proto::text_analytics_service_client::TextAnalyticsServiceClient;
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::body::Body;
use tonic::server::{Grpc, NamedService, UnaryService};
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;

const TRACE: [u8; 16] = [0xab; 16];
const CALLER: [u8; 8] = [0xcd; 8];

/// What the tests look at of `opentelemetry.proto.collector.trace.v1`.
#[derive(Clone, PartialEq, prost::Message)]
struct Export {
    #[prost(message, repeated, tag = "1")]
    resources: Vec<Resource>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Resource {
    #[prost(message, repeated, tag = "2")]
    scopes: Vec<Scope>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Scope {
    #[prost(message, repeated, tag = "2")]
    spans: Vec<Span>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Span {
    #[prost(bytes = "vec", tag = "1")]
    trace: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    id: Vec<u8>,
    #[prost(bytes = "vec", tag = "4")]
    parent: Vec<u8>,
    #[prost(string, tag = "5")]
    name: String,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Exported {}

/// Keeps the spans that are sent to it.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<Span>>>);

impl NamedService for Collector {
    const NAME: &'static str = "opentelemetry.proto.collector.trace.v1.TraceService";
}

impl UnaryService<Export> for Collector {
    type Response = Exported;
    type Future = BoxFuture<'static, Result<Response<Exported>, Status>>;

    fn call(&mut self, request: Request<Export>) -> Self::Future {
        let scopes = request.into_inner().resources.into_iter().flat_map(|it| it.scopes);
        self.0.lock().unwrap().extend(scopes.flat_map(|scope| scope.spans));
        Box::pin(async { Ok(Response::new(Exported {})) })
    }
}

impl tower::Service<http::Request<Body>> for Collector {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<http::Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let collector = self.clone();
        Box::pin(async move {
            Ok(Grpc::new(ProstCodec::<Exported, Export>::default()).unary(collector, request).await)
        })
    }
}

impl Collector {
    async fn listen(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tonic::transport::Server::builder().add_service(self.clone());
        tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
        address
    }

    /// The names of a span's children.
    fn children(&self, of: &Span) -> Vec<String> {
        let spans = self.0.lock().unwrap();
        let children = spans.iter().filter(|it| it.parent == of.id && it.trace == of.trace);
        let mut names: Vec<_> = children.map(|it| it.name.clone()).collect();
        names.sort();
        names
    }
}

/// Starts a server that sends its spans to a collector, has it answer `calls`
/// with the caller's trace, and ends it.
async fn serve(collector: SocketAddr, calls: &[&str]) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_khabar"))
        .args(["serve", "--log-format", "json", "--listen", "127.0.0.1:0"])
        .args(["--traces-endpoint", &format!("http://{collector}")])
        .env_clear()
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut log = BufReader::new(child.stderr.take().unwrap());
    log.read_line(&mut line).unwrap();
    let start: serde_json::Value = serde_json::from_str(&line).unwrap();
    let address = start["address"].as_str().unwrap();
    let mut client =
        TextAnalyticsServiceClient::connect(format!("http://{address}")).await.unwrap();
    for text in calls {
        let article = proto::Article { text: (*text).to_owned(), ..Default::default() };
        let mut request =
            Request::new(proto::AnalyzeRequest { article: Some(article), options: None });
        let (trace, caller) = (u128::from_be_bytes(TRACE), u64::from_be_bytes(CALLER));
        let context = format!("00-{trace:032x}-{caller:016x}-01");
        request.metadata_mut().insert("traceparent", context.parse().unwrap());
        client.analyze(request).await.unwrap();
    }
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-s", "TERM", &id]).status().unwrap().success());
    let ended = tokio::task::spawn_blocking(move || child.wait()).await.unwrap().unwrap();
    assert!(ended.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_is_one_span_in_its_callers_trace_with_cache_queue_and_engine_under_it() {
    let collector = Collector::default();
    serve(collector.listen().await, &["خبر من عمّان", "خبر من عمّان"]).await;
    let calls: Vec<Span> = {
        let spans = collector.0.lock().unwrap();
        spans.iter().filter(|span| span.name == "call").cloned().collect()
    };
    assert_eq!(calls.len(), 2);
    for call in &calls {
        assert_eq!((&call.trace[..], &call.parent[..]), (&TRACE[..], &CALLER[..]));
    }
    let mut children: Vec<_> = calls.iter().map(|call| collector.children(call)).collect();
    children.sort_by_key(Vec::len);
    assert_eq!(children, [vec!["cache"], vec!["cache", "engine", "queue"]]);
}
