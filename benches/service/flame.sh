#!/usr/bin/env bash
# The flame graph of Analyze, uncached, of articles of 400 words.
#
#     bash benches/service/flame.sh docs/analyze-flame.svg
#
# Needs perf and `cargo install inferno`. BINARY and LOAD name a built `khabar` and a
# built load client (`cargo bench --bench load --no-run`).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
out=$1 port=25866
: "${BINARY:=target/release/khabar}" "${LOAD:?names a built load client}"

work=$(mktemp -d)
taskset -c 0 "$BINARY" serve --listen "127.0.0.1:$port" 2>/dev/null &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
until KHABAR_LISTEN=127.0.0.1:$port "$BINARY" health >/dev/null 2>&1; do sleep 0.1; done
calls() { taskset -c 1 "$LOAD" calls --server "127.0.0.1:$port" --words 400 --count "$1" --in-flight 1 >/dev/null 2>&1; }

calls 100
perf record -q -e cpu-clock -F 499 --call-graph dwarf,16384 -o "$work/perf" -p "$server" >/dev/null 2>&1 &
perf=$!
sleep 1
calls 300
kill -INT "$perf"
wait "$perf" || true
# Stacks from the work of the pool's thread on; those of the network are next to nothing.
perf script --no-inline -i "$work/perf" 2>/dev/null | inferno-collapse-perf >"$work/stacks"
sed -E 's/^khabar-[^;]*;.*(khabar::service::job::Job::run)/Analyze;\1/; s/^khabar-/thread khabar-/' "$work/stacks" |
    inferno-flamegraph --title 'Analyze, uncached, 400 words' --minwidth 0.3 --width 1100 \
        --colors rust --hash >"$out"
awk '{ all += $NF } /kernels|recognizer/ { recognizer += $NF } /segment::/ { segment += $NF }
    /normalize::/ { normalize += $NF } /entities::/ { entities += $NF } /khabar-io/ { io += $NF }
    END { printf "of the samples: entities %.1f%%, of which recognizer %.1f%%; segment %.1f%%; normalize %.1f%%; threads of the network %.1f%%\n",
        100 * entities / all, 100 * recognizer / all, 100 * segment / all, 100 * normalize / all, 100 * io / all }' "$work/stacks"
cp "$work/stacks" "${STACKS:-/dev/null}"
