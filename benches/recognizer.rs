//! Speed of the recognizer alone and of all of extraction, with what each part
//! takes: unpacking the model, tokens, tagging, extracting.
//! `cargo bench --bench recognizer`; with `KHABAR_CORPORA` on newsroom articles,
//! else on prose of our own.

#![allow(clippy::expect_used, reason = "a bench may fail")]

use std::hint::black_box;
use std::path::PathBuf;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use khabar::article::Article;
use khabar::cancel::CancelFlag;
use khabar::entities::recognizer::Recognizer;
use khabar::entities::{ExtractOptions, extract};
use khabar::evaluate::read_articles;
use khabar::segment::segment;
use khabar::text::tokens;

static MODEL: &[u8] = include_bytes!("../models/ner.bin");

/// Two lines with as many names as news has.
const PROSE: &str = "وزير الخارجية المصري يزور بيروت\nقال وزير الخارجية المصري سامح شكري يوم الأحد في \
    القاهرة إن بلاده تدعم جهود الأمم المتحدة، وإن المباحثات مع نظيره الروسي سيرغي لافروف تناولت \
    الوضع في ليبيا.";

/// How many newsroom articles are read.
const ARTICLES: usize = 20;

/// The lines of each article.
fn articles() -> Vec<Vec<String>> {
    let Some(corpora) = std::env::var_os("KHABAR_CORPORA") else {
        return vec![PROSE.lines().map(str::to_owned).collect(); ARTICLES];
    };
    let path = PathBuf::from(corpora).join("newsroom/train.jsonl");
    let file = std::fs::read(path).expect("KHABAR_CORPORA has newsroom/train.jsonl");
    let articles = read_articles(&file[..]).expect("annotated articles");
    let lines = articles.into_iter().map(|it| it.lines.into_iter().map(|line| line.text).collect());
    lines.take(ARTICLES).collect()
}

fn recognizer(criterion: &mut Criterion) {
    let articles = articles();
    let words: usize = articles.iter().flatten().map(|line| tokens(line).count()).sum();
    let recognizer = Recognizer::embedded().expect("a sound model");
    let cancel = CancelFlag::new();

    let mut group = criterion.benchmark_group("recognizer");
    group.sample_size(10);
    group.bench_function("unpack", |bencher| {
        bencher.iter(|| Recognizer::from_bytes(black_box(MODEL)));
    });
    group.throughput(Throughput::Elements(words as u64));
    group.bench_function("tokens", |bencher| {
        bencher.iter(|| articles.iter().flatten().map(|line| tokens(line).count()).sum::<usize>());
    });
    group.bench_function("tag", |bencher| {
        bencher.iter(|| {
            for lines in &articles {
                let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
                let _ = black_box(recognizer.tag_all(&lines, &cancel));
            }
        });
    });
    let texts: Vec<String> = articles.iter().map(|lines| lines.join("\n")).collect();
    let shapes: Vec<_> = texts
        .iter()
        .map(|text| segment(&Article::new("", text), &cancel).expect("nobody cancels"))
        .collect();
    group.bench_function("extract", |bencher| {
        bencher.iter(|| {
            for (text, shape) in texts.iter().zip(&shapes) {
                let article = Article::new("", text);
                let _ = black_box(extract(&article, shape, &ExtractOptions::default(), &cancel));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, recognizer);
criterion_main!(benches);
