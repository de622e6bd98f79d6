//! Compiles the protos without a system `protoc`.
//!
//! Two sets of Rust code come out of one descriptor set:
//!
//! * `khabar.v1.rs`: all messages but `Article` (`src/proto/article.rs`), and
//!   the client;
//! * `wire/khabar.v1.rs`: the server, whose `AnalyzeResponse` and the other
//!   cacheable answers are bytes that were encoded before (`EncodedAnswer`), so
//!   that a cached answer is served without being decoded and encoded again,
//!   and whose requests with texts are bytes yet to be decoded
//!   (`EncodedRequest`), off the async threads.
//!
//! The descriptor set itself is embedded for reflection.
//!
//! It also takes the digests that tell versions of the engines and models
//! apart (`KHABAR_ENGINE_DIGEST` and so on, for `env!`).

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use prost::Message;
use protox::prost_reflect::prost_types::{DescriptorProto, EnumDescriptorProto};
use xxhash_rust::xxh3::Xxh3;

const SERVICE: &str = "khabar/v1/text_analytics_service.proto";
const INCLUDES: [&str; 2] = ["proto", "third_party/proto"];

/// Answers that the server holds encoded.
const ENCODED: [&str; 4] =
    ["NormalizeResponse", "SegmentHeadlinesResponse", "ExtractEntitiesResponse", "AnalyzeResponse"];

/// Requests that the server takes encoded.
const UNDECODED: [&str; 6] = [
    "NormalizeRequest",
    "SegmentHeadlinesRequest",
    "ExtractEntitiesRequest",
    "AnalyzeRequest",
    "AnalyzeBatchRequest",
    "AnalyzeStreamRequest",
];

/// Messages of the server's own set: those with an encoded answer inside.
const WIRE: [&str; 3] = ["AnalyzeBatchResponse", "AnalyzeBatchItem", "AnalyzeStreamResponse"];

/// All that shapes an answer: code, data and models of the engines.
const ENGINES: [&str; 8] = [
    "src/analyze.rs",
    "src/text",
    "src/normalize",
    "src/segment",
    "src/entities",
    "src/service/answer.rs",
    "data",
    "models",
];

fn main() -> Result<(), Box<dyn Error>> {
    for path in INCLUDES.iter().chain(&ENGINES) {
        println!("cargo:rerun-if-changed={path}");
    }
    tell_digest("KHABAR_ENGINE_DIGEST", &ENGINES)?;
    tell_digest("KHABAR_SEGMENT_MODEL_DIGEST", &["models/segment.bin"])?;
    tell_digest("KHABAR_ENTITIES_MODEL_DIGEST", &["models/ner.bin"])?;
    compile_protos()
}

/// Hands a digest of files, and of all files under folders, to the crate.
fn tell_digest(variable: &str, paths: &[&str]) -> Result<(), Box<dyn Error>> {
    let mut files = Vec::new();
    let mut open: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            for entry in fs::read_dir(path)? {
                open.push(entry?.path());
            }
        } else {
            files.push(path);
        }
    }
    files.sort();
    let mut digest = Xxh3::new();
    for file in files {
        digest.update(file.to_string_lossy().as_bytes());
        digest.update(&fs::read(file)?);
    }
    println!("cargo:rustc-env={variable}={:016x}", digest.digest());
    Ok(())
}

fn compile_protos() -> Result<(), Box<dyn Error>> {
    let mut compiler = protox::Compiler::new(INCLUDES)?;
    compiler.include_imports(true).include_source_info(true);
    // `error_details` is imported by no message: clients need it in reflection
    // to print the details of an error.
    compiler.open_files([
        SERVICE,
        "khabar/v1/error_reason.proto",
        "google/rpc/error_details.proto",
    ])?;
    let descriptors = compiler.file_descriptor_set();

    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("khabar.v1.bin"), descriptors.encode_to_vec())?;

    builder(&out)
        .build_server(false)
        .extern_path(".khabar.v1.Article", "crate::proto::Article")
        .extern_path(".google.rpc.Status", "::tonic_types::Status")
        .compile_fds(descriptors.clone())?;

    let wire = out.join("wire");
    fs::create_dir_all(&wire)?;
    let mut builder = builder(&wire)
        .build_client(false)
        .extern_path(".google.rpc.Status", "::tonic_types::Status");
    for file in descriptors.file.iter().filter(|file| file.package() == "khabar.v1") {
        let messages = file.message_type.iter().map(DescriptorProto::name);
        let enums = file.enum_type.iter().map(EnumDescriptorProto::name);
        for name in messages.chain(enums).filter(|name| !WIRE.contains(name)) {
            let path = if ENCODED.contains(&name) {
                "crate::service::EncodedAnswer".to_owned()
            } else if UNDECODED.contains(&name) {
                format!("crate::service::EncodedRequest<crate::proto::{name}>")
            } else {
                format!("crate::proto::{name}")
            };
            builder = builder.extern_path(format!(".khabar.v1.{name}"), path);
        }
    }
    builder.compile_fds(descriptors)?;
    Ok(())
}

fn builder(out: &Path) -> tonic_prost_build::Builder {
    tonic_prost_build::configure().out_dir(out)
}
