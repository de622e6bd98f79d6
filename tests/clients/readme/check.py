"""Runs the README's sessions against a running server, and compares.

A session is a ```console block: a command after "$ ", whose further lines are
indented by four, and what it printed.
--write puts what the commands print now into the README instead. The server
must be fresh: one session tells that its article was not in the cache.
"""

import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
README = ROOT / "README.md"
WRITTEN = "127.0.0.1:50051"
SESSION = re.compile(r"^```console\n\$ (?P<command>[^\n]*\n(?:    [^\n]*\n)*)(?P<output>.*?)^```$", re.M | re.S)


def run(command: str) -> str:
    address = os.environ.get("SERVER_ADDRESS", WRITTEN)
    command = command.replace(WRITTEN, address)
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    return done.stdout if done.returncode == 0 else f"{done.stdout}{done.stderr}(exit code {done.returncode})\n"


def main() -> int:
    readme = README.read_text()
    wrong = 0

    def check(session: re.Match) -> str:
        nonlocal wrong
        command, expected = session["command"], session["output"]
        printed = run(command)
        if printed != expected:
            wrong += 1
            print(f"not as the README says:\n$ {command}{printed}")
        return f"```console\n$ {command}{printed}```"

    written, sessions = SESSION.subn(check, readme)
    print(f"README sessions: {sessions - wrong} passed, {wrong} failed")
    if "--write" in sys.argv[1:]:
        README.write_text(written)
        return 0
    return 1 if wrong or not sessions else 0


if __name__ == "__main__":
    sys.exit(main())
