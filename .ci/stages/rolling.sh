#!/usr/bin/env bash
# Replicas restarted behind HAProxy under load, in short; `just roll` is long.
source "$CI_ROOT/.ci/lib.sh"
debian haproxy curl

# The binary of the image, where the `image` stage has built it.
binary=$CI_ROOT/target/ci/image/khabar
if [[ ! -x $binary ]]; then
    cargo build --quiet --locked --bin khabar
    binary=$CI_ROOT/target/debug/khabar
fi
load=$(cargo test --quiet --locked --bench load --no-run --message-format json |
    sed -n 's/.*"name":"load".*"executable":"\([^"]*\)".*/\1/p')
haproxy -c -f deploy/haproxy/haproxy.cfg
BINARY=$binary LOAD=$load bash tests/rolling/run.sh 4000 25
