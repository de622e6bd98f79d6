//! The engine is exchanged while the server runs.

use khabar::analyze::Engine;
use khabar::entities::NamesFile;
use khabar::proto;
use khabar::server::{Server, ServerOptions};
use khabar::service::live::LiveEngine;

use crate::support::gate::{Gate, HOLD};
use crate::support::{TestServer, analyze, article, took};

/// "Sahm arrived in Amman."
const TEXT: &str = "وصل سهم إلى عمّان.";

fn with_names() -> Engine {
    Engine::with_names(NamesFile::parse("سهم\tORGANIZATION\tقناة سهم\n").unwrap())
}

/// A server, and the engine in use.
async fn server(change: impl FnOnce(Server) -> Server) -> (TestServer, LiveEngine) {
    let mut live = None;
    let options = ServerOptions { pool_threads: 2, ..ServerOptions::default() };
    let server = TestServer::with(options, |server| {
        live = Some(server.engine());
        change(server)
    });
    let server = server.await;
    (server, live.unwrap())
}

fn names(entities: &[proto::Entity]) -> Vec<&str> {
    entities.iter().map(|entity| entity.name.as_str()).collect()
}

#[tokio::test]
async fn another_engine_answers_anew_what_the_cache_holds_and_tells_its_version_everywhere() {
    let (server, live) = server(|server| server).await;
    let mut client = server.client().await;
    let before = client.analyze(analyze(TEXT)).await.unwrap();
    let hit = client.analyze(analyze(TEXT)).await.unwrap();
    assert_eq!((took(&before), took(&hit)), ("miss", "hit"));
    live.put(with_names());
    let version = with_names().version().to_owned();
    let after = client.analyze(analyze(TEXT)).await.unwrap();
    assert_eq!(took(&after), "miss");
    let (before, after) = (before.into_inner(), after.into_inner());
    assert!(!names(&before.entities).contains(&"قناة سهم"), "{:?}", names(&before.entities));
    assert!(names(&after.entities).contains(&"قناة سهم"), "{:?}", names(&after.entities));
    assert_ne!(before.engine_version, version);
    assert_eq!(after.engine_version, version);
    let info = client.get_server_info(proto::GetServerInfoRequest {}).await.unwrap().into_inner();
    assert_eq!(info.engine_version, version);
    assert_eq!(info.server_info.unwrap().engine_version, version);
    let batch = proto::AnalyzeBatchRequest { articles: vec![article(TEXT)], ..Default::default() };
    let batch = client.analyze_batch(batch).await.unwrap().into_inner();
    assert_eq!(batch.engine_version, version);
}

#[tokio::test]
async fn work_in_flight_keeps_its_engine_and_equal_new_work_does_not_join_it() {
    let gate = Gate::new();
    let (server, live) = server(|server| gate.before(server)).await;
    let held = format!("{TEXT} {HOLD}");
    let mut client = server.client().await;
    let ask = |text: String| {
        let mut client = client.clone();
        tokio::spawn(async move { client.analyze(analyze(&text)).await.unwrap() })
    };
    let before = ask(held.clone());
    gate.until(|counts| counts.held == 1).await;
    live.put(with_names());
    let after = ask(held);
    gate.until(|counts| counts.begun == 2).await;
    gate.open();
    let (before, after) = (before.await.unwrap(), after.await.unwrap());
    assert_eq!((took(&before), took(&after)), ("miss", "miss"));
    assert_ne!(before.get_ref().engine_version, with_names().version());
    assert_eq!(after.get_ref().engine_version, with_names().version());
    assert!(!names(&before.get_ref().entities).contains(&"قناة سهم"));
    assert!(names(&after.get_ref().entities).contains(&"قناة سهم"));
    let info = client.get_server_info(proto::GetServerInfoRequest {}).await.unwrap();
    assert_eq!(info.get_ref().engine_version, with_names().version());
}
