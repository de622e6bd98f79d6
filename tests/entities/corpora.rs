//! Measures of extraction on the annotated newsroom articles, which are found
//! by the environment variable `KHABAR_CORPORA`; without it these tests pass
//! unseen.
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use khabar::article::{Article, Field};
use khabar::entities::EntityType;

use super::entities;

fn newsroom(file: &str) -> Option<Vec<serde_json::Value>> {
    let Some(corpora) = std::env::var_os("KHABAR_CORPORA") else {
        println!("skipped: KHABAR_CORPORA is not set");
        return None;
    };
    let path = PathBuf::from(corpora).join("newsroom").join(file);
    let lines = std::fs::read_to_string(path).unwrap();
    Some(lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

fn kind_of(name: &str) -> EntityType {
    match name {
        "PERSON" => EntityType::Person,
        "LOCATION" => EntityType::Location,
        "ORGANIZATION" => EntityType::Organization,
        "DATE" => EntityType::Date,
        "MONEY" => EntityType::Money,
        "PERCENT" => EntityType::Percent,
        other => panic!("unknown type {other}"),
    }
}

type Spans = BTreeSet<(Field, u32, u32, EntityType)>;

/// The gold spans and the found ones of one article, in bytes.
fn gold_and_found(article: &serde_json::Value) -> (Spans, Spans, String) {
    let lines: Vec<&str> = article["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["text"].as_str().unwrap())
        .collect();
    let text = lines[1..].join("\n");
    let mut starts = vec![0];
    for line in &lines[1..] {
        starts.push(starts.last().unwrap() + line.len() + 1);
    }
    let mut gold = Spans::new();
    for mention in article["mentions"].as_array().unwrap() {
        let line = mention["line"].as_u64().unwrap() as usize;
        let byte = |field: &str| {
            let points = mention[field].as_u64().unwrap() as usize;
            lines[line].chars().take(points).map(char::len_utf8).sum::<usize>()
        };
        let (field, base) =
            if line == 0 { (Field::Title, 0) } else { (Field::Text, starts[line - 1]) };
        let kind = kind_of(mention["type"].as_str().unwrap());
        gold.insert((field, (base + byte("begin")) as u32, (base + byte("end")) as u32, kind));
    }
    let view = Article::new(lines[0], &text);
    let mut found = Spans::new();
    for entity in &entities(&view) {
        for mention in &entity.mentions {
            let span = mention.core.span;
            found.insert((mention.core.field, span.begin, span.end, entity.kind));
        }
    }
    (gold, found, text)
}

#[test]
fn spans_on_newsroom_articles_are_measured() {
    let Some(articles) = newsroom("train.jsonl") else { return };
    let mut counts: BTreeMap<EntityType, [usize; 3]> = BTreeMap::new();
    let (mut same_end, mut same_begin) = (0_u32, 0_u32);
    let mut errors = String::new();
    for article in &articles {
        let (gold, found, text) = gold_and_found(article);
        for it in &gold {
            counts.entry(it.3).or_default()[0] += 1;
        }
        for it in &found {
            let count = counts.entry(it.3).or_default();
            count[1] += 1;
            count[2] += usize::from(gold.contains(it));
        }
        // Clitics: of names that end alike and begin in the same word, how
        // many begin at the same letter?
        for it in &found {
            let near = gold
                .iter()
                .find(|g| g.0 == it.0 && g.2 == it.2 && g.3 == it.3 && g.1.abs_diff(it.1) <= 6);
            if let Some(near) = near
                && it.0 == Field::Text
            {
                same_end += 1;
                same_begin += u32::from(near.1 == it.1);
                let (low, high) = (near.1.min(it.1) as usize, it.2 as usize);
                if near.1 != it.1 {
                    let _ = writeln!(errors, "{} {}", &text[low..high], &text[it.1 as usize..high]);
                }
            }
        }
    }
    let mut all = [0; 3];
    for (kind, count) in &counts {
        print_scores(&format!("{kind:?}"), *count);
        if matches!(kind, EntityType::Person | EntityType::Location | EntityType::Organization) {
            (0..3).for_each(|i| all[i] += count[i]);
        }
    }
    print_scores("three types", all);
    println!("first letters right: {same_begin} of {same_end}\n{errors}");
    assert!(f64::from(same_begin) >= 0.99 * f64::from(same_end), "{same_begin} of {same_end}");
}

fn print_scores(name: &str, [gold, found, right]: [usize; 3]) {
    let precision = right as f64 / found.max(1) as f64;
    let recall = right as f64 / gold.max(1) as f64;
    let f1 = 2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE);
    println!("{name:14} P {precision:.3} R {recall:.3} F1 {f1:.3} ({gold} gold, {found} found)");
}
