#!/usr/bin/env bash
# The sources are formatted as rustfmt would.
source "$CI_ROOT/.ci/lib.sh"
cargo fmt --all --check
