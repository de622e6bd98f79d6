"""Khabar's recognizer, run by the recognizer_features example.

Usage: khabar_ner.py FEATURES MODEL UNITS

Prints what tagging.py tells of. The time is the example's own on all of the text, less what it takes
on none: it reads the text and cuts it into tokens, which its peers are spared.
"""

import json
import resource
import sys
from pathlib import Path

import corpora  # first: it makes the training scripts known
from calibrate import names


def seconds() -> float:
    """Processor time of the programs run until now."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    features, model, path = sys.argv[1:]
    units = corpora.read(Path(path))
    begin = seconds()
    names(features, Path(model), [])
    loaded = seconds()
    found = names(features, Path(model), units)
    for line in found:
        print(json.dumps([name[:3] for name in line]))
    print((seconds() - loaded) - (loaded - begin), file=sys.stderr)


main()
