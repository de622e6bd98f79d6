"""Trains the model of `src/segment` and measures it on articles held back.

    pip install -r training/segment/requirements.txt
    python training/segment/train.py --corpora "$KHABAR_CORPORA" --out models/segment.bin

See README.md in this directory for what it reads, does and prints.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import struct
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

import pycrfsuite

from corpus import DECORATIONS, MODES, Article, Odd, Templates, read_marked_headings
from corpus import read_newsroom, read_weak
from corpus import render, with_made_up_lines

ROOT = Path(__file__).parent.parent.parent
ROLES = (
    "HEADLINE KICKER SUBHEADING PARAGRAPH LIST_ITEM BYLINE CREDIT CAPTION RELATED_LINK "
    "BOILERPLATE OTHER"
).split()
SIDES = "oab"
STEPS = 2048
SEED = 20180401
#: Rounds of copies that are trained on.
ROUNDS = 3
#: Built by `main`.
EXPORTER = ROOT / "target" / "debug" / "examples" / "segment_features"


def features(rows: list[dict]) -> list[list[tuple[str, list[str]]]]:
    """Label and attributes of every line, as the Rust code computes them."""
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    done = subprocess.run([EXPORTER], input=text, capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    articles = [[]]
    for line in done.stdout.splitlines()[1:]:
        if line:
            label, *attributes = line.split("\t")
            articles[-1].append((label, attributes))
        else:
            articles.append([])
    articles.pop()
    assert len(articles) == len(rows)
    return articles


def copies(articles: list[Article], templates: Templates, seed: int) -> list[dict]:
    """The copies that are trained on, some rounds of them: each article as it
    is in every mode, twice in a random dress, and three times with made-up
    lines. One round would do to learn from; several even out what chance made
    up."""
    rng = random.Random(seed)
    return [row for _ in range(ROUNDS) for row in round_of_copies(articles, templates, rng)]


def round_of_copies(articles: list[Article], templates: Templates, rng: random.Random) -> list[dict]:
    rows = []
    for article in articles:
        for mode in MODES:
            rows.append(render(article, mode, "plain", rng))
            made_up = with_made_up_lines(article, templates, rng)
            rows.append(render(made_up, mode, rng.choice(("plain", "plain", "double")), rng))
        for source in (article, with_made_up_lines(article, templates, rng)):
            mode, decoration = rng.choice(MODES), rng.choice(DECORATIONS[1:])
            rows.append(render(source, mode, decoration, rng))
    for article in Odd(templates, articles).all(rng):
        rows.append(render(article, rng.choice(MODES), rng.choice(("plain", "plain", "double")), rng))
    return rows


def plain_copies(articles: list[Article]) -> list[dict]:
    """One copy of each article, in any mode."""
    rng = random.Random(SEED)
    return [render(article, rng.choice(MODES), "plain", rng) for article in articles]


def fit(rows: list[dict], path: str, arguments: argparse.Namespace) -> None:
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params({
        "c1": arguments.l1,
        "c2": arguments.l2,
        "max_iterations": arguments.iterations,
        "feature.minfreq": arguments.min_count,
        "feature.possible_transitions": True,
    })
    for lines in features(rows):
        if lines:
            trainer.append([attributes for _, attributes in lines], [label for label, _ in lines])
    trainer.train(path)


def export(path: str, out: Path) -> None:
    """Writes a trained model in the format that `src/segment/crf.rs` reads."""
    tagger = pycrfsuite.Tagger()
    tagger.open(path)
    info = tagger.info()
    fixed = lambda weight: max(-32767, min(32767, round(weight * STEPS)))
    index = {role: number for number, role in enumerate(ROLES)}
    # Roles that were never seen stay out of reach.
    seen = {label for label in info.labels}
    transitions = [
        fixed(info.transitions.get((a, b), 0.0) if {a, b} <= seen else -15.0)
        for a in ROLES for b in ROLES
    ]
    weights = []
    for (attribute, label), weight in info.state_features.items():
        side, observation = attribute.split(":")
        if fixed(weight):
            weights.append((int(observation, 16), SIDES.index(side), index[label], fixed(weight)))
    weights.sort()
    with out.open("wb") as file:
        file.write(b"KHSEGM1\n")
        file.write(struct.pack(f"<{len(transitions)}h", *transitions))
        file.write(struct.pack("<I", len(weights)))
        for weight in weights:
            file.write(struct.pack("<IBBh", *weight))
    rows = len({weight[0] for weight in weights})
    print(f"{out}: {out.stat().st_size} bytes, {len(weights)} weights of {rows} observations")


def predict(path: str, rows: list[dict]) -> list[list[tuple[str, str]]]:
    """Pairs of true and found roles. Each line gets its most probable role,
    after the two facts that `decide.rs` rules by."""
    tagger = pycrfsuite.Tagger()
    tagger.open(path)
    labels = tagger.labels()
    found = []
    for row, lines in zip(rows, features(rows)):
        tagger.set([attributes for _, attributes in lines])
        titled = bool(row["title"].strip())
        found.append([])
        for at, (label, _) in enumerate(lines):
            never = "HEADLINE" if titled else "SUBHEADING" if at == 0 else None
            roles = [role for role in labels if role != never]
            found[-1].append((label, max(roles, key=lambda role: tagger.marginal(role, at))))
    return found


class Tally:
    """Pairs of true and found roles, and articles wrongly given sub-headlines,
    in one setting."""

    def __init__(self) -> None:
        self.pairs: Counter = Counter()
        self.plain = self.headed = 0

    def add(self, articles: list[list[tuple[str, str]]]) -> None:
        for pairs in articles:
            self.pairs.update(pairs)
            if all(label != "SUBHEADING" for label, _ in pairs):
                self.plain += 1
                self.headed += any(found == "SUBHEADING" for _, found in pairs)

    def __str__(self) -> str:
        body = {pair: n for pair, n in self.pairs.items() if pair[0] != "HEADLINE"}
        right = sum(n for (a, b), n in body.items() if a == b)
        line = [f"accuracy {right / max(1, sum(body.values())):.4f}"]
        for role in ROLES:
            hit = self.pairs[role, role]
            true = sum(n for (a, _), n in self.pairs.items() if a == role)
            said = sum(n for (_, b), n in self.pairs.items() if b == role)
            if (true or said) and role != "PARAGRAPH":
                f1 = 2 * hit / (true + said)
                line.append(f"{role[:7]} {hit / max(1, said):.2f}/{hit / max(1, true):.2f}/{f1:.3f}")
        line.append(f"false-headed {self.headed}/{self.plain}")
        return "  ".join(line)


def report(name: str, articles: list[Article], path: str, errors: bool, pooled: dict) -> None:
    """Prints the figures of a set of articles in each mode, and adds them to
    those of the other folds."""
    rng = random.Random(SEED)
    for mode in MODES:
        rows = [render(article, mode, "plain", rng) for article in articles]
        pairs = predict(path, rows)
        tally = Tally()
        tally.add(pairs)
        pooled[mode].add(pairs)
        print(f"{name:>10} {mode:>6}  {tally}", flush=True)
        if errors:
            for article, row, pair in zip(articles, rows, pairs):
                texts = [t for t in row["text"].split("\n")]
                for text, (a, b) in zip(texts, pair):
                    if a != b:
                        print(f"      {article.id} {a}->{b}: {text[:100]}")


def held_back(article: Article, fifth: int) -> bool:
    return hashlib.sha256(article.id.encode()).digest()[0] % 5 == fifth


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "segment.bin")
    parser.add_argument("--l1", type=float, default=0.1 * ROUNDS)
    parser.add_argument("--l2", type=float, default=0.1 * ROUNDS)
    parser.add_argument("--iterations", type=int, default=90)
    parser.add_argument("--min-count", type=int, default=3 * ROUNDS)
    parser.add_argument("--weak", nargs="*", default=["france24", "skynews"])
    parser.add_argument("--weak-count", type=int, default=0)
    parser.add_argument("--folds", type=int, nargs="*", default=[], help="fifths to hold back in turn")
    parser.add_argument("--outlets", nargs="*", default=[], help="outlets to leave out in turn")
    parser.add_argument("--errors", action="store_true", help="print every wrong line")
    parser.add_argument("--no-export", action="store_true")
    arguments = parser.parse_args()
    build = ["cargo", "build", "--quiet", "--profile", "test", "--example", "segment_features"]
    subprocess.run(build, cwd=ROOT, check=True)

    newsroom = read_newsroom(arguments.corpora / "newsroom" / "train.jsonl")
    marked = read_marked_headings(arguments.corpora / "headings" / "marked-headings.jsonl")
    dev = read_newsroom(arguments.corpora / "newsroom" / "dev.jsonl")
    fixtures = read_newsroom(ROOT / "tests" / "fixtures" / "segment-lines" / "articles.jsonl")

    known = {article.id for article in newsroom + dev}
    weak = read_weak(
        arguments.corpora / "headings" / "unmarked-candidates.jsonl.gz",
        tuple(arguments.weak),
        known,
    )
    random.Random(SEED).shuffle(weak)
    weak = weak[: arguments.weak_count]
    print(f"{len(newsroom)} annotated, {len(marked)} marked, {len(weak)} guessed")

    pooled: dict[str, dict[str, Tally]] = {}

    def run(name: str, train: list[Article], tests: dict[str, list[Article]], out: Path | None):
        templates = Templates([article.lines[0][0] for article in train])
        outlets = {article.outlet for article in train}
        kept = [article for article in weak if article.outlet in outlets]
        with tempfile.NamedTemporaryFile(suffix=".crfsuite") as file:
            fit(copies(train + marked, templates, SEED) + plain_copies(kept), file.name, arguments)
            for test, articles in tests.items():
                tallies = pooled.setdefault(test, {mode: Tally() for mode in MODES})
                report(f"{name}{test}", articles, file.name, arguments.errors, tallies)
            if out:
                export(file.name, out)

    for fifth in arguments.folds:
        train = [article for article in newsroom if not held_back(article, fifth)]
        test = [article for article in newsroom if held_back(article, fifth)]
        run(f"fold {fifth} ", train, {"": test, "own": fixtures}, None)
    if arguments.folds:
        for mode in MODES:
            print(f"all folds {mode:>6}  {pooled[''][mode]}", flush=True)
    for outlet in arguments.outlets:
        train = [article for article in newsroom if article.outlet != outlet]
        test = [article for article in newsroom if article.outlet == outlet]
        run(f"no {outlet} ", train, {"": test}, None)
    if not arguments.no_export:
        run("all ", newsroom, {"dev": dev, "own": fixtures}, arguments.out)


if __name__ == "__main__":
    main()
