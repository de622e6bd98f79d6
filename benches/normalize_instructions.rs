//! The same as `benches/normalize.rs` in processor instructions, which do not
//! depend on what else the machine is doing. Needs Valgrind and
//! `cargo install gungraun-runner --version 0.20.0`; then
//! `cargo bench --bench normalize_instructions`.

#![allow(missing_docs, reason = "the macros make public items without")]
#![allow(clippy::needless_pass_by_value, reason = "benchmarks take what setup makes")]

#[path = "normalize/text.rs"]
mod text;

use std::hint::black_box;

use ::charabia::Tokenize;
use gungraun::{library_benchmark, library_benchmark_group, main};
use khabar::cancel::CancelFlag;
use khabar::normalize::{Options, Profile, normalize, normalize_with_edits};
use unicode_normalization::UnicodeNormalization;

/// Bytes measured: instruction counts need no more, and Valgrind is slow.
const LENGTH: usize = 256 << 10;

fn raw() -> String {
    let mut raw = text::raw();
    raw.truncate(raw.floor_char_boundary(LENGTH));
    warm(&raw);
    raw
}

fn clean() -> String {
    text::clean(&raw())
}

/// Tables that are made once are made before counting.
fn warm(raw: &str) {
    for profile in [Profile::Repair, Profile::Search] {
        let _ = black_box(normalize(raw, &Options::of(profile), &CancelFlag::new()));
    }
    black_box(raw.chars().take(1_000).collect::<String>().as_str().tokenize().count());
}

#[library_benchmark(setup = clean)]
fn from_utf8(text: String) -> bool {
    std::str::from_utf8(black_box(text.as_bytes())).is_ok()
}

#[library_benchmark(setup = clean)]
fn memcpy(text: String) -> Vec<u8> {
    black_box(text.as_bytes()).to_vec()
}

#[library_benchmark(setup = clean)]
fn repair_clean(text: String) -> usize {
    length(&text, Profile::Repair)
}

#[library_benchmark(setup = raw)]
fn repair_raw(text: String) -> usize {
    length(&text, Profile::Repair)
}

#[library_benchmark(setup = raw)]
fn search(text: String) -> usize {
    length(&text, Profile::Search)
}

#[library_benchmark(setup = raw)]
fn search_with_edits(text: String) -> usize {
    normalize_with_edits(&text, &Options::of(Profile::Search), &CancelFlag::new())
        .map_or(0, |normalized| normalized.edits.len())
}

#[library_benchmark(setup = raw)]
fn nfkc(text: String) -> usize {
    text.nfkc().collect::<String>().len()
}

#[library_benchmark(setup = raw)]
fn charabia_tokens(text: String) -> usize {
    text.as_str().tokenize().map(|token| token.lemma().len()).sum()
}

fn length(text: &str, profile: Profile) -> usize {
    normalize(black_box(text), &Options::of(profile), &CancelFlag::new())
        .map_or(0, |normalized| normalized.len())
}

library_benchmark_group!(
    name = normalization;
    benchmarks = from_utf8, memcpy, repair_clean, repair_raw, search, search_with_edits, nfkc, charabia_tokens
);
main!(library_benchmark_groups = normalization);
