#!/usr/bin/env bash
# Half an hour of everything that callers do, good and bad, against one server;
# its memory must not grow once its cache is full.
#
#     bash benches/soak.sh [MINUTES] [ACTIONS_A_SECOND]
#
# BINARY and LOAD name a built `khabar` and a built load client; they are built
# for release where they are not given.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
minutes=${1:-30} rate=${2:-10} port=25880

if [[ -z ${BINARY:-} ]]; then
    cargo build --quiet --release --locked --bin khabar
    BINARY=target/release/khabar
fi
if [[ -z ${LOAD:-} ]]; then
    LOAD=$(cargo bench --quiet --locked --bench load --no-run --message-format json |
        sed -n 's/.*"name":"load".*"executable":"\([^"]*\)".*/\1/p')
fi
# A cache that is full long before memory is looked at.
"$BINARY" serve --listen "127.0.0.1:$port" --cache-size 8MiB --log-level warn &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
until KHABAR_LISTEN=127.0.0.1:$port "$BINARY" health >/dev/null 2>&1; do sleep 0.1; done
"$LOAD" soak --server "127.0.0.1:$port" --pid "$server" --minutes "$minutes" --rate "$rate"
