"""Reads the annotated corpora into units: runs of tokens that are tagged together.

A unit is a line of a news article or a sentence of a CoNLL file. The tokens and
all their features come from the recognizer_features example; this file adds the
labels. Labels are BIOES over the four types; `free` marks tokens labelled O of
which the corpus does not tell whether they are MISCELLANEOUS.
"""

import dataclasses
import json
import pathlib
import random
import re
import subprocess

import numpy

TYPES = ["PERSON", "LOCATION", "ORGANIZATION", "MISCELLANEOUS"]
LABELS = ["O"] + [f"{place}-{kind}" for kind in TYPES for place in "BIES"]
LABEL_ID = {label: at for at, label in enumerate(LABELS)}
SEED = 17
# Held back from ANERcorp for development: two blocks of 300 sentences.
ANERCORP_DEV = [(1000, 1300), (3000, 3300)]
NEWSROOM_DEV = 70
# Whether uneven edges of the newsroom's annotation are settled; off to measure it as it is.
SETTLED = True


@dataclasses.dataclass
class Unit:
    source: str  # newsroom, anercorp, aqmar
    document: str
    text: str
    spans: list[tuple[int, int, str]]  # code points
    masked: list[tuple[int, int]] = dataclasses.field(default_factory=list)
    misc_known: bool = False
    tokens: list[tuple[int, int]] = dataclasses.field(default_factory=list)  # code points
    rows: list[int] = dataclasses.field(default_factory=list)
    notes: list[tuple[int, ...]] = dataclasses.field(default_factory=list)  # of the lexicon
    labels: list[int] = dataclasses.field(default_factory=list)
    free: list[bool] = dataclasses.field(default_factory=list)
    allowed: numpy.ndarray | None = None  # labels by token, where labels and free do not tell it


def read_conll(path: pathlib.Path) -> list[list[tuple[str, str]]]:
    sentences: list[list[tuple[str, str]]] = [[]]
    for line in path.read_text().splitlines():
        if line.strip():
            token, tag = line.split("\t")
            sentences[-1].append((token, tag))
        elif sentences[-1]:
            sentences.append([])
    return [sentence for sentence in sentences if sentence]


def conll_units(path: pathlib.Path, source: str, block: int = 25) -> list[Unit]:
    units = []
    for number, sentence in enumerate(read_conll(path)):
        text, spans, masked = "", [], []
        for token, tag in sentence:
            begin = len(text) + bool(text)
            text = f"{text} {token}" if text else token
            if tag.startswith("B-") or (tag.startswith("I-") and not spans):
                spans.append([begin, len(text), tag[2:]])
            elif tag.startswith("I-"):
                spans[-1][1] = len(text)
        kept = []
        for begin, end, kind in spans:
            words = text[begin:end].split()
            if kind == "MISC":
                # ANERcorp's MISC of one word are currencies and religions as
                # often as names, AQMAR's are mostly things.
                if source == "anercorp" and len(words) > 1:
                    kept.append((begin, end, "MISCELLANEOUS"))
                else:
                    masked.append((begin, end))
            elif source == "aqmar" and kind == "PERSON" and len(words) == 1 and is_people(words[0]):
                pass
            else:
                kept.append((begin, end, kind))
        unit = Unit(source, f"{source}-{number // block}", text, kept, masked, source == "anercorp")
        units.append(unit)
    return units


def is_people(word: str) -> bool:
    """Whether a word names many: الصليبيين, and no person."""
    return word.lstrip("وفبلك").startswith(("ال", "ل")) and word.endswith(("ين", "ون"))


# Bodies that are mentions without a complement; the annotation leaves some out.
BODIES = re.compile(r"(?<!\w)[وفبل]?(قوات الاحتلال|مجلس الوزراء|النيابة العامة|البنك المركزي|المحكمة العليا)(?!\w)")
QUOTES = "\"«»“”'"


def settle(text: str, spans: list[tuple[int, int, str]], persons: set[str]) -> list[tuple[int, int, str]]:
    """The edges that the annotation draws unevenly, by the last section of its guide."""
    settled = []
    for begin, end, kind in spans:
        if text[begin:end].count('"') != 2 or text[begin] == text[end - 1]:
            while text[begin] in QUOTES:
                begin += 1
            while text[end - 1] in QUOTES:
                end -= 1
        head, _, rest = text[begin:end].partition(" ")
        inner = end - len(rest)
        if kind == "ORGANIZATION" and head in ("إدارة", "حكومة") and rest in persons:
            begin, kind = inner, "PERSON"
        elif kind == "ORGANIZATION" and head == "تنظيم" and rest in ("القاعدة", "داعش"):
            begin = inner
        elif kind == "LOCATION" and head == "دولة" and rest:
            begin = inner
        settled.append((begin, end, kind))
    for found in BODIES.finditer(text):
        begin, end = found.span(1)
        if not any(first < end and begin < last for first, last, _ in settled):
            settled.append((begin, end, "ORGANIZATION"))
    return settled


def newsroom_units(path: pathlib.Path) -> list[Unit]:
    units = []
    articles = list(map(json.loads, path.read_text().splitlines()))
    persons = {
        article["lines"][m["line"]]["text"][m["begin"] : m["end"]]
        for article in articles
        for m in article["mentions"]
        if m["type"] == "PERSON"
    }
    for article in articles:
        by_line: dict[int, list] = {}
        for mention in article["mentions"]:
            if mention["type"] in TYPES:
                by_line.setdefault(mention["line"], []).append(mention)
        disputed: dict[int, list] = {}
        for mention in article.get("disputed", []):
            disputed.setdefault(mention["line"], []).append((mention["begin"], mention["end"]))
        for at, line in enumerate(article["lines"]):
            spans = [(m["begin"], m["end"], m["type"]) for m in by_line.get(at, [])]
            if SETTLED:
                spans = settle(line["text"], spans, persons)
            units.append(Unit("newsroom", article["id"], line["text"], spans, disputed.get(at, [])))
    return units


def newsroom_dev_ids(units: list[Unit]) -> set[str]:
    """70 articles, each outlet with its share."""
    ids = sorted({unit.document for unit in units})
    random.Random(SEED).shuffle(ids)
    by_outlet: dict[str, list[str]] = {}
    for name in ids:
        by_outlet.setdefault(name.split("-")[0], []).append(name)
    share = NEWSROOM_DEV / len(ids)
    return {name for outlet in by_outlet.values() for name in outlet[: round(len(outlet) * share)]}


def held_back_lines(corpora: pathlib.Path) -> set[str]:
    """The lines of all newsroom articles that are measured on."""
    newsroom = newsroom_units(corpora / "newsroom/train.jsonl")
    dev_ids = newsroom_dev_ids(newsroom)
    held = [unit for unit in newsroom if unit.document in dev_ids] + newsroom_units(corpora / "newsroom/dev.jsonl")
    return {unit.text.strip() for unit in held}


def add_features(units: list[Unit], features: str, words: pathlib.Path, table: dict) -> None:
    """Runs the feature example over the units and labels their tokens.

    `table` maps each distinct feature line to a row number.
    """
    text = "".join(unit.text.replace("\n", " ") + "\n" for unit in units)
    result = subprocess.run([features, "tokens", str(words)], input=text.encode(), capture_output=True, check=True)
    blocks = result.stdout.decode().split("\n")
    at = 0
    for unit in units:
        to_point = {}
        byte = 0
        for point, char in enumerate(unit.text):
            to_point[byte] = point
            byte += len(char.encode())
        to_point[byte] = len(unit.text)
        while blocks[at]:
            begin, end, notes, row = blocks[at].split("\t", 3)
            unit.tokens.append((to_point[int(begin)], to_point[int(end)]))
            unit.notes.append(tuple(int(note) for note in notes.split(",") if note))
            unit.rows.append(table.setdefault(row, len(table)))
            at += 1
        at += 1
        label(unit)


def label(unit: Unit) -> None:
    unit.labels = [0] * len(unit.tokens)
    unit.free = [not unit.misc_known] * len(unit.tokens)
    for begin, end in unit.masked:
        for at, (first, last) in enumerate(unit.tokens):
            if first < end and begin < last:
                unit.free[at] = True
    for begin, end, kind in sorted(unit.spans):
        inside = [at for at, (first, last) in enumerate(unit.tokens) if first < end and begin < last]
        inside = [at for at in inside if unit.labels[at] == 0]
        if not inside:
            continue
        for at in inside:
            place = "S" if len(inside) == 1 else "B" if at == inside[0] else "E" if at == inside[-1] else "I"
            unit.labels[at] = LABEL_ID[f"{place}-{kind}"]
            unit.free[at] = False


def parse_rows(table: dict) -> list[tuple[int, int, int, list[int], list[int], str]]:
    """Prefix, rest, shape, letters, groups and the hash of the rest of each row."""
    rows = []
    for line in table:
        prefix, rest, shape, letters, groups, key = line.split("\t")
        rows.append(
            (
                int(prefix),
                int(rest),
                int(shape),
                [int(x) for x in letters.split(",") if x],
                [int(x) for x in groups.split(",") if x],
                key,
            )
        )
    return rows


def load(corpora: pathlib.Path, features: str, words: pathlib.Path, table: dict) -> dict[str, list[Unit]]:
    """The units by use: train, newsroom-dev, dev.jsonl, anercorp-dev, aqmar-dev."""
    newsroom = newsroom_units(corpora / "newsroom/train.jsonl")
    dev_ids = newsroom_dev_ids(newsroom)
    anercorp = conll_units(corpora / "ner/anercorp-train.conll", "anercorp")
    held = [unit for begin, end in ANERCORP_DEV for unit in anercorp[begin:end]]
    held_texts = {unit.text for unit in held}
    parts = {
        "train": [unit for unit in newsroom if unit.document not in dev_ids]
        + [unit for unit in anercorp if unit.text not in held_texts]
        + conll_units(corpora / "ner/aqmar-train.conll", "aqmar"),
        "newsroom-dev": [unit for unit in newsroom if unit.document in dev_ids],
        "dev.jsonl": newsroom_units(corpora / "newsroom/dev.jsonl"),
        "anercorp-dev": held,
        "aqmar-dev": conll_units(corpora / "ner/aqmar-dev.conll", "aqmar"),
    }
    for units in parts.values():
        add_features(units, features, words, table)
    return parts
