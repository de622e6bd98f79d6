"""Counts the words of the unlabelled news and trains their vectors.

Writes, under --out:
  words.tsv     the vocabulary, those met most often as a rest first: word TAB count
  vectors.npy   the vectors of the first words of words.tsv (float32)
"""

import argparse
import collections
import gzip
import json
import pathlib
import subprocess

import numpy
from gensim.models import Word2Vec

NEWS = ["ant-multisource-2018", "ant-jawharafm", "almayadeen-2023-24", "arwiki-2017"]
SEED = 17


def write_text(corpora: pathlib.Path, out: pathlib.Path) -> None:
    """One paragraph a line: titles and bodies of all articles."""
    with out.open("w") as file:
        for name in NEWS:
            with gzip.open(corpora / "news" / f"{name}.jsonl.gz", "rt") as articles:
                for article in map(json.loads, articles):
                    for field in ("title", "body"):
                        for line in (article.get(field) or "").splitlines():
                            if line.strip():
                                file.write(line.strip() + "\n")


def run(features: str, command: list[str], source: pathlib.Path, target: pathlib.Path) -> None:
    with source.open("rb") as stdin, target.open("wb") as stdout:
        subprocess.run([features, *command], stdin=stdin, stdout=stdout, check=True)


def split_types(features: str, words: pathlib.Path, types: list[str], out: pathlib.Path) -> dict[str, str]:
    """What each word is after its clitics are split off."""
    source, target = out / "types.txt", out / "types.split.txt"
    source.write_text("".join(f"{word}\n" for word in types))
    run(features, ["split", str(words)], source, target)
    rests = {}
    for word, line in zip(types, target.read_text().split("\n"), strict=False):
        parts = line.split()
        rests[word] = parts[0] if len(parts) == 1 else word
    return rests


def write_words(path: pathlib.Path, counts: list[tuple[str, int]]) -> None:
    path.write_text("".join(f"{word}\t{count}\n" for word, count in counts))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=pathlib.Path, required=True)
    parser.add_argument("--features", required=True, help="the built recognizer_features example")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--min-count", type=int, default=8)
    parser.add_argument("--max-vectors", type=int, default=80_000)
    parser.add_argument("--dimensions", type=int, default=128)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    out = arguments.out
    out.mkdir(parents=True, exist_ok=True)

    write_text(arguments.corpora, out / "raw.txt")
    run(arguments.features, ["keys"], out / "raw.txt", out / "keys.txt")
    counts: collections.Counter[str] = collections.Counter()
    with (out / "keys.txt").open() as lines:
        for line in lines:
            counts.update(line.split())
    print(f"{sum(counts.values())} tokens, {len(counts)} different words", flush=True)

    # Words that are split are no words of the vocabulary: split with all
    # words first, and again with those that were left whole.
    common = [(word, count) for word, count in counts.most_common() if count >= arguments.min_count]
    write_words(out / "words.tsv", common)
    rests = split_types(arguments.features, out / "words.tsv", [word for word, _ in common], out)
    whole = [(word, count) for word, count in common if rests[word] == word]
    write_words(out / "words.tsv", whole)
    rests = split_types(arguments.features, out / "words.tsv", list(counts), out)

    as_rest: collections.Counter[str] = collections.Counter()
    for word, count in counts.items():
        as_rest[rests[word]] += count
    # The order decides which words get a vector; the count stays that of the
    # whole word, by which clitics are told.
    whole.sort(key=lambda pair: -as_rest[pair[0]])
    write_words(out / "words.tsv", whole)
    print(f"{len(whole)} words in the vocabulary", flush=True)

    with (out / "keys.txt").open() as source, (out / "rests.txt").open("w") as target:
        for line in source:
            target.write(" ".join(rests[word] for word in line.split()) + "\n")
    model = Word2Vec(
        corpus_file=str(out / "rests.txt"),
        vector_size=arguments.dimensions,
        window=4,
        min_count=arguments.min_count,
        sg=1,
        negative=8,
        sample=1e-4,
        epochs=arguments.epochs,
        workers=arguments.threads,
        seed=SEED,
    )
    vectors = numpy.zeros((min(len(whole), arguments.max_vectors), arguments.dimensions), numpy.float32)
    found = 0
    for at, (word, _) in enumerate(whole[: len(vectors)]):
        if word in model.wv:
            vectors[at] = model.wv[word]
            found += 1
    numpy.save(out / "vectors.npy", vectors)
    print(f"{found} vectors")


if __name__ == "__main__":
    main()
