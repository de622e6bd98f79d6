#!/usr/bin/env bash
# No warning from the compiler or from clippy, in tests and benches either.
source "$CI_ROOT/.ci/lib.sh"
cargo clippy --quiet --locked --all-targets -- -D warnings
# What is only there with features.
cargo clippy --quiet --locked --features otlp --lib --bins --test traces -- -D warnings
