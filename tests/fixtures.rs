//! The annotated articles under `tests/fixtures` hold together: offsets point
//! at what they say, values are well formed, and the plain texts are the same.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Article {
    id: String,
    lines: Vec<Line>,
    mentions: Vec<Mention>,
    disputed: Vec<Mention>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    text: String,
    label: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mention {
    line: usize,
    begin: usize,
    end: usize,
    #[serde(rename = "type")]
    kind: String,
    text: String,
    value: Option<String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/articles")
}

fn articles() -> Vec<Article> {
    let gold = fs::read_to_string(folder().join("gold.jsonl")).unwrap();
    gold.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn mentions_are_what_their_offsets_say() {
    for article in articles() {
        for mention in article.mentions.iter().chain(&article.disputed) {
            let line = &article.lines[mention.line].text;
            let under: String =
                line.chars().skip(mention.begin).take(mention.end - mention.begin).collect();
            assert_eq!(under, mention.text, "{} line {}", article.id, mention.line);
        }
    }
}

#[test]
fn mentions_are_ordered_and_disjoint() {
    for article in articles() {
        for pair in article.mentions.windows(2) {
            assert!(
                (pair[0].line, pair[0].end) <= (pair[1].line, pair[1].begin),
                "{}: {} and {}",
                article.id,
                pair[0].text,
                pair[1].text
            );
        }
    }
}

#[test]
fn mentions_leave_spaces_and_quotation_marks_outside() {
    let outside = |c: char| c.is_whitespace() || "\"«»“”()،.:".contains(c);
    for article in articles() {
        for mention in &article.mentions {
            assert!(
                !mention.text.starts_with(outside) && !mention.text.ends_with(outside),
                "{}: {:?}",
                article.id,
                mention.text
            );
        }
    }
}

#[test]
fn values_are_well_formed() {
    for article in articles() {
        for mention in &article.mentions {
            let good = match (mention.kind.as_str(), mention.value.as_deref()) {
                ("PERSON" | "LOCATION" | "ORGANIZATION", value) => value.is_none(),
                ("DATE", value) => value.is_none_or(|value| value.split('/').all(is_date)),
                ("MONEY", Some(value)) => value.split_once(' ').is_some_and(|(amount, code)| {
                    amount.split('/').all(is_amount)
                        && code.len() == 3
                        && code.bytes().all(|byte| byte.is_ascii_uppercase())
                }),
                ("PERCENT", Some(value)) => value.split('/').all(is_amount),
                _ => false,
            };
            assert!(good, "{}: {} {:?}", article.id, mention.kind, mention.value);
        }
    }
}

/// A plain decimal: digits, and at most one point between digits.
fn is_amount(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split('.').count() <= 2 && text.split('.').all(digits)
}

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
fn is_date(text: &str) -> bool {
    matches!(text.len(), 4 | 7 | 10)
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

#[test]
fn articles_open_with_their_headline_and_use_known_labels() {
    let labels = [
        "HEADLINE",
        "KICKER",
        "SUBHEADING",
        "PARAGRAPH",
        "LIST_ITEM",
        "BYLINE",
        "CREDIT",
        "CAPTION",
        "RELATED_LINK",
        "BOILERPLATE",
        "OTHER",
    ];
    for article in articles() {
        assert_eq!(article.lines[0].label, "HEADLINE", "{}", article.id);
        for line in &article.lines {
            assert!(labels.contains(&line.label.as_str()), "{}: {}", article.id, line.label);
        }
    }
}

#[test]
fn plain_texts_are_the_annotated_lines() {
    let articles = articles();
    for article in &articles {
        let plain = fs::read_to_string(folder().join(format!("{}.txt", article.id))).unwrap();
        let lines: Vec<_> = article.lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(plain.lines().collect::<Vec<_>>(), lines, "{}", article.id);
    }
    let texts = fs::read_dir(folder())
        .unwrap()
        .filter(|entry| {
            entry.as_ref().unwrap().path().extension().is_some_and(|kind| kind == "txt")
        })
        .count();
    assert_eq!(texts, articles.len(), "every text is annotated");
}
