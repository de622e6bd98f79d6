//! The generated messages and client of the gRPC API, and its descriptors.

#![allow(missing_docs, clippy::pedantic, reason = "generated from the commented protos")]

mod article;

tonic::include_proto!("khabar.v1");

pub use article::Article;

/// The encoded `FileDescriptorSet` of the API and all it imports, for
/// reflection.
pub const DESCRIPTORS: &[u8] = tonic::include_file_descriptor_set!("khabar.v1");
