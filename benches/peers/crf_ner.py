"""python-crfsuite: a linear-chain conditional random field on words, affixes and shapes.

Usage: crf_ner.py train UNITS MODEL
       crf_ner.py tag MODEL UNITS          names and the seconds they took, see tagging.py
"""

import sys
from pathlib import Path

import pycrfsuite

import corpora
import tagging

# Of L-BFGS: both penalties, and where it stops.
SETTINGS = {"c1": 0.1, "c2": 0.01, "max_iterations": 120, "feature.possible_transitions": True}


def shape(word: str) -> str:
    """What the word is made of; of Arabic letters there is one case."""
    if word.isdigit():
        return "digits"
    if not any(map(str.isalnum, word)):
        return "marks"
    return "latin" if word.isascii() else "arabic"


def features(words: list[str]) -> list[list[str]]:
    """Of each word: itself, its affixes of up to four letters and its shape; the two words on each
    side, their shapes, and pairs of neighbours."""
    padded = ["<<", "<", *words, ">", ">>"]
    shapes = [shape(word) for word in padded]
    rows = []
    for at in range(2, len(padded) - 2):
        word = padded[at]
        row = ["bias", f"w={word}", f"s={shapes[at]}"]
        for length in range(1, min(4, len(word)) + 1):
            row += (f"p={word[:length]}", f"e={word[-length:]}")
        for step in (-2, -1, 1, 2):
            near = padded[at + step]
            row += (f"w{step}={near}", f"s{step}={shapes[at + step]}", f"e{step}={near[-3:]}", f"p{step}={near[:3]}")
        row += (f"w-1w={padded[at - 1]} {word}", f"ww+1={word} {padded[at + 1]}", f"w-2w-1={padded[at - 2]} {padded[at - 1]}")
        # A word without the conjunction, preposition or article that may stand before it.
        bare = word.lstrip("وفبلك")
        row.append(f"b={bare[2:] if bare.startswith('ال') else bare}")
        rows.append(row)
    return rows


def train(units: str, model: str) -> None:
    trainer = pycrfsuite.Trainer(verbose=True)
    trainer.set_params(SETTINGS)
    for unit in corpora.read(Path(units)):
        if unit.tokens:
            trainer.append(features(unit.words()), unit.tags)
    trainer.train(model)


def main() -> None:
    match sys.argv[1:]:
        case ["train", units, model]:
            train(units, model)
        case ["tag", model, units]:
            tagger = pycrfsuite.Tagger()
            tagger.open(model)

            def tag(units: list[corpora.Unit]) -> list[list[tagging.Name]]:
                return [tagging.names(tagger.tag(features(unit.words()))) for unit in units]

            tagging.run(tag, units)
        case _:
            sys.exit(__doc__)


main()
