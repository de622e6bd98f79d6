"""Prints sentences of news articles, one a line, spread evenly over a corpus.

Usage: sentences.py CORPORA COUNT
"""

import gzip
import json
import re
import sys
from pathlib import Path


def sentences(corpora: Path):
    for name in ("ant-multisource-2018", "almayadeen-2023-24"):
        with gzip.open(corpora / "news" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            for line in file:
                body = json.loads(line).get("body") or ""
                for sentence in re.split(r"(?<=[.!?؟])\s+|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+", body):
                    if len(sentence) > 20:
                        yield sentence


def main():
    count = int(sys.argv[2])
    every = list(sentences(Path(sys.argv[1])))
    step = max(1, len(every) // count)
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    for sentence in every[::step][:count]:
        print(sentence)


main()
