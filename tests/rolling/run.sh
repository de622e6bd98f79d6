#!/usr/bin/env bash
# Restarts two replicas in turn, again and again, behind HAProxy under load. No
# call may fail.
#
#     bash tests/rolling/run.sh [CALLS] [SECONDS]     # 100000 calls in 400 seconds
#
# BINARY and LOAD name a built `khabar` and a built load client; they are built
# for release where they are not given. Needs `haproxy`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
calls=${1:-100000} seconds=${2:-400}

if [[ -z ${BINARY:-} ]]; then
    cargo build --quiet --release --locked --bin khabar
    BINARY=target/release/khabar
fi
if [[ -z ${LOAD:-} ]]; then
    LOAD=$(cargo bench --quiet --locked --bench load --no-run --message-format json |
        sed -n 's/.*"name":"load".*"executable":"\([^"]*\)".*/\1/p')
fi

export KHABAR_FRONT=127.0.0.1:25860 KHABAR_STATS=127.0.0.1:25869
export KHABAR_A_PORT=25861 KHABAR_A_ADMIN=25863 KHABAR_B_PORT=25862 KHABAR_B_ADMIN=25864
work=$(mktemp -d)
declare -A replica
haproxy=
finish() {
    kill $haproxy "${replica[@]}" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

start() { # NAME PORT ADMIN-PORT
    # Callers that keep a queue standing are to be answered all the same.
    env -i "$BINARY" serve --listen "127.0.0.1:$2" --admin-listen "127.0.0.1:$3" \
        --drain-notice 2s --pool-wait off >>"$work/$1.log" 2>&1 &
    replica[$1]=$!
    for _ in $(seq 600); do
        curl -sf "http://127.0.0.1:$3/readyz" >/dev/null && return
        kill -0 "${replica[$1]}" || { cat "$work/$1.log"; return 1; }
        sleep 0.1
    done
    echo "replica $1 did not get ready" && return 1
}

# Waits until HAProxy sends calls to a replica, by a check that it passed.
in_service() {
    for _ in $(seq 600); do
        curl -sf "http://$KHABAR_STATS/;csv" | grep -q "^khabar,$1,.*,UP,.*,L7OK," && return
        sleep 0.1
    done
    echo "HAProxy does not send calls to replica $1" && tail -n 5 "$work/haproxy.log"
    return 1
}

start a "$KHABAR_A_PORT" "$KHABAR_A_ADMIN"
start b "$KHABAR_B_PORT" "$KHABAR_B_ADMIN"
haproxy -db -f deploy/haproxy/haproxy.cfg >"$work/haproxy.log" 2>&1 &
haproxy=$!
in_service a
in_service b

"$LOAD" open --server "$KHABAR_FRONT" --rate "$((calls / seconds))" --seconds "$seconds" \
    --warm-up 0 --cached --articles 300 >"$work/load.log" 2>&1 &
load=$!

restarts=0
while kill -0 "$load" 2>/dev/null; do
    for name in a b; do
        kill -0 "$load" 2>/dev/null || break
        port=KHABAR_${name^^}_PORT admin=KHABAR_${name^^}_ADMIN
        kill -TERM "${replica[$name]}"
        wait "${replica[$name]}" || { echo "replica $name ended with $?"; cat "$work/$name.log"; exit 1; }
        start "$name" "${!port}" "${!admin}"
        in_service "$name"
        restarts=$((restarts + 1))
    done
done

wait "$load"
cat "$work/load.log"
tail -n 5 "$work/haproxy.log"
read -r answered failed < <(awk '$1 ~ /^[A-Z_]+$/ { if ($1 == "OK") ok = $2; else bad += $2 }
    END { print ok + 0, bad + 0 }' "$work/load.log")
printf 'rolling restart: %d restarts, %d calls answered, %d failed\n' "$restarts" "$answered" "$failed"
((restarts >= 2 && failed == 0 && answered > calls * 9 / 10))
