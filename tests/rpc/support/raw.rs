//! Calls that no client library would make: any bytes as a message, any
//! headers, any frames.

use std::convert::Infallible;
use std::net::SocketAddr;

use bytes::{Buf, BufMut, Bytes};
use http_body::Body;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use khabar::proto::AnalyzeRequest;
use prost::Message;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tonic::client::Grpc;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::transport::Channel;
use tonic::{Request, Response, Status};

/// Sends and receives messages as they are.
#[derive(Clone, Default)]
pub struct BytesCodec;

impl Codec for BytesCodec {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for BytesCodec {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, buf: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buf.put(item);
        Ok(())
    }
}

impl Decoder for BytesCodec {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, buf: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(buf.copy_to_bytes(buf.remaining())))
    }
}

/// Calls a method by its path.
pub async fn call(
    channel: Channel,
    path: &'static str,
    message: impl Into<Bytes>,
) -> Result<Response<Bytes>, Status> {
    let mut grpc = Grpc::new(channel);
    grpc.ready().await.map_err(|error| Status::unavailable(error.to_string()))?;
    grpc.unary(Request::new(message.into()), path.parse().unwrap(), BytesCodec).await
}

/// The head of a call over plain HTTP/2.
pub fn post(path: &str) -> http::request::Builder {
    http::Request::post(format!("http://khabar{path}"))
        .header("content-type", "application/grpc")
        .header("te", "trailers")
}

/// A message as gRPC frames it: not compressed, its length, itself.
pub fn frame(message: &impl Message) -> Bytes {
    let mut frame = vec![0];
    frame.put_u32(message.encoded_len() as u32);
    frame.extend(message.encode_to_vec());
    frame.into()
}

/// A request's body of any kind.
pub type AnyBody = BoxBody<Bytes, Infallible>;

pub fn boxed(body: impl Body<Data = Bytes, Error = Infallible> + Send + Sync + 'static) -> AnyBody {
    BoxBody::new(body)
}

/// A body of one message.
pub fn framed(message: &impl Message) -> AnyBody {
    boxed(Full::from(frame(message)))
}

/// A connection over plain HTTP/2 that takes `window` bytes of an answer, and
/// more only as the answer is read; and what waits for its end.
pub async fn connection(
    address: SocketAddr,
    window: u32,
) -> (SendRequest<AnyBody>, JoinHandle<hyper::Result<()>>) {
    let stream = TokioIo::new(TcpStream::connect(address).await.unwrap());
    let (sender, connection) = http2::Builder::new(TokioExecutor::new())
        .initial_stream_window_size(window)
        .initial_connection_window_size(1 << 20)
        .handshake(stream)
        .await
        .unwrap();
    (sender, tokio::spawn(connection))
}

/// Calls `Analyze` on a connection, and is answered.
pub async fn ask(sender: &SendRequest<AnyBody>, request: &AnalyzeRequest) {
    let path = "/khabar.v1.TextAnalyticsService/Analyze";
    let request = post(path).body(framed(request)).unwrap();
    let response = sender.clone().send_request(request).await.unwrap();
    let body = response.into_body().collect().await.unwrap();
    let status = Status::from_header_map(body.trailers().unwrap()).unwrap();
    assert_eq!(status.code(), tonic::Code::Ok);
}

/// Makes a call over plain HTTP/2; how it ended.
pub async fn exchange<B>(address: SocketAddr, mut request: http::Request<B>) -> Status
where
    B: http_body::Body<Data = Bytes, Error: std::error::Error + Send + Sync>
        + Send
        + Unpin
        + 'static,
{
    let path = request.uri().path().to_owned();
    *request.uri_mut() = format!("http://{address}{path}").parse().unwrap();
    let stream = TokioIo::new(TcpStream::connect(address).await.unwrap());
    let (mut sender, connection) = http2::handshake(TokioExecutor::new(), stream).await.unwrap();
    tokio::spawn(connection);
    let response = sender.send_request(request).await.unwrap();
    assert_eq!(response.status(), 200);
    if let Some(status) = Status::from_header_map(response.headers()) {
        return status;
    }
    let body = response.into_body().collect().await.unwrap();
    Status::from_header_map(body.trailers().expect("trailers")).expect("a status")
}
