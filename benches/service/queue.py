#!/usr/bin/env python3
"""The latencies of a queue that calls come to at random and leave in order.

    python3 benches/service/queue.py TIMES --rate 50 --servers 1 --measured LATENCIES --echo ECHOES

M/G/k: Poisson arrivals, the service times in the file TIMES (microseconds, one a
line) drawn at random, so many servers. Latencies that were measured are told beside,
and how many times an echo's they are.
"""

import argparse
import heapq
import random

SEED = 7
PARTS = (0.5, 0.9, 0.99, 0.999)


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


def read(path: str) -> list[float]:
    """Seconds, of a file of microseconds."""
    with open(path) as file:
        return [float(line) / 1e6 for line in file]


def at(found: list[float], part: float) -> float:
    return found[int(part * (len(found) - 1))]


def tell(name: str, found: list[float], rate: float) -> None:
    """A line with the columns of the load client: outcome, calls, calls a second, p50, p90, p99, p99.9."""
    columns = " ".join(f"{1000 * at(found, part):8.2f}" for part in PARTS)
    print(f"{name:<20} {len(found):>8} {rate:>9.1f} {columns}  ms: p50, p90, p99, p99.9")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("times")
    parser.add_argument("--rate", type=float, required=True, help="calls a second")
    parser.add_argument("--servers", type=int, default=1)
    parser.add_argument("--calls", type=int, default=500_000)
    parser.add_argument("--measured")
    parser.add_argument("--echo")
    arguments = parser.parse_args()
    times = read(arguments.times)
    tell("service", sorted(times), arguments.rate)
    tell("simulated", latencies(times, arguments.rate, arguments.servers, arguments.calls), arguments.rate)
    if arguments.measured:
        measured = sorted(read(arguments.measured))
        tell("measured", measured, arguments.rate)
        if arguments.echo:
            echo = sorted(read(arguments.echo))
            tell("echo", echo, arguments.rate)
            ratios = " ".join(f"{at(measured, part) / at(echo, part):8.1f}" for part in PARTS)
            print(f"{'times the echo':<38} {ratios}")


if __name__ == "__main__":
    main()
