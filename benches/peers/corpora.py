"""Writes the corpora as tokens with tags, so that all peers learn from, are scored on and read the same.

Usage: corpora.py CORPORA FEATURES MODEL OUT

FEATURES is the recognizer_features example: the tokens are Khabar's. Which text is trained on and
which is held back is told by training/entities/data.py. Files of OUT, one JSON object a unit (a
line of an article, a sentence of a CoNLL file):

  train.jsonl         what the shipped recognizer learnt from, unlabelled text left out
  newsroom-dev.jsonl  70 articles held back
  anercorp-dev.jsonl  600 sentences held back
  text.jsonl          the annotated articles' text to measure speed on

MISCELLANEOUS is not among the tags: the newsroom's articles have none, and it is not scored.
"""

import dataclasses
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "training/entities"))

import data  # noqa: E402

# Articles of newsroom/train.jsonl that speed is measured on: the first of the file.
SPEED_ARTICLES = 120
HELD_BACK = ("newsroom-dev", "anercorp-dev")


@dataclasses.dataclass
class Unit:
    source: str  # newsroom, anercorp, aqmar
    document: str
    text: str
    tokens: list[tuple[int, int]]  # code points
    tags: list[str]  # BIOES
    masked: list[int]  # tokens of which the annotation is disputed

    def words(self) -> list[str]:
        return [self.text[begin:end] for begin, end in self.tokens]


def read(path: pathlib.Path) -> list[Unit]:
    with path.open() as lines:
        return [Unit(**json.loads(line)) for line in lines]


def unit_of(unit: data.Unit) -> Unit:
    tags = [data.LABELS[label] for label in unit.labels]
    return Unit(
        unit.source,
        unit.document,
        unit.text.replace("\n", " "),
        unit.tokens,
        ["O" if tag.endswith("MISCELLANEOUS") else tag for tag in tags],
        [
            at
            for at, (first, last) in enumerate(unit.tokens)
            if any(first < end and begin < last for begin, end in unit.masked)
        ],
    )


def main() -> None:
    corpora, features, model, out = map(pathlib.Path, sys.argv[1:])
    parts = data.load(corpora, str(features), model, {})
    newsroom = data.newsroom_units(corpora / "newsroom/train.jsonl")
    first = list(dict.fromkeys(unit.document for unit in newsroom))[:SPEED_ARTICLES]
    text = [unit for unit in newsroom if unit.document in first]
    data.add_features(text, str(features), model, {})
    for name, units in [*((name, parts[name]) for name in ("train", *HELD_BACK)), ("text", text)]:
        lines = (json.dumps(dataclasses.asdict(unit_of(unit)), ensure_ascii=False) for unit in units)
        (out / f"{name}.jsonl").write_text("".join(line + "\n" for line in lines))


if __name__ == "__main__":
    main()
