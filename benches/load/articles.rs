//! What is sent: real news, if `KHABAR_CORPORA` says where it is, else the
//! repository's own articles.

use std::fs::File;
use std::io::BufReader;

use bytes::Bytes;
use clap::Args;
use khabar::evaluate::{AnnotatedArticle, read_articles};
use khabar::proto::{AnalyzeOptions, AnalyzeRequest, Article};
use khabar::segment::Role;
use prost::Message;

/// What kind of requests are made.
#[derive(Args, Clone)]
pub struct Kind {
    /// Articles of about so many words; without it, as long as news is.
    #[arg(long)]
    pub words: Option<usize>,
    /// Let the server keep answers: after the first round all are hits.
    #[arg(long)]
    pub cached: bool,
    /// How many articles differ.
    #[arg(long, default_value_t = 500)]
    pub articles: usize,
}

/// Articles, as requests of `Analyze`.
pub struct Articles {
    articles: Vec<Article>,
    no_store: bool,
}

impl Articles {
    /// Reads what there is.
    pub fn read(kind: &Kind) -> Self {
        let corpus = std::env::var("KHABAR_CORPORA")
            .ok()
            .and_then(|corpora| File::open(format!("{corpora}/newsroom/train.jsonl")).ok());
        let own = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/articles/gold.jsonl");
        if corpus.is_none() {
            eprintln!("KHABAR_CORPORA is not set: sending the repository's own articles");
        }
        let file = corpus.unwrap_or_else(|| File::open(own).unwrap());
        let read = read_articles(BufReader::new(file)).unwrap();
        let mut articles: Vec<_> = read.iter().map(article).collect();
        if let Some(words) = kind.words {
            articles = of_length(&articles, words);
        }
        articles.truncate(kind.articles.max(1));
        Self { articles, no_store: !kind.cached }
    }

    /// The article with a number; after the last comes the first.
    pub fn article(&self, number: usize) -> Article {
        self.articles[number % self.articles.len()].clone()
    }

    /// How many articles differ.
    pub fn count(&self) -> usize {
        self.articles.len()
    }

    /// The request with a number.
    pub fn analyze(&self, number: usize) -> AnalyzeRequest {
        let options = AnalyzeOptions { no_store: self.no_store, ..AnalyzeOptions::default() };
        AnalyzeRequest { article: Some(self.article(number)), options: Some(options) }
    }

    /// The request with a number, encoded.
    pub fn request(&self, number: usize) -> Bytes {
        self.analyze(number).encode_to_vec().into()
    }

    /// All requests, encoded.
    pub fn requests(&self) -> Vec<Bytes> {
        (0..self.articles.len()).map(|number| self.request(number)).collect()
    }
}

fn article(read: &AnnotatedArticle) -> Article {
    let title = read.lines.iter().find(|line| line.role == Role::Headline);
    let rest =
        read.lines.iter().filter(|line| title.is_none_or(|title| !std::ptr::eq(title, *line)));
    let text: Vec<_> = rest.map(|line| line.text.as_str()).collect();
    Article {
        title: title.map(|line| line.text.clone()).unwrap_or_default(),
        text: text.join("\n"),
        ..Article::default()
    }
}

/// Articles of about so many words each, made of the lines of all.
fn of_length(articles: &[Article], words: usize) -> Vec<Article> {
    let mut all = Vec::new();
    let (mut lines, mut length) = (Vec::new(), 0);
    for article in articles {
        for line in article.text.lines() {
            length += line.split_whitespace().count();
            lines.push(line);
            if length >= words {
                let (title, text) = (article.title.clone(), lines.join("\n"));
                all.push(Article { title, text, ..Article::default() });
                (lines, length) = (Vec::new(), 0);
            }
        }
    }
    if all.is_empty() {
        let text = lines.join("\n").repeat(words / length.max(1) + 1);
        all.push(Article { text, ..Article::default() });
    }
    all
}
