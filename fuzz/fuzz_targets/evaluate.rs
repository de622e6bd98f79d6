//! Any bytes as annotated articles and as CoNLL sentences: measured, or an
//! error that can be told.

#![no_main]

use std::io::sink;

use khabar::evaluate::{evaluate_entities, evaluate_segments};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let errors = [evaluate_segments(input, sink()).err(), evaluate_entities(input, sink()).err()];
    for error in errors.into_iter().flatten() {
        assert!(!error.to_string().is_empty());
    }
});
