#!/usr/bin/env bash
# Khabar beside its peers in one run, as a table: F1 and speed of recognizers,
# speed of normalizers. The record is benches/records/peers.md.
#
# Needs Python 3.11 and KHABAR_CORPORA, the folder of corpora. The first run
# trains the peers that learn (train.sh); what they learnt stays in the target
# folder, and later runs only measure.
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${KHABAR_CORPORA:?must name the folder of corpora}"

target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
work=$target/peers-table
venv=$work/venv
here=benches/peers
mkdir -p "$work"

if ! cmp -s "$here/requirements.txt" "$venv/requirements.txt"; then
    "${PYTHON:-python3.11}" -m venv "$venv"
    "$venv/bin/pip" install --quiet --no-deps --requirement "$here/requirements.txt"
    cp "$here/requirements.txt" "$venv/requirements.txt"
fi
cargo build --quiet --release --example recognizer_features --example peer_normalizers
if [ ! -e "$work/text.jsonl" ]; then
    "$venv/bin/python" $here/corpora.py "$KHABAR_CORPORA" \
        "$target/release/examples/recognizer_features" models/ner.bin "$work"
fi
bash $here/train.sh "$venv/bin/python" "$work"
bash $here/measure.sh "$target"
