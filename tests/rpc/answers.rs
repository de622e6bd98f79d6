//! Every RPC answers.

use khabar::proto;
use tonic::Request;

use crate::support::{TestServer, analyze, article};

/// "The president of the council opened the conference in Amman yesterday."
const TEXT: &str = "افتتح رئيس المجلس المؤتمر في عمّان أمس.";

#[tokio::test]
async fn normalize_answers_with_the_normalized_text() {
    let server = TestServer::start().await;
    let request = proto::NormalizeRequest { text: TEXT.into(), ..Default::default() };
    let answer = server.client().await.normalize(request).await.unwrap().into_inner();
    assert_eq!(answer.normalized_text, TEXT);
    assert!(!answer.engine_version.is_empty());
}

#[tokio::test]
async fn an_empty_text_normalizes_to_an_empty_text() {
    let server = TestServer::start().await;
    let request = proto::NormalizeRequest::default();
    let answer = server.client().await.normalize(request).await.unwrap().into_inner();
    assert_eq!(answer.normalized_text, "");
}

#[tokio::test]
async fn segment_headlines_answers_with_spans_of_the_text_as_sent() {
    let server = TestServer::start().await;
    let request = proto::SegmentHeadlinesRequest {
        article: Some(proto::Article { title: "قمة في عمّان".into(), ..article(TEXT) }),
        ..Default::default()
    };
    let answer = server.client().await.segment_headlines(request).await.unwrap().into_inner();
    let blocks = answer.segmentation.unwrap().blocks;
    assert!(!blocks.is_empty());
    for block in blocks {
        let span = block.span.unwrap();
        let field =
            if span.field == proto::Field::Title as i32 { "قمة في عمّان" } else { TEXT };
        assert!(field.get(span.begin as usize..span.end as usize).is_some());
    }
    assert!(!answer.engine_version.is_empty());
}

#[tokio::test]
async fn extract_entities_answers_with_the_zone_it_used() {
    let server = TestServer::start().await;
    let zoned = proto::Article { time_zone: "Asia/Amman".into(), ..article(TEXT) };
    for (article, zone) in [(article(TEXT), "UTC"), (zoned, "Asia/Amman")] {
        let request =
            proto::ExtractEntitiesRequest { article: Some(article), ..Default::default() };
        let answer = server.client().await.extract_entities(request).await.unwrap().into_inner();
        assert_eq!(answer.time_zone, zone);
        assert!(!answer.engine_version.is_empty());
    }
}

#[tokio::test]
async fn analyze_does_what_its_features_say() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    let whole = client.analyze(analyze(TEXT)).await.unwrap().into_inner();
    assert_eq!(whole.normalized_text, TEXT);
    assert!(whole.segmentation.is_some());
    let options = proto::AnalyzeOptions {
        features: vec![proto::Feature::Segment.into(), proto::Feature::Segment.into()],
        ..Default::default()
    };
    let request = proto::AnalyzeRequest { options: Some(options), ..analyze(TEXT) };
    let part = client.analyze(request).await.unwrap().into_inner();
    assert_eq!(part.normalized_text, "");
    assert_eq!(part.segmentation, whole.segmentation);
}

#[tokio::test]
async fn get_server_info_tells_limits_and_abilities() {
    let server = TestServer::start().await;
    let answer = server.client().await.get_server_info(proto::GetServerInfoRequest {}).await;
    let info = answer.unwrap().into_inner().server_info.unwrap();
    let limits = info.limits.unwrap();
    assert_eq!(limits.max_request_bytes, 4 << 20);
    assert_eq!(limits.max_batch_articles, 64);
    assert_eq!(limits.max_streams_per_connection, 256);
    assert_eq!(info.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(info.default_time_zone, "UTC");
}

#[tokio::test]
async fn every_answer_carries_a_request_id() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    let mut id = async |sent: Option<&'static str>, text: &str| {
        let mut request = Request::new(analyze(text));
        if let Some(sent) = sent {
            request.metadata_mut().insert("x-request-id", sent.parse().unwrap());
        }
        let metadata = match client.analyze(request).await {
            Ok(response) => response.metadata().clone(),
            Err(status) => status.metadata().clone(),
        };
        metadata.get("x-request-id").unwrap().to_str().unwrap().to_owned()
    };
    assert_eq!(id(Some("desk-7"), TEXT).await, "desk-7");
    assert_eq!(id(Some("desk-8"), "").await, "desk-8");
    assert_ne!(id(Some("not sane"), TEXT).await, "not sane");
    assert_ne!(id(None, TEXT).await, id(None, TEXT).await);
}

#[tokio::test]
async fn compressed_requests_are_understood() {
    use tonic::codec::CompressionEncoding::{Gzip, Zstd};
    let server = TestServer::start().await;
    for encoding in [Gzip, Zstd] {
        let mut client = server.client().await.send_compressed(encoding);
        let answer = client.analyze(analyze(&TEXT.repeat(50))).await.unwrap();
        assert!(answer.into_inner().segmentation.is_some());
    }
}
