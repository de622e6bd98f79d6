//! Everything that callers do, good and bad, for a long time, and the server's
//! memory meanwhile.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use khabar::proto;
use khabar::proto::text_analytics_service_client::TextAnalyticsServiceClient as Client;
use tokio::task::LocalSet;
use tokio_stream::StreamExt;
use tonic::transport::Channel;
use tonic::{Code, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use crate::articles::Articles;
use crate::process::Usage;
use crate::tally::Tally;
use crate::{Target, client};

/// From when on memory must not grow: by then caches are full.
const SETTLED: Duration = Duration::from_mins(5);
/// How much it may grow after that.
const MOST_GROWTH: f64 = 0.02;
/// How often it is looked at: it goes up and down by a tenth with what is being
/// worked on, so that a mean takes many looks.
const EVERY: Duration = Duration::from_secs(1);
/// So many looks make a line of what is printed.
const LINE: usize = 60;

/// Does one thing after another; whether memory settled and no answer was
/// wrong.
pub async fn run(target: &Target, minutes: u64, rate: f64) -> bool {
    let articles = Rc::new(Articles::read(&target.kind));
    let tally = Rc::new(RefCell::new(Tally::default()));
    let wrong = Rc::new(RefCell::new(Vec::new()));
    let mut channels = client::connect(target.server, target.connections).await;
    let (begun, length) = (Instant::now(), Duration::from_secs(60 * minutes));
    let mut random = fastrand::Rng::with_seed(7);
    let (mut samples, mut number) = (Vec::new(), 0_usize);
    let calls = LocalSet::new();
    calls
        .run_until(async {
            let mut pace = tokio::time::interval(Duration::from_secs_f64(1.0 / rate));
            pace.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            while begun.elapsed() < length {
                pace.tick().await;
                if begun.elapsed() >= EVERY * samples.len() as u32 {
                    let resident = Usage::of(target.pid).map_or(0, |usage| usage.resident_kib);
                    samples.push((begun.elapsed(), resident));
                    if samples.len().is_multiple_of(LINE) {
                        let minute = mean(&samples[samples.len() - LINE..]);
                        println!("{:>5} s {minute:>8.0} KiB", begun.elapsed().as_secs());
                    }
                }
                number += 1;
                let slot = number % channels.len();
                if number.is_multiple_of(200) {
                    channels[slot] = client::connect(target.server, 1).await.remove(0);
                }
                let channel = channels[slot].clone();
                let deed = Deed { articles: Rc::clone(&articles), number, dice: random.u32(..100) };
                let (tally, wrong) = (Rc::clone(&tally), Rc::clone(&wrong));
                tokio::task::spawn_local(async move {
                    let begun = Instant::now();
                    let (expected, outcome) = deed.run(channel).await;
                    let code = outcome.as_ref().err().map_or(Code::Ok, Status::code);
                    tally.borrow_mut().add(&outcome.clone().map(|()| 0), begun.elapsed());
                    if code != expected && code != Code::ResourceExhausted {
                        eprintln!("{outcome:?} in slot of {expected:?}");
                        wrong.borrow_mut().push(code);
                    }
                });
            }
        })
        .await;
    calls.await;
    tally.borrow().print(number as u64, begun.elapsed().as_secs_f64());
    let wrong = wrong.borrow().len();
    println!("answers that were not as expected: {wrong}");
    settled(&samples) && wrong == 0
}

/// Whether memory grew by no more than it may: the mean of the last fifth
/// against the mean of the first fifth after it has settled.
fn settled(samples: &[(Duration, u64)]) -> bool {
    let later = &samples[samples.partition_point(|(at, _)| *at < SETTLED)..];
    let fifth = later.len() / 5;
    if fifth == 0 {
        println!("too short to tell of memory");
        return true;
    }
    let (first, last) = (mean(&later[..fifth]), mean(&later[later.len() - fifth..]));
    let growth = last / first - 1.0;
    println!("memory: {first:.0} KiB, at the end {last:.0} KiB: {:+.2} %", 100.0 * growth);
    growth < MOST_GROWTH
}

fn mean(samples: &[(Duration, u64)]) -> f64 {
    samples.iter().map(|(_, resident)| *resident as f64).sum::<f64>() / samples.len() as f64
}

/// Something that a caller does.
struct Deed {
    articles: Rc<Articles>,
    number: usize,
    dice: u32,
}

impl Deed {
    fn article(&self) -> proto::Article {
        self.articles.article(self.number)
    }

    /// An article that no one has sent before.
    fn new_article(&self) -> proto::Article {
        let mut article = self.article();
        article.title = format!("{} {}", article.title, self.number);
        article
    }

    fn request(&self) -> proto::AnalyzeRequest {
        proto::AnalyzeRequest { article: Some(self.new_article()), options: None }
    }

    /// Does it; the code it should end in, and how it ended.
    async fn run(self, channel: Channel) -> (Code, Result<(), Status>) {
        let mut client = Client::new(channel.clone());
        let hit = || proto::AnalyzeRequest { article: Some(self.article()), options: None };
        match self.dice {
            0..20 => (Code::Ok, client.analyze(hit()).await.map(drop)),
            20..50 => (Code::Ok, client.analyze(self.request()).await.map(drop)),
            50..58 => {
                let request = proto::NormalizeRequest {
                    text: self.new_article().text,
                    ..proto::NormalizeRequest::default()
                };
                (Code::Ok, client.normalize(request).await.map(drop))
            }
            58..64 => {
                let request = proto::SegmentHeadlinesRequest {
                    article: Some(self.new_article()),
                    ..proto::SegmentHeadlinesRequest::default()
                };
                (Code::Ok, client.segment_headlines(request).await.map(drop))
            }
            64..70 => {
                let request = proto::ExtractEntitiesRequest {
                    article: Some(self.new_article()),
                    ..proto::ExtractEntitiesRequest::default()
                };
                (Code::Ok, client.extract_entities(request).await.map(drop))
            }
            70..73 => {
                let articles = (0..8).map(|more| self.articles.article(self.number + more));
                let request =
                    proto::AnalyzeBatchRequest { articles: articles.collect(), options: None };
                (Code::Ok, client.analyze_batch(request).await.map(drop))
            }
            73..76 => (Code::Ok, self.stream(client, usize::MAX).await),
            // A stream that its caller leaves in the middle.
            76..78 => (Code::Ok, self.stream(client, 3).await),
            78..84 => {
                let blank = proto::Article { text: " ".into(), ..proto::Article::default() };
                let request = proto::AnalyzeRequest { article: Some(blank), options: None };
                (Code::InvalidArgument, client.analyze(request).await.map(drop))
            }
            84..87 => {
                let article = proto::Article { time_zone: "Mars/Base".into(), ..self.article() };
                let request = proto::AnalyzeRequest { article: Some(article), options: None };
                (Code::InvalidArgument, client.analyze(request).await.map(drop))
            }
            87..90 => {
                // A field that ends before it begins.
                let bad = Bytes::from_static(b"\x0a\x7f");
                (Code::Internal, client::analyze(channel, bad).await.map(drop))
            }
            90..95 => {
                // A call that its caller leaves at once.
                let patience = Duration::from_millis(u64::from(self.dice - 90));
                let _ = tokio::time::timeout(patience, client.analyze(self.request())).await;
                (Code::Ok, Ok(()))
            }
            95..97 => {
                let answer = client.get_server_info(proto::GetServerInfoRequest {}).await;
                (Code::Ok, answer.map(drop))
            }
            _ => {
                let answer = HealthClient::new(channel).check(HealthCheckRequest::default()).await;
                (Code::Ok, answer.map(drop))
            }
        }
    }

    /// A stream of 20 articles, of whose answers the caller takes some.
    async fn stream(&self, mut client: Client<Channel>, takes: usize) -> Result<(), Status> {
        let requests: Vec<_> = (0..20)
            .map(|more| proto::AnalyzeStreamRequest {
                id: more.to_string(),
                request: Some(proto::AnalyzeRequest {
                    article: Some(self.articles.article(self.number + more)),
                    options: None,
                }),
            })
            .collect();
        let answers = client.analyze_stream(tokio_stream::iter(requests)).await?;
        let mut answers = answers.into_inner().take(takes);
        while let Some(answer) = answers.next().await {
            answer?;
        }
        Ok(())
    }
}
