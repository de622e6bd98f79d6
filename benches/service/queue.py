#!/usr/bin/env python3
"""The latencies of a queue that calls come to at random and leave in order.

    python3 benches/service/queue.py TIMES --rate 50 --servers 1

M/G/k: Poisson arrivals, the service times in the file TIMES (microseconds, one a
line) drawn at random, so many servers.
"""

import argparse
import heapq
import random

SEED = 7


def latencies(times: list[float], rate: float, servers: int, calls: int) -> list[float]:
    """Seconds from arrival to end, in order of length."""
    draw = random.Random(SEED)
    free = [0.0] * servers
    now, all_of_them = 0.0, []
    for _ in range(calls):
        now += draw.expovariate(rate)
        end = max(now, heapq.heappop(free)) + draw.choice(times)
        heapq.heappush(free, end)
        all_of_them.append(end - now)
    return sorted(all_of_them)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("times")
    parser.add_argument("--rate", type=float, required=True, help="calls a second")
    parser.add_argument("--servers", type=int, default=1)
    parser.add_argument("--calls", type=int, default=500_000)
    arguments = parser.parse_args()
    with open(arguments.times) as file:
        times = [float(line) / 1e6 for line in file]
    found = latencies(times, arguments.rate, arguments.servers, arguments.calls)
    at = [1000 * found[int(part * (len(found) - 1))] for part in (0.5, 0.9, 0.99, 0.999)]
    columns = " ".join(f"{it:8.2f}" for it in at)
    # The columns of the load client: outcome, calls, calls a second, p50, p90, p99.
    print(f"{'simulated':<20} {len(found):>8} {arguments.rate:>9.1f} {columns}  ms: p50, p90, p99, p99.9")


if __name__ == "__main__":
    main()
