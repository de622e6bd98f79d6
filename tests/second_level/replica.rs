//! A replica: `khabar serve` as a process, asked over gRPC and by its metrics.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use khabar::proto::text_analytics_service_client::TextAnalyticsServiceClient;
use khabar::proto::{AnalyzeOptions, AnalyzeRequest, AnalyzeResponse, Article};
use serde_json::Value;
use tonic::transport::Channel;

use crate::redis_server::until;

/// What replicas share unless a test wants otherwise.
pub const SECRET: &str = "a secret of the tests";

/// A running server; killed when dropped.
pub struct Replica {
    child: Child,
    admin: String,
    client: TextAnalyticsServiceClient<Channel>,
}

impl Replica {
    /// Starts one that shares answers at a URL.
    pub async fn start(url: &str) -> Self {
        Self::with(url, &[]).await
    }

    /// The same with more settings, as variables.
    pub async fn with(url: &str, variables: &[(&str, &str)]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_khabar"))
            .args(["serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"])
            .args(["--log-format", "json", "--l2", url])
            .env_clear()
            // A second is long enough on a busy machine; tests that want less
            // say so.
            .env("KHABAR_L2_TIMEOUT", "1s")
            .env("KHABAR_L2_SECRET", SECRET)
            .envs(variables.iter().copied())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
        let start = log
            .by_ref()
            .map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap())
            .find(|line| line["message"] == "listening")
            .unwrap();
        // A log that nobody reads would stop the server.
        std::thread::spawn(move || log.for_each(drop));
        let admin = start["admin"].as_str().unwrap().to_owned();
        until("the replica is ready", || get(&admin, "/readyz").starts_with("ready").then_some(()));
        let address = format!("http://{}", start["address"].as_str().unwrap());
        let client = TextAnalyticsServiceClient::connect(address).await.unwrap();
        Self { child, admin, client }
    }

    /// Analyses a text: how the cache took part, and the answer.
    pub async fn ask(&self, text: &str) -> (String, AnalyzeResponse) {
        self.send(text, None).await
    }

    /// The same for a text that must not be kept.
    pub async fn ask_in_confidence(&self, text: &str) -> (String, AnalyzeResponse) {
        self.send(text, Some(AnalyzeOptions { no_store: true, ..Default::default() })).await
    }

    async fn send(&self, text: &str, options: Option<AnalyzeOptions>) -> (String, AnalyzeResponse) {
        let article = Some(Article { text: text.to_owned(), ..Default::default() });
        let request = AnalyzeRequest { article, options };
        let response = self.client.clone().analyze(request).await.unwrap();
        let took = response.metadata().get("khabar-cache").unwrap().to_str().unwrap().to_owned();
        (took, response.into_inner())
    }

    /// A metric's value; 0 if it was never touched.
    pub fn metric(&self, series: &str) -> u64 {
        let metrics = get(&self.admin, "/metrics");
        let line = metrics.lines().find_map(|line| line.strip_prefix(series));
        line.map_or(0, |value| value.trim().parse().unwrap())
    }

    /// Questions to the second level that ended so.
    pub fn lookups(&self, result: &str) -> u64 {
        self.metric(&format!("khabar_l2_lookups_total{{result=\"{result}\"}}"))
    }

    /// Waits until every answer that was computed was written to the second
    /// level, or given up.
    pub fn until_written(&self) {
        until("answers are written", || {
            let written = ["ok", "error", "timeout", "skipped", "dropped"].map(|result| {
                self.metric(&format!("khabar_l2_writes_total{{result=\"{result}\"}}"))
            });
            let computed = self.metric("khabar_cache_answers_total{result=\"miss\"}");
            (written.iter().sum::<u64>() == computed).then_some(())
        });
    }

    /// Whether the second level is left alone.
    pub fn breaker_is_open(&self) -> bool {
        self.metric("khabar_l2_breaker_state") == 2
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The body that the second port answers with.
fn get(admin: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(admin).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: k\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}
