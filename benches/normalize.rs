//! Speed of normalization, beside reading and copying the same text and beside
//! other normalizers. `cargo bench --bench normalize`, with `KHABAR_CORPORA`
//! set for real news; the record is in `benches/records/normalize.md`.

#[path = "normalize/text.rs"]
mod text;

use std::hint::black_box;

use charabia::Tokenize;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use khabar::cancel::CancelFlag;
use khabar::normalize::{Options, Profile, normalize, normalize_with_edits, normalize_with_map};
use unicode_normalization::UnicodeNormalization;

fn speeds(criterion: &mut Criterion) {
    let raw = text::raw();
    let clean = text::clean(&raw);
    let no = CancelFlag::new();
    let [repair, display, search] =
        [Profile::Repair, Profile::Display, Profile::Search].map(Options::of);

    let mut group = criterion.benchmark_group("normalize");
    group.sample_size(20).throughput(Throughput::Bytes(clean.len() as u64));
    group.bench_function("memcpy", |bencher| {
        let mut copy = vec![0; clean.len()];
        bencher.iter(|| black_box(&mut copy).copy_from_slice(black_box(clean.as_bytes())));
    });
    group.bench_function("str::from_utf8", |bencher| {
        bencher.iter(|| std::str::from_utf8(black_box(clean.as_bytes())).is_ok());
    });
    group.bench_function("repair, clean text", |bencher| {
        bencher.iter(|| normalize(black_box(&clean), &repair, &no).map(|text| text.len()));
    });
    group.throughput(Throughput::Bytes(raw.len() as u64));
    group.bench_function("repair, raw text", |bencher| {
        bencher.iter(|| normalize(black_box(&raw), &repair, &no).map(|text| text.len()));
    });
    group.bench_function("repair with map, raw text", |bencher| {
        bencher.iter(|| normalize_with_map(black_box(&raw), &repair, &no).map(|m| m.text.len()));
    });
    group.bench_function("display", |bencher| {
        bencher.iter(|| normalize(black_box(&raw), &display, &no).map(|text| text.len()));
    });
    group.bench_function("search", |bencher| {
        bencher.iter(|| normalize(black_box(&raw), &search, &no).map(|text| text.len()));
    });
    group.bench_function("search with edits", |bencher| {
        bencher.iter(|| normalize_with_edits(black_box(&raw), &search, &no).map(|n| n.edits.len()));
    });
    group.bench_function("search with map", |bencher| {
        bencher.iter(|| normalize_with_map(black_box(&raw), &search, &no).map(|m| m.text.len()));
    });
    group.sample_size(10);
    group.bench_function("unicode-normalization, NFKC", |bencher| {
        bencher.iter(|| black_box(raw.as_str()).nfkc().collect::<String>().len());
    });
    group.bench_function("charabia, tokens normalized", |bencher| {
        bencher.iter(|| {
            black_box(raw.as_str()).tokenize().map(|token| token.lemma().len()).sum::<usize>()
        });
    });
    group.finish();
}

criterion_group!(benches, speeds);
criterion_main!(benches);
