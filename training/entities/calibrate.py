"""Measures a model file on the development parts, as the crate runs it, and fits its calibration.

Prints F1 by type and source, and the slope and offset (for export.py
--calibration) that make the log-odds of names agree with how often they are
right, with the expected calibration error (15 bins) before and after. Give it
a model exported with the calibration 1 0.
"""

import argparse
import pathlib
import subprocess

import numpy

import data


def names(features: str, model: pathlib.Path, units: list[data.Unit]) -> list[list[tuple[int, int, str, float]]]:
    """Names by unit: first token, last token, type, probability."""
    text, last = "", None
    for number, unit in enumerate(units):
        document = unit.document if unit.source == "newsroom" else str(number)
        text += "\f" * (last not in (None, document)) + unit.text.replace("\n", " ") + "\n"
        last = document
    text += "\f"
    result = subprocess.run([features, "names", str(model)], input=text.encode(), capture_output=True, check=True)
    lines = iter(result.stdout.decode().split("\n"))
    answers = []
    for unit in units:
        found = []
        encoded = unit.text.encode()
        while line := next(lines):
            begin, end, kind, probability = line.split("\t")
            begin, end = len(encoded[: int(begin)].decode()), len(encoded[: int(end)].decode())
            inside = [at for at, (first, last) in enumerate(unit.tokens) if first < end and begin < last]
            found.append((inside[0], inside[-1], kind.upper(), float(probability)))
        answers.append(found)
    return answers


def calibration_error(probability: numpy.ndarray, right: numpy.ndarray) -> float:
    bins = numpy.minimum((probability * 15).astype(int), 14)
    return sum(
        abs(probability[bins == at].mean() - right[bins == at].mean()) * (bins == at).mean()
        for at in range(15)
        if (bins == at).any()
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=pathlib.Path, required=True)
    parser.add_argument("--features", required=True)
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--words", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    from train import score, show

    parts = data.load(arguments.corpora, arguments.features, arguments.words, {})
    calibrating: list[tuple[float, bool]] = []
    for part in ("newsroom-dev", "dev.jsonl", "anercorp-dev", "aqmar-dev"):
        units = parts[part]
        answers = names(arguments.features, arguments.model, units)
        labels = []
        for unit, found in zip(units, answers):
            row = [0] * len(unit.tokens)
            for begin, end, kind, _ in found:
                for at in range(begin, end + 1):
                    place = "S" if begin == end else "B" if at == begin else "E" if at == end else "I"
                    row[at] = data.LABEL_ID[f"{place}-{kind}"]
            labels.append(row)
            if part == "newsroom-dev":
                from train import spans

                gold = spans(unit.labels)
                calibrating += [(p, (b, e, k) in gold) for b, e, k, p in found if k != "MISCELLANEOUS"]
        print(show(part, score(units, labels)))

    probability = numpy.array([p for p, _ in calibrating]).clip(1e-6, 1 - 1e-6)
    right = numpy.array([r for _, r in calibrating], dtype=float)
    odds = numpy.log(probability / (1 - probability))
    slope, offset = 1.0, 0.0
    for _ in range(50):  # Newton's method for logistic regression
        fitted = 1 / (1 + numpy.exp(-(slope * odds + offset)))
        weight = fitted * (1 - fitted)
        gradient = numpy.array([((right - fitted) * odds).sum(), (right - fitted).sum()])
        hessian = numpy.array([[(weight * odds**2).sum(), (weight * odds).sum()], [(weight * odds).sum(), weight.sum()]])
        slope, offset = numpy.array([slope, offset]) + numpy.linalg.solve(hessian, gradient)
    fitted = 1 / (1 + numpy.exp(-(slope * odds + offset)))
    print(f"calibration {slope:.4f} {offset:.4f}")
    print(f"expected calibration error {calibration_error(probability, right):.4f}, calibrated {calibration_error(fitted, right):.4f}")


if __name__ == "__main__":
    main()
