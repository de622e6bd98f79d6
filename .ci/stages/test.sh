#!/usr/bin/env bash
# The README's test command.
source "$KHABAR_ROOT/.ci/lib.sh"
cargo test --quiet --locked
