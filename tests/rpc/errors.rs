//! What is wrong is told with its code, its reason and its field.

use khabar::limits::Limits;
use khabar::proto;
use khabar::server::ServerOptions;
use tonic::codec::CompressionEncoding;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::support::gate::{Gate, PANIC};
use crate::support::{TestServer, analyze, meaning, raw, reason};

const ANALYZE: &str = "/khabar.v1.TextAnalyticsService/Analyze";

fn field(status: &Status) -> String {
    status.get_error_details().bad_request().unwrap().field_violations[0].field.clone()
}

#[tokio::test]
async fn bad_fields_are_named_by_their_path() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    let article = |article| proto::AnalyzeRequest { article: Some(article), options: None };
    let options = |options| proto::AnalyzeRequest { options: Some(options), ..analyze("خبر") };
    let default = proto::AnalyzeOptions::default;
    let normalize = proto::NormalizeOptions { digits: 77, ..Default::default() };
    let entities = proto::EntityOptions { types: vec![1, 99] };
    for (request, path) in [
        (proto::AnalyzeRequest::default(), "article"),
        (analyze(" \n"), "article.text"),
        (
            article(proto::Article {
                time_zone: "Mars/Base".into(),
                ..crate::support::article("خ")
            }),
            "article.time_zone",
        ),
        (options(proto::AnalyzeOptions { features: vec![0], ..default() }), "options.features[0]"),
        (
            options(proto::AnalyzeOptions { features: vec![1, 9], ..default() }),
            "options.features[1]",
        ),
        (options(proto::AnalyzeOptions { offset_unit: -1, ..default() }), "options.offset_unit"),
        (
            options(proto::AnalyzeOptions { normalize: Some(normalize), ..default() }),
            "options.normalize.digits",
        ),
        (
            options(proto::AnalyzeOptions { entities: Some(entities), ..default() }),
            "options.entities.types[1]",
        ),
    ] {
        let status = client.analyze(request).await.unwrap_err();
        assert_eq!(meaning(&status), (Code::InvalidArgument, "INVALID_FIELD".into()), "{path}");
        assert_eq!(field(&status), path);
    }
}

#[tokio::test]
async fn a_text_over_the_limit_is_invalid() {
    let limits = Limits { max_text_bytes: 10, ..Limits::default() };
    let options = ServerOptions { limits, ..ServerOptions::default() };
    let server = TestServer::with(options, |server| server).await;
    let status = server.client().await.analyze(analyze("خبر قصير")).await.unwrap_err();
    assert_eq!(meaning(&status), (Code::InvalidArgument, "TEXT_TOO_LONG".into()));
    assert_eq!(field(&status), "article.text");
}

#[tokio::test]
async fn a_message_over_the_limit_is_out_of_range() {
    let server = TestServer::start().await;
    let text = "خ".repeat(3 << 20);
    let status = server.client().await.analyze(analyze(&text)).await.unwrap_err();
    assert_eq!(meaning(&status), (Code::OutOfRange, "MESSAGE_TOO_LARGE".into()));
}

#[tokio::test]
async fn a_message_over_the_limit_once_decompressed_is_out_of_range() {
    let server = TestServer::start().await;
    for encoding in [CompressionEncoding::Gzip, CompressionEncoding::Zstd] {
        let mut client = server.client().await.send_compressed(encoding);
        let status = client.analyze(analyze(&"خ".repeat(3 << 20))).await.unwrap_err();
        assert_eq!(meaning(&status), (Code::OutOfRange, "MESSAGE_TOO_LARGE".into()));
    }
}

#[tokio::test]
async fn a_message_that_cannot_be_decoded_is_internal() {
    static ONES: [u8; 100_000] = [0xff; 100_000];
    let server = TestServer::start().await;
    // A field that ends before it begins; a text that is not UTF-8; nothing
    // but ones, few and many.
    for message in [&b"\x0a\x7f"[..], b"\x0a\x04\x12\x02\xff\xfe", &ONES[..100], &ONES] {
        let status = raw::call(server.channel().await, ANALYZE, message).await.unwrap_err();
        assert_eq!(meaning(&status), (Code::Internal, "MALFORMED_MESSAGE".into()));
    }
    server.client().await.analyze(analyze("خبر")).await.unwrap();
}

#[tokio::test]
async fn a_call_without_a_message_is_internal() {
    let server = TestServer::start().await;
    for body in ["", "\0\0", "\0\0\0\0\x09abc"] {
        let request = raw::post(ANALYZE).body(http_body_util::Full::from(body)).unwrap();
        let status = raw::exchange(server.address, request).await;
        assert_eq!(meaning(&status), (Code::Internal, "MALFORMED_MESSAGE".into()), "{body:?}");
    }
}

#[tokio::test]
async fn a_compression_nobody_knows_is_unimplemented_with_those_that_are_known() {
    let server = TestServer::start().await;
    let request = raw::post(ANALYZE).header("grpc-encoding", "brotli");
    let request = request.body(raw::framed(&analyze("خبر"))).unwrap();
    let status = raw::exchange(server.address, request).await;
    assert_eq!(status.code(), Code::Unimplemented);
    assert!(status.metadata().contains_key("grpc-accept-encoding"));
}

#[tokio::test]
async fn an_unknown_method_is_unimplemented() {
    let server = TestServer::start().await;
    for path in ["/khabar.v1.TextAnalyticsService/Guess", "/khabar.v9.Oracle/Ask"] {
        let status = raw::call(server.channel().await, path, &b""[..]).await.unwrap_err();
        assert_eq!(meaning(&status), (Code::Unimplemented, "UNKNOWN_METHOD".into()));
    }
}

#[tokio::test]
async fn an_answer_over_the_limit_is_out_of_range_with_advice() {
    let limits = Limits { max_answer_bytes: 1_000, ..Limits::default() };
    let options = ServerOptions { limits, ..ServerOptions::default() };
    let server = TestServer::with(options, |server| server).await;
    let mut client = server.client().await;
    let request = proto::NormalizeRequest { text: "خبر ".repeat(200), ..Default::default() };
    let status = client.normalize(request).await.unwrap_err();
    assert_eq!(meaning(&status), (Code::OutOfRange, "ANSWER_TOO_LARGE".into()));
    assert!(status.message().contains("fewer features"));
    let info = &status.get_error_details().error_info().unwrap().metadata.clone();
    assert_eq!(info["limit"], "1000");
}

#[tokio::test]
async fn a_panic_in_the_engine_is_internal_and_the_server_lives() {
    let gate = Gate::new();
    let options = ServerOptions { pool_threads: 1, ..ServerOptions::default() };
    let server = TestServer::with(options, |it| gate.before(it)).await;
    let mut client = server.client().await;
    for _ in 0..3 {
        let status = client.analyze(analyze(PANIC)).await.unwrap_err();
        assert_eq!(meaning(&status), (Code::Internal, "INTERNAL".into()));
        assert!(!status.message().contains("on purpose"), "no word of the panic");
    }
    client.analyze(analyze("خبر")).await.unwrap();
}

#[tokio::test]
async fn text_without_arabic_is_no_error() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    for text in ["Plain English.", "1234", "…", "\u{0}\u{1}", "👍🏽"] {
        client.analyze(analyze(text)).await.unwrap_or_else(|status| panic!("{}", reason(&status)));
    }
}
