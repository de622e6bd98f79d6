//! One `AnalyzeStream` of many articles, and the server's memory meanwhile.

use khabar::proto;
use khabar::proto::text_analytics_service_client::TextAnalyticsServiceClient as Client;
use tokio_stream::StreamExt;

use crate::Target;
use crate::articles::Articles;
use crate::client::connect;
use crate::process::Usage;

/// Answers between two looks at the server's memory.
const EVERY: u64 = 1_000;

/// Streams the articles; whether all were answered.
pub async fn run(target: &Target, count: u64) -> bool {
    let articles = Articles::read(&target.kind);
    let channel = connect(target.server, 1).await.remove(0);
    let before = Usage::of(target.pid);
    let requests = (0..count).map(move |number| proto::AnalyzeStreamRequest {
        id: number.to_string(),
        request: Some(articles.analyze(number as usize)),
    });
    let answers = Client::new(channel).analyze_stream(tokio_stream::iter(requests)).await;
    let mut answers = answers.unwrap().into_inner();
    let (mut answered, mut well) = (0, 0);
    while let Some(Ok(answer)) = answers.next().await {
        answered += 1;
        well += u64::from(matches!(
            answer.outcome,
            Some(proto::analyze_stream_response::Outcome::Result(_))
        ));
        if answered % EVERY == 0
            && let Some(usage) = Usage::of(target.pid)
        {
            println!("{answered:>6} answers, {:>7} KiB resident", usage.resident_kib);
        }
    }
    if let (Some(before), Some(after)) = (before, Usage::of(target.pid)) {
        let cpu = after.cpu.saturating_sub(before.cpu);
        println!(
            "stream: {:.1} us of processor time each",
            cpu.as_micros() as f64 / well.max(1) as f64
        );
    }
    println!("answered well: {well} of {count}");
    well == count
}
