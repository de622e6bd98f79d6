#!/usr/bin/env bash
# The README's test command.
source "$CI_ROOT/.ci/lib.sh"
cargo test --quiet --locked
