//! The same as `benches/segment.rs` in processor instructions, which do not
//! depend on what else the machine is doing. Needs Valgrind and
//! `cargo install gungraun-runner --version 0.20.0`; then
//! `cargo bench --bench segment_instructions`.

#![allow(missing_docs, reason = "the macros make public items without")]
#![allow(clippy::needless_pass_by_value, reason = "benchmarks take what setup makes")]

use std::hint::black_box;

use gungraun::{library_benchmark, library_benchmark_group, main};
use khabar::article::Article;
use khabar::cancel::CancelFlag;
use khabar::evaluate::read_articles;
use khabar::segment::segment;

/// Our own articles as one text each, the title first.
fn articles() -> Vec<String> {
    let file = include_bytes!("../tests/fixtures/segment-lines/articles.jsonl").as_slice();
    let read = read_articles(file).unwrap_or_default();
    let lines = |text: &str| text.to_owned() + "\n";
    let texts: Vec<String> = read
        .iter()
        .map(|article| article.lines.iter().map(|line| lines(&line.text)).collect())
        .collect();
    found(&texts);
    texts
}

/// That many bytes of one piece. Bad input must not cost more for being longer:
/// twice the bytes, twice the instructions.
fn pieces(piece: &str, bytes: usize) -> Vec<String> {
    let texts = vec![piece.repeat(bytes / piece.len())];
    found(&texts);
    texts
}

/// The number of blocks in some texts. The first call makes the tables.
fn found(texts: &[String]) -> usize {
    let cancel = CancelFlag::new();
    let blocks = |text: &String| {
        segment(&Article::new("", black_box(text)), &cancel).map_or(0, |found| found.blocks.len())
    };
    texts.iter().map(blocks).sum()
}

#[library_benchmark]
#[bench::news(articles())]
#[bench::one_letter_lines(pieces("ا\n", 64 << 10))]
#[bench::twice_as_many(pieces("ا\n", 128 << 10))]
#[bench::no_line_ends(pieces("كلمة ", 64 << 10))]
#[bench::twice_as_long(pieces("كلمة ", 128 << 10))]
#[bench::only_line_ends(pieces("\n", 64 << 10))]
#[bench::twice_the_line_ends(pieces("\n", 128 << 10))]
fn blocks(texts: Vec<String>) -> usize {
    found(&texts)
}

library_benchmark_group!(name = segmentation; benchmarks = blocks);
main!(library_benchmark_groups = segmentation);
