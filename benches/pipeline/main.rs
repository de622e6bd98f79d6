//! Speed of each engine and of all in one pass, on 2,000 articles drawn by
//! seed, in processor time. `cargo bench --bench pipeline`, with
//! `KHABAR_CORPORA` set for real news; `benches/run.sh` runs this and the
//! same in instructions.

mod cpu_time;
mod sample;

use std::hint::black_box;

use criterion::measurement::Measurement;
use criterion::{BenchmarkGroup, Criterion, SamplingMode, Throughput};
use criterion::{criterion_group, criterion_main};
use khabar::analyze::{AnalyzeOptions, Engine};
use khabar::article::Article;
use khabar::cancel::CancelFlag;
use khabar::entities::{ExtractOptions, extract, values};
use khabar::normalize::{Options, Profile, normalize};
use khabar::segment::segment;

use cpu_time::CpuTime;
use sample::{Item, draw};

/// As in the program: what an article's buffers cost depends on it.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Articles in the sample.
const ARTICLES: usize = 2_000;

fn pipeline(criterion: &mut Criterion<CpuTime>) {
    let items = draw(ARTICLES);
    let bytes: usize = items.iter().map(Item::bytes).sum();
    let words: usize = items.iter().map(Item::words).sum();
    println!("{} articles, {words} words, {bytes} bytes", items.len());
    let articles: Vec<_> = items.iter().map(|item| Article::new(&item.title, &item.text)).collect();
    let no = CancelFlag::new();

    let mut group = criterion.benchmark_group("pipeline");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);

    group.throughput(Throughput::Bytes(bytes as u64));
    for (name, profile) in
        [("normalize, repair", Profile::Repair), ("normalize, search", Profile::Search)]
    {
        let options = Options::of(profile);
        each(&mut group, name, &articles, |article| normalize(article.text, &options, &no));
    }
    each(&mut group, "segment", &articles, |article| segment(article, &no));

    // A word counts as an element.
    group.throughput(Throughput::Elements(words as u64));
    let shape = |article| (article, segment(article, &no).unwrap_or_default());
    let shaped: Vec<_> = articles.iter().map(shape).collect();
    each(&mut group, "values", &shaped, |(article, shape)| values::find(article, shape, &no));
    let options = ExtractOptions::default();
    each(&mut group, "extract", &shaped, |(article, shape)| extract(article, shape, &options, &no));
    let (engine, options) = (Engine::new(), AnalyzeOptions::default());
    each(&mut group, "analyze", &articles, |article| engine.analyze(article, &options, &no));
    group.finish();
}

/// Times one pass over all items.
fn each<T, R>(
    group: &mut BenchmarkGroup<'_, impl Measurement<Value = std::time::Duration>>,
    name: &str,
    items: &[T],
    work: impl Fn(&T) -> R,
) {
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            for item in items {
                black_box(work(black_box(item)));
            }
        });
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(CpuTime);
    targets = pipeline
}
criterion_main!(benches);
