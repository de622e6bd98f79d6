"""PyArabic's removal of harakat and tatweel, line by line."""

import sys

from pyarabic import araby

for stream in (sys.stdin, sys.stdout):
    stream.reconfigure(encoding="utf-8", newline="\n")
for line in sys.stdin:
    print(araby.strip_tatweel(araby.strip_tashkeel(line.rstrip("\n"))))
