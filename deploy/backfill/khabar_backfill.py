"""An archive of articles through Khabar's `AnalyzeStream`, batch by batch.

    python khabar_backfill.py ARCHIVE.parquet ANALYSED.parquet --address HOST:PORT

The same `analyze_batches` is what Spark and Beam call on each partition, see
README.md. The messages come from the protos:

    python -m grpc_tools.protoc -I proto -I third_party/proto \
        --python_out=OUT --grpc_python_out=OUT proto/khabar/v1/*.proto

Columns read: `id`, `title`, `text`, and, where there are, `published_at` (a
timestamp) and `time_zone` (an IANA name). Columns written: see SCHEMA.
"""

import argparse
import os
import queue
import random
import time

import grpc
import pyarrow as pa
import pyarrow.parquet as pq
from khabar.v1 import article_pb2, text_analytics_service_pb2, text_analytics_service_pb2_grpc

SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        # An encoded khabar.v1.AnalyzeResponse; null where there is an error.
        ("analysis", pa.binary()),
        ("engine_version", pa.string()),
        # Why there is no analysis: the message of the item's status.
        ("error", pa.string()),
    ]
)

# Articles sent and not answered yet. The server works on 16 of a stream at a
# time; the rest keeps it from waiting for the network.
WINDOW = 64
ROWS_IN_A_BATCH = 1000
# Streams without one answer, and how often one article is sent before its
# refusal is its answer; the longest pause before another try.
TRIES, ARTICLE_TRIES, LONGEST_PAUSE = 10, 5, 30.0
# A stream ends so when its replica drains, or its time is up: another goes on.
PASSING = {
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.DEADLINE_EXCEEDED,
}
PASSING_NUMBERS = {code.value[0] for code in PASSING}

CHANNEL_OPTIONS = [
    # Each new stream may go to another replica (with a headless service's name,
    # `dns:///khabar:50051`).
    ("grpc.service_config", '{"loadBalancingConfig": [{"round_robin": {}}]}'),
    ("grpc.keepalive_time_ms", 60_000),
    # Spark's and Beam's workers are many processes on one machine: each opens
    # connections of its own.
    ("grpc.use_local_subchannel_pool", 1),
]


def analyze(articles, channel, options=None, sleep=time.sleep):
    """Yields (key, AnalyzeStreamResponse) for (key, Article) pairs.

    Answers come in any order, one for each article. A stream that ends early is
    opened anew and what was not answered sent again; so is an article that was
    refused for want of room or time. After TRIES streams without an answer the
    error is raised.
    """
    stub = text_analytics_service_pb2_grpc.TextAnalyticsServiceStub(channel)
    articles = enumerate(articles)
    waiting = {}  # By the id of the request: key, request, how often it was refused.
    more, tries = True, 0
    while True:
        outbox = queue.SimpleQueue()
        for _, request, _ in waiting.values():
            outbox.put(request)
        call = stub.AnalyzeStream(iter(outbox.get, None))
        try:
            while True:
                while more and len(waiting) < WINDOW:
                    following = next(articles, None)
                    if following is None:
                        more = False
                        break
                    number, (key, article) = following
                    request = _request(str(number), article, options)
                    waiting[request.id] = key, request, 0
                    outbox.put(request)
                if not waiting:
                    outbox.put(None)
                    return
                answer = next(call, None)
                if answer is None:
                    break
                tries = 0
                key, request, refusals = waiting.pop(answer.id)
                if answer.error.code in PASSING_NUMBERS and refusals < ARTICLE_TRIES:
                    sleep(_pause(refusals))
                    waiting[answer.id] = key, request, refusals + 1
                    outbox.put(request)
                    continue
                yield key, answer
        except grpc.RpcError as error:
            if error.code() not in PASSING or tries >= TRIES:
                raise
        finally:
            outbox.put(None)  # Ends the thread that sends.
            call.cancel()
        tries += 1
        sleep(_pause(tries))


def analyze_batches(batches, address, options=None):
    """Yields record batches of SCHEMA for record batches of articles."""
    with grpc.insecure_channel(address, CHANNEL_OPTIONS) as channel:
        rows = []
        for key, answer in analyze(_articles(batches), channel, options):
            analysis = answer.result.SerializeToString() if answer.HasField("result") else None
            error = None if analysis is not None else answer.error.message
            rows.append((key, analysis, answer.engine_version, error))
            if len(rows) >= ROWS_IN_A_BATCH:
                yield _batch(rows)
                rows = []
        if rows:
            yield _batch(rows)


def analyze_file(source, target, address, options=None):
    """Analyses a Parquet file into another; returns how many articles, and how
    many errors. A target that is there is complete: a job that starts again
    leaves it out."""
    articles = errors = 0
    partial = f"{target}.{os.getpid()}.partial"
    try:
        with pq.ParquetFile(source) as file, pq.ParquetWriter(partial, SCHEMA) as writer:
            batches = file.iter_batches(ROWS_IN_A_BATCH)
            for batch in analyze_batches(batches, address, options):
                writer.write_batch(batch)
                articles += batch.num_rows
                errors += batch.num_rows - batch.column("error").null_count
        os.replace(partial, target)
    finally:
        if os.path.exists(partial):
            os.remove(partial)
    return articles, errors


def default_options():
    """Entities and segmentation, without what an archive seldom needs; nothing
    kept in the server's cache, as no article comes twice."""
    pb = text_analytics_service_pb2
    return pb.AnalyzeOptions(
        features=[pb.FEATURE_SEGMENT, pb.FEATURE_ENTITIES],
        segment={"omit_evidence": True},
        no_store=True,
    )


def _request(number, article, options):
    pb = text_analytics_service_pb2
    analyze_request = pb.AnalyzeRequest(article=article, options=options or default_options())
    return pb.AnalyzeStreamRequest(id=number, request=analyze_request)


def _articles(batches):
    for batch in batches:
        for row in batch.to_pylist():
            article = article_pb2.Article(
                title=row.get("title") or "",
                text=row.get("text") or "",
                time_zone=row.get("time_zone") or "",
            )
            if row.get("published_at") is not None:
                article.published_at.FromDatetime(row["published_at"])
            yield row["id"], article


def _batch(rows):
    columns = [pa.array(column, field.type) for column, field in zip(zip(*rows), SCHEMA)]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


def _pause(tries):
    """Twice as long each time, less up to a half at random."""
    return min(LONGEST_PAUSE, 0.1 * 2**tries) * random.uniform(0.5, 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("source", help="a Parquet file of articles")
    parser.add_argument("target", help="where the analyses go")
    parser.add_argument("--address", default="127.0.0.1:50051", help="where Khabar is")
    arguments = parser.parse_args()
    if os.path.exists(arguments.target):
        print(f"{arguments.target}: there already")
        return
    begun = time.monotonic()
    articles, errors = analyze_file(arguments.source, arguments.target, arguments.address)
    seconds = time.monotonic() - begun
    print(f"{articles} articles, {errors} errors, {articles / seconds:.0f} a second")


if __name__ == "__main__":
    main()
