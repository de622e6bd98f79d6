#!/usr/bin/env bash
# The speed of the engines: in processor time (criterion) and in instructions
# (Callgrind). Set KHABAR_CORPORA to measure on real news; records are under
# benches/records.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

gungraun=0.20.0
if ! command -v valgrind >/dev/null; then
    echo 'instructions: left out, Valgrind is not installed' >&2
elif [[ $(gungraun-runner --version 2>/dev/null) != *" $gungraun" ]]; then
    cargo install --quiet --locked "gungraun-runner@$gungraun"
fi

grep -m1 'model name' /proc/cpuinfo
printf 'cores\t\t: %s\nload\t\t: %s\ncommit\t\t: %s\n' \
    "$(nproc)" "$(cut -d' ' -f1 /proc/loadavg)" "$(git rev-parse --short HEAD)"
cargo bench --bench pipeline
if command -v valgrind >/dev/null; then
    cargo bench --bench pipeline_instructions
fi
