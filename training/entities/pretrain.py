"""Teaches the two LSTMs to tell the next word, and the word before, of unlabelled news.

The words are read as the tagger reads them, by vectors that stay as they are;
only the LSTM learns, so the two directions are trained apart, each by a
process of its own. Writes lstm-forward.pt and lstm-backward.pt, and readers.pt
with the weights through which both read letters, prefixes and shapes.
"""

import argparse
import array
import itertools
import pathlib
import random
import subprocess
import time

import numpy
import torch
from torch import nn

import data
from tagger import Tagger
from train import Rows, load_vectors

LONGEST = 64


def lines_of(raw: pathlib.Path, left_out: set[str], lines: int) -> list[str]:
    """The first lines, which are newswire, without those held back and the shortest."""
    with raw.open() as file:
        chosen = (line for line in itertools.islice(file, lines) if line.rstrip("\n") not in left_out)
        return [line for line in chosen if len(line) > 40]


def read_tokens(features: str, words: pathlib.Path, lines: list[str], source: pathlib.Path, table: dict) -> list[numpy.ndarray]:
    """The rows of the words of each line; `source` is a file to write the lines to."""
    source.write_text("".join(lines))
    result, current = [], array.array("i")
    with source.open() as stdin:
        process = subprocess.Popen([features, "tokens", str(words)], stdin=stdin, stdout=subprocess.PIPE, text=True)
        for line in process.stdout:
            if line == "\n":
                result.append(numpy.frombuffer(current, dtype=numpy.int32))
                current = array.array("i")
            else:
                row = line.rstrip("\n").split("\t", 3)[3]
                current.append(table.setdefault(row, len(table)))
        if process.wait():
            raise SystemExit("the features could not be read")
    return result


@torch.no_grad()
def word_vectors(model: Tagger, rows: Rows) -> torch.Tensor:
    model.eval()
    parts = torch.arange(len(rows.rest)).split(8192)
    return torch.cat([model.words(rows.pick(part)).to(torch.bfloat16) for part in parts])


def batches(sentences: list[numpy.ndarray], size: int, rng: random.Random) -> list[list[numpy.ndarray]]:
    """Sentences of like length together, about `size` tokens each time, in random order."""
    pieces = [s[at : at + LONGEST] for s in sentences for at in range(0, len(s), LONGEST)]
    pieces = [piece for piece in pieces if len(piece) > 4]
    rng.shuffle(pieces)
    pieces.sort(key=len)
    result, batch = [], []
    for piece in pieces:
        if batch and (len(batch) + 1) * len(piece) > size:
            result.append(batch)
            batch = []
        batch.append(piece)
    result.append(batch)
    rng.shuffle(result)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=pathlib.Path, required=True)
    parser.add_argument("--features", required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--direction", choices=["forward", "backward"], required=True)
    parser.add_argument("--hidden", type=int, default=192)
    parser.add_argument("--lines", type=int, default=432_000, help="of the news, from the first on")
    parser.add_argument("--batch", type=int, default=2048)
    parser.add_argument("--targets", type=int, default=20_000)
    parser.add_argument("--samples", type=int, default=1500)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--steps", type=int, default=7051)
    parser.add_argument("--seed", type=int, default=17)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(arguments.seed)
    numpy.random.seed(arguments.seed)
    rng = random.Random(arguments.seed)
    out, backward = arguments.out, arguments.direction == "backward"

    held = data.held_back_lines(arguments.corpora)
    lines = lines_of(out / "raw.txt", held, arguments.lines)
    table: dict[str, int] = {}
    sentences = read_tokens(arguments.features, out / "words.tsv", lines, out / f"{arguments.direction}.txt", table)
    del lines
    rows = Rows(data.parse_rows(table))
    print(f"{sum(map(len, sentences))} tokens, {len(table)} distinct words", flush=True)

    vectors = load_vectors(out)
    torch.manual_seed(arguments.seed)
    model = Tagger(vectors, len(data.LABELS), arguments.hidden, 0.0)
    model.groups.weight.data = torch.load(out / "groups.pt")
    inputs = word_vectors(model, rows)
    # Both directions write the same: it hangs on the seed alone.
    torch.save(model.readers(), out / "readers.pt")
    width = inputs.shape[1]

    target_of = torch.where(rows.rest <= arguments.targets, rows.rest, 0)
    counts = torch.bincount(target_of[torch.from_numpy(numpy.concatenate(sentences)).long()], minlength=arguments.targets + 1)
    weights = counts.float().pow(0.75)
    weights[0] = 0
    chance = weights / weights.sum()
    log_expected = torch.log(chance.clamp_min(1e-12) * arguments.samples)

    lstm = model.backward_lstm if backward else model.forward_lstm
    words = nn.Embedding(arguments.targets + 1, arguments.hidden)
    nn.init.normal_(words.weight, std=0.05)
    bias = nn.Parameter(torch.zeros(arguments.targets + 1))
    # The tagger's LSTM also reads the lexicon's notes, which are left out here.
    notes = lstm.input_size - width
    trained = [*lstm.parameters(), words.weight, bias]
    optimizer = torch.optim.Adam(trained, lr=arguments.rate, betas=(0.9, 0.99), fused=True)
    todo = batches(sentences, arguments.batch, rng)[: arguments.steps]
    started, done, losses = time.time(), 0, []
    for step, batch in enumerate(todo):
        for part in optimizer.param_groups:
            part["lr"] = arguments.rate * min(1.0, (step + 1) / 100) * max(0.02, 1 - step / len(todo))
        longest = max(map(len, batch))
        tokens = torch.zeros(len(batch), longest, dtype=torch.long)
        mask = torch.zeros(len(batch), longest, dtype=torch.bool)
        for at, sentence in enumerate(batch):
            tokens[at, : len(sentence)] = torch.from_numpy(numpy.ascontiguousarray(sentence[::-1] if backward else sentence))
            mask[at, : len(sentence)] = True
        target = target_of[tokens[:, 1:]]
        known = mask[:, 1:] & (target > 0)
        target = target[known]
        samples = torch.multinomial(chance, arguments.samples, replacement=True)
        with torch.autocast("cpu", torch.bfloat16):
            read = nn.functional.pad(inputs[tokens[:, :-1]], (0, notes))
            hidden, _ = lstm(read)
            hidden = hidden[known]
            others = hidden @ words(samples).T
        others = others.float() + bias[samples] - log_expected[samples]
        others = others.masked_fill(target[:, None] == samples[None], -1e4)
        right = (hidden.float() * words(target)).sum(1) + bias[target] - log_expected[target]
        both = torch.cat([right[:, None], others], dim=1)
        loss = (torch.logsumexp(both, dim=1) - right).mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        done += int(mask.sum())
        losses.append(loss.item())
        if step % 200 == 199:
            pace = done / (time.time() - started)
            print(f"{arguments.direction}: step {step + 1} of {len(todo)}, loss {numpy.mean(losses[-200:]):.4f}, {done} tokens, {pace:.0f} tokens/s", flush=True)
            torch.save(lstm.state_dict(), out / f"lstm-{arguments.direction}.pt")
    print(f"{arguments.direction}: loss {numpy.mean(losses[-200:]):.4f} after {done} tokens and {time.time() - started:.0f} s")
    torch.save(lstm.state_dict(), out / f"lstm-{arguments.direction}.pt")


if __name__ == "__main__":
    main()
