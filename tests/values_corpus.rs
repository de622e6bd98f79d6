//! How well values are found in annotated newsroom articles.
//!
//! The corpus is not part of the repository: `KHABAR_CORPORA` names the folder
//! it lies in, and without it nothing is measured. Errors were studied in the
//! articles of even number (counted from 0); the bars are for those of odd
//! number. `docs/values.md` has the figures, and says what they are worth.

#![allow(clippy::unwrap_used, clippy::cast_precision_loss)]

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use khabar::article::{Article, Field, FieldSpan};
use khabar::cancel::CancelFlag;
use khabar::entities::values::find;
use khabar::entities::{EntityType, Value};
use khabar::segment::{Block, Role, Segmentation};
use khabar::text::Span;

/// Line, begin and end in bytes, type.
type Place = (usize, usize, usize, &'static str);

#[derive(Debug, Default)]
struct Score {
    right: usize,
    missed: usize,
    spurious: usize,
    values: usize,
    values_right: usize,
}

impl Score {
    fn f1(&self) -> f64 {
        2.0 * self.right as f64 / (2 * self.right + self.missed + self.spurious) as f64
    }

    fn accuracy(&self) -> f64 {
        self.values_right as f64 / self.values as f64
    }
}

fn corpus() -> Option<String> {
    let Some(folder) = std::env::var_os("KHABAR_CORPORA") else {
        println!("skipped: KHABAR_CORPORA is not set");
        return None;
    };
    let path = PathBuf::from(folder).join("newsroom/train.jsonl");
    Some(std::fs::read_to_string(path).unwrap())
}

fn kind_name(kind: EntityType) -> &'static str {
    match kind {
        EntityType::Money => "MONEY",
        EntityType::Percent => "PERCENT",
        _ => "DATE",
    }
}

/// A value as the annotation writes it; decimals without trailing zeros.
fn written(value: &Value) -> String {
    let plain = |amount: &str| {
        if amount.contains('.') {
            amount.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            amount.to_owned()
        }
    };
    let range = |min: &str, max: &str| {
        if min == max { plain(min) } else { format!("{}-{}", plain(min), plain(max)) }
    };
    match value {
        Value::Date(date) => date.iso8601.clone(),
        Value::Money(money) => format!(
            "{} {}",
            range(&money.min_amount, &money.max_amount),
            money.currency_code.as_deref().unwrap_or("?")
        ),
        Value::Percent(percent) => range(&percent.min, &percent.max),
        Value::Place(place) => place.country_code.clone(),
    }
}

fn normalized(gold: &str) -> String {
    let mut words = gold.split(' ');
    let amount = words.next().unwrap_or_default();
    let amount = if amount.contains('.') {
        amount.trim_end_matches('0').trim_end_matches('.')
    } else {
        amount
    };
    std::iter::once(amount).chain(words).collect::<Vec<_>>().join(" ")
}

/// The article's text as a title and a body with one block for each line.
fn predicted(lines: &[&str]) -> HashMap<Place, String> {
    let body = lines[1..].join("\n");
    let article = Article::new(lines[0], &body);
    let mut shape = Segmentation::default();
    let mut starts = vec![0];
    let mut begin = 0;
    shape.blocks.push(Block::bare(Role::Headline, FieldSpan::title(Span::new(0, lines[0].len()))));
    for line in &lines[1..] {
        let span = Span::new(begin, begin + line.len());
        shape.blocks.push(Block::bare(Role::Paragraph, FieldSpan::text(span)));
        starts.push(begin);
        begin += line.len() + 1;
    }
    let mentions = find(&article, &shape, &CancelFlag::new()).unwrap();
    mentions
        .iter()
        .map(|mention| {
            let begin = mention.core.span.begin as usize;
            let line = match mention.core.field {
                Field::Title => 0,
                Field::Text => starts[1..].partition_point(|start| *start <= begin),
            };
            let begin = begin - starts[line];
            let end = begin + mention.core.span.len();
            ((line, begin, end, kind_name(mention.kind)), written(&mention.value))
        })
        .collect()
}

fn annotated(article: &serde_json::Value, lines: &[&str]) -> HashMap<Place, Option<String>> {
    let byte = |line: usize, code_point: u64| {
        let mut starts = lines[line].char_indices().map(|(at, _)| at);
        starts.nth(code_point as usize).unwrap_or(lines[line].len())
    };
    let mut found = HashMap::new();
    for mention in article["mentions"].as_array().unwrap() {
        let kind = match mention["type"].as_str().unwrap() {
            "DATE" => "DATE",
            "MONEY" => "MONEY",
            "PERCENT" => "PERCENT",
            _ => continue,
        };
        let line = mention["line"].as_u64().unwrap() as usize;
        let begin = byte(line, mention["begin"].as_u64().unwrap());
        let end = byte(line, mention["end"].as_u64().unwrap());
        let value = mention["value"].as_str().map(str::to_owned);
        found.insert((line, begin, end, kind), value);
    }
    found
}

fn scores(corpus: &str, parity: usize) -> BTreeMap<&'static str, Score> {
    let mut scores: BTreeMap<&'static str, Score> = BTreeMap::new();
    for (number, line) in corpus.lines().enumerate() {
        if number % 2 != parity {
            continue;
        }
        let article: serde_json::Value = serde_json::from_str(line).unwrap();
        let lines: Vec<&str> = article["lines"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line["text"].as_str().unwrap())
            .collect();
        let gold = annotated(&article, &lines);
        let found = predicted(&lines);
        for place in found.keys().filter(|place| !gold.contains_key(*place)) {
            scores.entry(place.3).or_default().spurious += 1;
        }
        for (place, value) in &gold {
            let score = scores.entry(place.3).or_default();
            let Some(answer) = found.get(place) else {
                score.missed += 1;
                continue;
            };
            score.right += 1;
            if let Some(value) = value {
                score.values += 1;
                score.values_right += usize::from(normalized(value) == *answer);
            }
        }
    }
    scores
}

#[test]
fn held_back_articles_are_read_at_least_as_well_as_promised() {
    let Some(corpus) = corpus() else { return };
    for (name, parity) in [("tuned on", 0), ("held back", 1)] {
        for (kind, score) in scores(&corpus, parity) {
            println!(
                "{name}: {kind} span F1 {:.3}, values {:.3} of {} ({score:?})",
                score.f1(),
                score.accuracy(),
                score.values,
            );
            let (f1, accuracy) = if kind == "DATE" { (0.93, 0.95) } else { (0.93, 0.97) };
            assert!(score.f1() >= f1, "{name}: {kind}");
            assert!(score.accuracy() >= accuracy, "{name}: {kind}");
        }
    }
}
