"""spaCy's named entity recognizer: blank Arabic, its default convolutional network.

Usage: spacy_ner.py convert UNITS... OUT     units as spaCy's binary documents
       spacy_ner.py tag MODEL UNITS          names and the seconds they took, see tagging.py

`spacy init config` and `spacy train` (see train.sh) make the model.
"""

import os
import sys
from pathlib import Path

for library in ("OMP", "BLIS"):
    os.environ[f"{library}_NUM_THREADS"] = "1"

import spacy  # noqa: E402
from spacy.tokens import Doc, DocBin  # noqa: E402

import corpora  # noqa: E402
import tagging  # noqa: E402


def convert(sources: list[str], out: str) -> None:
    vocab = spacy.blank("ar").vocab
    to_bio = {"S": "B", "E": "I"}
    documents = DocBin()
    for unit in (unit for source in sources for unit in corpora.read(Path(source)) if unit.tokens):
        tags = [to_bio.get(tag[0], tag[0]) + tag[1:] for tag in unit.tags]
        for at in unit.masked:
            tags[at] = ""  # not known
        documents.add(Doc(vocab, words=unit.words(), ents=tags))
    documents.to_disk(out)


def main() -> None:
    match sys.argv[1:]:
        case ["convert", *sources, out]:
            convert(sources, out)
        case ["tag", model, units]:
            nlp = spacy.load(model)

            def tag(units: list[corpora.Unit]) -> list[list[tagging.Name]]:
                documents = [Doc(nlp.vocab, words=unit.words()) for unit in units]
                return [
                    [(name.start, name.end - 1, name.label_) for name in document.ents]
                    for document in nlp.pipe(documents)
                ]

            tagging.run(tag, units)
        case _:
            sys.exit(__doc__)


main()
