#!/bin/sh
# From the corpora to models/ner.bin: run.sh WORK
set -eu
work=${1:?a directory to work in is needed}
python=${PYTHON:-python3}
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$work"
export OMP_NUM_THREADS=1

# Building needs a model file; any will do, for the features do not depend on it.
[ -e "$root/models/ner.bin" ] || printf KHABNER1 > "$root/models/ner.bin"
cargo build --manifest-path "$root/Cargo.toml" --release --example recognizer_features
features=$root/target/release/examples/recognizer_features

cd "$root/training/entities"
"$python" words.py --corpora "$KHABAR_CORPORA" --features "$features" --out "$work"
"$python" train.py --corpora "$KHABAR_CORPORA" --features "$features" --out "$work" \
    --name tagger | tee "$work/tagger.log"
"$python" export.py --features "$features" --out "$work" --name tagger \
    --model "$root/models/ner.bin" --parity "$root/tests/data/recognizer-parity.txt"
