"""Writes the model file that src/entities/recognizer/model.rs reads.

Also writes, for the parity test, what this network (with the same rounded
weights) says about the lines of a text: tests/data/recognizer-parity.tsv.
"""

import argparse
import pathlib
import struct

import numpy
import torch

import data
from tagger import Tagger
from train import Rows, make_batch

MASK = (1 << 64) - 1


def word_hash(word: str) -> int:
    """As in src/entities/recognizer/word.rs."""
    value = 0xCBF29CE484222325
    for byte in word.encode():
        value = ((value ^ byte) * 0x100000001B3) & MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def commonness(count: int) -> int:
    return int(min(255, max(1, numpy.round(8 * numpy.log(max(1, count))))))


def eight_bits(table: torch.Tensor) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Scales (half floats) and numbers of a table of vectors."""
    table = table.numpy()
    scales = (numpy.maximum(numpy.abs(table).max(1), 1e-6) / 127).astype(numpy.float16)
    numbers = numpy.clip(numpy.round(table / scales.astype(numpy.float32)[:, None]), -127, 127).astype(numpy.int8)
    return scales, numbers


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, required=True, help="where words.py and train.py wrote")
    parser.add_argument("--features", required=True)
    parser.add_argument("--name", default="tagger")
    parser.add_argument("--calibration", type=float, nargs=2, default=(1.0, 0.0))
    parser.add_argument("--model", type=pathlib.Path, required=True, help="the model file to write")
    parser.add_argument("--parity", type=pathlib.Path, required=True, help="a text; writes TEXT.tsv beside it")
    arguments = parser.parse_args()

    state = torch.load(arguments.out / f"{arguments.name}.pt")
    words = [line.split("\t") for line in (arguments.out / "words.tsv").read_text().splitlines()]
    state["vectors"] = state["vectors"] + state["tuned.weight"]
    state["vectors"][0] = 0
    state["tuned.weight"] = torch.zeros_like(state["tuned.weight"])
    vectors, groups = state["vectors"][1:], state["groups.weight"]
    hidden = state["forward_lstm.weight_hh_l0"].shape[1]
    file = bytearray(b"KHABNER2")
    file += struct.pack("<5I", len(words), len(vectors), vectors.shape[1], groups.shape[1], hidden)
    file += struct.pack(f"<{len(words)}Q", *(word_hash(word) for word, _ in words))
    file += bytes(commonness(int(count)) for _, count in words)

    def table(name: str, skip: int) -> None:
        scales, numbers = eight_bits(state[name][skip:])
        nonlocal file
        file += scales.tobytes() + numbers.tobytes()
        state[name][skip:] = torch.from_numpy(numbers * scales.astype(numpy.float32)[:, None])

    def halves(name: str, order: tuple[int, ...] | None = None) -> None:
        rounded = state[name].to(torch.float16)
        state[name] = rounded.to(torch.float32)
        nonlocal file
        file += (rounded.permute(order) if order else rounded).contiguous().numpy().tobytes()

    table("vectors", 1)
    table("groups.weight", 0)
    halves("letters.weight")
    # One filter's weights letter by letter, as the windows lie.
    halves("filters.weight", (0, 2, 1))
    halves("filters.bias")
    halves("prefixes.weight")
    halves("shapes.weight")
    for direction in ("forward_lstm", "backward_lstm"):
        bias = state[f"{direction}.bias_ih_l0"] + state[f"{direction}.bias_hh_l0"]
        state[f"{direction}.bias_ih_l0"], state[f"{direction}.bias_hh_l0"] = bias, torch.zeros_like(bias)
        halves(f"{direction}.weight_ih_l0")
        halves(f"{direction}.weight_hh_l0")
        halves(f"{direction}.bias_ih_l0")
    halves("output.weight")
    halves("output.bias")
    halves("memory.weight")
    halves("transitions")
    halves("begin")
    file += struct.pack("<2f", *arguments.calibration)
    arguments.model.write_bytes(file)
    print(f"{len(file)} bytes")

    rounded = Tagger(vectors, len(data.LABELS), hidden, 0.0)
    rounded.load_state_dict(state)
    rounded.eval()
    torch.save(rounded.state_dict(), arguments.out / f"{arguments.name}-rounded.pt")
    units = [data.Unit("", "", line, []) for line in arguments.parity.read_text().splitlines()]
    feature_table: dict[str, int] = {}
    data.add_features(units, arguments.features, arguments.out / "words.tsv", feature_table)
    rows = Rows(data.parse_rows(feature_table))
    with arguments.parity.with_suffix(".tsv").open("w") as out:
        # The lines are one article: the memory is compared too.
        batch, groups = make_batch(rows, [[(unit.rows, unit.labels, unit.free) for unit in units]])
        answers = {}
        with torch.no_grad():
            for part, group, emissions in zip(batch["parts"], groups, rounded.emissions(batch)):
                paths = rounded.decode(emissions, part["mask"])
                for (_, place), scores, path in zip(group, emissions, paths):
                    answers[place] = scores.tolist(), path
        for place, unit in enumerate(units):
            for (begin, end), scores, label in zip(unit.tokens, *answers[place]):
                scores = "\t".join(f"{score:.5f}" for score in scores)
                out.write(f"{unit.text[begin:end]}\t{data.LABELS[label]}\t{scores}\n")
            out.write("\n")


if __name__ == "__main__":
    main()
