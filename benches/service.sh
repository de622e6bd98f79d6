#!/usr/bin/env bash
# The service beside a tonic service that does nothing and beside the engines in
# their own process, all in one run: the server on one core, the load on another.
#
#     bash benches/service.sh                # all parts, about twelve minutes
#     bash benches/service.sh cached start   # only these
#
# Parts: cached, uncached, stream, threads, start, latency. Each prints its figures
# and whether they keep what PERFORMANCE.md promises. Needs h2load (Debian:
# nghttp2-client) and Python 3. With KHABAR_CORPORA set, real news is sent.
#
# BINARY and LOAD name a built `khabar` and a built load client; they are built for
# release where they are not given.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
parts=("$@")
((${#parts[@]})) || parts=(cached uncached stream threads start latency)
port=25860 echo_port=25862 rounds=${ROUNDS:-5}

if [[ -z ${BINARY:-} ]]; then
    cargo build --quiet --release --locked --bin khabar
    BINARY=target/release/khabar
fi
if [[ -z ${LOAD:-} ]]; then
    LOAD=$(cargo bench --quiet --locked --bench load --no-run --message-format json |
        sed -n 's/.*"name":"load".*"executable":"\([^"]*\)".*/\1/p')
fi
work=$(mktemp -d) servers=()
trap 'kill "${servers[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT

# A client that waits for its processor would count that as the server's time:
# where it may, it goes before all others on its core.
first=(taskset -c 1)
chrt -f 1 true 2>/dev/null && first=(chrt -f 1 taskset -c 1)
# So does the server, and what it is compared with.
core=(taskset -c 0)
nice -n -19 true 2>/dev/null && core=(nice -n -19 taskset -c 0)

serve() { # ARG…: sets `server`
    "${core[@]}" "$BINARY" serve --listen "127.0.0.1:$port" "$@" 2>/dev/null &
    server=$!
    servers+=("$server")
    until KHABAR_LISTEN=127.0.0.1:$port "$BINARY" health >/dev/null 2>&1; do sleep 0.1; done
}
end() {
    kill "$server" && wait "$server" 2>/dev/null || true
}
load() { # COMMAND ARG…: against the server
    local command=$1
    shift
    "${first[@]}" "$LOAD" "$command" --server "127.0.0.1:$port" --pid "$server" "$@" 2>/dev/null
}
alone() { # COMMAND ARG…: without a server, on its core
    "${core[@]}" "$LOAD" "$@" 2>/dev/null
}
# Nanoseconds that all threads of a process have had a processor.
cpu() { awk '{ sum += $1 } END { printf "%.0f\n", sum }' /proc/"$1"/task/*/schedstat; }
resident() { awk '/^VmRSS:/ { print $2 / 1024 }' "/proc/$1/status"; }
highest() { awk '/^VmHWM:/ { print $2 / 1024 }' "/proc/$1/status"; }
median() { sort -g | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { print a / b }'; }
# Of two files with a line a turn: the median of what the turns say, for the machine
# is faster in one minute than in the next.
ratios() { # FILE FILE [COLUMN]
    paste -d' ' <(cut -d' ' -f"${3:-1}" "$1") <(cut -d' ' -f"${3:-1}" "$2") | awk '{ print $1 / $2 }' | median
}

promise() { # WHAT FIGURE RELATION BOUND
    awk -v what="$1" -v figure="$2" -v relation="$3" -v bound="$4" 'BEGIN {
        kept = relation == "<=" ? figure + 0 <= bound + 0 : figure + 0 >= bound + 0
        printf "%-58s %10.2f %s %8.2f  %s\n", what, figure, relation, bound, kept ? "kept" : "MISSED"
    }'
}

# h2load against a port; a line: requests a second, microseconds of the server's
# processor time a request.
h2() { # PORT PID COUNT
    local before after
    before=$(cpu "$2")
    "${first[@]}" h2load -n "$3" -c 4 -m 8 -d "$work/request" \
        -H 'content-type: application/grpc' -H 'te: trailers' \
        "http://127.0.0.1:$1/khabar.v1.TextAnalyticsService/Analyze" >"$work/h2"
    after=$(cpu "$2")
    grep -q "$3 succeeded" "$work/h2" || { cat "$work/h2" >&2; return 1; }
    awk -v cpu=$((after - before)) -v count="$3" \
        '/^finished in/ { print $4 + 0, cpu / count / 1000 }' "$work/h2"
}

cached() {
    local count=30000 reply round name
    "$LOAD" request "$work/request" --words 400 --cached 2>/dev/null
    serve
    reply=$(load calls --count 2 --in-flight 1 --words 400 --cached --articles 1 |
        awk '/^bytes an answer/ { print $4 }')
    # The echo's message is three bytes more than what it is to hold.
    local echo=(echo --reply $((reply - 3)))
    "${core[@]}" "$LOAD" "${echo[@]}" --listen "127.0.0.1:$echo_port" &
    local threaded=$!
    "${core[@]}" "$LOAD" "${echo[@]}" --single --listen "127.0.0.1:$((echo_port + 1))" &
    local single=$!
    servers+=("$threaded" "$single")
    sleep 0.5
    echo "request $(($(stat -c %s "$work/request") - 5)) bytes, reply $reply bytes"
    # Once uncounted, then in turn.
    for ((round = 0; round <= 3 * rounds; round++)); do
        h2 "$echo_port" "$threaded" "$count" >>"$work/echo"
        h2 "$port" "$server" "$count" >>"$work/analyze"
        h2 $((echo_port + 1)) "$single" "$count" >>"$work/single"
        ((round)) || : >"$work/echo" >"$work/analyze" >"$work/single"
    done
    for name in echo single analyze; do
        awk -v name="$name" '{ printf "%-8s %8.0f requests a second, %6.2f us of processor time each\n", name, $1, $2 }' \
            "$work/$name"
    done
    against echo "the echo's"
    against single "the one-thread echo's"
    kill "$threaded" "$single"
    end
}
against() { # ECHO NAME
    promise "cached Analyze: processor time, times $2" "$(ratios "$work/analyze" "$work/$1" 2)" '<=' 1.5
    promise "cached Analyze: requests a second, part of $2" "$(ratios "$work/analyze" "$work/$1")" '>=' 0.6
}

# Microseconds of processor time an article takes, from what the client printed.
served() { awk '/^server:/ { print $7 }'; }
in_process() { awk '/^threads/ { print $7 }'; }

uncached() {
    local round
    serve
    load calls --words 400 --count 300 --in-flight 3 >/dev/null
    for ((round = 0; round < 2 * rounds; round++)); do
        load calls --words 400 --count 500 --in-flight 3 >"$work/calls"
        served <"$work/calls" >>"$work/served"
        alone engine --words 400 --seconds 4 | in_process >>"$work/in-process"
    done
    cat "$work/calls"
    echo "microseconds an article, in turn:"
    paste -d' ' "$work/served" "$work/in-process" | awk '{ printf "service %6d, in process %6d\n", $1, $2 }'
    promise "Analyze, uncached: articles of 400 words a second a core" \
        "$(ratio 1000000 "$(median <"$work/served")")" '>=' 100
    promise "Analyze, uncached: what gRPC adds, part of the whole" \
        "$(awk -v r="$(ratios "$work/in-process" "$work/served")" 'BEGIN { print 1 - r }')" '<=' 0.1
    promise "resident memory under this load, at most (MiB)" "$(highest "$server")" '<=' 300
    end
}

stream() {
    local round
    serve --cache-size 0
    load calls --count 300 --in-flight 1 >/dev/null
    # One stream for memory, then short ones in turn with the engines.
    load stream --count "${ARTICLES:-10000}" | tee "$work/stream"
    # Looked at ten times; the mean of the later five against that of the first.
    promise "AnalyzeStream: memory in its later half, times its first" "$(awk '
        / answers,/ { all[++n] = $3 }
        END { for (i = 1; i <= n; i++) i <= n / 2 ? first += all[i] : last += all[i]; print last / first }' \
        "$work/stream")" '<=' 1.05
    for ((round = 0; round < 2 * rounds; round++)); do
        load stream --count 500 | awk '/^stream:/ { print $2 }' >>"$work/streamed"
        alone engine --articles 500 --seconds 4 | in_process >>"$work/engine"
    done
    echo "microseconds an article: stream $(tr '\n' ' ' <"$work/streamed"), in process $(tr '\n' ' ' <"$work/engine")"
    promise "AnalyzeStream: articles a processor second, part of in-process" \
        "$(ratios "$work/engine" "$work/streamed")" '>=' 0.9
    promise "resident memory in AnalyzeStream, at most (MiB)" "$(highest "$server")" '<=' 300
    end
}

threads() {
    local round
    for ((round = 0; round < rounds; round++)); do
        for threads in 1 2; do
            "$LOAD" engine --words 400 --threads $threads --seconds 6 2>/dev/null |
                tee -a "$work/threads" | awk '{ print $3 }' >>"$work/threads-$threads"
        done
    done
    cat "$work/threads"
    promise "two engine threads in process, times one" "$(ratios "$work/threads-2" "$work/threads-1")" '>=' 1.8
}

start() {
    python3 benches/service/start.py "$BINARY" | tee "$work/start"
    promise "start to SERVING, median (ms)" "$(awk '/^ready/ { print $2 }' "$work/start")" '<=' 200
    promise "resident memory when idle (MB)" "$(awk '/^idle/ { print $2 }' "$work/start")" '<=' 100
}

# Calls at random moments, and beside them, in turns of some seconds, the same ones
# made one after the other: their times of service are what a queue is simulated with.
# The same calls at the same moments to an echo tell what is gRPC's and the machine's.
latency() {
    serve
    # About what an answer has.
    "${core[@]}" "$LOAD" echo --reply 12000 --listen "127.0.0.1:$echo_port" &
    local echo=$!
    servers+=("$echo")
    load calls --count 500 --in-flight 1 >/dev/null
    # Some may be refused behind long ones; saturation is what is answered.
    load calls --count 2000 --in-flight 2 >"$work/peak" || true
    local peak part round rate
    peak=$(awk '$1 == "OK" { print $3 }' "$work/peak")
    echo "saturation: $peak calls a second, real lengths"
    for part in 10 50 80; do
        rate=$(awk -v p="$peak" -v part=$part 'BEGIN { print p * part / 100 }')
        for ((round = 0; round < rounds; round++)); do
            local open=(open --rate "$rate" --seed "$round" --warm-up 1 --seconds "${SECONDS_EACH:-12}")
            load "${open[@]}" --in-turn --times "$work/times" >/dev/null
            cat "$work/times" >>"$work/service-$part"
            load "${open[@]}" --times "$work/times" | awk '/^RESOURCE|^server/'
            cat "$work/times" >>"$work/latencies-$part"
            "${first[@]}" "$LOAD" "${open[@]}" --server "127.0.0.1:$echo_port" --times "$work/times" >/dev/null
            cat "$work/times" >>"$work/echoes-$part"
        done
        echo "at $part%:"
        python3 benches/service/queue.py "$work/service-$part" --rate "$rate" --servers 1 \
            --measured "$work/latencies-$part" --echo "$work/echoes-$part" | tee "$work/queue-$part"
    done
    promise "p99 at half of saturation, times the simulation's" "$(ratio \
        "$(awk '/^measured/ { print $6 }' "$work/queue-50")" \
        "$(awk '/^simulated/ { print $6 }' "$work/queue-50")")" '<=' 1.3
    promise "resident memory, at most (MiB)" "$(highest "$server")" '<=' 300
    kill "$echo"
    end
}

grep -m1 'model name' /proc/cpuinfo
printf 'cores\t\t: %s\nload\t\t: %s\ncommit\t\t: %s\ndate\t\t: %s\n' "$(nproc)" \
    "$(cut -d' ' -f1-3 /proc/loadavg)" "$(git rev-parse --short HEAD)" "$(date -u +%F)"
for part in "${parts[@]}"; do
    echo
    echo "=== $part"
    "$part"
done
