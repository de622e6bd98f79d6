//! One call, and what became of it. Messages are sent and taken as bytes, so
//! that the client takes as little of the machine as it can.

use std::net::SocketAddr;

use bytes::{Buf, BufMut, Bytes};
use http::uri::PathAndQuery;
use tonic::client::Grpc;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};

pub const ANALYZE: &str = "/khabar.v1.TextAnalyticsService/Analyze";

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

/// A message as gRPC frames it: not compressed, its length, itself.
pub fn framed(message: &Bytes) -> Vec<u8> {
    let mut frame = vec![0];
    frame.put_u32(u32::try_from(message.len()).unwrap());
    frame.extend_from_slice(message);
    frame
}

/// Connections to a server.
pub async fn connect(server: SocketAddr, connections: usize) -> Vec<Channel> {
    let endpoint = Endpoint::from_shared(format!("http://{server}")).unwrap().tcp_nodelay(true);
    let mut channels = Vec::new();
    for _ in 0..connections.max(1) {
        channels.push(endpoint.connect().await.expect("a server that listens"));
    }
    channels
}

/// Calls `Analyze`; the bytes of the answer.
pub async fn analyze(channel: Channel, message: Bytes) -> Result<usize, Status> {
    let mut grpc = Grpc::new(channel);
    grpc.ready().await.map_err(|error| Status::unavailable(error.to_string()))?;
    let path = PathAndQuery::from_static(ANALYZE);
    Ok(grpc.unary(Request::new(message), path, BytesCodec).await?.into_inner().len())
}
