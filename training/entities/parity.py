"""Writes what this network, with a model file's rounded weights, says of a text: TEXT.tsv beside it.

tests/recognizer.rs compares the crate with it. Needs nothing but the model
file, so it can be run again when the lexicon of data/names changes, which the
network reads too.
"""

import argparse
import pathlib

import torch

import data
import model_file
from train import Rows, make_batch, pieces


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--features", required=True, help="the built recognizer_features example")
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--parity", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    model = model_file.read(arguments.model)
    units = [data.Unit("", "", line, []) for line in arguments.parity.read_text().splitlines()]
    table: dict[str, int] = {}
    data.add_features(units, arguments.features, arguments.model, table)
    rows = Rows(data.parse_rows(table))
    with arguments.parity.with_suffix(".tsv").open("w") as out:
        # The lines are one article: the memory is compared too.
        batch, groups = make_batch(rows, [[piece for unit in units for piece in pieces(unit)]])
        answers = {}
        with torch.no_grad():
            for part, group, emissions in zip(batch["parts"], groups, model.emissions(batch)):
                paths = model.decode(emissions, part["mask"])
                for (_, place), scores, path in zip(group, emissions, paths):
                    answers[place] = scores.tolist(), path
        for place, unit in enumerate(units):
            for (begin, end), scores, label in zip(unit.tokens, *answers[place]):
                scores = "\t".join(f"{score:.5f}" for score in scores)
                out.write(f"{unit.text[begin:end]}\t{data.LABELS[label]}\t{scores}\n")
            out.write("\n")


if __name__ == "__main__":
    main()
