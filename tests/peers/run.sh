#!/usr/bin/env bash
# Compares normalization with CAMeL Tools and PyArabic on 10,000 sentences of
# news. Both run in a process of their own, from a virtual environment that is
# made here and kept between runs.
#
# Needs Python 3.11 and KHABAR_CORPORA, the folder of corpora that
# CONTRIBUTING.md describes; without it says so and ends well.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ -z "${KHABAR_CORPORA:-}" ]; then
    echo "peers: skipped, KHABAR_CORPORA is not set"
    exit 0
fi
target="${CARGO_TARGET_DIR:-target}"
work="$target/peers"
venv="$work/venv"
mkdir -p "$work"

requirements=tests/peers/requirements.txt
if ! cmp -s "$requirements" "$venv/requirements.txt"; then
    "${PYTHON:-python3.11}" -m venv "$venv"
    "$venv/bin/pip" install --quiet --no-deps --requirement "$requirements"
    cp "$requirements" "$venv/requirements.txt"
fi
cargo build --quiet --example normalize_lines

"$venv/bin/python" tests/peers/sentences.py "$KHABAR_CORPORA" 10000 >"$work/sentences.txt"
for peer in camel pyarabic; do
    "$venv/bin/python" "tests/peers/${peer}_lines.py" <"$work/sentences.txt" >"$work/$peer.txt"
    # What the peer's chain does, in our switches. CAMeL Tools keeps tatweel.
    case $peer in
        camel) switches="harakat superscript_alef=drop alef_variants alef_maksura teh_marbuta" ;;
        pyarabic) switches="harakat tatweel" ;;
    esac
    # shellcheck disable=SC2086 # the switches are words
    "$target/debug/examples/normalize_lines" none $switches \
        <"$work/sentences.txt" >"$work/$peer.ours.txt"
    "$venv/bin/python" tests/peers/compare.py "$peer" \
        "$work/sentences.txt" "$work/$peer.ours.txt" "$work/$peer.txt"
done
