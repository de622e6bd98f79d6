//! Measuring entity extraction against annotated articles and `CoNLL` sentences.

use std::collections::BTreeSet;
use std::io::{BufRead, Write};

use super::articles::{AnnotatedArticle, AnnotatedMention, ReadError, read_articles};
use super::conll::{ConllSentence, read_conll};
use super::segments::Setting;
use crate::article::{Article, Field, FieldSpan};
use crate::cancel::CancelFlag;
use crate::entities::{Entity, EntityType, ExtractOptions, TypeSet, Value, extract};
use crate::segment::{Role, segment};
use crate::text::Span;

/// The types whose F1 together is reported as one figure.
const NAMES: [EntityType; 3] = [EntityType::Person, EntityType::Location, EntityType::Organization];

/// What was annotated, found, and both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Mentions annotated.
    pub expected: usize,
    /// Mentions found.
    pub found: usize,
    /// Mentions found with exactly the span and the type annotated.
    pub right: usize,
}

impl Counts {
    /// The share of mentions found that are right; 1 if none was found.
    pub fn precision(self) -> f64 {
        ratio(self.right, self.found)
    }

    /// The share of annotated mentions that were found; 1 if there are none.
    pub fn recall(self) -> f64 {
        ratio(self.right, self.expected)
    }

    /// The harmonic mean of precision and recall.
    pub fn f1(self) -> f64 {
        ratio(2 * self.right, self.expected + self.found)
    }

    fn add(&mut self, other: Self) {
        self.expected += other.expected;
        self.found += other.found;
        self.right += other.right;
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// A mention missed, made up, or given a wrong value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityError {
    /// The article's id, or the sentence's number.
    pub source: String,
    /// What is wrong: `missed`, `made up` or `value`.
    pub kind: &'static str,
    /// The type of the mention.
    pub mention: EntityType,
    /// The text of the mention, and what was made of it where that is wrong.
    pub text: String,
    /// The line or sentence it stands in.
    pub sentence: String,
}

/// The figures of one run.
#[derive(Clone, Debug, Default)]
pub struct EntityScores {
    counts: [Counts; EntityType::ALL.len()],
    /// For each type: values that could be compared, and those right.
    values: [(usize, usize); EntityType::ALL.len()],
    /// Every error.
    pub errors: Vec<EntityError>,
}

impl EntityScores {
    /// The counts of one type.
    pub fn of(&self, kind: EntityType) -> Counts {
        self.counts[kind as usize]
    }

    /// The counts of persons, locations and organizations together.
    pub fn names(&self) -> Counts {
        let mut sum = Counts::default();
        for kind in NAMES {
            sum.add(self.of(kind));
        }
        sum
    }

    /// Values compared, and right: those of mentions found whose annotation
    /// gives one.
    pub fn values(&self, kind: EntityType) -> (usize, usize) {
        self.values[kind as usize]
    }

    /// Counts one line or sentence: what was expected in it and what was found.
    fn count(&mut self, source: &str, line: &str, expected: &[Mark], found: &[Mark]) {
        let same = |a: &Mark, b: &Mark| a.span == b.span && a.kind == b.kind;
        for mark in expected {
            let counts = &mut self.counts[mark.kind as usize];
            counts.expected += 1;
            let Some(answer) = found.iter().find(|answer| same(answer, mark)) else {
                self.error(source, line, "missed", mark, "");
                continue;
            };
            counts.right += 1;
            if let Some(value) = &mark.value {
                let right = answer.value.as_ref() == Some(value);
                let (compared, equal) = &mut self.values[mark.kind as usize];
                *compared += 1;
                *equal += usize::from(right);
                if !right {
                    let found = answer.value.as_deref().unwrap_or("no value");
                    self.error(source, line, "value", mark, &format!(": {found}, not {value}"));
                }
            }
        }
        for answer in found {
            self.counts[answer.kind as usize].found += 1;
            if !expected.iter().any(|mark| same(mark, answer)) {
                self.error(source, line, "made up", answer, "");
            }
        }
    }

    fn error(&mut self, source: &str, line: &str, kind: &'static str, mark: &Mark, note: &str) {
        self.errors.push(EntityError {
            source: source.to_owned(),
            kind,
            mention: mark.kind,
            text: format!("{}{note}", mark.span.slice(line)),
            sentence: line.to_owned(),
        });
    }
}

/// A mention in one line: expected or found.
#[derive(Clone, Debug, PartialEq)]
struct Mark {
    span: Span,
    kind: EntityType,
    value: Option<String>,
}

/// Extracts the entities of annotated articles, handed over in one setting.
/// Dates are compared where the annotation gives a value.
pub fn score_entities(articles: &[AnnotatedArticle], setting: Setting) -> EntityScores {
    let mut scores = EntityScores::default();
    for annotated in articles {
        let laid = Laid::out(annotated, setting);
        let article = Article {
            title: &laid.title,
            text: &laid.text,
            published_at: annotated.published_at,
            time_zone: annotated.time_zone.clone(),
        };
        let marks = found(&article, TypeSet::DEFAULT);
        for place in &laid.places {
            let line = annotated.lines[place.line].text.as_str();
            let of_line = |mention: &&AnnotatedMention| mention.line == place.line;
            let disputed: Vec<Span> = annotated
                .disputed
                .iter()
                .filter(of_line)
                .map(|mention| bytes(line, mention.begin, mention.end))
                .collect();
            let settled = |mark: &Mark| !disputed.iter().any(|span| span.overlaps(mark.span));
            let expected: Vec<Mark> = annotated
                .mentions
                .iter()
                .filter(of_line)
                .filter_map(|mention| mark(mention, line))
                .filter(settled)
                .collect();
            let here = Span::new(place.begin, place.begin + line.len());
            let found: Vec<Mark> = marks
                .iter()
                .filter(|(at, _)| at.field == place.field && here.contains(at.span))
                .map(|(at, mark)| Mark {
                    span: Span { begin: at.span.begin - here.begin, end: at.span.end - here.begin },
                    ..mark.clone()
                })
                .filter(settled)
                .collect();
            scores.count(&annotated.id, line, &expected, &found);
        }
    }
    scores
}

/// Extracts the names of sentences, each as an article of its own. A name
/// found labels every token it touches.
pub fn score_sentences(sentences: &[ConllSentence]) -> EntityScores {
    let wanted = TypeSet::DEFAULT.with(EntityType::Miscellaneous);
    let mut scores = EntityScores::default();
    for (number, sentence) in (1..).zip(sentences) {
        let over = |first: usize, last: usize| Span {
            begin: sentence.tokens[first].begin,
            end: sentence.tokens[last].end,
        };
        let expected: Vec<Mark> = sentence
            .names
            .iter()
            .filter_map(|(first, last, kind)| {
                let kind = conll_type(kind)?;
                Some(Mark { span: over(*first, *last), kind, value: None })
            })
            .collect();
        let is_name = |kind| NAMES.contains(&kind) || kind == EntityType::Miscellaneous;
        let found: Vec<Mark> = found(&Article::new("", &sentence.text), wanted)
            .into_iter()
            .filter(|(_, mark)| is_name(mark.kind))
            .filter_map(|(at, mark)| {
                let (first, last) = sentence.touched(at.span)?;
                Some(Mark { span: over(first, last), value: None, ..mark })
            })
            .collect();
        scores.count(&number.to_string(), &sentence.text, &expected, &found);
    }
    scores
}

/// Reads a file of either form, measures, and writes the figures and every
/// error. Annotated articles are measured in all settings.
///
/// # Errors
///
/// [`ReadError`] if the file cannot be read or `out` not written.
pub fn evaluate_entities(mut reader: impl BufRead, mut out: impl Write) -> Result<(), ReadError> {
    if reader.fill_buf()?.trim_ascii_start().starts_with(b"{") {
        let articles = read_articles(reader)?;
        for setting in Setting::ALL {
            let scores = score_entities(&articles, setting);
            writeln!(out, "{setting}, {} articles", articles.len())?;
            write_scores(&scores, &mut out)?;
        }
    } else {
        let sentences = read_conll(reader)?;
        writeln!(out, "{} sentences", sentences.len())?;
        write_scores(&score_sentences(&sentences), &mut out)?;
    }
    Ok(())
}

fn write_scores(scores: &EntityScores, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "{:14} expected  found precision recall     F1  values", "")?;
    let rows = EntityType::ALL.map(|kind| (type_name(kind), scores.of(kind), scores.values(kind)));
    for (name, counts, (compared, right)) in
        rows.into_iter().chain([("the first three", scores.names(), (0, 0))])
    {
        let Counts { expected, found, .. } = counts;
        let [p, r, f] = [counts.precision(), counts.recall(), counts.f1()].map(|x| x * 100.0);
        write!(out, "{name:15} {expected:7} {found:6} {p:9.2} {r:6.2} {f:6.2}")?;
        if compared > 0 {
            write!(out, "  {right}/{compared} right")?;
        }
        writeln!(out)?;
    }
    for error in &scores.errors {
        let EntityError { source, kind, mention, text, sentence } = error;
        writeln!(out, "{source}\t{kind}\t{}\t{text}\t{sentence}", type_name(*mention))?;
    }
    writeln!(out)
}

fn type_name(kind: EntityType) -> &'static str {
    match kind {
        EntityType::Person => "PERSON",
        EntityType::Location => "LOCATION",
        EntityType::Organization => "ORGANIZATION",
        EntityType::Miscellaneous => "MISCELLANEOUS",
        EntityType::Date => "DATE",
        EntityType::Money => "MONEY",
        EntityType::Percent => "PERCENT",
    }
}

/// A type by any of the names that corpora give it.
fn conll_type(name: &str) -> Option<EntityType> {
    match name {
        "PER" | "PERS" => Some(EntityType::Person),
        "LOC" => Some(EntityType::Location),
        "ORG" => Some(EntityType::Organization),
        "MISC" => Some(EntityType::Miscellaneous),
        name => EntityType::ALL.into_iter().find(|&kind| type_name(kind) == name),
    }
}

fn mark(mention: &AnnotatedMention, line: &str) -> Option<Mark> {
    Some(Mark {
        span: bytes(line, mention.begin, mention.end),
        kind: conll_type(&mention.kind)?,
        value: mention.value.clone(),
    })
}

/// The bytes of a range of code points.
fn bytes(line: &str, begin: usize, end: usize) -> Span {
    let mut offsets = line.char_indices().map(|(at, _)| at).chain([line.len()]);
    let first = offsets.clone().nth(begin).unwrap_or(line.len());
    Span::new(first, offsets.nth(end).unwrap_or(line.len()).max(first))
}

/// Every mention found, with its value as annotations write it, each once.
fn found(article: &Article<'_>, wanted: TypeSet) -> Vec<(FieldSpan, Mark)> {
    let cancel = CancelFlag::new();
    let options = ExtractOptions { wanted, ..ExtractOptions::default() };
    // Nobody raises the flag.
    let entities = segment(article, &cancel)
        .and_then(|shape| extract(article, &shape, &options, &cancel))
        .unwrap_or_default();
    let mut seen = BTreeSet::new();
    let mut marks = Vec::new();
    for entity in &entities {
        for mention in &entity.mentions {
            if seen.insert((mention.core, entity.kind)) {
                let mark =
                    Mark { span: mention.core.span, kind: entity.kind, value: value(entity) };
                marks.push((mention.core, mark));
            }
        }
    }
    marks
}

fn value(entity: &Entity) -> Option<String> {
    let range = |min: &str, max: &str| {
        if min == max { min.to_owned() } else { format!("{min}/{max}") }
    };
    match entity.value.as_ref()? {
        Value::Date(date) => (!date.iso8601.is_empty()).then(|| date.iso8601.clone()),
        Value::Money(money) => {
            let amount = range(&money.min_amount, &money.max_amount);
            Some(match &money.currency_code {
                Some(code) => format!("{amount} {code}"),
                None => amount,
            })
        }
        Value::Percent(percent) => Some(range(&percent.min, &percent.max)),
        Value::Place(_) => None,
    }
}

/// An article as it is handed over, and where its lines went.
struct Laid {
    title: String,
    text: String,
    places: Vec<LinePlace>,
}

struct LinePlace {
    line: usize,
    field: Field,
    begin: usize,
}

impl Laid {
    fn out(article: &AnnotatedArticle, setting: Setting) -> Self {
        let mut laid = Self { title: String::new(), text: String::new(), places: Vec::new() };
        let headline = article.lines.iter().position(|line| line.role == Role::Headline);
        for (index, line) in article.lines.iter().enumerate() {
            let apart = Some(index) == headline;
            match setting {
                Setting::NoTitle if apart => continue,
                Setting::TitleGiven if apart => {
                    laid.title.clone_from(&line.text);
                    laid.places.push(LinePlace { line: index, field: Field::Title, begin: 0 });
                    continue;
                }
                _ => {}
            }
            if !laid.text.is_empty() {
                laid.text.push('\n');
            }
            let begin = laid.text.len();
            laid.places.push(LinePlace { line: index, field: Field::Text, begin });
            laid.text.push_str(&line.text);
        }
        laid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(begin: usize, end: usize, kind: EntityType) -> Mark {
        Mark { span: Span::new(begin, end), kind, value: None }
    }

    #[test]
    fn only_the_exact_span_with_the_right_type_counts() {
        use EntityType::{Location, Person};
        let expected = [mark(0, 4, Person), mark(5, 9, Location), mark(10, 12, Person)];
        let found = [mark(0, 4, Person), mark(5, 8, Location), mark(10, 12, Location)];
        let mut scores = EntityScores::default();
        scores.count("1", "0123456789ab", &expected, &found);
        assert_eq!(scores.of(Person), Counts { expected: 2, found: 1, right: 1 });
        assert_eq!(scores.of(Location), Counts { expected: 1, found: 2, right: 0 });
        assert_eq!(scores.names(), Counts { expected: 3, found: 3, right: 1 });
        assert_eq!(scores.errors.len(), 4);
    }

    #[test]
    fn values_are_compared_where_the_annotation_gives_one() {
        let with = |value: Option<&str>| Mark {
            value: value.map(str::to_owned),
            ..mark(0, 2, EntityType::Percent)
        };
        for (expected, found, compared, right) in [
            (Some("5"), Some("5"), 1, 1),
            (Some("5"), Some("6"), 1, 0),
            (Some("5"), None, 1, 0),
            (None, Some("5"), 0, 0),
        ] {
            let mut scores = EntityScores::default();
            scores.count("1", "5%", &[with(expected)], &[with(found)]);
            assert_eq!(scores.values(EntityType::Percent), (compared, right));
        }
    }

    #[test]
    fn a_range_of_code_points_is_found_in_bytes() {
        assert_eq!(bytes("في a بيروت", 5, 10).slice("في a بيروت"), "بيروت");
        assert_eq!(bytes("في", 5, 9), Span::new(4, 4));
    }

    #[test]
    fn lines_go_where_the_setting_says() {
        let line = r#"{"id": "1", "lines": [{"text": "عنوان", "label": "HEADLINE"},
            {"text": "سطر", "label": "PARAGRAPH"}]}"#
            .replace('\n', " ");
        let article = &read_articles(line.as_bytes()).unwrap()[0];
        let shown = |setting| {
            let laid = Laid::out(article, setting);
            (laid.title, laid.text, laid.places.len())
        };
        assert_eq!(shown(Setting::TitleGiven), ("عنوان".into(), "سطر".into(), 2));
        assert_eq!(shown(Setting::TitleInText), (String::new(), "عنوان\nسطر".into(), 2));
        assert_eq!(shown(Setting::NoTitle), (String::new(), "سطر".into(), 1));
    }
}
