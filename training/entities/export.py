"""Writes the model file from what words.py and train.py wrote."""

import argparse
import pathlib

import torch

import model_file


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, required=True, help="where words.py and train.py wrote")
    parser.add_argument("--name", default="tagger")
    parser.add_argument("--calibration", type=float, nargs=2, default=(1.0, 0.0))
    parser.add_argument("--model", type=pathlib.Path, required=True, help="the model file to write")
    arguments = parser.parse_args()
    words = [line.split("\t") for line in (arguments.out / "words.tsv").read_text().splitlines()]
    state = torch.load(arguments.out / f"{arguments.name}.pt")
    counted = [(word, int(count)) for word, count in words]
    model_file.write(arguments.model, counted, state, tuple(arguments.calibration))
    print(f"{arguments.model.stat().st_size} bytes")


if __name__ == "__main__":
    main()
