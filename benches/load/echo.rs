//! The least that a tonic service can do: takes a message, gives one of a size.
//! What it costs is what gRPC costs.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::net::SocketAddr;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Request, Response};
use tonic::body::Body;
use tonic::server::{Grpc, NamedService, UnaryService};
use tonic::transport::Server;
use tonic_prost::ProstCodec;

/// Any message whose first field is a text or a message, as those of `Analyze`
/// are.
#[derive(Clone, PartialEq, prost::Message)]
struct Sized {
    #[prost(bytes = "bytes", tag = "1")]
    content: Bytes,
}

/// Serves until it is killed.
pub async fn run(listen: SocketAddr, reply: usize) -> bool {
    let echo = Echo { reply: Sized { content: vec![b' '; reply].into() } };
    Server::builder().tcp_nodelay(true).add_service(echo).serve(listen).await.is_ok()
}

#[derive(Clone)]
struct Echo {
    reply: Sized,
}

impl UnaryService<Sized> for Echo {
    type Response = Sized;
    type Future = Ready<Result<tonic::Response<Sized>, tonic::Status>>;

    fn call(&mut self, _: tonic::Request<Sized>) -> Self::Future {
        ready(Ok(tonic::Response::new(self.reply.clone())))
    }
}

/// Under the name of the service it stands in for.
impl NamedService for Echo {
    const NAME: &'static str = "khabar.v1.TextAnalyticsService";
}

impl tower::Service<Request<Body>> for Echo {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let echo = self.clone();
        Box::pin(async move { Ok(Grpc::new(ProstCodec::default()).unary(echo, request).await) })
    }
}
