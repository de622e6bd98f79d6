"""Every RPC of a running server, through grpcio and reflection."""

import json
import pathlib
import unittest

import grpc
from khabar_client import SERVICE, Client

ARTICLES = pathlib.Path(__file__).parents[2] / "fixtures" / "articles"


def articles():
    """(name, title, text) of every fixture."""
    for path in sorted(ARTICLES.glob("*.txt")):
        title, _, text = path.read_text(encoding="utf-8").partition("\n")
        yield path.stem, title, text


class KhabarTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = Client()
        cls.addClassCleanup(cls.client.close)
        cls.titles = {name: (title, text) for name, title, text in articles()}

    def article(self, name, **fields):
        title, text = self.titles[name]
        return self.client.message("khabar.v1.Article", title=title, text=text, **fields)

    def under(self, span, article):
        """The text under a span counted in code points."""
        fields = {1: article.title, 2: article.text}
        return fields[span.field][span.begin : span.end]

    def fails(self, code, reason, call, *args, **fields):
        with self.assertRaises(grpc.RpcError) as raised:
            call(*args, **fields)
        self.assertEqual(raised.exception.code(), code, raised.exception.details())
        details = self.client.error_details(raised.exception)
        info = details["google.rpc.ErrorInfo"]
        self.assertEqual((info.reason, info.domain), (reason, "khabar.v1"))
        return details

    # What a server tells of itself.

    def test_reflection_names_every_service(self):
        expected = {SERVICE, "grpc.health.v1.Health"}
        self.assertLessEqual(expected, self.client.services())

    def test_health_is_serving(self):
        check = self.client.method("Check", "grpc.health.v1.Health")
        for name in "", SERVICE:
            request = self.client.message("grpc.health.v1.HealthCheckRequest", service=name)
            self.assertEqual(check(request, timeout=10).status, 1, name or "the server")

    def test_server_info_tells_limits_and_abilities(self):
        answer = self.client.call("GetServerInfo")
        info = answer.server_info
        self.assertEqual(info.engine_version, answer.engine_version)
        self.assertEqual(info.limits.max_batch_articles, 64)
        self.assertEqual(len(info.entity_types), 7)
        self.assertTrue(info.version and info.filled_fields)

    # What it finds.

    def test_normalize_drops_tatweel(self):
        answer = self.client.call("Normalize", text="خبـــر عاجل")
        self.assertEqual(answer.normalized_text, "خبر عاجل")

    def test_normalize_answers_nothing_with_nothing(self):
        self.assertEqual(self.client.call("Normalize", text="").normalized_text, "")

    def test_blocks_are_ordered_disjoint_and_lie_on_their_text(self):
        for name in self.titles:
            article = self.article(name)
            answer = self.client.call("SegmentHeadlines", article=article, offset_unit=3)
            blocks = answer.segmentation.blocks
            self.assertEqual(self.under(blocks[0].span, article), article.title)
            places = [(b.span.field, b.span.begin, b.span.end) for b in blocks]
            for (field, _, end), (next_field, begin, _) in zip(places, places[1:]):
                self.assertLessEqual((field, end), (next_field, begin), name)
            for block in blocks:
                text = self.under(block.span, article)
                self.assertEqual(text, text.strip())
                self.assertTrue(text)

    def test_sentences_lie_within_their_block(self):
        article = self.article("agency-report")
        answer = self.client.call("SegmentHeadlines", article=article, offset_unit=3)
        for block in answer.segmentation.blocks:
            for sentence in block.sentences:
                self.assertEqual(sentence.field, block.span.field)
                self.assertGreaterEqual(sentence.begin, block.span.begin)
                self.assertLessEqual(sentence.end, block.span.end)

    def test_mentions_are_the_text_under_their_spans(self):
        for name in self.titles:
            article = self.article(name)
            answer = self.client.call("ExtractEntities", article=article, offset_unit=3)
            self.assertTrue(answer.entities, name)
            for entity in answer.entities:
                for mention in entity.mentions:
                    self.assertEqual(self.under(mention.core_span, article), mention.text)
                    surface = self.under(mention.surface_span, article)
                    self.assertTrue(surface.endswith(mention.text))

    def test_offsets_are_bytes_unless_asked_otherwise(self):
        article = self.article("economy")
        fields = {1: article.title.encode(), 2: article.text.encode()}
        answer = self.client.call("ExtractEntities", article=article)
        for entity in answer.entities:
            for mention in entity.mentions:
                span = mention.core_span
                self.assertEqual(fields[span.field][span.begin : span.end].decode(), mention.text)

    def test_values_are_what_the_annotation_says(self):
        """Only what is found is compared: how much is found is measured elsewhere."""
        gold = {}
        for line in (ARTICLES / "gold.jsonl").read_text(encoding="utf-8").splitlines():
            annotated = json.loads(line)
            gold[annotated["id"]] = {
                (m["type"], m["text"]): m["value"] for m in annotated["mentions"] if "value" in m
            }
        article = self.article("economy")
        answer = self.client.call("ExtractEntities", article=article)
        compared = 0
        for entity in answer.entities:
            if entity.WhichOneof("value") != "money":
                continue
            value = f"{entity.money.min_amount} {entity.money.currency_code}"
            for mention in entity.mentions:
                expected = gold["economy"].get(("MONEY", mention.text))
                if expected:
                    self.assertEqual(value, expected, mention.text)
                    compared += 1
        self.assertGreaterEqual(compared, 5)

    def test_relative_dates_are_resolved_in_the_zone_of_the_article(self):
        # 21:30 UTC on the 12th is the 13th in Qatar.
        stamp = self.client.message("google.protobuf.Timestamp", seconds=1773351000)
        article = self.client.message(
            "khabar.v1.Article",
            text="وصل الوفد أمس إلى الدوحة.",
            published_at=stamp,
            time_zone="Asia/Qatar",
        )
        answer = self.client.call("ExtractEntities", article=article)
        self.assertEqual(answer.time_zone, "Asia/Qatar")
        dates = [e.date.iso8601 for e in answer.entities if e.WhichOneof("value") == "date"]
        self.assertEqual(dates, ["2026-03-12"])

    def test_analyze_does_what_it_is_asked(self):
        normalize = self.client.number("khabar.v1.Feature", "FEATURE_NORMALIZE")
        options = self.client.message("khabar.v1.AnalyzeOptions", features=[normalize, normalize])
        answer = self.client.call("Analyze", article=self.article("urgent"), options=options)
        self.assertTrue(answer.normalized_title and answer.normalized_text)
        self.assertFalse(answer.entities or answer.HasField("segmentation"))
        everything = self.client.call("Analyze", article=self.article("urgent"))
        self.assertTrue(everything.entities and everything.segmentation.blocks)

    def test_batch_answers_in_order_and_a_bad_article_fills_its_item(self):
        blank = self.client.message("khabar.v1.Article", text=" \n")
        batch = [self.article("sports"), blank, self.article("urgent")]
        answer = self.client.call("AnalyzeBatch", articles=batch)
        outcomes = [item.WhichOneof("outcome") for item in answer.items]
        self.assertEqual(outcomes, ["result", "error", "result"])
        self.assertIn("google.rpc.ErrorInfo", self.client.details(answer.items[1].error))
        self.assertIn("articles[1]", answer.items[1].error.message)

    def test_stream_keeps_order_and_goes_on_after_a_bad_article(self):
        def requests():
            for name in self.titles:
                analyze = self.client.message("khabar.v1.AnalyzeRequest", article=self.article(name))
                yield self.client.message(
                    "khabar.v1.AnalyzeStreamRequest", id=name, request=analyze
                )
            yield self.client.message("khabar.v1.AnalyzeStreamRequest", id="nothing")

        answers = list(self.client.method("AnalyzeStream")(requests(), timeout=60))
        self.assertEqual([answer.id for answer in answers], [*self.titles, "nothing"])
        outcomes = {answer.id: answer.WhichOneof("outcome") for answer in answers}
        self.assertEqual(outcomes.pop("nothing"), "error")
        self.assertEqual(set(outcomes.values()), {"result"})

    # How it says no.

    def test_a_blank_article_is_refused_by_field(self):
        article = self.client.message("khabar.v1.Article", title=" ", text="\n")
        details = self.fails(
            grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD",
            self.client.call, "Analyze", article=article,
        )
        violations = details["google.rpc.BadRequest"].field_violations
        self.assertTrue(violations[0].field.startswith("article"))

    def test_an_unknown_time_zone_is_refused_by_field(self):
        details = self.fails(
            grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD", self.client.call,
            "ExtractEntities", article=self.article("urgent", time_zone="Mars/Olympus"),
        )
        violations = details["google.rpc.BadRequest"].field_violations
        self.assertEqual(violations[0].field, "article.time_zone")

    def test_an_enum_number_nobody_knows_is_refused(self):
        self.fails(
            grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD",
            self.client.call, "Normalize", text="خبر", offset_unit=77,
        )

    def test_a_text_over_the_limit_is_refused(self):
        article = self.client.message("khabar.v1.Article", text="خبر " * 200_000)
        self.fails(
            grpc.StatusCode.INVALID_ARGUMENT, "TEXT_TOO_LONG",
            self.client.call, "SegmentHeadlines", article=article,
        )

    def test_a_message_over_the_limit_is_out_of_range(self):
        self.fails(
            grpc.StatusCode.OUT_OF_RANGE, "MESSAGE_TOO_LARGE",
            self.client.call, "Normalize", text="خبر " * 1_000_000,
        )

    # How it remembers.

    def test_equal_requests_are_answered_from_the_cache(self):
        analyze = self.client.method("Analyze")
        article = self.client.message("khabar.v1.Article", text="نص لم يسبق أن أُرسل من هنا.")
        request = self.client.message("khabar.v1.AnalyzeRequest", article=article)
        first, call = analyze.with_call(request, timeout=10)
        second, again = analyze.with_call(request, timeout=10)
        self.assertEqual(first, second)
        self.assertIn(dict(call.initial_metadata())["khabar-cache"], ("miss", "hit"))
        self.assertEqual(dict(again.initial_metadata())["khabar-cache"], "hit")

    def test_no_store_keeps_out_of_the_cache(self):
        analyze = self.client.method("Analyze")
        options = self.client.message("khabar.v1.AnalyzeOptions", no_store=True)
        request = self.client.message(
            "khabar.v1.AnalyzeRequest", article=self.article("urgent"), options=options
        )
        for _ in range(2):
            _, call = analyze.with_call(request, timeout=10)
            self.assertEqual(dict(call.initial_metadata())["khabar-cache"], "bypass")


if __name__ == "__main__":
    unittest.main()
