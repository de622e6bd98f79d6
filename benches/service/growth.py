#!/usr/bin/env python3
"""Plots how the cost of Analyze grows with the text.

    cargo bench --bench load -- growth > growth.tsv
    pip install -r benches/service/requirements.txt
    python3 benches/service/growth.py growth.tsv docs/growth.png
"""

import argparse
import csv

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("figures", help="what `growth` printed")
    parser.add_argument("plot")
    arguments = parser.parse_args()
    with open(arguments.figures) as file:
        rows = [{name: float(it) for name, it in row.items()} for row in csv.DictReader(file, delimiter="\t")]
    words = [row["words"] for row in rows]
    took = [row["milliseconds"] for row in rows]
    each = [1000 * row["milliseconds"] / row["words"] for row in rows]

    figure, (total, word) = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    total.loglog(words, took, "o-", color="#1f6f8b")
    straight = [took[-1] / words[-1] * it for it in words]
    total.loglog(words, straight, "--", color="#999999", label="in proportion to the longest")
    total.set(title="Analyze, all features", xlabel="words", ylabel="milliseconds of processor time")
    total.legend(frameon=False)
    word.semilogx(words, each, "o-", color="#1f6f8b")
    word.set(title="The same a word", xlabel="words", ylabel="microseconds a word", ylim=(0, None))
    for axes in (total, word):
        axes.grid(True, alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(arguments.plot, dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    main()
