"""What recognizers written in Python share: tags read as names, and the way names and times are printed."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import corpora

# First token, last token, type.
Name = tuple[int, int, str]


def names(tags: list[str]) -> list[Name]:
    """The names that tags of BIOES tell; what is begun and not ended is none."""
    found, begin, kind = [], None, ""
    for at, tag in enumerate(tags):
        place, _, this = tag.partition("-")
        if place in "BS":
            begin, kind = at, this
        elif place == "O" or this != kind:
            begin = None
        if place in "ES" and begin is not None:
            found.append((begin, at, kind))
            begin = None
    return found


def run(tag: Callable[[list[corpora.Unit]], list[list[Name]]], path: str) -> None:
    """Prints the names of each unit as a line of JSON; at the end the seconds of processor time it took."""
    units = corpora.read(Path(path))
    begin = time.process_time()
    found = tag(units)
    seconds = time.process_time() - begin
    for line in found:
        print(json.dumps(line))
    print(seconds, file=sys.stderr)
