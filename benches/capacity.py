"""What an article costs a replica: CPU time, memory and bytes, told by the
server's own process, so that how fast the client is and what else the machine
does matter little.

    cargo build --release
    pip install -r deploy/backfill/requirements.txt
    python -m grpc_tools.protoc -I proto -I third_party/proto \
        --python_out=OUT --grpc_python_out=OUT proto/khabar/v1/*.proto
    PYTHONPATH=OUT:deploy/backfill python benches/capacity.py target/release/khabar

Articles of about 400 words are shuffled out of the sentences of tests/fixtures,
so that no two are equal. Linux only.
"""

import argparse
import itertools
import os
import pathlib
import random
import re
import shutil
import subprocess
import time
import urllib.request

import grpc
import khabar_backfill as backfill
from khabar.v1 import article_pb2, text_analytics_service_pb2, text_analytics_service_pb2_grpc

ROOT = pathlib.Path(__file__).parents[1]
WORDS = 400
TICKS = os.sysconf("SC_CLK_TCK")


def articles(seed):
    """Ever new articles: a headline and paragraphs of three sentences."""
    random_ = random.Random(seed)
    headlines, sentences = [], []
    for path in sorted((ROOT / "tests/fixtures/articles").glob("*.txt")):
        title, _, text = path.read_text(encoding="utf-8").partition("\n")
        headlines.append(title)
        sentences += [it for it in re.split(r"(?<=[.؟!])\s+|\n+", text) if len(it.split()) > 5]
    while True:
        paragraphs, words = [], 0
        while words < WORDS:
            three = random_.sample(sentences, 3)
            words += sum(len(sentence.split()) for sentence in three)
            paragraphs.append(" ".join(three))
        yield article_pb2.Article(
            title=random_.choice(headlines), text="\n\n".join(paragraphs), time_zone="Asia/Qatar"
        )


class Server:
    def __init__(self, binary, *flags, port=50981):
        self.address, self.admin = f"127.0.0.1:{port}", f"127.0.0.1:{port + 1}"
        command = [binary, "serve", "--listen", self.address, "--admin-listen", self.admin, *flags]
        variables = os.environ | {"KHABAR_L2_SECRET": "a secret of the bench"}
        self.process = subprocess.Popen(command, env=variables, stderr=subprocess.DEVNULL)
        while True:
            try:
                urllib.request.urlopen(f"http://{self.admin}/readyz", timeout=5)
                return
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit("the server has ended") from None
                time.sleep(0.05)

    def cpu_seconds(self):
        stat = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / TICKS

    def memory(self, what="VmRSS"):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{what}:\s+(\d+) kB", status)[1]) / 1024

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


class Redis:
    """The second level, where there is a redis-server."""

    def __init__(self, port=50987):
        self.url = f"redis://127.0.0.1:{port}"
        command = ["redis-server", "--port", str(port), "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def __enter__(self):
        time.sleep(1)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def ask(address, source, options, count, at_once=4):
    """Calls Analyze; what is refused, on a busy machine, is sent again."""
    size, waiting = 0, []
    with grpc.insecure_channel(address) as channel:
        stub = text_analytics_service_pb2_grpc.TextAnalyticsServiceStub(channel)

        def call(request):
            waiting.append((request, stub.Analyze.future(request, timeout=60)))

        def answered():
            request, answer = waiting.pop(0)
            if answer.code() == grpc.StatusCode.RESOURCE_EXHAUSTED:
                time.sleep(0.1)
                call(request)
                return 0
            return answer.result().ByteSize()

        for article in itertools.islice(source, count):
            call(text_analytics_service_pb2.AnalyzeRequest(article=article, options=options))
            while len(waiting) >= at_once:
                size += answered()
        while waiting:
            size += answered()
    return count, size


def measure(server, name, count, run):
    before, begun = server.cpu_seconds(), time.monotonic()
    answered, size = run(count)
    cpu, wall = server.cpu_seconds() - before, time.monotonic() - begun
    each = 1000 * cpu / answered
    print(
        f"| {name} | {answered} | {each:.3f} | {1000 / each:.0f} | {size / answered / 1024:.1f} "
        f"| {server.memory():.0f} | {answered / wall:.0f} |",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("binary")
    parser.add_argument("--articles", type=int, default=2000)
    arguments = parser.parse_args()
    pb = text_analytics_service_pb2
    print("| what | answers | CPU ms each | a second a core | KiB an answer | RSS MiB | a second here |")
    print("| ---- | ------- | ----------- | --------------- | ------------- | ------- | ------------- |")

    with (
        Server(arguments.binary, "--cache-size", "64MiB") as server,
        grpc.insecure_channel(server.address) as channel,
    ):
        print(f"| started, idle | | | | | {server.memory():.0f} | |")

        def stream(options):
            def run(count):
                source = articles(1)
                pairs = ((number, next(source)) for number in range(count))
                sizes = [
                    answer.result.ByteSize()
                    for _, answer in backfill.analyze(pairs, channel, options)
                ]
                return len(sizes), sum(sizes)

            return run

        def calls(source, options):
            return lambda count: ask(server.address, source, options, count)

        source = articles(2)
        hundred = [next(source) for _ in range(100)]

        count = arguments.articles
        everything, normalize = pb.AnalyzeOptions(), pb.AnalyzeOptions(features=[pb.FEATURE_NORMALIZE])
        backfilling = backfill.default_options()
        # Builds what is built on first use.
        measure(server, "warming up", 50, stream(backfilling))
        measure(server, "AnalyzeStream, segments and entities, no_store", count, stream(backfilling))
        measure(server, "Analyze, all features, not cached", count, calls(articles(3), everything))
        measure(server, "Analyze, normalization only, not cached", count, calls(articles(4), normalize))
        calls(iter(hundred), everything)(len(hundred))
        measure(server, "Analyze, cached", 5 * count, calls(itertools.cycle(hundred), everything))
        if shutil.which("redis-server"):
            with Redis() as redis:
                share = ["--l2", redis.url, "--l2-timeout", "1s"]
                with (
                    Server(arguments.binary, *share, port=50983) as fill,
                    Server(arguments.binary, *share, port=50985) as read,
                ):
                    ask(fill.address, articles(5), everything, count)
                    measure(
                        read,
                        "Analyze, from the second level",
                        count,
                        lambda count: ask(read.address, articles(5), everything, count),
                    )
        print(f"highest RSS: {server.memory('VmHWM'):.0f} MiB, with a cache of 64 MiB")


if __name__ == "__main__":
    main()
