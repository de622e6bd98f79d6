//! The RPC handlers: proto in, engine, proto out, nothing else.

pub mod analyst;
pub mod answer;
mod batch;
mod encoded;
mod enums;
mod handlers;
pub mod info;
mod intake;
pub mod job;
pub mod live;
pub mod request;
pub mod status;
mod stream;
mod switches;

pub use encoded::{EncodedAnswer, EncodedRequest};
pub use handlers::Handlers;
pub use intake::Intake;
pub use stream::Window;

/// The generated server, whose cacheable answers are [`EncodedAnswer`]s.
pub mod wire {
    #![allow(missing_docs, clippy::pedantic, reason = "generated from the commented protos")]

    include!(concat!(env!("OUT_DIR"), "/wire/khabar.v1.rs"));
}
