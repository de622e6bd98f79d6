"""The backfill's client: against a running server, and against one that fails."""

import os
import pathlib
import tempfile
import unittest
from concurrent import futures
from datetime import datetime, timezone

import grpc
import khabar_backfill as backfill
import pyarrow as pa
import pyarrow.parquet as pq
from khabar.v1 import article_pb2, text_analytics_service_pb2, text_analytics_service_pb2_grpc

ADDRESS = os.environ.get("SERVER_ADDRESS", "127.0.0.1:50051")
ARTICLES = pathlib.Path(__file__).parents[2] / "tests" / "fixtures" / "articles"


class AgainstAServer(unittest.TestCase):
    def setUp(self):
        home = tempfile.TemporaryDirectory()
        self.addCleanup(home.cleanup)
        self.source, self.target = (f"{home.name}/{name}.parquet" for name in ("in", "out"))
        self.home = pathlib.Path(home.name)

    def archive(self, copies):
        """Every fixture so many times, and one article that says nothing."""
        rows = [{"id": "blank", "title": " ", "text": None, "published_at": None}]
        for path in sorted(ARTICLES.glob("*.txt")):
            title, _, text = path.read_text(encoding="utf-8").partition("\n")
            for copy in range(copies):
                at = datetime(2026, 3, 12, tzinfo=timezone.utc)
                rows.append(
                    {"id": f"{path.stem}-{copy}", "title": title, "text": text, "published_at": at}
                )
        pq.write_table(pa.Table.from_pylist(rows), self.source, row_group_size=7)
        return rows

    def test_every_article_of_a_file_is_answered_once(self):
        rows = self.archive(copies=20)
        articles, errors = backfill.analyze_file(self.source, self.target, ADDRESS)
        self.assertEqual((articles, errors), (len(rows), 1))
        analysed = pq.read_table(self.target)
        self.assertEqual(analysed.schema, backfill.SCHEMA)
        self.assertEqual(
            sorted(analysed.column("id").to_pylist()), sorted(row["id"] for row in rows)
        )
        for row in analysed.to_pylist():
            if row["id"] == "blank":
                self.assertIn("blank", row["error"])
                continue
            analysis = text_analytics_service_pb2.AnalyzeResponse.FromString(row["analysis"])
            self.assertTrue(analysis.entities and analysis.segmentation.blocks, row["id"])
            self.assertEqual(analysis.engine_version, row["engine_version"])

    def test_a_file_that_fails_leaves_nothing_behind(self):
        self.archive(copies=1)
        with self.assertRaises(pa.ArrowInvalid):
            broken = pathlib.Path(self.source)
            broken.write_bytes(broken.read_bytes()[:-20])
            backfill.analyze_file(self.source, self.target, ADDRESS)
        self.assertEqual([path.name for path in self.home.iterdir()], ["in.parquet"])


class Failing(text_analytics_service_pb2_grpc.TextAnalyticsServiceServicer):
    """Answers `share` articles of a stream, then goes away; refuses the first
    article of all once."""

    def __init__(self, share):
        self.share = share
        self.refused = False
        self.streams = 0

    def AnalyzeStream(self, requests, context):
        self.streams += 1
        for number, request in enumerate(requests):
            if number == self.share:
                context.abort(grpc.StatusCode.UNAVAILABLE, "draining")
            answer = text_analytics_service_pb2.AnalyzeStreamResponse(id=request.id)
            if self.refused:
                answer.result.time_zone = request.request.article.title
            else:
                self.refused = True
                answer.error.code = grpc.StatusCode.RESOURCE_EXHAUSTED.value[0]
            yield answer


class Refusing(text_analytics_service_pb2_grpc.TextAnalyticsServiceServicer):
    """Never has room for one of the articles."""

    def AnalyzeStream(self, requests, context):
        for request in requests:
            answer = text_analytics_service_pb2.AnalyzeStreamResponse(id=request.id)
            if request.request.article.title == "title 7":
                answer.error.code = grpc.StatusCode.RESOURCE_EXHAUSTED.value[0]
            else:
                answer.result.time_zone = request.request.article.title
            yield answer


class AgainstAFailingServer(unittest.TestCase):
    def analyze(self, servicer, count):
        server = grpc.server(futures.ThreadPoolExecutor(4))
        text_analytics_service_pb2_grpc.add_TextAnalyticsServiceServicer_to_server(servicer, server)
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        self.addCleanup(server.stop, None)
        articles = ((str(n), article_pb2.Article(title=f"title {n}")) for n in range(count))
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            answers = backfill.analyze(articles, channel, sleep=lambda _: None)
            return [(key, answer.result.time_zone) for key, answer in answers]

    def test_what_a_stream_left_unanswered_is_sent_again(self):
        servicer = Failing(share=30)
        answers = self.analyze(servicer, 200)
        self.assertEqual(sorted(answers), sorted((str(n), f"title {n}") for n in range(200)))
        self.assertGreater(servicer.streams, 5)

    def test_an_article_that_is_always_refused_is_given_up_alone(self):
        answers = dict(self.analyze(Refusing(), 200))
        self.assertEqual(len(answers), 200)
        self.assertEqual([key for key, answer in answers.items() if not answer], ["7"])

    def test_a_server_that_never_answers_is_given_up(self):
        with self.assertRaises(grpc.RpcError):
            self.analyze(Failing(share=0), 10)


if __name__ == "__main__":
    unittest.main()
