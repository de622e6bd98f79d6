//! The articles that the pipeline is measured on.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use khabar::evaluate::read_articles;
use serde::Deserialize;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Newswire; Wikipedia is no news.
const CORPORA: [&str; 3] = ["ant-multisource-2018", "ant-jawharafm", "almayadeen-2023-24"];

/// Decides which articles are drawn.
const SEED: u64 = 17;

/// An article.
#[derive(Deserialize)]
pub struct Item {
    /// Its title.
    #[serde(default)]
    pub title: String,
    /// Its text.
    #[serde(rename = "body", default)]
    pub text: String,
}

impl Item {
    /// Bytes of title and text.
    pub fn bytes(&self) -> usize {
        self.title.len() + self.text.len()
    }

    /// Words, told by the spaces between them.
    pub fn words(&self) -> usize {
        [&self.title, &self.text].map(|text| text.split_whitespace().count()).iter().sum()
    }
}

/// So many articles: drawn from the news if `KHABAR_CORPORA` says where it is,
/// always the same; our own fixtures over and over otherwise. Says which.
pub fn draw(count: usize) -> Vec<Item> {
    let drawn =
        std::env::var_os("KHABAR_CORPORA").and_then(|corpora| news(corpora.as_ref(), count));
    drawn.unwrap_or_else(|| {
        eprintln!(
            "KHABAR_CORPORA is not set: measuring on the repository's own articles, repeated"
        );
        fixtures(count)
    })
}

/// The articles whose digests under the seed are the least: a sample that does
/// not depend on the order of the files.
fn news(corpora: &Path, count: usize) -> Option<Vec<Item>> {
    let mut drawn: Vec<(u64, Item)> = Vec::new();
    for corpus in CORPORA {
        let file = File::open(corpora.join(format!("news/{corpus}.jsonl.gz"))).ok()?;
        for line in BufReader::new(MultiGzDecoder::new(file)).lines() {
            let line = line.ok()?;
            let digest = xxh3_64_with_seed(line.as_bytes(), SEED);
            let Ok(item) = serde_json::from_str::<Item>(&line) else { continue };
            if !item.text.trim().is_empty() {
                drawn.push((digest, item));
            }
        }
    }
    drawn.sort_by_key(|(digest, _)| *digest);
    Some(drawn.into_iter().take(count).map(|(_, item)| item).collect())
}

fn fixtures(count: usize) -> Vec<Item> {
    let own = include_bytes!("../../tests/fixtures/articles/gold.jsonl").as_slice();
    let articles = read_articles(own).unwrap_or_default();
    let items = articles.iter().cycle().take(if articles.is_empty() { 0 } else { count });
    let items = items.map(|article| {
        let mut lines = article.lines.iter().map(|line| line.text.as_str());
        let title = lines.next().unwrap_or_default().to_owned();
        Item { title, text: lines.collect::<Vec<_>>().join("\n") }
    });
    items.collect()
}
