#!/usr/bin/env bash
# Measures Khabar and all peers, one after the other, and prints the table:
# measure.sh TARGET, the folder of cargo's with what run.sh built and train.sh
# trained. A peer without a model is left out. One thread, about a minute.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=$1
work=$target/peers-table
python=$work/venv/bin/python
here=benches/peers
export OMP_NUM_THREADS=1 BLIS_NUM_THREADS=1

recognize() { # NAME COMMAND...: the names in the held-back parts; three times the seconds for the text
    for part in newsroom-dev anercorp-dev; do
        "${@:2}" "$work/$part.jsonl" >"$work/$1.$part.names" 2>/dev/null
    done
    for _ in 1 2 3; do
        "${@:2}" "$work/text.jsonl" 2>&1 >/dev/null
    done >"$work/$1.seconds"
}
rm -f "$work"/*.seconds
recognize khabar "$python" $here/khabar_ner.py "$target/release/examples/recognizer_features" models/ner.bin
for peer in crf spacy; do
    if [ -e "$work/$peer.model" ]; then
        recognize $peer "$python" "$here/${peer}_ner.py" tag "$work/$peer.model"
    fi
done
{
    "$python" $here/normalizers.py "$work/text.jsonl"
    "$target/release/examples/peer_normalizers" "$work/text.jsonl"
} >"$work/normalizers.tsv"

grep -m1 'model name' /proc/cpuinfo
printf 'cores\t\t: %s\nload\t\t: %s\ncommit\t\t: %s\ndate\t\t: %s\n\n' \
    "$(nproc --all)" "$(cut -d' ' -f1 /proc/loadavg)" "$(git rev-parse --short HEAD)" "$(date --iso-8601)"
"$python" $here/table.py "$work"
