//! Batches: every article on its own, in order.

use khabar::limits::Limits;
use khabar::proto;
use khabar::proto::CacheStatus;
use khabar::proto::analyze_batch_item::Outcome;
use khabar::server::ServerOptions;
use prost::Message;
use tonic::Code;

use crate::support::gate::{Gate, PANIC};
use crate::support::{TestServer, article, item_reason, meaning};

fn batch<'a>(texts: impl IntoIterator<Item = &'a str>) -> proto::AnalyzeBatchRequest {
    proto::AnalyzeBatchRequest { articles: texts.into_iter().map(article).collect(), options: None }
}

/// What became of each item: its normalized text, or the reason of its error.
fn outcomes(response: &proto::AnalyzeBatchResponse) -> Vec<String> {
    let outcomes = response.items.iter().map(|item| match item.outcome.as_ref().unwrap() {
        Outcome::Result(result) => result.normalized_text.clone(),
        Outcome::Error(status) => item_reason(status),
    });
    outcomes.collect()
}

#[tokio::test]
async fn items_come_in_the_order_of_their_articles_and_fail_alone() {
    let gate = Gate::new();
    let server = TestServer::with(ServerOptions::default(), |it| gate.before(it)).await;
    let panicking = format!("{PANIC} خبر");
    let request = batch(["أول", "", "ثان", &panicking, "ثالث"]);
    let response = server.client().await.analyze_batch(request).await.unwrap().into_inner();
    assert_eq!(outcomes(&response), ["أول", "INVALID_FIELD", "ثان", "INTERNAL", "ثالث"]);
    assert!(!response.engine_version.is_empty());
    let Some(Outcome::Error(status)) = &response.items[1].outcome else { panic!() };
    assert!(status.message.contains("articles[1].text"), "{}", status.message);
}

#[tokio::test]
async fn items_tell_how_the_cache_took_part() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    let mut statuses = async |request| {
        let response = client.analyze_batch(request).await.unwrap().into_inner();
        response.items.iter().map(proto::AnalyzeBatchItem::cache_status).collect::<Vec<_>>()
    };
    assert_eq!(statuses(batch(["أول"])).await, [CacheStatus::Miss]);
    assert_eq!(statuses(batch(["أول", "ثان"])).await, [CacheStatus::Hit, CacheStatus::Miss]);
    let options = Some(proto::AnalyzeOptions { no_store: true, ..Default::default() });
    let secret = proto::AnalyzeBatchRequest { options, ..batch(["أول"]) };
    assert_eq!(statuses(secret).await, [CacheStatus::Bypass]);
}

#[tokio::test]
async fn a_batch_of_the_wrong_size_fails_whole() {
    let server = TestServer::start().await;
    for size in [0, 65] {
        let request = batch(vec!["خبر"; size]);
        let status = server.client().await.analyze_batch(request).await.unwrap_err();
        assert_eq!(meaning(&status), (Code::InvalidArgument, "BATCH_SIZE".into()));
    }
    let full = server.client().await.analyze_batch(batch(vec!["خبر"; 64])).await.unwrap();
    assert_eq!(full.into_inner().items.len(), 64);
}

#[tokio::test]
async fn wrong_options_fail_the_batch_whole() {
    let server = TestServer::start().await;
    let options = Some(proto::AnalyzeOptions { features: vec![0], ..Default::default() });
    let request = proto::AnalyzeBatchRequest { options, ..batch(["خبر"]) };
    let status = server.client().await.analyze_batch(request).await.unwrap_err();
    assert_eq!(meaning(&status), (Code::InvalidArgument, "INVALID_FIELD".into()));
    assert!(status.message().contains("options.features[0]"), "{}", status.message());
}

#[tokio::test]
async fn articles_whose_answers_do_not_fit_fail_alone_and_the_answer_keeps_its_limit() {
    let limits = Limits { max_answer_bytes: 20_000, ..Limits::default() };
    let options = ServerOptions { limits, ..ServerOptions::default() };
    let server = TestServer::with(options, |server| server).await;
    let only_normalize = proto::AnalyzeOptions { features: vec![1], ..Default::default() };
    let texts: Vec<_> = ["خ", "ب", "ر"].map(|letter| letter.repeat(4_000)).into();
    let mut request = batch(texts.iter().map(String::as_str).chain(["قصير"]));
    request.options = Some(only_normalize);
    let response = server.client().await.analyze_batch(request).await.unwrap().into_inner();
    let outcomes = outcomes(&response);
    assert_eq!(outcomes[..2], texts[..2]);
    assert_eq!(outcomes[2..], ["ANSWER_TOO_LARGE", "قصير"]);
    assert!(response.encoded_len() <= 20_000);
}
