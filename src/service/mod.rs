//! The RPC handlers: proto in, engine, proto out, nothing else.

pub mod answer;
mod encoded;
mod enums;
pub mod info;
pub mod job;
pub mod request;
pub mod status;
mod switches;

pub use encoded::EncodedAnswer;

/// The generated server, whose cacheable answers are [`EncodedAnswer`]s.
pub mod wire {
    #![allow(missing_docs, clippy::pedantic, reason = "generated from the commented protos")]

    include!(concat!(env!("OUT_DIR"), "/wire/khabar.v1.rs"));
}
