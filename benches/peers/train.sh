#!/usr/bin/env bash
# Trains the peers that learn on what the recognizer learnt from, into the folder
# WORK: train.sh PYTHON WORK. One thread each.
# What is there already stays.
set -euo pipefail
cd "$(dirname "$0")"
python=$1 work=$2
export OMP_NUM_THREADS=1 BLIS_NUM_THREADS=1

if [ ! -e "$work/crf.model" ]; then
    "$python" crf_ner.py train "$work/train.jsonl" "$work/crf.part" >"$work/crf.log"
    mv "$work/crf.part" "$work/crf.model"
fi

# spaCy's own settings; the best of what it tries every 200 steps is kept. It is
# chosen on the held-back text, as Khabar's last weights were.
if [ ! -e "$work/spacy.model" ]; then
    "$python" spacy_ner.py convert "$work/train.jsonl" "$work/train.spacy"
    "$python" spacy_ner.py convert "$work/newsroom-dev.jsonl" "$work/anercorp-dev.jsonl" "$work/dev.spacy"
    "$python" -m spacy init config --lang ar --pipeline ner --optimize efficiency --force "$work/spacy.cfg"
    "$python" -m spacy train "$work/spacy.cfg" --output "$work/spacy" \
        --paths.train "$work/train.spacy" --paths.dev "$work/dev.spacy" \
        --training.max_steps 6000 >"$work/spacy.log"
    mv "$work/spacy/model-best" "$work/spacy.model"
fi
