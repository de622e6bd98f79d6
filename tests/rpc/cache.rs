//! The cache and work in flight, as callers see them.

use khabar::proto;
use khabar::server::ServerOptions;

use crate::support::gate::{Gate, HOLD};
use crate::support::{TestServer, analyze, article, took};

async fn gated() -> (Gate, TestServer) {
    let gate = Gate::new();
    let server = TestServer::with(ServerOptions::default(), |it| gate.before(it)).await;
    (gate, server)
}

fn secret(text: &str) -> proto::AnalyzeRequest {
    let options = Some(proto::AnalyzeOptions { no_store: true, ..Default::default() });
    proto::AnalyzeRequest { options, ..analyze(text) }
}

#[tokio::test]
async fn the_second_equal_request_is_a_hit_with_the_same_answer() {
    let (gate, server) = gated().await;
    let mut client = server.client().await;
    let first = client.analyze(analyze("خبر")).await.unwrap();
    let second = client.analyze(analyze("خبر")).await.unwrap();
    assert_eq!((took(&first), took(&second)), ("miss", "hit"));
    assert_eq!(first.into_inner(), second.into_inner());
    assert_eq!(gate.counts().begun, 1);
}

#[tokio::test]
async fn whatever_changes_the_answer_is_another_request() {
    let (_gate, server) = gated().await;
    let mut client = server.client().await;
    let base = analyze("خبر من عمّان");
    let article = base.article.clone().unwrap();
    let with = |article| proto::AnalyzeRequest { article: Some(article), options: None };
    let options = |options| proto::AnalyzeRequest { options: Some(options), ..base.clone() };
    let requests = [
        base.clone(),
        with(proto::Article { title: "خبر".into(), ..article.clone() }),
        with(proto::Article {
            title: "خبر من عمّان".into(),
            text: String::new(),
            ..article.clone()
        }),
        with(proto::Article { time_zone: "Asia/Amman".into(), ..article.clone() }),
        with(proto::Article { published_at: Some(prost_types::Timestamp::default()), ..article }),
        options(proto::AnalyzeOptions { features: vec![2], ..Default::default() }),
        options(proto::AnalyzeOptions { offset_unit: 2, ..Default::default() }),
    ];
    for request in requests {
        let response = client.analyze(request.clone()).await.unwrap();
        assert_eq!(took(&response), "miss", "{request:?}");
    }
}

#[tokio::test]
async fn different_rpcs_do_not_share_answers() {
    let (_gate, server) = gated().await;
    let mut client = server.client().await;
    let article = Some(article("خبر"));
    let segment = proto::SegmentHeadlinesRequest { article: article.clone(), ..Default::default() };
    let extract = proto::ExtractEntitiesRequest { article, ..Default::default() };
    assert_eq!(took(&client.segment_headlines(segment).await.unwrap()), "miss");
    assert_eq!(took(&client.extract_entities(extract).await.unwrap()), "miss");
    assert_eq!(took(&client.analyze(analyze("خبر")).await.unwrap()), "miss");
}

#[tokio::test]
async fn embargoed_text_is_neither_read_from_nor_written_to_the_cache() {
    let (gate, server) = gated().await;
    let mut client = server.client().await;
    assert_eq!(took(&client.analyze(secret("خبر")).await.unwrap()), "bypass");
    assert_eq!(took(&client.analyze(analyze("خبر")).await.unwrap()), "miss");
    assert_eq!(took(&client.analyze(secret("خبر")).await.unwrap()), "bypass");
    assert_eq!(gate.counts().begun, 3);
}

#[tokio::test]
async fn equal_requests_in_flight_compute_once() {
    let (gate, server) = gated().await;
    let first = tokio::spawn({
        let mut client = server.client().await;
        async move { client.analyze(analyze(HOLD)).await }
    });
    gate.until(|counts| counts.held == 1).await;
    let others: Vec<_> = {
        let client = server.client().await;
        let ask = |mut client: crate::support::Client| {
            tokio::spawn(async move { client.analyze(analyze(HOLD)).await })
        };
        (0..20).map(|_| ask(client.clone())).collect()
    };
    // A later call on the same connection is answered after the others were
    // taken in: they wait now.
    let mut client = server.client().await;
    client.get_server_info(proto::GetServerInfoRequest {}).await.unwrap();
    gate.open();
    assert_eq!(took(&first.await.unwrap().unwrap()), "miss");
    for other in others {
        let response = other.await.unwrap().unwrap();
        assert!(matches!(took(&response), "coalesced" | "hit"));
    }
    assert_eq!(gate.counts().begun, 1);
}

#[tokio::test]
async fn a_caller_that_leaves_does_not_fail_those_who_share_its_work() {
    let (gate, server) = gated().await;
    let first = tokio::spawn({
        let mut client = server.client().await;
        async move { client.analyze(analyze(HOLD)).await }
    });
    gate.until(|counts| counts.held == 1).await;
    let mut embargoed = server.client().await;
    let second = tokio::spawn({
        let mut client = server.client().await;
        async move { client.analyze(analyze(HOLD)).await }
    });
    // Proves that the server goes on reading; the second is in, or will hit.
    embargoed.analyze(secret("خبر")).await.unwrap();
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    gate.open();
    assert!(second.await.unwrap().is_ok());
}

#[tokio::test]
async fn work_stops_when_its_last_caller_leaves() {
    let (gate, server) = gated().await;
    let callers: Vec<_> = {
        let mut callers = Vec::new();
        for _ in 0..3 {
            let mut client = server.client().await;
            callers.push(tokio::spawn(async move { client.analyze(analyze(HOLD)).await }));
        }
        callers
    };
    gate.until(|counts| counts.held == 1).await;
    for caller in &callers {
        caller.abort();
    }
    gate.until(|counts| counts.called_off == counts.held).await;
}

#[tokio::test]
async fn work_that_was_called_off_is_not_kept() {
    let (gate, server) = gated().await;
    let caller = tokio::spawn({
        let mut client = server.client().await;
        async move { client.analyze(analyze(HOLD)).await }
    });
    gate.until(|counts| counts.held == 1).await;
    caller.abort();
    gate.until(|counts| counts.called_off == 1).await;
    gate.open();
    let response = server.client().await.analyze(analyze(HOLD)).await.unwrap();
    assert_eq!(took(&response), "miss");
}

#[tokio::test]
async fn a_caller_that_leaves_stops_its_embargoed_work_too() {
    let (gate, server) = gated().await;
    let caller = tokio::spawn({
        let mut client = server.client().await;
        async move { client.analyze(secret(HOLD)).await }
    });
    gate.until(|counts| counts.held == 1).await;
    caller.abort();
    gate.until(|counts| counts.called_off == 1).await;
}
