"""Every metric that a dashboard or an alert asks for is one that Khabar has.

    python deploy/check/metric_names.py src/metrics.rs deploy/grafana/khabar.json …

The first file is where the names are; the others ask for them.
"""

import re
import sys

# What Prometheus appends to the name of a histogram.
PARTS = ("_bucket", "_sum", "_count")

source, *askers = sys.argv[1:]
with open(source, encoding="utf-8") as file:
    known = set(re.findall(r'"(khabar_[a-z0-9_]+)"', file.read()))
known |= {name + part for name in known if name.endswith("_seconds") for part in PARTS}

unknown = 0
for path in askers:
    with open(path, encoding="utf-8") as file:
        asked = set(re.findall(r"\bkhabar_[a-z0-9_]+\b", file.read()))
    for name in sorted(asked - known):
        print(f"{path}: there is no metric {name}")
        unknown += 1
    print(f"{path}: {len(asked)} metrics")
sys.exit(unknown > 0)
