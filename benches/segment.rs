//! Speed of segmentation with sentences, on articles and on input made to be
//! slow. `cargo bench --bench segment`.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use khabar::article::Article;
use khabar::cancel::CancelFlag;
use khabar::evaluate::{AnnotatedArticle, read_articles};
use khabar::segment::segment;

/// Length of each made-up input, in bytes.
const LENGTH: usize = 1 << 20;

/// Titles and texts of our own articles; of annotated news where
/// `KHABAR_CORPORA` names the corpora.
fn articles() -> Vec<(String, String)> {
    let own = include_bytes!("../tests/fixtures/segment-lines/articles.jsonl").as_slice();
    let corpus = std::env::var_os("KHABAR_CORPORA").and_then(|corpora| {
        std::fs::read(std::path::Path::new(&corpora).join("newsroom/dev.jsonl")).ok()
    });
    let read = read_articles(corpus.as_deref().unwrap_or(own)).unwrap_or_default();
    read.iter().map(joined).collect()
}

fn joined(article: &AnnotatedArticle) -> (String, String) {
    let mut lines = article.lines.iter().map(|line| line.text.as_str());
    let title = lines.next().unwrap_or_default().to_owned();
    (title, lines.collect::<Vec<_>>().join("\n"))
}

fn segmentation(criterion: &mut Criterion) {
    let cancel = CancelFlag::new();
    let mut group = criterion.benchmark_group("segment");
    let articles = articles();
    let bytes: usize = articles.iter().map(|(title, text)| title.len() + text.len()).sum();
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("articles", |bencher| {
        bencher.iter(|| {
            for (title, text) in &articles {
                let _ = black_box(segment(&Article::new(title, black_box(text)), &cancel));
            }
        });
    });
    group.sample_size(10);
    group.throughput(Throughput::Bytes(LENGTH as u64));
    for (name, piece) in [
        ("one-letter lines", "ا\n"),
        ("no line ends", "كلمة "),
        ("only line ends", "\n"),
        ("one word", "ا"),
        ("quotation marks", "\""),
        ("tags", "<p>"),
        ("abbreviations", "د. "),
    ] {
        let text = piece.repeat(LENGTH / piece.len());
        group.bench_function(name, |bencher| {
            bencher.iter(|| black_box(segment(&Article::new("", black_box(&text)), &cancel)));
        });
    }
    group.finish();
}

criterion_group!(benches, segmentation);
criterion_main!(benches);
