//! Everything that can go wrong with a call, as the shell speaks of it.
//!
//! Layers and handlers answer with a [`Fault`]; `service::status` is the one
//! place that turns it into a gRPC status.

use std::time::Duration;

use crate::cancel::Cancelled;

/// Why a call, or one article of a batch or stream, has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A field of the request is off.
    #[error("{field}: {problem}")]
    InvalidField {
        /// Path of the field in the request: `articles[3].text`.
        field: String,
        /// What is wrong, and what would be right.
        problem: String,
    },
    /// A text is longer than the limit.
    #[error("{field}: {bytes} bytes, the limit is {limit}; send it in parts")]
    TextTooLong {
        /// Path of the field in the request.
        field: String,
        /// How long the text is.
        bytes: usize,
        /// How long it may be.
        limit: usize,
    },
    /// A batch is empty or holds too many articles.
    #[error("articles: a batch holds 1 to {limit} articles, this one {articles}")]
    BatchSize {
        /// How many articles were sent.
        articles: usize,
        /// How many may be.
        limit: usize,
    },
    /// The request message is larger than the limit.
    #[error("the request message is larger than {limit} bytes; send fewer or shorter articles")]
    MessageTooLarge {
        /// How large it may be.
        limit: usize,
    },
    /// The answer would be larger than the limit.
    #[error(
        "the answer would be {bytes} bytes, the limit is {limit}; \
         ask for fewer features, for no edits, or for no sentences"
    )]
    AnswerTooLarge {
        /// How large it would be.
        bytes: usize,
        /// How large it may be.
        limit: usize,
    },
    /// The request message could not be decoded.
    #[error("the request message could not be decoded")]
    MalformedMessage,
    /// The call's deadline, or the server's cap, has passed.
    #[error("the deadline has passed before the answer was ready")]
    DeadlineExceeded,
    /// The caller went away.
    #[error("the call was cancelled")]
    Cancelled,
    /// The queue is full.
    #[error("the server is at its limit; try again in {} ms", retry_after.as_millis())]
    Overloaded {
        /// When to try again.
        retry_after: Duration,
    },
    /// The server is shutting down.
    #[error("the server is draining; another replica will answer")]
    Draining,
    /// The server has no such method.
    #[error("this server has no method {method}")]
    UnknownMethod {
        /// The path that was called.
        method: String,
    },
    /// The call needs a key and has none.
    #[error("a key is needed: send the metadata 'authorization: Bearer KEY', once")]
    MissingKey,
    /// The call's key is not one of those that are accepted.
    #[error("the key is not known here")]
    UnknownKey,
    /// The caller asks for more than its rate.
    #[error("{caller} has used up its rate; try again in {} ms", retry_after.as_millis())]
    RateExceeded {
        /// The name of the caller's key.
        caller: String,
        /// When the rate allows another call.
        retry_after: Duration,
    },
    /// A fault of the server itself; its cause is in the logs, not here.
    #[error("an internal fault; the request id finds it in the server's logs")]
    Internal,
}

impl Fault {
    /// A field that is off.
    pub fn field(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::InvalidField { field: field.into(), problem: problem.into() }
    }
}

impl From<Cancelled> for Fault {
    fn from(Cancelled: Cancelled) -> Self {
        Self::Cancelled
    }
}
