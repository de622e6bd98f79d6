//! What the server accepts: every bound a caller can run into.

use std::time::Duration;

/// The bounds of the API. All can be configured; `GetServerInfo` tells them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes in a request message.
    pub max_request_bytes: usize,
    /// Bytes in a title or a text.
    pub max_text_bytes: usize,
    /// Articles in a batch.
    pub max_batch_articles: usize,
    /// Bytes in an answer message.
    pub max_answer_bytes: usize,
    /// HTTP/2 streams open at once on one connection.
    pub max_streams_per_connection: u32,
    /// The longest a unary call or one item of a stream may take.
    pub max_deadline: Duration,
    /// The longest a stream may live.
    pub max_stream_lifetime: Duration,
}

impl Limits {
    /// The largest value that any size may be configured to. Offsets are 32-bit
    /// and some are converted to larger units on the way, so this stays far
    /// below 2 GiB.
    pub const CEILING_BYTES: usize = 64 << 20;
}

impl Default for Limits {
    /// 4 MiB is what Go, Java and Python clients accept in an answer by default.
    fn default() -> Self {
        Self {
            max_request_bytes: 4 << 20,
            max_text_bytes: 1 << 20,
            max_batch_articles: 64,
            max_answer_bytes: 4 << 20,
            max_streams_per_connection: 256,
            max_deadline: Duration::from_secs(10),
            max_stream_lifetime: Duration::from_hours(1),
        }
    }
}
