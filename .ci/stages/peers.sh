#!/usr/bin/env bash
# Normalization beside CAMeL Tools and PyArabic, where the corpora are at hand.
source "$CI_ROOT/.ci/lib.sh"
PYTHON=python3 bash tests/peers/run.sh
