#!/usr/bin/env bash
# The README's test command, with the traces that are in no default build.
source "$CI_ROOT/.ci/lib.sh"
# The tests of the cache's second level use a real one.
if command -v apt-get >/dev/null && ((EUID == 0)); then
    debian redis-server
fi
cargo test --quiet --locked --features otlp
