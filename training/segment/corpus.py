"""Labelled articles and the copies of them that a model is trained on."""

from __future__ import annotations

import gzip
import json
import random
import re
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
DATA = HERE.parent.parent / "data" / "segment"

#: How an article is handed over: the title apart, as the first line, or lost.
MODES = ("given", "first", "none")

#: How the lines of a copy are set.
DECORATIONS = ("plain", "double", "indented", "dashes", "dots", "html")


@dataclass
class Article:
    id: str
    outlet: str
    #: Text and label of each line, the headline included.
    lines: list[tuple[str, str]]
    #: Names found in the article, for made-up lines about it.
    names: list[str] = field(default_factory=list)


def read_newsroom(path: Path) -> list[Article]:
    articles = []
    for row in map(json.loads, path.open(encoding="utf-8")):
        lines = [(line["text"], line["label"]) for line in row["lines"]]
        names = [
            row["lines"][m["line"]]["text"][m["begin"] : m["end"]]
            for m in row.get("mentions", [])
            if m["type"] in ("PERSON", "ORGANIZATION", "LOCATION")
        ]
        articles.append(Article(row["id"], row["id"][:2], lines, sorted(set(names))))
    return articles


def read_marked_headings(path: Path, longest: int = 60) -> list[Article]:
    """Documents with marked headings, cut to news length at a heading."""
    articles = []
    for row in map(json.loads, path.open(encoding="utf-8")):
        lines = [(row["title"], "HEADLINE")]
        for line in row["lines"]:
            if line["label"] not in ("heading", "body") or "\n" in line["text"]:
                continue
            label = "SUBHEADING" if line["label"] == "heading" else "PARAGRAPH"
            if len(lines) >= longest and label == "SUBHEADING":
                break
            lines.append((line["text"], label))
        articles.append(Article(row["id"], "marked", lines))
    return articles


def read_weak(path: Path, sources: tuple[str, ...], without: set[str]) -> list[Article]:
    """News whose sub-headlines were guessed by shape. Kept where every line is
    plain: running text, a guessed heading, or a pointer or credit that says
    itself what it is."""
    articles = []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            if row["source"] not in sources or row["id"] in without:
                continue
            lines = [(row["title"], "HEADLINE")]
            lines += [(line["text"], weak_role(line)) for line in row["lines"]]
            if all(label for _, label in lines):
                articles.append(Article(row["id"], row["id"][:2], lines))
    return articles


def weak_role(line: dict) -> str | None:
    text = line["text"]
    if line["weak"] == "body":
        return "PARAGRAPH"
    if re.match(r"(لل?مزيد|المزيد|اقرأ|إقرأ|شاهد|تابع|ريبورتاج|فيديو|بالفيديو|تقرير)\b", text):
        return "RELATED_LINK" if re.match(r"لل?مزيد|المزيد|[اإ]قرأ", text) else None
    if re.fullmatch(r"[ /\-،و]*((فرانس ?24|أ ?ف ?ب|رويترز|أ ?ب|وكالات|د ب أ)[ /\-،و]*)+", text):
        return "CREDIT"
    return "SUBHEADING" if line["weak"] == "heading_candidate" else None


def phrases(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


class Templates:
    """Made-up lines of the roles that the corpus has few of."""

    def __init__(self, headlines: list[str]):
        templates = HERE / "templates"
        self.lines = {
            role: phrases(templates / f"{role.lower()}.txt")
            for role in ("KICKER", "BYLINE", "CREDIT", "CAPTION", "BOILERPLATE", "RELATED")
        }
        sets = (templates / "list.txt").read_text(encoding="utf-8").split("\n\n")
        self.lists = [
            [line for line in lines.splitlines() if line and not line.startswith("#")]
            for lines in sets
        ]
        first = " ".join(phrases(DATA / "first-names.txt")).split()
        self.first = [name for name in first if len(name) > 2]
        self.family = " ".join(phrases(templates / "families.txt")).split()
        self.fill = {
            "place": phrases(DATA / "places.txt"),
            "agency": phrases(DATA / "agencies.txt"),
            "outlet": phrases(DATA / "outlets.txt"),
            "kicker": phrases(DATA / "kickers.txt"),
        }
        self.headlines = headlines

    def person(self, rng: random.Random) -> str:
        names = [rng.choice(self.first), rng.choice(self.family)]
        if rng.random() < 0.2:
            names.insert(1, rng.choice(self.first))
        return " ".join(names)

    def fill_in(self, template: str, article: Article, rng: random.Random) -> str:
        headline = article.lines[0][0]
        words = headline.split()
        values = {
            "name": lambda: self.person(rng),
            "entity": lambda: rng.choice(article.names) if article.names else self.person(rng),
            "phrase": lambda: " ".join(words[: rng.randint(3, 7)]),
            "headline": lambda: rng.choice(self.headlines),
        }
        for key, options in self.fill.items():
            values[key] = lambda options=options: rng.choice(options)
        for key, value in values.items():
            while "{" + key + "}" in template:
                template = template.replace("{" + key + "}", value(), 1)
        return template

    def line(self, role: str, article: Article, rng: random.Random) -> tuple[str, str]:
        text = self.fill_in(rng.choice(self.lines[role]), article, rng)
        label = "RELATED_LINK" if role == "RELATED" else role
        stops = {"CAPTION": 0.12, "BOILERPLATE": 0.15, "CREDIT": 0.04, "BYLINE": 0.04}
        if rng.random() < stops.get(role, 0) and text[-1].isalnum():
            text += "."
        return text, label

    def long_items(self, article: Article, rng: random.Random) -> list[tuple[str, str]]:
        """Items of whole sentences, which only their bullets tell from running
        text: paragraphs of the article."""
        bullet = rng.choice(["- ", "-", "• ", "* "])
        items = [text for text, label in article.lines if label == "PARAGRAPH" and len(text.split()) < 35]
        items = rng.sample(items, min(len(items), rng.randint(2, 6)))
        return [(bullet + text, "LIST_ITEM") for text in items]

    def list_items(self, article: Article, rng: random.Random) -> list[tuple[str, str]]:
        intro, *items = rng.choice(self.lists)
        if rng.random() < 0.25:
            return [(intro, "PARAGRAPH"), *self.long_items(article, rng)]
        bullet = rng.choice(["- ", "-", "• ", "* ", "number.", "number)", "number-", "", "", "ordinal"])
        out = [(intro, "PARAGRAPH")]
        ordinals = ["أولا", "ثانيا", "ثالثا", "رابعا", "خامسا"]
        for number, item in enumerate(items[: rng.randint(3, 5)]):
            text = self.fill_in(item, article, rng)
            if bullet.startswith("number"):
                text = f"{number + 1}{bullet[6]} {text}"
            elif bullet == "ordinal":
                text = f"{ordinals[number]}: {text}" if rng.random() < 0.7 else f"{ordinals[number]}، {text}"
            else:
                text = bullet + text
            out.append((text, "LIST_ITEM"))
        return out


class Odd:
    """Made-up input that is hardly an article: poems, transcripts, tables,
    programs, bulletins, other languages, articles cut short."""

    def __init__(self, templates: Templates, articles: list[Article]):
        folder = HERE / "templates"
        self.templates = templates
        self.articles = [article for article in articles if len(article.lines) > 1]
        self.verses = phrases(folder / "verses.txt")
        self.speakers = [line.split("\t") for line in phrases(folder / "speakers.txt")]
        self.code = phrases(folder / "code.txt")
        self.tables = [
            [line for line in table.splitlines() if not line.startswith("#")]
            for table in (folder / "tables.txt").read_text(encoding="utf-8").split("\n\n")
        ]
        self.english = [
            Article("odd", "odd", [(text, label) for label, text in
                    (line.split("\t") for line in lines.splitlines() if line and line[0] != "#")])
            for lines in (folder / "english.txt").read_text(encoding="utf-8").split("\n\n")
        ]

    def all(self, rng: random.Random) -> list[Article]:
        """Some of each kind: enough to know them by, too few to change what is
        made of news."""
        kinds = (
            (self.poem, 30), (self.transcript, 20), (self.table, 25), (self.program, 15),
            (self.bulletin, 30), (self.short, 60), (self.sentence, 30), (self.foreign, 15),
        )
        return [make(rng) for make, count in kinds for _ in range(count)]

    def poem(self, rng: random.Random) -> Article:
        head = self.headline(rng) if rng.random() < 0.5 else (" ".join(rng.choice(self.verses).split()[:3]), "HEADLINE")
        mark = rng.choice(("", "", "", "،", "."))
        verses = [(verse + mark, "PARAGRAPH") for verse in rng.sample(self.verses, rng.randint(4, 14))]
        return Article("odd", "odd", [head, *verses])

    def transcript(self, rng: random.Random) -> Article:
        asks, answers = (
            self.templates.fill_in(label, rng.choice(self.articles), rng) for label in rng.choice(self.speakers)
        )
        lines = [self.headline(rng), self.paragraph(rng)][: rng.randint(1, 2)]
        dash = rng.choice((": ", ": ", ":"))
        for _ in range(rng.randint(2, 7)):
            question = " ".join(self.paragraph(rng)[0].rstrip(".").split()[: rng.randint(2, 11)])
            lines.append((asks + dash + question + rng.choice("؟؟؟؟؟؟؟."), "PARAGRAPH"))
            answer = self.paragraph(rng)[0]
            if rng.random() < 0.5:
                answer = " ".join(answer.split()[: rng.randint(1, 9)]).rstrip("،:.") + "."
            lines.append((answers + dash + answer, "PARAGRAPH"))
        return Article("odd", "odd", lines)

    def bulletin(self, rng: random.Random) -> Article:
        """Headlines read out, often twice over."""
        titles = ("نشرة الأخبار", "نشرة المساء", "موجز الصباح", "موجز الأخبار", "نشرة الثامنة", "عناوين اليوم")
        items = [(self.headline(rng)[0], "LIST_ITEM") for _ in range(rng.randint(3, 7))]
        if rng.random() < 0.3:
            items.insert(0, ("العناوين:", "SUBHEADING"))
        if rng.random() < 0.6:
            items *= 2
        return Article("odd", "odd", [(rng.choice(titles), "HEADLINE"), *items])

    def table(self, rng: random.Random) -> Article:
        head, *rows = rng.choice(self.tables)
        width = len(head.split("\t"))
        number = lambda: rng.choice((str(rng.randint(1, 2000)), f"{rng.uniform(0, 100):.1f}", f"{rng.randint(1, 99)}%"))
        cells = [head.split("\t")] + [[row] + [number() for _ in range(width - 1)] for row in rows]
        form = rng.choice(("\t", " | ", "|", "bars"))
        join = lambda row: "| " + " | ".join(row) + " |" if form == "bars" else form.join(row)
        made = [(join(row), "OTHER") for row in cells]
        if form == "bars":
            made.insert(1, (join(["---"] * width), "OTHER"))
        return self.around(made, rng)

    def program(self, rng: random.Random) -> Article:
        made = [(line, "OTHER") for line in rng.sample(self.code, rng.randint(1, 5))]
        return self.around(made, rng)

    def around(self, made: list[tuple[str, str]], rng: random.Random) -> Article:
        """Lines put into the body of an article."""
        body = list(rng.choice(self.articles).lines[: rng.randint(2, 9)])
        at = rng.randint(2, len(body)) if len(body) > 1 else 1
        body[at:at] = made
        return Article("odd", "odd", body)

    def short(self, rng: random.Random) -> Article:
        """An article cut short, to a headline under its kicker at the least."""
        head, *body = rng.choice(self.articles).lines
        if rng.random() < 0.2:
            return Article("odd", "odd", [self.templates.line("KICKER", self.articles[0], rng), head])
        return Article("odd", "odd", [head, *body[: rng.randint(1, 3)]])

    def sentence(self, rng: random.Random) -> Article:
        """A sentence by itself."""
        words = self.paragraph(rng)[0].rstrip(".").split()[: rng.randint(3, 16)]
        return Article("odd", "odd", [(" ".join(words).rstrip("،:") + ".", "PARAGRAPH")])

    def foreign(self, rng: random.Random) -> Article:
        return rng.choice(self.english)

    def headline(self, rng: random.Random) -> tuple[str, str]:
        return rng.choice(self.articles).lines[0]

    def paragraph(self, rng: random.Random) -> tuple[str, str]:
        while True:
            line = rng.choice(rng.choice(self.articles).lines)
            if line[1] == "PARAGRAPH":
                return line


def with_made_up_lines(article: Article, templates: Templates, rng: random.Random) -> Article:
    """A copy with lines of the rare roles put where newsrooms put them. Where
    there are several sub-headlines they are numbered at times."""
    head, *body = article.lines
    headings = [at for at, (_, label) in enumerate(body) if label == "SUBHEADING"]
    if len(headings) > 2 and rng.random() < 0.2:
        mark = rng.choice(("- ", ". ", ") ", "-"))
        for number, at in enumerate(headings):
            body[at] = (f"{number + 1}{mark}{body[at][0]}", "SUBHEADING")
    above, below, end = [], [], []

    def made(role: str) -> tuple[str, str]:
        return templates.line(role, article, rng)

    if rng.random() < 0.6:
        above.append(made("KICKER"))
    if rng.random() < 0.4:
        below.append(made("BYLINE"))
    if rng.random() < 0.3:
        below.append(made("CREDIT"))
    if rng.random() < 0.22:
        below.append(made("CAPTION"))
        if rng.random() < 0.3:
            below.append(made("CAPTION"))
    rng.shuffle(below)
    if rng.random() < 0.05:
        below.insert(0, made("BOILERPLATE"))
    if len(body) > 3:
        for role, chance in (("CAPTION", 0.12), ("RELATED", 0.12)):
            if rng.random() < chance:
                body.insert(rng.randint(1, len(body) - 1), made(role))
        if rng.random() < 0.35:
            at = rng.randint(1, len(body))
            body[at:at] = templates.list_items(article, rng)
    for role, chance in (
        ("CAPTION", 0.12), ("BYLINE", 0.3), ("CREDIT", 0.4), ("BYLINE", 0.08),
        ("BOILERPLATE", 0.5), ("BOILERPLATE", 0.25), ("BOILERPLATE", 0.15),
    ):
        if rng.random() < chance:
            end.append(made(role))
    if rng.random() < 0.3:
        rng.shuffle(end)
    lines = [*above, head, *below, *body, *end]
    return Article(article.id, article.outlet, lines, article.names)


def render(article: Article, mode: str, decoration: str, rng: random.Random) -> dict:
    """An article as it would be sent, with a label for each line of its text."""
    lines = list(article.lines)
    title = ""
    at = next((i for i, (_, label) in enumerate(lines) if label == "HEADLINE"), None)
    if mode != "first" and at is not None:
        title = lines.pop(at)[0] if mode == "given" else (lines.pop(at), "")[1]
    texts = [text for text, _ in lines]
    separator = "\n"
    if decoration == "double":
        separator = "\n\n"
    elif decoration == "indented":
        indent = rng.choice(["    ", "\t", "\u00a0\u00a0"])
        texts = [indent + text for text in texts]
    elif decoration in ("dashes", "dots"):
        bullet = "- " if decoration == "dashes" else "• "
        texts = [text if label == "HEADLINE" else bullet + text for text, label in lines]
    elif decoration == "html":
        texts = [f"<p>{text}</p>" for text in texts]
        separator = rng.choice(["", "\n"])
    return {"title": title, "text": separator.join(texts), "labels": [label for _, label in lines]}
