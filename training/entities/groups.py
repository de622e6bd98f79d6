"""Teaches the letter groups to tell a known word's vector from its spelling: groups.pt."""

import argparse
import pathlib

import numpy
import torch
from torch import nn

import data
from tagger import GROUP_WIDTH, GROUPS
from train import load_vectors


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=pathlib.Path)
    parser.add_argument("--features", required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--steps", type=int, default=800)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(data.SEED)
    numpy.random.seed(data.SEED)
    words = arguments.out / "words.tsv"
    vectors = load_vectors(arguments.out)
    units = [data.Unit("", "", line.split("\t")[0], []) for line in words.read_text().splitlines()[: len(vectors)]]
    table: dict[str, int] = {}
    data.add_features(units, arguments.features, words, table)
    parsed = data.parse_rows(table)
    known = [(unit.rows[0], at) for at, unit in enumerate(units) if len(unit.rows) == 1 and parsed[unit.rows[0]][4]]
    rows = [numpy.array(parsed[row][4], dtype=numpy.int64) for row, _ in known]
    vectors = vectors[[at for _, at in known]]

    table_of_groups = nn.EmbeddingBag(GROUPS, GROUP_WIDTH, mode="mean", include_last_offset=True)
    project = nn.Linear(GROUP_WIDTH, vectors.shape[1])
    nn.init.normal_(table_of_groups.weight, std=0.1)
    optimizer = torch.optim.Adam([*table_of_groups.parameters(), *project.parameters()], lr=5e-3, fused=True)
    lengths = numpy.array([len(row) for row in rows])
    for step in range(arguments.steps):
        for part in optimizer.param_groups:
            part["lr"] = 5e-3 * (1 - step / arguments.steps) + 1e-4
        pick = numpy.random.randint(0, len(rows), 1024)
        groups = torch.from_numpy(numpy.concatenate([rows[at] for at in pick]))
        offsets = torch.from_numpy(numpy.cumsum(numpy.concatenate([[0], lengths[pick]])))
        loss = (project(table_of_groups(groups, offsets)) - vectors[pick]).pow(2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 200 == 199:
            print(f"letter groups: step {step + 1}, error {loss.item():.4f}", flush=True)
    torch.save(table_of_groups.weight.data, arguments.out / "groups.pt")


if __name__ == "__main__":
    main()
