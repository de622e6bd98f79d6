#!/usr/bin/env bash
# What becomes of a server that is asked five times what it can do: uncached
# articles of 400 words, the server on one core, the client on another.
#
#     bash benches/overload.sh            # about three minutes on a calm machine
#
# Prints the figures and whether they keep the promises of RELIABILITY.md.
#
# BINARY and LOAD name a built `khabar` and a built load client; they are built
# for release where they are not given.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
port=25870 seconds=${SECONDS_EACH:-40}

if [[ -z ${BINARY:-} ]]; then
    cargo build --quiet --release --locked --bin khabar
    BINARY=target/release/khabar
fi
if [[ -z ${LOAD:-} ]]; then
    LOAD=$(cargo bench --quiet --locked --bench load --no-run --message-format json |
        sed -n 's/.*"name":"load".*"executable":"\([^"]*\)".*/\1/p')
fi
taskset -c 0 "$BINARY" serve --listen "127.0.0.1:$port" "$@" 2>/dev/null &
server=$!
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
until KHABAR_LISTEN=127.0.0.1:$port "$BINARY" health >/dev/null 2>&1; do sleep 0.1; done

# A client that waits for its processor would count that as the server's time:
# where it may, it goes before all others on its core.
first=(taskset -c 1)
chrt -f 1 true 2>/dev/null && first=(chrt -f 1 taskset -c 1)

client() { # NAME ARG…
    local name=$1
    shift
    echo "--- $name: load $*"
    "${first[@]}" "$LOAD" "$@" --server "127.0.0.1:$port" --pid "$server" --words 400 \
        2>/dev/null | tee "$work/$name" || true
}
# figure NAME OUTCOME COLUMN: 3 is calls a second, 6 the p99 in milliseconds.
figure() { awk -v outcome="$2" -v column="$3" '$1 == outcome { print $column }' "$work/$1"; }
resident() { awk '/^VmRSS:/ { print $2 }' "/proc/$server/status"; }

client warm-up calls --count 200 --in-flight 3
client peak calls --count 1000 --in-flight 3
peak=$(figure peak OK 3)
client unloaded calls --count 400 --in-flight 1
client overload open --rate "$(awk -v p="$peak" 'BEGIN { print p * 5 }')" --seconds "$seconds"
before=$(resident)
client longer open --rate "$(awk -v p="$peak" 'BEGIN { print p * 5 }')" --seconds "$seconds" >/dev/null
after=$(resident)

promise() { # WHAT FIGURE RELATION BOUND
    awk -v what="$1" -v figure="$2" -v relation="$3" -v bound="$4" 'BEGIN {
        kept = relation == "<=" ? figure + 0 <= bound + 0 : figure + 0 >= bound + 0
        printf "%-58s %10.2f %s %8.2f  %s\n", what, figure, relation, bound, kept ? "kept" : "MISSED"
    }'
}
echo
promise "goodput at five times the peak, part of the peak" \
    "$(awk -v a="$(figure overload OK 3)" -v b="$peak" 'BEGIN { print a / b }')" '>=' 0.9
promise "refusals answered within (p99, ms)" "$(figure overload RESOURCE_EXHAUSTED 6)" '<=' 5
promise "p99 of answered calls, times its unloaded value" \
    "$(awk -v a="$(figure overload OK 6)" -v b="$(figure unloaded OK 6)" 'BEGIN { print a / b }')" '<=' 5
promise "resident memory after twice as long, times before that" \
    "$(awk -v a="$after" -v b="$before" 'BEGIN { print a / b }')" '<=' 1.1
