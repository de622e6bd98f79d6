"""Trains the tagger and writes its weights.

Reads what words.py wrote; writes tagger.pt, and a log to standard output.
"""

import argparse
import collections
import dataclasses
import pathlib
import pickle
import random
import time

import numpy
import torch
from torch import nn

import data
from tagger import DIALECTS, NOTE_WIDTH, NOTES, Tagger

MAX_TOKENS = 120


class Rows:
    """The features of all distinct words, as tensors to pick batches from."""

    def __init__(self, rows: list):
        self.prefix = torch.tensor([row[0] for row in rows])
        self.rest = torch.tensor([row[1] + 1 for row in rows])
        self.shape = torch.tensor([row[2] for row in rows])
        width = max(len(row[3]) for row in rows)
        self.letters = torch.zeros(len(rows), width, dtype=torch.long)
        for at, row in enumerate(rows):
            self.letters[at, : len(row[3])] = torch.tensor(row[3], dtype=torch.long)
        # The letter groups of all rows, one after the other, and where each row's begin.
        self.groups = numpy.array([group for row in rows for group in row[4]], dtype=numpy.int64)
        self.begins = numpy.cumsum([0] + [len(row[4]) for row in rows])
        keys: dict[str, int] = {}
        self.key = torch.tensor([keys.setdefault(row[5], len(keys)) for row in rows])

    def pick(self, at: torch.Tensor, unknown: float = 0.0) -> dict:
        rest = self.rest[at]
        if unknown:
            rest = rest.masked_fill(torch.rand(len(rest)) < unknown, 0)
        begins = self.begins[at.numpy()]
        counts = self.begins[at.numpy() + 1] - begins
        offsets = numpy.concatenate([[0], numpy.cumsum(counts)])
        groups = self.groups[numpy.repeat(begins - offsets[:-1], counts) + numpy.arange(offsets[-1])]
        letters = self.letters[at]
        longest = max(3, int((letters > 0).sum(1).max()))
        return {
            "prefix": self.prefix[at],
            "rest": rest,
            "shape": self.shape[at],
            "letters": letters[:, :longest],
            "groups": torch.from_numpy(groups),
            "group_offsets": torch.from_numpy(offsets),
        }


@dataclasses.dataclass
class Piece:
    """Some tokens of a line, read together."""

    rows: list[int]
    notes: list[tuple[int, ...]]
    labels: list[int]
    allowed: numpy.ndarray  # [tokens, labels]
    weight: float = 1.0
    dialect: int = -1


def pieces(unit: data.Unit, weight: float = 1.0) -> list[Piece]:
    """A unit in pieces of at most MAX_TOKENS, none cut inside a name."""
    if unit.allowed is None:
        unit.allowed = numpy.eye(len(data.LABELS), dtype=bool)[unit.labels]
        open_misc = numpy.array(unit.free, dtype=bool) & (numpy.array(unit.labels) == 0)
        unit.allowed[numpy.ix_(open_misc, MISC)] = True
    dialect = DIALECTS.index(unit.source) if unit.source in DIALECTS else -1
    result, begin = [], 0
    while begin < len(unit.rows):
        end = min(begin + MAX_TOKENS, len(unit.rows))
        while end < len(unit.rows) and data.LABELS[unit.labels[end]][0] in "IE":
            end += 1
        part = slice(begin, end)
        result.append(Piece(unit.rows[part], unit.notes[part], unit.labels[part], unit.allowed[part], weight, dialect))
        begin = end
    return result


MISC = [at for at, label in enumerate(data.LABELS) if "MISC" in label]


def make_part(items: list[Piece], notes: dict) -> dict:
    """Sentences of like length, as tensors; tokens by their row, what the lexicon says by its place in `notes`."""
    longest = max(len(item.rows) for item in items)
    tokens = torch.zeros(len(items), longest, dtype=torch.long)
    noted = torch.zeros(len(items), longest, dtype=torch.long)
    mask = torch.zeros(len(items), longest, dtype=torch.bool)
    turned = torch.arange(longest).repeat(len(items), 1)
    allowed = torch.ones(len(items), longest, len(data.LABELS), dtype=torch.bool)
    for at, item in enumerate(items):
        length = len(item.rows)
        tokens[at, :length] = torch.tensor(item.rows)
        noted[at, :length] = torch.tensor([notes.setdefault(note, len(notes)) for note in item.notes])
        mask[at, :length] = True
        turned[at, :length] = torch.arange(length - 1, -1, -1)
        allowed[at, :length] = torch.from_numpy(item.allowed)
    weight = torch.tensor([item.weight for item in items])
    dialect = torch.tensor([item.dialect for item in items])
    return {
        "tokens": tokens,
        "notes": noted,
        "mask": mask,
        "turned": turned,
        "allowed": allowed,
        "weight": weight,
        "dialect": dialect,
    }


def make_batch(rows: Rows, documents: list[list], unknown: float = 0.0, size: int = 1200) -> tuple[dict, list]:
    """Whole documents, each a list of pieces, as a batch; and in which order its pieces went."""
    order = sorted(
        ((number, place) for number, document in enumerate(documents) for place in range(len(document))),
        key=lambda at: len(documents[at[0]][at[1]].rows),
    )
    groups: list[list] = [[]]
    for at in order:
        length = len(documents[at[0]][at[1]].rows)
        if groups[-1] and (len(groups[-1]) + 1) * length > size:
            groups.append([])
        groups[-1].append(at)
    notes: dict[tuple[int, ...], int] = {(): 0}
    parts = [make_part([documents[number][place] for number, place in group], notes) for group in groups]
    said = torch.zeros(len(notes), NOTES)
    for at, note in enumerate(notes):
        said[at, list(note)] = 1.0
    distinct, places = torch.unique(torch.cat([part["tokens"].flatten() for part in parts]), return_inverse=True)
    begin, keys = 0, []
    for part, group in zip(parts, groups):
        count = part["tokens"].numel()
        numbers = torch.tensor([number for number, _ in group])[:, None].expand_as(part["tokens"])
        keys.append((rows.key[part["tokens"]] * len(documents) + numbers)[part["mask"]])
        part["tokens"] = places[begin : begin + count].view_as(part["tokens"])
        begin += count
    _, memory, count = torch.unique(torch.cat(keys), return_inverse=True, return_counts=True)
    batch = {"rows": rows.pick(distinct, unknown), "notes": said, "parts": parts, "places": memory, "count": count}
    return batch, groups


def batches(documents: list[list], size: int, rng: random.Random | None) -> list[list[list]]:
    """Documents in batches of about `size` tokens."""
    order = list(documents)
    if rng:
        rng.shuffle(order)
    result: list[list] = [[]]
    filled = 0
    for document in order:
        length = sum(len(piece.rows) for piece in document)
        if result[-1] and filled + length > size:
            result.append([])
            filled = 0
        result[-1].append(document)
        filled += length
    return result


def documents_of(units: list[data.Unit]) -> list[list]:
    """The pieces of the units by document. Of CoNLL files each sentence is a
    document of its own, as the measure has it."""
    result: dict[str, list] = {}
    for number, unit in enumerate(units):
        name = unit.document if unit.source == "newsroom" else str(number)
        result.setdefault(name, []).extend(pieces(unit))
    return [document for document in result.values() if document]


def taught(path: pathlib.Path, features: str, words: pathlib.Path, table: dict, weight: float) -> list[list]:
    """The documents that label.py labelled."""
    with path.open("rb") as file:
        articles = pickle.load(file)
    lines = [(str(number), text, bits) for number, article in enumerate(articles) for text, bits in article]
    units = [data.Unit("news", number, text, []) for number, text, _ in lines]
    data.add_features(units, features, words, table)
    documents: dict[str, list] = {}
    for unit, (_, _, bits) in zip(units, lines):
        unit.allowed = (bits[:, None] >> numpy.arange(len(data.LABELS)) & 1).astype(bool)
        documents.setdefault(unit.document, []).extend(pieces(unit, weight))
    return list(documents.values())


def spans(labels: list[int]) -> set[tuple[int, int, str]]:
    found, begin, kind = set(), None, ""
    for at, label in enumerate(map(data.LABELS.__getitem__, labels)):
        place, _, this = label.partition("-")
        if place in "BS":
            begin, kind = at, this
        if place == "O":
            begin = None
        if place in "ES" and begin is not None and this == kind:
            found.add((begin, at, kind))
            begin = None
    return found


@torch.no_grad()
def predict(model: Tagger, rows: Rows, units: list[data.Unit]) -> list[list[int]]:
    model.eval()
    by_document: dict[str, list[int]] = {}
    for number, unit in enumerate(units):
        by_document.setdefault(unit.document if unit.source == "newsroom" else str(number), []).append(number)
    answers: list[list[int]] = [[] for _ in units]
    for numbers in by_document.values():
        document, owners = [], []
        for number in numbers:
            for piece in pieces(units[number]):
                document.append(piece)
                owners.append(number)
        if not document:
            continue
        batch, groups = make_batch(rows, [document])
        paths = {}
        for part, group, emissions in zip(batch["parts"], groups, model.emissions(batch)):
            for (_, place), path in zip(group, model.decode(emissions, part["mask"])):
                paths[place] = path
        for place, owner in enumerate(owners):
            answers[owner] += paths[place]
    return answers


def score(units: list[data.Unit], answers: list[list[int]]) -> dict[str, tuple[float, float, float]]:
    right: collections.Counter = collections.Counter()
    said: collections.Counter = collections.Counter()
    gold: collections.Counter = collections.Counter()
    for unit, answer in zip(units, answers):
        expected, got = spans(unit.labels), spans(answer)
        for begin, end in unit.masked:
            inside = [at for at, (first, last) in enumerate(unit.tokens) if first < end and begin < last]
            got = {span for span in got if not any(span[0] <= at <= span[1] for at in inside)}
        for name, wanted in [(kind, {kind}) for kind in data.TYPES] + [("three", set(data.TYPES[:3]))]:
            mine = {span for span in got if span[2] in wanted}
            theirs = {span for span in expected if span[2] in wanted}
            right[name] += len(mine & theirs)
            said[name] += len(mine)
            gold[name] += len(theirs)
    result = {}
    for name in gold:
        precision = right[name] / max(1, said[name])
        recall = right[name] / max(1, gold[name])
        result[name] = (precision * 100, recall * 100, 200 * precision * recall / max(1e-9, precision + recall))
    return result


def show(name: str, scores: dict) -> str:
    parts = [f"{kind[:4]} {f:.1f}" for kind, (_, _, f) in scores.items() if kind != "three"]
    p, r, f = scores["three"]
    return f"  {name:13} F1 {f:5.2f} (P {p:.1f} R {r:.1f})  {' '.join(parts)}"


def load_vectors(out: pathlib.Path) -> torch.Tensor:
    vectors = torch.from_numpy(numpy.load(out / "vectors.npy"))
    # One scale for all: the commonest use of a vector is beside features of size one.
    return quantized(vectors / vectors.std())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=pathlib.Path, required=True)
    parser.add_argument("--features", required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--name", default="tagger")
    parser.add_argument("--hidden", type=int, default=192)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--batch", type=int, default=1500)
    parser.add_argument("--rate", type=float, default=1.8e-3)
    parser.add_argument("--dropout", type=float, default=0.33)
    parser.add_argument("--unknown", type=float, default=0.08)
    parser.add_argument("--tune", type=float, default=5e-4, help="learning rate of the words' vectors")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--scratch", action="store_true", help="without the LSTMs of pretrain.py")
    parser.add_argument("--start", help="go on from the last weights of that name")
    parser.add_argument("--pseudo", action="store_true", help="learn from what label.py labelled too")
    parser.add_argument("--pseudo-weight", type=float, default=0.6)
    parser.add_argument("--dialects", type=float, default=0.3, help="how often an older corpus may speak its own dialect")
    parser.add_argument("--all", action="store_true", help="train on the development parts too")
    parser.add_argument("--average-from", type=int, default=6, help="average the weights from this epoch on")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    numpy.random.seed(arguments.seed)
    rng = random.Random(arguments.seed)
    started = time.time()

    table: dict[str, int] = {}
    words = arguments.out / "words.tsv"
    parts = data.load(arguments.corpora, arguments.features, words, table)
    lessons = []
    if arguments.pseudo:
        lessons = taught(arguments.out / "pseudo.pkl", arguments.features, words, table, arguments.pseudo_weight)
        rng.shuffle(lessons)
    rows = Rows(data.parse_rows(table))
    vectors = load_vectors(arguments.out)
    if arguments.all:
        parts["train"] += parts["newsroom-dev"] + parts["anercorp-dev"]
    print(f"{sum(len(u.rows) for u in parts['train'])} training tokens, {len(table)} distinct, {time.time() - started:.0f} s", flush=True)

    model = Tagger(vectors, len(data.LABELS), arguments.hidden, arguments.dropout)
    model.forbid(data.LABELS)
    model.groups.weight.data = torch.load(arguments.out / "groups.pt")
    if not arguments.scratch:
        model.load_state_dict(torch.load(arguments.out / "readers.pt"), strict=False)
        for direction, lstm in (("forward", model.forward_lstm), ("backward", model.backward_lstm)):
            lstm.load_state_dict(torch.load(arguments.out / f"lstm-{direction}.pt"))
            # The lexicon's notes took no part in pretrain.py.
            nn.init.normal_(lstm.weight_ih_l0.data[:, -NOTE_WIDTH:], std=0.05)

    if arguments.start:
        model.load_state_dict(torch.load(arguments.out / f"{arguments.start}-last.pt"))

    documents = documents_of(parts["train"])
    slow = list(model.groups.parameters())
    rare = list(model.tuned.parameters())
    fast = [p for name, p in model.named_parameters() if not name.startswith(("groups.", "tuned."))]
    dense = torch.optim.Adam([{"params": fast, "scale": 1.0}, {"params": slow, "scale": 0.3}], lr=arguments.rate, fused=True)
    sparse = torch.optim.SparseAdam(rare, lr=arguments.tune)
    # Each epoch sees all annotated documents and its share of the labelled news, of
    # which the last epoch has none.
    shares = max(1, arguments.epochs - 1)
    per_epoch = [documents + lessons[epoch::shares] if epoch < shares else documents for epoch in range(arguments.epochs)]
    total, step = sum(len(batches(each, arguments.batch, rng)) for each in per_epoch), 0
    averaged: dict[str, torch.Tensor] = {}
    count = 0
    for epoch in range(arguments.epochs):
        model.train()
        begun, losses = time.time(), []
        for group in batches(per_epoch[epoch], arguments.batch, rng):
            share = min(1.0, (step + 1) / 200) * max(0.02, 1 - step / total)
            for part in dense.param_groups:
                part["lr"] = arguments.rate * share * part["scale"]
            sparse.param_groups[0]["lr"] = arguments.tune * share
            batch, _ = make_batch(rows, group, arguments.unknown)
            for part in batch["parts"]:
                part["dialect"][torch.rand(len(part["dialect"])) >= arguments.dialects] = -1
            loss = model.loss(batch)
            dense.zero_grad()
            sparse.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(fast + slow, 5.0)
            dense.step()
            sparse.step()
            losses.append(loss.item())
            step += 1
        print(f"epoch {epoch + 1}: loss {numpy.mean(losses):.4f}, {time.time() - begun:.0f} s, {time.time() - started:.0f} s in all", flush=True)
        if epoch + 1 >= arguments.average_from:
            count += 1
            for name, value in model.state_dict().items():
                if value.is_floating_point() and name != "vectors":
                    averaged[name] = averaged.get(name, 0) + (value - averaged.get(name, 0)) / count
        torch.save(model.state_dict(), arguments.out / f"{arguments.name}-last.pt")
        if epoch % 3 == 2:
            for part in ("newsroom-dev", "anercorp-dev"):
                print(show(part, score(parts[part], predict(model, rows, parts[part]))), flush=True)
    last = {name: value.clone() for name, value in model.state_dict().items()}
    for kind, weights in (("last weights", last), ("averaged weights", {**last, **averaged})):
        model.load_state_dict(weights)
        print(f"{kind}:")
        for part in ("newsroom-dev", "dev.jsonl", "anercorp-dev", "aqmar-dev"):
            print(show(part, score(parts[part], predict(model, rows, parts[part]))), flush=True)
    torch.save(model.state_dict(), arguments.out / f"{arguments.name}.pt")


def quantized(vectors: torch.Tensor) -> torch.Tensor:
    """The vectors as the model file holds them: eight bits a number, a scale a row."""
    scale = vectors.abs().amax(1, keepdim=True).clamp_min(1e-8) / 127
    scale = scale.to(torch.float16).to(torch.float32)
    return (vectors / scale).round().clamp(-127, 127) * scale


if __name__ == "__main__":
    main()
