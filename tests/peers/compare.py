"""Compares our normalization of sentences with a peer's.

Usage: compare.py PEER SENTENCES OURS THEIRS

Fails where a sentence differs in a way that is not among the deliberate
differences below, which docs/normalization.md explains.
"""

import re
import sys

LETTER = "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5"

# Per peer: a name, and how our output and the peer's are made to agree on it.
DIFFERENCES = {
    "camel": [],
    "pyarabic": [
        # Only where no letter stands on either side of it.
        ("tatweel that is a dash stays", f"(?<![{LETTER}])\u0640+(?![{LETTER}])", ""),
    ],
}


def read(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        return file.read().split("\n")[:-1]


def main():
    peer, *paths = sys.argv[1:]
    sentences, ours, theirs = map(read, paths)
    if not len(sentences) == len(ours) == len(theirs):
        sys.exit(f"{peer}: {len(sentences)} sentences, {len(ours)} and {len(theirs)} results")
    same, explained, unexplained = 0, {}, []
    for sentence, our, their in zip(sentences, ours, theirs):
        if our == their:
            same += 1
            continue
        reasons = []
        for name, pattern, replacement in DIFFERENCES[peer]:
            alike = re.sub(pattern, replacement, our), re.sub(pattern, replacement, their)
            if alike != (our, their):
                reasons.append(name)
                our, their = alike
        if our == their:
            for reason in reasons:
                explained[reason] = explained.get(reason, 0) + 1
        else:
            unexplained.append((our, their))
    print(f"{peer}: {len(sentences)} sentences, {same} the same")
    for reason, count in explained.items():
        print(f"{peer}: {count} differ because {reason}")
    for our, their in unexplained[:10]:
        at = next((i for i, (a, b) in enumerate(zip(our, their)) if a != b), min(len(our), len(their)))
        print(f"{peer}: unexplained: {ascii(our[max(0, at - 8):at + 8])} {ascii(their[max(0, at - 8):at + 8])}")
    if unexplained:
        sys.exit(f"{peer}: {len(unexplained)} sentences differ without a reason")


main()
