"""The speed of PyArabic and CAMeL Tools on lines of text.

Usage: normalizers.py UNITS

Prints for each a line: name TAB bytes a second of processor time, the best of five passes.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from camel_tools.utils.dediac import dediac_ar
from camel_tools.utils.normalize import normalize_alef_ar, normalize_alef_maksura_ar, normalize_teh_marbuta_ar
from pyarabic import araby

import corpora


def camel(line: str) -> str:
    return normalize_teh_marbuta_ar(normalize_alef_maksura_ar(normalize_alef_ar(dediac_ar(line))))


def pyarabic(line: str) -> str:
    return araby.strip_tatweel(araby.strip_tashkeel(line))


def seconds(normalize: Callable[[str], str], lines: list[str]) -> float:
    begin = time.process_time()
    for line in lines:
        normalize(line)
    return time.process_time() - begin


def main() -> None:
    lines = [unit.text for unit in corpora.read(Path(sys.argv[1]))]
    length = sum(len(line.encode()) for line in lines)
    for name, normalize in (("PyArabic", pyarabic), ("CAMeL Tools", camel)):
        best = min(seconds(normalize, lines) for _ in range(5))
        print(f"{name}\t{length / best:.0f}")


main()
