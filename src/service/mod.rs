//! The RPC handlers: proto in, engine, proto out, nothing else.

mod encoded;

pub use encoded::EncodedAnswer;

/// The generated server, whose cacheable answers are [`EncodedAnswer`]s.
pub mod wire {
    #![allow(missing_docs, clippy::pedantic, reason = "generated from the commented protos")]

    include!(concat!(env!("OUT_DIR"), "/wire/khabar.v1.rs"));
}
