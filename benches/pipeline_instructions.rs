//! The same as `benches/pipeline` in processor instructions, which do not
//! depend on what else the machine is doing, on the first of the same articles.
//! Needs Valgrind and `cargo install gungraun-runner --version 0.20.0`; then
//! `cargo bench --bench pipeline_instructions`.

#![allow(missing_docs, reason = "the macros make public items without")]
#![allow(clippy::needless_pass_by_value, reason = "benchmarks take what setup makes")]

#[path = "pipeline/sample.rs"]
mod sample;

use std::hint::black_box;

use gungraun::{library_benchmark, library_benchmark_group, main};
use khabar::analyze::{AnalyzeOptions, Engine};
use khabar::article::Article;
use khabar::cancel::CancelFlag;
use khabar::entities::{ExtractOptions, extract, values};
use khabar::normalize::{Options, Profile, normalize};
use khabar::segment::{Segmentation, segment};

use sample::{Item, draw};

/// Articles measured: Valgrind is slow.
const ARTICLES: usize = 40;

type Shaped = Vec<(Item, Segmentation)>;

/// The articles, after the tables that are made once were made.
fn items() -> Vec<Item> {
    let items = draw(ARTICLES);
    let words: usize = items.iter().map(Item::words).sum();
    let bytes: usize = items.iter().map(Item::bytes).sum();
    println!("{} articles, {words} words, {bytes} bytes", items.len());
    if let Some(item) = items.first() {
        let _ = black_box(Engine::new().analyze(
            &Article::new(&item.title, &item.text),
            &AnalyzeOptions::default(),
            &CancelFlag::new(),
        ));
    }
    items
}

fn shaped() -> Shaped {
    let shape = |item: Item| {
        let shape = segment(&Article::new(&item.title, &item.text), &CancelFlag::new());
        (item, shape.unwrap_or_default())
    };
    items().into_iter().map(shape).collect()
}

#[library_benchmark(setup = items)]
fn normalize_repair(items: Vec<Item>) -> usize {
    normalized(&items, Profile::Repair)
}

#[library_benchmark(setup = items)]
fn normalize_search(items: Vec<Item>) -> usize {
    normalized(&items, Profile::Search)
}

#[library_benchmark(setup = items)]
fn segments(items: Vec<Item>) -> usize {
    let blocks = items.iter().map(|item| {
        let shape = segment(&Article::new(&item.title, &item.text), &CancelFlag::new());
        shape.map_or(0, |shape| shape.blocks.len())
    });
    blocks.sum()
}

#[library_benchmark(setup = shaped)]
fn value_mentions(items: Shaped) -> usize {
    let found = items.iter().map(|(item, shape)| {
        let article = Article::new(&item.title, &item.text);
        values::find(&article, shape, &CancelFlag::new()).map_or(0, |found| found.len())
    });
    found.sum()
}

#[library_benchmark(setup = shaped)]
fn entities(items: Shaped) -> usize {
    let found = items.iter().map(|(item, shape)| {
        let article = Article::new(&item.title, &item.text);
        let options = ExtractOptions::default();
        extract(&article, shape, &options, &CancelFlag::new()).map_or(0, |found| found.len())
    });
    found.sum()
}

#[library_benchmark(setup = items)]
fn analyze(items: Vec<Item>) -> usize {
    let engine = Engine::new();
    let found = items.iter().map(|item| {
        let article = Article::new(&item.title, &item.text);
        let found = engine.analyze(&article, &AnalyzeOptions::default(), &CancelFlag::new());
        found.map_or(0, |found| found.entities.map_or(0, |entities| entities.len()))
    });
    found.sum()
}

fn normalized(items: &[Item], profile: Profile) -> usize {
    let options = Options::of(profile);
    let lengths = items.iter().map(|item| {
        normalize(black_box(&item.text), &options, &CancelFlag::new()).map_or(0, |text| text.len())
    });
    lengths.sum()
}

library_benchmark_group!(
    name = pipeline;
    benchmarks = normalize_repair, normalize_search, segments, value_mentions, entities, analyze
);
main!(library_benchmark_groups = pipeline);
