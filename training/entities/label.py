"""Labels unlabelled news with several taggers together, for a student to learn from.

Writes pseudo.pkl: articles, each a list of lines and, for each token of each
line, the labels that the teachers hold possible, as bits. The newsroom's own
articles, annotated or held back, are left out.
"""

import argparse
import gzip
import json
import pathlib
import pickle
import random

import numpy
import torch

import data
from crf import LogSum
from tagger import Tagger
from train import Rows, make_batch, pieces, predict, score, show

NEWS = ["ant-multisource-2018", "ant-jawharafm", "almayadeen-2023-24"]
# Articles read at a time.
TOGETHER = 16


class Ensemble:
    """Taggers that answer together: the mean of their scores."""

    def __init__(self, models: list[Tagger]):
        self.models = models

    def eval(self) -> None:
        for model in self.models:
            model.eval()

    def emissions(self, batch: dict) -> list[torch.Tensor]:
        answers = zip(*(model.emissions(batch) for model in self.models))
        return [torch.stack(part).mean(0) for part in answers]

    def first(self) -> torch.Tensor:
        return torch.stack([model.first() for model in self.models]).mean(0)

    def steps(self) -> torch.Tensor:
        return torch.stack([model.steps() for model in self.models]).mean(0)

    decode = Tagger.decode

    def chances(self, emissions: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """The probability of each label of each token."""
        emissions = emissions.detach().requires_grad_()
        total = LogSum.apply(emissions, self.first(), self.steps(), mask, torch.ones(len(mask)))
        return torch.autograd.grad(total, emissions)[0]


def load(path: pathlib.Path) -> Tagger:
    state = torch.load(path)
    hidden = state["forward_lstm.weight_hh_l0"].shape[1]
    model = Tagger(state["vectors"][1:], len(data.LABELS), hidden, 0.0)
    model.load_state_dict(state)
    model.halves = True
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    return model


def articles(corpora: pathlib.Path) -> list[list[str]]:
    """The lines of the articles of the news, without those that people have annotated."""
    annotated = data.newsroom_units(corpora / "newsroom/train.jsonl") + data.newsroom_units(corpora / "newsroom/dev.jsonl")
    known = {unit.text.strip() for unit in annotated if len(unit.text) > 60}
    result = []
    for name in NEWS:
        with gzip.open(corpora / "news" / f"{name}.jsonl.gz", "rt") as lines:
            for article in map(json.loads, lines):
                text = f"{article.get('title') or ''}\n{article.get('body') or ''}"
                kept = [line.strip() for line in text.splitlines() if line.strip()]
                if not known.intersection(kept) and sum(map(len, kept)) < 8000:
                    result.append(kept)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=pathlib.Path, required=True)
    parser.add_argument("--features", required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--teachers", nargs="+", required=True)
    parser.add_argument("--tokens", type=int, default=2_000_000, help="words to label, about")
    parser.add_argument("--possible", type=float, default=0.1, help="least probability of a label held possible")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    words = arguments.out / "words.tsv"
    teacher = Ensemble([load(arguments.out / f"{name}.pt") for name in arguments.teachers])

    known: dict[str, int] = {}
    parts = data.load(arguments.corpora, arguments.features, words, known)
    table = Rows(data.parse_rows(known))
    print("teachers together:", flush=True)
    for part in ("newsroom-dev", "dev.jsonl", "anercorp-dev", "aqmar-dev"):
        print(show(part, score(parts[part], predict(teacher, table, parts[part]))), flush=True)

    found = articles(arguments.corpora)
    random.Random(data.SEED).shuffle(found)
    units, left = [], arguments.tokens
    for number, lines in enumerate(found):
        left -= sum(len(line.split()) for line in lines)
        if left < 0:
            break
        units += [data.Unit("news", str(number), line, []) for line in lines]
    features: dict[str, int] = {}
    data.add_features(units, arguments.features, words, features)
    table = Rows(data.parse_rows(features))

    bits = 1 << numpy.arange(len(data.LABELS))
    labelled: list[list[tuple[str, numpy.ndarray]]] = []
    by_article: dict[str, list[data.Unit]] = {}
    for unit in units:
        by_article.setdefault(unit.document, []).append(unit)
    sure = total = 0
    every = list(by_article.values())
    for lines in (every[at : at + TOGETHER] for at in range(0, len(every), TOGETHER)):
        documents = [[piece for unit in article for piece in pieces(unit)] for article in lines]
        batch, groups = make_batch(table, documents)
        emissions = teacher.emissions(batch)
        answers: dict[tuple[int, int], numpy.ndarray] = {}
        for part, group, scores in zip(batch["parts"], groups, emissions):
            chances = teacher.chances(scores, part["mask"]).numpy()
            paths = teacher.decode(scores, part["mask"])
            for place, chance, path in zip(group, chances, paths):
                possible = chance[: len(path)] > arguments.possible
                possible[numpy.arange(len(path)), path] = True
                sure += (possible.sum(1) == 1).sum()
                total += len(path)
                answers[place] = (possible * bits).sum(1).astype(numpy.int32)
        for number, article in enumerate(lines):
            place, labels = 0, []
            for unit in article:
                count = len(pieces(unit))
                if count:
                    own = [answers[number, at] for at in range(place, place + count)]
                    labels.append((unit.text, numpy.concatenate(own)))
                place += count
            labelled.append(labels)
    with (arguments.out / "pseudo.pkl").open("wb") as file:
        pickle.dump(labelled, file)
    print(f"{total} tokens in {len(labelled)} articles, {sure / total:.1%} of one label")


if __name__ == "__main__":
    main()
