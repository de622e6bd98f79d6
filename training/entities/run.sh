#!/bin/sh
# From the corpora to models/ner.bin: run.sh WORK
set -eu
work=${1:?a directory to work in is needed}
python=${PYTHON:-python3}
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$work"
export OMP_NUM_THREADS=1

# Building needs a model file; any will do, for the features do not depend on it.
[ -e "$root/models/ner.bin" ] || printf KHABNER3 > "$root/models/ner.bin"
cargo build --manifest-path "$root/Cargo.toml" --release --example recognizer_features
features=$root/target/release/examples/recognizer_features

cd "$root/training/entities"
step() {
    script=$1
    shift
    "$python" "$script.py" --corpora "$KHABAR_CORPORA" --features "$features" --out "$work" "$@"
}
step words
step groups
step pretrain --direction forward & forward=$!
step pretrain --direction backward
wait "$forward"
# Two teachers that differ in how they take the older corpora: as the guide's, or apart.
teacher() {
    step train --name "teacher-$1" --seed "$1" --dialects $(($1 - 1)) \
        --epochs 10 --rate 1.5e-3 --batch 1200 --average-from 7 > "$work/teacher-$1.log"
}
teacher 1 & first=$!
teacher 2
wait "$first"
step label --teachers teacher-1 teacher-2
step train --name student --pseudo > "$work/student.log"
# The annotated articles have the last word.
step train --name tagger --start student --seed 22 --dialects 0.7 \
    --epochs 4 --rate 1e-3 --average-from 3 > "$work/tagger.log"
"$python" export.py --out "$work" --name tagger --model "$root/models/ner.bin"
"$python" calibrate.py --corpora "$KHABAR_CORPORA" --features "$features" \
    --model "$root/models/ner.bin" --words "$work/words.tsv"
"$python" parity.py --features "$features" --model "$root/models/ner.bin" \
    --parity "$root/tests/data/recognizer-parity.txt"
