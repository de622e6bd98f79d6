//! HTTP/2 frame by frame (RFC 9113), for callers that break its rules.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub const HEADERS: u8 = 1;
pub const RST_STREAM: u8 = 3;
pub const GOAWAY: u8 = 7;
pub const CONTINUATION: u8 = 9;

pub const END_HEADERS: u8 = 4;

/// The error code by which a server says that it is asked too much.
pub const ENHANCE_YOUR_CALM: u32 = 11;

/// A frame as it is on the wire.
pub fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap();
    let mut frame = length.to_be_bytes()[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// The header block of a gRPC call, every field as a literal (RFC 7541).
pub fn call(path: &str) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in [
        (":method", "POST"),
        (":scheme", "http"),
        (":path", path),
        ("content-type", "application/grpc"),
        ("te", "trailers"),
    ] {
        block.extend(field(name, value));
    }
    block
}

/// One header field; names and values of at most 126 bytes.
pub fn field(name: &str, value: &str) -> Vec<u8> {
    let mut field = vec![0, name.len() as u8];
    field.extend(name.as_bytes());
    field.push(value.len() as u8);
    field.extend(value.as_bytes());
    field
}

/// A connection on which the preface was sent.
pub async fn connect(address: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.unwrap();
    stream.write_all(&frame(4, 0, 0, &[])).await.unwrap();
    stream
}

/// Reads until the server closes the connection; the error code of its last
/// GOAWAY.
pub async fn goaway(mut stream: impl AsyncReadExt + Unpin) -> Option<u32> {
    let mut all = Vec::new();
    // It may break in place of ending: what came before is what counts.
    let _ = stream.read_to_end(&mut all).await;
    let (mut rest, mut code) = (&all[..], None);
    while let [a, b, c, kind, _, _, _, _, _, after @ ..] = rest {
        let length = u32::from_be_bytes([0, *a, *b, *c]) as usize;
        let Some((payload, after)) = after.split_at_checked(length) else { break };
        if let (GOAWAY, [_, _, _, _, a, b, c, d, ..]) = (*kind, payload) {
            code = Some(u32::from_be_bytes([*a, *b, *c, *d]));
        }
        rest = after;
    }
    code
}
