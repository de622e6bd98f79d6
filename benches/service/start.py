#!/usr/bin/env python3
"""How long a server takes from its start to being ready, and the memory it then holds.

    python3 benches/service/start.py target/release/khabar

Ready is the first 200 of /readyz, told at the same moment as SERVING.
"""

import argparse
import http.client
import statistics
import subprocess
import time

PORTS = 25864, 25865


def ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def resident(pid: int) -> float:
    """Megabytes (10^6 bytes)."""
    with open(f"/proc/{pid}/status") as status:
        line = next(line for line in status if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024 / 1e6


def start(binary: str) -> tuple[float, float]:
    """Milliseconds to ready, and megabytes held a second later."""
    listen = [f"127.0.0.1:{port}" for port in PORTS]
    begun = time.monotonic()
    server = subprocess.Popen(
        [binary, "serve", "--listen", listen[0], "--admin-listen", listen[1], "--log-level", "error"]
    )
    try:
        while not ready(PORTS[1]):
            if server.poll() is not None:
                raise SystemExit("the server ended before it was ready")
            time.sleep(0.001)
        took = 1000 * (time.monotonic() - begun)
        time.sleep(1)
        return took, resident(server.pid)
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("binary")
    parser.add_argument("--starts", type=int, default=20)
    arguments = parser.parse_args()
    times, memory = zip(*(start(arguments.binary) for _ in range(arguments.starts)))
    print(f"ready {statistics.median(times):.0f} ms, {min(times):.0f} to {max(times):.0f} in {len(times)} starts")
    print(f"idle {max(memory):.1f} MB, the most of them")


if __name__ == "__main__":
    main()
