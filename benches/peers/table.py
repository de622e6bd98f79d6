"""Prints the table of peers from what run.sh measured.

Usage: table.py WORK

WORK has the files of corpora.py and, of each recognizer NAME, NAME.PART.names with the names it
found in a held-back part and NAME.seconds, a line for each pass over text.jsonl; and
normalizers.tsv. A recognizer that has none of these is left out.
"""

import json
import sys
from pathlib import Path

import corpora
import tagging

RECOGNIZERS = {"khabar": "Khabar", "spacy": "spaCy", "crf": "python-crfsuite"}
# Each normalizer, and Khabar's that does the same or more.
NORMALIZERS = {
    "PyArabic": "Khabar, as PyArabic",
    "CAMeL Tools": "Khabar, as CAMeL Tools",
    "charabia": "Khabar, SEARCH",
}


def f1(units: list[corpora.Unit], answers: list[list[tagging.Name]]) -> float:
    """Of exact spans over tokens, persons, places and organizations together, in percent. Names
    found in what the annotation disputes count neither way."""
    right = said = gold = 0
    for unit, answer in zip(units, answers, strict=True):
        disputed = set(unit.masked)
        found = {
            (first, last, kind)
            for first, last, kind in answer
            if kind != "MISCELLANEOUS" and disputed.isdisjoint(range(first, last + 1))
        }
        expected = set(tagging.names(unit.tags))
        right, said, gold = right + len(found & expected), said + len(found), gold + len(expected)
    return 200 * right / max(1, said + gold)


def recognizers(work: Path) -> None:
    words = sum(len(unit.text.split()) for unit in corpora.read(work / "text.jsonl"))
    print(f"{words} words; F1 of {', '.join(corpora.HELD_BACK)}\n")
    print("| recognizer | newsroom F1 | ANERcorp F1 | words/s | Khabar's words/s are |\n|---|---|---|---|---|")
    speeds = {}
    measured = [name for name in RECOGNIZERS if (work / f"{name}.seconds").exists()]
    for name in measured:
        speeds[name] = words / min(map(float, (work / f"{name}.seconds").read_text().split()))
    for name in measured:
        scores = [
            f1(corpora.read(work / f"{part}.jsonl"), list(map(json.loads, (work / f"{name}.{part}.names").open())))
            for part in corpora.HELD_BACK
        ]
        newsroom, anercorp = (f"{score:.1f}" for score in scores)
        ratio = f"{speeds['khabar'] / speeds[name]:.2f} ×"
        print(f"| {RECOGNIZERS[name]} | {newsroom} | {anercorp} | {speeds[name]:,.0f} | {ratio} |")


def normalizers(work: Path) -> None:
    lines = (work / "normalizers.tsv").read_text().splitlines()
    speeds = {name: float(speed) / 1e6 for name, speed in (line.split("\t") for line in lines)}
    print("\n| normalizer | MB/s | Khabar doing the same, MB/s | is |\n|---|---|---|---|")
    for name, ours in NORMALIZERS.items():
        print(f"| {name} | {speeds[name]:.1f} | {speeds[ours]:.0f} | {speeds[ours] / speeds[name]:.0f} × |")


def main() -> None:
    work = Path(sys.argv[1])
    recognizers(work)
    normalizers(work)


main()
