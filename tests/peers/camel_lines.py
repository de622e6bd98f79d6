"""CAMeL Tools' folding of standard input, line by line."""

import sys

from camel_tools.utils.dediac import dediac_ar
from camel_tools.utils.normalize import (
    normalize_alef_ar,
    normalize_alef_maksura_ar,
    normalize_teh_marbuta_ar,
)

for stream in (sys.stdin, sys.stdout):
    stream.reconfigure(encoding="utf-8", newline="\n")
for line in sys.stdin:
    line = dediac_ar(line.rstrip("\n"))
    line = normalize_teh_marbuta_ar(normalize_alef_maksura_ar(normalize_alef_ar(line)))
    print(line)
